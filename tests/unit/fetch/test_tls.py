"""The guard connects to an address, but the certificate is still the name's."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest

from academichub.errors import SourceUnreachable
from academichub.fetch.client import Ask
from tests.fakes.gates import OpenGate
from tests.fakes.network import NOW, PUBLIC, FakeNames, Shortcut, a_fetcher, system_trust
from tests.fakes.web import FakeWeb, Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = {"journal_example": [[PUBLIC]], "other_example": [[PUBLIC]]}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a key and a certificate for journal.example into one file."""
    if not shutil.which("openssl"):
        pytest.skip("needs the openssl command to write a certificate")
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    name = ["-subj", "/CN=journal.example", "-addext", "subjectAltName=DNS:journal.example"]
    into = ["-keyout", str(file), "-out", f"{file}.crt"]
    subprocess.run(["openssl", "req", *kind, *name, *into], check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + file.with_name("both.pem.crt").read_bytes())
    return file


@pytest.fixture
def web(certificate: Path) -> Iterator[FakeWeb]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with FakeWeb({"/feed": Page(b"<rss/>")}, tls=tls) as web:
        yield web


def test_the_certificate_is_checked_against_the_name_though_the_address_is_pinned(
    certificate: Path, web: FakeWeb
) -> None:
    trust = ssl.create_default_context(cafile=str(certificate))
    gate, dial = OpenGate(), Shortcut(web.port)

    with a_fetcher(resolve=FakeNames(**NAMES), dial=dial, tls=trust, gate=gate) as fetcher:
        assert fetcher.get(Ask("https://journal.example/feed"), now=NOW).body == b"<rss/>"
        with pytest.raises(SourceUnreachable) as caught:
            fetcher.get(Ask("https://other.example/feed"), now=NOW)

    assert caught.value.facts["reason"] == "its certificate is not trusted"
    assert dial.opened == [(PUBLIC, 443)] * 2  # a second try would not help
    assert [visit.host for visit in web.visits] == ["journal.example"]


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(web: FakeWeb) -> None:
    with (
        a_fetcher(resolve=FakeNames(**NAMES), dial=Shortcut(web.port), tls=system_trust()) as fetcher,
        pytest.raises(SourceUnreachable) as caught,
    ):
        fetcher.get(Ask("https://journal.example/feed"), now=NOW)

    assert caught.value.facts["reason"] == "its certificate is not trusted"
