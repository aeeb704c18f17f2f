"""Name everything that can go wrong, once, for logs, pages and programs.

Rooms raise these; flows turn one record's error into a value; doors translate `code` for people.
"""

from __future__ import annotations

import json
from functools import partial
from typing import ClassVar, TypeAlias

Fact: TypeAlias = str | int | float | bool | None


class AcademicHubError(Exception):
    """Anything the hub can name. Facts are JSON values and never hold secrets."""

    code: ClassVar[str] = "hub.failed"
    retryable: ClassVar[bool] = False

    def __init__(self, **facts: Fact) -> None:
        super().__init__(self.code, facts)
        self.facts: dict[str, Fact] = facts

    def __reduce__(self) -> tuple[partial[AcademicHubError], tuple[()]]:
        """Cross from one process to another: the facts are keywords, which pickling does not know."""
        return partial(type(self), **self.facts), ()

    def __str__(self) -> str:
        """Show the code and its facts on one line, as the log does."""
        return f"{self.code} {json.dumps(self.facts, ensure_ascii=False, sort_keys=True)}"


# -- settings -------------------------------------------------------------------------------------


class SettingsError(AcademicHubError):
    """Something in the configuration cannot be used."""

    code = "settings.failed"


class SettingUnknown(SettingsError):
    """A name that is no setting. Facts: name, where, suggestion."""

    code = "settings.unknown"


class SettingInvalid(SettingsError):
    """A value that its setting cannot take. Facts: name, where, value, wanted."""

    code = "settings.invalid"


class SettingsUnreadable(SettingsError):
    """The configuration file, or a secret's file, cannot be read. Facts: path, line, reason."""

    code = "settings.unreadable"


class AddressNotLoopback(SettingsError):
    """The pages would be open to the network without a password. Facts: host."""

    code = "serve.not_loopback"


class PortTaken(SettingsError):
    """Another program listens there. Facts: host, port."""

    code = "serve.port_taken"


class SampleRefused(AcademicHubError):
    """Made-up papers would be mixed into a hub that gathers real ones. Facts: home."""

    code = "sample.hub_in_use"


# -- feeds and files ------------------------------------------------------------------------------


class FeedError(AcademicHubError):
    """An answer that could not be read as a feed."""

    code = "feed.failed"


class FeedUnreadable(FeedError):
    """Not a feed in any format we know, or broken beyond repair. Facts: reason, line."""

    code = "feed.unreadable"


class FeedEmptyAnswer(FeedError):
    """The answer has no bytes, or only white space. No facts."""

    code = "feed.no_bytes"


class FeedIsWebPage(FeedError):
    """A web page came instead of a feed. Facts: title."""

    code = "feed.is_web_page"


class FeedSaysError(FeedError):
    """The server wrapped an error in a well-formed feed. Facts: message."""

    code = "feed.says_error"


class FeedThrottled(FeedError):
    """The server asks for fewer requests, dressed as an answer. Facts: message."""

    code = "feed.throttled"
    retryable = True


class FeedTooLarge(FeedError):
    """More bytes than a feed may have. Facts: bytes, limit."""

    code = "feed.too_large"


class FeedTooDeep(FeedError):
    """Elements nested or attributes piled beyond any honest feed. Facts: reason, limit."""

    code = "feed.too_deep"


class FeedTooManyEntries(FeedError):
    """More entries than a feed may have. Facts: entries, limit."""

    code = "feed.too_many_entries"


class ParserStopped(FeedError):
    """The tolerant parser used up its time or memory and was ended. Facts: reason, limit."""

    code = "feed.parser_stopped"


class AnswerPageEmpty(FeedError):
    """A page of a harvest without entries, though the server counts more. Facts: seen, total."""

    code = "answer.page_empty"
    retryable = True


class AnswerPageRepeated(FeedError):
    """The same page of a harvest came again. Facts: seen, mark."""

    code = "answer.page_repeated"
    retryable = True


class AnswerMovedCursor(FeedError):
    """The cursor leads to where the harvest already was. Facts: seen, total."""

    code = "answer.cursor_moved"
    retryable = True


class AnswerTokenExpired(FeedError):
    """The server no longer knows the resumption token; the harvest starts again. Facts: token."""

    code = "answer.token_expired"
    retryable = True


class AnswerUnknown(FeedError):
    """An answer in no form that the hub reads. Facts: looks_like."""

    code = "answer.unknown"


class KeyMissing(FeedError):
    """The server answers only those who have a key. Facts: server, setting."""

    code = "answer.key_missing"


