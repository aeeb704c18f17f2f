"""Write MathML as one line of Unicode, the way a mathematician types it in a mail."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple, TypeAlias

from academichub.text import mathchars

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH: Final = 200  # elements within elements; browsers give up at 512

Kind: TypeAlias = Literal["ord", "num", "op", "bin", "rel", "open", "close", "punct", "dots", "text", "space"]
_OPERANDS = frozenset({"ord", "num", "op", "open", "close", "dots", "text"})


class MathTooDeep(ValueError):
    """The MathML nests deeper than MAX_DEPTH."""


class Atom(NamedTuple):
    """A piece of a formula and what it is to its neighbours, in TeX's terms.

    A named tuple: a formula makes dozens, and these cost a third of a frozen dataclass.
    """

    text: str
    kind: Kind = "ord"
    is_compound: bool = False  # needs parentheses where something is attached to it
    is_fraction: bool = False  # needs parentheses where something follows it


@dataclass(slots=True)
class Node:
    """An element of the formula."""

    tag: str
    attributes: str = ""
    children: list[Node | str] = field(default_factory=list)

    @property
    def elements(self) -> list[Node]:
        """Children that are elements."""
        return [child for child in self.children if isinstance(child, Node)]

    @property
    def text(self) -> str:
        """All characters below, in order."""
        if len(self.children) == 1 and isinstance(self.children[0], str):
            return self.children[0]
        return "".join([child if isinstance(child, str) else child.text for child in self.children])


def linear(mathml: str) -> str:
    """Write one `<math>` element as linear text (UnicodeMath's habits).

    Args:
        mathml: Sanitised MathML, every element closed (what `markup.clean_math` returns).

    Returns:
        One line: "O(log k)", "k ≤ 6", "x²", "a/(b+1)", "∑ᵢ₌₁ⁿ xᵢ"; no TeX, no invisible operators.

    Raises:
        MathTooDeep: The elements nest deeper than MAX_DEPTH.

    Source:
        M. Sargent, UnicodeMath (Unicode Technical Note 28); spacing after The TeXbook, ch. 18.
    """
    return _Writer(is_spaced=True).line(_parse(mathml)).strip()


_SPACES = re.compile(" {2,}")
# A leaf with its text at once, or a tag, or a text: most of a formula is leaves.
_TOKEN = re.compile(r"<(m[ino]|mtext)([^>]*)>([^<]*)</\1>|<(/?)([a-zA-Z]+)([^>]*)>|([^<]+)")


def _parse(mathml: str) -> Node:
    root = Node("mrow")
    path = [root]
    for leaf, leaf_attributes, written, close, tag, attributes, text in _TOKEN.findall(mathml):
        if leaf:
            written = unescape(written) if "&" in written else written  # noqa: PLW2901 - the same text, read
            path[-1].children.append(Node(leaf, leaf_attributes, [written]))
        elif text:
            path[-1].children.append(unescape(text) if "&" in text else text)
        elif close:
            path.pop()
        else:
            node = Node(tag, attributes)
            path[-1].children.append(node)
            path.append(node)
            if len(path) > MAX_DEPTH:
                raise MathTooDeep
    return root


@dataclass(frozen=True, slots=True)
class _Writer:
    """Turns nodes into atoms and atoms into a line; scripts and fractions are set tight."""

    is_spaced: bool

    def line(self, node: Node) -> str:
        """Write the children of a node as one line."""
        return _join(self.row(node.children), is_spaced=self.is_spaced)

    def tight(self, node: Node) -> str:
        """Write a node as a script or a side of a fraction."""
        return _join(_Writer(is_spaced=False).atoms(node), is_spaced=False).strip()

    def row(self, children: list[Node | str]) -> list[Atom]:
        """List the atoms of a row."""
        return [atom for child in children if isinstance(child, Node) for atom in self.atoms(child)]

    def atoms(self, node: Node) -> list[Atom]:
        """List the atoms of a node."""
        if make := self._MAKERS.get(node.tag):
            return make(self, node)
        return self.row(node.children)

    def _space(self, node: Node) -> list[Atom]:
        return [Atom(" ", "space")] if mathchars.is_wide(node.attributes) else []

    def _text(self, node: Node) -> list[Atom]:
        return [Atom(mathchars.letters(node.text).replace("\xa0", " ").replace("ˆ", "^"), "text")]

    def _square_root(self, node: Node) -> list[Atom]:
        return [Atom("√" + _group(self.tight(Node("mrow", "", node.children))))]

    def _nothing(self, _: Node) -> list[Atom]:
        return []

    def _fraction(self, node: Node) -> list[Atom]:
        over, under = self._two(node)
        if mathchars.NO_LINE.search(node.attributes):
            return [Atom(f"{over} choose {under}", is_compound=True)]
        return [Atom(f"{_group(over)}/{_group(under)}", is_compound=True, is_fraction=True)]

    def _two(self, node: Node) -> tuple[str, str]:
        """Write the first two parts of a node; what is missing is empty."""
        over, under = [*(self.tight(part) for part in node.elements), "", ""][:2]
        return over, under

    def _root(self, node: Node) -> list[Atom]:
        radicand, index = self._two(node)
        sign = {"3": "∛", "4": "∜"}.get(index) or (mathchars.raised(index) or _group(index)) + "√"
        return [Atom(sign + _group(radicand))]

    def _scripted(self, node: Node) -> list[Atom]:
        parts = node.elements
        if not parts:
            return []
        base = self.atoms(parts[0])
        low, high = _low_and_high(node.tag, parts[1:])
        if node.tag == "mover" and high and (mark := mathchars.ABOVE.get(high.text.strip())) is not None:
            return [_accented(_join(base, is_spaced=False), mark)]
        if node.tag == "munder" and low and (mark := mathchars.BELOW.get(low.text.strip())) is not None:
            return [_accented(_join(base, is_spaced=False), mark)]
        return _attach(base, _scripts(self.tight(low) if low else "", self.tight(high) if high else ""))

    def _multiscripts(self, node: Node) -> list[Atom]:
        parts = node.elements
        base = _join(self.atoms(parts[0]), is_spaced=False) if parts else ""
        at = next((i for i, part in enumerate(parts) if part.tag == "mprescripts"), len(parts))
        before = self._pairs(parts[at + 1 :])
        after = self._pairs(parts[1:at])
        return [Atom(before + base + after)]

    def _pairs(self, parts: list[Node]) -> str:
        texts = [self.tight(part) for part in parts]
        return "".join(_low(text) if i % 2 == 0 else _high(text) for i, text in enumerate(texts))

    def _table(self, node: Node) -> list[Atom]:
        if 'displaystyle="true"' in node.attributes:  # aligned equations: the cells of a row are one line
            rows = [_join(self.row([*row.elements]), is_spaced=True).strip() for row in node.elements]
        else:
            cells = ((self.line(cell).strip() for cell in row.elements) for row in node.elements)
            rows = [", ".join(cell for cell in row if cell) for row in cells]
        return [Atom("; ".join(row for row in rows if row), "text")]

    def _first(self, node: Node) -> list[Atom]:
        return self.row(list(node.elements[:1]))

    def _plain_leaf(self, node: Node) -> list[Atom]:
        return _leaf(node)

    _MAKERS: ClassVar[dict[str, Callable[[_Writer, Node], list[Atom]]]] = {
        **dict.fromkeys(("mi", "mn", "mo"), _plain_leaf),
        **dict.fromkeys(("msub", "msup", "msubsup", "munder", "mover", "munderover"), _scripted),
        **dict.fromkeys(("mphantom", "none", "mprescripts"), _nothing),
        "mspace": _space,
        "mtext": _text,
        "mfrac": _fraction,
        "msqrt": _square_root,
        "mroot": _root,
        "mmultiscripts": _multiscripts,
        "mtable": _table,
        "semantics": _first,
    }


def _low_and_high(tag: str, scripts: list[Node]) -> tuple[Node | None, Node | None]:
    """Tell the subscript from the superscript by the element's name."""
    first = scripts[0] if scripts else None
    if tag in {"msup", "mover"}:
        return None, first
    second = scripts[1] if len(scripts) > 1 and tag in {"msubsup", "munderover"} else None
    return first, second


def _leaf(node: Node) -> list[Atom]:
    return list(_sign(node.tag, node.attributes, node.text))


@lru_cache(maxsize=4096)
def _sign(tag: str, attributes: str, written: str) -> tuple[Atom, ...]:
    """Make the atom of a leaf; kept, because formulas are written with few different signs."""
    own = written.strip()
    text = mathchars.letters(own)
    if not text:
        return ()
    if tag == "mn":
        return (Atom(text, "num"),)
    if text in mathchars.FUNCTIONS:
        return (Atom(text, "op"),)
    if tag == "mi":
        return (Atom(text, mathchars.LETTER_KINDS.get(text, "ord")),)
    kind = mathchars.kind_of(own)
    if kind == "bin" and mathchars.TIGHT.search(attributes):
        kind = "ord"  # the converter already knows that this one is a sign, no operation
    return (Atom(text, kind),)


def _attach(base: list[Atom], scripts: str) -> list[Atom]:
    """Put scripts on the last atom of a base, in parentheses where they belong to all of it."""
    if len(base) == 1:
        only = base[0]
        if only.is_compound:
            return [Atom(f"({only.text}){scripts}")]
        return [Atom(only.text + scripts, "ord" if only.kind == "num" else only.kind)]
    whole = _join(base, is_spaced=False)
    is_bracketed = bool(base) and (base[0].kind == "open" or base[-1].kind == "close")
    if not whole or is_bracketed or whole.isalnum():
        return [Atom(whole + scripts)]
    return [Atom(f"({whole}){scripts}")]


def _scripts(low: str, high: str) -> str:
    """Write both scripts; the one in small characters goes first: H¹_loc cannot be misread, H_loc¹ can."""
    below, above = _low(low), _high(high)
    return above + below if below[:1] == "_" and above[:1] not in {"", "^"} else below + above


def _low(text: str) -> str:
    if not text:
        return ""
    return mathchars.lowered(text) or "_" + _group(text)


def _high(text: str) -> str:
    if not text:
        return ""
    if all(char in mathchars.STAYS_UP for char in text):
        return text.translate(mathchars.UPPED)
    return mathchars.raised(text) or "^" + _group(text)


def _accented(base: str, mark: str) -> Atom:
    if not mark:
        return Atom(base)
    return Atom(unicodedata.normalize("NFC", "".join(c + mark if c.isalnum() else c for c in base) or mark))


def _group(text: str) -> str:
    """Put parentheses around anything that is not one word, one sign, or already in them."""
    if mathchars.WORD.fullmatch(text) or len(text) <= 1 or mathchars.is_bracketed(text):
        return text
    return f"({text})"


_PLAIN: frozenset[Kind] = frozenset({"ord", "num", "op"})


def _join(atoms: list[Atom], *, is_spaced: bool) -> str:
    if len(atoms) == 1 and atoms[0].kind in _PLAIN:
        return atoms[0].text
    if all(atom.kind == "ord" and not atom.is_compound and atom.text.isalnum() for atom in atoms):
        return "".join([atom.text for atom in atoms])
    atoms = _tidied([atom for atom in atoms if atom.text])
    kinds = _settled([atom.kind for atom in atoms], is_spaced=is_spaced)
    out: list[str] = []
    depth = 0
    for i, atom in enumerate(atoms):
        depth += (atom.kind == "open") - (atom.kind == "close")
        text = atom.text
        after = kinds[i + 1] if i + 1 < len(atoms) else None
        if len(atoms) > 1 and _is_ambiguous(atom, kinds[i - 1] if i else None, after):
            text = f"({text})"
        if i and _is_gap(atoms[i - 1], kinds[i - 1], atom, kinds[i], is_spaced=is_spaced):
            is_thousands = kinds[i - 1] == "punct" and not depth and _is_thousands(atoms, i)
            out.append("" if is_thousands else " ")
        out.append(text)
    line = "".join(out)
    return _SPACES.sub(" ", line) if "  " in line else line


def _is_ambiguous(atom: Atom, before: Kind | None, after: Kind | None) -> bool:
    """Tell whether a fraction or a binomial needs parentheses among its neighbours."""
    if not atom.is_compound:
        return False
    return after in {"ord", "num", "op"} or not (atom.is_fraction or before == "open")


def _tidied(atoms: list[Atom]) -> list[Atom]:
    """Make one atom of three dots, brackets of paired bars; drop spaces that only help typesetting."""
    bars = [i for i, atom in enumerate(atoms) if atom.kind == "ord" and atom.text[:1] in mathchars.BARS]
    side: dict[int, Kind] = {}
    if len(bars) % 2 == 0:
        side = {i: "close" if n % 2 else "open" for n, i in enumerate(bars)}
    kept: list[Atom] = []
    for i, atom in enumerate(atoms):
        before = kept[-1] if kept else None
        after = atoms[i + 1] if i + 1 < len(atoms) else None
        if atom.text == "." and [a.text for a in kept[-2:]] == [".", "."]:
            kept[-2:] = [Atom("…", "dots")]
        elif i in side:
            kept.append(Atom(atom.text, side[i]))
        elif atom.kind != "space" or not _is_idle(before, after, side.get(i + 1)):
            kept.append(atom)
    return kept


def _is_idle(before: Atom | None, after: Atom | None, bar: Kind | None) -> bool:
    """Tell a space that shows nothing: after a bracket, a sign or another space, before a bracket."""
    if before is None or after is None or bar == "close":
        return True
    return (
        before.kind in {"open", "space"} or before.text in mathchars.SIGNS or after.kind in {"close", "punct"}
    )


def _settled(kinds: list[Kind], *, is_spaced: bool) -> list[Kind]:
    """Make signs of operators and relations that do not stand between two operands."""
    settled = list(kinds)
    for i, kind in enumerate(kinds):
        if kind not in {"bin", "rel"}:
            continue
        before = next((k for k in reversed(settled[:i]) if k != "space"), None)
        after = next((k for k in kinds[i + 1 :] if k != "space"), None)
        left = _OPERANDS - {"open"} | ({"rel"} if kind == "rel" else set())
        right = _OPERANDS - {"close"} | {"bin", "rel"}
        if not is_spaced or before not in left or after not in right:
            settled[i] = "ord" if is_spaced or kind == "bin" else "rel"
    return settled


def _is_gap(a: Atom, a_kind: Kind, b: Atom, b_kind: Kind, *, is_spaced: bool) -> bool:
    words = {"ord", "num", "op", "dots"}
    if "space" in (a_kind, b_kind) or ("text" in (a_kind, b_kind) and not {a_kind, b_kind} & {"bin", "rel"}):
        return False
    if a_kind == "op":
        return b_kind in words or (b_kind == "rel" and is_spaced) or (b_kind == "bin" and is_spaced)
    if b_kind == "op" and a_kind in {"ord", "num", "close", "dots"}:
        return a.text not in mathchars.SIGNS
    if a_kind == b_kind == "num":
        return True
    if not is_spaced:
        return False
    if a_kind in {"bin", "rel"} or b_kind in {"bin", "rel"}:
        return not (a_kind == b_kind == "rel")
    if a_kind == "punct":
        return b_kind not in {"close", "punct"}
    return (a_kind == "dots" and b_kind in {"ord", "num", "open"}) or (
        b_kind == "dots" and a_kind in {"ord", "num", "close"} and bool(b.text)
    )


def _is_thousands(atoms: list[Atom], i: int) -> bool:
    """Tell 1,000 from a pair: up to three digits, a comma, three digits, outside parentheses."""
    if i < 2 or atoms[i - 1].text != ",":  # noqa: PLR2004 - a number and a comma stand before
        return False
    before, after = atoms[i - 2].text, atoms[i].text
    return bool(re.fullmatch(r"\d{1,3}", before) and re.fullmatch(r"\d{3}(\.\d+)?", after))
