"""Two descriptions, and whether they are one work."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.intake.matching import (
    SURE,
    Candidate,
    Match,
    Sameness,
    compare,
    held_back,
    look,
    prepare,
)
from academichub.intake.matchweights import AUTOMATIC, BEST, CURVES, DOUBTFUL
from academichub.model.papers import Identifiers, Kind

PAPER = Candidate(
    title="Mapping the moving objects of large cities",
    authors=("Jane Roe", "John Doe", "Ann Poe"),
    venue="SIGMOD Conference",
    year=2003,
)
NOTE = Candidate(title="A note on maps of maps", authors=("Jane Roe",), venue="Journal of Maps", year=2003)


def judged(a: Candidate, b: Candidate) -> Match:
    """Compare two candidates, and see that the answer is the same in either order."""
    match, back = compare(prepare(a), prepare(b)), compare(prepare(b), prepare(a))
    assert math.isclose(match.score, back.score, abs_tol=1e-9)
    assert match.verdict is back.verdict
    return match


def named(**identifiers: str) -> Identifiers:
    return Identifiers(**identifiers)


def obstacle(match: Match) -> float | str:
    return match.reasons[-1].value if match.reasons[-1].name == "held back" else ""


# -- identifiers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (named(doi="10.1/x"), named(doi="10.1/x")),
        (named(arxiv="2606.20467"), named(arxiv="2606.20467", doi="10.1/x")),
        (named(doi="10.48550/arxiv.2606.20467"), named(arxiv="2606.20467")),
        (named(pmid="12"), named(pmid="12")),
        (named(doi="10.21203/rs.3.rs-1234567/v1"), named(doi="10.21203/rs.3.rs-1234567/v2")),
        (named(openalex="W1", doi="10.1101/2024.01.01.123456"), named(openalex="W1", doi="10.1038/x")),
        (named(pmcid="PMC1", pmid="5"), named(pmcid="PMC2", pmid="5")),
    ],
)
def test_a_shared_identifier_makes_one_work_of_any_texts(one: Identifiers, other: Identifiers) -> None:
    match = judged(replace(PAPER, identifiers=one), replace(NOTE, identifiers=other))

    assert match.verdict is Sameness.SAME
    assert match.score > 0.9999
    assert [reason.weight for reason in match.reasons] == [SURE]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (named(doi="10.1/x"), named(doi="10.1/y")),
        (named(arxiv="2606.20467"), named(arxiv="2606.20468")),
        (named(pmid="12"), named(pmid="13")),
        (named(doi="10.1101/2024.01.01.123456"), named(doi="10.1101/2024.01.01.123457")),
        (named(doi="10.1101/gr.1"), named(doi="10.1038/x")),
    ],
)
def test_two_records_with_names_of_their_own_are_never_one_work(one: Identifiers, other: Identifiers) -> None:
    match = judged(replace(PAPER, identifiers=one), replace(PAPER, identifiers=other))

    assert match.verdict is Sameness.DIFFERENT
    assert match.score < 0.0001


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (named(doi="10.1101/2024.01.01.123456"), named(doi="10.1038/x")),
        (named(doi="10.5281/zenodo.1"), named(doi="10.1038/x")),
        (named(openalex="W1"), named(openalex="W2")),
        (named(s2="1"), named(s2="2")),
        (named(pmcid="PMC1"), named(pmcid="PMC2")),
        (named(doi="10.1/x"), named(pmid="1")),
    ],
)
def test_names_that_one_work_may_have_both_leave_it_to_the_text(one: Identifiers, other: Identifiers) -> None:
    match = judged(replace(PAPER, identifiers=one), replace(PAPER, identifiers=other))

    assert match.verdict is Sameness.SAME
    assert match.reasons[0].name == "start"


def test_identifiers_that_contradict_each_other_are_for_a_person() -> None:
    one, other = named(pmid="5", doi="10.1/x"), named(pmid="5", doi="10.1/y")

    match = judged(replace(PAPER, identifiers=one), replace(PAPER, identifiers=other))

    assert (match.score, match.verdict) == (0.5, Sameness.DOUBT)
    assert sum(reason.weight for reason in match.reasons) == 0


# -- one work -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        PAPER,
        replace(PAPER, title="Mapping the Moving-Objects of Large Cities."),
        replace(PAPER, title="Mapping the moving objects of large cities (extended abstract)"),
        replace(PAPER, title="Mapping the moving objects of large cities: forty years of tests"),
        replace(PAPER, title="Mapping the moving objects of large cities, Roe, SIGMOD Conference 2003"),
        replace(PAPER, title="Mapping the moving objects of large cities SIGMOD Conference"),
        replace(PAPER, title="Maping the moving objects of large cities"),
        replace(PAPER, authors=("A. Poe", "Doe J", "Roe, Jane")),
        replace(PAPER, authors=("J. Roe", "et al.")),
        replace(PAPER, authors=("Roe Jane", "Doe John", "Poe Ann")),
        replace(PAPER, authors=(), title="Roe, Doe, Poe: Mapping the moving objects of large cities"),
        replace(PAPER, authors=()),
        replace(PAPER, venue="Proc. ACM SIGMOD Int. Conf. on Management of Data"),
        replace(PAPER, venue=""),
        replace(PAPER, year=None),
        replace(PAPER, year=2004),
        replace(PAPER, year=30_000),
        replace(PAPER, venue="arXiv", year=2001),
        replace(PAPER, venue="", kind=Kind.PREPRINT, year=2000),
        replace(PAPER, venue="bioRxiv", year=None, authors=("J. Roe", "J. Doe", "A. Poe", "K. Moe")),
    ],
)
def test_one_work_in_two_descriptions_is_joined(other: Candidate) -> None:
    match = judged(PAPER, other)

    assert (match.verdict, obstacle(match)) == (Sameness.SAME, "")


def test_a_chinese_work_is_joined_whatever_stands_behind_its_title() -> None:
    one = Candidate("基于深度学习的遥感图像分类方法研究", ("张伟", "李娜"), "计算机学报", 2020)
    other = Candidate("基于深度学习的遥感图像分类方法研究[J]", ("李 娜", "张伟", "等"), "计算机学报", 2020)

    assert judged(one, other).verdict is Sameness.SAME


def test_a_collaboration_and_its_first_people_contradict_nothing() -> None:
    one = replace(PAPER, authors=("CMS Collaboration",))

    assert judged(one, replace(PAPER, authors=("Jane Roe", "et al."))).verdict is Sameness.SAME


# -- two works ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        NOTE,
        Candidate(),
        replace(PAPER, title="Robust training of deep networks by noise"),
        replace(PAPER, venue="ACM Transactions on Database Systems", year=2005),
        replace(PAPER, venue="VLDB Journal"),
        replace(PAPER, venue="VLDB", year=2004),
        replace(PAPER, title="Correction to: Mapping the moving objects of large cities"),
        replace(PAPER, title="Comment on “Mapping the moving objects of large cities”"),
        replace(PAPER, kind=Kind.CORRECTION),
        replace(PAPER, kind=Kind.DATASET, venue="Dryad"),
        replace(PAPER, venue="arXiv", year=2012),
    ],
)
def test_two_works_are_kept_apart(other: Candidate) -> None:
    assert judged(PAPER, other).verdict is not Sameness.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maps of moving objects, Part I", "Maps of moving objects, Part II"),
        ("Maps of moving objects (1)", "Maps of moving objects (2)"),
        ("Maps of moving objects 2002", "Maps of moving objects 2003"),
        ("Maps of moving objects", "Maps of moving objects II"),
        ("数字经济与高质量发展研究（上）", "数字经济与高质量发展研究（下）"),
    ],
)
def test_titles_with_other_numbers_are_never_joined_by_text(one: str, other: str) -> None:
    match = judged(replace(PAPER, title=one), replace(PAPER, title=other))

    assert match.verdict is not Sameness.SAME
    assert match.score < BEST


def test_the_year_of_the_work_is_no_number_of_its_title() -> None:
    match = judged(PAPER, replace(PAPER, title=f"{PAPER.title} (2003)"))

    assert match.verdict is Sameness.SAME


@pytest.mark.parametrize(
    ("one", "other", "because"),
    [
        (PAPER, replace(PAPER, title=f"{PAPER.title} 1999"), "numbers"),
        (PAPER, replace(PAPER, title=f"{PAPER.title} of women"), "more words"),
        (
            replace(PAPER, title="The long mapping of the many moving objects of large cities by men"),
            replace(PAPER, title="The long mapping of the many moving objects of large cities by women"),
            "other words",
        ),
        (replace(PAPER, title="Moving objects"), replace(PAPER, title="Moving objects"), "title of many"),
        (PAPER, replace(PAPER, authors=(), venue=""), "authors unknown"),
        (PAPER, replace(PAPER, authors=("Kim Moe", "Lee Noe", "Max Ooe")), "other authors"),
        (PAPER, replace(PAPER, venue="", year=None), "venue and year unknown"),
        (
            replace(PAPER, title=f"{PAPER.title}: a poem"),
            replace(PAPER, authors=(*PAPER.authors[:2], "Kim Moe")),
            "more words",
        ),
    ],
)
def test_what_text_alone_may_not_join_is_held_back(one: Candidate, other: Candidate, because: str) -> None:
    a, b = prepare(one), prepare(other)

    assert held_back(a, b, look(a, b)) == because
    assert judged(one, other).verdict is not Sameness.SAME


def test_a_work_without_a_title_is_held_back() -> None:
    a, b = prepare(replace(PAPER, title="")), prepare(PAPER)

    assert held_back(a, b, look(a, b)) == "title of many"
    assert compare(a, b).verdict is Sameness.DIFFERENT


def test_a_person_is_told_what_held_two_works_back() -> None:
    match = judged(replace(PAPER, venue="", year=None), PAPER)

    assert match.verdict is Sameness.DOUBT
    assert match.score >= AUTOMATIC
    assert obstacle(match) == "venue and year unknown"


def test_a_changed_title_is_for_a_person() -> None:
    match = judged(PAPER, replace(PAPER, title="Mapping and tracing the moving objects of large towns"))

    assert match.verdict is Sameness.DOUBT


def test_editorials_are_for_a_person_whatever_agrees() -> None:
    editorial = replace(PAPER, title="Editorial", venue="Journal of Maps")

    assert judged(editorial, editorial).verdict is Sameness.DOUBT


# -- the score ------------------------------------------------------------------------------------


def test_the_weights_of_the_reasons_add_up_to_the_logit() -> None:
    match = judged(PAPER, replace(PAPER, authors=PAPER.authors[:2], year=2004))

    logit = sum(reason.weight for reason in match.reasons)

    assert math.isclose(match.score, 1 / (1 + math.exp(-logit)))
    names = [reason.name for reason in match.reasons]
    assert names == [
        "start",
        "title",
        "title words",
        "authors",
        "authors more",
        "year",
        "venue",
    ]


def test_curves_are_in_order_and_thresholds_too() -> None:
    assert 0 < DOUBTFUL < BEST < AUTOMATIC < 1
    for curve in CURVES.values():
        assert [at for at, _ in curve] == sorted({at for at, _ in curve})


def test_a_preprint_after_its_version_of_record_is_less_likely_than_before() -> None:
    before = judged(PAPER, replace(PAPER, venue="arXiv", year=2002))
    after = judged(PAPER, replace(PAPER, venue="arXiv", year=2005))

    assert before.score > after.score


words = st.sampled_from(
    ["maps", "of", "Part", "II", "3", "moving", "Roe", "：", "深度", "学习", "2003", "(", "é", "…"]
)
candidates = st.builds(
    Candidate,
    title=st.lists(words, max_size=7).map(" ".join),
    authors=st.lists(
        st.sampled_from(["Jane Roe", "Roe, J.", "张伟", "et al.", "X Group", ""]), max_size=3
    ).map(tuple),
    venue=st.sampled_from(["", "VLDB", "VLDB J.", "arXiv", "Nature", "学报"]),
    year=st.sampled_from([None, 2003, 2004, -5]),
    kind=st.sampled_from([None, Kind.PREPRINT, Kind.CORRECTION]),
)


@given(candidates, candidates)
def test_any_two_candidates_are_compared_alike_in_either_order(a: Candidate, b: Candidate) -> None:
    match = judged(a, b)

    assert 0 < match.score < 1
    assert (match.verdict is Sameness.DIFFERENT) == (match.score < DOUBTFUL)
    assert match.reasons


@given(candidates)
def test_a_work_is_never_surely_another_one_than_itself(work: Candidate) -> None:
    if work.title and work.authors and work.venue:
        assert judged(work, work).score > DOUBTFUL or not prepare(work).title.key
