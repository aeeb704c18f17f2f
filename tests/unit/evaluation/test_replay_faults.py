from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.replay.faults import Faults, Kind, Rule, read_faults
from evaluation.replay.script import Answer, Question, fields_of, in_charset, with_cursor, with_entries

NOW = datetime(2026, 5, 4, 4, 20, tzinfo=UTC)
FEED = b'<?xml version="1.0" encoding="UTF-8"?><rss><item>one</item><item>two</item></rss>'


def ask(target: str = "/feed", *, host: str = "journal.example", now: datetime = NOW) -> Question:
    path, _, query = target.partition("?")
    return Question(host, path, fields_of(query), target, now)


def play(question: Question) -> Answer:
    return Answer(f"{question.target} {question.now:%d}".encode())


def strikes(faults: Faults, *questions: Question) -> list[bool]:
    return [bool(faults.deliver(question, play).fault) for question in questions]


# -- whom it hits -----------------------------------------------------------------------------------


def test_a_rule_hits_the_host_and_path_it_names_and_nobody_else() -> None:
    faults = Faults([Rule(kind=Kind.STATUS, host="*.arxiv.org", path="/rss/cs.*")])

    struck = strikes(
        faults,
        ask("/rss/cs.CV", host="rss.arxiv.org"),
        ask("/rss/math.PR", host="rss.arxiv.org"),
        ask("/rss/cs.CV"),
    )

    assert struck == [True, False, False]


def test_a_rule_holds_from_its_first_instant_until_just_before_its_last() -> None:
    hour = timedelta(hours=1)
    faults = Faults([Rule(kind=Kind.STATUS, since=NOW, until=NOW + hour)])

    struck = strikes(faults, *(ask(now=NOW + hour * step) for step in (-1, 0, 0.99, 1)))

    assert struck == [False, True, True, False]


def test_a_one_shot_strikes_once_after_those_it_lets_pass() -> None:
    faults = Faults([Rule(kind=Kind.STATUS, times=1, skip=2)])

    assert strikes(faults, *[ask()] * 5) == [False, False, True, False, False]
    assert faults.struck() == {"status": 1}


def test_the_first_rule_that_strikes_has_the_request() -> None:
    faults = Faults([Rule(kind=Kind.STATUS, times=1), Rule(kind=Kind.THROTTLE)])

    said = [faults.deliver(ask(), play).answer.status for _ in range(2)]

    assert said == [503, 429]


def test_chance_is_the_same_for_a_host_however_hosts_take_turns() -> None:
    rule = Rule(kind=Kind.STATUS, probability=0.5)
    one, other = ask(host="a.example"), ask(host="b.example")
    mixed, apart = Faults([rule], seed=7), Faults([rule], seed=7)

    in_turns = [(strikes(mixed, one), strikes(mixed, other)) for _ in range(40)]
    first = strikes(apart, *[other] * 40)
    second = strikes(apart, *[one] * 40)

    assert [b for _, (b,) in in_turns] == first
    assert [a for (a,), _ in in_turns] == second
    assert 8 < sum(first) < 32


def test_another_seed_draws_otherwise() -> None:
    rule = Rule(kind=Kind.STATUS, probability=0.5)

    drawn = {tuple(strikes(Faults([rule], seed=seed), *[ask()] * 30)) for seed in range(5)}

    assert len(drawn) == 5


def test_nothing_goes_wrong_any_more_once_the_rules_are_cleared() -> None:
    faults = Faults([Rule(kind=Kind.STATUS)])

    faults.clear()

    assert strikes(faults, ask()) == [False]


# -- what becomes of an answer ----------------------------------------------------------------------


