"""The profile in which definitions are read: null is 待核, and what rests on it is 待核 too.

FEEL itself answers `null = 1` with false, `if null then a else b` with b, and leaves items whose
condition is null out of a filter: there, a fact that nobody has given yet would refuse a citizen.
Here an unknown operand makes the answer unknown, so an answer that is not null holds whatever the
missing facts turn out to be. Asking `x = null` in so many words still answers true or false.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

from engine.feel import tree
from engine.feel.calls import compile_call
from engine.feel.certain_functions import certain_builtin
from engine.feel.certainty import compare_known, is_open, passes_known
from engine.feel.comparison import DIRECT, ORDERS, any_of
from engine.feel.evaluation import against_constant, item_at, item_scope
from engine.feel.expression import Expression, UnaryTests, compile_expression, compile_unary
from engine.feel.names import free_names
from engine.feel.registry import BUILTINS, Builtin
from engine.feel.scope import Code, Scope, compile_tree, compiles, mentions, needs_run, weight
from engine.feel.statics import static_type
from engine.feel.tree import Node
from engine.feel.types import SIMPLE, Types, conforms, read_type
from engine.feel.values import Function, Value

_N = TypeVar("_N", bound=Node)
_Test = Callable[[Value, Scope], Value]


@dataclass(frozen=True, slots=True)
class KnownComparison(tree.Comparison):
    """`=` or `!=` between values that must be known."""


@dataclass(frozen=True, slots=True)
class KnownIn(tree.In):
    """`in` over a value and tests that must be known."""


@dataclass(frozen=True, slots=True)
class KnownIf(tree.If):
    """An unknown condition chooses no branch."""


@dataclass(frozen=True, slots=True)
class KnownFilter(tree.Filter):
    """An item whose condition is unknown makes the selection unknown."""


@dataclass(frozen=True, slots=True)
class KnownInstanceOf(tree.InstanceOf):
    """Nothing is said of the type of an unknown value."""


@dataclass(frozen=True, slots=True)
class KnownCall(tree.Call):
    """A built-in function of an unknown argument is unknown."""


@dataclass(frozen=True, slots=True)
class KnownName(tree.Name):
    """A built-in function handed on as a value keeps to the profile."""


@dataclass(frozen=True, slots=True)
class KnownNot(tree.Negative):
    """`not(x)`, the commonest call of all: it needs no effort counted and no arguments bound."""


@dataclass(frozen=True, slots=True)
class KnownTests(tree.Tests):
    """A cell over a value that must be known."""


@lru_cache(maxsize=8192)
def compile_rule(text: str) -> Expression:
    """An expression of a definition. Raises FeelSyntaxError."""
    read = compile_expression(text)
    strict = to_profile(read.tree)
    return replace(read, _code=compile_tree(strict, {}), _runs=needs_run(strict))


@lru_cache(maxsize=32768)
def compile_cell(text: str) -> UnaryTests:
    """A cell of a definition's decision table. Raises FeelSyntaxError."""
    read = compile_unary(text)
    strict = to_profile(read.tree)
    return replace(read, _code=compile_tree(strict, {}))


def evaluate_in(expression: Expression, scope: Scope) -> Value:
    """The expression's value among facts that are FEEL values already: none is copied or checked.

    Raises FeelLimitError. What loops or calls has its effort counted, and is given its own names.
    """
    if expression._runs:
        return expression.evaluate_known(scope)
    try:
        return expression._code(scope)
    except RecursionError:
        return expression.evaluate(scope)  # which says so


def to_profile(node: _N) -> _N:
    """The same tree with the nodes that FEEL would let an unknown decide replaced by strict ones."""
    changes: dict[str, Any] = {}
    for part in fields(node):
        value = getattr(node, part.name)
        if isinstance(value, Node):
            changes[part.name] = to_profile(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], Node):
            changes[part.name] = tuple(to_profile(item) for item in value)
    if isinstance(node, tree.Call) and _is_plain_not(node):
        return cast(_N, KnownNot(node.start, node.end, to_profile(node.arguments[0].value)))
    strict = _strict_kind(node)
    if strict is None:
        return replace(node, **changes) if changes else node
    whole = {part.name: getattr(node, part.name) for part in fields(node)}
    return strict(**{**whole, **changes})  # type: ignore[return-value]  # a subclass of the node's


