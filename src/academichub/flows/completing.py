"""Ask those who know for what a feed left out: abstract, authors, DOI; each field with its provenance."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from academichub.errors import AcademicHubError, RecordError, SourceUnknown, StoreUnreachable
from academichub.fetch.client import Ask
from academichub.flows.harvesting import API_BYTES
from academichub.flows.joining import join_by_name
from academichub.intake.completing import complete
from academichub.intake.judging import judge
from academichub.intake.normalising import normalise
from academichub.intake.wanting import lacks
from academichub.model.papers import Draft, New, Rejected
from academichub.model.shelf import Account, FetchStatus
from academichub.sources import policy
from academichub.sources.connectors import connector
from academichub.sources.limits import DEFAULT_LIMITS
from academichub.store import completing, kinship, log
from academichub.store import sources as shelf
from academichub.store.shelving import Shelving

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from academichub.db.engine import Connection, Database
    from academichub.flows.refreshing import Asks
    from academichub.model.papers import Feed
    from academichub.sources.harvest import Step
    from academichub.store.completing import Want
    from academichub.store.log import OpenFetch

# Whom to ask, in turn, by the name that a paper is known by (ingest reference, section 0, decision 4).
CHAINS: Final[Mapping[str, tuple[str, ...]]] = {
    "doi": ("crossref", "openalex", "europepmc", "semanticscholar"),
    "arxiv": ("arxivapi", "semanticscholar"),
    "pii": ("crossref",),
}
HOMES: Final[Mapping[str, tuple[str, str]]] = {
    "crossref": ("Crossref", "https://api.crossref.org/"),
    "openalex": ("OpenAlex", "https://api.openalex.org/"),
    "europepmc": ("Europe PMC", "https://www.ebi.ac.uk/europepmc/"),
    "semanticscholar": ("Semantic Scholar", "https://api.semanticscholar.org/"),
    "arxivapi": ("arXiv API", "https://export.arxiv.org/api/"),
}
MOST_AT_ONCE: Final = 50
# Publishers deposit abstracts late, or never: all are asked again after a week, three times over.
ROUNDS: Final = 3
AGAIN_AFTER: Final = timedelta(days=7)
NEXT_AFTER_FAILURES: Final = 3  # in a row; then the next provider is asked instead


@dataclass(frozen=True, slots=True)
class Completion:
    """What asking one provider once came to."""

    provider: str
    asked: int
    completed: int
    account: Account
    error: AcademicHubError | None = None


def service_key(provider: str) -> str:
    """Name the source that a provider's answers are booked under."""
    return f"service:{provider}"


