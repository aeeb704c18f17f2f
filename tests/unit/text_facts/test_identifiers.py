"""Identifiers: one canonical form for each, and nothing that only looks like one."""

from __future__ import annotations

import gzip
import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.text.identifiers import (
    arxiv_abs_url,
    arxiv_from_doi,
    arxiv_month,
    arxiv_pdf_url,
    doi_url,
    find_doi,
    is_news_doi,
    normalize_arxiv,
    normalize_doi,
    normalize_issn,
    normalize_openalex,
    normalize_orcid,
    normalize_pmcid,
    normalize_pmid,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SICI = "10.1002/1097-0258(20000815)19:15<2001::aid-sim916>3.0.co;2-o"

# Text that is nearly an identifier finds more faults than text that is nothing like one.
nearly = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                *(
                    "10.",
                    "1038",
                    "/",
                    "doi:",
                    "https://doi.org/",
                    "%2F",
                    "%25",
                    "%ff",
                    ")",
                    "(",
                    "]",
                    ".",
                    ";",
                    " ",
                ),
                *(
                    "arXiv:",
                    "2606",
                    ".20467",
                    "v2",
                    "math",
                    ".GT",
                    "/0309136",
                    "abs/",
                    "?",
                    "#",
                    "X",
                    "0",
                    "-",
                ),
                *(
                    "PMC",
                    "pmid:",
                    "W",
                    "orcid.org/",
                    "0000-0002-1825-0097",
                    "0028",
                    "0836",
                    "İ",
                    "ſ",
                    "²",
                    "\n",
                ),
            ]
        ),
        max_size=12,
    ).map("".join),
)


# -- DOI ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "10.1038/s41586-026-01234-5",
        "10.1038/S41586-026-01234-5",
        "  https://doi.org/10.1038/s41586-026-01234-5 ",
        "http://dx.doi.org/10.1038/s41586-026-01234-5",
        "doi.org/10.1038/s41586-026-01234-5",
        "https://www.doi.org/10.1038/s41586-026-01234-5?utm_source=rss#top",
        "https://doi.org/10.1038%2Fs41586-026-01234-5",
        "https://doi.org/10.1038%252Fs41586-026-01234-5%20",
        "doi:10.1038/s41586-026-01234-5",
        "DOI: 10.1038/s41586-026-01234-5.",
        "DOI：10.1038/s41586-026-01234-5",
        "doi 10.1038/s41586-026-01234-5",
        "info:doi/10.1038/s41586-026-01234-5",
        "urn:doi:10.1038/s41586-026-01234-5",
        "doi:https://doi.org/10.1038/s41586-026-01234-5",
        "10.1038/s41586-026-01234-5).",
        "10.1038/s41586-026-01234-5];",
        "10.1038/s41586-026-01234-5,",
    ],
)
def test_every_way_to_write_a_doi_gives_the_same_one(written: str) -> None:
    assert normalize_doi(written) == "10.1038/s41586-026-01234-5"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (SICI.upper(), SICI),
        ("10.1016/S0140-6736(26)00001-2", "10.1016/s0140-6736(26)00001-2"),
        ("10.1016/S0140-6736(26)00001-2)", "10.1016/s0140-6736(26)00001-2"),
        ("10.1000/a(b)[c]).", "10.1000/a(b)[c]"),
    ],
)
def test_brackets_that_belong_to_a_doi_stay(written: str, canonical: str) -> None:
    assert normalize_doi(written) == canonical


