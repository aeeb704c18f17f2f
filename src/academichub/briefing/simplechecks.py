"""Check sentences the simple way, for comparison: what our checks are measured against."""

from __future__ import annotations

from typing import Final

from academichub.briefing.quantities import NUMBER_WORDS
from academichub.briefing.wording import content, cut_words, names, source_names, word_list

_TURNING: Final = ("negation", "up", "down")


def is_outside_sets(sentence: str, source: str) -> bool:
    """Tell whether a sentence has a number, a name, a negation or a direction that its source has nowhere.

    Sets are compared: where something stands, and which number belongs to which word, does not count.
    """
    if _numbers(sentence) - _numbers(source):
        return True
    known = source_names(source)
    if any(not known.holds(name) for name in names(sentence)):
        return True
    ours, theirs = _keys(sentence), _keys(source)
    return any(ours & word_list(name) and not theirs & word_list(name) for name in _TURNING)


def has_new_words(sentence: str, source: str) -> bool:
    """Tell whether a sentence has any number or any word of meaning that its source has not."""
    return bool(_numbers(sentence) - _numbers(source) or set(content(sentence)) - set(content(source)))


def _keys(text: str) -> set[str]:
    return {key for word in cut_words(text) for key in (word.key, word.raw.lower())}


def _numbers(text: str) -> set[str]:
    raw = [word.raw for word in cut_words(text) if word.kind == "number"]
    return {str(NUMBER_WORDS.get(number, number)) for number in raw}
