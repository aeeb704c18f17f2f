"""Fit the weights of the matching on labelled pairs, and write them to intake/matchweights.py.

    python evaluation/tune_matching.py TRAIN VALID [--write]

TRAIN and VALID hold JSON lines as `academichub evaluate dedupe` reads them. Each training pair is also
spoilt in the ways in which sources differ (a missing year, initials, a list cut short, a preprint), so that
the weights hold for other sources than the pairs came from. The fit is a logistic regression whose weights
are drawn towards those of `PRIOR`, chosen by hand: where the pairs say nothing, common sense stands.
Thresholds are chosen on VALID, as it is and spoilt. The same files give the same weights.
"""

from __future__ import annotations

import argparse
import math
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from academichub.flows.evaluating import BadLine, Pair, read_pairs
from academichub.intake import venuenames
from academichub.intake.matching import Candidate, Prepared, held_back, look, prepare, weigh
from academichub.intake.venuenames import VenueKind
from academichub.model.papers import Kind

ROOT: Final = Path(__file__).resolve().parent.parent
TARGET: Final = ROOT / "src" / "academichub" / "intake" / "matchweights.py"
SEED: Final = 20261122
COPIES: Final = 4  # spoilt copies of each pair
STRENGTH: Final = 1.0  # of the pull towards the prior; the number of pairs it is worth
SOUGHT_PRECISION: Final = 0.99
DOUBTFUL_RECALL: Final = 0.99
LEAST_AUTOMATIC: Final = 0.9  # who joins works without asking is at least so sure
LONG_WORD: Final = 4  # letters; a longer one says what a title is about
STEPS: Final = 30
SURE: Final = 1e-9  # a pair that adds less to the curvature is left out of it
SHORTEST_STRIDE: Final = 1e-3
CLOSE: Final = 1e-4  # weights that change less have been found
RISING: Final = frozenset(("title", "title within", "title words", "authors"))
FREE: Final = frozenset(("year after preprint",))  # neither rises nor falls all along

Curve: TypeAlias = tuple[tuple[float, float], ...]
Curves: TypeAlias = Mapping[str, Curve]
Row: TypeAlias = tuple[tuple[int, float], ...]  # (weight, how much of it), by number

PRIOR: Final[Curves] = {
    "start": ((0.0, -1.0),),
    "title": ((0.3, -9.0), (0.5, -6.0), (0.7, -3.0), (0.8, -1.0), (0.9, 1.0), (0.96, 2.0), (1.0, 3.0)),
    "title unknown": ((0.0, -6.0),),
    "title swapped": ((0.0, 0.0), (0.1, -0.7), (0.3, -2.0), (0.7, -5.0)),
    "title within": ((2.0, -1.0), (4.0, 0.0), (7.0, 1.0)),
    "title of many": ((0.0, -1.0),),
    "title words": ((1.0, -2.0), (3.0, -1.0), (5.0, 0.0), (9.0, 0.5)),
    "numbers": ((1.0, -0.7), (2.0, -4.0), (3.0, -8.0)),
    "authors": ((0.0, -4.0), (0.5, 0.0), (0.8, 1.5), (1.0, 2.0)),
    "one author": ((0.0, -0.5),),
    "authors more": ((0.0, 0.0), (1.0, -1.0)),
    "authors unknown": ((0.0, -0.3),),
    "year": ((0.0, 1.0), (1.0, -0.7), (2.0, -1.5), (4.0, -3.0)),
    "year after preprint": ((-2.0, -2.0), (-1.0, -0.5), (0.0, 0.8), (1.0, 0.7), (3.0, 0.0), (5.0, -2.0)),
    "venue": ((0.0, 1.0), (1.0, 0.0), (2.0, -4.0), (3.0, -5.0)),
}


TWIN_VENUES: Final = (
    (VenueKind.CONFERENCE, "International Conference on Machine Learning"),
    (VenueKind.CONFERENCE, "ICDE"),
    (VenueKind.CONFERENCE, "Symposium on Principles of Database Systems"),
    (VenueKind.JOURNAL, "IEEE Transactions on Knowledge and Data Engineering"),
    (VenueKind.JOURNAL, "Information Systems Journal"),
    (VenueKind.JOURNAL, "J. ACM"),
)


# -- spoiling -------------------------------------------------------------------------------------


