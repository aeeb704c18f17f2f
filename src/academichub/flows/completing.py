"""Ask those who know for what a feed left out: abstract, authors, DOI; each field with its provenance."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from academichub.errors import (
    AcademicHubError,
    FeedSaysError,
    SourceNotFound,
    SourceUnknown,
    StoreUnreachable,
)
from academichub.fetch.client import Ask
from academichub.flows.ahead import API_BYTES
from academichub.flows.joining import join_by_name
from academichub.intake.completing import complete
from academichub.intake.judging import judge
from academichub.intake.normalising import normalise
from academichub.intake.wanting import lacks, wanted_name
from academichub.model.papers import Draft, New, Rejected
from academichub.model.shelf import Account, FetchStatus
from academichub.sources import policy
from academichub.sources.connectors import connector
from academichub.sources.limits import DEFAULT_LIMITS
from academichub.store import completing, kinship, log
from academichub.store import sources as shelf
from academichub.store.log import Received
from academichub.store.shelving import Shelving

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from academichub.db.engine import Connection, Database
    from academichub.flows.refreshing import Asks
    from academichub.model.papers import Feed
    from academichub.sources.harvest import Step
    from academichub.store.completing import Want

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
# Signs that part names from each other in the questions of one provider or another.
PARTING: Final = frozenset(",|")
# Answers that are about the question, not about how the provider is doing.
REFUSALS: Final = (SourceNotFound, FeedSaysError)
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


@dataclass(frozen=True, slots=True)
class Round:
    """Whom one call asks, and by what."""

    database: Database
    web: Asks
    scheme: str
    stage: int
    provider: str
    clock: Callable[[], datetime]


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

    A provider that failed lately is left alone until its time comes. What a question is refused for is
    found by asking about ever fewer: the others wait for the next call.

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
    round_ = Round(database, web, scheme, stage, CHAINS[scheme][stage], clock)
    with database.writing() as connection:
        source = _service(connection, round_.provider, now=clock())
    if source.is_paused or (source.next_due_at is not None and source.next_due_at > clock()):
        return Completion(round_.provider, 0, 0, Account())
    waiting = _waiting(round_)
    while waiting:
        try:
            return _ask(round_, waiting)
        except AcademicHubError as error:
            if isinstance(error, StoreUnreachable | SourceUnknown):
                raise
            if not isinstance(error, REFUSALS):
                _note_failure(round_, source, error, dice=dice())
                return Completion(round_.provider, len(waiting), 0, Account(), error)
            if len(waiting) > 1:
                waiting = waiting[: len(waiting) // 2]
                continue
            _pass_on(round_, waiting)
            if isinstance(error, SourceNotFound):
                # A single work is asked for by its own address: nothing there means that nobody knows it.
                return Completion(round_.provider, 1, 0, Account())
            _note_failure(round_, source, error, dice=dice())
            return Completion(round_.provider, 1, 0, Account(), error)
    return Completion(round_.provider, 0, 0, Account())


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


# -- who is asked, and about what -----------------------------------------------------------------


def _service(connection: Connection, provider: str, *, now: datetime) -> shelf.Subscription:
    """Give the source that a provider's answers are booked under; somebody may have removed it."""
    title, url = HOMES[provider]
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


def _waiting(this: Round) -> list[Want]:
    """List the papers of one question.

    Those that have got what they lacked meanwhile are struck off. Those that the provider itself brought, or
    cannot be asked about, are passed on.
    """
    most = 1 if this.scheme == "pii" else min(connector(this.provider).most_lookups, MOST_AT_ONCE)
    while True:
        now = this.clock()
        with this.database.reading() as connection:
            due = completing.due(connection, scheme=this.scheme, stage=this.stage, now=now, size=most)
            stored = {one: kinship.stored(connection, one.manifestation_id) for one in due}
        left = [one for one in due if lacks(stored[one].draft)]
        askable = [one for one in left if _is_askable(this, one, brought_by=stored[one].first)]
        with this.database.writing() as connection:
            completing.fulfil(connection, [one.manifestation_id for one in due if one not in left])
            _pass_on_in(connection, [one for one in left if one not in askable], stage=this.stage, now=now)
        if askable or not due:
            return _in_one_question(askable)


