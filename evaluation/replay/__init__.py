"""The web of another day, played on this machine: real captures, made days, and faults on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.replay.arxivdays import (
    MAY_2026,
    Listing,
    PaperRecord,
    Plan,
    Troubles,
    make_plan,
    read_records,
)
from evaluation.replay.arxivsite import FEED_HOST, SITE_HOST, ArxivSite
from evaluation.replay.clock import ReplayClock
from evaluation.replay.faults import Faults, Kind, Rule, load_faults
from evaluation.replay.journals import Storm, many, play_series, series
from evaluation.replay.ledger import Ledger
from evaluation.replay.oaipages import OAI_HOST, OLD_HOST, PAGE_SIZE, BigStock, OaiServer, PlanStock
from evaluation.replay.script import Answer, Question, Script, load_captures
from evaluation.replay.server import Replay

if TYPE_CHECKING:
    from evaluation.replay.oaipages import Stock

__all__ = [
    "MAY_2026",
    "Answer",
    "ArxivSite",
    "BigStock",
    "Faults",
    "Kind",
    "Ledger",
    "Listing",
    "OaiServer",
    "PaperRecord",
    "Plan",
    "PlanStock",
    "Question",
    "Replay",
    "ReplayClock",
    "Rule",
    "Script",
    "Storm",
    "Troubles",
    "load_captures",
    "load_faults",
    "make_plan",
    "many",
    "play_arxiv",
    "play_oai",
    "play_series",
    "read_records",
    "series",
]


def play_arxiv(script: Script, plan: Plan, *, page_size: int = PAGE_SIZE, edge_cache: bool = False) -> Script:
    """Let a plan speak for all of arXiv: feeds, listing pages and OAI-PMH. Gives the script back.

    Args:
        script: To add to.
        plan: The days.
        page_size: Records on a page of OAI-PMH.
        edge_cache: See `ArxivSite`.
    """
    site = ArxivSite(plan, edge_cache=edge_cache)
    script.play(FEED_HOST, site.feeds)
    script.play(SITE_HOST, site.listing)
    script.play(f"www.{SITE_HOST}", site.listing)
    return play_oai(script, PlanStock(plan), page_size=page_size)


def play_oai(script: Script, stock: Stock, *, page_size: int = PAGE_SIZE) -> Script:
    """Let a stock speak for arXiv's OAI-PMH, at its place and its old one. Gives the script back."""
    server = OaiServer(stock, page_size=page_size)
    script.play(OAI_HOST, server)
    script.play(OLD_HOST, server)
    return script
