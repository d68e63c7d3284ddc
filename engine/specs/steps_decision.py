"""当 and 那么 of an application: what was decided, and why."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from engine.decision import Decision, decision_to_json, replay
from engine.decision.values import CriterionResult, MaterialResult, NoticeLine
from engine.definitions import PATH_TITLES
from engine.specs.catalogue import StepCatalogue
from engine.specs.outcome import (
    StepFailed,
    expect_equal,
    expect_said,
    expect_unsaid,
    unknown,
)
from engine.specs.reasons import shown, why_criterion, why_material, why_outcome
from engine.specs.registers import read_amount, read_day
from engine.specs.world import World, path_id

STEPS: Final = StepCatalogue()
_NO_ROW: Final = "没有命中"


@STEPS.when('申请人于 {on:date} 申请"{matter}"')
def apply(world: World, on: str, matter: str) -> None:
    """Posts the application on a day."""
    world.apply(matter, read_day(on))


# --- outcome and path ----------------------------------------------------------------------------


@STEPS.then('结论是"{outcome}"')
def expect_outcome(world: World, outcome: str) -> None:
    """准予, 不予, 补正, 不予受理, 待核, or the matter's own words for it."""
    decision = world.decision
    if outcome != decision.outcome_title:
        expect_equal("结论", "outcome", outcome, decision.outcome, why_outcome(decision))


@STEPS.then('结论不是"{outcome}"')
def expect_other_outcome(world: World, outcome: str) -> None:
    """Any other outcome."""
    decision = world.decision
    if outcome in (decision.outcome, decision.outcome_title):
        why = why_outcome(decision)
        raise StepFailed(f"结论不应为“{outcome}”；{why}", f"the outcome is {outcome}")


@STEPS.then('办理路径是"{path}"')
def expect_path(world: World, path: str) -> None:
    """The path really taken."""
    decision = world.decision
    found = PATH_TITLES.get(decision.path, decision.path)
    expected = PATH_TITLES[path_id(path)]
    expect_equal("办理路径", "path", expected, found, decision.path_reason.zh)


@STEPS.then('办理路径的说明包括"{words}"')
def expect_path_reason(world: World, words: str) -> None:
    """Why this path was taken."""
    expect_said("办理路径的说明", "reason of the path", words, [world.decision.path_reason.zh])


@STEPS.then("前后各次的决定相同")
def expect_same_decisions(world: World) -> None:
    """The same facts and the same version of the rules: the same decision, to the byte."""
    digests = {decision.receipt.decision for decision in world.decisions}
    if len(world.decisions) < 2:
        raise StepFailed("至少要申请两次才能比较", "there is nothing to compare yet")
    expect_equal("不同的决定的个数", "different decisions", 1, len(digests))


@STEPS.then("凭据可以重现决定")
def expect_replay(world: World) -> None:
    """Deciding again from the receipt, asking no register, gives the same bytes."""
    again = replay(world.workspace, decision_to_json(world.decision))
    if not again.agrees:
        changed = "、".join((*again.changed, *again.tampered)) or "决定的内容"
        raise StepFailed(f"重现的决定不同，变化的是：{changed}", f"the replay differs: {changed}")


# --- criteria ------------------------------------------------------------------------------------


@STEPS.then('审查要点"{point}"的结果是"{status}"')
def expect_criterion(world: World, point: str, status: str) -> None:
    """满足, 不满足, 待核 or 不适用."""
    found = _criterion(world.decision, point)
    what = f"审查要点“{found.point}”的结果"
    expect_equal(what, f"criterion {found.id}", status, found.status, why_criterion(found))


@STEPS.then('审查要点"{point}"的依据包括"{words}"')
def expect_criterion_basis(world: World, point: str, words: str) -> None:
    """The law a criterion rests on."""
    found = _criterion(world.decision, point)
    expect_said(f"审查要点“{found.point}”的依据", "basis", words, found.basis)


@STEPS.then('审查要点"{point}"的补救办法包括"{words}"')
def expect_criterion_remedy(world: World, point: str, words: str) -> None:
    """How to put it right."""
    found = _criterion(world.decision, point)
    expect_said(f"审查要点“{found.point}”的补救办法", "remedy", words, [found.remedy])


@STEPS.then("所有审查要点的结果都是满足或不适用")
def expect_all_criteria(world: World) -> None:
    """Nothing fails and nothing is open."""
    for found in world.decision.criteria:
        if found.status not in ("满足", "不适用"):
            expect_criterion(world, found.id, "满足")


