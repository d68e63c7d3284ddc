"""Decision tables as definitions."""

from typing import Annotated, Final, Literal

from pydantic import ConfigDict

from engine.definitions.base import Bases, Cell, Expression, Id, Name, Part, Text, key, type_of_many

HitPolicy = Literal["unique", "any", "first", "priority", "rule_order", "output_order", "collect"]
Aggregation = Literal["sum", "min", "max", "count"]
# Each policy as people call it.
HIT_TITLES: Final[dict[HitPolicy, tuple[str, str]]] = {
    "unique": ("唯一命中", "unique"),
    "any": ("各行一致", "any"),
    "first": ("取第一行", "first"),
    "priority": ("按优先级取一行", "priority"),
    "rule_order": ("按行序全取", "rule order"),
    "output_order": ("按优先级全取", "output order"),
    "collect": ("汇集", "collect"),
}
# What several hits are listed by: the rows' order, or the outputs' order.
LISTING: Final = ("rule_order", "output_order", "collect")
# What weighs rows by the order of the outputs' allowed values.
RANKED: Final = ("priority", "output_order")


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
    hit: HitPolicy = key(
        "命中方式：unique 只能命中一行（默认）；any 命中各行结果须相同；first 取第一行、"
        "priority 取 allowed 中排在最前的结果（二者须写 reason）；rule_order、output_order、collect "
        "把命中各行的结果依行序、依 allowed 的次序、不论次序列成清单",
        "hit policy of DMN: unique (default), any, first and priority (both need a reason); "
        "rule_order, output_order and collect give lists",
        "unique",
    )
    aggregation: Aggregation | None = key(
        "collect 的汇总：sum 求和、min 最小、max 最大、count 计行数；只用于一个输出的表",
        "what collect makes of its list: sum, min, max or count; of one output only",
        None,
    )
    records: Name | None = key(
        "清单含几个输出时清单的名称：一行一个记录，各输出为其栏目",
        "the name of a list with several outputs: one record per row, the outputs are its entries",
        None,
    )
    reason: Text | None = key(
        "使用 first 或 priority 的理由", "why first or priority is used", None
    )
    default: dict[Name, Expression] = key(
        "没有一行命中时的输出：输出名与其 FEEL 表达式",
        "outputs where no row is hit, each an expression",
        dict,
    )
    allowed: dict[Name, Cell] = key(
        '各列（条件或输出）允许的值，如“险种: \'"甲", "乙"\'”；用 priority、output_order 时，'
        "输出的排列即优先次序",
        "values that a column may have; for priority and output_order, the outputs' order too",
        dict,
    )
    inputs: dict[Name, Expression] = key(
        "列由表达式算出时：列名与其 FEEL 表达式", "columns that are computed by an expression", dict
    )
    rows: Annotated[tuple[Row, ...], type_of_many] = key("各行", "rows")
    basis: Bases = key("依据", "legal basis", tuple)
    file: Text | None = key(
        "从 rulesets/tables/ 里的这个 CSV 或 XLSX 文件读取整张表；写了它就不写别的键",
        "the CSV or XLSX file in rulesets/tables/ that holds the whole table; no other key then",
        None,
    )

    @property
    def columns(self) -> tuple[str, ...]:
        """Input columns, in the order of their first appearance."""
        names = dict.fromkeys(name for row in self.rows for name in row.cells)
        return tuple(name for name in names if name not in self.gives)

    @property
    def names(self) -> tuple[str, ...]:
        """The facts that the table gives: its outputs, or the one list of records of them."""
        return self.gives if self.records is None else (self.records,)

    @property
    def label(self) -> str:
        return self.title or self.id
