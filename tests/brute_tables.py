"""Random small tables, and every question about them answered by asking the engine at every point.

Nothing of the proof is used here: the domain is the grid itself, one value at a time, 待核 among
them, and what a row does at a point is what `CompiledTable.answer` says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, product
from random import Random
from typing import Any

from engine.decision.hit_policies import RowsConflict, ValueNotAllowed
from engine.decision.tables import CompiledTable, compile_table
from engine.definitions import Table
from engine.proof import Domain, Span

DAY = date(2026, 2, 26)
CODES = ("甲", "乙", "丙")
TEXTS = ("红", "绿", "其他", "没有写到的")  # the last is what no cell mentions
POLICIES = ("unique", "unique", "unique", "any", "first", "priority", "collect", "rule_order")


@dataclass(frozen=True)
class Column:
    """A column with all its values, 待核 last where it may be, and a way to write random cells."""

    domain: Domain
    values: tuple[Any, ...]
    allows_null: bool = False  # `allowed` names null: it has to be covered

    @property
    def counted(self) -> tuple[Any, ...]:
        return tuple(v for v in self.values if v is not None or self.allows_null)


def integers(random: Random, name: str) -> Column:
    low = random.randint(-2, 2)
    high = low + random.randint(1, 4)
    span = Span(Decimal(low - 1), False, Decimal(high), True)
    values = tuple(Decimal(n) for n in range(low, high + 1))
    return Column(Domain(name, "number", spans=(span,), scale=0), (*values, None))


def money(random: Random, name: str) -> Column:
    low = Decimal(random.randint(0, 3)) / 10
    steps = random.randint(1, 4)
    high = low + Decimal(steps) / 10
    values = tuple(low + Decimal(n) / 10 for n in range(steps + 1))
    domain = Domain(name, "number", spans=(Span(low, True, high, True),), scale=1)
    return Column(domain, (*values, None))


def days(random: Random, name: str) -> Column:
    count = random.randint(1, 4)
    values = tuple(DAY + timedelta(n) for n in range(count + 1))
    return Column(Domain(name, "date", spans=(Span(DAY, high=values[-1]),)), (*values, None))


def codes(random: Random, name: str) -> Column:
    return Column(Domain(name, "text", CODES), (*CODES, None))


def texts(random: Random, name: str) -> Column:
    return Column(Domain(name, "text"), (*TEXTS, None))


def booleans(random: Random, name: str) -> Column:
    domain = Domain(name, "boolean", (False, True), is_nullable=random.random() < 0.8)
    return Column(domain, (False, True, None) if domain.is_nullable else (False, True))


KINDS = (integers, money, days, codes, texts, booleans)


def written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return f'@"{value}"'
    return f'"{value}"' if isinstance(value, str) else str(value)


def random_cell(random: Random, column: Column) -> str:
    if random.random() < 0.3:
        return "-"
    known = [v for v in column.values if v is not None]
    if column.domain.kind == "text":
        known = [v for v in known if v != TEXTS[-1]]
    ordered = column.domain.kind in ("number", "date")
    tests = [_random_test(random, known, ordered) for _ in range(random.choice((1, 1, 1, 2)))]
    if column.domain.is_nullable and random.random() < 0.08:
        tests.append("null")
    text = ", ".join(tests)
    return f"not({text})" if random.random() < 0.1 else text


def _random_test(random: Random, known: Sequence[Any], ordered: bool) -> str:
    kind = random.choice(("point", "half", "interval")) if ordered else "point"
    if kind == "point":
        return written(random.choice(known))
    low, high = sorted((random.choice(known), random.choice(known)))
    if kind == "half":
        return f"{random.choice(('<', '<=', '>', '>='))} {written(low)}"
    return f"{random.choice('[(')}{written(low)}..{written(high)}{random.choice('])')}"


def random_table(random: Random) -> tuple[CompiledTable, tuple[Column, ...]]:
    """A table of one to three columns and one to seven rows; half of them split the domain neatly."""
    columns = tuple(random.choice(KINDS)(random, f"列{n}") for n in range(random.randint(1, 3)))
    hit = random.choice(POLICIES)
    conditions = _split(random, columns) if random.random() < 0.6 else _scattered(random, columns)
    outputs = (1, 2) if random.random() < 0.7 else (1, 1)
    rows = [
        {**dict(zip((c.domain.name for c in columns), cells, strict=True)),
         "果": str(random.choice(outputs))}
        for cells in conditions
    ]  # fmt: skip
    extra: dict[str, Any] = {"allowed": {"果": "2, 1"}} if hit == "priority" else {}
    if hit in ("unique", "any") and random.random() < 0.15:
        extra["default"] = {"果": "3"}
    columns, allowed = _limited(random, columns)
    if allowed:
        extra["allowed"] = {**extra.get("allowed", {}), **allowed}
    reason = {"reason": "先后"} if hit in ("first", "priority") else {}
    table = {"id": "t", "gives": ["果"], "hit": hit, "rows": rows, **reason, **extra}
    return compile_table(Table.model_validate(table)), columns


def _limited(
    random: Random, columns: tuple[Column, ...]
) -> tuple[tuple[Column, ...], dict[str, str]]:
    """Sometimes the first column's allowed values leave one out, or name null."""
    first = columns[0]
    if random.random() > 0.15 or first.domain.kind != "text" or first.domain.values is None:
        return columns, {}
    names_null = first.domain.is_nullable and random.random() < 0.5
    kept = [*map(written, CODES[: random.randint(1, 3)]), *(["null"] if names_null else [])]
    limited = Column(first.domain, first.values, names_null)
    return (limited, *columns[1:]), {first.domain.name: ", ".join(kept)}


