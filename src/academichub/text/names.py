"""Take the people out of an author line, each name in reading order."""

from __future__ import annotations

import re
from typing import Final

from academichub.model.papers import Author
from academichub.text.identifiers import normalize_orcid
from academichub.text.titles import bare
from academichub.text.unicode import flat, fold

_HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAS_HAN: Final = re.compile(f"[{_HAN}]")
_HAN_NAME: Final = re.compile(f"[{_HAN}]{{2,4}}|[{_HAN}]+(?:[·•][{_HAN}]+)+")
_HAN_LETTERS: Final = re.compile(f"[{_HAN}]+")
_LONGEST_HAN_NAME: Final = 4  # characters, with a double surname
# A name that needs no cleaning: words of letters, a lower-case one among them, no dot at the end.
_USUAL_NAME: Final = re.compile(r"(?=[^a-z]*[a-z])[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*")
_NOBODY: Final = frozenset(
    (
        "none",
        "null",
        "nan",
        "n/a",
        "na",
        "unknown",
        "undefined",
        "author",
        "authors",
        "作者",
        "无",
        "by",
        "et al",
    )
)

_LABEL: Final = re.compile(r"(?:(?:作\s?者|authors?|by)\s*[:：]\s*|by\s+(?=\S))+", re.IGNORECASE)
_OTHERS: Final = re.compile(
    r"[\s,;，；、]*(?:(?:\bet\.? ?al\b\.?|\band (?:others|colleagues)|等人?)[\s.。,;]*)+$", re.IGNORECASE
)
_OTHERS_ENDS: Final = ("al", "others", "colleagues", "等", "等人")
_TAIL: Final = 24  # characters at the end of a line in which "and colleagues" fits
_LONGEST_NAME: Final = 400  # characters; the longest bodies have half of that, and more is prose
_EMAIL: Final = re.compile(r"(?:mailto:)?[<\[]?[^\s<>()\[\],;@]+@[^\s<>()\[\],;@]+[>\]]?")
_EDGES: Final = " ,;:，；：、。|/*∗†‡§¶#⁎⋆★¹²³⁴⁵⁶⁷⁸⁹⁰✉"  # what hangs on a printed name
_LAST_DOT: Final = re.compile(r"(?<=[^\W\d_]{4})\.$")  # of the sentence; after fewer letters, of the name
_AND: Final = re.compile(r"\s*(?:(?:^|(?<=[\s,]))and(?=\s|$)|&)\s*", re.IGNORECASE)
_SUFFIX: Final = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_DEGREE: Final = re.compile(r"(?:M\.?D|Ph\.?\s?D|M\.?P\.?H|M\.?Sc|B\.?Sc|MBBS|D\.?Phil)\.?")
_LONGEST_SUFFIX: Final = 7  # characters, of suffix or degree: "D.Phil."
_INITIALS: Final = re.compile(r"(?:[A-ZÀ-Þ]\.?[ -]?){1,4}")
_SHARE_OF_INITIALS: Final = 0.4  # of the pieces; half, but for a body or a full given name among them
_GLUED_NAME: Final = re.compile(r"[^\W\d_]\.[^\W\d_]{2}")  # "E.Kopylova" is a whole name
_PARTICLE_WORDS: Final = (
    "van von der den de la le las los del della dei di da do dos das du des",
    "ten ter te zu zur zum el al bin ibn af av y e",
)
_PARTICLES: Final = frozenset(word for words in _PARTICLE_WORDS for word in words.split())
_BODY: Final = re.compile(
    r"\b(?:collaborations?|consortium|group|team|committee|network|initiative|investigators|society|institute"
    r"|university|association)\b",
    re.IGNORECASE,
)
_BODY_START: Final = re.compile(r"(?:(?:for|on behalf of) )?the ", re.IGNORECASE)
_CAPITAL_WORD: Final = re.compile(r"(MC)?([^\W\d_]+)")
_FEW_LETTERS: Final = 3  # so short a name or word in capitals may be initials
_VOWEL: Final = re.compile(r"[AEIOUYÀ-ÖØ-Ý]")

