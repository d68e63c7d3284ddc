"""Decision tables of a DMN model as decision tables of ours."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from engine.definitions import Basis, Table
from engine.feel.tokens import is_plain_name
from engine.interchange.dmn_export import BASIS, NOTE
from engine.interchange.dmn_inference import shape_of_tests
from engine.interchange.dmn_model import DecisionModel, Rule, TableModel, Text
from engine.interchange.dmn_translation import LISTING, Translation
from engine.interchange.dmn_types import OPEN

_NUMBER: Final = re.compile(r"0|-?(?:[1-9][0-9]{0,30}|(?:0|[1-9][0-9]{0,30})\.[0-9]{1,20})")
_PATH: Final = re.compile(r"[\w.]*\.(\w+)")
_BASIS_WORDS: Final = (BASIS, "法律依据", "basis", "legal basis")
_NOTE_WORDS: Final = (
    "",
    NOTE,
    "备注",
    "annotation",
    "annotations",
    "note",
    "remark",
    "remarks",
    "comment",
    "description",
)
_REASON: Final = "自 DMN 文件导入：原模型以先后（优先次序）取结果"


class TableImport:
    """Makes tables; `made` are their data, in order."""

    def __init__(self, translation: Translation) -> None:
        self._translation, self._names = translation, translation.names
        self.made: list[dict[str, Any]] = []

    def given(self) -> Iterator[str]:
        """The facts that the tables give."""
        for table in self.made:
            if "records" in table:
                yield table["records"]
            else:
                yield from [table["gives"]] if isinstance(table["gives"], str) else table["gives"]

    def add(self, decision: DecisionModel, table: TableModel) -> None:
        own = {k: v for k, v in decision.own.items() if k in Table.model_fields}
        is_ours = decision.own.get("kind") == "table"
        identity = str(own.pop("id", "")) or self._table_id(decision)
        gives = self._gives(decision, table)
        columns, inputs = self._columns(table, gives, is_ours)
        data: dict[str, Any] = {"id": identity}
        if decision.label or decision.question:
            data["title"] = decision.label or decision.question
        data["gives"] = gives if len(gives) > 1 else gives[0]
        data |= {"hit": table.hit} if table.hit != "unique" else {}
        data |= {"aggregation": table.aggregation} if table.aggregation else {}
        if len(gives) > 1 and table.hit in LISTING:
            data["records"] = self._names.variables[decision.name]
        data |= own
        if table.hit in ("first", "priority"):
            data.setdefault("reason", _REASON)
        if "basis" not in own and not is_ours and decision.sources:
            data["basis"] = [{"law": law} for law in decision.sources]
        data |= {"inputs": inputs} if inputs else {}
        data |= self._values(table, columns, gives)
        for name, clause in zip(gives, table.outputs, strict=False):
            kind = clause.type if clause.type not in OPEN else decision.type
            self._translation.shapes.setdefault(name, self._translation.types.shape(kind))
        data["rows"] = [self._row(rule, columns, gives) for rule in table.rules]
        self.made.append(data)
        self._learn_columns(table, columns, inputs, data["rows"])

    def _table_id(self, decision: DecisionModel) -> str:
        for name in (decision.id, decision.name):
            words = "".join(c if c.isascii() and c.isalnum() else " " for c in name.lower()).split()
            identity = "_".join(words)[:60]
            if identity[:1].isalpha() and all(t["id"] != identity for t in self.made):
                return identity
        return f"table_{len(self.made) + 1}"

    def _gives(self, decision: DecisionModel, table: TableModel) -> list[str]:
        if len(table.outputs) <= 1:
            return [self._names.variables[decision.name]]
        if table.hit in LISTING:
            return [self._names.entry(clause.name) for clause in table.outputs]
        return [
            self._names.outputs[decision.name, clause.name or f"{decision.name}_{number}"]
            for number, clause in enumerate(table.outputs, 1)
        ]

    def _columns(
        self, table: TableModel, gives: list[str], is_ours: bool
    ) -> tuple[list[str], dict[str, str]]:
        """The name of each input column, and the expressions of those that are computed."""
        columns: list[str] = []
        computed: dict[str, str] = {}
        for clause in table.inputs:
            text = self._translation.expression(clause.expression) if clause.expression else ""
            if not text:
                self._translation.reader.report("dmn-lost", clause.at, "条件列", "the input", clause.label,
                                   "没有写条件所看的表达式", "it has no expression")  # fmt: skip
                text = "null"
            name = clause.label if is_ours and is_plain_name(clause.label) else text
            if not is_plain_name(name) or name in (*columns, *gives, "null"):
                name = self._new_column(clause.label, text, len(columns) + 1, (*columns, *gives))
            columns.append(name)
            if name != text:
                computed[name] = text
        return columns, computed

    def _new_column(self, label: str, text: str, number: int, taken: tuple[str, ...]) -> str:
        """A name for a computed column: its label, what its path ends in, or its number."""
        path = _PATH.fullmatch(text)
        for word in (label.strip(), path[1] if path else ""):
            name = self._names.entry(word) if word else ""
            if is_plain_name(name) and name not in taken:
                return self._names.fresh(name)
        return self._names.fresh(f"条件{number}")

    def _values(
        self, table: TableModel, columns: list[str], gives: list[str]
    ) -> Iterator[tuple[str, dict[str, str]]]:
        clauses = [
            *zip(columns, table.inputs, strict=True),
            *zip(gives, table.outputs, strict=False),
        ]
        allowed = {n: self._translation.cell(c.values) for n, c in clauses if c.values is not None}
        default = {
            n: self._translation.expression(c.default) for n, c in clauses if c.default is not None
        }
        if default:
            yield "default", default
        if allowed:
            yield "allowed", allowed

    def _row(self, rule: Rule, columns: list[str], gives: list[str]) -> dict[str, Any]:
        inputs, outputs = self._fitting(rule, len(columns), len(gives))
        cells = [self._translation.cell(text) for text in inputs] + [
            self._translation.expression(t) for t in outputs
        ]
        row = dict(zip((*columns, *gives), map(_plain_cell, cells), strict=True))
        return {**row, **_row_notes(rule)}

    def _fitting(
        self, rule: Rule, inputs: int, outputs: int
    ) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
        """As many cells as there are columns; another number is reported."""
        if len(rule.inputs) != inputs or len(rule.outputs) != outputs:
            name = rule.at.get("id") if rule.at is not None else ""
            self._translation.reader.report(
                "dmn-lost", rule.at, "规则行", "the row", name,
                f"有 {len(rule.inputs)} 个条件和 {len(rule.outputs)} 个输出，"
                f"表头有 {inputs} 个条件和 {outputs} 个输出",
                "its cells are not as many as the columns",
            )  # fmt: skip
        padded = (*rule.inputs, *(Text("-", rule.at) for _ in range(inputs)))
        filled = (*rule.outputs, *(Text("null", rule.at) for _ in range(outputs)))
        return padded[:inputs], filled[:outputs]

    def _learn_columns(
        self,
        table: TableModel,
        columns: list[str],
        inputs: Mapping[str, str],
        rows: list[dict[str, Any]],
    ) -> None:
        """What a column's type or its cells tell of the fact it reads."""
        for name, clause in zip(columns, table.inputs, strict=True):
            text = inputs.get(name, name)
            if not is_plain_name(text) or text in self._translation.hints:
                continue
            shape: Mapping[str, Any] | None = None
            if clause.type not in OPEN:
                shape = self._translation.types.shape(clause.type)
            shape = shape or shape_of_tests(_cell_text(row[name]) for row in rows)
            if shape is not None:
                self._translation.hints[text] = shape


def _plain_cell(text: str) -> bool | Decimal | str:
    """Numbers and truth values need no quotes."""
    if text in ("true", "false"):
        return text == "true"
    return Decimal(text) if _NUMBER.fullmatch(text) else text


def _cell_text(cell: bool | Decimal | str) -> str:
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def _row_notes(rule: Rule) -> dict[str, Any]:
    """The basis and the note of a row. Where somebody has rewritten the words shown for a basis,
    the words count and not what we kept of it."""
    kept = rule.own.get("basis")
    found: dict[str, Any] = {"basis": kept} if kept else {}
    notes = []
    for name, text in rule.annotations:
        if name.strip().lower() in _BASIS_WORDS:
            if _shown(kept) != text:
                found["basis"] = [{"law": text}]
        else:
            notes.append(text if name.strip().lower() in _NOTE_WORDS else f"{name}：{text}")
    return found | ({"note": "；".join(notes)} if notes else {})


def _shown(kept: Any) -> str | None:
    if not isinstance(kept, list) or not all(isinstance(b, dict) and "law" in b for b in kept):
        return None
    laws = ((str(b["law"]), str(b.get("article") or "") or None) for b in kept)
    return "；".join(str(Basis(law=law, article=article)) for law, article in laws)
