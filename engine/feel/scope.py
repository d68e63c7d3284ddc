"""What code runs in: the names in reach, and the table of how each node is compiled."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from . import tree
from .effort import Run
from .registry import BUILTINS
from .tree import Node
from .types import Types
from .values import Value


class Scope(dict[str, Value]):
    """Names in reach, flat: an inner scope is a copy with more names."""

    __slots__ = ("run",)
    run: Run

    def inner(self) -> "Scope":
        scope = Scope(self)
        scope.run = self.run
        return scope


Code: TypeAlias = Callable[[Scope], Value]


Compiler: TypeAlias = Callable[[Any, Types], Code]

_COMPILERS: Final[dict[type[Node], Compiler]] = {}
CONSTANTS: Final = (tree.Literal, tree.AtLiteral)


def compiles(kind: type[Node]) -> Callable[[Compiler], Compiler]:
    """Registers the compiler of a kind of node."""

    def register(compiler: Compiler) -> Compiler:
        _COMPILERS[kind] = compiler
        return compiler

    return register


def compile_tree(node: Node, types: Types) -> Code:
    """The closure of an expression: takes a scope, gives a value."""
    return _COMPILERS[type(node)](node, types)


def mentions(node: Node, name: str) -> bool:
    """Whether a name is used anywhere below a node."""
    if isinstance(node, tree.Name):
        return node.name == name
    return any(mentions(child, name) for child in tree.children(node))


def weight(node: Node) -> int:
    """The steps that one turn of a loop is worth: one, and one more for every 16 nodes in it."""
    return 1 + _size(node) // 16


def _size(node: Node) -> int:
    return 1 + sum(map(_size, tree.children(node)))


# Nodes whose code neither counts steps nor opens a scope.
_LIGHT: Final = (
    *CONSTANTS, tree.Name, tree.ListOf, tree.Negative, tree.Arithmetic, tree.Comparison,
    tree.Logic, tree.Between, tree.In, tree.Interval, tree.HalfLine, tree.If, tree.Path, tree.Tests,
)  # fmt: skip


def needs_run(node: Node) -> bool:
    """Whether the code of a tree asks its scope for the run."""
    if not isinstance(node, _LIGHT) or (isinstance(node, tree.Name) and node.name in BUILTINS):
        return True
    if isinstance(node, tree.ListOf) and any(map(_adds, node.items)):
        return True  # a list may hold many long texts, each in its limits
    return any(map(needs_run, tree.children(node)))


def _adds(node: Node) -> bool:
    is_sum = isinstance(node, tree.Arithmetic) and node.operator == "+"
    return is_sum or any(map(_adds, tree.children(node)))
