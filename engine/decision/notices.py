"""The one-time notice (一次性告知, 行政许可法第32条第1款第4项): everything at once, each with its way out."""

from collections.abc import Iterable, Sequence

from engine.decision.values import (
    CriterionResult,
    Difference,
    Finding,
    MaterialResult,
    Missing,
    NoticeLine,
    Reason,
)

_FAILING = ("reject", "refuse", "correct", "review")


def notice_lines(
    criteria: Iterable[CriterionResult],
    materials: Iterable[MaterialResult],
    findings: Iterable[Finding],
    differences: Sequence[Difference],
) -> tuple[NoticeLine, ...]:
    """Every defect and everything that is still unknown, in the order of the definition."""
    criteria = tuple(criteria)
    lines = [_criterion_line(c) for c in criteria if c.status == "不满足" and c.effect != "remind"]
    lines += [_material_line(m) for m in materials if m.status in ("缺少", "不满足", "待核")]
    lines += [_finding_line(f, differences) for f in findings if f.effect in _FAILING]
    return (*lines, *_missing_lines(criteria))


def reminder_lines(
    criteria: Iterable[CriterionResult], findings: Iterable[Finding]
) -> tuple[NoticeLine, ...]:
    """What the applicant should know, and what decides nothing."""
    lines = [_criterion_line(c) for c in criteria if c.status == "不满足" and c.effect == "remind"]
    return (*lines, *(_finding_line(f, ()) for f in findings if f.effect == "remind"))


def _criterion_line(criterion: CriterionResult) -> NoticeLine:
    text = Reason(f"不满足：{criterion.point}", f"not met: {criterion.point}")
    return NoticeLine("criterion", criterion.id, text, criterion.basis, criterion.remedy)


def _material_line(material: MaterialResult) -> NoticeLine:
    zh = f"{material.title}：{material.reason.zh}"
    text = Reason(zh, f"{material.title}: {material.reason.en}")
    return NoticeLine("material", material.id, text, material.basis, material.remedy)


def _finding_line(finding: Finding, differences: Sequence[Difference]) -> NoticeLine:
    detail = next((d for d in differences if d.name == finding.subject), None)
    subject = f"（{finding.subject}）" if finding.subject else ""
    zh = finding.text + subject
    if detail is not None:
        zh += f"：所填为“{detail.stated}”，{detail.source}登记为“{detail.recorded}”"
    return NoticeLine("finding", finding.rule, Reason(zh, zh), finding.basis, finding.remedy)


def _missing_lines(criteria: Iterable[CriterionResult]) -> list[NoticeLine]:
    """Each unknown fact once, with every criterion that waits for it."""
    waiting: dict[Missing, list[CriterionResult]] = {}
    for criterion in criteria:
        for missing in criterion.missing:
            waiting.setdefault(missing, []).append(criterion)
    return [_missing_line(missing, found) for missing, found in waiting.items()]


def _missing_line(missing: Missing, criteria: Sequence[CriterionResult]) -> NoticeLine:
    points = "、".join(f"“{c.point}”" for c in criteria)
    zh = f"待核：缺少“{missing.name}”，由{missing.given_by}提供；{points}暂不能判定"
    en = f"pending: {missing.name} is not known, {missing.given_by} provides it"
    basis = tuple(dict.fromkeys(b for c in criteria for b in c.basis))
    remedy = f"请{missing.given_by}提供“{missing.name}”"
    return NoticeLine("missing", missing.name, Reason(zh, en), basis, remedy)
