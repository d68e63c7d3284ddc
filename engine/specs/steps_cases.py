"""当: what happens to a case at the counter: from the application to its end, day by day."""

from collections.abc import Mapping
from typing import Any, Final

from engine.casework import Actor
from engine.specs.catalogue import StepCatalogue
from engine.specs.counter import Counter, actor_of
from engine.specs.draft import Said, fact_value, material_named
from engine.specs.outcome import StepFailed
from engine.specs.registers import read_day
from engine.specs.world import World
from engine.workspace import Workspace

STEPS: Final = StepCatalogue()
CLERK: Final = Actor("窗口甲", "clerk", "政务服务中心")
_REVIEWERS: Final = {"审查人员": "审查员甲", "另一审查人员": "审查员乙"}

# --- definitions ---------------------------------------------------------------------------------


@STEPS.given("工作区中另有以下定义")
def add_definition(world: World, docstring: str) -> None:
    """A definition that only this scenario has."""
    known = world.workspace.files
    names = (f"rulesets/场景中的定义{n}.yaml" for n in ("", *range(2, len(known) + 3)))
    _edit(world, next(name for name in names if name not in known), docstring)


@STEPS.given('"{file}"中"{old}"写作"{new}"')
def edit_definition(world: World, file: str, old: str, new: str) -> None:
    """A file of the workspace, as if it had been written otherwise in one place."""
    _replace(world, file, old, new)


@STEPS.when('于 {on:date} 公布修订：在"{file}"中，"{old}"改为"{new}"')
def revise_definition(world: World, on: str, file: str, old: str, new: str) -> None:
    """From that day on the workspace reads otherwise; cases under way keep what they are pinned to."""
    counter_of(world).pass_time(read_day(on))
    _replace(world, file, old, new)


def _replace(world: World, file: str, old: str, new: str) -> None:
    known = world.workspace.files.get(file)
    if known is None or known.text is None:
        raise StepFailed(f"工作区中没有“{file}”", f"there is no {file!r} in the workspace")
    if old not in known.text:
        raise StepFailed(f"“{file}”中没有“{old}”", f"{file!r} does not say {old!r}")
    _edit(world, file, known.text.replace(old, new))


def _edit(world: World, file: str, text: str) -> None:
    world.workspace = world.workspace.with_text(file, text + "\n")
    if world.counter is not None:
        world.counter.workspace = _asking(world, world.workspace)


def counter_of(world: World) -> Counter:
    """The scenario's hall, opened when it is first needed."""
    if world.counter is None:
        world.counter = Counter(_asking(world, world.workspace))
    return world.counter


def _asking(world: World, workspace: Workspace) -> Workspace:
    """The workspace, asking the registers as the scenario states them."""
    sources = world.registers.sources(workspace.sources)
    return workspace if sources is None else workspace.with_sources(sources)


# --- the applicant -------------------------------------------------------------------------------


@STEPS.when('申请人于 {on:date} 提交"{matter}"的申请')
def submit(world: World, on: str, matter: str) -> None:
    """Hands an application in: a case begins."""
    _submit(world, on, matter, {})


@STEPS.when('申请人于 {on:date} 再次提交"{matter}"的申请，理由是"{reason}"')
def submit_again(world: World, on: str, matter: str, reason: str) -> None:
    """Hands the same application in once more, and says why."""
    _submit(world, on, matter, {"duplicate_reason": reason})


def _submit(world: World, on: str, title: str, body: Mapping[str, Any]) -> None:
    day = read_day(on)
    matter = world.matter(title, day)
    posted = world.draft.to_json(matter, world.workspace.regions(day))
    counter_of(world).submit(matter.matter, posted, day, body)


@STEPS.when('申请人于 {on:date} 补正，{fact:name}改为"{value}"')
def supply_text(world: World, on: str, fact: str, value: str) -> None:
    """Corrects a fact, in words."""
    _supply_fact(world, on, fact, Said(value, is_quoted=True))


@STEPS.when("申请人于 {on:date} 补正，{fact:name}改为 {value:value}")
def supply_value(world: World, on: str, fact: str, value: str) -> None:
    """Corrects a fact: a number with or without its unit, a day, 是 or 否."""
    _supply_fact(world, on, fact, Said(value))


def _supply_fact(world: World, on: str, fact: str, saying: Said) -> None:
    day, counter = read_day(on), counter_of(world)
    matter = counter.hall.definitions(counter.case).matter(counter.case.matter, day)
    value = fact_value(matter.facts.get(fact), fact, saying)
    _give(world, "supply", _applicant(counter), on, {"facts": {fact: value}})


@STEPS.when('申请人于 {on:date} 补交材料"{title}"')
def supply_material(world: World, on: str, title: str) -> None:
    """Hands in a material that was asked for."""
    day, counter = read_day(on), counter_of(world)
    matter = counter.hall.definitions(counter.case).matter(counter.case.matter, day)
    titles = {use.key: use.title or use.key for use in matter.materials}
    material = material_named(titles, title)
    _give(world, "supply", _applicant(counter), on, {"materials": {material: {}}})


