"""A matter as DMN: its facts, regional figures, tables and criteria, with what they rest on."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from engine.definitions import CodeSet, Criterion, FactDeclaration, Matter, Parameter, Row, Table
from engine.diagnostics import Diagnostics
from engine.feel import FeelType
from engine.feel.tokens import tokenize
from engine.feel.types import ANY
from engine.interchange.dmn_model import Clause, DecisionModel, Input, Model, Rule, TableModel, Text
from engine.interchange.dmn_types import ItemMaker, own_keys, quoted, shape_keys
from engine.profile import compile_cell, compile_rule
from engine.source import Document, Path

BASIS, NOTE = "依据", "说明"  # the annotation columns that we write
# Parts of a matter that are no decision logic of DMN's, and what they are called.
_LEFT: Final = {
    "materials": ("申请材料", "materials"),
    "paths": ("办理路径", "paths"),
    "conclusions": ("结论规则", "conclusion rules"),
    "obligations": ("后续义务", "obligations"),
    "benefits": ("给付", "benefits"),
    "result": ("办理结果", "result"),
    "time": ("时限", "time"),
    "guide": ("办事指南的补充内容", "additions to the guide"),
    "effective": ("施行期间", "dates in force"),
}
_NAMED: Final = ("key", "rule", "id", "title")  # what a part goes by, the first that it has
# Of a table, what DMN says itself.
_TABLE_SAID: Final = frozenset(
    (
        "title",
        "gives",
        "hit",
        "aggregation",
        "records",
        "inputs",
        "default",
        "allowed",
        "rows",
        "file",
    )
)
_HEAD: Final = frozenset(
    {"title", "facts", "parameters", "tables", "criteria", *_LEFT}  # what is said otherwise, or not
)


@dataclass(frozen=True)
class Surroundings:
    """What a matter stands in: the type of every name in scope, the code sets, the functions
    that only our engine has, and the names that it gives."""

    types: Mapping[str, FeelType]
    codes: Mapping[str, CodeSet]
    functions: frozenset[str]
    given: frozenset[str]


def export_matter(
    matter: Matter, around: Surroundings, document: Document, problems: Diagnostics
) -> Model:
    """The matter's decision logic. What DMN cannot say is added to `problems`, at its place in
    `document`: `dmn-lost` where it changes results, `dmn-left-out` where it does not.

    The matter must be free of errors.
    """
    exporter = _Exporter(matter, around, document, problems)
    return exporter.model()


class _Exporter:
    def __init__(
        self, matter: Matter, around: Surroundings, document: Document, problems: Diagnostics
    ) -> None:
        self.matter, self.around = matter, around
        self.document, self.problems = document, problems
        names = {*around.types, *matter.facts, *matter.parameters}
        self.items = ItemMaker(around.codes, frozenset(names))
        self.ids: dict[str, str] = {}  # the element that gives each name
        self.read: dict[str, None] = {}  # names that the engine gives, as they are read
        self.names = {*names, *(n for t in matter.tables for n in t.names)}

    def model(self) -> Model:
        matter = self.matter
        inputs = [
            self._input(name, fact) for name, fact in matter.facts.items() if fact.compute is None
        ]
        self._name_givers()
        decisions = [self._parameter(name, p) for name, p in matter.parameters.items()]
        for name, fact in matter.facts.items():
            if fact.compute is not None:
                decisions.append(self._computed(name, fact, fact.compute))
        for index, table in enumerate(matter.tables):
            decisions += self._table(index, table)
        for index, criterion in enumerate(matter.criteria):
            decisions += self._criterion(index, criterion)
        inputs += [self._given(name) for name in self.read]
        self._say_what_is_left()
        own = own_keys(matter, _HEAD)
        return Model(matter.title, tuple(self.items.items), tuple(inputs), tuple(decisions), own)

    def _name_givers(self) -> None:
        matter = self.matter
        self.ids |= {n: _id("parameter", n) for n in matter.parameters}
        for name, fact in matter.facts.items():
            self.ids[name] = _id("input" if fact.compute is None else "fact", name)
        for table in matter.tables:
            for name in table.names:
                single = len(table.names) == 1
                self.ids[name] = f"table_{table.id}" if single else _id("output", name)
        self.ids |= {name: _id("given", name) for name in sorted(self.around.given)}

    # --- facts and figures -----------------------------------------------------------------

    def _input(self, name: str, fact: FactDeclaration) -> Input:
        return Input(
            _id("input", name),
            name,
            self.items.of_shape(name, fact),
            fact.title or "",
            fact.note or "",
            shape_keys(fact),
        )

    def _given(self, name: str) -> Input:
        kind = self.items.of_feel(name, self.around.types.get(name, ANY))
        return Input(_id("given", name), name, kind, own={"kind": "given"})

    def _computed(self, name: str, fact: FactDeclaration, text: str) -> DecisionModel:
        return DecisionModel(
            _id("fact", name),
            name,
            self._feel(text, ("facts", name, "compute")),
            self.items.of_shape(name, fact),
            fact.title or "",
            description=fact.note or "",
            requires=self._requires(compile_rule(text).names),
            sources=_laws(fact.basis),
            own={"kind": "fact", **shape_keys(fact)},
        )

    def _parameter(self, name: str, parameter: Parameter) -> DecisionModel:
        kinds = {"text": "string", "integer": "number", "decimal": "number"}
        own = own_keys(parameter, frozenset({"type", "value", "title"}))
        return DecisionModel(
            _id("parameter", name),
            name,
            Text(_constant(parameter.value, parameter.type)),
            kinds.get(parameter.type, parameter.type),
            parameter.title or "",
            sources=_laws(parameter.basis),
            own={"kind": "parameter", "type": parameter.type, **own},
        )

    # --- tables ----------------------------------------------------------------------------

    def _table(self, index: int, table: Table) -> list[DecisionModel]:
        names = self._names_read(table)
        single = len(table.names) == 1
        name = table.names[0] if single else self._new_name(table)
        own = own_keys(table, _TABLE_SAID)
        whole = DecisionModel(
            f"table_{table.id}",
            name,
            self._logic(("tables", index), table),
            self._table_type(name, table),
            table.title or "",
            requires=self._requires(names),
            sources=_laws((*table.basis, *(b for row in table.rows for b in row.basis))),
            own={"kind": "table", **own},
        )
        if single:
            return [whole]
        return [whole, *(self._output(table, name, output) for output in table.names)]

    def _new_name(self, table: Table) -> str:
        """A name for the record that a table of several outputs gives."""
        name = table.id
        while name in self.names:
            name += "_"
        self.names.add(name)
        return name

    def _names_read(self, table: Table) -> frozenset[str]:
        inputs = [compile_rule(table.inputs.get(c, c)).names for c in table.columns]
        cells = [
            (compile_rule if column in table.gives else compile_cell)(text).names
            for row in table.rows
            for column, text in row.cells.items()
        ]
        defaults = [compile_rule(text).names for text in table.default.values()]
        return frozenset().union(*inputs, *cells, *defaults)

    def _table_type(self, name: str, table: Table) -> str:
        types = self.around.types
        if len(table.names) == 1:
            return self.items.of_feel(name, types.get(name, ANY))
        return "Any"

    def _logic(self, base: Path, table: Table) -> TableModel:
        columns = table.columns
        allowed = table.allowed
        inputs = tuple(self._input_clause(base, table, c, allowed) for c in columns)
        outputs = tuple(self._output_clause(base, table, n, allowed) for n in table.gives)
        rules = tuple(
            self._rule((*base, "rows", number), row, columns, table.gives)
            for number, row in enumerate(table.rows)
        )
        return TableModel(table.hit, table.aggregation or "", inputs, outputs, rules)

    def _input_clause(
        self, base: Path, table: Table, column: str, allowed: Mapping[str, str]
    ) -> Clause:
        text = self._feel(table.inputs.get(column, column), (*base, "inputs", column))
        kind = "" if column in table.inputs else self._simple_type(column)
        return Clause("", text, kind, column, self._maybe(allowed.get(column), base))

    def _output_clause(
        self, base: Path, table: Table, name: str, allowed: Mapping[str, str]
    ) -> Clause:
        default = self._maybe(table.default.get(name), base)
        shown = "" if len(table.gives) == 1 else name
        kind = self._simple_type(name)
        return Clause(shown, None, kind, name, self._maybe(allowed.get(name), base), default)

    def _simple_type(self, name: str) -> str:
        """The type of a column, where it is a plain one; a list is declared with its fact."""
        return str(getattr(self.around.types.get(name, ANY), "name", "")).replace("Null", "Any")

    def _rule(self, path: Path, row: Row, columns: Iterable[str], gives: Iterable[str]) -> Rule:
        cells = row.cells
        notes = [(BASIS, "；".join(str(b) for b in row.basis)), (NOTE, row.note or "")]
        return Rule(
            tuple(self._feel(cells.get(c, "-"), (*path, c)) for c in columns),
            tuple(self._feel(cells.get(n, "null"), (*path, n)) for n in gives),
            tuple((name, text) for name, text in notes if text),
            own_keys(row, frozenset({"note", *cells})),
        )

    def _output(self, table: Table, name: str, output: str) -> DecisionModel:
        """One output of a table under its own name, as others read it."""
        return DecisionModel(
            _id("output", output),
            output,
            Text(f"{name}.{output}"),
            self.items.of_feel(output, self.around.types.get(output, ANY)),
            requires=(f"table_{table.id}",),
            own={"kind": "output"},
        )

    # --- criteria --------------------------------------------------------------------------

    def _criterion(self, index: int, criterion: Criterion) -> Iterable[DecisionModel]:
        for part, text in (("when", criterion.when), ("require", criterion.require)):
            if text is None:
                continue
            own = {"kind": "criterion", "part": part, "id": criterion.id}
            if part == "require":
                own |= own_keys(criterion, frozenset({"point", "when", "require"}))
            word = {"when": "适用", "require": "满足"}[part]
            yield DecisionModel(
                f"criterion_{criterion.id}_{part}",
                f"{word}_{criterion.id}",
                self._feel(text, ("criteria", index, part)),
                "boolean",
                question=criterion.point if part == "require" else f"何时适用：{criterion.point}",
                requires=self._requires(compile_rule(text).names),
                sources=_laws(criterion.basis),
                own=own,
            )

    # --- expressions -----------------------------------------------------------------------

    def _feel(self, text: str, path: Path) -> Text:
        """The expression with half-width signs, which is all that others read."""
        said = self.around.functions
        names = (compile_cell if path[0] == "tables" else compile_rule)(text).names
        for function in sorted(names & said):
            self._report("dmn-lost", path, "函数", "the function", function,
                         "只有通办有这个函数，DMN 工具不能计算", "only Tongban has it")  # fmt: skip
        return Text(half_width(text))

    def _maybe(self, text: str | None, path: Path) -> Text | None:
        return None if text is None else Text(half_width(text))

    def _requires(self, names: frozenset[str]) -> tuple[str, ...]:
        found = sorted(n for n in names if n in self.ids)
        self.read |= {n: None for n in found if n in self.around.given}
        return tuple(dict.fromkeys(self.ids[n] for n in found))

    # --- what is left ----------------------------------------------------------------------

    def _say_what_is_left(self) -> None:
        for key, (zh, en) in _LEFT.items():
            value = getattr(self.matter, key)
            if self.document.node((key,)) is None or not value:
                continue
            listed = _names_of(value) or key
            self._report("dmn-left-out", (key,), zh, en, listed,
                         "DMN 只写判定，不写这一部分", "it is no decision logic")  # fmt: skip

    def _report(
        self, code: str, path: Path, zh: str, en: str, name: str, why_zh: str, why_en: str
    ) -> None:
        place = self.document.place(path, key=len(path) == 1)
        self.problems.add(
            code, place, excerpt=self.document.excerpt(place), way_zh="导出", way_en="exported",
            what_zh=zh, what_en=en, name=name, why_zh=why_zh, why_en=why_en,
        )  # fmt: skip


def _names_of(value: Any) -> str:
    """The ids of a matter's parts, or nothing for a part that is one."""
    if isinstance(value, tuple):
        return "、".join(
            next(str(getattr(v, n)) for n in _NAMED if getattr(v, n, None)) for v in value
        )
    return "、".join(value) if isinstance(value, Mapping) else ""


def half_width(text: str) -> str:
    """FEEL with the full-width signs and quotes that we read turned into those of the standard."""
    tokens, lints = tokenize(text)
    if not lints and "\u3000" not in text:
        return text
    pieces, last = [], 0
    for token in tokens:
        written = text[token.start : token.end]
        if token.kind == "string":
            written = (
                '"' + written[1:-1].replace('"', '\\"') + '"' if written[0] != '"' else written
            )
        elif token.kind in ("symbol", "number"):
            written = token.text
        pieces += [text[last : token.start].replace("\u3000", " "), written]
        last = token.end
    return "".join(pieces)


def _constant(value: bool | Decimal | str | None, kind: str) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return f"date({quoted(value)})" if kind == "date" else quoted(value)


def _laws(bases: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(basis) for basis in bases))


def _id(kind: str, name: str) -> str:
    """An ASCII id that stays when others come and go: modellers take no Chinese ids."""
    return f"{kind}_{hashlib.sha256(name.encode()).hexdigest()[:10]}"
