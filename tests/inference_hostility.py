"""Rule sets and facts made to hurt: values at every edge, nonsense, sizes at and over the bounds.

Run by test_inference_endurance in a process of its own: what must not happen is its death.
"""

from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

from engine.inference import (
    Condition,
    Derivation,
    Fact,
    InferenceError,
    Kind,
    Pattern,
    Ref,
    Rule,
    RuleError,
    Ruleset,
    Schema,
)
from inference_cases import SCHEMA, random_facts, random_rules

NAMES = ["甲", "id", "sid", "$s", "$and", "$or", "$not", "$m", "$time", "t", "u", "n", "", "a\0b"]
NAMES += ['"', "\\", "{}", "\n", "\ud800", "名" * 5000, "c0", "a0", "go", "r0", "x$not", "x$all"]
EDGES: list[Any] = [None, True, False, 0, -1, 1, 2**31, 2**32, -(2**31), 2**62, -(2**62), 2**63]
EDGES += [2**62 - 1, 1 - 2**62, 10**400, 0.1, -0.0, float("nan"), float("inf"), 1e300, 1e-7]
EDGES += ["", "0", "null", "true", "\0", "\ud800", '","t":0', "\\", "字" * 25_000, b"x", (), [], {}]
EDGES += [Ref("a", "id"), Ref("", ""), (1, "x"), ("x",) * 300, object(), complex(1, 2)]
OPERATORS: list[Any] = ["is", "not", "below", "at_most", "above", "at_least", "in", "$or", "", None]
KINDS: list[Kind] = ["text", "integer", "boolean"]


def attack(rnd: Random, rounds: int) -> tuple[int, int, int]:
    """How many inferences concluded, rule sets were refused, and inferences were stopped."""
    concluded = refused = stopped = 0
    for _ in range(rounds):
        schema, rules = rnd.choice((_spoilt, _nonsense, _crowd))(rnd)
        try:
            ruleset = Ruleset.compile(rnd.choice(NAMES), schema, rules)
        except RuleError as error:
            _refuse_engine_errors(problem.code for problem in error.problems)
            refused += 1
            continue
        with ruleset:
            for _ in range(4):
                try:
                    ruleset.infer(_facts(rnd, schema))
                    concluded += 1
                except InferenceError as error:
                    _refuse_engine_errors([error.code])
                    stopped += 1
    return concluded, refused, stopped


def _refuse_engine_errors(codes: Iterable[str]) -> None:
    """Whatever the engine refuses should have been refused before it was asked."""
    assert not {"rule-refused-by-engine", "inference-engine"} & {*codes}


def _facts(rnd: Random, schema: Schema) -> list[Fact]:
    """Mostly of the right kinds, so that they reach the engine; now and then anything."""
    facts = random_facts(rnd, schema) if schema is SCHEMA else _typed_facts(rnd, schema)
    for place, fact in enumerate(facts):
        if fact.fields and rnd.random() < 0.05:
            field = rnd.choice([*fact.fields, rnd.choice(NAMES)])
            facts[place] = replace(fact, fields={**fact.fields, field: rnd.choice(EDGES)})
    return facts


def _typed_facts(rnd: Random, schema: Schema) -> list[Fact]:
    values: dict[Kind, list[Any]] = {
        "text": ["", "甲", "\0", "\ud800", '","t":0', "字" * 20_000, "\\u0000", "乙" * 300],
        "integer": [0, 1, -1, 2**31, 2**32, 2**62 - 1, 1 - 2**62, 7, 8, 9],
        "boolean": [True, False],
    }
    types = [*schema]
    return [
        Fact(
            type_,
            {
                name: rnd.choice([None, *values[kind], *values[kind]])
                for name, kind in schema[type_].items()
            },
        )
        for type_ in rnd.choices(types, k=rnd.choice((0, 1, 4, 20, 150)))
    ]


def _spoilt(rnd: Random) -> tuple[Schema, list[Rule]]:
    """A plausible rule set with one value replaced."""
    rules = random_rules(rnd)
    if rnd.random() < 0.7:
        number = rnd.randrange(len(rules))
        pattern = rnd.choice(rules[number].when)
        field = rnd.choice([*SCHEMA[pattern.type], *NAMES])
        odd = Condition(field, rnd.choice(OPERATORS), rnd.choice(EDGES))
        spoilt = replace(pattern, conditions=(*pattern.conditions, odd))
        when = tuple(spoilt if one is pattern else one for one in rules[number].when)
        rules[number] = replace(rules[number], when=when)
    return SCHEMA, rules


def _nonsense(rnd: Random) -> tuple[Schema, list[Rule]]:
    """Names that mean something to the engine, as types, fields, aliases and ids."""
    schema: Schema = {
        type_: {field: rnd.choice(KINDS) for field in rnd.sample(NAMES, 5)}
        for type_ in rnd.sample(NAMES, 4)
    }
    rules = []
    for number in range(rnd.choice((1, 3, 10))):
        aliases = rnd.sample(NAMES, rnd.choice((1, 2, 3)))
        when = tuple(
            Pattern(type_ := rnd.choice([*schema]), alias, _any_conditions(rnd, schema, type_))
            for alias in aliases
        )
        then_type = rnd.choice([*schema])
        field = rnd.choice([*schema[then_type]])
        source = rnd.choice(when)
        same = [f for f, k in schema[source.type].items() if k == schema[then_type][field]]
        fields = {field: Ref(source.alias, same[0])} if same else {}
        rule_id = rnd.choice(NAMES) + str(number)
        rules.append(Rule(rule_id, when, Derivation(then_type, fields), 1 + number))
    return schema, rules


def _any_conditions(rnd: Random, schema: Schema, type_: str) -> tuple[Condition, ...]:
    fitting: dict[Kind, list[Any]] = {
        "text": ["", "甲", "\0", "\ud800", "$m"],
        "integer": [0, -1, 2**62 - 1, 1 - 2**62],
        "boolean": [True, False],
    }
    fields = rnd.sample([*schema[type_]], rnd.choice((0, 1, 2)))
    return tuple(
        Condition(field, rnd.choice(("is", "not")), rnd.choice(fitting[schema[type_][field]]))
        for field in fields
    )


def _crowd(rnd: Random) -> tuple[Schema, list[Rule]]:
    """Many rules, many patterns, many joins: at the bounds and over them."""
    schema: Schema = {"多": dict.fromkeys("甲乙丙丁", "integer"), "少": {"甲": "integer"}}
    width = rnd.choice((1, 2, 3, 8, 15, 16))
    count = rnd.choice((1, 30, 31, 64, 65, 128, 256, 300, 512, 900, 1000)) // width + 1
    ops: list[Any] = ["is", "not", "below", "at_least"]
    rules = []
    for number in range(count):
        when = [
            Pattern(
                "多",
                f"a{place}",
                tuple(
                    Condition(
                        field,
                        rnd.choice(ops),
                        Ref(f"a{rnd.choice((place // 2, 0, width - 1))}", "乙"),
                    )
                    if place and rnd.random() < 0.5
                    else Condition(field, rnd.choice(ops), rnd.choice((number, 0, 1)))
                    for field in rnd.choices("甲乙丙丁", k=rnd.choice((0, 1, 4, 20, 30)))
                ),
                absent=place > 0 and rnd.random() < 0.3,
            )
            for place in range(width)
        ]
        then = Derivation(rnd.choice(("少", "少", "多")), {"甲": number})
        rules.append(Rule(f"r{number}", tuple(when), then))
    return schema, rules
