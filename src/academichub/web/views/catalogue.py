"""Where to find sources: the catalogue, any address, a file of subscriptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from academichub.text.language import guess
from academichub.web.address import write
from academichub.web.views.card import category_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.errors import AcademicHubError
    from academichub.model.shelf import CatalogueRow, FieldRow, FoundFeed, OpmlReport
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit

_SHOWN: Final = 40
_SEARCHED: Final = ("q", "field", "access", "n")
ACCESS: Final = ("feed", "signal", "crossref", "api")
# How a page can offer a feed; anything else is the format of a feed that was pasted itself.
_OFFERED: Final = frozenset({"address", "itself", "link", "issn", "anchor", "opml"})
_REJECTED_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of the form that was sent, if one was."""

    url: str = ""
    error: AcademicHubError | None = None
    may_add_anyway: bool = False
    was_asked: bool = False
    found: tuple[FoundFeed, ...] = ()
    report: OpmlReport | None = None
    opml_error: AcademicHubError | None = None
    has_no_file: bool = False

    @property
    def is_feed_itself(self) -> bool:
        """True where the address that was pasted is a feed, and not a page that offers some."""
        return len(self.found) == 1 and self.found[0].kind not in _OFFERED


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One source of the catalogue."""

    key: str
    title: str
    language: str
    other: str  # its name in the other language, or what its short name stands for
    other_language: str
    meta: tuple[str, ...]
    href: str  # of its own page, where it is subscribed
    is_subscribed: bool


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One feed that a page offers."""

    name: str  # what to subscribe
    title: str
    meta: str
    is_list: bool  # of feeds: to be fetched and imported, no source of its own


@dataclass(frozen=True, slots=True)
class ReportView:
    """What became of a file of subscriptions."""

    words: str
    rejected: tuple[tuple[str, str], ...]  # title and reason
    more: str


@dataclass(frozen=True, slots=True)
class CatalogueView:
    """The page on which sources are found."""

    title: str
    q: str
    lang: str | None
    fields: tuple[Choice, ...]
    access: tuple[Choice, ...]
    tally: str
    entries: tuple[EntryLine, ...]
    kept: tuple[tuple[str, str], ...]  # the search, carried along by the form of subscriptions
    earlier: str | None
    later: str | None
    clear: str | None
    notice: str
    url: str
    url_error: str
    may_add_anyway: bool
    found: tuple[FoundLine, ...]
    found_words: str
    report: ReportView | None
    opml_error: str
    action: str
    search: str
    back: str
    export: str


def read_search(parameters: Mapping[str, str]) -> dict[str, str]:
    """Take from an address what it says of the search; a filter that is none is left out."""
    said = {name: parameters[name] for name in _SEARCHED if parameters.get(name)}
    if said.get("access") not in ACCESS:
        said.pop("access", None)
    start = said.get("n", "")
    if not (start.isascii() and start.isdigit()) or len(start) > len("10000"):
        said.pop("n", None)
    return said


def search_of_form(form: Mapping[str, str]) -> dict[str, str]:
    """Take from a form the search that it was sent from."""
    return read_search({name: form[name][:100] for name in _SEARCHED if name in form})


def build_catalogue(
    rows: tuple[CatalogueRow, ...],
    fields: tuple[FieldRow, ...],
    search: Mapping[str, str],
    tried: Tried,
    visit: Visit,
) -> CatalogueView:
    """Build the page: the search and what it found, and the other two ways to a source."""
    words = visit.words
    start = min(int(search.get("n", "0")), max(len(rows) - 1, 0)) // _SHOWN * _SHOWN
    shown = rows[start : start + _SHOWN]
    title_by_field = {row.key: row.title_zh if words.language == "zh" else row.title_en for row in fields}
    return CatalogueView(
        title=words.text("Add sources"),
        q=search.get("q", ""),
        lang=visit.lang,
        fields=_choices("All fields", title_by_field, search.get("field", ""), words),
        access=_choices(
            "Any way", {key: words.text(f"access:{key}") for key in ACCESS}, search.get("access", ""), words
        ),
        tally=_tally(rows, start, len(shown), words),
        entries=tuple(_entry(row, title_by_field, visit) for row in shown),
        kept=tuple((name, search[name]) for name in _SEARCHED if search.get(name)),
        earlier=_page_at(start - _SHOWN, search, visit) if start else None,
        later=_page_at(start + _SHOWN, search, visit) if start + _SHOWN < len(rows) else None,
        clear=write("/sources/add", {}, lang=visit.lang) if search else None,
        notice=words.text("done:added") if visit.parameters.get("done") == "added" else "",
        url=tried.url,
        url_error=_url_error(tried, words),
        may_add_anyway=tried.may_add_anyway,
        found=tuple(_found(one, words) for one in tried.found),
        found_words=words.count(
            "This page offers {n} source:", "This page offers {n} sources:", len(tried.found)
        ),
        report=_report(tried.report, words) if tried.report else None,
        opml_error=_opml_error(tried, words),
        action=f"/sources/add{visit.suffix}",
        search="/sources/add",
        back=f"/sources{visit.suffix}",
        export="/sources.opml",
    )


