"""Every small change of a matter that its scenarios should notice, one at a time.

A mutant is made from the definition's data, never from its text, so a change of one figure cannot
disturb another. Names follow mutation testing (DeMillo, Lipton and Sayward, 1978).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any, Final, Literal

from engine.feel import FeelSyntaxError, compile_expression, compile_unary
from engine.source import Path
from engine.specs.expression_mutations import Change, Scales, cell_changes, expression_changes

MutantKind = Literal[
    "threshold", "bound", "logic", "member", "value", "row", "output", "effect", "when",
    "material", "parameter", "entry", "duration", "conclusion",
]  # fmt: skip
KIND_TITLES: Final[dict[MutantKind, tuple[str, str]]] = {
    "threshold": ("数值差一步", "figure off by one step"),
    "bound": ("界限的含与不含", "bound included or not"),
    "logic": ("并且、或者、否定", "and, or, not"),
    "member": ("名单少一项", "list without an item"),
    "value": ("是与否、相等与不等", "yes and no, equal and unequal"),
    "row": ("决策表少一行", "table without a row"),
    "output": ("一行的结果换成另一行的", "a row's output taken from another row"),
    "effect": ("不满足的后果", "what follows where a criterion fails"),
    "when": ("不再分情形，一律适用", "a condition of applicability dropped"),
    "material": ("材料的核心、可承诺", "core and commitable materials"),
    "parameter": ("地区参数差一步", "figure of a region off by one step"),
    "entry": ("路径的进入条件相反", "entry condition of a path negated"),
    "duration": ("期限差一天", "period off by one"),
    "conclusion": ("少一条结论规则", "without a conclusion rule"),
}
_OTHER_EFFECT: Final = {
    "reject": "correct", "refuse": "correct", "correct": "refuse", "review": "remind",
    "remind": "refuse",
}  # fmt: skip
_EXPRESSIONS: Final = (
    ("criteria", ("when", "require")),
    ("materials", ("when",)),
    ("obligations", ("when",)),
    ("benefits", ("amount", "starts")),
)
_DURATIONS: Final = ("promise", "statutory", "correction", "verify_within", "within")
DROPPED: Final = object()  # what stands at the path is left out


@dataclass(frozen=True)
class Mutant:
    """One change: where (`start` and `end` within the text at `path`, if it is part of one), old, new."""

    kind: MutantKind
    path: Path
    old: str
    new: str
    value: Any  # what stands at `path` in the mutant, or DROPPED
    what: str  # the thing that is changed, as its administrators call it
    start: int | None = None
    end: int | None = None
    around: str = ""  # what else stands there, to find the scenarios that speak of it

    def applied(self, data: Any) -> Any:
        """The definition's data with this one change."""
        return _replaced(data, self.path, self.value)


def mutants_of(data: Mapping[str, Any]) -> tuple[Mutant, ...]:
    """Every mutant of a matter as written, in reading order of its parts."""
    scales = _scales(data)
    parts = (
        _facts(data, scales),
        _parameters(data),
        _tables(data, scales),
        _conditions(data, scales),
        _effects(data),
        _materials(data),
        _paths(data, scales),
        _durations(data),
        _conclusions(data),
    )
    return tuple(chain.from_iterable(parts))


