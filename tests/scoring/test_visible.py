"""Marks that nobody sees are shown with their codes."""

from __future__ import annotations

import pytest

from scoring.visible import printable, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Frühling 春季 אביב\u200d", "Frühling 春季 אביב\u200d"),
        ("a\x1bb\u202ec", r"a\x1bb\u202ec"),
        ("a\nb\tc\rd", "a\nb\tc\\x0dd"),
    ],
)
def test_what_would_command_or_turn_is_shown(text, shown):
    assert visible(text) == shown


def test_a_document_keeps_the_marks_of_scripts_that_are_read_from_the_right():
    assert printable("\u200fשלום\r\n\u2066x") == "\u200fשלום\r\n\\u2066x"
