"""Set a briefing as Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.briefing.printing import clean, is_safe, said_of

if TYPE_CHECKING:
    from academichub.briefing.outline import Block, Outline, Reference, Sentence

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>()#+!|~^$&])")
_START: Final = re.compile(r"^([-=]|\d+(?=[.)]))")


def to_markdown(outline: Outline) -> str:
    """Set a briefing as Markdown; what papers wrote stands as it is, and formats nothing."""
    lines = [f"# {_md(outline.title)} · {outline.days}", ""]
    if outline.radars:
        lines += [_md(outline.radars), ""]
    if outline.account:
        lines += [*(f"*{_md(line)}*  " for line in outline.account), ""]
    for block in outline.blocks:
        lines += _block(block)
    if outline.references:
        lines += [f"## {_md(outline.references_heading)}", ""]
        for number, reference in outline.references:
            lines += [f"\\[{number}\\] {_reference(reference)}  "]
        lines.append("")
    if outline.uncited:
        lines += [_md(outline.uncited), ""]
    return "\n".join(lines).rstrip() + "\n"


def _block(block: Block) -> list[str]:
    lines = []
    if block.heading:
        lines += [f"{'#' * block.level} {_md(block.heading)}", ""]
    if block.note:
        lines += [f"*{_md(block.note)}*", ""]
    if block.is_list:
        return [*lines, *(f"- {_sentence(one)}" for one in block.sentences), ""]
    for one in block.sentences:
        lines += [("> " if one.is_quote else "") + _sentence(one), ""]
    return lines


def _md(text: str) -> str:
    return _START.sub(r"\\\1", _SPECIAL.sub(r"\\\1", clean(text)))


def _sentence(one: Sentence) -> str:
    numbers = "".join(f"\\[{number}\\]" for number in one.numbers)
    note = f" *({_md(one.note)})*" if one.note else ""
    return f"{_md(one.text)} {numbers}{note}".rstrip()


def _reference(reference: Reference) -> str:
    said = [_md(part) for part in said_of(reference)]
    url = f" <{reference.url}>" if is_safe(reference.url) else ""
    return f"**{_md(reference.title)}** {'. '.join(said)}{url}".rstrip()
