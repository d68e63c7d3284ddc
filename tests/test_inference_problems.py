"""Everything the safe recipe cannot express has its problem, and nothing else has one."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

import pytest

from engine.inference import (
    Condition,
    Derivation,
    Fact,
    Kind,
    Pattern,
    Problem,
    Ref,
    Rule,
    RuleError,
    Ruleset,
    Schema,
    find_problems,
    limits,
)
from inference_cases import SCHEMA, VALUES, random_rules

PLAIN: Schema = {
    "申请人": {"证件号码": "text", "年龄": "integer", "本地户籍": "boolean"},
    "证照": {"类型": "text", "持有人代码": "text", "份数": "integer"},
    "结论": {"名称": "text", "分值": "integer"},
}
SOUND = Rule("sound", (Pattern("申请人", "人"),), Derivation("结论", {"名称": "甲"}))


def problems_of(*rules: Rule, schema: Schema = PLAIN) -> list[Problem]:
    return find_problems(schema, rules)


def where(field: str, op: Any, value: Any, *more: Pattern, absent: bool = False) -> Rule:
    """A rule on 申请人 with one condition that a type checker might not let pass."""
    applicant = Pattern("申请人", "人", (Condition(field, op, value),), absent)
    return replace(SOUND, when=(applicant, *more))


def then(**fields: Any) -> Rule:
    return replace(SOUND, then=Derivation("结论", fields))


LICENCE = Pattern("证照", "照")
NO_LICENCE = Pattern("证照", "照", absent=True)
FIELD = ("when", 0, "where")

CASES: list[tuple[str, Rule, tuple[str | int, ...]]] = [
    ("rule-priority-range", replace(SOUND, priority=0), ("priority",)),
    ("rule-priority-range", replace(SOUND, priority=65_536), ("priority",)),
    ("rule-without-pattern", replace(SOUND, when=()), ("when",)),
    ("rule-only-absent", replace(SOUND, when=(NO_LICENCE,)), ("when",)),
    (
        "rule-too-many-patterns",
        replace(SOUND, when=tuple(Pattern("证照", f"照{n}") for n in range(16))),
        ("when",),
    ),
    (
        "rule-too-many-conditions",
        replace(SOUND, when=(Pattern("证照", "照", (Condition("份数", "is", 1),) * 121),)),
        ("when", 0),
    ),
    (
        "rule-too-many-joins",
        replace(
            SOUND,
            when=(
                Pattern("证照", "照", (Condition("份数", "is", Ref("人", "年龄")),) * 25),
                Pattern("申请人", "人"),
            ),
        ),
        ("when", 1),
    ),
    ("rule-alias-duplicate", replace(SOUND, when=(LICENCE, LICENCE)), ("when", 1, "as")),
    ("rule-alias-duplicate", replace(SOUND, when=(LICENCE, NO_LICENCE)), ("when", 1, "as")),
    ("rule-alias-unknown", where("年龄", "is", Ref("谁", "年龄")), (*FIELD, "年龄")),
    ("rule-alias-unknown", then(名称=Ref("照", "类型")), ("then", "fields", "名称")),
    (
        "rule-absent-reference",
        where("证件号码", "is", Ref("照", "持有人代码"), NO_LICENCE),
        (*FIELD, "证件号码"),
    ),
    (
        "rule-absent-reference",
        replace(
            SOUND,
            when=(Pattern("申请人", "人"), NO_LICENCE),
            then=Derivation("结论", {"名称": Ref("照", "类型")}),
        ),
        ("then", "fields", "名称"),
    ),
    ("rule-unknown-type", replace(SOUND, when=(Pattern("申请", "人"),)), ("when", 0, "is")),
    ("rule-unknown-type", replace(SOUND, then=Derivation("结沦", {})), ("then", "type")),
    ("rule-unknown-field", where("证件号", "is", "甲"), (*FIELD, "证件号")),
    ("rule-unknown-field", where("年龄", "is", Ref("人", "年纪")), (*FIELD, "年龄")),
    ("rule-unknown-field", then(名字="甲"), ("then", "fields", "名字")),
    ("rule-unknown-operator", where("年龄", "equals", 1), (*FIELD, "年龄")),
    ("rule-operator-mismatch", where("本地户籍", "below", True), (*FIELD, "本地户籍")),
    ("rule-operator-mismatch", where("年龄", "is", (1, 2)), (*FIELD, "年龄")),
    ("rule-operator-mismatch", where("年龄", "in", 1), (*FIELD, "年龄")),
    ("rule-operator-mismatch", where("年龄", "in", Ref("人", "年龄")), (*FIELD, "年龄")),
    ("rule-empty-list", where("年龄", "in", ()), (*FIELD, "年龄")),
    ("rule-type-mismatch", where("年龄", "is", "18"), (*FIELD, "年龄")),
    ("rule-type-mismatch", where("年龄", "is", True), (*FIELD, "年龄")),
    ("rule-type-mismatch", where("本地户籍", "is", 1), (*FIELD, "本地户籍")),
    ("rule-type-mismatch", where("年龄", "above", 1.5), (*FIELD, "年龄")),
    ("rule-type-mismatch", where("年龄", "above", Decimal("1.5")), (*FIELD, "年龄")),
    ("rule-type-mismatch", where("年龄", "is", None), (*FIELD, "年龄")),
    ("rule-type-mismatch", where("年龄", "in", (1, "2")), (*FIELD, "年龄")),
    ("rule-type-mismatch", then(分值=[1]), ("then", "fields", "分值")),
    ("rule-mixed-types", where("年龄", "is", Ref("人", "证件号码")), (*FIELD, "年龄")),
    ("rule-mixed-types", then(分值=Ref("人", "证件号码")), ("then", "fields", "分值")),
    ("rule-text-too-long", where("证件号码", "is", "字" * 20_001), (*FIELD, "证件号码")),
    ("rule-text-too-long", then(名称="x" * 60_001), ("then", "fields", "名称")),
    ("rule-number-too-large", where("年龄", "is", 1 << 62), (*FIELD, "年龄")),
    ("rule-number-too-large", where("年龄", "in", (1, -(10**5000))), (*FIELD, "年龄")),
    (
        "rule-cycle",
        replace(SOUND, when=(LICENCE, Pattern("结论", "c", absent=True))),
        ("when", 1),
    ),
]


@pytest.mark.parametrize(("code", "rule", "place"), CASES)
def test_each_problem_is_found_where_it_is(
    code: str, rule: Rule, place: tuple[str | int, ...]
) -> None:
    (problem,) = problems_of(rule)
    assert (problem.code, problem.rule, problem.where) == (code, "sound", place)
    for text in (problem.message_zh, problem.message_en, problem.help_zh, problem.help_en):
        assert text
        assert len(text) < 400
    with pytest.raises(RuleError) as caught:
        Ruleset.compile("测试", PLAIN, [rule])
    assert caught.value.problems == (problem,)


def test_all_problems_are_found_not_the_first_only() -> None:
    rules = [replace(rule, id=f"r{number}") for number, (_, rule, _) in enumerate(CASES)]
    found = {(problem.rule, problem.code) for problem in problems_of(*rules)}
    assert found == {(f"r{number}", code) for number, (code, _, _) in enumerate(CASES)}
    (twice,) = problems_of(SOUND, replace(SOUND, priority=1))
    assert (twice.code, twice.where) == ("rule-duplicate-id", ("id",))


def test_joins_count_where_they_are_carried() -> None:
    """Twelve joins stand in each of two patterns; the third, named by all, carries them."""

    def joined(count: int) -> Rule:
        ages = (Condition("年龄", "is", Ref("末", "份数")),) * count
        counts = (Condition("份数", "is", Ref("末", "份数")),) * 12
        when = (Pattern("申请人", "人", ages), Pattern("证照", "照", counts), Pattern("证照", "末"))
        return replace(SOUND, when=when)

    with Ruleset.compile("测试", PLAIN, [joined(12)]) as compiled:
        licences = [Fact("证照", {"份数": 1, "类型": type_}) for type_ in ("甲", "乙")]
        assert len(compiled.infer([Fact("申请人", {"年龄": 1}), *licences]).firings) == 2
    (problem,) = problems_of(joined(13))
    assert (problem.code, problem.where) == ("rule-too-many-joins", ("when", 2))


def test_the_nearest_name_is_offered() -> None:
    (problem,) = problems_of(where("证件号", "is", "甲"))
    assert problem.help_zh == "是否想写“证件号码”？"
    (problem,) = problems_of(replace(SOUND, then=Derivation("结沦", {})))
    assert problem.help_zh == "是否想写“结论”？"
    (problem,) = problems_of(where("xyz", "is", "甲"))
    assert problem.help_zh == "可用的有：年龄、本地户籍、证件号码。"


def _many(count: int, schema: Schema, *fields: str) -> list[Rule]:
    """One rule for each number, spread over the types of the schema but the last."""
    types = [*schema][:-1]
    return [
        Rule(
            f"r{n}",
            (Pattern(types[n % len(types)], "a", (Condition(fields[n % len(fields)], "is", n),)),),
            Derivation([*schema][-1], {}),
        )
        for n in range(count)
    ]


FIELDS = [f"字段{n}" for n in range(300)]
WIDE: Schema = {"宽": dict.fromkeys(FIELDS, "integer"), "结论": {}}
NUMBER: dict[str, Kind] = {"数": "integer"}
FIVE: Schema = {**{f"类{n}": NUMBER for n in range(5)}, "结论": {}}
TYPES: Schema = {**{f"类{n}": NUMBER for n in range(300)}, "结论": {}}
FULL: list[tuple[str, Schema, list[Rule], int]] = [
    ("rule-too-many-rules", FIVE, _many(4200, FIVE, "数"), limits.RULES),
    ("rule-too-many-on-type", WIDE, _many(1000, WIDE, "字段0"), limits.TYPE_PATTERNS),
    ("rule-too-many-fields", WIDE, _many(300, WIDE, *FIELDS), limits.TYPE_FIELDS),
    ("rule-too-many-types", TYPES, _many(300, TYPES, "数"), limits.READ_TYPES),
]


@pytest.mark.parametrize(("code", "schema", "rules", "most"), FULL)
def test_a_full_rule_set_runs_and_one_rule_more_is_refused(
    code: str, schema: Schema, rules: Sequence[Rule], most: int
) -> None:
    (problem,) = find_problems(schema, rules[: most + 1])
    assert (problem.code, problem.rule) == (code, f"r{most}")
    assert find_problems(schema, rules)[0] == problem
    facts = [
        Fact(pattern.type, {condition.field: condition.value})  # type: ignore[dict-item]
        for rule in (rules[0], rules[most - 1])
        for pattern in rule.when
        for condition in pattern.conditions
    ]
    with Ruleset.compile("测试", schema, rules[:most]) as compiled:
        found = [firing.rule for firing in compiled.infer(facts).firings]
    assert found == ["r0", f"r{most - 1}"]


def test_nine_hundred_rules_may_hold_of_one_fact_at_once() -> None:
    """The engine's matcher has a stack of 64: the buckets keep within it."""
    schema: Schema = {"申请": {"数": "integer"}, "结论": {"号": "integer"}}
    for condition in ((), (Condition("数", "is", 1),), (Condition("数", "above", 0),)):
        rules = [
            Rule(f"r{n}", (Pattern("申请", "a", condition),), Derivation("结论", {"号": n}))
            for n in range(limits.TYPE_PATTERNS)
        ]
        with Ruleset.compile("测试", schema, rules) as compiled:
            assert len(compiled.infer([Fact("申请", {"数": 1})]).derived) == len(rules)


