"""FEEL against the project's own reading of the specification: tests/feel_corpus.txt."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.feel import FeelSyntaxError, Value, evaluate
from engine.feel.registry import BUILTINS
from engine.feel.temporal import DATE_TIMES, DATES, DURATIONS, TIMES, YearsMonths, show_temporal

CORPUS = Path(__file__).with_name("feel_corpus.txt")
MOMENTS = (*DATES, *TIMES, *DATE_TIMES, *DURATIONS, YearsMonths)


def read_json(text: str) -> Any:
    return json.loads(text, parse_int=Decimal, parse_float=Decimal)


def cases() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Clause, expression, expected text and context of each line."""
    clause = ""
    context: dict[str, Any] = {}
    for line in CORPUS.read_text("utf-8").splitlines():
        if line.startswith("["):
            body, arrow, _ = line.partition(" => ")
            if not arrow:
                clause, context = line.strip("[]"), {}
                continue
        if line.startswith("given "):
            context = read_json(line.removeprefix("given "))
        elif line and not line.startswith("#"):
            body, _, expected = line.rpartition(" => ")
            yield clause, body, expected, context


ALL = list(cases())


def plain(value: Value) -> Value:
    """Dates, times and durations as the @text that the corpus writes."""
    if isinstance(value, MOMENTS):
        return "@" + show_temporal(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize(
    ("clause", "expression", "expected", "context"), ALL, ids=[f"{c[0]}: {c[1]}" for c in ALL]
)
def test_means_what_the_specification_says(
    clause: str, expression: str, expected: str, context: dict[str, Any]
) -> None:
    if expected == "!":
        with pytest.raises(FeelSyntaxError):
            evaluate(expression, context)
        return
    found = plain(evaluate(expression, context))
    wanted = expected if expected.startswith("@") else read_json(expected)
    assert found == wanted
    assert type(found) is type(wanted), "1 and true are equal in Python, not in FEEL"


def test_every_built_in_has_its_cases() -> None:
    text = CORPUS.read_text("utf-8")
    assert [name for name in BUILTINS if f"{name}(" not in text] == []
