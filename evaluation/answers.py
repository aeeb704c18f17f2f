"""Read every saved answer of a source: each becomes papers, or is refused with a reason; nothing is silent.

    python -m evaluation.answers FOLDER... [--json] [--titles NAME]

The catalogue of sources is checked with it: all of it is subscribed, written as OPML and read by another hub.

What is an answer: every body of a recorded exchange (a cassette with `interactions`, a JSON object with `url`
and `body`), and every other file whose bytes are XML or JSON, unless they are well-formed but of a kind that
no reader of the hub knows. Web pages, other text and documents of unknown kinds are listed as no answer, with
what they look like. Cassettes and gzip are unpacked.

A fault is: an exception that the hub does not name; entries that neither became records nor were rejected,
where the answer can be counted without reading it; and a paper whose title, authors, abstract, DOI or dates
show what no reader should see.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from academichub.db.engine import Database
from academichub.db.migrate import migrate
from academichub.errors import AcademicHubError
from academichub.flows.finding import export_opml, import_opml
from academichub.flows.subscribing import subscribe
from academichub.intake.normalising import normalise
from academichub.sources.catalogue import known_entries
from academichub.sources.connectors import read_any
from academichub.store.sources import subscriptions
from academichub.text.identifiers import normalize_doi
from evaluation.saved import saved_in, visible, why_no_answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from academichub.model.papers import Draft, Feed
    from evaluation.saved import Saved

# -- what no reader should see ------------------------------------------------------------------------

# A dollar before a number is money, unless what follows is short and closed.
RAW_TEX: Final = re.compile(
    r"\\[a-zA-Z]{2,}|\\[%&_#$]|\$(?=[^$\d\s])[^$]*[^$\s]\$(?!\d)|\$\d[^$\s]{0,30}\$(?!\d)"
    r"|``|(?<![\w'])(?:\"|'')[^\s'\",][^'\"]{0,80}''(?!\w)"
)
TAGS: Final = re.compile(
    r"</?(?:jats:\w+|mml:\w+|p|b|i|u|a|em|tt|ul|ol|li|br|hr|h[1-6]|div|sub|sup|inf|scp|img|math|span|font|bold"
    r"|italic|strong|table|sec|title)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
ENTITY: Final = re.compile(r"&(?:[a-z]{2,8}|#[0-9]{2,6}|#x[0-9a-f]{2,6});", re.IGNORECASE)
MOJIBAKE: Final = re.compile("\ufffd|Ã[\x80-\xbf]|â€|ï¿½")
MARK: Final = re.compile(r"[OC]_(?:ST_ABS|LI|FIG|TBL|SCPLOW|SCPCAP)|DTLVardef")  # of HighWire's converter
LABEL: Final = re.compile(r"^(?:\[(?:[^\[\]]{3,40}|[0-9]{1,4})\]|【[^【】]{2,20}】)\s+(?=\w)")
PREFIX: Final = re.compile(
    r"\s*[\[【]?(?i:abstract|summary|摘\s*要|内容提要)[\]】]?(?:\s*[:：.—–]|(?=[A-Z][a-z]))"
    r"|arXiv:\S+ Announce|Announce Type:"
)
SHORTEST_DOUBLED: Final = 8  # characters of the half
LONGEST_NAME: Final = 90
MOST_COMMAS: Final = 2
NO_NAME: Final = re.compile(r"@|https?:|[<>{}\\$;]|\bet al\b|^\W+$|\d{3}", re.IGNORECASE)
SLACK: Final = timedelta(days=1)  # it is tomorrow in Auckland


def faults_of(draft: Draft, *, now: datetime) -> Iterator[str]:
    """Name what is wrong with a paper."""
    yield from _title_faults(draft)
    yield from _author_faults(draft)
    yield from _abstract_faults(draft)
    doi = draft.identifiers.doi
    if doi is not None and normalize_doi(doi) != doi:
        yield f"a DOI that is not canonical: {doi}"
    for moment in (draft.published, draft.updated):
        if moment is not None and moment.at > now + SLACK:
            yield f"a date in the future: {moment.on} ({moment.precision})"


def _text_faults(text: str) -> Iterator[str]:
    patterns = {"raw TeX": RAW_TEX, "a tag": TAGS, "an entity": ENTITY, "mojibake": MOJIBAKE, "a mark": MARK}
    for what, pattern in patterns.items():
        if found := pattern.search(text):
            yield f"{what}, {found[0][:40]!r}"


def _title_faults(draft: Draft) -> Iterator[str]:
    title = draft.title.plain
    for fault in _text_faults(title):
        yield f"{fault}, in the title: {title[:120]}"
    half = len(title) // 2
    if not re.search(r"\w", title):
        yield f"a title without a letter: {title!r}"
    elif LABEL.match(title):
        yield f"a label before the title: {title[:120]}"
    elif half >= SHORTEST_DOUBLED and title[:half].strip() == title[half:].strip():
        yield f"a doubled title: {title[:120]}"


def _author_faults(draft: Draft) -> Iterator[str]:
    for author in draft.authors:
        name = author.name
        if not name.strip():
            yield "an author without a name"
        elif (len(name) > LONGEST_NAME and " " in name) or name.count(",") >= MOST_COMMAS:
            yield f"a list in one name: {name[:160]}"
        elif NO_NAME.search(name) or MOJIBAKE.search(name) or ENTITY.search(name):
            yield f"no name: {name[:120]}"


def _abstract_faults(draft: Draft) -> Iterator[str]:
    if draft.abstract is None:
        return
    text = draft.abstract.plain
    for fault in _text_faults(text):
        yield f"{fault}, in the abstract: {draft.title.plain[:80]}"
    if PREFIX.match(text):
        yield f"a prefix before the abstract: {text[:60]!r}"
    half = len(text) // 2
    if half >= SHORTEST_DOUBLED and text[:half].strip() == text[half:].strip():
        yield f"a doubled abstract: {text[:60]!r}"


# -- family by family ---------------------------------------------------------------------------------


CRASHED: Final = "crashed"


@dataclass(slots=True)
class Family:
    """What came out of the answers of one server."""

    files: set[Path] = field(default_factory=set)
    answers: int = 0
    records: int = 0
    drafts: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """Give the figures as JSON values."""
        return {
            "files": len(self.files),
            "answers": self.answers,
            "records": self.records,
            "drafts": self.drafts,
            "rejected": dict(sorted(self.rejected.items())),
            "refused": dict(sorted(self.refused.items())),
            "faults": self.faults,
        }


@dataclass(slots=True)
class Findings:
    """What was read, by family."""

    families: dict[str, Family] = field(default_factory=lambda: defaultdict(Family))
    no_answers: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    catalogue: dict[str, Any] = field(default_factory=dict)

    @property
    def faults(self) -> list[str]:
        """List the faults of all families."""
        named = [f"{name}: {one}" for name, family in self.families.items() for one in family.faults]
        return [*named, *self.catalogue.get("faults", ())]

    def figures(self) -> dict[str, Any]:
        """Give the figures as JSON values."""
        return {
            "families": {name: family.figures() for name, family in sorted(self.families.items())},
            "no_answers": self.no_answers,
            "refusals": self.refusals,
            "catalogue": self.catalogue,
        }


def measure(folders: Sequence[Path], *, now: datetime) -> Findings:
    """Read every answer below some folders."""
    found = Findings()
    refused: list[tuple[Saved, str]] = []
    speaker_of: dict[str, str] = {}  # host to family, learnt from the answers that could be read
    for folder in folders:
        for saved in saved_in(folder):
            reason = why_no_answer(saved)
            if reason is not None:
                found.no_answers.append(f"{saved.name}: {reason}")
                continue
            try:
                feed = read_any(saved.body)
            except AcademicHubError as error:
                refused.append((saved, error.code))
                found.refusals.append(f"{saved.name}: {error}"[:300])
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the fault that is looked for
                refused.append((saved, "crash"))
                found.families[CRASHED].faults.append(f"{saved.name}: {error!r}"[:300])
                continue
            name = _family(feed, saved)
            if host := urlsplit(saved.url).hostname:
                speaker_of.setdefault(host, name)
            _take(found.families[name], feed, saved, now=now)
    for saved, code in refused:
        host = urlsplit(saved.url).hostname or ""
        name = speaker_of.get(host, host) if host else f"in {Path(saved.name).parent}"
        family = found.families[name]
        family.files.add(saved.path)
        family.answers += 1
        family.refused[code] += 1
    return found


def _family(feed: Feed, saved: Saved) -> str:
    """Name who speaks: a connector, the format of a document, or the host of a feed."""
    if feed.provider and feed.provider not in {"oai", "xml metadata"}:
        return feed.provider
    host = urlsplit(feed.link or saved.url).hostname or ""
    if feed.provider == "xml metadata":
        return feed.format
    return f"{feed.format.split()[0] if feed.provider else 'feed'} {host}".strip()


def _take(family: Family, feed: Feed, saved: Saved, *, now: datetime) -> None:
    family.files.add(saved.path)
    family.answers += 1
    family.records += len(feed.records)
    family.rejected.update(one.error.code for one in feed.rejected)
    read, shown = len(feed.records) + len(feed.rejected), visible(saved.body)
    if shown is not None and read != shown and feed.parser != "feedparser":
        family.faults.append(f"{saved.name}: {shown} entries in the answer, {read} read")
    for record in feed.records:
        try:
            draft = normalise(record, feed=feed, now=now)
        except AcademicHubError as error:
            family.rejected[error.code] += 1
            continue
        except Exception as error:  # noqa: BLE001 - as above
            family.faults.append(f"{saved.name} [{record.position}]: {error!r}"[:300])
            continue
        family.drafts += 1
        where = f"{saved.name} [{record.position}]"
        family.faults += [f"{where}: {fault}" for fault in faults_of(draft, now=now)]


# -- the catalogue ------------------------------------------------------------------------------------


def check_catalogue(folder: Path, *, now: datetime) -> dict[str, Any]:
    """Subscribe the whole catalogue, write it as OPML, and read that into a second hub.

    Args:
        folder: An empty one, for the two databases.
        now: When that happens.
    """
    entries = known_entries()
    first, second = (Database(f"sqlite:///{folder / name}.sqlite") for name in ("first", "second"))
    try:
        for database in (first, second):
            migrate(database)
        for entry in entries:
            subscribe(first, entry.key, now=now)
        written = export_opml(first, now=now)
        report = import_opml(second, written, now=now)
        before, after = _subscribed(first), _subscribed(second)
        again = export_opml(second, now=now)
    finally:
        first.close()
        second.close()
    faults = [f"lost on the way through OPML: {one}" for one in sorted(before - after)]
    faults += [f"came of nothing through OPML: {one}" for one in sorted(after - before)]
    if len(before) != len(entries):
        faults.append(f"{len(entries)} entries in the catalogue, {len(before)} subscribed")
    if written != again:
        faults.append("the second hub writes another file")
    return {"entries": len(entries), "imported": report.added, "equal": len(before & after), "faults": faults}


def _subscribed(database: Database) -> set[tuple[str, ...]]:
    with database.reading() as connection:
        return {
            (one.key, one.kind, one.title, one.url, one.connector, one.scope)
            for one in subscriptions(connection)
        }


# -- the command line ---------------------------------------------------------------------------------


def main() -> int:
    """Read the folders and print a line for each family; 1 where there is a fault."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--titles", metavar="NAME", help="print titles and authors of the files called so")
    arguments = parser.parse_args()
    now = datetime.now(UTC)
    if arguments.titles:
        _print_titles(arguments.folders, arguments.titles, now=now)
        return 0
    found = measure(arguments.folders, now=now)
    with tempfile.TemporaryDirectory() as folder:
        found.catalogue = check_catalogue(Path(folder), now=now)
    if arguments.json:
        print(json.dumps(found.figures(), indent=2, ensure_ascii=False))
    else:
        _print_table(found)
    return 1 if found.faults or not found.families else 0


