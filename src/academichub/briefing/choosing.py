"""Choose the sentences of papers that say what they contribute and what they find. Every one is verbatim."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.briefing.cues import has_han, tokens
from academichub.briefing.leaning import leans
from academichub.briefing.roles import heading_of, role_of, roles
from academichub.briefing.sentencefeatures import FEATURES, LONGEST_SENTENCE, MOST_SENTENCES, describe
from academichub.briefing.sentencescores import shipped
from academichub.briefing.trimming import shown
from academichub.model.briefing import Evidence, Label, Maker, Role, Span, Statement
from academichub.text.cutting import cut
from academichub.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from academichub.briefing.sentencescores import Weights
    from academichub.model.briefing import Paper
    from academichub.text.terms import Matrix, Vector

LONGEST_ABSTRACT: Final = 20_000  # characters; what is behind them is not an abstract
_KEPT: Final = 2_048  # abstracts laid out: a paper's result is sought after its contribution
_AT: Final = {name: at for at, name in enumerate(FEATURES)}
_DEEDS: Final = [_AT[name] for name in ("makes", "studies", "shows", "names itself")]

# Taken off a score, which is in units of ROUGE-1 + ROUGE-2. ROUGE does not see what makes a sentence hard to
# read or empty, so these are ours, set by reading (docs/extracting.md).
_BACKGROUND: Final = 0.15  # what others did or what is known
_BACKGROUND_ALONE: Final = 0.3  # the same, where no sentence says what the authors do: a passive abstract
_LIMIT: Final = 0.1
_QUESTION: Final = 0.3
_LINK: Final = 0.15  # "Code is available at"
_LENGTHY: Final = 0.1
_SCANTY: Final = 0.15
_CUT_OFF: Final = 0.3  # a teaser that ends in the middle
_ECHO: Final = 0.2  # it says no more than the title, which is always shown
_MOST_WORDS: Final = 55
_FEWEST_WORDS: Final = 7
_ECHOES: Final = 0.8  # of the words of a sentence that its title holds

_FITS: Final = 0.08  # for each of the theme's terms that a sentence holds
_MOST_FITTING: Final = 2  # terms
_SAME: Final = 0.5  # of the words of two sentences that both hold: they say the same
_ENOUGH: Final = 0.5  # points of a result below which it is not worth a second sentence
_RESULT_WORDS: Final = 55

_END: Final = re.compile(r"[.!?。！？…；;][\"'”’)\]$}」』）]*\Z")
_ELLIPSIS: Final = re.compile(r"(?:\.\.\.|…)[\"'”’)\]]*\Z")
# A number that measures: "12.5 %", "3 times"; not "GPT-4", not "2D", not a year.
_MEASURE: Final = re.compile(r"(?<![\w.-])(?!(?:19|20)\d\d\b)\d+(?:[.,]\d+)*(?![\d.]*[-_]?[A-Za-z])")
_SHARE: Final = re.compile(r"\d\s?\\?%|\d\s?\$?(?:\\times|×|x\b)|\d[ -]fold|\\pm|±|\\sim|倍|\d\s?\\sigma|\dσ")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of an abstract, without its heading."""

    start: int
    end: int
    text: str
    number: int  # from 1
    role: Role


@dataclass(frozen=True, slots=True)
class _Abstract:
    """An abstract laid out: its sentences, their features and their scores as contributions."""

    sentences: tuple[_Sentence, ...]
    table: Matrix
    scores: Vector

    def has(self, at: int, cue: str) -> bool:
        """Tell whether a sentence holds a cue."""
        return bool(self.table[at, _AT[cue]])


def contribution(paper: Paper) -> Evidence | None:
    """Choose the sentence that says what a paper contributes, so that it can be read alone.

    Returns:
        None where the paper has no abstract, or where every sentence that would do leans on another: then
        the title says more.
    """
    abstract = _read(paper.title, paper.abstract)
    for at in _candidates(abstract, abstract.scores):
        return _evidence(paper, abstract.sentences[at])
    return None


