"""Take preprints in without what they say of their articles, and copies of them as journals print them.

The journal's own text is not in the captures, so the copies are made. What is done to them, and how often, is
in CHANGES; chance is drawn from a seed and the preprint's name. Used by `preprints`.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

import sqlalchemy as sa

from academichub.db.tables import doubts, identifiers, manifestations
from academichub.errors import AcademicHubError
from academichub.flows.answers import read_answer
from academichub.flows.ingesting import ingest_bytes
from academichub.intake.normalising import normalise
from academichub.model.papers import Bond, Kind
from evaluation.saved import saved_in, why_no_answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from academichub.db.engine import Database
    from academichub.model.papers import Draft

COPIES: Final = "copies.example"
COPY_DOI: Final = "10.5555/copy."
# What a source says of the article, in the answers of arXiv (OAI-PMH and API), bioRxiv and medRxiv.
SERVERS: Final = frozenset({"arxiv", "biorxiv.org", "medrxiv.org"})
TOLD: Final = (
    (re.compile(rb'("published"\s*:\s*)"10\.[^"]*"'), rb'\1"NA"'),
    (re.compile(rb"<((?:arxiv:)?(?:doi|journal[-_]ref))(?:\s[^>]*)?>[^<]*</\1>"), b""),
    (re.compile(rb'<link\b[^>]*\btitle="doi"[^>]*/>'), b""),
)
# What journals do to a preprint's text, and to how many of a hundred.
CHANGES: Final = (
    ("initials", 35), ("capitals", 30), ("a word changed", 20), ("an author left out", 5),
    ("an author added", 8), ("subtitle added", 6), ("subtitle left out", 6), ("another title", 8),
)  # fmt: skip
INSTEAD: Final = {
    "via": "by", "using": "with", "towards": "toward", "modelling": "modeling", "and": "&", "for": "of",
    "behaviour": "behavior", "optimisation": "optimization", "on": "for", "with": "using", "from": "by",
}  # fmt: skip


def take_in(database: Database, name: str, body: bytes, *, now: datetime) -> str:
    """Take in one answer; give the code of the error where it is refused."""
    try:
        ingest_bytes(database, body, name=name, clock=lambda: now)
    except AcademicHubError as error:
        return error.code
    return ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A preprint's text as a journal might print it."""

    preprint: tuple[str, str]  # place and item
    title: str
    people: tuple[str, ...]
    year: int
    changes: tuple[str, ...]


def as_printed(draft: Draft, dice: random.Random) -> Copy:
    """Make a journal's copy of a preprint."""
    drawn = tuple(name for name, hundredth in CHANGES if dice.random() * 100 < hundredth)
    words, people = draft.title.plain.split(), [author.name for author in draft.authors]
    done = []
    for change in drawn:
        before = (list(words), list(people))
        words, people = _changed(change, words, people, dice)
        if (words, people) != before:
            done.append(change)
    year = draft.published.on.year if draft.published else 2020
    return Copy(
        (draft.key.place, draft.key.item),
        " ".join(words),
        tuple(people),
        year + dice.randrange(2),
        tuple(done),
    )


def _changed(
    change: str, words: list[str], people: list[str], dice: random.Random
) -> tuple[list[str], list[str]]:
    head = next((place for place, word in enumerate(words) if word.endswith(":")), None)
    match change:
        case "initials":
            return words, [_initials(name) for name in people]
        case "capitals":
            return [word if word.isupper() else word[:1].upper() + word[1:] for word in words], people
        case "a word changed":
            places = [place for place, word in enumerate(words) if word.lower() in INSTEAD]
            place = dice.choice(places) if places else None
            return [INSTEAD[one.lower()] if at == place else one for at, one in enumerate(words)], people
        case "an author added":
            return words, [*people, "Quentin Z. Newcomer"]
        case "an author left out":
            return words, people[:-1] if len(people) > 2 else people
        case "subtitle added":
            return words if head is not None else [
                *words[:-1],
                f"{words[-1]}:",
                "Theory",
                "and",
                "Evidence",
            ], people
        case "subtitle left out":
            return ([*words[:head], words[head][:-1]] if head is not None and head >= 2 else words), people
        case _:  # another title: its second half, and what it is of
            return ["Understanding", *words[len(words) // 2 :]], people


def _initials(name: str) -> str:
    *given, family = name.split()
    return " ".join([*(f"{part[0]}." for part in given), family])


def as_journal(copies: Sequence[Copy]) -> bytes:
    """Write copies as a journal's feed."""
    entries = []
    for number, one in enumerate(copies):
        people = "".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in one.people)
        entries.append(
            f"<item><title>{escape(one.title)}</title><link>https://{COPIES}/{number}</link>{people}"
            f"<prism:publicationName>Journal of Copies</prism:publicationName><prism:doi>{COPY_DOI}{number}"
            f"</prism:doi><dc:date>{one.year}-06-01</dc:date></item>"
        )
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"><channel>'
        f"<title>Journal of Copies</title><link>https://{COPIES}/</link>{''.join(entries)}</channel></rss>"
    ).encode()


