"""A seal beside each row, and what bytes a message went out with."""

import sqlalchemy as sa
from alembic import op

from ledger.seals import seal
from ledger.tables import confirmations, deliveries, documents, issues, judgements, restatements

revision = "0007"
down_revision = "0006"


# those that there were by then: tables of later migrations seal their rows from the first one on
_TABLES = (issues, documents, confirmations, deliveries, judgements, restatements)


def upgrade() -> None:
    """Seal the rows that are there as they are now."""
    op.create_table(
        "row_seals",
        sa.Column("table_name", sa.String(20), primary_key=True),
        sa.Column("row_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    op.add_column("deliveries", sa.Column("message_sha256", sa.String(64)))
    for table in _TABLES:
        seal(op.get_bind(), table, table.c.id.is_not(None))
