"""Have the language model write about single papers: a line on each, its title and abstract translated.

One paper after the other, the newest first, each text kept as soon as it is there. A process that dies loses
nothing: what is kept is not asked for again, and an answer that came is in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from academichub.briefing.papertexts import PaperText, summarise, translate
from academichub.errors import ChatRefused, ChatUnreachable, GateTimeout, SpendingCapped
from academichub.flows.briefingmaterial import paper_of
from academichub.model.briefingpages import AiKind, AiText
from academichub.store import aitexts, briefings, papertexts
from academichub.store import corpus as shelf
from academichub.store.gates import HostGates
from academichub.store.papertexts import Made
from academichub.store.whereabouts import whereabouts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from academichub.briefing.ports import Chat
    from academichub.db.engine import Connection, Database
    from academichub.store.corpus import WorkText

LOOKS_BACK: Final = timedelta(days=14)  # whose radars' days and briefings are looked at
MOST_BRIEFINGS: Final = 40
MOST_PAPERS: Final = 60  # of one run; the next one goes on
MOST_SECONDS: Final = 20 * 60.0  # of one run, likewise: a briefing may wait for its place in the queue
MOST_FAILURES: Final = 3  # papers in a row; then the model is left alone until the next run
GATE: Final = "model:texts"  # one process at a time asks for texts, so that none is paid for twice
HOLD_SECONDS: Final = 15 * 60.0  # after which a process that holds it counts as dead


class Wish(StrEnum):
    """What a hub has its model write about single papers."""

    NONE = "none"
    SUMMARIES = "summaries"
    ALL = "all"  # translations too


@dataclass(frozen=True, slots=True)
class Told:
    """What one run did."""

    papers: int = 0
    written: int = 0  # texts
    refused: int = 0  # texts that the checks, or the model, would not have
    stopped: str = ""  # why before its end: "cap", "unreachable", "busy", "time", "enough"; "" if at its end


@dataclass(frozen=True, slots=True)
class Gap:
    """Texts of one work that are missing, and that one question can give."""

    work: WorkText
    language: str
    kinds: tuple[AiKind, ...]  # the summary alone, or what is to be translated


def run_name(now: datetime) -> str:
    """Name the run that the calls of a day are booked under: a cap of a run is one of a day's texts."""
    return f"texts:{now:%Y-%m-%d}"


def write_paper_texts(  # what a run is bounded by, each named
    database: Database,
    chat: Chat,
    *,
    wish: Wish,
    languages: Sequence[str],
    clock: Callable[[], datetime],
    most_papers: int = MOST_PAPERS,
    most_seconds: float = MOST_SECONDS,
    hold_seconds: float = HOLD_SECONDS,
) -> Told:
    """Write what is missing of the papers that radars showed lately, or that briefings cite, newest first.

    Args:
        database: The hub's database.
        chat: The model, behind the ledger.
        wish: What is wanted.
        languages: Of the texts, "zh", "en" or both.
        clock: UTC.
        most_papers: That are asked about.
        most_seconds: After which no other text is begun.
        hold_seconds: How long others leave the work to a process that says nothing more.

    Returns:
        What was done. An error of the model's is no error of the run: the paper waits for the next one.
    """
    desk = _Desk(database, chat, clock, HostGates(database), hold_seconds)
    ends_at = clock() + timedelta(seconds=most_seconds)
    papers: set[int] = set()
    for gap in gaps(database, wish=wish, languages=languages, now=clock()):
        if gap.work.work_id not in papers and len(papers) == most_papers:
            return desk.told(papers, "enough")
        if clock() >= ends_at:
            return desk.told(papers, "time")
        papers.add(gap.work.work_id)
        stopped = desk.fill(gap)
        if stopped:
            return desk.told(papers, stopped)
    return desk.told(papers, "")


