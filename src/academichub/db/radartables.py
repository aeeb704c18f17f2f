"""The tables of readers' interests: radars, what they like, vectors, and what they showed day by day.

No row here refers to `works` by a foreign key: a merge removes a work's row, and undoing it brings the row
back. Rows keep the number they were written with, and reading follows it (store.whereabouts).
"""

from __future__ import annotations

import sqlalchemy as sa

from academichub.db.columns import Ascii, Id, Instant, Lines, metadata

readers = sa.Table(
    "readers",
    metadata,
    sa.Column("id", Id, primary_key=True),  # 1: the one reader of a hub without accounts
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
)

radars = sa.Table(
    "radars",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("reader_id", Id, sa.ForeignKey("readers.id"), nullable=False),
    sa.Column("key", Ascii, nullable=False),  # in addresses; it stays when the name changes
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("interest", sa.JSON, nullable=False),  # model.radar.Interest without its name
    sa.Column("revision", sa.Integer, nullable=False),  # counts what changes a ranking
    sa.Column("is_paused", sa.Boolean, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.UniqueConstraint("reader_id", "key"),
    sqlite_autoincrement=True,  # jobs are named by it: a number never comes twice
)

radar_seeds = sa.Table(
    "radar_seeds",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("radar_id", Id, sa.ForeignKey("radars.id"), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),  # model.radar.SeedKind
    sa.Column("work_id", Id),  # NULL while the hub has no such work
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("abstract", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("identifiers", Lines, nullable=False),  # "scheme:value"
    sa.Column(
        "text_hash", Ascii, nullable=False
    ),  # of title and abstract; of the label where there is neither
    sa.Column("added_at", Instant, nullable=False),
    sa.UniqueConstraint("radar_id", "text_hash"),
    sa.Index(
        "ix_radar_seeds_unlinked",
        "id",
        sqlite_where=sa.text("work_id IS NULL"),
        postgresql_where=sa.text("work_id IS NULL"),
    ),
)

radar_feedback = sa.Table(
    "radar_feedback",
    metadata,
    # Everything that was said, in order. What holds of a work is the last word that was not taken back.
    sa.Column("id", Id, primary_key=True),
    sa.Column("radar_id", Id, sa.ForeignKey("radars.id"), nullable=False),
    sa.Column("work_id", Id, nullable=False),
    sa.Column("verdict", sa.String(8), nullable=False),  # model.radar.Verdict
    sa.Column("reason", sa.String(16)),  # model.radar.LessReason, of "less"
    sa.Column("at", Instant, nullable=False),
    sa.Column("taken_back_at", Instant),
    sa.Index(None, "radar_id", "work_id"),
)

embeddings = sa.Table(
    "embeddings",
    metadata,
    sa.Column("space", Ascii, primary_key=True),  # the model that made the vector; spaces never mix
    sa.Column("work_id", Id, primary_key=True, autoincrement=False),
    sa.Column("text_hash", Ascii, nullable=False),  # of the text that the vector is of
    sa.Column("change", Id, nullable=False),  # works.change when the text was last found to be that one
    sa.Column("vector", sa.LargeBinary, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

text_vectors = sa.Table(
    "text_vectors",
    metadata,
    # Of texts that are no work's: what readers write, and seeds that the hub does not have.
    sa.Column("space", Ascii, primary_key=True),
    sa.Column("text_hash", Ascii, primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

radar_days = sa.Table(
    "radar_days",
    metadata,
    sa.Column("radar_id", Id, sa.ForeignKey("radars.id"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("ranked_at", Instant, nullable=False),
    sa.Column("candidates", sa.Integer, nullable=False),
    sa.Column("embedded", sa.Integer, nullable=False),
    sa.Column("likes", sa.Integer, nullable=False),
    sa.Column("inputs", sa.JSON, nullable=False),  # model.radar.Inputs
    sa.Column("themes", sa.JSON, nullable=False),  # the terms of each theme, by its number
    sqlite_with_rowid=False,
)

radar_items = sa.Table(
    "radar_items",
    metadata,
    sa.Column("radar_id", Id, sa.ForeignKey("radars.id"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("work_id", Id, primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),  # 1-based
    sa.Column("score", sa.Double, nullable=False),
    sa.Column("match", sa.Double, nullable=False),
    sa.Column("shown", sa.String(8), nullable=False),  # model.radar.Shown
    sa.Column("theme", sa.Integer, nullable=False),
    sa.Column("text_hash", Ascii, nullable=False),  # of the text that was shown
    sa.Column("parts", sa.JSON, nullable=False),
    sa.Index(None, "work_id", "radar_id"),
    sqlite_with_rowid=False,
)
