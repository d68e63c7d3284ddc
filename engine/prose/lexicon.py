"""What the names in a matter's expressions are called, and what sort of thing they name."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from types import MappingProxyType

from engine.definitions import Matter, Table
from engine.definitions.tables import LISTING
from engine.prose.sorts import (
    BOOLEAN,
    DATE,
    NUMBER,
    TEXT,
    UNKNOWN,
    Sort,
    sort_of_shape,
    sort_of_value,
)

# What the engine itself provides to every matter.
_PROVIDED: Mapping[str, Sort] = MappingProxyType(
    {
        "申请日期": DATE,
        "地区": TEXT,
        "办理路径": TEXT,
        "申请人": Sort(
            "record",
            fields=dict.fromkeys(("名称", "证件类型", "证件号码", "主体类型", "代理人"), TEXT),
        ),
    }
)
# In a label these could be taken for the sentence's own.
_MARKS = re.compile(
    "[，；。：、“”「」+×÷−()]|并且|或者|如果|否则|以上|以下|超过|不满|不早于|不晚于|即"
)
_ASIDE = re.compile("（[^（）]*）")


@dataclass(frozen=True)
class Entry:
    """A name with its label and sort; `compute` is how rules compute it, where they do."""

    label: str
    sort: Sort = UNKNOWN
    compute: str = ""


@dataclass(frozen=True)
class Lexicon:
    """The names of one matter, or of none: names that nothing declares are called what they are."""

    matter: Matter | None = None
    more: Mapping[str, Sort] = field(default_factory=dict)

    def entry(self, name: str) -> Entry:
        found = self._entries.get(name)
        if found is not None:
            return found
        sort = self.more.get(name, UNKNOWN)
        return Entry(sort.label or name, sort)

    @cached_property
    def _entries(self) -> Mapping[str, Entry]:
        if self.matter is None:
            return {}
        entries = {name: Entry(name, sort) for name, sort in _PROVIDED.items()}
        for name, figure in self.matter.parameters.items():
            kind = {"integer": "number", "decimal": "number"}.get(figure.type, figure.type)
            entries[name] = Entry(name, Sort(kind, figure.unit or ""))
        for table in self.matter.tables:
            entries |= _entries_given(table, entries)
        for name, fact in self.matter.facts.items():
            sort = sort_of_shape(fact)
            entries[name] = Entry(sort.label or name, sort, fact.compute or "")
        return _told_apart(entries)


def _entries_given(table: Table, known: Mapping[str, Entry]) -> Mapping[str, Entry]:
    """What a table gives: its outputs, lists of them, or one list of records of them."""
    outputs = {name: _given(table, name, known) for name in table.gives}
    if table.records is not None:
        return {
            table.records: Entry(table.records, Sort("list", item=Sort("record", fields=outputs)))
        }
    is_list = table.hit in LISTING and table.aggregation is None
    if table.aggregation == "count":
        outputs = dict.fromkeys(outputs, NUMBER)
    return {
        name: Entry(name, Sort("list", item=sort) if is_list else sort)
        for name, sort in outputs.items()
    }


def _given(table: Table, name: str, known: Mapping[str, Entry]) -> Sort:
    """The sort of an output, by the first cell that shows it."""
    unit = table.units.get(name, "")
    for row in table.rows:
        cell = row.cells.get(name, "")
        sort = known[cell].sort if cell in known else _sort_of_cell(cell)
        if sort is not UNKNOWN:
            return Sort(sort.kind, unit or sort.unit, sort.item)
    return Sort("", unit)


def _sort_of_cell(cell: str) -> Sort:
    if cell in ("true", "false"):
        return BOOLEAN
    if cell.startswith('"'):
        return TEXT
    if cell.startswith("["):
        return Sort("list")
    try:
        return sort_of_value(Decimal(cell))
    except InvalidOperation:
        return UNKNOWN


def _told_apart(entries: Mapping[str, Entry]) -> Mapping[str, Entry]:
    """Two names under one label would be one thing to the reader: both show their names too."""
    shared = Counter(entry.label for entry in entries.values())
    return {
        name: Entry(f"{entry.label}〔{name}〕", entry.sort, entry.compute)
        if shared[entry.label] > 1 and entry.label != name
        else entry
        for name, entry in entries.items()
    }


def is_plain(label: str) -> bool:
    """Whether a label can stand in a sentence without being taken for a part of it."""
    bare = _ASIDE.sub("", label)
    return bool(bare) and not _MARKS.search(bare) and not set("（）") & set(bare)


NO_LEXICON = Lexicon()
