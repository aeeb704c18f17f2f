"""Search in Chinese: every short word of Chinese titles, and Chinese questions over English papers.

    python evaluation/chinese.py [DATA] [--titles N] [--model multilingual|english|none] [--json]

DATA is the folder of real data (../shared/data): CSL's titles, and the seed page's 22 papers in English. The
questions are ours; each names the paper, by its number on the page, that it is about.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from academichub.flows.meanings import Meanings
from academichub.flows.searching import Plan, answer
from academichub.flows.understanding import understand
from academichub.index.fulltext import Index
from academichub.llm.choosing import choose
from academichub.llm.texts import document_text
from academichub.llm.vectors import pack
from academichub.model.query import Document
from academichub.model.search import SearchMode, SearchOrder
from academichub.store.indexing import KeptVector
from evaluation.seed import read_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from academichub.flows.meanings import Snapshot
    from academichub.llm.ports import Embedder, Vectors

ROOT: Final = Path(__file__).resolve().parent.parent
AT: Final = datetime(2026, 6, 20, tzinfo=UTC)
HAN: Final = re.compile(r"[\u4e00-\u9fff]+")
LENGTHS: Final = (2, 3, 4)
SHOWN: Final = 10
QUESTIONS: Final = (
    ("怎样用多模态大模型检索时装图像？", "01"),
    ("用符号搜索刻画偏微分方程的解", "02"),
    ("不完整、采样不规则的时间序列怎么预测", "05"),
    ("能抵抗人工智能编辑的零水印", "07"),
    ("在芯片上放大量子随机性", "08"),
    ("身份证图像的质量评估", "09"),
    ("联邦学习中基础模型个性化为什么会悄悄失败", "12"),
    ("几所学校怎样在保护隐私的前提下预测学生流失", "13"),
    ("量子注意力", "17"),
    ("多中心放射学研究的进度监测工具", "20"),
)


def main() -> int:
    """Measure and print; 1 where a word does not find its title."""
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = os.environ.get("ACADEMICHUB_DATA") or str(ROOT.parent / "shared" / "data")
    reader.add_argument("data", nargs="?", type=Path, default=Path(default))
    reader.add_argument("--titles", type=int, default=200, help="titles whose words are asked for")
    reader.add_argument("--model", default="multilingual", choices=("multilingual", "english", "none"))
    reader.add_argument("--json", action="store_true")
    said = reader.parse_args()
    titles = list(csl_titles(said.data))
    entries = list(read_page((said.data / "seed" / "academichub-page.txt").read_text(encoding="utf-8")))
    papers = [(entry.number, entry.title, entry.text) for entry in entries]
    embedder = choose(said.model)
    with TemporaryDirectory() as folder:
        asked, missed = ask_words(titles, Path(folder) / "titles", most=said.titles)
        places = ask_questions(papers, Path(folder) / "papers", embedder)
    figures = {
        "titles": min(said.titles, len(titles)),
        "among": len(titles),
        "words": asked,
        "missed": missed,
        "model": said.model,
        "first": {mode: sum(place == 1 for place in found) for mode, found in places.items()},
        "places": places,
    }
    show(figures, as_json=said.json)
    return 1 if missed else 0


def csl_titles(data: Path) -> Iterator[str]:
    """Read the titles of CSL, in the order of the files."""
    for path in sorted((data / "cjk" / "CSL").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield line.split("\t")[1]


def ask_words(titles: Sequence[str], folder: Path, *, most: int) -> tuple[int, list[tuple[str, str]]]:
    """Ask for every row of two, three and four Chinese characters of the first titles.

    That is every word of those lengths, however somebody would cut the titles into words, and more.

    Returns:
        How many were asked for, and those that did not find their title.
    """
    index = indexed(folder, [(title, "") for title in titles])
    asked, missed = 0, []
    for place, title in enumerate(titles[:most], start=1):
        for word in dict.fromkeys(rows_of(title)):
            asked += 1
            found = answer(index, a_plan(word, SearchMode.WORDS, size=len(titles)))
            if place not in [hit.work_id for hit in found.hits]:
                missed.append((word, title))
    return asked, missed


def rows_of(title: str) -> Iterator[str]:
    """Give every row of two, three or four characters that stand together."""
    for run in HAN.findall(title):
        for length in LENGTHS:
            yield from (run[start : start + length] for start in range(len(run) - length + 1))


def ask_questions(
    papers: Sequence[tuple[str, str, str]], folder: Path, embedder: Embedder | None
) -> dict[str, list[int | None]]:
    """Ask the Chinese questions of English papers; give the place of each one's paper, by mode."""
    index = indexed(folder, [(title, text) for _, title, text in papers])
    number = {name: place for place, (name, _, _) in enumerate(papers, start=1)}
    modes = [SearchMode.WORDS] if embedder is None else list(SearchMode)
    snapshot: Snapshot | None = None
    if embedder is not None:
        rows = embedder.embed_documents([document_text(title, text) for _, title, text in papers])
        kept = [KeptVector(place, pack(row), AT) for place, row in enumerate(rows, start=1)]
        snapshot = Meanings.of(embedder.space, kept)
    places: dict[str, list[int | None]] = {}
    for mode in modes:
        places[mode.value] = found = []
        for question, name in QUESTIONS:
            vector = None if embedder is None else vector_of(question, embedder)
            plan = a_plan(question, mode, size=len(papers), snapshot=snapshot, vector=vector)
            hits = answer(index, plan).hits
            order = [hit.work_id for hit in hits]
            found.append(order.index(number[name]) + 1 if number[name] in order else None)
    return places


def vector_of(question: str, embedder: Embedder) -> Vectors:
    """Embed a question, in English where the model reads nothing else."""
    text = question if embedder.is_multilingual else understand(question).english
    vector: Vectors = embedder.embed_queries([text])[0]
    return vector


def indexed(folder: Path, texts: Sequence[tuple[str, str]]) -> Index:
    """Put texts into a new index, numbered from 1."""
    index = Index.create(folder)
    with index.writer() as writer:
        writer.replace(
            Document(work_id=place, title=title, abstract=text, listed_on=date(2026, 6, 19))
            for place, (title, text) in enumerate(texts, start=1)
        )
        writer.commit(change=1)
    return Index.open(folder)


def a_plan(
    text: str,
    mode: SearchMode,
    *,
    size: int,
    snapshot: Snapshot | None = None,
    vector: Vectors | None = None,
) -> Plan:
    """Ask a question as the search page does."""
    return Plan(
        understood=understand(text),
        mode=mode,
        order=SearchOrder.RELEVANCE,
        members={},
        chosen={},
        after=None,
        size=size,
        snapshot=snapshot,
        vector=vector,
    )


def show(figures: dict[str, Any], *, as_json: bool) -> None:
    """Print what was measured."""
    if as_json:
        print(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    print(
        f"{figures['words']} rows of two to four characters from {figures['titles']} of {figures['among']}"
        f" titles: {len(figures['missed'])} did not find theirs"
    )
    for word, title in figures["missed"][:SHOWN]:
        print(f"  {word}: {title}")
    for mode, found in figures["places"].items():
        print(f"{mode}, {figures['model']}: {figures['first'][mode]} of {len(found)} first; places {found}")


if __name__ == "__main__":
    sys.exit(main())
