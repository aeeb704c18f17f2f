"""Take a name in reading order apart, as reference managers want it: family, given, particle, suffix."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from academichub.references.people import whole_name

_SUFFIX: Final = re.compile(r"(?:[JS]r\.?|II|III|IV)")
_PARTICLE_WORDS: Final = (
    "van von der den de het la le las los del della dei di da do dos das du des ten ter te zu zur zum el al "
    "bin ibn af av y e d' 't op vom"
)
_PARTICLES: Final = frozenset(_PARTICLE_WORDS.split())
_BODY: Final = re.compile(
    r"\b(?:collaborations?|consortium|group|team|committee|network|initiative|investigators|society|institute"
    r"|university|association|organi[sz]ation|department|ministry|foundation|laborator(?:y|ies)|centre|center"
    r"|agency|commission|council|union|project|corporation|company|inc|ltd|gmbh)\b"
    r"|(?:大学|学院|研究所|研究院|委员会|课题组|协作组|中心|公司|协会|学会|编辑部)$",
    re.IGNORECASE,
)
_BODY_START: Final = re.compile(r"(?:the|on behalf of|for the) ", re.IGNORECASE)
_LONGEST_NAME: Final = 6  # words; more are a body
_HAN_NAME: Final = re.compile("[\u4e00-\u9fff]{2,4}")
# The hundred most frequent Chinese surnames, and some that follow (Ministry of Public Security, 2020): a name
# that begins with none of them may be Japanese, and is not cut.
_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪"
    "陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤肖闫冷聂齐邢洪翟鲁葛伍庞倪詹常温康施牛"
    "樊殷颜左岳柯耿关焦俞祝甘欧裴申尚柳单骆冉辛兰祁季梅路娄阳宁卜鲍费苗包凌霍舒项符盛屈褚"
)
_DOUBLE_SURNAMES: Final = frozenset(
    ("欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "公孙", "令狐", "夏侯", "慕容", "司徒", "东方", "端木")
)
_SHORTEST_WITH_DOUBLE: Final = 3


class Words(NamedTuple):
    """The parts of a name; a body, or what cannot be cut for sure, has a family name alone."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""
    is_body: bool = False


def name_words(name: str) -> Words:
    """Cut a name so that `people.whole_name` of its parts gives the name again."""
    cut = _han(name) or _spaced(name)
    if whole_name(cut.family, cut.given, prefix=cut.particle, suffix=cut.suffix) != name:
        return Words(name, is_body=True)
    return cut


def _han(name: str) -> Words | None:
    if not _HAN_NAME.fullmatch(name) or _BODY.search(name):
        return None
    if len(name) >= _SHORTEST_WITH_DOUBLE and name[:2] in _DOUBLE_SURNAMES:
        return Words(name[:2], name[2:])
    if len(name) <= _SHORTEST_WITH_DOUBLE and name[0] in _SURNAMES:
        return Words(name[0], name[1:])
    return None


def _spaced(name: str) -> Words:
    words = name.split()
    if _BODY.search(name) or _BODY_START.match(name) or len(words) > _LONGEST_NAME or "," in name:
        return Words(name, is_body=True)
    suffix = ""
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]):  # noqa: PLR2004  given, family, suffix
        suffix = words.pop()
    if len(words) == 1:
        return Words(words[0], suffix=suffix, is_body=not suffix)
    start = next((at for at, word in enumerate(words[:-1]) if word in _PARTICLES), None)
    if start is None:
        return Words(words[-1], " ".join(words[:-1]), suffix=suffix)
    end = start
    while end < len(words) - 1 and words[end] in _PARTICLES:
        end += 1
    return Words(" ".join(words[end:]), " ".join(words[:start]), " ".join(words[start:end]), suffix)
