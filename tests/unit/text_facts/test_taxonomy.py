"""arXiv's categories: complete, named in both languages, and found however they are written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.model import taxonomy
from academichub.model.taxonomy import Category, active_categories, archives, categories, category, groups

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def facts(data: Callable[[str], Path]) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(data("refs/arxiv_taxonomy/taxonomy.json").read_text(encoding="utf-8"))
    return loaded


def test_the_table_holds_exactly_arxivs_categories(facts: dict[str, Any]) -> None:
    theirs = {
        (row["id"], row["full_name"], row["in_archive"], row["is_active"])
        for row in facts["CATEGORIES"].values()
    }

    ours = {(each.name, each.title_en, each.archive, each.active) for each in categories()}

    assert ours == theirs
    assert len(categories()) == 185
    assert len(active_categories()) == 155


def test_archives_and_groups_are_arxivs(facts: dict[str, Any]) -> None:
    archive_rows = facts["ARCHIVES"].values()

    assert {(each.name, each.title_en, each.group) for each in archives()} == {
        (row["id"], row["full_name"], row["in_group"]) for row in archive_rows
    }
    assert {(each.name, each.title_en) for each in groups()} == {
        (row["id"], row["full_name"]) for row in facts["GROUPS"].values()
    }


def test_every_alias_of_arxiv_leads_to_the_category_that_stands(facts: dict[str, Any]) -> None:
    aliases = facts["CATEGORY_ALIASES"] | facts["ARCHIVES_SUBSUMED"]

    led = {alias: found.name for alias in aliases if (found := category(alias))}

    assert led == aliases


def test_everything_has_a_chinese_name() -> None:
    titles = [each.title_zh for each in categories()]
    titles += [each.title_zh for each in archives()]
    titles += [each.title_zh for each in groups()]

    assert all(any("\u4e00" <= character <= "\u9fff" for character in title) for title in titles)


def test_no_two_active_categories_of_an_archive_share_a_chinese_name() -> None:
    names = [(each.archive, each.title_zh) for each in active_categories()]

    assert len(set(names)) == len(names)


def test_a_category_knows_its_place_in_both_languages() -> None:
    assert category("cs.CV") == Category(
        name="cs.CV",
        title_en="Computer Vision and Pattern Recognition",
        title_zh="计算机视觉与模式识别",
        archive="cs",
        group="grp_cs",
        active=True,
    )


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("CS.CV", "cs.CV"),
        ("cs.cv", "cs.CV"),
        (" math.pr ", "math.PR"),
        ("COND-MAT.MTRL-SCI", "cond-mat.mtrl-sci"),
        ("Astro-Ph.co", "astro-ph.CO"),
        ("QUANT-PH", "quant-ph"),
        ("cmp-lg", "cs.CL"),
        ("math.MP", "math-ph"),
        ("stat.TH", "math.ST"),
        ("q-fin.EC", "econ.GN"),
        ("cs.SY", "eess.SY"),
        ("cs.NA", "math.NA"),
        ("math.IT", "cs.IT"),
        ("astro-ph", "astro-ph"),
    ],
)
def test_a_category_is_found_however_it_is_written(written: str, canonical: str) -> None:
    found = category(written)

    assert found is not None
    assert found.name == canonical


@pytest.mark.parametrize("unknown", ["", "cs", "cs.ZZ", "68T07", "计算机视觉与模式识别"])
def test_what_arxiv_does_not_have_is_not_found(unknown: str) -> None:
    assert category(unknown) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CS.CV", "cs.CV"),
        ("cmp-lg", "cs.CL"),
        ("cscv", "cs.CV"),
        ("cs/lg", "cs.LG"),
        ("quantph", "quant-ph"),
        ("quant-hp", "quant-ph"),
        ("cs.CVV", "cs.CV"),
        ("computer vision", "cs.CV"),
        ("Robotic", "cs.RO"),
        ("概率", "math.PR"),
        ("计算机视觉", "cs.CV"),
        ("cosmology and galactic astrophysics", "astro-ph.CO"),
    ],
)
def test_a_slip_brings_the_category_that_was_meant(written: str, meant: str) -> None:
    assert taxonomy.suggest(written) == meant


@pytest.mark.parametrize("nonsense", ["", "  ", "!!", "zzzzzzzz", "园艺"])
def test_nonsense_brings_no_suggestion(nonsense: str) -> None:
    assert taxonomy.suggest(nonsense) is None


def test_a_category_that_is_closed_is_not_suggested() -> None:
    suggested = category(taxonomy.suggest("astro-ph") or "")

    assert suggested is None or suggested.active


@given(st.text())
def test_any_text_can_be_asked_for(text: str) -> None:
    found = category(text)
    meant = taxonomy.suggest(text)

    assert found is None or category(found.name) == found
    assert meant is None or category(meant) is not None