class FileUnreadable(AcademicHubError):
    """A file named by the reader cannot be opened or unpacked. Facts: path, reason."""

    code = "file.unreadable"


# -- records --------------------------------------------------------------------------------------


class RecordError(AcademicHubError):
    """One entry that cannot become a paper; its neighbours are not touched."""

    code = "record.failed"


class RecordUntitled(RecordError):
    """An entry without a title. Facts: external_id."""

    code = "record.untitled"


class RecordUnidentified(RecordError):
    """An entry with nothing to know it by: no identifier, no id, no link. Facts: title."""

    code = "record.unidentified"


class RecordBroken(RecordError):
    """An entry whose own text cannot be read. Facts: reason, line."""

    code = "record.broken"


# -- the public web -------------------------------------------------------------------------------


class FetchError(AcademicHubError):
    """A request that brought nothing usable."""

    code = "source.failed"


class SourceUnreachable(FetchError):
    """The server did not answer, or answered 5xx. Facts: url, status, reason."""

    code = "source.unreachable"
    retryable = True


class SourceThrottled(FetchError):
    """The server answered 429 or asked us to wait. Facts: url, status, retry_after_seconds."""

    code = "source.throttled"
    retryable = True


class SourceRefused(FetchError):
    """The server will not give this to us (401, 403, 418, 451 ...). Facts: url, status."""

    code = "source.refused"


class SourceNotFound(FetchError):
    """Nothing is at that address (404 and other 4xx). Facts: url, status."""

    code = "source.not_found"


class SourceGone(FetchError):
    """The server says it is gone for good (410). Facts: url, status."""

    code = "source.gone"


class SourceTooLarge(FetchError):
    """The body, or what it unpacks to, is over the cap. Facts: url, limit, reason."""

    code = "source.too_large"


class SourceTooSlow(FetchError):
    """The whole exchange took longer than its deadline. Facts: url, limit_seconds."""

    code = "source.too_slow"
    retryable = True


class SourceGarbled(FetchError):
    """The answer came packed in a way we did not ask for, or cannot be unpacked. Facts: url, reason."""

    code = "source.garbled"


class SourceRedirects(FetchError):
    """Too many redirects, a loop, or one that leads where we must not follow. Facts: url, reason."""

    code = "source.redirects"


class AddressForbidden(FetchError):
    """The address leads into a private network or to a forbidden port. Facts: url, reason."""

    code = "address.forbidden"


class AddressMalformed(FetchError):
    """Not an http or https address we can use. Facts: url, reason."""

    code = "address.malformed"


# -- shelves and jobs -----------------------------------------------------------------------------


class StoreError(AcademicHubError):
    """The shelves could not do what was asked."""

    code = "store.failed"


class StoreUnreachable(StoreError):
    """The database does not answer. Facts: database, reason."""

    code = "store.unreachable"
    retryable = True


class StoreFromTheFuture(StoreError):
    """The database was written by a newer AcademicHub. Facts: found, known."""

    code = "store.newer"


class WorkUnknown(StoreError):
    """No work has that number or identifier. Facts: work."""

    code = "work.unknown"


class DoubtUnknown(StoreError):
    """No open doubt has that number. Facts: doubt."""

    code = "doubt.unknown"


class MergeUnknown(StoreError):
    """No merge has that number, or it cannot be taken back any more. Facts: merge."""

    code = "merge.unknown"


class SourceUnknown(StoreError):
    """No source has that key. Facts: source, suggestion."""

    code = "source.unknown"


class CategoryUnknown(StoreError):
    """No category has that name. Facts: category, suggestion."""

    code = "category.unknown"


class BackfillImpossible(StoreError):
    """Nobody that the hub can ask keeps the past of this source. Facts: source."""

    code = "backfill.impossible"


class GateTimeout(StoreError):
    """A host's gate stayed shut for longer than we may wait. Facts: gate, waited_seconds."""

    code = "gate.timeout"
    retryable = True


class JobsError(AcademicHubError):
    """The job engine could not take or run a job. Facts: job, reason."""

    code = "jobs.failed"


class AlreadyRunning(JobsError):
    """Another process of this hub holds the place. Facts: path, pid."""

    code = "hub.already_running"


# -- interests ------------------------------------------------------------------------------------


class QueryInvalid(AcademicHubError):
    """A query that cannot be read; columns count from 1. Facts: query, column, length, reason, suggestion."""

    code = "query.invalid"


