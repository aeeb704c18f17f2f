"""The live stream of a briefing: what is finished comes at once, nothing twice, and it ends."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

import pytest
from starlette.testclient import TestClient

from academichub.model.briefingpages import BriefingState
from academichub.web.app import create_app
from academichub.web.briefingstream import Pace, read_id
from academichub.web.views.briefing import PARTS
from tests.fakes.hub import NOW, FakeHub
from tests.fakes.hub_briefings import STAGES

ORDER = {"from": "2026-06-19", "to": "2026-06-19", "language": "en", "writer": "model", "do": "write"}
AT_ONCE = Pace(look=0.0, beat=15.0, longest=600.0)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academichub.model.briefingpages import Progress


class Event(NamedTuple):
    """A server-sent event, as a browser reads it."""

    name: str
    id: str
    content: str

    @property
    def part(self) -> str:
        """The part that came."""
        return str(json.loads(self.content)["part"])

    @property
    def html(self) -> str:
        """What it is now."""
        return str(json.loads(self.content)["html"])


def read(body: str) -> list[Event]:
    """Read a stream by the rules of the standard, comments left out."""
    events = []
    for block in body.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":") and line)
        if "event" in fields:
            events.append(Event(fields["event"], fields["id"], fields["data"]))
    return events


def door(hub: FakeHub, pace: Pace = AT_ONCE) -> TestClient:
    app = create_app(hub, clock=lambda: NOW, version="0.1.0", pace=pace)
    return TestClient(
        app, base_url="http://localhost:8000", headers={"accept-language": "en"}, follow_redirects=False
    )


def order(client: TestClient) -> str:
    answer = client.post("/b", data=ORDER, headers={"sec-fetch-site": "same-origin"})
    return answer.headers["location"].partition("?")[0]


def listen(client: TestClient, address: str, **headers: str) -> list[Event]:
    return read(client.get(f"{address}/events", headers=headers).text)


def test_a_stream_brings_every_part_as_it_is_written_and_ends() -> None:
    client = door(FakeHub())
    events = listen(client, order(client))

    assert {event.name for event in events[:-1]} == {"part"}
    assert events[-1][::2] == ("done", "done")
    assert {event.part for event in events[:-1]} == set(PARTS)
    points = [event.html for event in events[:-1] if event.part == "points"]
    assert "hidden" in points[0]  # before the analysis there is nothing to show
    assert "by-author" in points[1]  # then the authors' own sentences
    assert "by-ai" in points[-1]  # then the model's
    heads = [event.html for event in events[:-1] if event.part == "head"]
    for words in ("Looking for themes", "Planning the key points", "Writing theme 2", "Writing bridge 1"):
        assert any(words in head for head in heads), words
    assert "<progress" in heads[-2]
    assert "<progress" not in heads[-1]


def test_what_stands_after_the_stream_is_the_page() -> None:
    client = door(FakeHub())
    address = order(client)
    latest = {event.part: event.html for event in listen(client, address)[:-1]}

    page = client.get(address).text

    for html in latest.values():
        assert html in page


def test_the_part_that_is_being_written_is_busy() -> None:
    client = door(FakeHub())
    events = listen(client, order(client))[:-1]

    busy = [found[1] for event in events if (found := re.search(r'id="([\w-]+)"[^>]*aria-busy', event.html))]
    assert list(dict.fromkeys(busy)) == ["points", "theme-1", "theme-2", "bridge-1", "tension-1"]


def test_a_browser_that_was_cut_off_gets_what_it_lacks_and_no_more() -> None:
    hub = FakeHub()
    client = door(hub)
    address = order(client)
    events = listen(client, address)
    before_last = next(event for event in reversed(events) if event.name == "part" and event.part != "rest")
    cut = events[events.index(before_last) - 1]

    again = listen(client, address, **{"last-event-id": cut.id})

    assert [event.part for event in again[:-1]] == [
        event.part for event in events[events.index(cut) + 1 : -1]
    ]
    assert listen(client, address, **{"last-event-id": events[-1].id}) == [events[-1]]


@pytest.mark.parametrize(
    "value", ["", "points", "points.xyz", "nothing.00000000", "points.0000000g,head.1", ",", "a" * 100_000]
)
def test_an_id_that_is_none_of_ours_is_as_if_it_were_not_there(value: str) -> None:
    client = door(FakeHub())

    assert read_id(value) == {}
    assert len(listen(client, "/b/2026-06-19", **{"last-event-id": value})) == len(PARTS) + 1


def test_a_stream_is_kept_by_nobody_on_its_way() -> None:
    client = door(FakeHub())
    for _ in range(2):
        answer = client.get("/b/2026-06-19/events")

        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-accel-buffering"] == "no"
        assert "content-encoding" not in answer.headers
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert answer.text.startswith("retry: 2000\n\n")


class StuckHub(FakeHub):
    """A hub whose briefings never get further."""

    looks = 0

    def briefing_progress(self, key: str) -> tuple[BriefingState, Progress]:
        """Count who looks, and go no further."""
        self.looks += 1
        kept = self._found(key)
        return kept.state, self._progress(kept)


def test_a_stream_without_news_shows_that_it_lives_and_ends_in_the_end() -> None:
    hub = StuckHub()
    body = door(hub, Pace(look=0.001, beat=0.005, longest=0.03)).get("/b/2026-06-10/events").text

    assert body.count(": still here\n\n") >= 3
    assert [event for event in read(body) if event.name != "part"] == []  # the browser asks again
    assert hub.looks >= 25


class ForgetfulHub(FakeHub):
    """A hub that loses a briefing after some looks."""

    looks = 0

    def briefing_progress(self, key: str) -> tuple[BriefingState, Progress]:
        """Lose it at the fourth look."""
        self.looks += 1
        if self.looks > 4:
            self.briefs.clear()
        return super().briefing_progress(key)


def test_a_briefing_that_is_removed_while_somebody_watches_ends_the_stream() -> None:
    hub = ForgetfulHub()
    client = door(hub)
    events = listen(client, order(client))

    assert events[-1].name == "gone"


def test_a_briefing_that_is_stopped_ends_the_stream() -> None:
    hub = FakeHub()
    client = door(hub)
    address = order(client)
    client.post(address, data={"do": "cancel"}, headers={"sec-fetch-site": "same-origin"})

    assert listen(client, address)[-1][::2] == ("done", BriefingState.CANCELLED.value)


def test_an_unknown_briefing_has_no_stream() -> None:
    answer = door(FakeHub()).get("/b/none/events")

    assert answer.status_code == 404
    assert "There is no briefing “none”" in answer.text


def test_every_stage_has_words() -> None:
    hub = FakeHub()
    said: Mapping[str, str] = {
        event.html: event.part for event in listen(door(hub), order(door(hub)))[:-1] if event.part == "head"
    }

    assert len(said) == len(STAGES)  # the first look is the door's own, and the last head is of what is done
    assert not [head for head in said if ">Writing<" in head]
