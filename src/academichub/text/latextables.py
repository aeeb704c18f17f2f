"""What text-mode TeX commands mean: tables for `latex`."""

from __future__ import annotations

from typing import Final

# Accents: command -> combining character.
SIGN_ACCENTS: Final = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
}  # fmt: skip
LETTER_ACCENTS: Final = {
    "H": "\u030b", "c": "\u0327", "k": "\u0328", "d": "\u0323", "b": "\u0331", "r": "\u030a", "u": "\u0306",
    "v": "\u030c", "t": "\u0361",
}  # fmt: skip
LETTERS: Final = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å",
    "ss": "ß", "SS": "ẞ", "i": "ı", "j": "ȷ", "th": "þ", "TH": "Þ", "dh": "ð", "DH": "Ð", "dj": "đ",
    "DJ": "Đ",
    "ng": "ŋ", "NG": "Ŋ",
}  # fmt: skip

# Commands that stand for characters.
SYMBOLS: Final = {
    "ldots": "…", "dots": "…", "textellipsis": "…", "cdots": "⋯", "textmu": "µ", "micro": "µ", "micron": "µm",
    "textdegree": "°", "degree": "°", "degrees": "°", "deg": "°", "textcelsius": "°C", "celsius": "°C",
    "textregistered": "®", "texttrademark": "™", "textcopyright": "©", "copyright": "©", "S": "§", "P": "¶",
    "textsection": "§", "textparagraph": "¶", "pounds": "£", "textsterling": "£", "euro": "€",
    "texteuro": "€",
    "textyen": "¥", "textcent": "¢", "dag": "†", "ddag": "‡", "textdagger": "†", "textdaggerdbl": "‡",
    "textbullet": "•", "bullet": "•", "textperiodcentered": "·", "textless": "<", "textgreater": ">",
    "textbar": "|", "textbackslash": "\\", "backslash": "\\", "textasciitilde": "~", "textasciicircum": "^",
    "textunderscore": "_", "textbraceleft": "{", "textbraceright": "}", "lbrace": "{", "rbrace": "}",
    "textdollar": "$", "textendash": "–", "textemdash": "—", "textquotedblleft": "“",
    "textquotedblright": "”",
    "textquoteleft": "‘", "textquoteright": "’", "textquotesingle": "'", "textquotedbl": '"', "lq": "‘",
    "rq": "’",
    "textexclamdown": "¡", "textquestiondown": "¿", "guillemotleft": "«", "guillemotright": "»", "glqq": "„",
    "grqq": "“", "quotedblbase": "„", "textordfeminine": "ª", "textordmasculine": "º", "textonehalf": "½",
    "textonequarter": "¼", "textthreequarters": "¾", "texttimes": "×", "textpm": "±", "textminus": "−",
    "textrightarrow": "→", "textleftarrow": "←", "textuparrow": "↑", "textdownarrow": "↓", "textohm": "Ω",
    "textonesuperior": "¹", "texttwosuperior": "²", "textthreesuperior": "³", "textalpha": "α",
    "textbeta": "β",
    "textgamma": "γ", "textdelta": "δ", "textepsilon": "ε", "textkappa": "κ", "textlambda": "λ",
    "textpi": "π",
    "textsigma": "σ", "texttau": "τ", "textomega": "ω", "textDelta": "Δ", "textOmega": "Ω", "checkmark": "✓",
    "cmark": "✓", "xmark": "✗", "LaTeX": "LaTeX", "TeX": "TeX", "LaTeXe": "LaTeX2e", "BibTeX": "BibTeX",
    "eg": "e.g.", "ie": "i.e.", "etal": "et al.", "etc": "etc.", "vs": "vs.", "cf": "cf.", "wrt": "w.r.t.",
    "Eg": "E.g.", "Ie": "I.e.", "aka": "a.k.a.", "iid": "i.i.d.", "Angstrom": "Å", "angstrom": "Å",
    "um": "µm",
    "quad": " ", "qquad": " ", "space": " ", "enspace": " ", "thinspace": "\u202f", "nobreakspace": "\xa0",
    "newline": " ", "linebreak": " ", "par": " ", "item": " ", "cr": " ", "and": " ", "sim": "∼", "sun": "☉",
    "arcsec": "″",
    "arcmin": "′", "kms": "km s⁻¹", "Msun": "M☉", "msun": "M☉", "Lsun": "L☉", "Rsun": "R☉",
}  # fmt: skip
SIGNS: Final = {
    ",": "\u202f", ";": " ", ":": " ", ">": " ", " ": " ", "\n": " ", "\t": " ", "!": "", "-": "", "/": "",
    "@": "",
    "|": "‖", "\\": " ",
}  # fmt: skip

