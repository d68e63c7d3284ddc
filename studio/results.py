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
    presentable,
    render_letter_html,
    spoken_period,
    spoken_value,
)
from studio.complaints import Complaint
from studio.language import current_language

TAGS = {
    "满足": "met", "不满足": "unmet", "待核": "pending", "不适用": "plain",
    "免提交": "met", "已提交": "met", "以承诺代替": "info", "容缺后补": "info", "缺少": "unmet",
    "不需要": "plain",
    "准予": "met", "不予": "unmet", "不予受理": "unmet", "补正": "pending",
    "全部办结": "met", "部分办结": "info", "办理中": "pending", "未办结": "unmet",
}  # fmt: skip


@dataclass(frozen=True)
class TableRow:
    """One row of a decision table: its number from 1, its cells, how it came out."""

    number: int
    cells: tuple[str, ...]
    verdict: str  # hit, miss, unknown


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
    basis: tuple[str, ...]
    is_verified: bool
    is_default: bool


@dataclass(frozen=True)
class Result:
    """What came of one trial: a decision, or why there is none."""

    decision: Decision | None = None
    matter: Matter | None = None
    complaints: tuple[Complaint, ...] = ()  # of the application, at no field
    broken: tuple[Diagnostic, ...] = ()  # of the unsaved definition
    stopped: str = ""
    is_incomplete: bool = False
    asked_registers: bool = True

    @cached_property
    def shown(self) -> Decision | None:
        """The decision as it may be shown: sensitive facts and citizen numbers masked."""
        return None if self.decision is None else presentable(self.decision)

    @cached_property
    def tables(self) -> tuple[TableView, ...]:
        return tuple(self._tables())

    def _tables(self) -> Iterator[TableView]:
        if self.shown is None or self.matter is None:
            return
        results = {table.id: table for table in self.shown.tables}
        for table in self.matter.tables:
            found = results[table.id]
            names = (*table.columns, *table.gives)
            rows = tuple(
                TableRow(
                    number,
                    tuple(spoken_cell(row.cells.get(name, "-")) for name in names),
                    verdict,
                )
                for number, (row, verdict) in enumerate(
                    zip(table.rows, found.rows, strict=True), start=1
                )
            )
            yield TableView(
                id=table.id,
                title=table.label,
                columns=table.columns,
                gives=table.gives,
                rows=rows,
                hits=found.hits,
                values=tuple(found.values.items()),
                basis=found.basis,
                is_verified=found.is_verified,
                is_default=found.is_default,
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


def spoken_cell(text: str) -> str:
    """A table's cell as written, but for what is a programmer's word: true, null, a list."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    is_word = value is None or isinstance(value, bool | list)
    return spoken(value) if is_word else text


def length(period: str) -> str:
    """`20 working days` in words."""
    return spoken_period(period, current_language())


def spoken(value: object, unit: str = "") -> str:
    return spoken_value(value, unit, current_language())
