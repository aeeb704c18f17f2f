"""Which lines of a description are facts, and that no text makes the reading slow."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.intake.mending import halved, shortened, unscrambled
from academichub.intake.standfirst import Standfirst, is_names, take_apart


@pytest.mark.parametrize(
    ("description", "text"),
    [
        ("Abstract: We count.", "We count."),
        ("Abstract We count.", "We count."),
        ("AbstractWe count.", "We count."),
        ("ABSTRACT\nCounting is done.", "Counting is done."),
        ("Abstract interpretation is old.", "Abstract interpretation is old."),
        ("Abstraction is old.", "Abstraction is old."),
        ("Summary statistics are shown.", "Summary statistics are shown."),
        ("摘要：本文虚构。", "本文虚构。"),
        ("【摘要】本文虚构。", "本文虚构。"),
        ("<p><b>Abstract</b>: We count.</p>", "<p> We count.</p>"),
        ("<h2>Abstract</h2><p>We count.</p>", "We count."),
        ("<p>We count.</p><p>Published 18 June 2026</p>", "We count."),
        ("<p>首页 > 期刊 > 目录</p><p>本文虚构。</p>", "本文虚构。"),
        ("<p>.</p><p>We count.</p>", "We count."),
    ],
)
def test_labels_and_lines_of_facts_go(description: str, text: str) -> None:
    assert take_apart(description).text == text


def test_text_without_facts_is_left_as_it_is() -> None:
    description = "<p>First.</p> <ul><li>a</li></ul>"

    assert take_apart(description) == Standfirst(text=description)


def test_an_empty_description_has_no_text() -> None:
    assert take_apart(" <p> </p><br/>") == Standfirst(text="")


def test_several_paragraphs_that_are_left_stay_paragraphs() -> None:
    found = take_apart("<p>Author(s): Ada Example</p><p>One.</p><p>Two.</p>")

    assert (found.text, found.authors) == ("<p>One.</p><p>Two.</p>", "Ada Example")


def test_text_behind_a_fact_in_its_line_comes_before_the_rest() -> None:
    found = take_apart("Nature, Published online: 18 June 2026; doi:10.1038/x Made up.<br/>And more.")

    assert (found.text, found.date, found.doi) == (
        "<p>Made up.</p><p>And more.</p>",
        "18 June 2026",
        "10.1038/x",
    )


def test_the_first_word_on_a_fact_stays() -> None:
    found = take_apart("<p>Source: One</p><p>Source: Two</p><p>Author(s): A. B.</p><p>By the way.</p>")

    assert (found.venue, found.text) == ("One", "By the way.")


def test_a_line_longer_than_any_list_of_names_is_text() -> None:
    text = "Author(s): " + "Ada Example, " * 6_000

    assert take_apart(text).authors == ""


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("Ada Example, Bo C. Sample", True),
        ("Ada Example and Bo Sample, et al.", True),
        ("Jean-Luc d'Exemple; José Ñ. Muestra-López", True),
        ("We count. Nobody else does.", False),
        ("counting, sorting", False),
        ("ADA EXAMPLE", False),
        ("Found in 7 of 9 cases", False),
        ("et al.", False),
        (", ,", False),
    ],
)
def test_names_are_told_from_sentences(line: str, answer: bool) -> None:  # noqa: FBT001  # expected value
    assert is_names(line) is answer


def test_a_magtech_line_whose_title_is_another_has_no_authors() -> None:
    found = take_apart(
        "别的题目很长 甲明 虚构研究. 2026, ( 6 ): 57-75. 摘要 ( 1 ) 本文。", title="虚构的方法"
    )

    assert (found.authors, found.venue, found.text) == ("", "虚构研究", "本文。")


HOSTILE = (
    "<", "<p", "<p ", "</", "<cite>", "<div><cite>", "&amp;", "a, ", "; ", " ", "\n", ".", "...", "arXiv:",
    "v1", "(arXiv:", "Abstract:", "10.1234/", "/10.1234/v", "PMID:1 |", "甲明, ", "摘要 ( 1 ) ",
    "2026, ( 6 ): ", "[A 1", "Ã©",
    "Author(s): ", "vol. ", ", vol. 1", "http://a", "—", "A B ", "<b>", "<span>",
)  # fmt: skip


@pytest.mark.parametrize("part", HOSTILE)
def test_a_long_hostile_description_is_read_at_once(part: str) -> None:
    texts = [(part * 100_000)[:100_000], "A title " + (part * 100_000)[:100_000] + "x"]

    started = time.process_time()
    for text in texts:
        take_apart(text, title="A title")
        halved(text)
        unscrambled(text)
    spent = (time.process_time() - started) / 2

    # 50 ms is the promise on a quiet machine; a quadratic pattern would take minutes on a busy one too.
    assert spent < 0.05 * 4


@given(st.text(max_size=300), st.text(max_size=20))
def test_taking_apart_never_raises(description: str, title: str) -> None:
    assert isinstance(take_apart(description, title=title).text, str)


# -- mending --------------------------------------------------------------------------------------

SENTENCE = "Researchers tracked made-up cells. Plus, a history of nothing."


@pytest.mark.parametrize(
    "doubled",
    [
        f"{SENTENCE} {SENTENCE}",
        f"{SENTENCE}{SENTENCE}",
        f"{SENTENCE}\n\n{SENTENCE}",
        SENTENCE + " " + SENTENCE.replace(" ", "\n"),
    ],
)
def test_a_text_written_twice_is_kept_once(doubled: str) -> None:
    assert halved(doubled) == SENTENCE


def test_tags_between_the_halves_make_no_difference() -> None:
    assert halved(f"<p>{SENTENCE}</p><p>{SENTENCE}</p>") == f"<p>{SENTENCE}"


@pytest.mark.parametrize(
    "text", ["", "Ping! Ping!", SENTENCE, f"{SENTENCE} {SENTENCE} Again.", "a b a c" * 8]
)
def test_anything_else_is_left(text: str) -> None:
    assert halved(text) == text


@given(st.text(min_size=30).filter(lambda text: len("".join(text.split())) > 30 and "<" not in text))
def test_halving_a_doubled_text_gives_the_text(text: str) -> None:
    assert "".join(halved(text + " " + text).split()) in {
        "".join(text.split()),
        "".join(halved(text).split()),
    }


def test_a_whole_article_is_cut_at_the_end_of_a_sentence() -> None:
    article = "A sentence of a long article. " * 400

    cut = shortened(article)

    assert len(cut) < 6_010
    assert cut.endswith("article. …")


def test_an_article_without_sentences_is_cut_anywhere() -> None:
    assert shortened("x" * 7_000) == "x" * 6_000 + " …"


@pytest.mark.parametrize(
    ("scrambled", "meant"),
    [
        ("JosÃ© MuÃ±oz", "José Muñoz"),
        ("itâ€™s", "it’s"),
        ("Ã\x81lvaro", "Álvaro"),
        ("SÃ£o Paulo — here", "SÃ£o Paulo — here"),
        ("ÃTUDE", "ÃTUDE"),
        ("plain", "plain"),
        ("Â© 中文", "Â© 中文"),
    ],
)
def test_text_read_in_the_wrong_encoding_is_mended_where_all_of_it_was(scrambled: str, meant: str) -> None:
    assert unscrambled(scrambled) == meant
