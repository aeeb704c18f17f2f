"""Decide from identifiers and text whether two bibliographic descriptions are one work."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from academichub.intake import venuenames
from academichub.intake.kinds import PREPRINT_PREFIXES
from academichub.intake.matchnames import Agreement, Byline, compare_bylines, people_among, read_byline
from academichub.intake.matchtitles import Likeness, Title, compare_titles, is_subtitled, read_title
from academichub.intake.matchweights import AUTOMATIC, CURVES, DOUBTFUL
from academichub.intake.venuenames import Tie
from academichub.model.papers import Identifiers, Kind
from academichub.text.identifiers import arxiv_from_doi

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# One thing that speaks for or against: its name, where its weight is read off its curve, and what was seen.
Evidence: TypeAlias = tuple[str, float, float | str]

SURE: Final = 12.0  # logit of what needs no weighing: 0.999994
_EARLIEST, _LATEST = 1000, 2999  # years; anything else is a mistake

# Who keeps preprints and deposits: a work may have a DOI there beside its journal's.
_KEEPERS: Final = (
    *PREPRINT_PREFIXES,
    *("10.5281/", "10.6084/m9.figshare", "10.5061/", "10.17632/", "10.17605/", "10.48550/"),
)
_JOURNAL: Final = "journal"
_COLD_SPRING_JOURNAL: Final = re.compile(r"10\.1101/[a-z]")  # Genome Research and its sisters, not bioRxiv
_DOI_VERSION: Final = re.compile(r"[._/-]v[0-9]{1,3}$")

# Where evidence is looked for, as shares of a title's letters.
_TITLES_AGREE: Final = 0.8  # ratio from which the number of words counts
_SUBTITLE: Final = 0.15  # extra from which the one title holds the other
_TWO: Final = 1.5  # people in both bylines that are more than one
_SHARED: Final = 3  # one word in so many must be shared, to look for noise in the rest
_MOST_OF: Final = 0.6  # of the words of a venue's name that stand in a title: it is told there
_TIES: Final = {Tie.SAME: 0.0, Tie.LIKE: 1.0, Tie.UNLIKE: 2.0, Tie.UNLIKE_KIND: 3.0}

# What holds two works back from being joined by text alone.
_SWAPPED: Final = 0.02  # no word of weight
_EXTRA: Final = 0.03  # a small word or two
_AUTHORS_AGREE: Final = 0.5
_ALL_AGREE: Final = 0.99


class Sameness(StrEnum):
    """What two descriptions are to each other."""

    SAME = "same"  # sure enough to join without asking
    DOUBT = "doubt"  # a person decides
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a source says of a work. An empty field is unknown, and contradicts nothing."""

    title: str = ""  # plain text
    authors: tuple[str, ...] = ()  # one name each, in either order; "et al." marks a list cut short
    venue: str = ""
    year: int | None = None
    identifiers: Identifiers = field(default_factory=Identifiers)  # canonical
    kind: Kind | None = None


class Prepared(NamedTuple):
    """A candidate taken apart once, for any number of comparisons."""

    title: Title
    byline: Byline
    venue: str
    year: int | None
    names: Mapping[str, str]  # scheme to value; an arXiv DOI is under "arxiv", versions of DOIs are cut off
    keeper: str  # whose the DOI is: "journal", or the prefix of who keeps preprints or deposits; "" without
    is_preprint: bool


class Reason(NamedTuple):
    """One thing that speaks for (positive) or against, in units of the logit."""

    name: str
    value: float | str
    weight: float


class Match(NamedTuple):
    """The answer. The weights of the reasons add up to the logit of the score."""

    score: float  # probability that the two are one work, in [0, 1]
    verdict: Sameness
    reasons: tuple[Reason, ...]


class Look(NamedTuple):
    """Two candidates side by side; None where one side says nothing, or they cannot be compared."""

    titles: Likeness | None
    authors: Agreement | None
    venues: Tie


def prepare(candidate: Candidate) -> Prepared:
    """Take a candidate apart."""
    names = dict(candidate.identifiers.pairs())
    doi, keeper = names.get("doi"), ""
    if doi is not None:
        keeper = _keeper(doi)
        if keeper != _JOURNAL:
            names["doi"] = _DOI_VERSION.sub("", doi)
        if arxiv := arxiv_from_doi(doi):
            names.setdefault("arxiv", arxiv[0])
            del names["doi"]
    year = candidate.year
    title = read_title(candidate.title, kind=candidate.kind)
    if str(year) in title.numbers and _is_told(venuenames.words_of(candidate.venue), title.bag):
        title = title._replace(numbers=title.numbers - {str(year)})  # "A map of maps, Nature 2003"
    return Prepared(
        title=title,
        byline=read_byline(candidate.authors),
        venue=candidate.venue,
        year=year if year is not None and _EARLIEST <= year <= _LATEST else None,
        names=names,
        keeper=keeper,
        is_preprint=candidate.kind is Kind.PREPRINT or venuenames.is_preprint_server(candidate.venue),
    )


