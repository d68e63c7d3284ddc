"""What an expression of a definition is while it is translated: a constant, a column, a choice.

Numbers are whole numbers scaled by a power of ten, with the bounds that the data itself has, so that
a sum or product is either exact in 64 bits or not translated. A date is the whole number yyyymmdd.
SQL's null is FEEL's: unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, Decimal
from typing import Any, Final, Literal, TypeAlias

import ibis

from engine.feel import Expression
from engine.feel.temporal import YearsMonths
from engine.feel.values import Value

Name: TypeAlias = Literal["number", "text", "boolean", "date", "months", "list", "record", "wide"]
EXACT: Final = Context(prec=200)
ROOM: Final = 1 << 62  # beyond this a product or sum may leave 64 bits


class NotTranslatable(Exception):
    """An expression that the portable core cannot say exactly; the engine itself evaluates it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column holds. `low` and `high` bound numbers (scaled) and dates (yyyymmdd).

    `is_optional` tells of items and entries whether some are unknown. A wide number is kept as its
    text and never translated.
    """

    name: Name
    scale: int = 0
    low: int = 0
    high: int = 0
    item: "Kind | None" = None
    fields: tuple[tuple[str, "Kind"], ...] = ()
    is_optional: bool = True


TEXT, BOOLEAN, WIDE = Kind("text"), Kind("boolean"), Kind("wide")


@dataclass(frozen=True, slots=True)
class Known:
    """The same FEEL value in every row."""

    value: Value


@dataclass(frozen=True, slots=True)
class Column:
    """A value of each row, as an Ibis expression. A date may tell the day it was moved from."""

    expr: Any
    kind: Kind
    moved: "tuple[Column, int] | None" = None  # and by how many months


@dataclass(frozen=True, slots=True)
class Record:
    """A record whose entries are columns of their own, such as 申请人; never unknown as a whole."""

    entries: "Mapping[str, Term]"


@dataclass(frozen=True, slots=True)
class Choice:
    """The first arm whose condition is true; unknown where none is."""

    arms: "tuple[tuple[Any, Term], ...]"


@dataclass(frozen=True, slots=True)
class Deferred:
    """A computed fact that no column can hold: the engine computes it again where it is read."""

    expression: Expression


Term: TypeAlias = Known | Column | Record | Choice | Deferred


def number_kind(value: Decimal) -> Kind:
    """The kind of one number, with no more decimals than it needs. Raises NotTranslatable."""
    plain = value.normalize(EXACT)
    exponent = plain.as_tuple().exponent
    scale = max(0, -exponent) if isinstance(exponent, int) else 0
    if scale > 18 or plain.adjusted() > 18:
        raise NotTranslatable
    place = int(plain.scaleb(scale, EXACT))
    if abs(place) >= ROOM:
        raise NotTranslatable
    return Kind("number", scale, place, place)


def date_key(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


def constant(value: Value) -> Column:
    """A scalar as a column. Raises NotTranslatable for lists, records and what has no column."""
    if isinstance(value, bool):
        return Column(ibis.literal(value, "boolean"), BOOLEAN)
    if isinstance(value, Decimal):
        kind = number_kind(value)
        return Column(_whole(kind.low), kind)
    if isinstance(value, str):
        return Column(ibis.literal(value, "string"), TEXT)
    if type(value) is date:
        key = date_key(value)
        return Column(_whole(key), Kind("date", 0, key, key))
    if isinstance(value, YearsMonths) and abs(value.months) < 1_000_000:
        months = value.months
        return Column(_whole(months), Kind("months", 0, months, months))
    raise NotTranslatable


def _whole(value: int) -> Any:
    """A whole number of 64 bits: a small one written bare has 32 in SQL, and products overflow."""
    is_small = abs(value) < 2**31
    return ibis.literal(value, "int32").cast("int64") if is_small else ibis.literal(value, "int64")


def unknown(kind: Kind) -> Any:
    """The null of a scalar kind."""
    types = {"text": "string", "wide": "string", "boolean": "boolean"}
    return ibis.null(types.get(kind.name, "int64"))


def as_column(term: Term) -> Column:
    """The term as one column. Raises NotTranslatable where it has no scalar kind."""
    if isinstance(term, Column):
        return term
    if isinstance(term, Known):
        return constant(term.value)
    if isinstance(term, Choice):
        return _merged(term)
    raise NotTranslatable


def _merged(choice: Choice) -> Column:
    """A choice among scalars of one kind is a CASE."""
    known = [arm for _, arm in choice.arms if not is_null(arm)]
    if not known:
        raise NotTranslatable
    columns = {id(arm): as_column(arm) for arm in known}
    kind = joint_kind([column.kind for column in columns.values()])
    arms = [
        (condition, unknown(kind) if is_null(arm) else rescaled(columns[id(arm)], kind.scale).expr)
        for condition, arm in choice.arms
    ]
    return Column(ibis.cases(*arms), kind)


def is_null(term: Term) -> bool:
    return isinstance(term, Known) and term.value is None


def joint_kind(kinds: Sequence[Kind]) -> Kind:
    """A kind that holds them all. Raises NotTranslatable for unlike kinds."""
    first = kinds[0]
    if len({kind.name for kind in kinds}) > 1 or first.name in ("list", "record", "wide"):
        if len(set(kinds)) == 1:
            return first
        raise NotTranslatable
    scale = max(kind.scale for kind in kinds)
    low = min(kind.low * 10 ** (scale - kind.scale) for kind in kinds)
    high = max(kind.high * 10 ** (scale - kind.scale) for kind in kinds)
    return within_room(replace(first, scale=scale, low=low, high=high))


def within_room(kind: Kind) -> Kind:
    """The kind itself. Raises NotTranslatable where a value may leave 64 bits."""
    if max(abs(kind.low), abs(kind.high)) >= ROOM:
        raise NotTranslatable
    return kind


def rescaled(column: Column, scale: int) -> Column:
    """A number with more decimals; other kinds as they are."""
    kind = column.kind
    if kind.name != "number" or kind.scale == scale:
        return column
    factor = 10 ** (scale - kind.scale)
    wider = within_room(replace(kind, scale=scale, low=kind.low * factor, high=kind.high * factor))
    return Column(column.expr * _whole(factor), wider)


def truth(term: Term) -> Any:
    """A boolean expression, its null unknown. Raises NotTranslatable for anything else."""
    if is_null(term):
        return unknown(BOOLEAN)
    column = as_column(term)
    if column.kind.name != "boolean":
        raise NotTranslatable
    return column.expr


def truth_term(expr: Any) -> Column:
    return Column(expr, BOOLEAN)


def opposite(condition: Any) -> Any:
    """Not, unknown where the condition is. Ibis 12 writes `~x IS NULL` without the brackets it needs."""
    return condition == ibis.literal(False)


def choose(condition: Any, then: Any, otherwise: Any) -> Any:
    """By a condition that may be unknown: then so is the answer."""
    return ibis.cases((condition, then), (opposite(condition), otherwise))


def any_of(conditions: Sequence[Any]) -> Any:
    """Whether one of the conditions is known to hold; never unknown."""
    if not conditions:
        return ibis.literal(False)
    whole = conditions[0]
    for condition in conditions[1:]:
        whole = whole | condition
    return whole.fill_null(False)
