"""Read what a reader filled in for a radar: as it was typed, and as what it means."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from academichub.errors import FeedTooLarge, LibraryUnreadable
from academichub.model.radar import DEFAULT_THRESHOLD, Follow, FollowKind, Interest, RuleRole
from academichub.model.radarpages import RadarForm
from academichub.text.identifiers import normalize_orcid
from academichub.web.forms import LARGEST_LIBRARY_BYTES, is_upload, read_filled, read_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request

    from academichub.web.i18n import Catalogue

FILE: Final = "file"  # the field that brings a library
FOLLOWED: Final = {
    "authors": FollowKind.AUTHOR,
    "institutions": FollowKind.INSTITUTION,
    "venues": FollowKind.VENUE,
}
# Where the entries of a list end. Names of people and places may hold commas, categories may not hold spaces.
_LINES: Final = re.compile(r"[\n;；]")
_ENTRIES: Final = re.compile(r"[\n;；,，、]")
_KEYS: Final = re.compile(r"[\s;；,，、]+")
_LISTS: Final[Mapping[str, re.Pattern[str]]] = {
    "include_fields": _KEYS,
    "exclude_fields": _KEYS,
    "include_sources": _KEYS,
    "exclude_sources": _KEYS,
    "exclude_terms": _ENTRIES,
}
_ORCID: Final = re.compile(r"(?:https?://orcid\.org/)?\b(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])\b")
# What no text holds and no page may carry; tabs and ends of lines stay.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_LONGEST_NAME: Final = 200
_LONGEST_FIELD: Final = 100_000  # characters; a library may have more
_LONGEST_PROPOSED: Final = 40
_DECIMALS: Final = 6  # of a threshold
_LARGEST_QUOTA: Final = 10_000
# A library that was pasted or chosen goes back into the page, for the next time the form is sent; one that is
# larger has to be chosen again.
LARGEST_KEPT: Final = 2_000_000  # characters
PLAIN: Final = (
    *("name", "text", "papers", "rule", "rule_role", *FOLLOWED, *_LISTS),
    *("threshold", "quota", "library", "library_name", "collection"),
)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in."""

    typed: Mapping[str, str]
    action: str  # "preview" or "save"
    is_live: bool = False  # sent by the page itself while the reader types
    library: bytes = b""
    library_name: str = ""
    errors: dict[str, str] = field(default_factory=dict)  # by field, in the reader's language
    form: RadarForm | None = None  # None where there are errors


async def read_filled_radar(request: Request, words: Catalogue) -> Filled:
    """Read a radar's form.

    Raises:
        FormInvalid: It is no form.
        LibraryUnreadable: The library is larger than `LARGEST_LIBRARY_BYTES`.
    """
    if is_upload(request):
        try:
            upload = await read_filled(request, FILE, limit=LARGEST_LIBRARY_BYTES)
        except FeedTooLarge as error:
            reason = f"> {LARGEST_LIBRARY_BYTES // 1024**2} MB"
            raise LibraryUnreadable(file="", reason=reason) from error
        sent, file, file_name = upload.fields, upload.body, upload.name
    else:
        sent, file, file_name = await read_form(request), b"", ""
    typed = {name: _CONTROL.sub("", sent.get(name, "")).replace("\r\n", "\n") for name in PLAIN}
    if sent.get("at"):  # a step of the preview was chosen
        typed["threshold"] = _CONTROL.sub("", sent["at"])
    library, library_name = typed["library"].encode(), typed["library_name"].strip()
    if file:
        library, library_name = file, _CONTROL.sub("", file_name)[:_LONGEST_NAME]
    typed["library"], typed["library_name"] = _keep(library), library_name
    errors = _check(typed, has_library=bool(library.strip()), words=words)
    return Filled(
        typed=typed,
        action="save" if sent.get("do") == "save" and not sent.get("at") else "preview",
        is_live=sent.get("live") == "1",
        library=library,
        library_name=library_name,
        errors=errors,
        form=None if errors else _form(typed, library, library_name, words),
    )


def typed_of(interest: Interest) -> dict[str, str]:
    """Write an interest as a reader would have typed it."""
    by_kind = {kind: name for name, kind in FOLLOWED.items()}
    typed = dict.fromkeys(PLAIN, "")
    typed |= {
        "name": interest.name,
        "text": interest.text,
        "rule": interest.rule,
        "rule_role": interest.rule_role.value,
        "threshold": f"{interest.threshold * 100:.4g}",
        "quota": str(interest.quota) if interest.quota else "",
    }
    for follow in interest.follows:
        line = f"{follow.name} {follow.orcid}" if follow.orcid else follow.name
        name = by_kind[follow.kind]
        typed[name] = f"{typed[name]}\n{line}".strip()
    for name in _LISTS:
        typed[name] = ("\n" if name == "exclude_terms" else " ").join(getattr(interest, name))
    return typed


def blank() -> dict[str, str]:
    """Give the form of a radar that is not begun."""
    return typed_of(Interest(name=""))


# -- what is wrong with it --------------------------------------------------------------------------


