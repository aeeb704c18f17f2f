"""Made-up answers of the servers that are harvested and asked, in the layouts of the real ones."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from tests.fakes.web import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

OAI = "//oaipmh.arxiv.org/oai"
CROSSREF = "//api.crossref.org/v1"
OPENALEX = "//api.openalex.org/works"
EUROPE_PMC = "//www.ebi.ac.uk/europepmc/webservices/rest/search"
SEMANTIC_SCHOLAR = "//api.semanticscholar.org/graph/v1/paper/batch"
ARXIV_API = "//export.arxiv.org/api/query"
ABSTRACT = (
    "We count lamps along the coast and tell which of them were lit, and for how long, in each year. " * 5
)
TEASER = "Lamps were counted."


def title_of(number: int) -> str:
    """Give a title of its own to every number, so that no two papers read alike."""
    dice = random.Random(number)  # noqa: S311  # not for secrets
    return " ".join(f"word{dice.randrange(100_000)}" for _ in range(8)).capitalize()


# -- arXiv ----------------------------------------------------------------------------------------


def raw_record(
    name: str,
    *,
    sent: Sequence[str] = ("Thu, 18 Jun 2026 12:00:00 GMT",),
    categories: str = "cs.LG",
    title: str | None = None,
    datestamp: str = "2026-06-19",
) -> str:
    """Write a record of arXiv's archive in the format arXivRaw; `sent` has the date of each version."""
    versions = "".join(
        f'<version version="v{number}"><date>{at}</date><size>9kb</size></version>'
        for number, at in enumerate(sent, start=1)
    )
    said = title_of(int(name.replace(".", ""))) if title is None else title
    return (
        f"<record><header><identifier>oai:arXiv.org:{name}</identifier><datestamp>{datestamp}</datestamp>"
        '<setSpec>cs:cs:LG</setSpec></header><metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">'
        f"<id>{name}</id><submitter>Ada Lind</submitter>{versions}<title>{said}</title>"
        f"<authors>Ada Lind and Bo Chen</authors><categories>{categories}</categories>"
        f"<abstract>{ABSTRACT}</abstract></arXivRaw></metadata></record>"
    )


def oai_page(
    *records: str, then: str | None = None, total: int | None = None, at: str = "2026-06-19T05:00:00Z"
) -> Page:
    """Write a page of ListRecords; the token `then` is "" on the last one, None on the only one."""
    size = "" if total is None else f' completeListSize="{total}"'
    resumption = "" if then is None else f"<resumptionToken{size}>{then}</resumptionToken>"
    return _oai(f"<ListRecords>{''.join(records)}{resumption}</ListRecords>", at)


def oai_error(code: str, *, at: str = "2026-06-19T05:00:00Z") -> Page:
    """Write an error of OAI-PMH, which comes as a good answer."""
    return _oai(f'<error code="{code}">made up</error>', at)


def _oai(inside: str, at: str) -> Page:
    head = '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    request = f"<responseDate>{at}</responseDate><request>http://oaipmh.arxiv.org/oai</request>"
    return Page(f"{head}{request}{inside}</OAI-PMH>".encode(), headers={"Content-Type": "text/xml"})


def arxiv_feed(
    entries: Mapping[str, str], *, on: date, name: str = "cs.LG", authors: str = "Ada Lind, Bo Chen"
) -> Page:
    """Write the feed of a category as arXiv renders it at midnight of its home; versions stand in names."""
    stamp = format_datetime(datetime.combine(on, time(4), UTC))
    items = "".join(
        f"<item><title>{title_of(int(full.partition('v')[0].replace('.', '')))}</title>"
        f"<link>https://arxiv.org/abs/{full.partition('v')[0]}</link>"
        f"<description>arXiv:{full} Announce Type: {kind} \nAbstract: {ABSTRACT}</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{full}</guid><category>cs.LG</category>'
        f"<pubDate>{stamp}</pubDate><arxiv:announce_type>{kind}</arxiv:announce_type>"
        f"<dc:creator>{authors}</dc:creator></item>"
        for full, kind in entries.items()
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><rss xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>'
        f"<title>{name} updates on arXiv.org</title><link>http://rss.arxiv.org/rss/{name}</link>"
        f"<pubDate>{stamp}</pubDate>"
    )
    return Page(f"{head}{items}</channel></rss>".encode())


