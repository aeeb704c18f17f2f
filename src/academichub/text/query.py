"""Read and write the query language. `docs/queries.md` describes it for readers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from academichub.errors import QueryInvalid
from academichub.model.query import (
    SEARCH_FIELDS,
    And,
    DateRange,
    Field,
    Not,
    Or,
    QueryFault,
    Scope,
    all_of,
    any_of,
    negated,
)
from academichub.text.queryvalues import ValueRefusedError, term_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import UnionType
    from typing import NoReturn

    from academichub.model.query import Query

LONGEST: Final = 2_000  # characters of a query
MOST_TERMS: Final = 200
DEEPEST: Final = 50  # groups in groups

# What Chinese keyboards write for the language's own signs; one character for one, so that columns stay.
_SIGNS: Final = str.maketrans(
    {
        **dict(zip("（）：－＊｜＞＜＝＂", '():-*|><="', strict=True)),
        **dict.fromkeys("、，；。\u3000", " "),
        **dict.fromkeys(map(chr, (*range(32), 127)), " "),
    }
)
_DASHES: Final = "-–—−"
_CLOSING: Final[Mapping[str, str]] = {
    '"': '"',
    **dict.fromkeys("“”„‟", '“”„‟"'),
    "「": "」",
    "『": "』",
    "«": "»",
}
_QUOTES: Final = re.compile('["＂“”„‟「」『』«»]')
_CHUNK: Final = re.compile(r'[^\s()|"“”„‟「」『』«»]+')
_DOI_CHUNK: Final = re.compile(r'[^\s|"“”„‟「」『』«»]+')
_COMPARISON: Final = re.compile(r"[<>=]+\s*")
_NAME: Final = re.compile(r"([^\W\d_]+)\s*:")
_OPERATORS: Final = frozenset(("AND", "OR", "NOT"))
# Between the words of a question these are signs, not words: "graphs - a survey", "Smith & Jones".
_LONE: Final = re.compile(rf"[.&{re.escape(_DASHES)}](?=[\s)|]|\Z)")
# Where such a sign can only be a slip; between dates or keys it may mean something.
_WORDED: Final = frozenset((None, Field.TITLE, Field.ABSTRACT, Field.AUTHOR, Field.VENUE))
_BARE: Final = re.compile(r"\w(?:[\w.'’/+#-]*[\w+#])?")

_FIELD_BY_NAME: Final[Mapping[str, Field]] = {field.value: field for field in Field}
# What people write for a field elsewhere; only offered, so that a rule reads the same for everyone.
_OTHER_NAMES: Final = (
    (Field.TITLE, "title 标题 题目 题名"),
    (Field.AUTHOR, "author authors auth 作者"),
    (Field.ABSTRACT, "abstract summary ab 摘要"),
    (Field.CATEGORY, "category categories subject field 分类 类别 学科"),
    (Field.SOURCE, "source feed 来源"),
    (Field.VENUE, "journal conference jr 期刊 会议"),
    (Field.DATE, "day year published 日期 年份"),
    (Field.IS, "status state 状态"),
    (Field.HAS, "with 含"),
    (Field.TAG, "tags label 标签"),
    (Field.IN, "collection folder 收藏夹"),
    (Field.KIND, "type 类型"),
    (Field.ID, "identifier 编号"),
)
# Inside a group of these, a colon belongs to the value.
_WITH_COLONS: Final = frozenset((Field.DOI, Field.DATE, Field.ID))
_SCHEMES: Final = frozenset(("arxiv", "pmid", "pmcid", "openalex"))  # `arxiv:2605.01234` without `id:`
_LOOSE: Final = frozenset((None, Field.TITLE, Field.ABSTRACT))
_FIELD_BY_OTHER_NAME: Final[Mapping[str, Field]] = {
    name: field for field, names in _OTHER_NAMES for name in names.split()
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A reader's question. It may be relaxed where it joins words without saying AND."""

    query: Query
    may_relax: bool


def parse(text: str, *, scope: Scope = Scope.RULE, longest: int = LONGEST) -> Query:
    """Read a query.

    Args:
        text: As a reader wrote it.
        scope: Who asks; a rule has fewer fields, and takes words as they are written.
        longest: Characters allowed; what `format` writes may be longer than what a reader may write.

    Raises:
        QueryInvalid: It cannot be read; column and length say where, `reason` is a `QueryFault`, and
            `suggestion` is the name of a field, or "", for a field that is not known.
    """
    return _Parser(text, scope, longest).read()


def ask(text: str) -> Asked:
    """Read a reader's question; raises `QueryInvalid` as `parse` does."""
    parser = _Parser(text, Scope.SEARCH, LONGEST)
    query = parser.read()
    return Asked(query, may_relax=not parser.says_and)


