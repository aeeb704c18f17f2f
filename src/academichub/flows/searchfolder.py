"""Read a folder of documents, questions and judgements, as `evaluate search` measures on them.

The folder holds `docs.jsonl` (id, title, text; and where there are any: authors, venue), `queries.jsonl` (id,
text) and `qrels.tsv` (question, document and how relevant it is, parted by tabs; a first line with the names
of the columns is passed over; TREC's four columns are read too). `_id`, `abstract` and `query` are read for
`id` and `text` as well. A judgement of 0 or less says that a document is not relevant.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from academichub.errors import EvaluationUnreadable
from academichub.flows.recordsfile import LONGEST_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LONGEST_TEXT: Final = 100_000  # characters of a document; what is beyond is not read
LONGEST_QUESTION: Final = 10_000
MOST_RELEVANT: Final = 1_000_000  # of a judgement's number
_COLUMNS: Final = 3
_TREC_COLUMNS: Final = 4


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the folder has it."""

    name: str
    title: str
    text: str
    authors: tuple[str, ...]
    venue: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and how well which documents answer it.

    `gains` has their places among the documents; one that is not in the folder has a place below 0, so that
    it is missed by every method.
    """

    name: str
    text: str
    gains: Mapping[int, int]  # of relevant ones only, each 1 or more


@dataclass(frozen=True, slots=True)
class SearchFolder:
    """What the files say."""

    documents: tuple[Document, ...]
    questions: tuple[Question, ...]  # those that something answers
    unanswered: int  # questions that are left out because nothing answers them
    strangers: int  # judgements of a question that is not in the folder, which are left out


def read_search_folder(path: Path) -> SearchFolder:
    """Read a folder.

    Raises:
        EvaluationUnreadable: A file is missing or is not in its format, or there is nothing to measure.
            Facts: path, line (0 for the file), reason.
    """
    documents: list[Document] = []
    place_by_name: dict[str, int] = {}
    for number, said in _objects(path / "docs.jsonl"):
        document = _checked(path / "docs.jsonl", number, said, _document)
        if document.name in place_by_name:
            raise EvaluationUnreadable(
                path=str(path / "docs.jsonl"), line=number, reason=f"{document.name[:80]} is there twice"
            )
        place_by_name[document.name] = len(documents)
        documents.append(document)
    texts: dict[str, str] = {}
    for number, said in _objects(path / "queries.jsonl"):
        name, text = _checked(path / "queries.jsonl", number, said, _question)
        if name in texts:
            raise EvaluationUnreadable(
                path=str(path / "queries.jsonl"), line=number, reason=f"{name[:80]} is there twice"
            )
        texts[name] = text
    gains: dict[str, dict[int, int]] = {name: {} for name in texts}
    strangers = 0
    for query, document_name, gain in _judgements(path / "qrels.tsv"):
        if query in gains:
            place = place_by_name.setdefault(document_name, -1 - len(place_by_name))
            gains[query][place] = gain
        else:
            strangers += 1
    questions = tuple(
        Question(name, text, answers)
        for name, text in texts.items()
        if (answers := {place: gain for place, gain in gains[name].items() if gain > 0})
    )
    if not questions:
        raise EvaluationUnreadable(
            path=str(path / "qrels.tsv"), line=0, reason="no question has a relevant document"
        )
    return SearchFolder(tuple(documents), questions, len(texts) - len(questions), strangers)


def _checked(path: Path, number: int, said: dict[str, Any], read: Any) -> Any:  # noqa: ANN401  # one reader a file
    try:
        return read(said)
    except ValueError as error:
        raise EvaluationUnreadable(path=str(path), line=number, reason=str(error)[:200]) from error


def _document(said: dict[str, Any]) -> Document:
    authors = said.get("authors")
    if isinstance(authors, str):
        authors = [authors] if authors.strip() else []
    if authors is not None and not (isinstance(authors, list) and all(isinstance(a, str) for a in authors)):
        message = '"authors" is no list of texts'
        raise ValueError(message)
    return Document(
        name=_name(said),
        title=_text(said, "title", most=LONGEST_TEXT),
        text=_text(said, "text", "abstract", most=LONGEST_TEXT),
        authors=tuple(authors or ()),
        venue=_text(said, "venue", most=LONGEST_QUESTION),
    )


def _question(said: dict[str, Any]) -> tuple[str, str]:
    text = _text(said, "text", "query", most=LONGEST_QUESTION)
    if not text:
        message = '"text" is empty'
        raise ValueError(message)
    return _name(said), text


def _name(said: dict[str, Any]) -> str:
    name = said.get("id", said.get("_id"))
    if isinstance(name, bool) or not isinstance(name, str | int) or not str(name).strip():
        message = '"id" is neither text nor number'
        raise ValueError(message)
    return str(name).strip()


def _text(said: dict[str, Any], *fields: str, most: int) -> str:
    value = next((said[field] for field in fields if said.get(field) is not None), "")
    if not isinstance(value, str):
        message = f'"{fields[0]}" is no text'
        raise ValueError(message)  # noqa: TRY004  # a bad line is a bad value, as it is for json
    return " ".join(value[:most].split())


def _judgements(path: Path) -> Iterator[tuple[str, str, int]]:
    """Read judgements; of a pair that stands twice the last one counts."""
    is_heading = True  # the first line, where its number is none
    for number, line in _lines(path):
        fields = line.split("\t") if "\t" in line else line.split()
        fields = [field.strip() for field in fields]
        if len(fields) == _TREC_COLUMNS:
            del fields[1]
        if len(fields) != _COLUMNS:
            raise EvaluationUnreadable(path=str(path), line=number, reason="not three columns")
        query, document, written = fields
        try:
            gain = int(written)
        except ValueError as error:
            if is_heading:
                is_heading = False
                continue
            raise EvaluationUnreadable(
                path=str(path), line=number, reason=f"no whole number: {written[:80]}"
            ) from error
        is_heading = False
        if gain > MOST_RELEVANT:
            raise EvaluationUnreadable(path=str(path), line=number, reason=f"more than {MOST_RELEVANT}")
        yield query, document, gain


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in _lines(path):
        try:
            said = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise EvaluationUnreadable(
                path=str(path), line=number, reason=f"no JSON: {error}"[:200]
            ) from error
        if not isinstance(said, dict):
            raise EvaluationUnreadable(path=str(path), line=number, reason="no JSON object")
        yield number, said


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Read the lines of a file that say anything, counted from 1; never more than one line at once."""
    number = 0
    try:
        with path.open(encoding="utf-8-sig") as file:
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE:
                    raise EvaluationUnreadable(
                        path=str(path), line=number, reason=f"longer than {LONGEST_LINE} characters"
                    )
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise EvaluationUnreadable(path=str(path), line=number + 1, reason="not UTF-8") from error
    except OSError as error:
        raise EvaluationUnreadable(path=str(path), line=0, reason=error.strerror or str(error)) from error
