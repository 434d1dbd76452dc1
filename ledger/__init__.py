"""The ledger of issues, approvals, deliveries and judgements: rows are only added, a delivery is claimed."""

from ledger.auditing import AuditedLedger, audit_ledger
from ledger.copying import copy_ledger
from ledger.errors import LedgerConflictError, LedgerSchemaError, LostIssuesError
from ledger.listing import Entered, IssueLine
from ledger.migrating import has_ledger, migrate_ledger
from ledger.records import (
    CHATS,
    MAIL,
    Approval,
    Bounce,
    Claim,
    Decision,
    Delivery,
    DeliveryState,
    Document,
    Entry,
    EntryKind,
    Issue,
    Made,
    Notice,
    Received,
    Recipient,
    Restated,
    RestatementRecord,
    each_once,
)
from ledger.store import Ledger, open_ledger

__all__ = [
    "CHATS",
    "MAIL",
    "Approval",
    "AuditedLedger",
    "Bounce",
    "Claim",
    "Decision",
    "Delivery",
    "DeliveryState",
    "Document",
    "Entered",
    "Entry",
    "EntryKind",
    "Issue",
    "IssueLine",
    "Ledger",
    "LedgerConflictError",
    "LedgerSchemaError",
    "LostIssuesError",
    "Made",
    "Notice",
    "Received",
    "Recipient",
    "Restated",
    "RestatementRecord",
    "audit_ledger",
    "copy_ledger",
    "each_once",
    "has_ledger",
    "migrate_ledger",
    "open_ledger",
]
