"""What is said of a paper beside its own words: the fields it may interest, and what a model wrote of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from academichub.model.briefingpages import AiKind
from academichub.web.views.briefingwords import field_title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from academichub.model.briefingpages import AiText, Belongs
    from academichub.web.i18n import Catalogue
    from academichub.web.ports import HubPort


class Remarks(NamedTuple):
    """What is known of one paper beside its own words. Hashable: kept cards are found by it."""

    belongs: tuple[Belongs, ...] = ()
    ai_texts: tuple[AiText, ...] = ()


class AiView(NamedTuple):
    """A text of a model, with its mark: which model, when, and what a check found."""

    text: str
    language: str
    made: str
    warning: str


class RemarksView(NamedTuple):
    """What a card says beside the paper's own words."""

    title: AiView | None
    summary: AiView | None
    abstract: AiView | None
    fields: tuple[tuple[str, str], ...]  # name and full name


NOTHING = Remarks()


def remarks_of(hub: HubPort, work_ids: Sequence[int], language: str) -> Mapping[int, Remarks]:
    """Ask what is known of some works; two questions for all of them."""
    belongs, ai_texts = hub.belongs(work_ids), hub.ai_texts(work_ids, language)
    return {
        work_id: Remarks(belongs.get(work_id, ()), ai_texts.get(work_id, ()))
        for work_id in {*belongs, *ai_texts}
    }


def build_remarks(remarks: Remarks, words: Catalogue) -> RemarksView:
    """Write what is known of one paper."""
    by_kind = {one.kind: _ai(one, words) for one in remarks.ai_texts}
    return RemarksView(
        title=by_kind.get(AiKind.TITLE),
        summary=by_kind.get(AiKind.SUMMARY),
        abstract=by_kind.get(AiKind.ABSTRACT),
        fields=tuple((one.archive, field_title(one.archive, words)) for one in remarks.belongs),
    )


def _ai(one: AiText, words: Catalogue) -> AiView:
    made = f"{one.model} · {words.day_of(one.made_at.date(), one.made_at.year)}"
    return AiView(
        one.text, one.language, made, words.text("check it against the abstract") if one.warnings else ""
    )