@pytest.mark.parametrize("prefix", ["10.1101", "10.64898"])
def test_the_version_in_a_preprint_servers_address_is_not_part_of_the_doi(prefix: str) -> None:
    assert normalize_doi(f"{prefix}/2026.06.18.123456v2.full.pdf") == f"{prefix}/2026.06.18.123456"
    assert normalize_doi(f"{prefix}/gr.123456.v1") == f"{prefix}/gr.123456.v1"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "10.1038",
        "10.1038/",
        "10.1038/...",
        "10.1/x",
        "10.1234567890/x",
        "11.1038/x",
        "10.1038/a b",
        "10.1038/a\x00b",
        "10.1038/a\u200bb",
        "10.1038/\ud800",
        "10.1038/%ff",
        "https://example.org/10.1038/x",
        "10.1038/" + "x" * 2000,
        "ISBN 978-3-16-148410-0",
    ],
)
def test_what_is_no_doi_is_refused(written: str) -> None:
    assert normalize_doi(written) is None


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("Science, Volume 390; https://doi.org/10.1126/science.abc1234.", "10.1126/science.abc1234"),
        ("(doi:10.1038/abc(12)def).", "10.1038/abc(12)def"),
        ('<a href="https://doi.org/10.1038/x1">10.1038/x1</a>', "10.1038/x1"),
        ("[10.1038/x1](https://doi.org/10.1038/x1)", "10.1038/x1"),
        ("DOI：10.1234/abc.2026。来源", "10.1234/abc.2026"),
        ("https://pubs.acs.org/doi/10.1021/jacs.6c01234?af=R", "10.1021/jacs.6c01234"),
        ("https://pubs.acs.org/doi/full/10.1021%2Fjacs.6c01234", "10.1021/jacs.6c01234"),
        ("https://www.frontiersin.org/articles/10.3389/fphy.2026.12345/full", "10.3389/fphy.2026.12345"),
        ("https://link.springer.com/content/pdf/10.1007/s00220-026-1.pdf", "10.1007/s00220-026-1"),
        ("https://www.biorxiv.org/content/10.1101/2026.06.18.123456v1.full", "10.1101/2026.06.18.123456"),
        (f"Statist. Med. {SICI.upper()} and more", SICI),
        ("version 10.1 of 10.5281/zenodo.1234", "10.5281/zenodo.1234"),
    ],
)
def test_a_doi_is_found_in_a_text_or_address(text: str, doi: str) -> None:
    assert find_doi(text) == doi


@pytest.mark.parametrize("text", ["", "no identifier", "10.1 to 10.5 eV", "210.1038/x", "10.1038/."])
def test_numbers_are_not_taken_for_a_doi(text: str) -> None:
    assert find_doi(text) is None


def test_a_resolver_address_leads_back_to_the_doi() -> None:
    assert doi_url("10.1038/s41586-026-01234-5") == "https://doi.org/10.1038/s41586-026-01234-5"
    assert normalize_doi(doi_url(SICI)) == SICI
    assert normalize_doi(doi_url("10.1000/a?b#c")) == "10.1000/a?b#c"


def test_natures_magazine_pieces_are_told_from_its_papers() -> None:
    assert is_news_doi("10.1038/d41586-026-01234-5")
    assert is_news_doi("10.1038/D41586-026-01234-5")
    assert not is_news_doi("10.1038/s41586-026-01234-5")


