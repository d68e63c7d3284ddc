"""Lists of a row: asked item by item inside the engine, three-valued.

An item's answer is a small number, so that "every" is the least of them and "some" too, turned over:
0 decides, 1 is unknown, 2 decides nothing.
"""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import replace
from inspect import Parameter, Signature
from typing import Any

import ibis
from ibis.expr import operations

from engine.feel.values import Value
from engine.population.terms import (
    Column,
    Kind,
    Known,
    NotTranslatable,
    Term,
    as_column,
    constant,
    is_null,
    joint_kind,
    opposite,
    rescaled,
    truth_term,
)

_DECIDES, _OPEN, _IDLE = 0, 1, 2
_SCALARS = ("number", "text", "boolean", "date")


_depth: ContextVar[int] = ContextVar("depth", default=0)


def _over(say: Callable[[Any], Any]) -> Callable[..., Any]:
    """A function of one item whose parameter has a name of its own: loops stand within loops."""
    depth = _depth.get()

    def named(**items: Any) -> Any:
        token = _depth.set(depth + 1)
        try:
            return say(*items.values())
        finally:
            _depth.reset(token)

    parameter = Parameter(f"item{depth}", Parameter.POSITIONAL_OR_KEYWORD)
    named.__signature__ = Signature([parameter])  # type: ignore[attr-defined]  # Ibis reads it
    return named


def item_of(source: Column, item: Any) -> Column:
    assert source.kind.item is not None
    return Column(item, source.kind.item)


def entries(source: Column, name: str) -> Term:
    """`list.name`: the same entry of every record."""
    record = source.kind.item
    field = dict(record.fields).get(name) if record is not None else None
    if record is None or field is None:
        raise NotTranslatable
    item = replace(field, is_optional=field.is_optional or record.is_optional)
    return Column(source.expr.map(_over(lambda entry: entry[name])), Kind("list", item=item))


def quantified(source: Column, is_some: bool, holds: Callable[[Column], Any]) -> Term:
    """`some`/`every` item: decided by one item, else open while one is unknown."""

    def answer(item: Any) -> Any:
        held = holds(item_of(source, item))
        deciding, idle = (held, opposite(held)) if is_some else (opposite(held), held)
        return ibis.cases((deciding, _DECIDES), (idle, _IDLE), else_=_OPEN)

    # Asked once: DuckDB computes what stands in several arms of a CASE anew in each. Of no items
    # there is no least, and their number says whether there is a list at all.
    least = source.expr.map(_over(answer)).mins().cast("int64")
    settled = ibis.coalesce(least, source.expr.length().cast("int64") + _IDLE).nullif(_OPEN)
    return truth_term(settled == _DECIDES if is_some else settled != _DECIDES)


def selected(source: Column, holds: Callable[[Column], Any]) -> Term:
    """The items that satisfy a condition known of each of them; the list has no unknown item."""

    def unsure(item: Any) -> Any:
        return holds(item_of(source, item)).isnull()

    kept = source.expr.filter(_over(lambda item: holds(item_of(source, item))))
    is_open = source.expr.filter(_over(unsure)).length() > 0
    return Column(ibis.cases((opposite(is_open), kept)), source.kind)


def count(source: Column) -> Term:
    return Column(source.expr.length().cast("int64"), Kind("number", 0, 0, 10**6))


def distinct(source: Column) -> Term:
    """Unknown while an unknown item may turn out to be one of the others."""
    item = source.kind.item
    if item is None or item.name not in _SCALARS:
        raise NotTranslatable
    different = _distinct_of(source)
    if not item.is_optional:
        return Column(different, source.kind)
    is_sure = opposite(_has_null(source))
    is_single = source.expr.length() <= 1
    answer = ibis.cases((is_single, source.expr), (is_sure, different))
    return Column(answer, source.kind)


def _distinct_of(source: Column) -> Any:
    """Each item where it stands first: for the short lists of applications the quickest way."""
    items = source.expr
    return items.filter(lambda item, place: items.index(item) == place)


def _has_null(source: Column) -> Any:
    return source.expr.filter(_over(lambda item: item.isnull())).length() > 0


def contains(source: Column, element: Column) -> Term:
    """`list contains`: true where found; else unknown while an item is."""
    item = source.kind.item
    if item is None or item.name not in _SCALARS or item.name != element.kind.name:
        raise NotTranslatable
    if item.scale < element.kind.scale:
        raise NotTranslatable
    wanted = rescaled(element, item.scale).expr
    found = source.expr.contains(wanted).fill_null(False)
    known = wanted.notnull() & source.expr.notnull()
    if not item.is_optional:
        return truth_term(ibis.cases((known, found)))
    return truth_term(
        ibis.cases((known & found, True), (known & opposite(_has_null(source)), False))
    )


def is_among(value: Term, listed: Sequence[Value]) -> Term:
    """Whether a scalar is one of several constants; an unknown constant leaves it open."""
    if is_null(value):
        return Known(None)
    column = as_column(value)
    known = [constant(one) for one in listed if one is not None]
    if column.kind.name not in _SCALARS or {c.kind.name for c in known} - {column.kind.name}:
        raise NotTranslatable
    is_open = len(known) < len(listed)
    if not known:
        raise NotTranslatable
    kind = joint_kind([column.kind, *(c.kind for c in known)])
    places = [_place(one, kind) for one in listed if one is not None]
    found = _is_one_of(rescaled(column, kind.scale).expr, places)
    return truth_term(ibis.cases((found, True)) if is_open else found)


def _is_one_of(expr: Any, places: list[Any]) -> Any:
    """Spark cannot resolve IN over the variable of a lambda."""
    if not expr.op().find(operations.Argument):
        return expr.isin(places)
    found = expr == places[0]
    for place in places[1:]:
        found = found | (expr == place)
    return found


def _place(value: Value, kind: Kind) -> Any:
    """A constant as the column stores it."""
    column = constant(value)
    if kind.name in ("text", "boolean"):
        return value
    return column.kind.low * 10 ** (kind.scale - column.kind.scale)
