"""Each part decided on its own, and what that comes to for the whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine import decision
from engine.decision import EXEMPT_LABEL, Decision, Missing
from engine.hooks import Source
from engine.themes.answers import Answers, read_answers
from engine.themes.materials import merged_materials
from engine.themes.plan import PartPlan, ThemePlan
from engine.themes.splitting import split

# 待前置: its own decision is favourable, but a legal prerequisite is not granted yet.
PartStatus = Literal["办结", "未准予", "待补正", "待核", "待前置", "不须办理", "是否须办待核"]
ThemeStatus = Literal["全部办结", "部分办结", "办理中", "未办结"]
_STATUS: Mapping[str, PartStatus] = {
    "准予": "办结",
    "不予": "未准予",
    "不予受理": "未准予",
    "补正": "待补正",
    "待核": "待核",
}
_OPEN = ("待补正", "待核", "待前置", "是否须办待核")
Decide = Callable[..., Decision]


@dataclass(frozen=True)
class PartOutcome:
    """One part: whether it is needed, what was decided, and what the whole makes of it."""

    part: str
    title: str
    status: PartStatus
    applies: bool | None
    reason: str  # why it is not needed, or what is waited for
    missing: tuple[Missing, ...]  # without which nobody can say whether it is needed
    decision: Decision | None


@dataclass(frozen=True)
class ThemeMaterialResult:
    """One material of the theme: the parts it serves in this case, and how each obtained it."""

    id: str
    title: str
    parts: tuple[str, ...]
    statuses: Mapping[str, str]
    label: str  # 已关联电子证照证明，可免提交 where no part needs it handed in


@dataclass(frozen=True)
class ThemeDecision:
    """All parts, side by side: no part waits for another unless the law says so."""

    theme: str
    title: str
    on: str
    region: str
    status: ThemeStatus
    parts: tuple[PartOutcome, ...]
    materials: tuple[ThemeMaterialResult, ...]

    def part(self, name: str) -> PartOutcome:
        """A part by its matter's id or title. Raises KeyError."""
        for part in self.parts:
            if name in (part.part, part.title):
                return part
        raise KeyError(name)


def decide_theme(
    plan: ThemePlan,
    data: Mapping[str, Any],
    *,
    sources: Sequence[Source] | None = None,
    decide: Decide = decision.decide,
    file: str = "application",
) -> ThemeDecision:
    """Decides every part that is needed, each by `decide` and by nothing else.

    Raises what `decide` raises, and ApplicationError for what no part knows.
    """
    answers = read_answers(plan, data)
    applications = split(plan, data, file)
    decisions = {
        part: decide(plan.workspace, part, application, on=plan.on, sources=sources)
        for part, application in applications.items()
    }
    parts = _in_order(plan, answers, decisions)
    return ThemeDecision(
        theme=plan.theme.theme,
        title=plan.theme.title,
        on=plan.on.isoformat(),
        region=plan.region,
        status=_status(parts),
        parts=parts,
        materials=_materials(plan, decisions),
    )


def _in_order(
    plan: ThemePlan, answers: Answers, decisions: Mapping[str, Decision]
) -> tuple[PartOutcome, ...]:
    """Every part, those with prerequisites after them, told in the order of the theme."""
    done: dict[str, PartOutcome] = {}
    waiting = list(plan.parts)
    while waiting:
        ready = [p for p in waiting if all(a.part in done for a in p.part.after)]
        # A circle is an error of the definition; whoever is left is told with what is known.
        for part in ready or waiting[:1]:
            done[part.id] = _outcome(part, answers, decisions.get(part.id), done)
            waiting.remove(part)
    return tuple(done[part.id] for part in plan.parts)


def _outcome(
    part: PartPlan, answers: Answers, found: Decision | None, done: Mapping[str, PartOutcome]
) -> PartOutcome:
    applies, title = answers.applies[part.id], part.matter.title
    if applies is None:
        names = answers.missing(part)
        givers = {n: answers.plan.facts[n].given_by or "申请人" for n in names}
        missing = tuple(Missing(name, givers[name]) for name in names)
        words = "是否须办理，取决于尚未提供的：" + "、".join(names)
        return PartOutcome(part.id, title, "是否须办待核", None, words, missing, None)
    if found is None:
        reason = part.part.reason or "按所填的情形不须办理"
        return PartOutcome(part.id, title, "不须办理", False, reason, (), None)
    status = _STATUS[found.outcome]
    ahead = [done[a.part] for a in part.part.after if a.part in done]
    late = [a.title for a in ahead if a.status not in ("办结", "不须办理")]
    if status == "办结" and late:
        words = "须先办结：" + "、".join(late)
        return PartOutcome(part.id, title, "待前置", True, words, (), found)
    return PartOutcome(part.id, title, status, True, "", (), found)


def _status(parts: Sequence[PartOutcome]) -> ThemeStatus:
    """What the applicant is told of the whole; what is not needed counts for nothing."""
    needed = [part.status for part in parts if part.status != "不须办理"]
    if all(status == "办结" for status in needed):
        return "全部办结"
    if "办结" in needed:
        return "部分办结"
    return "办理中" if any(status in _OPEN for status in needed) else "未办结"


def _materials(
    plan: ThemePlan, decisions: Mapping[str, Decision]
) -> tuple[ThemeMaterialResult, ...]:
    found = []
    for material in merged_materials(plan):
        statuses = {}
        for need in material.serves:
            decided = decisions.get(need.part)
            results = () if decided is None else decided.materials
            result = next((r for r in results if r.id == need.material), None)
            if result is not None and result.status != "不需要":
                statuses[need.part] = result.status
        if statuses:
            is_exempt = set(statuses.values()) == {"免提交"}
            label = EXEMPT_LABEL if is_exempt else ""
            found.append(
                ThemeMaterialResult(material.id, material.title, tuple(statuses), statuses, label)
            )
    return tuple(found)
