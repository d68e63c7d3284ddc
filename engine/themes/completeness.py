"""Proof that a theme loses nothing: whatever a part alone would ask for, the theme asks for.

For every answer to every question. The proof looks at what was merged, not at how: the merged form's
conditions are read again and taken apart. A condition that holds in a part alone is, in the theme's
terms, one of the alternatives of the merged condition; an alternative that holds makes the whole
hold, in two-valued logic and in three-valued. So where a part asks, the theme asks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from engine.diagnostics import Diagnostic, Diagnostics
from engine.feel import compile_expression, tree
from engine.feel.tree import fingerprint
from engine.themes.conditions import applies_in, in_theme
from engine.themes.merging import MergedForm
from engine.themes.plan import PartPlan
from engine.themes.splitting import application_of

What = Literal["fact", "condition", "material", "answer"]
COVERAGE_TITLES: Final[Mapping[What, tuple[str, str]]] = MappingProxyType(
    {
        "fact": ("每一项须申请人说明的事实都问到", "every fact an applicant states is asked for"),
        "condition": (
            "单独办理时会问的，在任何情形下一件事也会问",
            "what a part alone would ask is asked in every situation",
        ),
        "material": ("每一份材料都在清单上", "every material is on the list"),
        "answer": ("每一个答复都送到事项", "every answer reaches the matter"),
    }
)
_LOST: Final[Mapping[What, tuple[str, str]]] = MappingProxyType(
    {
        "fact": ("事实", "the fact"),
        "condition": ("问题", "the question"),
        "material": ("材料", "the material"),
        "answer": ("答复", "the answer"),
    }
)


@dataclass(frozen=True)
class CoverageClaim:
    """One thing proved of one part, and the names of what is lost where it does not hold."""

    part: str
    title: str
    what: What
    checked: int  # how many facts, conditions, materials or answers were looked at
    lost: tuple[str, ...]


@dataclass(frozen=True)
class ThemeCoverage:
    """Whether a theme asks for all that its parts ask for."""

    theme: str
    title: str
    region: str
    claims: tuple[CoverageClaim, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def is_proved(self) -> bool:
        return not any(claim.lost for claim in self.claims)


def coverage(merged: MergedForm) -> ThemeCoverage:
    """Proves it, or names each thing that is lost. Raises FeelSyntaxError for a broken condition."""
    claims = tuple(claim for part in merged.plan.parts for claim in _claims(merged, part))
    return ThemeCoverage(
        merged.theme, merged.title, merged.plan.region, claims, _diagnostics(merged, claims)
    )


def _claims(merged: MergedForm, part: PartPlan) -> Iterator[CoverageClaim]:
    asked = {field.fact: field.when for step in merged.form.steps for field in step.fields}
    stated = {local: name for local, name in part.names.items() if not _is_supplied(part, local)}
    lost = tuple(local for local, name in stated.items() if name not in asked)
    yield CoverageClaim(part.id, part.matter.title, "fact", len(stated), lost)
    own = list(_own_conditions(part))
    lost = tuple(
        local
        for local, conditions in own
        if not _is_alternative(conditions, asked.get(part.names[local], "false"))
    )
    yield CoverageClaim(part.id, part.matter.title, "condition", len(own), lost)
    yield _of_materials(merged, part)
    yield _of_answers(merged, part)


def _is_supplied(part: PartPlan, local: str) -> bool:
    """Whether nobody asks for it even in the matter alone: a register or a licence supplies it."""
    forms = part.form.steps if part.form else ()
    is_asked = any(field.fact == local for step in forms for field in step.fields)
    return not is_asked and part.matter.facts[local].source is not None


def _own_conditions(part: PartPlan) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each question of the matter alone, with its conditions in the theme's terms."""
    for step in part.form.steps if part.form else ():
        for field in step.fields:
            if field.fact in part.names:
                said = (c for c in (step.when, field.when) if c is not None)
                yield field.fact, (*applies_in(part), *(in_theme(part, c) for c in said))


def _is_alternative(conditions: tuple[str, ...], merged: str | None) -> bool:
    """Whether the merged condition follows, term by term, from these conditions together."""
    if merged is None:
        return True
    said = [t for c in conditions for t in _terms(compile_expression(c).tree, "and")]
    wanted = {fingerprint(term) for term in said}
    alternatives = list(_terms(compile_expression(merged).tree, "or"))
    if any({fingerprint(t) for t in _terms(a, "and")} <= wanted for a in alternatives):
        return True
    # `a or b` as a part's own condition has become two alternatives of the merged one.
    listed = {fingerprint(alternative) for alternative in alternatives}
    return any({fingerprint(t) for t in _terms(term, "or")} <= listed for term in said)


def _terms(node: tree.Node, operator: str) -> tuple[tree.Node, ...]:
    """`a or b or c` as a, b, c; anything else as itself."""
    if not isinstance(node, tree.Logic) or node.operator != operator:
        return (node,)
    return tuple(term for operand in node.operands for term in _terms(operand, operator))


def _of_materials(merged: MergedForm, part: PartPlan) -> CoverageClaim:
    lost = []
    for use in part.matter.materials:
        own = () if use.when is None else (in_theme(part, use.when),)
        wanted = (*applies_in(part), *own)
        listed = [
            material
            for material in merged.materials
            if any((need.part, need.material) == (part.id, use.key) for need in material.serves)
        ]
        if len(listed) != 1 or not _is_alternative(wanted, listed[0].when):
            lost.append(use.title or use.key)
    checked = len(part.matter.materials)
    return CoverageClaim(part.id, part.matter.title, "material", checked, tuple(lost))


def _of_answers(merged: MergedForm, part: PartPlan) -> CoverageClaim:
    """An application in which every answer is its own name, taken apart: does each one arrive?"""
    facts = {name: name for name in merged.facts}
    given = {material.id: {"name": material.id} for material in merged.materials}
    whole = {"facts": facts, "materials": given}
    found = application_of(merged.plan, part, merged.materials, whole)
    lost = [local for local, name in part.names.items() if found["facts"].get(local) != name]
    wanted = [use.key for use in part.matter.materials]
    lost += [key for key in wanted if key not in found["materials"]]
    checked = len(part.names) + len(wanted)
    return CoverageClaim(part.id, part.matter.title, "answer", checked, tuple(lost))


def _diagnostics(merged: MergedForm, claims: tuple[CoverageClaim, ...]) -> tuple[Diagnostic, ...]:
    plan, problems = merged.plan, Diagnostics()
    document = plan.workspace.document("theme", merged.theme, plan.on)
    numbers = {part.id: number for number, part in enumerate(plan.parts)}
    for claim in claims:
        zh, en = _LOST[claim.what]
        for name in claim.lost:
            place = document.place(("parts", numbers[claim.part], "matter"))
            words = {"title": merged.title, "matter": claim.title, "name": name}
            problems.add(
                "theme-not-covered",
                place,
                excerpt=document.excerpt(place),
                what_zh=zh,
                what_en=en,
                **words,
            )
    return problems.sorted()
