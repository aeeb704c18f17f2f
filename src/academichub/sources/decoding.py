"""Turn an answer's bytes into characters that an XML or JSON parser may be given."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from html.entities import html5
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from academichub.errors import FeedUnreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

WINDOWS: Final = "cp1252"
BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# "<" followed by a Latin character, with no mark before it.
WIDE_STARTS: Final = (
    (re.compile(rb"<\0\0\0[!-~]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0<\0\0\0[!-~]"), "utf-32-be"),
    (re.compile(rb"<\0[!-~]\0"), "utf-16-le"),
    (re.compile(rb"\0<\0[!-~]"), "utf-16-be"),
)

# What servers say, and what their bytes are (as browsers do it, encoding.spec.whatwg.org).
REALLY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ascii": WINDOWS,
        "iso8859-1": WINDOWS,
        "iso8859-9": "cp1254",
        "gb2312": "gb18030",
        "gbk": "gb18030",
        "shift_jis": "cp932",
        "euc_kr": "cp949",
        "tis-620": "cp874",
        # A declaration in readable ASCII cannot be true of these.
        "utf-16": "utf-8",
        "utf-16-le": "utf-8",
        "utf-16-be": "utf-8",
        "utf-32": "utf-8",
        "utf-32-le": "utf-8",
        "utf-32-be": "utf-8",
        "utf-8-sig": "utf-8",
    }
)
# Never decoded, whatever a server says: UTF-7 hides markup from scanners, the others are no charsets.
NEVER: Final = frozenset({"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})

DECLARATION: Final = re.compile(
    rb"\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)", re.IGNORECASE
)
CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)", re.IGNORECASE)

# A declared multi-byte encoding is believed with broken characters up to one in so many.
BROKEN_ONE_IN: Final = 100


def _windows_characters() -> dict[int, str]:
    """Map the C1 codes to what Windows-1252 means by them; the five undefined ones stay."""
    return {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}


C1: Final[Mapping[int, str]] = MappingProxyType(_windows_characters())
# Bytes that were no UTF-8, as `surrogateescape` marks them, to Windows-1252.
STRAY_BYTES: Final[Mapping[int, str]] = MappingProxyType(
    {0xDC00 + code: C1.get(code, chr(code)) for code in range(0x80, 0x100)}
)
CUT_CHARACTER: Final = re.compile("[\udcc2-\udcf4][\udc80-\udcbf]{1,2}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Characters of an answer, how they were read, and what was odd about it."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(body: bytes, *, content_type: str = "") -> Decoded:
    """Decode an answer: byte order mark, strict UTF-8, XML declaration, HTTP charset, Windows-1252.

    Valid UTF-8 beats any declaration: text in another encoding is almost never valid UTF-8, while
    wrong declarations are common. Never fails; the last resort reads every byte.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _decode_marked(body[len(mark) :], encoding)
    for start, encoding in WIDE_STARTS:
        if start.match(body):
            return _decode_marked(body, encoding)
    stated = _stated(body, content_type)
    if not (b"\x1b" in body and any(encoding.startswith("iso2022") for encoding in stated)):
        # ISO-2022 text is pure ASCII bytes, so it would pass for UTF-8.
        try:
            return Decoded(body.decode("utf-8"), "utf-8")
        except UnicodeDecodeError:
            pass
    return _decode_stated(body, stated)


def _decode_marked(body: bytes, encoding: str) -> Decoded:
    """Decode what a byte order mark, or the shape of the first bytes, announces."""
    try:
        return Decoded(body.decode(encoding), encoding)
    except UnicodeDecodeError:
        warnings = (f"bytes that are no {encoding}",)
    if encoding == "utf-8":
        return Decoded(_mixed(body), encoding, warnings)
    return Decoded(body.decode(encoding, "replace"), encoding, warnings)


