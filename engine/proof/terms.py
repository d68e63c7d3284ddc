"""FEEL values as formulas: whether a value is known, and what it is.

Numbers are whole numbers times a power of ten, dates are day numbers, texts are numbers too: one
for each text that the definitions mention, and from `OTHER` on for texts that none mentions. A list
is a bag: how often each entry occurs, since nothing in the profile but a position tells order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

import z3

from engine.feel import YearsMonths
from engine.feel.temporal import day_number, is_date

TermKind = Literal[
    "boolean", "number", "text", "date", "months", "days", "list", "record", "null", "other"
]
# z3 has no types of its own: what is built from it is Any to the type checker.
Formula: TypeAlias = Any

OTHER: Final = 1_000_000
MOST_DIGITS: Final = 34  # of a FEEL number; a longer result is rounded
YES: Final = z3.BoolVal(True)
NO: Final = z3.BoolVal(False)


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A value that may be unknown.

    `value` is a Bool, an Int (numbers: times 10 to the `scale`; dates: the day number; durations:
    months or days) or, for a number of no fixed scale, a Real and `scale` None. `digits` bounds the
    length of a number, 0 being unbounded. `choices` lists a text's values where they are few.
    """

    kind: TermKind
    known: Formula
    value: Formula = None
    scale: int | None = 0
    digits: int = 0
    choices: tuple[str, ...] | None = None
    entries: tuple[tuple[Formula, "Term"], ...] = ()
    fields: Mapping[str, "Term"] = field(default_factory=dict)

    @property
    def is_true(self) -> Formula:
        return both(self.known, self.value) if self.kind == "boolean" else NO

    @property
    def is_false(self) -> Formula:
        return both(self.known, opposite(self.value)) if self.kind == "boolean" else NO

    @property
    def identity(self) -> tuple[Any, ...]:
        """The same for two terms built alike: z3 keeps one of each formula."""
        value = None if self.value is None else self.value.get_id()
        entries = tuple((times.get_id(), item.identity) for times, item in self.entries)
        named = tuple((name, item.identity) for name, item in sorted(self.fields.items()))
        return self.kind, self.known.get_id(), value, self.scale, entries, named


NULL: Final = Term("null", NO)


# -- logic that does away with what is settled


def both(*parts: Formula) -> Formula:
    open_parts = [part for part in parts if not z3.is_true(part)]
    if any(z3.is_false(part) for part in open_parts):
        return NO
    if not open_parts:
        return YES
    return open_parts[0] if len(open_parts) == 1 else z3.And(*open_parts)


def either(*parts: Formula) -> Formula:
    open_parts = [part for part in parts if not z3.is_false(part)]
    if any(z3.is_true(part) for part in open_parts):
        return YES
    if not open_parts:
        return NO
    return open_parts[0] if len(open_parts) == 1 else z3.Or(*open_parts)


def opposite(part: Formula) -> Formula:
    if z3.is_true(part):
        return NO
    if z3.is_false(part):
        return YES
    return part.arg(0) if z3.is_not(part) else z3.Not(part)


def choose(condition: Formula, one: Formula, other: Formula) -> Formula:
    if z3.is_true(condition) or one.eq(other):
        return one
    return other if z3.is_false(condition) else z3.If(condition, one, other)


def boolean(is_true: Formula, is_false: Formula) -> Term:
    """Three-valued: surely true, surely false, or neither."""
    return Term("boolean", either(is_true, is_false), is_true)


def kleene_and(parts: Iterable[Term]) -> Term:
    """Conjunction; what is no boolean counts as unknown."""
    listed = list(parts)
    return boolean(both(*(p.is_true for p in listed)), either(*(p.is_false for p in listed)))


def kleene_or(parts: Iterable[Term]) -> Term:
    """Disjunction; what is no boolean counts as unknown."""
    listed = list(parts)
    return boolean(either(*(p.is_true for p in listed)), both(*(p.is_false for p in listed)))


def kleene_not(part: Term) -> Term:
    return boolean(part.is_false, part.is_true)


# -- numbers


def aligned(left: Term, right: Term) -> tuple[Formula, Formula]:
    """Both numbers as formulas that compare: whole ones of one scale, or reals."""
    if left.scale is None or right.scale is None:
        return as_real(left), as_real(right)
    scale = max(left.scale, right.scale)
    return at_scale(left, scale), at_scale(right, scale)


def at_scale(number: Term, scale: int) -> Formula:
    assert number.scale is not None
    return number.value if scale == number.scale else number.value * 10 ** (scale - number.scale)


