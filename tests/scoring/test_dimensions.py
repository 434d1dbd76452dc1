from __future__ import annotations

import pytest

from scoring.dimensions import PLAIN, Dimension, dimension_of, misfit
from scoring.errors import BookError
from scoring.formula import Formula
from scoring.kpi import Unit

UNITS = {
    "spend": "money",
    "revenue": "money",
    "spend__previous": "money",
    "leads": "count",
    "clicks": "count",
}
MONEY, COUNT, EACH = Dimension(money=1), Dimension(count=1), Dimension(money=1, count=-1)


@pytest.mark.parametrize(
    ("formula", "dimension", "words"),
    [
        ("spend", MONEY, "money"),
        ("leads + clicks * 0.5", COUNT, "count"),
        ("spend / leads", EACH, "money / count"),
        ("spend / (leads + clicks) * 1000", EACH, "money / count"),
        ("(revenue - spend) / spend", PLAIN, "a plain number"),
        ("1 - -leads / clicks", PLAIN, "a plain number"),
        ("(spend - spend__previous) / spend__previous", PLAIN, "a plain number"),
        ("spend * leads", Dimension(1, 1), "money x count"),
        ("1 / spend / leads / leads", Dimension(-1, -2), "1 / money / count^2"),
        ("spend * revenue / leads", Dimension(2, -1), "money^2 / count"),
    ],
)
def test_units_multiply_and_cancel(formula, dimension, words):
    found = dimension_of(Formula.parse(formula), UNITS)
    assert found == dimension
    assert str(found) == words


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("spend + leads", "found money and count"),
        ("leads - 10", "found count and a plain number"),
        ("(revenue - spend / leads) / spend", "found money and money / count"),
        ("1 + spend / leads", "found a plain number and money / count"),
    ],
)
def test_only_what_is_of_one_kind_is_added_or_subtracted(formula, found):
    with pytest.raises(BookError, match="expected one unit on both sides of '.+', " + found):
        dimension_of(Formula.parse(formula), UNITS)


@pytest.mark.parametrize(
    ("unit", "fitting", "others"),
    [
        (Unit.MONEY, [MONEY, EACH, Dimension(1, -2)], [PLAIN, COUNT, Dimension(1, 1), Dimension(2)]),
        (Unit.COUNT, [COUNT, PLAIN], [MONEY, EACH, Dimension(-1)]),
        (Unit.INDEX, [COUNT, PLAIN], [MONEY, EACH, Dimension(-1)]),
        (Unit.DAYS, [COUNT, PLAIN], [MONEY, EACH, Dimension(-1)]),
        (Unit.PERCENT, [PLAIN], [MONEY, EACH, COUNT, Dimension(0, -1)]),
        (Unit.RATIO, [PLAIN], [MONEY, EACH, COUNT, Dimension(0, -1)]),
    ],
)
def test_a_result_fits_its_kpis_unit_or_is_told_what_would(unit, fitting, others):
    assert [misfit(dimension, unit) for dimension in fitting] == [None] * len(fitting)
    assert all(misfit(dimension, unit) for dimension in others)
