"""Read a broken feed with feedparser, alone in a process that may be ended at any moment.

Started as `python -I -m academichub.sources.tolerant_child CPU_SECONDS MEMORY_BYTES`: the feed's
bytes on standard input, one JSON object on standard output. Nothing else of the hub is loaded.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any, Final

OUT_OF_MEMORY: Final = 75  # exit status
OUTPUT_CHARACTERS: Final = 64 * 1024 * 1024
TEXTS: Final = ("title", "summary")
STRINGS: Final = ("id", "link", "published", "updated", "created", "language")
# Keys of an entry that a Record has a place for, or that feedparser derives from others.
PLACED: Final = frozenset(
    {*TEXTS, *STRINGS, "author", "authors", "author_detail", "content", "guidislink", "links", "tags"}
)


def main() -> int:
    """Read standard input, write standard output; give the exit status."""
    cpu_seconds, memory_bytes = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = json.dumps(_read(sys.stdin.buffer.read()), ensure_ascii=False)
        if len(answer) > OUTPUT_CHARACTERS:
            return OUT_OF_MEMORY
        sys.stdout.buffer.write(answer.encode("utf-8", "replace"))
    except (MemoryError, RecursionError):
        return OUT_OF_MEMORY
    return 0


def _read(body: bytes) -> dict[str, Any]:
    """Give what feedparser finds, as plain JSON values."""
    import feedparser  # after the limits are set

    # Bytes, never text: feedparser takes text for an address or a path and opens it.
    parsed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    feed = parsed["feed"]
    return {
        "version": parsed.get("version") or "",
        "namespaces": dict(parsed.get("namespaces") or {}),
        "feed": {key: _string(feed, key) for key in ("title", "link", "language", "updated", "ttl")},
        "entries": [_entry(entry) for entry in parsed["entries"]],
    }


def _entry(entry: Any) -> dict[str, Any]:  # noqa: ANN401 -- feedparser has no types
    contents = entry.get("content") or []
    return {
        **{key: _string(entry, key) for key in STRINGS},
        **{key: _text(entry.get(f"{key}_detail") or {"value": dict.get(entry, key)}) for key in TEXTS},
        "content": next((_text(each) for each in contents if each.get("value")), _text({})),
        "links": [_strings(link) for link in entry.get("links") or []],
        "authors": [_strings(author) for author in entry.get("authors") or []],
        "tags": [tag.get("term") or "" for tag in entry.get("tags") or []],
        "fields": {key: _values(value) for key, value in entry.items() if _is_field(key)},
    }


def _is_field(key: str) -> bool:
    return key not in PLACED and not key.endswith(("_parsed", "_detail"))


def _values(value: object) -> list[str | dict[str, str]]:
    """Give a field's values: texts, or the attributes of elements."""
    values = value if isinstance(value, list) else [value]
    return [_strings(each) if isinstance(each, dict) else str(each) for each in values if each is not None]


def _text(detail: Any) -> dict[str, str]:  # noqa: ANN401 -- feedparser has no types
    return {"value": _string(detail, "value"), "type": _string(detail, "type")}


def _strings(container: Any) -> dict[str, str]:  # noqa: ANN401 -- feedparser has no types
    return {str(key): value for key, value in container.items() if isinstance(value, str)}


def _string(container: Any, key: str) -> str:  # noqa: ANN401 -- feedparser has no types
    value = dict.get(container, key)  # not feedparser's own `get`, which puts one date for another
    return value if isinstance(value, str) else ""


if __name__ == "__main__":
    sys.exit(main())
