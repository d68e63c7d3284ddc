"""What a decision table gives for the rows that are hit: the hit policies of DMN 1.5 (8.2.10), three-valued.

A policy says which rows are taken, in which order; what is taken is then one row's outputs, a list,
or what `aggregation` makes of the list. A row that may be hit, because a fact is missing, leaves
the answer open unless no completion of the facts could change it:

  unique, any                        a further hit could only conflict: the row that is hit stands
  first                              open while a row above the first hit may be hit
  priority                           open while a row of higher priority may be hit
  rule_order, output_order, collect  open while any row may be hit
  sum, count                         likewise
  min, max                           open while a row with a smaller, or a larger, output may be hit
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.definitions import Table
from engine.definitions.tables import LISTING, RANKED
from engine.feel import UnaryTests, compile_unary
from engine.feel.certainty import alike, all_of, compare_known
from engine.profile import compile_cell, compile_rule

Given = Mapping[str, Any]  # a row's outputs by name
Rank = tuple[int, ...]


class TableStopped(Exception):
    """A table has no answer although nothing is missing; `zh` and `en` say why."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh} / {en}")


class RowsConflict(TableStopped):
    """Rows that exclude each other, or should agree, are hit together; `rows` count from 1."""

    def __init__(self, rows: tuple[int, ...]) -> None:
        self.rows = rows
        listed = "、".join(map(str, rows))
        super().__init__(f"第 {listed} 行同时命中，规则互相冲突", f"rows {listed} are hit together")


class ValueNotAllowed(TableStopped):
    """A column has a value outside its allowed values; `row` is an output's, from 1, 0 the default."""

    def __init__(self, column: str, value: Any, allowed: str, row: int | None = None) -> None:
        self.column, self.value, self.allowed, self.row = column, value, allowed, row
        super().__init__(*self.told(str(value)))

    def told(self, value: str) -> tuple[str, str]:
        """What happened in Chinese and English, the value as it may be shown."""
        row = self.row
        at = "" if row is None else f"第 {row} 行的" if row else "默认输出的"
        return (
            f"{at}“{self.column}”为“{value}”，不在允许的值（{self.allowed}）之内",
            f"{self.column!r} is {value!r}, which is not among {self.allowed}",
        )


@dataclass(frozen=True, slots=True)
class Misuse:
    """A policy that cannot be followed as it is written: a code of the catalogue and its words."""

    code: str
    key: str  # the table's key that it stands at
    words: Mapping[str, Any]


def find_misuses(table: Table) -> Iterator[Misuse]:
    """What leaves it open how the table is to be answered (DMN 1.5, 8.2.10 and 8.2.11)."""
    about = {"table": table.label, "hit": table.hit}
    if table.aggregation is not None:
        if table.hit != "collect":
            yield Misuse("table-aggregation", "aggregation", about)
        elif len(table.gives) > 1:
            outputs = {"outputs": "、".join(table.gives), "aggregation": table.aggregation}
            yield Misuse("table-aggregation-outputs", "aggregation", {**about, **outputs})
    is_listed = table.hit in LISTING and table.aggregation is None and len(table.gives) > 1
    if is_listed and table.records is None:
        yield Misuse("table-records-missing", "hit", about)
    if table.records is not None and not is_listed:
        yield Misuse("table-records-unused", "records", about)
    if table.hit in RANKED and not any(is_order(table.allowed.get(name)) for name in table.gives):
        yield Misuse("table-order-missing", "hit", about)


def is_order(allowed: str | None) -> bool:
    """Whether allowed values have an order: `-` and `not(…)` have none. A broken text counts as one."""
    if allowed is None:
        return False
    try:
        tests = compile_unary(allowed).tree
    except ValueError:
        return True  # reported where it stands
    return bool(tests.tests) and not tests.negated


@dataclass(frozen=True, slots=True)
class Weighing:
    """What a policy weighs: rows that are hit, at least one, from 0; rows that may be, bit n for row n;
    and by row what it gives and how that ranks.
    """

    rows: tuple[int, ...]
    unknown: int
    given: Callable[[int], Given]
    rank: Callable[[int], Rank | None]

    def open_rows(self) -> Iterator[int]:
        return (n for n in range(self.unknown.bit_length()) if self.unknown >> n & 1)


Taking = Callable[[Weighing], tuple[int, ...] | None]


def take_only(weighing: Weighing) -> tuple[int, ...]:
    """unique. Raises RowsConflict."""
    if len(weighing.rows) > 1:
        raise RowsConflict(tuple(n + 1 for n in weighing.rows))
    return weighing.rows


def take_any(weighing: Weighing) -> tuple[int, ...] | None:
    """any: one row, where all agree. Raises RowsConflict where two certainly do not."""
    given = [weighing.given(row) for row in weighing.rows]
    agree = all_of(_agree([one[name] for one in given]) for name in given[0])
    if agree is False:
        raise RowsConflict(tuple(n + 1 for n in weighing.rows))
    return weighing.rows[:1] if agree else None


