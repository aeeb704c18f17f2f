"""A made-up background: six fields with words of their own, and terms at home in one of them."""

from __future__ import annotations

import random
from datetime import date, timedelta

from academichub.model.briefing import Paper

LAST_DAY = date(2026, 5, 1)
WORDS = {
    "astro-ph.EP": "planet star orbit telescope photometry dip companion habitable dust galaxy",
    "cs.CY": "bus passenger route timetable city vehicle station commuter fare street",
    "cs.LG": "gradient loss neuron embedding batch inference token layer decoder corpus",
    "quant-ph": "qubit photon cavity entanglement coherence laser fidelity detector mode ion",
    "physics.geo-ph": "rock oil porous basin pressure well seismic sediment aquifer drill",
    "math.PR": "martingale theorem proof limit convergence bound lemma ergodic kernel cone",
}
HOME = {
    "transit": "astro-ph.EP",
    "burst": "astro-ph.EP",
    "giant": "astro-ph.EP",
    "jet": "astro-ph.EP",
    "spiral": "astro-ph.EP",
    "reservoir": "physics.geo-ph",
    "pearl": "physics.geo-ph",
    "squeezing": "quant-ph",
    "frequency comb": "quant-ph",
    "transformer": "cs.LG",
    "attention": "cs.LG",
    "flow matching": "cs.LG",
}
USERS = 10  # papers of the background that use each term


def made_paper(
    number: int,
    title: str,
    abstract: str,
    category: str = "cs.LG",
    *,
    on: date = LAST_DAY,
    also: tuple[str, ...] = (),
) -> Paper:
    """Make a paper up."""
    listed = (category, *also) if category else also
    return Paper(number, title, abstract, f"{number:016x}", on, version="v1", categories=listed)


def sentence(term: str, words: list[str]) -> str:
    """Say a term among words."""
    return f"We show the {term} and the {', the '.join(words)}."


def background(of_each: int = 120) -> list[Paper]:
    """Make the papers of a year up, field after field, each term in `USERS` papers of its home."""
    chance = random.Random(7)  # noqa: S311 - made-up texts, no secret
    papers: list[Paper] = []
    for category, said in WORDS.items():
        words = said.split()
        terms = [term for term, home in HOME.items() if home == category for _ in range(USERS)]
        for at in range(of_each):
            term = terms[at] if at < len(terms) else chance.choice(words)
            some = chance.sample(words, 6)
            title = f"On the {term}" if at % 2 else f"On the {some[0]}"
            abstract = f"{sentence(term, some[:3])} {sentence(some[5], some[2:5])}"
            on = LAST_DAY - timedelta(days=1 + (37 * at) % 700)
            papers.append(made_paper(len(papers) + 1, title, abstract, category, on=on))
    return papers


def of_field(number: int, term: str, category: str, *, words_of: str = "", on: date = LAST_DAY) -> Paper:
    """Make a paper of a field up that uses a term among the words of another, or of its own."""
    own, beside = WORDS[category].split(), WORDS[words_of or category].split()
    abstract = f"{sentence(own[0], own[1:4])} {sentence(term, beside[:4])} {sentence(term, beside[4:8])}"
    return made_paper(number, f"A {term}", abstract, category, on=on)