def _decode_stated(body: bytes, stated: list[str]) -> Decoded:
    """Decode by what the answer says of itself, then by what is likeliest."""
    for encoding in stated:
        if encoding == WINDOWS:
            return Decoded(_mixed(body), WINDOWS)
        try:
            return Decoded(body.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    for encoding in stated:
        text = body.decode(encoding, "replace")
        if text.count("\ufffd") * BROKEN_ONE_IN <= len(text):
            return Decoded(text, encoding, (f"bytes that are no {encoding}",))
    return Decoded(_mixed(body), WINDOWS, ("bytes that are no utf-8, read as windows-1252",))


def _mixed(body: bytes) -> str:
    """Read as UTF-8 what is UTF-8 and every other byte as Windows-1252.

    So one broken byte does not turn a whole Chinese feed into mojibake, and Latin-1 text still
    comes out right: two neighbouring Latin-1 letters hardly ever form a UTF-8 character. In text
    that is UTF-8 for the most part, a piece of a cut character becomes one replacement character.
    """
    text = body.decode("utf-8", "surrogateescape")
    strays = len(text) - len(body.decode("utf-8", "ignore"))
    foreign = len(text) - len(text.encode("ascii", "ignore")) - strays
    if foreign > strays:
        text = CUT_CHARACTER.sub("\ufffd", text)
    return text.translate(STRAY_BYTES)


def _stated(body: bytes, content_type: str) -> list[str]:
    """List the encodings the XML declaration and the HTTP header name, as they really are.

    UTF-8 is left out: the caller has tried it.
    """
    declared = DECLARATION.match(body)
    served = CHARSET.search(content_type)
    labels = [declared[1].decode("ascii")] if declared else []
    labels += [served[1]] if served else []
    encodings = []
    for label in labels:
        try:
            name = codecs.lookup(label).name
        except (LookupError, ValueError):
            continue
        encoding = REALLY.get(name, name)
        if encoding != "utf-8" and encoding not in NEVER and _is_text(encoding):
            encodings.append(encoding)
    return encodings


def _is_text(encoding: str) -> bool:
    """Tell whether a codec makes text from bytes (base64, zlib and rot13 do not)."""
    try:
        b"a".decode(encoding)
    except (LookupError, UnicodeError, ValueError):
        return False
    return True


# -- what an XML parser may see -------------------------------------------------------------------

_PROLOG: Final = re.compile(
    r"""
      [\s\ufeff]+ | <\?.*?\?> | <!--.*?-->
    | <!DOCTYPE
        (?: [^\[<>"'] | "[^"]*" | '[^']*' )*+
        (?: \[ (?: <!--.*?(?:-->|\Z) | <\?.*?(?:\?>|\Z) | "[^"]*" | '[^']*' | [^\]"'] )*+ \] \s* )?
      >
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_DOCTYPE: Final = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_C0_BYTES: Final = bytes({*range(0x20)} - {0x9, 0xA, 0xD})
# In UTF-8: the C1 codes, the two non-characters, halves of surrogate pairs. Three patterns, because each
# begins with a byte that can be looked for; joined they would be tried at every byte.
_CONTROL_BYTES: Final = tuple(
    re.compile(rule) for rule in (rb"\xc2[\x80-\x9f]", rb"\xef\xbf[\xbe\xbf]", rb"\xed[\xa0-\xbf]")
)
_ENTITY: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")
_C1_REFERENCE: Final = re.compile(r"&#(?:0*(12[89]|1[345]\d)|[xX]0*([89][0-9a-fA-F]));")


def prepare(text: str, *, encoded: bytes | None = None) -> str:
    """Make text safe and kind for an XML parser.

    Everything before the root element goes (declaration, comments, DOCTYPE with its internal
    subset, so no entity can be defined and no DTD named), then the control characters XML forbids.
    HTML's named entities become characters: feeds use them without the DTD that defines them.

    Args:
        text: The whole document.
        encoded: The same in UTF-8, where the caller has it; saves making it.

    Raises:
        FeedUnreadable: The DOCTYPE cannot be told from the document.
    """
    text = _without_prolog(text)
    if _has_controls(text, encoded):
        text = _CONTROLS.sub("", text).translate(C1)
    text = _C1_REFERENCE.sub(_windows_reference, text)
    if _ENTITY.search(text):
        text = _ENTITY.sub(_named_character, text)
    return text


def unchanged_bytes(body: bytes, text: str, prepared: str) -> bytes | None:
    """Give the UTF-8 bytes of a prepared text, where preparing only cut off what stood before the root.

    Args:
        body: UTF-8.
        text: What the body says.
        prepared: What `prepare` made of it.
    """
    if not text.endswith(prepared):
        return None
    prolog = text[: len(text) - len(prepared)]
    return body[len(prolog.encode("utf-8")) :]


def _has_controls(text: str, encoded: bytes | None) -> bool:
    """Look for control characters, on bytes: a regular expression over text takes ten times as long."""
    if encoded is None:
        encoded = text.encode("utf-8", "surrogatepass")
    if len(encoded.translate(None, _C0_BYTES)) != len(encoded):
        return True
    return not text.isascii() and any(rule.search(encoded) for rule in _CONTROL_BYTES)


def _without_prolog(text: str) -> str:
    at = 0
    while match := _PROLOG.match(text, at):
        at = match.end()
    if _DOCTYPE.match(text, at):
        raise FeedUnreadable(reason="a DOCTYPE without an end", line=text.count("\n", 0, at) + 1)
    return text[at:]


def _named_character(match: re.Match[str]) -> str:
    character = html5.get(match[1])
    if character is None:
        return match[0]
    return character.replace("&", "&amp;").replace("<", "&lt;")


def _windows_reference(match: re.Match[str]) -> str:
    code = int(match[1]) if match[1] else int(match[2], 16)
    return C1.get(code, "")
