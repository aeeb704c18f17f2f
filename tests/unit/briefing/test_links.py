"""Links to code and data."""

from __future__ import annotations

import pytest

from academichub.briefing.links import MOST_LINKS, Link, addresses, links


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Code: https://github.com/a/b.", Link("https://github.com/a/b", "code")),
        ("See github.com/a/b, please", Link("https://github.com/a/b", "code")),
        ("(https://zenodo.org/records/1)", Link("https://zenodo.org/records/1", "data")),
        ("https://osf.io/a_(b)", Link("https://osf.io/a_(b)", "data")),
        ("https://huggingface.co/a/b", Link("https://huggingface.co/a/b", "model")),
        ("https://huggingface.co/datasets/b", Link("https://huggingface.co/datasets/b", "data")),
        ("https://doi.org/10.5281/zenodo.1", Link("https://doi.org/10.5281/zenodo.1", "data")),
        ("https://lamps.github.io/", Link("https://lamps.github.io/", "page")),
        ("https://www.kaggle.com/x", Link("https://www.kaggle.com/x", "data")),
    ],
)
def test_a_link_to_a_known_place_is_given(text: str, expected: Link) -> None:
    assert links(text) == (expected,)


@pytest.mark.parametrize(
    "text",
    [
        "https://user:secret@github.com/a/b",
        "https://github.com:8080/a/b",
        "https://github.com:99999999/a/b",
        "https://github.com/",
        "https://github.com.evil.example/a/b",
        "https://evil.example/github.com",
        "https://doi.org/10.1000/journal",
        "https://-.-/aaaa",
        "https://[::1/aaaa",
        "https://a_b.github.io/",
        "no link",
    ],
)
def test_a_strange_address_is_left_out(text: str) -> None:
    assert links(text) == ()


def test_a_link_comes_once_and_only_so_many_do() -> None:
    many = " ".join(f"https://github.com/a/b{at}" for at in range(20))

    assert len(links(f"https://github.com/a/B0 {many}")) == MOST_LINKS
    assert len(addresses(many)) == 20
    assert addresses("https://....,,,,") == ("https://",)
