"""Hold a sentence against the abstracts that it cites, word by word. For sentences in their language.

The rules see words, not meaning: what passes is near the words of its source, not proved to be true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from academichub.briefing.aligning import align
from academichub.briefing.numberchecks import number_reasons
from academichub.briefing.quantities import unit_signs
from academichub.briefing.weighing import coverage
from academichub.briefing.wording import content, cut_words, names, source_names, word_list
from academichub.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from academichub.briefing.aligning import Alignment, Gap
    from academichub.briefing.wording import Word

LEAST_COVERAGE: Final = 0.35  # under it, the paper is not what the sentence speaks of
STRETCH: Final = 8  # content words
LEAST_OF_STRETCH: Final = 0.2
CLOSE_COVERAGE: Final = 0.9
NEAR_COPY: Final = 0.8  # share of the words, in the same order, of one sentence
FEWEST_WORDS: Final = 5  # of a near copy
DENIED_COPY: Final = 0.5  # the same, of what is left when the words around a denial are taken away
_CANDIDATES: Final = 3  # sentences that a text is laid beside
_MOST_SENTENCES: Final = 60  # of all cited abstracts together
_HIDDEN_NEGATION: Final = re.compile(r"non|un(?!i|der|til|it)|.*less\Z")
_QUANTIFIERS: Final = frozenset(
    {"all", "some", "few", "most", "many", "any", "each", "every", "both", "only", "more", "less", "least"}
)
_SIMPLE: Final = frozenset({"function", "sign"})
_MEANING: Final = frozenset({"content", "name"})


@dataclass(frozen=True, slots=True)
class Source:
    """What a cited paper says, cut for comparing."""

    text: str  # title and abstract
    rows: tuple[tuple[Word, ...], ...]  # the title and each sentence
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules say of a sentence."""

    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    is_close: bool


@lru_cache(maxsize=256)
def source_of(title: str, abstract: str) -> Source:
    """Cut a paper for comparing."""
    rows = [cut_words(title)] if title else []
    rows += [cut_words(abstract[start:end]) for start, end in sentences(abstract)[:_MOST_SENTENCES]]
    text = f"{title}\n{abstract}"
    return Source(text, tuple(rows), frozenset(content(text)))


def compare(text: str, sources: Sequence[Source]) -> Finding:
    """Apply every rule to a sentence and the papers that it cites, at least one."""
    words = cut_words(text)
    stems = frozenset().union(*(source.stems for source in sources))
    said = [stem for stem in content(text) if stem not in word_list("neutral")]
    laid = _laid(words, sources)
    best = max(laid, key=lambda one: one.share, default=None)
    is_copy = best is not None and best.share >= NEAR_COPY and len(words) >= FEWEST_WORDS
    reasons: dict[str, None] = dict.fromkeys(number_reasons(text, [source.text for source in sources]))
    reasons |= dict.fromkeys(_turned(words, sources))
    if any(_is_denied(words, one, sources) for one in laid):
        reasons["negation"] = None
    if best is not None and is_copy:
        reasons |= dict.fromkeys(_changed(best, stems))
    if _is_uncovered(said or content(text), stems):
        reasons["coverage"] = None
    warnings: tuple[str, ...] = ()
    if _strange_names(text, sources):
        if is_copy:
            reasons["entity"] = None
        else:
            warnings = ("entity",)
    new = [stem for stem in said if stem not in stems]
    is_covered = len(new) <= (1 - CLOSE_COVERAGE) * len(said) and not new
    is_close = not reasons and not warnings and is_covered and not _is_spliced(words, best, sources)
    return Finding(tuple(reasons), warnings, is_close)


def _is_uncovered(said: Sequence[str], stems: frozenset[str]) -> bool:
    """Tell whether a text, or a stretch of it, speaks of something else than its source."""
    stretches = (said[at : at + STRETCH] for at in range(len(said) - STRETCH + 1))
    return coverage(said, stems) < LEAST_COVERAGE or any(
        coverage(stretch, stems) < LEAST_OF_STRETCH for stretch in stretches
    )


def _laid(words: Sequence[Word], sources: Sequence[Source]) -> list[Alignment]:
    """Lay a text beside the sentences that share most words with it."""
    keys = {word.key for word in words}
    rows = [row for source in sources for row in source.rows][:_MOST_SENTENCES]
    rows.sort(key=lambda row: -len(keys & {word.key for word in row}))
    return [align(words, row) for row in rows[:_CANDIDATES]]


# -- near copies ----------------------------------------------------------------------------------


def _changed(alignment: Alignment, stems: frozenset[str]) -> Iterator[str]:
    """Say what a near copy changes in the sentence that it copies."""
    for gap in alignment.gaps:
        ours, theirs = _negations(gap.ours), _negations(gap.theirs)
        if len(ours) > len(theirs) or (len(ours) < len(theirs) and _is_removed(gap)):
            yield "negation"
        if (points(gap.ours, "up") and points(gap.theirs, "down")) or (
            points(gap.ours, "down") and points(gap.theirs, "up")
        ):
            yield "direction"
        if _is_altered(gap, stems):
            yield "altered"
    if _is_moved(alignment):
        yield "altered"


def _is_removed(gap: Gap) -> bool:
    """Tell a negation that was taken out from one that went with its whole clause.

    "We do not find that X" must not become "X"; "Although it is not Y, X" may.
    """
    rest = [
        word for word in gap.theirs if not _is_in(word, word_list("negation")) and word.kind not in _SIMPLE
    ]
    if gap.is_edge and gap.is_joined and _negations(gap.theirs, "denial"):
        return True
    if gap.is_edge:
        return not rest and not gap.theirs[-1].is_first
    return not rest and len(gap.ours) <= len(gap.theirs)


