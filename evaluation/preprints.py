"""Let preprints and articles meet in a hub, look at every merge, and take every one back.

    python -m evaluation.preprints FOLDER [--records FILE] [--seed N] [--json]

FOLDER holds saved answers, as for `evaluation.answers`. FILE holds arXiv records as JSON lines (id, title,
abstract, authors, categories, comment, date), plain or gzip; without it `../arxiv/records.jsonl.gz` is read where
it is there. Of the records only those are taken in that share a key with a work of another place, for the hub
compares no others.

Met: each merge is judged by what the comparison did not look at: another's word (a relation, arXiv's DOI), the
journal named in arXiv's comment, or the abstracts, of which two in three words must be shared. What cannot be judged
so is printed for eyes.

Labelled: every preprint whose source names its article is taken in without that name, together with a copy of it as
a journal might print it. The journal's own text is not in the captures, so the copies are made: initials for given
names, another year, words in capitals, changed, left out or added, in amounts drawn from the seed. The whole hub works on
them: a copy must find its preprint, and no other.

Taken back: every merge is undone, the newest first; what was must be there again, column by column. Then all are
made and undone once more, and all tables are compared, row by row.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

import sqlalchemy as sa

from academichub.db.engine import Database
from academichub.db.migrate import migrate
from academichub.db.tables import (
    blocks,
    doubts,
    identifiers,
    manifestations,
    merges,
    works,
)
from academichub.errors import AcademicHubError
from academichub.flows.answers import read_answer
from academichub.flows.ingesting import ingest_bytes
from academichub.intake.blocking import blocks as blocks_of
from academichub.intake.matching import Candidate, prepare
from academichub.intake.normalising import normalise
from academichub.intake.venuenames import Tie, tie
from academichub.model.papers import Bond, Identifiers, Kind
from evaluation.answers import saved_in, why_no_answer
from evaluation.undoing import take_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from academichub.model.papers import Draft

PRECISION: Final = 0.99  # of merges by text
SAME_ABSTRACT: Final = 0.6  # Jaccard index of the words
OTHER_ABSTRACT: Final = 0.2
WORD: Final = re.compile(r"[^\W_]+")


@contextmanager
def empty_hub() -> Iterator[Database]:
    """Make a hub that goes when it is done with."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/hub.sqlite")
        try:
            migrate(database)
            yield database
        finally:
            database.close()


def take_in(database: Database, name: str, body: bytes, *, now: datetime) -> str:
    """Take in one answer; give the code of the error where it is refused."""
    try:
        ingest_bytes(database, body, name=name, clock=lambda: now)
    except AcademicHubError as error:
        return error.code
    return ""


# -- arXiv's records ----------------------------------------------------------------------------------


def likely_records(database: Database, path: Path) -> Iterator[dict[str, Any]]:
    """Read the records that share a key with a work on the shelves that is not arXiv's."""
    statement = (
        sa.select(blocks.c.block)
        .join(manifestations, manifestations.c.work_id == blocks.c.work_id)
        .where(manifestations.c.place != "arxiv")
        .distinct()
    )
    with database.reading() as connection:
        held = set(connection.execute(statement).scalars())
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        for line in lines:
            record = json.loads(line)
            candidate = Candidate(
                title=record["title"],
                authors=tuple(record["authors"]),
                venue="arXiv",
                identifiers=Identifiers(arxiv=record["id"]),
                kind=Kind.PREPRINT,
            )
            if not held.isdisjoint(blocks_of(prepare(candidate))):
                yield record


def as_atom(records: Iterable[Mapping[str, Any]]) -> bytes:
    """Write records as arXiv's API would."""
    entries = []
    for one in records:
        people = "".join(f"<author><name>{escape(name)}</name></author>" for name in one["authors"])
        filed = "".join(f'<category term="{escape(name)}"/>' for name in one["categories"])
        comment = one.get("comment") or ""
        entries.append(
            f"<entry><id>http://arxiv.org/abs/{one['id']}v1</id><title>{escape(one['title'])}</title>"
            f"<published>{one.get('date') or ''}</published><summary>{escape(one['abstract'])}</summary>{people}"
            f"<arxiv:comment>{escape(comment)}</arxiv:comment>{filed}"
            f'<arxiv:primary_category term="{escape(one["categories"][0])}"/></entry>'
        )
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">'
        "<title>records</title><id>http://arxiv.org/api/records</id>" + "".join(entries) + "</feed>"
    ).encode()


