"""What was issued and what was sent: issues are only ever added, a delivery is claimed before it is done."""

from ledger.errors import LedgerConflictError, LedgerSchemaError
from ledger.migrating import migrate_ledger
from ledger.records import Claim, Delivery, DeliveryState, Issue
from ledger.store import Ledger, open_ledger

__all__ = [
    "Claim",
    "Delivery",
    "DeliveryState",
    "Issue",
    "Ledger",
    "LedgerConflictError",
    "LedgerSchemaError",
    "migrate_ledger",
    "open_ledger",
]
