"""Licences by the names that people use."""

from __future__ import annotations

import pytest

from academichub.text.licences import licence_name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("http://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode", "CC BY-NC-SA 4.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "Public Domain 1.0"),
        ("http://arxiv.org/licenses/nonexclusive-distrib/1.0/", "arXiv 1.0"),
        ("https://publisher.example/terms/", "publisher.example/terms"),
    ],
)
def test_a_licence_has_its_usual_short_name(address: str, name: str) -> None:
    assert licence_name(address) == name
