"""What the ledger refuses, as leaves of the one tree of errors."""

from __future__ import annotations

from scoring.errors import DataError, ScorewrightError, UsageError


class LedgerConflictError(DataError):
    """Another revision was issued since this card was drafted; drafting it again will do."""


class LedgerSchemaError(UsageError):
    """The ledger's tables are missing, or are not those that this program knows."""


class DeliveryError(ScorewrightError):
    """A scorecard could not be handed over, or nobody knows whether it was."""

    exit_code = 6
