from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academichub.references.plain import from_tex
from academichub.references.writing.tex import protect_capitals, title_to_tex, to_tex
from academichub.text.unicode import flat, fold

MARKS = list("\\{}$%&#_~^<>|`'\"-,.:; ()[]ab@AZ0éßłøçşếÅ“”‘’–—…«£·µ×李αЯ!?/=+*hts")
TEXTS = st.text(st.one_of(st.sampled_from(MARKS), st.characters(exclude_categories=["Cs"])), max_size=20)


@given(TEXTS, st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_text_written_as_tex_is_read_as_the_same_text(text: str, is_ascii: bool) -> None:  # noqa: FBT001 - drawn
    text = flat(fold(flat(fold(text))))

    assert from_tex(to_tex(text, is_ascii=is_ascii)) == text
    assert from_tex(protect_capitals(text, is_ascii=is_ascii)) == text


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_braces_always_pair_so_that_no_text_ends_its_field(text: str) -> None:
    tex = to_tex(text, is_ascii=True)

    depth = 0
    for char in tex:
        depth += {"{": 1, "}": -1}.get(char, 0)
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize(
    ("text", "for_bibtex", "for_biblatex"),
    [
        ("Über Łódź, naïve", r"{\"{U}}ber {\L}{\'{o}}d{\'{z}}, na{\"{i}}ve", "Über Łódź, naïve"),
        ("Việt ế", r"Vi{\^{\d{e}}}t {\'{\^{e}}}", "Việt ế"),
        ("1–2 — “x”", r"1--2 \textemdash{} \textquotedblleft{}x\textquotedblright{}", "1–2 — “x”"),
        ("图像 and ά", "图像 and ά", "图像 and ά"),
        ("50% of $5 & a_b", r"50\% of \$5 \& a\_b", r"50\% of \$5 \& a\_b"),
        ("&amp;", r"\&{}amp;", r"\&{}amp;"),
    ],
)
def test_bibtex_gets_commands_for_accents_and_biblatex_gets_unicode(
    text: str, for_bibtex: str, for_biblatex: str
) -> None:
    assert to_tex(text, is_ascii=True) == for_bibtex
    assert to_tex(text, is_ascii=False) == for_biblatex


@pytest.mark.parametrize(
    ("title", "tex"),
    [
        ("Learning DNA and iPhones with Bayes", "Learning {DNA} and {iPhones} with {Bayes}"),
        ("A study of rivers: Where they end in Asia", "A study of rivers: Where they end in {Asia}"),
        ("Attention Is All You Need", "Attention Is All You Need"),
        ("Deep GANs Are Fun", "Deep {GANs} Are Fun"),
        ("", ""),
    ],
)
def test_capitals_that_styles_must_not_lower_are_protected(title: str, tex: str) -> None:
    assert protect_capitals(title, is_ascii=True) == tex


@pytest.mark.parametrize(
    ("raw", "tex"),
    [
        (r"On $O(n^2)$ bounds", r"On $O(n^2)$ bounds"),
        (r"The K\"ahler $\mathbb{CP}^2$ case", r"The K{\"{a}}hler $\mathbb{CP}^2$ case"),
        ("Costs of 5$ or 6$ a day", r"Costs of 5\$ or 6\$ a day"),
    ],
)
def test_formulas_of_a_title_stay_tex(raw: str, tex: str) -> None:
    assert title_to_tex(from_tex(raw), raw, is_ascii=True) == tex


@pytest.mark.parametrize(
    "formula",
    [r"\input{/etc/passwd} x^2", r"x^{2\}", r"x} y^2 {", r"\write18{rm} a^b", r"\{a^2\}"],
)
def test_a_formula_that_could_do_harm_or_break_out_is_written_as_words(formula: str) -> None:
    raw = f"Harmless ${formula}$ words"

    tex = title_to_tex(from_tex(raw), raw, is_ascii=True)

    assert "$" not in tex.replace(r"\$", "")
    assert "\\input" not in tex
    assert "\\write" not in tex


def test_a_raw_title_that_says_something_else_is_not_used() -> None:
    assert title_to_tex("The title", "Another $x^2$ title", is_ascii=True) == "The title"