@STEPS.when("申请人于 {on:date} 撤回申请")
def withdraw(world: World, on: str) -> None:
    """Takes the application back, which anybody may before the decision."""
    _give(world, "withdraw", _applicant(counter_of(world)), on)


def _applicant(counter: Counter) -> Actor:
    return Actor(counter.case.owner, "applicant")


# --- the window ----------------------------------------------------------------------------------


@STEPS.when("窗口于 {on:date} 受理")
def accept(world: World, on: str) -> None:
    """The clerk accepts the application."""
    _give(world, "accept", CLERK, on)


@STEPS.when("窗口于 {on:date} 告知补正")
def ask_correction(world: World, on: str) -> None:
    """The one-time notice: everything that the evaluation found."""
    _give(world, "ask_correction", CLERK, on)


@STEPS.when('窗口于 {on:date} 告知补正，另外要求"{text}"')
def ask_for_more(world: World, on: str, text: str) -> None:
    """The notice, with a line of the clerk's own."""
    _give(world, "ask_correction", CLERK, on, {"extra": [_extra(text)]})


@STEPS.when('窗口于 {on:date} 告知补正，另外要求"{text}"，理由是"{reason}"')
def ask_for_more_with_reason(world: World, on: str, text: str, reason: str) -> None:
    """As above, with the reason why an earlier notice did not hold it."""
    _give(world, "ask_correction", CLERK, on, {"extra": [_extra(text)], "reason": reason})


def _extra(text: str) -> dict[str, str]:
    return {"text": text, "basis": "窗口人员审核意见", "remedy": f"请补充：{text}"}


@STEPS.when("窗口于 {on:date} 建议不予受理")
def propose_decline(world: World, on: str) -> None:
    """The clerk proposes not to accept, for the reasons that the rules found."""
    _give(world, "propose_decline", CLERK, on)


@STEPS.when('窗口于 {on:date} 建议不予受理，理由是"{reason}"，依据"{basis}"')
def propose_decline_with_reason(world: World, on: str, reason: str, basis: str) -> None:
    """The clerk proposes not to accept, for reasons of the clerk's own."""
    _give(world, "propose_decline", CLERK, on, {"reason": reason, "basis": basis})


@STEPS.when("窗口人员自己于 {on:date} 确认不予受理")
def confirm_alone(world: World, on: str) -> None:
    """Whoever proposed it confirms it, in whatever role."""
    actor = actor_of(counter_of(world).case, "checker", CLERK.name)
    _give(world, "confirm_decline", actor, on)


@STEPS.when("承办部门另一人于 {on:date} 确认不予受理")
def confirm_decline(world: World, on: str) -> None:
    """Somebody else of the department confirms it."""
    _give(world, "confirm_decline", _checker(world), on)


@STEPS.when('承办部门另一人于 {on:date} 退回窗口，理由是"{reason}"')
def reject_decline(world: World, on: str, reason: str) -> None:
    """Somebody else of the department does not confirm it."""
    _give(world, "reject_decline", _checker(world), on, {"reason": reason})


# --- review and check ----------------------------------------------------------------------------


@STEPS.when("{who:name}于 {on:date} 认定{fact:name}为 {value:value}")
def answer(world: World, who: str, on: str, fact: str, value: str) -> None:
    """审查人员 or 另一审查人员 gives a fact that is pending, or judges."""
    day, counter = read_day(on), counter_of(world)
    matter = counter.hall.definitions(counter.case).matter(counter.case.matter, day)
    known = fact_value(matter.facts.get(fact), fact, Said(value))
    facts = {fact: known == "是" if known in ("是", "否") else known}
    _give(world, "answer", _reviewer(world, who), on, {"facts": facts, "reason": "现场核查"})


@STEPS.when('{who:name}于 {on:date} 提出"{outcome}"的审查意见')
def review(world: World, who: str, on: str, outcome: str) -> None:
    """审查人员 or 另一审查人员 proposes the outcome."""
    body = {"outcome": outcome, "opinion": f"建议{outcome}"}
    _give(world, "review", _reviewer(world, who), on, body)


@STEPS.when("审查人员于 {on:date} 告知补正")
def ask_correction_in_review(world: World, on: str) -> None:
    """The reviewer sends an accepted application to correction."""
    _give(world, "ask_correction", _reviewer(world, "审查人员"), on)


@STEPS.when("审查人员自己于 {on:date} 核准")
def approve_alone(world: World, on: str) -> None:
    """Whoever reviewed it checks it too."""
    _give(world, "approve", actor_of(counter_of(world).case, "checker", "审查员甲"), on)


@STEPS.when("核准人员于 {on:date} 核准")
def approve(world: World, on: str) -> None:
    """Somebody else checks the opinion and decides."""
    _give(world, "approve", _checker(world), on)


@STEPS.when('核准人员于 {on:date} 退回审查，理由是"{reason}"')
def return_to_review(world: World, on: str, reason: str) -> None:
    """The checker sends it back."""
    _give(world, "return_to_review", _checker(world), on, {"reason": reason})


