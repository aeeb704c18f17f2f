"""The command evaluate bridges: whether papers that meet in a bridge belong to each other's fields."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from academichub.cli.console import explained, make_terminal, print_json
from academichub.flows.bridgesfigures import evaluate_bridges

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from academichub.cli.console import Terminal
    from academichub.flows.bridgesfigures import BridgesFigures, Listed

_DIGITS: Final = 6


def bridges(
    records: Path, *, train_before: date, first: date, last: date, top: int, listed: int, as_json: bool
) -> None:
    """Learn from the records before a day, find bridges in a stretch, and print every figure."""
    terminal = make_terminal(None)
    with explained():
        figures = evaluate_bridges(
            records,
            train_before=train_before,
            first=first,
            last=last,
            stopwatch=time.process_time,
            top=top,
            listed=listed,
        )
        if as_json:
            print_json(_json(figures))
        else:
            _print(figures, terminal)


def _json(figures: BridgesFigures) -> dict[str, Any]:
    return {
        "background": figures.background,
        "papers": figures.papers,
        "pairs": figures.pairs,
        "base": round(figures.base, _DIGITS),
        "left_out": dict(figures.left_out),
        "concepts": figures.concepts,
        "learn_seconds": round(figures.learn_seconds, 3),
        "find_seconds": round(figures.find_seconds, 3),
        "has_affinity": figures.has_affinity,
        "methods": {
            name: {
                str(depth): {
                    "pairs": rate.pairs,
                    "rate": round(rate.rate, _DIGITS),
                    "base": round(rate.base, _DIGITS),
                    "ratio": round(rate.ratio, _DIGITS),
                }
                for depth, rate in rates.items()
            }
            for name, rates in figures.methods.items()
        },
        "listed": [_listed(one) for one in figures.listed],
    }


def _listed(one: Listed) -> dict[str, Any]:
    bridge = one.bridge
    return {
        "concept": bridge.concept,
        "likely": round(bridge.likely, _DIGITS),
        "surprising": round(bridge.surprising, _DIGITS),
        "growth": bridge.growth.value,
        "home": {
            "id": one.home_id,
            "field": bridge.home,
            "used_by": [bridge.home_count, bridge.home_total],
            "sentence": bridge.home_evidence.quote,
        },
        "away": {
            "id": one.away_id,
            "field": bridge.away,
            "used_by": [bridge.away_count, bridge.away_total],
            "sentence": bridge.away_evidence.quote,
        },
    }


def _print(figures: BridgesFigures, terminal: Terminal) -> None:
    def say(text: str) -> None:
        terminal.out.print(text, markup=False, highlight=False)

    say(
        f"background {figures.background}, {figures.concepts} concepts; {figures.papers} papers, "
        f"{figures.pairs} pairs of two archives, {figures.base:.4f} of them right"
    )
    for archive, count in figures.left_out.items():
        say(f"left out: {count} papers of {archive}, nearly all cross-listed")
    affinity = "" if figures.has_affinity else "; too few papers for affinities"
    say(f"{figures.learn_seconds:.1f} s CPU to learn, {figures.find_seconds:.1f} s to find{affinity}")
    for name, rates in figures.methods.items():
        shown = [
            f"top {depth}: {rate.rate:.3f} / {rate.base:.3f} = {rate.ratio:.2f}x (n={rate.pairs})"
            for depth, rate in rates.items()
        ]
        say(f"{name}: {'; '.join(shown)}")
    for number, one in enumerate(figures.listed, 1):
        bridge = one.bridge
        say(f"{number}. {bridge.concept}: likely {bridge.likely:.2f}, surprising {bridge.surprising:.2f}")
        say(
            f"   at home in {bridge.home} ({bridge.home_count} of {bridge.home_total}), {one.home_id}: "
            f"{bridge.home_evidence.quote}"
        )
        say(
            f"   {bridge.growth.value} in {bridge.away} ({bridge.away_count} of {bridge.away_total}), "
            f"{one.away_id}: {bridge.away_evidence.quote}"
        )
