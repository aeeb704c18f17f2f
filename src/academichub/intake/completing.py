"""Complete one version of a paper by what another source says of it. Reads nothing, writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

from academichub.intake.parts import fingerprint
from academichub.intake.relations import MOST_RELATIONS
from academichub.model.papers import Flag, Identifiers, Precision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.model.papers import Draft

# How far a provider is believed where two say different things of one version, highest first: who keeps the
# record itself, then who is told by the keeper, then who gathers from everywhere (ingest reference, 2.8).
AUTHORITY: Final[Mapping[str, int]] = {
    "oai": 5,
    "arxivapi": 4,
    "crossref": 4,
    "datacite": 4,
    "biorxiv": 4,
    "chemrxiv": 4,
    "pubmed": 3,
    "europepmc": 3,
    "openalex": 3,
    "arxiv": 3,
    "plos": 3,
    "elife": 3,
    "feed": 2,
    "file": 2,
    "doaj": 2,
    "hal": 2,
    "openreview": 2,
    "dblp": 1,
    "semanticscholar": 1,
}
LEAST_AUTHORITY: Final = 1
MOST_LINKS: Final = 24  # those that came first; a source may write another address every day
# How much of a date is said. An instant says no more of a paper than its day.
_SAID: Final[Mapping[Precision, int]] = {
    Precision.YEAR: 0,
    Precision.MONTH: 1,
    Precision.DAY: 2,
    Precision.INSTANT: 2,
}
# What a provider may say of a version, and where another may know better.
COMPLETED: Final = (
    "title",
    "abstract",
    "authors",
    "categories",
    "kind",
    "published",
    "updated",
    "licence",
    "venue",
    "journal_ref",
    "comment",
)


@dataclass(frozen=True, slots=True)
class Completed:
    """A version as it stands after another source was heard.

    `origins` maps the name of a field to the provider that it is from, for every field that is not from
    the source that first brought the version.
    """

    draft: Draft
    origins: Mapping[str, str]
    taken: tuple[str, ...]  # the fields that changed, in the order of `COMPLETED`, then "identifiers"


def authority(provider: str) -> int:
    """Say how far a provider is believed, 1 or more."""
    return AUTHORITY.get(provider, LEAST_AUTHORITY)


def complete(
    stored: Draft, arriving: Draft, *, origins: Mapping[str, str], first: str, provider: str
) -> Completed:
    """Take from an arriving record what is missing, and what its provider knows better.

    A teaser, or nothing, never takes the place of an abstract; an empty list of authors never that of a
    full one; a year never that of a day. Identifiers are only ever added. Announcement, place and version
    stay.

    Args:
        stored: The version on the shelf.
        arriving: The same version as another source, or the same one later, tells it.
        origins: Where the stored fields are from; those not named are from `first`.
        first: The provider that first brought the version.
        provider: Of the arriving record.
    """
    mine = authority(provider)
    kept = dict(origins)
    changes: dict[str, object] = {}
    for name in COMPLETED:
        if not _is_better(name, stored, arriving, mine, authority(kept.get(name, first))):
            continue
        changes[name] = getattr(arriving, name)
        if name == "abstract":
            changes |= {"is_teaser": arriving.is_teaser, "language": arriving.language}
        _note(kept, name, provider, first)
    identifiers = _joined(stored.identifiers, arriving.identifiers)
    if identifiers != stored.identifiers:
        changes["identifiers"] = identifiers
        if provider != first:  # what another added before stays another's
            kept["identifiers"] = provider
    own = identifiers.pairs()
    relations = dict.fromkeys((*stored.relations, *arriving.relations))
    changes |= {
        "links": tuple(dict.fromkeys((*stored.links, *arriving.links)))[:MOST_LINKS],
        "relations": tuple(one for one in relations if (one.scheme, one.value) not in own)[:MOST_RELATIONS],
        "flags": tuple(flag for flag in Flag if flag in {*stored.flags, *arriving.flags}),
    }
    merged = replace(stored, **changes)  # type: ignore[arg-type]  # each value is one that a draft had there
    taken = tuple(name for name in (*COMPLETED, "identifiers") if name in changes)
    return Completed(replace(merged, fingerprint=fingerprint(merged)), kept, taken)


def _note(origins: dict[str, str], name: str, provider: str, first: str) -> None:
    if provider == first:
        origins.pop(name, None)
    else:
        origins[name] = provider


def _is_better(name: str, stored: Draft, arriving: Draft, mine: int, theirs: int) -> bool:
    value, known = getattr(arriving, name), getattr(stored, name)
    if not value:
        return False
    if not known:
        return True
    if name == "abstract" and arriving.is_teaser != stored.is_teaser:
        return stored.is_teaser  # also where both write the same, and one of them knows that it is all
    if value == known:
        return False
    if name in {"published", "updated"} and (
        arriving.announcement is not None or _SAID[value.precision] < _SAID[known.precision]
    ):
        return False  # a feed's day of announcement says less than any date given
    return mine >= theirs


def _joined(stored: Identifiers, arriving: Identifiers) -> Identifiers:
    """Add the identifiers of schemes that are not there yet."""
    names = [field.name for field in fields(Identifiers)]
    return Identifiers(**{name: getattr(stored, name) or getattr(arriving, name) for name in names})
