"""Show people what changed between two versions of a text. Reads nothing, writes nothing.

Words are compared, not characters; Chinese, Japanese and Korean text is compared by characters. Formulas,
numbers and addresses are never cut. What only looks different (white space, the shape of quotation marks and
dashes, hyphens between words and at the ends of lines, ligatures) is no change.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

_Pair: TypeAlias = tuple[int, int]  # the place of a word in the old text, and of its like in the new one

# Longer texts are compared at both ends only; the middle is one change.
MOST_WORDS: Final = 20_000
MOST_CHARACTERS: Final = 160_000
# What lies between two equal sentences is compared word by word while the words of both sides, multiplied,
# are at most this: 4,000 against 4,000, some 10 ms and 2 MB. Beyond, it is one change.
MOST_CELLS: Final = 16_000_000
RUN: Final = 3  # words that must agree in a row before single words are looked at
# Common words between two changes are shown as changed with them, if they are few for the changes' size. Ink
# is what can be seen of a text, in letters. Chosen by eye on real revisions (sentences of arXivEdits).
ISLAND_INK: Final = 12
ISLAND_SHARE: Final = 1 / 8
CJK_INK: Final = 2  # one character says as much as a short syllable
MOST_SLIDES: Final = 200


class Change(StrEnum):
    """What became of a piece of text."""

    EQUAL = "equal"
    GONE = "gone"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, went or came.

    `text` is what to show: of what stayed, the new spelling. `was` is the old spelling of what stayed, where
    it differs in looks.
    """

    kind: Change
    text: str
    was: str | None = None


def difference(old: str, new: str) -> tuple[Piece, ...]:
    """Compare two versions of a text.

    Args:
        old: The earlier version, as it is to be shown.
        new: The later one.

    Returns:
        Pieces in reading order; between two that stayed, what went stands before what came. `before_text`
        and `after_text` give back exactly what came in. Of texts of more than 20,000 words, or 160,000
        characters, only what they begin and end with in common is told from the rest.
    """
    if old == new:
        return (Piece(Change.EQUAL, new),) if new else ()
    if max(len(old), len(new)) > MOST_CHARACTERS:
        return _roughly(old, new)
    keys = _Keys()
    first, second = _cut(old, keys), _cut(new, keys)
    blocks = _blocks(_pairs(first, second), len(first.keys), len(second.keys))
    for block in blocks:
        block.see_through(first, second)
    blocks = _merged(blocks)
    _slide(blocks, first, second)
    return tuple(_shown(_without_islands(_merged(blocks), first, second), first, second))


def before_text(pieces: Iterable[Piece]) -> str:
    """Join the old text again."""
    kept = (piece for piece in pieces if piece.kind is not Change.ADDED)
    return "".join([piece.text if piece.was is None else piece.was for piece in kept])


def after_text(pieces: Iterable[Piece]) -> str:
    """Join the new text again."""
    return "".join([piece.text for piece in pieces if piece.kind is not Change.GONE])


def share_changed(pieces: Iterable[Piece]) -> float:
    """Say how much of both texts together went or came.

    Returns:
        Characters that went or came over the characters of both texts, blanks not counted and a Chinese
        character counted as two: 0.0 where all stayed, 1.0 where nothing did.
    """
    ink = Counter[Change]()
    for piece in pieces:
        ink[piece.kind] += _ink(piece.text)
    changed = ink[Change.GONE] + ink[Change.ADDED]
    return changed / (changed + 2 * ink[Change.EQUAL]) if changed else 0.0


# -- words ----------------------------------------------------------------------------------------

