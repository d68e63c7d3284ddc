"""Which path an application is handled on: the one asked for, if it is open to this applicant."""

from dataclasses import dataclass

from engine.decision.evaluation import Evaluation
from engine.decision.findings import list_findings
from engine.decision.rule_facts import facts_as_posted
from engine.decision.values import Finding, Reason
from engine.definitions import PATH_TITLES
from engine.inference import Fact


@dataclass(frozen=True, slots=True)
class ChosenPath:
    """The path, why it is this one, and what was found about the one asked for."""

    name: str
    reason: Reason
    findings: tuple[Finding, ...] = ()


def choose_path(evaluation: Evaluation) -> ChosenPath:
    """Nobody is made to commit, and nobody is turned away: where a path is not open, 一般 is."""
    program, asked = evaluation.program, evaluation.application.path
    if asked == "general":
        reason = Reason("申请人选择一般程序", "the applicant chose the general path")
        return ChosenPath("general", reason)
    title = PATH_TITLES[asked]
    if asked not in program.entries:
        zh = f"本事项没有{title}路径，按一般程序办理"
        return ChosenPath("general", Reason(zh, f"the matter has no path {asked}"))
    entry = program.entries[asked]
    enters = True if entry is None else evaluation.verdict(entry, f"{title}的进入条件")
    entered = Fact("路径", {"名称": title, "是否进入": enters})
    inference = program.entry.infer(
        [*facts_as_posted(evaluation, title, program.entry.types), entered]
    )
    findings = list_findings(program.entry, inference, "entry")
    bars = [finding for finding in findings if finding.effect != "remind"]
    if bars:
        why = "；".join(finding.text for finding in bars)
        zh = f"不适用{title}：{why}；按一般程序办理"
        return ChosenPath("general", Reason(zh, f"{asked} is barred: {why}"), findings)
    if enters is not True:
        zh, en = ("不满足", "not met") if enters is False else ("待核", "pending")
        reason = Reason(f"{title}的进入条件{zh}，按一般程序办理", f"entry condition: {en}")
        return ChosenPath("general", reason, findings)
    return ChosenPath(asked, Reason(f"申请人选择{title}", f"the applicant chose {asked}"), findings)
