from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from academichub.model.papers import Form
from academichub.sources.jats import element_to_html, formulas, main_abstract, to_html
from academichub.text.prose import render

PIECES = (
    *(
        "<jats:p>",
        "</jats:p>",
        "<p",
        ">",
        "<",
        "</",
        "&lt;p&gt;",
        "&amp;lt;/p&amp;gt;",
        "&amp;",
        "&#x0;",
        "&#xD800;",
    ),
    *(
        "<jats:title>",
        "</jats:title>",
        "Abstract",
        "Highlights",
        "<sec>",
        "</sec>",
        "<abstract>",
        "</abstract>",
    ),
    *(
        "<i>",
        "</i>",
        "<sub>",
        "</sub>",
        "\n      ",
        " ",
        "words",
        "5",
        "$",
        "\\alpha",
        "<br/>",
        "<list-item>",
    ),
    *(
        "<mml:math>",
        "</mml:math>",
        "<mml:mi>x",
        "<tex-math>",
        "</tex-math>",
        "<alternatives>",
        "<label>1</label>",
    ),
    *(
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?CDATA ",
        "?>",
        "<!DOCTYPE x>",
        "\x00",
        "\ufffe",
        "\ud800",
        'a="b"',
    ),
    *("<a href='https://a.example.org/'>", "</a>", "<td>", "<fn>", "</fn>", "<x-y:z>"),
)


def test_paragraphs_and_face_markup_become_plain_html() -> None:
    html = to_html(
        "<jats:p>We show H<jats:sub>2</jats:sub>O &lt; 5, <jats:italic>E. coli</jats:italic>, "
        "<jats:bold>b</jats:bold>, <jats:sc>sc</jats:sc>, <jats:monospace>m</jats:monospace>, "
        "<jats:underline>u</jats:underline>.<jats:break/>Next.</jats:p><jats:p/>"
    )

    assert html == (
        "<p>We show H<sub>2</sub>O &lt; 5, <i>E. coli</i>, <b>b</b>, <sc>sc</sc>, <code>m</code>, "
        "u.<br>Next.</p>"
    )


@pytest.mark.parametrize(
    "fragment",
    [
        "<jats:title>Abstract</jats:title><jats:p>One.</jats:p>",
        "<jats:title>ABSTRACT</jats:title><jats:p>One.</jats:p>",
        "<jats:title>Summary.</jats:title><jats:p>One.</jats:p>",
        "<jats:title>摘要</jats:title><jats:p>One.</jats:p>",
        "<jats:p><jats:bold>Abstract</jats:bold></jats:p><jats:p>One.</jats:p>",
        "<jats:p><jats:bold>Abstract:</jats:bold> One.</jats:p>",
        "<jats:p>▪ Abstract One.</jats:p>",
        "<jats:p>ABSTRACT One.</jats:p>",
        "Abstract. One.",
        "<p>One.</p>",
        "One.",
        "<abstract><p>One.</p></abstract>",
        "&lt;jats:p&gt;One.&lt;/jats:p&gt;",
        "&amp;lt;p&amp;gt;One.&amp;lt;/p&amp;gt;",
        "<p>One.<fn><p>A note.</p></fn><xref ref-type='fn'>1</xref></p>",
        "<p>One.</p><fig><caption>A picture</caption></fig>",
        "<title></title><p>One.</p>",
        "<?xml version='1.0'?><!DOCTYPE abstract><!-- hidden --><p>One.</p>",
    ],
)
def test_what_is_no_word_of_the_abstract_goes(fragment: str) -> None:
    assert to_html(fragment) == "<p>One.</p>"


@pytest.mark.parametrize(
    ("fragment", "html"),
    [
        (
            (
                "<sec><title>Background</title><p>One.</p></sec>"
                "<sec><title>Methods:</title><p>Two.</p><p>3.</p></sec>"
            ),
            "<p><b>Background:</b> One.</p><p><b>Methods:</b> Two.</p><p>3.</p>",
        ),
        ("<title>Abstract</title><title>Aim</title><p>One.</p>", "<p><b>Aim:</b> One.</p>"),
        ("<sec><title>目的</title><p>研究。</p></sec>", "<p><b>目的：</b>研究。</p>"),
        (
            "<sec><title>A <i>b</i></title><sec><title>C?</title><p>D.</p></sec></sec>",
            "<p><b>A <i>b</i>:</b> <b>C?</b> D.</p>",
        ),
        ("<p>One.</p><title>Funding</title>", "<p>One.</p><p><b>Funding:</b></p>"),
        ("<title>A<p>b</p></title><p>c</p>", "<p><b>Ab:</b> c</p>"),
        ("<p>One.</p><title>Summary</title><p>Two.</p>", "<p>One.</p><p><b>Summary:</b> Two.</p>"),
        (
            "<list><list-item><label>1.</label><p>a</p></list-item><list-item><p>b</p></list-item></list>",
            "<p>1. a</p><p>b</p>",
        ),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "<p>a b</p>"),
    ],
)
def test_headings_begin_their_paragraphs_in_bold(fragment: str, html: str) -> None:
    assert to_html(fragment) == html


