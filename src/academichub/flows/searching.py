"""Answer a question from the index and the vectors: by words, by meaning, or by both in one order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.flows.fusing import DEPTH, Scored, fuse
from academichub.model.query import Field, Term, all_of, any_of
from academichub.model.search import SearchCursor, SearchMode, SearchOrder
from academichub.text.cutting import STOP_WORDS
from academichub.text.queryparts import parts, without_hidden

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from academichub.flows.meanings import Near, Snapshot
    from academichub.flows.understanding import Understood
    from academichub.index.asking import Found
    from academichub.index.fulltext import Index
    from academichub.llm.ports import Vectors
    from academichub.model.query import Query
    from academichub.model.search import FacetKind
    from academichub.model.shelf import Facet

FEW: Final = 10  # hits; a translated question that finds fewer is asked more widely
_FEW_GONE: Final = 20  # of the nearest works, merged into others or hidden
# The works near a question are handed to the index like a set that the reader keeps; no collection has that
# key.
_NEAR: Final = Term("~near", Field.IN, ("~near",), ("~near",))
_NEAR_NAME: Final = "in:~near"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that an answer depends on besides the index."""

    understood: Understood | None  # None where nothing is asked for but what is chosen
    mode: SearchMode
    order: SearchOrder
    members: Mapping[str, Collection[int]]
    chosen: Mapping[FacetKind, str]
    after: SearchCursor | None
    size: int
    snapshot: Snapshot | None = None  # with a mode that needs meaning
    vector: Vectors | None = None  # of the question
    with_facets: bool = True


class AnswerHit(NamedTuple):
    """A work that answers."""

    work_id: int
    score: float
    is_by_words: bool
    is_by_meaning: bool


class Answer(NamedTuple):
    """A page of works that answer."""

    hits: tuple[AnswerHit, ...]
    total: int
    facets: Mapping[FacetKind, tuple[Facet, ...]]
    next: SearchCursor | None
    query: Query | None  # what words were looked for, for marking them
    is_relaxed: bool


def answer(index: Index, plan: Plan) -> Answer:
    """Answer a question. Raises IndexBroken."""
    if plan.mode is SearchMode.MEANING:
        return _by_meaning(index, plan)
    if plan.mode is SearchMode.BOTH:
        return _by_both(index, plan)
    query, found = _words(index, plan, after=plan.after, size=plan.size, with_facets=plan.with_facets)
    hits = tuple(AnswerHit(one.work_id, one.score, True, False) for one in found.hits)
    return Answer(hits, found.total, found.facets, found.next, query, found.is_relaxed)


# -- by words -------------------------------------------------------------------------------------


def _words(
    index: Index, plan: Plan, *, after: SearchCursor | None, size: int, with_facets: bool = True
) -> tuple[Query | None, Found]:
    """Search by words; give the query that was answered in the end."""
    understood = plan.understood
    if understood is None:
        return None, _search(index, plan, None, after=after, size=size, with_facets=with_facets)
    found = _search(
        index,
        plan,
        understood.query,
        after=after,
        size=size,
        with_facets=with_facets,
        may_relax=understood.may_relax,
    )
    if understood.wider is not None and found.total < FEW:
        wider = _search(index, plan, understood.wider, after=after, size=size, with_facets=with_facets)
        return understood.wider, wider._replace(is_relaxed=wider.total > found.total)
    return (_widened(understood.query) if found.is_relaxed else understood.query), found


def _search(
    index: Index,
    plan: Plan,
    query: Query | None,
    *,
    after: SearchCursor | None,
    size: int,
    with_facets: bool = True,
    may_relax: bool = False,
    near: Collection[int] = (),
) -> Found:
    return index.search(
        without_hidden(query),
        members={**plan.members, _NEAR_NAME: near} if near else plan.members,
        chosen=plan.chosen,
        order=plan.order,
        after=after,
        size=size,
        may_relax=may_relax,
        with_facets=with_facets,
    )


def _widened(query: Query) -> Query:
    """Join the telling words of a query by OR, as the index does where AND finds few."""
    words, rest = parts(query)
    anything = any_of(*([word for word in words if word.text.lower() not in STOP_WORDS] or words))
    return anything if rest is None else all_of(anything, rest)


# -- by meaning -----------------------------------------------------------------------------------


def _near(index: Index, plan: Plan) -> list[Near]:
    """Find the works nearest to a question among those it may find at all, the nearest first."""
    if plan.snapshot is None or plan.vector is None:
        return []
    binding = plan.understood.binding if plan.understood is not None else None
    is_bound = binding is not None or bool(plan.chosen)
    found: list[Near] = []
    # Where nothing binds them nearly all may be found; seeking many numbers in the index is slow.
    for most in (2 * DEPTH,) if is_bound else (DEPTH + _FEW_GONE, 2 * DEPTH):
        first = plan.snapshot.nearest(plan.vector, most=most)
        allowed = set(_ids(index, plan, binding, [one.work_id for one in first]))
        found = [one for one in first if one.work_id in allowed]
        is_narrow = len(found) < DEPTH and len(first) < plan.snapshot.works
        if not is_narrow:
            break
    if is_narrow and is_bound:
        among = index.ids(without_hidden(binding), members=plan.members, chosen=plan.chosen)
        found = plan.snapshot.nearest(plan.vector, most=DEPTH, among=among.tolist())
    return found[:DEPTH]


