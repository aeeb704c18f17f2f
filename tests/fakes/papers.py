# ruff: noqa: E501 - prose reads better in long lines
"""Made-up papers, in English and Chinese, for pages and tests. No person or result here is real."""

from __future__ import annotations

from dataclasses import dataclass

from academichub.model.papers import Bond, Flag, Kind

_LOG_K = (
    '<math><mrow><mi>O</mi><mo stretchy="false">(</mo><mi>log</mi><mo>&#8289;</mo><mi>k</mi>'
    '<mo stretchy="false">)</mo></mrow></math>'
)
_SUM = (
    '<math display="block"><mrow><msub><mi>Z</mi><mi>β</mi></msub><mo>=</mo><munderover><mo>∑</mo>'
    "<mrow><mi>n</mi><mo>=</mo><mn>0</mn></mrow><mi>N</mi></munderover><msup><mi>e</mi>"
    "<mrow><mo>−</mo><mi>β</mi><msub><mi>E</mi><mi>n</mi></msub></mrow></msup></mrow></math>"
)
_H0 = "<math><msub><mi>H</mi><mn>0</mn></msub></math>"
_K = "<math><mi>k</mi></math>"


@dataclass(frozen=True, slots=True)
class Sample:
    """One made-up paper."""

    title: str
    authors: tuple[str, ...]
    abstract: str | None
    venue: str = "arXiv"
    categories: tuple[str, ...] = ()
    kind: Kind = Kind.PREPRINT
    language: str = "en"
    is_teaser: bool = False
    version: int | None = 1
    flags: tuple[Flag, ...] = ()