def _is_askable(this: Round, want: Want, *, brought_by: str) -> bool:
    if want.rounds == 0 and brought_by == this.provider:
        return False  # it has said what it knows
    try:
        question(this.provider, this.scheme, [want.value])
    except ValueError:
        return False
    return True


def _in_one_question(waiting: list[Want]) -> list[Want]:
    """Keep those that can be named together: a name with a sign that parts names is asked for alone."""
    if waiting and PARTING.intersection(waiting[0].value):
        return waiting[:1]
    return [one for one in waiting if not PARTING.intersection(one.value)]


def _ask(this: Round, waiting: Sequence[Want]) -> Completion:
    """Ask one question, and book its answer in one transaction: it is there as a whole, or not at all."""
    names = tuple(dict.fromkeys(one.value for one in waiting))
    step = question(this.provider, this.scheme, names)
    reply = this.web.get(
        Ask(url=step.url, accept=step.accept, post=step.post, max_bytes=API_BYTES), now=this.clock()
    )
    page = connector(this.provider).read(reply.body, step, DEFAULT_LIMITS)
    now = this.clock()
    answers, rejected = _answers(replace(page.feed, provider=this.provider), HOMES[this.provider][0], now=now)
    with this.database.shelving() as connection:
        source = _service(connection, this.provider, now=now)
        asked = hashlib.sha256(f"{step.url} {step.post}".encode()).hexdigest()
        fetch = log.open_fetch(
            connection,
            source_id=source.source_id,
            run=f"{source.key}@{now:%Y%m%dT%H%M%S.%f}:{asked[:12]}",
            address=step.url,
            fingerprint=hashlib.sha256(reply.body).hexdigest(),
            byte_count=len(reply.body),
            now=now,
        )
        places, completed = _fill_in(this, connection, source.source_id, answers, waiting)
        account = Account(
            received=len(answers) + len(rejected),
            revised=len(places),
            unchanged=len(answers) - len(places),
            rejected=len(rejected),
        )
        log.put_in_quarantine(connection, fetch, rejected, now=now)
        log.add_to_account(connection, fetch.fetch_id, account)
        log.finish_fetch(
            connection,
            fetch,
            status=FetchStatus.OK if account.received else FetchStatus.EMPTY,
            now=now,
            http_status=reply.status,
            elapsed_ms=reply.elapsed_ms,
            received=Received.ADDS_UP,
        )
        shelf.note_answer(
            connection, source.source_id, now=now, next_due_at=None, elapsed_ms=reply.elapsed_ms
        )
    return Completion(this.provider, len(waiting), completed, account)


# -- filling in -----------------------------------------------------------------------------------


def _fill_in(
    this: Round, connection: Connection, source_id: int, answers: Sequence[Draft], waiting: Sequence[Want]
) -> tuple[set[int], int]:
    """Fill in what was answered; give the places of the answers that brought something, and to how many."""
    now = this.clock()
    shelves = Shelving(connection, this.database, source_id=source_id, now=now, size=0)
    places: set[int] = set()
    completed = 0
    merged: list[tuple[Want, Draft]] = []
    left: list[Want] = []
    # Another process may have asked meanwhile, or have merged works.
    for want in completing.still_due(connection, [one.manifestation_id for one in waiting], stage=this.stage):
        place = _answer_to(want, answers)
        if place is None:
            left.append(want)
            continue
        draft, is_changed = _complete(connection, shelves, want, answers[place], provider=this.provider)
        merged.append((want, draft))
        completed += is_changed
        if is_changed:
            places.add(place)
    shelves.close()
    # What one of them learnt ties it to others of this answer, too: so all are written first.
    joins = [tie for want, draft in merged for tie in _ties(connection, want, draft, source_id=source_id)]
    join_by_name(connection, joins, now=now)
    satisfied = [want.manifestation_id for want, draft in merged if not _is_worth_asking(draft)]
    completing.fulfil(connection, satisfied)
    for want, draft in merged:
        if not _is_worth_asking(draft):
            continue
        better = wanted_name(draft)
        if better is None or better == (want.scheme, want.value):
            left.append(want)
        else:
            completing.want(
                connection,
                want.manifestation_id,
                name=better,
                stage=1 if CHAINS[better[0]][0] == this.provider else 0,
                now=now,
            )
    _pass_on_in(connection, left, stage=this.stage, now=now)
    return places, completed


