"""Forms: which facts are asked, in what words, in what order."""

from typing import Annotated, Literal

from engine.definitions.base import Definition, Expression, Id, Name, Part, Text, key, type_of_many

Widget = Literal[
    "text",
    "textarea",
    "integer",
    "decimal",
    "date",
    "select",
    "radio",
    "checkboxes",
    "yes_no",
    "rows",
]
# Which widgets can ask for which type of fact; the first one is taken when the form does not say.
WIDGETS: dict[str, tuple[Widget, ...]] = {
    "text": ("text", "textarea", "select", "radio"),
    "integer": ("integer",),
    "decimal": ("decimal",),
    "boolean": ("yes_no",),
    "date": ("date",),
    "list": ("checkboxes", "rows", "textarea"),
    "record": ("rows",),
}


class Field(Part):
    """One question. It is always about one fact."""

    fact: Name = key("事实", "the fact asked for")
    ask: Text = key("问法", "the question")
    as_: Widget | None = key("控件", "widget", None, alias="as")
    when: Expression | None = key("何时显示（FEEL）", "when it is shown (FEEL)", None)
    hint: Text | None = key("填写提示", "hint", None)
    required: bool = key("是否必填", "required", True)
    prefill: Text | None = key(
        "预填来源，如 business_licence.经营场所", "where it is prefilled from", None
    )


class Step(Part):
    """A page of the form."""

    title: Text = key("标题", "title")
    when: Expression | None = key("何时显示（FEEL）", "when it is shown (FEEL)", None)
    note: Text | None = key("说明", "note", None)
    fields: Annotated[tuple[Field, ...], type_of_many] = key("字段", "fields")


class Form(Definition):
    """The form of the matter with the same id."""

    form: Id = key("编号，与事项相同", "id, the matter's")
    title: Text | None = key("名称", "title", None)
    steps: Annotated[tuple[Step, ...], type_of_many] = key("步骤", "steps")