SAMPLES = (
    Sample(
        "Maps That Remember: Spatial Tool Use for Agents in a Changing Room",
        (
            "Ada Fenwick",
            "Tomás Brandão",
            "Li Wenqing",
            "Noor Haddad",
            "Ivo Kask",
            "Mei Tanaka",
            "Sol Adeyemi",
        ),
        "Spatial reasoning asks a model to keep track of a world that goes on changing after the camera has looked "
        'away. We introduce <span class="sc">Roommate</span>, an agent that draws its own map, marks what it has '
        "not yet seen, and decides when a second look is worth its cost. On four household benchmarks the map, not "
        "a larger model, explains most of the gain; errors that remain come from objects that were moved twice. We "
        "release the maps, the failures, and the questions nobody answered.",
        categories=("cs.CV", "cs.AI", "cs.RO"),
    ),
    Sample(
        f"Higher-Order Parities of Order {_K} by a Single Layer of Quantum Attention",
        ("Ruth Osei", "Jonas Lindqvist"),
        f"Dot-product attention compares tokens in pairs; an interaction of order {_K} therefore needs depth or "
        "width that grows with the order. We show a circuit of depth "
        f"{_LOG_K} that represents any such interaction exactly and learn it from samples, "
        f"with a partition function {_SUM} that stays tractable up to forty sites. Noise above one part in a "
        "thousand removes the advantage, and we say where.",
        categories=("quant-ph", "cs.LG"),
        version=2,
    ),
    Sample(
        "Daily briefing: how a sentence is built, one neuron at a time",
        (),
        "Recordings from single cells during conversation show words being lined up before they are spoken.",
        venue="Nature",
        kind=Kind.NEWS,
        is_teaser=True,
        version=None,
    ),
    Sample(
        "缺失观测的显式建模：先问数据何时出现，再问它是多少",
        ("沈知远", "周以宁", "Hanna Virtanen"),
        "多数时间序列方法先补全缺失值，再在补全后的序列上预测，这等于假定缺失与取值无关。本文把“下一次观测是否会出现”与“观测值是多少”"
        "写进同一个似然，用两个共享状态的点过程联合估计。在重症监护、河流流量和城市用电三组数据上，提前量为 24 小时的校准误差下降 31%，"
        "而均方误差几乎不变：改善来自模型知道自己何时不知道。文末讨论了传感器更换造成的伪缺失。",
        categories=("stat.ML", "cs.LG"),
        language="zh",
    ),
    Sample(
        f"A Gentle Tension: Reading {_H0} from Lensed Supernovae with Honest Priors",
        ("Priya Raman", "Oskar Nowak", "Chen Yulin", "Beatriz Sol"),
        "Eleven multiply imaged supernovae are enough to measure the present expansion rate to three per cent, "
        "provided that the mass profile of the lens is not assumed. We repeat six published analyses under one "
        "prior and find that half of the reported disagreement is the prior.",
        venue="Astronomy Letters",
        categories=("astro-ph.CO",),
        kind=Kind.ARTICLE,
        version=None,
        flags=(Flag.CONCERN, Flag.CORRECTED),
    ),
    Sample(
        "Fair Division of Attention: Sample Selection as a Game Nobody Wins",
        ("Emil Sørensen", "Aiko Mori", "Grace Mbeki"),
        "We study data pruning as the fair division of indivisible items between objectives that disagree. "
        "Envy-freeness up to one example turns out to be cheap to guarantee and useful: the selected third of the "
        "training set keeps rare classes that score-based pruning drops.",
        categories=("cs.LG", "cs.GT"),
    ),
    Sample(
        "Correction: Room-temperature magnon transport in layered oxides",
        ("K. Petrov", "L. Aubert"),
        "In Figure 3b the vertical axis was labelled in the wrong unit. The conclusions are not affected.",
        venue="Physical Notes",
        categories=("cond-mat.mes-hall",),
        kind=Kind.CORRECTION,
        version=None,
    ),
    Sample(
        "中文医学问答中的事实核查：一个可逐句追溯的基准",
        ("何清越", "Lukas Baum", "宋时雨", "林见山", "顾南乔", "叶知秋", "唐若溪", "罗一苇"),
        "大模型给出的医学回答往往整体流畅而个别句子无据。我们请 46 位医师为 3,200 个问题的回答逐句标注依据，形成可追溯到指南段落的基准 MedTrace。"
        "实验表明，现有模型引用的段落中有 18% 与所支持的句子无关；要求模型先引用后作答可将该比例降到 6%，代价是回答变短。",
        categories=("cs.CL",),
        language="zh",
    ),
    Sample(
        "Slow Rivers, Fast Models: Emulating a Century of Sediment in an Afternoon",
        ("Marta Kowalczyk",),
        "A neural emulator of a delta-building model reproduces channel avulsion statistics over 120 years at one "
        "ten-thousandth of the cost. Where the emulator fails, it fails early and says so by its own variance.",
        categories=("physics.geo-ph", "physics.ao-ph"),
        flags=(Flag.RETRACTED,),
    ),
    Sample(
        "On the Length of Proofs that a Graph Has No Short Cycle",
        ("D. Farkas", "Yuki Hirano"),
        "We give a lower bound for the length of resolution refutations certifying girth, matching the known upper "
        "bound up to a logarithmic factor.",
        categories=("math.CO", "cs.CC"),
        version=3,
    ),
    Sample(
        "Retraction: A universal scaling law for urban birdsong",
        ("P. Anonymous",),
        None,
        venue="Nature",
        kind=Kind.RETRACTION,
        version=None,
    ),
    Sample(
        "Chlorophyll at the Edge: Forty Winters of Under-Ice Blooms from Space",
        ("Siri Aas", "Joaquín Peralta", "Wang Ruohan"),
        "Under-ice phytoplankton blooms are hidden from ocean-colour satellites. Using melt-pond optics and buoy "
        "profiles we reconstruct forty winters and find that the bloom now starts nineteen days earlier, with most "
        "of the change after 2007.",
        venue="bioRxiv",
        categories=("ecology",),
        flags=(Flag.CORRECTED,),
    ),
    Sample(
        "低温下拓扑超导纳米线的噪声谱：来自三家实验室的同一块样品",
        ("陆行舟", "Anneli Koskinen"),
        "同一块样品依次在三家实验室测量，零偏压电导峰只在其中一家出现。本文给出完整的噪声谱、接线图和冷却历史，说明该峰可由接地回路解释。",
        categories=("cond-mat.supr-con",),
        language="zh",
        version=2,
    ),
    Sample(
        "What Reviewers Ask For, and Whether It Helps: 12,000 Paired Revisions",
        ("Femi Okafor", "Clara Weiss", "Minh Tran"),
        "We align the reviews of twelve thousand manuscripts with the changes that followed. Requests for ablations "
        "are met most often and change conclusions least; requests for a plainer abstract are met least often.",
        categories=("cs.DL", "cs.CL", "stat.AP"),
    ),
    Sample(
        "Retraction: Slow Rivers, Fast Models",
        ("The Editors",),
        "The authors have found that the emulator was trained on the years it was tested on, and withdraw the paper.",
        venue="Notes on Sediment",
        categories=("geophysics",),
        kind=Kind.RETRACTION,
        version=None,
    ),
)

