"""The independent reading of English prose."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from prose_reading import (
    AT_LEAST,
    AT_MOST,
    OVER,
    UNDER,
    Days,
    Meaning,
    Months,
    Place,
    Predicate,
    Reader,
    added,
    as_one_text,
    as_text,
    both,
    characters,
    chosen,
    constant,
    counted,
    day_written,
    differs,
    distinct,
    divided,
    each_made,
    either,
    every_item,
    field_of_item,
    from_the_end,
    has,
    in_order,
    including,
    made_day,
    numbered,
    of_day,
    on_both,
    opposite,
    over,
    part,
    remainder,
    same,
    taken,
    those,
    times,
    whole_years,
    within_text,
    working_days,
)


class English(Reader):
    """At least and at most with the figure; less than and more than without it."""

    def sentence(self) -> Meaning:
        if self.eat("if "):
            condition = self.joined()
            self.need(", then ")
            then = self.joined()
            self.need("; otherwise ")
            return chosen(condition, then, self.sentence())
        return self.joined()

    def joined(self) -> Meaning:
        parts = [self.claim()]
        for mark, join in ((", and ", both), (", or ", either)):
            while self.eat(mark):
                parts.append(self.claim())
            if len(parts) > 1:
                return lambda p, join=join: join([m(p) for m in parts])  # type: ignore[misc]
        return parts[0]

    def claim(self) -> Meaning:
        if self.eat("it is not the case that "):
            inside = self.aside(self.bracket())
            return lambda p: opposite(inside(p))
        for words, join in (("every item of ", both), ("at least one item of ", either)):
            if self.eat(words):
                return self.of_items(join)
        if self.eat("for every item of "):
            return self.listing()
        if self.eat("exactly one of "):
            left = self.value()
            self.need(" and ")
            right = self.value()
            self.need(" holds")
            return on_both(differs, left, right)
        return self.predicated(self.value())

    def listing(self) -> Meaning:
        """For every item of …, the value of (…), as a list."""
        items = self.value()
        name = self.item_name()
        self.need(", the value of ")
        before = self.called
        self.called = (*before, name) if name else before
        made = self.bracket()
        self.called = before
        self.need(", as a list")
        return each_made(items, name, made)

    def item_name(self) -> str:
        if not self.eat(' (called "'):
            return ""
        found = self.match('[^"]+')
        assert found
        self.need('")')
        return found[0]

    def of_items(self, join: Any) -> Meaning:
        items = self.value()
        name = self.item_name()
        self.need(" satisfies: ")
        before = self.called
        self.called = (*before, name) if name else before
        condition = self.sentence()
        self.called = before
        return every_item(items, name, condition, join)

    def predicated(self, subject: Meaning) -> Meaning:
        first = self.predicate()
        if first is None:
            return subject
        groups = [[first]]
        while True:
            start = self.at
            if self.eat(" and "):
                rest = self.bound() or self.predicate(glue="")
                if rest is None:
                    self.at = start
                    break
                groups[-1].append(rest)
            elif self.eat(" or "):
                rest = self.predicate(glue="")
                if rest is None:
                    self.at = start
                    break
                groups.append([rest])
            else:
                break

        def meaning(place: Place) -> Any:
            value = subject(place)
            return either([both([test(value, place) for test in group]) for group in groups])

        return meaning

    def predicate(self, glue: str = " ") -> Predicate | None:
        start = self.at
        if not self.eat(glue):
            return None
        found = self.verb()
        if found is None:
            self.at = start
        return found

    def verb(self) -> Predicate | None:
        for words, function in (
            ("contains the text ", within_text(lambda t, s: s in t)), ("contains ", including),
            ("starts with ", within_text(str.startswith)), ("ends with ", within_text(str.endswith)),
            ("belongs to ", lambda v, group: including(group, v)), ("equals ", same),
            ("does not equal ", differs),
        ):  # fmt: skip
            if self.eat(words):
                other = self.value()
                return lambda v, p, f=function, o=other: f(v, o(p))  # type: ignore[misc]
        if self.eat("holds exactly when "):
            other = self.value()
            self.need(" holds")
            return lambda v, p: same(v, other(p))
        for words, wanted in (("is filled in", True), ("is left empty", False)):
            if self.eat(words):
                return lambda v, p, w=wanted: (v is not None and v != "") is w  # type: ignore[misc]
        for words, wanted in (("has no ", False), ("has ", True)):
            if self.eat(words):
                name = self.known(self.names)
                assert name is not None, self.text[self.at :]
                return has(name, wanted)
        if not self.eat("is "):
            return None
        return self.being()

    def being(self) -> Predicate:
        if self.eat("not given"):
            return lambda v, p: v is None
        if self.eat("given"):
            return lambda v, p: v is not None
        bound = self.bound()
        if bound is not None:
            return bound
        for words, turn in (("one of ", lambda v: v), ("none of ", opposite)):
            if self.eat(words):
                self.need("(")
                values = self.values()
                self.need(")")
                return lambda v, p, t=turn: t(either([same(v, o(p)) for o in values]))  # type: ignore[misc]
        for words, test in (
            ("not the same as ", differs),
            ("the same as ", same),
            ("not ", differs),
        ):
            if self.eat(words):
                other = self.value()
                return lambda v, p, t=test, o=other: t(v, o(p))  # type: ignore[misc]
        other = self.value()
        return lambda v, p: same(v, other(p))

    def bound(self) -> Predicate | None:
        for words, compare in (
            ("at least ", AT_LEAST), ("at most ", AT_MOST), ("more than ", OVER),
            ("less than ", UNDER), ("on or after ", AT_LEAST), ("on or before ", AT_MOST),
            ("after ", OVER), ("before ", UNDER),
        ):  # fmt: skip
            if self.eat(words):
                end = self.value()
                return lambda v, p, c=compare: c(v, end(p))  # type: ignore[misc]
        return None

    def values(self) -> list[Meaning]:
        parts = [self.value()]
        while self.eat(", "):
            parts.append(self.value())
        return parts

    # values ----------------------------------------------------------------------------------

    def value(self) -> Meaning:
        left = self.product()
        while self.ahead(" + ", " − "):
            function = added if self.eat(" + ") else taken
            if function is taken:
                self.need(" − ")
            left = on_both(function, left, self.product())
        return left

    def product(self) -> Meaning:
        left = self.phrase()
        while self.ahead(" × ", " ÷ "):
            function = times if self.eat(" × ") else divided
            if function is divided:
                self.need(" ÷ ")
            left = on_both(function, left, self.phrase())
        return left

    def phrase(self) -> Meaning:
        for words, function in _CHAINS_EN.items():
            if self.eat(words):
                of = self.phrase()
                return lambda p, f=function: f(of(p))  # type: ignore[misc]
        for words, fold in (("the total of ", sum), ("the least of ", min), ("the greatest of ", max),
                            ("the earliest of ", min), ("the latest of ", max)):  # fmt: skip
            if self.eat(words):
                return self.folded(fold)
        if self.eat("the items of "):
            of = self.phrase()
            self.need(" for which ")
            return those(of, self.bracket())
        if self.eat("item number ") or re.match(r"item \d+ from", self.text[self.at :]):
            self.eat("item ")
            number = self.owned()
            if self.eat(" from the end of "):
                return from_the_end(self.phrase(), number)
            self.need(" of ")
            return numbered(self.phrase(), number)
        if self.match(r"the (?=\S+ characters of |\()"):
            length, text = self.two(" characters of ")
            self.need(" from number ")
            place = self.owned()
            self.need(" on")
            return lambda p: characters(text(p), place(p), length(p))
        if self.eat("the number of working days after "):
            return working_days(*self.two(" up to "))
        if self.eat("the text of all items of "):
            return on_both(as_one_text, *self.two(" joined by "))
        if self.eat("the lists ("):
            lists = self.values()
            self.need(") joined in order")
            return in_order(lists)
        if self.eat("the whole years from "):
            return on_both(whole_years, *self.two(" to "))
        if self.eat("the remainder of "):
            pair = self.two(" divided by ")
            return on_both(remainder, *pair)
        if self.eat("the day with year "):
            year, month = self.two(", month ")
            self.need(" and day ")
            day = self.owned()
            return lambda p: made_day(year(p), month(p), day(p))
        first = self.owned()
        if self.ahead(" plus ", " minus "):
            move = added if self.eat(" plus ") else taken
            if move is taken:
                self.need(" minus ")
            return on_both(move, first, self.length())
        return first

    def length(self) -> Meaning:
        """6 months, or (有效月数) months."""
        count = self.owned()
        unit = self.match(" (years|months|days)")
        return on_both(times, constant(_UNITS_EN[unit[1]]), count) if unit else count

    def folded(self, fold: Callable[[list[Any]], Any]) -> Meaning:
        """Of one list, or of several things in brackets."""
        start = self.at
        if self.eat("("):
            parts = self.values()
            if len(parts) > 1:
                self.need(")")
                return lambda p: over([m(p) for m in parts], fold)
        self.at = start
        first = self.phrase()
        return lambda p: over(first(p), fold)

    def two(self, between: str) -> tuple[Meaning, Meaning]:
        left = self.owned()
        self.need(between)
        return left, self.owned()

    def owned(self) -> Meaning:
        found = self.primary()
        while self.eat("'s "):
            name = self.known(self.names)
            if name is not None:
                found = (lambda of, n: lambda p: part(of(p), n))(found, name)
            elif word := self.match("year|month"):
                found = (lambda of, w: lambda p: of_day(w)(of(p)))(found, word[0])
            else:
                raise self.lost()
        return found

    def bracket(self) -> Meaning:
        self.need("(")
        inside = self.sentence()
        self.need(")")
        return inside

    def aside(self, meaning: Meaning) -> Meaning:
        if not self.eat(" (that is, "):
            return meaning
        inside = self.sentence()
        self.need(")")
        return inside

    def primary(self) -> Meaning:
        if (variable := self.variable()) is not None:
            return variable
        if self.eat("the item"):
            return lambda p: p.item
        if self.eat("its "):
            name = self.known(self.names)
            assert name is not None, self.text[self.at :]
            return field_of_item(name)
        name = self.known(self.names)
        if name is not None:
            return self.aside(lambda p: part(p.facts, name))
        return self.written()

    def written(self) -> Meaning:
        if self.ahead("("):
            return self.bracket()
        words: Sequence[tuple[str, Any]] = (
            ("yes", True), ("no", False), ("blank", ""), ("pending", None), ("the empty list", []),
        )  # fmt: skip
        for word, value in words:
            if self.eat(word):
                return constant(value)
        if text := self.match('"([^"]*)"'):
            return constant(text[1])
        if self.eat("the list ("):
            parts = self.values()
            self.need(")")
            return lambda p: [m(p) for m in parts]
        if self.eat("the record ("):
            made = self.fields(" is ", "; ")
            self.need(")")
            return made
        if day := self.match(r"\d{4}-\d\d-\d\d"):
            return constant(date.fromisoformat(day[0]))
        if length := self.match(r"(\d+) years?\b(?! of)(?: (\d+) months?)?|(\d+) months?"):
            return constant(Months(int(length[1] or 0) * 12 + int(length[2] or length[3] or 0)))
        if length := self.match(r"(\d+) days?"):
            return constant(Days(int(length[1])))
        figure = self.figure()
        if figure is None:
            raise self.lost()
        return figure

    # rows ------------------------------------------------------------------------------------

    def row(self) -> tuple[Meaning, dict[str, Meaning]]:
        condition: Meaning = constant(True)
        if self.eat("In every case: "):
            pass
        else:
            self.need("Where ")
            condition = self.joined()
            self.need(": ")
        given: dict[str, Meaning] = {}
        while True:
            name = self.known(self.names)
            assert name is not None, self.text[self.at :]
            self.need(" is ")
            given[name] = self.value()
            if not self.eat("; "):
                self.need(".")
                return condition, given


_UNITS_EN = {"years": Months(12), "months": Months(1), "days": Days(1)}
_CHAINS_EN: Mapping[str, Callable[[Any], Any]] = {
    "the number of items in ": counted,
    "the number of distinct items in ": lambda v: counted(distinct(v)),
    "the distinct items of ": distinct,
    "the number of characters in ": counted,
    "the text form of ": as_text,
    "the date of ": day_written,
    "the absolute value of ": lambda v: None if v is None else abs(v),
}