def _check(typed: Mapping[str, str], *, has_library: bool, words: Catalogue) -> dict[str, str]:
    errors = {
        name: words.text("This is longer than {n} characters.", n=f"{_LONGEST_FIELD:,}")
        for name in PLAIN
        if name != "library" and len(typed[name]) > _LONGEST_FIELD
    }
    if len(typed["name"].strip()) > _LONGEST_NAME:
        errors["name"] = words.text("This is longer than {n} characters.", n=_LONGEST_NAME)
    if _threshold(typed) is None:
        errors["threshold"] = words.text("The threshold is a number from 0 to 100.")
    if _quota(typed) is None:
        errors["quota"] = words.text("The quota is a whole number; leave it empty for no limit.")
    if wrong := [line for line in _split(_LINES, typed["authors"]) if _is_wrong_orcid(line)]:
        errors["authors"] = words.text("The ORCID in “{line}” has a wrong digit.", line=wrong[0][:100])
    if typed["rule_role"] not in {"", *RuleRole}:
        errors["rule"] = words.text("A rule is a filter or a part of the score.")
    if not errors and not has_library and not any(typed[name].strip() for name in _SAYING):
        errors["text"] = words.text(
            "Say what you are interested in: a line, some papers, a library, a rule, or a name to follow."
        )
    return errors


# The fields of which any one makes a radar.
_SAYING: Final = ("text", "papers", "rule", *FOLLOWED, "include_fields")


def _threshold(typed: Mapping[str, str]) -> float | None:
    said = typed["threshold"].strip().removesuffix("%").strip()
    if not said:
        return DEFAULT_THRESHOLD
    if not re.fullmatch(r"\d{1,3}(\.\d{0,20})?", said, re.ASCII):
        return None
    value = round(float(said) / 100, _DECIMALS)
    return value if value <= 1 else None


def _quota(typed: Mapping[str, str]) -> int | None:
    said = typed["quota"].strip()
    if not said:
        return 0
    if not re.fullmatch(r"\d{1,5}", said, re.ASCII) or int(said) > _LARGEST_QUOTA:
        return None
    return int(said)


# -- what it means ----------------------------------------------------------------------------------


def _form(typed: Mapping[str, str], library: bytes, library_name: str, words: Catalogue) -> RadarForm:
    interest = Interest(
        name=" ".join(typed["name"].split()) or propose_name(typed, library_name, words),
        rule=typed["rule"].strip(),
        rule_role=RuleRole(typed["rule_role"] or RuleRole.PART),
        text=typed["text"].strip(),
        follows=tuple(
            _follow(kind, line) for name, kind in FOLLOWED.items() for line in _split(_LINES, typed[name])
        ),
        threshold=_threshold(typed) or 0.0,
        quota=_quota(typed) or 0,
        **{name: _split(pattern, typed[name]) for name, pattern in _LISTS.items()},
    )
    is_there = bool(library.strip())
    return RadarForm(
        interest=interest,
        papers=typed["papers"].strip(),
        library=library if is_there else b"",
        library_name=(library_name or words.text("pasted library")) if is_there else "",
        collection=" ".join(typed["collection"].split()) if is_there else "",
    )


def propose_name(typed: Mapping[str, str], library_name: str, words: Catalogue) -> str:
    """Name a radar after what was said first of its interest, where the reader gave it no name."""
    for name in ("text", "rule"):
        if line := " ".join(typed[name].split()):
            return _shorten(line)
    if library_name:
        return _shorten(library_name.rpartition(".")[0] or library_name)
    for name in (*FOLLOWED, "papers"):
        if lines := _split(_LINES, typed[name]):
            return _shorten(lines[0])
    return typed["include_fields"].strip() or words.text("My radar")


def _shorten(line: str) -> str:
    if len(line) <= _LONGEST_PROPOSED:
        return line
    cut = line[: _LONGEST_PROPOSED + 1]
    head = cut.rpartition(" ")[0]
    # Chinese has no spaces to cut at; a head that is much shorter would not say enough.
    return (head if len(head) > _LONGEST_PROPOSED // 2 else cut[:-1]).rstrip(" ,，、;；:：.。") + "…"


def _split(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    entries: Iterable[str] = (" ".join(entry.split()) for entry in pattern.split(text))
    return tuple(dict.fromkeys(entry for entry in entries if entry))


def _follow(kind: FollowKind, line: str) -> Follow:
    found = _ORCID.search(line) if kind is FollowKind.AUTHOR else None
    if found is None:
        return Follow(kind, line)
    name = f"{line[: found.start()]} {line[found.end() :]}".replace("()", "").strip(" ,，<>()")
    return Follow(kind, " ".join(name.split()) or found[1].upper(), normalize_orcid(found[1]))


def _is_wrong_orcid(line: str) -> bool:
    found = _ORCID.search(line)
    return found is not None and normalize_orcid(found[1]) is None


def _keep(library: bytes) -> str:
    """Give a library as text to put into the page; nothing where it is too large or no UTF-8."""
    try:
        text = library.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return "" if len(text) > LARGEST_KEPT else _CONTROL.sub("", text).replace("\r\n", "\n")
