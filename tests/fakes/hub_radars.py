"""Radars of a made-up reader, for the doors' tests: ranked by a formula that anybody can follow."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from academichub.errors import LibraryUnreadable, QueryInvalid, RadarInvalid, RadarUnknown, WorkUnknown
from academichub.model.radar import (
    Because,
    Follow,
    FollowKind,
    Interest,
    LessReason,
    Part,
    PartName,
    Radar,
    Ranked,
    RuleRole,
    Seed,
    SeedKind,
    Shown,
    Theme,
    Verdict,
)
from academichub.model.radarpages import (
    Badge,
    Blip,
    Explanation,
    Found,
    LibraryReport,
    Preview,
    PreviewRow,
    RadarCard,
    RadarForm,
    RadarPage,
    RadarRow,
    RadarsPage,
    SeedLine,
    StartingPoint,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.model.shelf import Card

THEMES = (
    Theme(0, ("spatial reasoning", "maps", "tool use")),
    Theme(1, ("缺失观测", "显式建模", "时间序列")),
    Theme(2, ("quantum attention", "circuit depth")),
    Theme(3, ("evaluation", "benchmark leakage and contamination")),
)


@dataclass
class KeptRadar:
    """A radar, what stands for it, and what the reader said."""

    radar: Radar
    seeds: list[SeedLine] = field(default_factory=list)
    said: dict[int, tuple[Verdict, LessReason | None]] = field(default_factory=dict)


def made_up(now: datetime) -> list[KeptRadar]:
    """Make three radars: of a sentence, of a rule, and one that is paused and was never ranked."""
    interests = (
        (
            "空间推理",
            Interest(
                name="空间推理",
                text="大模型如何借助工具与地图进行空间推理，尤其是观测会缺失、会变化的环境",
                follows=(
                    Follow(FollowKind.AUTHOR, "Ada Fenwick", "0000-0002-1825-0097"),
                    Follow(FollowKind.VENUE, "Nature"),
                ),
                threshold=0.1,
                quota=12,
            ),
            False,
        ),
        (
            "quantum-attention",
            Interest(
                name="Quantum × machine learning",
                rule='("quantum attention" OR 量子) -survey cat:quant-ph',
                rule_role=RuleRole.PART,
                include_fields=("quant-ph", "cs.LG"),
                exclude_terms=("review", "综述"),
                threshold=0.25,
            ),
            False,
        ),
        ("rivers", Interest(name="Slow rivers", text="Sediment & the memory of <slow> rivers"), True),
    )
    radars = [
        KeptRadar(
            Radar(
                id=number,
                key=key,
                interest=interest,
                revision=number,
                created_at=now - timedelta(days=20),
                changed_at=now - timedelta(days=2),
                is_paused=is_paused,
            )
        )
        for number, (key, interest, is_paused) in enumerate(interests, start=1)
    ]
    radars[0].seeds = [
        SeedLine(1, Seed(SeedKind.SEED, "Maps That Remember", work_id=1, label="arXiv:2606.10001")),
        SeedLine(2, Seed(SeedKind.LIBRARY, "缺失观测的显式建模", label="li2025", origin="thesis.bib")),
    ]
    radars[0].said = {2: (Verdict.MORE, None), 4: (Verdict.LESS, LessReason.SEEN)}
    return radars


class FakeRadars:
    """The radars' part of a hub without a database."""

    now: datetime
    _revision: int
    _cards: tuple[Card, ...]

    def stock_radars(self, *, is_empty: bool) -> None:
        """Make the radars; none in an empty hub."""
        self.kept_radars: list[KeptRadar] = [] if is_empty else made_up(self.now)
        self.asked_of_radars: list[str] = []
        self.forms: list[RadarForm] = []

    # -- reading ----------------------------------------------------------------------------------

    def radars(self) -> RadarsPage:
        """Give all radars."""
        self.asked_of_radars.append("radars")
        return RadarsPage(
            rows=tuple(self._row_of(kept) for kept in self.kept_radars),
            embedded=412 if self.kept_radars else 0,
            of=430 if self.kept_radars else 0,
            space="made-up-384" if self.kept_radars else "",
        )

    def radar(self, key: str, *, on: date | None = None) -> RadarPage:
        """Give a radar's day."""
        self.asked_of_radars.append("radar")
        kept = self._kept(key)
        row = self._row_of(kept)
        days = [day for day, _ in row.days]
        on = on or row.latest_on
        candidates = [card for card in self._cards if card.listed_on == on]
        ranked = self._rank(kept, on)
        threshold = kept.radar.interest.threshold
        by_id = {card.work_id: card for card in self._cards}
        above = [one for one in ranked if one.match >= threshold]
        return RadarPage(
            row=row,
            on=on,
            earlier=max((day for day in days if on and day < on), default=None),
            later=min((day for day in days if on and day > on), default=None),
            days=row.days,
            cards=tuple(self._radar_card(kept, one, by_id[one.work_id]) for one in above),
            below=len(ranked) - len(above),
            candidates=len(candidates),
            embedded=max(0, len(candidates) - 3),
            themes=THEMES,
            blips=tuple(
                Blip(
                    one.work_id,
                    one.place,
                    one.match,
                    one.theme,
                    attention=(one.work_id * 37 % 100) / 100,
                    age_days=(0, 3, 20, 90)[one.work_id % 4],
                )
                for one in ranked
            ),
            seeds=tuple(kept.seeds),
        )

    def explain(self, key: str, work_id: int, *, on: date | None = None) -> Explanation:
        """Explain a score; the first radar's has changed since."""
        kept = self._kept(key)
        card = next((card for card in self._cards if card.work_id == work_id), None)
        if card is None or (on is not None and card.listed_on != on) or kept.radar.is_paused:
            raise WorkUnknown(work=work_id)
        ranked = next(one for one in self._rank(kept, card.listed_on) if one.work_id == work_id)
        has_changed = kept.radar.id == 1
        return Explanation(
            radar=kept.radar,
            on=card.listed_on,
            ranked_at=datetime.combine(card.listed_on, time(4, 30), UTC),
            title_html=card.title_html,
            ranked=ranked,
            algorithm="radar-1",
            changed=("feedback", "background", "an input of another version") if has_changed else (),
            now_score=ranked.score + 0.37 if has_changed else None,
        )

    def badges(self, work_ids: Sequence[int]) -> Mapping[int, tuple[Badge, ...]]:
        """Give the badges of some works."""
        self.asked_of_radars.append("badges")
        found: dict[int, tuple[Badge, ...]] = {}
        for work_id in work_ids:
            badges = tuple(
                Badge(kept.radar.key, kept.radar.interest.name, match)
                for kept in self.kept_radars
                if not kept.radar.is_paused
                and (match := _match(self._score(kept, work_id))) >= kept.radar.interest.threshold
            )
            if badges:
                found[work_id] = tuple(sorted(badges, key=lambda badge: -badge.match))
        return found

    def matched(
        self, on: date, *, key: str | None, after: tuple[float, int] | None, size: int
    ) -> tuple[tuple[int, float], ...]:
        """Order a day by match."""
        self.asked_of_radars.append("matched")
        radars = [self._kept(key)] if key else [kept for kept in self.kept_radars if not kept.radar.is_paused]
        best = {
            card.work_id: max(
                (
                    match
                    for kept in radars
                    if (match := _match(self._score(kept, card.work_id))) >= kept.radar.interest.threshold
                ),
                default=0.0,
            )
            for card in self._cards
            if card.listed_on == on
        }
        rows = sorted(
            ((work, match) for work, match in best.items() if match), key=lambda row: (-row[1], row[0])
        )
        return tuple(row for row in rows if after is None or (-row[1], row[0]) > (-after[0], after[1]))[:size]

    def cards_of(self, work_ids: Sequence[int]) -> tuple[Card, ...]:
        """Give cards by their works' numbers."""
        self.asked_of_radars.append("cards_of")
        by_id = {card.work_id: card for card in self._cards}
        return tuple(by_id[work_id] for work_id in work_ids if work_id in by_id)

    def starting_points(self) -> tuple[StartingPoint, ...]:
        """Give some ready-made interests."""
        made = (
            (
                "llm-tools",
                "cs",
                "Language models with tools",
                "会用工具的大模型",
                "large language models that use tools",
            ),
            (
                "federated",
                "cs",
                "Federated learning and its failures",
                "联邦学习及其失效",
                "federated learning failures",
            ),
            (
                "exoplanets",
                "astro-ph",
                "Exoplanet atmospheres",
                "系外行星大气",
                "exoplanet atmospheres spectroscopy",
            ),
            ("sediment", "physics", "Rivers and sediment", "河流与泥沙", "sediment transport in rivers"),
            ("causal", "stat", "Causal inference", "因果推断", "causal inference identification"),
        )
        return tuple(
            StartingPoint(key, archive, en, zh, Interest(name=en, text=text, include_fields=(archive,)))
            for key, archive, en, zh, text in made
        )

    def preview_radar(self, form: RadarForm, *, key: str | None = None, now: datetime) -> Preview:
        """Say what the form would have caught: every made-up paper, with what was typed as the reason."""
        assert now.tzinfo
        self.asked_of_radars.append("preview")
        if key is not None:
            self._kept(key)
        self._admit(form)
        text = form.interest.text
        rows = tuple(
            PreviewRow(
                card.work_id,
                card.title_html,
                card.title_plain,
                card.language,
                card.listed_on,
                0.83 - place * 0.07,
                (text[:20], "<b>tool use</b>", "缺失观测")[: 3 - place % 2] if text else ("tool use",),
            )
            for place, card in enumerate(self._cards[:8])
        )
        steps = tuple(
            (step / 100, round(240 * math.exp(-step / 18))) for step in (5, 10, 20, 30, 40, 50, 60, 80)
        )
        is_chinese = not text.isascii()
        return Preview(
            days=30,
            candidates=4312,
            shown=int(240 * math.exp(-form.interest.threshold * 100 / 18)),
            steps=steps,
            rows=rows,
            english="spatial reasoning; tool use" if is_chinese else "",
            unknown=("借助", "尤其") if is_chinese else (),
            found=_found(form.papers),
            library=_report(form) if form.library else None,
            warnings=("no-likes", "words-only") if key is None else (),
        )

    # -- changing -----------------------------------------------------------------------------------

    def create_radar(self, form: RadarForm, *, now: datetime) -> str:
        """Make a radar."""
        self._admit(form)
        number = max((kept.radar.id for kept in self.kept_radars), default=0) + 1
        key = "-".join(form.interest.name.casefold().split())
        self.kept_radars.append(KeptRadar(Radar(number, key, form.interest, 1, now, now)))
        self.forms.append(form)
        self._revision += 1
        return key

    def change_radar(self, key: str, form: RadarForm, *, now: datetime) -> None:
        """Change a radar."""
        self._admit(form)
        kept = self._kept(key)
        kept.radar = replace(kept.radar, interest=form.interest, changed_at=now)
        self._revision += 1

    def remove_radar(self, key: str) -> None:
        """Remove a radar."""
        self.kept_radars.remove(self._kept(key))
        self._revision += 1

    def pause_radar(self, key: str, *, paused: bool, now: datetime) -> None:
        """Pause a radar, or let it go on."""
        kept = self._kept(key)
        kept.radar = replace(kept.radar, is_paused=paused, changed_at=now)
        self._revision += 1

    def remove_seed(self, key: str, seed_id: int, *, now: datetime) -> None:
        """Take a seed away; one that is gone already is no fault."""
        assert now.tzinfo
        kept = self._kept(key)
        kept.seeds = [line for line in kept.seeds if line.seed_id != seed_id]
        self._revision += 1

    def say(
        self, key: str, work_id: int, verdict: Verdict, *, reason: LessReason | None = None, now: datetime
    ) -> None:
        """Take a reader's word."""
        assert now.tzinfo
        self._known(work_id)
        self._kept(key).said[work_id] = (verdict, reason)
        self._revision += 1

    def unsay(self, key: str, work_id: int, *, now: datetime) -> None:
        """Take a reader's word back."""
        assert now.tzinfo
        self._known(work_id)
        self._kept(key).said.pop(work_id, None)
        self._revision += 1

    # -- how ----------------------------------------------------------------------------------------

    def _kept(self, key: str) -> KeptRadar:
        for kept in self.kept_radars:
            if kept.radar.key == key:
                return kept
        raise RadarUnknown(radar=key, suggestion=None)

    def _known(self, work_id: int) -> None:
        if all(card.work_id != work_id for card in self._cards):
            raise WorkUnknown(work=work_id)

    def _admit(self, form: RadarForm) -> None:
        rule = form.interest.rule
        if rule.count("(") != rule.count(")"):
            raise QueryInvalid(
                query=rule, column=rule.index("(") + 1, length=1, reason="unclosed-group", suggestion=""
            )
        if form.library and b"@" not in form.library:
            raise LibraryUnreadable(file=form.library_name, reason="no format of a reference manager")
        if form.interest.name == "forbidden":
            raise RadarInvalid(field="name", reason="it is forbidden")
        if "…" in form.interest.exclude_terms:
            raise RadarInvalid(field="exclude_terms", reason="no-words", value="…")
        if any(follow.name == "…" for follow in form.interest.follows):
            raise RadarInvalid(field="follows", reason="missing-term")
        if form.interest.name == "nothing":
            raise RadarInvalid(field="something of another version", reason="empty")

    def _row_of(self, kept: KeptRadar) -> RadarRow:
        days = sorted({card.listed_on for card in self._cards}) if not kept.radar.is_paused else []
        threshold = kept.radar.interest.threshold
        counts = tuple((on, sum(one.match >= threshold for one in self._rank(kept, on))) for on in days)
        return RadarRow(
            radar=kept.radar,
            seeds=len(kept.seeds),
            likes=sum(verdict is Verdict.MORE for verdict, _ in kept.said.values()),
            dislikes=sum(verdict is Verdict.LESS for verdict, _ in kept.said.values()),
            latest_on=counts[-1][0] if counts else None,
            shown=counts[-1][1] if counts else 0,
            days=counts,
        )

    def _rank(self, kept: KeptRadar, on: date | None) -> list[Ranked]:
        if kept.radar.is_paused:
            return []
        cards = [card for card in self._cards if card.listed_on == on]
        scored = sorted(
            ((self._score(kept, card.work_id), card) for card in cards), key=lambda pair: -pair[0]
        )
        return [
            Ranked(
                work_id=card.work_id,
                place=place,
                score=score,
                match=_match(score),
                parts=_parts(score, card),
                shown=Shown.REVISED if card.version and card.version > 1 else Shown.NEW,
                theme=(card.work_id % 5) if card.work_id % 5 < len(THEMES) else -1,
            )
            for place, (score, card) in enumerate(scored, start=1)
        ]

    def _score(self, kept: KeptRadar, work_id: int) -> float:
        spread = ((work_id * 7919 + kept.radar.id * 104_729) % 1000) / 1000
        verdict, reason = kept.said.get(work_id, (None, None))
        moved = 0.9 if verdict is Verdict.MORE else -2.5 if reason is LessReason.OFF_TOPIC else 0.0
        return round(4.4 * math.pow(spread, 1.6) - 3.1 + moved, 6)

    @staticmethod
    def _radar_card(kept: KeptRadar, ranked: Ranked, card: Card) -> RadarCard:
        verdict, reason = kept.said.get(ranked.work_id, (None, None))
        return RadarCard(card, ranked, verdict, reason.value if reason else "")


