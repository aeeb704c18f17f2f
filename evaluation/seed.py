"""Rebuild the feed entries behind the seed page, clean them, and check that none of its defects is left.

    python evaluation/seed.py [FILE] [--json] [--show]

The page shows 22 entries with the defects of their feeds (ingest reference, section 3.1). Each is put
back into the XML its source would have sent, in several layouts, and led through reading and cleaning.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from academichub.intake.normalising import normalise
from academichub.model.papers import Kind
from academichub.model.taxonomy import categories
from academichub.sources.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from academichub.model.papers import Draft

ROOT: Final = Path(__file__).resolve().parent.parent
NOW: Final = datetime(2026, 6, 20, 5, 0, tzinfo=UTC)
EXPECTED_ENTRIES: Final = 22
NUMBER: Final = re.compile(r"^(\d\d)\.$", re.MULTILINE)
HEAD: Final = re.compile(r"(?P<source>arXiv|Nature) \((?P<name>[\w.-]+)\) (?P<day>\d{4}-\d\d-\d\d)")
PREFIX: Final = re.compile(r"arXiv:(?P<id>[\d.]+)v(?P<version>\d) Announce Type: (?P<type>[\w-]+) Abstract: ")
WRAP: Final = 80  # columns at which the rebuilt abstracts are wrapped hard, as the API's are
LAYOUTS: Final = ("rss", "rss-one-line", "atom", "rss-2023")


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry as the page shows it, and what was made up where the page says nothing."""

    number: str
    source: str
    feed: str  # the category of the feed, or the journal's section
    day: date
    title: str
    text: str  # without arXiv's prefix; a doubled text is still doubled
    arxiv_id: str = ""
    version: int = 1
    announced: str = ""
    has_prefix: bool = False

    @property
    def primary(self) -> str:
        """Give the first category; for cross-lists it is made up, and not the feed's."""
        return "eess.SP" if self.announced in {"cross", "replace-cross"} else self.feed

    @property
    def doi(self) -> str:
        """Give a made-up DOI of Nature's magazine."""
        return f"10.1038/d41586-026-{int(self.number):05d}-x"


