"""`for`, `some` and `every` (DMN 1.5, 10.3.2.14 and 10.3.2.16)."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias

from . import tree
from .effort import Run
from .scope import Code, Scope, compile_tree, compiles, mentions, weight
from .temporal import date_of_day, day_number, is_date
from .types import Types
from .values import Range, Value


def _loop_source(loop: tree.Loop, types: Types) -> Callable[[Scope], Sequence[Value] | None]:
    source = compile_tree(loop.source, types)
    if loop.to is None:
        return lambda scope: _items(source(scope), scope.run)
    to = compile_tree(loop.to, types)
    return lambda scope: _steps(Range(source(scope), to(scope), True, True), scope.run)


def _items(value: Value, run: Run) -> Sequence[Value] | None:
    """What a loop runs over; one value is a list of itself, and null is an error."""
    if isinstance(value, Range):
        return _steps(value, run)
    if value is None:
        return None
    return value if isinstance(value, list) else [value]


def _steps(span: Range, run: Run) -> Sequence[Value] | None:
    """Whole numbers or days from one end to the other, upward or downward."""
    if isinstance(span.low, Decimal) and isinstance(span.high, Decimal):
        if span.low != span.low.to_integral_value() or span.high != span.high.to_integral_value():
            return None
        if max(span.low.adjusted(), span.high.adjusted()) > 30:
            run.spend(run.steps + 1)
        return [Decimal(step) for step in _count(span, int(span.low), int(span.high), run)]
    if is_date(span.low) and is_date(span.high):
        days = _count(span, day_number(span.low), day_number(span.high), run)
        return [date_of_day(day) for day in days]
    return None


def _count(span: Range, low: int, high: int, run: Run) -> range:
    if span.form != "interval":
        return range(0)
    direction = 1 if low <= high else -1
    first = low if span.low_closed else low + direction
    last = high if span.high_closed else high - direction
    run.spend(abs(high - low))
    return range(first, last + direction, direction)


_Binder: TypeAlias = tuple[str, Callable[[Scope], Sequence[Value] | None]]


class _NoSource(Exception):
    """A loop over null."""


def _bindings(scope: Scope, loops: Sequence[_Binder], steps: int) -> Iterator[Scope]:
    """A scope for each combination, the last loop fastest; later loops see earlier names."""
    (name, source), rest = loops[0], loops[1:]
    items = source(scope)
    if items is None:
        raise _NoSource
    for item in items:
        scope.run.spend(steps)
        inner = scope.inner()
        inner[name] = item
        if rest:
            yield from _bindings(inner, rest, steps)
        else:
            yield inner


def _binders(loops: Sequence[tree.Loop], types: Types) -> list[_Binder]:
    return [(loop.name, _loop_source(loop, types)) for loop in loops]


@compiles(tree.For)
def _for(node: tree.For, types: Types) -> Code:
    loops, body = _binders(node.loops, types), compile_tree(node.body, types)
    looks_back, steps = mentions(node, "partial"), weight(node)

    def collect(scope: Scope) -> Value:
        results: list[Value] = []
        try:
            for inner in _bindings(scope, loops, steps):
                if looks_back:
                    scope.run.spend(len(results) // 8)
                    inner["partial"] = list(results)
                results.append(body(inner))
        except _NoSource:
            return None
        return results

    return collect


@compiles(tree.Quantified)
def _quantified(node: tree.Quantified, types: Types) -> Code:
    loops, condition = _binders(node.loops, types), compile_tree(node.condition, types)
    wanted, steps = node.quantifier == "some", weight(node)
    if len(loops) == 1:
        return _quantified_once(loops[0], condition, wanted, steps)

    def decide(scope: Scope) -> Value:
        result: bool | None = not wanted
        try:
            for inner in _bindings(scope, loops, steps):
                value = condition(inner)
                if value is wanted:
                    return wanted
                if value is not (not wanted):
                    result = None
        except _NoSource:
            return None
        return result

    return decide


def _quantified_once(loop: _Binder, condition: Code, wanted: bool, steps: int) -> Code:
    """Over one list: the scope is made once, since nothing that a condition makes outlives it."""
    name, source = loop

    def decide(scope: Scope) -> Value:
        items = source(scope)
        if items is None:
            return None
        result: bool | None = not wanted
        inner, spend = scope.inner(), scope.run.spend
        for item in items:
            spend(steps)
            inner[name] = item
            value = condition(inner)
            if value is wanted:
                return wanted
            if value is not (not wanted):
                result = None
        return result

    return decide
