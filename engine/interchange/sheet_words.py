"""What a sheet calls the parts of a table: Chinese as written, English also read."""

from engine.definitions import TYPE_TITLES
from engine.definitions.tables import HIT_TITLES

# Rows at the top, one value each: what stands in column A, by the table's key.
HEAD = {
    "id": "编号",
    "title": "名称",
    "hit": "命中方式",
    "aggregation": "汇总方式",
    "records": "清单名称",
    "reason": "理由",
}
# Rows above the rules, one value per column.
NAMES, ROLE, TYPE = "列名", "作用", "类型"
OF_COLUMNS = {"units": "单位", "allowed": "允许值", "inputs": "计算式", "default": "缺省值"}
COLUMN_HEAD = (NAMES, ROLE, TYPE, *OF_COLUMNS.values())

CONDITION, OUTPUT, BASIS, NOTE = "条件", "输出", "依据", "说明"
ROLES = (CONDITION, OUTPUT, BASIS, NOTE)
# A law in parts: `依据.法律`, of a second law `依据2.法律`.
BASIS_PARTS = {
    "law": "法律",
    "article": "条款",
    "quote": "原文",
    "source": "出处",
    "verified": "已核实",
}
YES, NO = "是", "否"

_ENGLISH = {
    "columns": NAMES,
    "role": ROLE,
    "type": TYPE,
    "input": CONDITION,
    "condition": CONDITION,
    "output": OUTPUT,
    "basis": BASIS,
    "note": NOTE,
    "true": YES,
    "false": NO,
    **{key: title for words in (HEAD, OF_COLUMNS) for key, title in words.items()},
}
AGGREGATION_TITLES: dict[str, str] = {"sum": "求和", "min": "最小", "max": "最大", "count": "计数"}
# DMN's letters, and words that its translations use.
_USUAL = {
    "U": "unique", "唯一": "unique", "A": "any", "任意": "any", "F": "first", "首个": "first",
    "P": "priority", "优先级": "priority", "R": "rule_order", "规则顺序": "rule_order",
    "O": "output_order", "输出顺序": "output_order", "C": "collect", "收集": "collect",
    "数字": "decimal", "文本": "text", "布尔": "boolean",
}  # fmt: skip
HITS: dict[str, str] = {key: zh for key, (zh, _) in HIT_TITLES.items()}
# Keys of the head whose values have titles.
TITLES: dict[str, dict[str, str]] = {"hit": HITS, "aggregation": AGGREGATION_TITLES}
TYPES: dict[str, str] = {key: zh for key, (zh, _) in TYPE_TITLES.items()}


def canonical(word: str) -> str:
    """A label or role as this module writes it, whichever language it was written in."""
    word = "".join(word.split())
    return _ENGLISH.get(word.lower(), word)


def key_of(titles: dict[str, str], word: str) -> str:
    """The key behind a title, or behind another usual word for it; the word itself where it is none."""
    word = "".join(word.split())
    word = _USUAL.get(word.upper(), word)
    return next((key for key, title in titles.items() if word == title), word.lower())
