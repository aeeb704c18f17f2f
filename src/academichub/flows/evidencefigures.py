"""Measure the checks of sentences: which false ones they catch and which true ones they refuse.

Trials come from a file of judged sentences, from mutations of real sentences, and from summaries that people
wrote. Every rate stands beside what simple rules reach on the same trials.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import TYPE_CHECKING, Any, Final

from academichub.briefing.checking import check
from academichub.briefing.mutating import KINDS, Text, Trial, trials
from academichub.briefing.quoting import evidence_of, is_within
from academichub.briefing.simplechecks import has_new_words, is_outside_sets
from academichub.errors import EvaluationUnreadable
from academichub.flows.recordsfile import LONGEST_LINE, read_records
from academichub.model.briefing import Label, Paper
from academichub.store.corpus import text_hash
from academichub.text.language import guess
from academichub.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

MOST_TRIALS: Final = 500  # of each kind, where nothing else is said
LONGEST_SENTENCE: Final = 5_000  # characters
LONGEST_SOURCE: Final = 20_000
LONGEST_KIND: Final = 80
SUMMARY: Final = "human summary"
OURS: Final = "academichub"
METHODS: Final = (OURS, "sets", "new word", "not verbatim")
_SEED: Final = 20260501  # any number; the same one gives the same mutations
_SUPPOSED_DAY: Final = date(1970, 1, 1)  # trials have no day and no check reads it
_DEVIATIONS: Final = 1.959964  # of a normal variable: 95 % lie within


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a method refuses: what is caught where trials are false, false alarms where they are true."""

    refused: int
    of: int

    @property
    def value(self) -> float:
        """The share refused, 0 to 1."""
        return self.refused / self.of

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share, after Wilson (1927)."""
        square = _DEVIATIONS**2 / self.of
        middle = (self.value + square / 2) / (1 + square)
        half = sqrt(self.value * (1 - self.value) * square + square**2 / 4) / (1 + square)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class KindFigures:
    """What the methods say of the trials of one kind."""

    kind: str
    supported: bool  # whether the sentences are true to their source
    rates: Mapping[str, Rate]  # by method, ours first
    labels: Mapping[str, int]  # of those that ours lets pass: "quoted", "close", "loose"
    reasons: Mapping[str, int]  # of those that ours refuses, the most common first

    @property
    def trials(self) -> int:
        """How many trials there are."""
        return self.rates[OURS].of


@dataclass(frozen=True, slots=True)
class EvidenceFigures:
    """What was measured, in the order in which kinds appear."""

    kinds: tuple[KindFigures, ...]
    milliseconds: float  # of the processor, for a sentence by our checks


def evaluate_evidence(given: Sequence[Trial], *, stopwatch: Callable[[], float]) -> EvidenceFigures:
    """Judge every trial by our checks and by simple rules.

    A sentence cites one work, and every sentence of its source is offered as evidence.

    Args:
        given: Trials; none gives no kinds.
        stopwatch: The process time in seconds.
    """
    start = stopwatch()
    ours = [_judged(trial) for trial in given]
    seconds = stopwatch() - start
    groups: dict[tuple[str, bool], list[int]] = {}
    for at, trial in enumerate(given):
        groups.setdefault((trial.kind, trial.supported), []).append(at)
    kinds = [_figures(kind, [(given[at], *ours[at]) for at in group]) for (kind, _), group in groups.items()]
    return EvidenceFigures(tuple(kinds), 1000 * seconds / max(1, len(given)))


def _judged(trial: Trial) -> tuple[Label | None, tuple[str, ...]]:
    paper = Paper(1, trial.title, trial.source, text_hash(trial.title, trial.source), _SUPPOSED_DAY)
    evidence = [evidence_of(paper, start, end) for start, end in sentences(trial.source)]
    language = guess(trial.sentence)
    checked = check(trial.sentence, evidence=evidence, papers={1: paper}, language=language)
    return checked.label, checked.reasons


def _figures(kind: str, judged: Sequence[tuple[Trial, Label | None, tuple[str, ...]]]) -> KindFigures:
    refused = {
        OURS: sum(label is None for _, label, _ in judged),
        "sets": sum(is_outside_sets(trial.sentence, _whole(trial)) for trial, _, _ in judged),
        "new word": sum(has_new_words(trial.sentence, _whole(trial)) for trial, _, _ in judged),
        "not verbatim": sum(is_within(trial.sentence, trial.source) is None for trial, _, _ in judged),
    }
    labels = Counter(label.value for _, label, _ in judged if label is not None)
    reasons = Counter(reason for _, _, given in judged for reason in given)
    return KindFigures(
        kind=kind,
        supported=judged[0][0].supported,
        rates={method: Rate(refused[method], len(judged)) for method in METHODS},
        labels={label.value: labels[label.value] for label in Label},
        reasons=dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _whole(trial: Trial) -> str:
    return f"{trial.title}\n{trial.source}"


# -- where trials come from ------------------------------------------------------------------------


def read_trials(path: Path, *, limit: int | None = None) -> list[Trial]:
    """Read judged sentences, one JSON object a line.

    Args:
        path: JSON lines in UTF-8: `sentence`, `source`, `supported`, `kind`, and `title` where there is one.
        limit: At most so many trials of each kind, the first ones.

    Raises:
        EvaluationUnreadable: The file or a line cannot be read. Facts: path, line (0 for the file), reason.
    """
    return list(_at_most(_read(path, _trial), limit))


def read_summaries(path: Path, *, limit: int | None = None) -> list[Trial]:
    """Read SciTLDR's lines: `source`, an abstract's sentences, and `target`, summaries by people.

    Args:
        path: JSON lines in UTF-8; empty lines are passed over. `title` is read where it is there.
        limit: At most so many summaries, the first ones.

    Raises:
        EvaluationUnreadable: The file or a line cannot be read. Facts: path, line (0 for the file), reason.
    """
    return list(_at_most(_read(path, _summaries), limit))


def make_mutations(
    path: Path, *, first: date | None = None, last: date | None = None, limit: int = MOST_TRIALS
) -> list[Trial]:
    """Turn sentences of abstracts into false ones, and into true ones that differ; the same ones every time.

    Args:
        path: Records, as `recordsfile` reads them.
        first: Leave out papers of earlier days.
        last: Leave out papers of later days.
        limit: At most so many trials of each kind.

    Raises:
        EvaluationUnreadable: The file cannot be read or holds nothing to change. Facts: path, line, reason.
    """
    records = [record for record in read_records(path, since=first, until=last) if record.abstract]
    rng = random.Random(_SEED)  # noqa: S311  # a fair draw that can be repeated, no secret
    rng.shuffle(records)
    made = trials([Text(one.title, one.abstract, one.category) for one in records], rng, most=limit)
    if not made:
        reason = f"{len(records)} papers with an abstract on those days are too few"
        raise EvaluationUnreadable(path=str(path), line=0, reason=reason)
    order = {kind: at for at, kind in enumerate(KINDS)}
    return sorted(made, key=lambda trial: order[trial.kind])


def _at_most(given: Iterable[Trial], limit: int | None) -> Iterator[Trial]:
    counts: Counter[tuple[str, bool]] = Counter()
    for trial in given:
        counts[trial.kind, trial.supported] += 1
        if limit is None or counts[trial.kind, trial.supported] <= limit:
            yield trial


def _read(path: Path, make: Callable[[Any], Iterable[Trial]]) -> Iterator[Trial]:
    """Read a file line by line, never more than one line at once; a file without trials is an error."""
    number = made = 0
    try:
        with path.open(encoding="utf-8-sig") as file:
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                for trial in _made(path, number, line, make):
                    made += 1
                    yield trial
    except UnicodeDecodeError as error:
        raise EvaluationUnreadable(path=str(path), line=number + 1, reason="not UTF-8") from error
    except OSError as error:
        raise EvaluationUnreadable(path=str(path), line=0, reason=error.strerror or str(error)) from error
    if not made:
        raise EvaluationUnreadable(path=str(path), line=0, reason="no sentences")


def _made(path: Path, number: int, line: str, make: Callable[[Any], Iterable[Trial]]) -> list[Trial]:
    if not line.strip():
        return []
    try:
        if len(line) > LONGEST_LINE:
            message = f"longer than {LONGEST_LINE} characters"
            raise ValueError(message)  # noqa: TRY301  # one way out for every bad line
        return list(make(json.loads(line)))
    except RecursionError as error:
        raise EvaluationUnreadable(path=str(path), line=number, reason="nested too deeply") from error
    except ValueError as error:
        raise EvaluationUnreadable(path=str(path), line=number, reason=str(error)[:200]) from error


def _trial(said: Any) -> Iterator[Trial]:  # noqa: ANN401  # whatever the line holds
    """Check a judged sentence. Raises ValueError with the reason."""
    fields = _object(said)
    supported = fields.get("supported")
    if not isinstance(supported, bool):
        message = '"supported" is neither true nor false'
        raise ValueError(message)  # noqa: TRY004  # a bad line is a bad value, as it is for json
    yield Trial(
        sentence=_text(fields.get("sentence"), "sentence", LONGEST_SENTENCE),
        title=_title(fields),
        source=_text(fields.get("source"), "source", LONGEST_SOURCE),
        supported=supported,
        kind=_text(fields.get("kind"), "kind", LONGEST_KIND),
    )


def _summaries(said: Any) -> Iterator[Trial]:  # noqa: ANN401  # whatever the line holds
    """Check a paper and its summaries. Raises ValueError with the reason."""
    fields = _object(said)
    source = " ".join(_texts(fields.get("source"), "source"))
    source = _text(source, "source", LONGEST_SOURCE)
    title = _title(fields)
    for summary in _texts(fields.get("target"), "target"):
        yield Trial(_text(summary, "target", LONGEST_SENTENCE), title, source, supported=True, kind=SUMMARY)


def _object(said: object) -> dict[str, Any]:
    if not isinstance(said, dict):
        message = "no JSON object"
        raise ValueError(message)  # noqa: TRY004  # see _trial
    return said


def _title(fields: Mapping[str, Any]) -> str:
    """Give the title, which may be missing or null."""
    title = fields.get("title")
    return "" if title is None else _text(title, "title", LONGEST_SENTENCE)


def _texts(value: object, field: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        message = f'"{field}" is no list of texts'
        raise ValueError(message)
    return value


def _text(value: object, field: str, longest: int) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        message = f'"{field}" is no text of 1 to {longest} characters'
        raise ValueError(message)
    return value.strip()
