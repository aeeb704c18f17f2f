"""Find the works that people mean: by identifiers, links and titles they type, and by a library's entries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.intake.kinship import keys_of
from academichub.intake.matching import Candidate, Sameness, compare, prepare
from academichub.model.papers import Identifiers
from academichub.model.radar import Seed, SeedKind
from academichub.model.radarpages import Found
from academichub.store import corpus, kinship, seeds
from academichub.text import identifiers as names
from academichub.text import prose
from academichub.text.titles import title_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from academichub.db.engine import Connection, Database
    from academichub.intake.matching import Prepared
    from academichub.references.entry import Reference

MOST_LINES: Final = 500  # of typed papers
MOST_CHARACTERS: Final = 2_000  # of one line
_PUBMED: Final = re.compile(r"(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?/|pmid:?\s*)(\d{1,9})\b", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_BULLET: Final = re.compile(r"^\s*(?:[-*•·]|\(?\d{1,3}[.)\]、])\s+")


@dataclass(frozen=True, slots=True)
class Named:
    """A paper that somebody named, in our words."""

    asked: str
    identifiers: Identifiers
    title: str = ""
    authors: tuple[str, ...] = ()
    venue: str = ""
    year: int | None = None


def read_lines(text: str) -> tuple[Named, ...]:
    """Read what a person typed: a paper on each line, by identifier, link or title."""
    lines = (_BULLET.sub("", line[:MOST_CHARACTERS]).strip() for line in text.splitlines())
    return tuple(map(read_line, [line for line in lines if line][:MOST_LINES]))


def read_line(line: str) -> Named:
    """Read one typed paper. A line that holds an identifier is that; any other is a title."""
    arxiv = names.normalize_arxiv(line)
    doi = names.normalize_doi(line) or names.find_doi(line)
    pubmed = _PUBMED.search(line)
    openalex = names.normalize_openalex(line)
    found = Identifiers(
        doi=doi,
        arxiv=arxiv[0] if arxiv else None,
        pmid=names.normalize_pmid(pubmed[1]) if pubmed else None,
        openalex=openalex,
    )
    is_named = any(True for _ in found.pairs()) or bool(_ADDRESS.fullmatch(line))
    return Named(line, found, title="" if is_named else prose.render_title(line).plain)


def named_by(reference: Reference) -> Named:
    """Say what a library's entry names."""
    return Named(
        asked=reference.key or reference.title,
        identifiers=reference.identifiers,
        title=reference.title,
        authors=tuple(author.name for author in reference.authors),
        venue=reference.venue,
        year=reference.year,
    )


def find_works(connection: Connection, wanted: Sequence[Named]) -> list[tuple[int | None, str]]:
    """Find the work of each named paper: by identifier first, then by text.

    Returns:
        For each, the work, and how it was found: the scheme, "title", "text" (title and authors), or
        "unknown" with None.
    """
    pairs = [tuple(one.identifiers.pairs()) for one in wanted]
    by_name = corpus.works_of(connection, {pair for own in pairs for pair in own})
    found: list[tuple[int | None, str]] = []
    open_: dict[int, Prepared] = {}
    for number, (one, own) in enumerate(zip(wanted, pairs, strict=True)):
        named = next(((by_name[pair], pair[0]) for pair in own if pair in by_name), None)
        found.append(named or (None, "unknown"))
        if named is None and one.title:
            open_[number] = prepare(_candidate(one))
    for number, match in _by_text(connection, open_, wanted).items():
        found[number] = match
    return found


def _by_text(
    connection: Connection, wanted: dict[int, Prepared], named: Sequence[Named]
) -> dict[int, tuple[int, str]]:
    sharing = kinship.sharing(connection, {number: keys_of(one) for number, one in wanted.items()})
    shapes = {one.work_id: one for one in kinship.likeness_of(connection, _all(sharing.values()))}
    found: dict[int, tuple[int, str]] = {}
    for number, group in sharing.items():
        key = title_key(named[number].title)
        same = [
            shapes[work_id] for work_id in group if work_id in shapes and shapes[work_id].title_key == key
        ]
        if not named[number].authors and same:  # a title alone is enough, if it is the whole title
            found[number] = (same[0].work_id, "title")
            continue
        for work_id in group:
            shape = shapes.get(work_id)
            if shape is None:
                continue
            other = prepare(
                Candidate(shape.title, shape.authors, shape.venue, shape.year, shape.identifiers, shape.kind)
            )
            if compare(wanted[number], other).verdict is Sameness.SAME:
                found[number] = (work_id, "text")
                break
    return found


def seeds_of(
    connection: Connection,
    wanted: Sequence[Named],
    *,
    kind: SeedKind,
    origin: str = "",
    abstracts: Sequence[str] = (),
) -> tuple[tuple[Seed, ...], tuple[Found, ...]]:
    """Make seeds of named papers, and say what became of each.

    A paper that is not on the shelves stands for the interest by its title and abstract; one of which no
    text is known is told as unknown and makes no seed.
    """
    works = find_works(connection, wanted)
    texts = corpus.texts(connection, {work_id for work_id, _ in works if work_id is not None})
    made: list[Seed] = []
    told: list[Found] = []
    for number, (one, (work_id, how)) in enumerate(zip(wanted, works, strict=True)):
        text = texts.get(work_id) if work_id is not None else None
        title = text.title if text else one.title
        told.append(Found(one.asked, work_id, title, how))
        if not title:
            continue
        abstract = (text.abstract or "") if text else (abstracts[number] if abstracts else "")
        identifiers = tuple(f"{scheme}:{value}" for scheme, value in one.identifiers.pairs())
        made.append(Seed(kind, title, abstract, work_id, one.asked, origin, identifiers))
    return tuple(made), tuple(told)


def link_seeds(database: Database, *, now: datetime) -> int:
    """Give seeds that were only text the works that have come since, by identifier; give how many."""
    linked = after = 0
    while True:
        with database.reading() as connection:
            batch = seeds.unlinked(connection, after=after)
            pairs = {
                one.seed_id: [
                    (scheme, value) for scheme, _, value in (each.partition(":") for each in one.identifiers)
                ]
                for one in batch
            }
            works = corpus.works_of(connection, {pair for own in pairs.values() for pair in own})
        if not batch:
            return linked
        after = batch[-1].seed_id
        found = {
            seed_id: next((works[pair] for pair in own if pair in works), None)
            for seed_id, own in pairs.items()
        }
        come = {seed_id: work_id for seed_id, work_id in found.items() if work_id is not None}
        if come:
            with database.writing() as connection:
                linked += seeds.link(connection, come, now=now)


def _candidate(one: Named) -> Candidate:
    return Candidate(
        title=one.title,
        authors=one.authors,
        venue=one.venue,
        year=one.year,
        identifiers=one.identifiers,
        kind=None,
    )


def _all(groups: Iterable[Sequence[int]]) -> set[int]:
    return {work_id for group in groups for work_id in group}
