from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import httpcore2
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import AddressForbidden, AddressMalformed, SourceUnreachable
from academichub.fetch.client import Ask
from academichub.fetch.deadline import Deadline
from academichub.fetch.guard import Forbidden, GuardedBackend, admit, admit_redirect, objection
from tests.fakes.network import ALSO_PUBLIC, NOW, PUBLIC, FakeNames, Shortcut, a_fetcher
from tests.fakes.web import FakeWeb, Page, redirect

if TYPE_CHECKING:
    from collections.abc import Iterator

PROBES = [
    "http://127.0.0.1/",
    "http://localhost/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://127.1/",
    "http://0/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.1.2.3/",
    "http://100.64.0.1/",
    "http://[fd00::1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://journal.example:8080/",
]


@pytest.fixture
def web() -> Iterator[FakeWeb]:
    with FakeWeb({"/": Page(b"the inside")}) as web:
        yield web


@pytest.mark.parametrize("address", PROBES)
def test_no_spelling_of_a_private_address_is_opened(address: str, web: FakeWeb) -> None:
    names = FakeNames(localhost=[["127.0.0.1"]], journal_example=[[PUBLIC]])

    with a_fetcher(resolve=names, dial=Shortcut(web.port)) as fetcher, pytest.raises(AddressForbidden):
        fetcher.get(Ask(address), now=NOW)

    assert web.visits == []


@pytest.mark.parametrize("address", PROBES)
def test_no_redirect_leads_to_a_private_address(address: str, web: FakeWeb) -> None:
    names = FakeNames(localhost=[["127.0.0.1"]], journal_example=[[PUBLIC]])
    web.put("/feed", redirect(address))

    with a_fetcher(resolve=names, dial=Shortcut(web.port)) as fetcher, pytest.raises(AddressForbidden):
        fetcher.get(Ask("http://journal.example/feed"), now=NOW)

    assert [visit.path for visit in web.visits] == ["/feed"]


@pytest.mark.parametrize(
    "answers",
    [
        [[PUBLIC, "127.0.0.1"]],
        [["10.0.0.1", PUBLIC]],
        [[PUBLIC, "::1"]],
        [[PUBLIC, "fe80::1%2"]],
        [["nonsense"]],
    ],
)
def test_one_private_address_among_public_ones_closes_the_name(
    answers: list[list[str]], web: FakeWeb
) -> None:
    dial = Shortcut(web.port)

    with (
        a_fetcher(resolve=FakeNames(journal_example=answers), dial=dial) as fetcher,
        pytest.raises(AddressForbidden) as caught,
    ):
        fetcher.get(Ask("http://journal.example/feed"), now=NOW)

    assert dial.opened == []
    assert caught.value.facts == {"url": "http://journal.example/feed", "reason": "not a public address"}


def test_a_name_that_turns_private_between_two_requests_is_not_followed(web: FakeWeb) -> None:
    rebinding = FakeNames(journal_example=[[PUBLIC], ["127.0.0.1"]])
    web.put("/feed", Page(b"<rss/>", headers={"Connection": "close"}))

    with a_fetcher(resolve=rebinding, dial=Shortcut(web.port)) as fetcher:
        assert fetcher.get(Ask("http://journal.example/feed"), now=NOW).status == 200
        with pytest.raises(AddressForbidden):
            fetcher.get(Ask("http://journal.example/feed"), now=NOW)


def test_a_name_that_turns_private_between_two_redirects_is_not_followed(web: FakeWeb) -> None:
    rebinding = FakeNames(journal_example=[[PUBLIC], ["127.0.0.1"]])
    web.put("/feed", redirect("/", 301))

    with a_fetcher(resolve=rebinding, dial=Shortcut(web.port)) as fetcher, pytest.raises(AddressForbidden):
        fetcher.get(Ask("http://journal.example/feed"), now=NOW)

    assert [visit.path for visit in web.visits] == ["/feed"]


def test_the_address_that_was_checked_is_the_one_that_is_opened(web: FakeWeb) -> None:
    names, dial = FakeNames(journal_example=[[PUBLIC], ["127.0.0.1"]]), Shortcut(web.port)

    with a_fetcher(resolve=names, dial=dial) as fetcher:
        fetcher.get(Ask("http://journal.example/"), now=NOW)

    assert names.asked == ["journal.example"]
    assert dial.opened == [(PUBLIC, 80)]
    assert web.visits[0].host == "journal.example"


@pytest.mark.parametrize("fault", ["dead", "deaf"])
def test_the_next_address_of_a_name_is_tried_when_the_first_does_not_answer(fault: str, web: FakeWeb) -> None:
    names = FakeNames(journal_example=[[ALSO_PUBLIC, ALSO_PUBLIC, PUBLIC]])
    dial = Shortcut(web.port, **{fault: frozenset({ALSO_PUBLIC})})

    with a_fetcher(resolve=names, dial=dial) as fetcher:
        assert fetcher.get(Ask("http://journal.example/"), now=NOW).status == 200

    assert dial.opened == [(ALSO_PUBLIC, 80), (PUBLIC, 80)]


def test_a_host_that_does_not_answer_is_not_tried_again_at_once(web: FakeWeb) -> None:
    dial = Shortcut(web.port, deaf=frozenset({PUBLIC}))

    with (
        a_fetcher(resolve=FakeNames(journal_example=[[PUBLIC]]), dial=dial) as fetcher,
        pytest.raises(SourceUnreachable) as caught,
    ):
        fetcher.get(Ask("http://journal.example/"), now=NOW)

    assert caught.value.facts["reason"] == "no connection in time"
    assert len(dial.opened) == 1


