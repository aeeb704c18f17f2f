"""Two works that are equally like a third."""

from __future__ import annotations

from academichub.intake.kinship import best_match
from academichub.model.kinship import Likeness
from academichub.model.papers import Identifiers, Kind
from academichub.text.titles import title_key

TITLE = "Singular Lamps and Cusp Points in the Joint Space of Made-up Parallel Manipulators"
SWAPPED = "Singular Lamps in the Joint Space and Cusp Points of Made-up Parallel Manipulators"


def a_preprint(work_id: int, title: str) -> Likeness:
    return Likeness(
        work_id=work_id,
        title=title,
        authors=("Ada Example", "Bo Sample"),
        venue="arXiv",
        year=2026,
        identifiers=Identifiers(arxiv=f"2606.0000{work_id}"),
        kind=Kind.PREPRINT,
        place="arxiv",
        title_key=title_key(title),
    )


ARTICLE = Likeness(
    work_id=9,
    title=SWAPPED,
    authors=("Ada Example", "Bo Sample"),
    venue="Journal of Lamps",
    year=2026,
    identifiers=Identifiers(doi="10.5555/9"),
    kind=Kind.ARTICLE,
    place="journal.example",
    title_key=title_key(SWAPPED),
)


def test_of_two_equally_like_the_one_with_the_same_title_is_it() -> None:
    found = best_match(ARTICLE, [a_preprint(1, TITLE), a_preprint(2, SWAPPED)])

    assert found is not None
    assert (found.work_id, found.is_sure) == (2, True)


def test_two_that_nothing_tells_apart_are_for_a_person() -> None:
    found = best_match(ARTICLE, [a_preprint(1, SWAPPED), a_preprint(2, SWAPPED)])

    assert found is not None
    assert (found.work_id, found.is_sure) == (1, False)
