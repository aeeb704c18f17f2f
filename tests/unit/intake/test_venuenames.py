"""Names of journals and conferences: abbreviations, acronyms, and places that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.intake.venuenames import (
    Tie,
    VenueKind,
    is_preprint_server,
    read_venue,
    spells,
    tie,
    words_of,
)

names = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            [
                *("Journal", "J.", "of", "Proc.", "the", "SIGMOD", "Record", "VLDB", "(TODS)", "Conference"),
                *("Physical", "Phys.", "Review", "Rev.", "Letters", "2003", "24th", "ACM", "nature.com", "…"),
                *("学报", "计算机", "会议", "arXiv", "Magazine"),
            ]
        ),
        max_size=7,
    ).map(" ".join),
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SIGMOD Conference", "International Conference on Management of Data"),
        (
            "SIGMOD Conference",
            "Proceedings of the 1998 ACM SIGMOD international conference on Management of data",
        ),
        ("VLDB J.", "The VLDB Journal -- The International Journal on Very Large Data Bases"),
        ("VLDB", "Very Large Data Bases"),
        ("VLDB", "VLDB 2003, Berlin"),
        ("PVLDB", "Proceedings of the VLDB Endowment"),
        ("TODS", "ACM Transactions on Database Systems"),
        ("ACM Trans. Database Syst.", "ACM Transactions on Database Systems (TODS)"),
        ("acm trans . database syst .", "acm transactions on database systems ( tods )"),
        ("TKDE", "IEEE Trans. Knowl. Data Eng."),
        ("NIPS", "Advances in Neural Information Processing Systems"),
        ("NDSS", "24th Annual Network and Distributed System Security Symposium"),
        ("Phys. Rev. Lett.", "Physical Review Letters"),
        ("PRL", "Physical Review Letters"),
        ("Proc. Natl. Acad. Sci. U.S.A.", "PNAS"),
        ("J. Am. Chem. Soc.", "Journal of the American Chemical Society"),
        ("Nat. Commun.", "Nature Communications"),
        ("Lancet", "The Lancet"),
        ("Natl. Sci. Rev.", "National Science Review"),
        ("Tests Quarterly (TQ)", "TQ"),
        ("计算机学报", "计算机学报"),
        ("Symposium on the Art of Testing (ART)", "Workshop on Artful Reading of Tests (ART)"),
    ],
)
def test_two_spellings_of_one_venue_are_the_same(one: str, other: str) -> None:
    assert tie(one, other) is Tie.SAME
    assert tie(other, one) is Tie.SAME


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("VLDB", "VLDB J.", Tie.UNLIKE_KIND),
        ("ICML", "Journal of Machine Learning Research", Tie.UNLIKE_KIND),
        ("SIGMOD Record", "SIGMOD Conference", Tie.UNLIKE),
        ("SIGMOD Conference", "VLDB", Tie.UNLIKE),
        ("Nature", "Science", Tie.UNLIKE),
        ("计算机学报", "软件学报", Tie.UNLIKE),
        ("IEEE Transactions on Information Theory", "Journal of Physics", Tie.UNLIKE),
        ("Nature", "Nature Communications", Tie.LIKE),
        ("Physical Review D", "Physical Review Letters", Tie.LIKE),
        ("ICXYZ", "International Conference on Something Else", Tie.LIKE),
        ("计算机学报", "Chinese Journal of Computers", Tie.LIKE),
        ("International Conference on Very Large …", "Knowledge and Information Systems", Tie.LIKE),
        ("Nature", "nature.com", Tie.UNSAID),
        ("Nature", "ScienceDirect", Tie.UNSAID),
        ("Nature", "null", Tie.UNSAID),
        ("Nature", "", Tie.UNSAID),
        ("Nature", "1998", Tie.UNSAID),
    ],
)
def test_other_venues_are_told_apart_as_far_as_their_names_say(one: str, other: str, found: Tie) -> None:
    assert tie(one, other) is found
    assert tie(other, one) is found


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Journal of Tests", VenueKind.JOURNAL),
        ("IEEE Software Magazine", VenueKind.MAGAZINE),
        ("Workshop on Tests", VenueKind.CONFERENCE),
        ("Proceedings of the Royal Society A", VenueKind.JOURNAL),
        ("Proceedings of the 3rd Tests", VenueKind.CONFERENCE),
        ("Journal of Knowledge Discovery and Data Mining", VenueKind.JOURNAL),
        ("arXiv", VenueKind.PREPRINT),
        ("CoRR abs/1234", VenueKind.PREPRINT),
        ("bioRxiv", VenueKind.PREPRINT),
        ("Journal of Preprints", VenueKind.JOURNAL),
        ("自动化学报", VenueKind.JOURNAL),
        ("全国计算机大会", VenueKind.CONFERENCE),
        ("自动化", VenueKind.UNSAID),
        ("Cell", VenueKind.UNSAID),
    ],
)
def test_the_kind_of_a_venue_is_read_from_its_name(name: str, kind: VenueKind) -> None:
    assert read_venue(name).kind is kind


def test_only_preprint_servers_are_preprint_servers() -> None:
    assert is_preprint_server("arXiv")
    assert not is_preprint_server("Nature")
    assert not is_preprint_server("")


@pytest.mark.parametrize(
    ("acronym", "words", "is_spelled"),
    [
        ("tods", "acm transactions on database systems", True),
        ("neurips", "neural information processing systems", True),
        ("icde", "international conference on data engineering", True),
        ("tods", "transactions on graphics", False),
        ("tods", "transactions on database systems and more", False),
        ("ml", "machine learning ml", True),
    ],
)
def test_an_acronym_takes_letters_of_every_word_that_counts(
    acronym: str, words: str, *, is_spelled: bool
) -> None:
    assert spells(acronym, tuple(words.split())) is is_spelled


def test_a_long_row_of_like_words_does_not_take_long() -> None:
    assert not spells("iiiiiiiiii", ("international",) * 60 + ("x",))


@given(names, names)
def test_any_two_names_are_compared_alike_in_either_order(one: str, other: str) -> None:
    assert tie(one, other) is tie(other, one)
    assert tie(one, one) in {Tie.SAME, Tie.UNSAID}
    assert all(words_of(one)) or not one
