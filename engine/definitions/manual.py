"""The reference of every key of every kind, written from the models themselves."""

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from engine.definitions.kinds import KIND_TITLES, KINDS

_HEAD = """\
# Definitions: every kind and every key

Written from the program itself by `tests/test_manual.py`. What is bold must be given. The first key
of a file says its kind and carries its id. Text needs no quotes as a rule; `FEEL` is an expression
over facts.

每一种定义的每一个键。粗体为必填；文件的第一个键说明它是哪一种定义。
"""


def definitions_page() -> str:
    """The manual's page, in Markdown, Chinese beside English."""
    parts: dict[str, type[BaseModel]] = {}
    lines = [_HEAD]
    for kind, model in KINDS.items():
        zh, en = KIND_TITLES[kind]
        lines += [f"\n## `{kind}` {zh} / {en}\n", *_table(model, parts)]
    lines.append("\n# Parts / 组成部分\n")
    shown: set[str] = set()
    while set(parts) - shown:
        name = min(set(parts) - shown)
        shown.add(name)
        lines += [f"\n## {name}\n", *_table(parts[name], parts)]
    return "\n".join(lines) + "\n"


def _table(model: type[BaseModel], parts: dict[str, type[BaseModel]]) -> Iterator[str]:
    yield "| key 键 | value 值 | meaning 含义 |"
    yield "|---|---|---|"
    for name, field in model.model_fields.items():
        key = field.alias or name
        shown = f"**`{key}`**" if field.is_required() else f"`{key}`"
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        meaning = f"{field.description}<br>{extra.get('description_en', '')}"
        yield f"| {shown} | {_value(field, parts)} | {meaning.replace('|', '/')} |"


def _value(field: FieldInfo, parts: dict[str, type[BaseModel]]) -> str:
    marks = {str(getattr(m, "json_schema", {}).get("x-tongban", "")) for m in field.metadata}
    if marks & {"expression", "cell"}:
        return "FEEL"
    return _shape(field.annotation, parts)


def _shape(annotation: Any, parts: dict[str, type[BaseModel]]) -> str:
    """What may be written there, as words and names of parts."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        marks = {str(getattr(m, "json_schema", {}).get("x-tongban", "")) for m in arguments[1:]}
        if marks & {"expression", "cell"}:
            return "FEEL"
        return "period" if "period" in marks else _shape(arguments[0], parts)
    if origin is Literal:
        return " ".join(f"`{word}`" for word in arguments)
    if origin in (Union, UnionType):
        shapes = [_shape(a, parts) for a in arguments if a is not NoneType]
        return " or ".join(dict.fromkeys(shapes))
    if origin is tuple:
        return f"list of {_shape(arguments[0], parts)}"
    if origin is dict:
        return f"mapping to {_shape(arguments[1], parts)}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        parts[annotation.__name__] = annotation
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    words = {"str": "text", "int": "whole number", "Decimal": "number", "bool": "true or false"}
    name = str(getattr(annotation, "__name__", annotation))
    return words.get(name, name)
