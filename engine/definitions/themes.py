"""一件事: matters that people do together, asked for once, by one form, with each material once."""

from typing import Annotated

from engine.definitions.base import (
    Bases,
    Expression,
    Id,
    Name,
    Part,
    Text,
    Texts,
    Titled,
    key,
    type_of_many,
)
from engine.definitions.facts import FactDeclaration
from engine.definitions.forms import Field


class Prerequisite(Part):
    """Another part whose result the law wants first."""

    part: Id = key("须先办结的事项", "the matter that must be granted first")
    basis: Bases = key("以它为前置的依据", "the law that makes it a prerequisite", tuple)


class ThemePart(Part):
    """One matter of the theme, decided by its own organ and its own rules."""

    matter: Id = key("事项", "the matter")
    when: Expression | None = key(
        "什么情形须办这一项（FEEL，可读一件事的事实和该事项的地区参数）；不写则都要办",
        "when it is needed (FEEL over the theme's facts and the matter's parameters)",
        None,
    )
    reason: Text | None = key("不须办理时的说明", "what is said where it is not needed", None)
    after: Annotated[tuple[Prerequisite, ...], type_of_many] = key(
        "法定的前置；不写则各项同时办理，互不等候", "legal prerequisites; none: side by side", tuple
    )


class SharedFact(Part):
    """A question of the theme, and what each matter calls the fact that it answers."""

    fact: Name = key("一件事中的名称", "its name in the theme")
    of: dict[Id, Name] = key("事项与该事项中的名称", "its name in each matter")


class ThemeMaterial(Part):
    """A material of the theme that stands for one of each of several matters."""

    id: Id = key("编号", "id")
    title: Text = key("名称", "title")
    serves: dict[Id, Id] = key("事项与该事项中的材料编号", "the material's id in each matter")
    note: Text | None = key("填报须知", "note", None)


class Theme(Titled):
    """A theme as the lead department defines it."""

    theme: Id = key("编号", "id")
    aliases: Texts = key("日常用语，供搜索", "everyday words for search", tuple)
    summary: Text | None = key("一句话说明", "in one sentence", None)
    lead: Text | None = key("牵头部门", "lead department", None)
    basis: Bases = key("依据", "legal basis", tuple)
    facts: dict[Name, FactDeclaration] = key(
        "只在一件事中使用的事实，用来判断情形", "facts of the theme alone, for its situations", dict
    )
    questions: Annotated[tuple[Field, ...], type_of_many] = key(
        "情形问题：先问这些，由此决定要办哪几项",
        "the situation questions, which decide what parts are needed",
        tuple,
    )
    parts: Annotated[tuple[ThemePart, ...], type_of_many] = key("事项", "the matters")
    shared: Annotated[tuple[SharedFact, ...], type_of_many] = key(
        "名称不同而只问一次的事实，或者名称相同而须分开问的事实",
        "facts asked once under several names, or apart though they bear one name",
        tuple,
    )
    materials: Annotated[tuple[ThemeMaterial, ...], type_of_many] = key(
        "几个事项合用的材料，如一张申请表", "materials that serve several matters", tuple
    )
    notes: Texts = key("注意事项", "notes", tuple)