@STEPS.then('缺少的事实包括"{fact}"')
def expect_missing(world: World, fact: str) -> None:
    """A fact that some criterion, material or table waits for."""
    missing = dict(_missing(world.decision))
    if fact not in missing:
        raise unknown("缺少的事实", "missing fact", fact, missing)


@STEPS.then('缺少的事实包括"{fact}"，由"{who}"提供')
def expect_missing_from(world: World, fact: str, who: str) -> None:
    """A missing fact, and who provides it."""
    expect_missing(world, fact)
    givers = [giver for name, giver in _missing(world.decision) if name == fact]
    expect_said(f"“{fact}”的提供者", f"giver of {fact}", who, givers)


# --- materials -----------------------------------------------------------------------------------


@STEPS.then('材料"{title}"的状态是"{status}"')
def expect_material(world: World, title: str, status: str) -> None:
    """免提交, 已提交, 以承诺代替, 容缺后补, 缺少, 不满足, 待核 or 不需要."""
    found = _material(world.decision, title)
    what = f"材料“{found.title}”的状态"
    expect_equal(what, f"material {found.id}", status, found.status, why_material(found))


@STEPS.then('材料"{title}"显示"{label}"')
def expect_label(world: World, title: str, label: str) -> None:
    """The label shown, to the letter."""
    found = _material(world.decision, title)
    what = f"材料“{found.title}”显示的文字"
    expect_equal(what, f"label of {found.id}", label, found.label, why_material(found))


@STEPS.then('材料"{title}"不显示"{label}"')
def expect_no_label(world: World, title: str, label: str) -> None:
    """The label is not shown."""
    found = _material(world.decision, title)
    expect_unsaid(f"材料“{found.title}”显示的文字", "label", label, [found.label])


@STEPS.then('材料"{title}"的说明包括"{words}"')
def expect_material_reason(world: World, title: str, words: str) -> None:
    """Why it is so, including each way that was passed over."""
    found = _material(world.decision, title)
    said = [found.reason.zh, *(skip.reason.zh for skip in found.skips), found.remedy]
    expect_said(f"材料“{found.title}”的说明", "reason", words, said)


@STEPS.then('材料清单不包括"{title}"')
def expect_not_asked(world: World, title: str) -> None:
    """The material is not needed in this case."""
    expect_material(world, title, "不需要")


# --- notice, findings, reminders -----------------------------------------------------------------


@STEPS.then('一次性告知包括"{words}"')
def expect_notice(world: World, words: str) -> None:
    """Some line of the one-time notice says so."""
    said = [_line(line) for line in world.decision.notice]
    expect_said("一次性告知", "one-time notice", words, said)


@STEPS.then('一次性告知不包括"{words}"')
def expect_no_notice(world: World, words: str) -> None:
    """No line of the one-time notice says so."""
    said = [_line(line) for line in world.decision.notice]
    expect_unsaid("一次性告知", "one-time notice", words, said)


@STEPS.then("一次性告知共 {count:integer} 项")
def expect_notice_count(world: World, count: int) -> None:
    """How many lines the notice has."""
    notice = world.decision.notice
    why = "；".join(_line(line) for line in notice)
    expect_equal("一次性告知的项数", "lines of the notice", count, len(notice), why)


@STEPS.then("没有需要告知的事项")
def expect_empty_notice(world: World) -> None:
    """The notice is empty."""
    expect_notice_count(world, 0)


@STEPS.then('认定包括"{words}"')
def expect_finding(world: World, words: str) -> None:
    """A conclusion rule found so."""
    said = [f"{f.text} {f.title} {f.subject}" for f in world.decision.findings]
    expect_said("认定", "findings", words, said)


@STEPS.then('认定不包括"{words}"')
def expect_no_finding(world: World, words: str) -> None:
    """No conclusion rule found so."""
    said = [f"{f.text} {f.title} {f.subject}" for f in world.decision.findings]
    expect_unsaid("认定", "findings", words, said)


@STEPS.then('提示包括"{words}"')
def expect_reminder(world: World, words: str) -> None:
    """A reminder, or what the identifier check said."""
    expect_said("提示", "reminders", words, _reminders(world))


@STEPS.then('提示不包括"{words}"')
def expect_no_reminder(world: World, words: str) -> None:
    """No reminder says so."""
    expect_unsaid("提示", "reminders", words, _reminders(world))


@STEPS.then('差异包括"{fact}"')
def expect_difference(world: World, fact: str) -> None:
    """The applicant says one thing, a register another."""
    names = [difference.name for difference in world.decision.differences]
    if fact not in names:
        raise unknown("差异", "difference", fact, names)