def listing(
    *,
    new: Iterable[str] = (),
    cross: Iterable[str] = (),
    replace: Iterable[str] = (),
    day: str = "Friday, 19 June 2026",
) -> Page:
    """Write arXiv's page of a category's newest announcement."""
    parts = []
    for heading, names in (("New", new), ("Cross", cross), ("Replacement", replace)):
        listed = list(names)
        lines = "".join(f'<dt><a href ="/abs/{name}">arXiv:{name}</a></dt><dd></dd>' for name in listed)
        count = len(listed)
        parts.append(f"<h3>{heading} submissions (showing {count} of {count} entries)</h3>{lines}")
    page = f'<a href="/list/cs.LG/recent">cs.LG</a><h3>Showing new listings for {day}</h3>{"".join(parts)}'
    return Page(f"<html><body>{page}</body></html>".encode(), headers={"Content-Type": "text/html"})


def atom(*names: str, doi: str = "") -> Page:
    """Write an answer of arXiv's API; versions stand in the names, and all have the DOI."""
    journal = f"<arxiv:doi>{doi}</arxiv:doi>" if doi else ""
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{full}</id>"
        f"<title>{title_of(int(full.partition('v')[0].replace('.', '')))}</title>"
        f"<updated>2026-06-18T12:00:00Z</updated><published>2026-06-18T12:00:00Z</published>"
        f"<summary>{ABSTRACT}</summary><author><name>Ada Lind</name></author>{journal}"
        '<arxiv:primary_category term="cs.LG"/><category term="cs.LG"/></entry>'
        for full in names
    )
    head = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"><title>arXiv Query: id_list</title>'
        f"<opensearch:totalResults>{len(names)}</opensearch:totalResults>"
    )
    return Page(f"{head}{entries}</feed>".encode(), headers={"Content-Type": "application/atom+xml"})


# -- services that speak JSON ---------------------------------------------------------------------


def as_json(value: object, *, status: int = 200) -> Page:
    """Answer with JSON."""
    return Page(json.dumps(value).encode(), status=status, headers={"Content-Type": "application/json"})


def crossref_work(doi: str, *, title: str = "", abstract: str = "", authors: str = "", **more: Any) -> Any:
    """Make a work as Crossref tells it; authors are "Given Family; Given Family"."""
    work: dict[str, Any] = {
        "DOI": doi,
        "URL": f"https://doi.org/{doi}",
        "type": "journal-article",
        "publisher": "Lantern Press",
        "title": [title or title_of(sum(doi.encode()))],
        "container-title": ["Journal of Made-Up Lamps"],
        "ISSN": ["0028-0836"],
        "issued": {"date-parts": [[2026, 6, 18]]},
    }
    if abstract:
        work["abstract"] = f"<jats:p>{abstract}</jats:p>"
    if authors:
        people = [person.split(" ", 1) for person in authors.split("; ")]
        work["author"] = [{"given": given, "family": family} for given, family in people]
    return work | more


def crossref_list(*works: Any, total: int | None = None, cursor: str = "") -> Page:
    """Answer with a list of works."""
    message: dict[str, Any] = {"items": list(works), "total-results": len(works) if total is None else total}
    if cursor:
        message["next-cursor"] = cursor
    return as_json({"status": "ok", "message-type": "work-list", "message": message})


def crossref_one(work: Any) -> Page:
    """Answer with one work, as for its own address."""
    return as_json({"status": "ok", "message-type": "work", "message": work})


