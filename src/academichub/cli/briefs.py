"""What `academichub brief` does: write a briefing here and now, estimate one, list the archive."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import typer

from academichub.cli.console import FAILED, explained, make_terminal, print_json
from academichub.cli.papers import read_day
from academichub.errors import BriefingInvalid, FileUnreadable
from academichub.model.briefing import BriefingOrder, Maker
from academichub.model.briefingpages import BriefingState
from academichub.model.packing import pack

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from academichub.cli.console import Terminal
    from academichub.hub import Hub

FORMATS: Final = {
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".json": "json",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asked for."""

    radars: tuple[str, ...]
    first: str | None
    last: str | None
    language: str
    writer: str
    output: Path | None
    as_json: bool


def brief(wanted: Wanted, *, is_estimate: bool) -> None:
    """Write a briefing and print it, or say what it would take."""
    terminal = make_terminal(None)
    with explained():
        file_format = _format(wanted)
        with terminal.open_hub() as hub:
            order = _order(wanted, hub)
            if is_estimate:
                _print_estimate(terminal, hub, order, as_json=wanted.as_json)
                return
            key = hub.keep_order(order, now=hub.clock())
            with terminal.err.status("writing the briefing"):
                state = hub.write_briefing(key)
            if state is not BriefingState.DONE:
                terminal.err.print(
                    f"the briefing {key} {state.value}: {hub.briefing(key).error}", markup=False
                )
                raise typer.Exit(FAILED)
            content, _ = hub.briefing_file(key, file_format, language=order.language)
            _deliver(terminal, content, wanted.output)


def archive(*, as_json: bool) -> None:
    """List the briefings."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        page = hub.briefings()
        if as_json:
            print_json(page)
            return
        for line in page.lines:
            themes = "; ".join(line.headline) or "-"
            terminal.out.print(
                f"{line.key}: {line.state.value}, {line.order.writer.value}; {themes}", markup=False
            )
        if not page.lines:
            terminal.out.print("no briefings yet; try: academichub brief", markup=False)


def evaluate(key: str, *, as_json: bool) -> None:
    """Hold a stored briefing against the stored texts; fail where a promise is broken."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        found = hub.evaluate_briefing(key)
        if as_json:
            print_json(found)
        else:
            for name, value in asdict(found).items():
                terminal.out.print(f"{name.replace('_', ' ')}: {value}", markup=False)
        if found.invalid_citations or found.not_verbatim or found.flagged:
            raise typer.Exit(FAILED)


def _order(wanted: Wanted, hub: Hub) -> BriefingOrder:
    """Fill in what was left out: the last day with works, the settings' language, the writer there is."""
    last = read_day(wanted.last) if wanted.last else None
    first = read_day(wanted.first) if wanted.first else None
    if last is None:
        last = hub.briefings().latest or hub.clock().date()
    writer = wanted.writer or (Maker.MODEL if hub.model_name() else Maker.EXTRACTIVE).value
    if writer not in {one.value for one in Maker}:
        raise BriefingInvalid(field="writer", reason="extractive-or-model")
    if writer == Maker.MODEL and not hub.model_name():
        raise BriefingInvalid(field="writer", reason="no-model")
    language = wanted.language or hub.settings.language or "en"
    return BriefingOrder(wanted.radars, _earlier(first, last), last, language, Maker(writer))


def _earlier(first: date | None, last: date) -> date:
    return last if first is None else first


def _format(wanted: Wanted) -> str:
    if wanted.output is None:
        return "json" if wanted.as_json else "md"
    file_format = FORMATS.get(wanted.output.suffix.lower())
    if file_format is None:
        raise BriefingInvalid(field="output", reason="no-such-file")
    return file_format


def _print_estimate(terminal: Terminal, hub: Hub, order: BriefingOrder, *, as_json: bool) -> None:
    found = hub.estimate_briefing(order, now=hub.clock())
    if as_json:
        print_json(pack(found))
        return
    money = f", {found.money:.4f} {found.currency}".rstrip() if found.calls else ""
    terminal.out.print(
        f"{found.works} works, {found.calls} calls, {found.tokens_in} tokens in, at most"
        f" {found.tokens_out} out{money}",
        markup=False,
    )
    if found.over:
        terminal.err.print(f"more than the cap of the {found.over} allows", style="yellow", markup=False)


def _deliver(terminal: Terminal, content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(content.decode())
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise FileUnreadable(path=str(output), reason=error.strerror or str(error)) from error
    terminal.err.print(f"written: {output}", markup=False)
