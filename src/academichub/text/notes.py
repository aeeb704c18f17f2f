"""Show what readers write in Markdown: safe HTML, made by the program alone.

Two locks: the parser knows no HTML and links only to the web, and what it wrote is cleaned again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import nh3
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.renderer import RendererProtocol
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

_TEXT: Final = frozenset({"p", "br", "hr", "em", "strong", "s", "code", "pre", "a", "h3", "h4", "h5", "h6"})
_LISTS: Final = frozenset({"blockquote", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"})
_CLEANER: Final = nh3.Cleaner(
    tags=set(_TEXT | _LISTS),
    attributes={"a": {"href", "title"}, "ol": {"start"}},
    url_schemes={"http", "https"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
)
_HIGHEST_HEADING: Final = 3  # a note stands under the page's own headings
_LOWEST_HEADING: Final = 6


class _Parser(MarkdownIt):
    """A parser that links to the web alone."""

    def validateLink(self, url: str) -> bool:  # noqa: N802  # the parser's name for it
        """Tell whether an address may be linked; what has another one stays as it was written."""
        return url.lower().startswith(("http://", "https://"))


def to_html(text: str) -> str:
    """Render a note; HTML in it is shown as characters, pictures as links, other schemes as words."""
    parser = _Parser("commonmark", {"html": False, "linkify": False, "breaks": True, "maxNesting": 100})
    parser.enable(["table", "strikethrough"])
    parser.add_render_rule("heading_open", _heading)
    parser.add_render_rule("heading_close", _heading)
    parser.add_render_rule("image", _picture)
    storable = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is no character
    return _CLEANER.clean(parser.render(storable)).strip()


def _heading(
    renderer: RendererProtocol,  # noqa: ARG001  # the parser's signature, as the three below
    tokens: Sequence[Token],
    place: int,
    options: OptionsDict,  # noqa: ARG001
    env: EnvType,  # noqa: ARG001
) -> str:
    """Lower a heading below those of the page."""
    token = tokens[place]
    level = min(int(token.tag[1:]) + _HIGHEST_HEADING - 1, _LOWEST_HEADING)
    return f"<h{level}>" if token.nesting == 1 else f"</h{level}>\n"


def _picture(
    renderer: RendererProtocol,  # noqa: ARG001  # the parser's signature, as the two below
    tokens: Sequence[Token],
    place: int,
    options: OptionsDict,  # noqa: ARG001
    env: EnvType,  # noqa: ARG001
) -> str:
    """Lead to a picture: showing it would tell a stranger's server who reads what."""
    token = tokens[place]
    address = nh3.clean_text(str(token.attrs.get("src", "")))
    return f'<a href="{address}">{nh3.clean_text(token.content) or address}</a>'
