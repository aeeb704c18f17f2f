"""First shelves."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ASCII = sa.String().with_variant(sa.String(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Change the shape."""
    op.create_table(
        "counters",
        sa.Column("name", ASCII, nullable=False),
        sa.Column("value", ID, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "day_tallies",
        sa.Column("facet", ASCII, nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("value", ASCII, nullable=False),
        sa.Column("works", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("facet", "listed_on", "value", name=op.f("pk_day_tallies")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "host_gates",
        sa.Column("name", ASCII, nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("held_until", sa.Double(), nullable=True),
        sa.Column("next_allowed", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_host_gates")),
    )
    op.create_table(
        "sources",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", ASCII, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("last_try_at", INSTANT, nullable=True),
        sa.Column("last_ok_at", INSTANT, nullable=True),
        sa.Column("next_due_at", INSTANT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_facts", sa.JSON(), nullable=True),
        sa.Column("recent_ms", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("key", name=op.f("uq_sources_key")),
    )
    op.create_index(op.f("ix_sources_next_due_at"), "sources", ["next_due_at"], unique=False)

    op.create_table(
        "works",
        sa.Column("id", ID, nullable=False),
        sa.Column("face_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("venue", ASCII, nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("order_key", ASCII, nullable=False),
        sa.Column("announcement", sa.String(length=16), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("manifestation_count", sa.Integer(), nullable=False),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.Column("identifiers", sa.Text(), nullable=False),
        sa.Column("title_key", ASCII, nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("change", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_works")),
    )
    op.create_index(op.f("ix_works_change"), "works", ["change"], unique=False)
    op.create_index(op.f("ix_works_listed_on_order_key"), "works", ["listed_on", "order_key"], unique=False)
    op.create_index(
        op.f("ix_works_venue_listed_on_order_key"), "works", ["venue", "listed_on", "order_key"], unique=False
    )

    op.create_table(
        "categories",
        sa.Column("category", ASCII, nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("order_key", ASCII, nullable=False),
        sa.Column("work_id", ID, nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_categories_work_id")),
        sa.PrimaryKeyConstraint("category", "listed_on", "order_key", "work_id", name=op.f("pk_categories")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_categories_work_id"), "categories", ["work_id"], unique=False)

    op.create_table(
        "fetches",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("run", ASCII, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("byte_count", ID, nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("twin", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_facts", sa.JSON(), nullable=True),
        sa.CheckConstraint("done = received", name=op.f("ck_fetches_nothing_uncounted")),
        sa.CheckConstraint(
            "received = new + revised + twin + unchanged + rejected", name=op.f("ck_fetches_account_balances")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_fetches_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetches")),
        sa.UniqueConstraint("run", name=op.f("uq_fetches_run")),
    )
    op.create_index(
        op.f("ix_fetches_source_id_started_at"), "fetches", ["source_id", "started_at"], unique=False
    )
    op.create_index(op.f("ix_fetches_started_at"), "fetches", ["started_at"], unique=False)

    op.create_table(
        "identifiers",
        sa.Column("scheme", ASCII, nullable=False),
        sa.Column("value", ASCII, nullable=False),
        sa.Column("work_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_identifiers_work_id")),
        sa.PrimaryKeyConstraint("scheme", "value", name=op.f("pk_identifiers")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "manifestations",
        sa.Column("id", ID, nullable=False),
        sa.Column("work_id", ID, nullable=False),
        sa.Column("place", ASCII, nullable=False),
        sa.Column("item", ASCII, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("counts_versions", sa.Boolean(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", ASCII, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("venue", ASCII, nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("title_raw", sa.Text(), nullable=False),
        sa.Column("title_plain", sa.Text(), nullable=False),
        sa.Column("title_html", sa.Text(), nullable=False),
        sa.Column("title_form", sa.String(length=8), nullable=False),
        sa.Column("abstract_raw", sa.Text(), nullable=True),
        sa.Column("abstract_plain", sa.Text(), nullable=True),
        sa.Column("abstract_html", sa.Text(), nullable=True),
        sa.Column("abstract_form", sa.String(length=8), nullable=True),
        sa.Column("is_teaser", sa.Boolean(), nullable=False),
        sa.Column("byline", sa.Text(), nullable=False),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.Column("links", sa.Text(), nullable=False),
        sa.Column("identifiers", sa.Text(), nullable=False),
        sa.Column("announcement", sa.String(length=16), nullable=True),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("published_precision", sa.String(length=8), nullable=True),
        sa.Column("updated_at", INSTANT, nullable=True),
        sa.Column("updated_on", sa.Date(), nullable=True),
        sa.Column("updated_precision", sa.String(length=8), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("journal_ref", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("renderer", ASCII, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_manifestations_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manifestations")),
        sa.UniqueConstraint("place", "item", "version", name=op.f("uq_manifestations_place_item_version")),
    )
    op.create_index(op.f("ix_manifestations_announced_on"), "manifestations", ["announced_on"], unique=False)
    op.create_index(op.f("ix_manifestations_work_id"), "manifestations", ["work_id"], unique=False)

    op.create_table(
        "source_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("quiet", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_source_days_source_id")),
        sa.PrimaryKeyConstraint("day", "source_id", name=op.f("pk_source_days")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "authors",
        sa.Column("manifestation_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("orcid", sa.String(length=19), nullable=True),
        sa.Column("affiliations", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["manifestation_id"], ["manifestations.id"], name=op.f("fk_authors_manifestation_id")
        ),
        sa.PrimaryKeyConstraint("manifestation_id", "position", name=op.f("pk_authors")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_authors_orcid"),
        "authors",
        ["orcid"],
        unique=False,
        sqlite_where=sa.text("orcid IS NOT NULL"),
        postgresql_where=sa.text("orcid IS NOT NULL"),
    )

    op.create_table(
        "quarantine",
        sa.Column("id", ID, nullable=False),
        sa.Column("fetch_id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=False),
        sa.Column("error_facts", sa.JSON(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["fetch_id"], ["fetches.id"], name=op.f("fk_quarantine_fetch_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_quarantine_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("fetch_id", "position", name=op.f("uq_quarantine_fetch_id_position")),
    )
    op.create_index(
        op.f("ix_quarantine_source_id_received_at"), "quarantine", ["source_id", "received_at"], unique=False
    )

    op.create_table(
        "sightings",
        sa.Column("manifestation_id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("announcement", sa.String(length=16), nullable=True),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["manifestation_id"], ["manifestations.id"], name=op.f("fk_sightings_manifestation_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_sightings_source_id")),
        sa.PrimaryKeyConstraint("manifestation_id", "source_id", name=op.f("pk_sightings")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Change it back."""
    op.drop_table("sightings")
    op.drop_index(op.f("ix_quarantine_source_id_received_at"), table_name="quarantine")

    op.drop_table("quarantine")
    op.drop_index(
        op.f("ix_authors_orcid"),
        table_name="authors",
        sqlite_where=sa.text("orcid IS NOT NULL"),
        postgresql_where=sa.text("orcid IS NOT NULL"),
    )

    op.drop_table("authors")
    op.drop_table("source_days")
    op.drop_index(op.f("ix_manifestations_work_id"), table_name="manifestations")
    op.drop_index(op.f("ix_manifestations_announced_on"), table_name="manifestations")

    op.drop_table("manifestations")
    op.drop_table("identifiers")
    op.drop_index(op.f("ix_fetches_started_at"), table_name="fetches")
    op.drop_index(op.f("ix_fetches_source_id_started_at"), table_name="fetches")

    op.drop_table("fetches")
    op.drop_index(op.f("ix_categories_work_id"), table_name="categories")

    op.drop_table("categories")
    op.drop_index(op.f("ix_works_venue_listed_on_order_key"), table_name="works")
    op.drop_index(op.f("ix_works_listed_on_order_key"), table_name="works")
    op.drop_index(op.f("ix_works_change"), table_name="works")

    op.drop_table("works")
    op.drop_index(op.f("ix_sources_next_due_at"), table_name="sources")

    op.drop_table("sources")
    op.drop_table("host_gates")
    op.drop_table("day_tallies")
    op.drop_table("counters")
