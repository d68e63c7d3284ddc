"""Facts: declared once, with type, domain, unit and source; and what regions may set."""

from datetime import date
from decimal import Decimal
from typing import Literal

from engine.definitions.base import (
    Bases,
    Expression,
    Id,
    Name,
    Number,
    Part,
    Text,
    day_written,
    key,
)

Type = Literal["text", "integer", "decimal", "boolean", "date", "list", "record"]

TYPE_TITLES: dict[str, tuple[str, str]] = {
    "text": ("文字", "text"),
    "integer": ("整数", "integer"),
    "decimal": ("小数", "decimal"),
    "boolean": ("是否", "boolean"),
    "date": ("日期", "date"),
    "list": ("列表", "list"),
    "record": ("记录", "record"),
}


class Shape(Part):
    """What a value may be."""

    type: Type = key("类型", "type")
    title: Text | None = key(
        "给人看的名称；不写则用事实名", "label; the fact's name when absent", None
    )
    codes: Id | None = key("取值所在的代码集（codes）", "code set of the values", None)
    unit: Text | None = key("单位", "unit", None)
    range: Text | None = key(
        '取值范围，方括号含、圆括号不含，如 "[0..100000]"', "range, brackets include", None
    )
    scale: int | None = key("小数位数", "decimal places", None, ge=0, le=12)
    identifier: Text | None = key(
        "按哪种证件号码校验，如“统一社会信用代码”", "identifier kind to check", None
    )
    of: Literal["text", "integer", "decimal", "boolean", "date", "record"] | None = key(
        "列表中每一项的类型", "type of the entries of a list", None
    )
    fields: dict[Name, "Shape"] = key("记录（或列表中每条记录）的各栏", "fields of a record", dict)
    sensitive: bool = key("个人敏感信息，列表与日志中遮盖", "masked in lists and logs", False)


class FactDeclaration(Shape):
    """One fact of a matter."""

    compute: Expression | None = key(
        "由其他事实计算（FEEL）", "computed from other facts (FEEL)", None
    )
    source: Text | None = key(
        "来源，如 `business_licence.经营场所`（电子证照的一栏）或 register（登记系统）",
        "where it comes from: a licence's field, or `register`",
        None,
    )
    given_by: Text | None = key("缺少时由谁提供", "who provides it when it is missing", None)
    note: Text | None = key("说明", "note", None)
    basis: Bases = key("依据", "legal basis", tuple)


class Parameter(Part):
    """A figure that regions set, within the law's floor and ceiling."""

    type: Literal["integer", "decimal", "boolean", "text", "date"] = key("类型", "type")
    value: bool | Number | Text | None = key(
        "值；null 表示地区尚未确定", "value; null when the region has not fixed it"
    )
    unit: Text | None = key("单位", "unit", None)
    title: Text | None = key("说明", "what it is", None)
    floor: Number | None = key("上位法下限（含）", "lowest value the law allows", None)
    ceiling: Number | None = key("上位法上限（含）", "highest value the law allows", None)
    basis: Bases = key("依据", "legal basis", tuple)

    @property
    def figure(self) -> bool | Decimal | date | str | None:
        """The value in its type: a date's text, such as 2026-01-31, as that day.

        What is no day stays text; the checks report it, and nothing is decided by it.
        """
        return day_written(self.value) or self.value if self.type == "date" else self.value
