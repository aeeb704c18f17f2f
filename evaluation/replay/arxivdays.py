"""Days of arXiv made from records: what is announced, what its feeds show, what they never show.

The records tell which day a paper was seen, but hold one version of each, so replacements and late
cross-lists are made: a seed decides which papers, and a replaced paper has another abstract.
"""

from __future__ import annotations

import functools
import gzip
import json
import random
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from academichub.model import taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

# What the feed service itself keeps to.
MOST_ROWS: Final = 2000
HIDDEN_VERSION: Final = 6  # replacements from this version on are not listed
_ORDER: Final = ("new", "cross", "replace", "replace-cross")  # as listed; the last are kept on overflow
_SATURDAY: Final = 5
# What the made part looks like; shares are of a day's new papers.
_REPLACED_SHARE: Final = 0.45
_CROSSED_SHARE: Final = 0.04
_RESTING_DAYS: Final = 2  # a paper is left alone after each announcement
_OLDER: Final = 2000  # papers from before the first day that may be replaced
_FIRST_VERSIONS: Final = (1, 1, 1, 1, 1, 1, 2, 2, 3, 4, 5, 6, 7)  # which version they have by then
_CROSSES: Final = ("cs.AI", "cs.LG", "cs.CV", "stat.ML", "cs.CY", "math.OC", "physics.data-an")
_LICENSES: Final = (
    "http://creativecommons.org/licenses/by/4.0/",
    "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
    "http://creativecommons.org/licenses/by-nc-nd/4.0/",
    "http://creativecommons.org/publicdomain/zero/1.0/",
)
_PUBLISHED_SHARE: Final = 0.05  # of papers; told with a DOI and a journal from their second version on
Way: TypeAlias = Literal["feeds", "healed", "oai"]
_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


class UnknownCategory(Exception):
    """No archive or category has this name. The text is what arXiv says."""


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """One paper as it was collected."""

    arxiv_id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]  # the first is primary
    comment: str
    seen_on: date | None  # announced or collected

    @property
    def license(self) -> str:
        """Give the address of a licence, the same for a paper each time."""
        return _LICENSES[dice_for("license", self.arxiv_id).randrange(len(_LICENSES))]

    @property
    def journal(self) -> tuple[str, str]:
        """Give a DOI and a journal reference, made up; empty for most papers."""
        if dice_for("journal", self.arxiv_id).random() >= _PUBLISHED_SHARE:
            return "", ""
        name = self.arxiv_id.replace("/", ".")
        return f"10.5555/replay.{name}", f"Journal of Replays 12 (2026) {name[-4:]}"

    def abstract_of(self, version: int) -> str:
        """Give the abstract of a version: from the second on it says what has changed."""
        changed = f" Version {version} corrects Section {version + 1} and adds a comparison."
        return self.abstract + (changed if version > 1 else "")


@dataclass(frozen=True, slots=True)
class Announcement:
    """One paper in one batch."""

    on: date
    paper: PaperRecord
    action: str  # "new", "cross" or "replace"
    version: int
    categories: tuple[str, ...]  # as of that day
    crossed: tuple[str, ...] = ()  # what a "cross" adds


@dataclass(frozen=True, slots=True)
class Listing:
    """One row of one feed: what an evaluation compares."""

    arxiv_id: str
    version: int
    announce_type: str  # "new", "cross", "replace" or "replace-cross"


@dataclass(frozen=True, slots=True)
class Troubles:
    """Days on which arXiv's feeds do not show the day's batch."""

    holidays: frozenset[date] = frozenset()  # nothing is announced; papers wait for the next day
    stale: frozenset[date] = frozenset()  # the batch before is shown all day
    lost: frozenset[date] = frozenset()  # errors all day


# Made up, all three, and none on the same day of the week.
MAY_2026: Final = Troubles(
    holidays=frozenset({date(2026, 5, 25)}),
    stale=frozenset({date(2026, 5, 13)}),
    lost=frozenset({date(2026, 5, 21)}),
)


def read_records(path: Path) -> Iterator[PaperRecord]:
    """Read records from JSON lines, packed or not, one at a time.

    Raises:
        ValueError: A line is no record.
    """
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield _record(json.loads(line))
            except (KeyError, TypeError, ValueError) as error:
                message = f"{path.name}, line {number}: {error!r}"
                raise ValueError(message) from error


