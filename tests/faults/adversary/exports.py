"""The contents that each export of a case may have, and what the cards must say of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from disk import write_atomically
from tests.faults.adversary.plans import FILES
from tests.faults.place import SEPTEMBER
from tests.pipeline.exports import ads, answers, write_exports, write_month

_ADS, _ANSWERS, _LATE = FILES
_CONTENTS: dict[str, tuple[str, ...]] = {
    _ADS: (ads(), ads(without=[(7, "201"), (8, "202")]), ads(without=[(1, "201")])),
    _ANSWERS: (
        answers(),
        answers([10, 2, 9, 8, 10, 3, 9, 10, 9]),
        answers([1, 2, 3, 8, 10, 3, 9]),
    ),
    _LATE: (
        answers(month=SEPTEMBER),
        answers([2, 3, 9, 8, 10, 3, 9, 1], SEPTEMBER),
        answers([10, 10, 9, 9, 10, 3, 9, 10, 10], SEPTEMBER),
    ),
}


def write_all(folder: Path) -> None:
    """Both months' exports, each with its first content."""
    write_month(folder, SEPTEMBER)
    write_exports(folder)
    for file in FILES:
        put(folder, file, 0)


def put(folder: Path, file: str, variant: int | None) -> None:
    """Give an export one of its contents, or take it away."""
    if variant is None:
        (folder / file).unlink(missing_ok=True)
    else:
        write_atomically(folder / file, _CONTENTS[file][variant].encode())


def variants_in(folder: Path) -> dict[str, int | None]:
    """Which content each export has now; None where it is gone."""
    found = {file: folder / file for file in FILES}
    return {
        file: _CONTENTS[file].index(path.read_text("utf-8")) if path.exists() else None
        for file, path in found.items()
    }


def file_of_kpi(period: str, kpi_id: str) -> str | None:
    """The export that a KPI's figure depends on; None where it is one that never changes."""
    is_of_ads = kpi_id in ("clicks", "cost_per_click")
    if period == "2026-10":
        return _ADS if is_of_ads else _ANSWERS
    return None if is_of_ads else _LATE


def file_of_row(table: str, row: Mapping[str, str]) -> str | None:
    """The export that a row of a fact or of the daily measures comes from; None where it never changes."""
    if table == "measure_daily":
        month, is_of_ads = row["activity_date"][:7], row["measure"].startswith("ad_")
    else:
        month, is_of_ads = row["slice_month"][:7], table == "fct_ad_daily"
    if table == "fct_fx_rate" or (month != "2026-10" and is_of_ads):
        return None
    return {"2026-10": _ADS if is_of_ads else _ANSWERS, "2026-09": _LATE}.get(month)