# -- who was merged with whom -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Side:
    """One manifestation, with what a judge may look at."""

    place: str
    item: str
    kind: str
    title: str
    byline: tuple[str, ...]
    venue: str
    names: frozenset[str]  # "scheme:value"
    said: frozenset[str]  # names of other works that it says are its own
    abstract: str
    remarks: tuple[str, ...]  # comment and journal reference

    def shown(self) -> str:
        """Write it for eyes."""
        people = ", ".join(self.byline[:3]) + (", ..." if len(self.byline) > 3 else "")
        return f"[{self.place} {self.item}] {self.title} | {people or 'no authors'} | {self.venue}"


@dataclass(frozen=True, slots=True)
class Join:
    """Two sides that the hub made one, or holds for a person to decide."""

    because: str
    score: float | None
    kept: Side
    gone: Side

    @property
    def is_across(self) -> bool:
        """True where one is a preprint and the other is not."""
        return (self.kept.kind == Kind.PREPRINT) != (self.gone.kind == Kind.PREPRINT)

    def evidence(self) -> tuple[str, ...]:
        """Say what speaks for the two being one, of that which the comparison did not see."""
        one, other = self.kept, self.gone
        found = []
        if one.names & other.names:
            found.append("the same identifier")
        if one.said & other.names or other.said & one.names:
            found.append("its own word")
        for preprint, article in ((one, other), (other, one)):
            if any(_names_venue(remark, article.venue) for remark in preprint.remarks):
                found.append(f"arXiv's comment names {article.venue}")
        if one.abstract and other.abstract and jaccard(one.abstract, other.abstract) >= SAME_ABSTRACT:
            found.append("the same abstract")
        return tuple(found)

    def verdict(self) -> str:
        """Judge: "right", "wrong" or "for eyes"."""
        if self.evidence():
            return "right"
        both = bool(self.kept.abstract and self.gone.abstract)
        is_other = both and jaccard(self.kept.abstract, self.gone.abstract) < OTHER_ABSTRACT
        return "wrong" if is_other else "for eyes"


def jaccard(one: str, other: str) -> float:
    """Give the share of words that two texts have in common, of all their words."""
    a, b = set(WORD.findall(one.lower())), set(WORD.findall(other.lower()))
    return len(a & b) / max(1, len(a | b))


def _names_venue(remark: str, venue: str) -> bool:
    """Tell whether a remark such as "Accepted to TPAMI 2026." names a journal."""
    pieces = re.split(r"[.;,:()]|\b(?:by|to|in|at|for)\b", re.sub(r"\b(?:19|20)[0-9]{2}\b", "", remark))
    return any(tie(piece.strip(), venue) is Tie.SAME for piece in pieces if piece.strip())


def joins(connection: sa.Connection) -> list[tuple[int, Join]]:
    """List the merges that were made, with their numbers, oldest first."""
    found = []
    for row in connection.execute(sa.select(merges).order_by(merges.c.id)).all():
        if row.gone_id is None:
            first = sa.select(sa.func.min(manifestations.c.id)).where(
                manifestations.c.work_id == row.kept_id, manifestations.c.id != row.manifestation_id
            )
            kept, gone = connection.execute(first).scalar_one(), row.manifestation_id
        else:
            kept, gone = row.snapshot["kept"]["face_id"], row.snapshot["gone"]["face_id"]
        found.append((row.id, Join(row.because, row.score, _side(connection, kept), _side(connection, gone))))
    return found


def open_doubts(connection: sa.Connection) -> list[Join]:
    """List the pairs that wait for a person, likeliest first."""
    faces = {row.id: row.face_id for row in connection.execute(sa.select(works.c.id, works.c.face_id))}
    rows = connection.execute(
        sa.select(doubts).where(doubts.c.state == "open").order_by(doubts.c.score.desc(), doubts.c.id)
    ).all()
    return [
        Join(
            "doubt", row.score, _side(connection, faces[row.one_id]), _side(connection, faces[row.other_id])
        )
        for row in rows
    ]


