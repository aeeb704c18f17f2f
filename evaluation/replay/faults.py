"""What goes wrong on purpose: which requests are hit, and what becomes of their answers."""

from __future__ import annotations

import codecs
import random
import threading
import tomllib
import zlib
from collections import OrderedDict
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from evaluation.replay.script import Answer, http_date, in_charset, with_cursor, with_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from evaluation.replay.script import Question

_SLOTS: Final = 4096  # counters by host, so that a made-up host a request cannot fill the memory
_MOST_REMEMBERED: Final = 16  # answers that may come again
_MOST_REMEMBERED_BYTES: Final = 8 * 1024 * 1024
_CURSORS: Final = ("resumptionToken", "cursor", "cursorMark", "token")  # names of fields in questions


class Kind(StrEnum):
    """The ways to go wrong. What each takes besides is in `_TAKES`."""

    THROTTLE = "throttle"  # 429 "Rate exceeded.", with Retry-After or without
    STATUS = "status"  # any status: 500, 502, 503, 403, 418, 451, ...
    NOT_MODIFIED = "not-modified"  # 304, whatever the visitor holds
    REDIRECT = "redirect"  # elsewhere, or to itself
    REFUSE = "refuse"  # hang up on connecting; the host is not known yet, so it hits every one
    HANG_UP = "hang-up"  # read the request, then reset the connection
    SILENCE = "silence"  # never answer; hang up in the end
    DELAY = "delay"  # wait before the first byte
    SLOW = "slow"  # drip the body
    CUT = "cut"  # promise more bytes than come
    CUT_CHUNKED = "cut-chunked"  # break off within a chunk
    CHARSET = "charset"  # bytes in one charset, declared as another or not at all
    STALE = "stale"  # the answer of days ago with today's Date
    REPEAT = "repeat"  # the answer before this one again: a page that comes twice
    MOVED_CURSOR = "moved-cursor"  # the next cursor leads to where the visitor is already
    EMPTY_PAGE = "empty-page"  # no entries, though there are more
    PAGE_SIZE = "page-size"  # other than was asked for
    EXPIRED_TOKEN = "expired-token"  # noqa: S105  OAI-PMH badResumptionToken, no secret
    DISGUISE = "disguise"  # an error as 200


_TAKES: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.THROTTLE: frozenset({"retry_after", "retry_after_as"}),
    Kind.STATUS: frozenset({"status", "retry_after", "retry_after_as"}),
    Kind.REDIRECT: frozenset({"status", "location"}),
    Kind.SILENCE: frozenset({"seconds"}),
    Kind.DELAY: frozenset({"seconds"}),
    Kind.SLOW: frozenset({"seconds", "count"}),
    Kind.CUT: frozenset({"count"}),
    Kind.CUT_CHUNKED: frozenset({"count"}),
    Kind.CHARSET: frozenset({"declared", "encoded"}),
    Kind.STALE: frozenset({"days"}),
    Kind.PAGE_SIZE: frozenset({"count"}),
    Kind.DISGUISE: frozenset({"disguise"}),
}
_ALL_TAKE: Final = frozenset({"kind", "host", "path", "since", "until", "probability", "times", "skip"})

