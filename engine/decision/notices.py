"""The one-time notice (一次性告知, 行政许可法第32条第1款第4项): everything at once, each with its way out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from engine.decision.values import (
    CriterionResult,
    Difference,
    Finding,
    MaterialResult,
    Missing,
    NoticeLine,
    Reason,
)
from engine.prose import spoken_value

# What still keeps the outcome from 准予; what may follow later is told with its day.
_OPEN = ("缺少", "不满足", "待核", "容缺后补")


def notice_lines(
    criteria: Sequence[CriterionResult],
    materials: Iterable[MaterialResult],
    findings: Iterable[Finding],
    differences: Sequence[Difference],
) -> tuple[NoticeLine, ...]:
    """Every defect and everything that is still unknown, in the order of the definition.

    Whatever keeps the outcome from 准予 has its line; what decides nothing is a reminder instead.
    """
    deciding = [c for c in criteria if c.effect != "remind"]
    lines = [_criterion_line(c) for c in deciding if c.status == "不满足"]
    lines += [_material_line(m) for m in materials if m.status in _OPEN]
    lines += [_finding_line(f, differences) for f in findings if _is_defect(f)]
    return (*lines, *_missing_lines(deciding))


def reminder_lines(
    criteria: Iterable[CriterionResult], findings: Iterable[Finding]
) -> tuple[NoticeLine, ...]:
    """What the applicant should know, and what decides nothing."""
    lines = [_criterion_line(c) for c in criteria if c.status == "不满足" and c.effect == "remind"]
    return (*lines, *(_finding_line(f, ()) for f in findings if not _is_defect(f)))


def _is_defect(finding: Finding) -> bool:
    """A bar to a path is no defect of the application: the path's reason says it."""
    return finding.phase == "conclusion" and finding.effect != "remind"


def _criterion_line(criterion: CriterionResult) -> NoticeLine:
    text = Reason(f"不满足：{criterion.point}", f"not met: {criterion.point}")
    return _line_of(criterion, text)


def _line_of(criterion: CriterionResult, text: Reason) -> NoticeLine:
    return NoticeLine(
        "criterion", criterion.id, text, criterion.basis, criterion.remedy, criterion.is_verified
    )


def _material_line(material: MaterialResult) -> NoticeLine:
    zh = f"{material.title}：{material.reason.zh}"
    text = Reason(zh, f"{material.title}: {material.reason.en}")
    return NoticeLine(
        "material", material.id, text, material.basis, material.remedy, material.is_verified
    )


def _finding_line(finding: Finding, differences: Sequence[Difference]) -> NoticeLine:
    detail = next((d for d in differences if d.name == finding.subject), None)
    subject = f"（{finding.subject}）" if finding.subject else ""
    zh = finding.text + subject
    if detail is not None:
        stated, recorded = spoken_value(detail.stated), spoken_value(detail.recorded)
        zh += f"：所填为“{stated}”，{detail.source}登记为“{recorded}”"
    text = Reason(zh, zh)
    return NoticeLine(
        "finding", finding.rule, text, finding.basis, finding.remedy, finding.is_verified
    )


def _missing_lines(criteria: Iterable[CriterionResult]) -> Iterator[NoticeLine]:
    """Each unknown fact once, with every criterion that waits for it."""
    waiting: dict[Missing, list[CriterionResult]] = {}
    for criterion in criteria:
        for missing in criterion.missing:
            waiting.setdefault(missing, []).append(criterion)
        if criterion.status == "待核" and not criterion.missing:
            zh = f"待核：“{criterion.point}”所读的内容不完整，暂不能判定"
            text = Reason(zh, f"pending: {criterion.point}")
            yield replace(_line_of(criterion, text), remedy="由审批部门核实后告知结果")
    for missing, found in waiting.items():
        yield _missing_line(missing, found)


def _missing_line(missing: Missing, criteria: Sequence[CriterionResult]) -> NoticeLine:
    points = "、".join(f"“{c.point}”" for c in criteria)
    zh = f"待核：缺少“{missing.name}”，由{missing.given_by}提供；{points}暂不能判定"
    en = f"pending: {missing.name} is not known, {missing.given_by} provides it"
    basis = tuple(dict.fromkeys(b for c in criteria for b in c.basis))
    remedy = way_out(missing)
    is_verified = all(c.is_verified for c in criteria)
    return NoticeLine("missing", missing.name, Reason(zh, en), basis, remedy, is_verified)


def way_out(missing: Missing) -> str:
    """What the applicant does about a fact that is not known: fill it in, or wait for who knows it."""
    if missing.given_by.startswith("申请人"):
        return f"请补充“{missing.name}”"
    return f"无须提交，等待{missing.given_by}提供“{missing.name}”"
