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
    """A field of a record; of the names that one label stands for, the one the record has."""
    if isinstance(value, list):
        return [part(item, name) for item in value]
    if value is None:
        return None
    return next((value[one] for one in name.split("/") if one in value), None)


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
    if isinstance(left, Days):
        return Days(left.count * int(right))
    if isinstance(right, Months | Days):
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
    names: Mapping[str, str]  # label to name, or to the several it stands for: a/b
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

    def fields(self, verb: str, between: str) -> Meaning:
        """What a record holds. What it calls its fields is known from there on."""
        found: dict[str, Meaning] = {}
        while True:
            key = self.match(rf"(.+?){verb}")
            if key is None:
                raise self.lost()
            others = self.names.get(key[1], key[1]).split("/")
            self.names = {**self.names, key[1]: "/".join(dict.fromkeys([*others, key[1]]))}
            found[key[1]] = self.sentence()
            if not self.eat(between):
                return record(found)

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


def record(fields: Mapping[str, Meaning]) -> Meaning:
    return lambda p: {name: value(p) for name, value in fields.items()}


def each_made(items: Meaning, name: str, value: Meaning) -> Meaning:
    def meaning(place: Place) -> Any:
        found = items(place)
        return None if found is None else [value(told(place, name, item)) for item in found]

    return meaning


def in_order(lists: Sequence[Meaning]) -> Meaning:
    """One list of all items; not known while one of the lists is not."""

    def meaning(place: Place) -> Any:
        found = [one(place) for one in lists]
        return None if None in found else [item for items in found for item in items]

    return meaning


def as_one_text(items: Any, between: Any) -> Any:
    if items is None or between is None or None in items:
        return None
    return str(between).join(items)


def day_written(text: Any) -> date | None:
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:  # the 30th of February
        return None


WORKING = "working"  # the fact that says of a day whether it is a working day; None if unpublished


def working_days(start: Meaning, end: Meaning) -> Meaning:
    """From the day after the first to the last, both known."""

    def meaning(place: Place) -> Any:
        first, last = start(place), end(place)
        if first is None or last is None:
            return None
        numbers = range(first.toordinal() + 1, last.toordinal() + 1)
        answers = [place.facts[WORKING](date.fromordinal(n)) for n in numbers]
        return None if None in answers else Decimal(answers.count(True))

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


def made_day(year: Any, month: Any, day: Any) -> date | None:
    if year is None or month is None or day is None:
        return None
    return date(int(year), int(month), int(day))
