from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.fetch.redact import shown


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/feed?cat=cs.AI&page=2", "https://a.example/feed?cat=cs.AI&page=2"),
        ("https://me:hunter2@a.example/feed", "https://a.example/feed"),
        ("https://me:p@ss@a.example/", "https://a.example/"),
        ("https://me:hunter2@[broken/", "https://[broken/"),
        ("https://a.example/?api_key=s3cret&q=x", "https://a.example/?api_key=***&q=x"),
        ("https://a.example/?q=x&apikey=s3cret", "https://a.example/?q=x&apikey=***"),
        ("https://a.example/?q=x;access_token=s3cret", "https://a.example/?q=x;access_token=***"),
        ("https://a.example/?X-Amz-Signature=s3cret", "https://a.example/?X-Amz-Signature=***"),
        ("https://a.example/?accessToken=s3cret", "https://a.example/?accessToken=***"),
        ("https://a.example/?api%5Fkey=s3cret", "https://a.example/?api%5Fkey=***"),
        ("https://a.example/?keywords=graphs&author=Wu", "https://a.example/?keywords=graphs&author=Wu"),
        ("https://a.example/#token=s3cret", "https://a.example/"),
        ("https://a.example/a@b", "https://a.example/a@b"),
        ("not an address", "not an address"),
    ],
)
def test_secrets_are_not_shown_and_the_rest_is(url: str, safe: str) -> None:
    assert shown(url) == safe


@given(st.text(), st.sampled_from(["key", "token", "API_KEY", "sig", "password"]))
def test_no_secret_survives_wherever_it_stands(before: str, name: str) -> None:
    secret = "hunter2-hunter2"  # noqa: S105  made up

    assert secret not in shown(f"https://me:{secret}@a.example/?{before}&{name}={secret}&b=2")


def test_an_endless_address_is_cut() -> None:
    assert len(shown("https://a.example/" + "a" * 100_000)) == 500
