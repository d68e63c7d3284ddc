"""One path of a matter, asked: over all cases for what is to be proved, over exact ones for witnesses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import z3

from engine.decision.program import REGION, Program
from engine.definitions import Parameter
from engine.proof.cases import Case, case_of
from engine.proof.encoding import Encoding
from engine.proof.encoding_calls import ENCODED
from engine.proof.encoding_dates import LAST_DAY_NUMBER
from engine.proof.model_reading import ModelReader, preferences
from engine.proof.reviews import Review, review_of
from engine.proof.showing import ProofDisagrees
from engine.proof.solver import Solver, Verdict
from engine.proof.terms import YES, Formula, Term, both, either
from engine.proof.witnesses import Trial, Witness, try_witness

assert ENCODED  # importing the module is what makes calls have formulas
_RECORDS = 4  # entries of a list of records in an exact case
_FIRST = ("tables.", "paths.")  # what the engine does before it knows the path


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A review with its solver; `beside` is another path's review of the same cases."""

    encoding: Encoding
    case: Case
    review: Review
    solver: Solver
    beside: Review | None = None

    @property
    def outside(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(found.text for found in self.encoding.outside.values()))


@dataclass(frozen=True, slots=True)
class Shown:
    """A case that the engine was given: it bears the formulas out, or the reasons why not."""

    witness: Witness
    trial: Trial
    misfits: tuple[str, ...] = ()


class PathQuestions:
    """What may be asked of one path in one region on one day."""

    def __init__(
        self, program: Program, path: str, timeout: float, beside: str | None = None
    ) -> None:
        """`beside` names another path, whose review the worlds then hold as well."""
        self.program, self.path, self.timeout, self.beside = program, path, timeout, beside

    @cached_property
    def all_cases(self) -> World:
        """Everything anybody may state, and anything registers may say: what holds here is proved."""
        return self._world(0, plain=False)

    @cached_property
    def exact_cases(self) -> World:
        """No register answers, and lists of records are short: what is found here can be tried."""
        return self._world(_RECORDS, plain=True)

    @cached_property
    def rated_cases(self) -> World:
        """Exact cases of applicants whose credit grade a register tells: some paths ask for one."""
        return self._world(_RECORDS, plain=True, with_grade=True)

    @cached_property
    def any_figures(self) -> World:
        """All cases in any region, under any figures that it may set."""
        return self._world(0, plain=False, with_figures=True)

    def _world(
        self,
        records: int,
        *,
        plain: bool,
        with_figures: bool = False,
        with_grade: bool = False,
    ) -> World:
        encoding = Encoding()
        case = case_of(encoding, self.program, records)
        if with_grade:
            case.allow_grade(encoding)
        figures = dict(free_figures(self.program, case)) if with_figures else {}
        if with_figures:
            figures[REGION] = encoding.variable(REGION, "text", YES)
            encoding.texts.append(figures[REGION].value)
        reviews = [
            review_of(encoding, self.program, case, path, plain=plain, parameters=figures)
            for path in (self.path, self.beside)
            if path is not None
        ]
        solver = Solver([*encoding.constraints, *case.limits], self.timeout)
        return World(encoding, case, reviews[0], solver, *reviews[1:])

    def verdict(self, world: World, *parts: Formula) -> Verdict:
        return world.solver.ask(*parts).verdict

    def show(
        self, *parts: Formula, complete: bool = False, world: World | None = None
    ) -> Shown | Verdict:
        """An exact case for which all parts hold, as the engine decides it; or why there is none.

        `world` is the one whose formulas the parts are: that of exact cases, or of rated ones.
        """
        world = world or self.exact_cases
        wishes = preferences(world.encoding, world.case, self.program)
        needed = world.case.complete if complete else []
        answer = world.solver.ask(*parts, *needed, prefer=wishes)
        if answer.model is None:
            return answer.verdict
        reader = ModelReader(world.encoding, self.program, world.case, answer.model)
        witness = reader.witness(self.path)
        trial = try_witness(self.program.workspace, witness)
        return Shown(witness, trial, (*reader.misfits(), *world.outside))

    def refuse(self, shown: Shown, wanted: str) -> None:
        """Raises ProofDisagrees where the engine had no reason to do otherwise than `wanted`."""
        if shown.trial.refused or shown.misfits:
            return
        title = self.program.matter.title
        raise ProofDisagrees(
            f"引擎与证明不一致：“{title}”应当{wanted}，引擎说：{shown.trial.words_zh}；"
            f"情形：{shown.witness.application()}"
            f" / the engine and the proof disagree on {self.program.matter.matter!r}"
        )


def faults_of(review: Review) -> Sequence[tuple[str, str, Formula]]:
    """Where an application that asks for the path comes to no decision, or to two: subject and title."""
    found = []
    for stop in review.stops:
        is_early = stop.subject.startswith(_FIRST)
        when = stop.when if is_early else both(review.enters, stop.when)
        if not z3.is_false(when):
            found.append((stop.subject, stop.title, when))
    not_one = both(review.enters, review.count != 1)
    return [*found, ("conclusions", "结论规则得出的结论不是恰好一个", not_one)]


def free_figures(program: Program, case: Case) -> Mapping[str, Term]:
    """The region's figures, each with any value that the law leaves it, or not yet fixed."""
    found = {}
    for name, parameter in program.matter.parameters.items():
        term = _figure(name, parameter)
        if term is not None:
            found[name] = term
            case.limits += _bounds(term, parameter)
    return found


def _figure(name: str, parameter: Parameter) -> Term | None:
    known = z3.Bool(f"参数 {name} 已定")
    if parameter.type == "boolean":
        return Term("boolean", known, z3.Bool(f"参数 {name}"))
    if parameter.type == "integer":
        return Term("number", known, z3.Int(f"参数 {name}"), 0, 9)
    if parameter.type == "decimal":
        return Term("number", known, z3.Int(f"参数 {name}"), 2, 12)
    if parameter.type == "date":
        return Term("date", known, z3.Int(f"参数 {name}"))
    return None  # texts keep the region's own value


def _bounds(term: Term, parameter: Parameter) -> Sequence[Formula]:
    if term.kind == "date":
        return [term.value >= 1, term.value <= LAST_DAY_NUMBER]
    if term.kind != "number":
        return [YES]
    factor = 10 ** (term.scale or 0)
    top = 10**term.digits
    bounds = [term.value < top, term.value > -top]
    if parameter.floor is not None:
        bounds.append(term.value >= int(Decimal(str(parameter.floor)) * factor))
    if parameter.ceiling is not None:
        bounds.append(term.value <= int(Decimal(str(parameter.ceiling)) * factor))
    return [either(both(*bounds))]