def _stairs(count: int) -> list[Rule]:
    """Each step concludes where the one below did not: levels 0, 1, 2, …"""
    below = [Condition("数", "is", n) for n in range(count)]
    return [
        Rule(
            f"r{n}",
            (Pattern("申请", "a"), Pattern("结论", "c", (below[n],), absent=True)),
            Derivation("结论", {"数": n + 1}),
        )
        for n in range(count)
    ]


def test_levels_of_absence_are_bounded() -> None:
    schema: Schema = {"申请": {"数": "integer"}, "结论": {"数": "integer"}}
    with Ruleset.compile("测试", schema, _stairs(limits.GO_LEVELS)) as compiled:
        found = [firing.level for firing in compiled.infer([Fact("申请", {})]).firings]
    assert found == [*range(0, limits.GO_LEVELS, 2)]
    (problem,) = find_problems(schema, _stairs(limits.GO_LEVELS + 1))
    assert (problem.code, problem.rule) == ("rule-too-many-levels", f"r{limits.GO_LEVELS}")


def test_a_cycle_names_its_way() -> None:
    rules = [
        replace(
            SOUND,
            id="a",
            when=(LICENCE, Pattern("结论", "c", (Condition("名称", "is", "丙"),), absent=True)),
        ),
        replace(
            SOUND,
            id="b",
            when=(Pattern("结论", "c", (Condition("名称", "is", "甲"),)),),
            then=Derivation("结论", {"名称": "丙"}),
        ),
    ]
    (problem,) = problems_of(*rules)
    assert (problem.rule, problem.where) == ("a", ("when", 1))
    assert "a → b → a" in problem.message_zh
    other = replace(rules[1], then=Derivation("结论", {"名称": "丁"}))
    assert problems_of(rules[0], other) == []


