"""Formulas against the engine itself: at any point, an expression means the same in both."""

from datetime import timedelta
from typing import Any

import pytest
import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.feel import YearsMonths
from engine.profile import compile_rule
from engine.proof.encoding import Encoding
from engine.proof.encoding_calls import ENCODED
from engine.proof.terms import YES
from formula_points import FEEL, PATIENCE, has_functions, is_value, points, variables

assert ENCODED  # importing the module is what makes calls have formulas


def check(text: str, point: dict[str, Any]) -> None:
    encoding = Encoding()
    names = variables(encoding)
    expression = compile_rule(text)
    term = encoding.expression(expression, names)
    value = expression.evaluate(point)
    for given_text in (point["别名"], value):
        if isinstance(given_text, str):
            encoding.vocabulary.number(given_text)
    solver = z3.Solver()
    solver.set("timeout", PATIENCE)
    solver.add(*(is_value(names[name], given, encoding) for name, given in point.items()))
    solver.add(*encoding.constraints)
    if term.kind == "other":
        assert encoding.outside
        return
    agrees = is_value(term, value, encoding) if not isinstance(value, list) else YES
    if isinstance(value, timedelta | YearsMonths):
        return
    # Calendars of calendars may take the solver too long; unknown is no answer, and no proof.
    assert solver.check(agrees) != z3.unsat, f"{text} at {point} is {value}"
    if not encoding.outside and not isinstance(value, list) and not has_functions(term):
        assert solver.check(z3.Not(agrees)) != z3.sat, f"{text} at {point} is only {value}"


@pytest.mark.parametrize("kind", sorted(FEEL))
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_formula_means_what_the_engine_answers(kind: str, data: st.DataObject) -> None:
    check(data.draw(FEEL[kind], label="expression"), data.draw(points, label="point"))


@pytest.mark.soak
@pytest.mark.parametrize("kind", sorted(FEEL))
@given(data=st.data())
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
def test_thousands_of_formulas_mean_the_same(kind: str, data: st.DataObject) -> None:
    check(data.draw(FEEL[kind], label="expression"), data.draw(points, label="point"))


@pytest.mark.parametrize(
    "text",
    [
        '(起日 - 止日) / @"P1D" > 3',
        '(起日 - 止日) / 2 > @"P3D"',
        '(@"P1M" * 人数) / @"P1M" = 人数',
        '(@"P1M" * 人数) / 2 = null',
        "round half up(面积) = null",
        "floor(面积, 1) = 面积",
        '起日 + @"P1M" < @"9999-12-31" + @"P1D"',
        '起日 + @"P1M" > @"0001-01-01" - @"P1D"',
        '起日 < @"12026-01-01"',
        'string join(业务[item = "无"], "、") = ""',
        'substring before(别名, "戊") = ""',
        'replace(别名, "丁", "") = ""',
        'string join(业务, "") + substring before(别名, "丁") = ""',
        'upper case(别名) != ""',
    ],
)
@given(point=points)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_seldom_written_means_the_same(text: str, point: dict[str, Any]) -> None:
    check(text, point)


@pytest.mark.parametrize("count", [13, 60])
def test_many_joins_of_texts_are_told_within_bounds(count: int) -> None:
    """Each join answers with texts that the others could join again, without end."""
    encoding = Encoding()
    joins = " or ".join(f'别名 + "{n}" = "甲{n}"' for n in range(count))
    term = encoding.expression(compile_rule(joins), variables(encoding))
    assert len(encoding.constraints) < 8000
    solver = z3.Solver()
    solver.set("timeout", 20_000)
    solver.add(*encoding.constraints, term.known)
    assert solver.check(term.is_true) == z3.sat
    assert solver.check(term.is_true, encoding.variable("别名", "text").value == 0) != z3.unknown
