"""What every embedder promises, kept by the local models, an endpoint and the fake alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from academichub.llm import local
from academichub.llm.choosing import available
from academichub.llm.endpoint import Endpoint, Service
from tests.fakes.embeddings import FakeEmbedder, embeddings_server
from tests.fakes.network import system_trust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.llm.ports import Embedder

PAPERS = (
    "Counting lamps along the coast. We tell which lamps were lit, and for how long, in each year.",
    "Graph networks for protein folding. A network that passes messages predicts how chains fold.",
    "Bread and yeast. Dough rises faster in warm kitchens; we measured four hundred loaves.",
    "Short.",
)
HOSTILE = (
    "lamps\x00along the coast",
    "lamps \ud800 coast",
    "\ufdfa" * 3_000,
    "x" * 50_000,
    "e" + "\u0301" * 9_000,
    "lamps \U0001f6a8\U0001f6a8 \u202e coast",
    "[PAD] [CLS] </s> <unk> lamps",
)
WITHOUT_WORDS = ("", " \n\t", "\x00", "?!…", "\u200b\u200b", "∫∂", "\ud800")
MEGABYTE = "Lamps along the coast were lit. " * 32_768


@dataclass(frozen=True, slots=True)
class Case:
    embedder: Embedder
    again: Embedder  # the same model, opened once more


@pytest.fixture(
    scope="module",
    params=["english", "multilingual", pytest.param("endpoint", marks=pytest.mark.slow), "fake"],
)
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    """Open each embedder, twice."""
    missing = {extra.name: extra.missing for extra in available()}
    kind = str(request.param)
    needs = "multilingual" if kind == "endpoint" else kind
    if missing.get(needs):
        pytest.skip(f"the extra {needs!r} is not installed: {', '.join(missing[needs])}")
    match kind:
        case "english":
            yield Case(local.english(), local.english(threads=2))
        case "multilingual":
            yield Case(local.multilingual(), local.multilingual(threads=2))
        case "endpoint":
            with embeddings_server() as url:
                service = Service(url, "any", most_characters=1_000)
                with (
                    Endpoint(service, tls=system_trust()) as one,
                    Endpoint(service, tls=system_trust()) as two,
                ):
                    yield Case(one, two)
        case _:
            yield Case(FakeEmbedder(), FakeEmbedder())


def test_each_text_gets_a_row_of_length_one_in_single_precision(case: Case) -> None:
    rows = case.embedder.embed_documents(PAPERS)

    assert rows.dtype == np.float32
    assert rows.shape == (len(PAPERS), case.embedder.space.dimensions)
    assert np.abs(np.linalg.norm(rows.astype(np.float64), axis=1) - 1).max() < 1e-6


def test_a_text_has_the_same_bits_in_any_company_and_any_order(case: Case) -> None:
    together = case.embedder.embed_documents(PAPERS)

    alone = np.concatenate([case.embedder.embed_documents([paper]) for paper in PAPERS])
    backwards = case.embedder.embed_documents(PAPERS[::-1])[::-1]
    twice = case.embedder.embed_documents([PAPERS[2], PAPERS[0], PAPERS[2]])

    assert np.array_equal(together, alone)
    assert np.array_equal(together, backwards)
    assert np.array_equal(twice, together[[2, 0, 2]])


def test_the_same_model_gives_the_same_bits_when_opened_again_with_more_threads(case: Case) -> None:
    first, second = case.embedder, case.again

    assert np.array_equal(first.embed_documents(PAPERS), second.embed_documents(PAPERS))
    assert np.array_equal(first.embed_queries(PAPERS), second.embed_queries(PAPERS))
    assert first.space == second.space


def test_threads_may_share_an_embedder(case: Case) -> None:
    expected = case.embedder.embed_queries(PAPERS)

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(case.embedder.embed_queries, [PAPERS] * 3))

    assert all(np.array_equal(answer, expected) for answer in answers)


def test_a_question_finds_the_paper_that_answers_it(case: Case) -> None:
    papers = case.embedder.embed_documents(PAPERS)

    found = papers @ case.embedder.embed_queries(["lamps lit along the coast", "dough rises in kitchens"]).T

    assert found.argmax(axis=0).tolist() == [0, 2]


def test_a_chinese_interest_finds_the_english_paper_where_that_is_promised(case: Case) -> None:
    if not case.embedder.is_multilingual:
        pytest.skip("this one does not promise it")
    papers = case.embedder.embed_documents(PAPERS)

    found = papers @ case.embedder.embed_queries(["海岸上的灯", "蛋白质折叠", "面包和酵母"]).T

    assert found.argmax(axis=0).tolist() == [0, 1, 2]


def test_a_text_without_words_is_zeros_and_changes_no_neighbour(case: Case) -> None:
    rows = case.embedder.embed_documents([*WITHOUT_WORDS, PAPERS[0]])

    assert not rows[:-1].any()
    assert np.array_equal(rows[-1:], case.embedder.embed_documents(PAPERS[:1]))
    assert not case.embedder.embed_queries(WITHOUT_WORDS).any()


def test_no_texts_are_no_rows(case: Case) -> None:
    dimensions = case.embedder.space.dimensions

    assert case.embedder.embed_documents([]).shape == (0, dimensions)
    assert case.embedder.embed_queries(()).shape == (0, dimensions)


@pytest.mark.parametrize(
    "text", HOSTILE, ids=["nul", "surrogate", "swells", "word", "marks", "bidi", "tokens"]
)
def test_hostile_texts_become_vectors_like_any_other(case: Case, text: str) -> None:
    rows = case.embedder.embed_documents([text])

    assert np.isfinite(rows).all()
    assert abs(float(np.linalg.norm(rows[0])) - 1) < 1e-6


def test_a_megabyte_is_cut_before_it_is_read(case: Case) -> None:
    longer = MEGABYTE + "Bread and yeast."

    rows = case.embedder.embed_documents([MEGABYTE, longer])

    assert np.array_equal(rows[0], rows[1])


def test_no_two_models_share_a_space(case: Case) -> None:
    others = {"fake@1", "endpoint:other@00000000/384"}

    assert case.embedder.space.name not in others
    assert case.embedder.space.dimensions > 0