def _choices(
    every: str, label_by_value: Mapping[str, str], chosen: str, words: Catalogue
) -> tuple[Choice, ...]:
    offered = {"": words.text(every), **label_by_value}
    return tuple(Choice(value, label, is_chosen=value == chosen) for value, label in offered.items())


def _tally(rows: tuple[CatalogueRow, ...], start: int, shown: int, words: Catalogue) -> str:
    if shown == len(rows):
        return words.count("{n} source in the catalogue", "{n} sources in the catalogue", len(rows))
    return words.text(
        "{first}–{last} of {total}",
        first=f"{start + 1:,}",
        last=f"{start + shown:,}",
        total=words.count("{n} source in the catalogue", "{n} sources in the catalogue", len(rows)),
    )


def _page_at(start: int, search: Mapping[str, str], visit: Visit) -> str:
    return write("/sources/add", {**search, "n": str(start) if start else ""}, lang=visit.lang)


def _entry(row: CatalogueRow, title_by_field: Mapping[str, str], visit: Visit) -> EntryLine:
    words = visit.words
    category = category_title(row.key.removeprefix("arxiv:"), words) if row.key.startswith("arxiv:") else ""
    if category:
        title, other = row.title, category
    elif row.title_zh and words.language == "zh":
        title, other = row.title_zh, row.title
    else:
        title, other = row.title, row.title_zh
    publisher = "" if row.publisher.casefold() in {title.casefold(), "arxiv"} else row.publisher
    issn = f"ISSN {row.issn}" if row.issn else ""
    meta = (publisher, title_by_field.get(row.field, ""), issn, _access(row, words))
    return EntryLine(
        key=row.key,
        title=title,
        language=guess(title),
        other="" if other == title else other,
        other_language=guess(other),
        meta=tuple(part for part in meta if part),
        href=f"/sources/{quote(row.key, safe=':')}{visit.suffix}",
        is_subscribed=row.is_subscribed,
    )


def _access(row: CatalogueRow, words: Catalogue) -> str:
    return words.text(f"access:{row.access}") if row.access in ACCESS else row.access


# -- an address -----------------------------------------------------------------------------------


def _url_error(tried: Tried, words: Catalogue) -> str:
    if tried.error is not None:
        return words.error(tried.error.code, tried.error.facts)
    if tried.was_asked and not tried.found:
        return words.text("That page answers, but offers no feed. Look on it for the address of one.")
    return ""


def _found(one: FoundFeed, words: Catalogue) -> FoundLine:
    by = words.text(f"found:{one.kind}") if one.kind in _OFFERED else one.kind
    return FoundLine(
        name=one.url,
        title=one.title or one.url,
        meta=f"{by} · {one.url}" if one.title else by,
        is_list=one.kind == "opml",
    )


# -- a file ---------------------------------------------------------------------------------------


def _report(report: OpmlReport, words: Catalogue) -> ReportView:
    parts = [
        words.count("{n} source added", "{n} sources added", report.added),
        words.count("{n} known before", "{n} known before", report.known),
    ]
    if report.rejected:
        parts.append(words.count("{n} not taken", "{n} not taken", len(report.rejected)))
    more = len(report.rejected) - _REJECTED_SHOWN
    return ReportView(
        words=words.text("list separator").join(parts) + words.text("full stop"),
        rejected=tuple(
            (one.title or words.text("Untitled"), words.error(one.error_code, one.error_facts))
            for one in report.rejected[:_REJECTED_SHOWN]
        ),
        more=words.count("{n} more like these", "{n} more like these", more) if more > 0 else "",
    )


def _opml_error(tried: Tried, words: Catalogue) -> str:
    if tried.has_no_file:
        return words.text("Choose a file first.")
    return words.error(tried.opml_error.code, tried.opml_error.facts) if tried.opml_error else ""
