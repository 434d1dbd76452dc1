"""A tiny invented lead sheet, in the format of HubSpot, for a book that begins without exports."""

from __future__ import annotations

from pathlib import Path

from scoring.period import Period
from starting.accounts import Found

LEADS = 24


def sample_of(month: Period) -> list[Found]:
    """Contacts created in the month, half of them qualified, and no deal yet."""
    contacts = [
        "Record ID,Create Date,Became a Marketing Qualified Lead Date,"
        "Became a Sales Qualified Lead Date,Marketing Team,Test Contact"
    ]
    deals = "Record ID,Deal Stage,Close Date,Amount,Currency,Associated Contact IDs\n"
    for number in range(1, LEADS + 1):
        day = f"{month}-{number:02}"
        mql = f"{day} 12:00" if number % 2 else ""
        sql = f"{month}-{number + 2:02} 09:30" if number % 4 == 1 else ""
        contacts.append(f"{1000 + number},{day} 10:15,{mql},{sql},Marketing,false")
    return [
        Found(
            Path("contacts.csv"),
            "hubspot",
            "hubspot_contacts",
            month=month,
            content="\n".join([*contacts, ""]).encode(),
        ),
        Found(Path("deals.csv"), "hubspot", "hubspot_deals", month=month, content=deals.encode()),
    ]
