from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from lxml import etree

from academichub.errors import CategoryUnknown, RecordBroken
from academichub.intake.normalising import normalise
from academichub.model.papers import Feed, Form, Key, Precision, Record, RecordAuthor
from academichub.model.taxonomy import active_categories
from academichub.sources.oai import scope_of
from academichub.sources.oaiarxiv import READERS, category_scope

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FEED = Feed("oai-pmh 2.0", "lxml")
FORMATS = ("arXiv", "arXivRaw", "arXivOld")


def read(inside: str, *, form: str = "arXiv", name: str = "<id>2606.10421</id>", header: str = "") -> Record:
    space = f"http://arxiv.org/OAI/{form}/"
    root = etree.fromstring(f'<{form} xmlns="{space}">{name}{inside}</{form}>')
    return READERS[f"{{{space}}}{form}"](root, header, 7, {"oai:datestamp": ("2026-06-18",)})


def version(number: str, day: str, *, kind: str = "") -> str:
    source = f"<source_type>{kind}</source_type>" if kind else ""
    return f'<version version="{number}"><date>{day}</date><size>9kb</size>{source}</version>'


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_gives_a_record_that_is_arxivs_own(form: str) -> None:
    record = read("<title>Lamps</title><categories>cs.AI math.CO</categories>", form=form)

    draft = normalise(record, feed=FEED, now=NOW)

    assert (record.position, record.external_id) == (7, "oai:arXiv.org:2606.10421")
    assert draft.key == Key("arxiv", "2606.10421", 1)
    assert (draft.venue, draft.categories) == ("arXiv", ("cs.AI", "math.CO"))
    assert record.fields["oai:datestamp"] == ("2026-06-18",)


def test_what_intake_listens_to_reaches_the_draft() -> None:
    record = read(
        "<title>Lamps</title><comments>12\n pages</comments><journal-ref>J. 4</journal-ref>"
        "<doi>10.5555/JMR.4</doi><license>http://creativecommons.org/licenses/by/4.0/</license>"
        "<categories>cs.AI</categories><abstract>  We count. </abstract>"
    )

    draft = normalise(record, feed=FEED, now=NOW)

    assert (draft.comment, draft.journal_ref) == ("12 pages", "J. 4")
    assert draft.identifiers.doi == "10.5555/jmr.4"
    assert draft.licence == "http://creativecommons.org/licenses/by/4.0/"
    assert draft.abstract
    assert draft.abstract.plain == "We count."
    assert record.title.form is record.summary.form is Form.PLAIN


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Runs of&lt;br&gt; Automata", "Runs of Automata"),
        ("Codes over F&lt;sub&gt;q&lt;/sub&gt; and $a&lt;b$", "Codes over Fq and a < b"),
        ("On $&lt;i|j&gt;$ and x&lt;i&gt;0", "On <i|j> and x<i>0"),
        ("We think: &lt;think&gt; $x_1$ &lt;/think&gt;", "We think: <think> x₁ </think>"),
    ],
)
def test_tags_are_tags_only_beyond_doubt(written: str, shown: str) -> None:
    draft = normalise(read(f"<title>{written}</title>"), feed=FEED, now=NOW)

    assert draft.title.plain == shown


# -- when -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "created", "published"),
    [
        ("2606.10421", "2026-06-11", "2026-06-11"),
        ("2606.10421", "2026-02-01", "2026-02-01"),  # held back for months
        ("2606.10421", "2026-07-02", "2026-07-02"),  # the last night of the month
        ("2612.10421", "2027-01-01", "2027-01-01"),
        ("math/9910185", "1999-11-01", "1999-11-01"),
        ("hep-th/0001001", "2000-01-01", "2000-01-01"),
        ("2606.10421", "soon", "soon"),
        ("2606.10421", "2026-99-11", "2026-99-11"),
        ("2606.10421", "", "2026-06"),
    ],
)
def test_created_is_believed_where_it_can_be_the_first_versions(
    name: str, created: str, published: str
) -> None:
    record = read(f"<created>{created}</created><updated>2026-08-01</updated>", name=f"<id>{name}</id>")

    assert (record.published, record.updated) == (published, "2026-08-01")
    assert "arxiv:created" not in record.fields