def format(query: Query, *, scope: Scope = Scope.RULE) -> str:  # noqa: A001  read with its module: query.format
    """Write a query in one canonical way; `parse` in the same scope gives the same query back."""
    if isinstance(query, Or):
        return " OR ".join(format(part, scope=scope) for part in query.parts)
    if isinstance(query, And):
        return " AND ".join(_grouped(part, Or, scope=scope) for part in query.parts)
    if isinstance(query, Not):
        return f"NOT {_grouped(query.part, And | Or, scope=scope)}"
    if isinstance(query, DateRange):
        return f"date:{_format_days(query)}"
    is_bare = _BARE.fullmatch(query.text) is not None and query.text not in _OPERATORS
    if scope is Scope.SEARCH and query.field in _LOOSE and not query.is_prefix:
        is_bare = query.is_loose  # in a search, quotation marks say that a word is meant as it is written
    value = f"{query.text}*" if query.is_prefix else query.text
    label = "" if query.field is None else f"{query.field}:"
    return f"{label}{value}" if is_bare else f'{label}"{value}"'


def _grouped(query: Query, kinds: type | UnionType, *, scope: Scope) -> str:
    """Write a part of a query, in parentheses if it is of such a kind."""
    written = format(query, scope=scope)
    return f"({written})" if isinstance(query, kinds) else written


def _format_days(days: DateRange) -> str:
    first, last = days.first, days.last
    return f"{first or ''}" if first == last else f"{first or ''}..{last or ''}"


