"""A briefing leaves the hub as Markdown, as a page and as source for a PDF, whatever papers have written."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from lxml import html

from academichub.briefing.headings import CHANGES, GROWTHS, LABELS, WORDS
from academichub.briefing.markdown import to_markdown
from academichub.briefing.numbering import numbered
from academichub.briefing.outline import Block, Outline, Reference, Sentence, lay_out
from academichub.briefing.printing import clean, is_safe, said_of
from academichub.briefing.typesetting import to_typst
from academichub.briefing.webpage import to_html
from academichub.model.briefing import (
    BridgePart,
    Cost,
    Fallback,
    Label,
    Maker,
    Statement,
)
from tests.fakes import briefed

REFERENCES = {
    1: Reference(
        1, "On <b>sharing</b>", ("A", "B", "C", "D", "E"), "arXiv", briefed.DAY, "https://arxiv.org/abs/1"
    ),
    2: Reference(2, "Mixing", (), "", None, "javascript:alert(1)"),
}


def test_both_languages_have_the_same_words() -> None:
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    for table in (LABELS, GROWTHS, CHANGES):
        assert table["zh"].keys() == table["en"].keys()
    for name, english in WORDS["en"].items():
        assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", WORDS["zh"][name])), name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_part_of_a_briefing_is_printed(language: str) -> None:
    made = briefed.briefing(order=briefed.order(language=language))

    printed = to_markdown(lay_out(made, REFERENCES, radars=(("sharing", "公平分配"),)))

    for words in ("fair division", "cs.GT → cs.CV", "tidal heating", "92 %", "公平分配", "2026-06-18"):
        assert words in printed
    for name in ("title", "points", "themes", "bridges", "tensions", "reading", "watch", "references"):
        assert WORDS[language][name] in printed
    assert "\\[1\\]" in printed
    assert "[5]" not in printed


def test_an_empty_day_is_one_line() -> None:
    made = replace(
        briefed.briefing(), works=(), titles=(), cited=0, points=(), themes=(), bridges=(), tensions=(),
        changes=(), reading=(), watch=(),
    )  # fmt: skip

    outline = lay_out(made, {})

    assert [one.text for block in outline.blocks for one in block.sentences] == [WORDS["en"]["nothing-new"]]
    assert outline.uncited == ""


def test_a_day_without_bridges_says_so() -> None:
    made = replace(
        briefed.briefing(), bridges=(), points=(), themes=(), tensions=(), changes=(), reading=(), watch=()
    )

    printed = to_markdown(lay_out(made, {}))

    assert WORDS["en"]["no-bridges"] in printed


def test_what_a_model_wrote_is_marked_with_its_model_and_cost() -> None:
    loose = Statement("A freer word.", Label.LOOSE, briefed.briefing().points[0].evidence, maker=Maker.MODEL)
    made = replace(
        briefed.briefing(),
        order=briefed.order(writer=Maker.MODEL),
        points=(loose,),
        model="some-model",
        cost=Cost(calls=3, money=0.06, currency="CNY"),
        fallbacks=(Fallback("theme:1", "unreachable"),),
    )

    printed = to_markdown(lay_out(made, {}))

    assert "some-model" in printed
    assert "0.0600 CNY" in printed
    assert "theme:1" in printed
    assert LABELS["en"][Label.LOOSE] in printed


def test_a_model_without_a_price_has_no_cost() -> None:
    made = replace(briefed.briefing(), order=briefed.order(writer=Maker.MODEL), model="m")

    assert "cost" not in to_markdown(lay_out(made, {}))


def test_bridges_that_surprise_stand_under_their_own_heading() -> None:
    likely = briefed.briefing().bridges[0]
    strange = BridgePart(replace(likely.bridge, concept="gossip", first_seen=None), is_surprising=True)

    printed = to_markdown(lay_out(replace(briefed.briefing(), bridges=(likely, strange)), {}))

    assert printed.index(WORDS["en"]["surprising"]) < printed.index("### gossip")


def test_changes_without_a_day_before_have_a_plain_heading() -> None:
    outline = lay_out(replace(briefed.briefing(), since=None), {})

    assert WORDS["en"]["changes"] in [block.heading for block in outline.blocks]


def test_a_briefing_of_several_days_names_both_ends() -> None:
    made = replace(briefed.briefing(), order=briefed.order(first=date(2026, 6, 13)))

    assert lay_out(made, {}).days == "2026-06-13 – 2026-06-19"


HOSTILE = 'x</p><script>alert(1)</script> [a](javascript:x) #include "y" \\ $z$ \u202egnp.exe `# eval`'


def hostile_outline() -> Outline:
    title = {number: replace(one, title=HOSTILE, byline=(HOSTILE,)) for number, one in REFERENCES.items()}
    statement = replace(briefed.briefing().points[0], text=HOSTILE)
    return lay_out(replace(briefed.briefing(), points=(statement,)), title, radars=(("sharing", HOSTILE),))


def test_hostile_words_are_words_on_the_page() -> None:
    page = to_html(hostile_outline())

    tree = html.document_fromstring(page)
    links = {str(link.get("href"))[:8] for link in tree.iter("a")}
    assert list(tree.iter("script")) == []
    assert links <= {"https://", "#r1", "#r2", "#r3", "#r4"}
    assert "\u202e" not in page
    assert "alert(1)" in "".join(str(text) for text in tree.itertext())


def test_hostile_words_format_nothing_in_markdown() -> None:
    printed = to_markdown(hostile_outline())

    assert "<script>" not in printed.replace("\\<script\\>", "")
    assert "[a](" not in printed
    assert "\u202e" not in printed


def test_hostile_words_are_strings_in_typst() -> None:
    source = to_typst(hostile_outline())

    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', source)
    assert "include" not in bare
    assert "alert" not in bare
    assert "eval" not in bare


def test_a_line_that_looks_like_a_list_stays_a_line() -> None:
    statement = replace(briefed.briefing().points[0], text="1. We show")

    assert "> 1\\. We show" in to_markdown(lay_out(replace(briefed.briefing(), points=(statement,)), {})) or (
        "> \\1. We show" in to_markdown(lay_out(replace(briefed.briefing(), points=(statement,)), {}))
    )


def test_many_authors_are_shortened() -> None:
    assert said_of(REFERENCES[1])[0] == "A, B, C, D et al."
    assert said_of(REFERENCES[2]) == ()


def test_only_plain_web_addresses_are_links() -> None:
    assert is_safe("https://arxiv.org/abs/2606.1")
    assert not is_safe("javascript:alert(1)")
    assert not is_safe("https://a b")
    assert clean("a\n\x00 b\u200f") == "a b"


def test_works_are_numbered_in_the_order_of_the_page() -> None:
    made = replace(briefed.briefing(), works=(5, 4, 3, 2, 1), titles=("e", "d", "c", "b", "a"), cited=0)

    again = numbered(made)

    assert again.works == (1, 2, 3, 4, 5)
    assert again.titles == ("a", "b", "c", "d", "e")
    assert again.cited == 4
    assert numbered(again) == again


def test_what_has_nothing_to_say_leaves_no_empty_places() -> None:
    block = Block(sentences=(Sentence("A lamp.", ""),))
    outline = Outline("Title", "2026-06-19", "", (), (block,), (), "References", "", "en")

    printed = to_markdown(outline), to_html(outline), to_typst(outline)

    assert printed[0] == "# Title · 2026-06-19\n\nA lamp.\n"
    assert "<p><span>A lamp.</span></p>" in printed[1]
    assert "<h2>" not in printed[1]
    assert '#par(text("A lamp."))' in printed[2]
    assert "#heading(" not in printed[2].partition("#set document")[2]


def test_a_heading_may_have_a_note_a_list_and_references_around_it() -> None:
    block = Block(
        "Read", note="Why", sentences=(Sentence("A lamp.", "en", (1,), note="beside"),), is_list=True
    )
    references = ((1, REFERENCES[1]), (2, REFERENCES[2]))
    outline = Outline("T", "d", "My radar", ("3 works",), (block,), references, "References", "2 more", "zh")

    printed = to_markdown(outline), to_html(outline), to_typst(outline)

    for page in printed:
        assert all(words in page for words in ("Read", "Why", "A lamp.", "beside", "My radar", "2 more"))
    assert "- A lamp. \\[1\\] *(beside)*" in printed[0]
    assert "<ul><li>" in printed[1]
    assert "#list(" in printed[2]
