"""Exports of advertising as a format names their columns, in any of its languages and with any of its names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from etl.formats.definition import Format
from etl.formats.fields import kind_of_field
from etl.formats.library import shipped_formats
from etl.formats.recognition import readable

AD = "fct_ad_daily"
ADS = [form for form in shipped_formats().values() if form.fact == AD]
NUMBERS = {"impressions": ("1000", "500"), "clicks": ("30", "12"), "spend": ("10.25", "3.50"), "conversions": ("2", "1"), "conversion_value": ("80.50", "0.25")}  # fmt: skip
DAYS = ("activity_date", "starts", "ends")


def cases() -> Iterator[tuple[str, str, int]]:
    """Every format of ads, in every language with all columns, and as many times as a field has names."""
    for form in ADS:
        for language, fields in form.headers.items():
            if form.required <= set(fields):
                most = max(len(names) for names in fields.values())
                yield from ((form.name, language, place) for place in range(most))


def header_of(form: Format, language: str, place: int) -> dict[str, str]:
    """The names of the columns: of each field the one at `place`, or its last one."""
    return {field: _name(names, place) for field, names in form.headers[language].items()}


def _name(names: Sequence[str], place: int) -> str:
    """A plain name; where there are patterns only, what one of them stands for."""
    plain = [name for name in names if not name.startswith("/")]
    return plain[min(place, len(plain) - 1)] if plain else readable(names[0]).replace("?", "")


_VALUE = re.compile(r"\(\?P<value>[^)]*\)")


def cell(form: Format, field: str, row: int) -> str:
    """What stands in a column of a row that counts; rows from 0 on are those of the days from the first on."""
    if field in NUMBERS:
        return NUMBERS[field][row % 2]
    if kind_of_field(form, field) == "amount":
        return "1"
    if field.endswith("_id") and field != "account_id":
        extract, number = form.rule(field).extract, str(600000000 + row)
        return number if extract is None else _VALUE.sub(number, extract.pattern)
    said = {
        **dict.fromkeys(DAYS, f"2026-10-{row % 31 + 1:02}"),
        **dict.fromkeys(("account_id", "account_name"), "acct-1"),
        "currency_code": currency_of(form),
        "kind": "actions:lead",
        "campaign_type": "Search",
    }
    return said.get(field, f"{field} {row}")


def currency_of(form: Format) -> str:
    """The currency of its amounts."""
    return form.rule("currency_code").constant or "EUR"


def file_of(form: Format, header: dict[str, str]) -> str:
    """Two rows below the header, and their total where the platform always writes one."""
    rows = [[cell(form, field, row) for field in header] for row in range(2)]
    lines = [list(header.values()), *rows]
    if form.totals == "required":
        lines.append(total_of(form, header))
    return "\n".join("\t".join(line) for line in lines) + "\n"


def total_of(form: Format, header: dict[str, str]) -> list[str]:
    """The row of the two rows' sums."""
    label = label_of(form)
    sums = {field: str(sum(map(Decimal, cells))) for field, cells in NUMBERS.items()}
    cells = [sums.get(field, "") for field in header]
    first = "activity_date" if "activity_date" in header else next(f for f in header if f not in NUMBERS)
    cells[list(header).index(first)] = label
    return cells


def label_of(form: Format) -> str:
    """What the platform calls its total."""
    return {"google_ads": "Total: Account", "microsoft_ads": "Search total"}.get(form.source, "总计")


def whose(form: Format) -> dict[str, object]:
    """What the book says of the account that the rows are of."""
    currency = "CNY" if "CNY" in str(form.fields.get("currency_code")) else "EUR"
    return {
        "entity": "acct1" if form.signs.ids else "acct-1",
        "currency_code": currency,
        "whole_month": True,
    }
