"""Collections: made, filled, renamed, brought along from a library, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

    from tests.fakes.hub import FakeHub

OURS = {"sec-fetch-site": "same-origin"}
LIBRARY = b"""@article{known, title={Maps}, eprint={2606.10009}, archiveprefix={arXiv}}
@article{other, title={A paper from <elsewhere>}, author={Reader, Ada}, year={2001}}
@article{broken, title={No end
"""


def post(client: TestClient, path: str, **fields: str) -> Response:
    return client.post(path, data=fields, headers=OURS)


def bring(client: TestClient, body: bytes, *, name: str = "refs.bib", collection: str = "") -> Response:
    return client.post("/c", data={"collection": collection}, files={"file": (name, body)}, headers=OURS)


def test_a_collection_is_made_and_renamed_and_removed(client: TestClient, hub: FakeHub) -> None:
    made = post(client, "/c/new", name="  Slow   rivers ")
    assert made.status_code == 303
    home = made.headers["location"].partition("?")[0]
    assert "The collection is made." in client.get(made.headers["location"]).text
    assert "<h1>Slow rivers</h1>" in client.get(home).text

    renamed = post(client, home, do="rename", name="Fast rivers")
    assert "<h1>Fast rivers</h1>" in client.get(renamed.headers["location"]).text
    assert "Really remove" in client.get(f"{home}/remove").text
    removed = post(client, home, do="remove")

    assert "The collection is removed. Its papers stay." in client.get(removed.headers["location"]).text
    assert client.get(home).status_code == 404
    assert len(hub.collections()) == 2


@pytest.mark.parametrize("path", ["/c/new", "/c/spatial"])
@pytest.mark.parametrize(("name", "why"), [(" ", "it is empty"), ("a" * 201, "it is too long")])
def test_a_name_that_cannot_be_is_said_beside_it(client: TestClient, path: str, name: str, why: str) -> None:
    answer = post(client, path, do="rename", name=name)

    assert answer.status_code == 400
    assert 'id="name-error"' in answer.text
    assert why in answer.text


def test_a_paper_is_put_into_collections_and_taken_out(client: TestClient, hub: FakeHub) -> None:
    led_to = post(client, "/p/8/collections", name="博士论文").headers["location"]
    assert "Put into the collection." in client.get(led_to).text
    post(client, "/p/8/collections", name="Brand new")
    assert hub.states([8])[8].collections == ("brand-new", "spatial", "thesis")

    led_to = post(client, "/p/8/collections", remove="thesis").headers["location"]

    assert "Taken out of the collection." in client.get(led_to).text
    assert hub.states([8])[8].collections == ("brand-new", "spatial")
    assert post(client, "/p/8/collections", key="none").status_code == 404
    assert post(client, "/p/8/collections", remove="none").status_code == 404
    assert post(client, "/p/999999/collections", name="Brand new").status_code == 404


def test_a_work_and_an_entry_are_taken_out_on_the_collections_page(client: TestClient, hub: FakeHub) -> None:
    before = client.get("/c/spatial").text
    assert before.count('value="take-out"') == before.count("<article")
    assert (
        '<input type="hidden" name="work" value="8"><button class="link" name="do" value="take-out"' in before
    )

    post(client, "/c/spatial", do="take-out", work="8", back="/c/spatial")
    led_to = post(client, "/c/thesis", do="remove-entry", entry="1", back="/c/thesis").headers["location"]

    assert "spatial" not in hub.states([8]).get(8, ((), (), ()))[2]
    page = client.get(led_to).text
    assert "The entry is removed." in page
    assert "Careful" not in page
    assert "河流沉积物的慢变量" in page


def test_entries_without_a_paper_are_listed_and_nothing_in_them_is_trusted(reader: TestClient) -> None:
    page = reader.get("/c/thesis").text

    assert "Notes on &lt;Careful&gt; Reading" in page
    assert 'href="https://doi.org/10.5555/careful.reading"' in page
    assert "0 papers" in page
    assert "2 other entries" in page
    assert "from refs.bib" in page


def test_a_library_is_brought_along_with_an_account_and_every_broken_entry_is_named(
    client: TestClient, hub: FakeHub
) -> None:
    page = bring(client, LIBRARY, collection="Thesis 2").text

    assert "refs.bib: 3 entries; 1 is a paper of the hub; 1 is kept as an entry of its own; " in page
    assert "1 could not be read." in page
    assert "refs.bib" in page.partition("What could not be read")[2].partition("</li>")[0]
    assert "line 3" in page.partition("What could not be read")[2].partition("</li>")[0].casefold()
    assert [row.name for row in hub.collections()] == ["Spatial reasoning", "Thesis 2", "博士论文"]

    again = bring(client, LIBRARY, collection="Thesis 2").text

    assert "2 were there before" in again


def test_a_library_without_a_collections_name_goes_into_one_named_after_the_file(
    client: TestClient, hub: FakeHub
) -> None:
    bring(client, b"@misc{a, title={A}}", name="my.refs.bib")

    assert "my.refs" in [row.name for row in hub.collections()]


@pytest.mark.parametrize(
    ("body", "why"),
    [(b"", "no file was chosen"), (b"\x00\x01\x02", "no text"), (b"<html>", "a web page or XML")],
)
def test_a_file_that_is_no_library_is_refused_beside_its_field(
    client: TestClient, hub: FakeHub, body: bytes, why: str
) -> None:
    answer = bring(client, body, name="x.bin")

    assert answer.status_code == 400
    assert 'id="file-error"' in answer.text
    assert why in answer.text
    assert len(hub.collections()) == 2


def test_a_library_beyond_the_limit_is_refused_beside_its_field(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("academichub.web.readingpages.LARGEST_LIBRARY_BYTES", 100)

    answer = bring(client, b"@misc{a, title={" + b"a" * 20_000 + b"}}")

    assert answer.status_code == 400
    assert 'id="file-error"' in answer.text


def test_a_form_without_parts_brings_nothing(client: TestClient) -> None:
    assert post(client, "/c", collection="x").status_code == 400
