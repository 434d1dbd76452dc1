"""A mail can be refused for good, and is then not tried again by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_STATES = "state in ('pending', 'sending', 'sent', 'failed', 'refused', 'uncertain', 'superseded')"

_TRIGGERS = (
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
    """Let a delivery be refused. No row changes, so the seals hold."""
    if op.get_context().dialect.name == "sqlite":
        _rewrite()
    else:
        op.drop_constraint("deliveries_known_state", "deliveries")
        op.create_check_constraint("deliveries_known_state", "deliveries", _STATES)


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
        sa.Column("message_sha256", sa.String(64)),
        sa.Column("problem", sa.Text),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.Text),
        sa.CheckConstraint(_STATES, name="deliveries_known_state"),
        sa.UniqueConstraint("issue_id", "channel", "recipient", name="deliveries_one_per_recipient"),
    )
    columns = (
        "id, issue_id, channel, recipient, state, attempts, token, host, pid, started, claimed_at, sent_by, "
        "sender, message_id, message_sha256, problem, settled_at, settled_by"
    )
    op.execute(f"insert into deliveries ({columns}) select {columns} from deliveries_before")  # noqa: S608
    op.drop_table("deliveries_before")
    for statement in _TRIGGERS:
        op.execute(statement)
