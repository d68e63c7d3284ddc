"""A fact's range is an interval: `0-50` is a subtraction, and `(50..0]` holds nothing."""

from engine.checks.subject import Subject
from engine.definitions import Matter
from engine.feel import FeelSyntaxError, compile_unary, tree
from engine.feel.comparison import ordered
from engine.feel.tree import Node
from engine.profile import compile_rule


def check_ranges(subject: Subject[Matter]) -> None:
    """Adds ranges that are no interval, and intervals that run backwards."""
    for name, fact in subject.definition.facts.items():
        if fact.range is None:
            continue
        try:
            tests = compile_unary(fact.range).tree.tests
        except FeelSyntaxError:
            continue  # reported with the expressions
        if not tests or not all(_is_interval(test) for test in tests):
            subject.add(("facts", name, "range"), "fact-range", name=name, range=fact.range)
        elif any(_is_empty(fact.range, test) for test in tests):
            subject.add(("facts", name, "range"), "fact-range-empty", name=name, range=fact.range)


def _is_interval(test: Node) -> bool:
    if isinstance(test, tree.HalfLine):
        return test.operator != "!="
    return isinstance(test, tree.Interval)


def _is_empty(text: str, test: Node) -> bool:
    if not isinstance(test, tree.Interval):
        return False
    low = compile_rule(text[test.low.start : test.low.end]).evaluate()
    high = compile_rule(text[test.high.start : test.high.end]).evaluate()
    is_open = not (test.low_closed and test.high_closed)
    return ordered(">=" if is_open else ">", low, high) is True
