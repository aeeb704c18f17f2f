"""Read text-mode TeX, as authors write it in abstracts and names, into HTML and plain text. Never raises."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, ClassVar, Final

from academichub.text import math, mathchars, mathtex, unicode
from academichub.text.latextables import (
    CLOSING,
    DROPPED,
    LETTER_ACCENTS,
    LETTERS,
    MATHEMATICAL,
    OPENING,
    REFERENCES,
    SIGN_ACCENTS,
    SIGNS,
    SWITCHES,
    SYMBOLS,
    TAGS,
)
from academichub.text.markup import decode, escape, is_web, link, unescape_basic

if TYPE_CHECKING:
    from collections.abc import Callable

    from academichub.text.math import Formula

MAX_DEPTH: Final = 40  # groups within groups; deeper braces are skipped, not read
_OPEN, _CLOSE, _GONE, _CITED = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd5"
_PLACE = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_MARKS = re.compile("[\ufdd0-\ufdef]")
_URL = r"https?://(?:[A-Za-z0-9._~:/?#@!&()*+,;=%\[\]'-]|\\[_%&#~-])+"
# Every branch begins with one certain character: the engine then skips whatever begins no token.
_TOKEN = re.compile(
    rf"{_URL}|\\(?P<name>[a-zA-Z]+)\*?|\\(?P<sign>.)|\{{|\}}|~|---*|"
    r"\^(?<=[\w)\]\ufdd1]\^)\{|_(?<=[\w)\]\ufdd1]_)\{",
    re.DOTALL,
)
_SPECIAL = ("\\", "{", "}", "~", "`", "--", "://", "''")
_DOUBLE_QUOTED = re.compile(r"(?<!\\)``(.{1,400}?)(?<!\\)(?:''|\")", re.DOTALL)
# Opened by the wrong key: "so'' and ''so''. A prime or a second of arc stands behind a letter or a number.
_HALF_QUOTED = re.compile(r"(?<![\w'\"`\\\ufdd1])(?:\"|'')(?=[^\s'\"])([^'\"]{1,200}?)''(?![\w'])")
_SINGLE_QUOTED = re.compile(r"(?<![\\`\w])`([^`'\s\\][^`']{0,100})'(?!['\w])")
_SHORT_SCRIPT = re.compile(r"[^{}\s]{1,20}\}")
_GONE_IN_BRACKETS = re.compile(
    rf"[\s\xa0~]*[(\[](?:[\s,;]|see|e\.g\.|cf\.|&nbsp;|{_GONE})*{_GONE}[\s,;{_GONE}]*[)\]]"
)
_GONE_BEFORE = re.compile(
    rf"(?:[\s\xa0]|&nbsp;)*{_GONE}(?:(?:[\s\xa0,;]|&nbsp;)*{_GONE})*(?=\s|[.,;:)\]]|<|$)"
)
# "as shown in \\cite{a} and \\cite{b}," must not become "as shown in and,": the small words go with them.
_CITATION = re.compile(
    rf"(?:(?<![\w(])(?:as in|in|by|of|from|following|see also|see e\.g\.|see|cf\.)(?:\s|&nbsp;)*)?"
    rf"{_CITED}(?:(?:[\s,;]|&nbsp;|and\b)*{_CITED})*"
)
_TRAILING = ".,;:!?'\"*"


class Formulas:
    """The formulas of one text, and the placeholders that stand for them while its words are read."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: list[Formula] = []

    def __len__(self) -> int:
        return len(self._found)

    def add(self, formula: Formula) -> str:
        """Keep a formula; give the placeholder to write in its place."""
        self._found.append(formula)
        return f"{_OPEN}{len(self._found) - 1}{_CLOSE}"

    def html(self, text: str) -> str:
        """Put MathML where placeholders are."""
        return _PLACE.sub(lambda match: self._at(match).html, text) if self._found else text

    def plain(self, text: str) -> str:
        """Put plain formulas where placeholders are."""
        return _PLACE.sub(self._spaced, text) if self._found else text

    def _spaced(self, match: re.Match[str]) -> str:
        """Keep a displayed formula apart from the words at its sides."""
        formula = self._at(match)
        if not formula.html.startswith('<math display="block"'):
            return formula.plain
        before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
        return f"{' ' * before.isalnum()}{formula.plain}{' ' * after.isalnum()}"

    def _at(self, match: re.Match[str]) -> Formula:
        # A forged placeholder (a character reference to U+FDD0) may name a formula that is not there.
        index = int(match[1][:6])
        return self._found[index] if index < len(self._found) else math.NOTHING


