"""The announcements of papers that came from arXiv's archive, or from its API."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.intake.normalising import normalise
from academichub.model.papers import Announcement, Feed, Record, Text
from academichub.sources.announced import YEARS, announced, with_announcements
from academichub.sources.harvest import read_saved
from academichub.sources.oai import CONNECTOR
from academichub.sources.oaiarxiv import category_scope

if TYPE_CHECKING:
    from collections.abc import Mapping

GOLDEN = Path(__file__).parents[2] / "golden" / "oai"
NOW = datetime(2026, 6, 25, tzinfo=UTC)
# 2026-06-11 is a Thursday; what came before 14:00 in New York (18:00 UTC) is announced on the Friday.
THURSDAY = "Thu, 11 Jun 2026 17:59:59 GMT"
LATE_THURSDAY = "Thu, 11 Jun 2026 18:00:00 GMT"
KINDS = {"2606.00001": "cross"}


def archived(version: str = "1", day: str = THURSDAY, primary: str = "cs.AI", **parts: str) -> Record:
    """Make a record as arXivRaw gives it: with the number and the date of its newest version."""
    fields = {
        "hub:version": version,
        "arxiv:version_date": day,
        "arxiv:primary_category@term": primary,
    }
    return Record(
        position=0,
        external_id=parts.pop("external_id", "oai:arXiv.org:2606.00001v1"),
        title=Text("A title"),
        link="https://arxiv.org/abs/2606.00001",
        fields={name: (value,) for name, value in fields.items() if value},
        **parts,  # type: ignore[arg-type]  # only dates are given
    )


def told(record: Record, scope: str = "base|arXivRaw|cs:cs:AI") -> tuple[str, str]:
    """Give the type and the day of the announcement that a record is given; blanks where it is none."""
    (made,) = with_announcements(Feed("oai-pmh 2.0", "lxml", records=(record,)), scope=scope).records
    return made.first("arxiv:announce_type"), made.first("hub:announced")


# -- what kind ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "primary", "kind"),
    [
        ("1", "cs.AI", "new"),
        ("1", "stat.ML", "cross"),
        ("2", "cs.AI", "replace"),
        ("2", "stat.ML", "replace-cross"),
        ("1", "no category", "new"),
        ("1", "", "new"),
    ],
)
def test_a_paper_is_announced_as_the_feed_of_the_category_would_have(
    version: str, primary: str, kind: str
) -> None:
    assert told(archived(version, primary=primary)) == (kind, "2026-06-12")


@pytest.mark.parametrize(
    ("scope", "kind"),
    [
        ("base|arXivRaw|physics:hep-th", "new"),
        ("base|arXivRaw|hep-th", "new"),
        ("base|arXivRaw|math:math:NA", "cross"),
        ("base|arXivRaw|cs", "new"),  # an archive has no primary category
        ("base|arXivRaw|", "new"),
        ("base|arXivRaw", "new"),
        ("", "new"),
        ("base|arXivRaw|:::", "new"),
    ],
)
def test_the_category_is_read_from_the_set_that_was_harvested(scope: str, kind: str) -> None:
    assert told(archived(primary="hep-th"), scope)[0] == kind


@pytest.mark.parametrize(
    "name", ["cs.AI", "hep-th", "math.NA", "quant-ph", "q-bio.NC", "eess.SP", "cond-mat.str-el"]
)
def test_a_paper_is_new_in_the_scope_of_its_own_category_and_a_cross_list_in_any_other(name: str) -> None:
    other = "stat.ME"

    assert told(archived(primary=name), category_scope(name))[0] == "new"
    assert told(archived(primary=name), category_scope(other))[0] == "cross"


# -- on which day ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (THURSDAY, "2026-06-12"),
        (LATE_THURSDAY, "2026-06-15"),  # Friday's batch, told on Sunday evening for Monday
        ("Thu, 11 Jun 2026 13:59:59 -0400", "2026-06-12"),
        ("Fri, 12 Jun 2026 01:59:59 +0800", "2026-06-12"),
        ("2026-06-11T17:59:59Z", "2026-06-12"),
        ("2026-06-11T17:59:59", "2026-06-12"),
        ("2026-06-11", "2026-06-12"),
        ("20260611", "2026-06-12"),
    ],
)
def test_the_day_is_that_of_the_list_that_took_the_version(written: str, day: str) -> None:
    assert told(archived(day=written))[1] == day


def test_a_record_without_versions_was_submitted_on_its_day_of_creation() -> None:
    record = archived("", "", published="2026-06-11")

    assert told(record) == ("new", "2026-06-12")


def test_a_record_without_versions_that_was_updated_is_a_replacement_of_that_day() -> None:
    record = archived("", "", published="2026-05", updated="2026-06-11")

    assert told(record) == ("replace", "2026-06-12")


@pytest.mark.parametrize(
    "written",
    [
        "yesterday",
        "2026-06",
        "2026-02-31",
        "Thu, 99 Jun 2026 17:59:59 GMT",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "9999-12-31T22:00:00Z",
        "Mon, 01 Jan 2026 00:00:00 +99999999999999999999",
        "1066-10-14T09:00:00Z",
        "²",
        "\x00",
        "\ud800",
        "1" * 10_000,
    ],
)
def test_a_date_that_cannot_be_read_announces_nothing(written: str) -> None:
    assert told(archived(day=written)) == ("", "")


def test_a_record_without_any_date_stays_as_it_is() -> None:
    assert told(archived("", "")) == ("", "")


def test_another_archives_records_stay_as_they_are() -> None:
    record = archived(external_id="oai:other.example:1")
    feed = Feed("oai-pmh 2.0", "lxml", title="t", records=(record,))

    assert with_announcements(feed, scope="base|oai_dc|") == feed


@given(
    st.text(st.characters(), max_size=40)
    | st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)).map(lambda at: at.isoformat())  # noqa: DTZ001  as written
    | st.builds(
        "{:%a, %d %b %Y %H:%M:%S} {}".format, st.datetimes(), st.sampled_from(["GMT", "-0000", "+2359", "x"])
    ),
    st.text(max_size=4) | st.sampled_from(["1", "2"]),
    st.text(max_size=20) | st.sampled_from(["base|p|cs:cs:AI", "||"]),
)
def test_whatever_an_archive_says_the_day_is_a_day_of_arxivs_time(
    written: str, version: str, scope: str
) -> None:
    kind, day = told(archived(version, written), scope)

    assert bool(kind) == bool(day)
    if day:
        assert date.fromisoformat(day).year in {*YEARS, YEARS.stop}
        assert Announcement(kind)
        assert date.fromisoformat(day).weekday() < 5


# -- end to end -----------------------------------------------------------------------------------


def test_the_archives_own_answers_become_announced_drafts() -> None:
    page = read_saved(CONNECTOR, (GOLDEN / "arxiv-raw.xml").read_bytes())
    feed = with_announcements(page.feed, scope=category_scope("cs.AI"))

    draft = normalise(feed.records[0], feed=feed, now=NOW)

    assert (draft.announcement, draft.announced_on) == (Announcement.REPLACE, date(2026, 6, 17))
    assert draft.published is not None
    assert (draft.published.on, draft.version) == (date(2025, 3, 4), 10)
    assert draft.updated is not None
    assert draft.updated.on == date(2026, 6, 16)
    assert feed.rejected == page.feed.rejected


def test_a_first_version_of_the_archive_keeps_the_day_of_its_submission_beside_that_of_its_list() -> None:
    record = replace(archived(), published="2026-06-11T17:59:59Z", updated="2026-06-11T17:59:59Z")
    feed = with_announcements(Feed("oai-pmh 2.0", "lxml", records=(record,)), scope=category_scope("cs.AI"))

    draft = normalise(feed.records[0], feed=feed, now=NOW)

    assert (draft.announcement, draft.announced_on) == (Announcement.NEW, date(2026, 6, 12))
    assert draft.published is not None
    assert (draft.published.on, draft.updated) == (date(2026, 6, 11), None)


# -- from the API ---------------------------------------------------------------------------------


def from_api(external_id: str, link: str = "") -> Mapping[str, tuple[str, ...]]:
    record = Record(position=0, external_id=external_id, link=link, fields={"arxiv:comment": ("5 pages",)})
    return announced(record, KINDS, date(2026, 6, 12)).fields


@pytest.mark.parametrize(
    ("external_id", "link"),
    [
        ("http://arxiv.org/abs/2606.00001v1", ""),
        ("2606.00001", ""),
        ("no identifier", "https://arxiv.org/abs/2606.00001v3"),
    ],
)
def test_a_record_of_the_api_is_announced_as_the_list_has_it(external_id: str, link: str) -> None:
    assert from_api(external_id, link) == {
        "arxiv:comment": ("5 pages",),
        "arxiv:announce_type": ("cross",),
        "hub:announced": ("2026-06-12",),
    }


@pytest.mark.parametrize("external_id", ["http://arxiv.org/abs/2606.00002v1", "x", ""])
def test_what_the_list_does_not_have_stays_as_it_is(external_id: str) -> None:
    assert from_api(external_id) == {"arxiv:comment": ("5 pages",)}
