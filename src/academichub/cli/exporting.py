"""What `academichub export` does."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import typer

from academichub.cli.console import explained, make_terminal
from academichub.errors import FileUnreadable
from academichub.references.writing.files import format_named
from academichub.references.writing.formats import MOST_IN_A_FEED, MOST_IN_A_FILE
from academichub.web.address import write
from academichub.web.exportaddress import file_address
from academichub.web.exportlists import Lists, Wanted
from academichub.web.i18n import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from academichub.web.exportports import ExportPort

_STANDARD: Final = "-"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which list the command line asked for: one of these, a day beside a radar too."""

    search: str = ""
    is_starred: bool = False
    tag: str = ""
    collection: str = ""
    radar: str = ""
    day: str = ""

    def page(self) -> tuple[str, dict[str, str]]:
        """Give the list's page, as `Lists` names it, with its parameters.

        Raises:
            ValueError: None was chosen, or more than one.
        """
        found: list[tuple[str, dict[str, str]]] = []
        if self.search:
            found.append(("search", {"q": self.search}))
        if self.is_starred:
            found.append(("kept/starred", {}))
        if self.tag:
            found.append((f"tags/{self.tag}", {}))
        if self.collection:
            found.append((f"c/{self.collection}", {}))
        if self.radar:
            found.append((f"radars/{self.radar}/{self.day}".rstrip("/"), {}))
        elif self.day:
            found.append(("today", {"date": self.day}))
        if len(found) != 1:
            reason = "choose one list: --search, --starred, --tag, --collection, --radar or --day"
            raise ValueError(reason)
        return found[0]


def export(choice: Choice, *, file_format: str, target: Path) -> None:
    """Write a list to a file; to standard output where the target is "-"."""
    terminal = make_terminal(None)
    try:
        page, parameters = choice.page()
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    with explained():
        format_named(file_format)
        with terminal.open_hub() as hub:
            body, works, is_cut = list_of(hub, page, parameters, file_format=file_format, now=hub.clock())
        _save(body, target)
    # Beside the file itself, which may go to standard output.
    terminal.err.print(f"{works} papers written to {target}", markup=False)
    if is_cut:
        terminal.err.print("the list goes on; one file holds no more", markup=False)


def list_of(
    hub: ExportPort, page: str, parameters: Mapping[str, str], *, file_format: str, now: datetime
) -> tuple[bytes, int, bool]:
    """Write a list; give it with how many papers it holds and whether there were more.

    Raises:
        FormatUnknown: Nothing is written as that. And whatever the list's page refuses.
    """
    chosen = format_named(file_format)
    words = catalogue("en")
    most = MOST_IN_A_FEED if chosen.is_feed else MOST_IN_A_FILE
    listing = Lists(hub).listing(page, Wanted(parameters, most, chosen.is_feed, words, now))
    if page.startswith("c/") and not chosen.is_feed:
        key = page.removeprefix("c/")
        body, _, is_cut = hub.collection_file(key, file_format, title=listing.title, size=most)
        return body, len(listing.work_ids), is_cut
    path = "/" if page == "today" else f"/{page}"
    origin = hub.settings.public_url.rstrip("/") or f"http://localhost:{hub.settings.port}"
    body, _ = hub.list_file(
        listing.work_ids,
        file_format,
        title=listing.title,
        address=origin + write(path, parameters),
        now=now,
        file_address=origin + file_address(path, parameters, file_format),
        language=words.language,
    )
    return body, len(listing.work_ids), listing.next is not None


def _save(body: bytes, target: Path) -> None:
    if str(target) == _STANDARD:
        sys.stdout.buffer.write(body)
        return
    try:
        target.write_bytes(body)
    except OSError as error:
        raise FileUnreadable(path=str(target), reason=error.strerror or str(error)) from error
