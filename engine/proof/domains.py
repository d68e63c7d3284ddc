"""Which values a name may have: from its type, range, scale and code set; 待核 as a value of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from engine.decision.program import DAY, REGION, Program
from engine.definitions import FactDeclaration, Table
from engine.feel import FeelSyntaxError, tree
from engine.profile import compile_cell, compile_rule
from engine.workspace import UnknownDefinition

Kind = Literal["number", "date", "text", "boolean", "other"]
Origin = Literal["given", "computed", "table", "engine"]
_KINDS: Mapping[str, Kind] = {
    "integer": "number",
    "decimal": "number",
    "date": "date",
    "text": "text",
    "boolean": "boolean",
}
# The hit policies under which an output is one row's value, not a list or an aggregate.
_ONE_ROW = ("unique", "any", "first", "priority")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of numbers or dates; an end that is None is open without limit."""

    low: Any = None
    low_closed: bool = True
    high: Any = None
    high_closed: bool = True


@dataclass(frozen=True, slots=True)
class Domain:
    """The values that a name may have, null (待核) apart.

    `values` lists them all where they can be listed (codes, booleans, a table's constants); else
    `spans` bounds numbers and dates, and an empty `spans` bounds nothing. `scale` is the number of
    decimal places, None for any. `is_nullable` says whether the value may be unknown. A name of
    `origin` given is an applicant's or a register's; the others follow from given ones, so not
    every combination of their values need occur.
    """

    name: str
    kind: Kind
    values: tuple[Any, ...] | None = None
    spans: tuple[Span, ...] = ()
    scale: int | None = None
    is_nullable: bool = True
    origin: Origin = "given"
    unit: str = ""


def domains_of(program: Program) -> dict[str, Domain]:
    """The domain of every fact, every table's output, the day and the region.

    Parameters are no variables: `Program.parameters` has a region's values.
    """
    found = {n: _of_fact(program, n, fact) for n, fact in program.matter.facts.items()}
    for table in program.matter.tables:
        found |= {name: _of_output(program, table, name) for name in table.names}
    regions = tuple(sorted(region.region for region in program.workspace.regions(program.on)))
    effective = program.matter.effective
    in_force = (Span(effective.from_, high=effective.to),) if effective else ()
    found[DAY] = Domain(DAY, "date", spans=in_force, is_nullable=False, origin="engine")
    found[REGION] = Domain(REGION, "text", regions or None, is_nullable=False, origin="engine")
    return found


def _of_fact(program: Program, name: str, fact: FactDeclaration) -> Domain:
    kind = _KINDS.get(fact.type, "other")
    values: tuple[Any, ...] | None = (False, True) if kind == "boolean" else None
    if kind == "text" and fact.codes:
        values = _codes(program, fact.codes)
    return Domain(
        name,
        kind,
        values,
        spans=tuple(_spans(fact.range)) if kind in ("number", "date") and fact.range else (),
        scale=0 if fact.type == "integer" else fact.scale,
        origin="given" if fact.compute is None else "computed",
        unit=fact.unit or "",
    )


def _codes(program: Program, identity: str) -> tuple[str, ...] | None:
    try:
        return tuple(program.workspace.codes(identity, program.on).words_on(program.on))
    except UnknownDefinition:
        return None  # reported by the checks


def _spans(text: str) -> Iterator[Span]:
    """The intervals of a range, as declared; ends that are not constants bound nothing."""
    for test in compile_cell(text).tree.tests:
        if isinstance(test, tree.Interval):
            low, high = _value(text, test.low), _value(text, test.high)
            yield Span(low, test.low_closed, high, test.high_closed)
        elif isinstance(test, tree.HalfLine) and test.operator in ("<", "<=", ">", ">="):
            end, is_closed = _value(text, test.operand), test.operator.endswith("=")
            is_high = test.operator.startswith("<")
            yield Span(high=end, high_closed=is_closed) if is_high else Span(end, is_closed)


def _value(text: str, node: tree.Node) -> Any:
    return compile_rule(text[node.start : node.end]).evaluate()


def _of_output(program: Program, table: Table, name: str) -> Domain:
    """What the rows can give, where they give constants or parameters."""
    unit = table.units.get(name, "")
    texts = [row.cells[name] for row in table.rows if name in row.cells]
    constants = [constant_of(program, text) for text in (*texts, *_default(table, name))]
    values = tuple(dict.fromkeys(c for c in constants if c is not None and c is not VARIES))
    kinds = {_kind_of(value) for value in values}
    if table.hit not in _ONE_ROW or VARIES in constants or len(kinds) != 1:
        return Domain(name, "other", origin="table", unit=unit)
    return Domain(name, kinds.pop(), values, origin="table", unit=unit)


def _default(table: Table, name: str) -> Iterator[str]:
    if name in table.default:
        yield table.default[name]


VARIES = object()  # what an expression gives depends on the application


def constant_of(program: Program, text: str) -> Any:
    """What an expression always gives in a region on a day, null too; VARIES where it may vary."""
    fixed = fixed_names(program)
    try:
        expression = compile_rule(text)
        if not expression.names <= fixed.keys():
            return VARIES
        value = expression.evaluate(fixed)
    except FeelSyntaxError:
        return VARIES  # reported by the checks, or too much work
    return value if value is None or _kind_of(value) != "other" else VARIES


def _kind_of(value: Any) -> Kind:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "text"
    if isinstance(value, date):
        return "date"
    return "number" if hasattr(value, "as_tuple") else "other"


def fixed_names(program: Program) -> dict[str, Any]:
    """The names that have one value in a region on a day: its parameters, and the day itself."""
    return {**program.parameters, DAY: program.on}
