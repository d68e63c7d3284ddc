"""The steps there are, as a page for policy officers and as data for the editor's completion."""

from collections.abc import Iterator
from typing import Final

from engine.specs.catalogue import StepCatalogue, StepDefinition, StepType
from engine.specs.explanations import EXPLANATIONS

_HEADINGS: Final[dict[StepType | None, str]] = {
    "given": "假如：申请和登记系统里有什么 / given",
    "when": "当：做了什么 / when",
    "then": "那么：应有什么结果 / then",
    None: "任何关键字之后 / after any keyword",
}
_INTRODUCTION: Final = """\
# 步骤目录 / the steps there are

引号内写文字；{…:value} 写数（可带单位）、日期（2026-11-22）、是 或 否；{…:name} 写名称，不加引号。
空格和标点的全角半角不影响识别；数字须用半角。“表”指步骤下面要写数据表，“文”指文本块。

Quoted placeholders take text; `value` takes a number with or without its unit, a day, 是 or 否.
This page is written by the program from its own catalogue.
"""


def steps_page(catalogue: StepCatalogue) -> str:
    """The whole catalogue as Markdown, by keyword, in the order of registration."""
    return _INTRODUCTION + "".join(_section(catalogue, kind) for kind in _HEADINGS)


def steps_to_json(catalogue: StepCatalogue) -> list[dict[str, object]]:
    """Each step: `phrase` as registered, `shown` as a person is told it, `summary`, and so on.

    `summary_zh` is empty for a plugin's step: its `summary` is in whatever language it was written.
    """
    return [
        {
            "type": definition.type,
            "phrase": definition.phrase.template,
            "shown": str(definition.phrase),
            "summary": definition.summary,
            "summary_zh": _explanation(definition),
            "arguments": dict(definition.phrase.kinds),
            "table": "table" in definition.takes,
            "docstring": "docstring" in definition.takes,
            "origin": definition.origin,
        }
        for definition in catalogue.definitions
    ]


def _section(catalogue: StepCatalogue, kind: StepType | None) -> str:
    lines = [_line(d) for d in catalogue.definitions if d.type == kind]
    return "\n".join(["", f"## {_HEADINGS[kind]}", "", *lines, ""]) if lines else ""


def _line(definition: StepDefinition) -> str:
    marks = "、".join(_marks(definition))
    origin = f"；插件 {definition.origin}" if definition.origin else ""
    note = f"（{marks}{origin}）" if marks or origin else ""
    explained = _explanation(definition)
    said = f"{explained} / {definition.summary}" if explained else definition.summary
    return f"- `{definition.phrase.template}`{note}：{said}"


def _explanation(definition: StepDefinition) -> str:
    """A department's own phrase is explained by its own docstring only."""
    return "" if definition.origin else EXPLANATIONS.get(definition.phrase.template, "")


def _marks(definition: StepDefinition) -> Iterator[str]:
    for name, mark in (("table", "表"), ("docstring", "文")):
        if name in definition.needs:
            yield mark
        elif name in definition.takes:
            yield f"可带{mark}"