def _scattered(random: Random, columns: Sequence[Column]) -> list[list[str]]:
    return [
        [random_cell(random, column) for column in columns] for _ in range(random.randint(1, 7))
    ]


def _split(random: Random, columns: Sequence[Column]) -> list[list[str]]:
    """Rows that cover everything once, but for what is then sometimes broken."""
    rows: list[list[str]] = [[]]
    for column in columns:
        halves = _halves(random, column)
        rows = [[*row, cell] for row in rows for cell in (halves if len(rows) < 4 else ["-"])]
    if random.random() < 0.4 and len(rows) > 1:
        rows.pop(random.randrange(len(rows)))
    if random.random() < 0.3:
        rows.append([random_cell(random, column) for column in columns])
    random.shuffle(rows)
    return rows


def _halves(random: Random, column: Column) -> list[str]:
    known = [v for v in column.values if v is not None]
    if random.random() < 0.3:
        return ["-"]
    if column.domain.kind in ("number", "date"):
        cut = written(random.choice(known))
        return random.choice(([f"< {cut}", f">= {cut}"], [f"<= {cut}", f"> {cut}"]))
    some = written(random.choice(known[:-1]))
    return [some, f"not({some})"]


@dataclass
class Truth:
    """What asking at every point found; rows and columns count from 0."""

    gaps: list[tuple[Any, ...]] = field(default_factory=list)
    clashing: set[tuple[int, int]] = field(default_factory=set)
    sharing: set[tuple[int, int]] = field(default_factory=set)
    live: set[int] = field(default_factory=set)
    met: dict[int, set[tuple[Any, ...]]] = field(default_factory=dict)
    answers: dict[tuple[Any, ...], object] = field(default_factory=dict)
    is_known: dict[tuple[Any, ...], bool] = field(default_factory=dict)


def ask_everywhere(compiled: CompiledTable, columns: Sequence[Column]) -> Truth:
    truth = Truth(met={n: set() for n in range(len(compiled.tests))})
    names = [column.domain.name for column in columns]
    for point in product(*(column.values for column in columns)):
        context = dict(zip(names, point, strict=True))
        is_counted = all(v in c.counted for v, c in zip(point, columns, strict=True))
        truth.is_known[point] = None not in point
        _ask(compiled, context, point, is_counted, truth)
    return truth


def _ask(
    compiled: CompiledTable,
    context: Mapping[str, Any],
    point: tuple[Any, ...],
    is_counted: bool,
    truth: Truth,
) -> None:
    hits, unknown = verdicts(compiled, context)
    try:
        answer = compiled.answer(context)
    except ValueNotAllowed:
        truth.answers[point] = "not allowed"
        if is_counted:
            truth.gaps.append(point)
        return
    except RowsConflict as conflict:
        hits = [row - 1 for row in conflict.rows]
        truth.answers[point] = "clash"
    else:
        values = tuple(answer.values.items())
        truth.answers[point] = str(values) if hits or not unknown else None
        # A default or an empty list answers where no row does; then 待核 may wait for its value.
        is_answered = bool(compiled.default) or compiled.table.hit in ("collect", "rule_order")
        if is_counted and not hits and not is_answered:
            truth.gaps.append(point)
    for row in hits:
        truth.met[row].add(point)
    truth.sharing |= set(combinations(hits, 2))
    given = [row["果"].text for row in compiled.outputs]
    truth.clashing |= {(a, b) for a, b in combinations(hits, 2) if given[a] != given[b]}
    truth.live |= set(_taken(compiled, hits, unknown, given))


def verdicts(compiled: CompiledTable, context: Mapping[str, Any]) -> tuple[list[int], list[int]]:
    """The rows that are hit and those that may be, cell by cell."""
    hits, unknown = [], []
    for number, row in enumerate(compiled.tests):
        cells = [test.evaluate(context[name]) for name, test in row.items()]
        if all(cell is True for cell in cells):
            hits.append(number)
        elif False not in cells:
            unknown.append(number)
    return hits, unknown


def _taken(
    compiled: CompiledTable, hits: list[int], unknown: list[int], given: Sequence[str]
) -> Iterator[int]:
    """The row that counts under first and priority (2 goes before 1)."""
    if not hits:
        return
    is_first = compiled.table.hit == "first"
    best = min([*hits, *unknown], key=lambda n: n if is_first else (given[n] != "2", n))
    if best in hits:
        yield best


def idle_columns(truth: Truth, columns: Sequence[Column], *, known_only: bool) -> set[int]:
    """Columns that change no answer, over points with an answer (or those without 待核 alone)."""
    found = set()
    for column in range(len(columns)):
        groups: dict[tuple[Any, ...], set[object]] = {}
        for point, answer in truth.answers.items():
            if answer is None or (known_only and not truth.is_known[point]):
                continue
            rest = (*point[:column], *point[column + 1 :])
            groups.setdefault(rest, set()).add(answer)
        if all(len(answers) == 1 for answers in groups.values()):
            found.add(column)
    return found
