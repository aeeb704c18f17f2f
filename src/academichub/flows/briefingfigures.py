"""Hold a stored briefing against what is stored: every citation, every quote, every check, again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from academichub.briefing.checking import check
from academichub.briefing.leaning import leans
from academichub.briefing.quoting import is_verbatim
from academichub.flows.briefingmaterial import UNKNOWN, paper_of
from academichub.model.briefing import Maker
from academichub.store import corpus as shelf

if TYPE_CHECKING:
    from academichub.db.engine import Database
    from academichub.model.briefing import Briefing


@dataclass(frozen=True, slots=True)
class BriefingFigures:
    """What is true of a stored briefing."""

    works: int
    sentences: int
    citations: int
    quoted: int
    close: int
    loose: int
    removed: int
    changed_works: int  # whose stored text is another one now; their quotes are not counted below
    invalid_citations: int  # of no work of the briefing
    not_verbatim: int  # quotes that are not word for word in the stored text
    flagged: int  # sentences of a model that the checks refuse
    leaning: int  # printed sentences that lean on what is not printed


def evaluate_briefing(database: Database, briefing: Briefing) -> BriefingFigures:
    """Count what holds of a briefing and what does not."""
    account = briefing.account()
    evidence = briefing.evidence()
    with database.reading() as connection:
        texts = shelf.texts(connection, briefing.works)
        faces = shelf.faces(connection, texts)
    papers = {work_id: paper_of(one, faces.get(work_id, UNKNOWN)) for work_id, one in texts.items()}
    hashes = {one.span.work_id: one.span.text_hash for one in evidence}
    changed = {
        work_id
        for work_id, digest in hashes.items()
        if work_id not in papers or papers[work_id].text_hash != digest
    }
    stored = [one for one in evidence if one.span.work_id not in changed]
    flagged = 0
    for statement in briefing.statements():
        if statement.maker is Maker.MODEL and not any(
            one.span.work_id in changed for one in statement.evidence
        ):
            checked = check(
                statement.text,
                evidence=statement.evidence,
                papers=papers,
                language=briefing.order.language,
            )
            flagged += checked.label is None
    return BriefingFigures(
        works=account.works,
        sentences=account.sentences,
        citations=account.citations,
        quoted=account.quoted,
        close=account.close,
        loose=account.loose,
        removed=account.removed,
        changed_works=len(changed),
        invalid_citations=sum(one.span.work_id not in briefing.works for one in evidence),
        not_verbatim=sum(not is_verbatim(one, papers[one.span.work_id]) for one in stored),
        flagged=flagged,
        leaning=sum(leans(one.text) for one in briefing.statements()),
    )
