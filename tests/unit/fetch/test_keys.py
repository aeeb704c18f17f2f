"""What hosts are given beside the question."""

from __future__ import annotations

from dataclasses import fields
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import SettingInvalid
from academichub.fetch.keys import Credentials, credentials
from academichub.fetch.redact import shown
from academichub.settings import SECRETS, Settings

NCBI = "eutils.ncbi.nlm.nih.gov"


# Not for a server that papers are fetched from: of the database, and of the embeddings endpoint.
ELSEWHERE = {"database", "embeddings_key", "model_key"}


def test_nobody_is_given_anything_but_our_name_where_nothing_is_set() -> None:
    assert credentials() == {NCBI: Credentials(query={"tool": "academichub"})}


def test_each_host_is_given_its_own_key_and_no_other() -> None:
    known = credentials(
        contact="ops@hub.example",
        openalex_key="oa-1",
        semanticscholar_key="s2-1",
        ncbi_key="ncbi-1",
        openreview_token="or-1",  # noqa: S106  made up
        core_key="core-1",
        zotero_key="z-1",
    )

    assert known == {
        "api.openalex.org": Credentials(query={"api_key": "oa-1"}),
        "api.semanticscholar.org": Credentials(headers={"x-api-key": "s2-1"}),
        NCBI: Credentials(query={"tool": "academichub", "email": "ops@hub.example", "api_key": "ncbi-1"}),
        "api.unpaywall.org": Credentials(query={"email": "ops@hub.example"}),
        "api2.openreview.net": Credentials(headers={"Authorization": "Bearer or-1"}),
        "api.zotero.org": Credentials(headers={"Zotero-API-Key": "z-1"}),
        "api.core.ac.uk": Credentials(headers={"Authorization": "Bearer core-1"}),
    }


def test_every_secret_of_the_settings_that_is_for_a_server_is_given_to_one() -> None:
    keys = {name for name in SECRETS if name not in ELSEWHERE}
    known = credentials(**dict.fromkeys(keys, "made-up"))
    given = [value for one in known.values() for value in (*one.headers.values(), *one.query.values())]

    assert keys <= {field.name for field in fields(Settings)}
    assert sum("made-up" in value for value in given) == len(keys)


@pytest.mark.parametrize(
    ("contact", "mail"),
    [
        ("ops@hub.example", "ops@hub.example"),
        ("mailto:ops@hub.example", "ops@hub.example"),
        ("https://hub.example/about, ops@hub.example", "ops@hub.example"),
        ("https://hub.example/about;ops@hub.example", "ops@hub.example"),
        ("https://social.example/@ops ops@hub.example", "ops@hub.example"),
        ("https://social.example/@ops", None),
        ("https://hub.example/about", None),
        ("", None),
    ],
)
def test_of_a_contact_the_e_mail_address_is_given(contact: str, mail: str | None) -> None:
    known = credentials(contact=contact)

    assert known[NCBI].query.get("email") == mail
    assert ("api.unpaywall.org" in known) == (mail is not None)


@pytest.mark.parametrize("name", sorted(SECRETS - ELSEWHERE))
@pytest.mark.parametrize("value", ["two\r\nlines", "clé", "钥匙", "a\x00b", "a\tb"])
def test_a_key_that_no_header_can_hold_is_refused_without_being_shown(name: str, value: str) -> None:
    with pytest.raises(SettingInvalid) as caught:
        credentials(**{name: value})

    assert caught.value.facts["name"] == name
    assert value not in str(caught.value)


# -- addresses ------------------------------------------------------------------------------------

KEY = Credentials(query={"api_key": "a b&c=d"})


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://a.example/x", "https://a.example/x?api_key=a+b%26c%3Dd"),
        ("https://a.example/x?", "https://a.example/x?api_key=a+b%26c%3Dd"),
        ("https://a.example/x?q=1#f", "https://a.example/x?q=1&api_key=a+b%26c%3Dd#f"),
        (
            "https://a.example/x?filter=doi:10.5555/a|10.5555/b&cursor=*&e=%E9&flag&n=%2B",
            "https://a.example/x?filter=doi:10.5555/a|10.5555/b&cursor=*&e=%E9&flag&n=%2B&api_key=a+b%26c%3Dd",
        ),
    ],
)
def test_a_key_is_added_and_the_question_stays_as_it_is_written(url: str, asked: str) -> None:
    assert KEY.address(url) == asked


def test_an_address_stays_as_it_is_where_no_key_belongs_into_it() -> None:
    url = "https://a.example/x?q=%E9&flag#f"

    assert Credentials(headers={"x-api-key": "k"}).address(url) == url


@given(
    st.text(min_size=1, max_size=20).filter(lambda key: key.isprintable()),
    st.sampled_from(["", "?q=1", "?flag"]),
)
def test_any_key_arrives_whole_and_is_never_shown(key: str, question: str) -> None:
    asked = Credentials(query={"api_key": key}).address(f"https://a.example/x{question}")

    assert dict(parse_qsl(urlsplit(asked).query))["api_key"] == key
    assert shown(asked) == f"https://a.example/x{question}{'&' if question else '?'}api_key=***"