_PLAIN: Final = "text/plain; charset=utf-8"
_HTML_ERROR: Final = """<!DOCTYPE html>
<html><head><title>Just a moment...</title></head>
<body><h1>Checking your browser</h1><p>This takes a few seconds.</p></body></html>
"""
_ATOM_ERROR: Final = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>arXiv Query: search_query=&amp;id_list=</title>
<entry><id>https://arxiv.org/api/errors#1</id><title>Error</title>
<summary>malformed query</summary></entry></feed>
"""
_PAGES: Final[Mapping[str, tuple[str, str]]] = {
    "html": ("text/html; charset=utf-8", _HTML_ERROR),
    "rate": (_PLAIN, "Rate exceeded."),
    "atom": ("application/atom+xml; charset=utf-8", _ATOM_ERROR),
    "json": ("application/json", '{"status": "error", "message": "Internal error. Try again later."}'),
}
BAD_TOKEN: Final = "The value of the resumptionToken argument is invalid or expired."  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that goes wrong, and for whom.

    Raises:
        ValueError: A part does not fit, or the kind does not take it.
    """

    kind: Kind
    host: str = "*"  # a pattern such as "*.arxiv.org"
    path: str = "*"  # a pattern; it is held against path and query as they were sent
    since: datetime | None = None  # of the replay's time
    until: datetime | None = None  # the first instant at which all is well again
    probability: float = 1.0
    times: int | None = None  # how often it strikes at most; 1 is a one-shot
    skip: int = 0  # requests that it lets pass first
    status: int = 0  # 503 for "status" and 302 for "redirect" where nothing is said
    retry_after: int | None = None  # seconds; None: nothing is said
    retry_after_as: str = "seconds"  # or "date"
    location: str = ""  # "": to the address that was asked for
    seconds: float = 0.0  # silence and delay: in all; slow: between pieces
    count: int = 1  # slow: bytes in a piece; cut: bytes that come; page-size: entries
    declared: str = "iso-8859-1"  # "": none is declared
    encoded: str = "utf-8"
    days: int = 1
    disguise: str = "html"  # or "rate", "atom", "json"

    def __post_init__(self) -> None:
        given = {each.name for each in fields(self) if getattr(self, each.name) != each.default}
        strange = given - _ALL_TAKE - _TAKES.get(self.kind, frozenset())
        complaints = [f"{self.kind} takes no {', '.join(sorted(strange))}"] if strange else []
        checks = (
            ("a probability is from 0 to 1", 0 <= self.probability <= 1),
            ("times is at least 1", self.times is None or self.times >= 1),
            ("skip, seconds and days are not negative", min(self.skip, self.seconds, self.days) >= 0),
            ("count is at least 0", self.count >= 0),
            ("retry_after_as is seconds or date", self.retry_after_as in {"seconds", "date"}),
            (f"disguise is one of {', '.join(_PAGES)}", self.disguise in _PAGES),
            ("since and until have a time zone", _has_zone(self.since) and _has_zone(self.until)),
            ("encoded is a charset that Python knows", _is_charset(self.encoded)),
            ("nothing but the time is known of a connection that is refused",
             self.kind is not Kind.REFUSE or (self.host == "*" and self.path == "*")),
        )  # fmt: skip
        complaints += [text for text, is_fine in checks if not is_fine]
        if complaints:
            raise ValueError("; ".join(complaints))


@dataclass(frozen=True, slots=True)
class Delivery:
    """An answer and how it goes over the wire."""

    answer: Answer
    fault: str = ""  # for the ledger
    is_known: bool = True
    delay_seconds: float = 0.0  # before the first byte
    piece_bytes: int = 0  # drip the body in such pieces; 0 sends it at once
    pause_seconds: float = 0.0  # between pieces
    cut_after: int | None = None  # bytes of the body, then the line goes dead
    is_chunked: bool = False
    is_reset: bool = False  # nothing is sent at all


@dataclass(slots=True)
class _Watched:
    """A rule and how often it met something."""

    rule: Rule
    number: int
    met: int = 0
    struck: int = 0
    met_by_slot: dict[int, int] = field(default_factory=dict)


