from __future__ import annotations

import pytest
from lxml import etree

from academichub.errors import RecordBroken
from academichub.model.papers import Form, Record, Text
from academichub.sources.copernicus import read

JOURNAL = "<journal><journal_title>J</journal_title><publication_year>2026</publication_year></journal>"


def article(inside: str = "") -> Record:
    return read(
        etree.fromstring(f"<article>{JOURNAL}<article_title>T</article_title>{inside}</article>"), "", 0
    )


@pytest.mark.parametrize(
    "xml", ["<article/>", "<article><front/></article>", f"<article>{JOURNAL}</article>"]
)
def test_another_article_is_refused(xml: str) -> None:
    with pytest.raises(RecordBroken):
        read(etree.fromstring(xml), "", 0)


def test_a_text_says_itself_whether_it_is_html() -> None:
    plain = article("<abstract>a &lt; b</abstract>")
    html = article("<abstract content_type='html'>&lt;p&gt;a&lt;/p&gt;</abstract>")

    assert (plain.summary, html.summary) == (Text("a < b", Form.PLAIN), Text("<p>a</p>", Form.HTML))
    assert article("<abstract/>").summary == Text()


@pytest.mark.parametrize(
    ("inside", "link"),
    [
        (
            "<article_url>https://a.example.org/1/</article_url><doi>10.5555/1</doi>",
            "https://a.example.org/1/",
        ),
        ("<doi>10.5555/1</doi>", "https://doi.org/10.5555/1"),
        ("", ""),
    ],
)
def test_the_link_is_the_articles_page(inside: str, link: str) -> None:
    assert article(inside).link == link


def test_the_year_stands_in_for_the_day() -> None:
    assert article().published == "2026"
    assert article("<publication_date>2026-05-06</publication_date>").published == "2026-05-06"


def test_a_file_without_an_address_is_no_link() -> None:
    assert article("<fulltext_pdf>x.pdf</fulltext_pdf>").links == ()
