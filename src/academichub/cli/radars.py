"""What `academichub radar ...` and `import` do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from academichub.cli.console import FAILED, explained, make_terminal, plain, print_json, progress_bar
from academichub.cli.papers import read_day
from academichub.hub import read_file
from academichub.model.radar import DEFAULT_THRESHOLD, Follow, FollowKind, Interest, RuleRole
from academichub.model.radarpages import RadarForm

if TYPE_CHECKING:
    from pathlib import Path

    from academichub.cli.console import Terminal
    from academichub.hub import Hub
    from academichub.model.radarpages import LibraryReport, Preview

SHOWN_BROKEN = 20


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asked for."""

    text: str
    name: str
    rule: str
    is_filter: bool
    library: Path | None
    papers: tuple[str, ...]
    authors: tuple[str, ...]
    institutions: tuple[str, ...]
    venues: tuple[str, ...]
    fields: tuple[str, ...]
    without: tuple[str, ...]
    threshold: float | None
    quota: int


def show(*, as_json: bool) -> None:
    """List the radars."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        page = hub.radars()
        if as_json:
            print_json(page)
            return
        for row in page.rows:
            state = "paused" if row.radar.is_paused else f"{row.shown} on {row.latest_on or 'no day yet'}"
            terminal.out.print(
                f"{row.radar.key}: {row.radar.interest.name}; {state};"
                f" {row.seeds} seeds, {row.likes} more, {row.dislikes} less",
                markup=False,
            )
        if not page.rows:
            terminal.out.print(
                'no radars yet; try: academichub radar create "what you work on"', markup=False
            )


def create(wish: Wish, *, is_preview: bool, as_json: bool) -> None:
    """Make a radar, or show what it would have caught."""
    terminal = make_terminal(None)
    with explained():
        form = _form(wish)
        with terminal.open_hub() as hub:
            if is_preview:
                _print_preview(terminal, hub.preview_radar(form, now=hub.clock()), as_json=as_json)
                return
            key = hub.create_radar(form, now=hub.clock())
            _print_day(terminal, hub, key, as_json=as_json)


def rank(key: str | None, *, day: str | None, as_json: bool) -> None:
    """Embed what has no vector, then rank."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        on = read_day(day) if day is not None else None
        waiting = hub.count_unembedded()
        if waiting:
            with progress_bar(terminal, "embedding") as (begin, advance):
                begin(waiting)
                hub.embed(progress=advance)
        with progress_bar(terminal, "ranking") as (begin, advance):
            keys = [row.radar.key for row in hub.radars().rows if key is None or row.radar.key == key]
            keys = keys or ([key] if key is not None else [])
            begin(len(keys))
            for one in keys:
                hub.rank_radar(one, on=on, now=hub.clock())
                advance(1)
        for one in keys:
            _print_day(terminal, hub, one, as_json=as_json, most=10)


def explain(key: str, work_id: int, *, day: str | None, as_json: bool) -> None:
    """Print a score's parts and their reasons."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        found = hub.explain(key, work_id, on=read_day(day) if day is not None else None)
        if as_json:
            print_json(found)
            return
        out = terminal.out
        out.print(f"{found.radar.interest.name}, {found.on}: match {found.ranked.match:.1%}", markup=False)
        for part in found.ranked.parts:
            out.print(f"  {part.name.value:12}{part.value:+9.4f}", markup=False)
            for one in part.because:
                share = f"{one.share:+.4f}" if one.share else ""
                out.print(f"      {one.kind} {one.text} {share}".rstrip(), markup=False)
        out.print(f"  {'score':12}{found.ranked.score:+9.4f}", markup=False)
        changed = ", ".join(found.changed)
        out.print(f"changed since: {changed}" if changed else "nothing has changed since", markup=False)


def export(key: str) -> None:
    """Print a radar as JSON."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        print_json(hub.export_radar(key))


def evaluate(key: str, *, as_json: bool) -> None:
    """Print how well a radar would have ranked its own past."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        figures = hub.evaluate_radar(key, now=hub.clock())
        if as_json:
            print_json(figures)
        elif not figures.days:
            terminal.out.print("not enough feedback yet: like papers on two different days at least")
        else:
            terminal.out.print(f"{figures.days} days, {figures.likes} likes ranked by what was liked before")
            for name, value in figures.measures.items():
                terminal.out.print(f"  {name:12}{value:.4f}", markup=False)


def remove(key: str) -> None:
    """Remove a radar."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        hub.remove_radar(key)


