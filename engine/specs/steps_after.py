"""当、那么: what others say of a case, its licence, and its life after the decision."""

from collections.abc import Mapping
from typing import Any, Final

from engine.casework import GROUNDS, Actor, Case, Task
from engine.specs.catalogue import StepCatalogue
from engine.specs.counter import Counter, actor_of
from engine.specs.draft import material_named
from engine.specs.outcome import StepFailed, expect_equal, expect_said, unknown
from engine.specs.registers import read_day
from engine.specs.steps_cases import CLERK, counter_of
from engine.specs.world import World
from engine.store import effects_in

STEPS: Final = StepCatalogue()
ISSUER: Final = Actor("出件员甲", "issuer", "政务服务中心")
_INSPECTOR, _SECOND = "核查员戊", "核查员己"

# --- the licence ---------------------------------------------------------------------------------


@STEPS.when("出件人员于 {on:date} 制发证照")
def issue(world: World, on: str) -> None:
    """The result licence is numbered, issued and sealed."""
    _give(world, "issue", ISSUER, on)


@STEPS.when('证照持有人于 {on:date} 领取证照，出示证件号码"{number}"')
def collect(world: World, on: str, number: str) -> None:
    """Whoever comes says that it is the applicant."""
    _give(world, "collect", ISSUER, on, {"way": "本人", "id_number": number})


@STEPS.when('代理人"{name}"于 {on:date} 领取证照，没有授权')
def collect_unauthorised(world: World, name: str, on: str) -> None:
    """Somebody else comes, without an authorisation."""
    body = {"way": "代理人", "name": name, "id_number": "370811198001010013"}
    _give(world, "collect", ISSUER, on, body)


@STEPS.when('代理人"{name}"于 {on:date} 领取证照，授权是"{authorisation}"')
def collect_authorised(world: World, name: str, on: str, authorisation: str) -> None:
    """Somebody else comes, with an authorisation that was verified."""
    body = {"way": "代理人", "name": name, "id_number": "370811198001010013"}
    _give(world, "collect", ISSUER, on, {**body, "authorisation": authorisation})


@STEPS.when('证照于 {on:date} 寄往"{address}"，物流单号是"{tracking}"')
def mail(world: World, on: str, address: str, tracking: str) -> None:
    """The licence is sent by mail."""
    body = {"way": "邮寄", "address": address, "tracking": tracking}
    _give(world, "collect", ISSUER, on, body)


@STEPS.then('在 {on:date} 查验证照，状态是"{status}"')
def expect_verified(world: World, on: str, status: str) -> None:
    """What the public is told: 有效, 撤销, 注销 or 失效."""
    counter = _counter(world)
    identifier = _licence(counter).identifier
    found = counter.hall.verify_licence(identifier, counter.moment(read_day(on)))
    expect_equal("证照状态", "status of the licence", status, found.status)


@STEPS.then("证照有效期至 {day:date}")
def expect_valid_until(world: World, day: str) -> None:
    """The last valid day."""
    found = _licence(_counter(world)).valid_until
    expect_equal("有效期至", "valid until", day, str(found))


@STEPS.then('证照上的"{field}"是"{value}"')
def expect_field(world: World, field: str, value: str) -> None:
    """A field of the licence, as it was decided."""
    found = _licence(_counter(world)).fields.get(field)
    expect_equal(field, field, value, str(found))


@STEPS.then('证照已由"{way}"领取')
def expect_collected(world: World, way: str) -> None:
    """本人, 代理人 or 邮寄."""
    found = _licence(_counter(world)).handed.get("way", "（未领取）")
    expect_equal("领取方式", "collected by", way, str(found))


# --- commitments and the end of what was granted -------------------------------------------------


@STEPS.when("核查人员于 {on:date} 核查承诺属实")
def confirm(world: World, on: str) -> None:
    """Two officers find that the commitment was kept."""
    _inspect(world, "confirm_commitment", on, "核查属实")


@STEPS.when('核查人员于 {on:date} 认定承诺虚假，理由是"{reason}"')
def find_false(world: World, on: str, reason: str) -> None:
    """Two officers find that it was false: what was granted is revoked at once."""
    _inspect(world, "find_false", on, reason)


@STEPS.when('一名核查人员于 {on:date} 独自认定承诺虚假，理由是"{reason}"')
def find_false_alone(world: World, on: str, reason: str) -> None:
    """One officer alone."""
    _inspect(world, "find_false", on, reason, second=_INSPECTOR)


