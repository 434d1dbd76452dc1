"""How the leads really moved on."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from example.chance import chance
from example.company import LEAD_SOURCES, Account, LeadSource
from example.seasons import DAYS, LAST_DAY, MONTHS, level
from example.truth.rows import LeadRow, money

_TEST_SHARE = 0.012


def lead_rows() -> list[LeadRow]:
    """All contacts, by account and day of creation; nothing is known after the last day."""
    rows: list[LeadRow] = []
    for account, sources in LEAD_SOURCES.items():
        drafts = [draft for number, source in enumerate(sources) for draft in _leads(account, source, number)]
        drafts.sort(key=lambda row: row.date)
        first = 100_401 if account.currency_code == "EUR" else 700_201
        rows += [row._replace(lead_id=str(first + n * 3)) for n, row in enumerate(drafts)]
    return rows


def _leads(account: Account, source: LeadSource, number: int) -> list[LeadRow]:
    rng = chance("leads", account.entity, source.name)
    swings = rng.normal(1, 0.045, (4, len(MONTHS))).clip(0.85, 1.15)
    rows = []
    for day in DAYS:
        month = MONTHS.index(day.replace(day=1))
        count = int(rng.poisson(source.leads * level(source.rhythm, day) * swings[0, month]))
        # the largest team has a lead every day, so that no day of the account is empty
        for _ in range(count if number else max(1, count)):
            rows.append(_lead(account, source, day, rng, swings[1:, month]))
    return rows


def _lead(
    account: Account, source: LeadSource, day: date, rng: np.random.Generator, swing: np.ndarray
) -> LeadRow:
    draws = rng.random(4)
    waits = rng.integers((0, 1, 6), (7, 13, 46))
    mql = sql = won = None
    if draws[0] < source.to_mql * swing[0]:
        mql = _known(day + timedelta(days=int(waits[0])))
    if mql and draws[1] < source.to_sql * swing[1]:
        sql = _known(mql + timedelta(days=int(waits[1])))
    if sql and draws[2] < source.to_won * swing[2]:
        won = _known(sql + timedelta(days=int(waits[2])))
    amount = money(int(source.deal * 100 * rng.uniform(0.4, 1.7))) if won else None
    currency = source.currency_code if won else None
    return LeadRow(
        account.source,
        account.entity,
        day,
        source.name,
        "",
        mql,
        sql,
        won,
        amount,
        currency,
        bool(draws[3] < _TEST_SHARE),
    )


def _known(day: date) -> date | None:
    return day if day <= LAST_DAY else None
