"""The tree compiled to closures, once; a closure takes a scope and gives a value."""

from collections.abc import Callable
from decimal import Decimal

from . import tree
from .arithmetic import OPERATORS, negate
from .comparison import DIRECT, ORDERS, compare
from .effort import CHARACTERS_PER_ITEM, spend_building
from .properties import read_property
from .registry import BUILTINS
from .scope import Code, Scope, compile_tree, compiles, weight
from .timetext import read_temporal
from .tree import Node
from .types import Types, conforms, read_type
from .values import Value


@compiles(tree.Literal)
def _literal(node: tree.Literal, types: Types) -> Code:
    value = node.value
    return lambda scope: value


@compiles(tree.AtLiteral)
def _at_literal(node: tree.AtLiteral, types: Types) -> Code:
    value = read_temporal(node.text)
    return lambda scope: value


@compiles(tree.Name)
def _name(node: tree.Name, types: Types) -> Code:
    name, builtin = node.name, BUILTINS.get(node.name)
    if builtin is None:
        return lambda scope: scope.get(name)
    return lambda scope: scope[name] if name in scope else builtin.as_value(scope.run)


@compiles(tree.ListOf)
def _list(node: tree.ListOf, types: Types) -> Code:
    items = [compile_tree(item, types) for item in node.items]

    size = CHARACTERS_PER_ITEM * len(items)

    def listed(scope: Scope) -> Value:
        spend_building(size)
        return [item(scope) for item in items]

    return listed


@compiles(tree.ContextOf)
def _context(node: tree.ContextOf, types: Types) -> Code:
    entries = [(entry.key, compile_tree(entry.value, types)) for entry in node.entries]
    if len({key for key, _ in entries}) < len(entries):
        return lambda scope: None  # a key given twice is an error (10.3.2.6)

    size = CHARACTERS_PER_ITEM * len(entries)

    def build(scope: Scope) -> Value:
        made: dict[str, Value] = {}
        spend_building(size)
        inner = scope.inner()
        for key, value in entries:
            made[key] = inner[key] = value(inner)
        return made

    return build


@compiles(tree.Negative)
def _negative(node: tree.Negative, types: Types) -> Code:
    operand = compile_tree(node.operand, types)
    return lambda scope: negate(operand(scope))


@compiles(tree.Arithmetic)
def _arithmetic(node: tree.Arithmetic, types: Types) -> Code:
    left, right = compile_tree(node.left, types), compile_tree(node.right, types)
    operation = OPERATORS[node.operator]
    return lambda scope: operation(left(scope), right(scope))


@compiles(tree.Comparison)
def _comparison(node: tree.Comparison, types: Types) -> Code:
    sign = node.operator
    left, right = compile_tree(node.left, types), compile_tree(node.right, types)
    fast = ORDERS[sign]
    if isinstance(node.right, tree.Literal) and type(node.right.value) in DIRECT:
        return against_constant(node.left, left, node.right.value, sign, compare)

    def against_value(scope: Scope) -> Value:
        one, other = left(scope), right(scope)
        kind = type(one)
        if kind is type(other) and kind in DIRECT:
            return fast(one, other)
        return compare(sign, one, other)

    return against_value


def against_constant(
    node: Node, left: Code, bound: Value, sign: str, otherwise: Callable[[str, Value, Value], Value]
) -> Code:
    """The commonest condition of all: a fact and a number, a text or a date; `DIRECT` kinds only.

    Values of any other kind are left to `otherwise`.
    """
    fast, kind = ORDERS[sign], type(bound)
    if isinstance(node, tree.Name) and node.name not in BUILTINS:
        name = node.name

        def fact_against_constant(scope: Scope) -> Value:
            value = scope.get(name)
            return fast(value, bound) if type(value) is kind else otherwise(sign, value, bound)

        return fact_against_constant

    def against(scope: Scope) -> Value:
        value = left(scope)
        return fast(value, bound) if type(value) is kind else otherwise(sign, value, bound)

    return against


@compiles(tree.Logic)
def _logic(node: tree.Logic, types: Types) -> Code:
    operands = [compile_tree(operand, types) for operand in node.operands]
    deciding = node.operator == "or"  # the value that settles the matter at once
    neutral = not deciding

    def decide(scope: Scope) -> Value:
        result: bool | None = neutral
        for operand in operands:
            value = operand(scope)
            if value is deciding:
                return deciding
            if value is not neutral:
                result = None
        return result

    return decide


@compiles(tree.If)
def _if(node: tree.If, types: Types) -> Code:
    condition, then, otherwise = (compile_tree(part, types) for part in tree.children(node))
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


@compiles(tree.Path)
def _path(node: tree.Path, types: Types) -> Code:
    source, name = compile_tree(node.source, types), node.name
    return lambda scope: read_property(source(scope), name)


@compiles(tree.Filter)
def _filter(node: tree.Filter, types: Types) -> Code:
    source, condition = compile_tree(node.source, types), compile_tree(node.condition, types)
    steps = weight(node.condition)
    if isinstance(node.condition, tree.Literal) and isinstance(node.condition.value, Decimal):
        position = node.condition.value
        return lambda scope: item_at(source(scope), position)

    def select(scope: Scope) -> Value:
        items = source(scope)
        if items is None:
            return None
        listed = items if isinstance(items, list) else [items]
        return _selected(listed, condition, scope, steps)

    return select


def _selected(items: list[Value], condition: Code, scope: Scope, steps: int) -> Value:
    """The item at a position, or the items that satisfy a condition."""
    if not items:
        return None if isinstance(condition(scope), Decimal) else []
    kept: list[Value] = []
    for index, item in enumerate(items):
        scope.run.spend(steps)
        answer = condition(item_scope(scope, item))
        if index == 0 and isinstance(answer, Decimal):
            return item_at(items, answer)
        if answer is True:
            kept.append(item)
        elif answer is not False and answer is not None:
            return None
    return kept


def item_scope(scope: Scope, item: Value) -> Scope:
    inner = scope.inner()
    inner["item"] = item
    if isinstance(item, dict):
        inner.update(item)
    return inner


def item_at(items: Value, position: Decimal) -> Value:
    """Positions count from 1, or from the end where negative."""
    if items is None or position != position.to_integral_value():
        return None
    found = items if isinstance(items, list) else [items]
    if not 1 <= abs(position) <= len(found):
        return None
    place = int(position)
    return found[place - 1] if place > 0 else found[place]


@compiles(tree.InstanceOf)
def _instance_of(node: tree.InstanceOf, types: Types) -> Code:
    value, wanted = compile_tree(node.value, types), read_type(node.type, types)
    if wanted is None:
        return lambda scope: None
    return lambda scope: conforms(value(scope), wanted)