# -- arXiv ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "base", "version"),
    [
        ("2606.20467", "2606.20467", None),
        ("2606.20467v2", "2606.20467", 2),
        ("0704.0001", "0704.0001", None),
        ("1412.9999", "1412.9999", None),
        ("1501.00001", "1501.00001", None),
        ("arXiv:2606.20467v1", "2606.20467", 1),
        ("arXiv: 2606.20467v1 [cs.CV]", "2606.20467", 1),
        ("arXiv 2606.20467.", "2606.20467", None),
        ("oai:arXiv.org:2606.20467v3", "2606.20467", 3),
        ("oai:arXiv.org:quant-ph/0201082", "quant-ph/0201082", None),
        ("http://arxiv.org/abs/2606.20467v1", "2606.20467", 1),
        ("https://arxiv.org/abs/2606.20467", "2606.20467", None),
        ("https://export.arxiv.org/pdf/2606.20467v2.pdf", "2606.20467", 2),
        ("https://arxiv.org/html/2606.20467v2/", "2606.20467", 2),
        ("arxiv.org/abs/2606.20467?context=cs#x", "2606.20467", None),
        ("https://arxiv.org/abs/math%2F0309136", "math/0309136", None),
        ("10.48550/arXiv.2606.20467", "2606.20467", None),
        ("https://doi.org/10.48550/ARXIV.MATH/0309136", "math/0309136", None),
        ("math.GT/0309136", "math/0309136", None),
        ("Math.gt/0309136V2", "math/0309136", 2),
        ("cond-mat.mtrl-sci/0309136", "cond-mat/0309136", None),
        ("alg-geom/9202001", "alg-geom/9202001", None),
        ("hep-th/9108001", "hep-th/9108001", None),
    ],
)
def test_every_way_to_write_an_arxiv_identifier_gives_base_and_version(
    written: str, base: str, version: int | None
) -> None:
    assert normalize_arxiv(written) == (base, version)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2613.00001",
        "2600.00001",
        "0703.0001",
        "1412.12345",
        "1501.1234",
        "2606.00000",
        "2606.20467v0",
        "2606.204671",
        "math/0704001",
        "math/0313136",
        "math/0309000",
        "astro/0309136",
        "2606,20467",
        "https://example.org/abs/2606.20467",
        "https://arxiv.org/list/cs.CV/recent",
        "x" * 2000,
    ],
)
def test_what_arxiv_never_handed_out_is_refused(written: str) -> None:
    assert normalize_arxiv(written) is None


def test_an_arxiv_doi_gives_its_identifier_and_no_other_doi_does() -> None:
    assert arxiv_from_doi("10.48550/arxiv.2606.20467") == ("2606.20467", None)
    assert arxiv_from_doi("10.1038/s41586-026-01234-5") is None
    assert arxiv_from_doi("2606.20467") is None


@pytest.mark.parametrize(
    ("base", "month"),
    [
        ("2606.20467", date(2026, 6, 1)),
        ("0704.0001", date(2007, 4, 1)),
        ("quant-ph/0201082", date(2002, 1, 1)),
        ("hep-th/9912345", date(1999, 12, 1)),
        ("2613.00001", None),
        ("not an identifier", None),
    ],
)
def test_an_arxiv_identifier_tells_its_month(base: str, month: date | None) -> None:
    assert arxiv_month(base) == month


def test_arxiv_addresses_name_a_version_only_when_asked() -> None:
    assert arxiv_abs_url("2606.20467") == "https://arxiv.org/abs/2606.20467"
    assert arxiv_abs_url("math/0309136", version=2) == "https://arxiv.org/abs/math/0309136v2"
    assert arxiv_pdf_url("2606.20467", version=1) == "https://arxiv.org/pdf/2606.20467v1"


def test_every_identifier_in_real_arxiv_records_is_canonical_already(data: Callable[[str], Path]) -> None:
    with gzip.open(data("arxiv/records.jsonl.gz"), "rt", encoding="utf-8") as lines:
        identifiers = [json.loads(line)["id"] for line in lines]

    assert [each for each in identifiers if normalize_arxiv(each) != (each, None)] == []


# -- other registries -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "32015508",
        "PMID:32015508",
        "pmid: 32015508",
        "PMID 32015508",
        "032015508",
        "https://pubmed.ncbi.nlm.nih.gov/32015508/",
        "https://www.ncbi.nlm.nih.gov/pubmed/32015508?dopt=Abstract",
        "https://europepmc.org/article/MED/32015508",
        "info:pmid/32015508",
    ],
)
def test_every_way_to_write_a_pubmed_number_gives_the_same_one(written: str) -> None:
    assert normalize_pmid(written) == "32015508"


@pytest.mark.parametrize("written", ["", "0", "PMC32015508", "1234567890", "３２", "PMID:"])
def test_what_is_no_pubmed_number_is_refused(written: str) -> None:
    assert normalize_pmid(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "PMC7095418",
        "pmc7095418",
        "PMCID: PMC7095418",
        "PMC7095418.2",
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7095418/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC7095418/pdf/x.pdf",
        "https://europepmc.org/article/PMC/PMC7095418",
    ],
)
def test_every_way_to_write_a_pubmed_central_number_gives_the_same_one(written: str) -> None:
    assert normalize_pmcid(written) == "PMC7095418"