def _reaches(rules: Sequence[Rule]) -> list[list[bool]]:
    """Warshall's closure of `feeds`, by trying every value of the small domains."""
    feeds = [[any(_may_fill(a.then, pattern) for pattern in b.when) for b in rules] for a in rules]
    for middle, first, last in product(range(len(rules)), repeat=3):
        if feeds[first][middle] and feeds[middle][last]:
            feeds[first][last] = True
    return feeds


def _may_fill(derived: Derivation, pattern: Pattern) -> bool:
    if derived.type != pattern.type:
        return False
    for condition in pattern.conditions:
        other = condition.value
        own = isinstance(other, Ref) and other.alias == pattern.alias
        kind = SCHEMA[derived.type][condition.field]
        lefts = _values(derived, condition.field, kind)
        if isinstance(other, Ref):
            rights = _values(derived, other.field, kind) if own else [*VALUES[kind]]
        else:
            rights = [*other] if isinstance(other, tuple) else [other]
        if not any(_compare(condition.op, left, right) for left in lefts for right in rights):
            return False
    return True


def _values(derived: Derivation, field: str, kind: Kind) -> list[Any]:
    value = derived.fields.get(field)
    # Beyond the domain on both sides: a copied field may hold anything.
    ends: dict[str, list[Any]] = {"text": ["", "\U0010ffff"], "integer": [1 - (1 << 62), 1 << 62]}
    beyond = ends.get(kind, [])
    if isinstance(value, Ref):
        return [*VALUES[kind], *beyond]
    return [] if value is None else [value]


def _compare(op: str, left: Any, right: Any) -> bool:
    return bool(
        {
            "is": left == right,
            "in": left == right,
            "not": left != right,
            "below": left < right,
            "at_most": left <= right,
            "above": left > right,
            "at_least": left >= right,
        }[op]
    )


def test_cycles_are_those_that_trying_every_value_finds() -> None:
    seen = {True: 0, False: 0}
    for seed in range(600):
        rules = random_rules(Random(seed))[:12]
        reaches = _reaches(rules)
        expected = {
            (b.id, ("when", place))
            for a_number, a in enumerate(rules)
            for b_number, b in enumerate(rules)
            for place, pattern in enumerate(b.when)
            if pattern.absent and _may_fill(a.then, pattern)
            if b_number == a_number or reaches[b_number][a_number]
        }
        found = find_problems(SCHEMA, rules)
        assert {problem.code for problem in found} <= {"rule-cycle"}
        assert {(problem.rule, problem.where) for problem in found} == expected, seed
        assert len(found) == len(expected)
        seen[bool(expected)] += 1
    assert min(seen.values()) > 20
