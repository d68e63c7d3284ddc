"""What conclusion rules found, and the one outcome they came to."""

from typing import Literal, cast

from engine.decision.citations import cite
from engine.decision.concluding import CONCLUSION, FINDING, Conclusions
from engine.decision.program import DecisionStopped, Program
from engine.decision.values import Finding, Outcome
from engine.inference import Firing, Inference


def list_findings(
    conclusions: Conclusions, inference: Inference, phase: Literal["entry", "conclusion"]
) -> tuple[Finding, ...]:
    """Every finding with its rule and the facts that it matched, in the order they were drawn."""
    found = [f for f in inference.firings if f.derived.type == FINDING]
    return tuple(_finding(conclusions, firing, phase) for firing in found)


def _finding(
    conclusions: Conclusions, firing: Firing, phase: Literal["entry", "conclusion"]
) -> Finding:
    rule, derived = conclusions.rule_of(firing), firing.derived
    cited = cite((*rule.then.basis, *rule.basis))
    matched = (
        f"{fact.type}：" + "，".join(f"{k}={v}" for k, v in fact.fields.items() if v is not None)
        for fact in firing.matched.values()
    )
    return Finding(
        phase=phase,
        rule=firing.rule,
        title=rule.title or rule.rule,
        text=str(derived.fields["名称"]),
        effect=str(derived.fields["后果"]),
        subject=str(derived.fields.get("对象") or ""),
        matched=tuple(matched),
        basis=cited.texts,
        remedy=rule.then.remedy or "",
        is_verified=cited.is_verified,
    )


def only_outcome(program: Program, inference: Inference) -> Outcome:
    """The conclusion. DecisionStopped unless the rules came to exactly one."""
    concluded = {str(f.fields["结果"]) for f in inference.derived if f.type == CONCLUSION}
    if len(concluded) != 1:
        found = "、".join(sorted(concluded)) or "没有"
        raise DecisionStopped(
            f"“{program.matter.title}”的结论规则得出 {len(concluded)} 个结论（{found}），应恰好一个。"
            f"未作出决定。 / the conclusion rules gave {len(concluded)} outcomes instead of one."
        )
    return cast(Outcome, concluded.pop())


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
    return "一次性告知补正" if outcome == "补正" else outcome