def cut(text: str, found: Formulas, *, is_inline: bool = False) -> str:
    """Put placeholders where the formulas of a text are."""
    if "$" not in text and "\\" not in text:
        return text
    return "".join(
        part
        if isinstance(part, str)
        else found.add(math.render(part.source, is_display=part.is_display and not is_inline))
        for part in math.split(text)
    )


def to_html(text: str, found: Formulas, *, is_tex: bool, has_links: bool = True) -> str:
    """Turn words with text-mode TeX into HTML; placeholders of formulas pass through, and more may be added.

    Args:
        text: Folded text, its formulas cut out.
        found: The formulas of the text.
        is_tex: The text is TeX for sure (a command or a formula was seen): then braces group, `~` ties.
        has_links: Addresses become links.
    """
    if not any(mark in text for mark in _SPECIAL):
        return escape(text)
    if "`" in text:
        text = _DOUBLE_QUOTED.sub(r"“\1”", text).replace("``", "“")
        text = _SINGLE_QUOTED.sub(r"‘\1’", text)
    if "''" in text:
        text = _HALF_QUOTED.sub(r"“\1”", text)
    html = _Reader(text, found, is_tex=is_tex, has_links=has_links).read()
    if _CITED in html:
        html = _CITATION.sub(_GONE, html)
    if _GONE in html:
        html = _GONE_BEFORE.sub("", _GONE_IN_BRACKETS.sub("", html)).replace(_GONE, "")
    return html


def to_plain(raw: str) -> str:
    r"""Write a name or a venue without its TeX: `\'Arp\'ad B\'enyi` is Árpád Bényi."""
    text = decode(unicode.fold(raw))
    if "$" not in text and not any(mark in text for mark in _SPECIAL):
        return unicode.flat(text)
    found = Formulas()
    text = cut(text, found, is_inline=True)
    html = to_html(
        unicode.one_line(text), found, is_tex="\\" in text or bool(found) or "{" in text, has_links=False
    )
    return plain_of(html, found)


def plain_of(html: str, found: Formulas) -> str:
    """Write the HTML of `to_html`, or cleaned HTML with placeholders, as one line of plain text."""
    # Tags go first: a formula may hold "<" of its own.
    text = found.plain(unescape_basic(_strip(html) if "<" in html else html))
    text = _MARKS.sub("", text)
    return unicode.flat(text if text.isascii() else unicodedata.normalize("NFC", text))


_SCRIPT = re.compile(r"<(sub|sup)>([^<>]*)</\1>")
_INLINE_TAG = re.compile(r"<(/?)([a-z]+)[^<>]*>")


def _strip(html: str) -> str:
    if "<su" in html:
        html = _SCRIPT.sub(_script, html)
    return _INLINE_TAG.sub(lambda match: " " if match[2] in {"br", "p"} else "", html)


def _script(match: re.Match[str]) -> str:
    inner = match[2].strip()
    if not any(char.isalnum() for char in inner):
        small = mathchars.raised(inner) if match[1] == "sup" else mathchars.lowered(inner)
        return small or inner
    small = mathchars.raised(inner) if match[1] == "sup" else mathchars.lowered(inner)
    if small:
        return small
    if match[1] == "sub" and inner.isalnum():
        return inner  # Tc, SN2, Teff: so they are written, and searched for, without markup
    mark = "^" if match[1] == "sup" else "_"
    return f"{mark}{inner}" if inner.isalnum() else f"{mark}({inner})"


