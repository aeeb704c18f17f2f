"""The table of arXiv's subject categories, with English and Chinese names. Read once, never changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# difflib's own ratio. Below it, a mistyped "cs.CV" would be offered papers on something unrelated.
_CLOSE_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class Group:
    """A field as arXiv groups its archives: "grp_physics", "grp_cs", ..."""

    name: str
    title_en: str
    title_zh: str
    active: bool


@dataclass(frozen=True, slots=True)
class Archive:
    """A collection within a group: "cs", "hep-th". Some archives are categories as well."""

    name: str
    title_en: str
    title_zh: str
    group: str
    active: bool


@dataclass(frozen=True, slots=True)
class Category:
    """A subject that papers are filed under: "cs.CV", "quant-ph".

    `name` is written as arXiv writes it. Categories that are not active take no new papers, but
    old papers still carry them.
    """

    name: str
    title_en: str
    title_zh: str
    archive: str
    group: str
    active: bool


@dataclass(frozen=True, slots=True)
class _Table:
    """The whole taxonomy, in arXiv's order. The keys of the mappings are lower case."""

    groups: tuple[Group, ...]
    archives: tuple[Archive, ...]
    categories: tuple[Category, ...]
    category_by_name: Mapping[str, Category]  # aliases lead to the category that stands for them
    category_by_squashed_name: Mapping[str, Category]  # active ones: "cscv" for "cs.CV"
    category_by_title: Mapping[str, Category]  # active ones, by both titles


def category(name: str) -> Category | None:
    """Find a category by name, however it is cased, or None.

    Names that arXiv has merged into another lead to the one that stands: "cmp-lg" gives cs.CL,
    "math.MP" math-ph, "stat.TH" math.ST, "q-fin.EC" econ.GN, "cs.SY" eess.SY.
    """
    return _table().category_by_name.get(name.strip().lower())


def categories() -> tuple[Category, ...]:
    """List every category arXiv has ever had, in its own order, each under its own name."""
    return _table().categories


@cache
def active_categories() -> tuple[Category, ...]:
    """List the categories that take papers, in arXiv's order.

    Both names of a merged pair are here (cs.SY and eess.SY): each has its own feed.
    """
    return tuple(each for each in _table().categories if each.active)


def archives() -> tuple[Archive, ...]:
    """List every archive, in arXiv's order."""
    return _table().archives


def groups() -> tuple[Group, ...]:
    """List every group of archives, in arXiv's order."""
    return _table().groups


def suggest(name: str) -> str | None:
    """Name the active category somebody most likely meant, or None.

    Forgives punctuation ("cscv"), a typing slip ("cs.VC") and a title in place of a name ("computer
    vision", 计算机视觉).
    """
    wanted = name.strip().lower()
    if not wanted:
        return None
    table = _table()
    known = table.category_by_name.get(wanted)
    if known and known.active:
        return known.name
    squashed = _squash(wanted)
    found = (
        table.category_by_squashed_name.get(squashed)
        or _starting_with(wanted, table.category_by_title)
        or _closest(squashed, table.category_by_squashed_name)
        or _closest(wanted, table.category_by_title)
    )
    return found.name if found else None


def _starting_with(wanted: str, category_by_title: Mapping[str, Category]) -> Category | None:
    """Find the first category whose title begins with the words, or None for fewer than three letters."""
    long_enough = len(wanted) > 2 or not wanted.isascii()  # noqa: PLR2004  the docstring says it
    titles = category_by_title if long_enough else ()
    return next((category_by_title[title] for title in titles if title.startswith(wanted)), None)


def _closest(wanted: str, category_by_key: Mapping[str, Category]) -> Category | None:
    """Find the category whose key looks most like the word, or None."""
    keys = get_close_matches(wanted, category_by_key, n=1, cutoff=_CLOSE_ENOUGH)
    return category_by_key[keys[0]] if keys else None


def _squash(name: str) -> str:
    """Keep the letters and digits only, so that "cs-cv", "cs/cv" and "cs.cv" are one."""
    return "".join(character for character in name.lower() if character.isalnum())


@cache
def _table() -> _Table:
    """Read the table that lies beside this module."""
    text = files("academichub.model").joinpath("taxonomy.json").read_text(encoding="utf-8")
    facts = json.loads(text)
    group_by_archive = {row[0]: row[3] for row in facts["archives"]}
    every = tuple(
        Category(name, title_en, title_zh, archive, group_by_archive[archive], active)
        for name, title_en, title_zh, archive, active in facts["categories"]
    )
    by_name = {each.name.lower(): each for each in every}
    for alias, stands_for in facts["aliases"].items():
        by_name[alias.lower()] = by_name[stands_for.lower()]
    active = tuple(each for each in every if each.active)
    by_title: dict[str, Category] = {}
    for each in active:
        by_title.setdefault(each.title_en.lower(), by_name[each.name.lower()])
        by_title.setdefault(each.title_zh.lower(), by_name[each.name.lower()])
    return _Table(
        groups=tuple(Group(*row) for row in facts["groups"]),
        archives=tuple(Archive(*row) for row in facts["archives"]),
        categories=every,
        category_by_name=by_name,
        category_by_squashed_name={_squash(each.name): by_name[each.name.lower()] for each in active},
        category_by_title=by_title,
    )
