"""Set a briefing as one page of HTML that needs nothing else."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from academichub.briefing.printing import clean, is_safe, said_of

if TYPE_CHECKING:
    from academichub.briefing.outline import Block, Outline, Reference, Sentence

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def to_html(outline: Outline) -> str:
    """Set a briefing as one HTML file: no script, nothing fetched, at home on paper and on a phone."""
    language = {"zh": "zh-CN", "en": "en"}[outline.language]
    style = (files("academichub.briefing") / "press" / "page.css").read_text(encoding="utf-8")
    parts = [
        "<!doctype html>",
        f'<html lang="{language}">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{_html(outline.title)} · {outline.days}</title>",
        f"<style>{style}</style></head>",
        "<body><main>",
        f"<header><h1>{_html(outline.title)}</h1><p class=days>{outline.days}</p>",
    ]
    if outline.radars:
        parts.append(f"<p>{_html(outline.radars)}</p>")
    parts += [f"<p class=account>{_html(line)}</p>" for line in outline.account]
    parts.append("</header>")
    parts += [_block(block) for block in outline.blocks]
    if outline.references:
        parts.append(f"<section class=references><h2>{_html(outline.references_heading)}</h2><ol>")
        parts += [_reference(number, reference) for number, reference in outline.references]
        parts.append("</ol></section>")
    if outline.uncited:
        parts.append(f"<p class=account>{_html(outline.uncited)}</p>")
    parts.append("</main></body></html>\n")
    return "\n".join(parts)


def _html(text: str) -> str:
    return escape(clean(text))


def _block(block: Block) -> str:
    parts = ["<section>"]
    if block.heading:
        parts.append(f"<h{block.level}>{_html(block.heading)}</h{block.level}>")
    if block.note:
        parts.append(f"<p class=note>{_html(block.note)}</p>")
    if block.is_list:
        items = "".join(f"<li>{_sentence(one)}</li>" for one in block.sentences)
        parts.append(f"<ul>{items}</ul>")
    else:
        parts += [f"<p>{_sentence(one)}</p>" for one in block.sentences]
    parts.append("</section>")
    return "".join(parts)


def _sentence(one: Sentence) -> str:
    marks = "".join(f'<a href="#r{number}">[{number}]</a>' for number in one.numbers)
    marks = f"<sup>{marks}</sup>" if marks else ""
    note = f" <small>{_html(one.note)}</small>" if one.note else ""
    language = f' lang="{_html(one.language)}"' if one.language else ""
    tag = "q" if one.is_quote else "span"
    return f"<{tag}{language}>{_html(one.text)}{marks}{note}</{tag}>"


def _reference(number: int, reference: Reference) -> str:
    title = _html(reference.title)
    if is_safe(reference.url):
        title = f'<a href="{_html(reference.url)}" rel="noreferrer">{title}</a>'
    said = ". ".join(_html(part) for part in said_of(reference))
    return f'<li id="r{number}" value="{number}"><b>{title}</b> {said}</li>'
