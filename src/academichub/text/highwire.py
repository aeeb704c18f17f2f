"""Undo the marks that HighWire's converter leaves in abstracts: bioRxiv and medRxiv, and whoever copies them.

Where their pages have a heading, a list, small capitals or a figure, the text of the API has a pair of marks:
"O_ST_ABSBackgroundC_ST_ABSWe saw", "O_LIFirst.C_LI", "AO_SCPLOWBSTRACTC_SCPLOW".
"""

from __future__ import annotations

import re
from typing import Final

_MARKED: Final = re.compile(r"[OC]_(?:ST_ABS|LI|FIG|TBL|SCPLOW|SCPCAP|TEXTBOX|QD)")
# A figure or table is its address and the converter's own names; what it shows is not in the text.
_SHOWN: Final = ("FIG", "TBL")
_SHOWN_ALONE: Final = re.compile(r"graphical (?:abstract|summary)|toc graphics?", re.IGNORECASE)
# "Abstract" and the like before everything else: a label, not a word of the text.
_LABEL: Final = re.compile(
    r"\s*(?:AO_SCPLOWBSTRACTC_SCPLOW|SO_SCPLOWUMMARYC_SCPLOW|O_SCPCAP(?:abstract|summary)C_SCPCAP"
    r"|(?:abstract|summary)[ \t]*(?=O_ST_ABS))",
    re.IGNORECASE,
)
_CAPITALS: Final = re.compile(r"[OC]_SCP(?:LOW|CAP)")
_HEADING: Final = re.compile(r"O_ST_ABS([^\n]{1,120}?)C_ST_ABS")
_ITEM: Final = "O_LI"
_LEFT_OVER: Final = re.compile(r"[OC]_(?:ST_ABS|LI|FIG|TBL|TEXTBOX|QD)")


def unmarked(text: str) -> str:
    """Give a text without marks: headings and items as paragraphs, figures left out, small capitals plain.

    A text without any comes back as it is. Takes time in proportion to the text.
    """
    if "_" not in text or _MARKED.search(text) is None:
        return text
    for name in _SHOWN:
        text = _without(text, name)
    label = _LABEL.match(text)
    text = _CAPITALS.sub("", text[label.end() :] if label else text)
    text = _HEADING.sub(r"\n\n\1 ", text.replace(_ITEM, "\n\n• "))
    return _in_paragraphs(_LEFT_OVER.sub("\n\n", text))


def _without(text: str, name: str) -> str:
    """Cut out what stands between two marks; where the second is missing, as far as its picture goes."""
    first, *rest = text.split(f"O_{name}")
    kept = [first]
    for piece in rest:
        before, closed, after = piece.partition(f"C_{name}")
        if not closed:
            before, closed, after = piece.partition(f"M_{name}")
        kept.append(after if closed else before)
    return "".join(kept)


def _in_paragraphs(text: str) -> str:
    """Part paragraphs by one blank line; drop a last one that only announces a picture."""
    paragraphs: list[list[str]] = [[]]
    for line in map(str.strip, text.split("\n")):
        if line:
            paragraphs[-1].append(" ".join(line.split()) if line.startswith("•") else line)
        elif paragraphs[-1]:
            paragraphs.append([])
    written = ["\n".join(lines) for lines in paragraphs if lines]
    if written and _SHOWN_ALONE.fullmatch(written[-1]):
        del written[-1]
    return "\n\n".join(written)
