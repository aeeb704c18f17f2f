"""Made-up papers in English with true summaries and translations of each, and a model that knows them.

Give `honest` to `Liar`, or `answering(honest)` to `ChatServer`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.fakes.drafts import DAY, arxiv_draft
from tests.fakes.honest_writer import honest as honest_writer

if TYPE_CHECKING:
    from datetime import date

    from academichub.model.papers import Draft
    from tests.fakes.chat_server import Asked
    from tests.fakes.lying_server import Good

# English and Chinese: what is studied, for whom, and what it does without.
SUBJECTS: Final = {
    "cs.GT": (("fair division", "公平分配"), ("agents", "智能体"), ("budgets", "预算")),
    "cs.CV": (("diffusion models", "扩散模型"), ("images", "图像"), ("segmentation", "分割")),
    "quant-ph": (("surface codes", "表面码"), ("qubits", "量子比特"), ("decoders", "解码器")),
    "econ.EM": (("wage inflation", "工资通胀"), ("households", "家庭"), ("tariffs", "关税")),
}


class Translated(NamedTuple):
    """A paper in two languages, and a sentence on it in each."""

    title: str
    abstract: str
    title_zh: str
    abstract_zh: str
    quote: str  # its last sentence, which is the summary in English
    summary_zh: str


def translated(number: int) -> Translated:
    """Make the texts of a number."""
    (topic, topic_zh), (thing, thing_zh), (other, other_zh) = SUBJECTS[category_of(number)]
    name, score, benchmarks = f"LampNet-{number}", f"{number + 3}.5", number % 5 + 11
    quote = f"{name} improves the score by {score} % over the baseline on {benchmarks} benchmarks."
    return Translated(
        title=f"{topic.capitalize()} for {thing}: part {number}",
        abstract=(
            f"Many have studied {topic} before. We propose {name}, a method of {topic} for {thing} that "
            f"does not need {other}. {quote}"
        ),
        title_zh=f"面向{thing_zh}的{topic_zh}：第 {number} 部分",
        abstract_zh=(
            f"此前已有许多人研究过{topic_zh}。我们提出 {name}，一种面向{thing_zh}的{topic_zh}方法，它不需要"
            f"{other_zh}。与基线相比，{name} 在 {benchmarks} 个基准上将得分提高了 {score}%。"
        ),
        quote=quote,
        summary_zh=f"{name} 在 {benchmarks} 个基准上将得分提高了 {score}%。",
    )


def category_of(number: int) -> str:
    """Give the category of a number's paper: four in turn."""
    return tuple(SUBJECTS)[number % len(SUBJECTS)]


def draft(number: int, *, on: date = DAY) -> Draft:
    """Make the paper of a number."""
    texts = translated(number)
    return arxiv_draft(
        f"2606.{number:05d}",
        title=texts.title,
        abstract=texts.abstract,
        categories=(category_of(number),),
        on=on,
    )


def number_of(title: str) -> int:
    """Read a paper's number in its title."""
    return int(title.rpartition(" ")[2])


def honest(asked: Asked) -> Good:
    """Answer any question about these papers truly."""
    if '"papers": [' in asked.words or '"points": [' in asked.words or '"sentences": [' in asked.words:
        return honest_writer(asked)
    given, _ = json.JSONDecoder().raw_decode(asked.user)
    if '"summary"' in asked.words:
        texts = translated(number_of(given["title"]))
        is_chinese = "简体中文" in asked.words
        return {"summary": texts.summary_zh if is_chinese else texts.quote, "quote": texts.quote}
    number = number_of(given["title"]) if "title" in given else _number_of_abstract(given["abstract"])
    texts = translated(number)
    told = {"title": texts.title_zh, "abstract": texts.abstract_zh}
    return {name: told[name] for name in given}


def _number_of_abstract(abstract: str) -> int:
    return int(abstract.partition("LampNet-")[2].partition(",")[0])
