"""Feeds to measure with: real arXiv records in the layout of arXiv's own feed."""

from __future__ import annotations

import gzip
import json
import os
import random
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss xmlns:arxiv="http://arxiv.org/schemas/atom" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" version="2.0">'
    "<channel><title>{name} updates on arXiv.org</title><link>http://rss.arxiv.org/rss/{name}</link>"
    "<skipDays><day>Sunday</day><day>Saturday</day></skipDays>\n"
)


def data_folder() -> Path:
    """Give the folder of real data."""
    return Path(os.environ.get("ACADEMICHUB_DATA") or ROOT.parent / "shared" / "data")


def records(count: int) -> list[dict[str, Any]]:
    """Give `count` records in a fixed order: real ones where they are here, else made-up ones.

    They are drawn evenly over the file, which is sorted by identifier: its years differ in how much
    mathematics they hold. Beyond the real ones they are repeated under new identifiers.
    """
    path = data_folder() / "arxiv" / "records.jsonl.gz"
    real = _evenly(path, count) if path.exists() else made_up_records(min(count, 2000))
    return [real[number % len(real)] | {"id": _id(number, real)} for number in range(count)]


def _evenly(path: Path, count: int) -> list[dict[str, Any]]:
    with gzip.open(path, "rb") as lines:
        total = sum(1 for _ in lines)
    taken = min(count, total)
    wanted = {number * total // taken for number in range(taken)}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for number, line in enumerate(lines) if number in wanted]


def made_up_records(count: int) -> list[dict[str, Any]]:
    """Give `count` made-up records, each with an identifier of its own; they need no data folder."""
    return [_made_up(number) for number in range(count)]


def _id(number: int, real: list[dict[str, Any]]) -> str:
    if number < len(real):
        return str(real[number]["id"])
    month = number // 90_000
    return f"{15 + month // 12:02d}{month % 12 + 1:02d}.{number % 90_000 + 10_000:05d}"


def _made_up(number: int) -> dict[str, Any]:
    dice = random.Random(number)  # noqa: S311  # not for secrets
    words = [f"word{dice.randrange(5000)}" for _ in range(150)]
    words[20] = "$O(\\log n)$"
    return {
        "id": f"2605.{10_000 + number:05d}",
        "title": " ".join(words[:9]).capitalize(),
        "abstract": " ".join(words),
        "authors": [f"Given{dice.randrange(900)} Family{dice.randrange(900)}" for _ in range(4)],
        "categories": [f"cs.{dice.choice(('CV', 'LG', 'AI', 'CL'))}"],
    }


def rss(entries: Iterable[dict[str, Any]], *, on: date, name: str = "cs.LG") -> bytes:
    """Write records as arXiv writes its RSS 2.0: prefixes, announcement types, one creator string."""
    stamp = format_datetime(datetime.combine(on, time(4), UTC))
    parts = [HEAD.format(name=name)]
    for number, entry in enumerate(entries):
        kind = ("new", "new", "cross", "replace", "replace-cross")[number % 5]
        full = f"{entry['id']}v{2 if kind.startswith('replace') else 1}"
        summary = f"arXiv:{full} Announce Type: {kind} \nAbstract: {entry['abstract']}"
        parts.append(
            f"<item><title>{escape(entry['title'])}</title>"
            f"<link>https://arxiv.org/abs/{entry['id']}</link>"
            f"<description>{escape(summary)}</description>"
            f'<guid isPermaLink="false">oai:arXiv.org:{full}</guid>'
            + "".join(f"<category>{escape(one)}</category>" for one in entry["categories"])
            + f"<pubDate>{stamp}</pubDate><arxiv:announce_type>{kind}</arxiv:announce_type>"
            "<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>"
            f"<dc:creator>{escape(', '.join(entry['authors']))}</dc:creator></item>\n"
        )
    parts.append("</channel></rss>")
    return "".join(parts).encode()


def feeds(count: int, *, size: int = 2000, days: int = 30, last: date = date(2026, 5, 29)) -> Iterator[bytes]:
    """Write `count` records as feeds of `size` entries, spread over the days before `last`."""
    everything = records(count)
    for number, start in enumerate(range(0, count, size)):
        yield rss(everything[start : start + size], on=last - timedelta(days=number % days))