def _side(connection: sa.Connection, manifestation_id: int) -> Side:
    row = connection.execute(sa.select(manifestations).where(manifestations.c.id == manifestation_id)).one()
    told = [line.split(" ", 1) for line in row.relations]
    return Side(
        place=row.place,
        item=row.item,
        kind=row.kind,
        title=row.title_plain,
        byline=tuple(row.byline),
        venue=row.venue,
        names=frozenset(row.identifiers),
        said=frozenset(name for bond, name in told if Bond(bond).is_same_work),
        abstract="" if row.is_teaser else row.abstract_plain or "",
        remarks=tuple(filter(None, (row.comment, row.journal_ref))),
    )


# -- preprints whose article is known -----------------------------------------------------------------

COPIES: Final = "copies.example"
COPY_DOI: Final = "10.5555/copy."
# What a source says of the article, in the answers of arXiv (OAI-PMH and API) and of bioRxiv.
TOLD: Final = (
    (re.compile(rb'("published"\s*:\s*)"10\.[^"]*"'), rb'\1"NA"'),
    (re.compile(rb"<((?:arxiv:)?(?:doi|journal[-_]ref))(?:\s[^>]*)?>[^<]*</\1>"), b""),
    (re.compile(rb'<link\b[^>]*\btitle="doi"[^>]*/>'), b""),
)
# What journals do to a preprint's text, and to how many of a hundred.
CHANGES: Final = (
    ("initials", 35), ("capitals", 30), ("a word changed", 20), ("an author added", 8), ("an author left out", 5),
    ("subtitle added", 6), ("subtitle left out", 6), ("another title", 8),
)  # fmt: skip
INSTEAD: Final = {
    "via": "by", "using": "with", "towards": "toward", "modelling": "modeling", "and": "&", "for": "of",
    "behaviour": "behavior", "optimisation": "optimization", "on": "for", "with": "using", "from": "by",
}  # fmt: skip


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
        (draft.key.place, draft.key.item), " ".join(words), tuple(people), year + dice.randrange(2), tuple(done)
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
            return words if head is not None else [*words[:-1], f"{words[-1]}:", "Theory", "and", "Evidence"], people
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
        ' xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"><channel><title>Journal of Copies</title>'
        f"<link>https://{COPIES}/</link>" + "".join(entries) + "</channel></rss>"
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
        if draft.kind is Kind.PREPRINT and (
            is_named or any(one.bond is Bond.PREPRINT_OF for one in draft.relations)
        ):
            found[draft.key.place, draft.key.item] = draft
    return found


def measure_labelled(folder: Path, database: Database, *, seed: int, now: datetime) -> dict[str, Any]:
    """Take in all preprints without their articles' names, then the copies; see who finds whom."""
    known: dict[tuple[str, str], Draft] = {}
    for saved in saved_in(folder):
        if why_no_answer(saved) is None:
            told, body = asserted(saved.body, now=now), hidden(saved.body)
            left = asserted(body, now=now) if told else {}
            known |= {name: draft for name, draft in told.items() if name not in left}
            take_in(database, saved.name, body, now=now)
    copies = [
        as_printed(draft, random.Random(f"{seed}:{name}"))  # noqa: S311  no secret
        for name, draft in sorted(known.items())
    ]
    if error := take_in(database, "copies", as_journal(copies), now=now):
        raise RuntimeError(error)
    with database.reading() as connection:
        found = [_found(connection, number, one) for number, one in enumerate(copies)]
    by_change: dict[str, Counter[str]] = {}
    for one, what in zip(copies, found, strict=True):
        for change in one.changes or ("none",):
            by_change.setdefault(change, Counter())[what] += 1
    sums = Counter(found)
    merged = sums["right"] + sums["wrong"]
    return {
        "preprints": len(copies),
        **{what: sums[what] for what in ("right", "wrong", "doubt", "wrong doubt", "missed")},
        "precision": round(sums["right"] / max(1, merged), 4),
        "recall": round(sums["right"] / max(1, len(copies)), 4),
        "recall_with_doubts": round((sums["right"] + sums["doubt"]) / max(1, len(copies)), 4),
        "by_change": {change: dict(counts) for change, counts in sorted(by_change.items())},
        "wrong_pairs": [one.title for one, what in zip(copies, found, strict=True) if what == "wrong"],
    }


