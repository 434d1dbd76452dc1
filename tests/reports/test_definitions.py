"""What the appendix says of a KPI besides its formula."""

from __future__ import annotations

import pytest

from reports.presenter import present

WORDS = {
    "en": "Why it matters: Sales can only work on leads that are ready for them. "
    "Definition kept by: marketing operations",
    "zh_CN": "考核意义：只有合格的线索，销售才能跟进。 指标归口：市场运营组",
}


@pytest.mark.parametrize("language", WORDS)
def test_a_definition_says_why_it_matters_and_who_keeps_it(make_card, language):
    view = present(make_card(language))
    assert view.reference.definitions
    assert {definition.notes for definition in view.reference.definitions} == {WORDS[language]}


def test_a_card_issued_before_cards_said_so_has_no_notes(make_card, change):
    old = change(make_card(), "roas", why=None, owner=None)
    notes = {definition.name: definition.notes for definition in present(old).reference.definitions}
    assert notes["Return on ad spend"] == ""
    assert notes["Return on investment of ads"] == WORDS["en"]
