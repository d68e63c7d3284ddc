"""The tree compiled to closures, once; a closure takes a scope and gives a value."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from . import tree
from .arithmetic import OPERATORS, negate
from .comparison import any_of, both, compare, order_key, ordered, passes
from .errors import FeelLimitError
from .properties import read_property
from .registry import BUILTINS, Builtin, Run
from .temporal import date_of_day, day_number, is_date
from .timetext import read_temporal
from .tree import Node
from .types import ANY, FeelType, Types, coerce, conforms, read_type
from .values import Function, Range, Value

DEEPEST_CALL: Final = 80


class Scope(dict[str, Value]):
    """Names in reach, flat: an inner scope is a copy with more names."""

    __slots__ = ("run",)
    run: Run

    def inner(self) -> "Scope":
        scope = Scope(self)
        scope.run = self.run
        return scope


Code: TypeAlias = Callable[[Scope], Value]

_CONSTANTS: Final = (tree.Literal, tree.AtLiteral)
# Nodes whose code neither counts steps nor opens a scope.
_LIGHT: Final = (
    *_CONSTANTS, tree.Name, tree.ListOf, tree.Negative, tree.Arithmetic, tree.Comparison,
    tree.Logic, tree.Between, tree.In, tree.Interval, tree.HalfLine, tree.If, tree.Path, tree.Tests,
)  # fmt: skip


def needs_run(node: Node) -> bool:
    """Whether the code of a tree asks its scope for the run."""
    if not isinstance(node, _LIGHT) or (isinstance(node, tree.Name) and node.name in BUILTINS):
        return True
    return any(map(needs_run, tree.children(node)))


def _is_constant(node: Node) -> bool:
    if isinstance(node, tree.Interval):
        return isinstance(node.low, _CONSTANTS) and isinstance(node.high, _CONSTANTS)
    return isinstance(node, _CONSTANTS)


def compile_tree(node: Node, types: Types) -> Code:
    """The closure of an expression."""
    return _COMPILERS[type(node)](node, types)


def _literal(node: tree.Literal, types: Types) -> Code:
    value = node.value
    return lambda scope: value


def _at_literal(node: tree.AtLiteral, types: Types) -> Code:
    value = read_temporal(node.text)
    return lambda scope: value


def _name(node: tree.Name, types: Types) -> Code:
    name, builtin = node.name, BUILTINS.get(node.name)
    if builtin is None:
        return lambda scope: scope.get(name)
    return lambda scope: scope[name] if name in scope else builtin.as_value(scope.run)


def _list(node: tree.ListOf, types: Types) -> Code:
    items = [compile_tree(item, types) for item in node.items]
    return lambda scope: [item(scope) for item in items]


def _context(node: tree.ContextOf, types: Types) -> Code:
    entries = [(entry.key, compile_tree(entry.value, types)) for entry in node.entries]
    if len({key for key, _ in entries}) < len(entries):
        return lambda scope: None  # a key given twice is an error (10.3.2.6)

    def build(scope: Scope) -> Value:
        made: dict[str, Value] = {}
        inner = scope.inner()
        for key, value in entries:
            made[key] = inner[key] = value(inner)
        return made

    return build


def _negative(node: tree.Negative, types: Types) -> Code:
    operand = compile_tree(node.operand, types)
    return lambda scope: negate(operand(scope))


def _arithmetic(node: tree.Arithmetic, types: Types) -> Code:
    left, right = compile_tree(node.left, types), compile_tree(node.right, types)
    operation = OPERATORS[node.operator]
    return lambda scope: operation(left(scope), right(scope))


def _comparison(node: tree.Comparison, types: Types) -> Code:
    sign = node.operator
    left, right = compile_tree(node.left, types), compile_tree(node.right, types)
    fast = _DECIMAL_ORDERS[sign]
    if isinstance(node.right, tree.Literal) and isinstance(node.right.value, Decimal):
        bound = node.right.value

        def against_number(scope: Scope) -> Value:
            value = left(scope)
            if type(value) is Decimal:
                return fast(value, bound)
            return compare(sign, value, bound)

        return against_number

    def against_value(scope: Scope) -> Value:
        one, other = left(scope), right(scope)
        if type(one) is Decimal and type(other) is Decimal:
            return fast(one, other)
        return compare(sign, one, other)

    return against_value


_DECIMAL_ORDERS: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
    "=": Decimal.__eq__,
    "!=": Decimal.__ne__,
}


def _logic(node: tree.Logic, types: Types) -> Code:
    operands = [compile_tree(operand, types) for operand in node.operands]
    deciding = node.operator == "or"  # the value that settles the matter at once

    def decide(scope: Scope) -> Value:
        result: bool | None = not deciding
        for operand in operands:
            value = operand(scope)
            if value is deciding:
                return deciding
            if value is not (not deciding):
                result = None
        return result

    return decide


def _between(node: tree.Between, types: Types) -> Code:
    value, low, high = (compile_tree(part, types) for part in tree.children(node))

    def between(scope: Scope) -> Value:
        middle = value(scope)
        return both(ordered(">=", middle, low(scope)), ordered("<=", middle, high(scope)))

    return between


def _in(node: tree.In, types: Types) -> Code:
    value = compile_tree(node.value, types)
    tests = [_membership(test, types) for test in node.tests]
    if len(tests) == 1:
        only = tests[0]
        return lambda scope: only(value(scope), scope)

    def among(scope: Scope) -> Value:
        wanted = value(scope)
        return any_of(test(wanted, scope) for test in tests)

    return among


def _membership(node: Node, types: Types) -> Callable[[Value, Scope], Value]:
    """One test of `in`; comparisons are made directly, without a range in between."""
    if isinstance(node, tree.HalfLine):
        operand, sign = compile_tree(node.operand, types), node.operator
        return lambda value, scope: compare(sign, value, operand(scope))
    test = compile_tree(node, types)
    if _is_constant(node):
        constant = test(Scope())
        return lambda value, scope: passes(value, constant)
    return lambda value, scope: passes(value, test(scope))


def _interval(node: tree.Interval, types: Types) -> Code:
    low, high = compile_tree(node.low, types), compile_tree(node.high, types)
    closed = node.low_closed, node.high_closed
    if isinstance(node.low, _CONSTANTS) and isinstance(node.high, _CONSTANTS):
        constant = _span_of(low(Scope()), high(Scope()), closed)
        return lambda scope: constant
    return lambda scope: _span_of(low(scope), high(scope), closed)


def _span_of(low: Value, high: Value, closed: tuple[bool, bool]) -> Range | None:
    """A range, unless an end has no order or the two lie on different lines."""
    if any(end is not None and order_key(end) is None for end in (low, high)):
        return None
    if low is not None and high is not None and ordered("<=", low, high) is None:
        return None
    return Range(low, high, *closed)


def _half_line(node: tree.HalfLine, types: Types) -> Code:
    operand, sign = compile_tree(node.operand, types), node.operator
    return lambda scope: Range.half_line(sign, operand(scope))


def _if(node: tree.If, types: Types) -> Code:
    condition, then, otherwise = (compile_tree(part, types) for part in tree.children(node))
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


# -- loops


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


def _bindings(scope: Scope, loops: Sequence[_Binder]) -> Iterator[Scope]:
    """A scope for each combination, the last loop fastest; later loops see earlier names."""
    (name, source), rest = loops[0], loops[1:]
    items = source(scope)
    if items is None:
        raise _NoSource
    for item in items:
        scope.run.spend(1)
        inner = scope.inner()
        inner[name] = item
        if rest:
            yield from _bindings(inner, rest)
        else:
            yield inner


def _binders(loops: Sequence[tree.Loop], types: Types) -> list[_Binder]:
    return [(loop.name, _loop_source(loop, types)) for loop in loops]


def _for(node: tree.For, types: Types) -> Code:
    loops, body = _binders(node.loops, types), compile_tree(node.body, types)
    looks_back = mentions(node, "partial")

    def collect(scope: Scope) -> Value:
        results: list[Value] = []
        try:
            for inner in _bindings(scope, loops):
                if looks_back:
                    scope.run.spend(len(results) // 8)
                    inner["partial"] = list(results)
                results.append(body(inner))
        except _NoSource:
            return None
        return results

    return collect


def _quantified(node: tree.Quantified, types: Types) -> Code:
    loops, condition = _binders(node.loops, types), compile_tree(node.condition, types)
    wanted = node.quantifier == "some"

    def decide(scope: Scope) -> Value:
        result: bool | None = not wanted
        try:
            for inner in _bindings(scope, loops):
                value = condition(inner)
                if value is wanted:
                    return wanted
                if value is not (not wanted):
                    result = None
        except _NoSource:
            return None
        return result

    return decide


def mentions(node: Node, name: str) -> bool:
    """Whether a name is used anywhere below a node."""
    if isinstance(node, tree.Name):
        return node.name == name
    return any(mentions(child, name) for child in tree.children(node))


# -- paths and filters


def _path(node: tree.Path, types: Types) -> Code:
    source, name = compile_tree(node.source, types), node.name
    return lambda scope: read_property(source(scope), name)


def _filter(node: tree.Filter, types: Types) -> Code:
    source, condition = compile_tree(node.source, types), compile_tree(node.condition, types)
    if isinstance(node.condition, tree.Literal) and isinstance(node.condition.value, Decimal):
        position = node.condition.value
        return lambda scope: _item_at(source(scope), position)

    def select(scope: Scope) -> Value:
        items = source(scope)
        if items is None:
            return None
        return _selected(items if isinstance(items, list) else [items], condition, scope)

    return select


def _selected(items: list[Value], condition: Code, scope: Scope) -> Value:
    """The item at a position, or the items that satisfy a condition."""
    if not items:
        return None if isinstance(condition(scope), Decimal) else []
    kept: list[Value] = []
    for index, item in enumerate(items):
        scope.run.spend(1)
        answer = condition(_item_scope(scope, item))
        if index == 0 and isinstance(answer, Decimal):
            return _item_at(items, answer)
        if answer is True:
            kept.append(item)
        elif answer is not False and answer is not None:
            return None
    return kept


def _item_scope(scope: Scope, item: Value) -> Scope:
    inner = scope.inner()
    inner["item"] = item
    if isinstance(item, dict):
        inner.update(item)
    return inner


def _item_at(items: Value, position: Decimal) -> Value:
    """Positions count from 1, or from the end where negative."""
    if items is None or position != position.to_integral_value():
        return None
    found = items if isinstance(items, list) else [items]
    if not 1 <= abs(position) <= len(found):
        return None
    place = int(position)
    return found[place - 1] if place > 0 else found[place]


def _instance_of(node: tree.InstanceOf, types: Types) -> Code:
    value, wanted = compile_tree(node.value, types), read_type(node.type, types)
    if wanted is None:
        return lambda scope: None
    return lambda scope: conforms(value(scope), wanted)


# -- functions


def _function(node: tree.FunctionOf, types: Types) -> Code:
    names = tuple(parameter.name for parameter in node.parameters)
    kinds = tuple(_parameter_type(parameter, types) for parameter in node.parameters)
    body: Code = (lambda scope: None) if node.external else compile_tree(node.body, types)

    def close(scope: Scope) -> Value:
        def call(*values: Value) -> Value:
            if len(values) != len(names):
                return None
            inner = scope.inner()
            for name, kind, value in zip(names, kinds, values, strict=True):
                inner[name] = coerce(value, kind)
                if inner[name] is None and value is not None:
                    return None
            return _called(body, inner)

        return Function("", names, kinds, call)

    return close


def _called(body: Code, scope: Scope) -> Value:
    run = scope.run
    run.spend(1)
    run.depth += 1
    if run.depth > DEEPEST_CALL:
        raise FeelLimitError(
            f"函数调用超过 {DEEPEST_CALL} 层", f"functions call each other over {DEEPEST_CALL} deep"
        )
    try:
        return body(scope)
    finally:
        run.depth -= 1


def _parameter_type(parameter: tree.Parameter, types: Types) -> FeelType:
    declared = read_type(parameter.type, types) if parameter.type else ANY
    return declared or ANY


def _call(node: tree.Call, types: Types) -> Code:
    callee = compile_tree(node.function, types)
    values = [compile_tree(argument.value, types) for argument in node.arguments]
    names = [argument.name for argument in node.arguments]
    named = bool(names and names[0])
    if named and len(set(names)) < len(names):
        return lambda scope: None

    def call_value(scope: Scope) -> Value:
        function = callee(scope)
        given = [value(scope) for value in values]
        if not isinstance(function, Function):
            return None
        return _apply(function, dict(zip(names, given, strict=True)) if named else given)

    if not isinstance(node.function, tree.Name) or node.function.name not in BUILTINS:
        return call_value
    return _builtin_call(BUILTINS[node.function.name], values, names if named else [], call_value)


def _apply(function: Function, given: list[Value] | dict[str, Value]) -> Value:
    if isinstance(given, list):
        return function.call(*given)
    if given.keys() != set(function.parameters):
        return None
    return function.call(*(given[name] for name in function.parameters))


def _builtin_call(builtin: Builtin, values: list[Code], names: list[str], call_value: Code) -> Code:
    """A call by a built-in's name, unless the scope gives that name another function."""
    name = builtin.name

    def call(scope: Scope) -> Value:
        if name in scope and isinstance(scope[name], Function):
            return call_value(scope)
        given = [value(scope) for value in values]
        scope.run.spend(1)
        if names:
            return builtin.call_named(scope.run, dict(zip(names, given, strict=True)))
        return builtin.call(scope.run, given)

    return call


