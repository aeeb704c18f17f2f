"""Lead a parsed answer to the shelves, batch by batch, with an account that always balances."""

from __future__ import annotations

from collections import Counter, deque
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from academichub.errors import AcademicHubError
from academichub.flows.joining import join_by_name, join_by_text
from academichub.intake.completing import complete
from academichub.intake.judging import judge
from academichub.intake.kinship import keys_of, prepared
from academichub.intake.normalising import normalise
from academichub.intake.signals import signal_of
from academichub.intake.wanting import wanted_name
from academichub.model.papers import Draft, New, Record, Rejected, Revised, Signal, Twin, Unchanged
from academichub.model.shelf import Account
from academichub.store import log, signals
from academichub.store.shelving import Shelving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from academichub.db.engine import Database
    from academichub.model.papers import Feed, Verdict
    from academichub.store.log import OpenFetch

# Papers per transaction: large enough to keep SQLite's cost per commit small, small enough that a
# reader never waits long behind a writer (some 80 ms).
BATCH = 250
PART = {New: "new", Revised: "revised", Twin: "twin", Unchanged: "unchanged"}
EXCERPT_CHARACTERS = 2000


Cleaned: TypeAlias = Draft | Signal | Rejected


def shelve(
    database: Database,
    feed: Feed,
    fetch: OpenFetch,
    *,
    now: datetime,
    provider: str = "feed",
    progress: Callable[[int], None] | None = None,
) -> Account:
    """Clean, judge and store every entry of an answer that is not accounted for yet.

    Entries go in the order of the feed; see `shelve_cleaned`.

    Args:
        database: The hub's database.
        feed: The parsed answer.
        fetch: The open fetch; its first `done` entries are skipped.
        now: For dates, and the day of what carries none.
        provider: Who speaks: a connector's name or a source's kind; decides whom to believe where two
            tell one version differently.
        progress: Called with the number of entries done after each batch.

    Returns:
        What became of the entries shelved by this call.

    Raises:
        SourceUnknown: Somebody removed the source in the meantime.
    """
    cleaned = clean_feed(feed, start=fetch.done, now=now)
    return shelve_cleaned(database, cleaned, fetch, now=now, provider=provider, progress=progress)


def shelve_cleaned(
    database: Database,
    cleaned: Iterator[Cleaned],
    fetch: OpenFetch,
    *,
    now: datetime,
    provider: str,
    progress: Callable[[int], None] | None = None,
) -> Account:
    """Judge and store what was cleaned of an answer, the first entry being number `fetch.done`.

    Each batch and its part of the account are one transaction, so a process that is killed anywhere
    leaves a balanced account and repeats nothing when it continues. Nor do two that work on the same
    fetch, as where a process stood still until its job was given to another: each goes on from where the
    fetch has come to.

    Raises:
        SourceUnknown: Somebody removed the source in the meantime.
    """
    done, total = fetch.done, Account()
    held: list[Cleaned] = []
    while held := [*held, *islice(cleaned, BATCH - len(held))]:
        part, reached = _shelve_batch(database, held, fetch, done=done, now=now, provider=provider)
        total += part
        if progress is not None:
            progress(reached - done)
        passed = reached - done
        deque(islice(cleaned, max(passed - len(held), 0)), maxlen=0)  # another process was further on
        held, done = held[passed:], reached
    return total


def clean_feed(feed: Feed, *, start: int = 0, now: datetime) -> Iterator[Cleaned]:
    """Clean the entries of an answer, in its order, from number `start` on."""
    both: list[Record | Rejected] = [*feed.records, *feed.rejected]
    entries = sorted(both, key=lambda entry: entry.position)
    return (_clean(entry, feed=feed, now=now) for entry in islice(entries, start, None))


