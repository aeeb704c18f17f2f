"""Briefings of a made-up reader, for the doors' tests: each quote is cut from a paper of fakes/papers.py."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from academichub.errors import BriefingInvalid, BriefingUnknown, RadarUnknown
from academichub.model.briefing import (
    Bridge,
    BridgePart,
    Briefing,
    BriefingOrder,
    Change,
    ChangeKind,
    Cost,
    Evidence,
    Fallback,
    Growth,
    Label,
    Maker,
    ReadFirst,
    Removed,
    Role,
    Span,
    Statement,
    Tension,
    TensionKind,
    TensionPart,
    Theme,
    ThemePart,
    Watch,
)
from academichub.model.briefingpages import (
    AiKind,
    AiText,
    Belongs,
    BriefingLine,
    BriefingPage,
    BriefingSchedule,
    BriefingsPage,
    BriefingState,
    Estimate,
    Progress,
)
from tests.fakes.papers import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.model.radarpages import RadarsPage
    from academichub.model.shelf import Card

MODEL = "made-up-8b"
STAGES = ("reading", "analysing", "evidence", "plan", "points", "theme:1", "theme:2", "bridge:1", "tension:1")


# -- what it is made of -----------------------------------------------------------------------------


def evidence(work_id: int, sentence: int, role: Role = Role.RESULT, *, words: str = "") -> Evidence:
    """Cut a sentence, or some words of it, out of the abstract of one of the made-up papers."""
    sample = SAMPLES[(work_id - 1) % len(SAMPLES)]
    abstract = html.unescape(re.sub(r"<[^>]+>", "", sample.abstract or ""))
    found = list(re.finditer(r"[^.。\s][^.。]*[.。]", abstract))[sentence - 1]
    quote = words or found.group()
    start = abstract.index(quote, found.start())
    version = f"v{sample.version}" if sample.version else ""
    return Evidence(Span(work_id, version, start, start + len(quote), "f" * 16), quote, role, sentence)


def quoted(work_id: int, sentence: int, role: Role = Role.RESULT) -> Statement:
    """Print a sentence as its author wrote it."""
    one = evidence(work_id, sentence, role)
    return Statement(one.quote, Label.QUOTED, (one,), SAMPLES[(work_id - 1) % len(SAMPLES)].language)


def written(text: str, language: str, *carried: Evidence, label: Label = Label.CLOSE) -> Statement:
    """Print a sentence of a model."""
    warnings = ("entity",) if label is Label.LOOSE else ()
    return Statement(text, label, carried, language, Maker.MODEL, warnings)


THEMES = (
    Theme(("spatial reasoning", "tool use", "maps"), ("cs.CV", "cs.AI"), (1, 16, 31), 0.41),
    Theme(("显式建模", "逐句追溯"), ("stat.ML", "cs.CL"), (4, 8), 0.33),
)
_POINTS = {
    "zh": (
        written(
            "缺失的观测本身成为建模对象：一项工作把下一次观测是否会出现与观测值写进同一个似然。",
            "zh",
            evidence(4, 2, Role.METHOD),
        ),
        written(
            "在四个家务基准上，增益主要来自地图，而不是更大的模型。",
            "zh",
            evidence(1, 3, words="the map, not a larger model, explains most of the gain"),
            label=Label.LOOSE,
        ),
        written(
            "量子优势在噪声超过千分之一时消失，而沉积模拟器失效得早，并由自身的方差说明。",
            "zh",
            evidence(2, 3, Role.LIMIT),
            evidence(9, 2, Role.LIMIT),
        ),
    ),
    "en": (
        written(
            "Whether an observation appears at all becomes a thing to model, beside its value.",
            "en",
            evidence(4, 2, Role.METHOD),
            label=Label.LOOSE,
        ),
        written(
            "On four household benchmarks the map explains most of the gain, not a larger model.",
            "en",
            evidence(1, 3, words="the map, not a larger model, explains most of the gain"),
        ),
    ),
}
_THEME_WORDS = {
    "zh": "智能体自行绘制地图，标出尚未看到之处，并决定何时值得再看一眼。",
    "en": "An agent draws its own map, marks what it has not yet seen and decides when to look again.",
}
BRIDGES = (
    Bridge(
        concept="fair division",
        home="cs.GT",
        away="cs.LG",
        home_evidence=evidence(6, 1, Role.AIM),
        away_evidence=evidence(21, 1, Role.AIM),
        home_count=19,
        away_count=0,
        home_total=140,
        away_total=812,
        first_seen=None,
        growth=Growth.NEW,
        likely=0.71,
        surprising=0.22,
    ),
    Bridge(
        concept="variance",
        home="stat.ML",
        away="physics.geo-ph",
        home_evidence=evidence(4, 3),
        away_evidence=evidence(9, 2),
        home_count=311,
        away_count=4,
        home_total=1400,
        away_total=96,
        first_seen=date(2025, 11, 3),
        growth=Growth.GROWING,
        likely=0.12,
        surprising=0.88,
    ),
)
TENSION = Tension(
    concept="larger models",
    kind=TensionKind.DIRECTION,
    one=evidence(1, 3),
    other=evidence(9, 1),
    one_says="not a larger model",
    other_says="one ten-thousandth of the cost",
    strength=0.6,
)


def make_briefing(
    order: BriefingOrder, made_at: datetime, works: Sequence[Card], *, steps: int = 99
) -> Briefing:
    """Make a briefing; of one that a model writes, as it is after so many steps."""
    by_model = order.writer is Maker.MODEL
    cited = (1, 4, 2, 9, 8, 6, 21)
    numbered = (*cited, *(card.work_id for card in works if card.work_id not in cited))
    titles = {card.work_id: card.title_plain for card in works}
    done = [stage for stage in STAGES[:steps] if by_model]
    points = (quoted(4, 2, Role.METHOD), quoted(1, 3), quoted(2, 3, Role.LIMIT))
    themes = (
        (quoted(1, 2, Role.METHOD), quoted(1, 3)),
        (quoted(4, 3), quoted(8, 3)),
    )
    if "theme:1" in done:
        sentence = written(_THEME_WORDS[order.language], order.language, evidence(1, 2, Role.METHOD))
        themes = ((sentence, quoted(1, 3)), themes[1])
    return Briefing(
        order=order,
        made_at=made_at,
        works=numbered,
        cited=len(cited),
        titles=tuple(titles.get(work_id, f"Paper {work_id}") for work_id in numbered),
        points=_POINTS[order.language] if "points" in done else points,
        themes=tuple(ThemePart(theme, said) for theme, said in zip(THEMES, themes, strict=True)),
        bridges=(BridgePart(BRIDGES[0]), BridgePart(BRIDGES[1], is_surprising=True)),
        tensions=(TensionPart(TENSION),),
        changes=(
            Change(ChangeKind.BORN, ("fair division",), now=3),
            Change(ChangeKind.GROWN, ("spatial reasoning", "maps"), before=2, now=7),
            Change(ChangeKind.SHRUNK, ("birdsong",), before=5, now=1),
            Change(ChangeKind.GONE, ("magnon transport",), before=4),
            Change(ChangeKind.REVISED, work_id=2, version="v2"),
            Change(ChangeKind.RETRACTED, work_id=11),
        ),
        since=order.first - timedelta(days=1),
        reading=(
            ReadFirst(4, 14, (("theme", "显式建模"), ("radar", "空间推理"))),
            ReadFirst(
                1,
                9,
                (
                    ("bridge", "fair division"),
                    ("code", "https://example.org/a"),
                    ("of another version", "maps"),
                ),
            ),
        ),
        watch=(Watch("envy-freeness", 4, 0.6, (6, 21)),),
        removed=(
            (
                Removed("准确率提高了 97%。", "points", ("number",)),
                Removed("As paper [99] shows, it <b>never</b> fails.", "theme:2", ("citation", "negation")),
            )
            if by_model
            else ()
        ),
        fallbacks=(Fallback("theme:2", "unsupported"),) if "theme:2" in done else (),
        model=MODEL if by_model else "",
        cost=Cost(9, 2, 21_400, 3_150, 0.062, "CNY") if by_model else Cost(),
        fingerprint="0123456789abcdef",
        background=5_214,
    )


@dataclass
class KeptBriefing:
    """A briefing in the archive."""

    key: str
    order: BriefingOrder
    state: BriefingState
    ordered_at: datetime
    step: int = 99
    briefing: Briefing | None = None  # in place of the made-up one
    error: str = ""


def _made_up(now: datetime) -> list[KeptBriefing]:
    today = now.date()
    orders = (
        ("2026-06-19", ("空间推理", "quantum-attention"), 0, "zh", Maker.MODEL, BriefingState.DONE),
        ("2026-06-18", (), 1, "en", Maker.EXTRACTIVE, BriefingState.DONE),
        ("2026-06-17", ("rivers",), 2, "en", Maker.EXTRACTIVE, BriefingState.DONE),
        ("2026-06-16", (), 3, "en", Maker.MODEL, BriefingState.FAILED),
        ("2026-06-15", (), 4, "zh", Maker.MODEL, BriefingState.CANCELLED),
        ("2026-06-10", ("gone",), 9, "zh", Maker.EXTRACTIVE, BriefingState.WAITING),
    )
    kept = []
    for key, radars, back, language, writer, state in orders:
        last = today - timedelta(days=back)
        order = BriefingOrder(radars, last - timedelta(days=2 * (back == 1)), last, language, writer)
        kept.append(KeptBriefing(key, order, state, now - timedelta(days=back, minutes=20)))
    kept[2].briefing = Briefing(kept[2].order, kept[2].ordered_at, (), 0, ())
    kept[3].error, kept[3].step = "chat.refused", 0
    kept[4].step = 5
    return kept


class FakeBriefings:
    """The briefings' part of a hub without a database."""

    now: datetime
    _revision: int
    _cards: tuple[Card, ...]

    def stock_briefings(self, *, is_empty: bool) -> None:
        """Make the briefings; none in an empty hub."""
        self.briefs: list[KeptBriefing] = [] if is_empty else _made_up(self.now)
        self.schedules: list[BriefingSchedule] = []
        self.orders: list[BriefingOrder] = []
        self.estimated: list[BriefingOrder] = []
        self.model = "" if is_empty else MODEL
        self.asked_of_briefings: list[str] = []
        if not is_empty:
            self.schedules.append(
                BriefingSchedule(
                    *(1, ("空间推理",), "zh", Maker.MODEL, 8, 5, (0, 1, 2, 3, 4), "Asia/Shanghai"),
                    last_on=self.now.date(),
                )
            )

    def radars(self) -> RadarsPage:
        """Give the radars of the other half of this fake."""
        raise NotImplementedError

    # -- reading ----------------------------------------------------------------------------------

    def briefings(self) -> BriefingsPage:
        """Give the archive."""
        self.asked_of_briefings.append("briefings")
        days = [card.listed_on for card in self._cards]
        return BriefingsPage(
            lines=tuple(self._line(kept) for kept in self.briefs),
            schedules=tuple(self.schedules),
            radars=self._names(),
            model=self.model,
            latest=max(days, default=None),
            spent_today=Cost(9, 2, 21_400, 3_150, 0.062, "CNY") if self.model else Cost(),
            spent=Cost(120, 31, 402_000, 61_000, 1.2, "CNY") if self.model else Cost(),
        )

    def briefing(self, key: str) -> BriefingPage:
        """Give a briefing."""
        self.asked_of_briefings.append("briefing")
        kept = self._found(key)
        place = self.briefs.index(kept)
        whole = self._briefing(kept)
        works = set(whole.works) if whole else set()
        return BriefingPage(
            line=self._line(kept),
            briefing=whole,
            progress=self._progress(kept),
            cards={card.work_id: card for card in self._cards if card.work_id in works and card.work_id != 8},
            numbers={work_id: work_id for work_id in works if work_id <= 60},
            radars=tuple(pair for pair in self._names() if pair[0] in kept.order.radars),
            earlier=self.briefs[place + 1].key if place + 1 < len(self.briefs) else None,
            later=self.briefs[place - 1].key if place else None,
            error=kept.error,
            stale=(9,) if 9 in works else (),
        )

    def briefing_progress(self, key: str) -> tuple[BriefingState, Progress]:
        """Go one step further each time it is asked, so that a stream has an end."""
        kept = self._found(key)
        if kept.state in {BriefingState.WAITING, BriefingState.WRITING} and key != "2026-06-10":
            kept.state = BriefingState.WRITING
            kept.step += 1
            if kept.step > len(STAGES):
                kept.state = BriefingState.DONE
        return kept.state, self._progress(kept)

    def estimate_briefing(self, order: BriefingOrder, *, now: datetime) -> Estimate:
        """Say what a briefing would take; over the day's cap for more than a week."""
        assert now.tzinfo is not None
        self._admit_order(order)
        self.estimated.append(order)
        works = sum(order.first <= card.listed_on <= order.last for card in self._cards)
        if order.writer is Maker.EXTRACTIVE:
            return Estimate(works)
        over = "day" if (order.last - order.first).days > 7 else ""
        return Estimate(works, 14, 36_000, 6_200, 0.0936, "CNY", over)

    def briefing_file(self, key: str, file_format: str, /, *, language: str) -> tuple[bytes, str]:
        """Give a file."""
        kept = self._found(key)
        kinds = {
            "md": "text/markdown; charset=utf-8",
            "html": "text/html; charset=utf-8",
            "pdf": "application/pdf",
            "json": "application/json",
        }
        return f"{file_format} of {kept.key} in {language}".encode(), kinds[file_format]

    def belongs(self, work_ids: Sequence[int]) -> Mapping[int, tuple[Belongs, ...]]:
        """Give the fields that some works are likely of interest to."""
        self.asked_of_briefings.append("belongs")
        likely = {1: (Belongs("econ", 0.62), Belongs("stat", 0.41)), 4: (Belongs("eess", 0.5),)}
        return {work_id: likely[work_id] for work_id in work_ids if work_id in likely}

    def ai_texts(self, work_ids: Sequence[int], language: str) -> Mapping[int, tuple[AiText, ...]]:
        """Give what a model wrote of the first works, in Chinese, and of the fourth in English."""
        self.asked_of_briefings.append("ai_texts")
        made = datetime(2026, 6, 19, 4, 0, tzinfo=UTC)
        texts = {
            ("zh", 1): (
                (AiKind.TITLE, "会记忆的地图：变化房间里智能体的空间工具使用"),
                (AiKind.SUMMARY, "智能体自绘地图并决定何时再看一眼；增益主要来自地图，而非更大的模型。"),
                (AiKind.ABSTRACT, "空间推理要求模型持续跟踪一个在相机移开之后仍在变化的世界。"),
            ),
            ("zh", 2): ((AiKind.SUMMARY, "对数深度线路 <b>精确</b> 表示任意阶交互。"),),
            ("en", 4): (
                (AiKind.TITLE, "Modelling missing observations: ask when, then how much"),
                (AiKind.SUMMARY, "One likelihood for whether and what is observed next."),
            ),
        }
        return {
            work_id: tuple(
                AiText(
                    work_id, kind, language, text, "f" * 16, MODEL, made, ("number",) if work_id == 2 else ()
                )
                for kind, text in texts[language, work_id]
            )
            for work_id in work_ids
            if (language, work_id) in texts
        }

    # -- changing ---------------------------------------------------------------------------------

    def order_briefing(self, order: BriefingOrder, *, now: datetime) -> str:
        """Take an order; the writing goes on as the stream asks for it."""
        self._admit_order(order)
        self._revision += 1
        self.orders.append(order)
        key = f"{order.last.isoformat()}-{len(self.briefs) + 1}"
        is_model = order.writer is Maker.MODEL
        state = BriefingState.WAITING if is_model else BriefingState.DONE
        self.briefs.insert(0, KeptBriefing(key, order, state, now, step=0 if is_model else 99))
        return key

    def cancel_briefing(self, key: str, *, now: datetime) -> None:
        """Stop the writing."""
        assert now.tzinfo is not None
        self._revision += 1
        self._found(key).state = BriefingState.CANCELLED

    def remove_briefing(self, key: str) -> None:
        """Forget a briefing."""
        self._revision += 1
        self.briefs.remove(self._found(key))

    def save_schedule(self, schedule: BriefingSchedule, /, *, now: datetime) -> int:
        """Keep a schedule."""
        assert now.tzinfo is not None
        self._revision += 1
        number = schedule.id or len(self.schedules) + 1
        self.schedules.append(replace(schedule, id=number))
        return number

    def remove_schedule(self, schedule_id: int, /) -> None:
        """Forget a schedule."""
        self._revision += 1
        self.schedules = [one for one in self.schedules if one.id != schedule_id]

    # -- behind the door --------------------------------------------------------------------------

    def _found(self, key: str) -> KeptBriefing:
        for kept in self.briefs:
            if kept.key == key:
                return kept
        raise BriefingUnknown(briefing=key)

    def _names(self) -> tuple[tuple[str, str], ...]:
        return tuple((row.radar.key, row.radar.interest.name) for row in self.radars().rows)

    def _admit_order(self, order: BriefingOrder) -> None:
        known = dict(self._names())
        for key in order.radars:
            if key not in known:
                raise RadarUnknown(radar=key, suggestion=None)
        if order.first > self.now.date():
            raise BriefingInvalid(field="from", reason="it is in the future")

    def _briefing(self, kept: KeptBriefing) -> Briefing | None:
        if kept.briefing is not None:
            return kept.briefing
        if kept.step < 3:  # before the analysis
            return None
        works = [card for card in self._cards if card.listed_on == self.now.date()][:24]
        return make_briefing(kept.order, kept.ordered_at, works, steps=kept.step)

    def _progress(self, kept: KeptBriefing) -> Progress:
        if kept.state is BriefingState.DONE:
            return Progress("done", len(STAGES), len(STAGES), 3_150)
        if kept.state is BriefingState.WAITING or not 0 < kept.step <= len(STAGES):
            return Progress()
        return Progress(STAGES[kept.step - 1], kept.step, len(STAGES), 350 * kept.step)

    def _line(self, kept: KeptBriefing) -> BriefingLine:
        whole = self._briefing(kept) if kept.state is BriefingState.DONE else None
        return BriefingLine(
            key=kept.key,
            order=kept.order,
            state=kept.state,
            ordered_at=kept.ordered_at,
            made_at=kept.ordered_at if whole else None,
            account=whole.account() if whole else None,
            model=MODEL if kept.order.writer is Maker.MODEL else "",
            headline=tuple(theme.theme.terms[0] for theme in whole.themes) if whole else (),
        )
