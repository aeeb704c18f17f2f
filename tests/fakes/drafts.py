"""Drafts for tests: small, complete, made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from academichub.intake.parts import fingerprint
from academichub.model.papers import (
    Announcement,
    Author,
    Draft,
    Identifiers,
    Key,
    Kind,
    Link,
    LinkRole,
    Moment,
    Precision,
    Prose,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

NOW = datetime(2026, 6, 19, 5, 0, tzinfo=UTC)
DAY = date(2026, 6, 19)


def prose(text: str) -> Prose:
    """Make a text whose three forms are the same."""
    return Prose(raw=text, plain=text, html=text)


def arxiv_draft(
    name: str = "2606.00001",
    *,
    version: int = 1,
    announcement: Announcement = Announcement.NEW,
    title: str = "A title",
    abstract: str = "An abstract of the paper.",
    categories: Iterable[str] = ("cs.LG", "cs.AI"),
    on: date = DAY,
    **more: Any,
) -> Draft:
    """Make a draft as arXiv's feed gives it."""
    draft = Draft(
        key=Key("arxiv", name, version),
        external_id=f"oai:arXiv.org:{name}v{version}",
        title=prose(title),
        abstract=prose(abstract),
        authors=(Author("Ada Example"), Author("Bo Sample", "0000-0002-1825-0097", ("Institute of Tests",))),
        identifiers=Identifiers(arxiv=name),
        categories=tuple(categories),
        kind=Kind.PREPRINT,
        links=(Link(f"https://arxiv.org/abs/{name}", LinkRole.LANDING),),
        version=version,
        announcement=announcement,
        announced_on=on,
        published=Moment(datetime(on.year, on.month, on.day, tzinfo=UTC), on, Precision.DAY),
        venue="arXiv",
        renderer="test",
    )
    return sealed(replace(draft, **more))


def journal_draft(
    doi: str = "10.5555/j.1",
    *,
    title: str = "A title in a journal",
    abstract: str | None = "A standfirst.",
    is_teaser: bool = True,
    kind: Kind = Kind.ARTICLE,
    arxiv: str | None = None,
    on: date = DAY,
    **more: Any,
) -> Draft:
    """Make a draft as a journal's feed gives it."""
    draft = Draft(
        key=Key("journal.example", doi),
        external_id=doi,
        title=prose(title),
        abstract=prose(abstract) if abstract else None,
        authors=(Author("Ada Example"),),
        identifiers=Identifiers(doi=doi, arxiv=arxiv),
        categories=(),
        kind=kind,
        links=(Link(f"https://journal.example/{doi}", LinkRole.LANDING),),
        published=Moment(datetime(on.year, on.month, on.day, tzinfo=UTC), on, Precision.DAY),
        venue="Journal of Examples",
        is_teaser=is_teaser,
        renderer="test",
    )
    return sealed(replace(draft, **more))


def sealed(draft: Draft) -> Draft:
    """Give a draft the fingerprint of its content."""
    return replace(draft, fingerprint=fingerprint(draft))