class _Reader:
    """Reads one text from left to right."""

    __slots__ = ("_closing", "at", "depth", "found", "has_links", "is_tex", "text")

    def __init__(self, text: str, found: Formulas, *, is_tex: bool, has_links: bool) -> None:
        self.text = text
        self.found = found
        self.is_tex = is_tex
        self.has_links = has_links
        self.at = 0
        self.depth = 0
        self._closing: dict[int, int] | None = None  # closing brace by opening, once asked for

    def read(self) -> str:
        """Read up to the end of the text, or of the group that has been entered."""
        out: list[str] = []
        closing: list[str] = []
        start = self.at
        while match := _TOKEN.search(self.text, self.at):
            out.append(escape(self.text[start : match.start()]))
            self.at = match.end()
            piece = match[0]
            if piece == "}" and self.is_tex:
                if self.depth:
                    break
            elif piece[0] == "\\" and (switch := SWITCHES.get(match["name"])) is not None:
                self._skip_space()
                tag = switch if self.depth else ""
                out.append(OPENING[tag])
                closing.append(CLOSING[tag])
            else:
                out.append(self._token(match))
            start = self.at
        else:
            out.append(escape(self.text[start:]))
            self.at = len(self.text)
        return "".join(out + closing[::-1])

    def _token(self, match: re.Match[str]) -> str:
        match match[0][0]:
            case "\\":
                return self._command(match["name"]) if match["name"] else self._sign(match["sign"])
            case "~":
                return self._tie(match)
            case "-":
                return self._dash(match)
            case "{" | "}":
                return self._group() if self.is_tex else match[0]
            case "h":
                return self._address(match)
            case _:
                return self._raised_or_lowered(match)

    # -- pieces ----------------------------------------------------------------------------------------------

    def _address(self, match: re.Match[str]) -> str:
        raw = match[0]
        while raw and (
            raw[-1] in _TRAILING or (raw[-1] in ")]" and raw.count(raw[-1]) > raw.count("(["[raw[-1] == "]"]))
        ):
            raw = raw[:-1]
        self.at = match.start() + len(raw)
        href = re.sub(r"\\(.)", r"\1", raw)
        return link(href, escape(href)) if self.has_links else escape(href)

    def _group(self) -> str:
        """Read a group whose opening brace has just been passed."""
        if self.depth >= MAX_DEPTH:
            return ""
        self.depth += 1
        inner = self.read()
        self.depth -= 1
        return inner

    def _tie(self, match: re.Match[str]) -> str:
        before, after = self.text[match.start() - 1 : match.start()], self.text[self.at : self.at + 1]
        if not before or before.isspace():
            return "~" if not after.startswith("\\") else ""
        if after.isspace() or not after:
            return "~" if not self.is_tex else ""
        if self.is_tex or (
            (before.isalpha() or before in ".,)") and (after.isalnum() or after in "([\\" + _OPEN)
        ):
            return "&nbsp;"
        return "~"

    def _dash(self, match: re.Match[str]) -> str:
        before, after = self.text[match.start() - 1 : match.start()], self.text[self.at : self.at + 1]
        is_option = (not before or before.isspace() or before in "([") and after.isalpha()
        return match[0] if is_option else {2: "–", 3: "—"}.get(len(match[0]), match[0])

    def _raised_or_lowered(self, match: re.Match[str]) -> str:
        if not self.is_tex and not _SHORT_SCRIPT.match(self.text, self.at):
            return match[0]
        tag = "sup" if match[0][0] == "^" else "sub"
        if self.is_tex:
            return f"<{tag}>{self._group()}</{tag}>"
        start, self.at = self.at, self.text.index("}", self.at) + 1
        return f"<{tag}>{escape(self.text[start : self.at - 1])}</{tag}>"

    def _sign(self, sign: str) -> str:
        if sign in SIGN_ACCENTS:
            return self._accent(sign, SIGN_ACCENTS[sign])
        if sign == "\\":
            options = re.compile(r"\*?(?:\[[^\]]{0,20}\])?").match(self.text, self.at)
            self.at = options.end() if options else self.at
        return escape(SIGNS.get(sign, sign))

    def _accent(self, command: str, mark: str) -> str:
        """Put an accent on what follows; a quote or a hyphenation mark that merely looks like one stays."""
        start = self.at
        self._skip_space()
        if self.text[self.at : self.at + 1] == "{":
            target = (self._argument() or "").strip()
            if not target:
                return escape({"~": "~", "^": "^"}.get(command, ""))
        elif letter := re.compile(r"\\([a-zA-Z]+)\s?|([^\W\d_])").match(self.text, self.at):
            target = letter[2] or LETTERS.get(letter[1], "")
            self.at = letter.end()
            whole = unicodedata.normalize("NFC", target.translate(_UNDOTTED) + mark)
            is_quote = _QUOTED.match(self.text, start - 2) or command + target in _NO_ACCENT
            if is_quote or (len(whole) > 1 and command in "\"'`^~"):
                target = ""
        else:
            target = ""
        if not target:
            self.at = start
            return escape(command if command in "\"'`^~=." else "")
        if not target[0].isalpha():
            return target  # a formula or a sign: nothing to put an accent on
        target = target.translate(_UNDOTTED) if mark not in _BELOW else target
        return unicodedata.normalize("NFC", target[0] + mark + target[1:])

    # -- commands --------------------------------------------------------------------------------------------

    def _command(self, name: str) -> str:
        if name in TAGS and (shown := self._tagged(TAGS[name])) is not None:
            return shown
        if name in LETTERS:
            self._skip_space_before_letter(name)
            return LETTERS[name]
        if name in LETTER_ACCENTS and re.compile(r"\s*[{\\]|\s+[a-zA-Z]").match(self.text, self.at):
            return self._accent(name, LETTER_ACCENTS[name])
        if name in REFERENCES:
            self._skip_options()
            self._skip_space_before_brace()
            self._raw_argument()
            return _CITED if "cit" in name.lower() else _GONE
        if name in DROPPED:
            return self._dropped(name)
        if handler := self._HANDLERS.get(name):
            return handler(self)
        if name in SYMBOLS:
            self._skip_empty_group()
            if name == "item":
                self._skip_options(is_kept=True)
            symbol = SYMBOLS[name]
            is_doubled = symbol[-1] == "." and self.text[self.at : self.at + 1] == "."
            return escape(symbol[:-1] if is_doubled else symbol)
        return self._unknown(name)

    def _tagged(self, tag: str) -> str | None:
        inner = self._argument(maybe_spaced=True)
        if inner is None:
            return "" if self.depth >= MAX_DEPTH else None
        return OPENING[tag] + inner + CLOSING[tag]

    def _dropped(self, name: str) -> str:
        self._skip_options()
        for _ in range(DROPPED[name]):
            self._raw_argument()
        if name == "begin":
            self._skip_options()
        return _GONE

    def _unknown(self, name: str) -> str:
        """Show a command this module does not know: as mathematics, as its argument, else by its name."""
        if name in MATHEMATICAL:
            return self._mathematics(name)
        if self.text[self.at : self.at + 1] != "{" or self.text[self.at : self.at + 2] == "{}":
            self._skip_empty_group()
            symbol = math.symbol(name)
            return escape(symbol if symbol is not None else name)
        inner: list[str] = []
        while (argument := self._argument()) is not None:
            inner.append(argument)
        return " ".join(part for part in inner if part) or escape(name)

    def _mathematics(self, name: str) -> str:
        start = self.at
        self._skip_options()
        while self._raw_argument() is not None:
            pass
        while script := re.compile(r"[\^_](?:\w|(?=\{))").match(self.text, self.at):
            self.at = script.end()
            self._raw_argument()
        return self.found.add(math.render(f"\\{name}{self.text[start : self.at]}"))

    def _link(self) -> str:
        href = self._plain_argument()
        had, self.has_links = self.has_links, False
        inner = self._argument() or escape(href)
        self.has_links = had
        return link(href, inner) if had else inner

    def _url(self) -> str:
        href = self._plain_argument()
        return link(href, escape(href)) if self.has_links and is_web(href) else escape(href)

    def _footnote(self) -> str:
        inner = self._argument()
        return f"{_GONE} ({inner.strip()})" if inner and inner.strip() else ""

    def _coloured(self) -> str:
        self._skip_options()
        self._raw_argument()
        return self._argument() or ""

    def _ion(self) -> str:
        element, stage = self._argument() or "", self._argument() or ""
        return f"{element}&nbsp;{stage.upper()}" if stage else element

    def _verbatim(self) -> str:
        fence = self.text[self.at : self.at + 1]
        end = self.text.find(fence, self.at + 1) if fence else -1
        if end < 0:
            return ""
        inner, self.at = self.text[self.at + 1 : end], end + 1
        return f"<code>{escape(inner)}</code>"

    # -- arguments -------------------------------------------------------------------------------------------

    def _argument(self, *, maybe_spaced: bool = False) -> str | None:
        """Read a brace group as HTML; None where none follows."""
        start = self.at
        if maybe_spaced:
            self._skip_space()
        if self.text[self.at : self.at + 1] != "{" or self.depth >= MAX_DEPTH:
            self.at = start
            return None
        self.at += 1
        was_tex, self.is_tex = self.is_tex, True
        inner = self._group()
        self.is_tex = was_tex
        return inner

    def _raw_argument(self) -> str | None:
        """Skip a brace group and give its source; None where none follows."""
        if self.text[self.at : self.at + 1] != "{":
            return None
        if self._closing is None:
            self._closing = mathtex.pairs(self.text)
        end = self._closing.get(self.at)
        if end is None:
            self.at += 1
            return ""
        inner, self.at = self.text[self.at + 1 : end], end + 1
        return inner

    def _plain_argument(self) -> str:
        return re.sub(r"\\(.)", r"\1", (self._raw_argument() or "").strip())

    def _skip_space(self) -> None:
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1

    def _skip_space_before_brace(self) -> None:
        if self.text[self.at : self.at + 2] == " {":
            self.at += 1

    def _skip_space_before_letter(self, name: str) -> None:
        self._skip_empty_group()
        following = self.text[self.at : self.at + 2]
        if name != "AA" and following[:1] == " " and following[1:].isalpha():
            self.at += 1

    def _skip_empty_group(self) -> None:
        if self.text[self.at : self.at + 2] == "{}":
            self.at += 2

    def _skip_options(self, *, is_kept: bool = False) -> None:
        options = re.compile(r"(?:\s?\[[^\[\]{}]{0,80}\])+").match(self.text, self.at)
        if options and not is_kept:
            self.at = options.end()

    _HANDLERS: ClassVar[dict[str, Callable[[_Reader], str]]] = {
        "href": _link,
        "hyperlink": _link,
        "url": _url,
        "nolinkurl": _url,
        "path": _url,
        "footnote": _footnote,
        "footnotetext": _footnote,
        "textcolor": _coloured,
        "colorbox": _coloured,
        "ion": _ion,
        "verb": _verbatim,
    }


_QUOTED = re.compile(r"\\'s(?![^\W\d_])")  # "it\\'s" came from a program's string; Le\\'sniak did not
_NO_ACCENT = frozenset({'"h', '"H', '"t'})  # Unicode has them, no name does: \\"hello\\" is quoted
_UNDOTTED: Final = str.maketrans({"ı": "i", "ȷ": "j"})
_BELOW = frozenset({"\u0327", "\u0328", "\u0323", "\u0331"})
