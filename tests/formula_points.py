"""Random expressions over a few names, points at which to read them, and both as formulas."""

from datetime import date
from decimal import Decimal
from typing import Any

import z3
from hypothesis import strategies as st

from engine.proof.encoding import Encoding
from engine.proof.terms import NO, Formula, Term, term_of

PATIENCE = 300  # milliseconds
CODES = ("甲", "乙", "丙")
NUMBERS = {"面积": 2, "人数": 0}
NAMES = {
    "number": ("面积", "人数"),
    "boolean": ("甲是", "乙是"),
    "date": ("起日", "止日"),
    "text": ("类型", "别名"),
    "list": ("业务",),
}


def variables(encoding: Encoding) -> dict[str, Term]:
    """One variable for each name of each kind, all of them nullable."""
    found: dict[str, Term] = {}
    for name, scale in NUMBERS.items():
        found[name] = Term("number", z3.Bool(f"{name}?"), z3.Int(name), scale, 9)
    for name in NAMES["boolean"]:
        found[name] = Term("boolean", z3.Bool(f"{name}?"), z3.Bool(name))
    for name in NAMES["date"]:
        found[name] = Term("date", z3.Bool(f"{name}?"), z3.Int(name))
    found["类型"] = Term("text", z3.Bool("类型?"), z3.Int("类型"), choices=CODES)
    found["别名"] = encoding.variable("别名", "text")
    listed = tuple((z3.Int(f"业务/{c}"), term_of(c, encoding.vocabulary)) for c in CODES)
    hole = (z3.Int("业务/待核"), Term("text", NO, z3.IntVal(0)))
    found["业务"] = Term("list", z3.Bool("业务?"), entries=(*listed, hole))
    return found


def is_value(term: Term, value: Any, encoding: Encoding) -> Formula:
    """That a term is a value; a list's entries in any order."""
    if value is None:
        return z3.Not(term.known)
    if term.kind == "list":
        bag = [
            times
            == sum(item is None if z3.is_false(entry.known) else item == text for item in value)
            for (times, entry), text in zip(term.entries, [*CODES, None], strict=True)
        ]
        return z3.And(term.known, *bag)
    other = term_of(value, encoding.vocabulary)
    if other.kind != term.kind:
        return NO
    left, right = term.value, other.value
    if term.kind == "number":
        left = z3.ToReal(left) / 10 ** (term.scale or 0) if term.scale is not None else left
        right = z3.ToReal(right) / 10 ** (other.scale or 0)
    return z3.And(term.known, left == right)