def spoil_all(pairs: Sequence[Pair], *, seed: int) -> list[Pair]:
    """Give spoilt copies of pairs, and for some of those that are one work two works that look like it."""
    chance = random.Random(seed)  # noqa: S311  # the same copies every time is what is wanted
    titles = [pair.a.title for pair in pairs]
    return [spoil(pair, chance, titles) for pair in pairs for _ in range(COPIES)]


def spoil(pair: Pair, chance: random.Random, titles: Sequence[str]) -> Pair:
    """Give a pair as two other sources might print it."""
    a, b = pair.a, pair.b
    if pair.same and chance.random() < 0.06:
        return replace(pair, b=_as_twin(b, chance), same=False)
    if pair.same and chance.random() < 0.04:
        pair = replace(pair, same=False)
        a, b = _as_series(a, b, chance)
    elif pair.same and chance.random() < 0.15:
        pair = replace(pair, same=False)
        b = _as_sibling(b, chance, chance.choice(titles))
    if chance.random() < 0.2 and (pair.same or not _could_be_preprint(a, b)):
        a = _as_preprint(a, chance)
    return replace(pair, a=_changed(a, chance), b=_changed(b, chance))


def _changed(side: Candidate, chance: random.Random) -> Candidate:
    for likelihood, change in CHANGES:
        if chance.random() < likelihood:
            side = change(side, chance)
    return side


def _could_be_preprint(a: Candidate, b: Candidate) -> bool:
    """True for two works with one title: a preprint of the one could be the other's."""
    return a.title.lower()[:20] == b.title.lower()[:20]


def _as_preprint(side: Candidate, chance: random.Random) -> Candidate:
    year = side.year - chance.choice((0, 0, 0, 1, 1, 2, 3)) if side.year else None
    return replace(side, venue=chance.choice(("arXiv", "bioRxiv", "")), kind=Kind.PREPRINT, year=year)


def _as_twin(side: Candidate, chance: random.Random) -> Candidate:
    """Print a work's other version of record: the journal's of a conference paper, or the other way round."""
    own = venuenames.read_venue(side.venue).kind
    others = [venue for kind, venue in TWIN_VENUES if kind is not own]
    year = side.year + chance.choice((0, 1, 1, 2)) if side.year else None
    return replace(side, venue=chance.choice(others), year=year)


def _as_sibling(side: Candidate, chance: random.Random, title: str) -> Candidate:
    """Print another paper of the same people and place: all, half or one of its words are new."""
    own, other = side.title.split(), title.split()
    half, other_half = len(own) // 2, len(other) // 2
    ways = [other, [*own[:half], *other[other_half:]], [*other[:other_half], *own[half:]]]
    places = [place for place, word in enumerate(own) if len(word) > LONG_WORD]
    new = [word for word in other if len(word) > LONG_WORD and word not in own]
    if places and new:
        place = chance.choice(places)
        ways += [[*own[:place], chance.choice(new), *own[place + 1 :]]] * 2
    return replace(side, title=" ".join(chance.choice(ways)))


def _as_series(a: Candidate, b: Candidate, chance: random.Random) -> tuple[Candidate, Candidate]:
    """Print two papers of a series, which differ in a number."""
    one, other = chance.choice(
        (
            ("part i", "part ii"),
            ("1", "2"),
            ("2001", "2002"),
            ("ii", "iii"),
            ("( part 1 )", "( part 2 )"),
            ("7", "8"),
        )
    )
    if chance.random() < 0.3:
        return replace(a, title=f"{one} : {a.title}"), replace(b, title=f"{other} : {b.title}")
    return replace(a, title=f"{a.title} {one}"), replace(b, title=f"{b.title} {other}")


def _dress_venue(side: Candidate, chance: random.Random) -> Candidate:
    if not side.venue:
        return side
    dress = chance.choice(("{}, {}", "in {}", "{} {}", "proc. {}", "{},", "{} (online)", "{}, vol. 3"))
    return replace(side, venue=dress.format(side.venue, side.year or ""))


def _shift_year(side: Candidate, chance: random.Random) -> Candidate:
    return replace(side, year=side.year + chance.choice((-1, 1))) if side.year else side


def _unsay_year(side: Candidate, _: random.Random) -> Candidate:
    return replace(side, year=None)