def _agree(values: Sequence[Any]) -> bool | None:
    known = [value for value in values if value is not None]
    same = all_of(alike(known[0], value) for value in known[1:])
    return None if same and len(known) < len(values) else same


def take_first(weighing: Weighing) -> tuple[int, ...] | None:
    first = weighing.rows[0]
    return None if weighing.unknown & ((1 << first) - 1) else (first,)


def take_best(weighing: Weighing) -> tuple[int, ...] | None:
    """priority: the row of the highest; of equal ones the first in the table."""
    best = None
    for row in (*weighing.rows, *weighing.open_rows()):
        rank = weighing.rank(row)
        if rank is None:
            return None
        if best is None or (rank, row) < best:
            best = rank, row
    assert best is not None  # at least one row is hit
    return None if weighing.unknown >> best[1] & 1 else (best[1],)


def take_all(weighing: Weighing) -> tuple[int, ...] | None:
    return None if weighing.unknown else weighing.rows


def take_ordered(weighing: Weighing) -> tuple[int, ...] | None:
    """output_order: by priority; of equal ones in the table's order."""
    if weighing.unknown:
        return None
    ranked = []
    for row in weighing.rows:
        rank = weighing.rank(row)
        if rank is None:
            return None
        ranked.append((rank, row))
    return tuple(row for _, row in sorted(ranked))


def _only(given: Given) -> Any:
    return next(iter(given.values()), None)


def _take_extreme(sign: str) -> Taking:
    """min, max: all rows that are hit, where no row that may be hit goes beyond every one of them."""

    def take(weighing: Weighing) -> tuple[int, ...] | None:
        hits = [_only(weighing.given(row)) for row in weighing.rows]
        for row in weighing.open_rows():
            value = _only(weighing.given(row))
            if not any(compare_known(sign, hit, value) for hit in hits):
                return None
        return weighing.rows

    return take


TAKING: Final[Mapping[str, Taking]] = {
    "unique": take_only,
    "any": take_any,
    "first": take_first,
    "priority": take_best,
    "rule_order": take_all,
    "output_order": take_ordered,
    "collect": take_all,
    "min": _take_extreme("<="),
    "max": _take_extreme(">="),
}


def taking_of(table: Table) -> Taking:
    """How the table takes rows."""
    return TAKING.get(table.aggregation or "", TAKING[table.hit])


class Ranking:
    """The priority of outputs: 0 for the first of the allowed values, and so on.

    Of several outputs the first with an order weighs most; those without one weigh nothing
    (DMN 1.5, 8.2.10).
    """

    def __init__(self, table: Table) -> None:
        self._orders = {
            name: _single_tests(table.allowed[name])
            for name in table.gives
            if table.hit in RANKED and is_order(table.allowed.get(name))
        }

    def __call__(self, given: Given) -> Rank | None:
        """None where some output is not known, or has no place in the order."""
        places = []
        for name, tests in self._orders.items():
            value = given[name]
            if value is None:
                return None
            found = (n for n, test in enumerate(tests) if test.evaluate(value) is True)
            place = next(found, None)
            if place is None:
                return None
            places.append(place)
        return tuple(places)


def _single_tests(allowed: str) -> tuple[UnaryTests, ...]:
    """Each of the values or ranges in a list of them as a test of its own."""
    whole = compile_unary(allowed)
    tests = whole.tree.tests
    return tuple(compile_cell(whole.text[test.start : test.end]) for test in tests)


Shaping = Callable[[Sequence[Given]], Mapping[str, Any]]


def shaping_of(table: Table) -> Shaping:
    """What the facts of the table are, given the outputs that were taken.

    A total is the FEEL function of its name, so sum, min and max of no rows are null. That no row
    is hit is known, though, and null says that something is not: a list is then empty and count 0,
    where DMN 1.5 (10.3.2.10) has null.
    """
    if table.hit not in LISTING or not table.gives:
        return lambda taken: dict(taken[0]) if taken else dict.fromkeys(table.gives)
    if table.records is not None:
        records = table.records
        return lambda taken: {records: [dict(given) for given in taken]}
    name = table.gives[0]
    if table.aggregation is None:
        return lambda taken: {name: [given[name] for given in taken]}
    total = compile_rule(f"{table.aggregation}(outputs)")
    return lambda taken: {name: total.evaluate({"outputs": [given[name] for given in taken]})}


def shape_default(table: Table, default: Given) -> Mapping[str, Any]:
    """Default outputs (DMN 1.5, 8.2.11) are those of one row: a list has that one, a total is it."""
    if table.aggregation is not None:
        return {name: default[name] for name in table.gives[:1]}
    return shaping_of(table)([default])
