"""One briefing: what it says, what carries each sentence, and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.model.briefing import ChangeKind, Maker
from academichub.model.briefingpages import BriefingState
from academichub.web.address import quote
from academichub.web.views.briefingwords import (
    AccountPart,
    say_account,
    say_cost,
    say_days,
    say_radars,
    say_writer,
)
from academichub.web.views.evidence import Cite, References
from academichub.web.views.statements import (
    EVERYWHERE,
    build_bridge,
    build_paragraphs,
    build_tension,
    say_fallback,
)

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.model.briefing import Briefing, Change, ReadFirst, Removed, ThemePart, Watch
    from academichub.model.briefingpages import BriefingPage, Progress
    from academichub.web.i18n import Catalogue
    from academichub.web.press import Visit
    from academichub.web.views.evidence import ReferenceView
    from academichub.web.views.statements import PairView, ParagraphView

# The parts of the page, in its order. Each is set by a template of its own, "_briefing_NAME.html", so that
# the live stream can send one when it is finished; its element carries data-part="NAME".
PARTS: Final = (
    *("contents", "head", "points", "themes", "bridges", "surprises", "tensions"),
    *("changes", "reading", "watch", "references", "rest"),
)
LIVE: Final = frozenset({BriefingState.WAITING, BriefingState.WRITING})
FILES: Final = (("md", "Markdown"), ("html", "HTML"), ("pdf", "PDF"), ("json", "JSON"))
_DONE: Final = frozenset({"ordered", "cancelled"})
_STAGES: Final = frozenset({"reading", "analysing", "evidence", "plan", "points", "done"})
_SECTIONS: Final = frozenset({"theme", "bridge", "tension"})
_REASONS: Final = frozenset({"theme", "radar", "bridge", "tension", "code"})
_REMOVALS: Final = frozenset(
    (
        *("citation", "quote", "uncited", "number", "unit", "swapped", "negation", "direction"),
        *("entity", "altered", "coverage", "foreign", "language", "unreadable"),
    )
)


class ContentsLine(NamedTuple):
    """A line of the table of contents."""

    href: str
    label: str
    tally: str


class ThemeView(NamedTuple):
    """A group of papers and what is said of it."""

    id: str
    terms: tuple[str, ...]
    language: str
    tally: str
    paragraphs: tuple[ParagraphView, ...]
    cites: tuple[Cite, ...]
    fallback: str


class ChangeView(NamedTuple):
    """What is different since the last briefing."""

    kind: str
    label: str
    text: str
    language: str
    counts: str
    href: str
    cite: Cite | None


class ReadView(NamedTuple):
    """A paper to read."""

    cite: Cite
    href: str
    title: str
    language: str
    minutes: str
    reasons: tuple[str, ...]


class WatchView(NamedTuple):
    """A phrase to keep an eye on."""

    term: str
    counts: str
    cites: tuple[Cite, ...]


class RemovedView(NamedTuple):
    """A sentence that was not printed."""

    text: str
    section: str
    reasons: str


class ProgressView(NamedTuple):
    """How far the writing is."""

    words: str
    done: int
    of: int  # 0: not known
    tokens: str


@dataclass(frozen=True, slots=True)
class BriefingView:
    """The page of one briefing. The sections, which are not there from the beginning, have defaults."""

    key: str
    title: str  # of the window
    days: str
    days_iso: str
    state: str
    is_live: bool
    is_ai: bool
    radars: str
    made: tuple[str, ...]
    notes: tuple[str, ...]  # what a reader has to know before reading
    notice: str
    wrong: str
    nothing: str  # said in place of everything else
    progress: ProgressView | None
    writing: str  # id of the part that is being written
    background: str
    back: str
    action: str
    remove: str
    events: str
    files: tuple[tuple[str, str], ...]
    earlier: str
    later: str
    languages: tuple[tuple[str, str, bool], ...]
    writers: tuple[tuple[str, str, bool], ...]
    account: tuple[AccountPart, ...] = ()
    contents: tuple[ContentsLine, ...] = ()
    points: tuple[ParagraphView, ...] = ()
    points_fallback: str = ""
    themes: tuple[ThemeView, ...] = ()
    bridges: tuple[PairView, ...] = ()
    no_bridges: str = ""
    surprises: tuple[PairView, ...] = ()
    tensions: tuple[PairView, ...] = ()
    no_tensions: str = ""
    since: str = ""
    changes: tuple[ChangeView, ...] = ()
    reading: tuple[ReadView, ...] = ()
    watch: tuple[WatchView, ...] = ()
    references: tuple[ReferenceView, ...] = ()
    uncited: tuple[ReferenceView, ...] = ()
    uncited_label: str = ""
    removed: tuple[RemovedView, ...] = ()
    removed_label: str = ""


def build_briefing(page: BriefingPage, visit: Visit, *, now: datetime) -> BriefingView:
    """Build the page of a briefing, finished or not."""
    frame = _frame(page, visit, now)
    whole = page.briefing
    if whole is None or not whole.works:
        return frame
    words, references = visit.words, References(page, whole, visit)
    points = build_paragraphs(whole.points, references)
    themes = tuple(_theme(part, place, references) for place, part in enumerate(whole.themes, start=1))
    pairs = tuple(
        (
            part.is_surprising,
            build_bridge(part, place, references, say_fallback(f"bridge:{place}", whole.fallbacks, words)),
        )
        for place, part in enumerate(whole.bridges, start=1)
    )
    bridges = tuple(pair for is_surprising, pair in pairs if not is_surprising)
    tensions = tuple(
        build_tension(part, place, references, say_fallback(f"tension:{place}", whole.fallbacks, words))
        for place, part in enumerate(whole.tensions, start=1)
    )
    cited, uncited = references.entries()
    view = replace(
        frame,
        account=say_account(whole.account(), words),
        points=points,
        points_fallback=say_fallback("points", whole.fallbacks, words),
        themes=themes,
        bridges=bridges,
        surprises=tuple(pair for is_surprising, pair in pairs if is_surprising),
        no_bridges="" if bridges else words.text("No good bridge between fields today."),
        tensions=tensions,
        no_tensions="" if tensions else words.text("No two claims here were found to point apart."),
        changes=tuple(_change(change, references) for change in whole.changes),
        since=_since(whole, words),
        reading=tuple(_read(one, references) for one in whole.reading if one.work_id in set(whole.works)),
        watch=tuple(_watch(one, references) for one in whole.watch),
        references=cited,
        uncited=uncited,
        uncited_label=words.count("{n} work not cited", "{n} works not cited", len(uncited)),
        removed=tuple(_removed(one, words) for one in whole.removed),
        removed_label=words.count("{n} sentence removed", "{n} sentences removed", len(whole.removed)),
    )
    return replace(view, contents=_contents(view, words))


# -- around it ------------------------------------------------------------------------------------


def _frame(page: BriefingPage, visit: Visit, now: datetime) -> BriefingView:
    """Build the page without its sections."""
    words, line, whole = visit.words, page.line, page.briefing
    order, home = line.order, f"/b/{quote(line.key)}"
    is_live = line.state in LIVE
    days = say_days(order.first, order.last, words)
    is_empty = whole is not None and not whole.works and not is_live
    return BriefingView(
        key=line.key,
        title=words.text("Briefing {days}", days=days),
        days=days,
        days_iso=order.last.isoformat(),
        state=line.state.value,
        is_live=is_live,
        is_ai=order.writer is Maker.MODEL,
        radars=say_radars(order.radars, dict(page.radars), words),
        made=_made(page, words, now),
        notes=_notes(page, words),
        notice=_notice(visit),
        wrong=_wrong(page, words),
        nothing=words.text("Nothing new came in these days.") if is_empty else "",
        progress=_progress(page.progress, line.state, words) if is_live else None,
        writing=page.progress.stage.replace(":", "-") if is_live else "",
        background=words.text("Fields were learned from {n} papers.", n=f"{whole.background:,}")
        if whole and whole.background
        else "",
        back=f"/b{visit.suffix}",
        action=f"{home}{visit.suffix}",
        remove=f"{home}/remove{visit.suffix}",
        events=f"{home}/events{visit.suffix}",
        files=tuple((f"{home}.{ending}{visit.suffix}", label) for ending, label in FILES)
        if line.state is BriefingState.DONE
        else (),
        earlier=f"/b/{quote(page.earlier)}{visit.suffix}" if page.earlier else "",
        later=f"/b/{quote(page.later)}{visit.suffix}" if page.later else "",
        languages=tuple(
            (language, words.text(f"language:{language}"), language == order.language)
            for language in ("zh", "en")
        ),
        writers=tuple(
            (maker.value, words.text(f"writer:{maker.value}"), maker is order.writer) for maker in Maker
        ),
    )


def _made(page: BriefingPage, words: Catalogue, now: datetime) -> tuple[str, ...]:
    line, whole = page.line, page.briefing
    at = (line.made_at or (whole.made_at if whole else None) or line.ordered_at).astimezone(now.tzinfo)
    parts = [say_writer(line.order, line.model or (whole.model if whole else ""), words), words.stamp(at)]
    if whole is not None:
        parts += say_cost(whole.cost, words)
    parts.append(words.text("limits: abstracts only"))
    return tuple(parts)


def _notes(page: BriefingPage, words: Catalogue) -> tuple[str, ...]:
    notes = []
    whole = page.briefing
    fallbacks = whole.fallbacks if whole is not None else ()
    if any(one.section == EVERYWHERE for one in fallbacks):
        notes.append(say_fallback(EVERYWHERE, fallbacks, words))
    elif fallbacks:
        notes.append(
            words.count(
                "{n} section could not be written by the model and stands in the authors' own sentences.",
                "{n} sections could not be written by the model and stand in the authors' own sentences.",
                len(fallbacks),
            )
        )
    if page.stale:
        notes.append(
            words.count(
                "{n} work has another text by now; its quotes are of the version that was read.",
                "{n} works have another text by now; their quotes are of the versions that were read.",
                len(page.stale),
            )
        )
    return tuple(notes)


def _notice(visit: Visit) -> str:
    done = visit.parameters.get("done", "")
    return visit.words.text(f"done:briefing-{done}") if done in _DONE else ""


def _wrong(page: BriefingPage, words: Catalogue) -> str:
    if page.line.state is BriefingState.FAILED:
        return words.text("This briefing failed: {why}", why=words.error(page.error or "hub.failed", {}))
    if page.line.state is BriefingState.CANCELLED:
        return words.text("The writing was stopped; what stands here is what there was by then.")
    return ""


def _progress(progress: Progress, state: BriefingState, words: Catalogue) -> ProgressView:
    kind, _, place = progress.stage.partition(":")
    if state is BriefingState.WAITING or not progress.stage:
        said = words.text("stage:waiting")
    elif kind in _SECTIONS:
        said = words.text(f"stage:{kind}", n=place)
    else:
        said = words.text(f"stage:{kind}") if kind in _STAGES else words.text("stage:other")
    tokens = words.text("{n} tokens", n=f"{progress.tokens:,}") if progress.tokens else ""
    return ProgressView(said, min(progress.done, progress.of), progress.of, tokens)


def _contents(view: BriefingView, words: Catalogue) -> tuple[ContentsLine, ...]:
    lines = (
        ("points", "Key points", len(view.points), False),
        ("themes", "Themes", len(view.themes), True),
        ("bridges", "Bridges between fields", len(view.bridges) or bool(view.no_bridges), bool(view.bridges)),
        ("surprises", "Surprising bridges", len(view.surprises), True),
        ("tensions", "Tensions", len(view.tensions) or bool(view.no_tensions), bool(view.tensions)),
        ("changes", "Changes since", len(view.changes), False),
        ("reading", "Read first", len(view.reading), True),
        ("watch", "Watch list", len(view.watch), True),
        ("references", "References", len(view.references), True),
        ("uncited", "Not cited", len(view.uncited), True),
        ("removed", "Removed", len(view.removed), True),
    )
    return tuple(
        ContentsLine(f"#{part}", words.text(label), str(size) if is_counted else "")
        for part, label, size, is_counted in lines
        if size
    )


# -- its sections ---------------------------------------------------------------------------------


def _theme(part: ThemePart, place: int, references: References) -> ThemeView:
    words, theme = references.visit.words, part.theme
    papers = words.count("{n} paper", "{n} papers", len(theme.works))
    fallbacks = references.briefing.fallbacks
    first = theme.works[0] if theme.works else 0
    return ThemeView(
        id=f"theme-{place}",
        terms=theme.terms,
        language=references.language(first, " ".join(theme.terms)),
        tally=" · ".join((papers, *theme.fields[:3])),
        paragraphs=build_paragraphs(part.statements, references),
        cites=references.cite_works(theme.works),
        fallback=say_fallback(f"theme:{place}", fallbacks, words),
    )


def _since(whole: Briefing, words: Catalogue) -> str:
    if whole.since is None:
        return ""
    return words.text(
        "against the briefing up to {day}", day=words.day_of(whole.since, whole.order.last.year)
    )


def _change(change: Change, references: References) -> ChangeView:
    words, visit = references.visit.words, references.visit
    label = words.text(f"change:{change.kind.value}")
    if change.work_id is not None:
        cites = references.cite_works((change.work_id,))
        title = references.title(change.work_id) or words.text("work {n}", n=change.work_id)
        return ChangeView(
            kind=change.kind.value,
            label=label,
            text=title,
            language=references.language(change.work_id, title),
            counts=change.version,
            href=f"/p/{change.work_id}{visit.suffix}",
            cite=cites[0] if cites else None,
        )
    text = words.text("name separator").join(change.terms)
    if change.kind is ChangeKind.BORN:
        counts = words.count("{n} paper", "{n} papers", change.now)
    else:
        counts = words.text("{before} → {now} papers", before=change.before, now=change.now)
    language = references.language(0, text)
    return ChangeView(change.kind.value, label, text, language, counts, "", None)


def _read(one: ReadFirst, references: References) -> ReadView:
    words, cite = references.visit.words, references.cite_work(one.work_id)
    return ReadView(
        cite=cite,
        href=f"/p/{one.work_id}{references.visit.suffix}" if one.work_id in references.page.cards else "",
        title=cite.title,
        language=references.language(one.work_id, cite.title),
        minutes=words.text("about {n} min", n=one.minutes),
        reasons=tuple(_reason(code, fact, references) for code, fact in one.reasons),
    )


def _reason(code: str, fact: str, references: References) -> str:
    """Say why a paper is to be read; of a code of another version, its fact."""
    if code not in _REASONS:
        return fact
    shown = dict(references.page.radars).get(fact, fact) if code == "radar" else fact
    return references.visit.words.text(f"reason:{code}", fact=shown)


def _watch(one: Watch, references: References) -> WatchView:
    words = references.visit.words
    papers = words.count("{n} paper", "{n} papers", one.now)
    counts = words.text("{papers}, {expected} expected", papers=papers, expected=f"{one.expected:.1f}")
    return WatchView(one.term, counts, references.cite_works(one.works))


def _removed(one: Removed, words: Catalogue) -> RemovedView:
    reasons = [words.text(f"removed:{code}") if code in _REMOVALS else code for code in one.reasons]
    return RemovedView(one.text, _say_section(one.section, words), words.text("name separator").join(reasons))


def _say_section(section: str, words: Catalogue) -> str:
    """Name a section as the model's work is divided: the key points, theme 2."""
    kind, _, place = section.partition(":")
    if kind == "points":
        return words.text("Key points")
    return words.text(f"section:{kind}", n=place) if kind in _SECTIONS else section
