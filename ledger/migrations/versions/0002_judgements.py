"""What people said of KPIs, which is only ever added to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_SQLITE = (
    """
    create trigger judgements_no_update before update on judgements
    begin select raise(abort, 'a judgement never changes; enter a new one'); end
    """,
    """
    create trigger judgements_no_delete before delete on judgements
    begin select raise(abort, 'a judgement is never deleted'); end
    """,
    """
    create trigger judgements_no_replace before insert on judgements
    when exists (
        select 1 from judgements
        where id = new.id or (period = new.period and team_id = new.team_id and kpi_id = new.kpi_id
            and kind = new.kind and number = new.number)
    )
    begin select raise(abort, 'a judgement is never replaced'); end
    """,
)

_POSTGRESQL = (
    "create trigger judgements_no_change before update or delete on judgements "
    "for each row execute function ledger_refuse()",
    "create trigger judgements_no_truncate before truncate on judgements "
    "for each statement execute function ledger_refuse()",
)

_TRIGGERS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def upgrade() -> None:
    """Make the table and the triggers that guard it."""
    op.create_table(
        "judgements",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("team_id", sa.String(40), nullable=False),
        sa.Column("kpi_id", sa.String(90), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("said_on", sa.Date, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_name", sa.Text, nullable=False),
        sa.Column("form_sha256", sa.String(64), nullable=False),
        sa.CheckConstraint("number >= 1", name="judgements_number_from_one"),
        sa.CheckConstraint(
            "kind in ('events', 'level', 'done_on', 'self', 'superior', 'check_in')",
            name="judgements_known_kind",
        ),
        sa.UniqueConstraint(
            "period", "team_id", "kpi_id", "kind", "number", name="judgements_one_per_number"
        ),
    )
    for statement in _TRIGGERS[op.get_context().dialect.name]:
        op.execute(statement)
