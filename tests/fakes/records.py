"""Make records, feeds and drafts for the tests of cleaning: from XML as a server sends it, or from parts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from academichub.intake.normalising import normalise
from academichub.model.papers import Feed, Form, Record, Text
from academichub.sources.reading import read

if TYPE_CHECKING:
    from academichub.model.papers import Draft

NOW = datetime(2026, 6, 20, 5, 0, tzinfo=UTC)
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" xmlns:arxiv="http://arxiv.org/schemas/atom"'
)


def record(title: str = "A title", summary: str = "", **parts: Any) -> Record:
    """Make a record of its parts."""
    form = parts.pop("form", Form.UNSAID)
    return Record(position=0, title=Text(title), summary=Text(summary, form), **parts)


def cleaned(one: Record, *, feed: Feed | None = None) -> Draft:
    """Clean a record that came in a feed of which nothing else is known."""
    return normalise(one, feed=feed or Feed(format="rss 2.0", parser="lxml"), now=NOW)


def from_rss(item: str, *, title: str = "A Journal", link: str = "https://journal.example/") -> Draft:
    """Clean the only item of an RSS 2.0 feed."""
    channel = f"<channel><title>{title}</title><link>{link}</link><item>{item}</item></channel>"
    return _only(f'<rss version="2.0" {NAMESPACES}>{channel}</rss>')


def from_rdf(item: str, *, title: str = "A Journal", link: str = "https://journal.example/") -> Draft:
    """Clean the only item of an RSS 1.0 feed."""
    return _only(
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f'{NAMESPACES}><channel rdf:about="{link}"><title>{title}</title><link>{link}</link></channel>'
        f'<item rdf:about="">{item}</item></rdf:RDF>'
    )


def from_atom(entry: str, *, title: str = "A Journal", link: str = "https://journal.example/") -> Draft:
    """Clean the only entry of an Atom feed."""
    return _only(
        f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}><title>{title}</title>'
        f'<link href="{link}"/><entry>{entry}</entry></feed>'
    )


def _only(xml: str) -> Draft:
    feed = read(xml.encode())
    return normalise(feed.records[0], feed=feed, now=NOW)


def people(draft: Draft) -> list[str]:
    """List the names of a draft's authors."""
    return [author.name for author in draft.authors]


def words(draft: Draft) -> str | None:
    """Give the plain abstract, or None."""
    return draft.abstract.plain if draft.abstract else None
