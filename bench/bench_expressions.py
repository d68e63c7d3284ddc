"""The same conditions over the same facts: Tongban's FEEL, cel-python, rule-engine and pySFeel.

Each is written as its language has it, read once, and asked about a hundred applications; facts are
in each library's own types beforehand, and the answers are compared before anything is measured: all
agree but pySFeel, which is shown where it answers otherwise.
pySFeel reads the text again at every call: it has no compiled form. Tongban is measured twice, as
FEEL (null is false) and in the profile that definitions are read in (null is not known yet).
Reads: CPU time of one call, and how many times longer each other library takes. Bar: above 1.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from operator import ne
from statistics import median
from time import process_time
from typing import Any

from engine.feel.expression import _expression
from engine.profile import compile_rule

ROUNDS, APPLICATIONS = 7, 100
KINDS, ITEMS = ("理发", "美容", "住宿", "沐浴"), ("空气", "水质", "噪音", "用具")
Facts = dict[str, Any]
Ask = Callable[[Facts], Any]


@dataclass(frozen=True)
class Condition:
    """One condition in each language; pySFeel binds otherwise than FEEL does, hence its brackets."""

    title: str
    feel: str
    cel: str
    rule: str
    sfeel: str = ""  # as FEEL where empty


CONDITIONS = (
    Condition("a number", "area >= 30", "area >= 30.0", "area >= 30"),
    Condition(
        "a text among four",
        'kind in ("理发", "美容", "游泳", "舞厅")',
        'kind in ["理发", "美容", "游泳", "舞厅"]',
        'kind in ["理发", "美容", "游泳", "舞厅"]',
    ),
    Condition(
        "a range",
        "area in [10..60]",
        "area >= 10.0 && area <= 60.0",
        "area >= 10 and area <= 60",
    ),
    Condition(
        "three joined",
        'area >= 30 and kind = "理发" or staff < 4',
        'area >= 30.0 && kind == "理发" || staff < 4',
        'area >= 30 and kind == "理发" or staff < 4',
        '((area >= 30) and (kind = "理发")) or (staff < 4)',
    ),
    Condition("two dates", "report <= on", "report <= on", "report <= on"),
    Condition(
        "a calculation",
        "staff * 2 + 1 <= certified * 3",
        "staff * 2 + 1 <= certified * 3",
        "staff * 2 + 1 <= certified * 3",
        "((staff * 2) + 1) <= (certified * 3)",
    ),
    Condition(
        "every item of a list",
        'every one in items satisfies one != "水质"',
        'items.all(one, one != "水质")',
        '$all([one != "水质" for one in items])',
    ),
    Condition(
        "a list contains",
        'list contains(items, "空气")',
        '"空气" in items',
        '"空气" in items',
    ),
)


def applications() -> list[Facts]:
    rng = random.Random(20261122)
    on = date(2026, 11, 22)
    return [
        {
            "area": Decimal(rng.randrange(500, 9000)) / 100,
            "kind": rng.choice(KINDS),
            "staff": rng.randrange(1, 9),
            "certified": rng.randrange(1, 9),
            "report": on + timedelta(days=rng.randrange(-400, 60)),
            "on": on,
            "items": rng.sample(ITEMS, rng.randrange(1, 4)),
        }
        for _ in range(APPLICATIONS)
    ]


def moment(value: Any) -> Any:
    """The others know moments, not days."""
    return (
        datetime(value.year, value.month, value.day, tzinfo=UTC) if type(value) is date else value
    )


def whole(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) else value


def plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


class Tongban:
    """FEEL as the standard reads it, or as definitions are read."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read

    def facts(self, given: Facts) -> Facts:
        return {name: whole(value) for name, value in given.items()}

    def prepare(self, condition: Condition) -> Ask:
        evaluate: Ask = self._read(condition.feel).evaluate
        return evaluate


