"""Match stored rules against a batch of real papers, beside asking every rule of every paper.

Rules are drawn from the papers' own words: one to four terms, phrases, OR, NOT, fields, categories, authors,
prefixes and dates. Words that stand in every tenth paper are left out, as by people who know what they want.
Prints seconds, and on how many pairs of a sample of rules the two ways disagree.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from academichub.cli.memory import calm_collector
from academichub.index import stored
from academichub.model.query import Paper
from academichub.text import query
from academichub.text.querymatch import is_met, prepare
from academichub.text.words import words
from benchmarks import corpus
from benchmarks.printing import print_figures

if TYPE_CHECKING:
    from academichub.model.query import Query
    from academichub.text.querymatch import Prepared

_SEED: Final = 20_260_501
_SAMPLE: Final = 300  # rules asked of every paper, one by one


def run(*, rules: int, papers: int, rounds: int, sample: int) -> dict[str, float]:
    """Measure; give the figures."""
    calm_collector()  # as the command line does
    batch = [_paper(number, record) for number, record in enumerate(corpus.records(papers))]
    texts = RuleWriter(batch, random.Random(_SEED)).rules(rules)  # noqa: S311  a draw, not a secret
    start = time.process_time()
    queries = {number: query.parse(text) for number, text in enumerate(texts)}
    parse_seconds = time.process_time() - start
    start = time.process_time()
    compiled = stored.compile(queries)
    compile_seconds = time.process_time() - start
    matching, cpu = [], []
    for _ in range(rounds):
        start, cpu_start = time.perf_counter(), time.process_time()
        found_rules, found_papers = compiled.match(batch)
        matching.append(time.perf_counter() - start)
        cpu.append(time.process_time() - cpu_start)
    chosen = random.Random(_SEED).sample(sorted(queries), sample)  # noqa: S311  as above
    start = time.perf_counter()
    one_by_one = _ask(chosen, queries, [prepare(paper) for paper in batch])
    asking = (time.perf_counter() - start) * rules / sample
    kept = set(chosen)
    found = {(r, p) for r, p in zip(found_rules.tolist(), found_papers.tolist(), strict=True) if r in kept}
    return {
        "rules": rules,
        "papers": papers,
        "parse_seconds": round(parse_seconds, 3),
        "compile_seconds": round(compile_seconds, 3),
        "match_seconds": round(min(matching), 3),
        "match_seconds_worst": round(max(matching), 3),
        "match_cpu_seconds": round(min(cpu), 3),
        "pairs": len(found_rules),
        "pairs_per_paper": round(len(found_rules) / papers, 1),
        "sample_pairs": len(one_by_one),
        "sample_disagreements": len(found ^ one_by_one),
        "one_by_one_seconds": round(asking, 1),
        "ratio_to_one_by_one": round(asking / min(matching), 1),
    }


def _ask(chosen: list[int], queries: dict[int, Query], papers: list[Prepared]) -> set[tuple[int, int]]:
    return {
        (rule, index) for rule in chosen for index, paper in enumerate(papers) if is_met(queries[rule], paper)
    }


def _paper(number: int, record: dict[str, Any]) -> Paper:
    day = record.get("seen") or record.get("date")
    return Paper(
        id=number,
        title=record["title"],
        abstract=record["abstract"],
        authors=tuple(record["authors"]),
        categories=tuple(record["categories"]),
        sources=("arxiv",),
        listed_on=date.fromisoformat(day[:10]) if day else None,
    )


class RuleWriter:
    """Writes rules as readers do, out of the words of some papers."""

    def __init__(self, papers: list[Paper], draw: random.Random) -> None:
        self.draw = draw
        self.papers = papers
        self.rows = [words(f"{paper.title} . {paper.abstract}") for paper in papers]
        counts: dict[str, int] = {}
        for row in self.rows:
            for word in set(row):
                counts[word] = counts.get(word, 0) + 1
        usual = len(papers) * 0.1  # nobody looks for a word that stands in every tenth paper
        self.rare = {word for word, count in counts.items() if count <= usual and len(word) > 3}
        self.vocabulary = sorted(self.rare)

    def rules(self, count: int) -> list[str]:
        """Write some rules."""
        return [self._rule() for _ in range(count)]

    def _rule(self) -> str:
        kinds = (self._narrow, self._alternatives, self._without, self._of_category, self._of_author)
        return self.draw.choices(kinds, weights=(40, 20, 15, 20, 5))[0]()

    def _narrow(self) -> str:
        return " ".join(self._term() for _ in range(self.draw.randint(1, 4)))

    def _alternatives(self) -> str:
        ones = " OR ".join(self._term() for _ in range(self.draw.randint(2, 4)))
        return f"({ones}) {self._term()}"

    def _without(self) -> str:
        return f"{self._term()} {self._term()} -{self._term()}"

    def _of_category(self) -> str:
        category = self.draw.choice(self.draw.choice(self.papers).categories)
        archive = category.partition(".")[0]
        wanted = category if self.draw.random() < 0.7 else f"{archive}.*"
        return f"cat:{wanted} {self._alternatives() if self.draw.random() < 0.3 else self._term()}"

    def _of_author(self) -> str:
        names = self.draw.choice(self.papers).authors or ("Anonymous",)
        name = self.draw.choice(names).replace('"', " ")
        if not words(name):
            return self._term()
        return f'au:"{name}" OR ({self._term()} date:2026-05..2026-06)'

    def _term(self) -> str:
        field = self.draw.choices(("", "ti:", "abs:"), weights=(8, 1, 1))[0]
        kind = self.draw.random()
        if kind < 0.3:
            return f'{field}"{self._phrase()}"'
        word = self.draw.choice(self.vocabulary)
        if kind < 0.35 and len(word) > 6 and word.isalnum():
            return f"{field}{word[:-2]}*"
        return f'{field}"{word}"'

    def _phrase(self) -> str:
        """Take two or three words that follow each other, the first and the last of them telling ones."""
        for row in self.draw.choices(self.rows, k=100):
            start = self.draw.randrange(len(row))
            phrase = row[start : start + self.draw.randint(2, 3)]
            if len(phrase) > 1 and phrase[0] in self.rare and phrase[-1] in self.rare:
                return " ".join(phrase)
        return self.draw.choice(self.vocabulary)


def main(arguments: list[str] | None = None) -> dict[str, float]:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rules", description=__doc__)
    parser.add_argument("--rules", type=int, default=100_000)
    parser.add_argument("--papers", type=int, default=2_000)
    parser.add_argument("--quick", action="store_true", help="a smoke run: 300 rules, 50 papers, one round")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    figures = (
        run(rules=300, papers=50, rounds=1, sample=100)
        if options.quick
        else run(rules=options.rules, papers=options.papers, rounds=3, sample=_SAMPLE)
    )
    print_figures(figures, as_json=options.json)
    return figures


if __name__ == "__main__":
    main(sys.argv[1:])