def as_real(number: Term) -> Formula:
    if number.scale is None:
        return number.value
    whole = z3.ToReal(number.value)
    return whole / 10**number.scale if number.scale else whole


def integer(value: int, known: Formula = YES) -> Term:
    return Term("number", known, z3.IntVal(value), 0, max(1, len(str(abs(value)))))


class Vocabulary:
    """The number that stands for each text."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers))

    def text(self, number: int) -> str | None:
        """The text that a number stands for; None for a text that nothing mentions."""
        return next((t for t, n in self._numbers.items() if n == number), None)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(self._numbers)

    def is_admissible(self, variable: Formula) -> Formula:
        """That a variable stands for a text an applicant can give: not empty, and not two at once."""
        empty = self._numbers.get("")
        inside = self.is_text(variable)
        return inside if empty is None else both(inside, variable != empty)

    def is_text(self, variable: Formula) -> Formula:
        """That a variable stands for some text, which may be empty."""
        return either(both(variable >= 0, variable < len(self._numbers)), variable >= OTHER)


def term_of(value: object, vocabulary: Vocabulary) -> Term:
    """A FEEL value as a term; kind other where formulas have no such values."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return Term("boolean", YES, z3.BoolVal(value))
    if isinstance(value, str):
        number = z3.IntVal(vocabulary.number(value))
        return Term("text", YES, number, choices=(value,))
    if isinstance(value, Decimal):
        return number_of(value)
    if isinstance(value, YearsMonths):
        return Term("months", YES, z3.IntVal(value.months))
    if isinstance(value, timedelta) and not value % timedelta(days=1):
        return Term("days", YES, z3.IntVal(value.days))
    if is_date(value):
        return Term("date", YES, z3.IntVal(day_number(value)))
    if isinstance(value, list):
        one = z3.IntVal(1)
        return Term("list", YES, entries=tuple((one, term_of(v, vocabulary)) for v in value))
    if isinstance(value, dict):
        fields = {str(k): term_of(v, vocabulary) for k, v in value.items()}
        return Term("record", YES, fields=fields)
    return Term("other", YES, z3.Const(f"value {value!r}", z3.IntSort()))


def number_of(value: Decimal) -> Term:
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int), "FEEL has no infinite numbers"
    scale = max(0, -exponent)
    whole = int(value.scaleb(scale))
    return Term("number", YES, z3.IntVal(whole), scale, max(len(digits), len(str(abs(whole)))))


def merged(condition: Formula, one: Term, other: Term) -> Term | None:
    """One term where a condition holds and another elsewhere; None for terms of unlike kinds."""
    if one.kind == "null" or other.kind == "null":
        return _with_null(condition, one, other)
    if one.kind != other.kind or one.kind == "other":
        return one if one.identity == other.identity else None
    known = choose(condition, one.known, other.known)
    if one.kind == "list":
        return Term("list", known, entries=_merged_entries(condition, one, other))
    if one.kind == "record":
        return _merged_records(condition, known, one, other)
    if one.kind != "number":
        choices = _joined_choices(one, other)
        return Term(one.kind, known, choose(condition, one.value, other.value), choices=choices)
    left, right = aligned(one, other)
    scale = None if None in (one.scale, other.scale) else max(one.scale or 0, other.scale or 0)
    digits = max(one.digits, other.digits) + abs((one.scale or 0) - (other.scale or 0))
    bounded = digits if one.digits and other.digits else 0
    return Term("number", known, choose(condition, left, right), scale, bounded)


def _with_null(condition: Formula, one: Term, other: Term) -> Term:
    if one.kind == "null":
        return replace(other, known=both(opposite(condition), other.known))
    return replace(one, known=both(condition, one.known))


def _joined_choices(one: Term, other: Term) -> tuple[str, ...] | None:
    if one.choices is None or other.choices is None:
        return None
    return tuple(dict.fromkeys((*one.choices, *other.choices)))


def _merged_entries(condition: Formula, one: Term, other: Term) -> tuple[tuple[Formula, Term], ...]:
    none = z3.IntVal(0)
    first = tuple((choose(condition, times, none), item) for times, item in one.entries)
    second = tuple((choose(condition, none, times), item) for times, item in other.entries)
    return first + second


def _merged_records(condition: Formula, known: Formula, one: Term, other: Term) -> Term | None:
    fields = {}
    for name in dict.fromkeys((*one.fields, *other.fields)):
        joined = merged(condition, one.fields.get(name, NULL), other.fields.get(name, NULL))
        if joined is None:
            return None
        fields[name] = joined
    return Term("record", known, fields=fields)
