"""One version of a paper, as several sources tell it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.intake.completing import AUTHORITY, COMPLETED, MOST_LINKS, Completed, authority, complete
from academichub.intake.parts import fingerprint
from academichub.intake.relations import MOST_RELATIONS
from academichub.model.papers import (
    Announcement,
    Author,
    Bond,
    Draft,
    Flag,
    Identifiers,
    Key,
    Kind,
    Link,
    LinkRole,
    Moment,
    Precision,
    Relation,
)
from academichub.sources.connectors import MODULES
from tests.fakes.drafts import arxiv_draft, journal_draft, prose, sealed

WHOLE = prose("A whole abstract, which says what was done and what came of it.")
OTHER = prose("Another whole abstract of the same paper.")
TEASER = prose("A sentence.")


def a_draft(**changes: Any) -> Draft:
    return sealed(replace(journal_draft(abstract=None, is_teaser=False), **changes))


def moment(on: date, precision: Precision = Precision.DAY) -> Moment:
    return Moment(datetime(on.year, on.month, on.day, tzinfo=UTC), on, precision)


def completed(
    stored: Draft, arriving: Draft, *, by: str = "crossref", first: str = "feed", **origins: str
) -> Completed:
    return complete(stored, arriving, origins=origins, first=first, provider=by)


# -- whom to believe ------------------------------------------------------------------------------


def test_every_connector_that_is_ranked_exists_and_nobody_ranks_below_a_stranger() -> None:
    kinds_of_sources = {"feed", "file", "arxiv"}

    assert set(AUTHORITY) <= set(MODULES) | kinds_of_sources
    assert authority("nobody has heard of it") == min(AUTHORITY.values())


def test_who_keeps_the_record_is_believed_before_who_gathers_and_who_announces() -> None:
    ranked = ["oai", "crossref", "openalex", "feed", "semanticscholar"]

    assert [authority(name) for name in ranked] == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(("by", "title"), [("crossref", "Said later"), ("semanticscholar", "Said first")])
def test_the_higher_authority_is_believed_whoever_came_first(by: str, title: str) -> None:
    done = completed(a_draft(title=prose("Said first")), a_draft(title=prose("Said later")), by=by)

    assert done.draft.title == prose(title)
    assert done.origins == ({"title": by} if title == "Said later" else {})


def test_what_a_lesser_source_knows_alone_is_taken_from_it() -> None:
    stored = a_draft(authors=(), licence=None)
    arriving = a_draft(
        authors=(Author("Ada Example"),), licence="https://licence.example/1", comment="5 pages"
    )

    done = completed(stored, arriving, by="semanticscholar", first="crossref")

    assert (done.draft.authors, done.draft.licence) == (arriving.authors, arriving.licence)
    assert done.taken == ("authors", "licence", "comment")
    assert done.origins == dict.fromkeys(done.taken, "semanticscholar")


def test_a_field_is_weighed_against_the_one_it_is_from_and_not_against_who_was_first() -> None:
    stored, arriving = a_draft(title=prose("Crossref's")), a_draft(title=prose("OpenAlex's"))

    done = completed(stored, arriving, by="openalex", title="crossref")

    assert done.draft.title == prose("Crossref's")
    assert done.origins == {"title": "crossref"}


def test_the_first_source_takes_back_what_it_says_anew() -> None:
    stored, arriving = a_draft(title=prose("Old")), a_draft(title=prose("New"))

    done = completed(stored, arriving, by="feed", title="semanticscholar")

    assert done.draft.title == prose("New")
    assert done.origins == {}


def test_an_equal_word_changes_nothing_and_keeps_its_origin() -> None:
    done = completed(a_draft(), a_draft(), by="crossref", title="openalex")

    assert (done.draft, done.taken, done.origins) == (a_draft(), (), {"title": "openalex"})


# -- abstracts ------------------------------------------------------------------------------------


def test_a_teaser_never_takes_the_place_of_an_abstract() -> None:
    stored = a_draft(abstract=WHOLE)

    done = completed(stored, a_draft(abstract=TEASER, is_teaser=True), by="oai", first="semanticscholar")

    assert (done.draft.abstract, done.draft.is_teaser) == (WHOLE, False)


def test_an_abstract_takes_the_place_of_a_teaser_whoever_says_it() -> None:
    stored = a_draft(abstract=TEASER, is_teaser=True, language="en")
    arriving = a_draft(abstract=WHOLE, language="fr")

    done = completed(stored, arriving, by="semanticscholar", first="oai")

    assert (done.draft.abstract, done.draft.is_teaser, done.draft.language) == (WHOLE, False, "fr")
    assert (done.taken, done.origins) == (("abstract",), {"abstract": "semanticscholar"})


def test_a_teaser_is_better_than_nothing() -> None:
    done = completed(a_draft(), a_draft(abstract=TEASER, is_teaser=True), by="semanticscholar")

    assert (done.draft.abstract, done.draft.is_teaser) == (TEASER, True)


def test_a_short_text_is_whole_once_somebody_says_that_it_is_all() -> None:
    stored, arriving = a_draft(abstract=TEASER, is_teaser=True), a_draft(abstract=TEASER)

    there = completed(stored, arriving, by="semanticscholar")
    back = completed(there.draft, stored, by="oai", abstract="semanticscholar")

    assert there.draft.is_teaser is back.draft.is_teaser is False
    assert there.draft.abstract == TEASER
    assert there.taken == ("abstract",)


def test_of_two_whole_abstracts_the_higher_authority_has_it() -> None:
    stored, arriving = a_draft(abstract=WHOLE), a_draft(abstract=OTHER)

    assert completed(stored, arriving, by="crossref").draft.abstract == OTHER
    assert completed(stored, arriving, by="dblp").draft.abstract == WHOLE


# -- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("precision", [Precision.YEAR, Precision.MONTH])
def test_a_year_or_month_never_takes_the_place_of_a_day(precision: Precision) -> None:
    stored = a_draft(published=moment(date(2026, 6, 18)))
    arriving = a_draft(published=moment(date(2026, 7, 1), precision))

    assert completed(stored, arriving).draft.published == stored.published
    assert completed(arriving, stored, by="feed", first="feed").draft.published == stored.published


def test_a_day_takes_the_place_of_an_instant_for_it_says_as_much_of_a_paper() -> None:
    stored = a_draft(published=moment(date(2026, 6, 18), Precision.INSTANT))
    arriving = a_draft(published=moment(date(2026, 6, 17)))

    assert completed(stored, arriving).draft.published == arriving.published


def test_a_day_of_announcement_says_less_than_any_date_given() -> None:
    stored = replace(arxiv_draft(), announcement=None, published=moment(date(2026, 6, 15)))
    arriving = arxiv_draft(published=moment(date(2026, 6, 19)), updated=moment(date(2026, 6, 20)))

    done = completed(stored, arriving, by="oai", first="arxiv")

    assert arriving.announcement is Announcement.NEW
    assert (done.draft.published, done.draft.updated) == (stored.published, arriving.updated)


# -- identifiers, links, relations, flags ---------------------------------------------------------


def test_identifiers_are_only_added() -> None:
    stored = a_draft(identifiers=Identifiers(doi="10.5555/a", issn="0028-0836"))
    arriving = a_draft(identifiers=Identifiers(doi="10.5555/b", pmid="42", openalex="W1"))

    done = completed(stored, arriving, by="oai")

    assert done.draft.identifiers == Identifiers(doi="10.5555/a", issn="0028-0836", pmid="42", openalex="W1")
    assert (done.taken, done.origins) == (("identifiers",), {"identifiers": "oai"})


def test_what_another_added_to_the_identifiers_stays_anothers_when_the_first_adds_more() -> None:
    stored = a_draft(identifiers=Identifiers(doi="10.5555/a", pmid="42"))
    arriving = a_draft(identifiers=Identifiers(doi="10.5555/a", pmcid="PMC42"))

    done = completed(stored, arriving, by="feed", identifiers="europepmc")

    assert done.taken == ("identifiers",)
    assert done.origins == {"identifiers": "europepmc"}


def test_links_relations_and_flags_gather_and_flags_stand_worst_first() -> None:
    one, other = (Link(f"https://{name}.example/", LinkRole.LANDING) for name in "ab")
    said = Relation(Bond.CORRECTED_BY, "doi", "10.5555/c")
    more = Relation(Bond.RETRACTED_BY, "doi", "10.5555/r")
    stored = a_draft(links=(one,), relations=(said,), flags=(Flag.CORRECTED,))
    arriving = a_draft(links=(other, one), relations=(more, said), flags=(Flag.RETRACTED,))

    done = completed(stored, arriving, by="semanticscholar")

    assert done.draft.links == (one, other)
    assert done.draft.relations == (said, more)
    assert done.draft.flags == (Flag.RETRACTED, Flag.CORRECTED)
    assert done.draft.fingerprint == fingerprint(done.draft) != stored.fingerprint


def test_a_name_that_turns_out_to_be_its_own_is_no_relation_any_more() -> None:
    stored = a_draft(
        identifiers=Identifiers(arxiv="2606.00001"),
        relations=(Relation(Bond.VERSION_OF, "doi", "10.5555/a"), Relation(Bond.ABOUT, "doi", "10.5555/b")),
    )

    done = completed(stored, a_draft(identifiers=Identifiers(doi="10.5555/a")))

    assert done.draft.relations == (Relation(Bond.ABOUT, "doi", "10.5555/b"),)


def test_a_source_that_says_something_else_each_day_fills_no_shelf() -> None:
    draft = a_draft()
    for day in range(100):
        link = Link(f"https://journal.example/?session={day}", LinkRole.LANDING)
        said = Relation(Bond.REVIEWS, "doi", f"10.5555/{day}")
        draft = completed(draft, a_draft(links=(link,), relations=(said,)), by="feed").draft

    assert draft.links[0] == a_draft().links[0]
    assert (len(draft.links), len(draft.relations)) == (MOST_LINKS, MOST_RELATIONS)


def test_place_version_and_announcement_are_the_versions_own() -> None:
    stored = arxiv_draft(version=2)
    arriving = a_draft(key=Key("crossref", "10.5555/a", 9), version=9, external_id="x")

    done = completed(stored, arriving, by="crossref", first="arxiv").draft

    kept = ("key", "version", "external_id", "announcement", "announced_on", "renderer")
    assert [getattr(done, name) for name in kept] == [getattr(stored, name) for name in kept]


# -- whatever comes -------------------------------------------------------------------------------

PROVIDERS = st.sampled_from([*AUTHORITY, "a stranger"])
DAYS = st.builds(
    moment, st.dates(date(2026, 6, 1), date(2026, 6, 30)), st.sampled_from([Precision.YEAR, Precision.DAY])
)
TEXTS = st.sampled_from([WHOLE, OTHER, TEASER])
SHORT = st.sampled_from(["", "one", "other"])


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Draw tellings of one version that often agree."""
    abstract = draw(st.none() | TEXTS)
    return a_draft(
        title=draw(TEXTS),
        abstract=abstract,
        is_teaser=abstract is not None and draw(st.booleans()),
        language=draw(st.sampled_from(["en", "zh"])),
        authors=draw(
            st.sampled_from([(), (Author("Ada Example"),), (Author("Bo Sample"), Author("Cy Test"))])
        ),
        categories=draw(st.sampled_from([(), ("cs.LG",), ("cs.AI", "cs.LG")])),
        kind=draw(st.sampled_from(Kind)),
        published=draw(st.none() | DAYS),
        updated=draw(st.none() | DAYS),
        announcement=draw(st.none() | st.sampled_from(Announcement)),
        licence=draw(st.none() | st.just("https://licence.example/1")),
        venue=draw(SHORT),
        journal_ref=draw(SHORT),
        comment=draw(SHORT),
        identifiers=Identifiers(
            doi=draw(st.sampled_from([None, "10.5555/a", "10.5555/b"])),
            pmid=draw(st.sampled_from([None, "1", "2"])),
        ),
        links=draw(st.sampled_from([(), (Link("https://a.example/", LinkRole.LANDING),)])),
        relations=draw(st.sampled_from([(), (Relation(Bond.VERSION_OF, "doi", "10.5555/a"),)])),
        flags=draw(st.sampled_from([(), (Flag.CORRECTED,), (Flag.RETRACTED,)])),
    )