# Commands around text, and the tag that shows them ("" for none).
TAGS: Final = {
    "emph": "em", "textit": "em", "textsl": "em", "textbf": "strong", "textsc": "sc", "texttt": "code",
    "underline": "u", "uline": "u", "ul": "u", "textsuperscript": "sup", "textsubscript": "sub",
    "code": "code",
    "textrm": "", "textsf": "", "textup": "", "textmd": "", "textnormal": "", "text": "", "mbox": "",
    "hbox": "",
    "fbox": "", "uppercase": "", "lowercase": "", "ac": "", "gls": "", "acp": "", "acf": "", "enquote": "q",
    "name": "",
}  # fmt: skip
SWITCHES: Final = {
    "em": "em", "it": "em", "itshape": "em", "sl": "em", "slshape": "em", "bf": "strong",
    "bfseries": "strong",
    "tt": "code", "ttfamily": "code", "sc": "sc", "scshape": "sc", "rm": "", "sf": "", "rmfamily": "",
    "sffamily": "", "normalfont": "", "upshape": "", "mdseries": "", "cal": "", "small": "",
    "footnotesize": "",
    "large": "", "Large": "", "normalsize": "", "tiny": "", "boldmath": "",
}  # fmt: skip
OPENING: Final = {
    "em": "<em>", "strong": "<strong>", "code": "<code>", "sup": "<sup>", "sub": "<sub>", "q": "“",
    "sc": '<span class="sc">', "u": '<span class="u">', "": "",
}  # fmt: skip
CLOSING: Final = {
    "em": "</em>", "strong": "</strong>", "code": "</code>", "sup": "</sup>", "sub": "</sub>", "q": "”",
    "sc": "</span>", "u": "</span>", "": "",
}  # fmt: skip

# Commands that leave nothing: layout, marks. Value: brace groups to skip.
DROPPED: Final = {
    "label": 1, "index": 1, "vspace": 1, "hspace": 1, "thanks": 1, "footnotemark": 0, "noindent": 0,
    "medskip": 0,
    "bigskip": 0, "smallskip": 0, "newpage": 0, "clearpage": 0, "centering": 0, "xspace": 0, "color": 1,
    "hfill": 0, "vfill": 0, "displaystyle": 0, "textstyle": 0, "limits": 0, "nolimits": 0, "left": 0,
    "right": 0,
    "big": 0, "Big": 0, "bigg": 0, "Bigg": 0, "bigl": 0, "bigr": 0, "begin": 1, "end": 1, "nonumber": 0,
    "notag": 0,
    "tag": 1, "protect": 0, "leavevmode": 0, "ignorespaces": 0, "unskip": 0, "relax": 0, "allowbreak": 0,
    "nobreak": 0, "thispagestyle": 1, "pagestyle": 1, "bibliography": 1, "bibliographystyle": 1,
    "includegraphics": 1,
    "vskip": 0, "hskip": 0, "break": 0, "null": 0, "phantom": 1, "looseness": 0,
}  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


REFERENCES: Final = _words(
    "cite citep citet citealp citealt citeauthor citeyear citeyearpar citenum parencite textcite "
    "autocite footcite fullcite onlinecite Citet Citep nocite shortcite newcite ref eqref pageref "
    "autoref nameref cref Cref vref subref figref secref tabref"
)
MATHEMATICAL: Final = _words(
    "ce ch SI si num qty unit SIrange ang ensuremath mathbb mathrm mathcal mathbf mathit mathsf mathtt "
    "mathfrak mathscr boldsymbol bm mathds mathbbm operatorname frac tfrac dfrac nicefrac sqrt hat bar "
    "tilde vec dot ddot overline widehat widetilde overset underset stackrel substack binom"
)
