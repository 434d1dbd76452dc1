"""An issue says what it was made with and is chained to the one before; a mail can be superseded."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_STATES = "state in ('pending', 'sending', 'sent', 'failed', 'uncertain', 'superseded')"

_SQLITE = (
    """
    create trigger confirmations_no_update before update on confirmations
    begin select raise(abort, 'a confirmation never changes'); end
    """,
    """
    create trigger confirmations_no_delete before delete on confirmations
    begin select raise(abort, 'a confirmation is never deleted'); end
    """,
    """
    create trigger confirmations_no_replace before insert on confirmations
    when exists (
        select 1 from confirmations
        where id = new.id or (issue_id = new.issue_id and load_state = new.load_state)
    )
    begin select raise(abort, 'a confirmation is never replaced'); end
    """,
)

_POSTGRESQL = (
    "create trigger confirmations_no_change before update or delete on confirmations "
    "for each row execute function ledger_refuse()",
    "create trigger confirmations_no_truncate before truncate on confirmations "
    "for each statement execute function ledger_refuse()",
)

_DELIVERIES = (
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
        where id = new.id
        or (issue_id = new.issue_id and channel = new.channel and recipient = new.recipient)
    )
    begin select raise(abort, 'a delivery is never replaced'); end
    """,
)


def upgrade() -> None:
    """Add what issues made so far do not say, and let a delivery be superseded."""
    op.add_column("issues", sa.Column("chain_sha256", sa.String(64)))
    op.add_column("issues", sa.Column("book_sha256", sa.String(64)))
    op.add_column("issues", sa.Column("program", sa.String(40)))
    op.add_column("issues", sa.Column("made_by", sa.Text))
    op.create_table(
        "confirmations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "issue_id",
            sa.Integer,
            sa.ForeignKey("issues.id", name="confirmations_of_an_issue"),
            nullable=False,
        ),
        sa.Column("load_state", sa.String(64), nullable=False),
        sa.UniqueConstraint("issue_id", "load_state", name="confirmations_one_per_state"),
    )
    is_sqlite = op.get_context().dialect.name == "sqlite"
    for statement in _SQLITE if is_sqlite else _POSTGRESQL:
        op.execute(statement)
    (_rewrite if is_sqlite else _alter)()


def _alter() -> None:
    # a column that a trigger names cannot change its type
    op.execute("drop trigger deliveries_sent_is_final on deliveries")
    op.drop_constraint("deliveries_known_state", "deliveries")
    op.alter_column("deliveries", "state", type_=sa.String(10), existing_nullable=False)
    op.create_check_constraint("deliveries_known_state", "deliveries", _STATES)
    op.execute(
        "create trigger deliveries_sent_is_final before update on deliveries "
        "for each row when (old.state = 'sent') execute function ledger_refuse()"
    )


def _rewrite() -> None:
    """SQLite changes no constraint of a table that is there; its triggers go with the old one."""
    op.rename_table("deliveries", "deliveries_before")
    for name in ("deliveries_sent_is_final", "deliveries_no_delete", "deliveries_no_replace"):
        op.execute(f"drop trigger {name}")
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "issue_id", sa.Integer, sa.ForeignKey("issues.id", name="deliveries_of_an_issue"), nullable=False
        ),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("recipient", sa.String(320), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("token", sa.String(32)),
        sa.Column("host", sa.String(255)),
        sa.Column("pid", sa.Integer),
        sa.Column("started", sa.String(120)),
        sa.Column("claimed_at", sa.DateTime(timezone=True)),
        sa.Column("sent_by", sa.Text),
        sa.Column("sender", sa.String(320)),
        sa.Column("message_id", sa.Text),
        sa.Column("problem", sa.Text),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.Text),
        sa.CheckConstraint(_STATES, name="deliveries_known_state"),
        sa.UniqueConstraint("issue_id", "channel", "recipient", name="deliveries_one_per_recipient"),
    )
    columns = (
        "id, issue_id, channel, recipient, state, attempts, token, host, pid, started, claimed_at, sent_by, "
        "sender, message_id, problem, settled_at, settled_by"
    )
    op.execute(f"insert into deliveries ({columns}) select {columns} from deliveries_before")  # noqa: S608
    op.drop_table("deliveries_before")
    for statement in _DELIVERIES:
        op.execute(statement)