def _found(connection: sa.Connection, number: int, one: Copy) -> str:
    """Say what became of a copy."""
    work_id = connection.execute(
        sa.select(identifiers.c.work_id).where(
            identifiers.c.scheme == "doi", identifiers.c.value == f"{COPY_DOI}{number}"
        )
    ).scalar_one()
    held = _items(connection, [work_id])
    if held:
        return "right" if held == {one.preprint} else "wrong"
    pairs = connection.execute(
        sa.select(doubts.c.one_id, doubts.c.other_id).where(
            sa.or_(doubts.c.one_id == work_id, doubts.c.other_id == work_id), doubts.c.state == "open"
        )
    ).all()
    doubted = _items(connection, [other for pair in pairs for other in pair if other != work_id])
    if one.preprint in doubted:
        return "doubt"
    return "wrong doubt" if doubted else "missed"


def _items(connection: sa.Connection, work_ids: Sequence[int]) -> set[tuple[str, str]]:
    """Give place and item of all that works hold, copies left out."""
    rows = connection.execute(
        sa.select(manifestations.c.place, manifestations.c.item).where(
            manifestations.c.work_id.in_(work_ids), manifestations.c.place != COPIES
        )
    )
    return {(row.place, row.item) for row in rows}


# -- the command line ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Report:
    """What was found."""

    figures: dict[str, Any] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def measure(folder: Path, records: Path | None, *, seed: int, now: datetime) -> Report:
    """Let preprints and articles meet in one hub, copies find theirs in another, and take all back."""
    report = Report()
    with empty_hub() as database:
        report.figures["met"] = _meet(database, folder, records, report, now=now)
        report.figures["met, taken back"] = back = take_back(database, now=now)
        report.faults += back["faults"]
    with empty_hub() as database:
        report.figures["labelled"] = told = measure_labelled(folder, database, seed=seed, now=now)
        if told["precision"] < PRECISION:
            report.faults.append(f"precision {told['precision']}: {told['wrong_pairs'][:5]}")
        report.figures["labelled, taken back"] = back = take_back(database, now=now)
        report.faults += back["faults"]
    return report


def _meet(
    database: Database, folder: Path, records: Path | None, report: Report, *, now: datetime
) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    for saved in saved_in(folder):
        if why_no_answer(saved) is None:
            counts["refused" if take_in(database, saved.name, saved.body, now=now) else "answers"] += 1
    if records is not None:
        chosen = list(likely_records(database, records))
        counts["records"] = len(chosen)
        take_in(database, records.name, as_atom(chosen), now=now)
    with database.reading() as connection:
        made = [one for _, one in joins(connection)]
        doubted = open_doubts(connection)
        counts["works"] = connection.execute(sa.select(sa.func.count()).select_from(works)).scalar_one()
    by_text = [one for one in made if one.because == "text"]
    verdicts = Counter(one.verdict() for one in by_text)
    for one in (*made, *doubted):
        score = "" if one.score is None else f" {one.score:.4f}"
        why = ", ".join(one.evidence())
        report.shown.append(
            f"{one.because}{score}, {one.verdict()}{f' ({why})' if why else ''}\n    {one.kept.shown()}"
            f"\n    {one.gone.shown()}"
        )
    report.faults += [f"merged wrongly: {one.kept.shown()}" for one in by_text if one.verdict() == "wrong"]
    return {
        **counts,
        "merges": dict(Counter(one.because for one in made)),
        "of a preprint and an article": sum(one.is_across for one in made),
        "by text": {"right": verdicts["right"], "wrong": verdicts["wrong"], "for eyes": verdicts["for eyes"]},
        "doubts": len(doubted),
    }


def main() -> int:
    """Measure and print; 1 where a merge is wrong, or does not come undone."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=Path, help="arXiv records; by default ../arxiv/records.jsonl.gz")
    parser.add_argument("--seed", type=int, default=0, help="for what journals do to titles")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    beside = arguments.folder.parent / "arxiv" / "records.jsonl.gz"
    records = arguments.records or (beside if beside.exists() else None)
    report = measure(arguments.folder, records, seed=arguments.seed, now=datetime.now(UTC))
    if arguments.json:
        print(json.dumps({**report.figures, "pairs": report.shown}, indent=2, ensure_ascii=False))
    else:
        for one in report.shown:
            print(one)
        for name, figures in report.figures.items():
            print(f"{name}:")
            for what, value in figures.items():
                print(f"    {what}: {value}")
    for fault in report.faults[:50]:
        print(f"FAULT {fault}", file=sys.stderr)
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
