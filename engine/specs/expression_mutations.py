"""Small changes of one FEEL text: a figure, a bound, a word of a list, an `and`, a `not`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal

from engine.feel import tree

Scales = Mapping[str, int]  # decimal places by name; `?` is the column of a cell
ChangeKind = Literal["threshold", "bound", "logic", "member", "value"]
_FLIPPED: Final = {">=": ">", ">": ">=", "<=": "<", "<": "<=", "=": "!=", "!=": "="}
_COMPARING: Final = (tree.Comparison, tree.Between, tree.In)


@dataclass(frozen=True, slots=True)
class Change:
    """The characters from `start` to `end` are written otherwise."""

    kind: ChangeKind
    start: int
    end: int
    new: str


def cell_changes(text: str, tests: tree.Node, scales: Scales) -> Iterator[Change]:
    """Changes of a table's cell."""
    assert isinstance(tests, tree.Tests)
    if len(tests.tests) > 1:
        yield from _members(text, tests.tests)
    if tests.negated and (start := text.find("not(")) >= 0:
        yield (
            Change("logic", start, start + 4, "(")
            if len(tests.tests) == 1
            else Change("logic", 0, len(text), text[start + 4 : text.rindex(")")])
        )
    for test in tests.tests:
        yield from expression_changes(text, test, scales)


def expression_changes(
    text: str, node: tree.Node, scales: Scales, places: int | None = None
) -> Iterator[Change]:
    """Changes of an expression, in reading order."""
    if places is None:
        places = scales.get("?", -1)
    if isinstance(node, _COMPARING):
        known = [scales[name] for name in _names(node) if name in scales]
        places = max(known, default=places)
    yield from _own(text, node, places)
    for child in tree.children(node):
        yield from expression_changes(text, child, scales, places)


def _own(text: str, node: tree.Node, places: int) -> Iterator[Change]:
    if isinstance(node, tree.Literal):
        yield from _literal(node, places)
    elif isinstance(node, tree.Comparison):
        yield from _sign(text, node.operator, node.left.end, node.right.start)
    elif isinstance(node, tree.HalfLine):
        yield from _sign(text, node.operator, node.start, node.operand.start)
    elif isinstance(node, tree.Interval):
        yield from _brackets(text, node)
    elif isinstance(node, tree.Logic):
        other = "or" if node.operator == "and" else "and"
        for left, right in zip(node.operands, node.operands[1:], strict=False):
            at = text.find(node.operator, left.end, right.start)
            if at >= 0:
                yield Change("logic", at, at + len(node.operator), f" {other} ".strip())
    elif isinstance(node, tree.ListOf) and len(node.items) > 1:
        yield from _members(text, node.items)
    elif isinstance(node, tree.In) and len(node.tests) > 1:
        yield from _members(text, node.tests)
    elif isinstance(node, tree.Call):
        yield from _call(text, node)
    elif isinstance(node, tree.AtLiteral):
        yield from _day(node.text, node.start + 2)


def _literal(node: tree.Literal, places: int) -> Iterator[Change]:
    if isinstance(node.value, bool):
        yield Change("value", node.start, node.end, "false" if node.value else "true")
    elif isinstance(node.value, Decimal):
        exponent = node.value.as_tuple().exponent
        own = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        step = Decimal((0, (1,), -max(places, own)))
        for other in (node.value + step, node.value - step):
            new = f"{other:f}" if other >= 0 else f"({other:f})"
            yield Change("threshold", node.start, node.end, new)


def _sign(text: str, sign: str, start: int, end: int) -> Iterator[Change]:
    at = text.find(sign, start, end)
    if at >= 0:
        kind: ChangeKind = "value" if sign in ("=", "!=") else "bound"
        yield Change(kind, at, at + len(sign), _FLIPPED[sign])


def _brackets(text: str, node: tree.Interval) -> Iterator[Change]:
    first, last = text[node.start], text[node.end - 1]
    if first in "[(]" and last in "])[":
        yield Change("bound", node.start, node.start + 1, "(" if node.low_closed else "[")
        yield Change("bound", node.end - 1, node.end, ")" if node.high_closed else "]")


def _members(text: str, items: tuple[tree.Node, ...]) -> Iterator[Change]:
    """Each item left out in turn, with the comma that it needs no more."""
    for number, item in enumerate(items):
        if number + 1 < len(items):
            yield Change("member", item.start, items[number + 1].start, "")
        else:
            yield Change("member", items[number - 1].end, item.end, "")


def _call(text: str, node: tree.Call) -> Iterator[Change]:
    name = node.function.name if isinstance(node.function, tree.Name) else ""
    if name == "not" and len(node.arguments) == 1:
        yield Change("logic", node.start, node.function.end, "")
    value = node.arguments[0].value if len(node.arguments) == 1 else None
    if name in ("date", "duration") and isinstance(value, tree.Literal):
        yield from _day(str(value.value), value.start + 1)


def _day(text: str, start: int) -> Iterator[Change]:
    """A day, or the first figure of a duration, one more and one less."""
    end = start + len(text)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        figures = "".join(c for c in text if c.isdecimal())
        if text.lstrip("-").startswith("P") and figures and figures in text:
            at = start + text.index(figures)
            for other in (int(figures) + 1, int(figures) - 1):
                yield Change("threshold", at, at + len(figures), str(other))
        return
    for other_day in (day + timedelta(days=1), day - timedelta(days=1)):
        yield Change("threshold", start, end, other_day.isoformat())


def _names(node: tree.Node) -> list[str]:
    own = [node.name] if isinstance(node, tree.Name) else []
    return own + [name for child in tree.children(node) for name in _names(child)]
