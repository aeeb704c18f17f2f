"""Compare two lists of authors: initials, either order of names, accents, lists that were cut short."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.intake.matchtitles import letter_ratio
from academichub.intake.matchwords import words as words_of
from academichub.text.titles import bare

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

MOST_PEOPLE: Final = 4000  # of a list that are looked at; the largest collaborations have 3,500
LONGEST_NAME: Final = 200  # characters
_HAN: Final = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_NO_APOSTROPHES: Final = str.maketrans("", "", "'’´ʼ")
_SUFFIXES: Final = words_of("jr sr ii iii iv phd md dr prof")
_PARTICLES: Final = words_of(
    "van von der den de la le las los del della di da do dos du des ten ter te zu y e"
)
# What stands at the end of a list, or of its last name, where the rest is left out.
_OTHERS: Final = re.compile(
    r"[\s,;]*(?:\b(?:et\.?\s?al|and\s(?:others|colleagues)|others)\b|等人?|…|\.\.\.)[\s.]*$"
)
_OTHERS_END: Final = ("al", "al.", "others", "colleagues", "等", "等人", "…", "...")
_BODIES: Final = words_of(
    "collaboration collaborations consortium group team committee network initiative investigators society",
    "institute university association corporate organization project laboratory",
)
_BODY_NOISE: Final = words_of("the for on behalf of and corporate")
_ODD: Final = _SUFFIXES | _PARTICLES | _BODIES  # names without any of these are the most
# Short names that do not begin like the long ones.
_NICKNAMES: Final = {
    short: long
    for long, shorts in (
        ("robert", "bob rob"),
        ("william", "bill will"),
        ("richard", "dick rick"),
        ("edward", "ted ed"),
        ("john", "jack"),
        ("anthony", "tony"),
        ("lawrence", "larry"),
        ("henry", "hank harry"),
        ("margaret", "peggy meg"),
        ("elizabeth", "liz betty beth"),
        ("alexander", "sandy sasha alex"),
        ("michael", "mike mick"),
        ("mikhail", "misha"),
        ("nikolai", "kolya"),
        ("vladimir", "volodya"),
        ("james", "jim"),
        ("charles", "chuck"),
        ("eugene", "gene"),
        ("albert", "bert"),
    )
    for short in shorts.split()
}
_FEW_LETTERS: Final = 3  # a run of capitals as short is initials: "Wu YL"
_MOST_LEFT: Final = 10  # names left over on a side that are compared one by one
_SHORTEST_MISSPELT: Final = 4  # letters
# How sure two written names are one person's; what is less than ENOUGH is two people.
_ONE: Final = 1.0
_NEARLY: Final = 0.9
_PERHAPS: Final = 0.8
_ENOUGH: Final = 0.5
_HARDLY: Final = 0.3
_CLOSE_SURNAMES: Final = 0.8  # `letter_ratio`
_CLOSE_GIVEN: Final = 0.7


class Person(NamedTuple):
    """A name taken apart, in small letters without accents."""

    last: str  # all of it, for Chinese names and for bodies
    given: tuple[str, ...]
    key: str  # surname and first initial
    whole: str  # all words as they stand, glued
    sort: str  # "latin", "han" or "body": names of two sorts cannot be compared


class Byline(NamedTuple):
    """A list of authors taken apart; namesakes are one."""

    people: Mapping[str, Person]  # by key
    sorts: frozenset[str]
    is_cut: bool  # "et al."


class Agreement(NamedTuple):
    """How far two bylines agree."""

    share: float  # of the shorter one's people, in [0, 1]
    matched: float  # people in both
    longer: float  # people only the longer one has, as a share of it; 0 where a list was cut short


def read_byline(names: Sequence[str]) -> Byline:
    """Take a list of names apart; "Last, First" and "First Last" are both read."""
    people: dict[str, Person] = {}
    sorts: set[str] = set()
    is_cut = False
    for name in names[:MOST_PEOPLE]:
        if name.endswith(_OTHERS_END) and (others := _OTHERS.search(name[-LONGEST_NAME:].rstrip().lower())):
            is_cut = True
            person = read_person(name[-LONGEST_NAME:][: others.start()])
        else:
            person = read_person(name)
        if person is not None:
            people[person.key] = person
            sorts.add(person.sort)
    return Byline(people, frozenset(sorts), is_cut)


def read_person(name: str) -> Person | None:
    """Take one name apart, or give None where there is none."""
    if name.isascii() and len(name) <= LONGEST_NAME:
        # Most names: Latin letters, dots and hyphens. Taken apart without searching.
        words = name.lower().replace(".", " ").replace("-", " ").split()
        if len(words) > 1 and "".join(words).isalpha() and _ODD.isdisjoint(words):
            return _person(words, name)
    name = name[:LONGEST_NAME]
    if not name.isascii() and (han := _HAN.findall(name)):
        return _single("".join(han), sort="han")
    front, comma, rest = bare(name).translate(_NO_APOSTROPHES).partition(",")
    words = _WORD.findall(front)
    if comma:
        words = [word for word in _WORD.findall(rest) if word not in _SUFFIXES] + words
    if len(words) < 2:  # noqa: PLR2004  one name
        # A letter alone is what is left of a name that was cut off.
        return _single(words[0], sort="latin") if words and len(words[0]) > 1 else None
    if not _ODD.isdisjoint(words):
        if not _BODIES.isdisjoint(words):
            return _single(" ".join(word for word in words if word not in _BODY_NOISE), sort="body")
        words = _without_small(words)
    return _person(words, name)


def _single(name: str, *, sort: str) -> Person:
    return Person(name, (), name, name, sort)


def _without_small(words: list[str]) -> list[str]:
    """Take suffixes off the end and particles out of the middle; a first and a last name stay."""
    while len(words) > 2 and words[-1] in _SUFFIXES:  # noqa: PLR2004  a first and a last name
        words.pop()
    return [words[0], *(word for word in words[1:-1] if word not in _PARTICLES), words[-1]]


def _person(words: list[str], written: str) -> Person:
    """Tell surname from given names, of two words or more in reading order."""
    whole = "".join(words)
    last = words.pop()
    if len(last) == 1 or (len(last) <= _FEW_LETTERS and _ends_in_initials(written)):
        initials, last = last, words.pop()
        words = [*initials, *words]
    return Person(last, tuple(words), f"{last} {words[0][0]}", whole, "latin")


def _ends_in_initials(written: str) -> bool:
    """Tell "Beethoven LV" from "Ludwig Li" and from a name all in capitals."""
    words = written.split()
    return words[-1].isupper() and not words[0].isupper()


def people_among(words: Collection[str], byline: Byline) -> list[Person]:
    """List those of a byline whose surnames stand among some words."""
    return [person for person in byline.people.values() if person.last in words]


# -- two lists ------------------------------------------------------------------------------------


def compare_bylines(one: Byline, other: Byline) -> Agreement | None:
    """Say how far two lists agree; None where they cannot be compared.

    Nothing can be said where a list is empty, where one is in Chinese characters and the other in Latin
    letters, or where one names people and the other a collaboration.
    """
    a, b = _comparable(one, other)
    if not a or not b:
        return None
    few, many = (a, b) if len(a) <= len(b) else (b, a)
    shared = few.keys() & many.keys()
    matched = sum([_given_agree(few[key].given, many[key].given) for key in sorted(shared)])
    if len(shared) < len(few):
        rest = [few[key] for key in few if key not in shared]
        matched += _match_rest(rest, [many[key] for key in many if key not in shared])
    longer = 0.0 if one.is_cut or other.is_cut else 1 - len(few) / len(many)
    return Agreement(matched / len(few), matched, longer)


def _comparable(one: Byline, other: Byline) -> tuple[Mapping[str, Person], Mapping[str, Person]]:
    """Drop from each list what is of a sort the other has nobody of."""
    if one.sorts == other.sorts:
        return one.people, other.people
    common = one.sorts & other.sorts
    a, b = (
        {key: person for key, person in byline.people.items() if person.sort in common}
        for byline in (one, other)
    )
    return a, b


def _match_rest(few: list[Person], many: list[Person]) -> float:
    """Pair people whose keys differ, each with the one closest to it; give how many are paired."""
    if len(few) > _MOST_LEFT or len(many) > _MOST_LEFT:
        return 0.0
    matched = 0.0
    left = list(many)
    for person in few:
        words = {person.last, *person.given}
        close = [
            (_are_one(person, someone), -place)
            for place, someone in enumerate(left)
            if someone.last[0] == person.last[0]
            or someone.last in words
            or not words.isdisjoint(someone.given)
        ]
        sureness, place = max(close, default=(0.0, 0))
        if sureness >= _ENOUGH:
            matched += sureness
            left.pop(-place)
    return matched


def _are_one(p: Person, q: Person) -> float:
    """Tell how sure two names with different keys are one person's, in [0, 1]."""
    if p.sort == "body":
        one, other = set(p.last.split()), set(q.last.split())
        return len(one & other) / min(len(one), len(other)) if p.sort == q.sort else 0.0
    if p.whole == q.whole:
        return _ONE  # "chen chuan chang" and "chenchuan chang"; an accent that was parted from its word
    if p.sort == "han":
        return 0.0
    if p.last == q.last:
        return _NEARLY if _share_a_word(p.given, q.given) or _are_nicknamed(p.given, q.given) else _HARDLY
    if p.given and q.given:
        if _are_swapped(p, q) or _are_swapped(q, p):
            return _NEARLY
        if (p.last in q.given or q.last in p.given) and _given_agree(p.given, q.given) == _ONE:
            return _PERHAPS  # "garcia molina" and "garcia", "anna roe" and "anna roe smith"
    is_short = min(len(p.last), len(q.last)) < _SHORTEST_MISSPELT
    if is_short or letter_ratio(p.last, q.last) < _CLOSE_SURNAMES:
        return 0.0
    return _PERHAPS * _given_agree(p.given, q.given)


