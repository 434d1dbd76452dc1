"""Every format of ads, in every language and with every name it knows: it is recognised, and it adds up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from etl.formats.definition import Format
from etl.formats.library import shipped_formats
from etl.formats.recognition import readable
from etl.formats.source import FormatSource
from etl.sources import registry
from tests.etl.formats.reading import account, land, read, totals

AD = "fct_ad_daily"
ADS = [form for form in shipped_formats().values() if form.fact == AD]
_NUMBERS = {"impressions": ("1000", "500"), "clicks": ("30", "12"), "spend": ("10.25", "3.50"), "conversions": ("2", "1"), "conversion_value": ("80.50", "0.25")}  # fmt: skip
_DAYS = ("activity_date", "starts", "ends")


def _cases() -> Iterator[tuple[str, str, int]]:
    for form in ADS:
        for language, fields in form.headers.items():
            if form.required <= set(fields):
                most = max(len(names) for names in fields.values())
                yield from ((form.name, language, place) for place in range(most))


def _header(form: Format, language: str, place: int) -> dict[str, str]:
    """The names of the columns: of each field the one at `place`, or its last one."""
    return {field: _name(names, place) for field, names in form.headers[language].items()}


def _name(names: Sequence[str], place: int) -> str:
    """A plain name; where there are patterns only, what one of them stands for."""
    plain = [name for name in names if not name.startswith("/")]
    return plain[min(place, len(plain) - 1)] if plain else readable(names[0]).replace("?", "")


def _cell(form: Format, field: str, row: int) -> str:
    if field in _NUMBERS:
        return _NUMBERS[field][row]
    if field.endswith("_id") and field != "account_id":
        return f"60000000{row}"
    said = {
        **dict.fromkeys(_DAYS, f"2026-10-0{row + 1}"),
        **dict.fromkeys(("account_id", "account_name"), "acct-1"),
        "currency_code": _currency(form),
        "kind": "actions:lead",
        "campaign_type": "Search",
    }
    return said.get(field, f"{field} {row}")


def _currency(form: Format) -> str:
    return form.rule("currency_code").constant or "EUR"


def _file(form: Format, header: dict[str, str]) -> str:
    rows = [[_cell(form, field, row) for field in header] for row in range(2)]
    lines = [list(header.values()), *rows]
    if form.totals == "required":
        lines.append(_total(form, header))
    return "\n".join("\t".join(line) for line in lines) + "\n"


def _total(form: Format, header: dict[str, str]) -> list[str]:
    label = {"google_ads": "Total: Account", "microsoft_ads": "Search total"}.get(form.source, "总计")
    sums = {field: str(sum(map(Decimal, cells))) for field, cells in _NUMBERS.items()}
    cells = [sums.get(field, "") for field in header]
    first = "activity_date" if "activity_date" in header else next(f for f in header if f not in _NUMBERS)
    cells[list(header).index(first)] = label
    return cells


@pytest.mark.parametrize(("name", "language", "place"), list(_cases()))
def test_it_is_recognised_and_adds_up(tmp_path: Path, name: str, language: str, place: int) -> None:
    form = shipped_formats()[name]
    header = _header(form, language, place)
    content = _file(form, header)
    source = registry()[form.source]
    assert isinstance(source, FormatSource)
    currency = "CNY" if "CNY" in str(form.fields.get("currency_code")) else "EUR"
    whose = {
        "entity": "acct1" if form.signs.ids else "acct-1",
        "currency_code": currency,
        "whole_month": True,
    }

    found = source.recognise(land(tmp_path, [content])[0], account(form.source, **whose))
    assert found.format.name == name
    sums = totals(read(tmp_path, form.source, content, **whose), AD)
    for field in set(header) & set(_NUMBERS):
        wanted = sum(map(Decimal, _NUMBERS[field])) * form.rule(field).times
        assert abs(sums[field] - wanted) < Decimal("0.00001"), field