def hidden(body: bytes) -> bytes:
    """Take out what a preprint's source says of its article."""
    for pattern, instead in TOLD:
        body = pattern.sub(instead, body)
    return body


def asserted(body: bytes, *, now: datetime) -> dict[tuple[str, str], Draft]:
    """Give the preprints of an answer whose article is named."""
    try:
        feed = read_answer(body)
    except AcademicHubError:
        return {}
    found = {}
    for record in feed.records:
        try:
            draft = normalise(record, feed=feed, now=now)
        except AcademicHubError:
            continue
        is_named = draft.key.place == "arxiv" and draft.identifiers.doi is not None
        is_named = is_named or any(one.bond is Bond.PREPRINT_OF for one in draft.relations)
        if draft.kind is Kind.PREPRINT and is_named and draft.key.place in SERVERS:
            found[draft.key.place, draft.key.item] = draft
    return found


def measure_labelled(folder: Path, database: Database, *, seed: int, now: datetime) -> dict[str, Any]:
    """Take in all preprints without their articles' names, then the copies; see who finds whom."""
    known: dict[tuple[str, str], Draft] = {}
    for saved in saved_in(folder):
        if why_no_answer(saved) is None:
            told = asserted(saved.body, now=now)
            known |= told
            take_in(database, saved.name, hidden(saved.body) if told else saved.body, now=now)
    copies = [
        as_printed(draft, random.Random(f"{seed}:{name}"))  # noqa: S311  no secret
        for name, draft in sorted(known.items())
    ]
    if error := take_in(database, "copies", as_journal(copies), now=now):
        raise RuntimeError(error)
    with database.reading() as connection:
        found = [_found(connection, number, one) for number, one in enumerate(copies)]
    by_change: dict[str, Counter[str]] = {}
    for one, (what, _) in zip(copies, found, strict=True):
        for change in one.changes or ("none",):
            by_change.setdefault(change, Counter())[what] += 1
    sums = Counter(what for what, _ in found)
    merged = sums["right"] + sums["wrong"]
    return {
        "preprints": len(copies),
        **{what: sums[what] for what in ("right", "wrong", "doubt", "wrong doubt", "missed")},
        "precision": round(sums["right"] / merged, 4) if merged else None,
        "recall": round(sums["right"] / max(1, len(copies)), 4),
        "recall_with_doubts": round((sums["right"] + sums["doubt"]) / max(1, len(copies)), 4),
        "by_change": {change: dict(counts) for change, counts in sorted(by_change.items())},
        "wrong_pairs": [
            f"{one.title} ({' '.join(one.preprint)}) with {sorted(others)}"
            for one, (what, others) in zip(copies, found, strict=True)
            if what == "wrong"
        ],
    }


def _found(connection: sa.Connection, number: int, one: Copy) -> tuple[str, set[tuple[str, str]]]:
    """Say what became of a copy, and what it was merged with or is held against."""
    work_id = connection.execute(
        sa.select(identifiers.c.work_id).where(
            identifiers.c.scheme == "doi", identifiers.c.value == f"{COPY_DOI}{number}"
        )
    ).scalar_one()
    held = _items(connection, [work_id])
    if held:
        return "right" if held == {one.preprint} else "wrong", held
    pairs = connection.execute(
        sa.select(doubts.c.one_id, doubts.c.other_id).where(
            sa.or_(doubts.c.one_id == work_id, doubts.c.other_id == work_id), doubts.c.state == "open"
        )
    ).all()
    doubted = _items(connection, [other for pair in pairs for other in pair if other != work_id])
    if one.preprint in doubted:
        return "doubt", doubted
    return "wrong doubt" if doubted else "missed", doubted


def _items(connection: sa.Connection, work_ids: Sequence[int]) -> set[tuple[str, str]]:
    """Give place and item of all that works hold, copies left out."""
    rows = connection.execute(
        sa.select(manifestations.c.place, manifestations.c.item).where(
            manifestations.c.work_id.in_(work_ids), manifestations.c.place != COPIES
        )
    )
    return {(row.place, row.item) for row in rows}
