"""Decision tables in words: each row a sentence, and which of the rows that apply counts."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.definitions import Matter, Row, Table
from engine.definitions.tables import RANKED
from engine.prose.expressions import (
    Column,
    claim_of_cell,
    computed,
    lexicon_of,
    named,
    output,
    short_output,
    short_words,
)
from engine.prose.lexicon import Lexicon
from engine.prose.phrases import Bond, Phrase, phrase, series
from engine.prose.sorts import Sort
from engine.prose.words import Words, as_written

_HITS = {
    "unique": Words(
        "任何情形至多适用其中一行；两行同时适用的，是规则有误，不作决定。",
        "At most one row applies to any case; where two do, the rules are wrong and nothing is decided.",
    ),
    "any": Words(
        "几行同时适用的，其结果必须相同。", "Where several rows apply, they must give the same."
    ),
    "first": Words("几行同时适用的，以排在最前的一行为准。", "Where several rows apply, the first counts."),
    "priority": Words(
        "几行同时适用的，以结果在“优先次序”中最靠前的一行为准。",
        "Where several rows apply, the one whose result ranks highest counts.",
    ),
    "rule_order": Words(
        "几行同时适用的，各行结果按行的先后全部列出。",
        "Where several rows apply, all their results are listed in the order of the rows.",
    ),
    "output_order": Words(
        "几行同时适用的，各行结果按“优先次序”全部列出。",
        "Where several rows apply, all their results are listed by rank.",
    ),
    "collect": Words(
        "几行同时适用的，各行结果全部列出。", "Where several rows apply, all their results are listed."
    ),
}  # fmt: skip
_SUMMED = {
    "sum": Words(
        "几行同时适用的，取各行结果的合计。",
        "Where several rows apply, their results are added up.",
    ),
    "min": Words("几行同时适用的，取最小的结果。", "Where several rows apply, the least counts."),
    "max": Words(
        "几行同时适用的，取最大的结果。", "Where several rows apply, the greatest counts."
    ),
    "count": Words("结果为适用的行数。", "The result is how many rows apply."),
}


@dataclass(frozen=True, slots=True)
class TableProse:
    """A table as sentences, in the order of its rows; `note` says which row counts."""

    id: str
    title: str
    note: Words
    rows: tuple[Words, ...]


def spoken_table(table: Table, matter: Matter | None = None) -> TableProse:
    lexicon = lexicon_of(matter)
    rows = [spoken_row(table, row, lexicon) for row in table.rows]
    note = spoken_hit(table)
    for name in table.gives if table.hit in RANKED else ():
        if name in table.allowed:
            order = short_words(table.allowed[name], lexicon)
            note = Words(
                f"{note.zh}{name}的优先次序：{order.zh}。",
                f"{note.en} {name} ranks in this order: {order.en}.",
            )
    return TableProse(table.id, table.label, note, (*rows, *_default(table, lexicon)))


def spoken_hit(table: Table) -> Words:
    """Which row counts where several apply."""
    return _HITS[table.hit] if table.aggregation is None else _SUMMED[table.aggregation]


def spoken_row(table: Table, row: Row, lexicon: Lexicon) -> Words:
    """`场所类型为“理发”的，最低面积为10 m²`."""
    given = series(Bond.OPEN, "；", "; ", _given(table, row.cells, lexicon))
    claims = [c for name in table.columns if (c := _claim(table, row, name, lexicon)) is not None]
    if not claims:
        return Words(f"任何情形，{given.zh}。", f"In every case: {given.en}.")
    condition = series(Bond.LOGIC, "，并且", ", and ", (c.fit(Bond.CLAIM) for c in claims))
    if len(claims) == 1 and claims[0].bond < Bond.CLAIM:
        condition = claims[0]
    return Words(f"{condition.zh}的，{given.zh}。", f"Where {condition.en}: {given.en}.")


def column_cell(table: Table, name: str, cell: str, matter: Matter) -> Words:
    """A cell of an input column under its heading, figures with the column's unit."""
    lexicon = lexicon_of(matter)
    return short_words(cell, lexicon, _column(table, name, lexicon).sort)


def given_cell(table: Table, name: str, cell: str, matter: Matter) -> Words:
    """A cell of an output column under its heading."""
    lexicon = lexicon_of(matter)
    return short_output(cell, lexicon, _of_row(table, name, named(name, lexicon).sort))


def _of_row(table: Table, name: str, sort: Sort) -> Sort:
    """What one row gives has the output's own unit, whatever is made of several rows."""
    return Sort(sort.kind, table.units.get(name, "") or sort.unit)


def column_title(table: Table, name: str, matter: Matter) -> Words:
    """The heading of a column: the fact's label."""
    return as_written(name if name in table.inputs else lexicon_of(matter).entry(name).label)


def _column(table: Table, name: str, lexicon: Lexicon) -> Column:
    expression = table.inputs.get(name)
    return named(name, lexicon) if expression is None else computed(expression, lexicon)


def _claim(table: Table, row: Row, name: str, lexicon: Lexicon) -> Phrase | None:
    return claim_of_cell(row.cells.get(name, "-"), lexicon, _column(table, name, lexicon))


def _given(table: Table, cells: dict[str, str], lexicon: Lexicon) -> Iterator[Phrase]:
    for name in table.gives:
        given = named(name, lexicon)
        value = output(cells.get(name, "null"), lexicon, _of_row(table, name, given.sort))
        yield phrase(Bond.CLAIM, "{0}为{1}", "{0} is {1}", given.said, value.fit(Bond.SUM))


def _default(table: Table, lexicon: Lexicon) -> Iterator[Words]:
    """What is given where no row applies."""
    if table.default:
        given = series(Bond.OPEN, "；", "; ", _given(table, table.default, lexicon))
        yield Words(f"都不适用的，{given.zh}。", f"Where none applies: {given.en}.")