def _unsay_venue(side: Candidate, _: random.Random) -> Candidate:
    return replace(side, venue="")


def _unsay_authors(side: Candidate, _: random.Random) -> Candidate:
    return replace(side, authors=())


def _cut_authors(side: Candidate, chance: random.Random) -> Candidate:
    kept = chance.randint(1, 3)
    end = ("et al.",) if len(side.authors) > kept and chance.random() < 0.5 else ()
    return replace(side, authors=(*side.authors[:kept], *end))


def _abbreviate(side: Candidate, chance: random.Random) -> Candidate:
    turned = chance.random() < 0.3
    return replace(side, authors=tuple(_initials(name, is_turned=turned) for name in side.authors))


def _initials(name: str, *, is_turned: bool) -> str:
    *given, last = name.split() or [""]
    letters = [word[0] for word in given]
    return f"{last}, {'. '.join(letters)}." if is_turned and letters else " ".join((*letters, last))


def _turn_names(side: Candidate, _: random.Random) -> Candidate:
    return replace(side, authors=tuple(" ".join(reversed(name.split())) for name in side.authors))


def _cut_title(side: Candidate, chance: random.Random) -> Candidate:
    head, mark, _ = side.title.partition(" : ")
    if mark and len(head.split()) > 2:
        return replace(side, title=head)
    words = side.title.split()
    return replace(side, title=" ".join(words[: -chance.randint(1, 2)])) if len(words) > 5 else side


def _misprint(side: Candidate, chance: random.Random) -> Candidate:
    title = side.title
    for _ in range(chance.randint(1, 2)):
        letters = [place for place, letter in enumerate(title) if letter.isalpha()]
        place = chance.choice(letters or [len(title)])
        title = title[:place] + chance.choice(("", "", "e", "n")) + title[place + 1 :]
    return replace(side, title=title)


def _add_noise(side: Candidate, chance: random.Random) -> Candidate:
    last = side.authors[0].split()[-1] if side.authors and side.authors[0].split() else ""
    noise = chance.choice(
        (" (extended abstract)", f" {side.venue} {side.year or ''}", " - preprint", f" {last}")
    )
    return replace(side, title=side.title + noise)


CHANGES: Final[tuple[tuple[float, Callable[[Candidate, random.Random], Candidate]], ...]] = (
    (0.15, _add_noise),
    (0.1, _dress_venue),
    (0.04, _shift_year),
    (0.2, _unsay_year),
    (0.2, _unsay_venue),
    (0.05, _unsay_authors),
    (0.15, _cut_authors),
    (0.25, _abbreviate),
    (0.05, _turn_names),
    (0.05, _cut_title),
    (0.15, _misprint),
)


# -- fitting --------------------------------------------------------------------------------------


def numbering(curves: Curves) -> dict[str, int]:
    """Give each curve the number of its first weight."""
    first, numbers = 0, {}
    for name, curve in curves.items():
        numbers[name] = first
        first += len(curve)
    return numbers


def row_of(a: Prepared, b: Prepared, numbers: Mapping[str, int]) -> Row:
    """Say how much of each weight a pair's evidence takes."""
    shares: dict[int, float] = {}
    for name, at, _ in weigh(a, b, look(a, b)):
        points = [x for x, _ in PRIOR[name]]
        first = numbers[name]
        if at <= points[0]:
            shares[first] = 1.0
        elif at >= points[-1]:
            shares[first + len(points) - 1] = 1.0
        else:
            right = next(place for place, x in enumerate(points) if at <= x)
            part = (at - points[right - 1]) / (points[right] - points[right - 1])
            shares[first + right - 1], shares[first + right] = 1 - part, part
    return tuple((number, round(share, 4)) for number, share in sorted(shares.items()))