def test_a_name_without_an_address_is_unreachable_not_forbidden() -> None:
    with (
        a_fetcher(resolve=FakeNames(empty_example=[[]])) as fetcher,
        pytest.raises(SourceUnreachable) as empty,
    ):
        fetcher.get(Ask("http://empty.example/"), now=NOW)
    with a_fetcher(resolve=FakeNames()) as fetcher, pytest.raises(SourceUnreachable) as unknown:
        fetcher.get(Ask("http://unknown.example/"), now=NOW)

    assert empty.value.facts["reason"] == unknown.value.facts["reason"] == "no such host"


def test_only_the_exact_place_that_is_allowed_is_opened(web: FakeWeb) -> None:
    with a_fetcher(allow=frozenset({web.place})) as fetcher:
        assert fetcher.get(Ask(web.url("/")), now=NOW).body == b"the inside"
        for other in (
            f"http://localhost:{web.port}/",
            f"http://127.0.0.1:{web.port + 1}/",
            "http://127.0.0.1/",
        ):
            with pytest.raises(AddressForbidden):
                fetcher.get(Ask(other), now=NOW)


def test_the_backend_itself_refuses_odd_ports_and_files() -> None:
    backend = GuardedBackend(deadline=Deadline(), resolve=FakeNames(journal_example=[[PUBLIC]]))

    with pytest.raises(Forbidden):
        backend.connect_tcp("journal.example", 22)
    with pytest.raises(Forbidden):
        backend.connect_unix_socket("/run/docker.sock")
    assert isinstance(backend, httpcore2.NetworkBackend)


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("  HTTPS://Journal.Example:443/Feed?q=1#top ", "https://journal.example/Feed?q=1"),
        ("http://bücher.example/ä", "http://xn--bcher-kva.example/%C3%A4"),
        ("http://期刊.example", "http://xn--obru72c.example"),
        ("http://journal.example./", "http://journal.example./"),
        (f"http://[{ALSO_PUBLIC}]/", f"http://[{ALSO_PUBLIC}]/"),
        ("https://journal.example:80/", "https://journal.example:80/"),
    ],
)
def test_an_address_is_brought_into_its_normal_form(address: str, normal: str) -> None:
    assert str(admit(address)) == normal


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "neither http nor https"),
        ("journal.example/feed", "neither http nor https"),
        ("ftp://journal.example/", "neither http nor https"),
        ("file:///etc/passwd", "neither http nor https"),
        ("gopher://127.0.0.1:6379/_INFO", "neither http nor https"),
        ("http:///feed", "no host"),
        ("http://reader:hunter2@journal.example/", "user name or password in the address"),
        ("http://reader@journal.example/", "user name or password in the address"),
        ("http://journal.example\\@127.0.0.1/", "user name or password in the address"),
        ("http://journal..example/", "not a host name"),
        (f"http://{'a' * 64}.example/", "not a host name"),
        (f"http://{'a.' * 127}example/", "not a host name"),
        ("http://journal%2eexample/", "not a host name"),
        ("http://[fe80::1%25eth0]/", "not a host name"),
        ("http://[::1/", "not an address"),
        ("http://256.1.1.1/", "not an address"),
        ("http://journal.example:http/", "not an address"),
        ("http://journal.example/\r\nHost: other", "not an address"),
    ],
)
def test_what_is_no_web_address_is_malformed(address: str, reason: str) -> None:
    with pytest.raises(AddressMalformed) as caught:
        admit(address)

    assert caught.value.facts["reason"] == reason
    assert "hunter2" not in str(caught.value)


@given(st.text() | st.text("http:/[]@%.\\?#0123456789abcdefx_-", max_size=40).map("http://".__add__))
def test_any_text_is_an_address_or_a_named_error(text: str) -> None:
    try:
        url = admit(text)
    except (AddressMalformed, AddressForbidden):
        return
    assert admit(str(url)) == url


@given(st.text() | st.text("http:/[]@%.\\?#0123456789abcdefx_-", max_size=40))
def test_any_redirect_leads_to_an_address_or_a_named_error(location: str) -> None:
    try:
        url = admit_redirect(httpx2.URL("https://journal.example/feed"), location)
    except (AddressMalformed, AddressForbidden):
        return
    assert admit(str(url)) == url


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1"),  # noqa: S104  judged only
        "168.63.129.16",
        *("169.254.169.254", "172.16.0.1", "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.1"),
        *("192.168.0.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::7f00:1", "::ffff:10.0.0.1", "::ffff:0:7f00:1", "64:ff9b::a00:1"),
        *("64:ff9b:1::1", "100::1", "2001::1", "2001:0:5ef5:79fd::1", "2001:db8::1", "2002:7f00:1::1"),
        *("2002:a00:1::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1"),
        *("ff02::1", "ff0e::1", "fe80::1%2", "not an address"),
    ],
)
def test_what_is_not_on_the_public_internet_is_objected_to(address: str) -> None:
    assert objection(address) == "not a public address"


@pytest.mark.parametrize(
    "address", [PUBLIC, ALSO_PUBLIC, "1.1.1.1", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1"]
)
def test_public_addresses_are_not_objected_to(address: str) -> None:
    assert objection(address) is None


@given(st.ip_addresses(v=4))
def test_an_address_in_disguise_is_judged_as_without_it(bare: ipaddress.IPv4Address) -> None:
    number = int(bare)
    mapped = ipaddress.IPv6Address((0xFFFF << 32) | number)
    nat64 = ipaddress.IPv6Address((0x64FF9B << 96) | number)
    six_to_four = ipaddress.IPv6Address((0x2002 << 112) | (number << 80) | 1)

    assert {objection(str(address)) for address in (mapped, nat64, six_to_four)} == {objection(str(bare))}
