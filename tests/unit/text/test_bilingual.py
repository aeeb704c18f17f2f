"""What a Chinese interest says in English, by the glossary."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.text.bilingual import (
    BETWEEN_EQUIVALENTS,
    BETWEEN_SIDES,
    Term,
    glossary_folder,
    glossary_lines,
    to_chinese,
    to_english,
)

LINES = tuple(glossary_lines(glossary_folder()))
FIELDS = sorted({name for name, _ in LINES})
LEFT = re.compile(r"[\u4e00-\u9fffA-Za-z0-9-]+")
RIGHT = re.compile(r"[A-Za-z0-9\u00c0-\u024f' .,/&-]+")
CPU_SECONDS = 3.0  # 0.4 without the tracing of coverage; what is quadratic takes minutes

# What interests are made of, and what they are not.
chinese = ["扩散", "模型", "扩散模型", "的", "量子計算", "T 细胞", "K 理论", "维生素D", "龘", "，", "𠀀"]
foreign = ["T", "3", "GPT-4", "C++", "graph", "ｆｕｌｌ", "かな", "한국", "ไทย", "é", "İ"]
odd = [" ", "\n\t ", "\u3000", "\u0301", "\ud800", "\x00"]
pieces = st.sampled_from([*chinese, *foreign, *odd])
texts = st.lists(pieces | st.text(max_size=3), max_size=30).map("".join)


def english(text: str) -> str:
    return to_english(text).english


# -- what an interest becomes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("interest", "says"),
    [
        ("用扩散模型做分子生成，最好能有等变性", "diffusion model molecular generation equivariance"),
        ("我想看量子计算的最新进展", "quantum computing"),
        (
            "双重差分法评估最低工资对就业的影响",
            "difference-in-differences evaluation minimum wage employment",
        ),
        ("基于图神经网络的药物重定位综述", "graph neural network drug repurposing survey"),
        ("钙钛矿太阳能电池的稳定性研究", "perovskite solar cell stability"),
        (
            "强关联电子体系中的非常规超导",
            "strongly correlated electrons system unconventional superconductivity",
        ),
    ],
)
def test_an_interest_in_chinese_is_said_in_english(interest: str, says: str) -> None:
    translation = to_english(interest)

    assert translation.english == says
    assert translation.unknown == ()


def test_the_longest_term_is_taken_and_says_where_it_stands() -> None:
    translation = to_english("看大语言模型")

    assert translation.terms == (Term("大语言模型", 1, 6, ("large language model", "LLM")),)


def test_all_equivalents_stand_in_the_expanded_text() -> None:
    translation = to_english("大语言模型的不确定性")

    assert translation.english == "large language model uncertainty"
    assert translation.expanded == "large language model LLM uncertainty"


def test_words_that_are_english_already_are_kept_where_they_stand() -> None:
    assert english("LLM agents 的鲁棒性, k-means 和 C++") == "LLM agents robustness k-means C++"


def test_what_is_said_in_both_languages_is_said_once() -> None:
    assert english("图神经网络（Graph  Neural Network）与图神经网络") == "graph neural network"


def test_a_text_in_english_stays_as_it_is() -> None:
    assert english("graph neural networks for molecules") == "graph neural networks for molecules"


def test_words_that_only_say_that_something_is_sought_are_dropped() -> None:
    translation = to_english("我想看关于这方面的最新研究进展")

    assert (translation.terms, translation.english, translation.unknown) == ((), "", ())


def test_what_no_term_covers_is_reported_as_written_and_once() -> None:
    translation = to_english("龘龘的机器学习，龘龘；かな")

    assert translation.english == "machine learning"
    assert translation.unknown == ("龘龘", "かな")


def test_nothing_becomes_nothing() -> None:
    assert english("") == english(" \n，。") == ""


# -- how it may be written ---------------------------------------------------------------------------


def test_traditional_characters_are_read() -> None:
    assert english("量子計算與機器學習") == "quantum computing machine learning"
    assert english("資料探勘、類神經網路、奈米材料") == "data mining neural network nanomaterials"


@pytest.mark.parametrize("written", ["T细胞", "T 细胞", "t 细胞", "Ｔ细胞", "T\n细 胞"])
def test_spaces_case_and_width_do_not_count(written: str) -> None:
    (term,) = to_english(f"看{written}的").terms

    assert (term.zh, term.en) == ("T细胞", ("T cells",))
    assert (term.start, term.end) == (1, 1 + len(written))


def test_a_term_does_not_begin_or_end_inside_a_word() -> None:
    assert english("维生素D") == "vitamin D"
    assert english("维生素D3") == "vitamin D3"
    assert english("CART细胞") == "CART cell"


def test_a_term_cut_off_by_the_end_of_the_text_is_not_found() -> None:
    assert [term.zh for term in to_english("大语言模").terms] == ["语言"]


# -- arXiv's fields ----------------------------------------------------------------------------------


def test_the_names_of_arxivs_categories_are_terms() -> None:
    assert english("天文仪器与方法") == "Instrumentation and Methods for Astrophysics"
    assert english("K 理论与同调") == "K-Theory and Homology"


def test_a_part_of_a_category_s_name_is_a_term_unless_it_says_nothing() -> None:
    assert english("计算机视觉") == "computer vision"
    assert english("亚细胞过程、海洋物理") == "Subcellular Processes Oceanic Physics"
    assert english("方法") == ""


# -- from English ------------------------------------------------------------------------------------


def test_an_english_term_leads_to_its_chinese_ones_however_it_is_written() -> None:
    assert to_chinese("Large  Language-Model")[:2] == to_chinese("large language model")[:2]
    assert {"大模型", "大语言模型", "大型语言模型"} <= set(to_chinese("large language model"))


def test_the_term_it_is_most_usual_for_comes_before_one_it_is_second_for() -> None:
    found = to_chinese("inference")

    assert "推理" in found
    assert to_chinese("survey")[0] == "综述"
    assert found.index("推理") == len(found) - 1


def test_an_english_term_without_a_chinese_one_leads_nowhere() -> None:
    assert to_chinese("no such thing") == to_chinese("") == ()


# -- whatever comes in -------------------------------------------------------------------------------


@given(texts)
def test_terms_stand_in_order_apart_and_inside_the_text(text: str) -> None:
    translation = to_english(text)

    assert all(0 <= term.start < term.end <= len(text) for term in translation.terms)
    assert all(one.end <= other.start for one, other in pairwise(translation.terms))
    assert all(term.en for term in translation.terms)
    assert translation == to_english(text)


@given(texts)
def test_no_piece_is_said_twice_and_no_unknown_character_is_lost(text: str) -> None:
    translation = to_english(text)

    assert len(set(translation.unknown)) == len(translation.unknown)
    assert ("龘" in text) == any("龘" in unknown for unknown in translation.unknown)
    assert "  " not in translation.expanded.strip() or "  " in text


@pytest.mark.parametrize(
    "pile",
    [
        "人工智",
        "维生素D3",
        "大语言模",
        "的",
        "龘",
        " ",
        "a ",
        "a-",
        "-",
        "A",
        "T 细",
        "\u3000研",
        "\u0301",
        "𠀀",
    ],
)
def test_a_text_of_any_kind_takes_time_by_its_length(pile: str) -> None:
    text = pile * (50_000 // len(pile))

    begun = time.process_time()
    to_english(text)

    assert time.process_time() - begun < CPU_SECONDS


# -- the glossary's files ----------------------------------------------------------------------------


def test_every_line_is_a_chinese_term_and_one_to_three_english_ones() -> None:
    wrong = []
    for name, line in LINES:
        zh, *rest = line.split(BETWEEN_SIDES)
        equivalents = rest[0].split(BETWEEN_EQUIVALENTS) if len(rest) == 1 else []
        is_chinese = LEFT.fullmatch(zh) and re.search("[\u4e00-\u9fff]", zh)
        are_english = all(RIGHT.fullmatch(one) and one == one.strip() for one in equivalents)
        are_distinct = len({one.casefold() for one in equivalents}) == len(equivalents)
        if not (is_chinese and 1 <= len(equivalents) <= 3 and are_english and are_distinct):
            wrong.append((name, line))

    assert wrong == []


def test_no_term_stands_twice_even_in_two_files() -> None:
    count = Counter(line.partition(BETWEEN_SIDES)[0] for _, line in LINES)

    assert [zh for zh, times in count.items() if times > 1] == []
    assert len(count) >= 2500


@pytest.mark.parametrize("name", FIELDS)
def test_a_file_is_sorted_and_small(name: str) -> None:
    lines = [line for file, line in LINES if file == name]

    assert lines == sorted(lines)
    assert len("\n".join(lines).encode()) < 200_000


def test_every_term_is_found_by_its_own_name() -> None:
    lost = []
    for _, line in LINES:
        zh, _, en = line.partition(BETWEEN_SIDES)
        if [(term.zh, term.en) for term in to_english(zh).terms] != [
            (zh, tuple(en.split(BETWEEN_EQUIVALENTS)))
        ]:
            lost.append(zh)

    assert lost == []


def test_a_stop_word_is_not_a_term_and_stands_once() -> None:
    stop_words = glossary_folder().joinpath("stopwords.txt").read_text(encoding="utf-8").split()
    terms = {line.partition(BETWEEN_SIDES)[0] for _, line in LINES}

    assert [word for word, times in Counter(stop_words).items() if times > 1] == []
    assert [word for word in stop_words if word in terms] == []


def test_a_traditional_character_has_one_simplified_form_that_is_final() -> None:
    groups = glossary_folder().joinpath("traditional.txt").read_text(encoding="utf-8").split()
    simplified = [group[0] for group in groups]
    traditional = [character for group in groups for character in group[1:]]

    assert all(len(group) > 1 for group in groups)
    assert len(set(simplified)) == len(simplified)
    assert len(set(traditional)) == len(traditional)
    assert set(simplified).isdisjoint(traditional)


def test_a_simplified_character_that_taiwan_does_not_write_has_a_traditional_form() -> None:
    folder = glossary_folder()
    groups = folder.joinpath("traditional.txt").read_text(encoding="utf-8").split()
    stop_words = "".join(folder.joinpath("stopwords.txt").read_text(encoding="utf-8").split())
    used = {character for _, line in LINES for character in line.partition(BETWEEN_SIDES)[0]}.union(
        stop_words
    )

    # Big5 leaves out most simplified characters. These three are written alike everywhere.
    foreign = {character for character in used if not character.encode("big5", "ignore")} - set("肽苷酶")

    assert foreign - {group[0] for group in groups} == set()


def test_importing_the_module_reads_no_file() -> None:
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "import academichub.text.bilingual\n"
        "print([name for name in opened if 'glossary' in name or 'taxonomy.json' in name])\n"
    )

    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent
    )

    assert answer.stdout.strip() == "[]"
