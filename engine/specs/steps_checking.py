"""Steps on what needs no application: time limits, identifiers, definitions, look-ups."""

from functools import partial
from typing import Final

from engine.checks import check_text
from engine.clock import Deadline, Period, Span, deadline, latest_day_before
from engine.definitions import KIND_TITLES
from engine.diagnostics import Diagnostic
from engine.hooks import IdentifierCheck, identify
from engine.specs.catalogue import StepCatalogue
from engine.specs.outcome import StepFailed, expect_equal, expect_said, unknown
from engine.specs.registers import read_day
from engine.specs.world import World

STEPS: Final = StepCatalogue()
_SCENARIO_FILE: Final = "rulesets/场景中的定义.yaml"

# --- time ----------------------------------------------------------------------------------------


@STEPS.when("于 {start:date} 受理，期限为 {period:period}")
def count_from(world: World, start: str, period: str) -> None:
    """Counts a legal period from the day of an event; that day itself does not count."""
    day, length, calendar = read_day(start), Period.parse(period), world.workspace.calendar

    def count(suspended: tuple[Span, ...]) -> Deadline:
        return deadline(day, length, calendar, suspended)

    world.count = count


@STEPS.when("计算 {start:date} 起 {period:period} 的期限")
def count_period(world: World, start: str, period: str) -> None:
    """The same, in words for any other event."""
    count_from(world, start, period)


@STEPS.when("计算 {event:date} 前 {period:period} 的最后一日")
def count_back(world: World, event: str, period: str) -> None:
    """The last day that still lies a whole period before an event."""
    found = latest_day_before(read_day(event), Period.parse(period), world.workspace.calendar)
    world.count = partial(_already_counted, found)


def _already_counted(found: Deadline, suspended: tuple[Span, ...]) -> Deadline:
    return found


@STEPS.then("届满日是 {day:date}")
def expect_due(world: World, day: str) -> None:
    """The last day of the period."""
    found = world.deadline()
    counted = "、".join(day.isoformat()[5:] for day in found.counted[:30])
    why = f"计入的日子：{counted}。{found.note_zh}"
    expect_equal("届满日", "last day", day, found.due.isoformat(), why)


@STEPS.then("届满日为暂定")
def expect_provisional(world: World) -> None:
    """It leans on a year whose calendar is not published."""
    found = world.deadline()
    if not found.is_provisional:
        raise StepFailed(f"届满日 {found.due} 是确定的", f"the last day {found.due} is firm")


@STEPS.then("届满日是确定的")
def expect_firm(world: World) -> None:
    """It leans on published calendars only."""
    found = world.deadline()
    if found.is_provisional:
        raise StepFailed(f"届满日 {found.due} 为暂定：{found.note_zh}", found.note_en)


@STEPS.then("{day:date} 计入期限")
def expect_counted(world: World, day: str) -> None:
    """A day that was counted."""
    if read_day(day) not in world.deadline().counted:
        reasons = {skip.day: skip.reason_zh for skip in world.deadline().skipped}
        why = reasons.get(read_day(day), "不在期限之内")
        raise StepFailed(f"{day} 没有计入期限：{why}", f"{day} was not counted")


@STEPS.then("{day:date} 不计入期限")
def expect_not_counted(world: World, day: str) -> None:
    """A day that was not counted."""
    if read_day(day) in world.deadline().counted:
        raise StepFailed(f"{day} 计入了期限", f"{day} was counted")


@STEPS.then('期限说明包括"{words}"')
def expect_note(world: World, words: str) -> None:
    """Why the last day moved, or is provisional."""
    found = world.deadline()
    said = [found.note_zh, *(f"{skip.day} {skip.reason_zh}" for skip in found.skipped)]
    expect_said("期限说明", "note", words, said)


@STEPS.then("{day:date} 是工作日")
def expect_working_day(world: World, day: str) -> None:
    """By the official calendar."""
    if not world.workspace.calendar.is_working_day(read_day(day)):
        raise StepFailed(f"{day} 不是工作日", f"{day} is no working day")


@STEPS.then("{day:date} 不是工作日")
def expect_rest_day(world: World, day: str) -> None:
    """By the official calendar."""
    if world.workspace.calendar.is_working_day(read_day(day)):
        raise StepFailed(f"{day} 是工作日", f"{day} is a working day")


# --- identifiers ---------------------------------------------------------------------------------


@STEPS.when('校验{kind}"{number}"')
def check_number(world: World, kind: str, number: str) -> None:
    """Checks an identifier, as of the last day of the published calendars' latest year."""
    check_number_on(world, _latest_day(world), kind, number)


@STEPS.when('于 {on:date} 校验{kind}"{number}"')
def check_number_on(world: World, on: str, kind: str, number: str) -> None:
    """Checks an identifier as of a day."""
    verdict = identify(world.workspace.plugins, kind, number, read_day(on))
    if verdict is None:
        raise StepFailed(f"没有能校验“{kind}”的插件", f"no plugin checks {kind}")
    world.identifier = verdict


@STEPS.then("号码有效")
def expect_valid(world: World) -> None:
    """Nothing is wrong with it."""
    _expect_status(world, "valid")


