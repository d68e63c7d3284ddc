"""An independent reading of rules written as prose, in Chinese and in English.

It knows nothing of the writer: only the names that a matter declares, what the law says of the
words (民法典 article 1259: 以上、以下 include the figure, 不满、超过 do not), that 且 joins what is said of
one thing, 并且 and 或者 after a comma join sentences (GB/T 15834), that brackets group, and that what
is not known decides nothing. A sentence becomes a function from facts to True, False, None or a value.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any


class Unreadable(AssertionError):
    """The text does not follow the grammar of such sentences."""


@dataclass(frozen=True)
class Place:
    """Where a sentence is read: the facts, the item spoken of, and items with names."""

    facts: Mapping[str, Any]
    item: Any = None
    called: Mapping[str, Any] = field(default_factory=dict)


Meaning = Callable[[Place], Any]
Predicate = Callable[[Any, Place], Any]
MISSING = object()


def both(values: Sequence[Any]) -> bool | None:
    if any(v is False for v in values):
        return False
    return True if all(v is True for v in values) else None


def either(values: Sequence[Any]) -> bool | None:
    answer = both([opposite(v) for v in values])
    return opposite(answer)


def opposite(value: Any) -> bool | None:
    return (not value) if isinstance(value, bool) else None


def order(left: Any, right: Any) -> int | None:
    """-1, 0, 1; None where either is unknown or they cannot be compared."""
    if left is None or right is None or type(left) is not type(right):
        return None
    return int(left > right) - int(left < right)


def held(test: Callable[[int], bool]) -> Callable[[Any, Any], bool | None]:
    def compare(left: Any, right: Any) -> bool | None:
        found = order(left, right)
        return None if found is None else test(found)

    return compare


AT_LEAST, AT_MOST = held(lambda o: o >= 0), held(lambda o: o <= 0)
OVER, UNDER = held(lambda o: o > 0), held(lambda o: o < 0)


def same(left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return None
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and both(
            [same(a, b) for a, b in zip(left, right, strict=True)]
        )
    return bool(type(left) is type(right) and left == right)


def differs(left: Any, right: Any) -> bool | None:
    return opposite(same(left, right))


def counted(items: Any) -> Any:
    return None if items is None else Decimal(len(items))


def distinct(items: Any) -> Any:
    """Which items differ; not known while one of several is not."""
    if items is None or (None in items and len(items) > 1):
        return None
    return [item for place, item in enumerate(items) if item not in items[:place]]


def over(items: Any, fold: Callable[[list[Any]], Any]) -> Any:
    if not items or None in items:
        return None
    return fold(list(items))


def part(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return [part(item, name) for item in value]
    return None if value is None else value.get(name)


def field_of_item(name: str) -> Meaning:
    return lambda p: part(p.item, name)


def of_day(name: str) -> Callable[[Any], Any]:
    return lambda day: None if day is None else Decimal(getattr(day, name))


def whole_years(start: Any, end: Any) -> Any:
    if start is None or end is None:
        return None
    before = (end.month, end.day) < (start.month, start.day)
    years = end.year - start.year - before
    if start > end:  # counted from the later day back
        return -whole_years(end, start)
    return Decimal(years)


@dataclass(frozen=True)
class Months:
    count: int


@dataclass(frozen=True)
class Days:
    count: int


def added(left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    if isinstance(left, date):
        return later(left, right, 1)
    return left + right


def taken(left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    if isinstance(left, date):
        return later(left, right, -1)
    return left - right


def later(day: date, length: Months | Days, sign: int) -> date:
    if isinstance(length, Days):
        return date.fromordinal(day.toordinal() + sign * length.count)
    months = day.year * 12 + day.month - 1 + sign * length.count
    year, month = divmod(months, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(year, month + 1, min(day.day, last))


def times(left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    if isinstance(left, Months):
        return Months(left.count * int(right))
    if isinstance(right, Months):
        return times(right, left)
    return left * right


def divided(left: Any, right: Any) -> Any:
    return None if left is None or right is None or right == 0 else left / right


def as_text(value: Any) -> Any:
    return None if value is None else str(value)


def characters(text: Any, place: Any, length: Any) -> Any:
    """So many characters from a place on, counted from 1."""
    if text is None or place is None or length is None or place > len(text):
        return None  # there is no such character
    return text[int(place) - 1 : int(place) - 1 + int(length)]


def remainder(left: Any, right: Any) -> Any:
    """What is left over, of the divisor's sign."""
    if left is None or not right:
        return None
    over_zero = left % right
    return over_zero + right if over_zero and (over_zero < 0) != (right < 0) else over_zero


