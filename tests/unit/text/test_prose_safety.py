"""Nothing a feed can write may reach a page as anything but text, inline tags and MathML."""

from __future__ import annotations

import re
import time

import pytest
from html5lib import HTMLParser
from hypothesis import given, settings
from hypothesis import strategies as st

from academichub.text import markup, math, prose

ALLOWED = re.compile(
    r"</?(?:p|br|b|i|em|strong|sub|sup|a|span|code|math|m[a-z]+)(?: [a-z]+=\"[^\"<>]*\")*>", re.ASCII
)
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef]")
PIECES = [
    "$", "$$", "\\(", "\\)", "\\[", "\\]", "{", "}", "\\", "^", "_", "^{", "_{", "&", "%", "#", "~", "--",
    "``", "''",
    "`", "'", " ", "\n\n", "x", "1", "中", "|", "\x00", "\u202e", "\ufdd00\ufdd1", "\ud800", "\u0301", "ﬁ",
    "\\text{", "\\textbf{", "\\textsc{", "\\mbox{$", "\\color{red}", "\\frac", "\\sqrt", "\\left(",
    "\\right)",
    "\\href{javascript:alert(1)}{", "\\href{http://a.b/$x$}{", "\\url{http://a.b/}", "\\footnote{",
    "\\cite{a}",
    '\\"', "\\'", "\\^{", "\\bf ", "\\verb|", "\\SI{1}{\\m}", "\\ce{H2O}", "\\cases{", "\\unicode{xd800}",
    "\\unicode{x202e}", "\\phantom{", "\\boxed{", "\\cancel{", "\\label{a b}", "\\begin{equation}",
    "\\end{equation}", "\\begin{array}{c}", "\\end{array}", "\\def\\x{\\x\\x}\\x",
    "<script>", "</script>", "<style>", "<!--", "-->", "<i>", "</i>", "<b>", "<p>", "</p>", "<br>", "<h1>",
    "</h1>",
    '<a href="http://x.y/', "<a href=javascript:x>", '">', "</a>", "<td>", "<table>", "<svg>", "<select>",
    "<plaintext>", "<title>", "<math>", "</math>", "<mi>", "</mi>", "<mtext>", "<mglyph>", "<annotation-xml>",
    "<mml:math>", "</mml:math>", "<foo>", "</foo>", "<jats:title>", "</jats:title>", "<sub>", "</sub>",
    "&lt;", "&amp;", "&#x202e;", "&#0;", "&#xfdd0;0&#xfdd1;", "https://a.b/c_d).", "http://[",
    "http://a:99999999/",
]  # fmt: skip


def assert_safe(rendered_html: str) -> None:
    assert "<" not in ALLOWED.sub("", rendered_html)
    assert not re.search(r"<[^>]*(?:javascript|\sstyle=|\son[a-z]+=)", rendered_html)
    assert not HIDDEN.search(rendered_html)
    assert markup.clean(rendered_html) == rendered_html
    HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(rendered_html)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_no_mixture_of_tex_and_html_gets_anything_through(raw: str) -> None:
    for rendered in (prose.render(raw), prose.render_title(raw)):
        assert_safe(rendered.html)
        assert not HIDDEN.search(rendered.plain)
        assert not re.search("[\u2061-\u2064]", rendered.plain)
    assert not re.search(r"<(?:p|br|a)\b", prose.render_title(raw).html)


@pytest.mark.parametrize(
    "raw",
    [
        r"$\text{<script>alert(1)</script>}$",
        r"$\href{javascript:alert(1)}{x}$ and \href{javascript:alert(1)}{y} \url{javascript:alert(1)}",
        r"\href{https://a.b/$x$}{placeholders do not get into attributes}",
        "<math><mtext><img src=x onerror=alert(1)></mtext><mi href='javascript:x'>y</mi></math>",
        "<math><maction actiontype='statusline#http://x'>z</maction></math>",
        r"$\textsc{a}$ $\color{red}{b}$ $\begin{align}a&=b\\c&=d\end{align}$ $\boxed{x} \cancel{y}$",
        '<a href="https://a.b/&quot;onmouseover=&quot;x">q</a>',
    ],
)
def test_known_attacks_come_out_as_text(raw: str) -> None:
    assert_safe(prose.render(raw).html)
    assert_safe(prose.render_title(raw).html)


@pytest.mark.parametrize(
    "raw",
    [
        "$" + "{" * 3000 + "x" + "}" * 3000 + "$",
        "$" + r"\sqrt " * 600 + "x$",
        "$" + r"\left(" * 280 + "x" + r"\right)" * 280 + "$",
        r"$\def\x{\x\x}\x$",
        r"$\newcommand{\a}{\a\a}\a$",
        "{" * 50_000,
        "\\emph{" * 10_000,
        "$" * 50_000,
        "\\(" * 20_000,
        "\\begin{equation}" * 5_000,
        "<a " * 30_000,
        "<i>" * 20_000 + "x",
        "<math>" * 5_000,
        "&#x2014" * 10_000,
        "`a" * 30_000,
        "\\cite{a}" * 10_000,
        "https://" * 10_000,
        "<jats:alternatives><tex-math>" * 3_000,
    ],
    ids=lambda raw: raw[:12],
)
def test_hostile_size_and_depth_cost_less_than_a_second(raw: str) -> None:
    start = time.process_time()

    rendered = prose.render(raw)

    assert time.process_time() - start < 1
    assert_safe(rendered.html)


@given(st.text(alphabet="abkxn12+-=^_{}()\\ ,<>&", max_size=40))
def test_a_formula_that_passes_for_familiar_is_one_the_cleaner_gives_back(body: str) -> None:
    formula = math.render(body)

    assert formula.is_raw or markup._FORMULA.clean(formula.html) == formula.html
