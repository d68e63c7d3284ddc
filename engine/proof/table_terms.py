"""Decision tables as formulas: which rows are hit, what is given, and when a table contradicts itself."""

from collections.abc import Mapping
from dataclasses import dataclass

import z3

from engine.decision.tables import CompiledTable
from engine.proof.encoding import Encoding, Names, NotEncodable, alike
from engine.proof.terms import (
    NO,
    NULL,
    Formula,
    Term,
    both,
    either,
    kleene_and,
    merged,
    opposite,
)


@dataclass(frozen=True, slots=True, eq=False)
class TableTerms:
    """A table's answer. By row: surely hit, and neither hit nor missed for sure.

    `conflict` is where the engine stops for rows that clash, `refused` where it stops for a value
    outside `allowed`; `fallback` where no row can be hit.
    """

    values: Mapping[str, Term]
    hits: tuple[Formula, ...]
    unknown: tuple[Formula, ...]
    conflict: Formula
    refused: Formula

    @property
    def is_hit(self) -> Formula:
        return either(*self.hits)

    @property
    def fallback(self) -> Formula:
        return opposite(either(*self.hits, *self.unknown))


def answered(encoding: Encoding, compiled: CompiledTable, names: Names) -> TableTerms:
    """The answer of a table over terms by name."""
    columns = {c: encoding.expression(e, names) for c, e in compiled.columns.items()}
    met = [
        kleene_and([encoding.cell(cell, columns[c], names) for c, cell in row.items()])
        for row in compiled.tests
    ]
    hits = tuple(row.is_true for row in met)
    unknown = tuple(opposite(row.known) for row in met)
    given = [
        {n: encoding.expression(row[n], names) if n in row else NULL for n in compiled.table.gives}
        for row in compiled.outputs
    ]
    default = {n: encoding.expression(e, names) for n, e in compiled.default.items()}
    fallback = opposite(either(*hits, *unknown))
    refused = _refused(encoding, compiled, columns, hits, given, default, fallback)
    if compiled.table.hit not in ("unique", "any", "first") or compiled.table.aggregation:
        # Lists and rankings are left free: the rules around them are still held to all they can be.
        free = {
            n: encoding.variable(f"{compiled.table.id}.{n}", "other") for n in compiled.table.names
        }
        return TableTerms(free, hits, unknown, NO, refused)
    values = {
        name: _output(encoding, compiled, name, hits, unknown, given, default, fallback)
        for name in compiled.table.gives
    }
    return TableTerms(values, hits, unknown, _conflict(compiled, hits, given), refused)


def _output(
    encoding: Encoding,
    compiled: CompiledTable,
    name: str,
    hits: tuple[Formula, ...],
    unknown: tuple[Formula, ...],
    given: list[dict[str, Term]],
    default: Mapping[str, Term],
    fallback: Formula,
) -> Term:
    answer: Term | None = merged(fallback, default.get(name, NULL), NULL)
    for place in range(len(hits) - 1, -1, -1):
        certain = hits[place]
        if compiled.table.hit == "first":
            # A row that may be hit above it leaves the answer open.
            certain = both(certain, opposite(either(*unknown[:place])))
            blocked = both(hits[place], either(*unknown[:place]))
            answer = _joined(blocked, NULL, answer)
        answer = _joined(certain, given[place][name], answer)
    if answer is None:
        return encoding.variable(f"{compiled.table.id}.{name}", "other")
    return answer


def _joined(condition: Formula, one: Term, other: Term | None) -> Term | None:
    return None if other is None else merged(condition, one, other)


def _conflict(
    compiled: CompiledTable, hits: tuple[Formula, ...], given: list[dict[str, Term]]
) -> Formula:
    if compiled.table.hit == "first" or len(hits) < 2:
        return NO
    if compiled.table.hit == "unique":
        sure = [hit for hit in hits if not z3.is_false(hit)]
        return z3.AtLeast(*sure, 2) if len(sure) > 1 else NO
    clashes = []
    for later in range(1, len(hits)):
        for earlier in range(later):
            together = both(hits[earlier], hits[later])
            clashes.append(both(together, _disagree(given[earlier], given[later])))
    return either(*clashes)


def _disagree(one: Mapping[str, Term], other: Mapping[str, Term]) -> Formula:
    parts = []
    for name in one:
        try:
            parts.append(alike(one[name], other[name]).is_false)
        except NotEncodable:
            # Lists that are written alike give alike; of others nothing is known.
            same = one[name].identity == other[name].identity
            parts.append(NO if same else z3.FreshBool("disagree"))
    return either(*parts)


def _refused(
    encoding: Encoding,
    compiled: CompiledTable,
    columns: Mapping[str, Term],
    hits: tuple[Formula, ...],
    given: list[dict[str, Term]],
    default: Mapping[str, Term],
    fallback: Formula,
) -> Formula:
    """Where a column's or an output's value is outside the values allowed for it."""
    parts = []
    for name, cell in compiled.allowed.items():
        if name in columns:
            parts.append(encoding.cell(cell, columns[name], {}).is_false)
        for hit, outputs in zip(hits, given, strict=True):
            if name in outputs:
                outside = encoding.cell(cell, outputs[name], {}).is_false
                parts.append(both(hit, outputs[name].known, outside))
        if name in default:
            outside = encoding.cell(cell, default[name], {}).is_false
            parts.append(both(fallback, default[name].known, outside))
    return either(*parts)
