"""Take a stream of server-sent events apart, as it comes. Pure.

Source: the HTML standard, 9.2.6 (interpreting an event stream), with the leniency that servers of language
models need: an event at the end of the stream counts although no empty line follows.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

MOST_EVENT_CHARACTERS: Final = 4_000_000
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


class StreamBroken(Exception):
    """The bytes are no stream of events. The text is the reason."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)


class EventReader:
    """Collects bytes and gives the text of each event that is complete.

    Names, numbers and comments of events are passed over: no server of language models tells anything in them
    that its JSON does not say.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._rest: list[str] = []  # of a line that is not complete
        self._lines: list[str] = []  # of an event that is not complete
        self._held = 0  # characters in both

    def feed(self, piece: bytes) -> list[str]:
        """Take the next bytes; give the events that they complete.

        Raises:
            StreamBroken: They are no UTF-8, or an event grows over its cap.
        """
        return self._take(piece, is_last=False)

    def finish(self) -> list[str]:
        """Give the event that is left at the end of the stream, if there is one. Raises as `feed` does."""
        return self._take(b"", is_last=True)

    def _take(self, piece: bytes, *, is_last: bool) -> list[str]:
        try:
            text = self._decoder.decode(piece, final=is_last)
        except UnicodeDecodeError as error:
            raise StreamBroken(reason="it is no UTF-8") from error
        self._held += len(text)
        if self._held > MOST_EVENT_CHARACTERS:
            raise StreamBroken(reason=f"an event of over {MOST_EVENT_CHARACTERS} characters")
        if not is_last and not _LINE_END.search(text) and not self._ends_with_return():
            self._rest.append(text)  # a long line costs no more than its length
            return []
        whole = "".join(self._rest) + text + ("\n\n" if is_last else "")
        *lines, rest = _lines(whole)
        self._rest = [rest]
        events = [event for line in lines if (event := self._line(line)) is not None]
        self._held = len(rest) + sum(map(len, self._lines))
        return events

    def _ends_with_return(self) -> bool:
        return bool(self._rest) and self._rest[-1].endswith("\r")

    def _line(self, line: str) -> str | None:
        """Take one line; give the event that an empty one completes."""
        if not line:
            event, self._lines = "\n".join(self._lines), []
            return event or None
        name, _, value = line.partition(":")
        if name == "data":
            self._lines.append(value.removeprefix(" "))
        return None


def _lines(text: str) -> list[str]:
    """Split at the ends of lines; a last carriage return stays, as its line feed may be on the way."""
    kept = "\r" if text.endswith("\r") else ""
    lines = _LINE_END.split(text.removesuffix("\r"))
    lines[-1] += kept
    return lines
