"""How many rules, patterns and fields share the engine's nodes, and where that is too many."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from . import limits
from .joins import join_patterns
from .model import Ref, Rule, Schema
from .problems import Problem


def find_crowded_patterns(rule: Rule) -> Iterator[Problem]:
    """Joins count where they are carried, which may be a later pattern than where they stand."""
    for joined in join_patterns(rule):
        joins = sum(isinstance(one.value, Ref) for one in joined.conditions)
        if joins > limits.PATTERN_JOINS:
            own = joined.pattern
            yield Problem(
                "rule-too-many-joins",
                rule.id,
                ("when", rule.when.index(own)),
                f"“{own.type}”一项（{own.alias}）与其他字段的比较有 {joins} 个，"
                f"最多 {limits.PATTERN_JOINS} 个，其他条件项中提到它的也算在内。",
                f"“{own.type}” ({own.alias}) is compared with other fields {joins} times, "
                f"{limits.PATTERN_JOINS} are the most; other patterns that name it count too.",
                "请拆成两条规则。",
                "Split the rule in two.",
            )


def find_excesses(schema: Schema, rules: Sequence[Rule]) -> Iterator[Problem]:
    """One problem for each bound of the rule set that is passed, at the rule that passes it."""
    if len(rules) > limits.RULES:
        yield _excess(
            "rule-too-many-rules", rules[limits.RULES], ("id",), "规则", "rules", limits.RULES
        )
    yield from _passing(
        rules, _patterns_of, limits.TYPE_PATTERNS, "rule-too-many-on-type", "条件项", "patterns"
    )
    yield from _passing(
        rules, _fields_of, limits.TYPE_FIELDS, "rule-too-many-fields", "比较字段", "fields compared"
    )
    types: set[str] = set()
    for rule in rules:
        before = len(types)
        types |= {pattern.type for pattern in rule.when}
        if before <= limits.READ_TYPES < len(types):
            yield _excess(
                "rule-too-many-types", rule, ("when",), "事实类型", "fact types", limits.READ_TYPES
            )


_Used = Iterator[tuple[str, object]]


def _patterns_of(rule: Rule) -> _Used:
    for number, pattern in enumerate(rule.when):
        yield pattern.type, (rule.id, number)


def _fields_of(rule: Rule) -> _Used:
    """What must be sent of each fact type: fields compared, and one flag for each list."""
    types = {pattern.alias: pattern.type for pattern in rule.when}
    for pattern in rule.when:
        for condition in pattern.conditions:
            if condition.op == "in":
                yield pattern.type, (condition.field, condition.value)
                continue
            yield pattern.type, condition.field
            if isinstance(condition.value, Ref):
                yield types[condition.value.alias], condition.value.field


def _passing(
    rules: Sequence[Rule],
    used_by: Callable[[Rule], _Used],
    most: int,
    code: str,
    zh: str,
    en: str,
) -> Iterator[Problem]:
    counts: Counter[str] = Counter()
    seen: set[tuple[str, object]] = set()
    for rule in rules:
        for type_, thing in used_by(rule):
            if (type_, thing) in seen:
                continue
            seen.add((type_, thing))
            counts[type_] += 1
            if counts[type_] == most + 1:
                yield _excess(code, rule, ("when",), f"“{type_}”的{zh}", f"{en} on “{type_}”", most)


def _excess(
    code: str, rule: Rule, where: tuple[str | int, ...], zh: str, en: str, most: int
) -> Problem:
    return Problem(
        code,
        rule.id,
        where,
        f"从这条规则起，{zh}超过一个规则集能容纳的 {most} 个。",
        f"With this rule there are more than {most} {en}, the most one rule set can hold.",
        "请按事项或环节拆成几个规则集。",
        "Split the rule set, by matter or by stage.",
    )