@dataclass(slots=True)
class Tally:
    """What was found over all layouts."""

    clean: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def main() -> int:
    """Check every entry in every layout; 1 unless all are clean."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(os.environ.get("ACADEMICHUB_DATA") or ROOT.parent / "shared" / "data")
    parser.add_argument("file", type=Path, nargs="?", default=default / "seed" / "academichub-page.txt")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--show", action="store_true", help="print every cleaned entry of the first layout")
    arguments = parser.parse_args()
    entries = list(read_page(arguments.file.read_text(encoding="utf-8")))
    tally = Tally()
    if len(entries) != EXPECTED_ENTRIES:
        tally.faults.append(f"{len(entries)} entries on the page instead of {EXPECTED_ENTRIES}")
    for layout in LAYOUTS:
        tally.clean[layout] = check_layout(entries, layout, tally, shows=arguments.show and layout == "rss")
    if arguments.json:
        print(json.dumps({"entries": len(entries), "clean": tally.clean, "faults": tally.faults}, indent=2))
    else:
        for layout, clean in tally.clean.items():
            print(f"{layout:14} {clean} of {len(entries)} clean")
        print("\n".join(tally.faults))
    return 1 if tally.faults else 0


# -- the page --------------------------------------------------------------------------------------


def read_page(page: str) -> Iterator[Shown]:
    """Give the entries of the page in its order."""
    parts = NUMBER.split(page)
    for number, body in zip(parts[1::2], parts[2::2], strict=True):
        lines = [
            line.strip() for line in body.strip().splitlines() if line.strip() and line.strip() != "作者:"
        ]
        head = HEAD.fullmatch(lines[0])
        if head is None:
            msg = f"entry {number} begins with no source: {lines[0][:60]}"
            raise ValueError(msg)
        text = " ".join(lines[2:])
        prefix = PREFIX.match(text)
        day = date.fromisoformat(head["day"])
        yield Shown(
            number=number,
            source=head["source"],
            feed=head["name"],
            day=day,
            title=lines[1],
            text=text[prefix.end() :] if prefix else text,
            arxiv_id=prefix["id"] if prefix else f"{day:%y%m}.{10_000 + int(number):05d}",
            version=int(prefix["version"]) if prefix else 1,
            announced=prefix["type"] if prefix else "new",
            has_prefix=prefix is not None,
        )


# -- the feeds --------------------------------------------------------------------------------------


def rebuilt(entry: Shown, layout: str) -> bytes:
    """Write the answer that an entry came in."""
    if entry.source == "Nature":
        return NATURE[layout](entry).encode()
    return ARXIV[layout](entry).encode()


def _wrapped(text: str) -> str:
    """Wrap hard, and double a space, as sources do."""
    lines, line = [], ""
    for word in text.split(" "):
        if len(line) + len(word) > WRAP:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, line]).replace(". ", ".  ", 1)


def _prefixed(entry: Shown, between: str) -> str:
    text = _wrapped(entry.text)
    if not entry.has_prefix:
        return text
    name = f"{entry.arxiv_id}v{entry.version}"
    return f"arXiv:{name} Announce Type: {entry.announced}{between}Abstract: {text}"


def _names(entry: Shown) -> list[str]:
    """Give the categories in the page's spelling, in the paper's order."""
    return list(dict.fromkeys((entry.primary, entry.feed, "CS.AI")))


def _arxiv_rss(entry: Shown, between: str = " \n") -> str:
    stamp = format_datetime(datetime(entry.day.year, entry.day.month, entry.day.day, 4, tzinfo=UTC))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>'
        f"<title>{entry.feed} updates on arXiv.org</title><link>http://rss.arxiv.org/rss/{entry.feed}</link>"
        f"<item><title>{escape(entry.title)}</title><link>https://arxiv.org/abs/{entry.arxiv_id}</link>"
        f"<description>{escape(_prefixed(entry, between))}</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{entry.arxiv_id}v{entry.version}</guid>'
        + "".join(f"<category>{name}</category>" for name in _names(entry))
        + f"<pubDate>{stamp}</pubDate><arxiv:announce_type>{entry.announced}</arxiv:announce_type>"
        "<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>"
        "<dc:creator>Ada Example, Bo Sample (Institute of Tests, Town)</dc:creator></item></channel></rss>"
    )


def _arxiv_rss_one_line(entry: Shown) -> str:
    return _arxiv_rss(entry, " ")


def _arxiv_atom(entry: Shown) -> str:
    stamp = f"{entry.day}T00:00:00-04:00"
    return (
        '<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns="http://www.w3.org/2005/Atom"><id>http://rss.arxiv.org/atom/x</id>'
        f"<title>{entry.feed} updates on arXiv.org</title><updated>{stamp}</updated>"
        f"<entry><id>oai:arXiv.org:{entry.arxiv_id}v{entry.version}</id><title>{escape(entry.title)}</title>"
        f"<updated>{stamp}</updated><published>{stamp}</published>"
        f'<link href="https://arxiv.org/abs/{entry.arxiv_id}" rel="alternate" type="text/html"/>'
        f"<summary>{escape(_prefixed(entry, chr(10)))}</summary>"
        + "".join(f'<category term="{name}"/>' for name in _names(entry))
        + f"<arxiv:announce_type>{entry.announced}</arxiv:announce_type>"
        "<dc:creator></dc:creator></entry></feed>"
    )


def _arxiv_2023(entry: Shown) -> str:
    """Write RDF as arXiv did until 2024: facts behind the title, the abstract in a paragraph."""
    notes = {"new": "", "cross": " CROSS LISTED", "replace": " UPDATED", "replace-cross": " UPDATED"}
    facts = f"(arXiv:{entry.arxiv_id}v{entry.version} [{entry.primary}]{notes[entry.announced]})"
    creators = '<a href="http://arxiv.org/a/x">Ada Example</a>, <a href="http://arxiv.org/a/y">Bo Sample</a>'
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://purl.org/rss/1.0/">'
        f'<channel rdf:about="http://arxiv.org/"><title>{entry.feed} updates on arXiv.org</title>'
        f"<link>http://arxiv.org/</link><dc:date>{entry.day}T20:30:00-05:00</dc:date></channel>"
        f'<item rdf:about="http://arxiv.org/abs/{entry.arxiv_id}">'
        f"<title>{escape(entry.title)}. {facts}</title>"
        f"<link>http://arxiv.org/abs/{entry.arxiv_id}</link>"
        f"<description>{escape('<p>' + escape(_wrapped(entry.text)) + '</p>')}</description>"
        f"<dc:creator>{escape(creators)}</dc:creator></item></rdf:RDF>"
    )


def _nature_rdf(entry: Shown, text: str = "", creator: str = "<dc:creator></dc:creator>") -> str:
    link = f"https://www.nature.com/articles/{entry.doi.removeprefix('10.1038/')}"
    stamp = f"{entry.day:%d %B %Y}"
    line = f'<p>Nature, Published online: {stamp}; <a href="{link}">doi:{entry.doi}</a></p>'
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">'
        '<channel rdf:about="http://feeds.nature.com/nature"><title>Nature</title>'
        "<link>http://feeds.nature.com/nature/rss/current</link></channel>"
        f'<item rdf:about="{link}"><title><![CDATA[{entry.title}]]></title><link>{link}</link>'
        f"<content:encoded><![CDATA[{line}{text or entry.text}]]></content:encoded>"
        f"<dc:title><![CDATA[{entry.title}]]></dc:title>{creator}"
        f"<dc:identifier>doi:{entry.doi}</dc:identifier><dc:date>{entry.day}</dc:date>"
        "<prism:publicationName>Nature</prism:publicationName></item></rdf:RDF>"
    )


def _nature_touching(entry: Shown) -> str:
    """Write the two copies with nothing between them, and no author element at all."""
    half = entry.text[: len(entry.text) // 2]
    return _nature_rdf(entry, half + half, creator="")


def _nature_atom(entry: Shown) -> str:
    link = f"https://www.nature.com/articles/{entry.doi.removeprefix('10.1038/')}"
    half = entry.text[: len(entry.text) // 2]
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Nature</title>'
        f"<entry><id>{link}</id><title>{escape(entry.title)}</title><published>{entry.day}</published>"
        f'<link href="{link}"/><author><name> </name></author>'
        f'<summary type="html">{escape(f"<p>{half}</p><p>{half}</p>")}</summary></entry></feed>'
    )


def _nature_rss(entry: Shown) -> str:
    """Write RSS 2.0 with the same words as description and as content."""
    link = f"https://www.nature.com/articles/{entry.doi.removeprefix('10.1038/')}?utm_source=rss"
    half = entry.text[: len(entry.text) // 2]
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Nature</title><item><title>{escape(entry.title)}</title><link>{link}</link>"
        f"<description>{escape(half)}</description><content:encoded>{escape(half)}</content:encoded>"
        f"<pubDate>{entry.day:%a, %d %b %Y} 00:00:00 GMT</pubDate></item></channel></rss>"
    )


ARXIV: Final[dict[str, Callable[[Shown], str]]] = dict(
    zip(LAYOUTS, (_arxiv_rss, _arxiv_rss_one_line, _arxiv_atom, _arxiv_2023), strict=True)
)
NATURE: Final[dict[str, Callable[[Shown], str]]] = dict(
    zip(LAYOUTS, (_nature_rdf, _nature_touching, _nature_atom, _nature_rss), strict=True)
)


# -- the checks ------------------------------------------------------------------------------------


def check_layout(entries: list[Shown], layout: str, tally: Tally, *, shows: bool = False) -> int:
    """Clean every entry in one layout; give how many came out clean, and note the faults of the others."""
    clean = 0
    for entry in entries:
        feed = read(rebuilt(entry, layout))
        draft = normalise(feed.records[0], feed=feed, now=NOW)
        faults = list(faults_of(entry, draft, layout))
        clean += not faults
        tally.faults += [f"{layout} {entry.number}: {fault}" for fault in faults]
        if shows:
            _show(entry, draft)
    return clean


def _show(entry: Shown, draft: Draft) -> None:
    print(f"{entry.number}. {draft.title.plain}\n{draft.title.html}")
    print(f"  {draft.kind.value} {draft.identifiers.pairs()} v{draft.version} {draft.announcement}")
    print(f"  {draft.categories} {draft.published} {draft.announced_on}")
    print(f"  {[author.name for author in draft.authors]} {[link.href for link in draft.links]}")
    if draft.abstract is not None:
        print(f"  {draft.abstract.plain}\n  {draft.abstract.html}\n")


def faults_of(entry: Shown, draft: Draft, layout: str) -> Iterator[str]:
    """Name every defect of the page that a cleaned entry still has."""
    plain = draft.abstract.plain if draft.abstract else ""
    html = draft.abstract.html if draft.abstract else ""
    yield from _text_faults(f"{draft.title.plain}\n{plain}", f"{draft.title.html}\n{html}")
    words = " ".join(plain.split())
    if len(words) < 100:  # every text of the page is longer
        yield "the abstract is gone"
    if words[: len(words) // 2].strip() == words[len(words) // 2 :].strip():
        yield "the text is there twice"
    if any(not author.name.strip() for author in draft.authors):
        yield "an empty author"
    if not draft.links or not draft.identifiers.pairs() or not draft.key.item:
        yield "no link or identifier"
    if any(link.href[-1] in ".,;)" for link in draft.links):
        yield "an address with a full stop glued to it"
    if draft.published is None:
        yield "no date"
    yield from (_arxiv_faults if entry.source == "arXiv" else _nature_faults)(entry, draft, layout)


def _text_faults(plain: str, html: str) -> Iterator[str]:
    text_of_html = re.sub(r"<annotation\b.*?</annotation>|<[^<>]*>", "", html)
    for where, text in (("plain text", plain), ("page", text_of_html)):
        if re.search(r"Announce Type|Abstract:", text):
            yield f"arXiv's prefix is left in the {where}"
        if re.search(r"\\[a-zA-Z]|\$|\\", text):
            yield f"raw TeX in the {where}"
        if re.search(r"[\ufb00-\ufb06]|  |\w~\d", text):
            yield f"a ligature, a tie or a double space in the {where}"
    if "\n" in plain.partition("\n")[2].replace("\n\n", ""):
        yield "a hard wrap in the plain text"
    for href in re.findall(r'href="([^"]*)"', html):
        if href[-1] in ".,;)":
            yield f"an address with a full stop glued to it: {href}"


def _arxiv_faults(entry: Shown, draft: Draft, layout: str) -> Iterator[str]:
    known = {one.name for one in categories()}
    if not draft.categories or any(name not in known for name in draft.categories):
        yield f"categories not canonical: {draft.categories}"
    elif draft.categories[0].lower() != entry.primary.lower():
        yield f"primary category is {draft.categories[0]}, not {entry.primary}"
    if draft.kind is not Kind.PREPRINT or draft.venue != "arXiv" or draft.key.place != "arxiv":
        yield "not known for a preprint of arXiv"
    if draft.identifiers.arxiv != entry.arxiv_id or draft.version != entry.version:
        yield f"identifier or version: {draft.identifiers.arxiv} v{draft.version}"
    announced = draft.announcement.value if draft.announcement else None
    # The old layout had one word for both kinds of replacement.
    if announced != (
        "replace" if layout == "rss-2023" and entry.announced == "replace-cross" else entry.announced
    ):
        yield f"announcement: {announced}"
    if draft.announced_on != entry.day:
        yield f"announced on {draft.announced_on}, not {entry.day}"
    if (
        entry.version > 1
        and draft.published is not None
        and draft.published.on >= entry.day - timedelta(days=1)
    ):
        yield "the day of a replacement shown as the day of publication"


def _nature_faults(entry: Shown, draft: Draft, layout: str) -> Iterator[str]:
    if draft.kind is not Kind.NEWS:
        yield f"kind is {draft.kind.value}, not news"
    if draft.identifiers.doi != entry.doi:
        yield f"DOI: {draft.identifiers.doi}"
    if draft.authors:
        yield "authors out of nothing"
    if "Published online" in (draft.abstract.plain if draft.abstract else ""):
        yield "the line of the journal is left in the text"
    if draft.venue != "Nature" or draft.published is None or draft.published.on != entry.day:
        yield f"venue or date in {layout}: {draft.venue} {draft.published}"


if __name__ == "__main__":
    sys.exit(main())
