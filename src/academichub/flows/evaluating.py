"""Measure the matching of works on labelled pairs from a file."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Final

from academichub.errors import FileUnreadable
from academichub.intake.matching import Candidate, Sameness, compare, prepare
from academichub.intake.matchweights import BEST
from academichub.model.papers import Identifiers, Kind
from academichub.text import identifiers as names
from academichub.text import prose
from academichub.text.names import clean_name, split_authors
from academichub.text.unicode import flat, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GZIP_MAGIC: Final = b"\x1f\x8b"
LONGEST_LINE: Final = 4 << 20  # bytes; two records with four thousand authors each need a quarter of it
LONGEST_FIELD: Final = 10_000  # characters
MOST_AUTHORS: Final = 5_000
MOST_BAD_LINES: Final = 1_000  # that are told one by one; all are counted
_STEP: Final = 500  # lines that are read before they are compared, and told to the progress bar
_TAIL: Final = 40  # characters at the end of the authors in which "and others" fits
_LARGEST: Final = 10**18  # of a number that is a name or a year
_YEAR: Final = re.compile(r"(?<![0-9])([12][0-9]{3})(?![0-9])")
_OTHERS: Final = re.compile(r"(?:\bet\.? ?al\b\.?|\band others|等|…|\.\.\.)[\s.。]*$", re.IGNORECASE)
_NOTHING: Final = frozenset(("", "null", "none", "nan", "n/a", "undefined"))  # what programs print for it
_SCHEMES: Final = {
    "arxivid": "arxiv",
    "pubmed": "pmid",
    "pubmedid": "pmid",
    "pmc": "pmcid",
    "corpusid": "s2",
    "semanticscholar": "s2",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two descriptions, and whether people say they are one work."""

    line: int
    a: Candidate
    b: Candidate
    same: bool


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that holds no labelled pair. Lines count from 1."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Scores:
    """How right a decision was; fractions, None where nothing was there to be measured."""

    precision: float | None
    recall: float | None
    f1: float | None
    false_positives: tuple[int, ...]  # lines
    false_negatives: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a file of pairs measured."""

    pairs: int
    same: int  # pairs that people call one work
    doubtful: int  # pairs that would be put before a person
    best: Scores  # one work where the score is at least `threshold`
    automatic: Scores  # one work where the verdict is
    threshold: float
    ms_per_pair: float | None  # process time, both sides taken apart in it
    bad_line_count: int
    bad_lines: tuple[BadLine, ...]  # the first of them


def evaluate_pairs(
    path: Path, *, stopwatch: Callable[[], float], progress: Callable[[int], None] | None = None
) -> Figures:
    """Compare every pair of a file and count where the verdict is right.

    Args:
        path: JSON lines, plain or gzip: `{"a": {...}, "b": {...}, "same": true}`.
        stopwatch: The process time in seconds.
        progress: Called with the number of lines done since the last call.

    Raises:
        FileUnreadable: It cannot be opened, or its packing is broken.
    """
    scores: list[tuple[int, float, Sameness, bool]] = []
    bad: list[BadLine] = []
    bad_count = 0
    seconds = 0.0
    lines = read_pairs(path)
    while batch := list(islice(lines, _STEP)):
        pairs = [one for one in batch if isinstance(one, Pair)]
        told = [one for one in batch if isinstance(one, BadLine)]
        bad_count += len(told)
        bad += told[: MOST_BAD_LINES - len(bad)]
        start = stopwatch()
        matches = [compare(prepare(pair.a), prepare(pair.b)) for pair in pairs]
        seconds += stopwatch() - start
        scores += [
            (pair.line, match.score, match.verdict, pair.same)
            for pair, match in zip(pairs, matches, strict=True)
        ]
        if progress is not None:
            progress(len(batch))
    return Figures(
        pairs=len(scores),
        same=sum(same for *_, same in scores),
        doubtful=sum(verdict is Sameness.DOUBT for _, _, verdict, _ in scores),
        best=_scores([(line, score >= BEST, same) for line, score, _, same in scores]),
        automatic=_scores([(line, verdict is Sameness.SAME, same) for line, _, verdict, same in scores]),
        threshold=BEST,
        ms_per_pair=seconds / len(scores) * 1000 if scores else None,
        bad_line_count=bad_count,
        bad_lines=tuple(bad),
    )


def _scores(decisions: Sequence[tuple[int, bool, bool]]) -> Scores:
    right = sum(said and same for _, said, same in decisions)
    wrong = tuple(line for line, said, same in decisions if said and not same)
    missed = tuple(line for line, said, same in decisions if same and not said)
    precision = right / (right + len(wrong)) if right or wrong else None
    recall = right / (right + len(missed)) if right or missed else None
    found = 2 * right + len(wrong) + len(missed)
    return Scores(precision, recall, 2 * right / found if found else None, wrong, missed)


# -- reading --------------------------------------------------------------------------------------


def read_pairs(path: Path) -> Iterator[Pair | BadLine]:
    """Read the pairs of a file; blank lines are none.

    Raises:
        FileUnreadable: It cannot be opened, or its packing is broken.
    """
    try:
        with path.open("rb") as file:
            is_packed = file.read(2) == GZIP_MAGIC
        with gzip.open(path) if is_packed else path.open("rb") as lines:
            number = 0
            while line := lines.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE:
                    while line and not line.endswith(b"\n"):
                        line = lines.readline(LONGEST_LINE)
                    yield BadLine(number, f"longer than {LONGEST_LINE} bytes")
                elif line.strip():
                    yield _read_line(number, line)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileUnreadable(path=str(path), reason=reason) from error


def _read_line(number: int, line: bytes) -> Pair | BadLine:
    try:
        said = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        return BadLine(number, f"no JSON: {error}"[:200])
    if not isinstance(said, Mapping):
        return BadLine(number, "no JSON object")
    a, b, same = said.get("a"), said.get("b"), said.get("same")
    if not isinstance(a, Mapping) or not isinstance(b, Mapping):
        return BadLine(number, '"a" or "b" is missing or no object')
    if same not in (True, False):
        return BadLine(number, '"same" is neither true nor false')
    return Pair(number, read_candidate(a), read_candidate(b), same=bool(same))


def read_candidate(said: Mapping[str, object]) -> Candidate:
    """Read a description whose fields may be missing or of any type; what cannot be read is unknown."""
    kind = _text(said.get("kind")).lower()
    return Candidate(
        title=prose.render_title(_text(said.get("title"))).plain,
        authors=_authors(said.get("authors")),
        venue=flat(fold(unescape(_text(said.get("venue"))))),
        year=_year(said.get("year")),
        identifiers=_identifiers(said.get("identifiers")),
        kind=Kind(kind) if kind in set(Kind) else None,
    )


def _text(value: object) -> str:
    """Read a text; of a list the first that says anything, of an object its name."""
    if isinstance(value, str):
        return "" if value.strip().lower() in _NOTHING else value[:LONGEST_FIELD]
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < _LARGEST else ""
    if isinstance(value, Mapping):
        value = [value.get(key) for key in ("name", "title", "value")]
    if isinstance(value, Sequence):
        return next((text for one in value if isinstance(one, str) and (text := _text(one))), "")
    return ""


def _authors(value: object) -> tuple[str, ...]:
    """Read one name each, or a line that holds them all; "et al." stays as the last name."""
    lines = [_name(one) for one in value[:MOST_AUTHORS]] if isinstance(value, list) else [_line(value)]
    lines = [unescape(unescape(line)) for line in lines if line.strip()]
    if not lines:
        return ()
    if len(lines) == 1:
        found = [author.name for author in split_authors(lines[0])]
    else:
        found = [name for name in map(clean_name, lines) if name]
    return (*found, "et al.") if _OTHERS.search(lines[-1][-_TAIL:]) else tuple(found)


def _line(value: object) -> str:
    """Read a line of authors, which may be longer than any other field."""
    return value[:LONGEST_LINE] if isinstance(value, str) and value.lower() not in _NOTHING else _name(value)


def _name(value: object) -> str:
    if isinstance(value, Mapping):
        given, family = _text(value.get("given")), _text(value.get("family"))
        return f"{given} {family}".strip() or _text(value)
    return _text(value)


def _year(value: object) -> int | None:
    """Read a year, or the year of a date."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    found = _YEAR.search(_text(value))
    return int(found[1]) if found else None


def _identifiers(value: object) -> Identifiers:
    """Bring identifiers to their canonical form; what cannot be, and other schemes, are unknown."""
    if not isinstance(value, Mapping):
        return Identifiers()
    said = {_scheme(str(name)): _text(one).strip() for name, one in value.items()}
    arxiv = names.normalize_arxiv(said.get("arxiv", ""))
    return Identifiers(
        doi=names.normalize_doi(said.get("doi", "")),
        arxiv=arxiv[0] if arxiv else None,
        pmid=names.normalize_pmid(said.get("pmid", "")),
        pmcid=names.normalize_pmcid(said.get("pmcid", "")),
        issn=names.normalize_issn(said.get("issn", "")),
        openalex=names.normalize_openalex(said.get("openalex", "")),
        s2=said.get("s2") or None,
    )


def _scheme(name: str) -> str:
    low = name.lower().replace("_", "").replace("-", "")
    return _SCHEMES.get(low, low)