def _are_swapped(p: Person, q: Person) -> bool:
    """True for "zhang wei" and "w zhang", "zhang wei" and "wei zhang", "wu yl" and "yi leh wu"."""
    if p.given[0] != q.last:
        return False
    return (
        "".join((*p.given[1:], p.last)) == "".join(q.given)
        or p.last == "".join(word[0] for word in q.given)
        or (p.last[0] == q.given[0][0] and min(len(p.last), len(q.given[0])) == 1)
    )


def _share_a_word(one: Sequence[str], other: Sequence[str]) -> bool:
    return not one or not other or any(word in other for word in one if len(word) > 1)


def _are_nicknamed(one: Sequence[str], other: Sequence[str]) -> bool:
    return _NICKNAMES.get(one[0], one[0]) == _NICKNAMES.get(other[0], other[0])


def _given_agree(one: Sequence[str], other: Sequence[str]) -> float:
    """Tell how well given names agree: "j" and "jan" do, "j a" and "j b" half, "wei" and "wen" hardly."""
    if one == other or not one or not other:
        return _ONE
    first, second = one[0], other[0]
    if first[0] != second[0]:
        return _NEARLY if _share_a_word(one, other) or _are_nicknamed(one, other) else 0.0
    if first == second:
        return _ONE
    if len(first) == 1 or len(second) == 1:
        has_other_middle = len(one) > 1 and len(other) > 1 and one[1][0] != other[1][0]
        return _ENOUGH if has_other_middle else _ONE
    if first.startswith(second) or second.startswith(first) or "".join(one) == "".join(other):
        return _ONE
    is_close = _share_a_word(one, other) or _are_nicknamed(one, other)
    return _NEARLY if is_close or letter_ratio(first, second) > _CLOSE_GIVEN else _HARDLY