@pytest.mark.parametrize(
    ("fragment", "kept"),
    [
        ("<abstract abstract-type='graphical'><p>g</p></abstract><abstract><p>m</p></abstract>", "m"),
        (
            (
                "<jats:trans-abstract xml:lang='fr'><p>t</p></jats:trans-abstract>"
                "<jats:abstract><p>m</p></jats:abstract>"
            ),
            "m",
        ),
        ("<title>Graphical abstract</title><p>g</p><title>Abstract</title><p>m</p>", "m"),
        ("<title>Abstract</title><p>m</p><sec><title>Plain Language Summary</title><p>s</p></sec>", "m"),
        ("<p>m</p><title>Key Points</title><list><list-item><p>k</p></list-item></list>", "m"),
        ("<title>Resumen</title><p>m</p><title>Abstract</title><p>other</p>", "m"),
        ("<title>Highlights</title><p>only this</p>", "only this"),
        ("<sec><title>Highlights</title><p>h</p></sec><p>m</p>", "m"),
    ],
)
def test_of_several_abstracts_the_main_one_is_kept(fragment: str, kept: str) -> None:
    assert to_html(fragment) == f"<p>{kept}</p>"


@pytest.mark.parametrize(
    ("fragment", "html"),
    [
        (
            "plain p < 0.05 and x<y and z>w\n\nNext",
            "<p>plain p &lt; 0.05 and x&lt;y and z&gt;w</p><p>Next</p>",
        ),
        ("<p>unclosed <b>bold <i>it</p> more", "<p>unclosed <b>bold <i>it</i></b></p><p>more</p>"),
        ("<p>a</b> b</p>", "<p>a b</p>"),
        ("<i>a<p>b</p>c</i>", "<p><i>a</i></p><p><i>b</i></p><p><i>c</i></p>"),
        ("<p>&alpha; &amp;beta; &nope; &amp;lt;</p>", "<p>α β &amp;nope; &lt;</p>"),
        ("<p><![CDATA[a < b]]></p>", "<p>a &lt; b</p>"),
        ("<p>a <i></i> b</p>", "<p>a b</p>"),
        ("<p><zz>a</zz></p>", "<p>a</p>"),
        ("<p>p&lt;b&gt; c &lt;5</p>", "<p>p&lt;b&gt; c &lt;5</p>"),
    ],
)
def test_what_is_not_well_formed_loses_no_word(fragment: str, html: str) -> None:
    assert to_html(fragment) == html


@pytest.mark.parametrize(
    ("fragment", "html"),
    [
        (
            "<ext-link xlink:href='https://a.example.org/?x=1&amp;y=2'>l</ext-link>",
            '<a href="https://a.example.org/?x=1&amp;y=2">l</a>',
        ),
        ("<uri>https://a.example.org/</uri>", '<a href="https://a.example.org/">https://a.example.org/</a>'),
        ("<a href='javascript:alert(1)'>l</a>", "l"),
        ("<ext-link>l</ext-link>", "l"),
    ],
)
def test_links_lead_to_the_web_or_are_only_words(fragment: str, html: str) -> None:
    assert to_html(f"<p>{fragment}</p>") == f"<p>{html}</p>"


def test_indenting_does_not_part_words_from_their_marks() -> None:
    html = to_html(
        "<p>\n    CO\n    <sub>2</sub>\n    of 10\n    <sup>5</sup>\n    t (\n    <i>P</i>\n    ) of the\n"
        "    <sup>18</sup>\n    F in\n    <i>r</i>\n    <sub>\n      <i>g</i>\n"
        "    </sub>\n    cm\n    <sup>−1</sup>\n    .\n</p>"
    )

    assert html == (
        "<p>CO<sub>2</sub> of 10<sup>5</sup> t (<i>P</i>) of the <sup>18</sup>F in <i>r</i>"
        "<sub><i>g</i></sub> cm<sup>−1</sup>.</p>"
    )


