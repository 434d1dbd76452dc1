"""The nearest known name, as the end of a sentence."""

from __future__ import annotations

import pytest

from disk.nearest import did_you_mean


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("eu-brnd", " (did you mean eu-brand?)"),
        ("EU_Brand", " (did you mean eu-brand?)"),
        ("Cn-Brand", " (did you mean CN-brand?)"),
        ("zzz", ""),
        ("", ""),
    ],
)
def test_the_nearest_name_is_offered_if_one_is_near(word, said):
    assert did_you_mean(word, ["eu-brand", "eu-export", "CN-brand"]) == said


def test_where_nothing_is_known_nothing_is_offered():
    assert did_you_mean("eu-brand", []) == ""
