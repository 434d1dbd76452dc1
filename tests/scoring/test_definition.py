"""Two definitions are one where they mean the same, however they are written."""

from dataclasses import replace

import pytest

from scoring.card.card import score_card
from scoring.definition import Definition
from scoring.kpi import Direction, Unit
from tests.scoring.conftest import KPIS


def test_a_card_says_the_definition_of_its_book(inputs):
    results = {result.kpi_id: result for result in score_card(inputs(), 1).results}
    for kpi_id, kpi in KPIS.items():
        assert Definition.of(results[kpi_id]) == Definition.of(kpi)
        assert Definition.of(kpi).change_to(Definition.of(results[kpi_id])) is None


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"formula": "spend/leads"}, None),
        ({"owner": "somebody else", "decimals": 3}, None),
        ({"formula": "leads / spend"}, ("formula", "spend / leads", "leads / spend")),
        ({"formula": ""}, ("formula", "spend / leads", "")),
        ({"unit": Unit.MONEY}, ("unit", "count", "money")),
        ({"direction": Direction.HIGHER}, ("direction", "lower", "higher")),
    ],
)
def test_only_formula_unit_and_direction_make_another_definition(changed, told):
    before, after = KPIS["cost"], replace(KPIS["cost"], **changed)
    assert Definition.of(before).change_to(Definition.of(after)) == told
