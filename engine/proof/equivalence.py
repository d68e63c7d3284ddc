"""Two versions of a matter: the same for every application, or one that they decide differently.

Compared are applications that both versions admit, path by path: whether the path is entered, the
conclusion, and what an approval grants. Materials and facts that only one of them knows are free.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

import z3

from engine.checks import admit
from engine.decision import program_of
from engine.decision.program import Program
from engine.definitions import PATH_TITLES
from engine.proof.cases import Case, case_of
from engine.proof.encoding import Encoding, NotEncodable, compared
from engine.proof.encoding_calls import ENCODED
from engine.proof.model_reading import ModelReader, preferences
from engine.proof.reviews import OUTCOMES, Review, review_of
from engine.proof.solver import Solver
from engine.proof.terms import Formula, Term, both, either, opposite
from engine.proof.witnesses import Trial, Witness, try_witness
from engine.workspace import Workspace

assert ENCODED  # importing the module is what makes calls have formulas
_RECORDS = 4


@dataclass(frozen=True, slots=True)
class Equivalent:
    """Proved: no application comes out differently on these paths."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """An application, and what the real engine makes of it by each version."""

    witness: Witness
    before: Trial
    after: Trial

    @property
    def words_zh(self) -> str:
        """What comes out differently, in one sentence."""
        path = PATH_TITLES[self.witness.path]
        return f"走{path}路径：前者{self.before.words_zh}，后者{self.after.words_zh}"


@dataclass(frozen=True, slots=True)
class Unproved:
    """Neither: why not, in both languages, and the expressions that it turns on."""

    reason_zh: str
    reason_en: str
    outside: tuple[str, ...] = ()


Comparison: TypeAlias = Equivalent | Difference | Unproved


def find_difference(
    before: Workspace,
    before_matter: str,
    after: Workspace,
    after_matter: str,
    *,
    on: date,
    after_on: date | None = None,
    region: str = "",
    timeout: float = 10.0,
) -> Comparison:
    """Compares two versions of a matter, as in force in a region on a day (the later `after_on`).

    `timeout` is in seconds for each question. Raises UnknownDefinition, and DecisionStopped where a
    definition has errors. Both days must be one unless the versions are told apart by their dates;
    each application is then decided on each version's own day.
    """
    admit(before, before_matter, on)
    admit(after, after_matter, after_on or on)
    pair = _Pair(
        program_of(before, before_matter, region, on),
        program_of(after, after_matter, region, after_on or on),
        timeout,
    )
    paths = tuple(dict.fromkeys(("general", *pair.first.matter.paths, *pair.second.matter.paths)))
    doubts = []
    for path in paths:
        try:
            found = pair.compare(path)
        except NotEncodable:
            found = Unproved("结论规则超出可判定的部分", "conclusion rules have no formula")
        if isinstance(found, Difference):
            return found
        if isinstance(found, Unproved):
            doubts.append(found)
    return doubts[0] if doubts else Equivalent(paths)


class _Pair:
    def __init__(self, first: Program, second: Program, timeout: float) -> None:
        self.first, self.second, self.timeout = first, second, timeout

    def compare(self, path: str) -> Comparison:
        encoding, _, case, differs = self._worlds(path, 0)
        solver = Solver([*encoding.constraints, *case.limits], self.timeout)
        verdict = solver.ask(differs).verdict
        if verdict == "impossible":
            return Equivalent((path,))
        if verdict == "unknown":
            return Unproved("求解器在限定的时间内没有答案", "the solver gave no answer in time")
        shown = self._show(path)
        if shown is not None:
            return shown
        names = [o.text for o in encoding.outside.values()]
        names += [f"{applied.name}(…)" for applied in encoding.applied]
        outside = tuple(dict.fromkeys(names))
        listed = "、".join(f"“{name}”" for name in outside) or "求解器找到的情形"
        return Unproved(
            f"取决于可判定部分以外的内容：{listed}", "it turns on what has no formula", outside
        )

    def _worlds(self, path: str, records: int) -> tuple[Encoding, Review, Case, Formula]:
        """One encoding of both versions: what they read alike is one and the same variable."""
        encoding, plain = Encoding(), bool(records)
        cases = [case_of(encoding, program, records) for program in (self.first, self.second)]
        one = self._review(encoding, self.first, cases[0], path, plain)
        other = self._review(encoding, self.second, cases[1], path, plain)
        joint = _joint(*cases)
        return encoding, one, joint, either(*_differences(one, other))

    def _review(
        self, encoding: Encoding, program: Program, case: Case, path: str, plain: bool
    ) -> Review:
        """A path that a version does not have is handled on the general one."""
        known = path if path == "general" or path in program.matter.paths else "general"
        review = review_of(encoding, program, case, known, plain=plain)
        return review if known == path else replace(review, enters=z3.BoolVal(False))

    def _show(self, path: str) -> Difference | None:
        encoding, _, case, differs = self._worlds(path, _RECORDS)
        solver = Solver([*encoding.constraints, *case.limits], self.timeout)
        answer = solver.ask(differs, prefer=preferences(encoding, case, self.first))
        if answer.model is None:
            return None
        witnesses = [
            _own(ModelReader(encoding, program, case, answer.model).witness(path), program)
            for program in (self.first, self.second)
        ]
        trials = [
            try_witness(program.workspace, witness)
            for program, witness in zip((self.first, self.second), witnesses, strict=True)
        ]
        before, after = trials
        if before.refused or after.refused or _result(before) == _result(after):
            return None
        return Difference(witnesses[0], before, after)


def _joint(one: Case, other: Case) -> Case:
    """What both versions ask, as one case: variables go by name, so they are the same."""
    return Case(
        facts={**other.facts, **one.facts},
        applicant=one.applicant,
        handed={**other.handed, **one.handed},
        committed={**other.committed, **one.committed},
        limits=[*one.limits, *other.limits, *_shared_codes(one, other)],
        complete=[*one.complete, *other.complete],
    )


def _shared_codes(one: Case, other: Case) -> Iterator[Formula]:
    """That a list holds only codes that both versions have."""
    for name in one.facts.keys() & other.facts.keys():
        entries = [
            {times.get_id(): times for times, _ in c.facts[name].entries} for c in (one, other)
        ]
        for only in entries[0].keys() ^ entries[1].keys():
            yield {**entries[0], **entries[1]}[only] == 0


def _differences(one: Review, other: Review) -> Iterator[Formula]:
    decided = [both(r.enters, opposite(r.is_stopped)) for r in (one, other)]
    yield one.enters != other.enters
    yield both(one.enters, other.enters, one.is_stopped != other.is_stopped)
    for outcome in OUTCOMES:
        yield both(*decided, one.outcomes[outcome] != other.outcomes[outcome])
    approved = both(*decided, one.outcomes["准予"], other.outcomes["准予"])
    for title in dict.fromkeys((*one.benefits, *other.benefits)):
        yield both(approved, _unlike(one.benefits.get(title), other.benefits.get(title)))


def _unlike(one: Term | None, other: Term | None) -> Formula:
    if one is None or other is None:
        return z3.BoolVal(True)
    if one.identity == other.identity:
        return z3.BoolVal(False)
    try:
        return opposite(compared("=", one, other).is_true)
    except NotEncodable:
        return z3.FreshBool("unlike")


def _own(witness: Witness, program: Program) -> Witness:
    """The witness with only what a version asks for."""
    given, keys = set(program.given), {m.key for m in program.matter.materials}
    covered = {c for p in program.matter.paths.values() for c in p.covers}
    return replace(
        witness,
        facts={name: value for name, value in witness.facts.items() if name in given},
        materials=tuple(m for m in witness.materials if m in keys),
        commitments=None
        if witness.commitments is None
        else tuple(c for c in witness.commitments if c in covered),
    )


def _result(trial: Trial) -> object:
    """What counts as the same: path, conclusion, and what is granted."""
    decision = trial.decision
    if decision is None:
        return "stopped"
    granted = tuple((b.title, b.amount) for b in decision.benefits)
    return decision.path, decision.outcome, granted
