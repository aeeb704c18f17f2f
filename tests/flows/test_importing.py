"""Libraries come into collections: works by identifier and by text, the rest whole, nothing twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import KeepingInvalid, LibraryUnreadable
from academichub.flows.importdesk import ImportDesk
from academichub.flows.importing import Wish, groups_of, import_library
from academichub.flows.keptentries import arrivals, read_back, written
from academichub.flows.tying import tie_entries
from academichub.model.papers import Author, Identifiers, Kind
from academichub.references.entry import Reference
from academichub.references.reading import read_library
from academichub.store import collections, libraryentries, tags
from tests.fakes.databases import KINDS, fresh_database
from tests.fakes.drafts import NOW, arxiv_draft, journal_draft, prose, sealed
from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from academichub.fetch.client import Fetcher
    from academichub.flows.importing import LibraryImported
    from academichub.model.keeping import CollectionRow

LONG = "Entanglement of made-up lattices under a slowly turning field"
PEOPLE = (Author("Ada Example"), Author("Bo Sample"), Author("Cy Muster"))
NAMES = "Example, Ada and Sample, Bo and Muster, Cy"


class Hub(ImportDesk):
    """The desk on shelves of its own."""

    def __init__(self, url: str) -> None:
        self.shelf = TestShelf(url)
        self.database = self.shelf.database
        self.clock = lambda: NOW
        self.noticed = 0

    def make_fetcher(self) -> Fetcher:
        raise AssertionError  # nothing here asks anybody

    def notice_writing(self) -> None:
        self.noticed += 1

    def take(self, text: str, name: str = "mine.bib", **wish: Any) -> LibraryImported:
        return self.import_file(text.encode(), name=name, wish=Wish(**wish), now=NOW)

    def rows(self) -> dict[str, CollectionRow]:
        with self.database.reading() as connection:
            return {one.name: one for one in collections.rows(connection)}

    def references(self, name: str) -> list[Reference]:
        with self.database.reading() as connection:
            found = collections.find_by_name(connection, name)
            assert found is not None
            kept = libraryentries.references_of(connection, found.collection_id)
        return [read_back(one.reference)[0] for one in kept]

    def works(self, name: str) -> set[int]:
        with self.database.reading() as connection:
            found = collections.find_by_name(connection, name)
            assert found is not None
            return set(collections.works_of(connection, found.collection_id)[0])


@pytest.fixture(params=KINDS)
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hub]:
    with fresh_database(request.param, config=request.config, folder=tmp_path) as url:
        opened = Hub(url)
        yield opened
        opened.shelf.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Hub]:
    opened = Hub(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    yield opened
    opened.shelf.close()


def figures(told: LibraryImported) -> tuple[int, int, int, int, int]:
    """Give the account: entries, matched, kept, unchanged, broken; it must balance."""
    one = told.account
    assert one.entries == one.matched + one.kept + one.unchanged + one.broken
    return one.entries, one.matched, one.kept, one.unchanged, one.broken


# -- which work it is --------------------------------------------------------------------------------


def test_entries_are_works_by_identifier_then_by_text_and_the_rest_is_kept_whole(hub: Hub) -> None:
    hub.shelf.put(
        journal_draft("10.5555/j.1"),
        arxiv_draft("2606.00001", title="Something on arXiv"),
        sealed(replace(journal_draft("10.5555/j.3"), title=prose(LONG), authors=PEOPLE)),
    )

    told = hub.take(
        f"""
