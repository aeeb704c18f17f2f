"""Give each work a few keys, so that two records of one work share one of them and few others do."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final
from zlib import crc32

from academichub.intake.matchwords import FORM_WORDS, SMALL_WORDS

if TYPE_CHECKING:
    from academichub.intake.matching import Prepared

VERSION: Final = 1  # of the keys: where it changes, kept keys must be made again

# Lengths chosen on the training and validation pairs of DBLP-ACM for recall, and on 56,881 arXiv records for
# small blocks; docs/matching.md has the figures.
_FRONT: Final = 22  # letters of the title without small words
_BACK: Final = 26
_CJK_SIDE: Final = 8  # characters
_LONGEST_WORDS: Final = 3
_PEOPLE: Final = 3
_FEW_LETTERS: Final = 4  # of the title, beside one or two names


def blocks(work: Prepared) -> tuple[int, ...]:
    """Give at most four keys, signed 64-bit, the same on every machine.

    The front and the back of the title, its longest words in any order, and the authors. Two works that
    share a key are worth comparing. A title without a word and a byline without a name give no key.
    """
    content = [word for word in work.title.words if word not in SMALL_WORDS and word not in FORM_WORDS]
    content = content or list(work.title.words)
    said: list[str] = []
    letters = "".join(content)
    if letters:
        if work.title.is_cjk:
            said += (f"f {letters[:_CJK_SIDE]}", f"b {letters[-_CJK_SIDE:]}", f"w {_rare_pairs(letters)}")
        else:
            said += (f"f {letters[:_FRONT]}", f"b {letters[-_BACK:]}", f"w {_longest(content)}")
    if work.byline.people:
        people = sorted(work.byline.people)[:_PEOPLE]
        title = letters[:_FEW_LETTERS] if len(people) < _PEOPLE else ""
        said.append(f"a {'|'.join(people)} {title}")
    return tuple([_key(one) for one in dict.fromkeys(said)])


def _longest(words: list[str]) -> str:
    """Join the longest words, which are the rare ones, in an order of their own."""
    return " ".join(sorted(sorted(set(words), key=lambda word: (-len(word), word))[:_LONGEST_WORDS]))


def _rare_pairs(letters: str) -> str:
    """Join three pairs of neighbouring characters, the same three wherever they stand."""
    pairs = {letters[place : place + 2] for place in range(max(len(letters) - 1, 1))}
    chosen = sorted(pairs, key=lambda pair: (crc32(pair.encode("utf-8", "replace")), pair))[:_LONGEST_WORDS]
    return " ".join(sorted(chosen))


def _key(text: str) -> int:
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