class Cel:
    """cel-python: a tree that is walked, or Python made of it (`CompiledRunner`)."""

    def __init__(self, runner: str) -> None:
        self._celpy = import_module("celpy")
        self._parser = self._celpy.CELParser
        # One grammar serves all environments of a process, though the two runners need their own.
        self._parser.CEL_PARSER = None
        self._environment = self._celpy.Environment(runner_class=getattr(self._celpy, runner))
        self._grammar = self._parser.CEL_PARSER

    def facts(self, given: Facts) -> Facts:
        return {
            name: self._celpy.json_to_cel(plain(moment(value))) for name, value in given.items()
        }

    def prepare(self, condition: Condition) -> Ask:
        self._parser.CEL_PARSER = self._grammar
        tree = self._environment.compile(condition.cel)
        evaluate: Ask = self._environment.program(tree).evaluate
        return evaluate


class RuleEngine:
    def facts(self, given: Facts) -> Facts:
        return {name: moment(value) for name, value in given.items()}

    def prepare(self, condition: Condition) -> Ask:
        matches: Ask = import_module("rule_engine").Rule(condition.rule).matches
        return matches


class PySFeel:
    def __init__(self) -> None:
        self._parser = import_module("pySFeel").SFeelParser()

    def facts(self, given: Facts) -> Facts:
        return {name: plain(whole(value)) for name, value in given.items()}

    def prepare(self, condition: Condition) -> Ask:
        parser, text = self._parser, condition.sfeel or condition.feel

        def ask(facts: Facts) -> Any:
            parser.names = facts
            errors, value = parser.sFeelParse(text)
            if errors:
                raise SystemExit(f"pySFeel does not read {text}: {errors}")
            return value

        return ask


def microseconds(ask: Ask, asked: list[Facts]) -> float:
    start = process_time()
    for facts in asked:
        ask(facts)
    return (process_time() - start) / len(asked) * 1e6


def compare(condition: Condition, libraries: dict[str, Any], posted: list[Facts]) -> None:
    asks = {name: library.prepare(condition) for name, library in libraries.items()}
    facts = {name: [library.facts(one) for one in posted] for name, library in libraries.items()}
    answers = {name: [bool(asks[name](one)) for one in facts[name]] for name in libraries}
    first = next(iter(libraries))
    wrong = {n: sum(map(ne, given, answers[first])) for n, given in answers.items()}
    if any(number for name, number in wrong.items() if name != "pySFeel"):
        raise SystemExit(f"{condition.title}: they disagree: {wrong}")
    times: dict[str, list[float]] = {name: [] for name in libraries}
    for _ in range(ROUNDS):  # in turn, so that a busy moment meets all
        for name, ask in asks.items():
            often = 1 if name == "pySFeel" else 10
            times[name].append(microseconds(ask, facts[name] * often))
    mine = median(times["profile"])
    print(f"{condition.title} ({sum(answers[first])} of {len(posted)} true)")
    for name, taken in times.items():
        ratio = "" if name in ("FEEL", "profile") else f"   {median(taken) / mine:8.1f} x"
        doubt = f"   {wrong[name]} of {len(posted)} answered otherwise" if wrong[name] else ""
        print(f"  {name:24} {min(taken):8.2f} µs (median {median(taken):8.2f}){ratio}{doubt}")


def reading(libraries: dict[str, Any]) -> None:
    """What reading a condition takes, once: mean over all of them, caches passed by."""
    print("reading a condition, once")
    for name, library in libraries.items():
        if name != "pySFeel":
            _expression.cache_clear()
            start = process_time()
            for condition in CONDITIONS:
                library.prepare(condition)
            print(f"  {name:24} {(process_time() - start) / len(CONDITIONS) * 1e6:8.0f} µs")


def main() -> None:
    missing = [name for name in ("celpy", "rule_engine", "pySFeel") if find_spec(name) is None]
    if missing:
        raise SystemExit("nothing to measure against: install the extra `bench`")
    libraries = {
        "FEEL": Tongban(lambda text: _expression.__wrapped__(text, frozenset(), ())),
        "profile": Tongban(compile_rule.__wrapped__),
        "cel-python, interpreted": Cel("InterpretedRunner"),
        "cel-python, transpiled": Cel("CompiledRunner"),
        "rule-engine": RuleEngine(),
        "pySFeel": PySFeel(),
    }
    posted = applications()
    for condition in CONDITIONS:
        compare(condition, libraries, posted)
    reading(libraries)
    print("bar: every ratio above 1 x")


if __name__ == "__main__":
    main()