@STEPS.when('核查人员于 {on:date} 责令在 {due:date} 前整改，理由是"{reason}"')
def find_unfulfilled(world: World, on: str, due: str, reason: str) -> None:
    """What was promised was not done: it is to be put right by a day."""
    _inspect(world, "find_unfulfilled", on, reason, due=due)


@STEPS.when("核查人员于 {on:date} 认定整改合格")
def confirm_rectified(world: World, on: str) -> None:
    """It was put right."""
    _inspect(world, "confirm_rectified", on, "整改合格")


@STEPS.when('核查人员于 {on:date} 以未整改撤销决定，理由是"{reason}"')
def revoke_unrectified(world: World, on: str, reason: str) -> None:
    """It was not put right in time."""
    _inspect(world, "revoke_unrectified", on, reason)


@STEPS.when('部门负责人于 {on:date} 撤销决定，事由是"{ground}"')
def revoke(world: World, on: str, ground: str) -> None:
    """The decision is taken back for another reason."""
    _end(world, "revoke", on, ground)


@STEPS.when('部门负责人于 {on:date} 注销证照，事由是"{ground}"')
def deregister(world: World, on: str, ground: str) -> None:
    """The licence is struck off."""
    _end(world, "deregister", on, ground)


@STEPS.when("部门负责人于 {on:date} 确认信用修复")
def repair(world: World, on: str) -> None:
    """The applicant's credit is repaired."""
    leader = actor_of(_counter(world).case, "leader", "负责人丁")
    _give(world, "repair_credit", leader, on, {"text": "已完成信用修复"})


@STEPS.when('申请人于 {on:date} 报告已履行"{title}"')
def fulfil(world: World, on: str, title: str) -> None:
    """The holder tells of a duty that was done."""
    counter = _counter(world)
    body = {"task": _task(counter.case, title).id, "text": "已履行"}
    _give(world, "fulfil", Actor(counter.case.owner, "applicant"), on, body)


@STEPS.then('决定被撤销，事由是"{ground}"')
def expect_revoked(world: World, ground: str) -> None:
    """The decision was taken back, with reasons, and with where to turn to."""
    ending = _counter(world).case.ending
    if ending is None or ending.kind != "撤销":
        raise StepFailed("决定没有被撤销", "the decision was not revoked")
    expect_equal("撤销的事由", "ground", ground, GROUNDS[ending.ground][0])
    lacking = [name for name in ("review_body", "court") if not ending.appeal.get(name)]
    expect_equal("没有告知的途径", "ways of appeal missing", [], lacking)


@STEPS.then("{years:integer} 年内不得再次申请")
def expect_bar(world: World, years: str) -> None:
    """行政许可法第七十九条."""
    ending = _counter(world).case.ending
    expect_equal("不得再次申请的年数", "years barred", int(years), ending.bar if ending else 0)


@STEPS.then('发出的信用事件包括"{words}"')
def expect_credit(world: World, words: str) -> None:
    """The credit register is told."""
    expect_said("信用事件", "credit events", words, _credit(_counter(world)))


@STEPS.then("没有发出信用事件")
def expect_no_credit(world: World) -> None:
    """Nothing is recorded against the applicant."""
    expect_equal("信用事件", "credit events", [], _credit(_counter(world)))


# --- tasks ---------------------------------------------------------------------------------------


@STEPS.then('待办任务"{title}"的期限是 {day:date}')
def expect_due(world: World, title: str, day: str) -> None:
    """An open task and its last day."""
    task = _task(_counter(world).case, title)
    expect_equal("期限", "due", day, str(task.due))


@STEPS.then('待办任务"{title}"由"{who}"办理')
def expect_task_of(world: World, title: str, who: str) -> None:
    """Whose an open task is."""
    expect_equal("办理人", "task of", who, _task(_counter(world).case, title).by)


@STEPS.then('待办任务"{title}"已逾期')
def expect_late(world: World, title: str) -> None:
    """The clock has marked it."""
    if not _task(_counter(world).case, title).is_late:
        raise StepFailed(f"“{title}”没有逾期", f"{title} is not late")


@STEPS.then('没有待办任务"{title}"')
def expect_no_task(world: World, title: str) -> None:
    """It is done, or was never there."""
    found = [t.title for t in _counter(world).case.tasks if t.is_open and title in t.title]
    expect_equal("待办任务", "open tasks", [], found)


# --- what others say -----------------------------------------------------------------------------


