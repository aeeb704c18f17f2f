"""What real answers of servers have taught: marks of their converters, names of places, kinds."""

from __future__ import annotations

import pytest

from academichub.intake.answers import from_answer
from academichub.intake.normalising import normalise
from academichub.model.papers import Feed, Form, Kind, Record, Text
from tests.fakes.records import NOW


def an_answer(title: str = "A title", *, place: str = "crossref", summary: str = "") -> Record:
    fields = {"hub:place": (place,), "hub:item": ("1",)}
    return Record(position=0, title=Text(title), summary=Text(summary, Form.UNSAID), fields=fields)


def test_the_marks_of_biorxivs_converter_are_undone_whoever_copied_them() -> None:
    marked = "AO_SCPLOWBSTRACTC_SCPLOWO_ST_ABSBackgroundC_ST_ABSWorms see.\n\nMethodsWe looked."

    draft = from_answer(an_answer(place="europepmc", summary=marked), now=NOW)

    assert draft.abstract is not None
    assert draft.abstract.plain == "Background Worms see.\n\nMethods We looked."
    assert draft.abstract.raw.startswith("Background")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Abstract— Worms see.", "Worms see."),
        ("Summary: Worms see.", "Worms see."),
        ("ABSTRACT - Worms see.", "Worms see."),
        ("<p><strong>Abstract</strong></p><p>Worms see.</p>", "Worms see."),
        ("<div><p>\n<b>摘要：</b> 虫能看见。</p></div>", "虫能看见。"),
        ("<h4>Abstract</h4>: Worms see.", "Worms see."),
        ("<p><strong><em>Abstract</em></strong><strong>&mdash; Worms see.</strong></p>", "Worms see."),
        ("<p><b>Summary. Worms</b> see.</p>", "Worms see."),
        ("<p><b>Abstract interpretation</b> sees.</p>", "Abstract interpretation sees."),
        ("Abstract interpretation: a theory.", "Abstract interpretation: a theory."),
        ("Abstract-level summaries.", "Abstract-level summaries."),
        ("<p>Worms see. Abstract: no.</p>", "Worms see. Abstract: no."),
        ("Abstract:", "Abstract:"),
    ],
)
def test_the_label_of_an_abstract_is_no_part_of_it(written: str, shown: str) -> None:
    draft = from_answer(an_answer(summary=written), now=NOW)

    assert draft.abstract is not None
    assert draft.abstract.plain == shown


def test_a_title_that_came_twice_is_shown_once() -> None:
    title = "Themes of a Made-up Economy"

    assert from_answer(an_answer(f"{title} {title}"), now=NOW).title.plain == title


@pytest.mark.parametrize(
    ("place", "name"),
    [("biorxiv.org", "bioRxiv"), ("semanticscholar", "Semantic Scholar"), ("press.example", "press.example")],
)
def test_without_a_journal_the_venue_is_the_places_own_name(place: str, name: str) -> None:
    assert from_answer(an_answer(place=place), now=NOW).venue == name


@pytest.mark.parametrize(
    ("fields", "external_id", "kind"),
    [
        ({}, "oai:repository.example:1", Kind.ARTICLE),
        ({"hub:kind": ("preprint",)}, "oai:repository.example:1", Kind.PREPRINT),
        ({"hub:kind": ("dataset",), "dc:type": ("journal article",)}, "7", Kind.DATASET),
        ({"hub:kind": ("nonsense",)}, "7", Kind.POST),
        ({}, "https://blog.example/7", Kind.POST),
    ],
)
def test_what_a_repository_holds_is_no_blog_post(
    fields: dict[str, tuple[str, ...]], external_id: str, kind: Kind
) -> None:
    record = Record(position=0, external_id=external_id, title=Text("A title"), fields=fields)

    assert normalise(record, feed=Feed(format="oai-pmh 2.0", parser="lxml"), now=NOW).kind is kind
