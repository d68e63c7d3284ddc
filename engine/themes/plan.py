"""A theme on one day in one region: its matters as they apply there, and what they call its facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType

from engine.definitions import FactDeclaration, Form, Matter, Theme, ThemePart
from engine.feel import Expression
from engine.profile import compile_rule
from engine.workspace import Workspace

# What two declarations must agree in to be one question. The title is among them: a fact of the
# same name with another title may be another fact, which `shared` then has to say.
AGREEING: Mapping[str, str] = MappingProxyType(
    {
        "type": "类型",
        "title": "名称",
        "codes": "代码集",
        "unit": "单位",
        "range": "取值范围",
        "scale": "小数位数",
        "identifier": "证件种类",
        "of": "各项的类型",
        "fields": "各栏",
    }
)


@dataclass(frozen=True)
class PartPlan:
    """One matter of a theme. `names` gives the theme's name for each fact that can be stated."""

    part: ThemePart
    matter: Matter
    form: Form | None
    names: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.matter.matter

    @cached_property
    def when(self) -> Expression | None:
        """When the part is needed; None: always."""
        return None if self.part.when is None else compile_rule(self.part.when)

    @cached_property
    def locals_of(self) -> Mapping[str, str]:
        """The matter's own name for each of the theme's."""
        return MappingProxyType({merged: local for local, merged in self.names.items()})


@dataclass(frozen=True)
class ThemePlan:
    """A theme with everything found that it names. Parts keep the order in which they are written."""

    workspace: Workspace
    theme: Theme
    on: date
    region: str
    parts: tuple[PartPlan, ...]

    @cached_property
    def facts(self) -> Mapping[str, FactDeclaration]:
        """Every fact that can be stated, under the theme's name, as it is declared first."""
        found = dict(self.theme.facts)
        for part in self.parts:
            for local, merged in part.names.items():
                found[merged] = _richer(found.get(merged), part.matter.facts[local])
        return MappingProxyType(found)

    def part(self, identity: str) -> PartPlan:
        """Raises KeyError."""
        return next(part for part in self.parts if part.id == identity)


def plan_theme(workspace: Workspace, theme_id: str, on: date, region: str = "") -> ThemePlan:
    """Finds what the theme names. Raises UnknownDefinition for the theme, a matter or the region."""

    def make() -> ThemePlan:
        theme = workspace.file("theme", theme_id, on).definition
        assert isinstance(theme, Theme)
        parts = tuple(_plan_part(workspace, theme, part, on, region) for part in theme.parts)
        return ThemePlan(workspace, theme, on, region, parts)

    return workspace.keep(("theme", theme_id, on, region), make)


def _plan_part(
    workspace: Workspace, theme: Theme, part: ThemePart, on: date, region: str
) -> PartPlan:
    matter = workspace.matter(part.matter, on, region)
    names = names_in_theme(theme, matter)
    return PartPlan(part, matter, workspace.form(part.matter, on), MappingProxyType(names))


def names_in_theme(theme: Theme, matter: Matter) -> dict[str, str]:
    """The theme's name for each fact of a matter that is not computed."""
    renamed = {
        shared.of[matter.matter]: shared.fact
        for shared in theme.shared
        if matter.matter in shared.of
    }
    stated = (name for name, fact in matter.facts.items() if fact.compute is None)
    return {name: renamed.get(name, name) for name in stated}


def disagreements(one: FactDeclaration, other: FactDeclaration) -> tuple[str, ...]:
    """The keys in which two declarations differ so that they are not one question."""
    return tuple(key for key in AGREEING if getattr(one, key) != getattr(other, key))


def _richer(known: FactDeclaration | None, new: FactDeclaration) -> FactDeclaration:
    """The declaration first met, with the source that another one knows, masked if any is."""
    if known is None:
        return new
    changes: dict[str, object] = {}
    if known.source is None and new.source is not None:
        changes["source"] = new.source
    if new.sensitive and not known.sensitive:
        changes["sensitive"] = True
    return known.model_copy(update=changes) if changes else known