MATH = "<mml:math xmlns:mml='http://www.w3.org/1998/Math/MathML'><mml:mi>E</mml:mi></mml:math>"


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        (
            f"<inline-formula><alternatives><tex-math>$E^2$</tex-math>{MATH}</alternatives></inline-formula>",
            "$E^2$",
        ),
        (
            (
                "<tex-math>\\documentclass{minimal}\\usepackage{amsmath} % note\n"
                "\\begin{document}$$E^2$$\\end{document}</tex-math>"
            ),
            "$E^2$",
        ),
        (r"<tex-math>\usepackage{amsmath}\(E^2\)</tex-math>", "$E^2$"),
        ("<disp-formula><tex-math>E^2</tex-math></disp-formula>", "$$E^2$$"),
        (
            r"<disp-formula><tex-math>\begin{align}a&amp;=b\end{align}</tex-math></disp-formula>",
            r"\begin{align}a&amp;=b\end{align}",
        ),
        ("<tex-math>10 mg</tex-math>", r"\(10 mg\)"),
        (r"<tex-math>x\text{ if $y$}</tex-math>", r"\(x\text{ if $y$}\)"),
        ("<tex-math>$a$ and $b$</tex-math>", "$a$ and $b$"),
        ("<tex-math><?CDATA ${ \\mathcal W }$?></tex-math>", r"${ \mathcal W }$"),
        (f"<tex-math></tex-math>{MATH}", "<math><mi>E</mi></math>"),
        (
            "<disp-formula><math display='inline'><mi>E</mi></math></disp-formula>",
            '<math display="block"><mi>E</mi></math>',
        ),
        (
            "<math display='block' alttext='E'><mi mathvariant='bold'>E</mi> <mo>&lt;</mo></math>",
            '<math display="block"><mi mathvariant="bold">E</mi><mo>&lt;</mo></math>',
        ),
        (
            (
                "<math><semantics><mi>E</mi>"
                "<annotation encoding='application/x-tex'>E^2</annotation></semantics></math>"
            ),
            "$E^2$",
        ),
        (
            "<math><semantics><mi>E</mi><annotation encoding='MathType'>junk</annotation></semantics></math>",
            "<math><semantics><mi>E</mi></semantics></math>",
        ),
        ("<inline-formula><italic>E</italic></inline-formula>", "<i>E</i>"),
        ("<math></math>", ""),
    ],
)
def test_formulas_are_tex_where_there_is_tex_and_mathml_otherwise(formula: str, written: str) -> None:
    assert to_html(f"<p>x{formula}</p>") == f"<p>x{written}</p>"


def test_mathml_stays_where_its_tex_cannot_be_read() -> None:
    unreadable = "{" * 200

    html = to_html(f"<p><alternatives><tex-math>{unreadable}</tex-math>{MATH}</alternatives></p>")

    assert html == "<p><math><mi>E</mi></math></p>"


def test_an_element_without_a_formula_has_none() -> None:
    assert formulas(etree.fromstring("<p>x</p>")) == []


def test_a_title_is_one_line() -> None:
    title = etree.fromstring(
        "<article-title>Waves\n  of <italic>E. coli</italic><xref ref-type='fn'>*</xref></article-title>"
    )

    assert element_to_html(title) == "Waves of <i>E. coli</i>"


def test_a_parsed_abstract_is_paragraphs() -> None:
    abstract = etree.fromstring(
        "<abstract><!-- c --><title>Abstract</title><p>One.</p><?x y?><p>Two.</p></abstract>"
    )

    assert element_to_html(abstract) == "<p>One.</p><p>Two.</p>"


def test_the_abstract_in_the_language_of_the_work_is_preferred() -> None:
    root = etree.fromstring(
        "<a><abstract xml:lang='de'><p>de</p></abstract><abstract xml:lang='en'><p>en</p></abstract>"
        "<abstract abstract-type='toc'><p>p</p></abstract><abstract xml:lang='fr'/></a>"
    )

    chosen = main_abstract(root, language="en-GB")
    first = main_abstract(root, language="ja")

    assert chosen is not None
    assert first is not None
    assert (element_to_html(chosen), element_to_html(first)) == ("<p>en</p>", "<p>de</p>")
    assert main_abstract([]) is None


def test_words_below_the_deepest_level_are_kept() -> None:
    deep = etree.fromstring("<abstract>" + "<i>" * 200 + "deep" + "</i>" * 200 + "</abstract>")

    assert "deep" in element_to_html(deep)
    assert "deep" in to_html("<p>" + "<i>" * 200 + "deep")
    assert "deep" in to_html("<math>" + "<mrow>" * 58 + "<mi>deep</mi>")
    assert "deep" in element_to_html(
        etree.fromstring("<p><math>" + "<mrow>" * 99 + "deep" + "</mrow>" * 99 + "</math></p>")
    )


def test_a_tag_may_have_ten_thousand_attributes() -> None:
    assert to_html("<p " + "a='b' " * 10_000 + ">x</p>") == "<p>x</p>"


def test_no_entity_is_expanded() -> None:
    html = to_html("<!DOCTYPE p [<!ENTITY a 'aaaa'>]><p>&a;</p>")

    assert "aaaa'" in html
    assert html.endswith("<p>&amp;a;</p>")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=40).map("".join))
@example("")
@example("  \n ")
@example("<jats:title>Abstract</jats:title>")
def test_any_text_gives_html_that_the_cleaning_reads(fragment: str) -> None:
    html = to_html(fragment)

    assert html == "" or (html.startswith("<p>") and html.endswith("</p>"))
    render(html, Form.HTML)


@pytest.mark.parametrize(
    "piece", ["<", "<p>", "<!--", "&lt;p ", "<title>x</title>", "\n  ", "<tex-math>", "<sup>1\n   "]
)
def test_time_grows_with_length_only(piece: str) -> None:
    fragment = piece * (200_000 // len(piece))

    started = time.perf_counter()
    to_html(fragment)

    assert time.perf_counter() - started < 5  # a tenth of it here; squares would take minutes
