"""What changed since the last briefing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from academichub.briefing.changes import changes
from academichub.model.briefing import Briefing, BriefingOrder, Change, ChangeKind, Maker, Theme, ThemePart
from academichub.model.papers import Flag
from tests.fakes.subjects import many_papers

ORDER = BriefingOrder((), date(2026, 5, 1), date(2026, 5, 1), "en", Maker.EXTRACTIVE)


def theme(first: int, count: int, *terms: str, field: str = "") -> Theme:
    return Theme(terms, (field,) if field else (), tuple(range(first, first + count)), 0.6)


def briefing(works: int, *themes: Theme) -> Briefing:
    return Briefing(
        order=ORDER,
        made_at=datetime(2026, 5, 1, tzinfo=UTC),
        works=tuple(range(works)),
        cited=0,
        titles=(),
        themes=tuple(ThemePart(one, ()) for one in themes),
    )


def kinds(found: tuple[Change, ...]) -> list[tuple[ChangeKind, str]]:
    return [(one.kind, one.terms[0]) for one in found]


def test_the_first_briefing_has_no_changed_themes() -> None:
    assert changes(None, [theme(0, 9, "green tea")], many_papers(9)) == ()


def test_a_theme_grows_if_its_share_does() -> None:
    before = briefing(100, theme(0, 10, "green tea", "tea gardens"), theme(10, 40, "ice core"))
    now = [theme(500, 40, "Tea garden", "green teas"), theme(600, 12, "Ice cores")]

    found = changes(before, now, many_papers(100))

    assert kinds(found) == [(ChangeKind.GROWN, "Tea garden"), (ChangeKind.SHRUNK, "Ice cores")]
    assert (found[0].before, found[0].now) == (10, 40)


def test_a_longer_briefing_does_not_make_themes_grow() -> None:
    before = briefing(100, theme(0, 10, "green tea"))

    assert changes(before, [theme(500, 50, "green tea")], many_papers(500)) == ()


def test_themes_are_born_and_gone_the_largest_first() -> None:
    before = briefing(100, theme(0, 10, "green tea"), theme(20, 30, "ice core"))
    now = [theme(500, 20, "violin varnish"), theme(550, 25, "bell casting"), theme(600, 10, "tea, green")]

    found = changes(before, now, many_papers(100))

    assert kinds(found) == [
        (ChangeKind.BORN, "bell casting"),
        (ChangeKind.BORN, "violin varnish"),
        (ChangeKind.GONE, "ice core"),
    ]


def test_a_theme_whose_first_name_was_there_is_not_born() -> None:
    first = theme(0, 20, "tea garden", "ice core", "snow line", "river delta", "salt marsh")
    second = theme(100, 20, "Salt marsh")
    third = theme(200, 20, "tea garden", "salt marsh")

    found = changes(briefing(100, first, theme(40, 20)), [third, second], many_papers(100))

    assert [one for one in found if one.kind is ChangeKind.BORN] == []


def test_the_same_works_make_the_same_theme_whatever_its_name() -> None:
    before = briefing(30, theme(0, 10, "green tea"))

    assert changes(before, [theme(0, 10, "leaf plucking")], many_papers(30)) == ()


def test_the_field_helps_to_know_a_theme_again() -> None:
    old = theme(0, 10, "oven spring", "wild yeast", "rye flour", "crust colour", field="fo.BR")
    new = theme(50, 10, "loaf volume", "crumb texture", "dough rise", "rye malt", field="fo.BR")
    far = replace(new, fields=("li.ME",))

    assert changes(briefing(50, old), [new], many_papers(50)) == ()
    assert len(changes(briefing(50, old), [far], many_papers(50))) == 2


def test_a_list_that_may_have_been_cut_hides_no_birth_of_a_small_theme() -> None:
    old = [theme(at * 10, 10, f"subject{at}") for at in range(8)]
    small, large = theme(500, 5, "salt marsh"), theme(600, 30, "ice core")

    found = changes(briefing(100, *old), [*old, small, large], many_papers(100))

    assert kinds(found) == [(ChangeKind.BORN, "ice core")]


def test_revised_and_retracted_works_are_told_even_the_first_time() -> None:
    revised, retracted, other = many_papers(3)
    papers = [
        replace(revised, is_revised=True, version="v2"),
        replace(retracted, flags=(Flag.RETRACTED,)),
        replace(other, flags=(Flag.CONCERN,)),
    ]

    assert changes(None, [], papers) == (
        Change(ChangeKind.RETRACTED, work_id=2),
        Change(ChangeKind.REVISED, work_id=1, version="v2"),
    )


def test_a_briefing_of_nothing_can_be_compared() -> None:
    assert changes(briefing(0), [], []) == ()
    assert kinds(changes(briefing(0), [theme(0, 3, "green tea")], many_papers(3))) == [
        (ChangeKind.BORN, "green tea")
    ]
