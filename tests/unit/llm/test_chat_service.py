"""Where a language model is, and what of the API its server turns out not to know."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import ChatRefused, ChatUnreachable
from academichub.llm.chat import ChatEndpoint
from academichub.llm.chatservice import ChatService, Dialect, Form, address, models_address
from academichub.model.asking import Question
from tests.fakes.network import system_trust
from tests.fakes.web import FakeWeb, Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

QUESTION = Question("", "Lamps?", {"type": "object"}, 10, "test")


# -- addresses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://localhost:11434", "http://localhost:11434/v1/chat/completions"),
        ("http://localhost:11434/", "http://localhost:11434/v1/chat/completions"),
        (" https://api.example.org/v1 ", "https://api.example.org/v1/chat/completions"),
        ("https://api.example.org/v1/", "https://api.example.org/v1/chat/completions"),
        ("https://api.example.org/api/paas/v4", "https://api.example.org/api/paas/v4/chat/completions"),
        ("https://x.example/v1/chat/completions", "https://x.example/v1/chat/completions"),
        ("https://x.example/v1/chat/completions/#top", "https://x.example/v1/chat/completions"),
        ("https://x.example/v1?version=1", "https://x.example/v1/chat/completions?version=1"),
        ("http://[::1]:80/v1", "http://[::1]/v1/chat/completions"),
    ],
)
def test_an_address_is_completed_as_far_as_it_must_be(url: str, asked: str) -> None:
    assert str(address(url)) == asked


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:11434",
        "ftp://x.example/v1",
        "https:///v1",
        "https://u:secret@x.example/v1",
        "http://x:none/v1",
        "http://x:70000",
        "http://x..y/v1",
        f"http://{'x' * 64}.org",
    ],
)
def test_what_is_no_address_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(ChatRefused) as refused:
        address(url)

    assert refused.value.facts["url"] == ""
    assert "secret" not in str(refused.value)


def test_models_are_listed_beside_the_chat() -> None:
    listed = models_address(address("https://x.example/v1?version=1"))

    assert str(listed) == "https://x.example/v1/models?version=1"


# -- dialects ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "poorer"),
    [
        (
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'.",
            Dialect(limit="max_completion_tokens"),
        ),
        ("'response_format.type' must be json_object or text", Dialect(form=Form.OBJECT)),
        ("failed to parse grammar", Dialect(form=Form.OBJECT)),
        ("'temperature' does not support 0 with this model", Dialect(has_temperature=False)),
        ("unknown field: seed", Dialect(has_seed=False)),
        ("stream_options is not allowed", Dialect(has_usage=False)),
        ("include_usage: extra field", Dialect(has_usage=False)),
        ("streaming is not supported", Dialect(streams=False)),
        ("API 调用参数有误", Dialect(form=Form.OBJECT)),
        ("", Dialect(form=Form.OBJECT)),
    ],
)
def test_a_refusal_takes_away_what_it_names(said: str, poorer: Dialect) -> None:
    assert Dialect().without(status=400, said=said, has_schema=True) == poorer


@pytest.mark.parametrize(
    ("status", "said", "has_schema"),
    [
        (429, "response_format", True),
        (401, "json_schema", True),
        (400, "prompt is too long: 9000 tokens", True),
        (400, "Content Exists Risk", True),
        (400, "no reason", False),
        (404, "no such model", True),
        (500, "internal error in the stream", True),
    ],
)
def test_other_refusals_take_nothing_away(status: int, said: str, *, has_schema: bool) -> None:
    assert Dialect().without(status=status, said=said, has_schema=has_schema) is None


def test_a_broken_server_that_blames_the_form_is_asked_for_a_weaker_one() -> None:
    weaker = Dialect().without(status=500, said="cannot compile the json schema", has_schema=True)

    assert weaker == Dialect(form=Form.OBJECT)


@given(
    st.lists(st.text(max_size=60) | st.sampled_from(["temperature", "seed", "usage", "stream", "schema", ""]))
)
def test_whatever_a_server_says_it_is_asked_a_bounded_number_of_times(words: list[str]) -> None:
    dialect, steps = Dialect(), 0

    for said in words * 12:
        poorer = dialect.without(status=400, said=said, has_schema=True)
        if poorer is not None:
            assert poorer != dialect
            dialect, steps = poorer, steps + 1

    assert steps <= 7


def test_what_two_threads_learned_of_a_server_is_put_together() -> None:
    one = Dialect(form=Form.OBJECT, has_seed=False)
    other = Dialect(limit="max_completion_tokens", streams=False)

    both = Dialect(form=Form.OBJECT, limit="max_completion_tokens", has_seed=False, streams=False)
    assert one.shared_with(other) == other.shared_with(one) == both


def test_a_question_without_a_schema_asks_for_no_form() -> None:
    body = json.loads(Dialect().write(Question("", "Lamps?", None, 10, "test"), model="m"))

    assert "response_format" not in body


# -- certificates ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a key and a certificate for 127.0.0.1 into one file."""
    if not shutil.which("openssl"):
        pytest.skip("needs the openssl command to write a certificate")
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    name = ["-subj", "/CN=model.example", "-addext", "subjectAltName=IP:127.0.0.1"]
    into = ["-keyout", str(file), "-out", f"{file}.crt"]
    subprocess.run(["openssl", "req", *kind, *name, *into], check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + file.with_name("both.pem.crt").read_bytes())
    return file


@pytest.fixture
def secured(certificate: Path) -> Iterator[FakeWeb]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    choice = {"message": {"content": "Three."}, "finish_reason": "stop"}
    page = Page(json.dumps({"choices": [choice]}).encode())
    with FakeWeb({"/v1/chat/completions": page}, tls=tls) as web:
        yield web


def test_a_model_is_asked_over_tls_where_its_certificate_is_trusted(
    certificate: Path, secured: FakeWeb
) -> None:
    trust = ssl.create_default_context(cafile=str(certificate))

    with ChatEndpoint(ChatService(secured.url("/v1"), "m"), tls=trust) as chat:
        assert chat.ask(QUESTION).text == "Three."


def test_a_certificate_that_is_not_trusted_ends_it(secured: FakeWeb) -> None:
    service = ChatService(secured.url("/v1"), "m")
    chat = ChatEndpoint(service, tls=system_trust(), sleep=lambda _: None)

    with chat, pytest.raises(ChatUnreachable, match="certificate is not trusted"):
        chat.ask(QUESTION)
