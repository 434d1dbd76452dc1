"""HubSpot: the contacts created in a month, and the deals they have led to so far.

A lead is a contact. It is won on the day of its first won deal; the amounts of all its won deals are
added up. The first of a deal's contacts is the one the deal counts for.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account, OwnerKeys
from etl.conformed import Conformed
from etl.landing import LandedFile
from etl.reading.cells import BLANK, amounts, currencies, days, first_true, flags, texts
from etl.reading.fact import fact_table, refuse_other_months, tally
from etl.reading.lines import with_lines
from etl.reading.sheet import Sheet, read_sheet
from etl.reading.text import read_whole_lines
from etl.sources.exports import find_exports
from scoring.period import Period

NAME = "hubspot"
READER_VERSION = 2
FACTS = ("fct_lead",)
DAILY_FACTS = ()
FILES = 2
LOOKBACK_MONTHS = 6
API_VERSION = "contacts and deals, CSV"
RELOAD_DAYS = 30
PRINTED_IN: str | None = None
OWNER_KEYS = OwnerKeys.NAMES

MQL, SQL = "Became a Marketing Qualified Lead Date", "Became a Sales Qualified Lead Date"
CONTACT_COLUMNS = ("Record ID", "Create Date", MQL, SQL, "Marketing Team", "Test Contact")
CONTACTS = "Associated Contact IDs"
DEAL_COLUMNS = ("Record ID", "Deal Stage", "Close Date", "Amount", "Currency", CONTACTS)
WON = "Closed Won"
NO_TEAM = "(none)"
TRUE_FALSE = {"true": True, "false": False}
_TIME = r" \d{2}:\d{2}"

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """Contacts and their won deals as leads; raises `BadFileError`."""
    contacts_file, deals_file = files
    contacts = read_sheet(read_whole_lines(contacts_file), CONTACT_COLUMNS)
    deals = read_sheet(read_whole_lines(deals_file), DEAL_COLUMNS)
    won = deals.where(pc.equal(deals.column("Deal Stage"), WON))
    wins = _wins(won, contacts.column("Record ID"), account.currency_code)
    table = _leads(contacts, wins, month, deals_file.name)
    tallies = (
        tally(contacts, used=table.num_rows, set_aside=0),
        tally(deals, used=len(won), set_aside=len(deals) - len(won)),
    )
    return Conformed({FACTS[0]: table}, tallies)


def _leads(sheet: Sheet, wins: pa.Table, month: Period, deals: str) -> pa.Table:
    created_dates = days(sheet, "Create Date", "%Y-%m-%d", rest=_TIME)
    refuse_other_months(sheet, "Create Date", created_dates, month)
    lead_ids = texts(sheet, "Record ID")
    # for each lead its row in `wins`, null if nothing was won
    position = pc.index_in(lead_ids, value_set=wins["contact"].combine_chunks())
    teams = sheet.column("Marketing Team")
    leads = fact_table(
        "fct_lead",
        sheet,
        {
            "owner_key": ("Marketing Team", pc.if_else(pc.equal(teams, ""), NO_TEAM, teams)),
            "lead_id": ("Record ID", lead_ids),
            "created_date": ("Create Date", created_dates),
            "mql_date": (MQL, days(sheet, MQL, "%Y-%m-%d", rest=_TIME, missing=BLANK)),
            "sql_date": (SQL, days(sheet, SQL, "%Y-%m-%d", rest=_TIME, missing=BLANK)),
            "won_date": ("Record ID", wins["day_min"].combine_chunks().take(position)),
            "deal_amount": ("Record ID", wins["amount_sum"].combine_chunks().take(position)),
            "currency_code": ("Record ID", wins["currency_min"].combine_chunks().take(position)),
            "is_test": ("Test Contact", flags(sheet, "Test Contact", TRUE_FALSE)),
        },
    )
    return with_lines(leads, deals, wins["row_list"].combine_chunks().take(position))


def _wins(won: Sheet, lead_ids: pa.Array, only: str | None) -> pa.Table:
    """A row for each contact that won something: first day, sum, currency, the rows of its deals."""
    contacts = pc.utf8_trim_whitespace(
        pc.list_element(pc.split_pattern(texts(won, CONTACTS), ";"), 0) if len(won) else won.column(CONTACTS)
    )
    stranger = first_true(pc.invert(pc.is_in(contacts, value_set=lead_ids)))
    if stranger is not None:
        raise won.refusal(stranger, CONTACTS, "a contact of the contacts file first")
    codes = currencies(won, "Currency", only)
    deals = pa.table(
        {
            "contact": contacts,
            "day": days(won, "Close Date", "%Y-%m-%d", rest=f"({_TIME})?"),
            "amount": amounts(won, "Amount", missing=BLANK),
            "currency": codes,
            "row": won.rows,
        }
    )
    wins = deals.group_by("contact").aggregate(
        [("day", "min"), ("amount", "sum"), ("currency", "min"), ("currency", "max"), ("row", "list")]
    )
    _refuse_mixed(won, contacts, codes, wins)
    return wins


def _refuse_mixed(won: Sheet, contacts: pa.Array, codes: pa.Array, wins: pa.Table) -> None:
    """Amounts of one lead in two currencies cannot be added up."""
    first_codes = (
        wins["currency_min"]
        .combine_chunks()
        .take(pc.index_in(contacts, value_set=wins["contact"].combine_chunks()))
    )
    other = first_true(pc.not_equal(codes, first_codes))
    if other is not None:
        expected = f"one currency for all won deals of contact {contacts[other]}"
        raise won.refusal(other, "Currency", expected)
