"""Why a revision was issued, which is only ever added to."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_SQLITE = (
    """
    create trigger restatements_no_update before update on restatements
    begin select raise(abort, 'a restatement never changes'); end
    """,
    """
    create trigger restatements_no_delete before delete on restatements
    begin select raise(abort, 'a restatement is never deleted'); end
    """,
    """
    create trigger restatements_no_replace before insert on restatements
    when exists (select 1 from restatements where id = new.id or issue_id = new.issue_id)
    begin select raise(abort, 'a restatement is never replaced'); end
    """,
)

_POSTGRESQL = (
    "create trigger restatements_no_change before update or delete on restatements "
    "for each row execute function ledger_refuse()",
    "create trigger restatements_no_truncate before truncate on restatements "
    "for each statement execute function ledger_refuse()",
)

_TRIGGERS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def upgrade() -> None:
    """Make the table and the triggers that guard it."""
    op.create_table(
        "restatements",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "issue_id",
            sa.Integer,
            sa.ForeignKey("issues.id", name="restatements_of_an_issue"),
            nullable=False,
        ),
        sa.Column(
            "replaces_issue_id",
            sa.Integer,
            sa.ForeignKey("issues.id", name="restatements_replace_an_issue"),
            nullable=False,
        ),
        sa.Column("is_closed", sa.Boolean, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restatement_json", sa.Text, nullable=False),
        sa.Column("received_json", sa.Text, nullable=False),
        sa.CheckConstraint("issue_id > replaces_issue_id", name="restatements_replace_an_older_issue"),
        sa.UniqueConstraint("issue_id", name="restatements_one_per_issue"),
    )
    for statement in _TRIGGERS[op.get_context().dialect.name]:
        op.execute(statement)