def fit(counts: Mapping[tuple[Row, bool], int], curves: Curves, *, strength: float) -> Curves:
    """Find the weights most likely after seeing the rows, each curve in its direction.

    Where a curve would turn back, its neighbouring points are made one and the fit is repeated.
    """
    prior = [weight for curve in curves.values() for _, weight in curve]
    group = list(range(len(prior)))
    while True:
        size = max(group) + 1
        before = [
            _mean([weight for weight, one in zip(prior, group, strict=True) if one == of])
            for of in range(size)
        ]
        rows: Counter[tuple[Row, bool]] = Counter()
        for (row, same), count in counts.items():
            shares: Counter[int] = Counter()
            for number, share in row:
                shares[group[number]] += share  # type: ignore[assignment]  # a counter of floats adds as well
            rows[tuple(sorted(shares.items())), same] += count
        found = newton(rows, before, strength=strength)
        weights = [found[of] for of in group]
        if not _pool(group, weights, curves):
            break
    fitted, first = {}, 0
    for name, curve in curves.items():
        fitted[name] = tuple((x, round(weights[first + place], 3)) for place, (x, _) in enumerate(curve))
        first += len(curve)
    return fitted


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _pool(group: list[int], weights: Sequence[float], curves: Curves) -> bool:
    """Make one of the first neighbours of each curve that go the wrong way; say whether any did."""
    has_pooled = False
    first = 0
    for name, curve in curves.items():
        direction = 1 if name in RISING else -1
        for number in range(first, first + len(curve) - 1):
            if name not in FREE and direction * (weights[number + 1] - weights[number]) < -1e-9:
                old, new = group[number + 1], group[number]
                group[:] = [new if one == old else one for one in group]
                has_pooled = True
                break
        first += len(curve)
    names = {old: new for new, old in enumerate(sorted(set(group)))}
    group[:] = [names[one] for one in group]
    return has_pooled


def newton(rows: Mapping[tuple[Row, bool], int], prior: Sequence[float], *, strength: float) -> list[float]:
    """Minimise `loss` by Newton's method."""
    weights = list(prior)
    size = len(weights)
    for _ in range(STEPS):
        slope = [strength * (weight - before) for weight, before in zip(weights, prior, strict=True)]
        curvature = [[strength * (line == column) for column in range(size)] for line in range(size)]
        for (row, same), count in rows.items():
            score = _score(row, weights)
            miss, spread = count * (score - same), count * score * (1 - score)
            for number, share in row:
                slope[number] += miss * share
                if spread > SURE:
                    line = curvature[number]
                    for other, other_share in row:
                        line[other] += spread * share * other_share
        step = _solved(curvature, slope)
        before, stride = loss(rows, weights, prior, strength=strength), 1.0
        while True:  # a full step may overshoot where most pairs are already sure
            tried = [weight - stride * change for weight, change in zip(weights, step, strict=True)]
            if loss(rows, tried, prior, strength=strength) <= before or stride < SHORTEST_STRIDE:
                break
            stride /= 2
        weights = tried
        if max(map(abs, step)) < CLOSE:
            break
    return weights


def loss(
    rows: Mapping[tuple[Row, bool], int], weights: Sequence[float], prior: Sequence[float], *, strength: float
) -> float:
    """Give what the fit makes small: the weights' surprise at the rows, and how far they are pulled."""
    pull = sum((weight - before) ** 2 for weight, before in zip(weights, prior, strict=True))
    return strength / 2 * pull - sum(
        count * math.log(max(score if same else 1 - score, 1e-15))
        for (row, same), count in rows.items()
        for score in (_score(row, weights),)
    )