@pytest.mark.parametrize(
    ("name", "created", "month"),
    [
        ("1706.03762", "2023-08-02", "2017-06"),
        ("1207.7214", "2012-08-31", "2012-07"),
        ("2606.10421", "2026-07-03", "2026-06"),
        ("2612.10421", "2027-02-01", "2026-12"),
        ("hep-th/9912001", "2000-02-01", "1999-12"),
    ],
)
def test_created_after_the_identifiers_month_is_the_newest_versions(
    name: str, created: str, month: str
) -> None:
    record = read(
        f"<title>Lamps</title><created>{created}</created><updated>2026-08-01</updated>",
        name=f"<id>{name}</id>",
    )

    draft = normalise(record, feed=FEED, now=NOW)

    assert (record.published, record.updated) == (month, created)
    assert record.fields["arxiv:created"] == (created,)
    assert record.fields["arxiv:updated"] == ("2026-08-01",)
    assert draft.published
    assert draft.published.precision is Precision.MONTH
    assert draft.updated
    assert draft.updated.on == date.fromisoformat(created)


def test_a_revised_paper_without_updated_says_no_more_than_it_knows() -> None:
    record = read("<created>2026-09-01</created>")

    assert "arxiv:updated" not in record.fields


# -- versions -------------------------------------------------------------------------------------


def test_the_newest_version_is_what_a_raw_record_describes() -> None:
    written = (
        version("v1", "Thu, 11 Jun 2026 09:08:07 GMT")
        + version("v11", "Fri, 2 Oct 2026 10:00:00 GMT", kind="D")
        + version("v2", "Mon, 6 Jul 2026 00:00:00 GMT")
    )

    record = read("<title>Lamps</title>" + written, form="arXivRaw")
    draft = normalise(record, feed=FEED, now=NOW)

    assert record.external_id == "oai:arXiv.org:2606.10421v11"
    assert (record.published, record.updated) == ("2026-06-11T09:08:07Z", "2026-10-02T10:00:00Z")
    assert record.fields["hub:version"] == ("11",)
    assert record.fields["arxiv:version_date"] == ("Fri, 2 Oct 2026 10:00:00 GMT",)
    assert record.fields["arxiv:source_type"] == ("D",)
    assert record.fields["arxiv:versions"][2] == "2 Mon, 6 Jul 2026 00:00:00 GMT 9kb"
    assert (draft.key, draft.version) == (Key("arxiv", "2606.10421", 11), 11)


@pytest.mark.parametrize(
    "written",
    [
        version("v2", "Mon, 6 Jul 2026 00:00:00 GMT"),
        version("v1", "") + version("v2", "Mon, 6 Jul 2026 00:00:00 GMT"),
    ],
)
def test_without_the_first_versions_day_the_identifier_tells_the_month(written: str) -> None:
    record = read(written, form="arXivRaw")

    assert (record.published, record.updated) == ("2026-06", "2026-07-06T00:00:00Z")


@pytest.mark.parametrize("number", ["", "v0", "vX", "v12345", "-1"])
def test_a_version_without_a_number_is_kept_and_decides_nothing(number: str) -> None:
    record = read(version(number, "Mon, 6 Jul 2026 00:00:00 GMT"), form="arXivRaw")

    assert record.external_id == "oai:arXiv.org:2606.10421"
    assert record.fields["arxiv:versions"] == (f"{number} Mon, 6 Jul 2026 00:00:00 GMT 9kb".strip(),)
    assert "hub:version" not in record.fields


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("Mon, 6 Jul 2026 00:00:00 GMT", "2026-07-06T00:00:00Z"),
        ("16 Jul 2026 00:00:00 GMT", "2026-07-16T00:00:00Z"),
        ("Mon, 6 Jux 2026 00:00:00 GMT", "Mon, 6 Jux 2026 00:00:00 GMT"),
        ("2026-07-06", "2026-07-06"),
    ],
)
def test_dates_are_written_as_iso_does_where_they_are_understood(written: str, instant: str) -> None:
    assert read(version("v1", written), form="arXivRaw").published == instant


def test_an_empty_version_is_no_line() -> None:
    assert "arxiv:versions" not in read("<version/>", form="arXivRaw").fields


# -- who, and what else ---------------------------------------------------------------------------


