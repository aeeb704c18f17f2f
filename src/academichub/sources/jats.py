"""Turn the markup of JATS and its relatives into the small HTML that the cleaning reads.

Crossref, PubMed, PMC and most publishers write titles and abstracts in it: paragraphs, sections, face
markup, formulas in TeX and MathML. What comes out has `p i b sub sup sc code a br`, MathML and `$TeX$`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.sources.jatsfragment import MOST_DEPTH, tree_of
from academichub.sources.xmlanswer import local, text_of
from academichub.text import math
from academichub.text.markup import escape, is_web

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element


def to_html(fragment: str) -> str:
    """Give a serialised abstract as HTML paragraphs.

    Takes what Crossref's JSON calls an abstract: JATS with or without prefixes, perhaps not well-formed,
    escaped twice, or plain text. Of several abstracts the main one is kept; a heading that only says
    "Abstract" goes, other headings become bold beginnings of their paragraphs. Never raises; linear time.
    """
    writer = _Writer()
    tree = tree_of(fragment)
    if len(tree):
        writer.inside(tree, 0)
    else:
        writer.plain(tree.text or "")
    return writer.paragraphs()


def element_to_html(element: _Element) -> str:
    """Give a parsed abstract as HTML paragraphs, and a title or anything else without blocks as one line."""
    writer = _Writer()
    writer.inside(element, 0)
    return writer.paragraphs() if writer.has_blocks else writer.line()


def main_abstract(abstracts: Iterable[_Element], *, language: str = "") -> _Element | None:
    """Choose the abstract proper among those of one work, or None where none has words.

    Args:
        abstracts: `abstract` and `trans-abstract` elements in document order.
        language: Of the work; an abstract in it is preferred among equals.
    """
    filled = [one for one in abstracts if text_of(one)]
    wanted = language.lower()[:2]
    return min(filled, key=lambda one: (_rank(one), _language(one) not in {"", wanted}), default=None)


# -- which abstract -------------------------------------------------------------------------------


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MAIN, _SECOND, _TRANSLATED, _PICTURE = range(4)
_MAIN_TYPES: Final = frozenset({"", "main", "abstract", "normal", "structured", "section", "full", "long"})
_PICTURES: Final = re.compile(r"graphical|visual|video|toc|teaser-image")
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
# Headings of summaries beside the abstract. "Significance" is not here: it opens structured abstracts too.
_SECOND_HEADING: Final = re.compile(
    r"(?:plain[- ]language|lay|author|non[- ]?technical|layman'?s|patient|executive) (?:summary|abstract)|"
    r"(?:elife )?digest|key (?:points?|messages?|findings)|keypoints|highlights|research highlights|"
    r"in brief|teaser|(?:one[- ]sentence|short) summary",
    re.IGNORECASE,
)
_PICTURE_HEADING: Final = re.compile(
    r"(?:graphical|visual|video|pictorial) (?:abstract|summary)|toc graphic", re.IGNORECASE
)
_ABSTRACT_WORDS: Final = _names(
    "abstract zusammenfassung kurzfassung résumé resumen resumo riassunto sommario streszczenie özet "
    "аннотация резюме 摘要 要旨 抄録 초록"
)
_HEADINGS_DROPPED: Final = _ABSTRACT_WORDS | {"summary", "abstract and summary"}


def _rank(abstract: _Element) -> int:
    kind = (abstract.get("abstract-type") or "").strip().lower()
    if _PICTURES.search(kind):
        return _PICTURE
    if local(abstract).lower() == "trans-abstract":
        return _TRANSLATED
    return _MAIN if kind in _MAIN_TYPES else _SECOND


def _language(element: _Element) -> str:
    return (element.get(_XML_LANG) or element.get("lang") or "").lower()[:2]


# -- writing --------------------------------------------------------------------------------------


_RENAMED: Final = {
    "italic": "i", "i": "i", "em": "i", "emphasis": "i", "cite": "i", "var": "i",
    "bold": "b", "b": "b", "strong": "b",
    "sub": "sub", "inf": "sub", "subscript": "sub", "sup": "sup", "superscript": "sup",
    "sc": "sc", "scp": "sc", "small-caps": "sc", "smallcaps": "sc",
    "monospace": "code", "tt": "code", "code": "code",
}  # fmt: skip
_LINKS: Final = _names("a ext-link uri")
_HEADINGS: Final = _names("title h1 h2 h3 h4 h5 h6")
_CONTAINERS: Final = _names("sec section abstract trans-abstract boxed-text div")
_BLOCKS: Final = _names(
    "p list list-item ul ol li dl dt dd def-list def-item def term disp-quote blockquote verse-group "
    "verse-line statement speech table-wrap table thead tbody tr caption abstracttext"
)
_CELLS: Final = _names("td th")
_BREAKS: Final = _names("break br hr")
_FORMULAS: Final = _names("alternatives inline-formula disp-formula dispformula math tex-math")
_DISPLAYED: Final = _names("disp-formula dispformula")
# Pictures and footnotes are no words of an abstract; the rest is the machinery of web pages.
_DROPPED: Final = _names(
    "fig fig-group graphic inline-graphic media inline-media supplementary-material "
    "inline-supplementary-material fn fn-group table-wrap-foot object-id ref-list alt-text long-desc "
    "alt-title script style iframe object svg img annotation annotation-xml"
)
_NOTES: Final = _names("fn table-fn aff corresp author-notes")  # what a reference may lead to

_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_BLANK_LINE: Final = re.compile(r"\n[ \t\r]*\n\s*")
_TAG: Final = re.compile(r"<[^<>]*>")
_ENDS_A_LEAD: Final = ".:：?!。？！"
_SAYS_ABSTRACT: Final = re.compile(
    r"(?:<b>\s*(?:abstract|summary)\s*[.:：]?\s*</b>\s*[.:：]?|(?:abstract|summary)\s*[.:：](?=\s)|"
    r"[▪■]\s*abstract(?=\s)|(?-i:ABSTRACT)(?=\s+[A-Z]))\s*",
    re.IGNORECASE,
)


class _Writer:
    """Writes the paragraphs of one text, each with its standing: rank, and which abstract it is of."""

    __slots__ = ("_base", "_filled", "_last", "_lead", "_open", "_run", "_standing", "_written", "has_blocks")

    def __init__(self) -> None:
        self.has_blocks = False
        self._written: list[tuple[tuple[int, int], str]] = []
        self._filled: set[tuple[int, int]] = set()  # standings that have a paragraph
        self._run: list[str] = []  # the paragraph that is being written
        self._open: list[str] = []  # its inline tags that are open
        self._lead = ""  # a heading or label that waits for its paragraph
        self._standing = self._base = (_MAIN, 0)
        self._last = 0  # number of the abstract begun last

    def line(self) -> str:
        """Give what was written as one line."""
        return _glued("".join(self._run))

    def paragraphs(self) -> str:
        """Give the paragraphs of the best standing."""
        self._edge()
        if self._lead:  # a heading with nothing under it
            self._written.append((self._standing, self._lead))
        best = min((standing for standing, _ in self._written), default=None)
        return "".join(f"<p>{html}</p>" for standing, html in self._written if standing == best)

    def plain(self, text: str) -> None:
        """Write text without markup; blank lines part its paragraphs."""
        for part in _BLANK_LINE.split(text):
            self._words(part)
            self._edge()

    def inside(self, element: _Element, depth: int) -> None:
        """Write an element's words and children."""
        self._words(element.text)
        for child in element:
            if depth < MOST_DEPTH:
                self._node(child, depth + 1)
            else:
                self._words(_characters(child))
            self._words(child.tail)

    def _node(self, element: _Element, depth: int) -> None:
        name = local(element).lower()
        if not name or name in _DROPPED or (name == "xref" and element.get("ref-type") in _NOTES):
            return
        if name in _FORMULAS and self._formula(element, is_display=name in _DISPLAYED):
            return
        if name in _HEADINGS:
            self._heading(element, depth)
        elif name == "label":
            self._label(element)
        elif name in _CONTAINERS:
            self._container(element, name, depth)
        elif name in _BLOCKS:
            self._edge()
            self.inside(element, depth)
            self._edge()
        elif name in _BREAKS:
            self._run.append("<br>")
        else:
            self._inline(element, name, depth)

    def _inline(self, element: _Element, name: str, depth: int) -> None:
        if name in _CELLS:
            self._run.append(" ")
        tag = _RENAMED.get(name, "")
        href = _href(element) if name in _LINKS else ""
        opening = (
            f'<a href="{escape(href).replace(chr(34), "&quot;")}">' if href else f"<{tag}>" if tag else ""
        )
        if not opening:
            self.inside(element, depth)
            return
        at, paragraphs = len(self._run), len(self._written)
        self._run.append(opening)
        self._open.append(opening)
        self.inside(element, depth)
        self._open.pop()
        if len(self._run) == at + 1 and len(self._written) == paragraphs:
            self._run.pop()  # there was nothing in it
        else:
            self._run.append(_closing(opening))

    def _words(self, text: str | None) -> None:
        if text:
            self._run.append(escape(text))

    def _container(self, element: _Element, name: str, depth: int) -> None:
        """Write a section or an abstract within the text; what its headings say ends with it."""
        self._edge()
        standing, base = self._standing, self._base
        if name in {"abstract", "trans-abstract"}:
            self._last += 1
            self._standing = (_rank(element), self._last)
        self._base = self._standing
        self.inside(element, depth)
        self._edge()
        self._standing, self._base = standing, base

    def _heading(self, element: _Element, depth: int) -> None:
        self._edge()
        plain = text_of(element)
        bare = plain.strip(" .:：").lower()
        if not bare:
            return
        is_first = self._base not in self._filled and not self._lead
        self._standing = self._base
        if _PICTURE_HEADING.fullmatch(bare):
            self._standing = (_PICTURE, self._base[1])
        elif _SECOND_HEADING.fullmatch(bare):
            self._standing = (max(_SECOND, self._base[0]), self._base[1])
        elif bare in _ABSTRACT_WORDS and not is_first:  # a second abstract, in another language
            self._last += 1
            self._standing = self._base = (self._base[0], self._last)
        elif not (is_first and bare in _HEADINGS_DROPPED):
            self._lead = " ".join(filter(None, (self._lead, self._bold(element, plain, depth))))

    def _bold(self, element: _Element, plain: str, depth: int) -> str:
        inner = _Writer()
        inner.inside(element, depth)
        words = escape(plain) if inner.has_blocks else inner.line()
        colon = "" if plain[-1] in _ENDS_A_LEAD else "：" if plain[-1] > "\u2e80" else ":"
        return f"<b>{words}{colon}</b>"

    def _label(self, element: _Element) -> None:
        self._edge()
        label = text_of(element)
        self._lead = " ".join(filter(None, (self._lead, escape(label))))

    def _formula(self, element: _Element, *, is_display: bool) -> bool:
        written = formulas(element, is_display=is_display)
        self._run += written
        return bool(written)

    def _edge(self) -> None:
        """End the paragraph, if there is any; inline tags that are open are closed and opened again."""
        self.has_blocks = True
        run = _glued("".join(self._run) + "".join(map(_closing, reversed(self._open))))
        self._run = list(self._open)
        is_first = self._standing not in self._filled
        if is_first and (said := _SAYS_ABSTRACT.match(run)):
            run = run[said.end() :]
        if not _is_filled(run) or (
            is_first and _TAG.sub("", run).strip(" .:：").lower() in _HEADINGS_DROPPED
        ):
            return
        self._filled.add(self._standing)
        apart = " " if self._lead and not self._lead.endswith("：</b>") else ""
        self._written.append((self._standing, f"{self._lead}{apart}{run}"))
        self._lead = ""