class _Parser:
    """One pass over one query, by recursive descent; every step moves on or raises."""

    def __init__(self, text: str, scope: Scope, longest: int) -> None:
        # A lone surrogate becomes "?", which is one character as well.
        self.original = text[: longest + 1].encode("utf-8", "replace").decode("utf-8")
        self.text = self.original.translate(_SIGNS)
        self.at = 0
        self.depth = 0
        self.terms = 0
        self.scope = scope
        self.says_and = False
        if len(text) > longest:
            self._fail(QueryFault.TOO_LONG, longest, len(text) - longest)

    def read(self) -> Query:
        self._skip_space()
        if self.at == len(self.text):
            self._fail(QueryFault.EMPTY, 0, len(self.text))
        query = self._any(None)
        if self.at < len(self.text):
            self._fail(QueryFault.UNOPENED_GROUP, self.at, 1)
        return query

    def _any(self, field: Field | None) -> Query:
        parts = [self._all(field)]
        while self._takes_or():
            parts.append(self._all(field))
        return any_of(*parts)

    def _all(self, field: Field | None) -> Query:
        self._pass_lone_signs(field, is_first=True)
        parts = [self._one(field)]
        while True:
            self._pass_lone_signs(field)
            if self._operator() == "AND":
                self.says_and = True
                self._take(3)
                self._pass_lone_signs(field, is_first=True)
            elif self._is_end() or self._operator() == "OR":
                return all_of(*parts)
            parts.append(self._one(field))

    def _pass_lone_signs(self, field: Field | None, *, is_first: bool = False) -> None:
        """Pass over signs that stand alone in a question; where a term must come, only if one does."""
        if self.scope is not Scope.SEARCH or field not in _WORDED:
            return
        before = self.at
        while _LONE.match(self.text, self.at):
            self._take(1)
        if is_first and (self._is_end() or self._operator()):
            self.at = before

    def _is_end(self) -> bool:
        """Tell whether a row of terms ends here: with the text, its group or its alternative."""
        return self.at == len(self.text) or self.text[self.at] in ")|"

    def _one(self, field: Field | None) -> Query:
        """Read a term or a group and the negations before it."""
        is_negated = False
        while True:
            if self._operator() == "NOT":
                self._take(3)
            elif self._is_dash():
                self._take(1)
            else:
                break
            is_negated = not is_negated
        part = self._operand(field)
        return negated(part) if is_negated else part

    def _operand(self, field: Field | None) -> Query:
        if self._is_end() or self._operator():
            self._fail_missing()
        if self.text[self.at] == "(":
            return self._group(field)
        name = _NAME.match(self.text, self.at) if field not in _WITH_COLONS else None
        if name is None:
            return self._value(field)
        if field is not None:
            self._fail(QueryFault.FIELD_INSIDE_FIELD, self.at, len(name[0]))
        return self._of_field(name)

    def _of_field(self, name: re.Match[str]) -> Query:
        written = name[1].lower()
        field = _FIELD_BY_NAME.get(written)
        scheme = f"{written}:" if written in _SCHEMES and self.scope is Scope.SEARCH else ""
        if scheme:
            field = Field.ID
        if field is None or (field in SEARCH_FIELDS and self.scope is Scope.RULE):
            fault = QueryFault.UNKNOWN_FIELD if field is None else QueryFault.FIELD_OF_SEARCH
            nearest = _nearest(written, self.scope) if field is None else ""
            self._fail(fault, name.start(), len(name[1]), suggestion=nearest)
        self._take(len(name[0]))
        is_missing = self._is_end() or self._operator()
        if is_missing or self._is_dash():
            self._fail(QueryFault.FIELD_WITHOUT_VALUE, name.start(), len(name[0]))
        return self._group(field) if self.text[self.at] == "(" else self._value(field, scheme)

    def _group(self, field: Field | None) -> Query:
        opened = self.at
        self.depth += 1
        if self.depth > DEEPEST:
            self._fail(QueryFault.TOO_DEEP, opened, 1)
        self._take(1)
        if self.at < len(self.text) and self.text[self.at] == ")":
            self._fail(QueryFault.EMPTY_GROUP, opened, self.at + 1 - opened)
        if self.at == len(self.text):
            self._fail(QueryFault.UNCLOSED_GROUP, opened, 1)
        query = self._any(field)
        if self.at == len(self.text):
            self._fail(QueryFault.UNCLOSED_GROUP, opened, 1)
        self._take(1)
        self.depth -= 1
        return query

    def _value(self, field: Field | None, scheme: str = "") -> Query:
        start = self.at
        closing = _CLOSING.get(self.text[start])
        if closing is not None:
            end = next((at for at in range(start + 1, len(self.text)) if self.text[at] in closing), None)
            if end is None:
                self._fail(QueryFault.UNCLOSED_PHRASE, start, len(self.text) - start)
            value = " ".join(_QUOTES.sub(" ", self.original[start + 1 : end]).split())
            end += 1
        else:
            end = self._chunk_end(field)
            value = self.text[start:end]
        self.terms += 1
        if self.terms > MOST_TERMS:
            self._fail(QueryFault.TOO_MANY_TERMS, start, end - start)
        self._take(end - start)
        try:
            is_loose = self.scope is Scope.SEARCH
            return term_of(scheme + value, field, is_quoted=closing is not None, is_loose=is_loose)
        except ValueRefusedError as refused:
            self._fail(refused.fault, start, end - start)

    def _chunk_end(self, field: Field | None) -> int:
        """Give the end of a bare value: at a space, a group's sign, a quotation mark or a bar."""
        begin = self.at
        if field is Field.DATE and (sign := _COMPARISON.match(self.text, begin)):
            begin = sign.end()
        is_doi = field is Field.DOI or field is Field.ID
        chunk = (_DOI_CHUNK if is_doi else _CHUNK).match(self.text, begin)
        if chunk is None:  # a closing mark of quotation, or a comparison with nothing
            return max(begin, self.at + 1)
        return _balanced_end(chunk) if is_doi else chunk.end()

    def _takes_or(self) -> bool:
        if self.text.startswith("|", self.at):
            self._take(1)
            return True
        if self._operator() == "OR":
            self._take(2)
            return True
        return False

    def _operator(self) -> str:
        """Give the operator that stands here, or ""."""
        chunk = _CHUNK.match(self.text, self.at)
        return chunk[0] if chunk and chunk[0] in _OPERATORS else ""

    def _is_dash(self) -> bool:
        """Tell whether a minus stands here with something right behind it."""
        following = self.text[self.at + 1 : self.at + 2]
        return self.text[self.at : self.at + 1] in _DASHES and bool(following.strip())

    def _take(self, length: int) -> None:
        self.at += length
        self._skip_space()

    def _skip_space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _fail_missing(self) -> NoReturn:
        """Say that a term is missing: at the operator that has nothing on one side."""
        operator = self._operator()
        if operator or self.text.startswith("|", self.at):
            self._fail(QueryFault.MISSING_TERM, self.at, len(operator) or 1)
        before = self.text[: self.at].rstrip()
        if not before:
            self._fail(QueryFault.UNOPENED_GROUP, self.at, 1)
        length = next((len(word) for word in sorted(_OPERATORS) if before.endswith(word)), 1)
        self._fail(QueryFault.MISSING_TERM, len(before) - length, length)

    def _fail(self, fault: QueryFault, start: int, length: int, *, suggestion: str = "") -> NoReturn:
        raise QueryInvalid(
            query=self.original,
            column=start + 1,
            length=max(1, length),
            reason=str(fault),
            suggestion=suggestion,
        )


def _balanced_end(chunk: re.Match[str]) -> int:
    """Give where a DOI ends: its own parentheses belong to it, that of a group around it does not."""
    open_ones = 0
    for at in range(chunk.start(), chunk.end()):
        character = chunk.string[at]
        open_ones += (character == "(") - (character == ")")
        if open_ones < 0:
            return at
    return chunk.end()


def _nearest(name: str, scope: Scope) -> str:
    """Give the field that was probably meant, or ""; a rule is not offered what it cannot ask for."""
    hidden = SEARCH_FIELDS if scope is Scope.RULE else frozenset[Field]()
    names = {**_FIELD_BY_OTHER_NAME, **_FIELD_BY_NAME}
    known = [written for written, field in names.items() if field not in hidden]
    if name in known:
        return names[name].value
    close = get_close_matches(name[:40], known, n=1, cutoff=0.6)
    return names[close[0]].value if close else ""