def _print_titles(folders: Sequence[Path], name: str, *, now: datetime) -> None:
    for saved in (one for folder in folders for one in saved_in(folder) if name in one.name):
        if why_no_answer(saved) is not None:
            continue
        try:
            feed = read_any(saved.body)
        except AcademicHubError as error:
            print(f"{saved.name} REFUSED {error}")
            continue
        for record in feed.records:
            try:
                draft = normalise(record, feed=feed, now=now)
            except AcademicHubError as error:
                print(f"{saved.name} [{record.position}] REJECTED {error}")
                continue
            said = " | ".join(
                (
                    draft.title.plain,
                    "; ".join(author.name for author in draft.authors),
                    draft.venue,
                    str(draft.published.on) if draft.published else "",
                    draft.identifiers.doi or draft.identifiers.arxiv or "",
                    draft.kind,
                    draft.abstract.plain[:100] if draft.abstract else "",
                )
            )
            print(f"{saved.name} [{record.position}] {said}")


def _print_table(found: Findings) -> None:
    columns = ("files", "answers", "records", "drafts", "rejected", "refused", "faults")
    print(f"{'family':34}" + "".join(f"{name:>10}" for name in columns))
    for name, family in sorted(found.families.items()):
        counts = (len(family.files), family.answers, family.records, family.drafts)
        sums = (family.rejected.total(), family.refused.total(), len(family.faults))
        print(f"{name:34}" + "".join(f"{value:>10}" for value in (*counts, *sums)))
        for word, codes in (("rejected", family.rejected), ("refused", family.refused)):
            for code, count in sorted(codes.items()):
                print(f"    {word}: {code} {count}")
    print(f"no answer: {len(found.no_answers)} files")
    for one in found.no_answers:
        print(f"    {one}")
    print(f"refused: {len(found.refusals)} answers")
    for one in found.refusals:
        print(f"    {one}")
    told = found.catalogue
    print(f"catalogue: {told['entries']} entries, {told['equal']} equal after a round trip through OPML")
    print(f"faults: {len(found.faults)}")
    for one in found.faults:
        print(f"    FAULT {one}")


if __name__ == "__main__":
    sys.exit(main())
