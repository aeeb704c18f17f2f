"""The tables of what readers keep: marks, tags, notes, collections, and entries that libraries brought.

As with radars, no row here refers to `works` by a foreign key: rows keep the number they were written with,
and reading follows it (store.whereabouts).
"""

from __future__ import annotations

import sqlalchemy as sa

from academichub.db.columns import Ascii, Id, Instant, Lines, metadata

mark_actions = sa.Table(
    "mark_actions",
    metadata,
    # What a reader did with marks, in order. A mark is what the last action that changed it, and that was
    # not taken back, made of it.
    sa.Column("id", Id, primary_key=True),
    sa.Column("reader_id", Id, sa.ForeignKey("readers.id"), nullable=False),
    sa.Column("mark", sa.String(8), nullable=False),  # model.keeping.Mark
    sa.Column("is_on", sa.Boolean, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("taken_back_at", Instant),
    sqlite_autoincrement=True,  # pages hold the number: it never comes twice
)

mark_changes = sa.Table(
    "mark_changes",
    metadata,
    # What an action changed; works that were so before are not here.
    sa.Column("id", Id, primary_key=True),
    sa.Column("action_id", Id, sa.ForeignKey("mark_actions.id"), nullable=False),
    sa.Column("work_id", Id, nullable=False),
    sa.UniqueConstraint("action_id", "work_id"),
    sa.Index(None, "work_id"),
)

marks = sa.Table(
    "marks",
    metadata,
    # The marks that are on: what `mark_changes` come to, kept for quick reading.
    sa.Column("reader_id", Id, sa.ForeignKey("readers.id"), primary_key=True),
    sa.Column("work_id", Id, primary_key=True, autoincrement=False),
    sa.Column("mark", sa.String(8), primary_key=True),
    sa.Column("change_id", Id, nullable=False),  # of `mark_changes`, that set it: its place in lists
    sa.Index(None, "reader_id", "mark", "change_id"),
    sqlite_with_rowid=False,
)

tags = sa.Table(
    "tags",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("reader_id", Id, sa.ForeignKey("readers.id"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),  # as it was first written
    sa.Column("name_key", Ascii, nullable=False),  # what makes two spellings one tag
    sa.UniqueConstraint("reader_id", "name_key"),
    sqlite_autoincrement=True,
)

work_tags = sa.Table(
    "work_tags",
    metadata,
    sa.Column("id", Id, primary_key=True),  # the place in lists
    sa.Column("tag_id", Id, sa.ForeignKey("tags.id"), nullable=False),
    sa.Column("work_id", Id, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.UniqueConstraint("tag_id", "work_id"),
    sa.Index(None, "work_id"),
)

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("reader_id", Id, sa.ForeignKey("readers.id"), primary_key=True),
    sa.Column("work_id", Id, primary_key=True, autoincrement=False),
    sa.Column("text", sa.Text, nullable=False),  # Markdown
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("place", Id, nullable=False),  # in lists: the revision of the keeping that wrote it
    # The work whose note took this one in when the two were one card; while they are, that one is shown.
    sa.Column("covered_by", Id),
    sa.Index(None, "reader_id", "place"),
)

collections = sa.Table(
    "collections",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("reader_id", Id, sa.ForeignKey("readers.id"), nullable=False),
    sa.Column("key", Ascii, nullable=False),  # in addresses; it stays when the name changes
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),  # "" for one made by hand, "file:...", "zotero:..."
    sa.Column("version", Id),  # of the library elsewhere, when it was last read
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.UniqueConstraint("reader_id", "key"),
    sqlite_autoincrement=True,
)

library_entries = sa.Table(
    "library_entries",
    metadata,
    # Every entry that a library brought, with or without a work of the hub.
    sa.Column("id", Id, primary_key=True),
    sa.Column("collection_id", Id, sa.ForeignKey("collections.id"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),  # in its file
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("key", sa.Text, nullable=False),  # citation key, or Zotero's item key
    sa.Column("type", sa.Text, nullable=False),  # in CSL's terms
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("authors", Lines, nullable=False),  # names in order
    sa.Column("year", sa.Integer),
    sa.Column("venue", sa.Text, nullable=False),
    sa.Column("identifiers", Lines, nullable=False),  # "scheme:value"
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("reference", sa.JSON, nullable=False),  # the whole entry, for giving it out again as it came
    sa.Column("fingerprint", Ascii, nullable=False),  # of the whole entry
    sa.Column("work_id", Id),  # NULL while the hub has no such work
    sa.Column("added_at", Instant, nullable=False),
    sa.UniqueConstraint("collection_id", "fingerprint"),
    sa.Index(None, "collection_id", "position"),
    sa.Index(None, "work_id"),
    sa.Index(
        "ix_library_entries_waiting",
        "id",
        sqlite_where=sa.text("work_id IS NULL"),
        postgresql_where=sa.text("work_id IS NULL"),
    ),
    sqlite_autoincrement=True,
)

collection_works = sa.Table(
    "collection_works",
    metadata,
    sa.Column("id", Id, primary_key=True),  # the place in lists
    sa.Column("collection_id", Id, sa.ForeignKey("collections.id"), nullable=False),
    sa.Column("work_id", Id, nullable=False),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column("entry_id", Id, sa.ForeignKey("library_entries.id")),  # that brought it; NULL by hand
    sa.UniqueConstraint("collection_id", "work_id"),
    sa.Index(None, "work_id"),
    sa.Index(None, "entry_id"),
)
