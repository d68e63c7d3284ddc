"""The words of what a proof finds: one diagnostic code each, in the order of the catalogue's keys."""

from typing import Literal

# Message in Chinese and English, help in Chinese and English, severity.
_Words = tuple[str, str, str, str, Literal["error", "warning"]]
PROOF_CODES: dict[str, _Words] = {
    "table-gap": (
        "表“{table}”没有覆盖这种情形：{case}{where}",
        'table "{table}" has no row for this case: {case_en}{where_en}',
        "请增加一行或写明 default；不会有这种情形的，收窄事实的取值范围（range 或 codes）。",
        "Add a row or a default; where the case cannot occur, narrow the fact's range or codes.",
        "warning",
    ),
    "table-overlap": (
        "表“{table}”第 {row} 行与第 {other} 行同时命中：{case}{where}",
        'table "{table}": rows {row} and {other} are both hit: {case_en}{where_en}',
        "同样的事实必须只有一个结果：请改其中一行的条件，使两行互不相交。",
        "The same facts must have one result: change a condition so that the rows exclude each other.",
        "error",
    ),
    "table-conflict": (
        "表“{table}”第 {row} 行与第 {other} 行同时命中而结果不同：{case}{where}",
        'table "{table}": rows {row} and {other} are both hit and differ: {case_en}{where_en}',
        "命中方式 any 要求同时命中的各行结果相同：请改结果，或改条件使两行互不相交。",
        "Under hit: any, rows that are hit together agree: change the result or a condition.",
        "error",
    ),
    "table-row-dead": (
        "表“{table}”第 {row} 行永远不会被采用：它的情形都先由第 {others} 行决定{where}",
        'table "{table}", row {row}, is never taken: row(s) {others} always go first{where_en}',
        "请删去本行，或把它移到前面，或改窄前面各行的条件。",
        "Remove the row, move it up, or narrow the rows before it.",
        "warning",
    ),
    "table-row-unmet": (
        "表“{table}”第 {row} 行永远不会被采用：没有一份申请能轮到它{where}",
        'table "{table}", row {row}, is never taken: no application comes to it{where_en}',
        "请核对本行的条件和它所读的事实怎样算出；用不到的行应删去。",
        "Check the row's conditions and how what it reads is computed; remove it if it is of no use.",
        "warning",
    ),
    "table-row-repeated": (
        "表“{table}”第 {row} 行与第 {other} 行的条件写法不同，情形完全相同{where}",
        'table "{table}": rows {row} and {other} are written differently and say the same{where_en}',
        "请合并为一行。",
        "Make them one row.",
        "warning",
    ),
    "table-value-outside": (
        "表“{table}”第 {row} 行的“{test}”在“{column}”的取值范围内没有任何值{effect_zh}{where}",
        'table "{table}", row {row}: no value of {column} meets {test}{effect_en}{where_en}',
        "请核对数值，或核对该事实声明的范围（range、scale）。",
        "Check the value, or the fact's declared range and scale.",
        "warning",
    ),
    "table-column-idle": (
        "表“{table}”的列“{column}”不起作用：去掉它，各种情形的结果都不变{where}",
        'table "{table}": the column {column} has no effect: without it, no answer changes{where_en}',
        "不影响结果的事实不应作为条件：请删去此列，或改正各行的结果。",
        "What changes nothing should not be a condition: remove the column or correct the results.",
        "warning",
    ),
    "table-unproved": (
        "表“{table}”未证明：{reason}{where}",
        'table "{table}" is not proved: {reason_en}{where_en}',
        "未证明不等于有错，也不等于没有错：尚未确定的数值请由地区确定；"
        "条件要计算的，安装求解器后再证明（pip install 'tongban[proof]'）。",
        "Not proved is neither right nor wrong: fix the figure, or install tongban[proof].",
        "warning",
    ),
}
