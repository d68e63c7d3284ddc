"""Decision tables: answered by their columns, and row by row: one answer."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decision.hit_policies import RowsConflict
from engine.decision.tables import CompiledTable, Verdicts, compile_table
from engine.definitions import Table
from engine.feel import UnaryTests

NUMBERS = ("0", "1", "1.5", "2", "-3", "100", "1.00", "0.0000000000000000000000000000000001")
TEXTS = ('""', '"a"', '"b"', '"理发"', '"a\\u0000"', '"ab"')
DAYS = ('@"2026-01-31"', '@"2026-02-01"', '@"2026-11-22"', '@"0001-01-01"', '@"9999-12-31"')


def _tests(constants: tuple[str, ...], ordered: bool = True) -> st.SearchStrategy[str]:
    constant = st.sampled_from(constants)
    kinds = [constant]
    if ordered:
        sign = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
        kinds.append(st.builds("{} {}".format, sign, constant))
        brackets = st.sampled_from(["[]", "()", "[)", "(]"])
        kinds.append(
            st.builds(lambda b, x, y: f"{b[0]}{x}..{y}{b[1]}", brackets, constant, constant)
        )
    return st.one_of(kinds)


def _cells(tests: st.SearchStrategy[str], loose: tuple[str, ...]) -> st.SearchStrategy[str]:
    several = st.lists(tests, min_size=1, max_size=3).map(", ".join)
    negated = several.map("not({})".format)
    return st.one_of(st.just("-"), several, negated, st.sampled_from(("null", "not(null)", *loose)))


NUMBER_CELLS = _cells(_tests(NUMBERS), ("? > 1 and ? < 参数", "< 参数", "参数", "[0..参数)", '"a"'))
TEXT_CELLS = _cells(_tests(TEXTS), ('starts with(?, "a")', "参数", "1"))
FLAG_CELLS = _cells(_tests(("true", "false"), ordered=False), ("not(?)", "1, true"))
DAY_CELLS = _cells(_tests(DAYS), ("< 日子", '[@"2026-01-01"..日子]', '< date("2026-02-01")'))
COLUMNS = {
    "数": NUMBER_CELLS,
    "和": NUMBER_CELLS,
    "文": TEXT_CELLS,
    "是": FLAG_CELLS,
    "日": DAY_CELLS,
}

numbers = st.sampled_from([Decimal(n) for n in NUMBERS]) | st.decimals(-5, 101, places=2)
days = st.sampled_from([date(2026, 1, 31), date(2026, 2, 1), date.min, date.max]) | st.dates()
contexts = st.fixed_dictionaries(
    {
        "数": st.none() | numbers,
        "甲": st.none() | numbers,
        "文": st.none() | st.sampled_from(["", "a", "a\0", "a\0\0", "b", "理发", "z", Decimal(1)]),
        "是": st.none() | st.booleans(),
        "日": st.none() | days,
        "参数": st.none() | numbers,
        "日子": st.none() | days,
    }
)


@st.composite
def tables(draw: st.DrawFn) -> CompiledTable:
    names = draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, unique=True))
    outputs = st.sampled_from(["1", "2", '"一"', "参数"])
    row = st.fixed_dictionaries({**{n: COLUMNS[n] for n in names}, "出": outputs})
    rows = draw(st.lists(row, min_size=1, max_size=8))
    data: dict[str, Any] = {"id": "t", "gives": "出", "rows": rows}
    hit = draw(st.sampled_from(["unique", "any", "first"]))
    inputs = {"和": "数 + 甲"} if "和" in names else {}
    return compile_table(Table.model_validate({**data, "hit": hit, "inputs": inputs}))


def row_by_row(table: CompiledTable, context: Mapping[str, Any]) -> list[str]:
    """The reading that needs no explanation: every cell of every row, until one is not met."""
    inputs = {name: column.evaluate(context) for name, column in table.columns.items()}
    return [_verdict(row, inputs, context) for row in table.tests]


def _verdict(
    row: Mapping[str, UnaryTests], inputs: Mapping[str, Any], context: Mapping[str, Any]
) -> Literal["hit", "miss", "unknown"]:
    answers = [test.evaluate(inputs[name], context) for name, test in row.items()]
    if False in answers:
        return "miss"
    return "unknown" if None in answers else "hit"


@settings(max_examples=400, deadline=None)
@given(tables(), st.lists(contexts, min_size=1, max_size=6))
def test_columns_answer_as_the_rows_do(table: CompiledTable, asked: list[dict[str, Any]]) -> None:
    for context in asked:
        verdicts = row_by_row(table, context)
        hits = [n for n, verdict in enumerate(verdicts) if verdict == "hit"]
        given_out = [table.outputs[n]["出"].evaluate(context) for n in hits]
        hit = table.table.hit
        known = [value for value in given_out if value is not None]
        clash = {"unique": len(hits) > 1, "any": any(v != known[0] for v in known)}
        if clash.get(hit):
            with pytest.raises(RowsConflict) as raised:
                table.answer(context)
            assert raised.value.rows == tuple(n + 1 for n in hits)
            continue
        answer = table.answer(context)
        assert list(answer.rows) == verdicts
        assert answer.hits == tuple(n + 1 for n in hits)
        in_doubt = hit == "first" and bool(hits) and "unknown" in verdicts[: hits[0]]
        in_doubt = in_doubt or (hit == "any" and len(known) < len(given_out))
        assert answer.values == {"出": given_out[0] if hits and not in_doubt else None}


def test_a_large_table_is_answered_as_its_rows_are() -> None:
    rows = [{"数": f"[{n}..{n + 1})", "文": f'"{n % 7}"', "出": str(n)} for n in range(600)]
    table = compile_table(Table.model_validate({"id": "t", "gives": "出", "rows": rows}))
    for n in range(0, 600, 37):
        for value in (Decimal(n), Decimal(n) + Decimal("0.5"), None, Decimal(-1)):
            context = {"数": value, "文": str(n % 7)}
            assert list(table.answer(context).rows) == row_by_row(table, context)


@given(st.lists(st.sampled_from(["hit", "miss", "unknown"])))
def test_verdicts_are_a_sequence_like_any_other(words: list[str]) -> None:
    bits = {w: sum(1 << n for n, x in enumerate(words) if x == w) for w in ("hit", "unknown")}
    verdicts = Verdicts(len(words), bits["hit"], bits["unknown"])
    assert list(verdicts) == words
    assert verdicts == tuple(words)
    assert verdicts[1:3] == tuple(words[1:3])
    assert verdicts[-1:] == tuple(words[-1:])
    assert hash(verdicts) == hash(tuple(words))
    assert repr(verdicts) == repr(tuple(words))
    with pytest.raises(IndexError):
        verdicts[len(words)]


def test_the_law_named_is_that_of_the_row_or_else_of_the_table() -> None:
    law = {"law": "甲法", "verified": False}
    own = {"law": "乙法", "verified": False}
    rows = [{"数": "1", "出": "1", "basis": own}, {"数": "2", "出": "2"}]
    data = {"id": "t", "gives": "出", "rows": rows, "basis": law}
    table = compile_table(Table.model_validate(data))
    named = [table.answer({"数": Decimal(n)}).basis for n in (1, 2, 3)]
    assert named == [("《乙法》",), ("《甲法》",), ("《甲法》",)]