_CJK: Final = (
    "\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_BLANK: Final = r"[\s\u00ad\u200b-\u200f\u2060\ufeff]"
_LETTER: Final = rf"[^\W_{_CJK}]"
_MARK: Final = r"[\u0300-\u036f\u00ad\u200b-\u200d\u2060]"
_WORD: Final = rf"{_LETTER}++(?:{_MARK}++{_LETTER}*+)*+"
_DASHES: Final = r"\-\u2010-\u2015\u2212"
_TOKEN: Final = re.compile(
    rf"""
    (
        \$\$ (?:[^$\\]|\\[\s\S]){{1,2000}}+ \$\$
      | \$(?![\s$]) (?:[^$\\]|\\[\s\S]){{1,1000}}+ (?<!\s)\$(?!\d)
      | \\\( (?:[^\\]|\\(?![()])[\s\S]){{1,1000}}+ \\\)
      | \\\[ (?:[^\\]|\\(?![\[\]])[\s\S]){{1,2000}}+ \\\]
      | https?:// [^\s<>"]{{0,300}} [^\s<>".,;:!?)\]}}]
      | (?:(?<![^\W_])[+{_DASHES}])? \d++(?:[.,]\d++)*+ (?:[eE][+{_DASHES}]?\d++)?+ (?:\s?\\?[%‰])?+
        (?!{_LETTER})
      | {_WORD} (?:['\u2019\u02bc]{_WORD} | (?:[\-\u2010\u2011]|(?<=\d)[.,])\d++(?:{_WORD})?+)*+
      | [{_CJK}]
      | \\[A-Za-z]++
      | [{_DASHES}]++
      | '' | ``
      | \.\.\.
      | \\?[\s\S]
    )
    ((?:[\-\u2010\u2011\u2013]|--)(?={_LETTER}(?<!\d)) | -[ \t]*\r?\n\s*(?={_LETTER}) | {_BLANK}*+)
    """,
    re.VERBOSE,
)
_NOT_INK: Final = re.compile(rf"{_BLANK}+")
_HYPHEN: Final = re.compile(
    rf"(?<={_LETTER})(?<!\d)(?:-[ \t]*\r?\n\s*|--|[\-\u2010\u2011\u2013])(?={_LETTER}(?<!\d))"
)
_CJK_CHARACTER: Final = re.compile(rf"[{_CJK}]")
# Blanks mean nothing in a formula, except between letters: "\alpha b".
_FORMULA_BLANK: Final = re.compile(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z])")
_FORMULA: Final = re.compile(r"(\$\$?|\\\(|\\\[)(.+?)(\$\$?|\\\)|\\\])", re.DOTALL)
_PLAIN_WORD: Final = re.compile(r"[A-Za-z0-9.,]+")

