"""Every table of the hub, once, for SQLite and PostgreSQL alike.

Every index is paid for by every paper that comes in, so one is added with the question that needs it.
No triggers and no server-side functions: Alembic's batch mode drops triggers silently, and what a row
means must be readable in one place. Instants are stored as UTC; calendar days as dates.
"""

from __future__ import annotations

import sqlalchemy as sa

from academichub.db import briefingtables, keepingtables, radartables  # who has the metadata has every table
from academichub.db.columns import Ascii, Id, Instant, Lines, metadata

# Besides the tables below: what is looked for here though it is made next door.
__all__ = ["Lines", "briefingtables", "keepingtables", "metadata", "radartables"]

HAS_ORCID = sa.text("orcid IS NOT NULL")

works = sa.Table(
    "works",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("face_id", Id, nullable=False),  # the manifestation whose text the card shows
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("venue", Ascii, nullable=False),
    sa.Column("listed_on", sa.Date, nullable=False),  # the day that shows the card, once and for all
    sa.Column("order_key", Ascii, nullable=False),  # place in its day, highest first; see store.ordering
    sa.Column("announcement", sa.String(16)),  # the strongest on the listing day
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.Column("manifestation_count", sa.Integer, nullable=False),
    sa.Column("categories", Lines, nullable=False),  # of all manifestations, primary first
    sa.Column("identifiers", Lines, nullable=False),  # "scheme:value" of all manifestations
    sa.Column("flags", Lines, nullable=False, server_default=""),  # model.papers.Flag, worst first
    sa.Column("title_key", Ascii, nullable=False),
    sa.Column("first_seen_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("change", Id, nullable=False),  # the store's change sequence, for followers
    sa.Index(None, "listed_on", "order_key"),
    sa.Index(None, "venue", "listed_on", "order_key"),
    sa.Index(None, "change"),
)

manifestations = sa.Table(
    "manifestations",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("work_id", Id, sa.ForeignKey("works.id"), nullable=False),
    sa.Column("place", Ascii, nullable=False),
    sa.Column("item", Ascii, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("counts_versions", sa.Boolean, nullable=False),  # False: `version` is 1 for want of any
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("fingerprint", Ascii, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("venue", Ascii, nullable=False),
    sa.Column("language", sa.String(16), nullable=False),
    sa.Column("title_raw", sa.Text, nullable=False),
    sa.Column("title_plain", sa.Text, nullable=False),
    sa.Column("title_html", sa.Text, nullable=False),
    sa.Column("title_form", sa.String(8), nullable=False),
    sa.Column("abstract_raw", sa.Text),
    sa.Column("abstract_plain", sa.Text),
    sa.Column("abstract_html", sa.Text),
    sa.Column("abstract_form", sa.String(8)),
    sa.Column("is_teaser", sa.Boolean, nullable=False),
    sa.Column("byline", Lines, nullable=False),  # names in order: the card's copy of `authors`
    sa.Column("categories", Lines, nullable=False),  # primary first
    sa.Column("links", Lines, nullable=False),  # "role href"
    sa.Column("identifiers", Lines, nullable=False),  # "scheme:value": this manifestation's own
    sa.Column("announcement", sa.String(16)),
    sa.Column("announced_on", sa.Date),
    sa.Column("published_at", Instant),
    sa.Column("published_on", sa.Date),
    sa.Column("published_precision", sa.String(8)),
    sa.Column("updated_at", Instant),
    sa.Column("updated_on", sa.Date),
    sa.Column("updated_precision", sa.String(8)),
    sa.Column("licence", sa.Text),
    sa.Column("journal_ref", sa.Text, nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("relations", Lines, nullable=False, server_default=""),  # "bond scheme:value"
    sa.Column("flags", Lines, nullable=False, server_default=""),  # what its sources say of it
    # "field provider", for fields that are not from the source that first brought the version
    sa.Column("origins", Lines, nullable=False, server_default=""),
    sa.Column("renderer", Ascii, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.UniqueConstraint("place", "item", "version"),
    sa.Index(None, "work_id"),
    sa.Index(None, "announced_on"),
)

identifiers = sa.Table(
    "identifiers",
    metadata,
    sa.Column("scheme", Ascii, primary_key=True),
    sa.Column("value", Ascii, primary_key=True),
    sa.Column("work_id", Id, sa.ForeignKey("works.id"), nullable=False),
    sqlite_with_rowid=False,
)

authors = sa.Table(
    "authors",
    metadata,
    sa.Column(
        "manifestation_id",
        Id,
        sa.ForeignKey("manifestations.id"),
        primary_key=True,
    ),
    sa.Column("position", sa.Integer, primary_key=True),  # 0-based reading order
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("orcid", sa.String(19)),
    sa.Column("affiliations", sa.JSON, nullable=False),
    sa.Index(
        None,
        "orcid",
        sqlite_where=sa.text("orcid IS NOT NULL"),
        postgresql_where=sa.text("orcid IS NOT NULL"),
    ),
    # For equality alone: PostgreSQL's usual index would refuse a name of three thousand characters.
    sa.Index(None, "name", postgresql_using="hash"),
    sqlite_with_rowid=False,
)

categories = sa.Table(
    "categories",
    metadata,
    sa.Column("category", Ascii, primary_key=True),
    sa.Column("listed_on", sa.Date, primary_key=True),
    sa.Column("order_key", Ascii, primary_key=True),
    sa.Column("work_id", Id, sa.ForeignKey("works.id"), primary_key=True),
    sa.Column("is_primary", sa.Boolean, nullable=False),
    sa.Index(None, "work_id"),
    sqlite_with_rowid=False,
)

day_tallies = sa.Table(
    "day_tallies",
    metadata,
    # "all"; "category", "venue" and "kind" with their values; "revised": works of earlier days with a
    # new version on this one.
    sa.Column("facet", Ascii, primary_key=True),
    sa.Column("listed_on", sa.Date, primary_key=True),
    sa.Column("value", Ascii, primary_key=True),  # "" for "all" and "revised"
    sa.Column("works", sa.Integer, nullable=False),
    sa.Column("minutes", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", Ascii, nullable=False, unique=True),
    sa.Column("kind", sa.String(16), nullable=False),  # "arxiv", "feed", "file"
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("is_paused", sa.Boolean, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("fingerprint", sa.Text),  # of the last good body
    sa.Column("last_try_at", Instant),
    sa.Column("last_ok_at", Instant),
    sa.Column("next_due_at", Instant),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("error_code", sa.Text),
    sa.Column("error_facts", sa.JSON),
    sa.Column("recent_ms", sa.JSON, nullable=False),  # how long the last forty answers took, newest last
    sa.Column("connector", Ascii, nullable=False, server_default=""),  # of kind "api": who reads its answers
    sa.Column("scope", sa.Text, nullable=False, server_default=""),  # what the connector is asked for
    sa.Column("harvested_to", sa.Date),  # the day up to which an "api" source has been harvested
    sa.Column("patience", sa.JSON),  # sources.policy.Patience: failures in a row, parking
    sa.Column("checked", sa.JSON),  # what the first answer was found to hold
    sa.Index(None, "next_due_at"),
)

source_days = sa.Table(
    "source_days",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),  # UTC day on which the fetches ended
    sa.Column("source_id", Id, sa.ForeignKey("sources.id"), primary_key=True),
    sa.Column("good", sa.Integer, nullable=False),  # answers with entries
    sa.Column("quiet", sa.Integer, nullable=False),  # honest answers without any, or not modified
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("received", sa.Integer, nullable=False),  # entries of the last good answer
    sa.Column("new", sa.Integer, nullable=False),  # sums over the day
    sa.Column("rejected", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)

fetches = sa.Table(
    "fetches",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("source_id", Id, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("run", Ascii, nullable=False, unique=True),  # names one fetch, so that a retry continues it
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("http_status", sa.Integer),
    sa.Column("byte_count", Id, nullable=False),
    sa.Column("elapsed_ms", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.Text),  # SHA-256 of the body being shelved
    sa.Column("done", sa.Integer, nullable=False),  # entries of the body that are accounted for
    sa.Column("received", sa.Integer, nullable=False),
    sa.Column("new", sa.Integer, nullable=False),
    sa.Column("revised", sa.Integer, nullable=False),
    sa.Column("twin", sa.Integer, nullable=False),
    sa.Column("unchanged", sa.Integer, nullable=False),
    sa.Column("rejected", sa.Integer, nullable=False),
    sa.Column("error_code", sa.Text),
    sa.Column("error_facts", sa.JSON),
    sa.CheckConstraint("received = new + revised + twin + unchanged + rejected", name="account_balances"),
    sa.CheckConstraint("done = received", name="nothing_uncounted"),
    sa.Index(None, "source_id", "started_at"),
    sa.Index(None, "started_at"),
)

sightings = sa.Table(
    "sightings",
    metadata,
    sa.Column(
        "manifestation_id",
        Id,
        sa.ForeignKey("manifestations.id"),
        primary_key=True,
    ),
    sa.Column("source_id", Id, sa.ForeignKey("sources.id"), primary_key=True),
    sa.Column("announcement", sa.String(16)),
    sa.Column("announced_on", sa.Date),
    sa.Column("first_seen_at", Instant, nullable=False),
    sa.Column("fingerprint", Ascii),  # of what this source said last of this version
    sa.Index(None, "source_id", "announced_on"),
    sqlite_with_rowid=False,
)

ties = sa.Table(
    "ties",
    metadata,
    # What a manifestation says of other works, which may come later.
    sa.Column("scheme", Ascii, primary_key=True),
    sa.Column("value", Ascii, primary_key=True),
    sa.Column("manifestation_id", Id, sa.ForeignKey("manifestations.id"), primary_key=True),
    sa.Column("bond", sa.String(24), primary_key=True),
    sa.Column("work_id", Id, sa.ForeignKey("works.id"), nullable=False),
    sa.Index(None, "work_id"),
    sqlite_with_rowid=False,
)

blocks = sa.Table(
    "blocks",
    metadata,
    # Works that share a key are compared by their text (intake.blocking).
    sa.Column("block", Id, primary_key=True, autoincrement=False),
    sa.Column("work_id", Id, sa.ForeignKey("works.id"), primary_key=True),
    sa.Index(None, "work_id"),
    sqlite_with_rowid=False,
)

merges = sa.Table(
    "merges",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("kept_id", Id, nullable=False),
    sa.Column("gone_id", Id),  # NULL where the copy never had a card of its own
    sa.Column("manifestation_id", Id),  # of such a copy
    sa.Column("because", Ascii, nullable=False),  # "doi", "preprint-of", "text", "hand", ...
    sa.Column("score", sa.Double),  # of "text"
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("snapshot", sa.JSON, nullable=False),  # what was before, for undoing
    sa.Column("change", Id, nullable=False),  # so that followers hear of the card that went
    sa.Column("undone_at", Instant),
    sa.Index(None, "kept_id"),
    sa.Index(None, "gone_id"),
    sa.Index(None, "change"),
)

doubts = sa.Table(
    "doubts",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("one_id", Id, nullable=False),  # the lower number of the two works
    sa.Column("other_id", Id, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("score", sa.Double, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),  # "open", "merged", "apart"
    sa.Column("decided_at", Instant),
    sa.UniqueConstraint("one_id", "other_id"),
    sa.Index(None, "state", "score"),
)

apart = sa.Table(
    "apart",
    metadata,
    # Pairs that a person, or an undone merge, has said are two works.
    sa.Column("one_id", Id, primary_key=True, autoincrement=False),
    sa.Column("other_id", Id, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

wanted = sa.Table(
    "wanted",
    metadata,
    # Manifestations that lack an abstract or authors, until somebody who knows was asked.
    sa.Column("manifestation_id", Id, sa.ForeignKey("manifestations.id"), primary_key=True),
    sa.Column("scheme", Ascii, nullable=False),  # "doi", "pii", "arxiv"
    sa.Column("value", Ascii, nullable=False),
    sa.Column("stage", sa.Integer, nullable=False),  # which provider is asked next
    sa.Column("rounds", sa.Integer, nullable=False),  # how often all of them were asked
    sa.Column("next_try_at", Instant, nullable=False),
    sa.Index(None, "stage", "next_try_at"),
    sqlite_with_rowid=False,
)

signals = sa.Table(
    "signals",
    metadata,
    # What readers elsewhere make of a paper, by its identifier: the paper may come later, or never.
    sa.Column("scheme", Ascii, primary_key=True),
    sa.Column("value", Ascii, primary_key=True),
    sa.Column("name", Ascii, primary_key=True),  # "hf-daily"
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("strength", sa.Integer, nullable=False),  # votes
    sa.Column("seen_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

harvests = sa.Table(
    "harvests",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("source_id", Id, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("run", Ascii, nullable=False, unique=True),
    sa.Column("purpose", sa.String(16), nullable=False),  # "refresh", "backfill", "heal"
    sa.Column("since", sa.Date),
    sa.Column("until", sa.Date),
    sa.Column("step", sa.JSON),  # the next question; NULL at the end
    sa.Column("status", sa.String(16), nullable=False),  # as of a fetch
    sa.Column("seen", Id, nullable=False),
    sa.Column("total", Id),
    sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("restarts", sa.Integer, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("touched_at", Instant, nullable=False),
    sa.Column("error_code", sa.Text),
    sa.Column("error_facts", sa.JSON),
    sa.Index(None, "source_id", "started_at"),
)

announcements = sa.Table(
    "announcements",
    metadata,
    # What a server said it announced on a day, and what of it came: the honest line under a date.
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("source_id", Id, sa.ForeignKey("sources.id"), primary_key=True),
    sa.Column("verdict", sa.String(16), nullable=False),  # sources.arxivcalendar.DayVerdict, or "healed"
    sa.Column("newest", sa.Date),  # of a stale day: the batch that the server still shows
    sa.Column("said_new", sa.Integer),
    sa.Column("said_cross", sa.Integer),
    sa.Column("said_replace", sa.Integer),
    sa.Column("stored_new", sa.Integer, nullable=False),
    sa.Column("stored_cross", sa.Integer, nullable=False),
    sa.Column("stored_replace", sa.Integer, nullable=False),
    sa.Column("healed", sa.Integer, nullable=False),  # papers that came by another way
    sa.Column("judged_at", Instant, nullable=False),
    sa.Column("healing_at", Instant),  # when the last harvest to fill the day in was ordered
    sa.Index(None, "source_id", "day"),
    sqlite_with_rowid=False,
)

quarantine = sa.Table(
    "quarantine",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("fetch_id", Id, sa.ForeignKey("fetches.id"), nullable=False),
    sa.Column("source_id", Id, sa.ForeignKey("sources.id"), nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("external_id", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("error_code", sa.Text, nullable=False),
    sa.Column("error_facts", sa.JSON, nullable=False),
    sa.Column("excerpt", sa.Text, nullable=False),
    sa.UniqueConstraint("fetch_id", "position"),
    sa.Index(None, "source_id", "received_at"),
)

host_gates = sa.Table(
    "host_gates",
    metadata,
    sa.Column("name", Ascii, primary_key=True),
    sa.Column("holder", sa.Text),  # who is making a request now; NULL when nobody is
    # Both in seconds since the epoch, by the database's clock.
    sa.Column("held_until", sa.Double),  # a dead holder's turn ends here
    sa.Column("next_allowed", sa.Double, nullable=False),
)

counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", Ascii, primary_key=True),
    sa.Column("value", Id, nullable=False),
)
