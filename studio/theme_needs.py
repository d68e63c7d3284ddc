"""What a draft for a theme comes to so far: which parts are needed, which not, and why."""

from dataclasses import dataclass

from engine import Matter, TongbanError, read_answers
from studio.apply_drafts import Work
from studio.apply_theme import ThemeWork


@dataclass(frozen=True)
class PartNeed:
    """One part. `is_needed` is None while it rests on the questions in `open_questions`."""

    title: str
    department: str
    is_needed: bool | None
    reason: str = ""  # why it is not needed
    open_questions: tuple[str, ...] = ()


def part_needs(work: Work) -> tuple[PartNeed, ...]:
    """Every part of the theme as the answers stand; nothing for a matter asked for alone."""
    if not isinstance(work, ThemeWork):
        return ()
    try:
        answers = read_answers(work.theme_plan, work.application())
        return tuple(
            _need(work, part.id, answers.applies[part.id], answers.missing(part))
            for part in work.theme_plan.parts
        )
    except (TongbanError, ValueError):  # said where it is: at the field
        return ()


def needed_matters(work: ThemeWork) -> tuple[Matter, ...]:
    """The parts that are needed for sure."""
    try:
        applies = read_answers(work.theme_plan, work.application()).applies
    except (TongbanError, ValueError):  # the foresight says what is wrong
        return ()
    return tuple(part.matter for part in work.theme_plan.parts if applies[part.id])


def served_titles(work: Work, material: str) -> tuple[str, ...]:
    """The matters that a material of a theme is handed in for; nothing for a matter alone."""
    if not isinstance(work, ThemeWork):
        return ()
    found = next((m for m in work.merged.materials if m.id == material), None)
    needed = {matter.matter: matter.title for matter in needed_matters(work)}
    served = (need.part for need in found.serves) if found else ()
    return tuple(needed[part] for part in dict.fromkeys(served) if part in needed)


def _need(
    work: ThemeWork, part_id: str, is_needed: bool | None, missing: tuple[str, ...]
) -> PartNeed:
    part = work.theme_plan.part(part_id)
    asked = {field.fact: field.field.ask for field in work.merged.fields}
    reason = (part.part.reason or "") if is_needed is False else ""
    return PartNeed(
        part.matter.title,
        part.matter.department or part.matter.organ,
        is_needed,
        reason,
        tuple(asked.get(name, name) for name in missing),
    )
