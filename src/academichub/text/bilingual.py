"""Say in English what a Chinese text is about, by a glossary of research terms.

No model is needed: the terms lie in the folder `glossary` beside this module, one file per field, and the
names of arXiv's categories come from the taxonomy. What no term covers is reported and not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from academichub.model.taxonomy import active_categories

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable

BETWEEN_SIDES: Final = "\t"  # of a glossary line: Chinese, then English
BETWEEN_EQUIVALENTS: Final = "; "

# Letters of scripts that are written without spaces, and Hangul: for the glossary, or unknown. Other letters
# and digits are words that are kept.
_UNSPACED: Final = (
    "\u3005-\u3007\u3021-\u3029\u3041-\u30fa\u30fc-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u1100-\u11ff\uac00-\ud7a3\u0e01-\u0ece\u0f40-\u0fbc\u1000-\u1049\u1780-\u17d3"
)
_CHARACTER: Final = re.compile(f"[{_UNSPACED}]")
_LETTER: Final = rf"[^\W_{_UNSPACED}]"
_WORD: Final = re.compile(rf"{_LETTER}+(?:[-\u2010\u2011'\u2019.+/&_]{_LETTER}+)*(?:\+\+|\#)?")
_ONE_LETTER: Final = re.compile(_LETTER)
_SPACE: Final = re.compile(r"\s+")
_PARTS_ZH: Final = re.compile("[、与]")
_PARTS_EN: Final = re.compile(r",? and |, ")
_JOINERS: Final = re.compile(r"[\s\-\u2010-\u2013]+")
_FULL_WIDTH: Final = range(0xFF01, 0xFF5F)  # full-width ASCII, in ASCII's order from "!"
_WIDTH_STEP: Final = 0xFF01 - ord("!")
_SHORTEST_NAME: Final = 2  # one character of a category's name ("环", rings) stands in too many words


@dataclass(frozen=True, slots=True)
class Term:
    """A Chinese term and where it stands.

    `zh` is as the glossary writes it; `start` and `end` are offsets into the text as it was given. `en` holds
    the usual English equivalents, the most usual first, at least one.
    """

    zh: str
    start: int
    end: int
    en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """What a text says in English, as far as the glossary knows.

    `english` has the words that were English already and the first equivalent of each term, in the text's
    order, each once; `expanded` has all equivalents. `unknown` lists the rows of characters that neither a
    term nor a stop word covers, as written, each once.
    """

    terms: tuple[Term, ...]
    english: str
    expanded: str
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Glossary:
    """The terms and stop words, ready to be found. Keys are as `_folded` writes them."""

    zh_by_key: Mapping[str, str]
    en_by_key: Mapping[str, tuple[str, ...]]  # empty for a stop word
    lengths_by_first: Mapping[str, Sequence[int]]  # of the keys that begin so, the longest first


@dataclass(frozen=True, slots=True)
class _Span:
    """A part of the text that was read: a term, a stop word (no English), or a row of English words."""

    start: int
    end: int
    zh: str
    en: tuple[str, ...]


def to_english(text: str) -> Translation:
    """Translate term by term: the longest term at each place, from left to right.

    Words in other scripts are kept as written. Spaces beside a Chinese character do not count ("K 理论" is
    "K理论"), nor do case, full-width letters, or traditional characters whose simplified form is known.
    Takes time linear in the length of the text.
    """
    squeezed, offsets = _squeezed(text)
    key = _folded(squeezed)
    spans: list[_Span] = []
    unknown: list[str] = []
    for start, end, found in _walk(key, _glossary()):
        first, last = offsets[start], offsets[end - 1] + 1
        if found is None:
            unknown.append(squeezed[start:end])
        else:
            zh, en = found
            spans.append(_Span(first, last, zh, en or (() if zh else (text[first:last],))))
    return Translation(
        terms=tuple(Term(each.zh, each.start, each.end, each.en) for each in spans if each.zh and each.en),
        english=" ".join(_each_once(each.en[0] for each in spans if each.en)),
        expanded=" ".join(_each_once(one for each in spans for one in each.en)),
        unknown=tuple(dict.fromkeys(unknown)),
    )


def to_chinese(term: str) -> tuple[str, ...]:
    """Find the Chinese terms for an English one; those it is the most usual equivalent of come first.

    Case does not count, nor whether words are parted by spaces or hyphens. Empty when the glossary has none.
    """
    return _chinese_by_english().get(_english_key(term), ())


def glossary_lines(folder: Traversable) -> Iterator[tuple[str, str]]:
    """Give each line of a folder's .tsv files with the file's name, by file, in the order written."""
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".tsv"):
            yield from ((file.name, line) for line in file.read_text(encoding="utf-8").splitlines())


def glossary_folder() -> Traversable:
    """Name the folder of the glossary's files."""
    return files("academichub.text").joinpath("glossary")