ORIGINS = st.dictionaries(st.sampled_from([*COMPLETED, "identifiers"]), st.sampled_from(["oai", "dblp"]))


@given(drafts(), drafts(), ORIGINS, PROVIDERS, PROVIDERS)
def test_a_whole_abstract_and_a_known_identifier_are_never_lost(
    stored: Draft, arriving: Draft, origins: dict[str, str], first: str, provider: str
) -> None:
    done = complete(stored, arriving, origins=origins, first=first, provider=provider).draft

    for one in (stored, arriving):
        if one.abstract is not None:
            assert done.abstract is not None
            assert one.is_teaser or not done.is_teaser
    for name in COMPLETED:
        assert getattr(done, name) or not (getattr(stored, name) or getattr(arriving, name))
    for scheme in fields(Identifiers):
        before = getattr(stored.identifiers, scheme.name)
        assert before is None or getattr(done.identifiers, scheme.name) == before


@given(drafts(), drafts(), ORIGINS, PROVIDERS, PROVIDERS)
def test_the_same_word_said_twice_changes_nothing_the_second_time(
    stored: Draft, arriving: Draft, origins: dict[str, str], first: str, provider: str
) -> None:
    once = complete(stored, arriving, origins=origins, first=first, provider=provider)
    twice = complete(once.draft, arriving, origins=once.origins, first=first, provider=provider)

    assert (twice.draft, twice.origins) == (once.draft, once.origins)
    assert twice.taken == ()


