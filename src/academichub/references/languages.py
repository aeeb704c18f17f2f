"""Bring the names of languages in library files to BCP 47."""

from __future__ import annotations

import re
from typing import Final

_TAG: Final = re.compile(r"([a-z]{2})(?:[-_]([a-z]{2}|hans|hant))?", re.IGNORECASE | re.ASCII)
_NAMES: Final = {
    "en": "english eng usenglish american ukenglish british canadian australian newzealand anglais 英文 英语",
    "de": "german ngerman deutsch allemand ger deu austrian naustrian nswissgerman swissgerman",
    "fr": "french francais français fre fra canadien acadian",
    "es": "spanish español espanol spa castellano",
    "pt": "portuguese portugues português por brazilian brazil portuges",
    "it": "italian italiano ita",
    "zh": "chinese chi zho 中文 chinois 汉语 chinese-simplified chinese-traditional 简体中文 繁體中文",
    "ja": "japanese jpn 日本語",
    "ko": "korean kor 한국어",
    "ru": "russian русский rus",
    "nl": "dutch nederlands dut nld",
    "pl": "polish polski pol",
    "sv": "swedish svenska swe",
    "da": "danish dansk dan",
    "nb": "norwegian norsk nor nob",
    "fi": "finnish suomi fin",
    "cs": "czech cze ces",
    "tr": "turkish türkçe tur",
    "ar": "arabic العربية ara",
    "he": "hebrew עברית heb",
    "el": "greek ελληνικά gre ell",
    "hu": "hungarian magyar hun",
    "uk": "ukrainian українська ukr",
    "la": "latin lat",
    "vi": "vietnamese vie",
    "hi": "hindi hin",
    "fa": "persian farsi per fas",
}
_TAG_BY_NAME: Final = {name: tag for tag, names in _NAMES.items() for name in names.split()}


def language_tag(written: str) -> str:
    """Give "en" for "English" or "eng", "en-US" for "en_us"; what is unknown stays as written."""
    name = written.strip()
    if known := _TAG_BY_NAME.get(name.lower()):
        return known
    tag = _TAG.fullmatch(name)
    if tag is None:
        return name
    region = tag[2] or ""
    region = region.upper() if len(region) == len("US") else region.capitalize()
    return f"{tag[1].lower()}-{region}" if region else tag[1].lower()