def _is_moved(alignment: Alignment) -> bool:
    """Tell whether a content word stands in another place than in the sentence that is copied."""
    neutral = word_list("neutral")
    put = {word.key for gap in alignment.gaps for word in gap.ours if word.kind in _MEANING}
    taken = {word.key for gap in alignment.gaps for word in gap.theirs if word.kind in _MEANING}
    return bool((put & taken) - neutral)


def _is_altered(gap: Gap, stems: frozenset[str]) -> bool:
    """Tell whether a gap has another content word in place of the author's, or one that he has nowhere."""
    neutral = word_list("neutral")
    ours = [word for word in gap.ours if word.kind in _MEANING and not _is_in(word, neutral)]
    theirs = {word.key for word in gap.theirs if word.kind in _MEANING}
    has_percent = any(word.key == "%" for word in gap.theirs)
    spelled = [word for word in gap.ours if has_percent and unit_signs().get(word.raw) == "%"]
    new = [word for word in ours if word.key not in theirs and word not in spelled]
    joined = "".join(word.key for word in gap.ours), "".join(word.key for word in gap.theirs)
    if joined[0] == joined[1]:  # "pretrained", "pre-trained"
        return False
    if new and (theirs or (has_percent and not spelled) or any(word.key not in stems for word in new)):
        return True
    signs = {word.key for word in gap.ours if word.kind == "sign" or word.key in _QUANTIFIERS}
    others = {word.key for word in gap.theirs if word.kind == "sign" or word.key in _QUANTIFIERS}
    return bool(signs - others) and (bool(others - signs) or any(word.kind == "sign" for word in gap.ours))


# -- any sentence ---------------------------------------------------------------------------------


def _turned(words: Sequence[Word], sources: Sequence[Source]) -> Iterator[str]:
    """Say whether a text denies, or points in a direction, where its source nowhere does."""
    theirs = [word for source in sources for row in source.rows for word in row]
    if _negations(words) and not denies(theirs):
        yield "negation"
    up, down = points(words, "up"), points(words, "down")
    if (up and not down and not points(theirs, "up") and points(theirs, "down")) or (
        down and not up and not points(theirs, "down") and points(theirs, "up")
    ):
        yield "direction"


def _is_denied(words: Sequence[Word], alignment: Alignment, sources: Sequence[Source]) -> bool:
    """Tell whether a text says of what a sentence says that it is not so.

    "It is not the case that X", "X is hardly so": a denial that the sentence has not,
    and the rest is nearly a
    copy of it. What another sentence denies may be denied.
    """
    for gap in alignment.gaps:
        rest = len(words) - len(gap.ours)
        if rest < FEWEST_WORDS or len(alignment.pairs) < DENIED_COPY * rest:
            continue
        ours = _negations(gap.ours, "denial")
        is_new = len(ours) > len(_negations(gap.theirs, "denial"))
        if is_new and not any(_is_denied_elsewhere(_denied_word(words, word), sources) for word in ours):
            return True
    return False


def _denied_word(words: Sequence[Word], negation: Word) -> str:
    """Give the first word of meaning behind a negation; "" if none is."""
    strong = word_list("denial")
    behind = (word for word in words if word.start > negation.start and word.kind in _MEANING)
    return next((word.key for word in behind if not _is_in(word, strong)), "")


def _is_denied_elsewhere(key: str, sources: Sequence[Source]) -> bool:
    """Tell whether a sentence of the sources denies the same word."""
    rows = (row for source in sources for row in source.rows)
    return any(_denied_word(row, word) == key for row in rows for word in _negations(row, "denial"))


def denies(words: Sequence[Word]) -> bool:
    """Tell whether words deny anything, in a word of their own or inside another ("unbiased", "lossless")."""
    hidden = (word.raw.lower() for word in words if word.kind == "content")
    return bool(_negations(words)) or any(_HIDDEN_NEGATION.match(raw) for raw in hidden)


def _negations(words: Sequence[Word], name: str = "negation") -> list[Word]:
    """Give the words that deny, by a list: "negation", or "denial", a narrower one; "not only" is none."""
    listed = word_list(name)
    following = [*(word.key for word in words), ""][1:]
    pairs = zip(words, following[: len(words)], strict=True)
    return [word for word, after in pairs if _is_in(word, listed) and (word.key, after) != ("not", "only")]


def points(words: Sequence[Word], way: str) -> bool:
    """Tell whether words point a way, "up" or "down"."""
    return any(_is_in(word, word_list(way)) for word in words)


def _is_in(word: Word, listed: frozenset[str]) -> bool:
    return word.key in listed or word.raw.lower() in listed


def _strange_names(text: str, sources: Sequence[Source]) -> bool:
    known = [source_names(source.text) for source in sources]
    return any(not any(one.holds(name) for one in known) for name in names(text))


def _is_spliced(words: Sequence[Word], best: Alignment | None, sources: Sequence[Source]) -> bool:
    """Tell whether a text takes a long row of words each from two sentences."""
    if best is None or best.share >= NEAR_COPY:
        return False
    taken = {mine for mine, _ in best.pairs}
    rest = [word for at, word in enumerate(words) if at not in taken]
    return len(rest) >= FEWEST_WORDS and any(one.share >= NEAR_COPY for one in _laid(rest, sources))