def _shelve_batch(
    database: Database,
    batch: Sequence[Cleaned],
    fetch: OpenFetch,
    *,
    done: int,
    now: datetime,
    provider: str,
) -> tuple[Account, int]:
    """Shelve the entries that begin at `done`; give their account, and how many of all are done now."""
    drafts = [entry for entry in batch if isinstance(entry, Draft)]
    heard = [entry for entry in batch if isinstance(entry, Signal)]
    rejected = [entry for entry in batch if isinstance(entry, Rejected)]
    parts: Counter[str] = Counter()
    with database.shelving() as connection:
        reached = log.hold(connection, fetch)
        if reached != done:
            return Account(), reached
        if drafts:
            shelves = Shelving(connection, database, source_id=fetch.source_id, now=now, size=len(drafts))
            tray = Tray(shelves, provider=provider)
            lookalikes = shelves.lookalikes(drafts)
            for draft in drafts:
                parts[tray.take(draft, judge(draft, lookalikes.of(draft)))] += 1
            shelves.close()
            join_by_name(connection, tray.joins, now=now)
            merged = join_by_text(connection, tray.fresh, now=now, at_arxiv=frozenset(tray.at_arxiv))
            parts["new"] -= merged
            parts["twin"] += merged
        signals.keep(connection, heard, now=now)
        parts["unchanged"] += len(heard)  # they change no paper
        log.put_in_quarantine(connection, fetch, rejected, now=now)
        account = Account(received=len(batch), rejected=len(rejected), **parts)
        log.add_to_account(connection, fetch.fetch_id, account)
        if account.unchanged < account.received:
            log.touch_pages(connection)
    return account, done + account.received


class Tray:
    """What one batch has brought so far."""

    def __init__(self, shelves: Shelving, *, provider: str) -> None:
        self._shelves = shelves
        self._provider = provider
        self.fresh: dict[int, tuple[int, ...]] = {}  # works that are new, with their keys for comparing
        self.at_arxiv: set[int] = set()
        self.joins: list[tuple[int, int, str]] = []  # works that a draft tied together, and by what

    def take(self, draft: Draft, verdict: Verdict) -> str:
        """Put one judged draft on the shelves; give the part of the account that it belongs to."""
        if isinstance(verdict, Twin | Revised) and verdict.manifestation_id is not None:
            self._complete(draft, verdict.of, verdict.manifestation_id)
        else:
            work_id = self._shelves.save(draft, verdict, wants=wanted_name(draft))
            if isinstance(verdict, New):
                keys = keys_of(prepared(draft))
                self._shelves.note_blocks(work_id, keys)
                self.fresh[work_id] = keys
                if draft.key.place == "arxiv":
                    self.at_arxiv.add(work_id)
        if isinstance(verdict, Unchanged):
            self.joins += [(verdict.work_id, other, "said") for other in verdict.joins]
        elif isinstance(verdict, Twin | Revised):
            self.joins += [(verdict.of, other, verdict.because) for other in verdict.joins]
        return PART[type(verdict)]

    def _complete(self, draft: Draft, work_id: int, manifestation_id: int) -> None:
        stored = self._shelves.stored(manifestation_id)
        first = stored.first or self._provider
        done = complete(stored.draft, draft, origins=stored.origins, first=first, provider=self._provider)
        self._shelves.rewrite(
            done.draft,
            done.origins,
            said=draft,
            work_id=work_id,
            manifestation_id=manifestation_id,
            is_changed=done.draft != stored.draft,
        )


def _clean(entry: Record | Rejected, *, feed: Feed, now: datetime) -> Cleaned:
    """Turn one record's error into a value, so that it never stops its neighbours."""
    if isinstance(entry, Rejected):
        return entry
    try:
        if "hub:signal" in entry.fields and (signal := signal_of(entry, now=now)) is not None:
            return signal
        return normalise(entry, feed=feed, now=now)
    except AcademicHubError as error:
        return Rejected(
            position=entry.position,
            external_id=entry.external_id,
            title=entry.title.value,
            error=error,
            excerpt=f"{entry.link}\n{entry.summary.value}"[:EXCERPT_CHARACTERS],
        )
