"""A decision as the trial page shows it: tables with their rows' verdicts beside their texts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from engine import (
    Decision,
    Diagnostic,
    Matter,
    decision_to_json,
    render_letter_html,
    spoken_value,
)
from studio.language import current_language

TAGS = {
    "满足": "met", "不满足": "unmet", "待核": "pending", "不适用": "plain",
    "免提交": "met", "已提交": "met", "以承诺代替": "info", "容缺后补": "info", "缺少": "unmet",
    "不需要": "plain",
    "准予": "met", "不予": "unmet", "不予受理": "unmet", "补正": "pending",
}  # fmt: skip


@dataclass(frozen=True)
class TableRow:
    """One row of a decision table: its number from 1, its cells, how it came out."""

    number: int
    cells: tuple[str, ...]
    verdict: str  # hit, miss, unknown
    basis: str


@dataclass(frozen=True)
class TableView:
    """A decision table as a person reads it."""

    id: str
    title: str
    columns: tuple[str, ...]
    gives: tuple[str, ...]
    rows: tuple[TableRow, ...]
    hits: tuple[int, ...]
    values: tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Result:
    """What came of one trial: a decision, or why there is none."""

    decision: Decision | None = None
    matter: Matter | None = None
    diagnostics: tuple[Diagnostic, ...] = ()  # of the application
    broken: tuple[Diagnostic, ...] = ()  # of the unsaved definition
    stopped: str = ""
    is_incomplete: bool = False
    asked_registers: bool = True

    @cached_property
    def tables(self) -> tuple[TableView, ...]:
        return tuple(self._tables())

    def _tables(self) -> Iterator[TableView]:
        if self.decision is None or self.matter is None:
            return
        results = {table.id: table for table in self.decision.tables}
        for table in self.matter.tables:
            found = results[table.id]
            names = (*table.columns, *table.gives)
            rows = tuple(
                TableRow(
                    number,
                    tuple(row.cells.get(name, "-") for name in names),
                    verdict,
                    "；".join(str(basis) for basis in row.basis),
                )
                for number, (row, verdict) in enumerate(
                    zip(table.rows, found.rows, strict=True), start=1
                )
            )
            values = tuple(found.values.items())
            yield TableView(
                table.id, table.label, table.columns, table.gives, rows, found.hits, values
            )

    @property
    def letter(self) -> Markup:
        """The applicant's letter; escaped by its own template."""
        assert self.decision is not None
        return Markup(render_letter_html(self.decision, current_language(), self.matter))

    @property
    def receipt(self) -> str:
        assert self.decision is not None
        receipt = decision_to_json(self.decision)["receipt"]
        return json.dumps(receipt, ensure_ascii=False, indent=2)


def tag_class(word: str) -> str:
    """The style class of a verdict; the word itself is always shown beside the colour."""
    return f"tag tag-{TAGS.get(word, 'plain')}"


def outcome_class(word: str) -> str:
    return f"outcome outcome-{TAGS.get(word, 'pending')}"


def spoken(value: object, unit: str = "") -> str:
    return spoken_value(value, unit, current_language())
