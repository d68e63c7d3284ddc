"""`between`, `in`, ranges, and the cells of decision tables (DMN 1.5, 10.3.2.7-8, 10.3.2.15)."""

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeAlias

from . import tree
from .comparison import ORDERS, any_of, both, compare, order_key, ordered, passes
from .scope import CONSTANTS, Code, Scope, compile_tree, compiles, mentions
from .tree import Node
from .types import Types
from .values import Range, Value


@compiles(tree.Between)
def _between(node: tree.Between, types: Types) -> Code:
    value, low, high = (compile_tree(part, types) for part in tree.children(node))

    def between(scope: Scope) -> Value:
        middle = value(scope)
        return both(ordered(">=", middle, low(scope)), ordered("<=", middle, high(scope)))

    return between


@compiles(tree.In)
def _in(node: tree.In, types: Types) -> Code:
    value, test = compile_tree(node.value, types), _any_test(node.tests, types)
    return lambda scope: test(value(scope), scope)


_Test: TypeAlias = Callable[[Value, Scope], Value]


def _any_test(nodes: Sequence[Node], types: Types) -> _Test:
    """Several tests joined by or; a list of texts is looked up at once."""
    tests = [_membership(node, types) for node in nodes]
    if len(tests) == 1:
        return tests[0]
    among = _joined(tests)
    texts = frozenset(node.value for node in nodes if isinstance(node, tree.Literal))
    if len(texts) < len(nodes) or not all(isinstance(text, str) for text in texts):
        return among
    return lambda value, scope: value in texts if type(value) is str else among(value, scope)


def _joined(tests: Sequence[_Test]) -> _Test:
    return lambda value, scope: any_of(test(value, scope) for test in tests)


def _membership(node: Node, types: Types) -> _Test:
    """One test of `in`; comparisons are made directly, without a range in between."""
    if isinstance(node, tree.HalfLine):
        return _half_line_test(node, types)
    test = compile_tree(node, types)
    if _is_constant(node):
        constant = test(Scope())
        if isinstance(constant, Range):
            return _range_test(constant)
        return lambda value, scope: passes(value, constant)

    def among_found(value: Value, scope: Scope) -> Value:
        found = test(scope)
        # A list or range that is missing says nothing; only a null that was written is compared.
        return None if found is None and value is not None else passes(value, found)

    return among_found


def _half_line_test(node: tree.HalfLine, types: Types) -> _Test:
    operand, sign = compile_tree(node.operand, types), node.operator
    if isinstance(node.operand, tree.Literal) and isinstance(node.operand.value, Decimal):
        fast, bound = ORDERS[sign], node.operand.value

        def against_number(value: Value, scope: Scope) -> Value:
            return fast(value, bound) if type(value) is Decimal else compare(sign, value, bound)

        return against_number
    return lambda value, scope: compare(sign, value, operand(scope))


def _range_test(constant: Range) -> _Test:
    """Membership of a range known beforehand, its closed and open ends told apart once."""
    low, high = constant.low, constant.high
    if not (isinstance(low, Decimal) and isinstance(high, Decimal)):
        return lambda value, scope: passes(value, constant)
    above = operator.ge if constant.low_closed else operator.gt
    below = operator.le if constant.high_closed else operator.lt

    def within(value: Value, scope: Scope) -> Value:
        if type(value) is Decimal:
            return above(value, low) and below(value, high)
        return passes(value, constant)

    return within


@compiles(tree.Interval)
def _interval(node: tree.Interval, types: Types) -> Code:
    low, high = compile_tree(node.low, types), compile_tree(node.high, types)
    closed = node.low_closed, node.high_closed
    if isinstance(node.low, CONSTANTS) and isinstance(node.high, CONSTANTS):
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


@compiles(tree.HalfLine)
def _half_line(node: tree.HalfLine, types: Types) -> Code:
    operand, sign = compile_tree(node.operand, types), node.operator
    return lambda scope: Range.half_line(sign, operand(scope))


def _is_constant(node: Node) -> bool:
    if isinstance(node, tree.Interval):
        return isinstance(node.low, CONSTANTS) and isinstance(node.high, CONSTANTS)
    return isinstance(node, CONSTANTS)


def compile_tests(node: tree.Tests, types: Types) -> Code:
    """The closure of a cell; the value tested is `?` in the scope."""
    if not node.tests:
        return lambda scope: True
    if any(mentions(test, "?") for test in node.tests):
        test = _joined([_cell_test(test, types) for test in node.tests])
    else:
        test = _any_test(node.tests, types)
    if not node.negated:
        return lambda scope: test(scope["?"], scope)

    def decide(scope: Scope) -> Value:
        answer = test(scope["?"], scope)
        return not answer if isinstance(answer, bool) else None

    return decide


def _cell_test(node: Node, types: Types) -> _Test:
    """A test that speaks of `?` is its own answer; any other names what the value is in."""
    if not mentions(node, "?"):
        return _membership(node, types)
    test = compile_tree(node, types)

    def answer(value: Value, scope: Scope) -> Value:
        found = test(scope)
        return found if found is None or isinstance(found, bool) else passes(value, found)

    return answer
