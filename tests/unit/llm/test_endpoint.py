"""Asking an embeddings endpoint: what is sent, what is believed, what a failure is called."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from academichub.errors import EmbeddingsRefused, EmbeddingsUnreachable
from academichub.llm.endpoint import Endpoint, Service
from tests.fakes.network import system_trust
from tests.fakes.web import FakeWeb, Page, redirect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.errors import ModelError

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PATH = "/v1/embeddings"
KEY = "sk-made-up-0123456789"


@pytest.fixture
def web() -> Iterator[FakeWeb]:
    with FakeWeb() as web:
        yield web


def an_endpoint(web: FakeWeb, *, pauses: list[float] | None = None, **changes: Any) -> Endpoint:
    """Open an endpoint at the fake web; the pauses it takes are noted, not waited for."""
    service: dict[str, Any] = {"url": web.url("/v1"), "model": "made-up", "key": KEY, "timeout_seconds": 2.0}
    noted = [] if pauses is None else pauses
    return Endpoint(Service(**(service | changes)), tls=system_trust(), sleep=noted.append, now=lambda: NOW)


def answer(*vectors: object, indices: tuple[object, ...] | None = None) -> Page:
    """Answer as OpenAI does."""
    numbers = range(len(vectors)) if indices is None else indices
    entries = [
        {"object": "embedding", "index": number, "embedding": vector}
        for number, vector in zip(numbers, vectors, strict=True)
    ]
    return said({"object": "list", "data": entries, "model": "made-up"})


def said(value: object, status: int = 200, **headers: str) -> Page:
    """Answer with any JSON."""
    return Page(json.dumps(value).encode(), status=status, headers=headers)


def packed(*numbers: float) -> str:
    return base64.b64encode(np.array(numbers, dtype="<f4").tobytes()).decode()


def refusal(web: FakeWeb, *pages: Page, texts: int = 1) -> ModelError:
    """Embed and give the refusal."""
    web.put(PATH, *pages)
    with an_endpoint(web) as endpoint, pytest.raises(EmbeddingsRefused) as refused:
        endpoint.embed_documents(["lamps"] * texts)
    return refused.value


def test_the_question_names_the_model_and_bears_the_key(web: FakeWeb) -> None:
    web.put(PATH, answer([3.0, 4.0]))

    with an_endpoint(web) as endpoint:
        rows = endpoint.embed_documents(["lamps"])

    (visit,) = web.visits
    assert json.loads(visit.posted) == {"model": "made-up", "input": ["lamps"], "encoding_format": "float"}
    assert visit.headers["authorization"] == f"Bearer {KEY}"
    assert rows.tolist() == [[pytest.approx(0.6), pytest.approx(0.8)]]


def test_without_a_key_no_authorization_is_sent(web: FakeWeb) -> None:
    web.put(PATH, answer([1.0]))

    with an_endpoint(web, key="") as endpoint:
        endpoint.embed_documents(["lamps"])

    assert "authorization" not in web.visits[0].headers


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/embeddings", "/v1/embeddings/"])
def test_the_address_may_be_the_root_of_the_api_or_the_whole_path(web: FakeWeb, path: str) -> None:
    web.put(PATH, answer([1.0]))

    with an_endpoint(web, url=web.url(path)) as endpoint:
        endpoint.embed_documents(["lamps"])

    assert web.visits[0].path == PATH


def test_vectors_are_placed_by_their_numbers_and_lists_and_base64_are_read_alike(web: FakeWeb) -> None:
    web.put(PATH, answer([0, 1], packed(1.0, 0.0), indices=(1, 0)))

    with an_endpoint(web) as endpoint:
        rows = endpoint.embed_documents(["a", "b"])

    assert rows.tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_vectors_without_numbers_come_in_order(web: FakeWeb) -> None:
    web.put(PATH, said({"data": [{"embedding": [1.0, 0.0]}, {"embedding": [0.0, 1.0]}]}))

    with an_endpoint(web) as endpoint:
        rows = endpoint.embed_documents(["a", "b"])

    assert rows.tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_texts_without_words_are_not_sent(web: FakeWeb) -> None:
    web.put(PATH, answer([1.0, 0.0]))

    with an_endpoint(web) as endpoint:
        rows = endpoint.embed_documents(["", "lamps", "?!"])

    assert json.loads(web.visits[0].posted)["input"] == ["lamps"]
    assert rows.tolist() == [[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]]


def test_no_texts_are_no_request(web: FakeWeb) -> None:
    with an_endpoint(web) as endpoint:
        rows = endpoint.embed_documents([])

    assert rows.shape == (0, 0)
    assert web.visits == []


def test_many_texts_are_asked_in_several_requests_and_long_ones_in_more(web: FakeWeb) -> None:
    web.put(PATH, answer(*[[1.0]] * 64), answer(*[[1.0]] * 36))
    with an_endpoint(web) as endpoint:
        rows = endpoint.embed_documents([f"lamp{number}" for number in range(100)])
    assert [len(json.loads(visit.posted)["input"]) for visit in web.visits] == [64, 36]
    assert rows.shape == (100, 1)

    web.put(PATH, answer(*[[1.0]] * 16), answer(*[[1.0]] * 4))
    with an_endpoint(web) as endpoint:
        endpoint.embed_documents(["lamps " * 5_000] * 20)

    assert [len(json.loads(visit.posted)["input"]) for visit in web.visits[2:]] == [16, 4]


def test_rows_come_in_the_order_of_the_texts_though_requests_are_sorted_by_length(web: FakeWeb) -> None:
    web.put(PATH, answer([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]))

    with an_endpoint(web) as endpoint:
        rows = endpoint.embed_documents(["the longest", "short", "longer"])

    assert json.loads(web.visits[0].posted)["input"] == ["short", "longer", "the longest"]
    assert rows.argmax(axis=1).tolist() == [2, 0, 1]


def test_prefixes_go_before_questions_and_documents(web: FakeWeb) -> None:
    web.put(PATH, answer([1.0]))

    with an_endpoint(web, query_prefix="query:", document_prefix="passage:") as endpoint:
        endpoint.embed_documents(["lamps"])
        endpoint.embed_queries(["lamps"])

    assert [json.loads(visit.posted)["input"] for visit in web.visits] == [
        ["passage: lamps"],
        ["query: lamps"],
    ]


def test_dimensions_are_asked_for_where_they_are_set_and_then_insisted_on(web: FakeWeb) -> None:
    web.put(PATH, answer([1.0, 0.0]), answer([1.0, 0.0, 0.0]))

    with an_endpoint(web, dimensions=2) as endpoint:
        assert endpoint.space.dimensions == 2
        assert web.visits == []
        endpoint.embed_documents(["lamps"])
        assert json.loads(web.visits[0].posted)["dimensions"] == 2
        with pytest.raises(EmbeddingsRefused, match="vectors of 3 dimensions, not of 2"):
            endpoint.embed_documents(["lamps"])


def test_dimensions_are_learned_once_where_they_are_not_set(web: FakeWeb) -> None:
    web.put(PATH, answer([1.0, 0.0, 0.0]))

    with an_endpoint(web) as endpoint:
        spaces = {endpoint.space, endpoint.space}

    assert len(web.visits) == 1
    assert {space.dimensions for space in spaces} == {3}


def test_a_space_is_named_by_model_place_prefixes_and_dimensions(web: FakeWeb) -> None:
    changes: tuple[dict[str, Any], ...] = (
        {},
        {"model": "other"},
        {"url": web.url("/v2")},
        {"dimensions": 3},
        {"query_prefix": "query:"},
        {"document_prefix": "query:"},
        {"most_characters": 500},
    )
    names = []
    for change in changes:
        with an_endpoint(web, **({"dimensions": 2} | change)) as endpoint:
            names.append(endpoint.space.name)

    assert len(set(names)) == len(changes)
    assert names[0].startswith("endpoint:made-up@")
    assert names[0].endswith("/2")
    assert "127.0.0.1" not in names[0]


BAD_ANSWERS: dict[str, tuple[Page, str]] = {
    "not JSON": (Page(b"<html>"), "no JSON"),
    "nothing": (Page(b""), "no JSON"),
    "too deep": (Page(b"[" * 200_000), "no JSON"),
    "a list": (said([]), "no list of vectors"),
    "no data": (said({"data": "lamps"}), "no list of vectors"),
    "too few": (answer(), "0 vectors for 1 texts"),
    "too many": (answer([1.0], [1.0]), "2 vectors for 1 texts"),
    "a strange entry": (said({"data": [7]}), "not numbered"),
    "a strange number": (answer([1.0], indices=(1,)), "not numbered"),
    "a number below": (answer([1.0], indices=(-1,)), "not numbered"),
    "a truth": (answer([1.0], indices=(False,)), "not numbered"),
    "no vector": (said({"data": [{"index": 0}]}), "no list of numbers"),
    "words": (answer(["1.0"]), "no list of numbers"),
    "truths": (answer([True]), "no list of numbers"),
    "nested": (answer([[1.0]]), "no list of numbers"),
    "empty": (answer([]), "0 dimensions"),
    "empty base64": (answer(""), "0 dimensions"),
    "broken base64": (answer("!!!!"), "cannot be decoded"),
    "half a number": (answer("AAAA"), "cannot be decoded"),
    "not a number": (Page(b'{"data": [{"index": 0, "embedding": [NaN]}]}'), "no finite numbers"),
    "infinite": (Page(b'{"data": [{"index": 0, "embedding": [1e999]}]}'), "no finite numbers"),
    "packed not a number": (answer(packed(float("nan"), 1.0)), "no finite numbers"),
    "huge": (answer([1e300]), "no finite numbers"),
    "huger": (answer([10**400]), "cannot be decoded"),
    "zeros": (answer([0.0, 0.0]), "a vector of zeros"),
    "too wide": (answer([1.0] * 65_537), "65537 dimensions"),
}


@pytest.mark.parametrize("case", BAD_ANSWERS)
def test_an_answer_that_holds_no_usable_vectors_is_refused(web: FakeWeb, case: str) -> None:
    page, reason = BAD_ANSWERS[case]

    refused = refusal(web, page)

    assert reason in str(refused)
    assert refused.facts["status"] == 200
    assert len(web.visits) == 1


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (answer([1.0], [1.0, 2.0]), "different lengths"),
        (answer([1.0], [1.0], indices=(0, 0)), "not numbered"),
    ],
)
def test_vectors_that_contradict_each_other_are_refused(web: FakeWeb, page: Page, reason: str) -> None:
    assert reason in str(refusal(web, page, texts=2))


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 529])
def test_a_busy_or_broken_server_is_asked_three_times(web: FakeWeb, status: int) -> None:
    web.put(PATH, Page(status=status))
    pauses: list[float] = []

    with an_endpoint(web, pauses=pauses) as endpoint, pytest.raises(EmbeddingsUnreachable) as unreachable:
        endpoint.embed_documents(["lamps"])

    assert (len(web.visits), pauses) == (3, [1.0, 2.0])
    assert unreachable.value.facts["status"] == status
    assert unreachable.value.retryable


def test_a_server_that_recovers_is_believed(web: FakeWeb) -> None:
    web.put(PATH, Page(status=503), Page(status=429, headers={"Retry-After": "7"}), answer([1.0]))
    pauses: list[float] = []

    with an_endpoint(web, pauses=pauses) as endpoint:
        rows = endpoint.embed_documents(["lamps"])

    assert rows.tolist() == [[1.0]]
    assert pauses == [1.0, 7.0]


@pytest.mark.parametrize(
    ("header", "pause_seconds"),
    [
        ("5", 5.0),
        ("0", 0.0),
        (format_datetime(NOW + timedelta(seconds=9), usegmt=True), 9.0),
        ("Mon, 23 Nov 2026 12:00:09 -0000", 9.0),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0.0),
        ("soon", 1.0),
        ("-3", 1.0),
    ],
)
def test_the_server_says_how_long_to_wait(web: FakeWeb, header: str, pause_seconds: float) -> None:
    web.put(PATH, Page(status=429, headers={"Retry-After": header}), answer([1.0]))
    pauses: list[float] = []

    with an_endpoint(web, pauses=pauses) as endpoint:
        endpoint.embed_documents(["lamps"])

    assert pauses == [pause_seconds]


def test_a_long_wait_is_left_to_the_job(web: FakeWeb) -> None:
    web.put(PATH, Page(status=429, headers={"Retry-After": "3600"}))
    pauses: list[float] = []

    with an_endpoint(web, pauses=pauses) as endpoint, pytest.raises(EmbeddingsUnreachable):
        endpoint.embed_documents(["lamps"])

    assert (len(web.visits), pauses) == (1, [])


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (Page(delay_seconds=5.0), "no answer in time"),
        (Page(b"x" * 40, drip_seconds=0.1), "no whole answer in time"),
        (Page(b"x" * 40, cut_after=3), "the answer broke off"),
        (Page(raw=b"lamps\r\n\r\n"), "the answer broke off"),
    ],
    ids=["silent", "drips", "hangs up", "speaks no HTTP"],
)
def test_a_server_that_is_slow_or_breaks_off_is_unreachable(web: FakeWeb, page: Page, reason: str) -> None:
    web.put(PATH, page)

    with (
        an_endpoint(web, timeout_seconds=0.3) as endpoint,
        pytest.raises(EmbeddingsUnreachable, match=reason),
    ):
        endpoint.embed_documents(["lamps"])


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with FakeWeb() as web:
        endpoint = an_endpoint(web)

    with endpoint, pytest.raises(EmbeddingsUnreachable, match="no connection"):
        endpoint.embed_documents(["lamps"])


def test_a_redirect_is_not_followed_for_the_key_is_not_for_others(web: FakeWeb) -> None:
    web.put("/elsewhere", answer([1.0]))

    refused = refusal(web, redirect(web.url("/elsewhere"), 307))

    assert "redirects" in str(refused)
    assert [visit.path for visit in web.visits] == [PATH]


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (said({"error": {"message": "no such  model"}}, 404), "no such model"),
        (said({"error": "no such model"}, 404), "no such model"),
        (said({"message": "no such model"}, 400), "no such model"),
        (said({"detail": "too long"}, 413), "too long"),
        (said({"error": {"code": 7}}, 400), "no reason given"),
        (said("no", 400), "no"),
        (said(7, 400), "no reason given"),
        (Page(b"\xff<html>", status=404), "no reason given"),
        (Page(b"[" * 9_999, status=400), "no reason given"),
        (Page(b'"' + b"x" * 20_000 + b'"', status=400), "no reason given"),
        (said({"error": f"the key {KEY} may not do this"}, 400), "the key *** may not do this"),
    ],
)
def test_a_refusal_says_what_the_server_says(web: FakeWeb, page: Page, reason: str) -> None:
    refused = refusal(web, page)

    assert (refused.facts["reason"], refused.facts["status"]) == (reason, page.status)
    assert len(web.visits) == 1


def test_what_a_server_says_is_cut(web: FakeWeb) -> None:
    assert len(str(refusal(web, said({"error": "x" * 5_000}, 400)).facts["reason"])) == 200


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_named_without_the_servers_words(web: FakeWeb, status: int) -> None:
    refused = refusal(web, said({"error": {"message": f"Incorrect key: {KEY[:5]}***{KEY[-4:]}"}}, status))

    assert refused.facts["reason"] == "the key is missing or not accepted"


def test_an_answer_over_the_cap_is_refused_without_reading_it_all(web: FakeWeb) -> None:
    assert "over 33554432 bytes" in str(refusal(web, Page(bytes(34 * 1024 * 1024))))


def test_a_packed_answer_is_refused_because_it_was_not_asked_for(web: FakeWeb) -> None:
    assert "packed" in str(refusal(web, Page(b"{}", gzip=True)))


@pytest.mark.parametrize(
    "url", ["", "lamps", "ftp://host/v1", "http://", "http://[::1/v1", "http://u:p@host/v1"]
)
def test_an_address_that_cannot_be_used_is_refused_before_asking_and_not_shown(url: str) -> None:
    with pytest.raises(EmbeddingsRefused) as refused:
        Endpoint(Service(url, "made-up"), tls=system_trust())

    assert refused.value.facts["url"] == ""


@pytest.mark.parametrize("key", ["two\nlines", "schlüssel", "\x00"])
def test_a_key_that_no_header_can_carry_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(EmbeddingsRefused) as refused:
        Endpoint(Service("http://127.0.0.1/v1", "made-up", key=key), tls=system_trust())

    assert key not in str(refused.value)


def test_the_key_is_in_no_representation_and_no_error(web: FakeWeb) -> None:
    url = web.url(f"/v1?api_key={KEY}")
    web.put(PATH, Page(status=503))

    with an_endpoint(web, url=url) as endpoint, pytest.raises(EmbeddingsUnreachable) as unreachable:
        endpoint.embed_documents(["lamps"])

    shown = f"{endpoint!r} {Service('http://127.0.0.1', 'made-up', key=KEY)!r} {unreachable.value!r}"
    assert KEY not in shown
    assert "made-up" in shown
    assert web.visits[0].path == f"{PATH}?api_key={KEY}"