@pytest.mark.parametrize("written", ["", "7095418", "PMC", "PMC0"])
def test_what_is_no_pubmed_central_number_is_refused(written: str) -> None:
    assert normalize_pmcid(written) is None


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("0028-0836", "0028-0836"),
        ("00280836", "0028-0836"),
        ("ISSN: 0028-0836", "0028-0836"),
        ("eISSN 1476-4687", "1476-4687"),
        ("1476-4687 (Online)", "1476-4687"),
        ("urn:issn:0028-0836", "0028-0836"),
        ("https://portal.issn.org/resource/ISSN/0028-0836", "0028-0836"),
        ("2434-561x", "2434-561X"),
    ],
)
def test_an_issn_gets_its_hyphen(written: str, canonical: str) -> None:
    assert normalize_issn(written) == canonical


@pytest.mark.parametrize("written", ["", "0028-0837", "0028-083", "2434-5610", "0028 0836 7"])
def test_an_issn_with_a_wrong_check_digit_is_refused(written: str) -> None:
    assert normalize_issn(written) is None


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("0000000218250097", "0000-0002-1825-0097"),
        ("https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("http://www.orcid.org/0000-0002-1694-233x/", "0000-0002-1694-233X"),
        ("ORCID: 0000-0002-1694-233X", "0000-0002-1694-233X"),
    ],
)
def test_an_orcid_gets_its_hyphens(written: str, canonical: str) -> None:
    assert normalize_orcid(written) == canonical


@pytest.mark.parametrize("written", ["", "0000-0002-1825-0098", "0000-0002-1825-009", "0000-0002-1825-009X"])
def test_an_orcid_with_a_wrong_check_digit_is_refused(written: str) -> None:
    assert normalize_orcid(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "W2741809807",
        "w2741809807",
        "https://openalex.org/W2741809807",
        "https://api.openalex.org/works/W2741809807",
        "openalex:W2741809807",
    ],
)
def test_every_way_to_write_an_openalex_work_gives_the_same_one(written: str) -> None:
    assert normalize_openalex(written) == "W2741809807"


@pytest.mark.parametrize("written", ["", "2741809807", "https://openalex.org/A2741809807", "W0"])
def test_what_is_no_openalex_work_is_refused(written: str) -> None:
    assert normalize_openalex(written) is None


# -- for any text ---------------------------------------------------------------------------------


@given(nearly)
def test_a_canonical_identifier_is_left_as_it_is(text: str) -> None:
    for normalize in (
        normalize_doi,
        normalize_issn,
        normalize_openalex,
        normalize_orcid,
        normalize_pmcid,
        normalize_pmid,
    ):
        canonical = normalize(text)
        assert canonical is None or normalize(canonical) == canonical


@given(nearly)
def test_an_arxiv_identifier_survives_being_written_out(text: str) -> None:
    known = normalize_arxiv(text)

    if known:
        base, version = known
        assert normalize_arxiv(base) == (base, None)
        assert normalize_arxiv(arxiv_abs_url(base, version=version)) == known
        assert arxiv_month(base) is not None


@given(nearly, nearly)
def test_a_doi_found_in_a_text_is_canonical(before: str, after: str) -> None:
    found = find_doi(before + after)

    assert found is None or normalize_doi(found) == found


@given(st.text())
def test_any_text_can_be_asked_for_a_month(text: str) -> None:
    assert arxiv_month(text) is None or normalize_arxiv(text)


@given(st.from_regex(r"10\.[0-9]{4,9}/[a-z0-9.()<>:;%?#-]{0,20}[a-z0-9]", fullmatch=True))
def test_a_doi_survives_its_address(text: str) -> None:
    doi = normalize_doi(text)

    assert doi is None or normalize_doi(doi_url(doi)) == doi