def _record(kept: Mapping[str, object]) -> PaperRecord:
    authors, categories = kept["authors"], kept["categories"]
    if not isinstance(authors, list) or not isinstance(categories, list) or not categories:
        message = "no authors, or no categories"
        raise TypeError(message)
    seen = kept.get("seen")
    return PaperRecord(
        arxiv_id=str(kept["id"]),
        title=_writable(str(kept["title"])),
        abstract=_writable(str(kept["abstract"])),
        authors=tuple(_writable(str(one)) for one in authors),
        categories=tuple(str(one) for one in categories),
        comment=_writable(str(kept.get("comment") or "")),
        seen_on=date.fromisoformat(str(seen)) if seen else None,
    )


# -- the plan ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class Plan:
    """What is announced on which day, and what a reader of the feeds can know of it. Made by `make_plan`."""

    first: date
    last: date
    troubles: Troubles
    older: tuple[Announcement, ...]  # how papers stood before the first day; `on` is when they were seen
    batches: Mapping[date, tuple[Announcement, ...]]  # by day of announcement, in order
    left_over: int  # papers that were seen after the last batch

    @property
    def days(self) -> tuple[date, ...]:
        """List the days with a batch, in order."""
        return tuple(self.batches)

    def batch_shown(self, on: date) -> date | None:
        """Tell whose batch the feeds show on a day; None for none. On a lost day, the one nobody gets."""
        if on not in self.batches:
            return None
        if on not in self.troubles.stale:
            return on
        before = [day for day in self.batches if day < on]
        return self.batch_shown(before[-1]) if before else None

    def missed(self) -> tuple[date, ...]:
        """List the days whose batch no feed ever shows: only OAI-PMH still knows it."""
        shown = {self.batch_shown(day) for day in self.batches if day not in self.troubles.lost}
        return tuple(day for day in self.batches if day not in shown)

    def announced(self, on: date, query: str) -> tuple[Listing, ...]:
        """List what is announced on a day in categories such as "cs.CV" or "cs.CV+cs.LG", in feed order.

        Raises:
            UnknownCategory: The query names none.
        """
        return tuple(listing for _, listing in rows(self.batches.get(on, ()), wanted(query)[1]))

    def expected(self, on: date, query: str) -> tuple[Listing, ...]:
        """List what a feed shows on a day: nothing at weekends, on holidays and on lost days.

        Raises:
            UnknownCategory: The query names none.
        """
        shown = self.batch_shown(on)
        if shown is None or on in self.troubles.lost:
            return ()
        return self.announced(shown, query)

    def works(self, until: date, query: str, *, way: Way = "healed") -> dict[str, int]:
        """Say which papers of a query are known at the end of a day, and in which version.

        Args:
            until: The last day, included.
            query: As for `announced`.
            way: "feeds" to somebody who read each day's feeds and nothing else; "healed" to somebody
                who also got the batches of `missed` days by OAI-PMH; "oai" to somebody who harvests
                every day, and so sees hidden versions and every change of categories.

        Raises:
            UnknownCategory: The query names none.
        """
        known: dict[str, int] = {}
        names = wanted(query)[1]
        missed = self.missed() if way == "healed" else ()
        for day in (day for day in self.batches if day <= until):
            found = [(one.arxiv_id, one.version) for one in self.expected(day, query)] if way != "oai" else []
            if way == "oai" or day in missed:
                batch = self.batches[day]
                found += [(one.paper.arxiv_id, one.version) for one in batch if _is_in(one.categories, names)]
            for name, version in found:
                known[name] = max(version, known.get(name, 0))
        return known


def make_plan(
    records: Iterable[PaperRecord],
    *,
    first: date = date(2026, 5, 1),
    last: date = date(2026, 5, 31),
    seed: int = 0,
    troubles: Troubles = MAY_2026,
) -> Plan:
    """Lay out days of announcements. The same records and seed give the same plan.

    A paper is new on the day it was seen, or on the next day with a batch. From the third day after
    each announcement it may be replaced or cross-listed; so may some of the papers seen before.
    """
    days = [day for day in _calendar(first, last) if _has_batch(day, troubles)]
    fresh, older, left_over = _sorted_out(records, days, first, random.Random(seed))  # noqa: S311  no secret
    standing = {one.paper.arxiv_id: one for one in older}
    batches: dict[date, tuple[Announcement, ...]] = {}
    for day in days:
        new = [Announcement(day, paper, "new", 1, paper.categories) for paper in fresh[day]]
        batch = (*new, *_made(day, len(new), standing, dice_for("day", f"{seed}/{day}")))
        standing |= {one.paper.arxiv_id: one for one in batch}
        batches[day] = batch
    return Plan(first, last, troubles, tuple(older), batches, left_over)


