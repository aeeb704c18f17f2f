"""Let preprints and articles meet in a hub, look at every merge, and take every one back.

    python -m evaluation.preprints FOLDER [--records FILE] [--seed N] [--json]

FOLDER holds saved answers, as for `evaluation.answers`. FILE holds arXiv records as JSON lines (id, title,
abstract, authors, categories, comment, date), plain or gzip; without it `../arxiv/records.jsonl.gz` is read
where it is there. Of the records only those are taken in that share a key with a work of another place, for
the hub compares no others.

Met: each merge is judged by what the comparison did not look at: another's word (a relation, arXiv's DOI),
the journal named in arXiv's comment, or the abstracts, of which three words in five must be shared. What
cannot be judged so is printed for eyes.

Labelled: every preprint whose source names its article is taken in without that name, together with a copy of
it as a journal might print it (`evaluation.copies`). The whole hub works on them: a copy must find its
preprint, and no other.

Taken back: every merge is undone, the newest first; what was must be there again, column by column. Then all
are made and undone once more, and all tables are compared, row by row (`evaluation.undoing`).
"""

from __future__ import annotations

import argparse
import gzip
import json
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
    manifestations,
    merges,
    works,
)
from academichub.intake.blocking import blocks as blocks_of
from academichub.intake.matching import Candidate, prepare
from academichub.intake.venuenames import Tie, tie
from academichub.model.papers import Bond, Identifiers, Kind
from evaluation.copies import measure_labelled, take_in
from evaluation.saved import saved_in, why_no_answer
from evaluation.undoing import take_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
            f"<published>{one.get('date') or ''}</published><summary>{escape(one['abstract'])}</summary>"
            f"{people}<arxiv:comment>{escape(comment)}</arxiv:comment>{filed}"
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
        Join("doubt", row.score, _side(connection, faces[row.one_id]), _side(connection, faces[row.other_id]))
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
        if told["precision"] is not None and told["precision"] < PRECISION:
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