@STEPS.when('部门负责人于 {on:date} 处理复核单，结论是"{conclusion}"')
def settle_recheck(world: World, on: str, conclusion: str) -> None:
    """A leader settles the re-examination."""
    _give(world, "settle_recheck", _leader(world), on, {"conclusion": conclusion})


@STEPS.when("审查人员于 {on:date} 按现行规则重新审查")
def repin(world: World, on: str) -> None:
    """The case goes on by the rules now in force."""
    _give(world, "repin", _reviewer(world, "审查人员"), on)


@STEPS.when("窗口于 {on:date} 按现行规则重新审查")
def repin_at_window(world: World, on: str) -> None:
    """Before acceptance the rules of the day hold."""
    _give(world, "repin", CLERK, on)


@STEPS.when("出件人员于 {on:date} 办结")
def close(world: World, on: str) -> None:
    """The case is closed."""
    _give(world, "close", Actor("出件员甲", "issuer", "政务服务中心"), on)


# --- what is not counted, and what is counted longer ---------------------------------------------


@STEPS.when('审查人员于 {on:date} 开始特殊环节"{title}"，书面告知需要 {period:period}')
def start_special(world: World, on: str, title: str, period: str) -> None:
    """A stage that is not counted begins, and the applicant is told how long it takes."""
    body = {"title": title, "within": period, "told": True}
    _give(world, "start_special", _reviewer(world, "审查人员"), on, body)


@STEPS.when('审查人员于 {on:date} 开始特殊环节"{title}"，需要 {period:period}，没有书面告知')
def start_special_untold(world: World, on: str, title: str, period: str) -> None:
    """A stage that is not counted begins, and the applicant is told nothing."""
    body = {"title": title, "within": period}
    _give(world, "start_special", _reviewer(world, "审查人员"), on, body)


@STEPS.when('审查人员于 {on:date} 结束特殊环节"{title}"')
def end_special(world: World, on: str, title: str) -> None:
    """The stage ends; its first and last day are not counted."""
    body = {"title": title, "result": "已完成"}
    _give(world, "end_special", _reviewer(world, "审查人员"), on, body)


@STEPS.when('部门负责人于 {on:date} 延长办理期限，理由是"{reason}"')
def extend(world: World, on: str, reason: str) -> None:
    """The head of the organ extends the time; the applicant is told why."""
    _give(world, "extend", _leader(world), on, {"reason": reason, "told": True})


@STEPS.when('部门负责人于 {on:date} 延长办理期限，经"{approver}"批准，理由是"{reason}"')
def extend_joint(world: World, on: str, approver: str, reason: str) -> None:
    """Joint handling is extended with the consent of the head of the government."""
    body = {"reason": reason, "told": True, "approved_by": approver}
    _give(world, "extend", _leader(world), on, body)


# --- several departments, and who handles it -----------------------------------------------------


@STEPS.when('"{department}"于 {on:date} 提出同意的意见')
def agree(world: World, department: str, on: str) -> None:
    """A member of joint handling agrees."""
    _opine(world, department, on, agrees=True)


@STEPS.when('"{department}"于 {on:date} 提出不同意的意见')
def object_to(world: World, department: str, on: str) -> None:
    """A member of joint handling objects."""
    _opine(world, department, on, agrees=False)


def _opine(world: World, department: str, on: str, *, agrees: bool) -> None:
    actor = Actor(f"{department}甲", "reviewer", department)
    body = {"agrees": agrees, "opinion": "同意" if agrees else "不同意"}
    _give(world, "give_opinion", actor, on, body)


@STEPS.when("牵头部门于 {on:date} 会商，各方同意")
def consult(world: World, on: str) -> None:
    """A consultation after an objection, in which all agree."""
    body = {"agreed": True, "minutes": "会商一致同意"}
    _give(world, "consult", _reviewer(world, "审查人员"), on, body)


@STEPS.when('部门负责人于 {on:date} 将办件转给"{name}"')
def transfer(world: World, on: str, name: str) -> None:
    """A leader gives the case to somebody."""
    _give(world, "transfer", _leader(world), on, {"to": name, "reason": "工作安排"})


@STEPS.when("时间到了 {on:date}")
def pass_time(world: World, on: str) -> None:
    """The days go by, and the clock does what falls due."""
    counter = counter_of(world)
    counter.acknowledge()
    counter.pass_time(read_day(on))


def _give(
    world: World, do: str, actor: Actor, on: str, body: Mapping[str, Any] | None = None
) -> None:
    counter_of(world).give(do, actor, read_day(on), body)


def _reviewer(world: World, who: str) -> Actor:
    if who not in _REVIEWERS:
        known = "、".join(_REVIEWERS)
        raise StepFailed(f"没有“{who}”；可写：{known}", f"known reviewers: {known}")
    return actor_of(counter_of(world).case, "reviewer", _REVIEWERS[who])


def _checker(world: World) -> Actor:
    return actor_of(counter_of(world).case, "checker", "核准人丙")


def _leader(world: World) -> Actor:
    return actor_of(counter_of(world).case, "leader", "负责人丁")