def gaps(database: Database, *, wish: Wish, languages: Sequence[str], now: datetime) -> Iterator[Gap]:
    """List what is missing, the newest works first; for a work the summary before the translation."""
    if wish is Wish.NONE:
        return
    with database.reading() as connection:
        works = shelf.texts(connection, _chosen(connection, since=now.date() - LOOKS_BACK))
        made = papertexts.made(connection, works)
    for work in works.values():
        there = made.get(work.work_id, frozenset())
        for language in languages:
            for kinds in _wanted(work, wish, language):
                missing = tuple(one for one in kinds if Made(one, language, work.text_hash) not in there)
                if missing:
                    yield Gap(work, language, missing)


def _chosen(connection: Connection, *, since: date) -> set[int]:
    """Give the works that radars showed or briefings cite, where they are now."""
    chosen = papertexts.shown(connection, since=since)
    for key in papertexts.briefed(connection, since=since, limit=MOST_BRIEFINGS):
        briefing = briefings.read(connection, key).briefing
        chosen |= set(briefing.works[: briefing.cited]) if briefing is not None else set()
    return set(whereabouts(connection, chosen).values())


def _wanted(work: WorkText, wish: Wish, language: str) -> Iterator[tuple[AiKind, ...]]:
    if work.abstract:
        yield (AiKind.SUMMARY,)
    if wish is Wish.ALL and work.language.partition("-")[0] != language:
        yield (AiKind.TITLE, AiKind.ABSTRACT) if work.abstract else (AiKind.TITLE,)


class _Desk:
    """What one run has in its hands."""

    def __init__(
        self,
        database: Database,
        chat: Chat,
        clock: Callable[[], datetime],
        gates: HostGates,
        hold_seconds: float,
    ) -> None:
        self._database = database
        self._chat = chat
        self._clock = clock
        self._gates = gates
        self._hold_seconds = hold_seconds
        self._failed: set[int] = set()  # papers in a row
        self._silent: set[int] = set()  # papers that got no answer: they are asked about in the next run
        self._doubtful: list[Gap] = []  # that the server refused: the question's fault, or the server's?
        self._written = self._refused = 0

    def fill(self, gap: Gap) -> str:
        """Have texts written and keep them; say why the run has to stop, "" if it goes on."""
        if gap.work.work_id in self._silent:
            return ""
        try:
            with self._gates.turn(
                GATE, interval_seconds=0.0, hold_seconds=self._hold_seconds, timeout_seconds=0.0
            ):
                self._keep(gap, self._asked(gap))
        except GateTimeout:
            return "busy"
        except SpendingCapped:
            return "cap"
        except (ChatUnreachable, ChatRefused) as error:
            self._failed.add(gap.work.work_id)
            if isinstance(error, ChatRefused):
                self._doubtful.append(gap)
            else:
                self._silent.add(gap.work.work_id)
            return "unreachable" if len(self._failed) >= MOST_FAILURES else ""
        self._failed.clear()
        return ""

    def told(self, papers: set[int], stopped: str) -> Told:
        """End the run.

        A question that the server refused, while it answered others, is the question's fault: it is not asked
        in every run again.
        """
        if self._written or self._refused:
            for gap in self._doubtful:
                self._keep(gap, [PaperText(kind, "", ("refused",)) for kind in gap.kinds])
        return Told(len(papers), self._written, self._refused, stopped)

    def _asked(self, gap: Gap) -> Sequence[PaperText]:
        """Ask. Raises ModelError."""
        paper = paper_of(gap.work)
        if gap.kinds == (AiKind.SUMMARY,):
            return [summarise(paper, self._chat, language=gap.language)]
        return translate(paper, self._chat, language=gap.language, kinds=gap.kinds)

    def _keep(self, gap: Gap, texts: Sequence[PaperText]) -> None:
        """Keep what was written; an empty text says that it was refused, and its warnings why."""
        now = self._clock()
        with self._database.writing() as connection:
            aitexts.save(
                connection,
                [
                    AiText(
                        work_id=gap.work.work_id,
                        kind=one.kind,
                        language=gap.language,
                        text=one.text,
                        text_hash=gap.work.text_hash,
                        model=self._chat.model,
                        made_at=now,
                        warnings=one.codes,
                    )
                    for one in texts
                ],
            )
        good = sum(1 for one in texts if one.text)
        self._written += good
        self._refused += len(texts) - good