@dataclass
class Reader:
    """What both languages share: the text, how far it is read, and the names known."""

    text: str
    names: Mapping[str, str]  # label to name
    units: Sequence[str]
    at: int = 0
    called: tuple[str, ...] = ()

    def ahead(self, *texts: str) -> bool:
        return self.text.startswith(texts, self.at)

    def eat(self, text: str) -> bool:
        if self.text.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def need(self, text: str) -> None:
        if not self.eat(text):
            raise Unreadable(f"{text!r} expected at {self.text[self.at :]!r} in {self.text!r}")

    def match(self, pattern: str) -> re.Match[str] | None:
        found = re.compile(pattern).match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def lost(self) -> Unreadable:
        return Unreadable(f"unreadable at {self.text[self.at :]!r} in {self.text!r}")

    def known(self, names: Mapping[str, str]) -> str | None:
        """The longest known label that stands here, with or without corner brackets."""
        found = _pattern(frozenset(names)).match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        return names[found[1] or found[2]]

    def variable(self) -> Meaning | None:
        for name in sorted(self.called, key=len, reverse=True):
            if self.match(re.escape(name) + "(?![A-Za-z0-9_])"):
                return lambda p, name=name: p.called[name]  # type: ignore[misc]
        return None

    def whole(self) -> Meaning:
        meaning = self.sentence()
        if self.at != len(self.text):
            raise self.lost()
        return meaning

    def sentence(self) -> Meaning:
        raise NotImplementedError

    def row(self) -> tuple[Meaning, dict[str, Meaning]]:
        raise NotImplementedError

    def figure(self) -> Meaning | None:
        found = self.match(r"-?\d+(\.\d+)?")
        if found is None:
            return None
        for unit in sorted(self.units, key=len, reverse=True):
            if unit and self.eat(f" {unit}"):
                break
        value = Decimal(found[0])
        return lambda p: value


@cache
def _pattern(labels: frozenset[str]) -> re.Pattern[str]:
    longest_first = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    return re.compile(f"({longest_first})|「({longest_first})」")


def constant(value: Any) -> Meaning:
    return lambda p: value


def every_item(items: Meaning, name: str, condition: Meaning, join: Any) -> Meaning:
    def meaning(place: Place) -> Any:
        found = items(place)
        return None if found is None else join([condition(told(place, name, i)) for i in found])

    return meaning


def told(place: Place, name: str, item: Any) -> Place:
    if name:
        return replace(place, called={**place.called, name: item})
    return replace(place, item=item)


def has(name: str, wanted: bool) -> Predicate:
    """Whether a record has a field that is given and not blank."""
    return lambda record, place: (part(record, name) not in (None, "")) is wanted


def those(items: Meaning, condition: Meaning) -> Meaning:
    def meaning(place: Place) -> Any:
        found = items(place)
        if found is None:
            return None
        answers = [condition(replace(place, item=item)) for item in found]
        if None in answers:
            return None
        return [item for item, holds in zip(found, answers, strict=True) if holds]

    return meaning


def numbered(items: Meaning, number: Meaning) -> Meaning:
    def meaning(place: Place) -> Any:
        found, n = items(place), number(place)
        if found is None or n is None or not 1 <= n <= len(found):
            return None
        return found[int(n) - 1]

    return meaning


def from_the_end(items: Meaning, number: Meaning) -> Meaning:
    def meaning(place: Place) -> Any:
        found, n = items(place), number(place)
        return None if found is None or not 1 <= n <= len(found) else found[-int(n)]

    return meaning


