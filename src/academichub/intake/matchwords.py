"""Words that say little of what a title is about, and titles that say nothing."""

from __future__ import annotations

import re
from typing import Final


def words(*lines: str) -> frozenset[str]:
    """Make a set of the words of some lines."""
    return frozenset(word for line in lines for word in line.split())


SMALL_WORDS: Final = words(
    "a an and are as at based be by can do does for from how in into is it its of on or our s t that the",
    "their this to under upon using via vs was we what when where which with within y",
    "der die das und la le les de des du et el los en 的 之 与 和 及 在 中 对 了 其 于",
)
# What one source prints in a title and another does not: how the paper was given, not what it is about.
FORM_WORDS: Final = words(
    "abstract abstracts extended tutorial panel session sessions demo demonstration demonstrations",
    "description paper papers poster posters invited keynote talk talks slides version full report technical",
    "preprint draft only summary experience industrial exhibit book review reviews guest editor editors",
    "editorial introduction foreword preface special issue section letter article brief communication",
    "communications online first open access original research accepted press proceedings conference",
    "workshop symposium available note 摘要 英文 综述 网络首发",
)

# -- titles that many works bear ------------------------------------------------------------------

GENERIC_TITLE: Final = re.compile(
    r"(?:guest )?(?:editors?|editorial)(?: s)?"
    r"(?: (?:introduction|foreword|notes?|preface|message|choice))?(?: to .*)?"
    r"|(?:an )?introduction to (?:the|this) (?:special )?(?:issue|section|volume|minitrack).*"
    r"|(?:letter|message|note)s? (?:from|to|by) the .{0,40}|in this issue.*|book reviews?.*"
    r"|call for (?:papers|book|proposals|nominations).*|table of contents.*|list of (?:reviewers|authors).*"
    r"|(?:news|research) (?:and|highlights?|in brief|briefs?).{0,20}"
    r"|.{0,60}\b(?:reviewers|referees)\b.{0,40}|(?:preface|foreword) to .*|obituary.{0,40}"
    r"|(?:本刊)?(?:编者按|卷首语|征稿|目录|启事|前言|导言|新闻|简讯|声明).{0,8}"
)
GENERIC_WORDS: Final = words(  # each of the above that is not Chinese has one of them
    "editor editors editorial introduction letter letters message messages note notes issue book call news",
    "research contents reviewers referees authors preface foreword obituary",
)
FEWEST_WORDS: Final = 4  # a title of fewer says too little (ingest reference, section 5.3)

# -- notices --------------------------------------------------------------------------------------

# What a title says it is to another paper. One may be found too easily: only works in different classes are
# kept apart, and "Reply of plants to light" is in the same class wherever it is printed.
_NOTICES: Final = {
    "retraction": r"^(?:retract|withdraw)\w*\b|撤稿|撤销",
    "correction": (
        r"^(?:(?:author|publisher|editorial)(?:['’]s)? )?(?:correct|corrig|errat|addend)\w*\b(?! of\b)"
        r"|\b(?:erratum|corrigendum)$|^(?:editorial )?expression of concern|更正|勘误"
    ),
    "reply": (
        r"^(?:(?:the )?authors?['’]? )?(?:(?:in )?reply|replies|response|rejoinder|rebuttal)\b"
        r"|\breply$|答复|回应"
    ),
    "comment": (
        r"^(?:a )?(?:comments?|commentary|remarks?|discussion) (?:on|of|to)\b|\bcomment$|商榷|的评论"
    ),
    "supplement": (
        r"^(?:data|code|dataset|software) (?:from|for|of)\b"
        r"|^(?:supplement|supporting )\w* (?:material|info|data|file)"
    ),
}
NOTICES: Final = tuple((name, re.compile(pattern)) for name, pattern in _NOTICES.items())
NOTICE_FRONTS: Final = (
    "retract", "withdraw", "author", "publisher", "editor", "correct", "corrig", "errat", "addend",
    "expression", "the author", "repl", "in reply", "response", "rejoinder", "rebuttal", "comment",
    "a comment", "remark", "a remark", "discussion", "data", "code", "software", "supp",
)  # fmt: skip
NOTICE_BACKS: Final = ("erratum", "corrigendum", "reply", "comment")
NOTICE_EDGES: Final = " []().:-–—\"'“”‘’【】"

# -- numbers --------------------------------------------------------------------------------------

NUMBER_OF: Final = {
    name: str(number)
    for number, names in enumerate(
        (
            "one first i 一",
            "two second ii 二",
            "three third iii 三",
            "four fourth iv 四",
            "five fifth v 五",
            "six sixth vi 六",
            "seven seventh vii 七",
            "eight eighth viii 八",
            "nine ninth ix 九",
            "ten tenth x 十",
            "eleven eleventh xi",
            "twelve twelfth xii",
        ),
        start=1,
    )
    for name in names.split()
}
ROMAN: Final = words("i ii iii iv v vi vii viii ix x xi xii")
LETTERS: Final = words("a b c d e")
ONLY_LABELLED: Final = LETTERS | words("one first i v x")  # often no number, but behind a label
LABELS: Final = words("part parts pt vol volume chapter paper no number")
CJK_PART: Final = re.compile(r"[(（第之]\s*([一二三四五六七八九十上中下])\s*(?:[)）部篇卷章期届]|$)")

# -- opposites ------------------------------------------------------------------------------------

# Fronts that turn a word into its opposite: put before the other word, or one in the place of another.
TURNING: Final = words("a an anti de dis fe il im in ir non un mis re sub wo")
CONTRAST: Final = re.compile(
    r"(?:intra|inter|hypo|hyper|micro|macro|nano|meso|homo|hetero|endo|exo|ecto|mono|poly|multi|uni|bi|tri|pre"
    r"|post|pro|anti|over|under|up|down|in|de|en|ex|sub|super|supra|infra|trans|cis|syn|para|ortho|meta|eu)"
)
