"""The kinds of definition: a definition's first key says which one it is, and carries its id."""

from typing import Any

from engine.definitions.base import Definition
from engine.definitions.conclusions import RuleSet
from engine.definitions.course import Post
from engine.definitions.flows import Flow
from engine.definitions.forms import Form
from engine.definitions.laws import Law
from engine.definitions.matter import Matter, SharedMaterial
from engine.definitions.registers import CalendarDefinition, CodeSet, LicenceType, Region
from engine.definitions.themes import Theme

KINDS: dict[str, type[Definition]] = {
    "matter": Matter,
    "material": SharedMaterial,
    "licence": LicenceType,
    "codes": CodeSet,
    "region": Region,
    "calendar": CalendarDefinition,
    "rules": RuleSet,
    "form": Form,
    "law": Law,
    "flow": Flow,
    "post": Post,
    "theme": Theme,
}

KIND_TITLES: dict[str, tuple[str, str]] = {
    "matter": ("事项", "matter"),
    "material": ("材料", "material"),
    "licence": ("证照类型", "licence type"),
    "codes": ("代码集", "code set"),
    "region": ("地区", "region"),
    "calendar": ("日历", "calendar"),
    "rules": ("结论规则", "conclusion rules"),
    "form": ("表单", "form"),
    "law": ("法规", "law"),
    "flow": ("流程", "flow"),
    "post": ("岗位", "post"),
    "theme": ("一件事", "theme"),
}


def json_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one kind, descriptions in Chinese, for editors."""
    schema = KINDS[kind].model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
