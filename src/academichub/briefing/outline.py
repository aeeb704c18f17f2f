"""Lay a briefing out as headings, sentences and references, the same for every format it is printed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from academichub.briefing.headings import CHANGES, GROWTHS, LABELS, say
from academichub.model.briefing import Label, Maker

if TYPE_CHECKING:
    from datetime import date

    from academichub.model.briefing import BridgePart, Briefing, Evidence, Statement, TensionPart


@dataclass(frozen=True, slots=True)
class Reference:
    """A work as a briefing's list of references names it."""

    work_id: int
    title: str
    byline: tuple[str, ...]
    venue: str
    on: date | None
    url: str  # "" where there is none


@dataclass(frozen=True, slots=True)
class Sentence:
    """A printed sentence, the numbers of the works that carry it, and what is said beside it."""

    text: str
    language: str
    numbers: tuple[int, ...] = ()
    is_quote: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading of level 2 or 3, or none, and what stands under it."""

    heading: str = ""
    level: int = 2
    note: str = ""  # below the heading
    sentences: tuple[Sentence, ...] = ()
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole briefing, ready to be set."""

    title: str
    days: str
    radars: str
    account: tuple[str, ...]
    blocks: tuple[Block, ...]
    references: tuple[tuple[int, Reference], ...]  # of the works that are cited
    references_heading: str
    uncited: str  # "" where every work is cited
    language: str


def lay_out(
    briefing: Briefing, references: dict[int, Reference], *, radars: tuple[tuple[str, str], ...] = ()
) -> Outline:
    """Lay a briefing out.

    Args:
        briefing: What is to be printed.
        references: Its works by number of the work; those that went from the shelves may be missing.
        radars: Key and name of the radars it was made for.
    """
    order = briefing.order
    language = order.language
    names = dict(radars)
    blocks = (
        *_points(briefing),
        *_themes(briefing),
        *_bridges(briefing),
        *_tensions(briefing),
        *_rest(briefing),
    )
    if not briefing.works:
        blocks = (Block(sentences=(Sentence(say(language, "nothing-new"), language),)),)
    uncited = len(briefing.works) - briefing.cited
    return Outline(
        title=say(language, "title"),
        days=f"{order.first}" if order.first == order.last else f"{order.first} – {order.last}",
        radars=" · ".join(names.get(key, key) for key in order.radars),
        account=_account(briefing),
        blocks=blocks,
        references=tuple(
            (number, references.get(work_id) or Reference(work_id, title, (), "", None, ""))
            for number, (work_id, title) in enumerate(
                zip(briefing.works[: briefing.cited], briefing.titles[: briefing.cited], strict=True), 1
            )
        ),
        references_heading=say(language, "references"),
        uncited=say(language, "uncited", count=uncited) if uncited else "",
        language=language,
    )


def _account(briefing: Briefing) -> tuple[str, ...]:
    language, account = briefing.order.language, briefing.account()
    first = say(
        language,
        "account",
        works=account.works,
        sentences=account.sentences,
        citations=account.citations,
        quoted=account.quoted,
        paraphrased=account.close + account.loose,
        removed=account.removed,
    )
    made = say(language, "made", at=f"{briefing.made_at:%Y-%m-%d %H:%M}")
    second = [made, say(language, "limits")]
    if briefing.order.writer is Maker.MODEL and briefing.model:
        second.insert(0, say(language, "model", model=briefing.model))
        if briefing.cost.currency:
            money = f"{briefing.cost.money:.4f}"
            second.insert(2, say(language, "cost", money=money, currency=briefing.cost.currency))
    else:
        second.insert(0, say(language, "extractive"))
    lines = [first, " · ".join(second)]
    if briefing.fallbacks:
        sections = ", ".join(f"{one.section} ({one.reason})" for one in briefing.fallbacks)
        lines.append(say(language, "fallback", sections=sections))
    return tuple(lines)


def _sentence(briefing: Briefing, one: Statement) -> Sentence:
    numbers = tuple(dict.fromkeys(briefing.number(each.span.work_id) for each in one.evidence))
    note = "" if one.label is Label.QUOTED else LABELS[briefing.order.language][one.label]
    return Sentence(one.text, one.language, numbers, one.label is Label.QUOTED, note)


def _quote(briefing: Briefing, one: Evidence, note: str = "") -> Sentence:
    return Sentence(one.quote, "", (briefing.number(one.span.work_id),), is_quote=True, note=note)


