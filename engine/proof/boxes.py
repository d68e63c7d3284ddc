"""A decision table as boxes: which pieces of each column a row takes, and what it gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from engine.decision.tables import CompiledTable
from engine.feel import Expression, FeelSyntaxError, tree
from engine.feel.tree import to_json
from engine.proof.axes import Axis, cut, kind_of_cells
from engine.proof.cells import Fixed, NotABox
from engine.proof.domains import Domain
from engine.proof.scales import Stretch

Point = tuple[int, ...]  # one piece of each column
Side = tuple[Stretch, ...]  # runs of pieces
Box = tuple[Side, ...]  # one side for each column


@dataclass(frozen=True)
class Boxes:
    """The rows of a table over its axes.

    `given` is equal for rows that surely give the same; two that are not equal surely differ only
    where both rows are `settled`: all they give is constant and known.
    """

    compiled: CompiledTable
    axes: tuple[Axis, ...]
    given: tuple[object, ...]
    settled: frozenset[int]
    fixed: Fixed

    @property
    def count(self) -> int:
        return len(self.given)

    def values(self, point: Sequence[int]) -> dict[str, Any]:
        """A value of each column at a point; None is 待核."""
        return {axis.name: axis.values[p] for axis, p in zip(self.axes, point, strict=True)}

    @cached_property
    def sides(self) -> tuple[Box, ...]:
        """By row, its box."""
        if not self.axes:
            return ((),) * self.count
        columns = ([axis.runs[cell] for cell in axis.cell_of] for axis in self.axes)
        return tuple(zip(*columns, strict=True))

    @cached_property
    def empty_rows(self) -> tuple[int, ...]:
        """Rows that no value of some column meets."""
        return tuple(n for n, box in enumerate(self.sides) if not all(box))


def boxes_of(
    compiled: CompiledTable, domains: Mapping[str, Domain], fixed: Fixed, on: date
) -> Boxes:
    """Raises NotABox, naming the column, where something is computed that is not constant."""
    axes = tuple(
        _axis(compiled, name, expression, domains, fixed, on)
        for name, expression in compiled.columns.items()
    )
    keys = [_given(row, fixed) for row in compiled.outputs]
    settled = frozenset(n for n, (_, is_settled) in enumerate(keys) if is_settled)
    return Boxes(compiled, axes, tuple(key for key, _ in keys), settled, fixed)


def _axis(
    compiled: CompiledTable,
    name: str,
    expression: Expression,
    domains: Mapping[str, Domain],
    fixed: Fixed,
    on: date,
) -> Axis:
    cells = [row[name] for row in compiled.tests]
    allowed = compiled.allowed.get(name)
    try:
        if isinstance(expression.tree, tree.Name) and expression.tree.name in domains:
            domain = domains[expression.tree.name]
        else:
            kind = kind_of_cells(cells, fixed)
            values = (False, True) if kind == "boolean" else None
            domain = Domain(name, kind, values, origin="computed")
        return cut(domain, cells, fixed, on, allowed)
    except NotABox as error:
        raise type(error)(
            f"列“{name}”：{error.reason_zh}", f"column {name}: {error.reason_en}"
        ) from error


def _given(outputs: Mapping[str, Expression], fixed: Fixed) -> tuple[object, bool]:
    """A key of what a row gives, and whether it is the same for every application."""
    key: list[object] = []
    is_settled = True
    for name, expression in outputs.items():
        try:
            is_fixed = expression.names <= fixed.keys()
            value = expression.evaluate(fixed) if is_fixed else None
        except FeelSyntaxError:
            is_fixed, value = False, None  # too much work
        is_settled = is_settled and value is not None
        key.append((name, frozen(value) if is_fixed else str(to_json(expression.tree)), is_fixed))
    return tuple(key), is_settled


def frozen(value: Any) -> object:
    """Equal for equal values only: true is not 1."""
    if isinstance(value, list | tuple):
        return ("list", *(frozen(item) for item in value))
    if isinstance(value, dict):
        return ("record", *((name, frozen(item)) for name, item in sorted(value.items())))
    return type(value).__name__, value
