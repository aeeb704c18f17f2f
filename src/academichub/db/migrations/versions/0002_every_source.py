"""Every source: several providers of one version, merging by text, completing, harvests, honest days."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ASCII = sa.String().with_variant(sa.String(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def _lines(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def upgrade() -> None:
    """Change the shape."""
    op.add_column("works", _lines("flags"))
    for name in ("relations", "flags", "origins"):
        op.add_column("manifestations", _lines(name))
    op.add_column("sightings", sa.Column("fingerprint", ASCII, nullable=True))
    op.create_index(op.f("ix_sightings_source_id_announced_on"), "sightings", ["source_id", "announced_on"])
    op.add_column("sources", sa.Column("connector", ASCII, nullable=False, server_default=""))
    op.add_column("sources", _lines("scope"))
    op.add_column("sources", sa.Column("harvested_to", sa.Date(), nullable=True))
    op.add_column("sources", sa.Column("patience", sa.JSON(), nullable=True))
    op.add_column("sources", sa.Column("checked", sa.JSON(), nullable=True))
    _add_kinship()
    _add_harvesting()


def _add_kinship() -> None:
    op.create_table(
        "ties",
        sa.Column("scheme", ASCII, nullable=False),
        sa.Column("value", ASCII, nullable=False),
        sa.Column("manifestation_id", ID, nullable=False),
        sa.Column("bond", sa.String(length=24), nullable=False),
        sa.Column("work_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["manifestation_id"], ["manifestations.id"], name=op.f("fk_ties_manifestation_id")
        ),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_ties_work_id")),
        sa.PrimaryKeyConstraint("scheme", "value", "manifestation_id", "bond", name=op.f("pk_ties")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_ties_work_id"), "ties", ["work_id"])
    op.create_table(
        "blocks",
        sa.Column("block", ID, autoincrement=False, nullable=False),
        sa.Column("work_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_blocks_work_id")),
        sa.PrimaryKeyConstraint("block", "work_id", name=op.f("pk_blocks")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_blocks_work_id"), "blocks", ["work_id"])
    op.create_table(
        "merges",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kept_id", ID, nullable=False),
        sa.Column("gone_id", ID, nullable=True),
        sa.Column("manifestation_id", ID, nullable=True),
        sa.Column("because", ASCII, nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("change", ID, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index(op.f("ix_merges_kept_id"), "merges", ["kept_id"])
    op.create_index(op.f("ix_merges_gone_id"), "merges", ["gone_id"])
    op.create_index(op.f("ix_merges_change"), "merges", ["change"])
    op.create_table(
        "doubts",
        sa.Column("id", ID, nullable=False),
        sa.Column("one_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubts")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_doubts_one_id_other_id")),
    )
    op.create_index(op.f("ix_doubts_state_score"), "doubts", ["state", "score"])
    op.create_table(
        "apart",
        sa.Column("one_id", ID, autoincrement=False, nullable=False),
        sa.Column("other_id", ID, autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_apart")),
        sqlite_with_rowid=False,
    )


def _add_harvesting() -> None:
    op.create_table(
        "wanted",
        sa.Column("manifestation_id", ID, nullable=False),
        sa.Column("scheme", ASCII, nullable=False),
        sa.Column("value", ASCII, nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("next_try_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["manifestation_id"], ["manifestations.id"], name=op.f("fk_wanted_manifestation_id")
        ),
        sa.PrimaryKeyConstraint("manifestation_id", name=op.f("pk_wanted")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_wanted_stage_next_try_at"), "wanted", ["stage", "next_try_at"])
    op.create_table(
        "signals",
        sa.Column("scheme", ASCII, nullable=False),
        sa.Column("value", ASCII, nullable=False),
        sa.Column("name", ASCII, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("scheme", "value", "name", "day", name=op.f("pk_signals")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "harvests",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("run", ASCII, nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("step", sa.JSON(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("seen", ID, nullable=False),
        sa.Column("total", ID, nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("restarts", sa.Integer(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("touched_at", INSTANT, nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_facts", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_harvests_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvests")),
        sa.UniqueConstraint("run", name=op.f("uq_harvests_run")),
    )
    op.create_index(op.f("ix_harvests_source_id_started_at"), "harvests", ["source_id", "started_at"])
    op.create_table(
        "announcements",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("newest", sa.Date(), nullable=True),
        sa.Column("said_new", sa.Integer(), nullable=True),
        sa.Column("said_cross", sa.Integer(), nullable=True),
        sa.Column("said_replace", sa.Integer(), nullable=True),
        sa.Column("stored_new", sa.Integer(), nullable=False),
        sa.Column("stored_cross", sa.Integer(), nullable=False),
        sa.Column("stored_replace", sa.Integer(), nullable=False),
        sa.Column("healed", sa.Integer(), nullable=False),
        sa.Column("judged_at", INSTANT, nullable=False),
        sa.Column("healing_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_announcements_source_id")),
        sa.PrimaryKeyConstraint("day", "source_id", name=op.f("pk_announcements")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_announcements_source_id_day"), "announcements", ["source_id", "day"])


def downgrade() -> None:
    """Take the change back; what only the new shape can hold is lost."""
    for table in (
        "announcements",
        "harvests",
        "signals",
        "wanted",
        "apart",
        "doubts",
        "merges",
        "blocks",
        "ties",
    ):
        op.drop_table(table)
    for table, names in (
        ("sources", ("checked", "patience", "harvested_to", "scope", "connector")),
        ("sightings", ("fingerprint",)),
        ("manifestations", ("origins", "flags", "relations")),
        ("works", ("flags",)),
    ):
        for name in names:
            op.drop_column(table, name)