def _closing(opening: str) -> str:
    return "</a>" if opening.startswith("<a ") else f"</{opening[1:]}"


def _is_filled(html: str) -> bool:
    return bool(html) and ("<math" in html or bool(_TAG.sub("", html).strip()))


def _characters(element: _Element) -> str:
    return "".join(map(str, element.itertext()))


def _href(element: _Element) -> str:
    for name in ("{http://www.w3.org/1999/xlink}href", "xlink:href", "href"):
        href = (element.get(name) or "").strip()
        if is_web(href):
            return href
    words = text_of(element)
    return words if is_web(words) else ""


# -- white space ----------------------------------------------------------------------------------

# Many records were indented after they had been written: "CO\n      <sub>2</sub>\n      , and". An
# indented line break at a tag is then none of the author's.
_NO_SPACE: Final = re.compile(
    r"(?<=[>$])\n(?=[.,;:!?)\]%])"  # before a mark, behind a tag or formula
    r"|(?<=[(\[])\n"
    r"|(?<=<su[bp]>)\n|\n(?=</su[bp]>)|(?<=\S)\n(?=<sub>)"
    r"|(?<=[\d)\]])\n(?=<sup>)|(?<=\S)\n(?=<sup>\s?[-+−–±∗*†‡])"
)
_ISOTOPE: Final = re.compile(r"(?<=\s)(<sup>\d{1,3}</sup>)\n(?=[A-Z])")


