"""The ledger's tables as SQLAlchemy sees them; `migrations/` creates them, a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

SCHEMA_REVISION = "0010"
"""The newest migration that this program knows."""


class UtcTime(TypeDecorator[datetime]):
    """A time, UTC with its zone on both sides; SQLite itself would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a time without a zone (`ValueError`): guessing one could move it by hours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time with its zone was expected, found {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

issues = Table(
    "issues",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("period", String(8), nullable=False),
    Column("team_id", String(40), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("card_json", Text, nullable=False),
    Column("issued_at", UtcTime, nullable=False),
    Column("chain_sha256", String(64)),
    Column("book_sha256", String(64)),
    Column("program", String(40)),
    Column("made_by", Text),
    CheckConstraint("revision >= 1", name="issues_revision_from_one"),
    UniqueConstraint("period", "team_id", "revision", name="issues_one_per_revision"),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", Integer, ForeignKey("issues.id", name="documents_of_an_issue"), nullable=False),
    Column("name", String(120), nullable=False),
    Column("media_type", String(120), nullable=False),
    Column("sha256", String(64), nullable=False),
    UniqueConstraint("issue_id", "name", name="documents_one_per_name"),
)

confirmations = Table(
    "confirmations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", Integer, ForeignKey("issues.id", name="confirmations_of_an_issue"), nullable=False),
    Column("load_state", String(64), nullable=False),
    UniqueConstraint("issue_id", "load_state", name="confirmations_one_per_state"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", Integer, ForeignKey("issues.id", name="deliveries_of_an_issue"), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("token", String(32)),
    Column("host", String(255)),
    Column("pid", Integer),
    Column("started", String(120)),
    Column("claimed_at", UtcTime),
    Column("sent_by", Text),
    Column("sender", String(320)),
    Column("message_id", Text),
    Column("message_sha256", String(64)),
    Column("problem", Text),
    Column("settled_at", UtcTime),
    Column("settled_by", Text),
    CheckConstraint(
        "state in ('pending', 'sending', 'sent', 'failed', 'refused', 'uncertain', 'superseded')",
        name="deliveries_known_state",
    ),
    UniqueConstraint("issue_id", "channel", "recipient", name="deliveries_one_per_recipient"),
)

judgements = Table(
    "judgements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("period", String(8), nullable=False),
    Column("team_id", String(40), nullable=False),
    Column("kpi_id", String(90), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("number", Integer, nullable=False),
    Column("value", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("said_on", Date, nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    Column("form_name", Text, nullable=False),
    Column("form_sha256", String(64), nullable=False),
    CheckConstraint("number >= 1", name="judgements_number_from_one"),
    CheckConstraint(
        "kind in ('events', 'level', 'done_on', 'self', 'superior', 'check_in')", name="judgements_known_kind"
    ),
    UniqueConstraint("period", "team_id", "kpi_id", "kind", "number", name="judgements_one_per_number"),
)

restatements = Table(
    "restatements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", Integer, ForeignKey("issues.id", name="restatements_of_an_issue"), nullable=False),
    Column(
        "replaces_issue_id",
        Integer,
        ForeignKey("issues.id", name="restatements_replace_an_issue"),
        nullable=False,
    ),
    Column("is_closed", Boolean, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("restatement_json", Text, nullable=False),
    Column("received_json", Text, nullable=False),
    CheckConstraint("issue_id > replaces_issue_id", name="restatements_replace_an_older_issue"),
    UniqueConstraint("issue_id", name="restatements_one_per_issue"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", Integer, ForeignKey("issues.id", name="approvals_of_an_issue"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("decision", String(8), nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", UtcTime, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("number >= 1", name="approvals_number_from_one"),
    CheckConstraint("decision in ('approved', 'rejected')", name="approvals_known_decision"),
    UniqueConstraint("issue_id", "number", name="approvals_one_per_number"),
)

bounces = Table(
    "bounces",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", Integer, ForeignKey("issues.id", name="bounces_of_an_issue"), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("status", String(12), nullable=False),
    Column("said", Text, nullable=False),
    Column("message_sha256", String(64), nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    UniqueConstraint("issue_id", "channel", "recipient", "message_sha256", name="bounces_one_per_message"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("about", String(120), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("state", String(10), nullable=False),
    Column("noted_at", UtcTime, nullable=False),
    CheckConstraint("state in ('sending', 'sent', 'failed')", name="notices_known_state"),
    UniqueConstraint("kind", "about", "recipient", name="notices_one_per_recipient"),
)

row_seals = Table(
    "row_seals",
    metadata,
    Column("table_name", String(20), primary_key=True),
    Column("row_id", Integer, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False),
)
