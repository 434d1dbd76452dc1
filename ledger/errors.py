"""The ledger's errors, as leaves of the one tree of errors."""

from __future__ import annotations

from scoring.errors import DataError, ScorewrightError, UsageError


class LedgerConflictError(DataError):
    """Another revision was issued since this card was drafted; draft it again."""


class LedgerSchemaError(UsageError):
    """The ledger's tables are missing, or are not those that this program knows."""


class LostIssuesError(DataError):
    """There is evidence of issues or mails that the ledger does not have."""


class DeliveryError(ScorewrightError):
    """A scorecard could not be handed over, or it is unknown whether it was."""

    exit_code = 6