def _keeper(doi: str) -> str:
    if _COLD_SPRING_JOURNAL.match(doi):
        return _JOURNAL
    return next((prefix for prefix in _KEEPERS if doi.startswith(prefix)), _JOURNAL)


def compare(a: Prepared, b: Prepared) -> Match:
    """Decide whether two descriptions are one work.

    Identifiers decide where they can; a notice and the paper it is about are never one work; the rest is
    weighed. What text alone may not join (`held_back`) is at most a doubt.
    """
    decided = _by_identifiers(a, b) or _by_notice(a, b)
    if decided is not None:
        return decided
    seen = look(a, b)
    reasons = [Reason(name, value, _weight(name, at)) for name, at, value in weigh(a, b, seen)]
    score = 1 / (1 + math.exp(-sum(reason.weight for reason in reasons)))
    if score < DOUBTFUL:
        return Match(score, Sameness.DIFFERENT, tuple(reasons))
    if score < AUTOMATIC:
        return Match(score, Sameness.DOUBT, tuple(reasons))
    if obstacle := held_back(a, b, seen):
        return Match(score, Sameness.DOUBT, (*reasons, Reason("held back", obstacle, 0.0)))
    return Match(score, Sameness.SAME, tuple(reasons))


# -- what needs no weighing -----------------------------------------------------------------------


def _by_identifiers(a: Prepared, b: Prepared) -> Match | None:
    """Decide by a shared identifier, or by two that one work cannot have both; None without either."""
    shared = clash = ""
    for scheme, value in a.names.items():
        other = b.names.get(scheme)
        if other == value:
            shared = shared or scheme
        elif other is not None and _are_exclusive(scheme, a, b):
            clash = clash or scheme
    if not shared and not clash:
        return None
    same, different = Reason("same identifier", shared, SURE), Reason("other identifier", clash, -SURE)
    if shared and clash:  # somebody is mistaken
        return Match(0.5, Sameness.DOUBT, (same, different))
    if shared:
        return Match(_chance(SURE), Sameness.SAME, (same,))
    return Match(_chance(-SURE), Sameness.DIFFERENT, (different,))


def _are_exclusive(scheme: str, a: Prepared, b: Prepared) -> bool:
    """True where one work has one identifier only: two journals' DOIs, two of one server, two of arXiv.

    PMC numbers author's and publisher's copies apart, and OpenAlex and Semantic Scholar split works.
    """
    return scheme in {"arxiv", "pmid"} or (scheme == "doi" and a.keeper == b.keeper)


def _by_notice(a: Prepared, b: Prepared) -> Match | None:
    """Keep a correction, a reply or a data set apart from the paper it belongs to."""
    if a.title.notice == b.title.notice:
        return None
    said = f"{a.title.notice or 'paper'} / {b.title.notice or 'paper'}"
    return Match(_chance(-SURE), Sameness.DIFFERENT, (Reason("notice", said, -SURE),))


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


# -- side by side ---------------------------------------------------------------------------------


def look(a: Prepared, b: Prepared) -> Look:
    """Compare titles, authors and venues; the answer is the same in either order."""
    first, second = (a, b) if _is_first(a, b) else (b, a)
    titles = None
    if a.title.key and b.title.key:
        titles = compare_titles(first.title, second.title, told=_told(first, second))
    authors = compare_bylines(first.byline, second.byline)
    if authors is None and titles is not None:
        authors = _told_in_title(first, second, titles)
    # Where a preprint lies says nothing of where the paper appeared.
    venues = Tie.UNSAID if a.is_preprint or b.is_preprint else venuenames.tie(a.venue, b.venue)
    return Look(titles, authors, venues)


def _is_first(a: Prepared, b: Prepared) -> bool:
    if a.title.key != b.title.key:
        return a.title.key < b.title.key
    return list(a.byline.people) <= list(b.byline.people)


def _told(a: Prepared, b: Prepared) -> Collection[str]:
    """Collect the words of the other fields that only one title has: noise, not part of the title."""
    one, other = a.title.bag, b.title.bag
    if one == other or _SHARED * len(one & other) < min(len(one), len(other)):
        return ()
    told: set[str] = set()
    sides = [alone for alone in (one - other, other - one) if alone]
    for side in (a, b):
        venue = venuenames.words_of(side.venue)
        for alone in sides:
            for person in people_among(alone, side.byline):
                told.update((person.last, *person.given))
            if _is_told(venue, alone):
                told.update(venue)
    if not (a.title.numbers - b.title.numbers and b.title.numbers - a.title.numbers):
        told.update((str(a.year), str(b.year)))
    return told


def _is_told(venue: tuple[str, ...], words: frozenset[str]) -> bool:
    """Tell whether most of a venue's name stands among some words."""
    return not words.isdisjoint(venue) and sum([word in words for word in venue]) >= _MOST_OF * len(venue)


