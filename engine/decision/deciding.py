"""One decision, in the design's order: facts, materials, criteria, conclusion. Nothing fails fast."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engine.decision.application import parse_application
from engine.decision.consequences import Consequences, declared_path, foresee, time_of
from engine.decision.evaluation import Evaluation
from engine.decision.findings import list_findings, only_outcome, outcome_title
from engine.decision.materials import resolve_material
from engine.decision.notices import notice_lines, reminder_lines
from engine.decision.paths import ChosenPath, choose_path
from engine.decision.program import PATH, CompiledCriterion, DecisionStopped, Program
from engine.decision.receipts import with_receipt
from engine.decision.rule_facts import facts_for_rules
from engine.decision.values import (
    Application,
    CriterionResult,
    Decision,
    Finding,
    MaterialResult,
    Missing,
    Outcome,
    Read,
    Reason,
    Receipt,
    Status,
)
from engine.definitions import PATH_TITLES
from engine.hooks import Question, Reply, Source, ask_sources
from engine.inference import InferenceError
from engine.profile import compile_rule
from engine.workspace import Workspace

# No law in force is older, and no calendar or duty reaches further.
FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2199, 12, 31)
_EMPTY_RECEIPT = Receipt("", "", "", {}, "", "", "", {}, ())


def decide(
    workspace: Workspace,
    matter_id: str,
    application: Application | Mapping[str, Any],
    *,
    on: date,
    replies: Sequence[Reply] | None = None,
    sources: Sequence[Source] | None = None,
) -> Decision:
    """Decides one application on the day `on`, by the definitions in force on that day.

    Registers are asked through the workspace's plugins, or `sources` in their place; with `replies`
    nothing is asked (that is how a decision is replayed). Raises, all of them TongbanError:
    ApplicationError for an application that does not fit the matter; UnknownDefinition;
    DecisionStopped when a rule cannot be evaluated; SourceStopped and PluginError.
    """
    if not FIRST_DAY <= on <= LAST_DAY:
        raise DecisionStopped(
            f"不能按 {on} 判定：应在 {FIRST_DAY} 至 {LAST_DAY} 之间 / {on} is out of range"
        )
    if not isinstance(application, Application):
        application = parse_application(workspace, matter_id, application, on)
    program = program_of(workspace, matter_id, application.region, on)
    if replies is None:
        asked = workspace.sources if sources is None else sources
        replies = ask_sources(asked, question_of(program, application, on))
    return _Deciding(program, application, on, tuple(replies)).decision()


def program_of(workspace: Workspace, matter_id: str, region: str, on: date) -> Program:
    """The compiled matter, kept on the workspace."""
    return workspace.keep(
        ("program", matter_id, region, on),
        lambda: Program(workspace, workspace.matter(matter_id, on, region), region, on),
    )


def feel_context(
    workspace: Workspace, matter_id: str, application: Application, *, on: date
) -> dict[str, Any]:
    """What a form's conditions may read: the facts so far, those computed from them, the path asked for.

    No register is asked. Raises DecisionStopped when a table contradicts itself.
    """
    program = program_of(workspace, matter_id, application.region, on)
    evaluation = Evaluation(program, application, on, ())
    evaluation.put(PATH, PATH_TITLES[application.path], "办理路径")
    return evaluation.context


def condition_holds(condition: str, context: Mapping[str, Any]) -> bool | None:
    """A form's condition over `feel_context`: None while it rests on what is not known yet.

    Raises FeelSyntaxError.
    """
    answer = compile_rule(condition).evaluate(context)
    return answer if isinstance(answer, bool) else None


def question_of(program: Program, application: Application, on: date) -> Question:
    """What the registers are asked: only what this matter needs."""
    matter = program.matter
    wanted = [kind for m in matter.materials for kind in m.satisfied_by or ()]
    for name, fact in matter.facts.items():
        source = fact.source or ""
        if source:
            wanted.append(source.partition(".")[0] if "." in source else name)
    held = [application.facts.get(m.holder) for m in matter.materials if m.holder]
    subjects = [n for value in held for n in (value if isinstance(value, list) else [value])]
    return Question(
        matter=matter.matter,
        region=application.region,
        on=on,
        applicant=application.applicant,
        facts=application.facts,
        wanted=tuple(dict.fromkeys(wanted)),
        subjects=tuple(dict.fromkeys(s for s in subjects if isinstance(s, str))),
    )


class _Deciding:
    def __init__(
        self, program: Program, application: Application, on: date, replies: tuple[Reply, ...]
    ) -> None:
        self.program, self.application, self.replies = program, application, replies
        self.evaluation = Evaluation(program, application, on, replies)

    def decision(self) -> Decision:
        try:
            decision = self._decide()
        except InferenceError as error:
            raise self.evaluation.stopped("结论规则", str(error)) from error
        return with_receipt(decision, self.program, self.application, self.replies)

    def _decide(self) -> Decision:
        path = choose_path(self.evaluation)
        self.evaluation.put(PATH, PATH_TITLES[path.name], "办理路径")
        materials = tuple(
            resolve_material(self.evaluation, compiled, path.name)
            for compiled in self.program.materials
        )
        criteria = tuple(self._judge(c, path.name) for c in self.program.criteria)
        following = foresee(self.evaluation, path.name, materials)
        pending = [line.id for line in following.pending]
        facts = facts_for_rules(self.evaluation, path.name, materials, criteria, pending)
        inference = self.program.conclusion.infer(facts)
        drawn = list_findings(self.program.conclusion, inference, "conclusion")
        outcome = only_outcome(self.program, inference)
        findings = (*path.findings, *drawn)
        return self._assemble(path, outcome, criteria, materials, findings, following)

    def _judge(self, compiled: CompiledCriterion, path: str) -> CriterionResult:
        criterion, evaluation = compiled.criterion, self.evaluation
        applies = (
            True if compiled.when is None else evaluation.verdict(compiled.when, criterion.point)
        )
        held = None if applies is False else evaluation.verdict(compiled.require, criterion.point)
        status = _status(applies, held)
        # A promise stands for what nobody knows yet, never for what is known to fail.
        is_open = status == "待核" and held is None
        committed = is_open and self._is_committed(criterion.id, path)
        missing: tuple[Missing, ...] = ()
        if status == "待核" and not committed:
            unknown = compiled.when if applies is None and compiled.when else compiled.require
            missing = evaluation.missing(unknown)
        cited = compiled.cited
        # By position: names would take as long as the whole of it.
        return CriterionResult(
            criterion.id,
            criterion.point,
            criterion.stage,
            "满足" if committed else status,
            compiled.effect,
            evaluation.reads(compiled.names),
            missing,
            cited.texts,
            cited.is_verified,
            criterion.remedy or "",
            committed,
            criterion.require,
        )

    def _is_committed(self, criterion_id: str, path: str) -> bool:
        declaration = declared_path(self.evaluation, path)
        is_covered = declaration is not None and criterion_id in declaration.covers
        return is_covered and criterion_id in self.application.commitments

    def _assemble(
        self,
        path: ChosenPath,
        outcome: Outcome,
        criteria: tuple[CriterionResult, ...],
        materials: tuple[MaterialResult, ...],
        findings: tuple[Finding, ...],
        following: Consequences,
    ) -> Decision:
        matter, evaluation = self.program.matter, self.evaluation
        is_approved = outcome == "准予"
        notice = notice_lines(criteria, materials, findings, evaluation.differences)
        silent = (r for r in self.replies if r.status != "answered")
        return Decision(
            matter=matter.matter,
            title=matter.title,
            on=evaluation.on,
            region=self.application.region,
            applicant=self.application.applicant,
            outcome=outcome,
            outcome_title=outcome_title(matter.type, outcome),
            path=path.name,
            path_title=PATH_TITLES[path.name],
            path_reason=path.reason,
            facts=self._reads(),
            tables=tuple(evaluation.tables[table.id] for table in matter.tables),
            criteria=criteria,
            materials=materials,
            findings=findings,
            notice=(*notice, *following.pending) if outcome != "准予" else (),
            obligations=following.obligations if is_approved else following.supplies,
            benefits=following.benefits if is_approved else (),
            differences=tuple(evaluation.differences),
            unreachable=(*(Reason(r.problem_zh, r.problem_en) for r in silent), *evaluation.doubts),
            reminders=reminder_lines(criteria, findings),
            time=time_of(evaluation, path.name, outcome),
            receipt=_EMPTY_RECEIPT,
        )

    def _reads(self) -> tuple[Read, ...]:
        names = [*self.program.matter.facts, *self.program.givers]
        return tuple(self.evaluation.read(name) for name in dict.fromkeys(names))


def _status(applies: bool | None, held: bool | None) -> Status:
    """Not applying is certain only when `when` is false; a failure only when it certainly applies."""
    if applies is False:
        return "不适用"
    if held is True:
        return "满足"
    return "不满足" if held is False and applies is True else "待核"
