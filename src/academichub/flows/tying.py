"""Find which works of the hub a library's entries are, at once or when the works come later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from academichub.flows.keptentries import read_back
from academichub.intake.kinship import best_match, keys_of, prepared_likeness
from academichub.model.kinship import Likeness
from academichub.model.papers import Kind
from academichub.store import corpus, kinship, libraryentries
from academichub.text.titles import title_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from academichub.db.engine import Connection, Database
    from academichub.references.entry import Reference

BATCH: Final = 500  # entries that are looked for at a time
NOWHERE: Final = "library"  # the place of an entry: none that any work has
# What text alone may not join: an entry of these is one of the hub's works by its identifiers, or not at all.
_KINDS: Final = {
    "article": Kind.PREPRINT,
    "dataset": Kind.DATASET,
    "post": Kind.POST,
    "post-weblog": Kind.POST,
    "webpage": Kind.POST,
    "article-newspaper": Kind.NEWS,
    "article-magazine": Kind.NEWS,
}


def find_works(connection: Connection, references: Sequence[Reference]) -> list[int | None]:
    """Find the work that each entry is: by identifier, strongest first, then by the rule that joins works.

    What the rule leaves to a person stays an entry: nobody is asked about a stranger's typing.
    """
    pairs = [one.identifiers.pairs() for one in references]
    named = corpus.works_of(connection, {pair for own in pairs for pair in own})
    found = [next((named[pair] for pair in own if pair in named), None) for own in pairs]
    open_ = {
        number: _likeness(one) for number, one in enumerate(references) if found[number] is None and one.title
    }
    keys = {number: keys_of(prepared_likeness(one)) for number, one in open_.items()}
    groups = {
        number: group[: kinship.MOST_LIKE]  # a key that many works share says nothing
        for number, group in kinship.sharing(connection, keys).items()
    }
    shapes = {
        one.work_id: one
        for one in kinship.likeness_of(connection, {work for group in groups.values() for work in group})
    }
    for number, group in groups.items():
        best = best_match(open_[number], [shapes[work_id] for work_id in group if work_id in shapes])
        if best is not None and best.is_sure:
            found[number] = best.work_id
    return found


def _likeness(reference: Reference) -> Likeness:
    return Likeness(
        work_id=0,
        title=reference.title,
        authors=tuple(author.name for author in reference.authors),
        venue=reference.venue,
        year=reference.year,
        identifiers=reference.identifiers,
        kind=_KINDS.get(reference.type, Kind.ARTICLE),
        place=NOWHERE,
        title_key=title_key(reference.title),
    )


def tie_entries(database: Database, *, now: datetime, progress: Callable[[int], None] | None = None) -> int:
    """Give entries that wait the works that have come since; give how many were tied."""
    tied = after = 0
    while True:
        with database.reading() as connection:
            batch = libraryentries.waiting(connection, after=after, limit=BATCH)
            found = find_works(connection, [read_back(one.reference)[0] for one in batch])
        if not batch:
            return tied
        after = batch[-1].entry_id
        come = {
            one.entry_id: work_id for one, work_id in zip(batch, found, strict=True) if work_id is not None
        }
        if come:
            with database.writing() as connection:
                tied += libraryentries.tie(connection, come, now=now)
        if progress is not None:
            progress(len(batch))
