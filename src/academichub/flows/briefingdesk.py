"""Everything that doors may ask about briefings, in one place: the part of the hub that writes them."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from academichub.briefing.affinity import SHOWN_FROM
from academichub.errors import BriefingUnknown
from academichub.flows import briefing as writing
from academichub.flows.affinities import learn_affinity, write_affinities
from academichub.flows.asking import estimate
from academichub.flows.briefingbackground import Backgrounds
from academichub.flows.briefingfigures import evaluate_briefing
from academichub.flows.briefingfiles import print_briefing
from academichub.flows.briefingmaterial import check_order
from academichub.flows.estimating import Plans
from academichub.flows.papertexts import Told, Wish, run_name, write_paper_texts
from academichub.flows.radardesk import RadarDesk
from academichub.model.briefing import BriefingOrder, Maker
from academichub.model.briefingpages import BriefingPage, BriefingsPage, BriefingState, Estimate
from academichub.store import (
    affinities,
    aitexts,
    briefings,
    briefingschedules,
    ledger,
    radars,
    rankings,
    reading,
)
from academichub.store import corpus as shelf
from academichub.store.places import places
from academichub.store.whereabouts import whereabouts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from academichub.briefing.composing import Learned
    from academichub.briefing.ports import Chat
    from academichub.flows.affinities import Known
    from academichub.flows.asking import Tariff
    from academichub.flows.briefingfigures import BriefingFigures
    from academichub.llm.chat import ChatEndpoint
    from academichub.model.briefing import Briefing
    from academichub.model.briefingpages import AiText, Belongs, BriefingSchedule, Progress
    from academichub.model.shelf import Card
    from academichub.store.ledger import Caps

LISTED: Final = 60  # briefings in the archive's list
MOST_TOLD: Final = 20_000  # works of one job; its next one goes on


@dataclass(slots=True)
class KeptBriefings:
    """What is too costly to make for every briefing. Threads share it."""

    backgrounds: Backgrounds = field(default_factory=Backgrounds)
    endpoint: ChatEndpoint | None = None
    affinity: Known | None = None
    plans: Plans = field(default_factory=Plans)


class BriefingDesk(RadarDesk):
    """Briefings: order, write, read, print, schedule. The hub is one of these."""

    kept_briefings: KeptBriefings

    @abstractmethod
    def choose_chat(self, run: str, *, is_over: Callable[[], bool] | None = None) -> Chat | None:
        """Open the language model of the settings behind the ledger; None where none is set.

        Args:
            run: What its calls are booked under: a briefing's key, a job.
            is_over: Asked before each call; True ends the asking.
        """

    @abstractmethod
    def tariff(self) -> Tariff:
        """Say what the model costs."""

    @abstractmethod
    def caps(self) -> Caps:
        """Say what may be spent."""

    @abstractmethod
    def model_name(self) -> str:
        """Name the language model of the settings; "" where none is set."""

    @abstractmethod
    def briefing_files(self) -> Path | None:
        """Name the folder where learned backgrounds are kept; None keeps none."""

    def texts_wanted(self) -> tuple[Wish, tuple[str, ...]]:
        """Say what the model is to write about single papers, and in which languages; nothing by default."""
        return Wish.NONE, ()

    @abstractmethod
    def send_for_briefing(self, key: str) -> None:
        """Have a worker write the briefing that was ordered under a key."""

    # -- reading ----------------------------------------------------------------------------------

    def briefings(self) -> BriefingsPage:
        """Read the archive, and what a new briefing can be made of."""
        now = self.clock()
        with self.database.reading() as connection:
            known = radars.radars_of(connection)
            ranked = rankings.latest(connection, [one.id for one in known]).values()
            latest = max((one.on for one in ranked), default=None)
            return BriefingsPage(
                lines=tuple(briefings.lines(connection, limit=LISTED)),
                schedules=tuple(briefingschedules.all_of(connection)),
                radars=tuple((one.key, one.interest.name) for one in known),
                model=self.model_name(),
                latest=latest or next(iter(shelf.days(connection, until=now.date(), limit=1)), None),
                spent_today=ledger.spent(connection, since=now.date()),
                spent=ledger.spent(connection),
            )

    def briefing(self, key: str) -> BriefingPage:
        """Read a briefing, as far as it is written. Raises BriefingUnknown."""
        with self.database.reading() as connection:
            kept = briefings.read(connection, key)
            earlier, later = briefings.neighbours(connection, key)
            names = tuple((one.key, one.interest.name) for one in radars.radars_of(connection))
            cards: dict[int, Card] = {}
            numbers: dict[int, int] = {}
            stale: tuple[int, ...] = ()
            if kept.briefing is not None:
                works = kept.briefing.works
                now_at = whereabouts(connection, works)
                found = reading.cards_of(connection, set(now_at.values()))
                cards = {asked: found[there] for asked, there in now_at.items() if there in found}
                cited = [one for one in works[: kept.briefing.cited] if one in cards]
                placed = places(connection, [cards[one].work_id for one in cited])
                numbers = {one: placed[cards[one].work_id] for one in cited if cards[one].work_id in placed}
                hashes = {one.span.work_id: one.span.text_hash for one in kept.briefing.evidence()}
                texts = shelf.texts(connection, hashes)
                stale = tuple(
                    work_id
                    for work_id in works[: kept.briefing.cited]
                    if work_id in texts and work_id in hashes and texts[work_id].text_hash != hashes[work_id]
                )
        return BriefingPage(
            line=kept.line,
            briefing=kept.briefing,
            progress=kept.progress,
            cards=cards,
            numbers=numbers,
            radars=names,
            earlier=earlier,
            later=later,
            error=kept.error,
            stale=stale,
        )

    def briefing_progress(self, key: str) -> tuple[BriefingState, Progress]:
        """Say how far a briefing is. Raises BriefingUnknown."""
        with self.database.reading() as connection:
            standing = briefings.progress(connection, key)
        return standing.state, standing.progress

    def briefing_file(self, key: str, file_format: str, *, language: str = "") -> tuple[bytes, str]:
        """Print a briefing: "md", "html", "pdf" or "json"; give the file and its media type.

        Args:
            key: Of the briefing.
            file_format: As above.
            language: Of headings and connecting text, "zh" or "en"; that of the briefing if left out.

        Raises:
            BriefingUnknown: There is no such briefing, or nothing of it yet.
            BriefingInvalid: Another format.
            PrintingImpossible: A PDF cannot be set here.
        """
        page = self.briefing(key)
        return print_briefing(page, file_format, language=language)

    def evaluate_briefing(self, key: str) -> BriefingFigures:
        """Hold a stored briefing against what is stored. Raises BriefingUnknown."""
        with self.database.reading() as connection:
            kept = briefings.read(connection, key)
        if kept.briefing is None:
            raise BriefingUnknown(briefing=key)
        return evaluate_briefing(self.database, kept.briefing)

    def belongs(self, work_ids: Sequence[int]) -> Mapping[int, tuple[Belongs, ...]]:
        """Tell which fields works are likely of interest to: of all that are kept, those worth showing."""
        with self.database.reading() as connection:
            kept = affinities.of_works(connection, work_ids)
        shown = {
            work_id: tuple(one for one in fields if one.likelihood >= SHOWN_FROM)
            for work_id, fields in kept.items()
        }
        return {work_id: fields for work_id, fields in shown.items() if fields}

    def ai_texts(self, work_ids: Sequence[int], language: str) -> Mapping[int, tuple[AiText, ...]]:
        """Read what a model wrote of works in a language."""
        with self.database.reading() as connection:
            return aitexts.of_works(connection, work_ids, language)

    # -- writing ----------------------------------------------------------------------------------

    def order_briefing(self, order: BriefingOrder, *, now: datetime) -> str:
        """Have a briefing written by a worker; give its key. The same order twice waits once.

        Raises:
            BriefingInvalid, RadarUnknown: As `flows.briefingmaterial.gather`.
        """
        key = self.keep_order(order, now=now)
        self.send_for_briefing(key)
        return key

    def keep_order(self, order: BriefingOrder, *, now: datetime) -> str:
        """Keep an order, for a worker or for this process; give the key it has, or had."""
        check_order(order)
        with self.database.writing() as connection:
            for key in order.radars:
                radars.find(connection, key)
            return briefings.unfinished(connection, order) or briefings.order(connection, order, now=now)

    def write_briefing(self, key: str) -> BriefingState:
        """Write a briefing here and now. Raises BriefingUnknown."""
        return writing.write_briefing(
            self.database,
            key,
            learned=self._learned,
            chat=lambda is_over: self.choose_chat(key, is_over=is_over),
            clock=self.clock,
        )

    def draft_briefing(self, order: BriefingOrder, *, now: datetime) -> Briefing:
        """Make an extractive briefing and keep nothing. Raises as `order_briefing`."""
        return writing.draft(self.database, order, lambda: self._learned(order), now=now).briefing

    def estimate_briefing(self, order: BriefingOrder, *, now: datetime) -> Estimate:
        """Say what a briefing would take. Raises as `order_briefing`.

        Asked again while nothing changes on the shelves, it costs next to nothing.
        """
        check_order(order)
        chat = self.choose_chat("estimate") if order.writer is Maker.MODEL else None
        plan = self.kept_briefings.plans.get(
            self.database,
            order,
            chat,
            draft=lambda: writing.draft(self.database, order, lambda: self._learned(order), now=now),
        )
        if chat is None:
            return Estimate(plan.works)
        with self.database.reading() as connection:
            return replace(
                estimate(connection, plan.questions, chat, tariff=self.tariff(), caps=self.caps(), now=now),
                works=plan.works,
            )

    def cancel_briefing(self, key: str, *, now: datetime) -> None:
        """Stop a briefing that is being written; what it has stays. Raises BriefingUnknown."""
        with self.database.writing() as connection:
            briefings.cancel(connection, key, now=now)

    def remove_briefing(self, key: str) -> None:
        """Remove a briefing from the archive; one that is not there is nothing to do."""
        with self.database.writing() as connection:
            briefings.remove(connection, key)

    def tell_fields(self, *, now: datetime) -> int:
        """Tell the latest works which fields they are likely of interest to; give how many were told."""
        kept = self.kept_briefings
        kept.affinity = learn_affinity(self.database, kept.affinity, now=now, folder=self.briefing_files())
        return write_affinities(self.database, kept.affinity, now=now, limit=MOST_TOLD)

    def write_paper_texts(self) -> Told:
        """Have the model write about the papers of radars and briefings, as far as the settings want it."""
        wish, languages = self.texts_wanted()
        chat = self.choose_chat(run_name(self.clock())) if wish is not Wish.NONE else None
        if chat is None:
            return Told()
        return write_paper_texts(self.database, chat, wish=wish, languages=languages, clock=self.clock)

    def _learned(self, order: BriefingOrder) -> Learned:
        return self.kept_briefings.backgrounds.get(
            self.database, before=order.first, folder=self.briefing_files()
        )

    # -- by the clock -----------------------------------------------------------------------------

    def save_schedule(self, schedule: BriefingSchedule, /, *, now: datetime) -> int:
        """Keep a schedule, a new one where its number is 0; give the number.

        Raises:
            BriefingInvalid: An hour, a day or a time zone that is none.
            RadarUnknown: A radar that is not there.
        """
        with self.database.writing() as connection:
            for key in schedule.radars:
                radars.find(connection, key)
            return briefingschedules.save(connection, schedule, now=now)

    def remove_schedule(self, schedule_id: int, /) -> None:
        """Let a briefing no longer be written by itself."""
        with self.database.writing() as connection:
            briefingschedules.remove(connection, schedule_id)

    def order_due_briefings(self, *, now: datetime) -> int:
        """Order the briefings whose hour has come in their readers' time zones; give how many."""
        with self.database.reading() as connection:
            schedules = briefingschedules.all_of(connection)
        ordered = 0
        for schedule in schedules:
            local = now.astimezone(ZoneInfo(schedule.zone))
            if not _is_due(schedule, local):
                continue
            order = self._order_of(schedule, local.date())
            with self.database.writing() as connection:  # one worker of several orders it
                if not briefingschedules.ran(connection, schedule.id, local.date()):
                    continue
                key = briefings.order(connection, order, now=now)
            self.send_for_briefing(key)
            ordered += 1
        return ordered

    def _order_of(self, schedule: BriefingSchedule, today: date) -> BriefingOrder:
        """Cover the last days with works; where none came since the last time, today, which is empty."""
        with self.database.reading() as connection:
            latest = next(iter(shelf.days(connection, until=today, limit=1)), today)
            wanted = BriefingOrder(schedule.radars, latest, latest, schedule.language, schedule.writer)
            before = briefings.previous(
                connection, replace(wanted, first=today, last=today + timedelta(days=1))
            )
        if before is not None and before.order.last >= latest:
            return replace(wanted, first=today, last=today)
        first = latest - timedelta(days=schedule.days - 1)
        if before is not None:
            first = max(first, before.order.last + timedelta(days=1))
        return replace(wanted, first=first)


def _is_due(schedule: BriefingSchedule, local: datetime) -> bool:
    if schedule.weekdays and local.weekday() not in schedule.weekdays:
        return False
    if schedule.last_on is not None and schedule.last_on >= local.date():
        return False
    return (local.hour, local.minute) >= (schedule.hour, schedule.minute)