def _calendar(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _has_batch(day: date, troubles: Troubles) -> bool:
    return day.weekday() < _SATURDAY and day not in troubles.holidays


def _sorted_out(
    records: Iterable[PaperRecord], days: Sequence[date], first: date, dice: random.Random
) -> tuple[Mapping[date, list[PaperRecord]], list[Announcement], int]:
    """Part papers that are new from older ones, and keep a fair sample of those (reservoir sampling)."""
    fresh: dict[date, list[PaperRecord]] = defaultdict(list)
    older: list[Announcement] = []
    met = left_over = 0
    for paper in records:
        if paper.seen_on is None:
            continue
        if paper.seen_on >= first:
            day = next((day for day in days if day >= paper.seen_on), None)
            left_over += day is None
            if day is not None:
                fresh[day].append(paper)
            continue
        met += 1
        place = len(older) if len(older) < _OLDER else dice.randrange(met)
        if place < _OLDER:
            version = dice_for("version", paper.arxiv_id).choice(_FIRST_VERSIONS)
            stands = Announcement(paper.seen_on, paper, "new", version, paper.categories)
            older[place : place + 1] = [stands]
    for batch in fresh.values():
        batch.sort(key=lambda paper: paper.arxiv_id)
    return fresh, older, left_over


def _made(
    day: date, news: int, standing: Mapping[str, Announcement], dice: random.Random
) -> list[Announcement]:
    """Make a day's replacements and late cross-lists."""
    rested = [one for one in standing.values() if (day - one.on).days > _RESTING_DAYS]
    replaced, crossed = round(news * _REPLACED_SHARE), round(news * _CROSSED_SHARE)
    chosen = dice.sample(rested, min(replaced + crossed, len(rested)))
    made = []
    for number, one in enumerate(chosen):
        more = tuple(name for name in _CROSSES if name not in one.categories)
        if number < replaced or not more:
            made.append(replace(one, on=day, action="replace", version=one.version + 1, crossed=()))
        else:
            name = dice.choice(more)
            made.append(
                replace(one, on=day, action="cross", categories=(*one.categories, name), crossed=(name,))
            )
    return sorted(made, key=lambda one: one.paper.arxiv_id)


def dice_for(*of: str) -> random.Random:
    """Give dice that fall the same for the same words."""
    return random.Random("/".join(of))  # noqa: S311  not for secrets


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", text)


# -- rows -------------------------------------------------------------------------------------------


def wanted(query: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Read what a feed's address asks for: its names as arXiv writes them, and the categories they cover.

    Raises:
        UnknownCategory: A part is no archive and no category.
    """
    names: list[str] = []
    covered: set[str] = set()
    for part in query.split("+"):
        archive, _, subject = part.lower().partition(".")
        members = [one for one in taxonomy.categories() if one.archive == archive]
        if subject:
            members = [one for one in members if one.name.lower() == f"{archive}.{subject}"]
        if not members:
            message = f"Bad subject class '{subject}'." if subject else f"Bad archive '{archive}'."
            raise UnknownCategory(message)
        names.append(members[0].name if subject else archive)
        covered |= {canonical_name(one.name) for one in members}
    return tuple(names), frozenset(covered)


@functools.lru_cache(maxsize=1024)
def canonical_name(name: str) -> str:
    """Give the one name of categories that arXiv has merged."""
    found = taxonomy.category(name)
    return found.name if found else name.lower()


def _is_in(categories: Iterable[str], names: frozenset[str]) -> bool:
    return any(canonical_name(one) in names for one in categories)


def rows(
    batch: Iterable[Announcement], names: frozenset[str], *, most: int | None = MOST_ROWS
) -> list[tuple[Announcement, Listing]]:
    """List a batch as seen from some categories: new, cross, replace, replace-cross, each by identifier.

    Of more than `most` the last are kept, as the feed service does: new papers are lost first.
    """
    found = [
        (one, Listing(one.paper.arxiv_id, one.version, kind)) for one in batch if (kind := _kind(one, names))
    ]
    found.sort(key=lambda row: (_ORDER.index(row[1].announce_type), row[1].arxiv_id))
    return found if most is None else found[-most:]


def _kind(one: Announcement, names: frozenset[str]) -> str:
    if one.action == "cross":
        return "cross" if _is_in(one.crossed, names) else ""
    if not _is_in(one.categories, names) or (one.action == "replace" and one.version >= HIDDEN_VERSION):
        return ""
    is_primary = canonical_name(one.categories[0]) in names
    if one.action == "new":
        return "new" if is_primary else "cross"
    return "replace" if is_primary else "replace-cross"
