"""Names that readers give things: cleaned, compared, and made into addresses."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.text.labels import LONGEST_SLUG, clean_label, label_key, slugs


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("  two\n words\t", "two words"),
        ("cafe\u0301", "café"),
        ("turn\u202eed round\u2066", "turned round"),
        ("\ufeffbegin", "begin"),
        ("\x00\x07", ""),
        ("\u200d\u200c \u200d", ""),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("lone\ud800", "lone"),
        ("a \u200b b", "a b"),
        ("蛙鸣 🐸", "蛙鸣 🐸"),
    ],
)
def test_a_name_is_one_line_of_characters_that_are_seen(written: str, cleaned: str) -> None:
    assert clean_label(written) == cleaned


@given(st.text())
def test_cleaning_a_name_twice_changes_nothing_more(name: str) -> None:
    cleaned = clean_label(name)

    assert clean_label(cleaned) == cleaned
    assert label_key(cleaned) == label_key(name)


@pytest.mark.parametrize(
    ("one", "other"), [("ML", "ml"), ("ＭＬ", "ml"), ("Straße", "STRASSE"), (" a  b ", "A b")]
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert label_key(one) == label_key(other)


def test_names_that_differ_by_an_accent_are_two() -> None:
    assert label_key("resume") != label_key("résumé")


def test_slugs_are_proposed_without_end() -> None:
    assert list(islice(slugs("Ünder the séa!", word="collection"), 3)) == [
        "under-the-sea",
        "under-the-sea-2",
        "under-the-sea-3",
    ]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("New", "list-new"),
        ("12", "list-12"),
        ("☃", "list"),
        ("हिन्दी", "हिन्दी"),
        ("a/b?c", "a-b-c"),
        ("多模态", "多模态"),
    ],
)
def test_a_slug_is_never_a_reserved_word_a_number_or_nothing(name: str, slug: str) -> None:
    assert next(slugs(name, word="list", reserved=["new"])) == slug


@given(st.text(max_size=300))
def test_a_slug_is_short_and_fits_an_address(name: str) -> None:
    slug = next(slugs(name, word="list"))

    assert 0 < len(slug) <= LONGEST_SLUG + len("list-")
    assert not set(slug) & set(" /?#%&\\\"'<>\x00\n")
