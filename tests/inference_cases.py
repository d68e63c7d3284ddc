"""Random rule sets and facts for `engine.inference`: small domains, so that much coincides."""

from collections.abc import Sequence
from random import Random

from engine.inference import (
    Condition,
    Derivation,
    Fact,
    Kind,
    Operator,
    Pattern,
    Ref,
    Rule,
    Scalar,
    Schema,
)

GIVEN = ("申请", "材料", "证照")
SCHEMA: Schema = {
    "申请": {"甲数": "integer", "乙数": "integer", "姓名": "text", "承诺": "boolean"},
    "材料": {"份数": "integer", "名称": "text", "齐全": "boolean"},
    "证照": {"起": "integer", "止": "integer", "持有人": "text", "种类": "text"},
    "结论一": {"数": "integer", "说明": "text"},
    "结论二": {"数": "integer", "说明": "text", "成立": "boolean"},
    "结论三": {"说明": "text", "成立": "boolean"},
}
DERIVED = tuple(type_ for type_ in SCHEMA if type_ not in GIVEN)
VALUES: dict[Kind, Sequence[Scalar]] = {
    "integer": (0, 1, 2, 3, 10, -1, (1 << 62) - 1, 1 - (1 << 62)),
    "text": (
        "甲",
        "乙",
        "张三",
        "张三丰",
        "",
        'A"B',
        "A\\",
        "A\nB",
        "A!",
        "\0",
        "10",
        "5",
        "\ud800",
    ),
    "boolean": (True, False),
}
_EQUALITY: tuple[Operator, ...] = ("is", "is", "is", "not")
_ORDER: tuple[Operator, ...] = ("below", "at_most", "above", "at_least")


def random_rules(rnd: Random) -> list[Rule]:
    """One to forty rules; absent patterns mostly look at lower conclusions, sometimes at any."""
    return [_random_rule(rnd, number) for number in range(rnd.choice((1, 1, 2, 4, 8, 16, 40)))]


def random_facts(rnd: Random, schema: Schema = SCHEMA) -> list[Fact]:
    count = rnd.choice((0, 2, 5, 8, 10))
    types = rnd.choices([*schema], weights=[4 if t in GIVEN else 1 for t in schema], k=count)
    return [
        Fact(
            type_,
            {
                field: None if rnd.random() < 0.1 else rnd.choice(VALUES[kind])
                for field, kind in schema[type_].items()
                if rnd.random() > 0.1
            },
        )
        for type_ in types
    ]


def _random_rule(rnd: Random, number: int) -> Rule:
    floor = rnd.randrange(len(DERIVED) + 1)  # reads conclusions below, concludes at or above
    readable = GIVEN * 2 + DERIVED[:floor]
    bound = [(alias, rnd.choice(readable)) for alias in "pqr"[: rnd.choice((1, 1, 2, 2, 3))]]
    absent = [(alias, rnd.choice(readable)) for alias in "xy"[: rnd.choice((0, 0, 1, 1, 2))]]
    if rnd.random() < 0.05:
        bound[0] = ("p", rnd.choice(DERIVED))
    if rnd.random() < 0.02 and absent:
        absent[0] = ("x", rnd.choice([*SCHEMA]))
    patterns = [_random_pattern(rnd, alias, type_, bound) for alias, type_ in bound]
    patterns += [_random_pattern(rnd, alias, type_, bound, absent=True) for alias, type_ in absent]
    rnd.shuffle(patterns)
    concluded = rnd.choice(DERIVED[floor:] or DERIVED[-1:])
    if rnd.random() < 0.03:
        concluded = rnd.choice([*SCHEMA])
    then = _random_derivation(rnd, concluded, bound)
    return Rule(f"规则{number}", tuple(patterns), then, rnd.choice((1, 50, 100, 65535)))


def _random_pattern(
    rnd: Random,
    alias: str,
    type_: str,
    bound: Sequence[tuple[str, str]],
    absent: bool = False,
) -> Pattern:
    fields = rnd.sample([*SCHEMA[type_]], rnd.choice((0, 1, 1, 2, 2)))
    visible = [*dict([*bound, (alias, type_)]).items()]
    conditions = tuple(
        _random_condition(rnd, field, SCHEMA[type_][field], visible) for field in fields
    )
    return Pattern(type_, alias, conditions, absent)


def _random_condition(
    rnd: Random, field: str, kind: Kind, visible: Sequence[tuple[str, str]]
) -> Condition:
    op = rnd.choice(_EQUALITY if kind == "boolean" else _EQUALITY + _ORDER)
    refs = [
        Ref(alias, other)
        for alias, type_ in visible
        for other, other_kind in SCHEMA[type_].items()
        if other_kind == kind
    ]
    chance = rnd.random()
    if refs and chance < 0.5:
        return Condition(field, op, rnd.choice(refs))
    if chance < 0.65:
        listed = rnd.sample(VALUES[kind], rnd.randint(1, len(VALUES[kind])))
        return Condition(field, "in", tuple(listed))
    return Condition(field, op, rnd.choice(VALUES[kind]))


def _random_derivation(rnd: Random, type_: str, bound: Sequence[tuple[str, str]]) -> Derivation:
    fields: dict[str, Scalar | Ref] = {}
    for field, kind in SCHEMA[type_].items():
        refs = [
            Ref(alias, other)
            for alias, source in bound
            for other, other_kind in SCHEMA[source].items()
            if other_kind == kind
        ]
        if rnd.random() < 0.1:
            continue
        copy = refs and rnd.random() < 0.4
        fields[field] = rnd.choice(refs) if copy else rnd.choice(VALUES[kind])
    return Derivation(type_, fields)