# While a line is cut up, one private character stands for each group in parentheses. The plane of
# private characters has 65,534 of them, more than the longest line can have groups.
_LONGEST_LINE: Final = 100_000  # characters; three thousand authors need 60,000
_FIRST_MASK: Final = 0xF0000
_MASKS: Final = "\U000f0000-\U000ffffd"
_MASK: Final = re.compile(f"[{_MASKS}]")
_BRACKET: Final = re.compile(r"[()]")
_NAME_AND_MASKS: Final = re.compile(f"([^{_MASKS}]*)([{_MASKS} ]*)")
_LEGEND: Final = re.compile(r"\((\d+)\)\s*([^()]+)")


def split_authors(value: str) -> tuple[Author, ...]:
    """Take the people out of one string that may hold several.

    Reads "First Last (Place, Place), Next One" as arXiv writes it, "A; B", "Last, First; Last,
    First", "Doe, J., Roe, A.", "A, B and C", and Chinese lists with commas, enumeration commas or
    spaces. "Last, First" alone is one person. "et al." and names of nobody are dropped.
    """
    line, groups = _mask(_line(value))
    if len(line) == 1 and groups:
        line, groups = _mask(groups[0].strip("() "))
    if ";" in line or "；" in line:
        parts = re.split("[;；]", line)
    elif not line.isascii() and _HAS_HAN.search(line):
        parts = [name for part in re.split("[,，、/]", line) for name in _split_han(part)]
    else:
        parts = _split_latin(line)
    if groups:
        legend = {number: place.strip(" ,;") for number, place in _LEGEND.findall(groups[-1])}
        return tuple(author for part in parts for author in _placed(part, groups=groups, legend=legend))
    return tuple(Author(name) for part in parts if (name := _name(part)))


def clean_name(name: str) -> str:
    """Write one person's or body's name in reading order: "van Beethoven, Ludwig" is "Ludwig van Beethoven".

    E-mail addresses, footnote marks and trailing parentheses go; names in capitals are lowered;
    bodies ("H1 Collaboration") stay as they are. Gives "" where nobody is named.
    """
    line, groups = _mask(_line(name))
    if groups:
        line = _BRACKET.sub(" ", groups[0]) if len(line) == 1 else _MASK.sub(" ", line)
    return _name(_without_others(flat(line)))


def name_key(name: str) -> str:
    """Give what a person is looked up by: "Ludwig van Beethoven" and "Beethoven L" are "beethoven l".

    Surname without particles and first initial, without accents; Chinese names and names of bodies
    whole; "" for no name.
    """
    if _HAS_HAN.search(name):
        return "".join(bare(name).split())
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", bare(name).replace("'", "").replace("’", ""))
    if _BODY.search(name):
        return " ".join(word for word in words if word not in {"the", "for", "on", "behalf", "of"})
    while len(words) > 2 and _SUFFIX.fullmatch(words[-1]):  # noqa: PLR2004  a first and a last name
        words.pop()
    if len(words) < 2:  # noqa: PLR2004  a single name
        return "".join(words)
    first, last = words[0], words[-1]
    written = name.split()
    is_capital = written[-1].isupper() and len(last) <= _FEW_LETTERS and not written[0].isupper()
    if len(last) == 1 or is_capital:  # "Beethoven LV", as PubMed writes it
        first, last = last, first
    return f"{last} {first[0]}"


# -- the line -------------------------------------------------------------------------------------


def _line(value: str) -> str:
    """Fold a line and take off what stands around the names: label, "et al.", addresses, TeX, braces."""
    value = value[:_LONGEST_LINE]
    if "\\" in value:
        from academichub.text.latex import to_plain

        value = to_plain(value)
    line = flat(fold(value))
    if not line.isascii():
        line = line.replace("（", "(").replace("）", ")")
    label = _LABEL.match(line)
    if label:
        line = line[label.end() :]
    if "@" in line:
        line = flat(_EMAIL.sub(" ", line))
    if "{" in line or "}" in line:
        line = flat(line.replace("{", "").replace("}", ""))
    return _without_others(line)


def _without_others(text: str) -> str:
    """Take "et al." off the end. Looks at the end only, for the pattern tries every place."""
    while text[-_TAIL:].rstrip(" .。,;").lower().endswith(_OTHERS_ENDS):
        others = _OTHERS.search(text, max(len(text) - _TAIL, 0))
        if others is None:  # "Jamal"
            break
        text = text[: others.start()]
    return text


