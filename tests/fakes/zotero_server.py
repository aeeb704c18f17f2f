"""Zotero's web API, version 3, as its documentation tells it, on the loopback: libraries that can be changed.

`with ZoteroServer() as zotero:` starts it; a `Fetcher` with `replay=zotero.url` asks it in place of
api.zotero.org. Only reading is there: keys, groups, collections, items at the top, what was deleted.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

KEY = "P9NiFoyLeZu2bZNvvuQPDWsd"
USER = 475425
HOME = f"users/{USER}"
_NOTHING: Mapping[str, str] = {}
_DEFAULT_LIMIT, _MOST_LIMIT = 25, 100


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one answer: what is said here is said in place of the truth."""

    path: str = ""  # in the address of the question
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    body: bytes | None = None
    cut_after: int | None = None  # bytes of the body; then the line goes dead
    before: Callable[[], None] | None = None  # called before it answers: somebody changes the library


@dataclass(frozen=True, slots=True)
class Question:
    """A request as it was received."""

    path: str
    asked: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case


@dataclass(slots=True)
class RemoteLibrary:
    """A library: every change takes the next version."""

    name: str = ""
    is_public: bool = False
    version: int = 0
    collections: dict[str, dict[str, Any]] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: list[tuple[int, str, str]] = field(default_factory=list)  # version, kind, key

    def put_collection(self, key: str, name: str, *, parent: str = "", **more: Any) -> None:
        """Make a collection, or change it."""
        self.version += 1
        said = {"key": key, "version": self.version, "name": name, "parentCollection": parent or False}
        self.collections[key] = {**said, "relations": {}, **more}

    def put(self, key: str, title: str = "", *, collections: tuple[str, ...] = (), **more: Any) -> None:
        """Make an item, or change it."""
        self.version += 1
        self.items[key] = {
            "key": key,
            "version": self.version,
            "itemType": "journalArticle",
            "title": title,
            "creators": [],
            "tags": [],
            "collections": list(collections),
            "relations": {},
            **more,
        }

    def trash(self, key: str) -> None:
        """Throw an item away; it can be had back."""
        self.version += 1
        self.items[key] |= {"deleted": 1, "version": self.version}

    def delete(self, key: str) -> None:
        """Remove an item for good."""
        self.version += 1
        del self.items[key]
        self.gone.append((self.version, "items", key))

    def delete_collection(self, key: str) -> None:
        """Remove a collection; its items stay, and their versions with them."""
        self.version += 1
        del self.collections[key]
        for item in self.items.values():
            item["collections"] = [one for one in item["collections"] if one != key]
        self.gone.append((self.version, "collections", key))


class ZoteroServer:
    """The API on 127.0.0.1. One key opens the library of its owner, and the groups in `groups_of_key`."""

    def __init__(self) -> None:
        self.home = RemoteLibrary(name="ada")
        self.libraries: dict[str, RemoteLibrary] = {HOME: self.home}
        self.groups_of_key: set[str] = set()
        self.faults: list[Fault] = []
        self._lock = threading.Lock()
        self._asked: list[Question] = []
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def asked(self) -> list[Question]:
        """List every request so far."""
        with self._lock:
            return list(self._asked)

    def group(self, number: int, name: str, *, is_public: bool = False) -> RemoteLibrary:
        """Make a group that the key may read."""
        made = RemoteLibrary(name=name, is_public=is_public)
        self.libraries[f"groups/{number}"] = made
        self.groups_of_key.add(f"groups/{number}")
        return made

    def take_fault(self, question: Question) -> Fault | None:
        """Note a request, and give what shall go wrong with it."""
        with self._lock:
            self._asked.append(question)
            for fault in self.faults:
                if fault.path in question.path:
                    self.faults.remove(fault)
                    return fault
        return None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    # -- answers ----------------------------------------------------------------------------------

    def answer(self, question: Question) -> tuple[int, dict[str, str], Any]:
        """Answer one question: status, headers, JSON value or text."""
        parts = question.path.strip("/").split("/")
        has_key = question.headers.get("zotero-api-key") == KEY
        if question.asked.get("v", question.headers.get("zotero-api-version")) != "3":
            return 400, {}, "this stand-in speaks version 3 alone"
        if parts == ["keys", "current"]:
            access = {"user": {"library": True}, "groups": {"all": {"library": True}}}
            said = {"key": KEY, "userID": USER, "username": self.home.name, "access": access}
            return (200, {}, said) if has_key else (404, {}, "Key not found")
        place = "/".join(parts[:2])
        library = self.libraries.get(place)
        if library is None:
            return 404, {}, "Not found"
        may_read = library.is_public or (has_key and (place == HOME or place in self.groups_of_key))
        if not may_read:
            return 403, {}, "Forbidden"
        return self._of_library(library, parts[2:], question)

    def _of_library(
        self, library: RemoteLibrary, rest: list[str], question: Question
    ) -> tuple[int, dict[str, str], Any]:
        head = {"Last-Modified-Version": str(library.version)}
        since = int(question.asked.get("since", "0"))
        match rest:
            case []:
                return 200, {}, {"id": 1, "version": 1, "data": {"name": library.name}}
            case ["deleted"]:
                return 200, head, self._gone(library, since=since)
            case ["collections"]:
                found = list(library.collections.values())
            case ["items", "top"]:
                found = list(library.items.values())
            case ["collections", key, "items", "top"]:
                if key not in library.collections:
                    return 404, head, "Collection not found"
                found = [one for one in library.items.values() if key in one["collections"]]
            case _:
                return 404, head, "Not found"
        if question.headers.get("if-modified-since-version") == str(library.version):
            return 304, head, ""
        return self._page(library, found, question, head, since=since)

    def _gone(self, library: RemoteLibrary, *, since: int) -> dict[str, list[str]]:
        said: dict[str, list[str]] = {"collections": [], "items": [], "searches": [], "tags": []}
        for version, kind, key in library.gone:
            if version > since:
                said[kind].append(key)
        return said

    def _page(
        self,
        library: RemoteLibrary,
        found: list[dict[str, Any]],
        question: Question,
        head: dict[str, str],
        *,
        since: int,
    ) -> tuple[int, dict[str, str], Any]:
        with_trash = question.asked.get("includeTrashed") == "1"
        chosen = [one for one in found if one["version"] > since and (with_trash or not one.get("deleted"))]
        chosen.sort(key=lambda one: (-int(one["version"]), str(one["key"])))  # what changed last comes first
        limit = min(int(question.asked.get("limit", _DEFAULT_LIMIT)), _MOST_LIMIT)
        start = int(question.asked.get("start", "0"))
        page = [
            {"key": one["key"], "version": one["version"], "library": {"name": library.name}, "data": one}
            for one in chosen[start : start + limit]
        ]
        return 200, {**head, "Total-Results": str(len(chosen))}, page


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, zotero: ZoteroServer) -> None:
        self.zotero = zotero
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        question = Question(split.path, dict(parse_qsl(split.query)), headers)
        zotero = self.server.zotero
        fault = zotero.take_fault(question) or Fault()
        if fault.before is not None:
            fault.before()
        status, head, said = zotero.answer(question)
        if fault.status != 200:
            status, head, said = fault.status, {}, ""
        body = said.encode() if isinstance(said, str) else json.dumps(said).encode()
        body = fault.body if fault.body is not None else body
        head = {"Content-Type": "application/json", "Zotero-API-Version": "3", **head, **fault.headers}
        self.send_response(status)
        for name, value in head.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 304:
            self.wfile.write(body if fault.cut_after is None else body[: fault.cut_after])
        if fault.cut_after is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Say nothing."""
