"""Sales from the ERP: Aufträge, a row per order, with German numbers and dates; a return is negative.

The last row (Summe) adds up all amounts, whatever their currency: useless as a figure, but a good control
total.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account, OwnerKeys
from etl.conformed import Conformed
from etl.landing import LandedFile
from etl.reading.cells import GERMAN, NEVER, amounts, currencies, days, flags, texts
from etl.reading.control import control_totals
from etl.reading.fact import fact_table, refuse_other_months, tally
from etl.reading.sheet import Sheet, read_sheet
from etl.reading.text import read_utf8
from etl.sources.exports import find_exports
from scoring.period import Period

NAME = "sales"
READER_VERSION = 2
FACTS = ("fct_sale",)
DAILY_FACTS = ()
FILES = 1
LOOKBACK_MONTHS = 0
API_VERSION = "Auftragsliste, CSV"
RELOAD_DAYS = 30
PRINTED_IN: str | None = None
OWNER_KEYS = OwnerKeys.NAMES

COLUMNS = ("Auftrag", "Datum", "Kunde", "Neukunde", "Vertriebskanal", "Land", "Betrag", "Währung")
TOTAL = "Summe"
YES_NO = {"ja": True, "nein": False}

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """The export as orders; raises `BadFileError`."""
    (file,) = files
    everything = read_sheet(read_utf8(file), COLUMNS)
    is_total = pc.equal(everything.column("Auftrag"), TOTAL)
    sheet = everything.without(is_total)
    table = _orders(sheet, account, month)
    controls = control_totals(
        everything.where(is_total), TOTAL, {"Betrag": table["amount"]}, missing=NEVER, style=GERMAN
    )
    return Conformed(
        {FACTS[0]: table},
        (tally(everything, used=table.num_rows, set_aside=len(everything) - len(sheet)),),
        controls,
    )


def _orders(sheet: Sheet, account: Account, month: Period) -> pa.Table:
    order_dates = days(sheet, "Datum", "%d.%m.%Y")
    refuse_other_months(sheet, "Datum", order_dates, month)
    return fact_table(
        "fct_sale",
        sheet,
        {
            "owner_key": ("Vertriebskanal", texts(sheet, "Vertriebskanal")),
            "order_date": ("Datum", order_dates),
            "order_id": ("Auftrag", texts(sheet, "Auftrag")),
            "customer_id": ("Kunde", texts(sheet, "Kunde")),
            "is_new_customer": ("Neukunde", flags(sheet, "Neukunde", YES_NO)),
            "country_code": ("Land", texts(sheet, "Land")),
            "amount": ("Betrag", amounts(sheet, "Betrag", style=GERMAN)),
            "currency_code": ("Währung", currencies(sheet, "Währung", account.currency_code)),
        },
    )
