"""Authors' works are found by ORCID and by name, and names are not taken for people."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from academichub.flows.authorsdesk import AuthorsDesk
from academichub.model.authors import AuthorCursor, CoAuthor, NameVariant, Person
from academichub.model.papers import Author
from tests.fakes.drafts import DAY, arxiv_draft, journal_draft
from tests.fakes.kept import counted, merge

if TYPE_CHECKING:
    from datetime import date

    from academichub.db.engine import Database
    from academichub.model.authors import AuthorPage
    from tests.fakes.shelf import TestShelf

ADA, BO = "0000-0002-1825-0097", "0000-0001-5109-3700"


class Desk(AuthorsDesk):
    def __init__(self, database: Database) -> None:
        self.database = database


def paper(shelf: TestShelf, number: int, *authors: Author | str, on: date = DAY) -> None:
    signed = tuple(Author(one) if isinstance(one, str) else one for one in authors)
    shelf.put(arxiv_draft(f"2606.{number:05d}", authors=signed, on=on))


def by_orcid(shelf: TestShelf, orcid: str = ADA, **more: object) -> AuthorPage:
    return Desk(shelf.database).author(orcid=orcid, **more)  # type: ignore[arg-type]  # handed through


def by_name(shelf: TestShelf, name: str, **more: object) -> AuthorPage:
    return Desk(shelf.database).author(name=name, **more)  # type: ignore[arg-type]  # handed through


def numbers(page: AuthorPage) -> list[int]:
    return [card.work_id for card in page.cards]


def test_an_orcid_gathers_one_person_under_all_their_names(shelf: TestShelf) -> None:
    paper(shelf, 1, Author("Ada Example", ADA), "Cy Pattern", on=DAY - timedelta(days=2))
    paper(shelf, 2, Author("A. Example", ADA), "Cy Pattern", on=DAY - timedelta(days=1))
    paper(shelf, 3, Author("Ada Example", ADA), Author("Bo Sample", BO))
    paper(shelf, 4, "Ada Example")
    paper(shelf, 5, Author("Ada Example", BO))
    paper(shelf, 6, "Ada Exemplar")

    page = by_orcid(shelf, f"https://orcid.org/{ADA}")

    assert (page.name, page.orcid, page.works, numbers(page)) == ("Ada Example", ADA, 3, [3, 2, 1])
    assert page.variants == (NameVariant("Ada Example", 2), NameVariant("A. Example", 1))
    assert page.people == (Person(BO, "Ada Example", 1),)
    assert (page.unsure, page.is_ambiguous) == (1, False)
    assert page.coauthors == (CoAuthor("Cy Pattern", None, 2), CoAuthor("Bo Sample", BO, 1))


def test_a_name_that_several_orcids_sign_with_may_be_several_people(shelf: TestShelf) -> None:
    paper(shelf, 1, Author("Lei Wang", ADA))
    paper(shelf, 2, Author("Lei Wang", BO))
    paper(shelf, 3, Author("Lei Wang", BO))
    paper(shelf, 4, "Lei Wang")
    paper(shelf, 5, "L. Wang")
    paper(shelf, 6, "Li Wang")

    page = by_name(shelf, " Lei  Wang ")

    assert (page.name, page.orcid, page.works, numbers(page)) == ("Lei Wang", None, 4, [4, 3, 2, 1])
    assert page.people == (Person(BO, "Lei Wang", 2), Person(ADA, "Lei Wang", 1))
    assert page.variants == (NameVariant("L. Wang", 1),)
    assert (page.unsure, page.is_ambiguous) == (1, True)


def test_a_name_may_be_several_people_unless_one_orcid_speaks_for_all_its_works(shelf: TestShelf) -> None:
    paper(shelf, 1, Author("Ada Example", ADA))
    paper(shelf, 4, Author("Ada Example", ADA))
    paper(shelf, 5, Author("Bo Sample", BO))
    paper(shelf, 6, "Bo Sample")
    paper(shelf, 2, "A. Example")
    paper(shelf, 3, "张伟")

    assert not by_name(shelf, "Ada Example").is_ambiguous
    assert by_name(shelf, "A. Example").is_ambiguous
    assert by_name(shelf, "Bo Sample").is_ambiguous
    chinese = by_name(shelf, "张伟")
    assert (chinese.works, chinese.variants, chinese.is_ambiguous) == (1, (), False)


def test_an_author_of_whom_the_hub_has_nothing_has_a_page_without_works(shelf: TestShelf) -> None:
    paper(shelf, 1, "Ada Example")

    for page in (
        by_orcid(shelf),
        by_orcid(shelf, "0000-0002-1825-0098"),
        by_orcid(shelf, "\x00" * 1000),
        by_name(shelf, ""),
        by_name(shelf, "Nobody\x00"),
        by_name(shelf, "x" * 100_000),
    ):
        assert (page.works, page.cards, page.next, page.coauthors) == (0, (), None, ())


def test_pages_of_an_author_neither_repeat_nor_miss_a_work(shelf: TestShelf) -> None:
    for number in range(1, 12):
        paper(shelf, number, Author("Ada Example", ADA), on=DAY - timedelta(days=number % 3))

    whole = by_orcid(shelf, size=200)
    found: list[int] = []
    after: AuthorCursor | None = None
    for first in (1, 6, 11):
        page = by_orcid(shelf, after=after, size=5)
        assert (page.first_number, page.works) == (first, 11)
        found += numbers(page)
        after = page.next

    assert (found, after) == (numbers(whole), None)
    assert [card.listed_on for card in whole.cards] == sorted(
        (card.listed_on for card in whole.cards), reverse=True
    )
    assert numbers(by_orcid(shelf, after=AuthorCursor(DAY, 2**70, 7))) == numbers(whole)
    assert numbers(by_name(shelf, "Ada Example", size=0)) == numbers(whole)[:1]


def test_a_work_of_several_versions_counts_once_and_any_of_them_may_name_the_orcid(shelf: TestShelf) -> None:
    paper(shelf, 1, Author("Ada Example", ADA))
    shelf.put(journal_draft("10.5555/j.1", authors=(Author("Ada Example"),)))
    merge(shelf, 1, 2)

    page = by_orcid(shelf)

    assert (page.works, numbers(page), page.variants) == (1, [1], (NameVariant("Ada Example", 1),))
    assert (page.unsure, by_name(shelf, "Ada Example").unsure) == (0, 0)
    assert by_name(shelf, "Ada Example").works == 1


def test_an_author_with_a_very_long_name_is_shelved_and_found(shelf: TestShelf) -> None:
    name = "蛙" * 3000
    paper(shelf, 1, name)

    assert by_name(shelf, name).works == 1


def test_an_authors_page_asks_no_more_for_more_works(shelf: TestShelf) -> None:
    paper(shelf, 1, Author("Ada Example", ADA), "Bo Sample")
    with counted(shelf.database) as few:
        by_orcid(shelf, size=200)
    for number in range(2, 60):
        paper(shelf, number, Author("Ada Example", ADA), f"Bo Sample {number}")
    with counted(shelf.database) as many:
        assert len(by_orcid(shelf, size=200).cards) == 59

    assert len(few) == len(many) <= 8
