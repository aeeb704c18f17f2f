"""Write the inside of an element back as markup, free of namespaces and prefixes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import _Element

    from academichub.sources.names import Names

# Elements whose vocabulary HTML knows by its namespace; they say it, as HTML in XML must.
FOREIGN: Final = {
    "math": "http://www.w3.org/1998/Math/MathML",
    "svg": "http://www.w3.org/2000/svg",
}
# Elements HTML never closes; any other empty element is written with its end tag.
VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


def plain(element: _Element) -> str:
    """Give an element's text, its descendants' included, with no markup."""
    return (element.text or "") if len(element) == 0 else "".join(map(str, element.itertext()))


def line_of(element: _Element) -> int:
    """Give the line an element begins in, counted from the root element; 0 where it is not known."""
    line: object = element.sourceline  # the stubs know no type for it
    return line if isinstance(line, int) else 0


def inner(element: _Element, names: Names) -> str:
    """Give what is inside an element as markup: text escaped, tags by their local names."""
    pieces: list[str] = [escaped(element.text)]
    for child in element:
        _write(child, names, pieces)
    return "".join(pieces)


def without_wrapper(element: _Element, names: Names) -> _Element:
    """Give the lone `div` that Atom puts around XHTML, or the element itself."""
    if len(element) != 1 or (element.text or "").strip():
        return element
    only = element[0]
    if names.of(only).name.rpartition(":")[2] != "div" or (only.tail or "").strip():
        return element
    return only


def escaped(text: str | None) -> str:
    """Escape text for use between tags."""
    if not text:
        return ""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _write(element: _Element, names: Names, pieces: list[str]) -> None:
    """Append one element with its tail; the depth is bounded by the parser's."""
    local = names.of(element).name.rpartition(":")[2]
    pieces.append("<" + local)
    if local in FOREIGN:
        pieces.append(f' xmlns="{FOREIGN[local]}"')
    for name, value in names.attributes(element):
        quoted = escaped(value).replace('"', "&quot;")
        pieces.append(f' {name}="{quoted}"')
    if len(element) == 0 and not element.text and local in VOID:
        pieces.append("/>")
    else:
        pieces.append(">" + escaped(element.text))
        for child in element:
            _write(child, names, pieces)
        pieces.append(f"</{local}>")
    pieces.append(escaped(element.tail))