def test_a_throttled_visitor_is_told_how_long_to_wait_in_seconds_as_a_date_or_not_at_all() -> None:
    rules = [
        Rule(kind=Kind.THROTTLE, times=1, retry_after=120),
        Rule(kind=Kind.THROTTLE, times=1, retry_after=120, retry_after_as="date"),
        Rule(kind=Kind.THROTTLE),
    ]
    faults = Faults(rules)

    answers = [faults.deliver(ask(), play).answer for _ in rules]

    assert {answer.status for answer in answers} == {429}
    assert answers[0].headers == (("Retry-After", "120"),)
    assert answers[1].headers == (("Retry-After", "Mon, 04 May 2026 04:22:00 GMT"),)
    assert answers[2].headers == ()


def test_a_stale_answer_is_the_one_of_days_ago() -> None:
    faults = Faults([Rule(kind=Kind.STALE, days=2)])

    assert faults.deliver(ask(), play).answer.body == b"/feed 02"


def test_a_repeated_page_is_the_one_before_it() -> None:
    faults = Faults([Rule(kind=Kind.REPEAT, skip=1, times=1)])

    bodies = [faults.deliver(ask(f"/oai?page={page}"), play).answer.body for page in (1, 2, 3)]

    assert bodies == [b"/oai?page=1 04", b"/oai?page=1 04", b"/oai?page=3 04"]


def test_a_first_page_has_no_token_that_could_expire_and_no_cursor_that_could_stand_still() -> None:
    faults = Faults([Rule(kind=Kind.EXPIRED_TOKEN), Rule(kind=Kind.MOVED_CURSOR)])

    struck = strikes(
        faults,
        ask("/oai?verb=ListRecords"),
        ask("/oai?verb=ListRecords&resumptionToken=x"),
        ask("/works?cursor=abc"),
    )

    assert struck == [False, True, True]


def test_an_expired_token_is_an_error_of_the_protocol_in_a_good_answer() -> None:
    faults = Faults([Rule(kind=Kind.EXPIRED_TOKEN)])

    answer = faults.deliver(ask("/oai?resumptionToken=x"), play).answer

    assert answer.status == 200
    assert b"code='badResumptionToken'" in answer.body


def test_a_cursor_that_stands_still_is_the_one_that_was_asked_with() -> None:
    page = b'{"message": {"next-cursor": "later", "items": [1]}}'
    faults = Faults([Rule(kind=Kind.MOVED_CURSOR)])

    answer = faults.deliver(ask("/works?cursor=now%2B"), lambda _: Answer(page)).answer

    assert json.loads(answer.body)["message"]["next-cursor"] == "now+"


def test_a_moved_resumption_token_is_written_as_xml_wants_it() -> None:
    page = b"<ListRecords><resumptionToken expires='x'>later</resumptionToken></ListRecords>"

    assert b"<resumptionToken expires='x'>a&amp;b</resumptionToken>" in with_cursor(page, "a&b")


@pytest.mark.parametrize(
    ("page", "left"),
    [
        (FEED, b'<?xml version="1.0" encoding="UTF-8"?><rss><item>one</item></rss>'),
        (b"<o:record>1</o:record><o:record>2</o:record>", b"<o:record>1</o:record>"),
        (b'{"message": {"total-results": 9, "items": [1, 2]}}', None),
        (b'{"resultList": {"result": [1, 2]}}', None),
        (b"[1, 2]", b"[1]"),
        (b'{"no": "list"}', b'{"no": "list"}'),
        (b"{broken", b"{broken"),
    ],
)
def test_a_page_can_be_left_with_fewer_entries_than_its_server_meant(page: bytes, left: bytes | None) -> None:
    cut = with_entries(page, 1)

    assert cut == (left or page.replace(b"[1, 2]", b"[1]"))


def test_biorxivs_count_of_a_page_follows_what_is_on_it() -> None:
    page = b'{"messages": [{"count": 2, "total": 90}], "collection": [1, 2]}'

    assert json.loads(with_entries(page, 1)) == {"messages": [{"count": 1, "total": 90}], "collection": [1]}


def test_an_empty_page_keeps_its_totals() -> None:
    faults = Faults([Rule(kind=Kind.EMPTY_PAGE)])

    answer = faults.deliver(ask(), lambda _: Answer(b'{"results": [1], "meta": {"count": 7}}')).answer

    assert json.loads(answer.body) == {"results": [], "meta": {"count": 7}}


