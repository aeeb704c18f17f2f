"""Commands that find: search, reindex."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from academichub.cli.console import explained, language, make_terminal, plain, print_json, progress_bar
from academichub.model.search import SearchMode, SearchNote, SearchQuery

if TYPE_CHECKING:
    from academichub.cli.console import Terminal
    from academichub.model.search import SearchHit, SearchPage

_NAMES: Final = 3  # authors that are printed
_NOTES: Final = {
    SearchNote.NO_MODEL: "no embedding model is installed: found by words alone",
    SearchNote.PARTLY_EMBEDDED: "some papers have no vector yet: `academichub radar embed`",
    SearchNote.GLOSSARY: "Chinese words were looked up in the glossary",
    SearchNote.MULTILINGUAL: "Chinese was read by the multilingual model",
    SearchNote.RELAXED: "few papers have all the words: those with some of them are listed too",
    SearchNote.REBUILDING: "the index is being built: only the newest papers were asked",
    SearchNote.BEHIND: "newer changes are not in the index yet",
}


def search(text: str, *, mode: SearchMode, size: int, as_json: bool) -> None:
    """Bring the index up to date, ask it, and print what was found.

    Args:
        text: The question, in the language of searches.
        mode: What papers must share with it.
        size: Hits that are printed at most.
        as_json: Print JSON for programs.
    """
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        with progress_bar(terminal, "indexing") as (begin, advance):
            hub.follow_index(begin=begin, progress=advance)
        query = SearchQuery(text, mode, size=size, language=language())
        page = hub.search(query, now=hub.clock())
        if as_json:
            print_json(_json(page))
        else:
            _print(page, terminal)


def reindex(*, as_json: bool) -> None:
    """Build the whole index anew and say what that took."""
    terminal = make_terminal(None)
    with explained(), terminal.open_hub() as hub:
        began = time.monotonic()
        with progress_bar(terminal, "indexing") as (begin, advance):
            followed = hub.reindex(begin=begin, progress=advance)
        seconds = time.monotonic() - began
        state = hub.index_state()
        if as_json:
            print_json(
                {
                    "works": followed.replaced,
                    "change": followed.change,
                    "seconds": round(seconds, 3),
                    "megabytes": round(state.megabytes, 3),
                }
            )
        else:
            terminal.out.print(
                f"{followed.replaced} papers indexed in {seconds:.1f} s, {state.megabytes:.1f} MB",
                markup=False,
            )


def _json(page: SearchPage) -> dict[str, Any]:
    return {
        "query": page.query.text,
        "mode": page.mode.value,
        "total": page.total,
        "suggestion": page.suggestion,
        "notes": [note.value for note in page.notes],
        "facets": {
            kind.value: {facet.value: facet.works for facet in values} for kind, values in page.facets.items()
        },
        "hits": [_hit(number, hit) for number, hit in enumerate(page.hits, start=page.first_number)],
    }


def _hit(number: int, hit: SearchHit) -> dict[str, Any]:
    card = plain(hit.card)
    del card["order_key"]
    return {
        "number": number,
        "score": hit.score,
        "by_words": hit.is_by_words,
        "by_meaning": hit.is_by_meaning,
        **card,
    }


def _print(page: SearchPage, terminal: Terminal) -> None:
    for number, hit in enumerate(page.hits, start=page.first_number):
        card = hit.card
        names = ", ".join(card.byline[:_NAMES])
        more = f" + {len(card.byline) - _NAMES}" if len(card.byline) > _NAMES else ""
        terminal.out.print(f"{number:02d}. {card.title_plain}", markup=False, style="bold")
        where = " · ".join(filter(None, (card.venue, ", ".join(card.categories[:4]), str(card.listed_on))))
        terminal.out.print(f"    {where}", markup=False, style="dim")
        if names:
            terminal.out.print(f"    {names}{more}", markup=False)
    papers = "paper" if page.total == 1 else "papers"
    terminal.out.print(f"{page.total} {papers}, by {page.mode.value}", markup=False)
    if page.suggestion:
        terminal.out.print(f"did you mean: {page.suggestion}", markup=False)
    for note in page.notes:
        terminal.err.print(_NOTES[note], style="yellow", markup=False)
