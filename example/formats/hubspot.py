"""HubSpot: the contacts created in a month, and all deals with them so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from example import texts
from example.chance import chance
from example.company import LEAD_SOURCES
from example.formats.table import table
from example.seasons import LAST_DAY
from example.slices import Slice
from example.truth.rows import LeadRow

CONTACTS = [
    "Record ID",
    "First Name",
    "Last Name",
    "Email",
    "Create Date",
    "Lifecycle Stage",
    "Became a Marketing Qualified Lead Date",
    "Became a Sales Qualified Lead Date",
    "Marketing Team",
    "Test Contact",
]
DEALS = ["Record ID", "Deal Name", "Deal Stage", "Close Date", "Amount", "Currency", "Associated Contact IDs"]


def files(part: Slice) -> dict[str, bytes]:
    """Both exports of the month."""
    leads = part.facts["lead"]
    contacts: list[Sequence[object]] = [CONTACTS, *(_contact(part, lead) for lead in leads)]
    deals: list[Sequence[object]] = [DEALS, *_deals(part, leads)]
    folder = f"hubspot/{part.account.entity}"
    return {
        f"{folder}/contacts {part.month_text}.csv": table(contacts).encode("utf-8-sig"),
        f"{folder}/deals {part.month_text}.csv": table(deals).encode("utf-8-sig"),
    }


def _contact(part: Slice, lead: LeadRow) -> list[object]:
    number = int(lead.lead_id)
    first, last = texts.person(part.account, number)
    minute = 420 + number * 37 % 600
    return [
        lead.lead_id,
        "Test" if lead.is_test else first,
        last,
        f"contact{number}@{'qa' if lead.is_test else 'customer'}.example",
        _stamp(lead.date, minute),
        _stage(lead),
        _stamp(lead.mql_date, minute + 41),
        _stamp(lead.sql_date, minute + 95),
        lead.owner_key,
        "true" if lead.is_test else "false",
    ]


def _stage(lead: LeadRow) -> str:
    if lead.won_date:
        return "Customer"
    if lead.sql_date:
        return "Sales Qualified Lead"
    return "Marketing Qualified Lead" if lead.mql_date else "Lead"


def _stamp(day: date | None, minute: int) -> str:
    return f"{day} {minute // 60:02d}:{minute % 60:02d}" if day else ""


def _deals(part: Slice, leads: Sequence[LeadRow]) -> Iterator[list[object]]:
    """Won deals in one to three parts; open and lost ones of leads that sales has accepted."""
    rng = chance("deals", part.account.entity, part.month_text)
    currencies = {source.name: source.currency_code for source in LEAD_SOURCES[part.account]}
    for place, lead in enumerate(leads):
        number = int(lead.lead_id)
        # a colleague who happens to sit in on the deal: only the first contact counts
        others = [leads[place - 1].lead_id] if place and number % 5 == 0 else []
        contact_ids = ";".join([lead.lead_id, *others])
        name = f"{texts.customer(part.account, number)} – {lead.date:%Y/%m}"
        for n, (stage, day, amount) in enumerate(_outcomes(lead, rng)):
            shown = "" if amount is None else amount
            stamp = _stamp(day, 540 + number % 480)
            currency = lead.currency or currencies[lead.owner_key]
            yield [f"9{number}{n}", name, stage, stamp, shown, currency, contact_ids]


Outcome = tuple[str, date, Decimal | None]


def _outcomes(lead: LeadRow, rng: np.random.Generator) -> list[Outcome]:
    draws = rng.random(3)
    waits = [int(wait) for wait in rng.integers(1, 40, 2)]
    if lead.won_date and lead.deal_amount is not None:
        return _won(lead.won_date, lead.deal_amount, float(draws[0]), waits)
    if not lead.sql_date or draws[0] < 0.3:
        return []
    day = min(LAST_DAY, lead.sql_date + timedelta(days=waits[0]))
    guess = Decimal(int(draws[2] * 90) * 100)
    if draws[1] < 0.6:
        return [("Closed Lost", day, guess)]
    return [("Negotiation", day, guess if draws[2] > 0.25 else None)]


def _won(first: date, amount: Decimal, draw: float, waits: list[int]) -> list[Outcome]:
    """The amount in parts that add up to it; the first part closes on the day the lead was won."""
    later = [min(LAST_DAY, first + timedelta(days=wait)) for wait in waits]
    part = (amount / 4).quantize(Decimal("0.01"))
    outcomes: list[Outcome] = [("Closed Won", first, amount)]
    if draw < 0.14:
        outcomes = [("Closed Won", later[0], part), ("Closed Won", first, amount - part)]
    if draw < 0.04:
        outcomes = [*outcomes[:1], ("Closed Won", first, amount - 2 * part), ("Closed Won", later[1], part)]
    if draw > 0.9:
        outcomes.append(("Closed Lost", later[0], part))
    return outcomes
