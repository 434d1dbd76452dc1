"""Mails that came back, by which a sent delivery becomes refused; and what people were told, each once."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_CAME_BACK = """
    exists (
        select 1 from bounces
        where bounces.issue_id = old.issue_id and bounces.channel = old.channel
        and bounces.recipient = old.recipient and bounces.attempt = old.attempts
    )
"""
_MAY_TURN = f"new.state in ('refused', 'superseded') and {_CAME_BACK}"

_SQLITE = (
    "drop trigger deliveries_sent_is_final",
    f"""
    create trigger deliveries_sent_is_final before update on deliveries
    when old.state = 'sent' and not ({_MAY_TURN})
    begin select raise(abort, 'a sent delivery never changes, unless it came back'); end
    """,
    """
    create trigger bounces_no_update before update on bounces
    begin select raise(abort, 'a bounce never changes'); end
    """,
    """
    create trigger bounces_no_delete before delete on bounces
    begin select raise(abort, 'a bounce is never deleted'); end
    """,
    """
    create trigger bounces_no_replace before insert on bounces
    when exists (
        select 1 from bounces where id = new.id or (
            issue_id = new.issue_id and channel = new.channel and recipient = new.recipient
            and message_sha256 = new.message_sha256
        )
    )
    begin select raise(abort, 'a bounce is never replaced'); end
    """,
    """
    create trigger notices_sent_is_final before update on notices when old.state <> 'failed'
    and not (old.state = 'sending' and new.state in ('sent', 'failed'))
    begin select raise(abort, 'a notice that may be out never changes'); end
    """,
    """
    create trigger notices_no_delete before delete on notices
    begin select raise(abort, 'a notice is never deleted, it would be sent again'); end
    """,
    """
    create trigger notices_no_replace before insert on notices
    when exists (
        select 1 from notices where id = new.id
        or (kind = new.kind and about = new.about and recipient = new.recipient)
    )
    begin select raise(abort, 'a notice is never replaced'); end
    """,
)

_POSTGRESQL = (
    f"""
    create function ledger_keep_sent() returns trigger language plpgsql set search_path from current as
    $$ begin
        if {_MAY_TURN} then return new; end if;
        raise exception '%: refused, the ledger only grows', tg_table_name
            using errcode = 'integrity_constraint_violation';
    end $$
    """,
    "drop trigger deliveries_sent_is_final on deliveries",
    "create trigger deliveries_sent_is_final before update on deliveries "
    "for each row when (old.state = 'sent') execute function ledger_keep_sent()",
    "create trigger bounces_no_change before update or delete on bounces "
    "for each row execute function ledger_refuse()",
    "create trigger bounces_no_truncate before truncate on bounces "
    "for each statement execute function ledger_refuse()",
    "create trigger notices_sent_is_final before update on notices for each row "
    "when (old.state <> 'failed' and not (old.state = 'sending' and new.state in ('sent', 'failed'))) "
    "execute function ledger_refuse()",
    "create trigger notices_no_delete before delete on notices for each row execute function ledger_refuse()",
    "create trigger notices_no_truncate before truncate on notices "
    "for each statement execute function ledger_refuse()",
)

_TRIGGERS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def upgrade() -> None:
    """Make both tables, and let what came back be no longer sent. No row changes, so the seals hold."""
    op.create_table(
        "bounces",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "issue_id", sa.Integer, sa.ForeignKey("issues.id", name="bounces_of_an_issue"), nullable=False
        ),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("recipient", sa.String(320), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("message_sha256", sa.String(64), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "issue_id", "channel", "recipient", "message_sha256", name="bounces_one_per_message"
        ),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("about", sa.String(120), nullable=False),
        sa.Column("recipient", sa.String(320), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('sending', 'sent', 'failed')", name="notices_known_state"),
        sa.UniqueConstraint("kind", "about", "recipient", name="notices_one_per_recipient"),
    )
    for statement in _TRIGGERS[op.get_context().dialect.name]:
        op.execute(statement)
