"""Measure how near the sentences that we choose come to summaries by people, beside simple methods.

A file has a JSON object a line, as SciTLDR does: `source`, the sentences of an abstract, `target`, one
summary or more, and maybe `title`. Other fields are not read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from academichub.briefing.choosing import choose
from academichub.briefing.learning import Summarised, learn
from academichub.briefing.rouge import Rouge, rouge, rouge_words
from academichub.briefing.sentencefeatures import LONGEST_SENTENCE, MOST_SENTENCES
from academichub.briefing.sentencescores import shipped
from academichub.errors import EvaluationUnreadable
from academichub.flows.recordsfile import LONGEST_LINE
from academichub.flows.tldrbaselines import baselines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from academichub.text.terms import Matrix

OURS: Final = "academichub"
TITLE: Final = "title alone"
ORACLE: Final = "oracle"
MEASURES: Final = ("rouge-1", "rouge-2", "rouge-l")
MOST_SUMMARIES: Final = 50
DRAWS: Final = 1000  # of the bootstrap
_SEED: Final = 4  # any number; the same one gives the same intervals
_MIDDLE: Final = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class TldrMethod:
    """What one method reached, by the names of `MEASURES`; every value from 0 to 1."""

    means: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]  # the middle 95 % of the means of samples drawn again
    words: float  # of a summary, on average


@dataclass(frozen=True, slots=True)
class TldrFigures:
    """What a file measured; methods by name, ours first, the best sentence there is last."""

    papers: int
    trained: int | None  # papers that fresh weights were learned from; None: the shipped weights
    learn_seconds: float  # of the processor
    choose_milliseconds: float  # of the processor, for an abstract by our method
    methods: Mapping[str, TldrMethod]


def evaluate_tldr(
    papers: Sequence[Summarised],
    *,
    train: Sequence[Summarised] | None = None,
    stopwatch: Callable[[], float],
) -> TldrFigures:
    """Choose a sentence of every abstract by every method, and compare it with the summaries.

    Args:
        papers: At least one.
        train: Learn fresh weights from these; None measures the shipped weights.
        stopwatch: The process time in seconds.
    """
    start = stopwatch()
    weights = shipped() if train is None else learn(train)
    learned = stopwatch()
    ours = [choose(paper.title, paper.sentences, weights) for paper in papers]
    chosen = stopwatch()
    wanted = [[rouge_words(one) for one in paper.summaries] for paper in papers]
    scores = [
        [rouge(rouge_words(one), its) for one in paper.sentences]
        for paper, its in zip(papers, wanted, strict=True)
    ]
    places = {
        OURS: ours,
        **baselines([paper.sentences for paper in papers]),
        ORACLE: [max(range(len(its)), key=lambda at, its=its: its[at].one) for its in scores],  # type: ignore[misc]
    }
    reached = {
        name: [its[at] for its, at in zip(scores, which, strict=True)] for name, which in places.items()
    }
    said = {
        name: [paper.sentences[at] for paper, at in zip(papers, which, strict=True)]
        for name, which in places.items()
    }
    if all(paper.title for paper in papers):
        said[TITLE] = [paper.title for paper in papers]
        reached[TITLE] = [rouge(rouge_words(one), its) for one, its in zip(said[TITLE], wanted, strict=True)]
    return TldrFigures(
        papers=len(papers),
        trained=None if train is None else len(train),
        learn_seconds=learned - start,
        choose_milliseconds=1000 * (chosen - learned) / len(papers),
        methods=_methods(reached, said),
    )


def _methods(
    reached: Mapping[str, Sequence[Rouge]], said: Mapping[str, Sequence[str]]
) -> dict[str, TldrMethod]:
    """Average, and tell how far the averages would move with other papers of the same kind.

    Source:
        Efron, Bootstrap methods: another look at the jackknife (1979); percentile interval. Every method is
        measured on the same samples.
    """
    names = [*(name for name in reached if name != ORACLE), ORACLE]
    table: Matrix = np.array(
        [[(one.one, one.two, one.longest) for one in reached[name]] for name in names], dtype=np.float64
    )
    count = table.shape[1]
    rng = np.random.default_rng(_SEED)
    draws = [table[:, rng.integers(0, count, count)].mean(axis=1) for _ in range(DRAWS)]
    low, high = np.quantile(np.array(draws), _MIDDLE, axis=0)
    mean = table.mean(axis=1)
    return {
        name: TldrMethod(
            means=dict(zip(MEASURES, mean[at].tolist(), strict=True)),
            intervals=dict(zip(MEASURES, zip(low[at].tolist(), high[at].tolist(), strict=True), strict=True)),
            words=sum(len(one.split()) for one in said[name]) / count,
        )
        for at, name in enumerate(names)
    }


# -- the file --------------------------------------------------------------------------------------


def read_tldr(path: Path) -> list[Summarised]:
    """Read abstracts and their summaries.

    Args:
        path: JSON lines in UTF-8; empty lines are passed over, and so are empty sentences. An abstract has at
            most `MOST_SENTENCES` of at most `LONGEST_SENTENCE` characters.

    Raises:
        EvaluationUnreadable: The file or a line cannot be read. Facts: path, line (0 for the file), reason.
    """
    papers = list(_read(path))
    if not papers:
        raise EvaluationUnreadable(path=str(path), line=0, reason="no papers")
    return papers


def _read(path: Path) -> Iterator[Summarised]:
    """Read a file line by line, never more than one line at once."""
    number = 0
    try:
        with path.open(encoding="utf-8-sig") as file:
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                if line.strip():
                    yield _paper(line)
    except UnicodeDecodeError as error:
        raise EvaluationUnreadable(path=str(path), line=number + 1, reason="not UTF-8") from error
    except OSError as error:
        raise EvaluationUnreadable(path=str(path), line=0, reason=error.strerror or str(error)) from error
    except RecursionError as error:
        raise EvaluationUnreadable(path=str(path), line=number, reason="nested too deeply") from error
    except ValueError as error:
        raise EvaluationUnreadable(path=str(path), line=number, reason=str(error)[:200]) from error


def _paper(line: str) -> Summarised:
    """Check a line. Raises ValueError with the reason."""
    if len(line) > LONGEST_LINE:
        message = f"longer than {LONGEST_LINE} characters"
        raise ValueError(message)
    said: Any = json.loads(line)
    if not isinstance(said, dict):
        message = "no JSON object"
        raise ValueError(message)  # noqa: TRY004  # a bad line is a bad value, as it is for json
    title = said.get("title")
    return Summarised(
        title="" if title is None else "".join(_texts([title], "title", 1)),
        sentences=_some(_texts(said.get("source"), "source", MOST_SENTENCES), "source"),
        summaries=_some(_texts(said.get("target"), "target", MOST_SUMMARIES), "target"),
    )


def _texts(value: object, field: str, most: int) -> tuple[str, ...]:
    """Check a list of texts and leave out the empty ones."""
    if not isinstance(value, list) or len(value) > most or not all(isinstance(one, str) for one in value):
        message = f'"{field}" is no list of at most {most} texts'
        raise ValueError(message)
    if any(len(one) > LONGEST_SENTENCE for one in value):
        message = f'"{field}" holds a text of more than {LONGEST_SENTENCE} characters'
        raise ValueError(message)
    return tuple(one.strip() for one in value if one.strip())


def _some(texts: tuple[str, ...], field: str) -> tuple[str, ...]:
    if not texts:
        message = f'"{field}" holds no text'
        raise ValueError(message)
    return texts
