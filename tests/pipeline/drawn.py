"""Generated months: random rows of the small company's accounts, written as its platforms export them."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from scoring.period import Period

MONTHS = Period(2026, 8).through(Period(2026, 10))
ADS, ANSWERS, RATES = "ads {month}.csv", "answers {month}.csv", "rates {month}.csv"


CAMPAIGNS = ("201", "202", "999")


@dataclass(frozen=True)
class Ad:
    """A campaign's day."""

    day: date
    campaign: str
    impressions: int
    clicks: int
    cents: int
    conversions: int

    @property
    def sums(self) -> tuple[Decimal, ...]:
        """The numbers in the order of the export's columns."""
        cost = Decimal(self.cents) / 100
        return Decimal(self.impressions), Decimal(self.clicks), cost, Decimal(self.conversions), cost * 2


@dataclass(frozen=True)
class Answer:
    """One response to the survey."""

    day: date
    number: int
    survey: str
    nps: int | None
    csat: int | None


@dataclass(frozen=True)
class Export:
    """What the three accounts have of a month at some moment."""

    month: Period
    ads: tuple[Ad, ...]
    answers: tuple[Answer, ...]
    quote: Decimal

    def write(self, folder: Path, *, first_account: Collection[str] | None = None) -> None:
        """Write it as export files; with `first_account`, all campaigns but these go to a second one."""
        ads = self.ads
        if first_account is not None:
            others = tuple(ad for ad in ads if ad.campaign not in first_account)
            ads = tuple(ad for ad in ads if ad.campaign in first_account)
            self._put(folder, "more ads {month}.csv", _ads(others))
        self._put(folder, ADS, _ads(ads))
        self._put(folder, ANSWERS, _answers(self.answers))
        self._put(folder, RATES, _rates(self.month, self.quote))

    def part(self, share: int) -> Export:
        """The first `share` percent of the days, at least the first row of each: a month that goes on."""
        last = self.month.start + timedelta(days=31 * share // 100)
        return self._only([ad.day <= last for ad in self.ads], [a.day <= last for a in self.answers])

    def thinned(self, seed: int) -> Export:
        """Some of the rows, at least one of each."""
        chance = random.Random(seed)
        return self._only(
            [chance.random() < 0.6 for _ in self.ads], [chance.random() < 0.6 for _ in self.answers]
        )

    def _only(self, ads: Sequence[bool], answers: Sequence[bool]) -> Export:
        return replace(self, ads=_chosen(self.ads, ads), answers=_chosen(self.answers, answers))

    def _put(self, folder: Path, name: str, text: str) -> None:
        (folder / name.format(month=self.month)).write_text(text, "utf-8")


def _chosen(rows, mask):
    return tuple(row for row, is_in in zip(rows, mask, strict=True) if is_in) or rows[:1]


def _ads(rows: Sequence[Ad]) -> str:
    header = (
        "Ad group report\nAll time\nDay,Campaign,Campaign ID,Ad group,Ad group ID,"
        "Currency code,Impr.,Clicks,Cost,Conversions,Conv. value\n"
    )
    lines = [
        f"{ad.day},Lamps,{ad.campaign},Core,{ad.campaign}1,USD,{','.join(map(str, ad.sums))}\n" for ad in rows
    ]
    sums = [sum(column) for column in zip(*(ad.sums for ad in rows), strict=True)] or [0] * 5
    return f"{header}{''.join(lines)}Total: Account,--,--,--,--,USD,{','.join(map(str, sums))}\n"


def _answers(rows: Sequence[Answer]) -> str:
    lines = [
        f"r{row.day:%m}-{row.number},{row.day}T14:22:05Z,{row.survey},"
        f"{'N/A' if row.nps is None else row.nps},{'' if row.csat is None else row.csat}\n"
        for row in rows
    ]
    return "Response ID,Submitted At,Survey,Score (0-10),Satisfaction (1-5)\n" + "".join(lines)


def _rates(month: Period, quote: Decimal) -> str:
    days = [month.end - timedelta(days=age) for age in range(1, (month.end - month.start).days + 5)]
    return "Date,USD\n" + "".join(f"{day},{quote}\n" for day in days)


def _days(month: Period) -> st.SearchStrategy[date]:
    return st.dates(month.start, month.last_day)


def exports_of(month: Period) -> st.SearchStrategy[Export]:
    """Any export of the month; campaign 999 and the survey Other belong to nobody or to the rest."""
    ads = st.builds(
        Ad,
        _days(month),
        st.sampled_from(CAMPAIGNS),
        st.integers(0, 10**6),
        st.integers(0, 10**4),
        st.integers(0, 10**7),
        st.integers(0, 500),
    )
    answers = st.builds(
        Answer,
        _days(month),
        st.integers(0, 999),
        st.sampled_from(["Service", "Other"]),
        st.none() | st.integers(0, 10),
        st.none() | st.integers(1, 5),
    )
    return st.builds(
        Export,
        st.just(month),
        st.lists(ads, min_size=1, max_size=12, unique_by=lambda ad: (ad.day, ad.campaign)).map(tuple),
        st.lists(answers, min_size=1, max_size=12, unique_by=lambda row: row.number).map(tuple),
        st.decimals("0.5", "2", places=4),
    )


def seasons() -> st.SearchStrategy[tuple[Export, ...]]:
    """One export of each of the three months."""
    return st.tuples(*(exports_of(month) for month in MONTHS))
