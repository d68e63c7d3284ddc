"""What the portable core cannot say, asked of the engine itself: once for each distinct case of it.

The columns that an expression reads are its key. Every distinct key is evaluated as it would be for
one application, and the answers are joined to the rows: nothing is approximate.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import ibis

from engine.feel import FeelSyntaxError
from engine.feel.scope import Scope
from engine.feel.temporal import YearsMonths
from engine.feel.values import Value
from engine.population.sessions import Session
from engine.population.terms import (
    BOOLEAN,
    EXACT,
    TEXT,
    Choice,
    Column,
    Deferred,
    Kind,
    Known,
    NotTranslatable,
    Record,
    Term,
    joint_kind,
    number_kind,
)
from engine.profile import evaluate_in

_FEW = 64  # answers that are told apart in the expression itself
_SCALARS = (Decimal, str, bool, date, YearsMonths)
# How an answer is made: from the names' FEEL values. FeelSyntaxError stops the decision.
Evaluate = Callable[[Scope], Value]


# A term of a table that is yet to come: views are laid over one another.
Binding: TypeAlias = Callable[[Any], Term]


class Stopped(Exception):
    """A rule that cannot be evaluated: in the per-case engine, DecisionStopped."""


@dataclass(frozen=True)
class Answered:
    """A lookup joined to its table: the answer's place in `values`, and whether it stopped."""

    place: str  # the column with the place
    values: tuple[Value, ...]
    stops: int | None  # the place that means: no decision


