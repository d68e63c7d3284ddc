"""The type a tree shows without being evaluated, where it shows one.

Enough for a function's result in `instance of`; it never guesses.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from . import tree
from .timetext import read_temporal
from .tree import Node
from .types import ANY, NULL, SIMPLE, ContextType, FeelType, FunctionType, ListType, RangeType
from .values import kind_of

Names: TypeAlias = Mapping[str, FeelType]
_BOOLEAN: Final = SIMPLE["boolean"]
_NUMBER: Final = SIMPLE["number"]
_STRING: Final = SIMPLE["string"]


def static_type(node: Node, names: Names) -> FeelType | None:
    """The type of every value the node can have besides null; None where it is not plain."""
    if isinstance(node, _BOOLEANS):
        return _BOOLEAN
    rule = _RULES.get(type(node))
    return rule(node, names) if rule else None


def _literal(node: tree.Literal, names: Names) -> FeelType:
    if node.value is None:
        return NULL
    if isinstance(node.value, bool):
        return _BOOLEAN
    return _NUMBER if isinstance(node.value, Decimal) else _STRING


def _at_literal(node: tree.AtLiteral, names: Names) -> FeelType:
    value = read_temporal(node.text)
    return NULL if value is None else SIMPLE[kind_of(value)]


def _name(node: tree.Name, names: Names) -> FeelType | None:
    known = names.get(node.name)
    return None if known == ANY else known


def _list(node: tree.ListOf, names: Names) -> FeelType | None:
    kinds = {static_type(item, names) for item in node.items}
    kind = kinds.pop() if len(kinds) == 1 else None
    return None if kind is None else ListType(kind)


def _context(node: tree.ContextOf, names: Names) -> FeelType | None:
    entries: list[tuple[str, FeelType]] = []
    for entry in node.entries:
        kind = static_type(entry.value, {**names, **dict(entries)})
        if kind is None:
            return None
        entries.append((entry.key, kind))
    return ContextType(tuple(entries))


def _arithmetic(node: tree.Arithmetic, names: Names) -> FeelType | None:
    left, right = static_type(node.left, names), static_type(node.right, names)
    if left == right == _NUMBER or (left == right == _STRING and node.operator == "+"):
        return left
    return None


def _if(node: tree.If, names: Names) -> FeelType | None:
    then, otherwise = static_type(node.then, names), static_type(node.otherwise, names)
    return then if then == otherwise else None


def _interval(node: tree.Interval, names: Names) -> FeelType | None:
    kind = static_type(node.low, names)
    return None if kind is None or kind == NULL else RangeType(kind)


def _function(node: tree.FunctionOf, names: Names) -> FeelType | None:
    if any(parameter.type is not None for parameter in node.parameters):
        return None  # its declared types are known to the compiler, not here
    own = {parameter.name: ANY for parameter in node.parameters}
    result = static_type(node.body, {**names, **own})
    return None if result is None else FunctionType((ANY,) * len(own), result)


_BOOLEANS: Final = (
    tree.Comparison, tree.Logic, tree.Between, tree.In, tree.Quantified, tree.InstanceOf,
)  # fmt: skip
_RULES: Final[dict[type[Node], Callable[[Any, Names], FeelType | None]]] = {
    tree.Literal: _literal,
    tree.AtLiteral: _at_literal,
    tree.Name: _name,
    tree.ListOf: _list,
    tree.ContextOf: _context,
    tree.Arithmetic: _arithmetic,
    tree.Negative: lambda node, names: static_type(node.operand, names),
    tree.If: _if,
    tree.Interval: _interval,
    tree.FunctionOf: _function,
}
