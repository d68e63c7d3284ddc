"""The words of what a DMN file and we cannot say to each other: one diagnostic code each."""

from typing import Literal

# Message in Chinese and English, help in Chinese and English, severity.
_Words = tuple[str, str, str, str, Literal["error", "warning", "info"]]
DMN_CODES: dict[str, _Words] = {
    "dmn-xml": (
        "不能作为 XML 读取：{problem_zh}",
        "it cannot be read as XML: {problem}",
        "请在建模工具里重新导出为 DMN（XML）文件。",
        "Export it from the modeller again as a DMN (XML) file.",
        "error",
    ),
    "dmn-version": (
        "这不是 DMN 1.1 至 1.5 的模型：根元素是 {found}",
        "this is no model of DMN 1.1 to 1.5: the root element is {found}",
        "请在建模工具里导出为 DMN 1.3 或更新的版本。",
        "Export it from the modeller as DMN 1.3 or later.",
        "error",
    ),
    "dmn-lost": (
        "{what_zh}“{name}”没有{way_zh}：{why_zh}",
        '{what_en} "{name}" was not {way_en}: {why_en}',
        "结果会因此不同。请在{way_zh}前改写，或在{way_zh}后补上。",
        "Results differ without it. Rewrite it before it is {way_en}, or add it afterwards.",
        "error",
    ),
    "dmn-expression": (
        "表达式“{text}”读不懂：{problem_zh}",
        'the expression "{text}" cannot be read: {problem}',
        "{help_zh}",
        "{help_en}",
        "error",
    ),
    "dmn-guessed": (
        "模型没有写明“{name}”，先按“{type}”处理",
        'the model does not say what "{name}" is; taken as "{type}"',
        "请核对，并在导入后的定义里改正。",
        "Check it, and correct the imported definition.",
        "warning",
    ),
    "dmn-name": (
        "“{old}”改名为“{new}”，各处表达式已一并改写",
        '"{old}" is now "{new}", in every expression too',
        "通办的名称不含空格和标点。",
        "Names here have no spaces or punctuation.",
        "info",
    ),
    "dmn-left-out": (
        "{what_zh}“{name}”没有{way_zh}：{why_zh}",
        '{what_en} "{name}" was not {way_en}: {why_en}',
        "需要保留的，请另行记下。",
        "Note it elsewhere if it is to be kept.",
        "info",
    ),
}