class Faults:
    """The rules of a replay. The first that strikes has the request. Threads may share it.

    Chance is drawn from the seed, the rule, the host and the number of its requests at that host: two
    runs that ask each host in the same order meet the same faults, however hosts take turns.
    """

    def __init__(self, rules: Iterable[Rule] = (), *, seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._seed = seed
        self._made = 0
        self._watched: list[_Watched] = []
        self._remembered: OrderedDict[tuple[str, str], Answer] = OrderedDict()
        self.add(*rules)

    def add(self, *rules: Rule) -> None:
        """Let more go wrong, after the rules that are there."""
        with self._lock:
            for rule in rules:
                self._watched.append(_Watched(rule, self._made))
                self._made += 1

    def take(self, others: Faults) -> None:
        """Let go wrong what goes wrong elsewhere, too; the seed stays."""
        with others._lock:
            rules = [one.rule for one in others._watched]
        self.add(*rules)

    def clear(self) -> None:
        """Let all go well from now on."""
        with self._lock:
            self._watched.clear()
            self._remembered.clear()

    def struck(self) -> dict[str, int]:
        """Count how often each kind struck."""
        counted: dict[str, int] = {}
        with self._lock:
            for one in self._watched:
                counted[one.rule.kind.value] = counted.get(one.rule.kind.value, 0) + one.struck
        return counted

    def refuses(self, now: datetime) -> bool:
        """Decide whether a connection is refused."""
        return self._choose("", "", now, is_connecting=True) is not None

    def deliver(self, question: Question, play: Callable[[Question], Answer | None]) -> Delivery:
        """Get the answer of a question, or what becomes of it."""
        rule = self._choose(question.host, question.target, question.now, is_connecting=False)
        delivery = _struck(rule, question, play) if rule else _well(question, play)
        return self._repeated(rule, question, delivery)

    def _choose(self, host: str, target: str, now: datetime, *, is_connecting: bool) -> Rule | None:
        with self._lock:
            for one in self._watched:
                rule = one.rule
                if (
                    (rule.kind is Kind.REFUSE) is is_connecting
                    and _concerns(rule.kind, target)
                    and fnmatchcase(host, rule.host)
                    and fnmatchcase(target, rule.path)
                    and (rule.since is None or rule.since <= now)
                    and (rule.until is None or now < rule.until)
                    and self._strikes(one, host)
                ):
                    return rule
        return None

    def _strikes(self, one: _Watched, host: str) -> bool:
        """Count a request that a rule is meant for, and draw; called under the lock."""
        rule = one.rule
        slot = zlib.crc32(host.encode()) % _SLOTS
        one.met += 1
        turn = one.met_by_slot[slot] = one.met_by_slot.get(slot, 0) + 1
        if one.met <= rule.skip or (rule.times is not None and one.struck >= rule.times):
            return False
        dice = random.Random(f"{self._seed}/{one.number}/{host}/{turn}")  # noqa: S311  not for secrets
        if dice.random() >= rule.probability:
            return False
        one.struck += 1
        return True

    def _repeated(self, rule: Rule | None, question: Question, delivery: Delivery) -> Delivery:
        """Give the answer before this one again, and remember this one for such a case."""
        place = (question.host, question.path)
        with self._lock:
            if not any(one.rule.kind is Kind.REPEAT for one in self._watched):
                return delivery
            before = self._remembered.get(place)
            if rule and rule.kind is Kind.REPEAT:
                return replace(delivery, answer=before, fault="repeat") if before else delivery
            is_good = delivery.answer.status == 200 and not delivery.fault
            if is_good and len(delivery.answer.body) <= _MOST_REMEMBERED_BYTES:
                self._remembered[place] = delivery.answer
                self._remembered.move_to_end(place)
            while len(self._remembered) > _MOST_REMEMBERED:
                self._remembered.popitem(last=False)
        return delivery


def load_faults(path: Path) -> Faults:
    """Read rules from TOML: a `seed`, and `[[fault]]` tables with the parts of `Rule`.

    Raises:
        ValueError: The file is no TOML, or a part does not fit.
        OSError: It cannot be read.
    """
    return read_faults(path.read_text(encoding="utf-8"))


def read_faults(text: str) -> Faults:
    """Read rules from the text of such a file.

    Raises:
        ValueError: As for `load_faults`.
    """
    content = tomllib.loads(text)
    if strange := set(content) - {"seed", "fault"}:
        message = f"faults take seed and [[fault]], not {', '.join(sorted(strange))}"
        raise ValueError(message)
    rules = [_rule(table, number) for number, table in enumerate(content.get("fault", []), start=1)]
    return Faults(rules, seed=int(content.get("seed", 0)))


# bool is an int to Python; a truth value here does no harm.
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    **dict.fromkeys(
        ("host", "path", "retry_after_as", "location", "declared", "encoded", "disguise"), (str,)
    ),
    **dict.fromkeys(("times", "skip", "status", "retry_after", "count", "days"), (int,)),
    **dict.fromkeys(("probability", "seconds"), (int, float)),
    **dict.fromkeys(("since", "until"), (datetime,)),
}


def _rule(table: dict[str, Any], number: int) -> Rule:
    known = {each.name for each in fields(Rule)}
    if strange := set(table) - known:
        message = f"fault {number}: no rule has {', '.join(sorted(strange))}"
        raise ValueError(message)
    values: dict[str, Any] = {
        name: value.replace(tzinfo=value.tzinfo or UTC) if isinstance(value, datetime) else value
        for name, value in table.items()
    }
    wrong = [name for name, value in values.items() if name != "kind" and not isinstance(value, _TYPES[name])]
    if wrong:
        message = f"fault {number}: another type of value is wanted for {', '.join(wrong)}"
        raise ValueError(message)
    try:
        return Rule(**values | {"kind": Kind(table.get("kind", ""))})
    except (TypeError, ValueError) as error:
        message = f"fault {number}: {error}"
        raise ValueError(message) from error


def _has_zone(at: datetime | None) -> bool:
    return at is None or at.tzinfo is not None