def _is_plain_not(call: tree.Call) -> bool:
    is_not = isinstance(call.function, tree.Name) and call.function.name == "not"
    return is_not and len(call.arguments) == 1 and not call.arguments[0].name


def _strict_kind(node: Node) -> type[Node] | None:
    if isinstance(node, tree.Comparison):
        asks = _is_null(node.left) or _is_null(node.right)
        return None if asks or node.operator not in ("=", "!=") else KnownComparison
    if isinstance(node, tree.Name):
        return KnownName if node.name in BUILTINS else None
    if isinstance(node, tree.Call):
        is_builtin = isinstance(node.function, tree.Name) and node.function.name in BUILTINS
        return KnownCall if is_builtin else None
    return _STRICT.get(type(node))


_STRICT: dict[type[Node], type[Node]] = {
    tree.If: KnownIf,
    tree.Filter: KnownFilter,
    tree.In: KnownIn,
    tree.Tests: KnownTests,
    tree.InstanceOf: KnownInstanceOf,
}


def _is_null(node: Node) -> bool:
    return isinstance(node, tree.Literal) and node.value is None


@compiles(KnownComparison)
def _comparison(node: KnownComparison, types: Types) -> Code:
    sign = node.operator
    left, right = compile_tree(node.left, types), compile_tree(node.right, types)
    if isinstance(node.right, tree.Literal) and type(node.right.value) in DIRECT:
        return against_constant(node.left, left, node.right.value, sign, compare_known)
    fast = ORDERS[sign]

    def against_known(scope: Scope) -> Value:
        one, other = left(scope), right(scope)
        kind = type(one)
        if kind is type(other) and kind in DIRECT:
            return fast(one, other)
        return compare_known(sign, one, other)

    return against_known


@compiles(KnownIn)
def _in(node: KnownIn, types: Types) -> Code:
    value, test = compile_tree(node.value, types), _any_test(node.tests, types)
    return lambda scope: test(value(scope), scope)


def _any_test(nodes: Sequence[Node], types: Types) -> _Test:
    tests = [_known_test(node, types) for node in nodes]
    if len(tests) == 1:
        return tests[0]

    def among(value: Value, scope: Scope) -> Value:
        return any_of(test(value, scope) for test in tests)

    texts = frozenset(node.value for node in nodes if isinstance(node, tree.Literal))
    if len(texts) < len(nodes) or not all(isinstance(text, str) for text in texts):
        return among
    # A list of texts is looked up at once.
    return lambda value, scope: value in texts if type(value) is str else among(value, scope)


def _known_test(node: Node, types: Types) -> _Test:
    if _is_null(node):
        return lambda value, scope: value is None
    if isinstance(node, tree.HalfLine):
        operand, sign = compile_tree(node.operand, types), node.operator
        return lambda value, scope: compare_known(sign, value, operand(scope))
    code = compile_tree(node, types)
    return lambda value, scope: passes_known(value, code(scope))


@compiles(KnownNot)
def _not(node: KnownNot, types: Types) -> Code:
    operand = compile_tree(node.operand, types)

    def negated(scope: Scope) -> Value:
        value = operand(scope)
        return (not value) if isinstance(value, bool) else None

    return negated


@compiles(KnownIf)
def _if(node: KnownIf, types: Types) -> Code:
    condition, then, otherwise = (compile_tree(part, types) for part in tree.children(node))

    def choose(scope: Scope) -> Value:
        chosen = condition(scope)
        if chosen is True:
            return then(scope)
        return otherwise(scope) if chosen is False else None

    return choose


@compiles(KnownFilter)
def _filter(node: KnownFilter, types: Types) -> Code:
    if isinstance(node.condition, tree.Literal):
        return compile_tree(tree.Filter(node.start, node.end, node.source, node.condition), types)
    source, condition = compile_tree(node.source, types), compile_tree(node.condition, types)
    names = frozenset.union(*free_names(node.condition)) - {"item"}
    decides, steps = _is_condition(node.condition), weight(node.condition)

    def select(scope: Scope) -> Value:
        items = source(scope)
        if items is None:
            return None
        listed = items if isinstance(items, list) else [items]
        if listed:
            return _selected(listed, condition, names, scope, steps)
        # Nothing is to be selected; but at a position there is nothing, and an unknown fact may be
        # one. What no fact in scope bears the name of is an entry of the items: there are none.
        if decides:
            return []
        answer = condition(scope)
        may_be_position = answer is None and not scope.keys().isdisjoint(names)
        return None if may_be_position or isinstance(answer, Decimal) else []

    return select