def _glued(html: str) -> str:
    """Fold white space, and undo what indenting did between words and their marks."""
    html = _SPACE.sub(_fold, html)
    if "\n" in html:
        html = _ISOTOPE.sub(r"\1", _NO_SPACE.sub("", html)).replace("\n", " ")
    return html.strip()


def _fold(match: re.Match[str]) -> str:
    """Keep a line break, for a moment, where the next line is indented."""
    return "\n" if "\n" in match[0] and match[0].endswith(("  ", "\t")) else " "


# -- formulas -------------------------------------------------------------------------------------

_BODY: Final = re.compile(r"\\begin\s*\{document\}(.*?)(?:\\end\s*\{document\}|\Z)", re.DOTALL)
_PREAMBLE: Final = re.compile(r"\\(?:documentclass|usepackage|setlength)(?:\[[^\[\]]*\])?(?:\{[^{}]*\}){1,2}")
_COMMENT: Final = re.compile(r"(?<!\\)%[^\n]*\n")
_DOLLAR: Final = re.compile(r"(?<!\\)\$")
_ENVIRONMENT: Final = re.compile(
    r"\\begin\s*\{(?:equation|align|gather|multline|eqnarray|displaymath|math|alignat|flalign)\*?\}"
)
_TEXISH: Final = re.compile(r"[\\^_{}=<>]|^.$", re.DOTALL)
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