def _is_charset(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def _concerns(kind: Kind, target: str) -> bool:
    """Tell whether a kind means anything for a request: a first page has no token that could expire."""
    if kind is Kind.EXPIRED_TOKEN:
        return "resumptionToken=" in target
    return kind is not Kind.MOVED_CURSOR or any(f"{name}=" in target for name in _CURSORS)


# -- answers ----------------------------------------------------------------------------------------


def _well(question: Question, play: Callable[[Question], Answer | None]) -> Delivery:
    """Answer as the server would on a good day."""
    answer = play(question)
    if answer is None:
        return Delivery(Answer(b"nothing here", 404, "text/plain; charset=utf-8"), is_known=False)
    if answer.is_held_by(question):
        return Delivery(replace(answer, status=304, body=b""), answer.note)
    return Delivery(answer, answer.note)


def _struck(rule: Rule, question: Question, play: Callable[[Question], Answer | None]) -> Delivery:
    """Answer as the rule wants it."""
    if rule.kind in _INSTEAD:
        return replace(_INSTEAD[rule.kind](rule, question), fault=rule.kind.value)
    well = _well(_asked(rule, question), play)
    if well.answer.status != 200 or rule.kind not in _SPOILED:  # in an error or a 304 nothing can be spoilt
        return well
    return replace(_SPOILED[rule.kind](rule, question, well), fault=rule.kind.value)


def _asked(rule: Rule, question: Question) -> Question:
    if rule.kind is Kind.STALE:
        return replace(question, now=question.now - timedelta(days=rule.days))
    return replace(question, page_size=rule.count) if rule.kind is Kind.PAGE_SIZE else question


def _throttle(rule: Rule, question: Question) -> Delivery:
    return Delivery(Answer(b"Rate exceeded.", 429, _PLAIN, headers=_retry_after(rule, question.now)))


def _status(rule: Rule, question: Question) -> Delivery:
    status = rule.status or 503
    body = f"status {status}\n".encode()
    return Delivery(Answer(body, status, _PLAIN, headers=_retry_after(rule, question.now)))


def _redirect(rule: Rule, question: Question) -> Delivery:
    to = rule.location or f"https://{question.host}{question.target}"
    return Delivery(Answer(b"", rule.status or 302, _PLAIN, headers=(("Location", to),)))


def _disguise(rule: Rule, _: Question) -> Delivery:
    content_type, text = _PAGES[rule.disguise]
    return Delivery(Answer(text.encode(), 200, content_type))


# What is said without asking the player.
_INSTEAD: Final[Mapping[Kind, Callable[[Rule, Question], Delivery]]] = {
    Kind.THROTTLE: _throttle,
    Kind.STATUS: _status,
    Kind.NOT_MODIFIED: lambda _rule, _question: Delivery(Answer(status=304)),
    Kind.REDIRECT: _redirect,
    Kind.HANG_UP: lambda _rule, _question: Delivery(Answer(), is_reset=True),
    Kind.SILENCE: lambda rule, _: Delivery(Answer(), is_reset=True, delay_seconds=rule.seconds),
    Kind.DISGUISE: _disguise,
    Kind.EXPIRED_TOKEN: lambda _, question: Delivery(Answer(bad_token(question))),
}


def _moved(_: Rule, question: Question, well: Delivery) -> Delivery:
    token = next((question.query[name] for name in _CURSORS if name in question.query), "")
    return _with_body(well, with_cursor(well.answer.body, token))


def _charset(rule: Rule, _: Question, well: Delivery) -> Delivery:
    return replace(well, answer=in_charset(well.answer, rule.declared, rule.encoded))


def _slow(rule: Rule, _: Question, well: Delivery) -> Delivery:
    return replace(well, piece_bytes=max(rule.count, 1), pause_seconds=rule.seconds)


def _with_body(well: Delivery, body: bytes) -> Delivery:
    return replace(well, answer=replace(well.answer, body=body))


# What becomes of a good answer.
_SPOILED: Final[Mapping[Kind, Callable[[Rule, Question, Delivery], Delivery]]] = {
    Kind.DELAY: lambda rule, _, well: replace(well, delay_seconds=rule.seconds),
    Kind.SLOW: _slow,
    Kind.CUT: lambda rule, _, well: replace(well, cut_after=rule.count),
    Kind.CUT_CHUNKED: lambda rule, _, well: replace(well, is_chunked=True, cut_after=rule.count),
    Kind.CHARSET: _charset,
    Kind.MOVED_CURSOR: _moved,
    Kind.EMPTY_PAGE: lambda _rule, _, well: _with_body(well, with_entries(well.answer.body, 0)),
    Kind.PAGE_SIZE: lambda rule, _, well: _with_body(well, with_entries(well.answer.body, rule.count)),
    Kind.STALE: lambda _rule, _, well: well,
}


def _retry_after(rule: Rule, now: datetime) -> tuple[tuple[str, str], ...]:
    if rule.retry_after is None:
        return ()
    at = http_date(now + timedelta(seconds=rule.retry_after))
    return (("Retry-After", at if rule.retry_after_as == "date" else str(rule.retry_after)),)


def bad_token(question: Question) -> bytes:
    """Write the OAI-PMH error for a token that is no longer good."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>{question.now:%Y-%m-%dT%H:%M:%SZ}</responseDate>"
        f"<request>http://{escape(question.host)}{escape(question.path)}</request>"
        f"<error code='badResumptionToken'>{BAD_TOKEN}</error></OAI-PMH>\n"
    ).encode()
