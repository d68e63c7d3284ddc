"""一件事: one application for several matters, and what came of each."""

from typing import Final

from engine.decision import Decision
from engine.specs.catalogue import StepCatalogue
from engine.specs.outcome import StepFailed, expect_equal, expect_said, unknown
from engine.specs.reasons import why_outcome
from engine.specs.registers import read_day
from engine.specs.world import World, path_id
from engine.themes import MergedForm, PartOutcome, ThemeDecision, ThemeMaterialResult, coverage

STEPS: Final = StepCatalogue()


@STEPS.given('申请人对事项"{matter}"选择"{path}"')
def choose_part_path(world: World, matter: str, path: str) -> None:
    """The path asked for in one matter of a theme."""
    for found in world.workspace.files_of("matter"):
        if matter in (found.id, getattr(found.definition, "title", "")):
            world.draft.paths[found.id] = path_id(path)
            return
    raise unknown("事项", "matter", matter, world.workspace.ids("matter"))


@STEPS.when('申请人于 {on:date} 申请一件事"{theme}"')
def apply_for_theme(world: World, on: str, theme: str) -> None:
    """Posts one application for a theme; each of its matters is decided by itself."""
    world.apply_theme(theme, read_day(on))


@STEPS.then('一件事的状态是"{status}"')
def expect_theme_status(world: World, status: str) -> None:
    """全部办结, 部分办结, 办理中 or 未办结."""
    found = _theme(world)
    why = "；".join(f"{part.title}：{part.status}" for part in found.parts)
    expect_equal("一件事的状态", "status of the theme", status, found.status, why)


@STEPS.then('事项"{matter}"的结论是"{outcome}"')
def expect_part_outcome(world: World, matter: str, outcome: str) -> None:
    """One matter's own outcome within a theme."""
    part = _part(world, matter)
    decision = _decided(part)
    if outcome != decision.outcome_title:
        what = f"事项“{part.title}”的结论"
        expect_equal(
            what, f"outcome of {part.part}", outcome, decision.outcome, why_outcome(decision)
        )


@STEPS.then('事项"{matter}"不须办理')
def expect_not_needed(world: World, matter: str) -> None:
    """The situation does not ask for this matter."""
    _expect_part_status(_part(world, matter), "不须办理")


@STEPS.then('事项"{matter}"是否须办理待核')
def expect_need_unknown(world: World, matter: str) -> None:
    """Nobody has told yet what decides whether the matter is needed."""
    _expect_part_status(_part(world, matter), "是否须办待核")


@STEPS.then('事项"{matter}"须先办结"{other}"')
def expect_waiting(world: World, matter: str, other: str) -> None:
    """Its own outcome is favourable, and a legal prerequisite is still open."""
    part = _part(world, matter)
    _expect_part_status(part, "待前置")
    expect_said(f"事项“{part.title}”须先办结的", "prerequisites", other, [part.reason])


@STEPS.then('事项"{matter}"的一次性告知包括"{words}"')
def expect_part_notice(world: World, matter: str, words: str) -> None:
    """Some line of one matter's own notice says so."""
    part = _part(world, matter)
    said = [text for line in _decided(part).notice for text in (line.text.zh, line.remedy)]
    expect_said(f"事项“{part.title}”的一次性告知", "notice", words, said)


@STEPS.then('事项"{matter}"的材料"{title}"的状态是"{status}"')
def expect_part_material(world: World, matter: str, title: str, status: str) -> None:
    """The state of one material in one matter."""
    part = _part(world, matter)
    material = _material(world, title)
    if part.part not in material.statuses:
        words = f"事项“{part.title}”没有用到材料“{material.title}”"
        raise StepFailed(words, f"{part.part} makes no use of {material.id}")
    what = f"材料“{material.title}”在事项“{part.title}”中的状态"
    expect_equal(what, f"material {material.id}", status, material.statuses[part.part], "")


@STEPS.then('一件事的材料"{title}"只收一次，用于 {count:integer} 个事项')
def expect_material_once(world: World, title: str, count: int) -> None:
    """A material that several matters need is handed in once."""
    found = [m for m in _theme(world).materials if title in (m.title, m.id)]
    expect_equal(f"材料“{title}”在清单上的份数", f"entries of {title}", 1, len(found), "")
    served = len(found[0].parts)
    what = f"材料“{title}”所用于的事项数"
    expect_equal(what, f"matters that {title} serves", count, served, "")


@STEPS.then('一件事的材料"{title}"显示"{label}"')
def expect_material_label(world: World, title: str, label: str) -> None:
    """The label shown, to the letter."""
    found = _material(world, title)
    expect_equal(f"材料“{found.title}”显示的文字", "label", label, found.label, "")


@STEPS.then('一件事的材料清单不包括"{title}"')
def expect_material_absent(world: World, title: str) -> None:
    """No matter of this case needs it."""
    found = [m.title for m in _theme(world).materials if title in (m.title, m.id)]
    expect_equal(f"材料“{title}”在清单上的份数", f"entries of {title}", 0, len(found), "")


@STEPS.then('一件事的表单中"{fact}"只问一次，用于 {count:integer} 个事项')
def expect_question_once(world: World, fact: str, count: int) -> None:
    """A fact that several matters need is asked for once."""
    merged = _merged(world)
    asked = [field for step in merged.form.steps for field in step.fields if field.fact == fact]
    expect_equal(f"表单问“{fact}”的次数", f"questions for {fact}", 1, len(asked), "")
    served = next(len(found.serves) for found in merged.fields if found.fact == fact)
    expect_equal(f"“{fact}”所用于的事项数", f"matters that {fact} serves", count, served, "")


@STEPS.then("一件事没有遗漏")
def expect_nothing_lost(world: World) -> None:
    """What the matters alone would ask for, the theme asks for: proved item by item."""
    proof = coverage(_merged(world))
    lost = "；".join(problem.message_zh for problem in proof.diagnostics)
    if not proof.is_proved:
        raise StepFailed(f"一件事有遗漏：{lost}", "the theme loses something")


# --- finding -------------------------------------------------------------------------------------


def _theme(world: World) -> ThemeDecision:
    if world.problems is not None or world.stopped or world.theme_decision is None:
        if world.problems is None and not world.stopped:
            raise StepFailed(
                '还没有申请一件事：请先写 当 申请人于 2026-11-22 申请一件事"…"',
                "no theme has been applied for yet: a 当 step comes first",
            )
        _ = world.decision  # says what is wrong with the application
    assert world.theme_decision is not None
    return world.theme_decision


def _merged(world: World) -> MergedForm:
    _theme(world)
    assert world.merged is not None  # merged before it was decided
    return world.merged


def _part(world: World, name: str) -> PartOutcome:
    found = _theme(world)
    try:
        return found.part(name)
    except KeyError:
        titles = [part.title for part in found.parts]
        raise unknown("一件事的事项", "part of the theme", name, titles) from None


def _decided(part: PartOutcome) -> Decision:
    if part.decision is None:
        words = f"事项“{part.title}”{part.status}：{part.reason}"
        raise StepFailed(words, f"{part.part} was not decided")
    return part.decision


def _expect_part_status(part: PartOutcome, status: str) -> None:
    what = f"事项“{part.title}”的状态"
    expect_equal(what, f"status of {part.part}", status, part.status, part.reason)


def _material(world: World, title: str) -> ThemeMaterialResult:
    materials = _theme(world).materials
    for found in materials:
        if title in (found.title, found.id):
            return found
    raise unknown("一件事的材料", "material of the theme", title, (m.title for m in materials))