@given(drafts(), st.lists(st.tuples(drafts(), PROVIDERS), max_size=4), PROVIDERS)
def test_origins_name_exactly_what_is_not_from_the_first(
    stored: Draft, told: list[tuple[Draft, str]], first: str
) -> None:
    draft, origins = stored, dict[str, str]()
    said_by: dict[str, dict[str, list[Any]]] = {}
    for arriving, provider in told:
        for name in COMPLETED:
            said_by.setdefault(provider, {}).setdefault(name, []).append(getattr(arriving, name))
        done = complete(draft, arriving, origins=origins, first=first, provider=provider)
        draft, origins = done.draft, dict(done.origins)

    for name in COMPLETED:
        teller = origins.get(name, first)
        own = [getattr(stored, name)] if name not in origins else []
        assert getattr(draft, name) in [*own, *said_by.get(teller, {}).get(name, [])]
    assert first not in origins.values()
    assert (draft.identifiers == stored.identifiers) or "identifiers" in origins or said_by.get(first)


@given(drafts(), drafts(), PROVIDERS, PROVIDERS)
def test_what_was_taken_is_what_changed(stored: Draft, arriving: Draft, first: str, provider: str) -> None:
    done = complete(stored, arriving, origins={}, first=first, provider=provider)

    changed = [
        name for name in (*COMPLETED, "identifiers") if getattr(done.draft, name) != getattr(stored, name)
    ]
    if done.draft.is_teaser != stored.is_teaser and "abstract" not in changed:
        changed.append("abstract")
    assert set(done.taken) == set(changed)
    assert list(done.taken) == [name for name in (*COMPLETED, "identifiers") if name in done.taken]
    assert done.draft.fingerprint == fingerprint(done.draft)