def result(paper: Paper, beside: Evidence) -> Evidence | None:
    """Choose a second sentence of a paper, with numbers, that adds a finding to the first.

    Args:
        paper: The one that `beside` is from.
        beside: As `contribution` gives it; the result is read below it.
    """
    abstract = _read(paper.title, paper.abstract)
    known = _words(beside.quote)
    points = [(_result_points(abstract, at), -at) for at in range(len(abstract.sentences))]
    for worth, place in sorted(points, reverse=True):
        one = abstract.sentences[-place]
        if worth < _ENOUGH:
            break
        is_first = one.start < beside.span.end and beside.span.start < one.end
        if is_first or _overlap(_words(one.text), known) >= _SAME or leans(one.text, beside=True):
            continue
        return _evidence(paper, one)
    return None


def best(papers: Sequence[Paper], terms: Sequence[str], most: int) -> tuple[Statement, ...]:
    """Choose what is said of a theme: a sentence of each paper, then results of those that have one.

    Args:
        papers: Of the theme, the most typical first.
        terms: Of the theme; sentences that hold them come first within their paper.
        most: Statements at most.

    Returns:
        Statements paper by paper. No two say the same, and each can be read alone; a result, read below the
        sentence of the same paper, may say "our method".
    """
    wanted = [_words(term) for term in terms]
    said: list[frozenset[str]] = []
    first: list[tuple[Paper, Evidence]] = []
    for paper in papers:
        if len(first) == most:
            break
        found = _fitting(paper, [one for one in wanted if one], said)
        if found is not None:
            first.append((paper, found))
            said.append(_words(found.quote))
    out: list[Statement] = []
    room = most - len(first)
    for paper, evidence in first:
        out.append(_statement(paper, evidence))
        second = result(paper, evidence) if room else None
        if second is not None and not _is_said(second.quote, said):
            out.append(_statement(paper, second))
            said.append(_words(second.quote))
            room -= 1
    return tuple(out)


def choose(title: str, texts: Sequence[str], weights: Weights) -> int:
    """Choose one of the sentences of an abstract as `contribution` does; by the score alone if all lean.

    Args:
        title: Of the paper; "" where there is none.
        texts: The sentences, at least one.
        weights: As they were learned.
    """
    count = len(texts)
    its = [
        _Sentence(0, len(one), one, at + 1, role_of(one, at, count))
        for at, one in enumerate(texts[:MOST_SENTENCES])
    ]
    abstract = _lay_out(title, its, weights)
    return next(_candidates(abstract, abstract.scores), int(np.argmax(abstract.scores)))


@lru_cache(maxsize=_KEPT)
def _read(title: str, abstract: str) -> _Abstract:
    text = abstract[:LONGEST_ABSTRACT]
    its: list[_Sentence] = []
    spans = sentences(text)
    for number, ((start, end), role) in enumerate(zip(spans, roles(text, spans), strict=True), 1):
        headed = heading_of(text[start:end])
        begin = start + headed[1] if headed is not None else start
        if begin < end:
            its.append(_Sentence(begin, end, text[begin:end], number, role))
    return _lay_out(title, its[:MOST_SENTENCES], shipped())


def _lay_out(title: str, its: Sequence[_Sentence], weights: Weights) -> _Abstract:
    if not its:
        return _Abstract((), np.zeros((0, len(FEATURES))), np.zeros(0))
    texts = [one.text[:LONGEST_SENTENCE] for one in its]
    words = [tokens(one) for one in texts]
    table = describe(title, texts, words)
    off = np.array([_penalty(one, row, len(its)) for one, row in zip(its, table, strict=True)])
    is_background = np.array([one.role is Role.BACKGROUND for one in its])
    does = table[:, _DEEDS].any(axis=1)
    off += np.where(is_background & ~does, _BACKGROUND if does.any() else _BACKGROUND_ALONE, 0.0)
    return _Abstract(tuple(its), table, np.round(weights.score(table, words) - off, 9))