def chosen(condition: Meaning, then: Meaning, otherwise: Meaning) -> Meaning:
    def meaning(place: Place) -> Any:
        holds = condition(place)
        return None if holds is None else then(place) if holds else otherwise(place)

    return meaning


def including(items: Any, item: Any) -> bool | None:
    if items is None or item is None:
        return None
    return either([same(one, item) for one in items]) if items else False


def within_text(test: Callable[[str, str], bool]) -> Callable[[Any, Any], bool | None]:
    return lambda text, piece: None if text is None or piece is None else test(text, piece)


def on_both(function: Callable[[Any, Any], Any], left: Meaning, right: Meaning) -> Meaning:
    return lambda p: function(left(p), right(p))


class Chinese(Reader):
    """以上、以下 with the figure; 不满、超过 without it."""

    def sentence(self) -> Meaning:
        if self.eat("如果"):
            condition = self.joined()
            self.need("，则")
            then = self.joined()
            self.need("；否则")
            return chosen(condition, then, self.sentence())
        return self.joined()

    def joined(self) -> Meaning:
        parts = [self.claim()]
        for mark, join in (("，并且", both), ("，或者", either)):
            while self.eat(mark):
                parts.append(self.claim())
            if len(parts) > 1:
                return lambda p, join=join: join([m(p) for m in parts])  # type: ignore[misc]
        return parts[0]

    def claim(self) -> Meaning:
        if self.eat("不属于"):
            return self.denied()
        if self.eat("没有"):
            return self.filled(self.value(), opposite)
        if not self.known_ahead() and self.eat("有"):
            return self.filled(self.value(), lambda v: v)
        subject = self.value()
        if self.ahead("中每一项", "中至少有一项"):
            return self.of_items(subject)
        return self.predicated(subject)

    def known_ahead(self) -> bool:
        start = self.at
        found = self.known(self.names) is not None
        self.at = start
        return found

    @staticmethod
    def filled(subject: Meaning, turn: Callable[[Any], Any]) -> Meaning:
        return lambda p: turn(subject(p) is not None and subject(p) != "")

    def denied(self) -> Meaning:
        if self.eat("“"):
            inside = self.sentence()
            self.need("”")
            inside = self.aside(inside)
        else:
            inside = self.value()
        self.need("的情形")
        return lambda p: opposite(inside(p))

    def of_items(self, items: Meaning) -> Meaning:
        all_of_them = self.eat("中每一项")
        if not all_of_them:
            self.need("中至少有一项")
        name = ""
        if self.eat("（称为“"):
            found = self.match(r"[^”]+")
            assert found
            name = found[0]
            self.need("”）")
        self.need("都符合：" if all_of_them else "符合：")
        before = self.called
        self.called = (*before, name) if name else before
        condition = self.sentence()
        self.called = before
        return every_item(items, name, condition, both if all_of_them else either)

    def predicated(self, subject: Meaning) -> Meaning:
        """What is said of the subject: 且 binds more tightly than 或者."""
        first = self.predicate()
        if first is None:
            return subject
        groups = [[first]]
        while True:
            if self.eat("且"):
                groups[-1].append(self.needed_predicate())
            elif self.eat("或者"):
                groups.append([self.needed_predicate()])
            else:
                break

        def meaning(place: Place) -> Any:
            value = subject(place)
            return either([both([test(value, place) for test in group]) for group in groups])

        return meaning

    def needed_predicate(self) -> Predicate:
        found = self.predicate()
        if found is None:
            raise self.lost()
        return found

    def predicate(self) -> Predicate | None:
        if self.eat("未提供"):
            return lambda v, p: v is None
        if self.eat("已提供"):
            return lambda v, p: v is not None
        if self.eat("在"):
            end = self.value()
            compare = AT_LEAST if self.eat("以上") else AT_MOST
            if compare is AT_MOST:
                self.need("以下")
            return lambda v, p: compare(v, end(p))
        for words, compare in (
            ("超过", OVER), ("不满", UNDER), ("不低于", AT_LEAST), ("不高于", AT_MOST),
            ("高于", OVER), ("低于", UNDER), ("不早于", AT_LEAST), ("不晚于", AT_MOST),
            ("早于", UNDER), ("晚于", OVER), ("不等于", differs), ("等于", same),
        ):  # fmt: skip
            if self.eat(words):
                other = self.value()
                return lambda v, p, c=compare, o=other: c(v, o(p))  # type: ignore[misc]
        for words, wanted in (("没有", False), ("有", True)):
            start = self.at
            if self.eat(words):
                name = self.known(self.names)
                if name is not None:
                    return has(name, wanted)
                self.at = start
        return self.likeness() or self.about_texts() or self.being()

    def likeness(self) -> Predicate | None:
        start = self.at
        if not self.eat("与"):
            return None
        other = self.value()
        for words, test in (
            ("相同", same), ("不同", differs), ("同时成立或者同时不成立", same),
            ("有且仅有一项成立", differs),
        ):  # fmt: skip
            if self.eat(words):
                return lambda v, p: test(v, other(p))
        self.at = start
        raise self.lost()

    def about_texts(self) -> Predicate | None:
        if self.eat("包含"):
            item = self.value()
            return lambda v, p: including(v, item(p))
        if self.eat("属于"):
            group = self.value()
            return lambda v, p: including(group(p), v)
        if self.eat("含有文字"):
            piece = self.value()
            return lambda v, p: within_text(lambda t, s: s in t)(v, piece(p))
        if self.eat("以"):
            piece = self.value()
            if self.eat("开头"):
                return lambda v, p: within_text(str.startswith)(v, piece(p))
            self.need("结尾")
            return lambda v, p: within_text(str.endswith)(v, piece(p))
        return None

    def being(self) -> Predicate | None:
        """为…, 不为…, 为…、…之一, 不为…、…中的任何一个."""
        is_denied = self.eat("不为")
        if not is_denied and not self.eat("为"):
            return None
        values = [self.value()]
        while self.eat("、"):
            values.append(self.value())
        if len(values) > 1:
            self.need("中的任何一个" if is_denied else "之一")
        turn = opposite if is_denied else (lambda v: v)
        return lambda v, p: turn(either([same(v, one(p)) for one in values]))

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
        first = self.chain()
        start, parts = self.at, [first]
        while self.eat("、"):
            parts.append(self.primary())
        for words, fold in (("中最小的值", min), ("中最大的值", max), ("的合计", sum),
                            ("中最早的日期", min), ("中最晚的日期", max)):  # fmt: skip
            if len(parts) > 1 and self.eat(words):
                return lambda p, f=fold: over([m(p) for m in parts], f)  # type: ignore[misc]
        self.at = start
        if self.eat("至"):
            end = self.primary()
            self.need("的整年数")
            return on_both(whole_years, first, end)
        if self.eat("自第"):
            place = self.primary()
            self.need("个字符起的")
            length = self.primary()
            self.need("个字符")
            return lambda p: characters(first(p), place(p), length(p))
        if self.eat("除以"):
            divisor = self.primary()
            self.need("的余数")
            return on_both(remainder, first, divisor)
        return first

    def chain(self) -> Meaning:
        found = self.primary()
        while True:
            longer = self.longer(found)
            if longer is None:
                return found
            found = longer

    def longer(self, of: Meaning) -> Meaning | None:
        for words, function in _CHAINS_ZH.items():
            if self.eat(words):
                return lambda p, f=function: f(of(p))  # type: ignore[misc]
        if self.eat("中符合"):
            condition = self.bracket()
            self.need("的各项")
            return those(of, condition)
        if self.ahead("的第", "的倒数第"):
            place = numbered if self.eat("的第") else from_the_end
            if place is from_the_end:
                self.need("的倒数第")
            number = self.primary()
            self.need("项")
            return place(of, number)
        start = self.at
        if self.eat("的"):
            name = self.known(self.names)
            if name is not None:
                return lambda p: part(of(p), name)
            self.at = start
        return None

    def bracket(self) -> Meaning:
        self.need("（")
        inside = self.sentence()
        self.need("）")
        return inside

    def aside(self, meaning: Meaning) -> Meaning:
        """What （即…） says stands for the name before it."""
        if not self.eat("（即"):
            return meaning
        inside = self.sentence()
        self.need("）")
        return inside

    def primary(self) -> Meaning:
        if (variable := self.variable()) is not None:
            return variable
        if self.eat("该项"):
            return lambda p: p.item
        start = self.at
        name = self.known(self.names) if self.eat("其") else None
        if name is None:
            self.at = start
        else:
            return field_of_item(name)
        name = self.known(self.names)
        if name is not None:
            return self.aside(lambda p: p.facts.get(name))
        return self.written()

    def written(self) -> Meaning:
        if self.ahead("（"):
            return self.bracket()
        for words, value in (
            ("是", True),
            ("否", False),
            ("空白", ""),
            ("待核", None),
            ("空列表", []),
        ):
            if self.eat(words):
                return constant(value)
        if text := self.match("“([^”]*)”"):
            return constant(text[1])
        if self.eat("由"):
            parts = [self.chain()]
            while self.eat("、"):
                parts.append(self.chain())
            self.need("组成的列表")
            return lambda p: [m(p) for m in parts]
        if day := self.match(r"(\d+)年(\d+)月(\d+)日"):
            return constant(date(int(day[1]), int(day[2]), int(day[3])))
        if length := self.match(r"(?:(\d+)年)(?:(\d+)个月)?|(\d+)个月"):
            return constant(Months(int(length[1] or 0) * 12 + int(length[2] or length[3] or 0)))
        if length := self.match(r"(\d+)日"):
            return constant(Days(int(length[1])))
        if self.eat("公历"):
            return self.day_made()
        figure = self.figure()
        if figure is None:
            raise self.lost()
        return figure

    def day_made(self) -> Meaning:
        parts = []
        for mark in "年月日":
            figures = self.match(rf"\d+(?={mark})")
            parts.append(constant(Decimal(figures[0])) if figures else self.primary())
            self.need(mark)
        return lambda p: made_day(*(m(p) for m in parts))

    # rows ------------------------------------------------------------------------------------

    def row(self) -> tuple[Meaning, dict[str, Meaning]]:
        """A row of a table: when it applies, and what it then gives."""
        condition: Meaning = constant(True)
        if not self.eat("任何情形，"):
            condition = self.joined()
            self.need("的，")
        given: dict[str, Meaning] = {}
        while True:
            name = self.known(self.names)
            assert name is not None, self.text[self.at :]
            self.need("为")
            given[name] = self.value()
            if not self.eat("；"):
                self.need("。")
                return condition, given


