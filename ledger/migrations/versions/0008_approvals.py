"""What a second person decided on an issued card, which is only ever added to."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_SQLITE = (
    """
    create trigger approvals_no_update before update on approvals
    begin select raise(abort, 'an approval never changes'); end
    """,
    """
    create trigger approvals_no_delete before delete on approvals
    begin select raise(abort, 'an approval is never deleted'); end
    """,
    """
    create trigger approvals_no_replace before insert on approvals
    when exists (
        select 1 from approvals
        where id = new.id or (issue_id = new.issue_id and number = new.number)
    )
    begin select raise(abort, 'an approval is never replaced'); end
    """,
)

_POSTGRESQL = (
    "create trigger approvals_no_change before update or delete on approvals "
    "for each row execute function ledger_refuse()",
    "create trigger approvals_no_truncate before truncate on approvals "
    "for each statement execute function ledger_refuse()",
)

_TRIGGERS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def upgrade() -> None:
    """Make the table and the triggers that guard it."""
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "issue_id",
            sa.Integer,
            sa.ForeignKey("issues.id", name="approvals_of_an_issue"),
            nullable=False,
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("decision", sa.String(8), nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.CheckConstraint("number >= 1", name="approvals_number_from_one"),
        sa.CheckConstraint("decision in ('approved', 'rejected')", name="approvals_known_decision"),
        sa.UniqueConstraint("issue_id", "number", name="approvals_one_per_number"),
    )
    for statement in _TRIGGERS[op.get_context().dialect.name]:
        op.execute(statement)