def _mask(line: str) -> tuple[str, list[str]]:
    """Put one private character in the place of each outermost group in parentheses, and list the groups.

    A group that is never closed ends with the line; a parenthesis that closes nothing goes.
    """
    if "(" not in line and ")" not in line:
        return line, []
    line = _MASK.sub("", line)
    kept: list[str] = []
    groups: list[str] = []
    depth = start = 0
    for bracket in _BRACKET.finditer(line):
        depth_before, depth = depth, max(depth + (1 if bracket[0] == "(" else -1), 0)
        if depth_before and depth:
            continue  # inside a group
        said = line[start : bracket.start()]
        start = bracket.end()
        if depth_before:
            kept.append(chr(_FIRST_MASK + len(groups)))
            groups.append(said)
        else:
            kept.append(said)
    if depth:
        kept.append(chr(_FIRST_MASK + len(groups)))
        groups.append(line[start:])
    else:
        kept.append(line[start:])
    return "".join(kept).strip(), groups


def _split_han(part: str) -> list[str]:
    """Cut a part of a Chinese list at its spaces, if both sides are whole names."""
    words = part.split()
    letters = [_MASK.sub("", word).strip(_EDGES) for word in words]
    if all(_HAN_NAME.fullmatch(word) for word in letters):
        return words
    is_one_name = len("".join(letters)) <= _LONGEST_HAN_NAME and all(map(_HAN_LETTERS.fullmatch, letters))
    return ["".join(words) if is_one_name else part]


def _split_latin(line: str) -> list[str]:
    """Cut a line at its commas and "and"s, where they stand between people."""
    has_and = "&" in line or "and" in line.lower()
    if has_and and not (_BODY_START.match(line) and _BODY.search(line) and "," not in line):
        chunks = [chunk for chunk in _AND.split(line) if chunk]
    else:
        chunks = [line]
    if len(chunks) > 1 and all(_is_one_person(_pieces(chunk)) for chunk in chunks):
        return chunks  # "Doe, John and Roe, Jane", as BibTeX writes it
    pieces = [piece for chunk in chunks for piece in _pieces(chunk)]
    if len(chunks) == 1 and _is_one_person(pieces):
        return [", ".join(pieces)]
    return _paired(pieces)


def _paired(pieces: list[str]) -> list[str]:
    """Put initials back to the surname before them, where the line is written so: "Roe, J., Doe, A. B."."""
    are_initials = [bool(_INITIALS.fullmatch(piece)) for piece in pieces]
    if sum(are_initials) < _SHARE_OF_INITIALS * len(pieces):
        return pieces
    paired: list[str] = []
    for place, piece in enumerate(pieces):
        if are_initials[place] and place and not are_initials[place - 1]:
            paired[-1] += f", {piece}"
        else:
            paired.append(piece)
    return paired


def _pieces(chunk: str) -> list[str]:
    """Cut at commas; a suffix goes to the name before it, a degree goes away."""
    pieces: list[str] = []
    for part in chunk.split(","):
        piece = part.strip()
        if pieces and len(piece) <= _LONGEST_SUFFIX:
            if _SUFFIX.fullmatch(piece):
                pieces[-1] += f" {piece}"
                continue
            if _DEGREE.fullmatch(piece):
                continue
        if piece:
            pieces.append(piece)
    return pieces


def _is_one_person(pieces: list[str]) -> bool:
    """Tell "Last, First" from two people.

    A surname is one word, with particles before it; two words only where a single given name
    follows ("García Márquez, Gabriel"). Of 10,571 arXiv records with two authors, 14 are taken for one.
    """
    if len(pieces) != 2:  # noqa: PLR2004  last and first
        return False
    last, first = pieces
    if _MASK.search(last) or _BODY.search(last) or _GLUED_NAME.search(first):
        return False
    words = [word for word in last.split() if word not in _PARTICLES and not _SUFFIX.fullmatch(word)]
    if any("." in word or len(word) == 1 for word in words):
        return False
    if len(words) <= 1 or _INITIALS.fullmatch(first):
        return True
    return len(words) == 2 and len(first.split()) == 1  # noqa: PLR2004  the docstring says it