@article{{a, title={{Called otherwise}}, doi={{https://doi.org/10.5555/J.1}}}}
@misc{{b, title={{Also otherwise}}, eprint={{2606.00001v3}}, archiveprefix={{arXiv}}}}
@article{{c, title={{{LONG}}}, author={{{NAMES}}}, journal={{Journal of Examples}}, year=2026}}
@book{{d, title={{A book that nobody has}}, author={{Nobody, N.}}, note={{kept {{\\"u}}}}}}
"""
    )

    assert figures(told) == (4, 3, 1, 0, 0)
    assert hub.works("mine") == {1, 2, 3}
    assert hub.rows()["mine"].entries == 1
    assert hub.rows()["mine"].origin == "file:mine.bib"
    assert hub.references("mine")[3].fields["note"] == ('kept {\\"u}',)
    assert hub.noticed == 1


def test_an_arxiv_doi_and_a_pubmed_number_are_identifiers_too(small: Hub) -> None:
    small.shelf.put(
        arxiv_draft("2606.00001"),
        sealed(replace(journal_draft("10.5555/j.2"), identifiers=Identifiers(doi="10.5555/j.2", pmid="77"))),
    )

    told = small.take(
        "@misc{a, title={One}, doi={10.48550/arXiv.2606.00001}}\n@article{b, title={Two}, pmid={77}}"
    )

    assert figures(told) == (2, 2, 0, 0, 0)


@pytest.mark.parametrize(
    "entry",
    [
        f"@article{{c, title={{{LONG}}}}}",  # by nobody, nowhere
        f"@article{{c, title={{{LONG}}}, author={{Else, Some One}}, year=2026}}",
        f"@article{{c, title={{{LONG}: part II}}, author={{{NAMES}}}, year=2026}}",
        f"@article{{c, title={{{LONG}}}, author={{{NAMES}}}, doi={{10.5555/another}}, year=2026}}",
        f"@dataset{{c, title={{{LONG}}}, author={{{NAMES}}}, year=2026}}",
    ],
)
def test_what_the_rule_is_not_sure_of_stays_an_entry(small: Hub, entry: str) -> None:
    small.shelf.put(sealed(replace(journal_draft("10.5555/j.3"), title=prose(LONG), authors=PEOPLE)))

    assert figures(small.take(entry)) == (1, 0, 1, 0, 0)


def test_a_correction_is_not_the_paper_it_corrects(small: Hub) -> None:
    draft = sealed(replace(journal_draft("10.5555/j.3"), title=prose(LONG), authors=PEOPLE))
    small.shelf.put(replace(draft, kind=Kind.CORRECTION))

    told = small.take(
        f"@article{{c, title={{{LONG}}}, author={{{NAMES}}}, journal={{Journal of Examples}}, year=2026}}"
    )

    assert figures(told) == (1, 0, 1, 0, 0)


def test_two_entries_of_one_work_are_one_work_of_the_collection(small: Hub) -> None:
    small.shelf.put(journal_draft("10.5555/j.1"))

    told = small.take("@article{a, title={A}, doi={10.5555/j.1}}\n@article{b, title={B}, doi={10.5555/j.1}}")

    assert figures(told) == (2, 2, 0, 0, 0)
    assert small.works("mine") == {1}


# -- again and later ---------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(hub: Hub) -> None:
    hub.shelf.put(journal_draft("10.5555/j.1"))
    text = """@article{a, title={A}, doi={10.5555/j.1}}
@article{b, title={B}, year=2001}
@article{b, title={B}, year=2001}
@article{c, title={C}"""
    first = hub.take(text)
    before = hub.rows()

    again = hub.take(text)

    assert figures(first) == (4, 1, 2, 0, 1)
    assert figures(again) == (4, 0, 0, 3, 1)
    assert hub.rows() == before


def test_an_entry_that_was_corrected_takes_the_place_of_what_it_was(hub: Hub) -> None:
    hub.shelf.put(journal_draft("10.5555/j.1"))
    hub.take("@article{a, title={A thing}, year=2001}\n@article{b, title={Another thing}}")

    told = hub.take("@article{a, title={A Thing}, doi={10.5555/j.1}}\n@article{b, title={Another thing}}")

    assert figures(told) == (2, 1, 0, 1, 0)
    assert [one.title for one in hub.references("mine")] == ["A Thing", "Another thing"]
    assert hub.works("mine") == {1}


def test_one_key_for_two_papers_is_two_entries(small: Hub) -> None:
    small.take("@article{smith, title={Of apples}}", collection="Fruit")
    small.take("@article{smith, title={Of pears}}", collection="Fruit")
    small.take("@article{smith, title={Of pears}, year=2001}", name="other.bib", collection="Fruit")

    titles = [(one.title, one.year) for one in small.references("Fruit")]

    assert titles == [("Of apples", None), ("Of pears", None), ("Of pears", 2001)]


def test_an_entry_meets_its_work_when_that_comes(hub: Hub) -> None:
    hub.take(
        f"""@article{{a, title={{A}}, doi={{10.5555/j.1}}}}
@article{{b, title={{{LONG}}}, author={{{NAMES}}}, journal={{Journal of Examples}}, year=2026}}
@article{{c, title={{Never comes}}}}"""
    )
    hub.shelf.put(
        journal_draft("10.5555/j.1"),
        sealed(replace(journal_draft("10.5555/j.3"), title=prose(LONG), authors=PEOPLE)),
    )
    seen: list[int] = []

    tied = tie_entries(hub.database, now=NOW, progress=seen.append)

    assert (tied, seen) == (2, [3])
    assert hub.works("mine") == {1, 2}
    assert hub.rows()["mine"].entries == 1
    assert hub.tie_entries(now=NOW) == 0


def test_a_file_that_comes_again_after_its_works_ties_them(small: Hub) -> None:
    text = "@article{a, title={A}, doi={10.5555/j.1}}"
    small.take(text)
    small.shelf.put(journal_draft("10.5555/j.1"))

    told = small.take(text)

    assert figures(told) == (1, 1, 0, 0, 0)
    assert small.works("mine") == {1}


def test_an_import_that_was_interrupted_goes_on(small: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("academichub.flows.importing.WRITTEN", 4)
    text = "\n".join(f"@article{{k{number}, title={{Paper {number}}}}}" for number in range(10))

    def stop(_: int) -> None:
        if small.rows()["mine"].entries == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        small.import_file(text.encode(), name="mine.bib", wish=Wish(), now=NOW, progress=stop)
    told = small.take(text)

    assert figures(told) == (10, 0, 6, 4, 0)


# -- wishes ------------------------------------------------------------------------------------------

GROUPED = """@article{a, title={A}, groups={Red, Round}, keywords={apples; fruit}}
@article{b, title={B}, groups={Red}, keywords={pears, fruit}, doi={10.5555/j.1}}
@article{c, title={C}}"""


def test_groups_become_collections_on_wish(small: Hub) -> None:
    small.shelf.put(journal_draft("10.5555/j.1"))

    plain = small.take(GROUPED, collection="Plain")
    told = small.take(GROUPED, collection="Shelf", groups=True)

    assert plain.groups == ()
    assert told.groups == ("Shelf / Red", "Shelf / Round")
    assert figures(told) == (3, 1, 2, 0, 0)
    assert {one.key for one in small.references("Shelf / Red")} == {"a", "b"}
    assert small.works("Shelf / Red") == small.works("Shelf") == {1}
    assert set(small.rows()) == {"Plain", "Shelf", "Shelf / Red", "Shelf / Round"}


def test_one_group_can_be_taken_alone(small: Hub) -> None:
    told = small.take(GROUPED, only="round")

    assert figures(told) == (1, 0, 1, 0, 0)
    with pytest.raises(KeepingInvalid):
        small.take(GROUPED, only="Square")


def test_keywords_become_tags_of_works_on_wish(small: Hub) -> None:
    small.shelf.put(journal_draft("10.5555/j.1"))
    small.take(GROUPED)
    with small.database.reading() as connection:
        before = tags.all_tags(connection)

    told = small.take(GROUPED, keywords_as_tags=True)
    again = small.take(GROUPED, keywords_as_tags=True)

    assert before == ()
    assert (told.tags, again.tags) == (2, 0)
    with small.database.reading() as connection:
        assert {one.name for one in tags.all_tags(connection)} == {"pears", "fruit"}


def test_a_dry_run_tells_the_same_and_writes_nothing(small: Hub) -> None:
    small.shelf.put(journal_draft("10.5555/j.1"))
    text = GROUPED + "\n@article{d, title={D}"
    wish: dict[str, Any] = {"groups": True, "keywords_as_tags": True}

    dry = small.take(text, is_dry=True, **wish)
    nothing = small.rows()
    wet = small.take(text, **wish)
    dry_again = small.take(text, is_dry=True, **wish)
    wet_again = small.take(text, **wish)

    assert nothing == {}
    assert dry == replace(wet, account=replace(wet.account, collection=""))
    assert dry_again.account == wet_again.account


def test_a_file_with_a_thousand_groups_is_refused_before_anything_is_written(small: Hub) -> None:
    text = "\n".join(f"@article{{k{one}, title={{T}}, groups={{G{one}}}}}" for one in range(1000))

    with pytest.raises(KeepingInvalid):
        small.take(text, groups=True)

    assert small.rows() == {}


def test_a_name_that_is_too_long_is_shortened_for_a_group_and_refused_for_a_collection(small: Hub) -> None:
    small.take(f"@article{{a, title={{T}}, groups={{{'g' * 300}}}}}", collection="Shelf", groups=True)

    assert max(map(len, small.rows())) == 200
    with pytest.raises(KeepingInvalid):
        small.take("@article{a, title={T}}", collection="x" * 201)


@pytest.mark.parametrize(
    ("name", "collection"),
    [("refs.bib", "refs"), ("../../x/.bib", ".bib"), ("", "library"), ("a\x00b.bib", "ab")],
)
def test_a_collection_is_named_after_its_file(small: Hub, name: str, collection: str) -> None:
    small.take("@article{a, title={T}}", name=name)

    assert set(small.rows()) == {collection}


# -- what is wrong -----------------------------------------------------------------------------------


def test_a_broken_entry_is_told_with_its_line_and_loses_nothing_else(small: Hub) -> None:
    told = small.take("@article{a, title={A}}\n@article{b, title={B\n@article{c, title={C}}\n")

    assert figures(told) == (3, 0, 2, 0, 1)
    ((line, entry, reason),) = told.broken
    assert (line, entry) == (2, "b")
    assert reason


def test_a_file_that_is_no_library_leaves_no_collection(small: Hub) -> None:
    with pytest.raises(LibraryUnreadable):
        small.take("<html>", name="page.bib")

    assert small.rows() == {}


def test_the_door_of_the_pages_gives_the_account(small: Hub) -> None:
    told = small.import_library(b"@article{a, title={T}}", "refs.bib", collection="Mine", now=NOW)

    assert (told.collection, told.entries, told.kept) == ("mine", 1, 1)


def test_hostile_texts_are_kept_as_far_as_a_database_can(hub: Hub) -> None:
    text = (
        '[{"id": "a\\u0000", "type": "book", "title": "N\\u0000UL \\ud800 \\u202e",'
        ' "author": [{"literal": "One\\nTwo"}], "issued": {"date-parts": [[99999999]]}, "note": "\\u0000"},'
        ' {"id": "b", "type": "book\\u0000", "title": "' + "x" * 100_000 + '"}]'
    )

    told = hub.take(text, name="odd.json")
    again = hub.take(text, name="odd.json")

    assert figures(told) == (2, 0, 2, 0, 0)
    assert figures(again) == (2, 0, 0, 2, 0)


# -- as they are kept --------------------------------------------------------------------------------

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
REFERENCES = st.builds(
    Reference,
    position=st.integers(0, 10**6),
    line=st.integers(1, 10**6),
    key=TEXT,
    type=TEXT,
    title=TEXT,
    title_raw=TEXT,
    authors=st.lists(st.builds(Author, TEXT, st.none() | TEXT, TEXTS), max_size=3).map(tuple),
    abstract=TEXT,
    year=st.none() | st.integers(-3000, 3000),
    date=TEXT,
    venue=TEXT,
    identifiers=st.builds(
        Identifiers, doi=st.none() | st.just("10.1/x"), arxiv=st.none() | st.just("2401.1")
    ),
    url=TEXT,
    keywords=TEXTS,
    collections=TEXTS,
    notes=TEXTS,
    language=TEXT,
    fields=st.dictionaries(TEXT, TEXTS, max_size=3),
)


@given(REFERENCES)
def test_what_is_kept_of_an_entry_is_the_whole_entry(reference: Reference) -> None:
    assert read_back(written(reference, file_format="ris")) == (reference, "ris")


def test_equal_entries_are_told_apart_by_their_number_wherever_they_stand() -> None:
    first = read_library(b"@article{a, title={A}}\n@article{a, title={A}}\n@article{b, title={B}}", name="x")
    moved = read_library(
        b"@article{b, title={B}}\n\n@article{a, title={A}}\n@article{a, title={A}}", name="x"
    )

    names = [
        {one.entry.fingerprint for one in arrivals(each.references, file_format="bibtex")}
        for each in (first, moved)
    ]

    assert names[0] == names[1]
    assert len(names[0]) == 3


def test_groups_whose_names_are_one_are_one() -> None:
    one = Reference(0, 1, "a", "book", collections=("Red  apples",))
    two = Reference(1, 2, "b", "book", collections=("Red apples",))

    assert groups_of([one, two], "Mine") == {"Mine / Red apples": frozenset({0, 1})}


# -- the real thing ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_real_library_comes_in_and_comes_again(small: Hub, data: Callable[[str], Path]) -> None:
    files = [one for one in sorted(data("libraries").rglob("*")) if one.is_file() and one.name != "LICENSE"]

    for path in files:
        name = f"{path.parent.name} {path.name}"[:200]
        wish = Wish(collection=name, groups=True)
        first = import_library(small.database, path.read_bytes(), name=path.name, wish=wish, now=NOW)
        again = import_library(small.database, path.read_bytes(), name=path.name, wish=wish, now=NOW)

        figures(first)
        assert all(line > 0 and reason for line, _, reason in first.broken)
        assert again.account.unchanged == first.account.entries - first.account.broken, path.name
        read = read_library(path.read_bytes(), name=path.name).references
        kept = {(one.position, one.line, one.key, one.title) for one in small.references(name)}
        assert kept == {(one.position, one.line, one.key, one.title) for one in read}, path.name
    assert len(files) > 100
