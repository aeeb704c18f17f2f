"""What a source of the catalogue is, and how the catalogue's files say it.

A file has shelves, one for each publisher or host; a shelf has what its entries share, and its entries.
docs/sources.md explains every word.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Any, Final, NoReturn

from academichub.sources.policy import FEWEST_HOURS, MOST_HOURS, Window, policy_for
from academichub.text.identifiers import normalize_issn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from academichub.sources.policy import Policy

CROSSREF: Final = "https://api.crossref.org/v1"
ACCESS: Final = ("feed", "signal", "crossref", "api")
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class OpenHours:
    """The hours in which a source may be asked, "HH:MM" on the clock of a place."""

    zone: str  # "America/New_York"
    opens: str
    closes: str  # not included; before `opens` where the hours span midnight

    @property
    def window(self) -> Window:
        """The same for the clockwork. Raises ValueError: no such zone or hours."""
        return Window(self.zone, time.fromisoformat(self.opens), time.fromisoformat(self.closes))


@dataclass(frozen=True, slots=True)
class Entry:
    """A source that can be subscribed.

    `access` says how its papers come: "feed", a feed with abstracts; "signal", a feed without, so that
    each paper is completed by its DOI; "crossref", Crossref alone; "api", the connector that is named.
    """

    key: str
    kind: str  # "arxiv", "feed" or "api"
    title: str
    url: str  # of the feed; what stands for an API where there is none
    title_zh: str = ""
    about: str = ""  # more words to be found by: a subject, an abbreviation
    issn: str = ""  # in print
    eissn: str = ""
    field: str = ""  # the key of one of FIELDS; "" where nobody has said
    publisher: str = ""
    language: str = "en"
    access: str = "feed"
    connector: str = ""
    scope: str = ""  # what the connector is asked for
    fallback: str = ""  # a connector and a scope for when the feed is refused: "crossref issn:0028-0836"
    aliases: tuple[str, ...] = ()  # other addresses it is known by; they are not asked
    min_interval_hours: float | None = None
    max_interval_hours: float | None = None
    hours: OpenHours | None = None
    skip_weekdays: tuple[int, ...] = ()  # 0 is Monday

    @property
    def policy(self) -> Policy:
        """How often it may be asked: what its kind allows, within what its entry says."""
        return policy_for(
            self.kind,
            min_hours=self.min_interval_hours,
            max_hours=self.max_interval_hours,
            window=self.hours.window if self.hours else None,
            skip_weekdays=frozenset(self.skip_weekdays),
        )


@dataclass(frozen=True, slots=True)
class FieldName:
    """A broad field of study."""

    key: str
    title_en: str
    title_zh: str


FIELDS: Final = (
    FieldName("mathematics", "Mathematics", "数学"),
    FieldName("statistics", "Statistics", "统计学"),
    FieldName("physics", "Physics", "物理学"),
    FieldName("astronomy", "Astronomy", "天文学"),
    FieldName("chemistry", "Chemistry", "化学"),
    FieldName("materials", "Materials science", "材料科学"),
    FieldName("biology", "Biology", "生物学"),
    FieldName("medicine", "Medicine", "医学"),
    FieldName("neuroscience", "Neuroscience", "神经科学"),
    FieldName("agriculture", "Agriculture and food", "农学与食品"),
    FieldName("earth", "Earth sciences", "地球科学"),
    FieldName("environment", "Environment", "环境科学"),
    FieldName("engineering", "Engineering", "工程"),
    FieldName("computer-science", "Computer science", "计算机科学"),
    FieldName("economics", "Economics and finance", "经济与金融"),
    FieldName("business", "Business and management", "商业与管理"),
    FieldName("law", "Law", "法学"),
    FieldName("social-science", "Social science", "社会科学"),
    FieldName("psychology", "Psychology", "心理学"),
    FieldName("education", "Education", "教育学"),
    FieldName("humanities", "Humanities", "人文学科"),
    FieldName("multidisciplinary", "Multidisciplinary", "综合"),
)
_FIELD_KEYS: Final = frozenset(one.key for one in FIELDS)


# -- reading --------------------------------------------------------------------------------------

_SHARED: Final[Mapping[str, tuple[type, ...]]] = {
    "publisher": (str,),
    "field": (str,),
    "language": (str,),
    "access": (str,),
    "url": (str,),
    "alias": (str,),
    "connector": (str,),
    "scope": (str,),
    "fallback": (str,),
    "min_interval_hours": (int, float),
    "max_interval_hours": (int, float),
    "hours": (dict,),
    "weekdays": (list,),
}
_OWN: Final[Mapping[str, tuple[type, ...]]] = {
    "key": (str,),
    "title": (str,),
    "zh": (str,),
    "about": (str,),
    "issn": (str,),
    "eissn": (str,),
    "code": (str,),
    "short": (str,),
    **_SHARED,
}
_MANNERS: Final = frozenset({"min_interval_hours", "max_interval_hours", "hours", "weekdays"})
_KEY: Final = re.compile(r"[a-z0-9]+(?:[-:.][a-z0-9]+)*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_WEB: Final = re.compile(r"https?://[\w.-]+(?::\d+)?(?:[/?#][^\s<>]*)?", re.ASCII)
_HOLE: Final = re.compile(r"\{(\w*)\}")
_KINDS: Final = {"feed": "feed", "signal": "feed", "crossref": "api", "api": "api"}


def read_entries(text: str, *, name: str = "catalogue") -> tuple[Entry, ...]:
    """Read one file of the catalogue.

    Args:
        text: TOML.
        name: What to call the file in an error.

    Raises:
        ValueError: Something in it cannot be true; says what, on which shelf, of which entry.
    """
    import tomllib

    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{name}: {error}"
        raise ValueError(msg) from error
    shelves = said.pop("shelf", [])
    if said or not _are_tables(shelves):
        _refuse(name, f"a file has [[shelf]] tables and nothing else, not {', '.join(said) or 'this'}")
    entries = tuple(_entries(shelves, name))
    refuse_twins(entries, name=name)
    return entries


def refuse_twins(entries: Iterable[Entry], *, name: str = "catalogue") -> None:
    """Refuse a key, an address or an ISSN that two entries claim.

    Raises:
        ValueError: Says which two.
    """
    owner: dict[str, tuple[int, str]] = {}
    for position, one in enumerate(entries):
        claims = [f"key {one.key}", f"address {one.url}", *(f"address {other}" for other in one.aliases)]
        claims += [f"ISSN {issn}" for issn in (one.issn, one.eissn) if issn]
        for claim in claims:
            first, key = owner.setdefault(claim, (position, one.key))
            if first != position:
                _refuse(name, f"{claim} belongs to {key} and to {one.key}")


def _entries(shelves: list[dict[str, Any]], name: str) -> Iterator[Entry]:
    for number, shelf in enumerate(shelves, 1):
        where = f"{name}, shelf {number} ({shelf.get('publisher', '?')})"
        rows = shelf.pop("entries", None)
        with _named(where):
            if not rows or not _are_tables(rows):
                _refuse("entries", "a shelf has a list of them")
            _check_words(shelf, _SHARED)
            shared = _manners(shelf)
        for place, row in enumerate(rows, 1):
            with _named(f"{where}, entry {place} ({row.get('key', '?')})"):
                _check_words(row, _OWN)
                said = {**shelf, **row}
                entry = _entry(said, shared if row.keys().isdisjoint(_MANNERS) else _manners(said))
            yield entry


def _check_words(table: Mapping[str, object], known: Mapping[str, tuple[type, ...]]) -> None:
    """Refuse a word that means nothing here, or has a value of the wrong sort."""
    for word, value in table.items():
        if word not in known:
            from difflib import get_close_matches

            near = get_close_matches(word, known, n=1)
            _refuse(word, "an unknown word" + (f"; is {near[0]} meant?" if near else ""))
        if not isinstance(value, known[word]) or isinstance(value, bool):
            _refuse(word, f"a {type(value).__name__} cannot be meant")
        if isinstance(value, str) and (not value or value != value.strip()):
            _refuse(word, f"{value!r} is blank, or has blanks around it")


def _entry(said: Mapping[str, Any], manners: Mapping[str, Any]) -> Entry:
    """Make an entry of what it and its shelf say. Raises ValueError without a place."""
    key, title = said.get("key", ""), said.get("title", "")
    access, field, language = said.get("access", ""), said.get("field", ""), said.get("language", "en")
    if not _KEY.fullmatch(key):
        _refuse("key", f"{key!r} is not lower-case letters and digits joined by - or :")
    if not title:
        _refuse("title", "missing")
    if access not in ACCESS:
        _refuse("access", f"{access!r} is none of {', '.join(ACCESS)}")
    if field not in _FIELD_KEYS:
        _refuse("field", f"{field!r} is none of {', '.join(one.key for one in FIELDS)}")
    if not _LANGUAGE.fullmatch(language):
        _refuse("language", f"{language!r} is no code of two or three letters")
    issn, eissn = _issn(said, "issn"), _issn(said, "eissn")
    if issn and issn == eissn:
        _refuse("eissn", "the same as issn; a journal that is not printed has an eissn alone")
    holes = _holes(said, issn, eissn)
    connector, scope, url = _way(said, access, holes)
    by_issn = f"issn:{issn or eissn}" if issn or eissn else ""
    has_fallback = access in {"feed", "signal"} and by_issn and said.get("fallback", "crossref") == "crossref"
    return Entry(
        key=key,
        kind=_KINDS[access],
        title=title,
        url=url,
        title_zh=said.get("zh", ""),
        about=said.get("about", ""),
        issn=issn,
        eissn=eissn,
        field=field,
        publisher=said.get("publisher", ""),
        language=language,
        access=access,
        connector=connector,
        scope=scope,
        fallback=f"crossref {by_issn}" if has_fallback else "",
        aliases=(_web(_filled(said["alias"], holes)),) if "alias" in said else (),
        **manners,
    )


def _way(said: Mapping[str, Any], access: str, holes: Mapping[str, str]) -> tuple[str, str, str]:
    """Say which connector asks for what, and the address that stands for it."""
    if said.get("fallback", "crossref") not in {"crossref", "none"}:
        _refuse("fallback", f"{said['fallback']!r} is neither crossref nor none")
    if access in {"feed", "signal"}:
        if "url" not in said:
            _refuse("url", "a feed has an address")
        return "", "", _web(_filled(said["url"], holes))
    connector = said.get("connector", "crossref" if access == "crossref" else "")
    by_issn = "issn:{ISSN}" if access == "crossref" else ""
    scope = _filled(said.get("scope", by_issn), holes)
    if not connector or not scope:
        _refuse("scope", "an API has a connector and a scope")
    if "url" in said:
        return connector, scope, _web(_filled(said["url"], holes))
    sort, _, value = scope.partition(":")
    collection = {"issn": "journals", "prefix": "prefixes"}.get(sort, "")
    if connector != "crossref" or not collection:
        _refuse("url", "only Crossref's journals and prefixes need none")
    return connector, scope, f"{CROSSREF}/{collection}/{value}/works"


def _manners(said: Mapping[str, Any]) -> dict[str, Any]:
    """Read when and how often a source may be asked."""
    low, high = said.get("min_interval_hours"), said.get("max_interval_hours")
    for hours in (low, high):
        if hours is not None and not FEWEST_HOURS <= hours <= MOST_HOURS:
            _refuse("interval", f"{hours:g} is not {FEWEST_HOURS:g} to {MOST_HOURS:g} hours")
    if low is not None and high is not None and low > high:
        _refuse("interval", f"the shortest, {low:g} hours, is above the longest, {high:g}")
    days = said.get("weekdays", list(WEEKDAYS))
    if not days or not set(map(str, days)) <= set(WEEKDAYS):
        _refuse("weekdays", f"{days} are none of {', '.join(WEEKDAYS)}")
    hours_open = None
    if "hours" in said:
        table = {word: str(value) for word, value in said["hours"].items()}
        if set(table) != {"zone", "opens", "closes"}:
            _refuse("hours", "have a zone, opens and closes")
        hours_open = OpenHours(**table)
        _ = hours_open.window  # refuses an unknown zone, and what is no time
    return {
        "min_interval_hours": low,
        "max_interval_hours": high,
        "hours": hours_open,
        "skip_weekdays": tuple(number for number, day in enumerate(WEEKDAYS) if day not in days),
    }


def _issn(said: Mapping[str, Any], word: str) -> str:
    issn: str = said.get(word, "")
    if issn and normalize_issn(issn) != issn:
        _refuse(word, f"{issn!r} is not NNNN-NNNN with a right check digit")
    return issn


def _holes(said: Mapping[str, Any], issn: str, eissn: str) -> dict[str, str]:
    """List what an address may be filled with; what is blank cannot fill it."""
    return {
        "code": said.get("code", said["key"]),
        "short": said.get("short", ""),
        "ISSN": issn or eissn,
        "issn": (issn or eissn).replace("-", ""),
        "eissn": (eissn or issn).replace("-", ""),
    }


def _filled(pattern: str, holes: Mapping[str, str]) -> str:
    """Fill the holes of an address: "https://www.nature.com/{code}.rss"."""

    def fill(match: re.Match[str]) -> str:
        value = holes.get(match[1], "")
        if not value:
            _refuse(match[0], f"nothing to put there; known are {', '.join(holes)}")
        return value

    return _HOLE.sub(fill, pattern)


def _web(url: str) -> str:
    if not _WEB.fullmatch(url):
        _refuse("url", f"{url!r} is no web address")
    return url


def _are_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


@contextmanager
def _named(where: str) -> Iterator[None]:
    """Say where it is that something is refused."""
    try:
        yield
    except ValueError as error:
        msg = f"{where}: {error}"
        raise ValueError(msg) from error


def _refuse(what: str, reason: str) -> NoReturn:
    msg = f"{what}: {reason}"
    raise ValueError(msg)
