"""The tree of one YAML document, and places in it by path."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from engine.diagnostics import Place

Path = tuple[str | int, ...]
Value = str | int | Decimal | bool | None
_FEW = 12  # entries that are found sooner by looking at each than by an index


# Named tuples: a district has a million of each, and they are made three times as fast.
class Span(NamedTuple):
    """Character offsets in the text, the end excluded, with the start's line and column from 1."""

    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int


class Scalar(NamedTuple):
    span: Span
    value: Value
    style: str | None = None  # None plain, ' or " quoted, | or > block


@dataclass(frozen=True, slots=True)
class Sequence:
    span: Span
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    span: Span
    entries: tuple[tuple[Scalar, "Node"], ...]
    _index: dict[Value, tuple[Scalar, "Node"]] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    def get(self, key: str) -> "Node | None":
        found = self.entry(key)
        return None if found is None else found[1]

    def entry(self, key: str | int) -> "tuple[Scalar, Node] | None":
        """The key as written, and its value."""
        if len(self.entries) <= _FEW:
            return next((entry for entry in self.entries if entry[0].value == key), None)
        if self._index is None:
            index = {entry[0].value: entry for entry in reversed(self.entries)}
            object.__setattr__(self, "_index", index)
            return index.get(key)
        return self._index.get(key)


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True)
class Document:
    """One YAML document: its text and its tree. `removed` is what a repair took out (see `without`)."""

    file: str
    text: str
    root: Node
    removed: frozenset[tuple[int, str | int]] = field(default_factory=frozenset)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def data(self) -> Any:
        return to_data(self.root)

    def node(self, path: Path) -> Node | None:
        """The node at `path`, or None where the document has nothing there."""
        node: Node | None = self.root
        for step in path:
            node = _child(node, step)
            if node is None:
                return None
        return node

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Where the value at `path` stands (its key with `key`); the nearest parent when it is absent."""
        while path:
            parent = self.node(path[:-1])
            if key and isinstance(parent, Mapping):
                entry = parent.entry(path[-1])
                if entry is not None:
                    return self.at(entry[0].span)
            node = self.node(path)
            if node is None and path[-1] == 0 and not isinstance(parent, Sequence):
                node = parent  # a single one, written without a list
            if node is not None:
                return self.at(_first_line(node, self))
            path, key = path[:-1], True
        return self.at(_first_line(self.root, self))

    def place_in(self, path: Path, start: int, end: int | None = None) -> Place:
        """The place of characters `start`..`end` of the text value at `path`.

        Exact for plain scalars and quoted ones without escapes on one line and for literal blocks;
        the whole value where a character cannot be traced.
        """
        node = self.node(path)
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            return self.place(path)
        base = _text_start(node, self.text)
        if base is None:
            return self._place_in_block(node, start, end) or self.place(path)
        finish = start + 1 if end is None else max(end, start + 1)
        column = node.span.column + (base - node.span.start) + start
        width = finish - start
        return Place(self.file, node.span.line, column, node.span.line, column + width)

    def _place_in_block(self, node: Scalar, start: int, end: int | None) -> Place | None:
        if node.style != "|" or not isinstance(node.value, str):
            return None
        before = node.value[:start]
        row = before.count("\n")
        column = start - (before.rfind("\n") + 1)
        line = node.span.line + 1 + row
        if line > len(self.lines):
            return None
        text = self.lines[line - 1]
        indent = len(text) - len(text.lstrip())
        width = max(1, (start + 1 if end is None else end) - start)
        left = indent + column + 1
        return Place(self.file, line, left, line, left + width)

    def at(self, span: Span) -> Place:
        return Place(self.file, span.line, span.column, span.end_line, span.end_column)

    def excerpt(self, place: Place) -> str:
        return self.lines[place.line - 1] if 0 < place.line <= len(self.lines) else ""

    def without(self, path: Path) -> "Document":
        """This document with the value at `path` (and its key) taken out; places stay true."""
        return self.without_all((path,))

    def without_all(self, paths: Iterable[Path]) -> "Document":
        """This document without the values at all these paths, none of them inside another."""
        lost: set[tuple[int, str | int]] = set()
        leaving = _Leaving()
        for path in paths:
            parent = self.node(path[:-1])
            if parent is None:
                continue
            lost.add((parent.span.start, path[-1]))
            inside = leaving
            for step in path[:-1]:
                inside = inside.setdefault(step, _Leaving())
            inside[path[-1]] = _Leaving()
        return replace(self, root=_without(self.root, leaving), removed=self.removed | lost)

    def lost(self, parent: Path, name: str) -> bool:
        """Whether `without` took the key `name` out of the mapping at `parent`."""
        node = self.node(parent)
        return node is not None and (node.span.start, name) in self.removed

    def lost_names(self, parent: Path) -> frozenset[str]:
        """The keys that `without` took out of the mapping at `parent`."""
        node = self.node(parent)
        if node is None:
            return frozenset()
        start = node.span.start
        return frozenset(str(name) for at, name in self.removed if at == start)

    def with_entry(self, key: str, value: Value) -> "Document":
        """This document with one more key at the root, standing where the root stands."""
        root = self.root
        if not isinstance(root, Mapping):
            return self
        name = Scalar(root.span, key)
        return replace(
            self, root=Mapping(root.span, (*root.entries, (name, Scalar(root.span, value))))
        )


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every node with its path, parents first."""
    yield path, node
    if isinstance(node, Mapping):
        for name, child in node.entries:
            yield from walk(child, (*path, str(name.value)))
    elif isinstance(node, Sequence):
        for index, child in enumerate(node.items):
            yield from walk(child, (*path, index))


class _Leaving(dict[str | int, "_Leaving"]):
    """Steps of paths, one within another; an empty one is the end of a path."""


def to_data(node: Node) -> Any:
    """Plain Python values: dict, list, str, int, Decimal, bool, None."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [to_data(item) for item in node.items]
    return {str(name.value): to_data(child) for name, child in node.entries}


def _child(node: Node | None, step: str | int) -> Node | None:
    if isinstance(node, Mapping) and isinstance(step, str):
        return node.get(step)
    if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
        return node.items[step]
    return None


def _without(node: Node, leaving: "_Leaving") -> Node:
    """The node less what is leaving: whatever has nothing leaving inside leaves itself."""
    if isinstance(node, Mapping):
        entries = []
        for name, child in node.entries:
            inside = leaving.get(str(name.value))
            if inside != {}:
                entries.append((name, _without(child, inside) if inside else child))
        return Mapping(node.span, tuple(entries))
    if isinstance(node, Sequence):
        items = []
        for index, child in enumerate(node.items):
            inside = leaving.get(index)
            if inside != {}:
                items.append(_without(child, inside) if inside else child)
        return Sequence(node.span, tuple(items))
    return node


def _first_line(node: Node, document: Document) -> Span:
    """A value of several lines is pointed at by its first line."""
    span = node.span
    if span.end_line == span.line:
        return span
    line = document.lines[span.line - 1] if span.line <= len(document.lines) else ""
    end_column = max(span.column + 1, len(line.rstrip()) + 1)
    return span._replace(end_line=span.line, end_column=end_column)


def _text_start(node: Scalar, text: str) -> int | None:
    """Where a one-line scalar's own characters begin, or None where they cannot be traced."""
    if node.span.line != node.span.end_line or not isinstance(node.value, str):
        return None
    offset = 1 if node.style in ("'", '"') else 0
    start = node.span.start + offset
    return start if text[start : start + len(node.value)] == node.value else None
