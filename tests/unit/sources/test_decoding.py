from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import FeedUnreadable
from academichub.sources.decoding import decode, prepare
from academichub.sources.mending import mend

DECLARED = '<?xml version="1.0" encoding="{}"?><a>{}</a>'


def declared(label: str, text: str, *, encoding: str) -> bytes:
    return DECLARED.format(label, text).encode(encoding)


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("utf-8", "utf-8", "café α 中文 😀"),
        ("iso-8859-1", "utf-8", "café α"),  # declared wrongly: valid UTF-8 wins
        ("utf-8", "cp1252", "café “x” €"),  # declared wrongly the other way
        ("iso-8859-1", "cp1252", "café “x” €"),
        ("us-ascii", "cp1252", "naïve"),
        ("gb2312", "gb18030", "中文㐀😀"),
        ("GBK", "gb18030", "书架“目录”"),
        ("big5", "big5", "書架"),
        ("shift_jis", "cp932", "①書棚"),
        ("euc-kr", "cp949", "책장뷁"),
        ("iso-2022-jp", "iso2022_jp", "書棚と目録"),
        ("windows-1251", "cp1251", "Привет мир"),
        ("iso-8859-9", "cp1254", "ğ ş İ"),
        ("utf-16", "utf-16", "中文"),
        ("utf-16", "utf-16-le", "no mark: 中文"),
        ("utf-16", "utf-16-be", "no mark: 中文"),
        ("utf-32", "utf-32", "中文😀"),
        ("utf-32", "utf-32-be", "中文😀"),
        ("utf-32", "utf-32-le", "中文😀"),
        ("utf-16", "utf-8", "said wrongly"),
        ("no-such-charset", "cp1252", "café"),
        ("base64", "cp1252", "café"),
        ("utf-7", "cp1252", "café +ADw-"),
    ],
)
def test_text_is_decoded_whatever_its_server_says(label: str, encoding: str, text: str) -> None:
    assert f"<a>{text}</a>" in decode(declared(label, text, encoding=encoding)).text


def test_the_declaration_comes_before_the_header_and_the_header_before_guessing() -> None:
    body = "<a>書架</a>".encode("big5")

    assert decode(body, content_type='text/xml; charset="big5"').text == "<a>書架</a>"
    in_both = declared("big5", "書架", encoding="big5")
    assert "書架" in decode(in_both, content_type="text/xml; charset=gb2312").text


def test_a_mark_beats_everything() -> None:
    body = b"\xef\xbb\xbf" + declared("big5", "café", encoding="utf-8")

    assert decode(body, content_type="text/xml; charset=big5").encoding == "utf-8"


def test_one_broken_byte_does_not_spoil_a_feed() -> None:
    chinese = "书架的次序与目录" * 20
    stray = chinese.encode() + b"\xe4\xb8" + chinese.encode() + b" it\x92s"
    cut = declared("gb2312", chinese * 5, encoding="gb18030").replace("序".encode("gb18030"), b"\xff", 1)

    assert decode(stray).text == f"{chinese}\ufffd{chinese} it’s"
    assert decode(b"\xef\xbb\xbf" + stray).text == f"{chinese}\ufffd{chinese} it’s"
    assert chinese in decode(cut).text
    assert decode(stray).warnings
    assert decode(cut).warnings


def test_a_cut_wide_text_is_read_as_far_as_it_goes() -> None:
    decoded = decode("<a>中文</a>".encode("utf-16")[:-1])

    assert decoded.text.startswith("<a>中文</a")
    assert decoded.warnings


@given(
    st.binary(), st.sampled_from(["", "text/xml; charset=gbk", "text/xml; charset=utf-16", "x; charset=%"])
)
def test_every_answer_can_be_decoded_and_encoded_again(body: bytes, content_type: str) -> None:
    decode(body, content_type=content_type).text.encode("utf-8", "surrogatepass")


