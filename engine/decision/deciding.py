"""One decision, in the design's order: facts, materials, criteria, conclusion. Nothing fails fast."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from engine.decision.application import parse_application
from engine.decision.concluding import CONCLUSION, FINDING, Conclusions
from engine.decision.evaluation import Evaluation
from engine.decision.materials import resolve_material
from engine.decision.notices import notice_lines, reminder_lines
from engine.decision.program import PATH, CompiledCriterion, DecisionStopped, Program
from engine.decision.receipts import make_receipt
from engine.decision.values import (
    Application,
    BenefitResult,
    CriterionResult,
    Decision,
    Finding,
    MaterialResult,
    Missing,
    ObligationResult,
    Outcome,
    Read,
    Reason,
    Receipt,
    Status,
    TimeResult,
)
from engine.definitions import PATH_TITLES, Bases
from engine.hooks import CreditRecord, Question, Reply, Source, ask_sources
from engine.inference import Fact, Inference
from engine.profile import compile_rule
from engine.workspace import Workspace

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
    nothing is asked (that is how a decision is replayed). Raises ApplicationError for an application
    that does not fit the matter, UnknownDefinition, and DecisionStopped when a rule cannot be
    evaluated; nothing else.
    """
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


@dataclass(frozen=True)
class _Path:
    name: str
    reason: Reason


