from __future__ import annotations

import pytest

from academichub.errors import SettingInvalid
from academichub.fetch.manners import Manner, gate_for, user_agent


@pytest.mark.parametrize(
    "host", ["arxiv.org", "rss.arxiv.org", "export.arxiv.org", "OAIPMH.arXiv.org", "rss.arxiv.org."]
)
def test_all_of_arxiv_is_behind_one_gate_with_three_seconds_and_one_connection(host: str) -> None:
    assert gate_for(host) == Manner("arxiv.org", 3.0, hangs_up=True)


@pytest.mark.parametrize("host", ["arxiv.org.example", "notarxiv.org", "arxiv.example"])
def test_a_host_that_only_looks_like_arxiv_is_not_behind_its_gate(host: str) -> None:
    assert gate_for(host).name != "arxiv.org"


@pytest.mark.parametrize(
    ("host", "gate"),
    [
        ("www.nature.com", "nature.com"),
        ("feeds.nature.com", "nature.com"),
        ("nature.com", "nature.com"),
        ("www.cs.ox.ac.uk", "ox.ac.uk"),
        ("news.pku.edu.cn", "pku.edu.cn"),
        ("journals.gov.au", "journals.gov.au"),
        ("www.mpg.de", "mpg.de"),
        ("localhost", "localhost"),
        ("93.184.216.34", "93.184.216.34"),
        ("2606:2800:220:1:248:1893:25c8:1946", "2606:2800:220:1:248:1893:25c8:1946"),
    ],
)
def test_hosts_of_one_owner_share_a_gate_of_one_second(host: str, gate: str) -> None:
    assert gate_for(host) == Manner(gate, 1.0)


@pytest.mark.parametrize(
    ("contact", "name"),
    [
        ("ops@hub.example", "AcademicHub/1.2 (mailto:ops@hub.example)"),
        ("mailto:ops@hub.example", "AcademicHub/1.2 (mailto:ops@hub.example)"),
        ("https://hub.example/about", "AcademicHub/1.2 (+https://hub.example/about)"),
        (
            "https://hub.example/about; ops@hub.example",
            "AcademicHub/1.2 (+https://hub.example/about; mailto:ops@hub.example)",
        ),
        ("", "AcademicHub/1.2 (self-hosted; no contact set)"),
        ("  ", "AcademicHub/1.2 (self-hosted; no contact set)"),
    ],
)
def test_servers_are_told_who_calls_and_whom_to_write_to(contact: str, name: str) -> None:
    assert user_agent("1.2", contact) == name


@pytest.mark.parametrize(
    "contact", ["call me", "a@b)\r\nX-Evil:1", "https://hub.example/(", "名@hub.example"]
)
def test_a_contact_that_would_be_useless_or_break_the_header_is_refused(contact: str) -> None:
    with pytest.raises(SettingInvalid):
        user_agent("1.2", contact)
