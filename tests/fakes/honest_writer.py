"""A model that writes briefings honestly: it answers the writer's questions with the papers' own sentences.

Give `honest` to `Liar`, or `answering(honest)` to `ChatServer`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.fakes.chat_server import Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.chat_server import Asked
    from tests.fakes.lying_server import Good

MOST_PAPERS = 3  # that a section tells of
_SENTENCE = re.compile(r"\S.*?[.!?](?=\s|$)", re.DOTALL)


def answering(tell: Callable[[Asked], Good]) -> Callable[[Asked], Said]:
    """Make a server's function of one that answers in JSON."""
    return lambda asked: Said(json.dumps(tell(asked), ensure_ascii=False))


def papers_of(asked: Asked) -> list[dict[str, Any]]:
    """Read the papers that a question gives: a list in JSON, and whatever is said after it."""
    text = asked.user
    start = text.find("[")
    if start < 0:
        return []
    listed, _ = json.JSONDecoder().raw_decode(text, start)
    return [one for one in listed if isinstance(one, dict)]


def honest(asked: Asked) -> Good:
    """Answer: which of the forms is wanted shows in what each paper is given with, and in what is asked."""
    papers = papers_of(asked)
    if "abstract" in next(iter(papers), {}):
        return {
            "papers": [{"paper": one["paper"], "quotes": sentences_of(one["abstract"])} for one in papers]
        }
    if '"points"' in asked.words:
        numbers = [one["paper"] for one in papers]
        return {"points": [{"papers": numbers[start : start + 2]} for start in range(0, len(numbers), 2)]}
    told = [(one["paper"], one["quotes"][0]) for one in papers[:MOST_PAPERS] if one["quotes"]]
    return {
        "sentences": [{"text": quote, "quotes": [{"paper": paper, "quote": quote}]} for paper, quote in told]
    }


def sentences_of(abstract: str) -> list[str]:
    """Quote the last two sentences, where results stand."""
    return [found[0] for found in _SENTENCE.finditer(abstract)][-2:]