def complete_papers(
    database: Database,
    web: Asks,
    *,
    scheme: str,
    stage: int,
    clock: Callable[[], datetime],
    dice: Callable[[], float],
) -> Completion:
    """Ask one provider about the papers that wait for it, and fill in what it knows.

    Args:
        database: The hub's database.
        web: The polite client.
        scheme: What the papers are asked for by: "doi", "arxiv" or "pii".
        stage: The provider's place in `CHAINS[scheme]`.
        clock: The present, UTC.
        dice: Random numbers in [0, 1) for spreading turns after a failure.

    Raises:
        StoreUnreachable: The database went away; nothing was kept, and the papers still wait.
    """
    provider = CHAINS[scheme][stage]
    source = _service(database, provider, now=clock())
    with database.reading() as connection:
        most = 1 if scheme == "pii" else min(connector(provider).most_lookups, MOST_AT_ONCE)
        waiting = completing.due(connection, scheme=scheme, stage=stage, now=clock(), size=most)
    if not waiting:
        return Completion(provider, 0, 0, Account())
    step = question(provider, scheme, [one.value for one in waiting])
    try:
        reply = web.get(
            Ask(url=step.url, accept=step.accept, post=step.post, max_bytes=API_BYTES), now=clock()
        )
        page = connector(provider).read(reply.body, step, DEFAULT_LIMITS)
    except AcademicHubError as error:
        if isinstance(error, StoreUnreachable | SourceUnknown):
            raise
        if error.code == "source.not_found" and len(waiting) == 1:
            # A single work is asked for by its own address: nothing there means that nobody knows it.
            _pass_on(database, waiting, stage=stage, now=clock())
            return Completion(provider, 1, 0, Account())
        _note_failure(database, source, waiting, error, stage=stage, now=clock(), dice=dice())
        return Completion(provider, len(waiting), 0, Account(), error)
    feed = replace(page.feed, provider=provider)
    now = clock()
    with database.writing() as connection:
        fetch = log.open_fetch(
            connection,
            source_id=source.source_id,
            run=f"{source.key}@{now:%Y%m%dT%H%M%S.%f}:{hashlib.sha256(step.url.encode()).hexdigest()[:12]}",
            address=step.url,
            fingerprint=hashlib.sha256(reply.body).hexdigest(),
            byte_count=len(reply.body),
            now=now,
        )
    account, completed = _fill_in(database, fetch, feed, waiting, stage=stage, provider=provider, now=now)
    with database.writing() as connection:
        log.finish_fetch(
            connection,
            fetch,
            status=FetchStatus.OK if account.received else FetchStatus.EMPTY,
            now=clock(),
            http_status=reply.status,
            elapsed_ms=reply.elapsed_ms,
        )
        shelf.note_answer(
            connection, source.source_id, now=clock(), next_due_at=None, elapsed_ms=reply.elapsed_ms
        )
    return Completion(provider, len(waiting), completed, account)


def question(provider: str, scheme: str, values: Sequence[str]) -> Step:
    """Write the question that asks a provider for papers by their names."""
    if scheme == "pii":
        from academichub.sources.crossref import lookup_pii

        return lookup_pii(values[0])
    asks = connector(provider).lookup
    if asks is None:
        msg = f"{provider} cannot be asked by identifier"
        raise ValueError(msg)
    prefix = {"semanticscholar": {"doi": "DOI:", "arxiv": "ARXIV:"}}.get(provider, {}).get(scheme, "")
    return asks([f"{prefix}{value}" for value in values])


def _service(database: Database, provider: str, *, now: datetime) -> shelf.Subscription:
    title, url = HOMES[provider]
    with database.writing() as connection:
        shelf.add_source(
            connection,
            key=service_key(provider),
            kind="service",
            title=title,
            url=url,
            now=now,
            connector=provider,
        )
        return shelf.subscription(connection, service_key(provider))


def _fill_in(
    database: Database,
    fetch: OpenFetch,
    feed: Feed,
    waiting: Sequence[Want],
    *,
    stage: int,
    provider: str,
    now: datetime,
) -> tuple[Account, int]:
    answers, rejected = _answers(feed, now=now)
    parts: Counter[str] = Counter()
    satisfied: list[int] = []
    left: list[Want] = []
    with database.shelving() as connection:
        joins: list[tuple[int, int, str]] = []
        shelves = Shelving(connection, database, source_id=fetch.source_id, now=now, size=0)
        for want in waiting:
            draft = _answer_to(want, answers)
            if draft is None:
                left.append(want)
                continue
            merged, is_changed = _complete(connection, shelves, want, draft, provider=provider)
            joins += _ties(connection, want, merged, source_id=fetch.source_id)
            parts["revised" if is_changed else "unchanged"] += 1
            missing = lacks(merged)
            if missing and missing != ("paper",):  # only Crossref has lists of references
                left.append(want)
            else:
                satisfied.append(want.manifestation_id)
        shelves.close()
        join_by_name(connection, joins, now=now)
        parts["unchanged"] += len(answers) - parts["revised"] - parts["unchanged"]
        account = Account(
            received=len(answers) + len(rejected),
            revised=parts["revised"],
            unchanged=parts["unchanged"],
            rejected=len(rejected),
        )
        log.put_in_quarantine(connection, fetch, rejected, now=now)
        log.add_to_account(connection, fetch.fetch_id, account)
        completing.fulfil(connection, satisfied)
        _pass_on_in(connection, left, stage=stage, now=now)
        log.touch_pages(connection)
    return account, parts["revised"]