def made_day(year: Any, month: Any, day: Any) -> date | None:
    if year is None or month is None or day is None:
        return None
    return date(int(year), int(month), int(day))


_CHAINS_ZH: Mapping[str, Callable[[Any], Any]] = {
    "去除重复后的数量": lambda v: counted(distinct(v)),
    "的数量": counted,
    "的不重复的各项": distinct,
    "的合计": lambda v: over(v, sum),
    "中最小的值": lambda v: over(v, min),
    "中最大的值": lambda v: over(v, max),
    "的绝对值": lambda v: None if v is None else abs(v),
    "的字符数": counted,
    "的文字形式": as_text,
    "的年份": of_day("year"),
    "的月份": of_day("month"),
}


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
        if self.eat("exactly one of "):
            left = self.value()
            self.need(" and ")
            right = self.value()
            self.need(" holds")
            return on_both(differs, left, right)
        return self.predicated(self.value())

    def of_items(self, join: Any) -> Meaning:
        items = self.value()
        name = ""
        if self.eat(' (called "'):
            found = self.match('[^"]+')
            assert found
            name = found[0]
            self.need('")')
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
        return self.owned()

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
            return self.aside(lambda p: p.facts.get(name))
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


_CHAINS_EN: Mapping[str, Callable[[Any], Any]] = {
    "the number of items in ": counted,
    "the number of distinct items in ": lambda v: counted(distinct(v)),
    "the distinct items of ": distinct,
    "the number of characters in ": counted,
    "the text form of ": as_text,
    "the absolute value of ": lambda v: None if v is None else abs(v),
}