def _ids(index: Index, plan: Plan, query: Query | None, near: Collection[int]) -> list[int]:
    """Give those of the works near a question that match a query."""
    if not near:
        return []
    ids = index.ids(
        without_hidden(_NEAR if query is None else all_of(query, _NEAR)),
        members={**plan.members, _NEAR_NAME: near},
        chosen=plan.chosen,
        most=len(near),
    )
    found: list[int] = ids.tolist()
    return found


def _by_meaning(index: Index, plan: Plan) -> Answer:
    near = _near(index, plan)
    cosines = {one.work_id: max(one.cosine, 0.0) for one in near}
    query = plan.understood.query if plan.understood is not None else None
    if not near:
        return Answer((), 0, {}, None, query, is_relaxed=False)
    by_date = plan.order is SearchOrder.DATE
    found = _search(
        index,
        plan,
        _NEAR,
        after=plan.after if by_date else None,
        size=plan.size if by_date else 1,
        with_facets=plan.with_facets,
        near=cosines,
    )
    if by_date:
        dated = tuple(AnswerHit(one.work_id, cosines[one.work_id], False, True) for one in found.hits)
        return Answer(dated, found.total, found.facets, found.next, query, is_relaxed=False)
    matching = set(_ids(index, plan, query, cosines)) if query is not None else set()
    ordered = sorted(cosines, key=lambda one: (-cosines[one], one))
    hits = [AnswerHit(one, cosines[one], one in matching, True) for one in ordered]
    page, following = _page(hits, plan)
    return Answer(page, len(hits), found.facets, following, query, is_relaxed=False)


# -- by both --------------------------------------------------------------------------------------


def _by_both(index: Index, plan: Plan) -> Answer:
    """Fuse the first of both orders, and go on by words where they end.

    The fused hits have scores above those of all words' hits: the best of those, and one, and what fusing
    gave. So a cursor tells where it stands, and nothing comes twice.
    """
    query, words = _words(index, plan, after=None, size=DEPTH, with_facets=False)
    nearest = [Scored(*one) for one in _near(index, plan)]
    near = [one.work_id for one in nearest]
    is_whole = words.next is None and not words.is_relaxed  # then what matches by words is among those hits
    matching = set() if is_whole else set(_ids(index, plan, query, near))
    union = any_of(query, _NEAR) if query is not None else _NEAR
    counted = _search(
        index, plan, union if near else query, after=None, size=1, with_facets=plan.with_facets, near=near
    )
    ranked = [Scored(*one) for one in words.hits]
    above = 1.0 + (words.hits[0].score if words.hits else 0.0)
    head = [
        AnswerHit(one.work_id, above + one.score, one.is_by_words, one.is_by_meaning)
        for one in fuse(ranked, nearest, matching=matching)
    ]
    page, following = _page(head, plan)
    if following is None and words.next is not None:
        page, following = _go_on(index, plan, words, page, but={hit.work_id for hit in head})
    return Answer(page, counted.total, counted.facets, following, query, words.is_relaxed)


def _go_on(
    index: Index, plan: Plan, words: Found, page: Sequence[AnswerHit], *, but: Collection[int]
) -> tuple[tuple[AnswerHit, ...], SearchCursor | None]:
    """Fill a page with what comes by words after the fused hits."""
    hits = list(page)
    last = words.hits[-1].score
    after = plan.after
    if after is None or float.fromhex(after.key) > last or page:
        after = words.next
    while after is not None and len(hits) <= plan.size:
        _, found = _words(index, plan, after=after, size=plan.size + len(but), with_facets=False)
        hits += [AnswerHit(*one, True, False) for one in found.hits if one.work_id not in but]
        after = found.next
    shown = tuple(hits[: plan.size])
    return shown, _cursor(shown[-1], _number(plan) + len(shown)) if len(hits) > plan.size else None


# -- pages ----------------------------------------------------------------------------------------


def _page(hits: Sequence[AnswerHit], plan: Plan) -> tuple[tuple[AnswerHit, ...], SearchCursor | None]:
    """Cut a page out of hits that are all known: what comes after the cursor."""
    start = 0
    if plan.after is not None:
        place = (-float.fromhex(plan.after.key), plan.after.work_id)
        start = sum((-hit.score, hit.work_id) <= place for hit in hits)
    page = tuple(hits[start : start + plan.size])
    has_more = start + plan.size < len(hits)
    return page, _cursor(page[-1], _number(plan) + len(page)) if has_more else None


def _cursor(hit: AnswerHit, number: int) -> SearchCursor:
    return SearchCursor(hit.score.hex(), hit.work_id, number)


def _number(plan: Plan) -> int:
    return plan.after.number if plan.after is not None else 0