def openalex_work(doi: str, *, title: str = "", abstract: str = "", authors: str = "", **more: Any) -> Any:
    """Make a work as OpenAlex tells it: the abstract as words and their places."""
    index: dict[str, list[int]] = {}
    for place, word in enumerate(abstract.split()):
        index.setdefault(word, []).append(place)
    number = 4_400_000_000 + sum(doi.encode())
    return {
        "id": f"https://openalex.org/W{number}",
        "doi": f"https://doi.org/{doi}",
        "title": title or title_of(sum(doi.encode())),
        "publication_date": "2026-06-18",
        "type": "article",
        "ids": {"openalex": f"https://openalex.org/W{number}", "doi": f"https://doi.org/{doi}"},
        "primary_location": {"landing_page_url": f"https://doi.org/{doi}", "source": None},
        "authorships": [{"raw_author_name": name, "author": {}} for name in authors.split("; ") if name],
        "abstract_inverted_index": index or None,
    } | more


def openalex_list(*works: Any) -> Page:
    """Answer with a list of works."""
    meta = {"count": len(works), "db_response_time_ms": 9, "page": 1, "per_page": 100}
    return as_json({"meta": meta, "results": list(works), "group_by": []})


def europepmc_list(*papers: Any) -> Page:
    """Answer a search of Europe PMC."""
    return as_json({"version": "6.9", "hitCount": len(papers), "resultList": {"result": list(papers)}})


def europepmc_paper(doi: str, *, title: str = "", abstract: str = "", authors: str = "") -> Any:
    """Make a paper as Europe PMC tells it."""
    people = [{"fullName": name, "lastName": name.split()[-1]} for name in authors.split("; ") if name]
    number = str(90_000_000 + sum(doi.encode()))
    return {
        "id": number,
        "source": "MED",
        "pmid": number,
        "doi": doi,
        "title": title or title_of(sum(doi.encode())),
        "authorList": {"author": people},
        "abstractText": abstract,
        "pubTypeList": {"pubType": ["Journal Article"]},
        "firstPublicationDate": "2026-06-18",
    }


def semanticscholar_batch(*papers: Any) -> Page:
    """Answer a batch: papers that are not known are null."""
    return as_json(list(papers))


def semanticscholar_paper(
    *, doi: str = "", arxiv: str = "", title: str = "", abstract: str = "", authors: str = ""
) -> Any:
    """Make a paper as Semantic Scholar tells it."""
    number = sum((doi or arxiv).encode())
    named = {"DOI": doi, "ArXiv": arxiv, "CorpusId": 290_000_000 + number}
    return {
        "paperId": f"{number:040x}",
        "externalIds": {name: value for name, value in named.items() if value},
        "title": title or title_of(number),
        "abstract": abstract or None,
        "publicationDate": "2026-06-18",
        "authors": [{"authorId": "1", "name": name} for name in authors.split("; ") if name],
    }


# -- a journal ------------------------------------------------------------------------------------


def journal_feed(*items: str, title: str = "Journal of Made-Up Lamps") -> Page:
    """Write a journal's RSS 2.0."""
    head = (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">'
    )
    home = "https://lamps.example/"
    return Page(
        f"{head}<channel><title>{title}</title><link>{home}</link>{''.join(items)}</channel></rss>".encode()
    )


def journal_item(
    doi: str, *, title: str = "", text: str = "", authors: str = "", link: str = "", date: str = "2026-06-18"
) -> str:
    """Write an entry of it; without a DOI only its link names it."""
    named = f"<prism:doi>{doi}</prism:doi><dc:identifier>doi:{doi}</dc:identifier>" if doi else ""
    people = "".join(f"<dc:creator>{name}</dc:creator>" for name in authors.split("; ") if name)
    address = link or f"https://lamps.example/articles/{doi.partition('/')[2]}"
    return (
        f"<item><title>{title or title_of(sum(doi.encode()))}</title><link>{address}</link>"
        f"<description>{text}</description>{named}{people}<dc:date>{date}</dc:date></item>"
    )