def test_names_are_put_together_in_reading_order() -> None:
    record = read(
        "<authors><author><keyname>van der\n Meer</keyname><forenames>Anneke</forenames></author>"
        "<author><keyname>Okafor</keyname><forenames>Chidi</forenames><suffix>Jr</suffix>"
        "<affiliation>Tide\n Lab</affiliation><affiliation>Lamp Works</affiliation><affiliation/></author>"
        "<author><keyname>Lighthouse Collaboration</keyname></author><author/></authors>"
    )

    assert record.authors == (
        RecordAuthor("Anneke van der Meer"),
        RecordAuthor("Chidi Okafor Jr", affiliations=("Tide Lab", "Lamp Works")),
        RecordAuthor("Lighthouse Collaboration"),
    )


def test_authors_in_one_line_are_left_to_the_cleaning() -> None:
    line = "A. Lind (Tide Lab), B. Chen and C. Okafor"

    record = read(f"<title>Lamps</title><authors>{line}</authors>", form="arXivRaw")

    assert record.authors == (RecordAuthor(line),)
    assert len(normalise(record, feed=FEED, now=NOW).authors) == 3


def test_several_dois_in_one_line_are_told_apart() -> None:
    record = read("<doi>10.5555/a\n 10.5555/b</doi>")

    assert record.fields["arxiv:doi"] == ("10.5555/a", "10.5555/b")


def test_nothing_is_cleaned_but_the_space_around_a_text() -> None:
    record = read("<title>\n  A <i>wrapped</i>\n  title </title><abstract>  One.\n  Two.\n</abstract>")

    assert (record.title.value, record.summary.value) == ("A wrapped\n  title", "One.\n  Two.")


def test_what_the_format_does_not_know_is_kept() -> None:
    record = read("<embargo>none</embargo><comment>mine</comment><comments>theirs</comments>")

    assert record.fields["arxiv:embargo"] == ("none",)
    assert record.fields["arxiv:comment"] == ("theirs",)


def test_blank_elements_say_nothing() -> None:
    record = read("<comments> </comments><categories/><doi/><title/><title>Lamps</title>")

    assert set(record.fields) == {"oai:datestamp"}
    assert record.title.value == "Lamps"


# -- identifiers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "header", "base"),
    [
        ("<id>math.GT/0309136</id>", "", "math/0309136"),
        ("<id> 2606.10421v2 </id>", "", "2606.10421"),
        ("", "oai:arXiv.org:2606.10421", "2606.10421"),
        ("<id>x</id>", "oai:arXiv.org:cs/0501001", "cs/0501001"),
    ],
)
def test_the_identifier_is_canonical(name: str, header: str, base: str) -> None:
    record = read("", name=name, header=header)

    assert (record.external_id, record.link) == (f"oai:arXiv.org:{base}", f"https://arxiv.org/abs/{base}")


@pytest.mark.parametrize("name", ["", "<id/>", "<id>2613.00001</id>", "<id>../../etc</id>", "<id>9</id>"])
@pytest.mark.parametrize("form", FORMATS)
def test_a_record_that_names_no_paper_is_broken(form: str, name: str) -> None:
    with pytest.raises(RecordBroken) as caught:
        read("<title>Lamps</title>", form=form, name=name, header="oai:elsewhere:1")

    assert str(caught.value.facts["reason"]).startswith("no arXiv identifier: ")


# -- sets -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "set_name"),
    [
        ("cs.AI", "cs:cs:AI"),
        ("hep-th", "physics:hep-th"),
        ("math-ph", "physics:math-ph"),
        ("physics.optics", "physics:physics:optics"),
        ("cond-mat.stat-mech", "physics:cond-mat:stat-mech"),
        ("q-bio.NC", "q-bio:q-bio:NC"),
        ("math.mp", "physics:math-ph"),
    ],
)
def test_a_category_has_a_set_of_its_own(name: str, set_name: str) -> None:
    assert category_scope(name) == f"https://oaipmh.arxiv.org/oai|arXivRaw|{set_name}"


def test_every_active_category_can_be_harvested() -> None:
    scopes = [scope_of(category_scope(each.name)) for each in active_categories()]

    assert all(scope.set.count(":") in {1, 2} for scope in scopes)


@pytest.mark.parametrize("name", ["cs", "cs.XX", "test", ""])
def test_what_is_no_active_category_cannot(name: str) -> None:
    with pytest.raises(CategoryUnknown):
        category_scope(name)