def import_library(file: Path, *, radar: str | None, collection: str, is_dry: bool, as_json: bool) -> None:
    """Read a library file; broken entries are told, and lose nothing else."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        content = read_file(file)
        key = None if is_dry else radar
        if radar is not None:
            hub.radar(radar)  # a misspelt one is told before anything is read
        if not is_dry and key is None:
            form = RadarForm(
                Interest(name=(collection or file.stem)[:80]),
                library=content,
                library_name=file.name,
                collection=collection,
            )
            report = hub.import_seeds(
                content, name=file.name, key=None, now=hub.clock(), collection=collection
            )
            if report.entries:
                key = hub.create_radar(form, now=hub.clock())
        else:
            report = hub.import_seeds(
                content, name=file.name, key=key, now=hub.clock(), collection=collection
            )
        if as_json:
            print_json({**plain(report), "radar": key})
        else:
            _print_report(terminal, report, key=key)
    if report.entries == 0 and report.broken:
        raise typer.Exit(FAILED)


def _print_report(terminal: Terminal, report: LibraryReport, *, key: str | None) -> None:
    for line, entry, reason in report.broken[:SHOWN_BROKEN]:
        terminal.err.print(
            f"{report.name}, line {line}, entry {entry}: {reason}", style="yellow", markup=False
        )
    if len(report.broken) > SHOWN_BROKEN:
        terminal.err.print(f"and {len(report.broken) - SHOWN_BROKEN} more", style="yellow")
    where = f"; radar {key}" if key else "; nothing was kept"
    terminal.out.print(
        f"{report.name}: {report.format}, {report.entries} entries, {report.matched} of them on the shelves,"
        f" {len(report.broken)} broken{where}",
        markup=False,
    )
    if report.collections:
        terminal.out.print(f"collections: {', '.join(report.collections)}", markup=False)


def _print_preview(terminal: Terminal, found: Preview, *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    if found.english:
        terminal.out.print(f"read as: {found.english}", markup=False)
    for named in found.found:
        terminal.out.print(f"{named.how}: {named.asked} -> {named.title or 'not found'}", markup=False)
    steps = ", ".join(f"{step:.0%}: {count}" for step, count in found.steps)
    terminal.out.print(
        f"{found.shown} of {found.candidates} papers in {found.days} days; {steps}", markup=False
    )
    for row in found.rows:
        reasons = ", ".join(row.because)
        terminal.out.print(f"{row.match:6.1%}  {row.title_plain}  [{reasons}]", markup=False)


def _print_day(terminal: Terminal, hub: Hub, key: str, *, as_json: bool, most: int = 20) -> None:
    page = hub.radar(key)
    if as_json:
        print_json(page, lines=True)
        return
    terminal.out.print(
        f"{key}: {len(page.cards)} of {page.candidates} papers on {page.on or 'no day yet'}", markup=False
    )
    for one in page.cards[:most]:
        terminal.out.print(
            f"{one.ranked.place:3}  {one.ranked.match:6.1%}  {one.card.title_plain}", markup=False
        )


def _form(wish: Wish) -> RadarForm:
    kinds: tuple[tuple[FollowKind, tuple[str, ...]], ...] = (
        (FollowKind.AUTHOR, wish.authors),
        (FollowKind.INSTITUTION, wish.institutions),
        (FollowKind.VENUE, wish.venues),
    )
    interest = Interest(
        name=wish.name,
        rule=wish.rule,
        rule_role=RuleRole.FILTER if wish.is_filter else RuleRole.PART,
        text=wish.text,
        follows=tuple(Follow(kind, name) for kind, names in kinds for name in names),
        include_fields=wish.fields,
        exclude_terms=wish.without,
        threshold=DEFAULT_THRESHOLD if wish.threshold is None else wish.threshold,
        quota=wish.quota,
    )
    library = read_file(wish.library) if wish.library is not None else b""
    return RadarForm(
        interest=interest,
        papers="\n".join(wish.papers),
        library=library,
        library_name=wish.library.name if wish.library is not None else "",
    )
