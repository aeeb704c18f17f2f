"""Everything that doors may ask about radars, in one place: the part of the hub that keeps them."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from academichub.errors import ModelError, WorkUnknown
from academichub.flows import interests
from academichub.flows.background import Backgrounds
from academichub.flows.embedding import embed_works
from academichub.flows.naming import link_seeds
from academichub.flows.previewing import Recent, preview, read_recent
from academichub.flows.profiles import interest_digest, read_told
from academichub.flows.radarshapes import blip_of, empty_page, radar_rows
from academichub.flows.ranking import ALGORITHM, LaidOut, rank_day, rank_radar
from academichub.flows.selfevaluating import evaluate_radar
from academichub.model.radarpages import (
    Badge,
    Explanation,
    RadarCard,
    RadarExport,
    RadarPage,
    RadarsPage,
    SeedLine,
)
from academichub.model.startingpoints import starting_points
from academichub.store import corpus as shelf
from academichub.store import feedback, log, radars, rankings, reading, seeds, signals, strips, vectors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from academichub.db.engine import Database
    from academichub.flows.background import Background
    from academichub.flows.selfevaluating import OwnFigures
    from academichub.llm.ports import Embedder
    from academichub.model.radar import LessReason, Radar, RadarDay, Verdict
    from academichub.model.radarpages import LibraryReport, Preview, RadarForm, StartingPoint
    from academichub.model.shelf import Card

MOST_CARDS: Final = 100
EMBEDDED: Final = timedelta(days=60)  # older works are embedded when somebody wants them
MOST_EMBEDDED: Final = 50_000
PAGES_KEPT: Final = 64  # whose badges are kept
DAYS_RANKED: Final = 14  # with works: a new radar's past
DAYS_WATCHED: Final = 3  # of them, those that are ranked again when works or vectors come
RECENT_PATIENCE: Final = timedelta(minutes=15)


@dataclass(slots=True)
class Kept:
    """What is too costly to make for every question. Threads share it."""

    backgrounds: Backgrounds = field(default_factory=Backgrounds)
    candidates: LaidOut = field(default_factory=LaidOut)
    lock: threading.RLock = field(default_factory=threading.RLock)
    embedder: Embedder | None = None
    is_chosen: bool = False
    recent: tuple[str, datetime, Recent] | None = None  # with the background's fingerprint
    page: tuple[int, date, RadarsPage] | None = None  # with the pages' revision and the day
    badges: OrderedDict[tuple[int, tuple[int, ...]], Mapping[int, tuple[Badge, ...]]] = field(
        default_factory=OrderedDict
    )

    def forget_pages(self) -> None:
        """Forget what pages were told: something has been written just now."""
        with self.lock:
            self.page = None
            self.badges.clear()


class RadarDesk(ABC):
    """Radars: make, rank, read, teach, explain. The hub is one of these.

    Reading what was ranked takes a millisecond or so; ranking, a preview and a model's first use take longer.
    """

    database: Database
    clock: Callable[[], datetime]
    kept_radars: Kept

    @abstractmethod
    def choose_embedder(self) -> Embedder | None:
        """Load the model that the settings want; None for words alone. Raises ModelError."""

    @abstractmethod
    def radar_files(self) -> Path | None:
        """Name the folder where learned backgrounds are kept; None keeps none."""

    def revision(self) -> int:
        """Give a number that grows with every change that a page can show."""
        with self.database.reading() as connection:
            return log.pages_revision(connection)

    # -- reading ----------------------------------------------------------------------------------

    def radars(self) -> RadarsPage:
        """Read all radars, and what ranking can work with; kept until something changes."""
        revision, today = self.revision(), self.clock().date()
        kept = self.kept_radars.page
        if kept is None or kept[:2] != (revision, today):
            kept = self.kept_radars.page = (revision, today, self._radars())
        return kept[2]

    def _radars(self) -> RadarsPage:
        with self.database.reading() as connection:
            rows = radar_rows(connection, radars.radars_of(connection), today=self.clock().date())
            latest = max(
                rankings.latest(connection, [row.radar.id for row in rows]).values(),
                key=lambda one: (one.on, one.ranked_at),
                default=None,
            )
            inputs = strips.inputs(connection, latest.radar_id, latest.on) if latest is not None else None
        return RadarsPage(
            rows=rows,
            embedded=latest.embedded if latest is not None else 0,
            of=latest.candidates if latest is not None else 0,
            space=inputs.space if inputs is not None else "",
        )

    def radar(self, key: str, *, on: date | None = None) -> RadarPage:
        """Read one day of one radar; the latest where none is named. Raises RadarUnknown."""
        with self.database.reading() as connection:
            radar = radars.find(connection, key)
            (row,) = radar_rows(connection, [radar], today=self.clock().date())
            on = on or row.latest_on
            day = rankings.read_day(connection, radar.id, on) if on is not None else None
            lines = tuple(SeedLine(one.seed_id, one.seed) for one in seeds.of_radar(connection, radar.id))
            if day is None:
                return empty_page(row, on, lines)
            said = {one.work_id: one for one in feedback.of_radar(connection, radar.id)}
            cards = reading.cards_of(connection, [one.work_id for one in day.ranked[:MOST_CARDS]])
            shown = tuple(
                RadarCard(
                    card=cards[one.work_id],
                    ranked=one,
                    verdict=said[one.work_id].verdict if one.work_id in said else None,
                    reason=str(said[one.work_id].reason or "") if one.work_id in said else "",
                )
                for one in day.ranked[:MOST_CARDS]
                if one.work_id in cards
            )
            votes = signals.strongest(
                connection, {one.card.work_id: one.card.identifiers.pairs() for one in shown}
            )
            earlier, later = rankings.neighbours(connection, radar.id, day.on)
        return RadarPage(
            row=row,
            on=day.on,
            earlier=earlier,
            later=later,
            days=row.days,
            cards=shown,
            below=day.candidates - len(day.ranked),
            candidates=day.candidates,
            embedded=day.embedded,
            themes=day.themes,
            blips=tuple(blip_of(one, day, votes.get(one.card.work_id, 0)) for one in shown),
            seeds=lines,
        )

    def explain(self, key: str, work_id: int, *, on: date | None = None) -> Explanation:
        """Say why a paper has its score, as it was stored, and what has changed since.

        Raises:
            RadarUnknown: No such radar.
            WorkUnknown: It has not shown that paper.
        """
        with self.database.reading() as connection:
            radar = radars.find(connection, key)
            stored = rankings.explain(connection, radar.id, work_id, on=on)
            cards = reading.cards_of(connection, [work_id])
            last = rankings.latest(connection, [radar.id]).get(radar.id)
            latest = strips.inputs(connection, radar.id, last.on) if last is not None else None
        if stored is None or work_id not in cards:
            raise WorkUnknown(work=str(work_id))
        told = read_told(self.database, radar.id, radar.interest, is_multilingual=False)
        now = {
            "algorithm": ALGORITHM,
            "interest": interest_digest(radar.interest),
            "seeds": told.seeds,
            "feedback": told.feedback,
            "background": latest.background if latest is not None else stored.inputs.background,
            "space": latest.space if latest is not None else stored.inputs.space,
        }
        changed = tuple(name for name, value in now.items() if getattr(stored.inputs, name) != value)
        return Explanation(
            radar=radar,
            on=stored.on,
            ranked_at=stored.ranked_at,
            title_html=cards[work_id].title_html,
            ranked=stored.ranked,
            algorithm=stored.inputs.algorithm,
            changed=changed,
            now_score=None,
        )

    def badges(self, work_ids: Sequence[int]) -> Mapping[int, tuple[Badge, ...]]:
        """Say which radars papers matched, best first; kept until something changes."""
        if not self.radars().rows:
            return {}
        key = self.revision(), tuple(work_ids)
        with self.kept_radars.lock:
            found = self.kept_radars.badges.get(key)
        if found is None:
            with self.database.reading() as connection:
                found = rankings.badges(connection, work_ids)
            with self.kept_radars.lock:
                self.kept_radars.badges[key] = found
                while len(self.kept_radars.badges) > PAGES_KEPT:
                    self.kept_radars.badges.popitem(last=False)
        return found

    def matched(
        self, on: date, *, key: str | None, after: tuple[float, int] | None, size: int
    ) -> tuple[tuple[int, float], ...]:
        """List a day's papers by their best match, or by one radar's. Raises RadarUnknown."""
        with self.database.reading() as connection:
            radar_id = radars.find(connection, key).id if key is not None else None
            place = rankings.Matched(*after) if after is not None else None
            found = rankings.today(connection, on, radar_id=radar_id, after=place, limit=size)
        return tuple((one.work_id, one.match) for one in found)

    def cards_of(self, work_ids: Sequence[int]) -> tuple[Card, ...]:
        """Read cards in the order asked for; those that went are left out."""
        with self.database.reading() as connection:
            cards = reading.cards_of(connection, work_ids)
        return tuple(cards[work_id] for work_id in work_ids if work_id in cards)

    def starting_points(self) -> tuple[StartingPoint, ...]:
        """List the ready-made interests."""
        return starting_points()

    # -- making -----------------------------------------------------------------------------------

    def create_radar(self, form: RadarForm, *, now: datetime) -> str:
        """Make a radar and rank the latest day; give its key.

        Raises:
            RadarInvalid, QueryInvalid, LibraryUnreadable: As `interests.gather`.
        """
        radar = interests.create(self.database, form, now=now)
        self.rank_one(radar, now=now)
        return radar.key

    def change_radar(self, key: str, form: RadarForm, *, now: datetime) -> None:
        """Change a radar and rank its latest day again. Raises what `create` raises, and RadarUnknown."""
        self.rank_one(interests.change(self.database, key, form, now=now), now=now)

    def remove_radar(self, key: str) -> None:
        """Remove a radar with all it has ranked. Raises RadarUnknown."""
        with self.database.writing() as connection:
            radars.remove(connection, radars.find(connection, key).id)
        self.kept_radars.forget_pages()

    def pause_radar(self, key: str, *, paused: bool, now: datetime) -> None:
        """Pause a radar, or let it go on. Raises RadarUnknown."""
        with self.database.writing() as connection:
            radars.pause(connection, radars.find(connection, key).id, is_paused=paused, now=now)
        self.kept_radars.forget_pages()

    def remove_seed(self, key: str, seed_id: int, *, now: datetime) -> None:
        """Take a paper out of what stands for the interest. Raises RadarUnknown."""
        with self.database.writing() as connection:
            radar = radars.find(connection, key)
            seeds.remove(connection, radar.id, seed_id, now=now)
        self.rank_one(radar, now=now)

    def import_seeds(
        self, content: bytes, *, name: str, key: str | None, now: datetime, collection: str = ""
    ) -> LibraryReport:
        """Read a library file, or one collection of it, into a radar where one is named."""
        report = interests.import_library(
            self.database, content, name=name, key=key, now=now, collection=collection
        )
        if key is not None and report.added:
            with self.database.reading() as connection:
                radar = radars.find(connection, key)
            self.rank_one(radar, now=now)
        return report

    def preview_radar(self, form: RadarForm, *, key: str | None = None, now: datetime) -> Preview:
        """Show what a form would have caught in the last days. Raises what `create` raises."""
        background, embedder = self._background(now)
        with self.kept_radars.lock:
            kept = self.kept_radars.recent
            if kept is None or kept[0] != background.fingerprint or now - kept[1] > RECENT_PATIENCE:
                recent = read_recent(
                    self.database, until=now.date(), background=background, embedder=embedder
                )
                kept = self.kept_radars.recent = (background.fingerprint, now, recent)
        return preview(
            self.database, form, key=key, recent=kept[2], background=background, embedder=embedder, now=now
        )

    # -- teaching ---------------------------------------------------------------------------------

    def say(
        self, key: str, work_id: int, verdict: Verdict, *, reason: LessReason | None = None, now: datetime
    ) -> None:
        """Keep what a reader says of a paper, and rank again the days it changes. Raises RadarUnknown."""
        with self.database.writing() as connection:
            radar = radars.find(connection, key)
            feedback.say(connection, radar.id, work_id, verdict, now=now, reason=reason)
        self._rank_again(radar, work_id, now=now)

    def unsay(self, key: str, work_id: int, *, now: datetime) -> None:
        """Take back what a reader said last of a paper. Raises RadarUnknown."""
        with self.database.writing() as connection:
            radar = radars.find(connection, key)
            feedback.take_back(connection, radar.id, work_id, now=now)
        self._rank_again(radar, work_id, now=now)

    def rank_one(self, radar: Radar, *, on: date | None = None, now: datetime) -> RadarDay | None:
        """Rank a day for one radar, the latest where none is named; None where nothing is stored."""
        self.kept_radars.forget_pages()  # of what was written before
        with self.database.reading() as connection:
            if on is None:
                on = next(iter(shelf.days(connection, until=now.date(), limit=1)), None)
            if on is None:
                return None
        background, embedder = self._background(now)
        candidates = self.kept_radars.candidates.get(self.database, on, background, embedder)
        day = rank_radar(self.database, radar, candidates, background, embedder, now=now)
        self.kept_radars.forget_pages()
        return day

    def rank_radar(self, key: str, *, on: date | None = None, now: datetime) -> RadarDay | None:
        """Rank a day for a radar by its key. Raises RadarUnknown."""
        with self.database.reading() as connection:
            radar = radars.find(connection, key)
        return self.rank_one(radar, on=on, now=now)

    def count_unembedded(self) -> int:
        """Count works of the last months without a vector; 0 where no model is in use."""
        embedder = self.embedder()
        if embedder is None:
            return 0
        since = self.clock().date() - EMBEDDED
        with self.database.reading() as connection:
            return len(vectors.waiting(connection, embedder.space.name, limit=MOST_EMBEDDED, since=since))

    def embed(
        self, *, limit: int = MOST_EMBEDDED, progress: Callable[[int], None] | None = None
    ) -> tuple[int, str]:
        """Embed works of the last months that have no vector, newest first.

        Returns:
            How many were embedded, and the name of the vector space; "" where no model is in use.

        Raises:
            ModelError: The model cannot be used; what was embedded stays.
        """
        embedder = self.embedder()
        if embedder is None:
            return 0, ""
        since = self.clock().date() - EMBEDDED
        done = embed_works(
            self.database, embedder, clock=self.clock, limit=limit, since=since, progress=progress
        )
        return done, embedder.space.name

    def evaluate_radar(self, key: str, *, now: datetime) -> OwnFigures:
        """Measure a radar on its reader's own history. Raises RadarUnknown."""
        with self.database.reading() as connection:
            radar = radars.find(connection, key)
        background, embedder = self._background(now)
        return evaluate_radar(self.database, radar, background, embedder, now=now)

    def export_radar(self, key: str) -> RadarExport:
        """Give everything a radar was told. Raises RadarUnknown."""
        with self.database.reading() as connection:
            radar = radars.find(connection, key)
            rows = seeds.of_radar(connection, radar.id)
            said = tuple(feedback.of_radar(connection, radar.id))
        return RadarExport(
            key=radar.key, interest=radar.interest, seeds=tuple(r.seed for r in rows), feedback=said
        )

    def rank_due(self, *, now: datetime) -> int:
        """Rank the last days for every radar where something has changed since; give how many rankings.

        The newest days are ranked again when works or vectors have come; of older ones only what was never
        ranked is, so that a new radar has a past and an old one keeps its own.
        """
        with self.database.reading() as connection:
            if not radars.radars_to_rank(connection, limit=1):
                return 0
        link_seeds(self.database, now=now)
        with self.database.reading() as connection:
            days = shelf.days(connection, until=now.date(), limit=DAYS_RANKED)
        if not days:
            return 0
        background, embedder = self._background(now)
        ranked = 0
        for place, on in enumerate(days):
            with self.database.reading() as connection:
                was = strips.ranked_on(connection, on)
                works = [
                    one.work_id
                    for one in (*shelf.day_texts(connection, on), *shelf.revised_texts(connection, on))
                ]
                embedded = vectors.coverage(connection, background.space, works) if background.space else 0
            sizes = (len(works), embedded)

            def is_due(
                radar: Radar,
                *,
                was: Mapping[int, strips.Ranked] = was,
                sizes: tuple[int, int] = sizes,
                place: int = place,
            ) -> bool:
                last = was.get(radar.id)
                if last is None:
                    return True
                if place >= DAYS_WATCHED:
                    return False
                return (last.candidates, last.embedded) != sizes or (
                    place == 0 and last.ranked_at < radar.changed_at
                )

            ranked += rank_day(self.database, on, background, embedder, now=now, is_due=is_due)
        return ranked

    def _rank_again(self, radar: Radar, work_id: int, *, now: datetime) -> None:
        """Rank the latest day, and the day that lists the work, by what was said just now."""
        latest = self.rank_one(radar, now=now)
        with self.database.reading() as connection:
            work = shelf.texts(connection, [work_id]).get(work_id)
            was_ranked = (
                work is not None and rankings.read_day(connection, radar.id, work.listed_on) is not None
            )
        if was_ranked and work is not None and latest is not None and work.listed_on != latest.on:
            self.rank_one(radar, on=work.listed_on, now=now)

    # -- what is kept -----------------------------------------------------------------------------

    def embedder(self) -> Embedder | None:
        """Give the model in use, loaded when first wanted; None for words alone, also where it fails."""
        with self.kept_radars.lock:
            if not self.kept_radars.is_chosen:
                try:
                    self.kept_radars.embedder = self.choose_embedder()
                except ModelError:
                    self.kept_radars.embedder = None  # `doctor` says why; ranking goes on with words
                self.kept_radars.is_chosen = True
            return self.kept_radars.embedder

    def _background(self, now: datetime) -> tuple[Background, Embedder | None]:
        embedder = self.embedder()
        with self.database.reading() as connection:
            latest = next(iter(shelf.days(connection, until=now.date(), limit=1)), now.date())
        background = self.kept_radars.backgrounds.get(
            self.database, before=latest, embedder=embedder, now=now, folder=self.radar_files()
        )
        return background, embedder