# What the versions of the tenth sample said, oldest first: title and abstract.
VERSIONS = (
    (
        "On the Length of Proofs that a Graph Has No Short Cycles",
        "We give a lower bound for the length of resolution proofs that a graph has no short cycle. The bound holds for random cubic graphs. It is not known to be tight.",
    ),
    (
        "On the Length of Proofs that a Graph Has No Short Cycle",
        "We give a lower bound for the length of resolution refutations that certify girth. The bound holds for random cubic graphs of girth at least 7. It is tight up to a polynomial.",
    ),
    (
        "On the Length of Proofs that a Graph Has No Short Cycle",
        "We give a lower bound for the length of resolution refutations certifying girth, matching the known upper bound up to a logarithmic factor.",
    ),
)

# By sample, counted from 1: bond, scheme, value, the sample it is (None where it is not on the shelves), venue.
RELATED: dict[int, tuple[tuple[Bond, str, str, int | None, str], ...]] = {
    2: ((Bond.PREPRINT_OF, "doi", "10.5555/attention.parity", None, ""),),
    3: ((Bond.ABOUT, "doi", "10.5555/neurons.sentence", None, ""),),
    5: (
        (Bond.CONCERN_RAISED_BY, "doi", "10.5555/letters.concern(2026)7", None, ""),
        (Bond.CORRECTED_BY, "doi", "10.5555/letters.correction.7", None, ""),
        (Bond.HAS_PREPRINT, "arxiv", "2601.01234", None, ""),
        (Bond.REVIEWS, "pmid", "31415926", None, ""),
    ),
    7: ((Bond.CORRECTS, "doi", "10.5555/notes.magnon", None, ""),),
    9: ((Bond.RETRACTED_BY, "doi", "10.5555/hub.15", 15, "Notes on Sediment"),),
    15: ((Bond.RETRACTS, "arxiv", "2606.10009", 9, "arXiv"),),
}

# Sources that can be subscribed: key, title, title in Chinese, about, field, publisher, ISSN, access, language.
CATALOGUE = (
    (
        "arxiv:cs.CV",
        "arXiv cs.CV",
        "arXiv cs.CV 计算机视觉与模式识别",
        "Computer Vision",
        "computer-science",
        "arXiv",
        "",
        "feed",
        "en",
    ),
    (
        "arxiv:cs.RO",
        "arXiv cs.RO",
        "arXiv cs.RO 机器人学",
        "Robotics",
        "computer-science",
        "arXiv",
        "",
        "feed",
        "en",
    ),
    ("nature", "Nature", "自然", "", "multidisciplinary", "Springer Nature", "1476-4687", "feed", "en"),
    (
        "notes-on-sediment",
        "Notes on Sediment",
        "",
        "rivers deltas",
        "earth",
        "Delta Press",
        "1234-5679",
        "signal",
        "en",
    ),
    (
        "letters-astronomy",
        "Astronomy Letters",
        "天文快报",
        "",
        "astronomy",
        "Skyward Society",
        "2345-678X",
        "crossref",
        "en",
    ),
    (
        "shuiwen-xuebao",
        "Acta Hydrologica Ficta",
        "水文虚构学报",
        "",
        "earth",
        "江湖出版社",
        "9876-543X",
        "feed",
        "zh",
    ),
    ("biorxiv-ecology", "bioRxiv Ecology", "bioRxiv 生态学", "", "biology", "bioRxiv", "", "api", "en"),
)
