"""What readers keep: marks, tags, notes, collections and library entries; authors found by name."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ASCII = sa.String().with_variant(sa.String(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Change the shape."""
    _add_marks()
    _add_tags_and_notes()
    _add_collections()
    _add_library_entries()
    # By equality alone. PostgreSQL's usual index would refuse a name of three thousand characters.
    op.create_index(op.f("ix_authors_name"), "authors", ["name"], postgresql_using="hash")


def _add_marks() -> None:
    op.create_table(
        "mark_actions",
        sa.Column("id", ID, nullable=False),
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("mark", sa.String(length=8), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("taken_back_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name=op.f("fk_mark_actions_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_actions")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "mark_changes",
        sa.Column("id", ID, nullable=False),
        sa.Column("action_id", ID, nullable=False),
        sa.Column("work_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["mark_actions.id"], name=op.f("fk_mark_changes_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_changes")),
        sa.UniqueConstraint("action_id", "work_id", name=op.f("uq_mark_changes_action_id_work_id")),
    )
    op.create_index(op.f("ix_mark_changes_work_id"), "mark_changes", ["work_id"])
    op.create_table(
        "marks",
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("work_id", ID, autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(length=8), nullable=False),
        sa.Column("change_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name=op.f("fk_marks_reader_id")),
        sa.PrimaryKeyConstraint("reader_id", "work_id", "mark", name=op.f("pk_marks")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_marks_reader_id_mark_change_id"), "marks", ["reader_id", "mark", "change_id"])


def _add_tags_and_notes() -> None:
    op.create_table(
        "tags",
        sa.Column("id", ID, nullable=False),
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", ASCII, nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name=op.f("fk_tags_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("reader_id", "name_key", name=op.f("uq_tags_reader_id_name_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "work_tags",
        sa.Column("id", ID, nullable=False),
        sa.Column("tag_id", ID, nullable=False),
        sa.Column("work_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_work_tags_tag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_tags")),
        sa.UniqueConstraint("tag_id", "work_id", name=op.f("uq_work_tags_tag_id_work_id")),
    )
    op.create_index(op.f("ix_work_tags_work_id"), "work_tags", ["work_id"])
    op.create_table(
        "notes",
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("work_id", ID, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("place", ID, nullable=False),
        sa.Column("covered_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name=op.f("fk_notes_reader_id")),
        sa.PrimaryKeyConstraint("reader_id", "work_id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_reader_id_place"), "notes", ["reader_id", "place"])


def _add_collections() -> None:
    op.create_table(
        "collections",
        sa.Column("id", ID, nullable=False),
        sa.Column("reader_id", ID, nullable=False),
        sa.Column("key", ASCII, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("version", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["readers.id"], name=op.f("fk_collections_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
        sa.UniqueConstraint("reader_id", "key", name=op.f("uq_collections_reader_id_key")),
        sqlite_autoincrement=True,
    )


def _add_library_entries() -> None:
    op.create_table(
        "library_entries",
        sa.Column("id", ID, nullable=False),
        sa.Column("collection_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("identifiers", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("reference", sa.JSON(), nullable=False),
        sa.Column("fingerprint", ASCII, nullable=False),
        sa.Column("work_id", ID, nullable=True),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collections.id"], name=op.f("fk_library_entries_collection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_entries")),
        sa.UniqueConstraint(
            "collection_id", "fingerprint", name=op.f("uq_library_entries_collection_id_fingerprint")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_library_entries_collection_id_position"), "library_entries", ["collection_id", "position"]
    )
    op.create_index(op.f("ix_library_entries_work_id"), "library_entries", ["work_id"])
    op.create_index(
        op.f("ix_library_entries_waiting"),
        "library_entries",
        ["id"],
        sqlite_where=sa.text("work_id IS NULL"),
        postgresql_where=sa.text("work_id IS NULL"),
    )
    op.create_table(
        "collection_works",
        sa.Column("id", ID, nullable=False),
        sa.Column("collection_id", ID, nullable=False),
        sa.Column("work_id", ID, nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("entry_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collections.id"], name=op.f("fk_collection_works_collection_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["library_entries.id"], name=op.f("fk_collection_works_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_works")),
        sa.UniqueConstraint(
            "collection_id", "work_id", name=op.f("uq_collection_works_collection_id_work_id")
        ),
    )
    op.create_index(op.f("ix_collection_works_work_id"), "collection_works", ["work_id"])
    op.create_index(op.f("ix_collection_works_entry_id"), "collection_works", ["entry_id"])


def downgrade() -> None:
    """Take the change back; what readers kept is lost."""
    op.drop_index(op.f("ix_authors_name"), "authors")
    for table in (
        "collection_works",
        "library_entries",
        "collections",
        "notes",
        "work_tags",
        "tags",
        "marks",
        "mark_changes",
        "mark_actions",
    ):
        op.drop_table(table)