def _penalty(sentence: _Sentence, row: Vector, count: int) -> float:
    """Add up what speaks against a sentence whatever it says."""
    length = _length(sentence.text)
    return float(
        _LIMIT * (sentence.role is Role.LIMIT)
        + _QUESTION * row[_AT["question"]]
        + _LINK * row[_AT["link"]]
        + _LENGTHY * (length > _MOST_WORDS)
        + _SCANTY * (length < _FEWEST_WORDS)
        + _CUT_OFF * _is_cut(sentence.text, is_last=bool(row[_AT["last"]]) and count > 1)
        + _ECHO * (row[_AT["held in title"]] >= _ECHOES)
    )


def _is_cut(text: str, *, is_last: bool) -> bool:
    """Tell whether a text ends in the middle; only the last of several sentences must end with a mark."""
    return _ELLIPSIS.search(text) is not None or (is_last and _END.search(text) is None)


def _length(text: str) -> int:
    """Count words; two characters of Chinese count for one."""
    return len(text) // 2 if has_han(text) else len(text.split())


def _candidates(abstract: _Abstract, scores: Vector) -> Iterator[int]:
    """Give the sentences that may be shown alone, the best first."""
    for at in np.argsort(-scores, kind="stable").tolist():
        one = abstract.sentences[at]
        is_idle = one.role is Role.BACKGROUND and not abstract.table[at, _DEEDS].any()
        if is_idle and len(abstract.sentences) > 1:
            continue
        if not leans(one.text):
            yield at


def _result_points(abstract: _Abstract, at: int) -> float:
    """Judge a sentence as a result; 0 where it measures nothing or says what others found."""
    one = abstract.sentences[at]
    is_known = one.role in (Role.BACKGROUND, Role.LIMIT) or abstract.has(at, "question")
    if is_known or not _MEASURE.search(one.text) or not _FEWEST_WORDS <= _length(one.text) <= _RESULT_WORDS:
        return 0.0
    return (
        0.3 * (one.role is Role.RESULT)
        + 0.2 * abstract.has(at, "shows")
        + 0.1 * abstract.has(at, "findings")
        + 0.1 * abstract.has(at, "better")
        + 0.2 * bool(_SHARE.search(one.text))
        - 0.2 * abstract.has(at, "link")
        - 0.2 * abstract.has(at, "known")
    )


def _fitting(
    paper: Paper, wanted: Sequence[frozenset[str]], said: Collection[frozenset[str]]
) -> Evidence | None:
    """Choose a paper's contribution that fits a theme and says nothing that is said already."""
    abstract = _read(paper.title, paper.abstract)
    said_by = [_words(one.text) for one in abstract.sentences] if wanted else []
    fits = [sum(term <= words for term in wanted) for words in said_by] or [0] * len(abstract.sentences)
    scores = abstract.scores + _FITS * np.minimum(np.array(fits, dtype=np.float64), _MOST_FITTING)
    first = next(_candidates(abstract, scores), None)
    if first is None or _is_said(abstract.sentences[first].text, said):
        return None
    return _evidence(paper, abstract.sentences[first])


def _words(text: str) -> frozenset[str]:
    return frozenset(word for run in cut(text) for word in run)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / len(one | other) if shared else 0.0


def _is_said(text: str, said: Collection[frozenset[str]]) -> bool:
    words = _words(text)
    return any(_overlap(words, other) >= _SAME for other in said)


def _evidence(paper: Paper, one: _Sentence) -> Evidence:
    span = Span(paper.work_id, paper.version, one.start, one.end, paper.text_hash)
    return Evidence(span=span, quote=paper.abstract[one.start : one.end], role=one.role, sentence=one.number)


def _statement(paper: Paper, evidence: Evidence) -> Statement:
    return Statement(
        shown(evidence.quote), Label.QUOTED, (evidence,), language=paper.language, maker=Maker.EXTRACTIVE
    )