class LibraryEntryBroken(AcademicHubError):
    """An entry of a library file that cannot be read. Facts: file, line, entry, reason."""

    code = "library.entry_broken"


class LibraryUnreadable(AcademicHubError):
    """A file in no format of a reference manager that we read. Facts: file, reason."""

    code = "library.unreadable"


class RadarUnknown(StoreError):
    """No radar has that name or number. Facts: radar, suggestion."""

    code = "radar.unknown"


class RadarInvalid(AcademicHubError):
    """A radar that cannot be kept so. Facts: field, reason."""

    code = "radar.invalid"


class RankingUnreadable(AcademicHubError):
    """A folder that is not in the format of `evaluate ranking`. Facts: path, line, reason."""

    code = "ranking.unreadable"


class ModelError(AcademicHubError):
    """A model could not be used."""

    code = "model.failed"


class ModelMissing(ModelError):
    """A model's packages are not installed. Facts: model, extra."""

    code = "model.missing"


class ModelTampered(ModelError):
    """A model's weights are not the ones that were pinned. Facts: model, file, expected, found."""

    code = "model.tampered"


class EmbeddingsUnreachable(ModelError):
    """The embeddings endpoint did not answer, or answered 5xx or 429. Facts: url, status, reason."""

    code = "embeddings.unreachable"
    retryable = True


class EmbeddingsRefused(ModelError):
    """The embeddings endpoint refused, or answered what cannot be read. Facts: url, status, reason."""

    code = "embeddings.refused"


# -- briefings ------------------------------------------------------------------------------------


class BriefingUnknown(StoreError):
    """No briefing has that key. Facts: briefing."""

    code = "briefing.unknown"


class BriefingInvalid(AcademicHubError):
    """A briefing, or a schedule of one, that cannot be ordered so. Facts: field, reason."""

    code = "briefing.invalid"


class ChatUnreachable(ModelError):
    """The language model's endpoint did not answer, or answered 5xx or 429. Facts: url, status, reason."""

    code = "chat.unreachable"
    retryable = True


class ChatRefused(ModelError):
    """The language model's endpoint refused, or answered what cannot be read. Facts: url, status, reason."""

    code = "chat.refused"


class SpendingCapped(ModelError):
    """Asking the model once more would cost more than is allowed. Facts: cap, limit, spent, wanted."""

    code = "model.capped"


class PrintingImpossible(AcademicHubError):
    """A PDF cannot be set here: the typesetter is not installed, or failed. Facts: reason, extra."""

    code = "printing.impossible"


class EvaluationUnreadable(AcademicHubError):
    """A file that is not in the format of the evaluation asked for. Facts: path, line, reason."""

    code = "evaluation.unreadable"


# -- finding and keeping --------------------------------------------------------------------------


class CollectionUnknown(StoreError):
    """No collection has that key. Facts: collection, suggestion."""

    code = "collection.unknown"


class KeepingInvalid(AcademicHubError):
    """A tag, a note or a collection that cannot be kept so. Facts: field, reason."""

    code = "keeping.invalid"


class FormatUnknown(AcademicHubError):
    """A kind of file that lists are not written as. Facts: format, known."""

    code = "format.unknown"


class ZoteroRefused(FetchError):
    """Zotero does not let the key read that library. Facts: library, status."""

    code = "zotero.refused"


class IndexBroken(AcademicHubError):
    """The search index cannot be read or written. Facts: path, reason."""

    code = "index.broken"


class IndexBusy(AcademicHubError):
    """Another process is writing the search index. Facts: path."""

    code = "index.busy"
    retryable = True


class ArchiveUnreadable(AcademicHubError):
    """A file that is no whole hub, or one that cannot be taken in here. Facts: file, reason."""

    code = "archive.unreadable"


# -- doors ----------------------------------------------------------------------------------------


class DateMalformed(AcademicHubError):
    """Not a calendar day as YYYY-MM-DD. Facts: value."""

    code = "date.malformed"


class PageUnknown(AcademicHubError):
    """No page at that address. Facts: path."""

    code = "page.unknown"


class HostUnknown(AcademicHubError):
    """Asked under a host name that is not ours, as DNS rebinding does. Facts: host."""

    code = "host.unknown"


class FormForeign(AcademicHubError):
    """A form sent from another site. Facts: origin."""

    code = "form.foreign"


class FormInvalid(AcademicHubError):
    """A form field with a value it cannot take. Facts: field, value."""

    code = "form.invalid"
