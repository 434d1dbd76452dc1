"""Issues, which are only ever added, and deliveries, of which a sent one stays sent."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SQLITE = (
    """
    create trigger issues_no_update before update on issues
    begin select raise(abort, 'an issue never changes; issue a new revision'); end
    """,
    """
    create trigger issues_no_delete before delete on issues
    begin select raise(abort, 'an issue is never deleted'); end
    """,
    # `insert or replace` deletes without asking the trigger above, unless the connection wants it to.
    """
    create trigger issues_no_replace before insert on issues
    when exists (
        select 1 from issues
        where id = new.id or (period = new.period and team_id = new.team_id and revision = new.revision)
    )
    begin select raise(abort, 'an issue is never replaced'); end
    """,
    """
    create trigger deliveries_sent_is_final before update on deliveries when old.state = 'sent'
    begin select raise(abort, 'a sent delivery never changes'); end
    """,
    """
    create trigger deliveries_no_delete before delete on deliveries
    begin select raise(abort, 'a delivery is never deleted, it would be sent again'); end
    """,
    """
    create trigger deliveries_no_replace before insert on deliveries
    when exists (
        select 1 from deliveries
        where id = new.id or (issue_id = new.issue_id and recipient = new.recipient)
    )
    begin select raise(abort, 'a delivery is never replaced'); end
    """,
)

_POSTGRESQL = (
    """
    create function ledger_refuse() returns trigger language plpgsql as
    $$ begin raise exception '%: refused, the ledger only grows', tg_table_name
       using errcode = 'integrity_constraint_violation'; end $$
    """,
    "create trigger issues_no_change before update or delete on issues "
    "for each row execute function ledger_refuse()",
    "create trigger issues_no_truncate before truncate on issues "
    "for each statement execute function ledger_refuse()",
    "create trigger deliveries_sent_is_final before update on deliveries "
    "for each row when (old.state = 'sent') execute function ledger_refuse()",
    "create trigger deliveries_no_delete before delete on deliveries "
    "for each row execute function ledger_refuse()",
    "create trigger deliveries_no_truncate before truncate on deliveries "
    "for each statement execute function ledger_refuse()",
)

_TRIGGERS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def upgrade() -> None:
    """Make both tables and the triggers that guard them."""
    _create_issues()
    _create_deliveries()
    for statement in _TRIGGERS[op.get_context().dialect.name]:
        op.execute(statement)


def _create_issues() -> None:
    op.create_table(
        "issues",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("team_id", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("card_json", sa.Text, nullable=False),
        sa.Column("pdf_sha256", sa.String(64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("revision >= 1", name="issues_revision_from_one"),
        sa.UniqueConstraint("period", "team_id", "revision", name="issues_one_per_revision"),
    )


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "issue_id", sa.Integer, sa.ForeignKey("issues.id", name="deliveries_of_an_issue"), nullable=False
        ),
        sa.Column("recipient", sa.String(320), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("token", sa.String(32)),
        sa.Column("host", sa.String(255)),
        sa.Column("pid", sa.Integer),
        sa.Column("started", sa.String(120)),
        sa.Column("claimed_at", sa.DateTime(timezone=True)),
        sa.Column("channel", sa.Text),
        sa.Column("sender", sa.String(320)),
        sa.Column("message_id", sa.Text),
        sa.Column("problem", sa.Text),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.Text),
        sa.CheckConstraint(
            "state in ('pending', 'sending', 'sent', 'failed', 'uncertain')", name="deliveries_known_state"
        ),
        sa.UniqueConstraint("issue_id", "recipient", name="deliveries_one_per_recipient"),
    )
