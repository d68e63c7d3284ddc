"""Tables that are no boxes, or whose inputs are computed: asked of the solver, shown by the engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from engine.decision.hit_policies import RowsConflict, TableStopped
from engine.decision.program import Program
from engine.decision.tables import CompiledTable
from engine.feel import FeelSyntaxError
from engine.proof.analysis import answers_without_rows
from engine.proof.encoding import NotEncodable
from engine.proof.questions import PathQuestions, Shown
from engine.proof.realising import Shows, context_of
from engine.proof.showing import no_answer
from engine.proof.table_terms import TableTerms
from engine.proof.terms import Formula, both, either, opposite
from engine.proof.witnesses import Witness

# Impossible is proved; unknown is 未证明, also where a case was found that the engine does not bear out.
Outcome = Literal["impossible", "unknown"]


@dataclass(frozen=True, slots=True)
class Case:
    """A case that the engine bears out; `rows` (from 0) are those that clash in it."""

    witness: Witness
    said_zh: str
    rows: tuple[int, ...] = field(default=())


_Asking = Callable[[TableTerms], Formula]


def _taken(terms: TableTerms, row: int, is_first: bool) -> Formula:
    if not is_first:
        return terms.hits[row]
    before = either(*terms.hits[:row], *terms.unknown[:row])
    return both(terms.hits[row], opposite(before))


def _clash(compiled: CompiledTable, context: Mapping[str, Any]) -> tuple[int, ...]:
    """The rows (from 0) that the engine says are hit together."""
    try:
        compiled.answer(context)
    except RowsConflict as conflict:
        return tuple(row - 1 for row in conflict.rows)
    except TableStopped:
        pass  # something else is wrong there
    return ()


class TableSolver:
    """What may happen in one table, over everything that can be stated in a region on a day."""

    def __init__(self, program: Program, table: str, timeout: float) -> None:
        self._program, self._compiled = program, program.tables[table]
        self._questions = PathQuestions(program, "general", timeout)

    def gap(self) -> Case | Outcome:
        """A case in which no row answers although none waits for 待核."""
        needs_rows = not answers_without_rows(self._compiled)
        return self._asked(
            lambda terms: either(terms.fallback, terms.refused) if needs_rows else terms.refused,
            no_answer(may_wait=False),
        )

    def clash(self) -> Case | Outcome:
        """A case in which rows are hit that exclude each other, or should agree."""
        return self._asked(lambda terms: terms.conflict, lambda table, c: bool(_clash(table, c)))

    def dead_rows(self) -> tuple[int, ...] | None:
        """Rows (from 0) that are never taken; None where some question was not answered."""
        is_first = self._compiled.table.hit == "first"
        dead = []
        for row in range(len(self._compiled.tests)):
            verdict = self._verdict(lambda terms, row=row: _taken(terms, row, is_first))  # type: ignore[misc]
            if verdict == "unknown":
                return None
            if verdict == "impossible":
                dead.append(row)
        return tuple(dead)

    @cached_property
    def _terms(self) -> TableTerms | None:
        try:
            return self._questions.all_cases.review.tables[self._compiled.table.id]
        except NotEncodable:
            return None

    def _verdict(self, formula: _Asking) -> str:
        if self._terms is None:
            return "unknown"
        return self._questions.verdict(self._questions.all_cases, formula(self._terms))

    def _asked(self, formula: _Asking, shows: Shows) -> Case | Outcome:
        verdict = self._verdict(formula)
        if verdict != "possible":
            return "impossible" if verdict == "impossible" else "unknown"
        terms = self._questions.exact_cases.review.tables[self._compiled.table.id]
        shown = self._questions.show(formula(terms))
        if not isinstance(shown, Shown) or shown.trial.refused:
            return "unknown"
        facts = dict(shown.witness.facts)
        try:
            context = context_of(self._program, self._compiled, facts)
            if not shows(self._compiled, context):
                return "unknown"
            return Case(shown.witness, shown.trial.words_zh, _clash(self._compiled, context))
        except FeelSyntaxError:
            return "unknown"  # too much work: no decision can be made on such facts