_SAME: Final = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc`\u00b4", "'"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060", None),
        **{chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)},
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
        "\u2026": "...",
        "\u00b5": "\u03bc",
    }
)
_SAME_WHOLE: Final = {"''": '"', "\\ldots": "...", "\\dots": "..."}
_SENTENCE_ENDS: Final = frozenset((".", "!", "?", "\u3002", ";", "..."))


class _Words(NamedTuple):
    """A text cut into words. Joined, `spellings` are the text: each ends in its tail, blanks or a hyphen."""

    spellings: list[str]
    tails: list[str]
    keys: list[int]  # equal for words that differ in looks only
    ends: list[bool]  # the word is the last of a sentence


class _Keys:
    """Gives equal numbers to words that differ in looks only."""

    def __init__(self) -> None:
        self._by_core: dict[str, int] = {}
        self._by_form: dict[str, int] = {}

    def of(self, core: str) -> int:
        key = self._by_core.get(core)
        if key is None:
            key = self._by_form.setdefault(_form(core), len(self._by_form))
            self._by_core[core] = key
        return key


def _form(core: str) -> str:
    """Spell a word the one way that stands for all that differ in looks only."""
    if _PLAIN_WORD.fullmatch(core):
        return core
    formula = _FORMULA.fullmatch(core)
    if formula:
        body = " ".join(_FORMULA_BLANK.sub("", formula[2].strip()).split())
        return f"${body.translate(_SAME)}$"
    text = unicodedata.normalize("NFC", "".join(core.split()).translate(_SAME))
    if text.strip("-") == "":
        return text[:1]
    text = _SAME_WHOLE.get(text, text)
    return text.replace("\\", "") if text[-1:] in "%&_#$‰" else text


def _cut(text: str, keys: _Keys) -> _Words:
    lead = len(text) - len(text.lstrip())
    found = _TOKEN.findall(text, lead) or [("", "")] * bool(text)
    spellings = [core + tail for core, tail in found]
    if lead:
        spellings[0] = text[:lead] + spellings[0]
    numbers = [keys.of(core) for core, _tail in found]
    ends = {keys.of(form) for form in _SENTENCE_ENDS}
    return _Words(spellings, [tail for _core, tail in found], numbers, [key in ends for key in numbers])


# -- what belongs together ------------------------------------------------------------------------


class _Gap(NamedTuple):
    """Words that are still to be compared: old[old_from:old_to] and new[new_from:new_to]."""

    old_from: int
    old_to: int
    new_from: int
    new_to: int


def _pairs(old: _Words, new: _Words) -> list[_Pair]:
    """Pair the words that stayed, in order: from what is surest to what is left between."""
    is_short = max(len(old.keys), len(new.keys)) <= MOST_WORDS
    pairs: list[_Pair] = []
    gaps = [_Gap(0, len(old.keys), 0, len(new.keys))]
    for layer in LAYERS if is_short else (_same_ends,):
        left: list[_Gap] = []
        for gap in gaps:
            found = layer(old, new, gap)
            pairs += found
            left += _between(found, gap)
        gaps = left
    return sorted(pairs)


def _between(pairs: Iterable[_Pair], gap: _Gap) -> Iterator[_Gap]:
    """List the gaps that pairs leave; those with nothing on one side are no longer compared."""
    old_from, new_from = gap.old_from, gap.new_from
    for old_at, new_at in (*pairs, (gap.old_to, gap.new_to)):
        if old_from < old_at and new_from < new_at:
            yield _Gap(old_from, old_at, new_from, new_at)
        old_from, new_from = old_at + 1, new_at + 1


def _same_ends(old: _Words, new: _Words, gap: _Gap) -> list[_Pair]:
    """Pair what both sides begin with, and what both end with."""
    first, second = old.keys[gap.old_from : gap.old_to], new.keys[gap.new_from : gap.new_to]
    most = min(len(first), len(second))
    head = next((at for at in range(most) if first[at] != second[at]), most)
    tail = next((at for at in range(most - head) if first[-1 - at] != second[-1 - at]), most - head)
    return [
        *[(gap.old_from + at, gap.new_from + at) for at in range(head)],
        *[(gap.old_to - at, gap.new_to - at) for at in range(tail, 0, -1)],
    ]


def _same_sentences(old: _Words, new: _Words, gap: _Gap) -> list[_Pair]:
    """Pair whole sentences."""
    first = _sentences(old, gap.old_from, gap.old_to)
    second = _sentences(new, gap.new_from, gap.new_to)
    if len(first) * len(second) > MOST_CELLS:
        return []
    common = _longest_common([keys for _at, keys in first], [keys for _at, keys in second])
    return [
        (first[one][0] + step, second[other][0] + step)
        for one, other in common
        for step in range(len(first[one][1]))
    ]


def _sentences(words: _Words, start: int, stop: int) -> list[tuple[int, tuple[int, ...]]]:
    """Cut words into sentences: where each begins, and its keys."""
    cuts = [start, *[at + 1 for at in range(start, stop - 1) if words.ends[at]], stop]
    return [(one, tuple(words.keys[one:other])) for one, other in pairwise(cuts)]


def _same_runs(old: _Words, new: _Words, gap: _Gap, *, run: int = RUN) -> list[_Pair]:
    """Pair words that agree with the words after them, so that no lone "the" draws a phrase apart."""
    if (gap.old_to - gap.old_from) * (gap.new_to - gap.new_from) > MOST_CELLS:
        return []
    first = list(zip(*[old.keys[gap.old_from + at : gap.old_to] for at in range(run)], strict=False))
    second = list(zip(*[new.keys[gap.new_from + at : gap.new_to] for at in range(run)], strict=False))
    return [(gap.old_from + one, gap.new_from + other) for one, other in _longest_common(first, second)]


_same_words: Final = partial(_same_runs, run=1)
LAYERS: Final = (_same_ends, _same_sentences, _same_ends, _same_runs, _same_ends, _same_words)


def _longest_common(first: Sequence[Hashable], second: Sequence[Hashable]) -> list[_Pair]:
    """Find a longest common subsequence, as index pairs in order.

    Each row of the usual table is one big number: a bit is 0 where the row grows by one.

    Source:
        Hyyrö, "Bit-parallel LCS-length computation revisited" (2004).
    """
    places: dict[Hashable, int] = {}
    for at, key in enumerate(second):
        places[key] = places.get(key, 0) | 1 << at
    everything = (1 << len(second)) - 1
    row = everything
    rows = []
    for key in first:
        common = row & places.get(key, 0)
        if common:
            row = (row + common | row - common) & everything
        rows.append(row)
    found: list[_Pair] = []
    one, other = len(first), len(second)
    while one and other:
        bit = 1 << other - 1
        if rows[one - 1] & bit:
            other -= 1
        elif one > 1 and not rows[one - 2] & bit:
            one -= 1
        else:
            one, other = one - 1, other - 1
            found.append((one, other))
    return found[::-1]


# -- for people to read ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Block:
    """A stretch of both texts that stayed, or changed."""

    is_equal: bool
    old_from: int
    old_to: int
    new_from: int
    new_to: int

    @property
    def slack(self) -> int:
        """How many pairs of words a stretch that stayed can give away."""
        return min(self.old_to - self.old_from, self.new_to - self.new_from, MOST_SLIDES)

    def move(self, *, start: int = 0, end: int = 0) -> None:
        self.old_from, self.new_from = self.old_from + start, self.new_from + start
        self.old_to, self.new_to = self.old_to + end, self.new_to + end

    def take(self, following: _Block) -> None:
        self.old_to, self.new_to = following.old_to, following.new_to

    def texts(self, old: _Words, new: _Words) -> tuple[str, str]:
        was = "".join(old.spellings[self.old_from : self.old_to])
        return was, "".join(new.spellings[self.new_from : self.new_to])

    def see_through(self, old: _Words, new: _Words) -> None:
        """Know a change of looks that moved the borders of words: "real-time" and "realtime"."""
        was, text = self.texts(old, new)
        self.is_equal = self.is_equal or _bare(was) == _bare(text)

    def ink(self, old: _Words, new: _Words) -> int:
        """Count the ink of its longer side; of much that stayed, only that it is too much for an island."""
        if self.is_equal and self.old_to - self.old_from > ISLAND_INK:
            return ISLAND_INK + 1
        weight = 1 if self.is_equal else CJK_INK  # one character between two changes says little
        return max(_ink(text, cjk=weight) for text in self.texts(old, new))


def _bare(text: str) -> str:
    return " ".join(_HYPHEN.sub("", text).translate(_SAME).split())


def _ink(text: str, *, cjk: int = CJK_INK) -> int:
    seen = _NOT_INK.sub("", text)
    return len(seen) + (cjk - 1) * len(_CJK_CHARACTER.findall(seen))


def _blocks(pairs: Iterable[_Pair], old_count: int, new_count: int) -> list[_Block]:
    """Gather pairs into blocks that stayed and changed, in turn."""
    blocks: list[_Block] = []
    start = at = (0, 0)
    for pair in (*pairs, (old_count, new_count)):
        if pair != at:
            blocks.append(_Block(True, start[0], at[0], start[1], at[1]))
            blocks.append(_Block(False, at[0], pair[0], at[1], pair[1]))
            start = pair
        at = (pair[0] + 1, pair[1] + 1)
    blocks.append(_Block(True, start[0], old_count, start[1], new_count))
    return _merged(blocks)


def _merged(blocks: Iterable[_Block]) -> list[_Block]:
    """Leave out empty blocks, and join neighbours of one kind."""
    merged: list[_Block] = []
    for block in blocks:
        if block.old_from == block.old_to and block.new_from == block.new_to:
            continue
        if merged and merged[-1].is_equal == block.is_equal:
            merged[-1].take(block)
        else:
            merged.append(block)
    return merged


def _slide(blocks: list[_Block], old: _Words, new: _Words) -> None:
    """Move what only came, or only went, to where a sentence begins, if the words allow it.

    "We show A. We show B. We show C." against "We show A. We show C.": what went is "We show B.", and not
    "B. We show".
    """
    for before, block, after in zip(blocks, blocks[1:], blocks[2:], strict=False):
        is_gone, is_added = block.old_from < block.old_to, block.new_from < block.new_to
        if block.is_equal or (is_gone and is_added):
            continue
        words, start, stop, other, at = (
            (old, block.old_from, block.old_to, new, block.new_from)
            if is_gone
            else (new, block.new_from, block.new_to, old, block.old_from)
        )
        keys, others = words.keys, other.keys
        back = forth = 0
        while (
            back < before.slack and keys[start - back - 1] == keys[stop - back - 1] == others[at - back - 1]
        ):
            back += 1
        while forth < after.slack and keys[start + forth] == keys[stop + forth] == others[at + forth]:
            forth += 1
        places = range(start - back, start + forth + 1)
        begins = [place for place in places if place == 0 or words.ends[place - 1]]
        by = min([place - start for place in begins], key=abs, default=0)
        before.move(end=by)
        block.move(start=by, end=by)
        after.move(start=by)


def _without_islands(blocks: Iterable[_Block], old: _Words, new: _Words) -> list[_Block]:
    """Show the few words between two changes as changed, too: a text in shreds is hard to read."""
    sized = [(block, block.ink(old, new)) for block in blocks]
    while True:
        joined: list[tuple[_Block, int]] = []
        following = [*[ink for _block, ink in sized[1:]], -1]
        for (block, ink), next_ink in zip(sized, following, strict=True):
            last_ink = joined[-1][1] if joined else -1
            around = min(last_ink, next_ink, (last_ink + next_ink) * ISLAND_SHARE)
            is_island = block.is_equal and ink <= min(ISLAND_INK, around)
            if joined and (is_island or joined[-1][0].is_equal == block.is_equal):
                joined[-1][0].take(block)
                joined[-1] = (joined[-1][0], last_ink + ink)
            else:
                joined.append((block, ink))
        if len(joined) == len(sized):
            return [block for block, _ink in joined]
        sized = joined


def _shown(blocks: Sequence[_Block], old: _Words, new: _Words) -> Iterator[Piece]:
    tail = ""
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        was, text = block.texts(old, new)
        if not block.is_equal:
            yield from [Piece(Change.GONE, tail + was)] * bool(was)
            yield from [Piece(Change.ADDED, text)] * bool(text)
            continue
        # Blanks that the new text no longer has go with the words that went, or those would stick to these.
        is_before_gone = following is not None and following.old_from < following.old_to
        tail = old.tails[block.old_to - 1] if is_before_gone and not new.tails[block.new_to - 1] else ""
        was = was.removesuffix(tail)
        yield Piece(Change.EQUAL, text, None if was == text else was)


# -- texts that are too long ----------------------------------------------------------------------


def _roughly(old: str, new: str) -> tuple[Piece, ...]:
    """Tell what both texts begin and end with, up to whole words, from the rest."""
    most = min(len(old), len(new))
    head = bisect_left(range(1, most + 1), True, key=lambda size: old[:size] != new[:size])
    head = max(new.rfind(" ", 0, head), new.rfind("\n", 0, head)) + 1
    most -= head
    tail = bisect_left(range(1, most + 1), True, key=lambda size: old[-size:] != new[-size:])
    start = len(new) - tail
    blanks = [at for at in (new.find(" ", start), new.find("\n", start)) if at >= 0]
    tail = len(new) - min(blanks, default=len(new))
    pieces = (
        Piece(Change.EQUAL, new[:head]),
        Piece(Change.GONE, old[head : len(old) - tail]),
        Piece(Change.ADDED, new[head : len(new) - tail]),
        Piece(Change.EQUAL, new[len(new) - tail :]),
    )
    return tuple([piece for piece in pieces if piece.text])
