from __future__ import annotations

import pytest

from academichub.model.papers import Identifiers
from academichub.references.finding import Clues, find_arxiv, identify


@pytest.mark.parametrize(
    ("clues", "found"),
    [
        (Clues(doi="https://doi.org/10.1000/ABC"), Identifiers(doi="10.1000/abc")),
        (Clues(doi="see doi 10.1000/abc."), Identifiers(doi="10.1000/abc")),
        (Clues(doi="10.48550/arXiv.2401.01234"), Identifiers(arxiv="2401.01234")),
        (Clues(eprint="2401.01234v3", archive="arXiv"), Identifiers(arxiv="2401.01234")),
        (Clues(eprint="hep-th/9711200"), Identifiers(arxiv="hep-th/9711200")),
        (Clues(eprint="3250920", archive="jstor"), Identifiers()),
        (Clues(eprint="24828123", archive="pubmed"), Identifiers(pmid="24828123")),
        (Clues(arxiv="arXiv: 2401.01234 [cs.LG]"), Identifiers(arxiv="2401.01234")),
        (
            Clues(pmid="PMID: 7", pmcid="123", issn="0028-0837, 0028-0836"),
            Identifiers(pmid="7", issn="0028-0836"),
        ),
        (Clues(pmcid="PMC123 [available on 2020]"), Identifiers(pmcid="PMC123")),
        (Clues(texts=["", "arXiv preprint arXiv:2401.01234"]), Identifiers(arxiv="2401.01234")),
        (Clues(texts=["CoRR abs/1706.03762"]), Identifiers(arxiv="1706.03762")),
        (Clues(texts=["https://pubmed.ncbi.nlm.nih.gov/0123/"]), Identifiers(pmid="123")),
        (Clues(texts=["PMID 0"]), Identifiers()),
        (
            Clues(texts=["https://academic.oup.com/a/doi/10.1093/llc/abc083/6964525"]),
            Identifiers(doi="10.1093/llc/abc083"),
        ),
        (
            Clues(texts=["https://academic.oup.com/a/doi/10.1093/llc/abc083"]),
            Identifiers(doi="10.1093/llc/abc083"),
        ),
        (Clues(doi="none", texts=["no.10"]), Identifiers()),
    ],
)
def test_a_reference_is_known_by_what_stands_anywhere_in_it(clues: Clues, found: Identifiers) -> None:
    assert identify(clues) == found


@pytest.mark.parametrize("text", ["arXiv:9999.99999", "arxiv", "2401.01234", "abs/1"])
def test_what_arxiv_never_gave_out_is_no_identifier_of_it(text: str) -> None:
    assert find_arxiv(text) is None