@STEPS.then("号码无效")
def expect_invalid(world: World) -> None:
    """It is not accepted."""
    _expect_status(world, "invalid")


@STEPS.then("号码存疑")
def expect_doubtful(world: World) -> None:
    """Accepted when data are imported, not for anything new."""
    _expect_status(world, "warning")


@STEPS.then('号码无效，提示含"{words}"')
def expect_invalid_saying(world: World, words: str) -> None:
    """It is not accepted, and the applicant is told why."""
    expect_invalid(world)
    expect_said("号码的提示", "message", words, [_identifier(world).message_zh])


@STEPS.then('号码存疑，提示含"{words}"')
def expect_doubtful_saying(world: World, words: str) -> None:
    """A warning that says why."""
    expect_doubtful(world)
    expect_said("号码的提示", "message", words, [_identifier(world).message_zh])


def _identifier(world: World) -> IdentifierCheck:
    if world.identifier is None:
        raise StepFailed("还没有校验号码", "no number has been checked yet")
    return world.identifier


def _expect_status(world: World, expected: str) -> None:
    words = {"valid": "有效", "invalid": "无效", "warning": "存疑"}
    found = _identifier(world)
    expect_equal("号码", "number", words[expected], words[found.status], found.message_zh)


def _latest_day(world: World) -> str:
    return f"{max(world.workspace.calendar.years, default=2026)}-12-31"


# --- definitions ---------------------------------------------------------------------------------


@STEPS.when("检查以下定义")
def check_definition(world: World, docstring: str) -> None:
    """Checks a definition that is nowhere but in the scenario."""
    world.problems = check_text(world.workspace, _SCENARIO_FILE, docstring + "\n")


@STEPS.when('检查"{file}"，其中"{old}"改为"{new}"')
def check_edit(world: World, file: str, old: str, new: str) -> None:
    """Checks a file of the workspace as if it had been edited in one place."""
    known = world.workspace.files
    if file not in known or known[file].whole is None:
        raise unknown("定义文件", "definition file", file, known)
    document = known[file].whole
    text = document.text if document is not None else ""
    if text.count(old) != 1:
        raise StepFailed(
            f"“{old}”在 {file} 中出现了 {text.count(old)} 次，应恰好一次",
            f"{old!r} occurs {text.count(old)} times in {file}",
        )
    world.problems = check_text(world.workspace, file, text.replace(old, new))


@STEPS.then('诊断包括"{code}"')
def expect_code(world: World, code: str) -> None:
    """A diagnostic with this code."""
    codes = [problem.code for problem in _problems(world)]
    if code not in codes:
        said = "；".join(f"{d.code}：{d.message_zh}" for d in _problems(world)) or "没有诊断"
        raise StepFailed(f"诊断应包括 {code}，实际是：{said}", f"expected {code}, got {codes}")


@STEPS.then('诊断不包括"{code}"')
def expect_no_code(world: World, code: str) -> None:
    """No diagnostic with this code."""
    for problem in _problems(world):
        if problem.code == code:
            raise StepFailed(f"诊断不应包括 {code}：{problem.message_zh}", problem.message_en)


@STEPS.then('诊断"{code}"的说明包括"{words}"')
def expect_code_saying(world: World, code: str, words: str) -> None:
    """A diagnostic with this code says so, or advises so."""
    expect_code(world, code)
    said = [f"{d.message_zh} {d.help_zh}" for d in _problems(world) if d.code == code]
    expect_said(f"诊断 {code}", code, words, said)


@STEPS.then("没有错误诊断")
def expect_no_errors(world: World) -> None:
    """Warnings may remain."""
    errors = [f"{d.code}：{d.message_zh}" for d in _problems(world) if d.is_error]
    expect_equal("错误诊断", "errors", "", "；".join(errors))


def _problems(world: World) -> tuple[Diagnostic, ...]:
    if world.problems is None:
        raise StepFailed("还没有检查定义", "nothing has been checked yet")
    return world.problems


# --- look-ups ------------------------------------------------------------------------------------


@STEPS.when('在 {on:date} 查找{kind}"{name}"')
def look_up(world: World, on: str, kind: str, name: str) -> None:
    """Looks for definitions in force on a day, by id or title: 事项, 证照类型, 地区 …"""
    kinds = {zh: identity for identity, (zh, _) in KIND_TITLES.items()}
    if kind not in kinds:
        raise unknown("定义种类", "kind", kind, kinds)
    day = read_day(on)
    world.found = tuple(
        title
        for identity in world.workspace.ids(kinds[kind])
        for file in world.workspace.versions(kinds[kind], identity)
        if file.definition is not None and file.definition.is_in_effect(day)
        if name in (title := getattr(file.definition, "title", "") or "") or name == identity
    )


@STEPS.then('查找结果包括"{words}"')
def expect_found(world: World, words: str) -> None:
    """Something of that name was found."""
    expect_said("查找结果", "found", words, world.found or ())


@STEPS.then("没有查找结果")
def expect_nothing_found(world: World) -> None:
    """Nothing was found."""
    expect_equal("查找结果", "found", "", "、".join(world.found or ()))
