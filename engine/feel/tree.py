"""The syntax tree: frozen nodes with the offsets of the text they came from.

Offsets take no part in equality, in the canonical JSON form or in the hash, so two
spellings of one expression are one expression.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Literal as OneOf


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression; `start` and `end` are character offsets, end exclusive."""

    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, boolean or null."""

    value: Decimal | str | bool | None


@dataclass(frozen=True, slots=True)
class AtLiteral(Node):
    """`@"2026-11-22"`: a date, time, date and time or duration, by its text."""

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, a built-in, or `?`."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry(Node):
    key: str
    value: Node


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """`{a: 1, b: a + 1}`; an entry sees those before it."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Negative(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    operator: OneOf["+", "-", "*", "/", "**"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    operator: OneOf["=", "!=", "<", "<=", ">", ">="]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`a and b and c` in one node."""

    operator: OneOf["and", "or"]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in (test, test)`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """`[low..high)`; closed means the end belongs to it."""

    low: Node
    high: Node
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class HalfLine(Node):
    """`< 5`, `>= x`, `= 3`, `!= 3`: a range with one end, or a point and its complement."""

    operator: OneOf["=", "!=", "<", "<=", ">", ">="]
    operand: Node


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Loop(Node):
    """`name in source` or `name in source..to`."""

    name: str
    source: Node
    to: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    loops: tuple[Loop, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    quantifier: OneOf["some", "every"]
    loops: tuple[Loop, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class TypeName(Node):
    """`number`, `date and time`, `Any`, or an item definition's name."""

    name: str


@dataclass(frozen=True, slots=True)
class ListTypeOf(Node):
    item: Node


@dataclass(frozen=True, slots=True)
class RangeTypeOf(Node):
    item: Node


@dataclass(frozen=True, slots=True)
class ContextTypeOf(Node):
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class FunctionTypeOf(Node):
    parameters: tuple[Node, ...]
    result: Node


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: Node


@dataclass(frozen=True, slots=True)
class Path(Node):
    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Argument(Node):
    """An argument; `name` is empty when it is given by position."""

    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    function: Node
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    name: str
    type: Node | None


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """`function(a: number) a + 1`; an external body is kept but never run."""

    parameters: tuple[Parameter, ...]
    body: Node
    external: bool


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """A decision-table cell. No tests at all is `-`, which holds for every value."""

    tests: tuple[Node, ...]
    negated: bool


def children(node: Node) -> Iterator[Node]:
    """The nodes right below this one, in source order."""
    for part in fields(node):
        value = getattr(node, part.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from value


def height(node: Node) -> int:
    """The longest way down, counted without recursion."""
    tallest, level = 0, [node]
    while level:
        tallest += 1
        level = [child for parent in level for child in children(parent)]
    return tallest


def to_json(node: Node) -> dict[str, object]:
    """The canonical form: node kinds and fields, numbers as strings, no offsets."""
    form: dict[str, object] = {"node": type(node).__name__}
    for part in fields(node):
        if part.name not in ("start", "end"):
            form[part.name] = _plain(getattr(node, part.name))
    return form


def _plain(value: object) -> object:
    if isinstance(value, Node):
        return to_json(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    # Numbers are tagged so that 1 and "1" keep different hashes.
    return {"number": str(value)} if isinstance(value, Decimal) else value


def fingerprint(node: Node) -> str:
    """SHA-256 of the canonical JSON form, in hexadecimal."""
    text = json.dumps(to_json(node), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
