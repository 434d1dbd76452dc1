"""An issue keeps documents, by name and hash, instead of the hash of one PDF."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_SQLITE = (
    """
    create trigger documents_no_update before update on documents
    begin select raise(abort, 'a document never changes; issue a new revision'); end
    """,
    """
    create trigger documents_no_delete before delete on documents
    begin select raise(abort, 'a document is never deleted'); end
    """,
    """
    create trigger documents_no_replace before insert on documents
    when exists (
        select 1 from documents where id = new.id or (issue_id = new.issue_id and name = new.name)
    )
    begin select raise(abort, 'a document is never replaced'); end
    """,
)

_POSTGRESQL = (
    "create trigger documents_no_change before update or delete on documents "
    "for each row execute function ledger_refuse()",
    "create trigger documents_no_truncate before truncate on documents "
    "for each statement execute function ledger_refuse()",
)

_TRIGGERS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def upgrade() -> None:
    """Make the table, enter the PDF of every issue, and guard it."""
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "issue_id", sa.Integer, sa.ForeignKey("issues.id", name="documents_of_an_issue"), nullable=False
        ),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.UniqueConstraint("issue_id", "name", name="documents_one_per_name"),
    )
    op.execute(
        "insert into documents (issue_id, name, media_type, sha256) "
        "select id, team_id || '-' || period || '-r' || revision || '.pdf', 'application/pdf', pdf_sha256 "
        "from issues order by id"
    )
    op.drop_column("issues", "pdf_sha256")
    for statement in _TRIGGERS[op.get_context().dialect.name]:
        op.execute(statement)