def expressions() -> dict[str, st.SearchStrategy[str]]:
    """Texts of expressions by kind, each of a few levels."""
    number: st.SearchStrategy[str] = st.deferred(lambda: numbers)
    truth: st.SearchStrategy[str] = st.deferred(lambda: truths)
    day: st.SearchStrategy[str] = st.deferred(lambda: days)
    text = st.sampled_from([*NAMES["text"], '"甲"', '"丁"', "null"])
    months = st.sampled_from(['@"P1M"', '@"P1Y2M"', '@"-P3M"', '@"P1M" * 人数'])
    lists = st.sampled_from(
        [
            "业务",
            '["甲", "乙"]',
            "[]",
            '业务[item != "甲"]',
            "distinct values(业务)",
            '["甲", 别名]',
        ]
    )
    sign = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    number_leaf = st.sampled_from([*NAMES["number"], "0", "1.5", "12", "-3", "null"])
    numbers = st.one_of(
        number_leaf,
        number_leaf,
        st.builds("({} {} {})".format, number, st.sampled_from("+-*"), number),
        st.builds("({} / {})".format, number, st.sampled_from(["2", "0", "5", "3"])),
        st.builds("(if {} then {} else {})".format, truth, number, number),
        st.builds("count({})".format, lists),
        st.builds("{}.{}".format, st.sampled_from(NAMES["date"]), st.sampled_from(
            ["year", "month", "day", "weekday"])),
        st.builds("years and months duration({}, {}).{}".format, day, day, st.sampled_from(
            ["years", "months"])),
        st.builds("({} - {}).days".format, day, day),
        st.builds("{}({}, 1)".format, st.sampled_from(
            ["floor", "ceiling", "round up", "round down", "round half up", "round half down",
             "decimal"]), number),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), number, number),
        st.builds("abs({})".format, number),
        st.builds("string length({})".format, text),
    )  # fmt: skip
    day_leaf = st.sampled_from([*NAMES["date"], '@"2024-02-29"', '@"2026-11-22"'])
    days = st.one_of(
        day_leaf,
        day_leaf,
        st.builds("({} {} {})".format, day, st.sampled_from("+-"), months),
        st.builds('({} + @"P10D")'.format, day),
        st.builds("date({}.year, {}, 1)".format, day_leaf, st.sampled_from(["2", "13", "人数"])),
    )
    truths = st.one_of(
        st.sampled_from([*NAMES["boolean"], "true", "false", "null"]),
        st.builds("({} {} {})".format, number, sign, number),
        st.builds("({} {} {})".format, day, sign, day),
        st.builds("({} {} {})".format, text, st.sampled_from(["=", "!="]), text),
        st.builds("({} = null)".format, st.one_of(number, day, text, truth)),
        st.builds("({} {} {})".format, truth, st.sampled_from(["and", "or", "="]), truth),
        st.builds("not({})".format, truth),
        st.builds("({} between {} and {})".format, number, number, number),
        st.builds("({} in [{}..{}))".format, number, number, number),
        st.builds('({} in ("甲", "乙", {}))'.format, text, text),
        st.builds("({} in (< {}, {}))".format, number, number, number),
        st.builds("({} in {})".format, text, lists),
        st.builds("list contains({}, {})".format, lists, text),
        st.builds("({} 项 in {} satisfies 项 != {})".format, st.sampled_from(["some", "every"]),
            lists, text),
        st.builds("(if {} then {} else {})".format, truth, truth, truth),
        st.builds('starts with({}, "甲")'.format, text),
        st.builds('({} in (({})))'.format, number, number),
    )  # fmt: skip
    return {"number": numbers, "boolean": truths, "date": days}


FEEL = expressions()
DAYS = [date(2023, 2, 28), date(2024, 2, 29), date(2024, 3, 31), date(2026, 11, 22)]
VALUES: dict[str, st.SearchStrategy[Any]] = {
    # Values at the very constants of the expressions, too: there answers change.
    "面积": st.sampled_from([Decimal(n) for n in ("0", "1.5", "12", "-3", "2.25")])
    | st.integers(-500, 5000).map(lambda n: Decimal(n) / 100),
    "人数": st.sampled_from([Decimal(n) for n in (0, 12, -3, 1)])
    | st.integers(-20, 40).map(Decimal),
    "甲是": st.booleans(),
    "乙是": st.booleans(),
    "起日": st.dates(date(1896, 1, 1), date(2104, 12, 31)) | st.sampled_from(DAYS),
    "止日": st.sampled_from(DAYS),
    "类型": st.sampled_from(CODES),
    "别名": st.sampled_from(["甲", "丁", "戊戊"]),
    "业务": st.lists(st.sampled_from(CODES), max_size=4),
}
known_points = st.fixed_dictionaries(VALUES)
points = st.fixed_dictionaries(
    {name: st.none() | values for name, values in VALUES.items()}
    | {"业务": st.none() | st.lists(st.sampled_from([*CODES, None]), max_size=4)}
)


def has_functions(term: Term) -> bool:
    """Whether it holds uninterpreted functions, which may give more than the engine does."""
    waiting = [part for part in (term.known, term.value) if part is not None]
    while waiting:
        part = waiting.pop()
        if part.num_args() and part.decl().kind() == z3.Z3_OP_UNINTERPRETED:
            return True
        waiting.extend(part.children())
    return False
