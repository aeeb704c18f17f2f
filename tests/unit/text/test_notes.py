"""Notes are shown as safe HTML, whatever is written in them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.text.notes import to_html

REL = 'rel="noopener noreferrer nofollow"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ("**b** _i_ ~~s~~ `x<y`", "<p><strong>b</strong> <em>i</em> <s>s</s> <code>x&lt;y</code></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. c", '<ol start="3">\n<li>c</li>\n</ol>'),
        ("> 引用", "<blockquote>\n<p>引用</p>\n</blockquote>"),
        ("```py\nx\n```", "<pre><code>x\n</code></pre>"),
        ("---", "<hr>"),
        ("[a](https://x.example/?q=1&r=2)", f'<p><a href="https://x.example/?q=1&amp;r=2" {REL}>a</a></p>'),
        ("<HTTP://x.example>", f'<p><a href="HTTP://x.example" {REL}>HTTP://x.example</a></p>'),
        ("![a *p*](https://x.example/p.png)", f'<p><a href="https://x.example/p.png" {REL}>a *p*</a></p>'),
        (
            "![](https://x.example/p)",
            f'<p><a href="https://x.example/p" {REL}>https://x.example/p</a></p>',
        ),
    ],
)
def test_markdown_is_shown_as_it_is_meant(text: str, html: str) -> None:
    assert to_html(text) == html


def test_headings_stand_below_those_of_the_page() -> None:
    shown = to_html("# a\n## b\n### c\n#### d\n##### e\n###### f\n\ng\n===")

    assert re.findall(r"<(h\d)>(.)</\1>", shown) == [
        ("h3", "a"), ("h4", "b"), ("h5", "c"), ("h6", "d"), ("h6", "e"), ("h6", "f"), ("h3", "g")
    ]  # fmt: skip  # one line a heading would hide the steps


def test_a_table_is_a_table() -> None:
    assert "<th>a</th>" in to_html("|a|b|\n|-|:-:|\n|1|2|")
    assert "style" not in to_html("|a|b|\n|-|:-:|\n|1|2|")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java&#x73;cript:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](vbscript:x)",
        "[a](//x.example)",
        "[a](/settings)",
        "[a][1]\n\n[1]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "![a](javascript:alert(1))",
        '![a](https://x.example/"onerror="alert(1))',
        '[a](https://x.example/ "t\\" onclick=\\"alert(1)")',
        "![<b onclick=x>](https://x.example/)",
        "<!-- --><style>*{}</style><iframe src=https://x.example>",
        '```"><script>\nx\n```',
        "<svg><a xlink:href=javascript:alert(1)>x</a></svg>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_nothing_that_acts_comes_out_of_a_note(text: str) -> None:
    check_safe(to_html(text))


PIECES = [*"<>[]()!\"'`*_#&;:/=|-~\\\n abjsx1", "javascript:", "http://x.example", "onclick=", "<b>", "]("]


@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_whatever_is_written_only_known_elements_come_out(pieces: list[str]) -> None:
    check_safe(to_html("".join(pieces)))


@pytest.mark.parametrize(
    "text", [">" * 5000, "[" * 5000, "- " * 5000, "*a " * 5000, "\x00\ud800\u202e", "![" * 2000]
)
def test_odd_notes_are_shown_all_the_same(text: str) -> None:
    check_safe(to_html(text))


def check_safe(html: str) -> None:
    """Accept the elements of notes alone, and no attributes but those of links and numbered lists."""
    elements = r"p|br|hr|em|strong|s|code|pre|blockquote|ul|ol|li|h[3-6]|table|thead|tbody|tr|th|td"
    link = rf'<a href="[Hh][Tt][Tt][Pp][Ss]?://[^"<>]*"(?: title="[^"<>]*")? {REL}>|</a>'
    left = re.sub(rf'</?(?:{elements})>|<ol start="\d+">|{link}', "", html)
    assert not re.search(r"[<>](?!$)", left.replace("&lt;", "").replace("&gt;", "")), left