def _answers(feed: Feed, *, now: datetime) -> tuple[list[Draft], list[Rejected]]:
    answers: list[Draft] = []
    rejected = list(feed.rejected)
    for record in feed.records:
        try:
            answers.append(normalise(record, feed=feed, now=now))
        except RecordError as error:
            rejected.append(
                Rejected(record.position, record.external_id, record.title.value[:500], error, record.link)
            )
    return answers, rejected


def _answer_to(want: Want, answers: Sequence[Draft]) -> Draft | None:
    if want.scheme == "pii":
        return answers[0] if len(answers) == 1 else None
    wanted = (want.scheme, want.value)
    return next((draft for draft in answers if wanted in draft.identifiers.pairs()), None)


def _complete(
    connection: Connection,
    shelves: Shelving,
    want: Want,
    draft: Draft,
    *,
    provider: str,
) -> tuple[Draft, bool]:
    """Fill one version in; give it as it stands now, and whether anything came."""
    stored = kinship.stored(connection, want.manifestation_id)
    done = complete(stored.draft, draft, origins=stored.origins, first=stored.first, provider=provider)
    shelves.rewrite(
        done.draft,
        done.origins,
        said=draft,
        work_id=want.work_id,
        manifestation_id=want.manifestation_id,
        is_changed=done.draft != stored.draft,
    )
    return done.draft, done.draft != stored.draft


def _ties(connection: Connection, want: Want, merged: Draft, *, source_id: int) -> list[tuple[int, int, str]]:
    """Find the works that what was learnt ties this one to: a preprint's journal article, say."""
    lookalikes = kinship.lookalikes(connection, [merged], source_id=source_id)
    verdict = judge(merged, lookalikes.of(merged))
    if isinstance(verdict, New):
        return []
    return [(want.work_id, other, "completed") for other in verdict.joins]


def _pass_on(database: Database, waiting: Sequence[Want], *, stage: int, now: datetime) -> None:
    with database.writing() as connection:
        _pass_on_in(connection, waiting, stage=stage, now=now)


def _pass_on_in(connection: Connection, waiting: Sequence[Want], *, stage: int, now: datetime) -> None:
    """Have the next provider asked; after the last, all again in a week, and in the end nobody."""
    for rounds in sorted({one.rounds for one in waiting}):
        group = [one for one in waiting if one.rounds == rounds]
        ids = [one.manifestation_id for one in group]
        if stage + 1 < len(CHAINS[group[0].scheme]):
            completing.pass_on(connection, ids, stage=stage + 1, rounds=rounds, next_try_at=now)
        elif rounds + 1 < ROUNDS:
            completing.pass_on(
                connection, ids, stage=0, rounds=rounds + 1, next_try_at=now + AGAIN_AFTER * (rounds + 1)
            )
        else:
            completing.fulfil(connection, ids)


def _note_failure(
    database: Database,
    source: shelf.Subscription,
    waiting: Sequence[Want],
    error: AcademicHubError,
    *,
    stage: int,
    now: datetime,
    dice: float,
) -> None:
    wish = error.facts.get("retry_after_seconds")
    wait = policy.backoff(source.failures + 1, dice=dice)
    due = now + max(wait, timedelta(seconds=float(wish) if isinstance(wish, int | float) else 0.0))
    with database.writing() as connection:
        shelf.note_failure(connection, source.source_id, error=error, now=now, next_due_at=due)
        if source.failures + 1 >= NEXT_AFTER_FAILURES:
            _pass_on_in(connection, waiting, stage=stage, now=now)
        log.touch_pages(connection)