@STEPS.when('窗口于 {on:date} 对材料"{title}"启动补登，证照编号是"{number}"')
def note_paper(world: World, on: str, title: str, number: str) -> None:
    """The library lacks a licence that the applicant has on paper."""
    _give(world, "note_paper", CLERK, on, {"material": _material(world, title), "number": number})


@STEPS.when('窗口于 {on:date} 就材料"{title}"请"{department}"协查')
def ask_department(world: World, on: str, title: str, department: str) -> None:
    """Another department is asked; the applicant provides nothing."""
    body = {
        "material": _material(world, title),
        "department": department,
        "question": f"请核实{title}",
    }
    _give(world, "ask_department", CLERK, on, body)


@STEPS.when('"{department}"于 {on:date} 答复协查：{answer:name}')
def answer_department(world: World, department: str, on: str, answer: str) -> None:
    """属实, 不属实 or 无法核实, with the name that answers for it."""
    actor = Actor(f"{department}甲", "reviewer", department)
    _give(world, "answer_department", actor, on, {"answer": answer, "seal": actor.name})


@STEPS.when('申请人于 {on:date} 对登记的"{fact}"提出异议，理由是"{reason}"')
def dispute(world: World, on: str, fact: str, reason: str) -> None:
    """A register's value is wrong, the applicant says."""
    applicant = Actor(_counter(world).case.owner, "applicant")
    _give(world, "dispute", applicant, on, {"fact": fact, "text": reason})


@STEPS.then('办件中"{fact}"的差异仍然保留')
def expect_difference(world: World, fact: str) -> None:
    """Neither side was overwritten."""
    found = [d["name"] for d in _counter(world).case.decision.get("differences", ())]
    expect_said("差异", "differences", fact, found)


@STEPS.then('办件中材料"{title}"的状态是"{status}"')
def expect_material(world: World, title: str, status: str) -> None:
    """How the material stands by the last evaluation of the case."""
    identity = _material(world, title)
    materials = _counter(world).case.decision["materials"]
    found = next(m["status"] for m in materials if m["id"] == identity)
    expect_equal(f"材料“{title}”的状态", "status", status, str(found))


@STEPS.then("逐次审查都能离线重演，结果一字不差")
def expect_replayed(world: World) -> None:
    """Every evaluation of the case decided again from its receipt."""
    counter = _counter(world)
    differing = [one.number for one in counter.hall.replay(counter.case.id) if not one.agrees]
    expect_equal("重演不一致的审查", "evaluations that differ", [], differing)


# --- inside --------------------------------------------------------------------------------------


def _counter(world: World) -> Counter:
    counter = counter_of(world)
    counter.acknowledge()
    return counter


def _give(
    world: World, do: str, actor: Actor, on: str, body: Mapping[str, Any] | None = None
) -> None:
    counter_of(world).give(do, actor, read_day(on), body)


def _inspect(
    world: World, do: str, on: str, reason: str, second: str = _SECOND, **more: str
) -> None:
    inspector = actor_of(_counter(world).case, "reviewer", _INSPECTOR)
    _give(world, do, inspector, on, {"text": reason, "with": second, **more})


def _end(world: World, do: str, on: str, title: str) -> None:
    titles = {zh: ground for ground, (zh, _) in GROUNDS.items()}
    if title not in titles:
        raise unknown("事由", "ground", title, titles)
    leader = actor_of(_counter(world).case, "leader", "负责人丁")
    _give(world, do, leader, on, {"text": title, "ground": titles[title]})


def _licence(counter: Counter) -> Any:
    results = counter.case.results
    if not results:
        raise StepFailed("还没有制发证照", "no licence was issued yet")
    return results[-1]


def _task(case: Case, title: str) -> Task:
    waiting = [task for task in case.tasks if task.is_open]
    found = next((task for task in waiting if title in task.title), None)
    if found is None:
        raise unknown("待办任务", "open task", title, [task.title for task in waiting])
    return found


def _credit(counter: Counter) -> list[str]:
    with counter.hall.database.read() as connection:
        found = effects_in(connection, counter.case.id)
    events = [e.body for e, _ in found if e.topic == "credit"]
    return [f"{b['category']}{'（已修复）' if b['repaired'] else ''}" for b in events]


def _material(world: World, title: str) -> str:
    case = counter_of(world).case
    titles = {m["id"]: m["title"] for m in case.decision["materials"]}
    return material_named(titles, title)