def _told_in_title(a: Prepared, b: Prepared, titles: Likeness) -> Agreement | None:
    """Find the authors of the one in the title of the other, which has none of its own."""
    for byline, words in ((a.byline, titles.left[1]), (b.byline, titles.left[0])):
        found = len(people_among(words, byline)) if words else 0
        if found:
            return Agreement(found / len(byline.people), float(found), 0.0)
    return None


def _numbers_at(a: Prepared, b: Prepared) -> float:
    """Give 0 where the titles name the same numbers, 1 where one names more, 2 where each has its own.

    3 where they count other parts of a series; a part that only one of them counts is another one too. The
    year of the work in one of them is noise, unless the other names a year as well: "Contest 2024", "2025".
    """
    one, other = a.title.numbers, b.title.numbers
    if one == other:
        return 0.0
    if a.title.parts != b.title.parts:
        return 3.0
    if one - other and other - one:
        return 2.0
    return 0.0 if one ^ other <= {str(a.year), str(b.year)} else 1.0


def held_back(a: Prepared, b: Prepared, seen: Look) -> str:
    """Say why text alone must not join two works, however alike they are; "" where it may.

    The guards of the ingest reference, section 5.3, and some of our own: a title in which a word is
    another one ("in men", "in women"), or which goes on without a mark where the other ends; nothing but a
    title; nothing that tells a conference's paper from the journal's.
    """
    titles, authors = seen.titles, seen.authors
    if titles is None or a.title.is_generic or b.title.is_generic:
        return "title of many"
    if _numbers_at(a, b):
        return "numbers"
    if titles.swapped > _SWAPPED:
        return "other words"
    if titles.extra > _EXTRA:
        short, long = sorted((a.title, b.title), key=lambda title: (len(title.key), title.key))
        are_all = authors is not None and authors.share > _ALL_AGREE and not authors.longer
        if not (are_all and is_subtitled(short, long)):
            return "more words"
    if authors is not None and authors.share < _AUTHORS_AGREE:
        return "other authors"
    is_same_venue, is_same_year = seen.venues is Tie.SAME, a.year is not None and a.year == b.year
    if authors is None:
        return "" if is_same_venue and is_same_year else "authors unknown"
    # Else the one may be a conference's paper, and the other the journal's.
    return "" if is_same_venue or is_same_year or a.is_preprint or b.is_preprint else "venue and year unknown"


# -- weighing -------------------------------------------------------------------------------------


def weigh(a: Prepared, b: Prepared, seen: Look) -> list[Evidence]:
    """List what speaks for and against, by text alone; what a side does not say is left out."""
    found: list[Evidence] = [("start", 0.0, "")]
    if seen.titles is None:
        found.append(("title unknown", 0.0, ""))
    else:
        found += _title_evidence(a, b, seen.titles)
    if seen.authors is None:
        found.append(("authors unknown", 0.0, ""))
    else:
        share, matched, longer = seen.authors
        found.append(("authors", share, round(share, 3)))
        if 0 < matched < _TWO:
            found.append(("one author", 0.0, round(matched, 1)))
        if longer:
            found.append(("authors more", longer, round(longer, 3)))
    if a.year is not None and b.year is not None:
        found.append(_year_evidence(b.year - a.year, a, b))
    if seen.venues is not Tie.UNSAID:
        found.append(("venue", _TIES[seen.venues], seen.venues.value))
    return found


def _title_evidence(a: Prepared, b: Prepared, titles: Likeness) -> list[Evidence]:
    found: list[Evidence] = [("title", titles.ratio, round(titles.ratio, 3))]
    size = min(a.title.size, b.title.size)
    if titles.swapped:
        found.append(("title swapped", titles.swapped, round(titles.swapped, 3)))
    if titles.extra > _SUBTITLE and not titles.swapped:
        found.append(("title within", size, size))
    if titles.ratio >= _TITLES_AGREE:
        found.append(("title words", size, size))
    if a.title.is_listed or b.title.is_listed:
        found.append(("title of many", 0.0, ""))
    if numbers := _numbers_at(a, b):
        said = " / ".join(" ".join(sorted(title.numbers)) for title in (a.title, b.title))
        found.append(("numbers", numbers, said))
    return found


def _year_evidence(later: int, a: Prepared, b: Prepared) -> Evidence:
    """Weigh how many years after `a` `b` appeared."""
    if a.is_preprint == b.is_preprint:
        return "year", float(abs(later)), abs(later)
    # A preprint comes before its version of record, rarely in the year after it.
    after = later if a.is_preprint else -later
    return "year after preprint", float(after), after


def _weight(name: str, at: float) -> float:
    """Read a weight off its curve: straight between two points, level beyond the ends."""
    curve = CURVES[name]
    left, weight = curve[0]
    if at <= left:
        return weight
    for right, next_weight in curve[1:]:
        if at <= right:
            return weight + (next_weight - weight) * (at - left) / (right - left)
        left, weight = right, next_weight
    return weight
