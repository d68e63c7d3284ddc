"""Every construct that is translated answers as `engine.profile` does, unknowns included."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import pyarrow
import pyarrow.parquet
import pytest

from engine.definitions import Shape
from engine.feel.scope import Scope
from engine.population.lookups import decode
from engine.population.reading import TABLE, Wanted, read_applications
from engine.population.sessions import DuckSession
from engine.population.stages import Stage
from engine.population.terms import Column, Known, NotTranslatable, Record, as_column
from engine.profile import compile_rule, evaluate_in
from shipped import ON, workspace

SHAPES = {
    "数": Shape(type="decimal", scale=2),
    "量": Shape(type="integer"),
    "文": Shape(type="text"),
    "字": Shape(type="text"),
    "是": Shape(type="boolean"),
    "否": Shape(type="boolean"),
    "日": Shape(type="date"),
    "期": Shape(type="date"),
    "列": Shape(type="list", of="text"),
    "满": Shape(type="list", of="text"),
    "表": Shape(
        type="list", of="record", fields={"值": Shape(type="integer"), "名": Shape(type="text")}
    ),
}
TYPES = {
    "数": pyarrow.decimal128(10, 2), "量": pyarrow.int64(), "文": pyarrow.string(),
    "字": pyarrow.string(), "是": pyarrow.bool_(), "否": pyarrow.bool_(), "日": pyarrow.date32(),
    "期": pyarrow.date32(), "列": pyarrow.list_(pyarrow.string()),
    "满": pyarrow.list_(pyarrow.string()),
    "表": pyarrow.list_(pyarrow.struct([("值", pyarrow.int64()), ("名", pyarrow.string())])),
}  # fmt: skip
CONSTANTS = {"界": Decimal("2.50"), "无": None, "集": ["甲", "乙"], "空集": ["甲", None]}
ROWS = 300


def rows() -> list[dict[str, Any]]:
    rng = random.Random(7)

    def maybe(value: Any, chance: float = 0.2) -> Any:
        return None if rng.random() < chance else value

    texts, numbers = ("甲", "乙", "丙", "甲乙"), ("0", "2.50", "2.5", "-1.25", "7", "100.01")
    days = (date(2024, 2, 29), date(2023, 2, 28), date(2024, 3, 31), date(2000, 1, 1), ON)

    def record() -> Any:
        return maybe({"值": maybe(rng.randrange(4)), "名": maybe(rng.choice(texts))}, 0.1)

    return [
        {
            "数": maybe(Decimal(rng.choice(numbers))), "量": maybe(rng.randrange(-3, 5)),
            "文": maybe(rng.choice(texts)), "字": maybe(rng.choice(texts)),
            "是": maybe(rng.random() < 0.5), "否": maybe(rng.random() < 0.5),
            "日": maybe(rng.choice(days)), "期": maybe(rng.choice(days)),
            "列": maybe([maybe(rng.choice(texts)) for _ in range(rng.randrange(4))]),
            "满": maybe([rng.choice(texts) for _ in range(rng.randrange(5))]),
            "表": maybe([record() for _ in range(rng.randrange(4))]),
        }
        for _ in range(ROWS)
    ]  # fmt: skip


EXPRESSIONS = """
数 = 2.5
数 != 界
数 < 量
数 * 2 - 量 >= 界
(数 + 0.005) * 3 <= 7.515
-数 > -1
量 * 量 = 4
数 between 0 and 界
数 in [0..2.5)
数 in (< 0, 2.5, [5..10])
数 in (null, 7)
数 = null
量 != null
无 = 数
文 = 字
文 != "甲"
文 in ("甲", "乙")
文 in 集
文 in 空集
not(文 in ("甲", "乙"))
list contains(集, 文)
list contains(空集, 文)
list contains(列, "甲")
list contains(满, 文)
list contains(列, 文)
count(列)
count(满) > 2
distinct values(满)
count(distinct values(列))
count(distinct values(表.名))
表.值
是 and 否
是 or 否 or 数 > 3
not(是) or 否
(是 and 无) = 否
if 是 then 数 else 量
if 是 then 文 else "无"
if 是 then null else 数
if 数 > 0 then 集 else 空集
list contains(if 数 > 0 then 集 else 空集, 文)
some 项 in 列 satisfies 项 = 文
every 项 in 列 satisfies 项 != "甲"
every 项 in 集 satisfies list contains(列, 项)
every 项 in 集 satisfies list contains(满, 项)
some 人 in 表 satisfies 人.值 > 量
every 人 in 表 satisfies 人.值 >= 1 and 人.名 != null
some 人 in 表 satisfies 人.名 = null
some 人 in 表, 项 in 列 satisfies 人.名 = 项
满[item = "甲"]
列[item = "甲"]
列[item = 文]
count(表[值 > 1])
count(表[名 = 文 or 值 = 2])
表[值 > 1].名
count(满[list contains(集, item)])
(if 是 then 999.99 else 0.0000001) > 数
(if 是 then 30000 else 20000) * (if 否 then 300000 else 200000) > 量
(日 - 期).days > 30 and 是
not((日 - 期).days > 30)
((日 - 期)).days
count(满[是]) + 2
count(满[null]) + 2
count(满[if 是 then item = "甲" else 否]) + 2
count(列[是 and item = "甲"]) + 2
日 < 期
日 = 期
日 + @"P1M" >= 期
日 + @"P1M" * 量 >= @"2024-02-29"
日 + @"P12M" >= @"2025-02-28"
日 - @"P1Y" < @"2023-03-01"
日 + @"P1M" > @"2024-02-29"
日 + @"P1M" <= @"2024-02-29"
日.year * 100 + 日.month
日.day
date(日.year + 1, 日.month, 日.day)
date(日.year, 量, 1)
years and months duration(日, 期).years
years and months duration(期, 日).years >= 1
max(日, 期)
min(数, 量)
max(量, 数) = 数
string length(文) in [1..1]
starts with(文, "甲")
ends with(文, 字)
contains(文, 字)
substring(文, 2, 1)
文 + 字
文 + 字 = "甲乙"
人.名 = "张"
人.号 = null
string(日)
some 项 in 列 satisfies list contains(满[item = 项], 项)
every 人 in 表 satisfies some 项 in 列 satisfies 人.名 = 项
日 + @"P3D" > 期
abs(数) > 2
数 / 3 > 0.8
"2026-11-22" = string(日)
upper case(文) = 文
满 = 列
sum(表.值)
文 = 数
是 = null or 是
""".strip().splitlines()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    folder = tmp_path_factory.mktemp("translation")
    columns = {n: pyarrow.array([r[n] for r in rows()], kind) for n, kind in TYPES.items()}
    pyarrow.parquet.write_table(pyarrow.table(columns), folder / "data.parquet")
    session = DuckSession(folder)
    wanted = Wanted([(workspace(), ON)], SHAPES, frozenset(), (), "", "试")
    found = read_applications(session, folder / "data.parquet", wanted)
    made = Stage(session, session.table(TABLE), "a_")
    for name, (column, kind) in found.facts.items():
        made.bind_column(name, column, kind)
    for name, value in CONSTANTS.items():
        made.bind(name, Known(value))
    made.bind("人", Record({"名": Known("张"), "号": Known(None)}))
    return made


def translated(stage: Stage, text: str) -> list[Any]:
    term = stage.solve(lambda translator: translator.term(compile_rule(text)))
    if isinstance(term, Known):
        return [term.value] * ROWS
    column = term if isinstance(term, Column) else as_column(term)
    sql = ibis.to_sql(stage.table.select("row", answer=column.expr), dialect="duckdb")
    session = stage.session
    assert isinstance(session, DuckSession)
    found = session.rows(f"SELECT answer FROM ({sql}) ORDER BY row")
    return [decode(column.kind, answer) for (answer,) in found]


def plain(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value


def evaluated(text: str, row: dict[str, Any]) -> Any:
    scope = Scope()
    scope.update({**CONSTANTS, "人": {"名": "张", "号": None}, **plain(row)})
    return evaluate_in(compile_rule(text), scope)


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_a_construct_answers_as_the_profile_does(text: str, stage: Stage) -> None:
    try:
        found = translated(stage, text)
    except NotTranslatable:
        # Lists that differ from row to row and no column holds: what reads them is looked up.
        assert any(isinstance(evaluated(text, row), list) for row in rows())
        return
    for row, answer in zip(rows(), found, strict=True):
        expected = evaluated(text, row)
        assert answer == expected, row
        assert type(answer) is type(expected), row


def test_random_combinations_answer_as_the_profile_does(stage: Stage) -> None:
    """Conditions joined at random by and, or, not and if."""
    rng = random.Random(11)
    conditions = [
        text for text in EXPRESSIONS
        if all(evaluated(text, row) in (True, False, None) for row in rows()) and '"P' not in text
    ]  # fmt: skip

    def compose(depth: int) -> str:
        if depth == 0 or rng.random() < 0.2:
            return f"({rng.choice(conditions)})"
        one, other, third = (compose(depth - 1) for _ in range(3))
        return rng.choice(
            (f"({one} and {other})", f"({one} or {other})", f"not({one})",
             f"(if {one} then {other} else {third})", f"({one} = {other})", f"({one} != {other})")
        )  # fmt: skip

    for _ in range(25):
        text = compose(2)
        assert translated(stage, text) == [evaluated(text, row) for row in rows()], text