def test_a_player_that_knows_pages_is_told_another_size() -> None:
    faults = Faults([Rule(kind=Kind.PAGE_SIZE, count=3)])

    answer = faults.deliver(ask(), lambda question: Answer(str(question.page_size).encode())).answer

    assert answer.body == b"3"


def test_bytes_can_be_in_one_charset_and_declared_as_another() -> None:
    answer = Answer('<?xml version="1.0" encoding="UTF-8"?><t>Größe 研</t>'.encode(), content_type="text/xml")

    lying = in_charset(answer, "iso-8859-1", "utf-8")
    silent = in_charset(answer, "", "gbk")

    assert lying.content_type == "text/xml; charset=iso-8859-1"
    assert lying.body == '<?xml version="1.0" encoding="iso-8859-1"?><t>Größe 研</t>'.encode()
    assert silent.content_type == "text/xml"
    assert silent.body.decode("gbk") == '<?xml version="1.0"?><t>Gr&#246;&#223;e 研</t>'


def test_an_answer_that_is_an_error_already_is_not_spoilt_further() -> None:
    faults = Faults([Rule(kind=Kind.CUT), Rule(kind=Kind.EMPTY_PAGE)])

    delivery = faults.deliver(ask(), lambda _: Answer(b"gone", 410))

    assert (delivery.answer.status, delivery.cut_after, delivery.fault) == (410, None, "")


# -- the book of rules ------------------------------------------------------------------------------


def test_rules_are_read_from_a_file() -> None:
    faults = read_faults(
        """
        seed = 3
        [[fault]]
        kind = "throttle"
        host = "rss.arxiv.org"
        since = 2026-05-04T04:00:00Z
        until = 2026-05-05T04:00:00
        retry_after = 120
        [[fault]]
        kind = "disguise"
        disguise = "rate"
        """
    )

    said = [faults.deliver(ask(host=host), play).answer for host in ("rss.arxiv.org", "b.example")]

    assert [(answer.status, answer.body) for answer in said] == [
        (429, b"Rate exceeded."),
        (200, b"Rate exceeded."),
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[[fault]]\nkind = "nonsense"', "fault 1: 'nonsense'"),
        ('[[fault]]\nkind = "cut"\nretry_after = 3', "fault 1: cut takes no retry_after"),
        ('[[fault]]\nkind = "cut"\nwhen = 3', "no rule has when"),
        ('[[fault]]\nkind = "cut"\ncount = "x"', "another type of value is wanted for count"),
        ('[[fault]]\nkind = "cut"\nprobability = 1.5', "a probability is from 0 to 1"),
        ('[[fault]]\nkind = "cut"\ntimes = 0', "times is at least 1"),
        ('[[fault]]\nkind = "charset"\nencoded = "martian"', "encoded is a charset"),
        ('[[fault]]\nkind = "refuse"\nhost = "a.example"', "nothing but the time"),
        ('[[fault]]\nkind = "throttle"\nretry_after = 1\nretry_after_as = "weeks"', "seconds or date"),
        ('[[fault]]\nhost = "a.example"', "fault 1: ''"),
        ("[[trouble]]", "faults take seed and"),
        ("seed = = 1", "Invalid value"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_its_number_and_reason(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_faults(text)


@given(
    kind=st.sampled_from(sorted(set(Kind) - {Kind.REFUSE})),
    body=st.binary(max_size=200),
    target=st.text(max_size=30),
)
def test_no_fault_breaks_on_any_answer(kind: Kind, body: bytes, target: str) -> None:
    question = replace(ask("/x?cursor=1&resumptionToken=2"), target=f"/x?cursor=1&resumptionToken=2{target}")

    delivery = Faults([Rule(kind=kind)]).deliver(question, lambda _: Answer(body))

    assert isinstance(delivery.answer.body, bytes)
