"""The one set of materials: what several parts ask for is handed in once."""

from dataclasses import dataclass

from engine.decision.program import PATH
from engine.definitions import MaterialUse
from engine.feel import compile_expression
from engine.themes.conditions import any_of, applies_in, in_theme
from engine.themes.plan import PartPlan, ThemePlan


@dataclass(frozen=True)
class MaterialNeed:
    """A part that needs a material: its own id for it, and when it does."""

    part: str
    material: str
    conditions: tuple[str, ...]  # in the theme's terms; all of them must hold


@dataclass(frozen=True)
class MergedMaterial:
    """One material of the theme. `when` reads `Answers.context`; None: always needed."""

    id: str
    title: str
    serves: tuple[MaterialNeed, ...]
    licences: tuple[str, ...]  # any of these makes it exempt
    when: str | None
    note: str = ""
    mistakes: tuple[str, ...] = ()
    generated: str = ""  # form, commitment: made by the system, so nobody uploads it


# What makes two materials one: the theme says so, or both are the same shared one (or the same
# licences stand for both) of the same person.
_Identity = tuple[str, ...]


def merged_materials(plan: ThemePlan) -> tuple[MergedMaterial, ...]:
    """Every material of every part, each once, in the order in which the parts name them."""
    grouped: dict[_Identity, list[tuple[PartPlan, MaterialUse]]] = {}
    for part in plan.parts:
        for use in part.matter.materials:
            grouped.setdefault(_identity(plan, part, use), []).append((part, use))
    return tuple(_merged(plan, identity, uses) for identity, uses in grouped.items())


def _identity(plan: ThemePlan, part: PartPlan, use: MaterialUse) -> _Identity:
    for stated in plan.theme.materials:
        if stated.serves.get(part.id) == use.key:
            return ("theme", stated.id)
    if _is_of_path(use):
        return ("own", part.id, use.key)
    holder = part.names.get(use.holder, use.holder) if use.holder else ""
    if use.satisfied_by:
        return ("licence", "|".join(sorted(use.satisfied_by)), holder)
    return ("shared", use.use, holder) if use.use else ("own", part.id, use.key)


def _is_of_path(use: MaterialUse) -> bool:
    """A commitment is made for one matter: its letter is never another's."""
    return use.when is not None and PATH in compile_expression(use.when).names


def _merged(
    plan: ThemePlan, identity: _Identity, uses: list[tuple[PartPlan, MaterialUse]]
) -> MergedMaterial:
    part, first = uses[0]
    stated = next((m for m in plan.theme.materials if identity == ("theme", m.id)), None)
    needs = tuple(_need(part, use) for part, use in uses)
    own = f"{part.id}.{first.key}" if identity[0] == "own" else first.key
    return MergedMaterial(
        id=stated.id if stated else own,
        title=stated.title if stated else first.title or first.key,
        serves=needs,
        licences=tuple(first.satisfied_by or ()),
        when=any_of(need.conditions for need in needs),
        note=(stated.note if stated else first.note) or "",
        mistakes=tuple(first.mistakes or ()),
        generated=_generated(uses),
    )


def _generated(uses: list[tuple[PartPlan, MaterialUse]]) -> str:
    """What the system makes it of, where it makes it for every part."""
    found = {use.generated for _, use in uses}
    return found.pop() or "" if len(found) == 1 else ""


def _need(part: PartPlan, use: MaterialUse) -> MaterialNeed:
    own = () if use.when is None else (in_theme(part, use.when),)
    return MaterialNeed(part.id, use.key, (*applies_in(part), *own))
