"""The estimate of tokens against a real model's own tokeniser."""

from __future__ import annotations

import gzip
import json
import random
import string
import urllib.request
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from academichub.llm.tokens import count_tokens

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow
ABSTRACTS = 200
EVERY = 250  # records apart, so that they come from all over the file


def real(url: str, text: str) -> int:
    """Ask the server for the number of tokens."""
    body = json.dumps({"content": text}).encode()
    asked = urllib.request.Request(f"{url}/tokenize", body, {"Content-Type": "application/json"})  # noqa: S310  the loopback
    with urllib.request.urlopen(asked) as answer:  # noqa: S310  likewise
        return len(json.load(answer)["tokens"])


def hostile_texts() -> dict[str, str]:
    dice = random.Random(7)  # noqa: S311  any letters will do
    letters = "".join(dice.choice(string.ascii_lowercase) for _ in range(400))
    return {
        "letters": letters,
        "words": " ".join(letters[start : start + 1 + start % 7] for start in range(390)),
        "capitals": letters.upper(),
        "hexadecimal": "".join(dice.choice("0123456789abcdef") for _ in range(400)),
        "Chinese": "我们统计海岸上的灯塔，共四百座。",
        "rare signs": "齉龘靐齾爩鱻麤龗灪吁龖",
        "mathematics": "𝒜 ∑_{i=1}^{n} ∂²u/∂x² ≤ ∞",
        "pictures": "\U0001f6a8\U0001f469\u200d\U0001f52c\U0001f1e8\U0001f1f3",
        "JSON": json.dumps({"papers": [{"paper": 1, "quotes": ["a \\ b", "\u706f"]}] * 5}),
        "marks": "e" + "\u0301" * 100,
    }


@pytest.mark.parametrize("kind", sorted(hostile_texts()))
def test_the_models_tokeniser_never_counts_more_whatever_the_text(llama_url: str, kind: str) -> None:
    text = hostile_texts()[kind]

    assert real(llama_url, text) <= count_tokens(text)


def test_of_real_abstracts_none_is_underestimated_and_few_are_doubled(
    llama_url: str, data: Callable[[str], Path]
) -> None:
    with gzip.open(data("arxiv/records.jsonl.gz"), "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in islice(lines, 0, ABSTRACTS * EVERY, EVERY)]
    texts = [f"{record['title']} {record['abstract']}" for record in records]

    ratios = sorted(count_tokens(text) / real(llama_url, text) for text in texts)

    print(f"{len(ratios)} abstracts: least {ratios[0]:.2f}, mean {sum(ratios) / len(ratios):.2f}")  # noqa: T201  a figure of the documents
    assert ratios[0] >= 1
    assert ratios[len(ratios) // 2] < 2
