"""Languages: by script, and among Latin letters by common words; English unless another clearly wins."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.text.language import guess

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LANGUAGES = {"zh", "ja", "ko", "ru", "en", "de", "fr", "es", "pt", "it", "el", "ar", "he", "hi", "th"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("基于深度学习的图像分类方法研究", "zh"),
        ("基于 Transformer 与 BERT 的文本分类", "zh"),
        ("機器學習於醫學影像之應用", "zh"),
        ("論日本文學中的「の」字：以夏目漱石的小說為中心的考察", "zh"),
        ("量子力学の基礎", "ja"),
        ("深層学習による画像分類の研究", "ja"),
        ("ディープラーニング", "ja"),
        ("딥러닝을 이용한 영상 분류", "ko"),
        ("Классификация изображений с помощью нейронных сетей", "ru"),
        ("Ταξινόμηση εικόνων με νευρωνικά δίκτυα", "el"),
        ("تصنيف الصور بالشبكات العصبية", "ar"),
        ("סיווג תמונות ברשתות", "he"),
        ("छवि वर्गीकरण", "hi"),
        ("การจำแนกภาพ", "th"),
    ],
)
def test_a_script_tells_its_language(text: str, language: str) -> None:
    assert guess(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Deep learning for image classification", "en"),
        ("Untersuchungen zur Theorie der partiellen Differentialgleichungen", "de"),
        ("Über die Grundlagen der Quantenmechanik und ihre Deutung", "de"),
        ("Sur la régularité des solutions d'équations paraboliques", "fr"),
        ("Une étude de la diffusion dans les réseaux", "fr"),
        ("Estudio de la difusión en redes complejas", "es"),
        ("Un modelo para la predicción de las lluvias", "es"),
        ("Um estudo sobre a difusão em redes complexas", "pt"),
        ("Avaliação da qualidade dos dados em saúde", "pt"),
        ("Uno studio della diffusione nelle reti", "it"),
        ("La teoria della relatività e il problema del tempo", "it"),
    ],
)
def test_common_words_and_endings_tell_latin_languages_apart(text: str, language: str) -> None:
    assert guess(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "42",
        "x² + y² = α",
        "Schrödinger–Poincaré–Möbius operators",
        "On the de la Vallée Poussin theorem",
        "Traffic in Los Angeles",
        "Interlayer coupling in La and Si",
        "Auditing pay per token in models",
        "A study of the character 道 in Chinese thought",
        "Der Spiegel",
        "de la",
    ],
)
def test_english_is_the_answer_where_nothing_else_is_clear(text: str) -> None:
    assert guess(text) == "en"


@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    assert guess(text) in LANGUAGES


def test_real_arxiv_abstracts_are_english_but_for_one_in_a_thousand(data: Callable[[str], Path]) -> None:
    with gzip.open(data("arxiv/records.jsonl.gz"), "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for _, line in zip(range(3000), lines, strict=False)]

    guessed = [guess(f"{record['title']} {record['abstract']}") for record in records]

    assert guessed.count("en") >= 2997


def test_real_chinese_titles_are_chinese(data: Callable[[str], Path]) -> None:
    lines = data("cjk/CSL/benchmark__cls_ctg__dev.tsv").read_text(encoding="utf-8").splitlines()
    titles = [line.split("\t")[1] for line in lines]

    others = [title for title in titles if guess(title) != "zh" and re.search("[\u4e00-\u9fff]", title)]

    assert titles
    assert others == []
