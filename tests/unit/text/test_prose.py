"""What readers see of titles and abstracts."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from academichub.model.papers import Form
from academichub.text import prose


def plain(raw: str, form: Form = Form.UNSAID) -> str:
    return prose.render(raw, form).plain


def html(raw: str, form: Form = Form.UNSAID) -> str:
    return prose.render(raw, form).html


def test_the_renderer_names_itself_and_its_libraries_so_that_an_upgrade_is_seen() -> None:
    assert prose.RENDERER.startswith("2+math-core-0.9")
    assert "+nh3-0.3" in prose.RENDERER


@pytest.mark.parametrize(
    "raw",
    [
        "Role of <i>BRCA1</i> in repair",
        "a<br>b",
        "<p>Unclosed paragraph",
        "AT&amp;T",
        "an em dash &#x2014; here",
        "<jats:p>Text",
        "<mml:math><mml:mi>x</mml:mi></mml:math>",
        'see <a href="https://example.org">here</a>',
    ],
)
def test_tags_and_entities_are_html(raw: str) -> None:
    assert prose.looks_like_html(raw)
    assert prose.render(raw).form is Form.HTML


@pytest.mark.parametrize(
    "raw",
    [
        "$a<b$ and $c>d$",
        "x<y>z",
        "below <5 cm",
        "<think> tokens </think>",
        "R&D; AT&T",
        "a < b > c",
        "p<0.05",
        "<",
    ],
)
def test_comparisons_and_ampersands_are_plain(raw: str) -> None:
    assert not prose.looks_like_html(raw)
    assert prose.render(raw).form is Form.PLAIN


def test_plain_text_keeps_every_character_and_is_escaped() -> None:
    rendered = prose.render("  x<y>z & a\u00a0b ", Form.PLAIN)

    assert rendered.raw == "x<y>z & a\u00a0b"
    assert rendered.plain == "x<y>z & a b"
    assert rendered.html == "<p>x&lt;y&gt;z &amp; a&nbsp;b</p>"


def test_hard_wraps_join_and_blank_lines_part() -> None:
    rendered = prose.render("one\ntwo\n \nthree  four\n")

    assert rendered.plain == "one two\n\nthree four"
    assert rendered.html == "<p>one two</p><p>three four</p>"


def test_an_indented_line_after_a_full_stop_opens_a_paragraph_as_arxiv_means_it() -> None:
    text = "First line\nsecond line.\n  New thought\ngoes on\nand on."

    assert plain(text) == "First line second line.\n\nNew thought goes on and on."


def test_a_pretty_printed_source_is_one_paragraph() -> None:
    assert plain("One.\n  Two.\n  Three.") == "One. Two. Three."


def test_an_empty_text_is_empty_in_every_form() -> None:
    assert prose.render("  ") == prose.render("")
    assert html("") == ""
    assert html("<p> </p>") == ""


def test_ligatures_and_invisible_characters_do_not_reach_the_page() -> None:
    rendered = prose.render("e\ufb03cient \u202eevil\u202c so\u00adft \x00\ufeffcafe\u0301 \ud800")

    assert rendered.plain == "efficient evil soft café \ufffd"
    assert rendered.html == "<p>efficient evil soft café \ufffd</p>"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a &amp;#x2014; b", "a — b"),
        ("M&uuml;ller &amp; S&#246;hne", "Müller & Söhne"),
        ("&amp;amp;amp;", "&amp;"),  # a third layer is meant
        ("fish &notaword; chips &amp;", "fish &notaword; chips &"),
        ("zero&#8203;width &#x202E;turn", "zerowidth turn"),
    ],
)
def test_entities_are_decoded_twice_at_most(raw: str, expected: str) -> None:
    assert plain(raw) == expected


def test_html_is_cut_down_to_safe_inline_tags() -> None:
    raw = (
        '<div onclick="x()"><p class="big">A<script>alert(1)</script> <em style="color:red">b</em>'
        '<img src=x onerror=alert(1)> <a href="javascript:alert(1)">c</a> <a href="/d">d</a></p></div>'
    )

    assert html(raw) == "<p>A <em>b</em> c d</p>"


def test_links_keep_their_address_and_relative_ones_need_a_base() -> None:
    raw = '<p><a href="paper?x=1&amp;y=2">the paper</a></p>'

    assert html(raw) == "<p>the paper</p>"
    assert prose.render(raw, base="https://example.org/toc/").html == (
        '<p><a href="https://example.org/toc/paper?x=1&amp;y=2" rel="nofollow noopener noreferrer">'
        "the paper</a></p>"
    )
    assert prose.render('<a href="http://[">x</a>', base="https://example.org").html == "<p>x</p>"
    assert prose.render('<a href="?q">x</a> <a>y</a>', base="http://[bad").html == "<p>x y</p>"


def test_blocks_never_glue_words_together() -> None:
    assert plain("<div>H<sub>2</sub>O.</div><div>Background</div>") == "H₂O.\n\nBackground"
    assert plain("<ul><li>one</li><li>two</li></ul><table><tr><td>a</td><td>b</td></tr></table>") == (
        "one\n\ntwo\n\na b"
    )
    assert plain("one<br>two<br><br/>three") == "one two\n\nthree"


def test_a_paragraph_that_held_only_a_picture_goes() -> None:
    assert html('<p><a href="https://e.org"><img src="x.png"></a></p><p>Text</p>') == "<p>Text</p>"


def test_headings_glued_to_their_sentences_are_parted() -> None:
    raw = "BackgroundWHO reports malaria. MethodsWe counted. ResultsNone. BackgroundS and Methodology stay."

    assert plain(raw) == (
        "Background WHO reports malaria. Methods We counted. Results None. BackgroundS and Methodology stay."
    )


def test_a_structured_jats_abstract_keeps_its_headings_and_drops_the_word_abstract() -> None:
    raw = (
        "<jats:title>Abstract</jats:title><jats:sec><jats:title>Background</jats:title>"
        "<jats:p>Role of <jats:italic>BRCA1</jats:italic>.</jats:p></jats:sec>"
        "<jats:sec><jats:title>Methods</jats:title>"
        "<jats:p>CO<jats:sub>2</jats:sub>, <jats:sc>Xi</jats:sc></jats:p></jats:sec>"
    )

    assert html(raw) == (
        "<p><b>Background</b> Role of <i>BRCA1</i>.</p>"
        '<p><b>Methods</b> CO<sub>2</sub>, <span class="sc">Xi</span></p>'
    )
    assert plain("<b>Abstract:</b><br>Text") == "Text"


def test_markup_escaped_once_too_often_is_still_markup() -> None:
    assert html("&lt;p&gt;The &lt;i&gt;x&lt;/i&gt;&lt;/p&gt;") == "<p>The <i>x</i></p>"
    assert html("<p>The &lt;i&gt;x&lt;/i&gt;</p>") == "<p>The <i>x</i></p>"
    assert html("&lt;i&gt;x&lt;/i&gt;", Form.XHTML) == "<p><i>x</i></p>"


def test_tags_that_are_no_html_stay_text_but_foreign_elements_vanish() -> None:
    assert plain("<p>x<y>z <5 cm</p>") == "x<y>z <5 cm"
    assert plain("<p>a <o:p>b</o:p> <widget>c</widget> <i/>d</p>") == "a b c d"


def test_comments_cdata_and_unclosed_scripts_go() -> None:
    assert plain("<![CDATA[<p>a<!-- b --> c</p>]]><style>p{}") == "a c"


def test_mathml_from_a_publisher_is_kept_without_prefix_and_annotation() -> None:
    raw = (
        '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML" onclick="x"><mml:semantics><mml:mrow>'
        "<mml:mi>α</mml:mi><mml:mo>=</mml:mo><mml:msup><mml:mn>10</mml:mn><mml:mn>3</mml:mn></mml:msup></mml:mrow>"
        '<mml:annotation encoding="TeX">\\alpha</mml:annotation></mml:semantics></mml:math> holds'
    )

    assert html(raw) == (
        "<p><math><mrow><mi>α</mi><mo>=</mo><msup><mn>10</mn><mn>3</mn></msup></mrow></math> holds</p>"
    )
    assert plain(raw) == "α = 10³ holds"


def test_mathml_nested_beyond_reason_keeps_only_its_characters() -> None:
    deep = "<math>" + "<mrow>" * 300 + "<mi>x</mi><mo>&lt;</mo>" + "</mrow>" * 300 + "</math>"

    assert html(deep) == "<p>x &lt;</p>"
    assert plain(deep) == "x <"


def test_of_twin_formulas_in_jats_only_one_is_shown() -> None:
    tex = "<jats:tex-math>\\documentclass{m}\\begin{document}$$x_1$$\\end{document}</jats:tex-math>"
    mathml = "<mml:math><mml:mi>y</mml:mi></mml:math>"

    assert plain(f"<jats:p>a <jats:alternatives>{tex}{mathml}</jats:alternatives> b</jats:p>") == "a y b"
    assert plain(f"<jats:p>a <jats:alternatives>{tex}</jats:alternatives> b</jats:p>") == "a x₁ b"
    assert plain("<jats:p>a <jats:tex-math>x^2</jats:tex-math></jats:p>") == "a x²"


def test_formulas_in_html_are_cut_out_before_the_cleaning() -> None:
    assert plain("<p>if $a<b$ then $c &lt; d$</p>") == "if a < b then c < d"
    assert plain("<p>costs $5</p><p>and $6</p>") == "costs $5\n\nand $6"


def test_addresses_become_links_without_the_sentence_around_them() -> None:
    raw = "Code (https://example.org/a_(b)), data: http://example.org/x?a=1&b=2."

    assert html(raw) == (
        '<p>Code (<a href="https://example.org/a_(b)" rel="nofollow noopener noreferrer">'
        "https://example.org/a_(b)</a>), data: "
        '<a href="http://example.org/x?a=1&amp;b=2" rel="nofollow noopener noreferrer">'
        "http://example.org/x?a=1&amp;b=2</a>.</p>"
    )
    assert plain(raw) == raw


def test_an_address_inside_a_link_is_not_linked_again() -> None:
    raw = '<p><a href="https://example.org/">https://example.org/</a> -- \\emph{x}</p>'

    assert html(raw).count("<a ") == 1


def test_chinese_text_around_an_address_is_no_part_of_it() -> None:
    assert ">https://example.org/x</a>。" in html("代码见https://example.org/x。")


def test_a_title_is_one_line_of_inline_tags() -> None:
    rendered = prose.render_title(
        "<p>A <i>b</i><br/>c</p><p>d <a href='https://e.org'>e</a> https://f.org</p>"
    )

    assert rendered.html == "A <i>b</i> c d e https://f.org"
    assert rendered.plain == "A b c d e https://f.org"


def test_a_title_sets_displayed_formulas_in_line() -> None:
    assert prose.render_title("On $$x^2$$ and \\href{https://e.org}{e}").html == (
        "On <math><msup><mi>x</mi><mn>2</mn></msup></math> and e"
    )
    assert prose.render_title("Plain  title\n  of two lines").html == "Plain title of two lines"


def test_a_displayed_formula_does_not_touch_the_words_beside_it() -> None:
    assert plain("so$$x=1$$holds, $$y$$.") == "so x = 1 holds, y."


def test_a_forged_placeholder_shows_nothing() -> None:
    assert plain("<p>$x$ &#xfdd0;7&#xfdd1; &#xFDD0;0&#xFDD1;</p>") == "x 7 0"


def test_text_of_any_length_is_bounded() -> None:
    assert len(prose.render("word " * 100_000).plain) <= prose.MAX_LENGTH


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
@example("\ud800$\\unicode{xd800}$")
def test_rendering_the_raw_text_again_in_its_form_gives_the_same(raw: str) -> None:
    once = prose.render(raw)

    assert prose.render(once.raw, once.form) == once