def formulas(element: _Element, *, is_display: bool = False) -> list[str]:
    """Write the formulas in an element, each as `$TeX$` or `<math>`; none where it has neither.

    Where a formula is there in both, its TeX is kept, unless only the MathML can be read.
    """
    twins = [one for one in element.iter() if local(one) == "tex-math"]
    mathml = [one for one in element.iter() if local(one) == "math"]
    texts = [tex for one in twins if (tex := _tex(_characters(one)))]
    if not texts:
        texts = [tex for one in mathml if (tex := _annotated(one))]
    if not mathml or (len(texts) == len(mathml) and all(map(_is_readable, texts))):
        return [escape(_delimited(tex, is_display=is_display)) for tex in texts]
    return [_mathml(one, is_display=is_display) for one in mathml if text_of(one)]


def _is_readable(tex: str) -> bool:
    return not math.render(tex).is_raw


def _annotated(mathml: _Element) -> str:
    for one in mathml.iter():
        if local(one) == "annotation" and "tex" in (one.get("encoding") or "").lower():
            return _tex(_characters(one))
    return ""


def _tex(source: str) -> str:
    """Take the document around a formula away, comments, and delimiters that enclose all of it."""
    if "\\begin" in source and (body := _BODY.search(source)):
        source = body[1]
    tex = " ".join(_PREAMBLE.sub(" ", _COMMENT.sub("", source)).split())
    for opening, closing in (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]")):
        inner = tex[len(opening) : -len(closing)]
        if tex.startswith(opening) and tex.endswith(closing) and inner and not _DOLLAR.search(inner):
            return inner.strip()
    return tex


def _delimited(tex: str, *, is_display: bool) -> str:
    if _ENVIRONMENT.match(tex) or tex.startswith("$"):
        return tex
    if is_display:
        return f"$${tex}$$"
    # Between dollar signs, a formula without any sign of TeX might be taken for money or words.
    return f"${tex}$" if _TEXISH.search(tex) and "$" not in tex else f"\\({tex}\\)"


def _mathml(element: _Element, *, is_display: bool, depth: int = 0) -> str:
    """Write MathML without prefixes and annotations."""
    name = local(element)
    if not _NAME.fullmatch(name) or name.startswith("annotation"):
        return ""
    if depth > MOST_DEPTH:
        return escape(text_of(element))
    said = "".join(
        f' {key}="{escape(value).replace(chr(34), "&quot;")}"'
        for key, value in ((str(key), str(value)) for key, value in element.items())
        if _NAME.fullmatch(key) and key not in {"id", "display", "alttext", "altimg", "overflow"}
    )
    is_block = depth == 0 and (is_display or element.get("display") == "block")
    block = ' display="block"' if is_block else ""
    inner = "".join(
        _mathml(child, is_display=is_display, depth=depth + 1) + escape((child.tail or "").strip())
        for child in element
    )
    return f"<{name}{said}{block}>{escape((element.text or '').strip())}{inner}</{name}>"
