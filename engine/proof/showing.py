"""What a table does with a case, found by the engine itself: nothing is said that was not seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.decision.hit_policies import RowsConflict, TableStopped, ValueNotAllowed
from engine.decision.program import DAY, REGION, Program
from engine.decision.tables import CompiledTable
from engine.diagnostics import TongbanError
from engine.proof.domains import Domain
from engine.proof.realising import Shows, context_of, realise
from engine.proof.witnesses import Witness, try_witness


class ProofDisagrees(TongbanError):
    """The engine does not do with a case what the proof says it does: one of the two is wrong."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A witness with what the engine made of it."""

    witness: Witness
    said_zh: str


def no_answer(*, may_wait: bool) -> Shows:
    """Whether no row answers; `may_wait` says that rows which only 待核 keeps open do not count."""

    def shows(compiled: CompiledTable, context: Mapping[str, Any]) -> bool:
        try:
            answer = compiled.answer(context)
        except ValueNotAllowed as stop:
            return stop.row is None
        except TableStopped:
            return False
        is_empty = all(value is None for value in answer.values.values())
        is_open = "unknown" in answer.rows
        return not answer.hits and is_empty and not answer.is_default and (may_wait or not is_open)

    return shows


def rows_conflict(row: int, other: int) -> Shows:
    """Whether the engine refuses to answer since both rows (from 0) are hit."""

    def shows(compiled: CompiledTable, context: Mapping[str, Any]) -> bool:
        try:
            compiled.answer(context)
        except RowsConflict as conflict:
            return {row + 1, other + 1} <= set(conflict.rows)
        except TableStopped:
            pass  # something else is wrong there
        return False

    return shows


def show(
    program: Program,
    compiled: CompiledTable,
    domains: Mapping[str, Domain],
    inputs: Mapping[str, Any],
    shows: Shows,
    *,
    is_sure: bool = True,
) -> Shown | None:
    """An application in which the table does what `shows` asks, decided by the engine.

    None where the inputs are computed and no facts were found that give them, or where nobody can
    apply so. Raises ProofDisagrees where the engine does otherwise with the very facts, if the
    proof `is_sure`.
    """
    facts = realise(program, compiled, domains, inputs, shows)
    if facts is None:
        if is_sure and all(domains[name].origin in ("given", "engine") for name in inputs):
            raise ProofDisagrees(
                f"引擎与证明不一致：表“{compiled.table.label}”，{dict(inputs)}"
                f" / the engine and the proof disagree on table {compiled.table.id!r}"
            )
        return None
    context = context_of(program, compiled, facts)
    follows = {
        name: compiled.columns[name].evaluate(context)
        for name, domain in ((name, domains[name]) for name in inputs)
        if domain.origin not in ("given", "engine") and name in compiled.columns
    }
    witness = Witness(
        program.matter.matter,
        facts.pop(DAY, program.on),
        facts.pop(REGION, program.region),
        facts,
        follows=follows,
    )
    trial = try_witness(program.workspace, witness)
    return None if trial.refused else Shown(witness, trial.words_zh)
