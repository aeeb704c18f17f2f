"""Mend what feeds do to whole texts: written twice, read in the wrong encoding, far too long."""

from __future__ import annotations

import re
from typing import Final

# Feeds with the whole article in them: what a card can carry.
LONGEST_ABSTRACT: Final = 6_000
# Shorter texts repeat by chance ("Ping! Ping!").
SHORTEST_HALF: Final = 20
_OPENING: Final = 200  # characters in which the first words stand, behind a tag or two
_TAG: Final = re.compile(r"<[^<>]*>")
_PAGE: Final = re.compile(r"\s*\[[0-9]{1,4}\]\s{1,4}(?=\S)(?!富勒烯|轮烷|索烃)")
_HAN: Final = re.compile("[“《]?[\u4e00-\u9fff]")
_TAG_OR_CHARACTER: Final = re.compile(r"<[^<>]*>|\S")
# An accented letter (two bytes in UTF-8) or a quotation mark (three), read as Latin-1 or Windows-1252.
_SCRAMBLED: Final = re.compile("[ÃÂ][\x80-\xbfŒœŠšŸŽžƒ‚„…†‡ˆ‰‹‘’“”•–—˜™›€]|â€|â\x80")
# The characters of Windows-1252 where Latin-1 has controls. The five it leaves open stay controls.
_TO_LATIN_1: Final = {
    ord(bytes((code,)).decode("cp1252")): code
    for code in range(0x80, 0xA0)
    if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}


def halved(text: str) -> str:
    """Keep half of a text that a source wrote twice in a row (ingest reference, 3.1, defect 2).

    White space and tags make no difference, between the halves or inside them.
    """
    opening = _TAG.sub(" ", text[:_OPENING]) if "<" in text[:_OPENING] else text[:_OPENING]
    if any(text.count(word) < 2 for word in opening.split(None, 3)[:3]):  # noqa: PLR2004  in a text written twice each word is there twice
        return text
    bare = "".join(_TAG.sub("", text).split())
    half, odd = divmod(len(bare), 2)
    if odd or half < SHORTEST_HALF or bare[:half] != bare[half:]:
        return text
    seen = 0
    for token in _TAG_OR_CHARACTER.finditer(text):
        seen += not token[0].startswith("<") or len(token[0]) == 1
        if seen == half:
            return text[: token.end()]
    return text  # pragma: no cover  # the tokens are the characters of `bare`


def without_page(title: str, *, language: str) -> str:
    """Take off the page that sites of Chinese journals put before a title: "[95] 财政压力与风险".

    Args:
        title: As the feed wrote it.
        language: Of the feed or the entry: a Chinese journal numbers its English titles, too. Elsewhere
            "[60] Fullerene" is a name.
    """
    page = _PAGE.match(title)
    if page is None or not (language.lower().startswith("zh") or _HAN.match(title, page.end())):
        return title
    return title[page.end() :]


def shortened(text: str) -> str:
    """Cut an article that came whole at the end of a paragraph or sentence."""
    if len(text) <= LONGEST_ABSTRACT:
        return text
    head = text[:LONGEST_ABSTRACT]
    cut = max(head.rfind("</p>") + 4, head.rfind("\n\n"), head.rfind(". ") + 1, head.rfind("。") + 1)
    return head[: cut if cut > LONGEST_ABSTRACT // 4 else LONGEST_ABSTRACT].rstrip() + " …"


def unscrambled(text: str) -> str:
    """Read UTF-8 that somebody took for Latin-1 or Windows-1252: "JosÃ©" is "José".

    Only where the whole text then is UTF-8, which no text is by chance.
    """
    if text.isascii() or not _SCRAMBLED.search(text):
        return text
    try:
        return text.translate(_TO_LATIN_1).encode("latin-1").decode()
    except UnicodeError:
        return text
