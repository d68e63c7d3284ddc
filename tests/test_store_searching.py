"""Cases are found by what a work list asks, page by page, on both databases."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.store import (
    BadCursor,
    Database,
    Listed,
    Marks,
    Search,
    case_by_number,
    cases_of_applicant,
    count_cards,
    count_states,
    search_cases,
    set_marks,
)
from stored_cases import application, begin, happening, move

DAY = date(2026, 11, 23)


def found(database: Database, search: Search, **how: object) -> list[str]:
    with database.read() as connection:
        return [row.id for row in search_cases(connection, search, **how).rows]  # type: ignore[arg-type]


def test_a_two_character_word_is_found_and_wildcards_are_letters(database: Database) -> None:
    begin(database, 1, application=application("张三面馆"))
    begin(database, 2, application=application("100%纯棉_店"))
    begin(database, 3, marks=Marks(premises="太白楼路"))
    assert found(database, Search(DAY, text="面馆")) == ["case0001"]
    assert found(database, Search(DAY, text="%")) == ["case0002"]
    assert found(database, Search(DAY, text="_店")) == ["case0002"]
    assert found(database, Search(DAY, text="太白 卫生")) == ["case0003"]
    assert found(database, Search(DAY, text="太白 面馆")) == []
    assert found(database, Search(DAY, text="\x00")) == ["case0001", "case0002", "case0003"]


def test_cards_come_with_the_days(database: Database) -> None:
    marks = Marks(DAY + timedelta(9), DAY + timedelta(7), DAY + timedelta(10), "刘敏", "示例路")
    begin(database, 1, marks=marks)
    begin(database, 2)
    for day, card in ((6, ""), (7, "yellow"), (9, "yellow"), (10, "red"), (999, "red")):
        on = DAY + timedelta(day)
        with database.read() as connection:
            rows = search_cases(connection, Search(on)).rows
            assert [row.card for row in rows] == [card, ""]
            counts = count_cards(connection, Search(on))
        assert counts == {c: int(c == card) for c in ("yellow", "red")}
        if card:
            assert found(database, Search(on, card=card)) == ["case0001"]  # type: ignore[arg-type]
    assert found(database, Search(DAY, handler="刘敏")) == ["case0001"]
    assert found(database, Search(DAY, due_until=DAY + timedelta(9))) == ["case0001"]
    with database.write() as connection:
        set_marks(connection, "case0002", Marks(red_from=DAY))
        with pytest.raises(KeyError):
            set_marks(connection, "nobody", Marks())
    assert found(database, Search(DAY, card="red")) == ["case0002"]


def test_marks_stay_until_others_are_given(database: Database) -> None:
    case = begin(database, 1, marks=Marks(due=DAY, handler="刘敏"))
    case = move(database, case, happening(1, "reviewing"))
    with database.read() as connection:
        (row,) = search_cases(connection, Search(DAY)).rows
    assert (row.due, row.handler, row.state, row.version) == (DAY, "刘敏", "reviewing", 2)


def test_an_applicant_is_found_by_the_number_however_it_is_typed(database: Database) -> None:
    begin(database, 1)
    begin(database, 2, matter="food_business_licence")
    begin(database, 3, application=application(id_number="91350100M000100Y43"))
    with database.read() as connection:

        def ids(number: str, **where: object) -> list[str]:
            rows = cases_of_applicant(connection, number, on=DAY, **where)  # type: ignore[arg-type]
            return [row.id for row in rows]

        assert ids("92370811MA3C00011H") == ["case0002", "case0001"]
        assert ids(" ９２370811ma3c00011h ") == ["case0002", "case0001"]
        assert ids("92370811MA3C00011H", matter="public_venue_hygiene") == ["case0001"]
        assert ids("92370811MA3C00011H", not_states=["submitted"]) == []
        assert ids("") == []
        assert case_by_number(connection, "3708112026112300003") == "case0003"
        with pytest.raises(KeyError):
            case_by_number(connection, "3708112026112300004")


def test_half_a_character_is_kept_in_the_event_and_left_out_of_the_list(database: Database) -> None:
    begin(database, 1, application=application("半\ud800个\x00字"))
    with database.read() as connection:
        (row,) = search_cases(connection, Search(DAY)).rows
    assert row.applicant == "半个字"


@pytest.mark.parametrize("cursor", ["x", "====", "W10", "WyJkdWUiLCAiIiwgMV0", "中", "W" * 9999])
def test_a_cursor_that_was_not_given_out_is_refused(database: Database, cursor: str) -> None:
    with database.read() as connection, pytest.raises(BadCursor, match="翻页"):
        search_cases(connection, Search(DAY), after=cursor)


def test_pages_put_together_are_the_list(fresh: Callable[[], Database]) -> None:
    database = fresh()
    days = st.one_of(st.none(), st.integers(0, 3).map(lambda n: DAY + timedelta(n)))
    states = st.sampled_from(["submitted", "reviewing", "closed"])
    drawn = st.lists(st.tuples(days, states), max_size=8)
    kept: list[tuple[str, date | None, str, int]] = []

    @settings(max_examples=25)
    @given(drawn, st.integers(1, 4), st.sampled_from(["due", "newest"]), st.sets(states))
    def check(more: list[tuple[date | None, str]], limit: int, order: str, asked: set[str]) -> None:
        for due, state in more:
            number = len(kept) + 1
            case = begin(database, number, marks=Marks(due=due))
            move(database, case, happening(number % 3, state))
            kept.append((case.id, due, state, number % 3))
        search = Search(DAY, states=asked)
        wanted = [one for one in kept if not asked or one[2] in asked]
        wanted.sort(key=lambda one: (one[1] or date.max, one[0]))
        if order == "newest":
            wanted.sort(key=lambda one: (one[3], one[0]), reverse=True)
        rows: list[Listed] = []
        after = ""
        with database.read() as connection:
            while True:
                page = search_cases(connection, search, order=order, limit=limit, after=after)  # type: ignore[arg-type]
                rows += page.rows
                after = page.following
                if not after:
                    break
                assert len(page.rows) == limit
            counted = count_states(connection, search)
        assert [row.id for row in rows] == [one[0] for one in wanted]
        assert counted == {s: sum(one[2] == s for one in wanted) for s in {o[2] for o in wanted}}

    check()
