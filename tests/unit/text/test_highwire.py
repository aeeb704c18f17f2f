"""What bioRxiv's converter leaves in its abstracts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.text.highwire import unmarked

MARKS = [
    *("O_ST_ABS", "C_ST_ABS", "O_LI", "C_LI", "O_FIG", "M_FIG", "C_FIG", "O_TBL", "C_TBL"),
    *("O_SCPLOW", "C_SCPLOW", "O_QD", "Abstract", "SUMMARY", "A worm", " ", "\n", "\n\n", "_"),
]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A worm.",
        "A snake_case name and O_2.",
        "C_LOSED",
        "Abstract\n\nA worm.",
        " \n an_odd \n\n\n text ",
    ],
)
def test_a_text_without_marks_comes_back_as_it_is(text: str) -> None:
    assert unmarked(text) == text


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("AO_SCPLOWBSTRACTC_SCPLOWWorms see.", "Worms see."),
        ("SO_SCPLOWUMMARYC_SCPLOW\n\nWorms see.", "Worms see."),
        ("AO_SCPLOWBSTRACTC_SCPLOWO_ST_ABSAimC_ST_ABSTo see.", "Aim To see."),
        ("SummaryO_ST_ABSBackgroundC_ST_ABSWorms see.", "Background Worms see."),
        ("We call it WO_SCPLOWORMC_SCPLOW-2.", "We call it WORM-2."),
        ("O_SCPCAPSummaryC_SCPCAPWorms see.", "Worms see."),
        ("ABSTRACTION is O_SCPCAPhardC_SCPCAP.", "ABSTRACTION is hard."),
    ],
)
def test_small_capitals_are_plain_and_a_label_in_them_goes(marked: str, plain: str) -> None:
    assert unmarked(marked) == plain


def test_headings_begin_paragraphs() -> None:
    text = (
        "Worms see.\n\nIn contextO_ST_ABSBefore this studyC_ST_ABSNobody knew.O_ST_ABSAfter itC_ST_ABSWe do."
    )

    assert unmarked(text) == ("Worms see.\n\nIn context\n\nBefore this study Nobody knew.\n\nAfter it We do.")


def test_items_of_a_list_are_paragraphs_with_a_bullet() -> None:
    text = "Worms see.\n\nKey PointsO_LIThey see.\nC_LIO_LI  They look. C_LI\n\nMore."

    assert unmarked(text) == "Worms see.\n\nKey Points\n\n• They see.\n\n• They look.\n\nMore."


@pytest.mark.parametrize(
    "figure",
    [
        'O_FIG O_LINKSMALLFIG WIDTH=200 SRC="a.gif" ALT="One">\nView larger:\n@5e_HPS M_FIG C_FIG',
        "O_TBL View this table:\nView inline C_TBL",
        "O_FIG the picture M_FIG",
    ],
)
def test_figures_and_tables_are_left_out_and_the_line_that_announces_them(figure: str) -> None:
    assert unmarked(f"Worms see.\n\nGraphical abstract\n\n{figure}") == "Worms see."
    assert unmarked(f"Worms see. {figure} They look.") == "Worms see.  They look."


def test_a_mark_without_its_other_half_goes_and_leaves_the_words() -> None:
    assert unmarked("O_FIG Worms see. O_ST_ABSThey lookC_LI") == "Worms see.\n\nThey look"
    assert unmarked("O_LI") == "•"
    assert unmarked("C_LI") == ""


@given(st.lists(st.sampled_from(MARKS), max_size=12).map("".join))
def test_nothing_is_left_of_any_mark_and_doing_it_twice_changes_nothing(text: str) -> None:
    once = unmarked(text)

    if once != text:
        assert "O_LI" not in once
        assert "_ST_ABS" not in once
    assert unmarked(once) == once


@pytest.mark.parametrize(
    "piece", ["O_FIG ", "O_LI\n", "O_ST_ABS ", " \n", "\n", " ", "C_FIGO_FIG", "ABSTRACT"]
)
def test_a_flood_takes_time_in_proportion(piece: str) -> None:
    flood = "C_LI" + piece * (400_000 // len(piece))

    begun = time.process_time()
    unmarked(flood)

    assert time.process_time() - begun < 2
