"""Set a briefing as Typst source, which becomes a PDF. What papers wrote is strings there, never code."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from academichub.briefing.printing import clean, is_safe, said_of

if TYPE_CHECKING:
    from academichub.briefing.outline import Block, Outline, Reference, Sentence


def to_typst(outline: Outline) -> str:
    """Set a briefing as Typst source."""
    lines = [
        (files("academichub.briefing") / "press" / "journal.typ").read_text(encoding="utf-8"),
        f'#set text(lang: "{outline.language}")',
        f"#set document(title: {_string(f'{outline.title} {outline.days}')}, date: none)",
        f"#text(size: 22pt, weight: 600, {_string(outline.title)})",
        f'#v(-0.6em)#text(size: 12pt, fill: rgb("#8a2f22"), {_string(outline.days)})',
    ]
    if outline.radars:
        lines.append(f"#v(-0.2em)#text({_string(outline.radars)})#v(0.2em)")
    lines += [f"#block(spacing: 0.5em, note({_string(line)}))" for line in outline.account]
    for block in outline.blocks:
        lines += _block(block)
    if outline.references:
        lines.append(f"#heading(level: 2, {_string(outline.references_heading)})")
        lines.append("#set text(size: 8.5pt)")
        lines += [_reference(number, reference) for number, reference in outline.references]
    if outline.uncited:
        lines.append(f"#note({_string(outline.uncited)})")
    return "\n".join(lines) + "\n"


def _string(text: str) -> str:
    """Write a string of Typst."""
    return '"' + clean(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _block(block: Block) -> list[str]:
    lines = []
    if block.heading:
        lines.append(f"#heading(level: {block.level}, {_string(block.heading)})")
    if block.note:
        lines.append(f"#block(below: 0.6em, sticky: true, note({_string(block.note)}))")
    for one in block.sentences:
        element = "list" if block.is_list else "said" if one.is_quote else "par"
        lines.append(f"#{element}({_sentence(one)})")
    return lines


def _sentence(one: Sentence) -> str:
    body = f"text({_string(one.text)})"
    if one.numbers:
        numbers = "".join(f"[{number}]" for number in one.numbers)
        body += f" + h(2pt) + super({_string(numbers)})"
    if one.note:
        body += f" + h(4pt) + note({_string(one.note)})"
    return body


def _reference(number: int, reference: Reference) -> str:
    body = f"text(weight: 600, {_string(reference.title)})"
    said = ". ".join(said_of(reference))
    if said:
        body += f" + h(3pt) + text({_string(said)})"
    if is_safe(reference.url):
        body += f" + h(3pt) + link({_string(reference.url)})"
    return f"#grid(columns: (2.2em, 1fr), text({_string(f'[{number}]')}), {body})"
