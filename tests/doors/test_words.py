"""Words: every error, kind and state can be said in both languages."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from academichub import errors, web
from academichub.errors import AcademicHubError
from academichub.model.papers import Announcement, Bond, Flag, Kind, Moment, Precision
from academichub.model.query import QueryFault
from academichub.model.radar import Inputs, LessReason, PartName, RuleRole, SeedKind
from academichub.model.shelf import FetchStatus, Health
from academichub.web.i18n import LANGUAGES, MissingTranslation, catalogue, choose_language, translate_error

LOCALES = Path(web.__file__).parent / "locale"


def whole_tree(kind: type[AcademicHubError] = AcademicHubError) -> list[type[AcademicHubError]]:
    return [kind] + [deeper for child in kind.__subclasses__() for deeper in whole_tree(child)]


def named_facts(kind: type[AcademicHubError]) -> set[str]:
    """Read an error's facts from its docstring, where they are listed."""
    found = re.search(r"Facts: ([a-z_, ]+)\.", kind.__doc__ or "")
    return set(found.group(1).split(", ")) if found else set()


def messages(language: str) -> dict[str, str]:
    with (LOCALES / f"{language}.po").open("rb") as file:
        found = list(read_po(file))
    known = {}
    for message in found:
        match message.id, message.string:
            case str() as msgid, str() as words if msgid:
                known[msgid] = words
            case (one, _), (tuple() | list()) as forms:
                known[one] = forms[-1]
    return known


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_says_what_happened_using_only_facts_it_has(language: str) -> None:
    known = messages(language)
    for kind in whole_tree():
        if kind.__module__ != errors.__name__:
            continue
        words = known.get(f"error:{kind.code}")
        assert words, kind.code
        assert set(re.findall(r"\{(\w+)\}", words)) <= named_facts(kind), kind.code


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_a_page_shows_has_a_word(language: str) -> None:
    known = messages(language)
    shown = (
        ("kind", Kind),
        ("announcement", Announcement),
        ("health", Health),
        ("fetch", FetchStatus),
        ("flag", Flag),
        ("flag said", Flag),
        ("bond", Bond),
        ("less", LessReason),
        ("part", PartName),
        ("part said", PartName),
        ("rule role", RuleRole),
        ("seed", SeedKind),
        ("query fault", QueryFault),
    )
    for prefix, values in shown:
        for value in values:
            assert known[f"{prefix}:{value.value}"]
    assert all(known[f"input:{one.name}"] for one in fields(Inputs))


def test_the_two_catalogues_say_the_same_things_with_the_same_blanks() -> None:
    chinese, english = messages("zh"), messages("en")

    assert chinese.keys() == english.keys()
    for msgid, words in english.items():
        assert set(re.findall(r"\{(\w+)\}", words)) == set(re.findall(r"\{(\w+)\}", chinese[msgid])), msgid


def test_every_sentence_a_template_says_is_in_the_catalogues_and_none_is_left_over() -> None:
    folder = Path(web.__file__).parent
    templates = "".join(path.read_text("utf-8") for path in folder.glob("templates/*.html"))
    code = "".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    quoted = [
        "".join(pair).replace("\\'", "'")
        for pair in re.findall(r"""_\((?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\)""", templates)
    ]

    known = messages("zh")
    assert set(quoted) <= known.keys()
    left_over = {
        msgid
        for msgid in known
        if msgid not in quoted and f'"{msgid}"' not in code and not re.fullmatch(r"[a-z ]+:[\w.-]+", msgid)
    }
    assert not left_over


def test_an_error_is_said_in_the_readers_language_with_its_facts() -> None:
    error = errors.SourceThrottled(url="https://example.org", status=429, retry_after_seconds=None)

    assert translate_error(error, "zh") == "服务器要求稍候（HTTP 429），将退避一段时间后自动重试。"
    assert translate_error(error, "en").startswith("The server asks us to wait (HTTP 429).")


def test_a_fact_that_is_missing_or_hostile_never_breaks_a_sentence() -> None:
    assert "—" in translate_error(errors.DateMalformed(), "en")
    assert "{0.__class__}" in translate_error(errors.DateMalformed(value="{0.__class__}"), "en")
    assert catalogue("en").error("code.of.another.version", {}).startswith("Something went wrong")


def test_a_missing_message_shows_in_english_and_warns() -> None:
    with pytest.warns(MissingTranslation):
        assert catalogue("zh").text("Not in any catalogue") == "Not in any catalogue"


def test_days_are_written_as_each_language_writes_them() -> None:
    on = date(2026, 6, 9)
    month = Moment(datetime(2026, 6, 1, tzinfo=UTC), date(2026, 6, 1), Precision.MONTH)
    year = Moment(datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1), Precision.YEAR)

    assert (catalogue("en").long_day(on), catalogue("zh").long_day(on)) == ("9 June 2026", "2026年6月9日")
    assert (catalogue("en").day(on), catalogue("zh").day(on)) == ("9 Jun", "6月9日")
    assert catalogue("en").day_of(on, 2027) == "9 Jun 2026"
    assert (catalogue("en").moment(month, 2026), catalogue("zh").moment(month, 2026)) == (
        "Jun 2026",
        "2026年6月",
    )
    assert catalogue("zh").moment(year, 2026) == "2026"


def test_the_browsers_first_known_language_wins() -> None:
    assert choose_language("fr-FR,fr;q=0.9,en;q=0.8,zh;q=0.7") == "en"
    assert choose_language("zh-TW,en;q=0.9") == "zh"
    assert choose_language("de") == "zh"
    assert choose_language("en;q=nonsense, ,;q=, zh;q=9") == "zh"
