"""Why a decision came out as it did, in one line: what a failed step shows beside expected and got."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from engine.decision import Decision
from engine.decision.values import CriterionResult, MaterialResult, Read


def shown(value: object) -> str:
    """A value as officers write it."""
    match value:
        case None:
            return "未知"
        case bool():
            return "是" if value else "否"
        case Decimal():
            text = format(value, "f")
            return text.rstrip("0").rstrip(".") if "." in text else text
        case date():
            return value.isoformat()
        case Mapping():
            return "，".join(f"{key}：{shown(entry)}" for key, entry in value.items())
        case list() | tuple():
            return "、".join(shown(entry) for entry in value)
    return str(value)


def why_criterion(result: CriterionResult) -> str:
    """What the criterion read, and what it lacked."""
    parts = [_reads(result.reads)]
    if result.missing:
        lacking = "、".join(f"{m.name}（由{m.given_by}提供）" for m in result.missing)
        parts.append(f"缺少 {lacking}")
    return "；".join(filter(None, parts))


def why_material(result: MaterialResult) -> str:
    """The material's own reason, and each way that was passed over."""
    skips = "；".join(skip.reason.zh for skip in result.skips)
    return "；".join(filter(None, (result.reason.zh, skips)))


def why_outcome(decision: Decision) -> str:
    """Everything that is not as it should be."""
    parts = [
        f"审查要点“{criterion.point}”{criterion.status}（{why_criterion(criterion)}）"
        for criterion in decision.criteria
        if criterion.status in ("不满足", "待核")
    ]
    parts += [
        f"材料“{material.title}”{material.status}（{material.reason.zh}）"
        for material in decision.materials
        if material.status in ("缺少", "不满足", "待核")
    ]
    parts += [f"认定“{finding.text}”（{finding.effect}）" for finding in decision.findings]
    return "；".join(parts) or "各项均满足"


def _reads(reads: Iterable[Read]) -> str:
    said = "、".join(f"{r.name}={shown(r.value)}{r.unit}（{r.source}）" for r in reads)
    return f"读取：{said}" if said else ""
