"""Read a text construct: a title, a summary, a content, with how its characters are meant."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Final

from academichub.model.papers import Form, Text
from academichub.sources.markup import escaped, inner, without_wrapper

if TYPE_CHECKING:
    from lxml.etree import _Element

    from academichub.sources.names import Name, Names

FORM_BY_TYPE: Final = {
    "text": Form.PLAIN,
    "plain": Form.PLAIN,
    "text/plain": Form.PLAIN,
    "html": Form.HTML,
    "text/html": Form.HTML,
    "xhtml": Form.XHTML,
    "application/xhtml+xml": Form.XHTML,
}
# A content of these types also serves as the summary where there is none (feedparser's rule).
COPIED_TYPES: Final = frozenset({"", *FORM_BY_TYPE})


def text_of(element: _Element, name: Name, names: Names) -> Text:
    """Read a text construct; outer white space goes, markup inside stays.

    Atom says how to read its texts; RSS does not, and says so with `Form.UNSAID`. Children in the
    element are markup, whatever its type claims.
    """
    if len(element):
        return Text(inner(without_wrapper(element, names), names).strip(), Form.XHTML)
    value = (element.text or "").strip()
    stated = element.get("type")
    if not stated and not name.is_atom:
        return Text(value)
    form = form_of((stated or "").strip().lower(), is_atom=name.is_atom)
    mode = element.get("mode") if name.is_atom else None  # Atom 0.3
    if mode == "base64" or (form is None and name.is_atom):
        value, form = _unpacked(value), form or Form.UNSAID
    if form is Form.XHTML:
        # No markup in it: either it was escaped once too often, or it is only text.
        form = Form.HTML if "<" in value or mode == "escaped" else form
        value = value if form is Form.HTML else escaped(value)
    return Text(value, form or Form.UNSAID)


def form_of(stated: str, *, is_atom: bool) -> Form | None:
    """Give the form a `type` attribute means; None where it is no text at all."""
    if not stated:
        return Form.PLAIN if is_atom else Form.UNSAID
    if stated in FORM_BY_TYPE:
        return FORM_BY_TYPE[stated]
    if stated.startswith("text/"):
        return Form.PLAIN
    return Form.XHTML if stated.endswith(("+xml", "/xml")) else None


def _unpacked(value: str) -> str:
    """Undo base64, where it was base64 of text."""
    try:
        return base64.b64decode(value).decode("utf-8").strip()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return value