def decode(kind: Kind, raw: Any) -> Value:
    """A stored value as FEEL has it."""
    if raw is None:
        return None
    if kind.name == "number":
        return Decimal(raw).scaleb(-kind.scale, EXACT)
    if kind.name == "wide":
        return Decimal(raw)
    if kind.name == "date":
        return date(raw // 10000, raw // 100 % 100, raw % 100)
    if kind.name == "months":
        return YearsMonths(raw)
    if kind.name == "list":
        assert kind.item is not None
        return [decode(kind.item, item) for item in raw]
    if kind.name == "record":
        return {name: decode(field, raw[name]) for name, field in kind.fields}
    return raw


def key_columns(names: Mapping[str, Term], prefix: str = "") -> Iterator[tuple[str, Column]]:
    """The columns among some names, each by a path: `申请人` has one for each entry."""
    for name in sorted(names):
        term = names[name]
        if isinstance(term, Column):
            yield prefix + name, term
        elif isinstance(term, Record):
            yield from key_columns(term.entries, f"{prefix}{name}\0")
        elif isinstance(term, Choice):
            yield prefix + name, _arm_of(term)


def _arm_of(choice: Choice) -> Column:
    """Which arm a choice among constants takes."""
    if not all(isinstance(arm, Known) for _, arm in choice.arms):
        raise NotTranslatable
    places = ((condition, place) for place, (condition, _) in enumerate(choice.arms))
    return Column(ibis.cases(*places).cast("int64"), Kind("number"))


def scope_of(names: Mapping[str, Term], columns: Mapping[str, Column], row: Sequence[Any]) -> Scope:
    """The FEEL values of one key."""
    raw = dict(zip(columns, row, strict=True))
    scope = Scope()
    for name, term in names.items():
        # What is deferred comes after all that it reads.
        scope[name] = (
            evaluate_in(term.expression, scope)
            if isinstance(term, Deferred)
            else _value(name, term, columns, raw)
        )
    return scope


def _value(path: str, term: Term, columns: Mapping[str, Column], raw: Mapping[str, Any]) -> Value:
    if isinstance(term, Known):
        return term.value
    if isinstance(term, Record):
        return {n: _value(f"{path}\0{n}", t, columns, raw) for n, t in term.entries.items()}
    if isinstance(term, Choice):
        arm = None if raw[path] is None else term.arms[raw[path]][1]
        return arm.value if isinstance(arm, Known) else None
    return decode(columns[path].kind, raw[path])


def answer(
    session: Session, table: Any, label: str, names: Mapping[str, Term], evaluate: Evaluate
) -> tuple[Any, Answered]:
    """`table` with a column of answers, named after `label`. Raises NotTranslatable."""
    # Where the data has none of what is asked, everybody is the same one case.
    columns = dict(key_columns(names)) or {"\0": Column(ibis.literal(0, "int64"), Kind("number"))}
    keys = [f"{label}_{n}" for n in range(len(columns))]
    picked = [c.expr.name(k) for k, c in zip(keys, columns.values(), strict=True)]
    memo = _Memo(evaluate, names, columns)
    distinct = table.select(*picked).distinct()
    schema = distinct.schema().to_pyarrow()
    place = f"{label}_place"
    batches = memo.batches(session.batches(distinct), schema, place)
    given = session.put(batches, memo.schema(schema, place))
    matches = [c.expr.identical_to(given[k]) for k, c in zip(keys, columns.values(), strict=True)]
    joined = table.left_join(given, matches).select(table, given[place])
    return session.view(joined), Answered(place, tuple(memo.values), memo.stops)


class _Memo:
    """Different answers, each with its place."""

    def __init__(
        self, evaluate: Evaluate, names: Mapping[str, Term], columns: Mapping[str, Column]
    ) -> None:
        self.evaluate, self.names, self.columns = evaluate, names, columns
        self.values: list[Value] = []
        self.stops: int | None = None
        self._places: dict[str, int] = {}

    def schema(self, schema: Any, place: str) -> Any:
        import pyarrow

        return schema.append(pyarrow.field(place, pyarrow.int64()))

    def batches(self, source: Iterator[Any], schema: Any, place: str) -> Iterator[Any]:
        import pyarrow

        for batch in source:
            rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            places = pyarrow.array([self._place(row) for row in rows], pyarrow.int64())
            cast = pyarrow.Table.from_batches([batch]).cast(schema).to_batches()
            arrays = cast[0].columns if cast else [c.slice(0, 0) for c in batch.columns]
            yield pyarrow.RecordBatch.from_arrays(
                [*arrays, places], schema=self.schema(schema, place)
            )

    def _place(self, row: Sequence[Any]) -> int:
        try:
            value = self.evaluate(scope_of(self.names, self.columns, row))
        except (FeelSyntaxError, Stopped):
            if self.stops is None:
                self.stops = len(self.values)
                self.values.append(None)
            return self.stops
        # Equal numbers are one answer however they are written; true is not 1.
        shown = value.normalize(EXACT) if isinstance(value, Decimal) else value
        key = f"{type(value).__name__}:{shown!r}"
        if key not in self._places:
            self._places[key] = len(self.values)
            self.values.append(value)
        return self._places[key]


def as_binding(session: Session, table: Any, found: Answered) -> tuple[Any, Binding]:
    """The answers as a term of the table, joined once more where they are many.

    Raises NotTranslatable for many answers that no column can hold.
    """
    values = found.values
    if len(values) <= _FEW:
        return table, lambda whole: chosen(whole[found.place], values)
    return _joined(session, table, found, _kind_of(values))


def chosen(place: Any, values: Sequence[Value]) -> Term:
    arms = ((place == n, Known(value)) for n, value in enumerate(values) if value is not None)
    choice = Choice(tuple(arms))
    return choice if choice.arms else Known(None)


def _kind_of(values: Sequence[Value]) -> Kind:
    known = [value for value in values if value is not None]
    types = {type(value) for value in known}
    if len(types) != 1 or types - set(_SCALARS):
        raise NotTranslatable
    if types == {Decimal}:
        return joint_kind([number_kind(v) for v in known if isinstance(v, Decimal)])
    if types == {bool}:
        return BOOLEAN
    if types == {str}:
        return TEXT
    return (
        Kind("date", 0, 10101, 99991231) if types == {date} else Kind("months", 0, -(10**6), 10**6)
    )


def encode(kind: Kind, value: Value) -> Any:
    """A FEEL scalar as it is stored."""
    if isinstance(value, Decimal):
        return int(value.scaleb(kind.scale, EXACT))
    if isinstance(value, YearsMonths):
        return value.months
    if type(value) is date:
        return value.year * 10000 + value.month * 100 + value.day
    return value


def _joined(session: Session, table: Any, found: Answered, kind: Kind) -> tuple[Any, Binding]:
    import pyarrow

    types = {"text": pyarrow.string(), "boolean": pyarrow.bool_()}
    stored = types.get(kind.name, pyarrow.int64())
    name, key = f"{found.place}_value", f"{found.place}_key"
    schema = pyarrow.schema([(key, pyarrow.int64()), (name, stored)])
    encoded = [encode(kind, value) for value in found.values]
    batch = pyarrow.RecordBatch.from_arrays(
        [pyarrow.array(range(len(encoded)), pyarrow.int64()), pyarrow.array(encoded, stored)],
        schema=schema,
    )
    values = session.put(iter([batch]), schema)
    joined = table.left_join(values, table[found.place] == values[key]).select(table, values[name])
    return session.view(joined), lambda whole: Column(whole[name], kind)