# -- decision-table cells


def compile_tests(node: tree.Tests, types: Types) -> Code:
    """The closure of a cell; the value tested is `?` in the scope."""
    tests = [_cell_test(test, types) for test in node.tests]
    if not tests:
        return lambda scope: True
    negated = node.negated

    def decide(scope: Scope) -> Value:
        value = scope["?"]
        answer = any_of(test(value, scope) for test in tests)
        return answer if answer is None or not negated else not answer

    return decide


def _cell_test(node: Node, types: Types) -> Callable[[Value, Scope], Value]:
    """A test that speaks of `?` is its own answer; any other names what the value is in."""
    if not mentions(node, "?"):
        return _membership(node, types)
    test = compile_tree(node, types)

    def answer(value: Value, scope: Scope) -> Value:
        found = test(scope)
        return found if found is None or isinstance(found, bool) else passes(value, found)

    return answer


_COMPILERS: Final[Mapping[type[Node], Callable[..., Code]]] = {
    tree.Literal: _literal,
    tree.AtLiteral: _at_literal,
    tree.Name: _name,
    tree.ListOf: _list,
    tree.ContextOf: _context,
    tree.Negative: _negative,
    tree.Arithmetic: _arithmetic,
    tree.Comparison: _comparison,
    tree.Logic: _logic,
    tree.Between: _between,
    tree.In: _in,
    tree.Interval: _interval,
    tree.HalfLine: _half_line,
    tree.If: _if,
    tree.For: _for,
    tree.Quantified: _quantified,
    tree.InstanceOf: _instance_of,
    tree.Path: _path,
    tree.Filter: _filter,
    tree.FunctionOf: _function,
    tree.Call: _call,
}
