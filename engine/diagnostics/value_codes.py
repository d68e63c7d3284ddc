"""The words of comparisons that always come out the same: Chinese, English, and the help in both."""

from typing import Literal

# Message in Chinese and English, help in Chinese and English, severity.
_Words = tuple[str, str, str, str, Literal["warning", "info"]]
VALUE_CODES: dict[str, _Words] = {
    "comparison-always-true": (
        "“{text}”恒成立（待核除外）{because_zh}",
        '"{text}" is always true wherever it is known{because_en}',
        "它挡不住任何申请，只会在事实未知时待核：请核对数字、比较的方向和事实的取值范围，或删去这一比较。",
        "It holds back no application and only waits for the fact to be known: check the figure, the "
        "direction and the fact's range, or leave the comparison out.",
        "warning",
    ),
    "comparison-always-false": (
        "“{text}”恒不成立（待核除外）{because_zh}",
        '"{text}" is always false wherever it is known{because_en}',
        "没有一份申请能符合它：请核对数字、比较的方向和事实的取值范围。",
        "No application can meet it: check the figure, the direction and the fact's range.",
        "warning",
    ),
    "comparison-lists-all": (
        "“{text}”列出了代码集的全部取值，恒成立（待核除外）{because_zh}",
        '"{text}" lists every value of the code set: always true wherever it is known{because_en}',
        "只在事实未知时待核；代码集增加取值后才起作用。若本意如此，不必改动；否则请删去多列的值。",
        "It only waits for the fact to be known, until a value is added to the set. If that is meant, "
        "leave it; else remove the values that should not be there.",
        "info",
    ),
    "cell-always-met": (
        "表“{table}”第 {row} 行的“{column}”写了 {text}，恒符合（待核除外）{because_zh}",
        'table "{table}", row {row}: {text} under "{column}" is always met wherever it is '
        "known{because_en}",
        "不限定这一列的，写 -（待核时也符合）；否则请核对数字、括号和事实的取值范围。",
        "Write - for any value, unknown too; else check the figure, the brackets and the fact's range.",
        "warning",
    ),
    "cell-never-met": (
        "表“{table}”第 {row} 行的“{column}”写了 {text}，永远不会符合{because_zh}",
        'table "{table}", row {row}: {text} under "{column}" is never met{because_en}',
        "请核对数字、括号和事实的取值范围；用不到的行应删去。",
        "Check the figure, the brackets and the fact's range; remove a row that is of no use.",
        "warning",
    ),
}
