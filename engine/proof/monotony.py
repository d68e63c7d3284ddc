"""Thresholds that are declared monotone: a better fact never makes a criterion worse."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import z3

from engine.proof.cases import within
from engine.proof.domains import domains_of
from engine.proof.model_reading import ModelReader, preferences
from engine.proof.questions import PathQuestions, World
from engine.proof.reviews import Review, review_of
from engine.proof.solver import Solver
from engine.proof.terms import Formula, Term
from engine.proof.witnesses import Trial, Witness, try_witness

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Unsteady:
    """A case that meets the criterion, and the fact's better value at which it no longer does."""

    witness: Witness
    changed: Any
    trial: Trial


def find_unsteady(
    questions: PathQuestions, criterion: str, fact: str, direction: Direction
) -> Unsteady | str:
    """Two cases alike but for one fact; `impossible` where there are none, else why none is known."""
    pair = _Pair(questions, questions.all_cases, fact)
    verdict = pair.solver.ask(*pair.worse(criterion, direction)).verdict
    if verdict != "possible":
        return verdict
    pair = _Pair(questions, questions.exact_cases, fact)
    world, program = pair.world, questions.program
    wishes = preferences(world.encoding, world.case, program)
    answer = pair.solver.ask(*pair.worse(criterion, direction), prefer=wishes)
    if answer.model is None:
        return "outside"
    reader = ModelReader(world.encoding, program, world.case, answer.model)
    witness = reader.witness("general")
    changed = reader.value(pair.other, program.matter.facts[fact])
    second = replace(witness, facts={**witness.facts, fact: changed})
    trials = [try_witness(program.workspace, one) for one in (witness, second)]
    found = [_status(trial, criterion) for trial in trials]
    return Unsteady(witness, changed, trials[1]) if found == ["满足", "不满足"] else "outside"


def _status(trial: Trial, criterion: str) -> str | None:
    if trial.decision is None:
        return None
    return next(c.status for c in trial.decision.criteria if c.id == criterion)


class _Pair:
    """A world's case, and a second one that differs from it in one fact."""

    def __init__(self, questions: PathQuestions, world: World, fact: str) -> None:
        self.world, program = world, questions.program
        self.one = world.case.facts[fact]
        self.other = _renamed(self.one, fact)
        facts = {**world.case.facts, fact: self.other}
        case = replace(world.case, facts=facts)
        plain = world is questions.__dict__.get("exact_cases")
        self.changed: Review = review_of(world.encoding, program, case, "general", plain=plain)
        limits = [*world.case.limits, *within(self.other, domains_of(program)[fact])]
        self.solver = Solver([*world.encoding.constraints, *limits], questions.timeout)

    def worse(self, criterion: str, direction: Direction) -> list[Formula]:
        is_better = (
            self.other.value > self.one.value
            if direction == "up"
            else self.other.value < self.one.value
        )
        return [
            self.one.known,
            self.other.known,
            is_better,
            self.world.review.criteria[criterion]["满足"],
            self.changed.criteria[criterion]["不满足"],
        ]


def _renamed(term: Term, fact: str) -> Term:
    value = z3.Const(f"{fact} 更", term.value.sort())
    return replace(term, value=value, known=z3.Bool(f"{fact} 更 已知"))
