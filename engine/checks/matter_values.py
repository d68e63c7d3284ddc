"""What each name of a matter can be, from its declaration; worked out as it is asked for."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from engine.checks.constant_comparisons import ConstantSearch
from engine.checks.possible_values import (
    ANYTHING,
    BOOLEANS,
    INFINITE,
    Grid,
    Kind,
    Piece,
    Possible,
    numbers,
    union,
    words_of,
)
from engine.decision.program import DAY, PATH
from engine.definitions import PATH_TITLES, CodeSet, Matter, Parameter, Shape, Table
from engine.feel import FeelSyntaxError, compile_expression, compile_unary, tree
from engine.workspace import UnknownDefinition, Workspace

_ONE_ROW = ("unique", "any", "first", "priority")
_NUMBERS = ("integer", "decimal")


class MatterValues(Mapping[str, Possible]):
    """By name: facts, parameters, tables' outputs, the day and the path."""

    def __init__(self, workspace: Workspace, matter: Matter) -> None:
        self._workspace, self._matter = workspace, matter
        self._known: dict[str, Possible] = {}
        self._tables = {name: table for table in matter.tables for name in table.names}
        own = {DAY, PATH, *matter.facts, *matter.parameters, *self._tables}
        self._names = dict.fromkeys(sorted(own))

    def __getitem__(self, name: str) -> Possible:
        if name not in self._known:
            if name not in self._names:
                raise KeyError(name)
            self._known[name] = ANYTHING  # to itself, should it depend on itself
            self._known[name] = self._of(name)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def of_expression(self, text: str) -> Possible:
        try:
            return ConstantSearch(text, self).value_of(compile_expression(text).tree)
        except FeelSyntaxError:
            return ANYTHING  # reported with the expressions

    def _of(self, name: str) -> Possible:
        matter = self._matter
        if name in matter.facts:
            fact = matter.facts[name]
            return (
                self._of_shape(fact) if fact.compute is None else self.of_expression(fact.compute)
            )
        if name in matter.parameters:
            return _of_parameter(matter.parameters[name])
        if name in self._tables:
            return self._of_output(self._tables[name], name)
        return words_of("text", PATH_TITLES.values()) if name == PATH else self._of_day()

    def _of_day(self) -> Possible:
        effective = self._matter.effective
        if effective is None:
            return _any("date")
        low = Decimal(effective.from_.toordinal())
        whole = Piece(low, Decimal(effective.to.toordinal())) if effective.to else Piece(low)
        return numbers("date", [whole], Grid(Decimal(1)))

    def _of_shape(self, shape: Shape) -> Possible:
        """What is accepted of an applicant or a register: ranges and scales are held to there."""
        if shape.type == "list":
            of_items = shape.model_copy(update={"type": shape.of or "text", "range": None})
            return Possible(item=self._of_shape(of_items))
        if shape.type == "record":
            return Possible(entries={n: self._of_shape(s) for n, s in shape.fields.items()})
        if shape.type == "text":
            return self._of_codes(shape.codes)
        if shape.type == "boolean":
            return BOOLEANS
        kind: Kind = "date" if shape.type == "date" else "number"
        grid = Grid(Decimal(1))
        if shape.type == "decimal":
            scale = shape.scale
            return ranged(shape.range, kind, None if scale is None else _scale(scale))
        return ranged(shape.range, kind, grid)

    def _of_codes(self, codes: str | None) -> Possible:
        """The words of every version, those no longer in use too: one may be in force on a day."""
        if codes is None:
            return ANYTHING
        try:
            found = [file.definition for file in self._workspace.versions("codes", codes)]
        except UnknownDefinition:
            return ANYTHING  # reported with the references
        sets = [definition for definition in found if isinstance(definition, CodeSet)]
        words = [word for code_set in sets for word in code_set.words]
        return words_of("text", words) if words and len(sets) == len(found) else ANYTHING

    def _of_output(self, table: Table, name: str) -> Possible:
        if table.aggregation == "count":
            return numbers("number", [Piece(Decimal(0), Decimal(len(table.rows)))], _scale(0))
        is_extreme = table.hit == "collect" and table.aggregation in ("min", "max")
        if table.records is not None or not (table.hit in _ONE_ROW or is_extreme):
            return ANYTHING
        texts = [row.cells[name] for row in table.rows if name in row.cells]
        texts += [table.default[name]] if name in table.default else []
        given = (self.of_expression(text) for text in dict.fromkeys(texts) if text != "null")
        return union(list(given))


def _scale(places: int) -> Grid:
    return Grid(Decimal((0, (1,), -places)))


def _any(kind: Kind) -> Possible:
    return numbers(kind, [Piece()], Grid(Decimal(1)) if kind == "date" else None)


@lru_cache(maxsize=1024)  # many facts are declared alike
def ranged(text: str | None, kind: Kind, grid: Grid | None) -> Possible:
    whole = numbers(kind, [Piece()], grid)
    if text is None:
        return whole
    try:
        tests = compile_unary(text).tree.tests
    except FeelSyntaxError:
        return whole  # reported with the expressions
    stretches = [ConstantSearch(text, {}).stretches(test) for test in tests]
    # A value by itself is no range, and reported so.
    if not all(stretches) or not all(isinstance(t, tree.Interval | tree.HalfLine) for t in tests):
        return whole
    return numbers(kind, [piece for found in stretches for piece in found], grid)


def _of_parameter(parameter: Parameter) -> Possible:
    """What any region may set: its own figure counts for nothing here, only the law's limits."""
    if parameter.type == "boolean":
        return BOOLEANS
    if parameter.type == "date":
        return _any("date")
    if parameter.type not in _NUMBERS:
        return ANYTHING
    floor, ceiling = parameter.floor, parameter.ceiling
    whole = Piece(
        -INFINITE if floor is None else Decimal(floor),
        INFINITE if ceiling is None else Decimal(ceiling),
    )
    return numbers("number", [whole], _scale(0) if parameter.type == "integer" else None)
