"""The DMN TCK's literal-expression cases, where their folder is at hand.

TCK_CASES names the folder; the cases are not ours to ship. Value cases (an expected value) are
counted apart from null cases, since an engine that always answers null passes the latter.
"""

import datetime as dt
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.feel import FeelSyntaxError, Value, evaluate
from engine.feel.comparison import equal
from engine.feel.text_functions import show
from engine.feel.timetext import read_date, read_date_time, read_duration, read_time
from engine.feel.types import ANY, SIMPLE, ContextType, FeelType, ListType

FOLDER = Path(os.environ.get("TCK_CASES", Path(__file__).parents[2] / "shared" / "feel-tck"))
CASES = FOLDER / "cases.jsonl"
MOMENT = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)

# Cases judged wrong, as "suite/case": the clause of DMN 1.5 that says so.
JUDGED: dict[str, str] = {}

_STRINGS = ListType(SIMPLE["string"])
_NUMBERS = ListType(SIMPLE["number"])
# The models' item definitions, which the cases name without giving.
ITEMS: dict[str, FeelType] = {
    "tStringList": _STRINGS,
    "tNameList": _STRINGS,
    "tNestedList": ListType(_STRINGS),
    "tNumList": _NUMBERS,
    "tNumberList": _NUMBERS,
    "ListOfNumbers": _NUMBERS,
    "tAnyList": ListType(ANY),
    "booleanList": ListType(SIMPLE["boolean"]),
    "t_context_013": ContextType((("a", SIMPLE["string"]), ("b", SIMPLE["string"]))),
    "tNameAndAge": ContextType((("name", SIMPLE["string"]), ("age", SIMPLE["number"]))),
    "exactContextType": ContextType((("a", SIMPLE["number"]), ("b", SIMPLE["number"]))),
    "superContextType": ContextType((("a", SIMPLE["number"]),)),
    "otherContextType": ContextType((("c", SIMPLE["number"]),)),
}


def typed(value: dict[str, Any]) -> Value:
    """A value of the case file as FEEL's."""
    kind, content = value["t"], value.get("v", "")
    if kind == "list":
        return [typed(item) for item in content]
    if kind == "context":
        return {key: typed(item) for key, item in content.items()}
    readers: dict[str, Callable[[str], Value]] = {
        "null": lambda text: None,
        "number": Decimal,
        "string": str,
        "boolean": lambda text: text == "true",
        "date": read_date,
        "time": read_time,
        "dateTime": read_date_time,
        "duration": read_duration,
    }
    return readers[kind](content)


def answer(case: dict[str, Any]) -> Value:
    """The last expression's value, after each of the chain and its declared type."""
    context = {name: typed(value) for name, value in case["context"].items()}
    for name, text, declared in case["chain"]:
        try:
            value = evaluate(text, context, at=MOMENT, types=ITEMS, declared=declared or "")
        except FeelSyntaxError:
            value = None
        context[name] = value
    return context[case["node"]]


def agrees(found: Value, wanted: Value) -> bool:
    """Exactly equal, but for numbers that the TCK itself gives rounded."""
    if isinstance(found, Decimal) and isinstance(wanted, Decimal):
        return abs(found - wanted) <= Decimal("1e-8")
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(agrees, found, wanted))
    if isinstance(found, dict) and isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(agrees(found[k], wanted[k]) for k in found)
    if type(found) is type(wanted) and equal(found, wanted) is True:
        return show(found) == show(wanted)  # a zone is not its offset
    return False


def failure(case: dict[str, Any]) -> str:
    """What was found in place of what is expected; nothing where the case passes."""
    try:
        found, wanted = answer(case), typed(case["expected"])
    except Exception as error:  # told with its case, so that one does not hide all the others
        return f"{type(error).__name__}: {error}"
    return "" if agrees(found, wanted) else f"{found!r} in place of {wanted!r}"


def report(results: Iterable[tuple[dict[str, Any], bool]]) -> str:
    """Passed of all, per suite: value cases, then null cases."""
    passed: Counter[tuple[str, bool]] = Counter()
    total: Counter[tuple[str, bool]] = Counter()
    for case, good in results:
        key = case["suite"], case["expected"]["t"] != "null"
        total[key] += 1
        passed[key] += int(good)
    lines = [f"{'suite':45} {'value':>9} {'null':>9}"]
    for suite in sorted({suite for suite, _ in total}):
        counts = [f"{passed[suite, value]}/{total[suite, value]}" for value in (True, False)]
        lines.append(f"{suite:45} {counts[0]:>9} {counts[1]:>9}")
    for value, name in ((True, "value cases"), (False, "null cases")):
        right = sum(count for key, count in passed.items() if key[1] is value)
        lines.append(f"{name}: {right} of {sum(n for k, n in total.items() if k[1] is value)}")
    return "\n".join(lines)


def test_every_case_of_the_tck(capsys: pytest.CaptureFixture[str]) -> None:
    if not CASES.exists():
        absent = f"no TCK cases at {FOLDER}; set TCK_CASES"
        with capsys.disabled():  # a letter s would not say it
            print("\n" + absent)
        pytest.skip(absent)
    cases = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    failures = [failure(case) for case in cases]
    with capsys.disabled():  # the counts are what one asks for, passed or not
        print("\n" + report((case, not told) for case, told in zip(cases, failures, strict=True)))
    failed = {
        f"{case['suite']}/{case['case']}": f"{case['chain'][-1][1]} is {told}"
        for case, told in zip(cases, failures, strict=True)
        if told
    }
    assert {name: told for name, told in failed.items() if name not in JUDGED} == {}
