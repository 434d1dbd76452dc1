"""October's exports of the three accounts of the small valid book, and the ways in which they go wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from pathlib import Path

from scoring.period import Period

OCTOBER = Period(2026, 10)
ADS, ANSWERS, RATES = "ads 2026-10.csv", "answers 2026-10.csv", "rates 2026-10.csv"

_ADS_HEADER = (
    'Ad group report\n"October 1, 2026 - October 31, 2026"\nDay,Campaign,Campaign ID,Ad group,Ad group ID,'
    "Currency code,Impr.,Clicks,Cost,Conversions,Conv. value\n"
)


def ads(
    days: Iterable[date] = tuple(OCTOBER.days()),
    campaigns: Iterable[str] = ("201", "202"),
    without: Collection[tuple[int, str]] = (),
) -> str:
    """A row a day and campaign, 17 clicks for 9.18 dollars, but for `without` (day of the month, campaign)."""
    rows = [
        f"{day},Lamps,{campaign},Core,{campaign}1,USD,900,17,9.18,1.00,40.00\n"
        for day in days
        for campaign in campaigns
        if (day.day, campaign) not in without
    ]
    count = len(rows)
    sums = f"{900 * count},{17 * count},{918 * count / 100:.2f},{count}.00,{40 * count}.00"
    return f"{_ADS_HEADER}{''.join(rows)}Total: Account,--,--,--,--,USD,{sums}\n"


def answers(scores: Iterable[int] = (10, 9, 9, 8, 10, 3, 9, 10), month: Period = OCTOBER) -> str:
    """An answer a day to the service survey."""
    header = "Response ID,Submitted At,Survey,Score (0-10),Satisfaction (1-5)\n"
    return header + "".join(
        f"r{'' if month == OCTOBER else month}{number},{month}-{number + 1:02d}T14:22:05Z,Service,{score},5\n"
        for number, score in enumerate(scores)
    )


def rates(quote: str = "1.0800", month: Period = OCTOBER) -> str:
    """The dollar's quote of each day, newest first, from the last days of the month before on."""
    days = [month.end - timedelta(days=age) for age in range(1, 35)]
    return "Date,USD\n" + "".join(f"{day},{quote}\n" for day in days)


def write_exports(folder: Path) -> None:
    """All exports, complete and sound."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in ((ADS, ads()), (ANSWERS, answers()), (RATES, rates())):
        (folder / name).write_text(text, "utf-8")


def write_month(folder: Path, month: Period) -> None:
    """The same exports for another month."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {ADS: ads(tuple(month.days())), ANSWERS: answers(month=month), RATES: rates(month=month)}
    for name, text in texts.items():
        (folder / name.replace("2026-10", str(month))).write_text(text, "utf-8")


def change(path: Path, by: Callable[[str], str]) -> None:
    """Write a file anew, changed."""
    path.write_text(by(path.read_text("utf-8")), "utf-8")
