"""Decision tables answered the way a clerk would: row by row, over facts that are all known.

An oracle for `engine.decision`: it knows neither FEEL nor unknown facts. What the program reads as
FEEL is written beside it in Python, and an unknown fact is tried with every value it could have.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

Facts = Mapping[str, Any]
DOMAINS: dict[str, tuple[Any, ...]] = {
    "数": (0, 1, 2, 3),
    "文": ("a", "b", "c"),
    "是": (True, False),
    "金": (0, 1, 2),
}

TOTALS: dict[str, Callable[[list[Any]], Any]] = {"sum": sum, "min": min, "max": max, "count": len}


class Stops(Exception):
    """The table has no answer for these facts."""


@dataclass(frozen=True)
class Cell:
    """A test as FEEL and as Python, over the column's value and all facts."""

    feel: str
    holds: Callable[[Any, Facts], bool] = field(repr=False)


@dataclass(frozen=True)
class Output:
    """An expression as FEEL and as Python."""

    feel: str
    value: Callable[[Facts], Any] = field(repr=False)


@dataclass(frozen=True)
class Allowed:
    """Allowed values in their order: one test after the other."""

    feel: str
    tests: tuple[Callable[[Any], bool], ...] = field(repr=False)

    def place(self, value: Any) -> int | None:
        return next((n for n, test in enumerate(self.tests) if test(value)), None)


@dataclass(frozen=True)
class NaiveTable:
    """A table: per row its cells by column and its outputs by name."""

    hit: str
    gives: tuple[str, ...]
    rows: tuple[tuple[dict[str, Cell], dict[str, Output]], ...]
    aggregation: str | None = None
    default: dict[str, Output] = field(default_factory=dict)
    allowed: dict[str, Allowed] = field(default_factory=dict)
    computed: dict[str, Output] = field(default_factory=dict)

    @property
    def is_list(self) -> bool:
        return self.hit in ("rule_order", "output_order", "collect") and not self.aggregation

    def definition(self) -> dict[str, Any]:
        """The same as a matter writes it."""
        rows = [
            {name: cell.feel for name, cell in cells.items()}
            | {name: output.feel for name, output in outputs.items()}
            for cells, outputs in self.rows
        ]
        data = {
            "id": "t",
            "gives": list(self.gives),
            "hit": self.hit,
            "rows": rows,
            "default": {name: output.feel for name, output in self.default.items()},
            "allowed": {name: allowed.feel for name, allowed in self.allowed.items()},
            "inputs": {name: output.feel for name, output in self.computed.items()},
        }
        if self.aggregation:
            data["aggregation"] = self.aggregation
        if self.is_list and len(self.gives) > 1:
            data["records"] = "清单"
        return data

    def answer(self, facts: Facts) -> dict[str, Any]:
        """The facts that the table gives. Raises Stops."""
        inputs = {**facts, **{name: o.value(facts) for name, o in self.computed.items()}}
        for column in self.rows[0][0]:
            self._hold(column, inputs[column])
        hits = [
            outputs
            for cells, outputs in self.rows
            if all(cell.holds(inputs[column], facts) for column, cell in cells.items())
        ]
        if not hits:
            return self._of_none(facts)
        if self.hit == "first":
            return self._held(hits[0], facts)
        if self.hit == "unique" and len(hits) > 1:
            raise Stops
        return self._together([self._held(outputs, facts) for outputs in hits])

    def _of_none(self, facts: Facts) -> dict[str, Any]:
        if self.default:
            default = self._held(self.default, facts)
            if self.aggregation:
                return default
            return self._listed([default]) if self.is_list else default
        if self.is_list:
            return self._listed([])
        if self.aggregation == "count":
            return {self.gives[0]: 0}
        return dict.fromkeys(self.gives)

    def _together(self, given: list[dict[str, Any]]) -> dict[str, Any]:
        if self.is_list:
            is_ordered = self.hit == "output_order"
            return self._listed(sorted(given, key=self._rank) if is_ordered else given)
        if self.aggregation:
            name = self.gives[0]
            return {name: TOTALS[self.aggregation]([one[name] for one in given])}
        if self.hit == "priority":
            return min(given, key=self._rank)
        if any(one != given[0] for one in given):
            raise Stops
        return given[0]

    def _listed(self, given: list[dict[str, Any]]) -> dict[str, Any]:
        if len(self.gives) > 1:
            return {"清单": given}
        return {name: [one[name] for one in given] for name in self.gives}

    def _rank(self, given: dict[str, Any]) -> tuple[int, ...]:
        places = [self.allowed[n].place(given[n]) for n in self.gives if n in self.allowed]
        return tuple(place for place in places if place is not None)

    def _held(self, outputs: Mapping[str, Output], facts: Facts) -> dict[str, Any]:
        given = {name: outputs[name].value(facts) for name in self.gives}
        for name, value in given.items():
            self._hold(name, value)
        return given

    def _hold(self, name: str, value: Any) -> None:
        if name in self.allowed and self.allowed[name].place(value) is None:
            raise Stops


def completions(known: Facts) -> Iterator[dict[str, Any]]:
    """Every way in which the unknown facts (None) may turn out."""
    choices = [DOMAINS[name] if value is None else (value,) for name, value in known.items()]
    for values in product(*choices):
        yield dict(zip(known, values, strict=True))


def could_be(answer: Any, truth: Any) -> bool:
    """Whether an answer says nothing that is not so; None says nothing."""
    if answer is None:
        return True
    if isinstance(answer, Mapping):
        return answer.keys() == truth.keys() and all(could_be(answer[k], truth[k]) for k in answer)
    if isinstance(answer, list):
        return (
            isinstance(truth, list)
            and len(answer) == len(truth)
            and all(could_be(a, t) for a, t in zip(answer, truth, strict=True))
        )
    return type(answer) is not bool and truth is not None and bool(answer == truth)
