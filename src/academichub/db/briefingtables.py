"""The tables of briefings: what is briefed and when, what models wrote, and what they cost.

As with radars, no row refers to `works` by a foreign key: a merge removes a work's row, and undoing it
brings the row back. Rows keep the number they were written with, and reading follows it.
"""

from __future__ import annotations

import sqlalchemy as sa

from academichub.db.columns import Ascii, Id, Instant, Lines, metadata

IS_RESERVED = sa.text("state = 'reserved'")

briefings = sa.Table(
    "briefings",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("reader_id", Id, sa.ForeignKey("readers.id"), nullable=False),
    sa.Column("key", Ascii, nullable=False),  # `last` and `number`, as addresses spell them
    sa.Column("last", sa.Date, nullable=False),  # the last day that is briefed
    sa.Column("number", sa.Integer, nullable=False),  # of the briefings of that day, from 1
    sa.Column("scope", sa.Text, nullable=False),  # the radars' keys, sorted, a line each
    sa.Column("order", sa.JSON, nullable=False),  # model.briefing.BriefingOrder
    sa.Column("state", sa.String(16), nullable=False),  # model.briefingpages.BriefingState
    sa.Column("ordered_at", Instant, nullable=False),
    sa.Column("started_at", Instant),
    sa.Column("ended_at", Instant),
    sa.Column("progress", sa.JSON, nullable=False),  # model.briefingpages.Progress
    sa.Column("error_code", sa.Text),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("fingerprint", Ascii, nullable=False),
    sa.Column("headline", Lines, nullable=False),
    # The account, of one that is done: model.briefing.Account.
    sa.Column("works", sa.Integer),
    sa.Column("sentences", sa.Integer),
    sa.Column("citations", sa.Integer),
    sa.Column("quoted", sa.Integer),
    sa.Column("close", sa.Integer),
    sa.Column("loose", sa.Integer),
    sa.Column("removed", sa.Integer),
    # model.briefing.Briefing as JSON by Zstandard, or what there is of it so far. Last, for it is long.
    sa.Column("body", sa.LargeBinary),
    sa.CheckConstraint("sentences = quoted + close + loose", name="account_balances"),
    sa.UniqueConstraint("reader_id", "key"),
    sa.Index(None, "reader_id", "last", "number"),
    sa.Index(None, "fingerprint"),
)

briefing_schedules = sa.Table(
    "briefing_schedules",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("reader_id", Id, sa.ForeignKey("readers.id"), nullable=False),
    sa.Column("radars", Lines, nullable=False),  # keys
    sa.Column("language", sa.String(16), nullable=False),
    sa.Column("writer", sa.String(16), nullable=False),  # model.briefing.Maker
    sa.Column("hour", sa.Integer, nullable=False),
    sa.Column("minute", sa.Integer, nullable=False),
    sa.Column("weekdays", sa.JSON, nullable=False),  # 0 Monday to 6 Sunday; empty: every day
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("last_on", sa.Date),  # the reader's day it last ran for
    sa.Column("changed_at", Instant, nullable=False),
    sqlite_autoincrement=True,  # jobs are named by it: a number never comes twice
)

work_affinities = sa.Table(
    "work_affinities",
    metadata,
    sa.Column("work_id", Id, primary_key=True, autoincrement=False),
    sa.Column("model", Ascii, nullable=False),  # that judged it
    sa.Column("change", Id, nullable=False),  # works.change when its text was read
    sa.Column("belongs", sa.JSON, nullable=False),  # [archive, likelihood], the likeliest first
    sa.Column("at", Instant, nullable=False),
)

ai_texts = sa.Table(
    "ai_texts",
    metadata,
    sa.Column("work_id", Id, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(16), primary_key=True),  # model.briefingpages.AiKind
    sa.Column("language", sa.String(16), primary_key=True),
    sa.Column("text_hash", Ascii, nullable=False),  # of the paper's text that it was made from
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),  # "" where no text of the model's would do
    sa.Column("warnings", Lines, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
)

model_calls = sa.Table(
    "model_calls",
    metadata,
    # Every time a model was asked, or a kept answer taken in its place.
    sa.Column("id", Id, primary_key=True),
    sa.Column("request_hash", Ascii, nullable=False),
    sa.Column("purpose", sa.String(16), nullable=False),
    sa.Column("run", Ascii, nullable=False),
    sa.Column("model", Ascii, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # store.ledger.CallState
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("day", sa.Date, nullable=False),  # UTC day of `reserved_at`, which it counts for
    sa.Column("reserved_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("reserved_in", Id, nullable=False),  # tokens
    sa.Column("reserved_out", Id, nullable=False),
    sa.Column("reserved_money", Id, nullable=False),  # billionths of the currency, as `money`
    sa.Column("tokens_in", Id, nullable=False),
    sa.Column("tokens_out", Id, nullable=False),
    sa.Column("money", Id, nullable=False),
    sa.Column("currency", Ascii, nullable=False),
    sa.Index(None, "request_hash"),
    sa.Index(None, "run"),
    sa.Index("ix_model_calls_open", "id", sqlite_where=IS_RESERVED, postgresql_where=IS_RESERVED),
)

model_answers = sa.Table(
    "model_answers",
    metadata,
    # Content-addressed: the same question to the same model is never paid for twice.
    sa.Column("request_hash", Ascii, primary_key=True),
    sa.Column("model", Ascii, nullable=False),
    sa.Column("tokens_in", Id, nullable=False),  # that it took when it was asked for
    sa.Column("tokens_out", Id, nullable=False),
    sa.Column("answered_at", Instant, nullable=False),
    sa.Column("answer", sa.LargeBinary, nullable=False),  # UTF-8 by Zstandard
)

model_days = sa.Table(
    "model_days",
    metadata,
    # Sums of `model_calls` that ended, so that a cap of the hub is not a sum over all its years.
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("purpose", sa.String(16), primary_key=True),
    sa.Column("model", Ascii, primary_key=True),
    sa.Column("currency", Ascii, primary_key=True),
    sa.Column("calls", Id, nullable=False),
    sa.Column("cached", Id, nullable=False),  # of the calls
    sa.Column("tokens_in", Id, nullable=False),
    sa.Column("tokens_out", Id, nullable=False),
    sa.Column("money", Id, nullable=False),
    sqlite_with_rowid=False,
)