class _Deciding:
    def __init__(
        self, program: Program, application: Application, on: date, replies: tuple[Reply, ...]
    ) -> None:
        self.program, self.application, self.on, self.replies = program, application, on, replies
        self.evaluation = Evaluation(program, application, on, replies)

    def decision(self) -> Decision:
        path, entry_findings = self._choose_path()
        self.evaluation.put(PATH, PATH_TITLES[path.name], "办理路径")
        materials = tuple(
            resolve_material(self.evaluation, compiled, path.name)
            for compiled in self.program.materials
        )
        criteria = tuple(self._judge(c, path.name) for c in self.program.criteria)
        facts = self._facts_for_rules(path.name, materials, criteria)
        inference = self.program.conclusion.infer(facts)
        findings = (*entry_findings, *_findings(self.program.conclusion, inference))
        outcome = self._outcome(inference)
        decision = self._assemble(path, outcome, criteria, materials, findings)
        return replace(
            decision, receipt=make_receipt(self.program, self.application, self.replies, decision)
        )

    # --- path ------------------------------------------------------------------------------

    def _choose_path(self) -> tuple[_Path, tuple[Finding, ...]]:
        """The path asked for, if it is open to this applicant; otherwise the general one, and why."""
        asked = self.application.path
        if asked == "general":
            return _Path(
                "general", Reason("申请人选择一般程序", "the applicant chose the general path")
            ), ()
        title = PATH_TITLES[asked]
        if asked not in self.program.entries:
            reason = Reason(
                f"本事项没有{title}路径，按一般程序办理", f"the matter has no path {asked}"
            )
            return _Path("general", reason), ()
        entry = self.program.entries[asked]
        enters = True if entry is None else self.evaluation.verdict(entry, f"{title}的进入条件")
        inference = self.program.entry.infer(self._entry_facts(asked, enters))
        findings = _findings(self.program.entry, inference)
        bars = [f for f in findings if f.effect in ("refuse", "reject", "review")]
        if bars:
            why = "；".join(f.text for f in bars)
            return _Path(
                "general", Reason(f"不适用{title}：{why}；按一般程序办理", f"barred: {why}")
            ), findings
        if enters is not True:
            state = "不满足" if enters is False else "待核"
            reason = Reason(
                f"{title}的进入条件{state}，按一般程序办理", f"entry condition: {state}"
            )
            return _Path("general", reason), findings
        return _Path(asked, Reason(f"申请人选择{title}", f"the applicant chose {asked}")), findings

    def _entry_facts(self, asked: str, enters: bool | None) -> list[Fact]:
        entered = Fact("路径", {"名称": PATH_TITLES[asked], "是否进入": enters})
        return [*self._facts_as_posted(PATH_TITLES[asked]), entered]

    # --- criteria --------------------------------------------------------------------------

    def _judge(self, compiled: CompiledCriterion, path: str) -> CriterionResult:
        criterion, evaluation = compiled.criterion, self.evaluation
        applies = (
            True if compiled.when is None else evaluation.verdict(compiled.when, criterion.point)
        )
        held = None if applies is False else evaluation.verdict(compiled.require, criterion.point)
        status = _status(applies, held)
        committed = status == "待核" and self._is_committed(criterion.id, path)
        missing: tuple[Missing, ...] = ()
        if status == "待核":
            unknown = compiled.when if applies is None and compiled.when else compiled.require
            missing = evaluation.missing(unknown)
        return CriterionResult(
            id=criterion.id,
            point=criterion.point,
            stage=criterion.stage,
            status="满足" if committed else status,
            effect=criterion.consequence,
            reads=evaluation.reads(compiled.names),
            missing=() if committed else missing,
            basis=compiled.basis,
            is_verified=compiled.is_verified,
            remedy=criterion.remedy or "",
            committed=committed,
        )

    def _is_committed(self, criterion_id: str, path: str) -> bool:
        declaration = self.program.matter.paths.get(cast(Any, path))
        if declaration is None or criterion_id not in declaration.covers:
            return False
        made = self.application.commitments
        return not made or criterion_id in made

    # --- conclusion ------------------------------------------------------------------------

    def _facts_as_posted(self, path_title: str) -> list[Fact]:
        application, applicant = self.application, self.application.applicant
        facts = [
            Fact(
                "申请",
                {
                    "事项": self.program.matter.matter,
                    "路径": path_title,
                    "地区": application.region or None,
                    "申请日期": self.on.isoformat(),
                    "主体类型": applicant.kind or None,
                    "是否代理": bool(application.agent),
                },
            ),
            Fact(
                "申请人",
                {
                    "名称": applicant.name or None,
                    "证件类型": applicant.id_kind or None,
                    "证件号码": applicant.id_number or None,
                    "主体类型": applicant.kind or None,
                },
            ),
        ]
        for reply in self.replies:
            facts.append(
                Fact("查询", {"来源": reply.source, "种类": reply.kind, "结果": reply.status})
            )
            facts += [self._credit(a) for a in reply.answers if isinstance(a, CreditRecord)]
        for licence in self.evaluation.licences:
            until = licence.valid_until
            facts.append(
                Fact(
                    "证照",
                    {
                        "类型": licence.type,
                        "编号": licence.number,
                        "持有人": licence.holder_name,
                        "持有人代码": licence.holder_id,
                        "状态": licence.status,
                        "有效期至": until.isoformat() if until else None,
                        "颁发机构代码": licence.issuer_id,
                        "地区": licence.region,
                    },
                )
            )
        return facts + list(self._plain_facts())

    def _credit(self, record: CreditRecord) -> Fact:
        until = record.disclosed_until
        is_disclosed = record.disclosed_from <= self.on and (until is None or self.on <= until)
        return Fact(
            "信用",
            {
                "主体代码": record.subject_id,
                "类别": record.category,
                "等级": record.grade,
                "披露截止": until.isoformat() if until else None,
                "是否修复": record.repaired,
                "是否在披露期": is_disclosed,
            },
        )

    def _plain_facts(self) -> Iterable[Fact]:
        for name in self.program.matter.facts:
            value = self.evaluation.context.get(name)
            if isinstance(value, bool):
                yield Fact("事实", {"名称": name, "是否": value})
            elif isinstance(value, str):
                yield Fact("事实", {"名称": name, "文字": value})

    def _facts_for_rules(
        self, path: str, materials: Iterable[MaterialResult], criteria: Iterable[CriterionResult]
    ) -> list[Fact]:
        facts = self._facts_as_posted(PATH_TITLES[path])
        facts.append(Fact("路径", {"名称": PATH_TITLES[path], "是否进入": True}))
        facts += [
            Fact(
                "审查要点",
                {
                    "编号": c.id,
                    "名称": c.point,
                    "环节": c.stage,
                    "结果": c.status,
                    "后果": c.effect,
                },
            )
            for c in criteria
        ]
        facts += [
            Fact("材料", {"编号": m.id, "名称": m.title, "结果": m.status, "是否核心": m.is_core})
            for m in materials
        ]
        facts += [
            Fact("差异", {"名称": d.name, "来源": d.source}) for d in self.evaluation.differences
        ]
        return facts

    def _outcome(self, inference: Inference) -> Outcome:
        concluded = {str(f.fields["结果"]) for f in inference.derived if f.type == CONCLUSION}
        if len(concluded) != 1:
            found = "、".join(sorted(concluded)) or "没有"
            title = self.program.matter.title
            raise DecisionStopped(
                f"“{title}”的结论规则得出 {len(concluded)} 个结论（{found}），应恰好一个。未作出决定。"
                f" / the conclusion rules gave {len(concluded)} outcomes instead of one."
            )
        return cast(Outcome, concluded.pop())

    # --- what follows ----------------------------------------------------------------------

    def _assemble(
        self,
        path: _Path,
        outcome: Outcome,
        criteria: tuple[CriterionResult, ...],
        materials: tuple[MaterialResult, ...],
        findings: tuple[Finding, ...],
    ) -> Decision:
        matter, evaluation = self.program.matter, self.evaluation
        approved = outcome == "准予"
        return Decision(
            matter=matter.matter,
            title=matter.title,
            on=self.on,
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
            notice=notice_lines(criteria, materials, findings, evaluation.differences),
            obligations=self._obligations(path.name) if approved else (),
            benefits=self._benefits() if approved else (),
            differences=tuple(evaluation.differences),
            unreachable=tuple(
                Reason(r.problem_zh, r.problem_en) for r in self.replies if r.status != "answered"
            ),
            reminders=reminder_lines(criteria, findings),
            time=self._time(path.name),
            receipt=_EMPTY_RECEIPT,
        )

    def _reads(self) -> tuple[Read, ...]:
        names = [*self.program.matter.facts, *self.program.givers]
        return tuple(self.evaluation.read(name) for name in dict.fromkeys(names))

    def _obligations(self, path: str) -> tuple[ObligationResult, ...]:
        results = []
        for obligation, when in self.program.obligations:
            if when is None or self.evaluation.verdict(when, obligation.title) is True:
                results.append(
                    self._obligation(
                        obligation.id,
                        obligation.title,
                        obligation.by,
                        obligation.within,
                        obligation.basis,
                    )
                )
        declaration = self.program.matter.paths.get(cast(Any, path))
        if declaration is not None and declaration.verify_within is not None:
            title = f"核查{PATH_TITLES[path]}内容：承诺虚假的撤销决定，未履行的责令限期整改"
            results.append(
                self._obligation(
                    "verify_commitment",
                    title,
                    "审批部门",
                    declaration.verify_within,
                    declaration.basis,
                )
            )
        return tuple(results)

    def _obligation(
        self, identity: str, title: str, by: str, within: str, basis: Bases
    ) -> ObligationResult:
        due, is_provisional = self.program.due(within)
        return ObligationResult(
            identity, title, by, due, is_provisional, tuple(str(b) for b in basis)
        )

    def _benefits(self) -> tuple[BenefitResult, ...]:
        results = []
        for benefit, amount, starts in self.program.benefits:
            start = self.evaluation.value(starts, benefit.title) if starts is not None else None
            results.append(
                BenefitResult(
                    title=benefit.title,
                    amount=self.evaluation.value(amount, benefit.title),
                    unit=benefit.unit or "",
                    starts=start if isinstance(start, date) else None,
                    basis=tuple(str(b) for b in benefit.basis),
                )
            )
        return tuple(results)

    def _time(self, path: str) -> TimeResult:
        time = self.program.matter.time
        declaration = self.program.matter.paths.get(cast(Any, path))
        promise = (declaration.promise if declaration else None) or time.promise or ""
        promised = self._end(promise)
        statutory = self._end(time.statutory or "")
        return TimeResult(
            promise=promise,
            promised_by=promised[0] if promised else None,
            statutory=time.statutory or "",
            statutory_by=statutory[0] if statutory else None,
            is_provisional=any(end[1] for end in (promised, statutory) if end),
        )

    def _end(self, period: str) -> tuple[date, bool] | None:
        if not period:
            return None
        return (self.on, False) if period in ("即办", "当场") else self.program.due(period)