def _replaced(data: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(data, dict):
        changed = {k: _replaced(v, rest, value) if k == step else v for k, v in data.items()}
        if step not in data:
            changed[str(step)] = value
        return {k: v for k, v in changed.items() if v is not DROPPED}
    items = [_replaced(v, rest, value) if n == step else v for n, v in enumerate(data)]
    return [v for v in items if v is not DROPPED]


def _listed(data: Mapping[str, Any], key: str, base: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The items under a key, of which a single one may be written without a list."""
    found = data.get(key)
    if isinstance(found, dict):
        yield (*base, key), found
    elif isinstance(found, list):
        yield from (((*base, key, n), item) for n, item in enumerate(found))


def _scales(data: Mapping[str, Any]) -> Scales:
    """How many decimal places each number has."""
    found: dict[str, int] = {}
    declared = {**(data.get("facts") or {}), **(data.get("parameters") or {})}
    for name, one in declared.items():
        if isinstance(one, dict) and one.get("type") in ("integer", "decimal"):
            scale = 0 if one["type"] == "integer" else one.get("scale")
            if scale is not None:
                found[name] = int(scale)
    return found


def _title(item: Mapping[str, Any]) -> str:
    keys = ("point", "title", "use", "id", "rule")
    return next((str(item[key]) for key in keys if item.get(key)), "")


def as_written(value: Any) -> str:
    """A cell or expression as FEEL text, however YAML had it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _changed(path: Path, value: Any, changes: Iterator[Change], what: str) -> Iterator[Mutant]:
    text = as_written(value)
    for change in changes:
        whole = text[: change.start] + change.new + text[change.end :]
        old = text[change.start : change.end]
        yield Mutant(change.kind, path, old, change.new, whole, what, change.start, change.end)


def _expression(path: Path, value: Any, scales: Scales, what: str) -> Iterator[Mutant]:
    if value is None:
        return
    try:
        tree = compile_expression(as_written(value)).tree
    except FeelSyntaxError:
        return  # reported by the checks
    yield from _changed(path, value, expression_changes(as_written(value), tree, scales), what)


def _facts(data: Mapping[str, Any], scales: Scales) -> Iterator[Mutant]:
    for name, fact in (data.get("facts") or {}).items():
        if isinstance(fact, dict) and fact.get("compute") is not None:
            yield from _expression(("facts", name, "compute"), fact["compute"], scales, name)


def _parameters(data: Mapping[str, Any]) -> Iterator[Mutant]:
    for name, parameter in (data.get("parameters") or {}).items():
        value, path = parameter.get("value"), ("parameters", name, "value")
        if isinstance(value, bool):
            yield Mutant(
                "parameter", path, as_written(value), as_written(not value), not value, name
            )
        elif isinstance(value, int | Decimal):
            for other in (value + 1, value - 1):
                yield Mutant("parameter", path, str(value), str(other), other, name)


def _tables(data: Mapping[str, Any], scales: Scales) -> Iterator[Mutant]:
    for base, table in _listed(data, "tables"):
        what = str(table.get("title") or table.get("id") or "")
        for name, text in (table.get("inputs") or {}).items():
            yield from _expression((*base, "inputs", name), text, scales, what)
        rows = list(_listed(table, "rows", base))
        gives = table.get("gives") or ()
        outputs = [gives] if isinstance(gives, str) else list(gives)
        for number, (path, row) in enumerate(rows, 1):
            label = f"{what} 第 {number} 行"
            if len(rows) > 1:
                old, around = f"第 {number} 行", str(row)
                yield Mutant("row", path, old, "（没有这一行）", DROPPED, label, around=around)
            yield from _cells(path, row, outputs, scales, label)
            for name in outputs:
                yield from _output(path, name, row, [r for _, r in rows], label)


def _cells(
    path: Path, row: Mapping[str, Any], outputs: list[str], scales: Scales, label: str
) -> Iterator[Mutant]:
    for column, cell in row.items():
        if column in ("basis", "note") or column in outputs:
            continue
        text = as_written(cell)
        try:
            tree = compile_unary(text).tree
        except FeelSyntaxError:
            continue  # reported by the checks
        changes = cell_changes(text, tree, {**scales, "?": scales.get(column, -1)})
        yield from _changed((*path, column), cell, changes, f"{label}“{column}”")


def _output(
    path: Path, name: str, row: Mapping[str, Any], rows: list[Mapping[str, Any]], label: str
) -> Iterator[Mutant]:
    """Another row's output: of those after it in turn, the first that differs."""
    own = as_written(row.get(name))
    after = rows.index(row) + 1
    others = [as_written(r.get(name)) for r in (*rows[after:], *rows[:after])]
    other = next((text for text in others if text != own), None)
    if other is not None:
        what = f"{label}“{name}”"
        yield Mutant("output", (*path, name), own, other, other, what, around=str(row))


def _conditions(data: Mapping[str, Any], scales: Scales) -> Iterator[Mutant]:
    for key, names in _EXPRESSIONS:
        for base, item in _listed(data, key):
            for name in names:
                value = item.get(name)
                yield from _expression((*base, name), value, scales, _title(item))
                if name == "when" and value is not None:
                    path = (*base, name)
                    yield Mutant(
                        "when", path, as_written(value), "（一律适用）", DROPPED, _title(item)
                    )


def _effects(data: Mapping[str, Any]) -> Iterator[Mutant]:
    for base, item in _listed(data, "criteria"):
        default = "correct" if item.get("stage") == "受理" else "refuse"
        old = item.get("effect") or default
        new = _OTHER_EFFECT[old]
        yield Mutant("effect", (*base, "effect"), old, new, new, _title(item))


def _materials(data: Mapping[str, Any]) -> Iterator[Mutant]:
    for base, item in _listed(data, "materials"):
        for name, default in (("core", True), ("commitable", False)):
            old = item.get(name, default)
            told = f"{_title(item)}（{name}）"
            yield Mutant(
                "material", (*base, name), as_written(old), as_written(not old), not old, told
            )
        for path, condition in _listed(item, "checks", base):
            yield from _expression((*path, "require"), condition.get("require"), {}, _title(item))


def _paths(data: Mapping[str, Any], scales: Scales) -> Iterator[Mutant]:
    for identity, path in (data.get("paths") or {}).items():
        entry = path.get("entry")
        if entry is not None:
            place, text = ("paths", identity, "entry"), as_written(entry)
            yield Mutant("entry", place, text, f"not({text})", f"not({text})", identity)
            yield from _expression(place, entry, scales, identity)


def _durations(data: Mapping[str, Any]) -> Iterator[Mutant]:
    places: list[tuple[Path, Mapping[str, Any], str]] = [
        (("time",), data.get("time") or {}, "时限")
    ]
    places += [(("paths", i), path, i) for i, path in (data.get("paths") or {}).items()]
    places += [(base, item, _title(item)) for base, item in _listed(data, "obligations")]
    for base, item in _listed(data, "materials"):
        if isinstance(item.get("deferrable"), dict):
            places.append(((*base, "deferrable"), item["deferrable"], _title(item)))
    for base, holder, what in places:
        for name in _DURATIONS:
            yield from _duration((*base, name), holder.get(name), f"{what}（{name}）")


def _duration(path: Path, written: Any, what: str) -> Iterator[Mutant]:
    number, _, unit = str(written or "").partition(" ")
    if number.isdecimal() and unit:
        for other in (int(number) + 1, int(number) - 1):
            new = f"{other} {unit}"
            yield Mutant("duration", path, str(written), new, new, what)


def _conclusions(data: Mapping[str, Any]) -> Iterator[Mutant]:
    rules = list(_listed(data, "conclusions"))
    for path, rule in rules:
        yield Mutant("conclusion", path, _title(rule), "（没有这一条）", DROPPED, _title(rule))