def _walk(key: str, glossary: _Glossary) -> Iterator[tuple[int, int, tuple[str, tuple[str, ...]] | None]]:
    """Give what is found, in order: (start, end, (term, equivalents)).

    A row of unknown characters has None in place of the pair. A row of English words has neither a term nor
    equivalents; a stop word has no equivalents.
    """
    at = 0
    words_from = unknown_from = -1  # where the open row begins; -1 where none is open
    words_to = 0
    while at < len(key):
        end = _longest(key, at, glossary)
        word = None if end else _WORD.match(key, at)
        is_unknown = not end and not word and bool(_CHARACTER.match(key, at))
        if unknown_from >= 0 and not is_unknown:
            yield unknown_from, at, None
            unknown_from = -1
        if words_from >= 0 and not word and not key[at].isspace():
            yield words_from, words_to, ("", ())
            words_from = -1
        if end:
            found = key[at:end]
            yield at, end, (glossary.zh_by_key[found], glossary.en_by_key[found])
        elif word:
            words_from = at if words_from < 0 else words_from
            words_to = word.end()
        elif is_unknown and unknown_from < 0:
            unknown_from = at
        at = end or (word.end() if word else at + 1)
    if unknown_from >= 0:
        yield unknown_from, at, None
    if words_from >= 0:
        yield words_from, words_to, ("", ())


def _longest(key: str, start: int, glossary: _Glossary) -> int:
    """Find where the longest term or stop word that begins here ends, or 0.

    A term that ends with a letter ("维生素D") does not end inside a word ("维生素D3").
    """
    for length in glossary.lengths_by_first.get(key[start], ()):
        end = start + length
        if end > len(key) or key[start:end] not in glossary.en_by_key:
            continue
        if not (_ONE_LETTER.match(key, end - 1) and _ONE_LETTER.match(key, end)):
            return end
    return 0


def _squeezed(text: str) -> tuple[str, Sequence[int]]:
    """Take out the spaces beside a Chinese character; give the text and where each character stood."""
    kept: list[int] = []
    done = 0
    for gap in _SPACE.finditer(text):
        if _CHARACTER.match(text, gap.end()) or (gap.start() and _CHARACTER.match(text, gap.start() - 1)):
            kept.extend(range(done, gap.start()))
            done = gap.end()
    kept.extend(range(done, len(text)))
    return "".join([text[at] for at in kept]), kept


def _folded(text: str) -> str:
    """Write simplified, ASCII and small letters where the text has others. The length stays."""
    return text.translate(_simple_forms())


def _each_once(pieces: Iterable[str]) -> Iterable[str]:
    """Leave out what was said before, however it was cased."""
    first_by_key: dict[str, str] = {}
    for piece in pieces:
        first_by_key.setdefault(_english_key(piece), piece)
    return first_by_key.values()


def _english_key(term: str) -> str:
    return _JOINERS.sub(" ", term).strip().casefold()


@cache
def _simple_forms() -> Mapping[int, str]:
    """Read the map: traditional to simplified characters, full-width to ASCII, capitals to small letters."""
    groups = glossary_folder().joinpath("traditional.txt").read_text(encoding="utf-8").split()
    simple = {ord(traditional): group[0] for group in groups for traditional in group[1:]}
    wide = {code: chr(code - _WIDTH_STEP).lower() for code in _FULL_WIDTH}
    capital = {code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}
    return simple | wide | capital


@cache
def _terms() -> Mapping[str, tuple[str, ...]]:
    """Read the equivalents of every term. The glossary's own lines go before the taxonomy's names."""
    en_by_zh: dict[str, tuple[str, ...]] = {}
    for _, line in glossary_lines(glossary_folder()):
        zh, _, en = line.partition(BETWEEN_SIDES)
        en_by_zh[zh] = tuple(en.split(BETWEEN_EQUIVALENTS))
    for zh, one in _category_names():
        en_by_zh.setdefault(zh, (one,))
    return en_by_zh


def _category_names() -> Iterator[tuple[str, str]]:
    """Give the Chinese and English names of arXiv's categories, and of their parts where both have as many.

    "计算机视觉与模式识别" is also "计算机视觉" and "模式识别".
    """
    for each in active_categories():
        zh = _SPACE.sub("", each.title_zh)
        if "（" in zh or zh.startswith("其他"):  # explained in brackets, or "Other ...": nobody's interest
            continue
        yield zh, each.title_en
        parts_zh, parts_en = _PARTS_ZH.split(zh), _PARTS_EN.split(each.title_en)
        are_alike = len(parts_zh) == len(parts_en)
        for part, one in zip(parts_zh, parts_en, strict=True) if are_alike else ():
            if len(part) >= _SHORTEST_NAME and part not in _stop_words():
                yield part, one


@cache
def _stop_words() -> frozenset[str]:
    """Read the words that say that something is sought, not what."""
    return frozenset(glossary_folder().joinpath("stopwords.txt").read_text(encoding="utf-8").split())


@cache
def _glossary() -> _Glossary:
    """Put terms and stop words together. The files do not let a word be both."""
    zh_by_key = {_folded(zh): zh for zh in (*_stop_words(), *_terms())}
    en_by_key = {key: _terms().get(zh, ()) for key, zh in zh_by_key.items()}
    lengths: dict[str, set[int]] = {}
    for key in en_by_key:
        lengths.setdefault(key[0], set()).add(len(key))
    return _Glossary(
        zh_by_key=zh_by_key,
        en_by_key=en_by_key,
        lengths_by_first={first: sorted(some, reverse=True) for first, some in lengths.items()},
    )


@cache
def _chinese_by_english() -> Mapping[str, tuple[str, ...]]:
    """Turn the glossary round."""
    ranked: dict[str, list[tuple[int, str]]] = {}
    for zh, equivalents in _terms().items():
        for rank, one in enumerate(equivalents):
            ranked.setdefault(_english_key(one), []).append((rank, zh))
    return {
        key: tuple(zh for _, zh in sorted(found, key=lambda pair: pair[0])) for key, found in ranked.items()
    }
