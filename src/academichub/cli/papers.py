"""Commands about papers: ingest, parse, papers."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from academichub.cli.console import (
    FAILED,
    explained,
    make_terminal,
    plain,
    print_json,
    progress_bar,
    say_error,
    written,
)
from academichub.errors import AcademicHubError, CategoryUnknown, DateMalformed
from academichub.hub import clean_record, parse_file, utc_now
from academichub.model.papers import Draft, Record, Rejected
from academichub.model.shelf import Card, FeedQuery
from academichub.model.taxonomy import category as arxiv_category
from academichub.model.taxonomy import suggest

if TYPE_CHECKING:
    from pathlib import Path

    from academichub.model.papers import Feed, Text

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PAGE_SIZE = 200


def ingest(files: list[Path], *, as_json: bool) -> None:
    """Take files in one after another; a broken one does not stop the rest."""
    terminal = make_terminal(None)
    has_failed = False
    with explained(), terminal.open_hub() as hub:
        for path in files:
            try:
                with progress_bar(terminal, path.name) as (begin, advance):
                    taken = hub.ingest(path, progress=advance, begin=begin)
            except AcademicHubError as error:
                has_failed = True
                if as_json:
                    print_json({"path": str(path), "error": plain(error)}, lines=True)
                else:
                    terminal.err.print(f"{path}:", markup=False)
                    say_error(error)
                continue
            account = taken.account
            if as_json:
                print_json(taken, lines=True)
            else:
                known = " (taken in before)" if taken.was_known else ""
                terminal.out.print(
                    f"{path}: {taken.format}, received {account.received} = {account.new} new"
                    f" + {account.revised} revised + {account.twin} twin + {account.unchanged} unchanged"
                    f" + {account.rejected} rejected{known}",
                    markup=False,
                )
    if has_failed:
        raise typer.Exit(FAILED)


def parse(path: Path, *, as_json: bool) -> None:
    """Print every entry as read and as cleaned."""
    with explained():
        feed = parse_file(path)
        if as_json:
            for entry in _in_order(feed):
                print_json(_entry(entry, feed), lines=True)
        else:
            _print_feed(feed)


def show(*, day: str | None, category: str | None, as_json: bool) -> None:
    """List a day's papers."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        query = FeedQuery(on=_day(day), category=_category(category), size=PAGE_SIZE)
        today = utc_now().date()
        for number, card in enumerate(hub.cards(query, today=today), start=1):
            if as_json:
                print_json({"number": number, **_card(card)}, lines=True)
            else:
                _print_card(number, card)


def _day(said: str | None) -> date | None:
    return None if said is None else read_day(said)


def read_day(said: str) -> date:
    """Read a calendar day. Raises DateMalformed."""
    try:
        if DAY.fullmatch(said):
            return date.fromisoformat(said)
    except ValueError:
        pass
    raise DateMalformed(value=said)


def _category(said: str | None) -> str | None:
    if said is None:
        return None
    found = arxiv_category(said)
    if found is None:
        raise CategoryUnknown(category=said, suggestion=suggest(said))
    return found.name


def _in_order(feed: Feed) -> list[Record | Rejected]:
    both: list[Record | Rejected] = [*feed.records, *feed.rejected]
    return sorted(both, key=lambda entry: entry.position)


def _entry(entry: Record | Rejected, feed: Feed) -> dict[str, Any]:
    if isinstance(entry, Rejected):
        return {
            "id": entry.external_id,
            "title": entry.title,
            "link": "",
            "published": "",
            "updated": "",
            "authors": [],
            "summary": entry.excerpt,
            "error": plain(entry.error),
            "draft": None,
        }
    read: dict[str, Any] = {
        "id": entry.external_id,
        "title": entry.title.value,
        "link": entry.link,
        "published": entry.published,
        "updated": entry.updated,
        "authors": [author.name for author in entry.authors],
        "summary": _text(entry.summary, entry.content),
    }
    try:
        draft = clean_record(entry, feed=feed, now=utc_now())
    except AcademicHubError as error:
        return {**read, "error": plain(error), "draft": None}
    return {**read, "draft": _draft(draft)}


def _text(summary: Text, content: Text) -> str:
    return summary.value or content.value


def _draft(draft: Draft) -> dict[str, Any]:
    return {
        "title": _prose(draft.title),
        "abstract": _prose(draft.abstract),
        "authors": plain(draft.authors),
        "identifiers": plain(draft.identifiers),
        "version": draft.version,
        "announcement": plain(draft.announcement),
        "announced_on": plain(draft.announced_on),
        "categories": list(draft.categories),
        "kind": draft.kind.value,
        "published": written(draft.published) if draft.published else None,
        "precision": draft.published.precision.value if draft.published else None,
        "updated": written(draft.updated) if draft.updated else None,
        "links": plain(draft.links),
        "licence": draft.licence,
        "venue": draft.venue,
        "journal_ref": draft.journal_ref,
        "comment": draft.comment,
        "language": draft.language,
        "is_teaser": draft.is_teaser,
        "key": plain(draft.key),
        "fingerprint": draft.fingerprint,
    }


def _prose(prose: Any) -> dict[str, str] | None:  # noqa: ANN401  # Prose or None
    return None if prose is None else {"raw": prose.raw, "plain": prose.plain, "html": prose.html}


def _print_feed(feed: Feed) -> None:
    terminal = make_terminal(None)
    out = terminal.out
    out.print(f"{feed.format}, read by {feed.parser}: {feed.title}", markup=False, style="bold")
    for number, entry in enumerate(_in_order(feed), start=1):
        shown = _entry(entry, feed)
        draft = shown["draft"]
        if draft is None:
            says = f"{number:02d}. rejected: {shown['error']['code']}  {shown['title']}"
            out.print(says, markup=False, style="red")
            continue
        names = ", ".join(f"{name}:{value}" for name, value in draft["identifiers"].items() if value)
        facts = " · ".join(filter(None, (draft["kind"], draft["venue"], draft["published"], names)))
        out.print(f"{number:02d}. {draft['title']['plain']}", markup=False)
        out.print(f"    {facts}", style="dim", markup=False)
    for warning in feed.warnings:
        terminal.err.print(warning, style="yellow", markup=False)


def _card(card: Card) -> dict[str, Any]:
    shown: dict[str, Any] = plain(card)
    del shown["order_key"]
    return shown


def _print_card(number: int, card: Card) -> None:
    out = make_terminal(None).out
    names = ", ".join(card.byline[:3]) + (f" + {len(card.byline) - 3}" if len(card.byline) > 3 else "")  # noqa: PLR2004  # as on the page
    version = f" · v{card.version}" if card.version else ""
    out.print(f"{number:02d}. {card.title_plain}", markup=False, style="bold")
    where = " · ".join(filter(None, (card.venue, ", ".join(card.categories[:4]), str(card.listed_on))))
    out.print(f"    {where}{version}", markup=False, style="dim")
    if names:
        out.print(f"    {names}", markup=False)