# -- one name -------------------------------------------------------------------------------------


def _name(part: str) -> str:
    """Clean a part that holds one name."""
    name = part.strip()
    if _USUAL_NAME.fullmatch(name):
        return "" if name.lower() in _NOBODY else name
    if len(name) > _LONGEST_NAME:
        return ""
    is_han = bool(_HAS_HAN.search(name))
    edges = f"{_EDGES}0123456789" if is_han else _EDGES
    name = _trimmed(name, edges)
    if "," in name and not is_han:
        name = _trimmed(_in_reading_order(_pieces(name)), edges)
    if not any(map(str.isalpha, name)) or name.lower() in _NOBODY:
        return ""
    return _lowered(name) if name.isupper() else name


def _trimmed(name: str, edges: str) -> str:
    """Take marks, "et al." and a sentence's full stop off the ends until none is left."""
    while (shorter := _LAST_DOT.sub("", _without_others(name.strip(edges)))) != name:
        name = shorter
    return name


def _in_reading_order(pieces: list[str]) -> str:
    """Put the given name before the surname, and a suffix behind both."""
    if len(pieces) != 2 or _BODY.search(pieces[0]):  # noqa: PLR2004  last and first
        return ", ".join(pieces)
    last, first = pieces
    given, _, suffix = first.rpartition(" ")
    if given and _SUFFIX.fullmatch(suffix):
        return f"{given} {last} {suffix}"
    return f"{first} {last}"


def _lowered(name: str) -> str:
    """Lower a name written in capitals. One word alone may be an acronym, and stays."""
    words = name.split(" ")
    if len(words) == 1 or sum(map(str.isalpha, name)) <= _FEW_LETTERS:
        return name
    is_body = bool(_BODY.search(name))
    return " ".join(
        word if is_body and not _BODY.fullmatch(word) else _lowered_word(word, is_first=not place)
        for place, word in enumerate(words)
    )


def _lowered_word(word: str, *, is_first: bool) -> str:
    """Lower one word of a name, unless it is initials or a number."""
    is_initials = "." in word.rstrip(".") or len(word.rstrip(".")) == 1
    if is_initials or (len(word) <= _FEW_LETTERS and not _VOWEL.search(word)) or _SUFFIX.fullmatch(word):
        return word
    if word.lower() in _PARTICLES and not is_first:
        return word.lower()
    return _CAPITAL_WORD.sub(lambda run: (run[1] or "").capitalize() + run[2].capitalize(), word)


# -- names with places ----------------------------------------------------------------------------


def _placed(part: str, *, groups: list[str], legend: dict[str, str]) -> list[Author]:
    """Make authors of a part whose parentheses are masked; a comma may be missing between two of them."""
    runs = [(text.strip(), masks.replace(" ", "")) for text, masks in _NAME_AND_MASKS.findall(part)]
    found = [(text, masks) for text, masks in runs if text or masks]
    if len(found) > 1 and any(len(text.split()) < 2 for text, _ in found):  # noqa: PLR2004  two names
        # A nickname, "William (Bill) Gates": what is in its parentheses goes.
        found = [(" ".join(text for text, _ in found), found[-1][1])]
    authors: list[Author] = []
    for text, masks in found:
        inside = [groups[ord(mask) - _FIRST_MASK] for mask in masks]
        name = _name(text) or (_name(inside[0]) if inside and not text and "(" not in inside[0] else "")
        if name:
            authors.append(_author(name, inside if text else [], legend))
    return authors


def _author(name: str, inside: list[str], legend: dict[str, str]) -> Author:
    """Make an author of a name and what stood in parentheses after it: places, their numbers, an ORCID."""
    orcid: str | None = None
    places: list[str] = []
    for group in inside:
        orcid = orcid or normalize_orcid(group)
        if normalize_orcid(group) or _LEGEND.match(group):
            continue
        said = [place.strip() for place in ([group] if "(" in group else group.split(","))]
        places += [legend.get(place, place) for place in said]
    named = (place for place in places if any(map(str.isalpha, place)))
    return Author(name, orcid, tuple(dict.fromkeys(named)))
