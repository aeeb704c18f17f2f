"""Briefings: what is briefed and when, fields that works belong to, what models wrote and what they cost."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ASCII = sa.String().with_variant(sa.String(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Change the shape."""
    _add_briefings()
    _add_schedules()
    _add_words_of_models()
    _add_ledger()


def _add_briefings() -> None:
    op.create_table(
        "briefings",
        sa.Column("id", ID, nullable=False),
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("key", ASCII, nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("order", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ordered_at", INSTANT, nullable=False),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("fingerprint", ASCII, nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("works", sa.Integer(), nullable=True),
        sa.Column("sentences", sa.Integer(), nullable=True),
        sa.Column("citations", sa.Integer(), nullable=True),
        sa.Column("quoted", sa.Integer(), nullable=True),
        sa.Column("close", sa.Integer(), nullable=True),
        sa.Column("loose", sa.Integer(), nullable=True),
        sa.Column("removed", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("sentences = quoted + close + loose", name=op.f("ck_briefings_account_balances")),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name=op.f("fk_briefings_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefings")),
        sa.UniqueConstraint("reader_id", "key", name=op.f("uq_briefings_reader_id_key")),
    )
    op.create_index(op.f("ix_briefings_reader_id_last_number"), "briefings", ["reader_id", "last", "number"])
    op.create_index(op.f("ix_briefings_fingerprint"), "briefings", ["fingerprint"])


def _add_schedules() -> None:
    op.create_table(
        "briefing_schedules",
        sa.Column("id", ID, nullable=False),
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("radars", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("writer", sa.String(length=16), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name=op.f("fk_briefing_schedules_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing_schedules")),
        sqlite_autoincrement=True,
    )


def _add_words_of_models() -> None:
    op.create_table(
        "work_affinities",
        sa.Column("work_id", ID, autoincrement=False, nullable=False),
        sa.Column("model", ASCII, nullable=False),
        sa.Column("change", ID, nullable=False),
        sa.Column("belongs", sa.JSON(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("work_id", name=op.f("pk_work_affinities")),
    )
    op.create_table(
        "ai_texts",
        sa.Column("work_id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("text_hash", ASCII, nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("warnings", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("work_id", "kind", "language", name=op.f("pk_ai_texts")),
    )


def _add_ledger() -> None:
    op.create_table(
        "model_calls",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_hash", ASCII, nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("run", ASCII, nullable=False),
        sa.Column("model", ASCII, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reserved_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("reserved_in", ID, nullable=False),
        sa.Column("reserved_out", ID, nullable=False),
        sa.Column("reserved_money", ID, nullable=False),
        sa.Column("tokens_in", ID, nullable=False),
        sa.Column("tokens_out", ID, nullable=False),
        sa.Column("money", ID, nullable=False),
        sa.Column("currency", ASCII, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_calls")),
    )
    op.create_index(op.f("ix_model_calls_request_hash"), "model_calls", ["request_hash"])
    op.create_index(op.f("ix_model_calls_run"), "model_calls", ["run"])
    op.create_index(
        op.f("ix_model_calls_open"),
        "model_calls",
        ["id"],
        sqlite_where=sa.text("state = 'reserved'"),
        postgresql_where=sa.text("state = 'reserved'"),
    )
    op.create_table(
        "model_answers",
        sa.Column("request_hash", ASCII, nullable=False),
        sa.Column("model", ASCII, nullable=False),
        sa.Column("tokens_in", ID, nullable=False),
        sa.Column("tokens_out", ID, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("request_hash", name=op.f("pk_model_answers")),
    )
    op.create_table(
        "model_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("model", ASCII, nullable=False),
        sa.Column("currency", ASCII, nullable=False),
        sa.Column("calls", ID, nullable=False),
        sa.Column("cached", ID, nullable=False),
        sa.Column("tokens_in", ID, nullable=False),
        sa.Column("tokens_out", ID, nullable=False),
        sa.Column("money", ID, nullable=False),
        sa.PrimaryKeyConstraint("day", "purpose", "model", "currency", name=op.f("pk_model_days")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take the change back; briefings, and what models wrote, are lost."""
    for table in (
        "model_days",
        "model_answers",
        "model_calls",
        "ai_texts",
        "work_affinities",
        "briefing_schedules",
        "briefings",
    ):
        op.drop_table(table)