def _score(row: Row, weights: Sequence[float]) -> float:
    logit = sum(weights[number] * share for number, share in row)
    return 1 / (1 + math.exp(-max(min(logit, 60.0), -60.0)))


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve linear equations with a symmetric positive matrix, by elimination."""
    size = len(right)
    lines = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for column in range(size):
        pivot = lines[column]
        for below in range(column + 1, size):
            factor = lines[below][column] / pivot[column]
            if factor:
                lines[below] = [x - factor * y for x, y in zip(lines[below], pivot, strict=True)]
    found = [0.0] * size
    for column in reversed(range(size)):
        rest = sum(lines[column][other] * found[other] for other in range(column + 1, size))
        found[column] = (lines[column][size] - rest) / lines[column][column]
    return found


# -- thresholds -----------------------------------------------------------------------------------


class Judged(NamedTuple):
    """A pair of the validation set, weighed."""

    score: float
    may_join: bool
    same: bool


def judged(pairs: Iterable[Pair], curves: Curves) -> list[Judged]:
    """Weigh pairs with new curves."""
    numbers = numbering(curves)
    weights = [weight for curve in curves.values() for _, weight in curve]
    found = []
    for pair in pairs:
        a, b = prepare(pair.a), prepare(pair.b)
        if a.title.notice == b.title.notice:
            seen = look(a, b)
            found.append(Judged(_score(row_of(a, b, numbers), weights), not held_back(a, b, seen), pair.same))
        else:
            found.append(Judged(0.0, may_join=False, same=pair.same))
    return found


def rates(
    pairs: Sequence[Judged], threshold: float, *, is_automatic: bool = False
) -> tuple[float, float, float]:
    """Give precision, recall and F1 of calling pairs one work from a score on."""
    said = [pair for pair in pairs if pair.score >= threshold and (pair.may_join or not is_automatic)]
    right = sum(pair.same for pair in said)
    precision = right / len(said) if said else 1.0
    recall = right / max(1, sum(pair.same for pair in pairs))
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def thresholds(plain: Sequence[Judged], spoilt: Sequence[Judged]) -> dict[str, float]:
    """Choose from which score on pairs are joined, put before a person, and called one work for F1."""
    steps = [step / 100 for step in range(1, 100)]
    best = max(
        steps, key=lambda step: (round(rates(plain, step)[2] + rates(spoilt, step)[2], 6), -abs(step - 0.5))
    )
    automatic = next(
        step
        for step in (*steps, 1.0)
        if step >= max(best, LEAST_AUTOMATIC)
        and min(rates(each, step, is_automatic=True)[0] for each in (plain, spoilt)) >= SOUGHT_PRECISION
    )
    doubtful = max(
        (step for step in steps if step <= best and rates([*plain, *spoilt], step)[1] >= DOUBTFUL_RECALL),
        default=steps[0],
    )
    return {"AUTOMATIC": automatic, "BEST": best, "DOUBTFUL": doubtful}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("train", type=Path)
    parser.add_argument("valid", type=Path)
    parser.add_argument("--write", action="store_true", help="write the weights where the program reads them")
    options = parser.parse_args()
    train, valid = (list(_pairs(path)) for path in (options.train, options.valid))
    numbers = numbering(PRIOR)
    counts: Counter[tuple[Row, bool]] = Counter()
    for pair in (*train, *spoil_all(train, seed=SEED)):
        a, b = prepare(pair.a), prepare(pair.b)
        if a.title.notice == b.title.notice:
            counts[row_of(a, b, numbers), pair.same] += 1
    curves = fit(counts, PRIOR, strength=STRENGTH)
    plain, spoilt = judged(valid, curves), judged(spoil_all(valid, seed=SEED + 1), curves)
    chosen = thresholds(plain, spoilt)
    for name, pairs in (("valid", plain), ("valid, spoilt", spoilt)):
        for threshold, value in chosen.items():
            shown = ", ".join(
                f"{rate:.4f}" for rate in rates(pairs, value, is_automatic=threshold == "AUTOMATIC")
            )
            print(f"{name:14} {threshold:10} {value:.2f}: precision, recall, F1 = {shown}")
        brier = _mean([(pair.score - pair.same) ** 2 for pair in pairs])
        print(f"{name:14} Brier score {brier:.4f}")
    text = module(curves, chosen)
    if options.write:
        TARGET.write_text(text, encoding="utf-8")
        subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(TARGET)], check=True)
    else:
        print(text)


def _pairs(path: Path) -> Iterable[Pair]:
    for pair in read_pairs(path):
        if isinstance(pair, BadLine):
            sys.exit(f"{path}:{pair.line}: {pair.reason}")
        yield pair


def module(curves: Curves, chosen: Mapping[str, float]) -> str:
    """Write the weights as a Python module."""
    lines = [
        '"""Weights of the evidence that two descriptions are one work.',
        "",
        "Written by evaluation/tune_matching.py; docs/matching.md says how, and what they mean.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import TYPE_CHECKING, Final",
        "",
        "if TYPE_CHECKING:",
        "    from collections.abc import Mapping",
        "",
        "# Scores from which two works are joined, are called one for F1, and are put before a person.",
        *(f"{name}: Final = {value}" for name, value in chosen.items()),
        "",
        "# Where the evidence lies and what it weighs there; straight in between, level beyond.",
        "CURVES: Final[Mapping[str, tuple[tuple[float, float], ...]]] = {",
        *(f"    {name!r}: {curve!r}," for name, curve in curves.items()),
        "}",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
