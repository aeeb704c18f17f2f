"""Have liars write briefings through real HTTP, and count what of it is printed.

python -m evaluation.liars [--briefings 200] [--json]

A scripted server lies in every way of tests/fakes/lying_server.py: always, at the first answer to each
question, at the second, or in turn with the other lies; in English and Chinese. The judge shares nothing with
the writer: it knows which sentences are true of which made-up paper, and cuts every quote out of the stored
abstract again. Beside it the writer's own checks run once more.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections import defaultdict
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from academichub.llm.chat import ChatEndpoint
from academichub.llm.chatservice import ChatService
from academichub.model.briefing import BriefingOrder, Maker
from academichub.model.briefingpages import BriefingState
from academichub.store import corpus, ledger
from tests.fakes import lying_server
from tests.fakes.briefdesk import BriefDesk
from tests.fakes.briefpapers import drafts, honest, truths
from tests.fakes.chat_server import ChatServer
from tests.fakes.drafts import DAY
from tests.fakes.lying_server import Liar
from tests.fakes.network import system_trust

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from academichub.model.briefing import Briefing
    from tests.fakes.lying_server import Lie

BRIEFINGS: Final = 200
HASTE: Final = 0.2  # seconds that a silent server is waited for
MANNERS: Final = ("always", "first", "second", "in turn")
LANGUAGES: Final = ("en", "zh")
IN_TURN: Final = 6  # lies that are told one after the other
_CITED: Final = re.compile(r"\[(\d{1,4})\]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one briefing, or of several together."""

    briefings: int = 0
    lies: int = 0  # that were told
    calls: int = 0
    by_model: int = 0  # sentences that are printed
    by_authors: int = 0
    removed: int = 0
    fallbacks: int = 0
    unfinished: int = 0  # briefings that did not come to their end, or lack a section
    invalid_citations: int = 0
    not_verbatim: int = 0
    flagged: int = 0  # printed sentences that the checks refuse when they look again
    untrue: int = 0  # printed sentences that are not true of the papers that they cite

    @property
    def faults(self) -> int:
        """Count what must not be."""
        return self.unfinished + self.invalid_citations + self.not_verbatim + self.flagged + self.untrue

    def __add__(self, other: Outcome) -> Outcome:
        """Add them up."""
        return Outcome(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Outcome)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write, judge, print; 1 where anything false was printed."""
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.liars",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--briefings", type=int, default=BRIEFINGS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    by_lie: dict[str, Outcome] = defaultdict(Outcome)
    with tempfile.TemporaryDirectory() as folder:
        for name, outcome in rage(Path(folder), briefings=options.briefings):
            by_lie[name] += outcome
    by_lie["all"] = sum(by_lie.values(), Outcome())
    if options.json:
        print(json.dumps({name: asdict(one) for name, one in by_lie.items()}))
    else:
        _print(by_lie)
    return int(by_lie["all"].faults > 0)


def rage(folder: Path, *, briefings: int) -> Iterator[tuple[str, Outcome]]:
    """Write briefings one after the other, each with another liar; give the lie's name and what became of it.

    The same number gives the same lies.
    """
    desk = BriefDesk(folder)
    desk.shelf.put(*drafts())
    for number in range(briefings):
        round_, place = divmod(number, len(lying_server.ALL))
        name = list(lying_server.ALL)[place]
        manner = MANNERS[round_ % len(MANNERS)]
        language = LANGUAGES[(round_ // len(MANNERS) + place) % len(LANGUAGES)]
        yield name, _written(desk, _script(lying_server.ALL[name], manner, number), language)
    desk.close()


def _script(lie: Lie, manner: str, seed: int) -> list[Lie | None]:
    """Say which lies follow one another; None is the truth."""
    if manner == "always":
        return [lie]
    if manner == "in turn":
        others = random.Random(seed).sample(list(lying_server.ALL.values()), IN_TURN)  # noqa: S311  # no secret
        return [lie, *others, None]
    return [lie, None] if manner == "first" else [None, lie]


def _written(desk: BriefDesk, script: list[Lie | None], language: str) -> Outcome:
    """Have one briefing written by a liar, and judge it."""
    with desk.database.writing() as connection:  # no liar answers for another
        ledger.forget_old(connection, before=desk.now + timedelta(days=1))
    liar = Liar(honest, script)
    with ChatServer(liar, remembers=False) as server:
        service = ChatService(
            server.url, "liar", timeout_seconds=10 * HASTE, first_seconds=HASTE, between_seconds=HASTE
        )
        with ChatEndpoint(service, tls=system_trust(), sleep=lambda _: None) as chat:
            desk.chat = chat
            order = BriefingOrder((), DAY, DAY, language, Maker.MODEL)
            key = desk.order_briefing(order, now=desk.now)
            state = desk.write_briefing(key)
        calls = len(server.asked)
    lies = sum(1 for told in liar.told if told)
    made = desk.briefing(key).briefing
    if state is not BriefingState.DONE or made is None:
        return Outcome(briefings=1, lies=lies, calls=calls, unfinished=1)
    return judge(desk, key, made) + Outcome(briefings=1, lies=lies, calls=calls)


def judge(desk: BriefDesk, key: str, made: Briefing) -> Outcome:
    """Hold a briefing against the stored abstracts and against what is true of them."""
    with desk.database.reading() as connection:
        stored = {
            work_id: one.abstract or "" for work_id, one in corpus.texts(connection, made.works).items()
        }
    evidence = made.evidence()
    printed = desk.briefing_file(key, "md")[0].decode()
    is_whole = bool(made.points and made.themes) and all(part.statements for part in made.themes)
    untrue = 0
    for statement in made.statements():
        cited = [stored.get(one.span.work_id, "") for one in statement.evidence]
        untrue += not cited or all(statement.text not in truths(abstract) for abstract in cited)
    return Outcome(
        by_model=sum(one.maker is Maker.MODEL for one in made.statements()),
        by_authors=sum(one.maker is not Maker.MODEL for one in made.statements()),
        removed=len(made.removed),
        fallbacks=len(made.fallbacks),
        unfinished=int(not is_whole),
        invalid_citations=sum(
            one.span.work_id not in stored or one.span.work_id not in made.works[: made.cited]
            for one in evidence
        )
        + sum(not 1 <= int(number) <= len(made.works) for number in _CITED.findall(printed)),
        not_verbatim=sum(
            stored.get(one.span.work_id, "")[one.span.start : one.span.end] != one.quote for one in evidence
        ),
        flagged=desk.evaluate_briefing(key).flagged,
        untrue=untrue,
    )


def _print(by_lie: dict[str, Outcome]) -> None:
    names = [each.name for each in fields(Outcome)]
    widths = [max(len(name), 5) for name in names]
    first = max(map(len, by_lie))
    print(" " * first, *(name.rjust(width) for name, width in zip(names, widths, strict=True)))
    for lie, outcome in by_lie.items():
        numbers = (
            str(getattr(outcome, name)).rjust(width) for name, width in zip(names, widths, strict=True)
        )
        print(lie.ljust(first), *numbers)


if __name__ == "__main__":
    sys.exit(main())
