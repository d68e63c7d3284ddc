"""The free variables of a tree."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from . import tree
from .tree import Node


def free_names(node: Node) -> tuple[frozenset[str], frozenset[str]]:
    """Names bound by nothing in the tree: outside filters, and inside them.

    Inside a filter a name may be an entry of the items, so those are only possibly free.
    """
    walk = _Walk()
    walk.visit(node, frozenset(), False)
    return frozenset(walk.free), frozenset(walk.in_filters)


class _Walk:
    def __init__(self) -> None:
        self.free: set[str] = set()
        self.in_filters: set[str] = set()

    def visit(self, node: Node, bound: frozenset[str], filtering: bool) -> None:
        rule = _RULES.get(type(node))
        if rule is not None:
            rule(self, node, bound, filtering)
            return
        for child in tree.children(node):
            self.visit(child, bound, filtering)

    def name(self, node: tree.Name, bound: frozenset[str], filtering: bool) -> None:
        if node.name not in bound:
            (self.in_filters if filtering else self.free).add(node.name)

    def context(self, node: tree.ContextOf, bound: frozenset[str], filtering: bool) -> None:
        for entry in node.entries:
            self.visit(entry.value, bound, filtering)
            bound |= {entry.key}

    def loops(
        self, loops: Sequence[tree.Loop], bound: frozenset[str], filtering: bool
    ) -> frozenset[str]:
        for loop in loops:
            self.visit(loop.source, bound, filtering)
            if loop.to is not None:
                self.visit(loop.to, bound, filtering)
            bound |= {loop.name}
        return bound

    def for_(self, node: tree.For, bound: frozenset[str], filtering: bool) -> None:
        inner = self.loops(node.loops, bound, filtering)
        self.visit(node.body, inner | {"partial"}, filtering)

    def quantified(self, node: tree.Quantified, bound: frozenset[str], filtering: bool) -> None:
        inner = self.loops(node.loops, bound, filtering)
        self.visit(node.condition, inner, filtering)

    def filter(self, node: tree.Filter, bound: frozenset[str], filtering: bool) -> None:
        self.visit(node.source, bound, filtering)
        self.visit(node.condition, bound | {"item"}, True)

    def function(self, node: tree.FunctionOf, bound: frozenset[str], filtering: bool) -> None:
        if not node.external:
            names = {parameter.name for parameter in node.parameters}
            self.visit(node.body, bound | names, filtering)

    def instance_of(self, node: tree.InstanceOf, bound: frozenset[str], filtering: bool) -> None:
        self.visit(node.value, bound, filtering)


_RULES: Final[dict[type, Callable[[_Walk, Any, frozenset[str], bool], None]]] = {
    tree.Name: _Walk.name,
    tree.ContextOf: _Walk.context,
    tree.For: _Walk.for_,
    tree.Quantified: _Walk.quantified,
    tree.Filter: _Walk.filter,
    tree.FunctionOf: _Walk.function,
    tree.InstanceOf: _Walk.instance_of,
}
