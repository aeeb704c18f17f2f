"""The research radar: readers, radars, seeds, feedback, vectors, and what radars showed day by day."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ASCII = sa.String().with_variant(sa.String(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Change the shape."""
    readers = op.create_table(
        "readers",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readers")),
    )
    # The first number is 1 on both databases, and PostgreSQL's sequence moves on only if it is not said.
    op.bulk_insert(readers, [{"name": "local", "created_at": datetime.now(UTC)}])
    op.create_table(
        "radars",
        sa.Column("id", ID, nullable=False),
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("key", ASCII, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("interest", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name=op.f("fk_radars_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_radars")),
        sa.UniqueConstraint("reader_id", "key", name=op.f("uq_radars_reader_id_key")),
        sqlite_autoincrement=True,
    )
    _add_likes()
    _add_vectors()
    _add_rankings()


def _add_likes() -> None:
    op.create_table(
        "radar_seeds",
        sa.Column("id", ID, nullable=False),
        sa.Column("radar_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("work_id", ID, nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("identifiers", sa.Text(), nullable=False),
        sa.Column("text_hash", ASCII, nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["radar_id"], ["radars.id"], name=op.f("fk_radar_seeds_radar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_radar_seeds")),
        sa.UniqueConstraint("radar_id", "text_hash", name=op.f("uq_radar_seeds_radar_id_text_hash")),
    )
    op.create_index(
        op.f("ix_radar_seeds_unlinked"),
        "radar_seeds",
        ["id"],
        sqlite_where=sa.text("work_id IS NULL"),
        postgresql_where=sa.text("work_id IS NULL"),
    )
    op.create_table(
        "radar_feedback",
        sa.Column("id", ID, nullable=False),
        sa.Column("radar_id", ID, nullable=False),
        sa.Column("work_id", ID, nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("taken_back_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["radar_id"], ["radars.id"], name=op.f("fk_radar_feedback_radar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_radar_feedback")),
    )
    op.create_index(op.f("ix_radar_feedback_radar_id_work_id"), "radar_feedback", ["radar_id", "work_id"])


def _add_vectors() -> None:
    op.create_table(
        "embeddings",
        sa.Column("space", ASCII, nullable=False),
        sa.Column("work_id", ID, autoincrement=False, nullable=False),
        sa.Column("text_hash", ASCII, nullable=False),
        sa.Column("change", ID, nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("space", "work_id", name=op.f("pk_embeddings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "text_vectors",
        sa.Column("space", ASCII, nullable=False),
        sa.Column("text_hash", ASCII, nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("space", "text_hash", name=op.f("pk_text_vectors")),
        sqlite_with_rowid=False,
    )


def _add_rankings() -> None:
    op.create_table(
        "radar_days",
        sa.Column("radar_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ranked_at", INSTANT, nullable=False),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("embedded", sa.Integer(), nullable=False),
        sa.Column("likes", sa.Integer(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["radar_id"], ["radars.id"], name=op.f("fk_radar_days_radar_id")),
        sa.PrimaryKeyConstraint("radar_id", "day", name=op.f("pk_radar_days")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "radar_items",
        sa.Column("radar_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("work_id", ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("match", sa.Double(), nullable=False),
        sa.Column("shown", sa.String(length=8), nullable=False),
        sa.Column("theme", sa.Integer(), nullable=False),
        sa.Column("text_hash", ASCII, nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["radar_id"], ["radars.id"], name=op.f("fk_radar_items_radar_id")),
        sa.PrimaryKeyConstraint("radar_id", "day", "work_id", name=op.f("pk_radar_items")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_radar_items_work_id_radar_id"), "radar_items", ["work_id", "radar_id"])


def downgrade() -> None:
    """Take the change back; readers' radars are lost."""
    for table in (
        "radar_items",
        "radar_days",
        "text_vectors",
        "embeddings",
        "radar_feedback",
        "radar_seeds",
        "radars",
        "readers",
    ):
        op.drop_table(table)
