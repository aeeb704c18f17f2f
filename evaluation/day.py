"""Take captures in and read the days they fill, as a browser would.

    python evaluation/day.py FILE... [--json]

Every entry must be on its day's pages, numbered 01, 02, ... without a gap, and show none of the defects of
the page this product is made after: feed prefixes, doubled text, empty author lines, raw TeX, miswritten
categories, missing links.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import html5lib
from starlette.testclient import TestClient

from academichub.hub import open_hub
from academichub.model.shelf import FeedQuery
from academichub.model.taxonomy import category
from academichub.settings import Settings
from academichub.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from academichub.hub import Hub

DEFECTS = {
    "feed prefix": re.compile(r"Announce\s+Type:|^\s*arXiv:\d{4}\.\d+v\d"),
    "raw TeX": re.compile(r"\\[a-zA-Z]{2,}|\\[%&_#$]|\$[^$\s][^$]*\$|``|''"),
    "double space": re.compile(r"\S  +\S"),
    "ligature": re.compile("[\ufb00-\ufb06]"),
    "markup as text": re.compile(r"</?(?:p|b|i|sub|sup|em|jats:\w+)>|&(?:amp|lt|#\d+);"),
}
MATH = "{http://www.w3.org/1998/Math/MathML}math"
XHTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(slots=True)
class Findings:
    """What the walk over the pages found."""

    received: int = 0
    rejected: int = 0
    works: int = 0
    days: int = 0
    cards: int = 0
    defects: list[str] = field(default_factory=list)


def walk(files: list[Path], *, now: datetime) -> Findings:
    """Ingest files into a fresh hub and read every page of every day."""
    found = Findings()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_hub(Settings(home=Path(folder)), clock=lambda: now) as hub,
    ):
        for path in files:
            account = hub.ingest(path).account
            found.received += account.received
            found.rejected += account.rejected
            found.works += account.new
        app = create_app(hub, clock=lambda: now, version="0")
        with TestClient(app, base_url="http://localhost") as client:
            for on in _days(hub, now.date()):
                found.days += 1
                _read_day(client, hub, on, now.date(), found)
    if found.cards != found.works:
        found.defects.append(f"{found.works} works, but {found.cards} cards")
    return found


def _days(hub: Hub, today: date) -> Iterator[date]:
    page = hub.feed(FeedQuery(), today=today)
    on = page.on
    while on is not None:
        yield on
        on = hub.feed(FeedQuery(on=on), today=today).earlier


def _read_day(client: TestClient, hub: Hub, on: date, today: date, found: Findings) -> None:
    address: str | None = f"/?date={on}&per=25&lang=en"
    number = 0
    while address is not None:
        answer = client.get(address)
        if answer.status_code != 200:
            found.defects.append(f"{address}: {answer.status_code}")
            return
        tree = html5lib.parse(answer.text)
        for article in tree.iter(f"{XHTML}article"):
            number += 1
            found.cards += 1
            _check(article, number, f"{on} {number:02d}", found)
        following = tree.find(f".//{XHTML}p[@class='more']/{XHTML}a")
        address = following.get("href") if following is not None else None
    listed = hub.feed(FeedQuery(on=on), today=today).works
    if number != listed:
        found.defects.append(f"{on}: {listed} works, but {number} cards")


def _check(article: Any, number: int, where: str, found: Findings) -> None:  # noqa: ANN401 - an element tree node
    shown = _text(article.find(f"{XHTML}p[@class='n']"))
    if shown != f"{number:02d}.":
        found.defects.append(f"{where}: numbered {shown}")
    title = article.find(f"{XHTML}h2")
    abstract = article.find(f"{XHTML}div[@class='abs']")
    for name, element in (("title", title), ("abstract", abstract)):
        if element is None:
            continue
        text = _text(element)
        found.defects += [
            f"{where}: {what} in {name}: {text[:90]}"
            for what, pattern in DEFECTS.items()
            if pattern.search(text)
        ]
        half = len(text) // 2
        if half > 20 and text[:half].strip() == text[half:].strip():
            found.defects.append(f"{where}: doubled {name}")
    if title is None or not _text(title):
        found.defects.append(f"{where}: no title")
    byline = article.find(f"{XHTML}p[@class='by']")
    if byline is not None and _text(byline).rstrip(": ") in {"", "Authors", "作者"}:
        found.defects.append(f"{where}: an empty author line")
    if article.find(f".//{XHTML}p[@class='act']/{XHTML}a") is None:
        found.defects.append(f"{where}: no link")
    meta = _text(article.find(f"{XHTML}p[@class='meta']"))
    for name in re.findall(r"\b[A-Za-z-]+\.[A-Za-z-]{2,}\b", meta):
        known = category(name)
        if known is not None and known.name != name:
            found.defects.append(f"{where}: category {name} should read {known.name}")


def _text(element: Any) -> str:  # noqa: ANN401 - as above
    """All characters, with x for a formula: its characters are its own to space."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for child in element:
        parts += ["x" if child.tag == MATH else _text(child), child.tail or ""]
    return "".join(parts).strip()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = walk(options.files, now=datetime.now(UTC))
    if options.json:
        print(json.dumps({**{name: getattr(found, name) for name in Findings.__slots__}}))
    else:
        print(
            f"{found.received} entries, {found.rejected} rejected, {found.works} works on {found.days} days"
        )
        print(f"{found.cards} cards, {len(found.defects)} defects")
        for defect in found.defects:
            print(f"  {defect}")
    sys.exit(1 if found.defects else 0)


if __name__ == "__main__":
    main()
