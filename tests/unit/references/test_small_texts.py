from __future__ import annotations

import pytest

from academichub.references.journals import journal_of
from academichub.references.languages import language_tag
from academichub.references.plain import from_rich, from_tex, verbatim, web_address


@pytest.mark.parametrize(
    ("written", "tag"),
    [("English", "en"), ("eng", "en"), ("ngerman", "de"), ("en_us", "en-US"), ("zh-hans", "zh-Hans"),
     ("PT", "pt"), ("Klingon", "Klingon"), ("", "")],
)  # fmt: skip
def test_languages_are_known_by_name_or_code(written: str, tag: str) -> None:
    assert language_tag(written) == tag


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("<i>E. coli</i> &amp; H<sub>2</sub>O", "E. coli & H₂O"),
        ('<span style="font-variant:small-caps;">Dna</span> a < b', "Dna a < b"),
        ("{braces} ~ stay", "{braces} ~ stay"),
        ("costs $5", "costs $5"),
        ("$\\alpha$ and \\emph{x}", "α and x"),
    ],
)
def test_titles_of_zotero_lose_their_few_tags_only(written: str, plain: str) -> None:
    assert from_rich(written) == plain


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("\\url{http://x.example/a\\_b}", "http://x.example/a_b"),
        ("http://x.example/{\\textasciitilde}me", "http://x.example/~me"),
        ("http://x.example/$\\sim$me", "http://x.example/~me"),
        (" 10.1000/{x} ", "10.1000/x"),
        ("plain", "plain"),
    ],
)
def test_addresses_in_tex_come_out_as_they_are_meant(written: str, plain: str) -> None:
    assert verbatim(written) == plain


def test_only_web_addresses_are_addresses() -> None:
    assert web_address("see http://a.example/1; http://b.example") == "http://a.example/1"
    assert web_address("ftp://a.example") == web_address("http://") == ""


def test_the_macros_of_astronomers_and_bibliographers_are_known() -> None:
    assert journal_of("{\\mnras}") == "Monthly Notices of the Royal Astronomical Society"
    assert journal_of("\\unknown") == "\\unknown"
    assert from_tex("Dr\\adddot{}") == "Dr."