def _is_worth_asking(draft: Draft) -> bool:
    """Tell what others may know; only Crossref has the lists of references that name a news piece's paper."""
    return lacks(draft) not in {(), ("paper",)}


def _answers(feed: Feed, home: str, *, now: datetime) -> tuple[list[Draft], list[Rejected]]:
    answers: list[Draft] = []
    rejected = list(feed.rejected)
    for record in feed.records:
        try:
            draft = normalise(record, feed=feed, now=now)
            # Where a provider does not know the journal its own name stands in: that says nothing.
            answers.append(replace(draft, venue="") if draft.venue == home else draft)
        except AcademicHubError as error:
            rejected.append(
                Rejected(record.position, record.external_id, record.title.value[:500], error, record.link)
            )
    return answers, rejected


def _answer_to(want: Want, answers: Sequence[Draft]) -> int | None:
    """Find the place of the answer that is about a paper."""
    if want.scheme == "pii":
        return 0 if len(answers) == 1 else None
    wanted = (want.scheme, want.value)
    return next((place for place, one in enumerate(answers) if wanted in one.identifiers.pairs()), None)


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


# -- when nobody knows ----------------------------------------------------------------------------


def _pass_on(this: Round, waiting: Sequence[Want]) -> None:
    with this.database.writing() as connection:
        _pass_on_in(connection, waiting, stage=this.stage, now=this.clock())


def _pass_on_in(connection: Connection, waiting: Sequence[Want], *, stage: int, now: datetime) -> None:
    """Have the next provider asked; after the last, all again in a week, and in the end nobody."""
    for scheme, rounds in sorted({(one.scheme, one.rounds) for one in waiting}):
        ids = [one.manifestation_id for one in waiting if (one.scheme, one.rounds) == (scheme, rounds)]
        if stage + 1 < len(CHAINS[scheme]):
            completing.pass_on(connection, ids, stage=stage + 1, rounds=rounds, next_try_at=now)
        elif rounds + 1 < ROUNDS:
            completing.pass_on(
                connection, ids, stage=0, rounds=rounds + 1, next_try_at=now + AGAIN_AFTER * (rounds + 1)
            )
        else:
            completing.fulfil(connection, ids)


def _note_failure(this: Round, source: shelf.Subscription, error: AcademicHubError, *, dice: float) -> None:
    """Write a failure down; after several in a row the papers that wait are handed to the next provider."""
    now, status = this.clock(), error.facts.get("status")
    wish = error.facts.get("retry_after_seconds")
    wait = policy.backoff(source.failures + 1, dice=dice)
    due = now + max(wait, timedelta(seconds=float(wish) if isinstance(wish, int | float) else 0.0))
    with this.database.writing() as connection:
        source_id = _service(connection, this.provider, now=now).source_id
        fetch = log.open_fetch(
            connection,
            source_id=source_id,
            run=f"{source.key}@{now:%Y%m%dT%H%M%S.%f}:failed",
            address=str(error.facts.get("url", source.url)),
            fingerprint=None,
            byte_count=0,
            now=now,
        )
        log.finish_fetch(
            connection,
            fetch,
            status=FetchStatus.FAILED,
            now=now,
            http_status=status if isinstance(status, int) else None,
            error=error,
        )
        shelf.note_failure(connection, source_id, error=error, now=now, next_due_at=due)
        # Where nobody else can be asked, they wait: that a server fails says nothing of what it knows.
        if source.failures + 1 >= NEXT_AFTER_FAILURES and len(CHAINS[this.scheme]) > 1:
            _hand_over(connection, this, now=now)


def _hand_over(connection: Connection, this: Round, *, now: datetime) -> None:
    """Have the next provider asked about all that wait for this one."""
    while waiting := completing.due(
        connection, scheme=this.scheme, stage=this.stage, now=now, size=kinship.CHUNK
    ):
        _pass_on_in(connection, waiting, stage=this.stage, now=now)
