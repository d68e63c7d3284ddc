"""What mutation told of the scenarios: the score, and for each survivor the scenario that is missing."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from engine.specs.mutation_runs import MatterScore, Outcome
from engine.specs.mutations import KIND_TITLES, MutantKind

BAR: Final = Decimal(90)  # percent
_WAYS: Final[dict[MutantKind, tuple[str, str]]] = {
    "threshold": (
        "写一个取值恰在“{old}”与“{new}”之间分出两种结果的场景，核对“{what}”",
        "a scenario at the figure itself: {old} and {new} must come out differently",
    ),
    "bound": (
        "写一个恰好等于界限的场景，核对“{what}”",
        "a scenario exactly at the bound",
    ),
    "logic": (
        "写一个只符合其中一部分条件的场景，核对“{what}”",
        "a scenario that meets only one part of the condition",
    ),
    "member": (
        "写一个取这一项（{old}）的场景，核对“{what}”",
        "a scenario with this very item: {old}",
    ),
    "value": (
        "写一个与现有场景相反的场景，核对“{what}”",
        "a scenario with the opposite value",
    ),
    "row": ("写一个命中{what}的场景，核对结果", "a scenario that hits this row"),
    "output": (
        "写一个命中{what}的场景，核对结果是 {old}",
        "a scenario that hits this row and states {old}",
    ),
    "effect": (
        "写一个只有“{what}”不满足的场景，核对结论",
        "a scenario in which only this criterion fails, with its outcome",
    ),
    "when": (
        "写一个不适用“{what}”的场景，核对结果是“不适用”或材料“不需要”",
        "a scenario to which it does not apply",
    ),
    "material": (
        "写一个以承诺代替（或不得代替）{what}的场景",
        "a scenario in which the material is, or may not be, committed to",
    ),
    "parameter": (
        "写一个恰好等于“{what}”的场景",
        "a scenario exactly at this figure",
    ),
    "entry": ("写一个进得去和一个进不去该路径的场景", "one scenario that enters the path, one not"),
    "duration": (
        "写一个核对到期日的场景：{what}为 {old}",
        "a scenario that states the due day of {old}",
    ),
    "conclusion": (
        "写一个只由规则“{what}”得出认定的场景",
        "a scenario that only this rule concludes",
    ),
}


def suggestion(outcome: Outcome) -> tuple[str, str]:
    """The scenario that would kill the mutant, in Chinese and English."""
    mutant = outcome.mutant
    words = {"old": mutant.old.strip(" ,"), "new": mutant.new.strip(" ,"), "what": mutant.what}
    zh, en = _WAYS[mutant.kind]
    return zh.format(**words), en.format(**words)


def is_enough(scores: Sequence[MatterScore]) -> bool:
    """Whether every matter reaches the bar."""
    return all(score.score >= BAR for score in scores)


def render_scores(scores: Sequence[MatterScore]) -> str:
    """Matter by matter: the score, then every survivor with its place and what is missing."""
    lines: list[str] = []
    for score in scores:
        lines += [*_matter_lines(score), ""]
    lines.append(_summary(scores))
    return "\n".join(lines)


def _matter_lines(score: MatterScore) -> Iterator[str]:
    killed, survived, same = (score.count(f) for f in ("killed", "survived", "equivalent"))
    yield (
        f"{score.title}（{score.matter}）：{score.score}%"
        f"，{score.scenarios} 个场景，{killed} 处改动被发现，{survived} 处没有，{same} 处等价"
    )
    for outcome in score.outcomes:
        if outcome.fate == "survived":
            yield from _survivor_lines(outcome)
    equivalent = [o for o in score.outcomes if o.fate == "equivalent"]
    if equivalent:
        yield "  等价（不影响任何决定，不计分）/ equivalent:"
        yield from (f"    {o.place}  {o.mutant.what}  {_change(o)}" for o in equivalent)


def _survivor_lines(outcome: Outcome) -> Iterator[str]:
    mutant = outcome.mutant
    title = KIND_TITLES[mutant.kind][0]
    yield f"  ✗ {outcome.place}  {title}：{mutant.what}  {_change(outcome)}"
    yield f"      {suggestion(outcome)[0]}"


def _change(outcome: Outcome) -> str:
    old, new = outcome.mutant.old.strip(), outcome.mutant.new.strip()
    return f"{old} → {new or '（去掉）'}"


def _summary(scores: Sequence[MatterScore]) -> str:
    below = [score.title for score in scores if score.score < BAR]
    if not below:
        return f"每个事项都达到 {BAR}% / every matter reaches {BAR}%"
    return f"未达到 {BAR}%：{'、'.join(below)} / below {BAR}%: {len(below)}"


def scores_to_json(scores: Sequence[MatterScore]) -> dict[str, object]:
    """Scores and every mutant that was not killed; keys are stable."""
    return {
        "ok": is_enough(scores),
        "bar": BAR,
        "matters": [
            {
                "matter": score.matter,
                "title": score.title,
                "score": score.score,
                "scenarios": score.scenarios,
                "killed": score.count("killed"),
                "survived": [_plain(o) for o in score.outcomes if o.fate == "survived"],
                "equivalent": [_plain(o) for o in score.outcomes if o.fate == "equivalent"],
            }
            for score in scores
        ],
    }


def _plain(outcome: Outcome) -> dict[str, object]:
    zh, en = suggestion(outcome)
    place, mutant = outcome.place, outcome.mutant
    return {
        "kind": mutant.kind,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "what": mutant.what,
        "old": mutant.old,
        "new": mutant.new,
        "suggestion": zh,
        "suggestion_en": en,
    }
