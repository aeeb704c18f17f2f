"""The hub's own words in a briefing that leaves the hub: headings and connecting text, zh and en."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from academichub.model.briefing import ChangeKind, Growth, Label

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "title": "交叉领域简报",
        "points": "要点",
        "themes": "主题",
        "bridges": "学科之桥",
        "surprising": "意外之桥",
        "no-bridges": "这几天没有可靠的跨领域联系。",
        "tensions": "分歧",
        "changes": "与上期相比",
        "changes-since": "与截至 {since} 的上一期相比",
        "reading": "先读这几篇",
        "watch": "值得留意",
        "references": "引用的论文",
        "uncited": "已读、未引用：{count} 篇",
        "nothing-new": "这一天没有新论文。",
        "account": (
            "读 {works} 篇 · {sentences} 句 · 引用 {citations} 处 · 逐字 {quoted} · "
            "改写 {paraphrased} · 删去 {removed}"
        ),
        "extractive": "句子逐字取自摘要，未用语言模型",
        "model": "AI 生成：{model}",
        "limits": "局限：仅依据摘要",
        "cost": "费用 {money} {currency}",
        "home-away": "{home} → {away}",
        "counts": "此前一年：{away} {away_count}/{away_total} 篇，{home} {home_count}/{home_total} 篇",
        "first-seen": "在 {away} 首见于 {on}",
        "minutes": "{minutes} 分钟",
        "watch-line": "{term}：{now} 篇（预期 {expected}）",
        "versus": "对",
        "made": "{at} UTC",
        "wording": "措辞未经核对",
        "abstract-sentence": "摘要第 {sentence} 句",
        "verbatim": "逐字",
        "fallback": "下列部分模型未能写成，改用摘录：{sections}",
        "separator": "；",
        "stop": "。",
    },
    "en": {
        "title": "Cross-field briefing",
        "points": "Key points",
        "themes": "Themes",
        "bridges": "Bridges between fields",
        "surprising": "Bridges that surprise",
        "no-bridges": "No good bridge between fields in these days.",
        "tensions": "Tensions",
        "changes": "What changed",
        "changes-since": "What changed since the briefing up to {since}",
        "reading": "Read these first",
        "watch": "Worth watching",
        "references": "Papers cited",
        "uncited": "Read and not cited: {count} papers",
        "nothing-new": "No new papers on this day.",
        "account": (
            "{works} papers read · {sentences} sentences · {citations} citations · {quoted} verbatim · "
            "{paraphrased} paraphrased · {removed} removed"
        ),
        "extractive": "sentences taken verbatim from abstracts, no language model",
        "model": "written by AI: {model}",
        "limits": "limits: abstracts only",
        "cost": "cost {money} {currency}",
        "home-away": "{home} → {away}",
        "counts": (
            "in the year before: {away_count} of {away_total} {away} papers, "
            "{home_count} of {home_total} {home} papers"
        ),
        "first-seen": "first seen in {away} on {on}",
        "minutes": "{minutes} min",
        "watch-line": "{term}: {now} papers ({expected} expected)",
        "versus": "against",
        "made": "{at} UTC",
        "wording": "wording not checked",
        "abstract-sentence": "abstract, sentence {sentence}",
        "verbatim": "verbatim",
        "fallback": "the model could not write these parts, which are quoted instead: {sections}",
        "separator": "; ",
        "stop": ".",
    },
}
LABELS: Final[Mapping[str, Mapping[Label, str]]] = {
    "zh": {Label.QUOTED: "逐字引文", Label.CLOSE: "贴近原文的改写", Label.LOOSE: "自由改写，措辞未经核对"},
    "en": {
        Label.QUOTED: "quoted",
        Label.CLOSE: "close paraphrase",
        Label.LOOSE: "loose paraphrase, wording not checked",
    },
}
GROWTHS: Final[Mapping[str, Mapping[Growth, str]]] = {
    "zh": {Growth.NEW: "新出现", Growth.GROWING: "增长中", Growth.ESTABLISHED: "已有渊源"},
    "en": {Growth.NEW: "new", Growth.GROWING: "growing", Growth.ESTABLISHED: "established"},
}
CHANGES: Final[Mapping[str, Mapping[ChangeKind, str]]] = {
    "zh": {
        ChangeKind.BORN: "新主题：{what}（{now} 篇）",
        ChangeKind.GROWN: "增长：{what}（{before} → {now} 篇）",
        ChangeKind.SHRUNK: "减少：{what}（{before} → {now} 篇）",
        ChangeKind.GONE: "不再出现：{what}（原 {before} 篇）",
        ChangeKind.REVISED: "有新版本：{what}",
        ChangeKind.RETRACTED: "已撤稿：{what}",
    },
    "en": {
        ChangeKind.BORN: "new theme: {what} ({now} papers)",
        ChangeKind.GROWN: "grown: {what} ({before} → {now} papers)",
        ChangeKind.SHRUNK: "fewer: {what} ({before} → {now} papers)",
        ChangeKind.GONE: "gone: {what} (there were {before})",
        ChangeKind.REVISED: "new version: {what}",
        ChangeKind.RETRACTED: "retracted: {what}",
    },
}


def say(language: str, name: str, **facts: object) -> str:
    """Give one of our phrases."""
    return WORDS[language][name].format(**facts)