def _match(score: float) -> float:
    return 1 / (1 + math.exp(-score))


def _parts(score: float, card: Card) -> tuple[Part, ...]:
    """Make parts that sum to the score, the last of them being what is missing."""
    author = card.byline[0] if card.byline else ""
    parts = [
        Part(
            PartName.WORDS,
            1.284,
            (
                Because("term", "spatial reasoning", 0.614),
                Because("term", "缺失观测", 0.402),
                Because("paper", "Maps That Remember: Spatial Tool Use for Agents", 0.268, work_id=1),
            ),
        ),
        Part(PartName.MEANING, 0.873, (Because("paper", "缺失观测的显式建模", 0.511, work_id=4),)),
        Part(PartName.PRIOR, -3.406),
        Part(PartName.AUTHOR, 0.35, (Because("name", author, 0.35),)),
        Part(PartName.FIELD, -0.12, (Because("text", card.categories[0] if card.categories else "", -0.12),)),
    ]
    left = score - sum(part.value for part in parts)
    return (*parts[:2], Part(PartName.RULE, left), *parts[2:])


def _found(papers: str) -> tuple[Found, ...]:
    found = []
    for line in papers.splitlines():
        if line.startswith("arXiv:"):
            found.append(Found(line, 1, "Maps That Remember", "arxiv"))
        elif line == "Maps That Remember":
            found.append(Found(line, 1, line, "title"))
        elif " " in line:
            found.append(Found(line, None, line, "unknown"))
        else:
            found.append(Found(line, None, "", "unknown"))
    return tuple(found)


def _report(form: RadarForm) -> LibraryReport:
    entries = form.library.count(b"@")
    return LibraryReport(
        form.library_name,
        "BibTeX",
        entries,
        min(entries, 2),
        entries,
        ((12, "li<2>5", "the brace is never closed"),),
    )