def _is_condition(node: Node) -> bool:
    """Whether it is plain that the answer, once known, is true or false and no position."""
    if isinstance(node, KnownCall):
        return isinstance(node.function, tree.Name) and node.function.name in _CONDITIONS
    if isinstance(node, tree.If):
        return _is_condition(node.then) and _is_condition(node.otherwise)
    return isinstance(node, KnownNot) or static_type(node, {}) == SIMPLE["boolean"]


_CONDITIONS: Final = frozenset((
    "not", "contains", "starts with", "ends with", "matches", "list contains", "all", "any",
    "even", "odd", "is", "before", "after", "meets", "met by", "overlaps", "overlaps before",
    "overlaps after", "finishes", "finished by", "includes", "during", "starts", "started by",
    "coincides",
))  # fmt: skip


def _selected(
    items: list[Value], condition: Code, names: frozenset[str], scope: Scope, steps: int
) -> Value:
    """The item at a position, or the items that satisfy a condition known of each of them."""
    kept: list[Value] = []
    hidden = _entries_of_unknown(items, names) if None in items else {}
    for index, item in enumerate(items):
        scope.run.spend(steps)
        inner = item_scope(scope, item)
        if item is None:
            inner.update(hidden)
        answer = condition(inner)
        if index == 0 and isinstance(answer, Decimal):
            return item_at(items, answer)
        if not isinstance(answer, bool):
            return None
        if answer:
            kept.append(item)
    return kept


def _entries_of_unknown(items: list[Value], names: frozenset[str]) -> dict[str, Value]:
    """What an unknown item may have under the names a condition reads, all of it unknown.

    Such a name is not then read from outside the filter. The known items show the kind; where
    there is none, any name may be an entry.
    """
    known = [item for item in items if item is not None]
    if known and not any(isinstance(item, dict) for item in known):
        return {}
    entries = {key for item in known if isinstance(item, dict) for key in item}
    return dict.fromkeys(names & entries if known else names)


@compiles(KnownInstanceOf)
def _instance_of(node: KnownInstanceOf, types: Types) -> Code:
    value, wanted = compile_tree(node.value, types), read_type(node.type, types)

    def belongs(scope: Scope) -> Value:
        found = value(scope)
        if found is None or wanted is None:
            return None
        return conforms(found, wanted) or (None if is_open(found) else False)

    return belongs


@compiles(KnownCall)
def _call(node: KnownCall, types: Types) -> Code:
    # An argument written as null is meant; any other null is an unknown.
    arguments = enumerate(node.arguments)
    meant = frozenset(place for place, argument in arguments if _is_null(argument.value))
    return compile_call(node, types, certain_builtin, meant)


@compiles(KnownName)
def _name(node: KnownName, types: Types) -> Code:
    name, builtin = node.name, certain_builtin(node.name)
    return lambda scope: scope[name] if name in scope else _as_value(builtin, scope)


def _as_value(builtin: Builtin, scope: Scope) -> Function:
    function = builtin.as_value(scope.run)
    return replace(function, call=lambda *v: None if None in v else function.call(*v))


@compiles(KnownTests)
def _tests(node: KnownTests, types: Types) -> Code:
    if not node.tests:
        return lambda scope: True
    parts = [_cell_test(test, types) for test in node.tests]
    negated = node.negated

    def decide(scope: Scope) -> Value:
        value = scope["?"]
        answer = any_of(part(value, scope) for part in parts)
        return (not answer) if negated and isinstance(answer, bool) else answer

    return decide


def _cell_test(node: Node, types: Types) -> _Test:
    """A test that uses `?` answers by itself; any other is held against the value."""
    if mentions(node, "?"):
        code = compile_tree(node, types)
        return lambda value, scope: code(scope)
    return _known_test(node, types)