def _points(briefing: Briefing) -> tuple[Block, ...]:
    if not briefing.points:
        return ()
    heading = say(briefing.order.language, "points")
    return (Block(heading, sentences=tuple(_sentence(briefing, one) for one in briefing.points)),)


def _themes(briefing: Briefing) -> tuple[Block, ...]:
    if not briefing.themes:
        return ()
    parts = tuple(
        Block(
            "; ".join(part.theme.terms),
            level=3,
            note=", ".join(part.theme.fields[:3]),
            sentences=tuple(_sentence(briefing, one) for one in part.statements),
        )
        for part in briefing.themes
    )
    return (Block(say(briefing.order.language, "themes")), *parts)


def _bridges(briefing: Briefing) -> tuple[Block, ...]:
    language = briefing.order.language
    heading = say(language, "bridges")
    if not briefing.bridges:
        nothing = Sentence(say(language, "no-bridges"), language)
        return (Block(heading, sentences=(nothing,)),) if briefing.works else ()
    likely = [part for part in briefing.bridges if not part.is_surprising]
    others = [part for part in briefing.bridges if part.is_surprising]
    blocks = [Block(heading), *(_bridge(briefing, part) for part in likely)]
    if others:
        blocks += [Block(say(language, "surprising")), *(_bridge(briefing, part) for part in others)]
    return tuple(blocks)


def _bridge(briefing: Briefing, part: BridgePart) -> Block:
    language, one = briefing.order.language, part.bridge
    notes = [
        say(language, "home-away", home=one.home, away=one.away),
        GROWTHS[language][one.growth],
        say(
            language,
            "counts",
            home=one.home,
            away=one.away,
            home_count=one.home_count,
            home_total=one.home_total,
            away_count=one.away_count,
            away_total=one.away_total,
        ),
    ]
    if one.first_seen is not None:
        notes.append(say(language, "first-seen", away=one.away, on=one.first_seen))
    return Block(
        one.concept,
        level=3,
        note=" · ".join(notes),
        sentences=(
            _quote(briefing, one.home_evidence, one.home),
            _quote(briefing, one.away_evidence, one.away),
            *(_sentence(briefing, each) for each in part.statements),
        ),
    )


def _tensions(briefing: Briefing) -> tuple[Block, ...]:
    if not briefing.tensions:
        return ()
    return (
        Block(say(briefing.order.language, "tensions")),
        *(_tension(briefing, part) for part in briefing.tensions),
    )


def _tension(briefing: Briefing, part: TensionPart) -> Block:
    language, one = briefing.order.language, part.tension
    return Block(
        one.concept,
        level=3,
        note=f"{one.one_says} {say(language, 'versus')} {one.other_says}",
        sentences=(
            _quote(briefing, one.one),
            _quote(briefing, one.other),
            *(_sentence(briefing, each) for each in part.statements),
        ),
    )


def _rest(briefing: Briefing) -> tuple[Block, ...]:
    language = briefing.order.language
    titles = dict(zip(briefing.works, briefing.titles, strict=True))
    blocks = []
    if briefing.changes:
        heading = say(language, "changes")
        if briefing.since is not None:
            heading = say(language, "changes-since", since=briefing.since)
        lines = []
        for one in briefing.changes:
            what = "; ".join(one.terms) if one.work_id is None else titles.get(one.work_id, "")
            text = CHANGES[language][one.kind].format(what=what, before=one.before, now=one.now)
            numbers = (briefing.number(one.work_id),) if one.work_id in titles else ()
            lines.append(Sentence(text, language, tuple(n for n in numbers if n <= briefing.cited)))
        blocks.append(Block(heading, sentences=tuple(lines), is_list=True))
    if briefing.reading:
        listed = [
            Sentence(
                titles[one.work_id],
                "",
                (briefing.number(one.work_id),),
                note=say(language, "minutes", minutes=one.minutes),
            )
            for one in briefing.reading
        ]
        blocks.append(Block(say(language, "reading"), sentences=tuple(listed), is_list=True))
    if briefing.watch:
        watched = [
            Sentence(
                say(language, "watch-line", term=one.term, now=one.now, expected=f"{one.expected:.1f}"),
                language,
            )
            for one in briefing.watch
        ]
        blocks.append(Block(say(language, "watch"), sentences=tuple(watched), is_list=True))
    return tuple(blocks)