def _status(applies: bool | None, held: bool | None) -> Status:
    """Not applying is certain only when `when` is false; a failure only when it certainly applies."""
    if applies is False:
        return "不适用"
    if held is True:
        return "满足"
    return "不满足" if held is False and applies is True else "待核"


def _findings(conclusions: Conclusions, inference: Inference) -> tuple[Finding, ...]:
    results = []
    for firing in inference.firings:
        rule = conclusions.rule_of(firing)
        derived = firing.derived
        if derived.type != FINDING:
            continue
        matched = tuple(
            f"{fact.type}："
            + "，".join(f"{k}={v}" for k, v in fact.fields.items() if v is not None)
            for fact in firing.matched.values()
        )
        results.append(
            Finding(
                rule=firing.rule,
                title=rule.title or rule.rule,
                text=str(derived.fields["名称"]),
                effect=str(derived.fields["后果"]),
                subject=str(derived.fields.get("对象") or ""),
                matched=matched,
                basis=tuple(str(b) for b in (*rule.then.basis, *rule.basis)),
                remedy=rule.then.remedy or "",
            )
        )
    return tuple(results)


_SUFFIXES = {
    "行政许可": "许可",
    "行政备案": "备案",
    "行政给付": "给付",
    "行政确认": "确认",
    "行政奖励": "奖励",
}


def outcome_title(matter_type: str, outcome: Outcome) -> str:
    """The outcome in the matter's own words: 准予许可, 不予备案 …"""
    if outcome in ("准予", "不予"):
        return outcome + _SUFFIXES.get(matter_type, "")
    return {"补正": "一次性告知补正", "不予受理": "不予受理", "待核": "待核"}[outcome]
