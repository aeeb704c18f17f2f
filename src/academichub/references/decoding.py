"""Turn the bytes of a library file into text with plain line ends."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# "% Encoding: ISO-8859-1" of JabRef, "%% Saved with string encoding Unicode (UTF-8)" of BibDesk.
_DECLARED: Final = re.compile(
    rb"^%+[^\n]{0,40}?encoding:?[ \t]*([A-Za-z0-9_:() .-]{2,60})", re.MULTILINE | re.IGNORECASE
)
_HEAD: Final = 4_096  # bytes at the start of a file in which a declaration may stand
_NAMES: Final = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252"}
_NEVER: Final = frozenset({"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
_LETTERS: Final = re.compile("[\u4e00-\u9fff]")
_SAMPLE: Final = 20_000  # characters that a guess looks at
_LAST_COMMON: Final = 0xD7
_MOSTLY: Final = 0.7
_C1: Final = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
_WIDE: Final = 0.4  # share of zero bytes; a Chinese file has few of them, but its field names are ASCII
_MOST_CONTROLS: Final = 0.01  # share of control characters above which a file is no text


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, its line ends plain, and how its bytes were read. `is_guess` where nothing said so."""

    text: str
    encoding: str
    is_guess: bool = False


def decode_file(content: bytes) -> Decoded:
    r"""Decode by byte order mark, strict UTF-8, the shape of UTF-16, a declaration, then by likelihood.

    Without any of these it is GB 18030 where that makes Chinese of it, and else Windows-1252, the
    superset of Latin-1. Never fails. Line ends become "\n".
    """
    found = _decode(content)
    text = found.text.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(text.lstrip("\ufeff"), found.encoding, found.is_guess)


def is_binary(text: str) -> bool:
    """Tell a picture, an archive or a PDF from text, by its control characters."""
    sample = text[:_HEAD]
    controls = sum(1 for char in sample if char < " " and char not in "\t\n\f\v\x1a")
    return "\0" in sample or controls > _MOST_CONTROLS * len(sample)


def _decode(content: bytes) -> Decoded:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return Decoded(content[len(mark) :].decode(encoding, "replace"), encoding)
    wide = _wide(content[:_HEAD])
    if wide:
        return Decoded(content.decode(wide, "replace"), wide, is_guess=True)
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    declared = _declared(content[:_HEAD])
    if declared:
        return Decoded(content.decode(declared, "replace"), declared)
    chinese = _chinese(content)
    if chinese is not None:
        return Decoded(chinese, "gb18030", is_guess=True)
    return Decoded(content.decode("latin-1").translate(_C1), "cp1252", is_guess=True)


def _wide(head: bytes) -> str:
    """Tell UTF-16 without a mark: every other byte of what should be ASCII is zero."""
    pairs = len(head) // 2
    if not pairs:
        return ""
    if head[1::2].count(0) > _WIDE * pairs and not head[0::2].count(0):
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > _WIDE * pairs and not head[1::2].count(0) else ""


def _declared(head: bytes) -> str:
    for found in _DECLARED.finditer(head):
        said = found[1].decode("ascii").strip()
        inside = re.search(r"\(([^()]+)\)", said)
        for label in (inside[1] if inside else "", said, said.split()[0]):
            if encoding := _known(label):
                return encoding
    return ""


def _known(label: str) -> str:
    """Give the codec that a label names, as files of the kind mean it; '' for UTF-8, which has been tried."""
    try:
        name = codecs.lookup(label).name
        b"a".decode(name)
    except (LookupError, ValueError):
        return ""
    name = _NAMES.get(name, name)
    return "" if name in _NEVER or name.startswith(("utf-", "utf_")) else name


def _chinese(content: bytes) -> str | None:
    """Read as GB 18030 where that gives Chinese: common characters, which chance does not bring about.

    The 3,755 common ones are level 1 of GB 2312, with first bytes up to D7. Latin-1 read so gives rare ones:
    their second byte is a Latin letter.
    """
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return None
    letters = "".join(_LETTERS.findall(text))[:_SAMPLE]
    pairs = [char.encode("gb2312", "ignore") for char in letters]
    common = sum(1 for pair in pairs if pair and pair[0] <= _LAST_COMMON)
    return text if letters and common > _MOSTLY * len(letters) else None