# -- preparing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\ufeff\n ",
        '<?xml version="1.0" encoding="gb2312"?>\n',
        "<!-- a --><?xml-stylesheet href='x'?>",
        '<!DOCTYPE rss PUBLIC "-//N//DTD>" "http://x/y.dtd">',
        '<!DOCTYPE rss [<!ENTITY a "]>"> <!-- \' ]> --> <?pi ]> ?> <!ELEMENT a (#PCDATA)>]>',
        "<!doctype rss SYSTEM 'x>y'>",
    ],
)
def test_nothing_before_the_root_element_is_kept(before: str) -> None:
    assert prepare(before + "<rss>&amp;</rss>") == "<rss>&amp;</rss>"


@pytest.mark.parametrize(
    "prolog", ["<!DOCTYPE rss [", '<!DOCTYPE rss "x><rss/>', "<!DOCTYPE rss [<!-- ]><rss/>"]
)
def test_a_doctype_that_does_not_end_is_refused(prolog: str) -> None:
    with pytest.raises(FeedUnreadable):
        prepare(prolog)


@pytest.mark.parametrize(
    ("text", "prepared"),
    [
        ("<a>M&uuml;ller&nbsp;&mdash;&NotEqualTilde;</a>", "<a>Müller\xa0—≂̸</a>"),
        ("<a>&amp;&lt;&gt;&quot;&apos;</a>", "<a>&amp;&lt;&gt;&quot;&apos;</a>"),
        ("<a>&LT;b&AMP;c&nvlt;</a>", "<a>&lt;b&amp;c&lt;⃒</a>"),
        ("<a>&unknown; &amp;uuml;</a>", "<a>&unknown; &amp;uuml;</a>"),
        ("<a>it&#146;s &#x93;q&#X94; &#129;</a>", "<a>it’s “q” \x81</a>"),
        ("<a>b\x00e\x02l\x0bl\ufffe \x85\x92</a>", "<a>bell …’</a>"),
        ("<a>\x9dleft as it is</a>", "<a>\x9dleft as it is</a>"),
    ],
)
def test_text_is_made_fit_for_xml(text: str, prepared: str) -> None:
    assert prepare(text) == prepared


# -- mending --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("<rss>AT&T R & D &foo; &#x41; &amp;</rss>", "<rss>AT&amp;T R &amp; D &amp;foo; &#x41; &amp;</rss>"),
        ("<rss>5 < 6 <= 7 <$9</rss>", "<rss>5 &lt; 6 &lt;= 7 &lt;$9</rss>"),
        ("<rss>&#7;a&#x1F;&#xFFFE;&#9999999;</rss>", "<rss>a</rss>"),
        ("<rss>&#55357;&#56832; &#xD83D; x</rss>", "<rss>😀  x</rss>"),
        ("<rss><![CDATA[a & b < c]]>&<!-- & --></rss>", "<rss><![CDATA[a & b < c]]>&amp;<!-- & --></rss>"),
        ("Notice: x <rss>a</rss> <script>y</script>", "<rss>a</rss>"),
        ("<rss>never closed", "<rss>never closed"),
        ("<other>a & b</other>", "<other>a &amp; b</other>"),
        ("no element", "no element"),
        (
            '<rss><a b:c="1"/><d:e/></rss>',
            '<rss xmlns:b="urn:undeclared:b" xmlns:d="urn:undeclared:d"><a b:c="1"/><d:e/></rss>',
        ),
    ],
)
def test_small_faults_are_mended(broken: str, mended: str) -> None:
    assert mend(broken) == mended


def test_a_document_of_invented_prefixes_is_left_alone() -> None:
    text = "<rss>" + "".join(f"<p{i}:a/>" for i in range(40)) + "</rss>"

    assert mend(text) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_mending_twice_is_mending_once(text: str) -> None:
    once = mend(f"<rss>{text}</rss>")

    assert mend(once) == once
