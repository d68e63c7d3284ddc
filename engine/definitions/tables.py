"""Decision tables as definitions."""

from typing import Annotated, Literal

from pydantic import ConfigDict

from engine.definitions.base import Bases, Cell, Expression, Id, Name, Part, Text, key, type_of_many


class Row(Part):
    """One row: every other key is a column, its value a FEEL cell (an output: a FEEL expression)."""

    model_config = ConfigDict(
        extra="allow", strict=True, frozen=True, json_schema_extra={"x-tongban": "row"}
    )
    __pydantic_extra__: dict[str, Cell]

    basis: Bases = key("本行的依据", "legal basis of this row", tuple)
    note: Text | None = key("说明", "note", None)

    @property
    def cells(self) -> dict[str, str]:
        """Every column of the row, inputs and outputs, as written."""
        return dict(self.__pydantic_extra__ or {})


class Table(Part):
    """A decision table: inputs are the columns that it does not give."""

    id: Id = key("编号", "id")
    title: Text | None = key("名称", "title", None)
    gives: Annotated[tuple[Name, ...], type_of_many] = key("输出哪些事实", "facts the table gives")
    units: dict[Name, Text] = key("输出的单位，如“最低面积: m²”", "units of the outputs", dict)
    hit: Literal["unique", "any", "first"] = key(
        "命中方式：unique 只能命中一行（默认）；any 命中各行结果须相同；first 取第一行（须写 reason）",
        "hit policy: unique (default), any, first (needs a reason)",
        "unique",
    )
    reason: Text | None = key("使用 first 的理由", "why first is used", None)
    inputs: dict[Name, Expression] = key(
        "列由表达式算出时：列名与其 FEEL 表达式", "columns that are computed by an expression", dict
    )
    rows: Annotated[tuple[Row, ...], type_of_many] = key("各行", "rows")
    basis: Bases = key("依据", "legal basis", tuple)

    @property
    def columns(self) -> tuple[str, ...]:
        """Input columns, in the order of their first appearance."""
        names = dict.fromkeys(name for row in self.rows for name in row.cells)
        return tuple(name for name in names if name not in self.gives)

    @property
    def label(self) -> str:
        return self.title or self.id