@STEPS.then("没有差异")
def expect_no_difference(world: World) -> None:
    """What the applicant says agrees with every register."""
    names = [difference.name for difference in world.decision.differences]
    expect_equal("差异", "differences", "", "、".join(names))


@STEPS.then('无法访问的登记系统包括"{words}"')
def expect_unreachable(world: World, words: str) -> None:
    """A register that gave no answer is said so."""
    said = [reason.zh for reason in world.decision.unreachable]
    expect_said("无法访问的登记系统", "unreachable registers", words, said)


# --- facts and tables ----------------------------------------------------------------------------


@STEPS.then('"{fact}"的值是"{value}"')
def expect_text_value(world: World, fact: str, value: str) -> None:
    """A fact as the decision read or computed it."""
    expect_equal(f"“{fact}”的值", fact, value, shown(_fact(world.decision, fact)))


@STEPS.then('"{fact}"的值是 {value:value}')
def expect_value(world: World, fact: str, value: str) -> None:
    """The same, for numbers, days, 是 and 否; the unit is not compared."""
    found = _fact(world.decision, fact)
    if isinstance(found, Decimal | int) and not isinstance(found, bool):
        expect_equal(f"“{fact}”的值", fact, read_amount(value), Decimal(found))
    else:
        expect_equal(f"“{fact}”的值", fact, value, shown(found))


@STEPS.then('"{fact}"的值未知')
def expect_unknown_value(world: World, fact: str) -> None:
    """待核: nobody told, and it could not be computed."""
    expect_equal(f"“{fact}”的值", fact, "未知", shown(_fact(world.decision, fact)))


@STEPS.then('决策表"{table_id}"命中第 {row:integer} 行')
def expect_hit(world: World, table_id: str, row: int) -> None:
    """The row of a decision table that was hit, counted from 1."""
    _expect_hits(world, table_id, str(row))


@STEPS.then('决策表"{table_id}"命中的行是"{rows}"')
def expect_hits(world: World, table_id: str, rows: str) -> None:
    """Every row that was hit, where a table may take several: 1、3."""
    _expect_hits(world, table_id, "、".join(re.findall(r"[0-9]+", rows)) or rows)


@STEPS.then('决策表"{table_id}"没有命中任何行')
def expect_no_hit(world: World, table_id: str) -> None:
    """No row applies for certain; default outputs hold where the table has them."""
    _expect_hits(world, table_id, _NO_ROW)


def _expect_hits(world: World, table_id: str, rows: str) -> None:
    tables = {name: t for t in world.decision.tables for name in (t.title, t.id)}
    if table_id not in tables:
        raise unknown("决策表", "table", table_id, tables)
    found = "、".join(map(str, tables[table_id].hits)) or _NO_ROW
    expect_equal(f"决策表“{table_id}”命中的行", "rows hit", rows, found)


# --- an application that is not of the declared form ---------------------------------------------


@STEPS.then('申请不被接收，提示包括"{words}"')
def expect_not_taken(world: World, words: str) -> None:
    """A value that does not fit its declaration is refused before anything is decided."""
    if world.problems is None:
        raise StepFailed("申请被接收了", "the application was taken")
    said = [f"{d.message_zh} {d.help_zh}" for d in world.problems]
    expect_said("填报提示", "problems", words, said)


@STEPS.then('没有作出决定，原因包括"{words}"')
def expect_stopped(world: World, words: str) -> None:
    """A rule that cannot be evaluated stops the decision, visibly."""
    if not world.stopped:
        raise StepFailed("已经作出决定", "there is a decision")
    expect_said("原因", "reason", words, [world.stopped])


def _criterion(decision: Decision, point: str) -> CriterionResult:
    for found in decision.criteria:
        if point in (found.point, found.id):
            return found
    raise unknown("审查要点", "criterion", point, (c.point for c in decision.criteria))


def _material(decision: Decision, title: str) -> MaterialResult:
    for found in decision.materials:
        if title in (found.title, found.id):
            return found
    raise unknown("材料", "material", title, (m.title for m in decision.materials))


def _fact(decision: Decision, name: str) -> object:
    for read in decision.facts:
        if read.name == name:
            return read.value
    raise unknown("事实", "fact", name, (read.name for read in decision.facts))


def _missing(decision: Decision) -> Iterator[tuple[str, str]]:
    for criterion in decision.criteria:
        yield from ((missing.name, missing.given_by) for missing in criterion.missing)


def _line(line: NoticeLine) -> str:
    return f"{line.text.zh} {line.remedy} {'、'.join(line.basis)}"


def _reminders(world: World) -> list[str]:
    if world.identifier is not None:
        return [world.identifier.message_zh]
    return [_line(line) for line in world.decision.reminders]
