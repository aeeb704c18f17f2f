"""Find the saved answers of a folder, and count what each visibly holds.

Read are: recorded cassettes (YAML with `interactions` or `http_interactions`), answers kept as JSON with
`url` and `body`, and any other file as it is; all of them plain or packed with gzip.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml  # type: ignore[import-untyped]  # its types are in a package that is not installed

from academichub.errors import FeedError
from academichub.sources.connectors import FEED_ROOTS, all_connectors
from academichub.sources.jsonanswer import parse_json
from academichub.sources.limits import DEFAULT_LIMITS
from academichub.sources.xmlanswer import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# -- what is kept in a file ---------------------------------------------------------------------------

GZIP: Final = b"\x1f\x8b"
CASSETTES: Final = frozenset({".yaml", ".yml"})
TAPES: Final = ("interactions", "http_interactions")


@dataclass(frozen=True, slots=True)
class Saved:
    """One body that was saved."""

    path: Path
    name: str  # of the file, and the number of the answer in it
    body: bytes
    url: str = ""  # what was asked, where the file says so

    @property
    def is_exchange(self) -> bool:
        """True where the file says that a server answered this."""
        return bool(self.url)


def saved_in(folder: Path) -> Iterator[Saved]:
    """Give every body below a folder, in the order of names."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
        if path.is_file():
            name = str(path.relative_to(folder)) if folder.is_dir() else path.name
            yield from _unwrapped(path, name, unpacked(path.read_bytes()))


def unpacked(body: bytes) -> bytes:
    """Undo gzip; what is cut off or broken stays packed, and is refused for it."""
    try:
        return gzip.decompress(body) if body.startswith(GZIP) else body
    except (OSError, EOFError, zlib.error):
        return body


def _unwrapped(path: Path, name: str, body: bytes) -> Iterator[Saved]:
    suffix = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if suffix in CASSETTES:
        tape = _tape(body)
        for number, (url, said) in enumerate(tape or ()):
            yield Saved(path, f"{name}#{number}", unpacked(said), url)
        if tape is not None:
            return
    elif suffix == ".json":
        kept = _json(body)
        if isinstance(kept, dict) and isinstance(kept.get("url"), str) and isinstance(kept.get("body"), str):
            yield Saved(path, name, kept["body"].encode(), kept["url"])
            return
    yield Saved(path, name, body)


def _tape(body: bytes) -> list[tuple[str, bytes]] | None:
    """Give the address and the body of each exchange of a cassette; None where it is none."""
    try:
        kept = yaml.safe_load(body)
        found = next((kept[name] for name in TAPES if name in kept), None)
        return None if found is None else [_exchanged(one["request"], one["response"]) for one in found]
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError):
        return None  # YAML, but no cassette


def _exchanged(asked: Mapping[str, Any], said: Mapping[str, Any]) -> tuple[str, bytes]:
    held = said.get("body", said.get("content", ""))
    if isinstance(held, dict):
        packed = held.get("base64_string")
        held = base64.b64decode(packed) if packed else held.get("string", "")
    body = held if isinstance(held, bytes) else str(held).encode()
    return str(asked.get("uri") or asked.get("url")), body


def _json(body: bytes) -> Any:  # noqa: ANN401 - JSON is anything
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


# -- is it an answer, and what does it hold? ----------------------------------------------------------

WEB_PAGE: Final = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
ROOT: Final = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s/>]")
HIDDEN: Final = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
# Where servers keep the entries of an answer; the first that is there counts.
LISTS: Final = (
    ("message", "items"),
    ("data", "paper", "paperList"),
    ("resultList", "result"),
    ("response", "docs"),
    ("result", "hits", "hit"),
    ("hits", "hits"),
    *((name,) for name in ("results", "collection", "itemHits", "notes", "items", "data")),
    *((name,) for name in ("papers", "recommendedPapers")),
)
NUMBERS_ONLY: Final = "esearchresult"  # a list of numbers, and no papers
# What begins an entry, by the root element; the prefix of a name space does not matter.
ENTRIES: Final[Mapping[bytes, bytes]] = {
    **dict.fromkeys((b"rss", b"RDF", b"feed", b"channel"), rb"(?:item|entry)"),
    b"OAI-PMH": rb"header(?!\s[^>]*deleted)",
    b"PubmedArticleSet": rb"Pubmed(?:Book)?Article",
    b"pmc-articleset": rb"article",
    b"article": rb"article",
    b"result": rb"hit",
    b"searchRetrieveResponse": rb"recordData",
    b"doi_records": rb"doi_record",
}


def why_no_answer(saved: Saved) -> str | None:
    """Say why a file is not the answer of a source; None where it is one."""
    start = saved.body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if saved.is_exchange:
        return None
    if not start.startswith((b"<", b"{", b"[")):
        return "text that is neither XML nor JSON" if start else "nothing but white space or zeros"
    if WEB_PAGE.search(start):
        return "a web page"
    known = all_connectors()
    try:
        if start.startswith(b"<"):
            tag = str(parse_xml(saved.body, DEFAULT_LIMITS).tag)
            name = tag.rpartition("}")[2]
            is_known = name.lower() in FEED_ROOTS or any(
                one.recognises_xml and one.recognises_xml(tag) for one in known
            )
            return None if is_known else f"XML <{name}>, which nobody here reads"
        value = parse_json(saved.body, DEFAULT_LIMITS)
    except FeedError:
        return None  # broken: an answer that is refused with that reason
    if any(one.recognises_json and one.recognises_json(value) for one in known) or _is_json_feed(value):
        return None
    return f"JSON ({type(value).__name__}) of a kind that nobody here reads"


def _is_json_feed(value: object) -> bool:
    return isinstance(value, dict) and "jsonfeed.org" in str(value.get("version"))


def visible(body: bytes) -> int | None:
    """Count the entries of an answer without reading it; None where that cannot be done."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if start.startswith((b"{", b"[")):
        return _visible_in_json(_json(start))
    shown = HIDDEN.sub(b"", body)
    root = ROOT.search(shown)
    if root is None or root[1] not in ENTRIES:
        return None
    return len(re.findall(rb"<(?:[\w.-]+:)?" + ENTRIES[root[1]] + rb"(?=[\s/>])", shown))


def _visible_in_json(value: Any) -> int:  # noqa: ANN401 - JSON is anything
    if isinstance(value, list):
        return sum(one is not None for one in value)
    if NUMBERS_ONLY in value:
        return 0
    for names in LISTS:
        place = value
        for name in names:
            place = place.get(name) if isinstance(place, dict) else None
        if isinstance(place, list):
            return len(place)
    return 1
