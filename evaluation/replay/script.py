"""What the replayed web says: questions, answers, and who plays which host."""

from __future__ import annotations

import functools
import gzip
import hashlib
import json
import re
import tomllib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from datetime import datetime

MOST_CAPTURE_BYTES: Final = 64 * 1024 * 1024
INDEX: Final = "replay.toml"
# A hub adds who it is to its questions; the answer does not depend on it.
_PERSONAL: Final = frozenset({"api_key", "apikey", "email", "mailto", "tool"})
_MOST_FIELDS: Final = 200
_KEPT_LETTERS: Final = "/:@!$'()*,;=~+"
# Headers of a recorded answer that tell the server's wishes.
_TOLD: Final = frozenset(
    {
        "location",
        "retry-after",
        "x-api-pool",
        "x-concurrency-limit",
        "x-rate-limit-interval",
        "x-rate-limit-limit",
    }
)

# Where saved answers of the shared captures come from; an answer goes to whatever is asked of its path.
_SEARCH: Final = "apis/fastpaper-cli/tests/fixtures"
_HOMES: Final = (
    (f"{_SEARCH}/biorxiv_search.json", "https://api.biorxiv.org/details/biorxiv/*"),
    (f"{_SEARCH}/medrxiv_search.json", "https://api.biorxiv.org/details/medrxiv/*"),
    (f"{_SEARCH}/core_search.json", "https://api.core.ac.uk/v3/search/works/"),
    (f"{_SEARCH}/crossref_search.json", "https://api.crossref.org/works"),
    (f"{_SEARCH}/crossref_search.json", "https://api.crossref.org/v1/works"),
    (f"{_SEARCH}/doaj_search.json", "https://doaj.org/api/v4/search/articles/*"),
    (f"{_SEARCH}/europepmc_search.json", "https://www.ebi.ac.uk/europepmc/webservices/rest/search"),
    (f"{_SEARCH}/hal_search.json", "https://api.archives-ouvertes.fr/search/"),
    (f"{_SEARCH}/openalex_search.json", "https://api.openalex.org/works"),
    (f"{_SEARCH}/pubmed_esearch.json", "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi"),
    (f"{_SEARCH}/pubmed_efetch.xml", "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi"),
    (f"{_SEARCH}/semantic_search.json", "https://api.semanticscholar.org/graph/v1/paper/search"),
    (f"{_SEARCH}/unpaywall_lookup.json", "https://api.unpaywall.org/v2/*"),
    (f"{_SEARCH}/zenodo_search.json", "https://zenodo.org/api/records"),
    (f"{_SEARCH}/dblp_search.xml", "https://dblp.org/search/publ/api"),
    (f"{_SEARCH}/arxiv_search.xml", "https://export.arxiv.org/api/query"),
    ("apis/sotawhat/tests/fixtures/hf_daily_papers.json", "https://huggingface.co/api/daily_papers"),
    ("apis/openalex/kitzcode/tests/fixtures/crossref_valid.json",
     "https://api.crossref.org/works/10.1186/s13059-026-04077-z"),
    ("journal_rss/nature.rss", "https://www.nature.com/nature.rss"),
    ("journal_rss/pattern-recognition.xml", "https://rss.sciencedirect.com/publication/science/00313203"),
    ("journal_rss/tpami-current-issue.xml", "https://ieeexplore.ieee.org/rss/TOC34.XML"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """One request, as a player sees it."""

    host: str  # lower case, without a port
    path: str  # percent signs resolved
    query: Mapping[str, str]  # of a name that comes twice, the last
    target: str  # path and query as they were sent
    now: datetime  # the replay's time, UTC
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""
    page_size: int | None = None  # a fault's wish: entries on a page


@dataclass(frozen=True, slots=True)
class Answer:
    """What a player says."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/xml"
    etag: str = ""  # with its quotation marks
    last_modified: str = ""  # an HTTP date
    max_age_seconds: int | None = None
    headers: tuple[tuple[str, str], ...] = ()  # more of them
    packs: bool = True  # gzip it for whoever takes that
    note: str = ""  # for the ledger, where the answer is wrong on purpose

    def is_held_by(self, question: Question) -> bool:
        """Tell whether the visitor holds this answer already (RFC 9110, 13.1): then a 304 will do."""
        if self.status != 200 or question.method not in {"GET", "HEAD"}:
            return False
        named = question.headers.get("if-none-match", "")
        if named:
            held = {one.strip().removeprefix("W/") for one in named.split(",")}
            return bool(self.etag) and (self.etag.removeprefix("W/") in held or "*" in held)
        return bool(self.last_modified) and question.headers.get("if-modified-since") == self.last_modified


Player: TypeAlias = Callable[[Question], Answer | None]


class Script:
    """Who plays which host. Build it before the replay starts; afterwards it is only read.

    An address is looked up with its query, then without, then among the patterns, then with the
    players of its host in the order in which they came.
    """

    def __init__(self) -> None:
        self._pages: dict[tuple[str, str], Answer | Path | Player] = {}
        self._patterns: dict[str, list[tuple[str, Answer | Path]]] = {}
        self._players: dict[str, list[Player]] = {}

    def play(self, host: str, player: Player) -> None:
        """Let a player speak for a host."""
        self._players.setdefault(host.lower(), []).append(player)

    def play_at(self, url: str, player: Player) -> None:
        """Let a player speak for one address: with a query, for that one; without, for every one."""
        parts = urlsplit(url)
        self._pages[(parts.hostname or "").lower(), canonical(unquote(parts.path), parts.query)] = player

    def put(self, url: str, answer: Answer | bytes | Path) -> None:
        """Script an address; http and https are one.

        Args:
            url: With a query, it is answered for that query in any order; without, for every one. A
                path may be a pattern: "https://api.example/works/*".
            answer: A file is read when it is asked for.
        """
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        kept = Answer(answer, content_type=_sniffed(answer)) if isinstance(answer, bytes) else answer
        path = unquote(parts.path) or "/"
        if "*" in path:
            self._patterns.setdefault(host, []).append((path, kept))
        else:
            self._pages[host, canonical(path, parts.query)] = kept

    def hosts(self) -> tuple[str, ...]:
        """List the hosts that are played, by name."""
        return tuple(sorted({host for host, _ in self._pages} | set(self._patterns) | set(self._players)))

    def answer(self, question: Question) -> Answer | None:
        """Ask whoever plays the host; None where nobody knows the address."""
        query = question.target.partition("?")[2]
        found: Answer | Path | Player | None
        found = self._pages.get((question.host, canonical(question.path, query)))
        found = found or self._pages.get((question.host, canonical(question.path, "")))
        if found is None:
            patterns = self._patterns.get(question.host, ())
            found = next((one for pattern, one in patterns if fnmatchcase(question.path, pattern)), None)
        if found is not None:
            return _said(found, question)
        players = self._players.get(question.host, ())
        return next((one for play in players if (one := play(question)) is not None), None)


def _said(found: Answer | Path | Player, question: Question) -> Answer | None:
    if isinstance(found, Path):
        return read_capture(found)
    return found if isinstance(found, Answer) else found(question)


def canonical(path: str, query: str) -> str:
    """Write a target in one way only: percent signs, order and personal fields make no difference."""
    fields = parse_qsl(query, max_num_fields=_MOST_FIELDS)  # those without a value fall away
    kept = sorted((name, value) for name, value in fields if name not in _PERSONAL)
    written = quote(path, safe=_KEPT_LETTERS)
    return f"{written}?{urlencode(kept)}" if kept else written


def fields_of(query: str) -> dict[str, str]:
    """Read a query string; ValueError where it has hundreds of fields."""
    return dict(parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_FIELDS))


def http_date(at: datetime) -> str:
    """Write an instant as HTTP does; `at` is in UTC."""
    return format_datetime(at, usegmt=True)


def etag_of(body: bytes) -> str:
    """Name a body by its SHA-256."""
    return f'"{hashlib.sha256(body).hexdigest()}"'


@functools.lru_cache(maxsize=32)
def read_capture(path: Path) -> Answer:
    """Read a file as the answer it was."""
    body = path.read_bytes()
    return Answer(body, content_type=_sniffed(body), etag=etag_of(body))


def _sniffed(body: bytes) -> str:
    start = body[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start[:1] in {b"{", b"["}:
        return "application/json"
    if start.startswith((b"<!doctype html", b"<html")):
        return "text/html; charset=utf-8"
    return "application/xml" if start.startswith(b"<") else "text/plain; charset=utf-8"


# -- captures ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class Loaded:
    """What was found in a folder of captures."""

    addresses: int = 0
    unreadable: list[str] = field(default_factory=list)  # "file: reason"


# What files that only look like captures may raise.
_UNREADABLE: Final = (ValueError, KeyError, TypeError, AttributeError, OSError, EOFError, zlib.error)


def load_captures(script: Script, folder: Path) -> Loaded:
    """Put the captures of a folder at the addresses they came from.

    Read are: the addresses this module knows for the shared captures; answers kept as JSON with
    `url`, `status_code` and `body`; recorded cassettes (YAML with `interactions`); and an index
    `replay.toml` in the folder, whose `[[answer]]` tables say `url` and `file` and may say `status`,
    `content_type` and `headers`. Later ones win in that order.

    Raises:
        ValueError: The index cannot be used.
    """
    loaded = Loaded()
    for name, url in _HOMES:
        if (folder / name).is_file():
            script.put(url, folder / name)
            loaded.addresses += 1
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".json", ".yaml"} or not path.is_file():
            continue
        if path.stat().st_size > MOST_CAPTURE_BYTES:
            loaded.unreadable.append(f"{path.relative_to(folder)}: larger than {MOST_CAPTURE_BYTES} bytes")
            continue
        try:
            found = _wrapped(path) if path.suffix == ".json" else _cassette(path)
        except _UNREADABLE as error:
            loaded.unreadable.append(f"{path.relative_to(folder)}: {type(error).__name__}: {error}"[:300])
            continue
        for url, answer in found:
            script.put(url, answer)
        loaded.addresses += len(found)
    if (folder / INDEX).is_file():
        loaded.addresses += _put_index(script, folder)
    return loaded


def _wrapped(path: Path) -> list[tuple[str, Answer]]:
    """Read an answer that is kept in JSON; nothing where the file is something else."""
    kept = json.loads(path.read_bytes())
    if not (isinstance(kept, dict) and {"url", "body"} <= kept.keys() and isinstance(kept["body"], str)):
        return []
    body = kept["body"].encode()
    return [(str(kept["url"]), Answer(body, int(kept.get("status_code", 200)), _sniffed(body)))]


def _cassette(path: Path) -> list[tuple[str, Answer]]:
    """Read the recorded answers of a cassette. The first answer of an address is kept."""
    import yaml  # type: ignore[import-untyped]  # its types are in a package that is not installed

    try:
        tape = yaml.safe_load(path.read_bytes())
    except yaml.YAMLError as error:
        message = f"no YAML: {error}"
        raise ValueError(message) from error
    found: dict[str, Answer] = {}
    for one in tape["interactions"] if isinstance(tape, dict) else ():
        asked, said = one["request"], one["response"]
        found.setdefault(str(asked["uri"]), _recorded(said))
    return list(found.items())


def _recorded(said: Mapping[str, Any]) -> Answer:
    status = said["status"]["code"] if "status" in said else said["status_code"]
    held = said["body"]["string"] if "body" in said else said["content"]
    body = held if isinstance(held, bytes) else str(held).encode()
    headers = {str(name).lower(): value for name, value in (said.get("headers") or {}).items()}
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    named = headers.get("content-type") or _sniffed(body)
    more = tuple((name, _first(headers[name])) for name in sorted(headers) if name in _TOLD)
    return Answer(body, int(status), _first(named), headers=more)


def _first(value: object) -> str:
    return str(value[0]) if isinstance(value, list | tuple) else str(value)


def _put_index(script: Script, folder: Path) -> int:
    tables = tomllib.loads((folder / INDEX).read_text(encoding="utf-8")).get("answer", [])
    for number, table in enumerate(tables, start=1):
        strange = set(table) - {"url", "file", "status", "content_type", "headers"}
        if strange or not {"url", "file"} <= set(table):
            message = f"{INDEX}: answer {number} wants url and file, and knows no {sorted(strange)}"
            raise ValueError(message)
        path = (folder / str(table["file"])).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            message = f"{INDEX}: answer {number}: {table['file']} is no file of this folder"
            raise ValueError(message)
        read = read_capture(path)
        headers = tuple((str(name), str(value)) for name, value in table.get("headers", {}).items())
        said = str(table.get("content_type", read.content_type))
        script.put(str(table["url"]), Answer(read.body, int(table.get("status", 200)), said, headers=headers))
    return len(tables)


# -- answers that are changed ------------------------------------------------------------------------

_NEXT_CURSOR: Final = re.compile(rb'("(?:next-cursor|nextCursorMark|next_cursor|token)"\s*:\s*)"[^"]*"')
_NEXT_TOKEN: Final = re.compile(rb"(<resumptionToken[^>]*>)[^<]*(</resumptionToken>)")
_ENTRY: Final = re.compile(rb"<((?:\w+:)?(?:record|item|entry|PubmedArticle))[\s>].*?</\1>\s*", re.DOTALL)
_DECLARED: Final = re.compile(r"""(<\?xml[^>]*?)\s+encoding=["'][^"']*["']""")
# Where servers keep the entries of a page.
_LISTS: Final = (
    ("message", "items"),
    ("results",),
    ("resultList", "result"),
    ("collection",),
    ("data",),
    ("hits", "hits"),
    ("response", "docs"),
    ("itemHits",),
    ("notes",),
    ("result", "hits", "hit"),
    ("esearchresult", "idlist"),
)


def in_charset(answer: Answer, declared: str, encoded: str) -> Answer:
    """Write an answer's UTF-8 in another charset, and declare whatever is wanted."""
    text = answer.body.decode("utf-8", "replace")
    text = _DECLARED.sub(rf'\1 encoding="{declared}"' if declared else r"\1", text, count=1)
    content_type = answer.content_type.partition(";")[0]
    said = f"{content_type}; charset={declared}" if declared else content_type
    return replace(answer, body=text.encode(encoded, "xmlcharrefreplace"), content_type=said)


def with_cursor(body: bytes, token: str) -> bytes:
    """Let the next cursor of a page lead to `token`."""
    in_xml = escape(token).encode()
    body = _NEXT_TOKEN.sub(lambda found: found[1] + in_xml + found[2], body)
    return _NEXT_CURSOR.sub(lambda found: found[1] + json.dumps(token).encode(), body)


def with_entries(body: bytes, most: int) -> bytes:
    """Leave at most so many entries on a page; its totals and cursors stay as they are.

    bioRxiv counts the entries of a page beside them: that count is set right.
    """
    if body.lstrip()[:1] in {b"{", b"["}:
        return _fewer_in_json(body, most)
    seen = 0

    def kept(found: re.Match[bytes]) -> bytes:
        nonlocal seen
        seen += 1
        return found[0] if seen <= most else b""

    return _ENTRY.sub(kept, body)


def _fewer_in_json(body: bytes, most: int) -> bytes:
    try:
        page = json.loads(body)
    except ValueError:
        return body
    if isinstance(page, list):
        return json.dumps(page[:most]).encode()
    for *outer, last in _LISTS:
        place: Any = page
        for name in outer:
            place = place.get(name) if isinstance(place, dict) else None
        if isinstance(place, dict) and isinstance(place.get(last), list):
            place[last] = place[last][:most]
            count = len(place[last])
            for message in page.get("messages") or ():
                if isinstance(message, dict) and "count" in message:
                    message["count"] = count
            break
    return json.dumps(page).encode()
