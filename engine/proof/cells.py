"""A table's cells as sets on their column's scale, read from the syntax tree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.feel import FeelSyntaxError, UnaryTests, tree
from engine.profile import compile_rule
from engine.proof.scales import Scale, Stretch, complement, joined

Fixed = Mapping[str, Any]
_TYPES: Mapping[str, type] = {"number": Decimal, "date": date, "text": str, "boolean": bool}


class NotABox(Exception):
    """What stands in a cell is no set of constants; the reason is told in both languages."""

    def __init__(self, reason_zh: str, reason_en: str) -> None:
        super().__init__(reason_en)
        self.reason_zh, self.reason_en = reason_zh, reason_en


class FigureOpen(NotABox):
    """A region has not fixed a figure yet: there every answer waits, and a solver knows no more."""


@dataclass(frozen=True, slots=True)
class Test:
    """One test of a cell: from `low` to `high`, None for no end; or all but that, or null."""

    low: Any = None
    low_closed: bool = True
    high: Any = None
    high_closed: bool = True
    is_other: bool = False  # `!= 3`: everything but the point
    is_null: bool = False
    place: tuple[int, int] = (0, 0)  # its characters in the cell

    @property
    def ends(self) -> Iterator[Any]:
        return (end for end in (self.low, self.high) if end is not None)

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high

    def stretches(self, scale: Scale) -> list[Stretch]:
        if self.is_null:
            return []
        low = scale.first if self.low is None else scale.at_least(self.low, self.low_closed)
        high = scale.last if self.high is None else scale.at_most(self.high, self.high_closed)
        found = [(low, high)] if low <= high else []
        return complement(found, scale.first, scale.last) if self.is_other else found


@dataclass(frozen=True, slots=True)
class CellTests:
    """A cell read: the union of its tests, or what is in none of them. No tests is `-`."""

    cell: UnaryTests
    tests: tuple[Test, ...]

    def stretches(self, scale: Scale) -> list[Stretch]:
        if not self.tests:
            return [(scale.first, scale.last)]
        if len(self.tests) == 1:
            found = self.tests[0].stretches(scale)
        else:
            found = joined(s for test in self.tests for s in test.stretches(scale))
        return complement(found, scale.first, scale.last) if self.cell.tree.negated else found


def read_cell(cell: UnaryTests, kind: str, fixed: Fixed) -> CellTests:
    """The cell's tests over values of `kind`. Raises NotABox for what only a solver can answer."""
    tests = tuple(_test(cell, node, fixed) for node in cell.tree.tests)
    wanted = _TYPES.get(kind)
    for test in tests:
        if any(type(end) is not wanted for end in test.ends):
            raise NotABox(
                f"“{cell.text}”里的值与本列的类型不同", f"{cell.text} holds values of another type"
            )
        if kind in ("text", "boolean") and not (test.is_point or test.is_null):
            raise NotABox(f"“{cell.text}”不是相等的比较", f"{cell.text} is no test of equality")
    return CellTests(cell, tests)


def _test(cell: UnaryTests, node: tree.Node, fixed: Fixed) -> Test:
    place = node.start, node.end
    if isinstance(node, tree.Literal) and node.value is None:
        return Test(is_null=True, place=place)
    if isinstance(node, tree.Interval):
        low, high = (_constant(cell, end, fixed) for end in (node.low, node.high))
        if type(low) is not type(high) or low > high:
            raise NotABox(
                f"“{cell.text}”的两端颠倒或类型不同", f"the ends of {cell.text} do not fit"
            )
        return Test(low, node.low_closed, high, node.high_closed, place=place)
    if not isinstance(node, tree.HalfLine):
        point = _constant(cell, node, fixed)
        return Test(point, True, point, True, place=place)
    end = _constant(cell, node.operand, fixed)
    if node.operator in ("=", "!="):
        return Test(end, True, end, True, is_other=node.operator == "!=", place=place)
    is_closed = node.operator.endswith("=")
    if node.operator.startswith("<"):
        return Test(high=end, high_closed=is_closed, place=place)
    return Test(low=end, low_closed=is_closed, place=place)


def _constant(cell: UnaryTests, node: tree.Node, fixed: Fixed) -> Any:
    """The value that a node always has in this region on this day. Raises NotABox."""
    if isinstance(node, tree.Literal) and node.value is not None:
        return node.value
    try:
        expression = compile_rule(cell.text[node.start : node.end])
        is_fixed = expression.names <= fixed.keys()
        value = expression.evaluate(fixed) if is_fixed else None
    except FeelSyntaxError:
        is_fixed, value = False, None  # it asks for the value itself, or takes too much work
    if value is not None:
        return value
    if isinstance(node, tree.Name) and is_fixed:
        raise FigureOpen(f"参数“{node.name}”尚未确定", f"parameter {node.name} is not fixed yet")
    raise NotABox(f"“{cell.text}”不是常量", f"{cell.text} is not made of constants")


def listed_answers(cell: UnaryTests, values: Sequence[Any], fixed: Fixed) -> tuple[int, ...]:
    """Which of all a column's values meet a cell, each asked in turn. Raises NotABox."""
    if not cell.names <= fixed.keys():
        raise NotABox(f"“{cell.text}”还要看别的事实", f"{cell.text} reads other facts")
    try:
        answers = [cell.evaluate(value, fixed) for value in values]
    except FeelSyntaxError as error:  # too much work
        raise NotABox(f"“{cell.text}”：{error.message_zh}", error.message_en) from error
    if None in answers:
        raise NotABox(f"“{cell.text}”对已知的值也得不出是或否", f"{cell.text} has no answer")
    return tuple(n for n, answer in enumerate(answers) if answer)
