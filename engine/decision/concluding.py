"""Conclusion rules as authored, turned into the inference room's rules over a fixed typed schema."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from threading import Lock

from engine.definitions import Comparison, ConclusionRule, Match, Matter
from engine.inference import (
    Condition,
    Derivation,
    Fact,
    Firing,
    Inference,
    Kind,
    Operator,
    Pattern,
    Problem,
    Ref,
    Rule,
    Ruleset,
    find_problems,
)
from engine.inference import Scalar as RuleScalar

# What conclusion rules may speak of. FEEL computes everything else before it gets here.
SCHEMA: dict[str, dict[str, Kind]] = {
    "申请": {
        "事项": "text",
        "路径": "text",
        "地区": "text",
        "申请日期": "text",
        "主体类型": "text",
        "是否代理": "boolean",
    },
    "申请人": {"名称": "text", "证件类型": "text", "证件号码": "text", "主体类型": "text"},
    "审查要点": {"编号": "text", "名称": "text", "环节": "text", "结果": "text", "后果": "text"},
    "材料": {"编号": "text", "名称": "text", "结果": "text", "是否核心": "boolean"},
    "证照": {
        "类型": "text",
        "编号": "text",
        "持有人": "text",
        "持有人代码": "text",
        "状态": "text",
        "有效期至": "text",
        "颁发机构代码": "text",
        "地区": "text",
    },
    "信用": {
        "主体代码": "text",
        "类别": "text",
        "等级": "text",
        "披露截止": "text",
        "是否修复": "boolean",
        "是否在披露期": "boolean",
        "是否本人": "boolean",
    },
    "路径": {"名称": "text", "是否进入": "boolean"},
    "事实": {"名称": "text", "文字": "text", "是否": "boolean"},
    "差异": {"名称": "text", "来源": "text"},
    "查询": {"来源": "text", "种类": "text", "结果": "text"},
    "认定": {"名称": "text", "后果": "text", "对象": "text"},
    "结论": {"结果": "text"},
}
FINDING, CONCLUSION = "认定", "结论"
_COMPARISONS: tuple[tuple[str, Operator], ...] = (
    ("not_", "not"),
    ("below", "below"),
    ("at_most", "at_most"),
    ("above", "above"),
    ("at_least", "at_least"),
    ("in_", "in"),
)


@dataclass(frozen=True)
class AuthoredRule:
    """A conclusion rule with its place: the definition that holds it and its index there."""

    kind: str  # matter or rules
    owner: str
    index: int
    rule: ConclusionRule

    @property
    def id(self) -> str:
        return f"{self.owner}.{self.rule.rule}"


def to_rule(authored: AuthoredRule) -> Rule:
    """The rule as the inference room takes it; what it cannot express, `find_rule_problems` says."""
    rule = authored.rule
    aliases = {match.as_ or f"p{n}" for n, match in enumerate(rule.when)}
    patterns = tuple(_pattern(match, n, aliases) for n, match in enumerate(rule.when))
    then = rule.then
    if then.conclude is not None:
        derivation = Derivation(CONCLUSION, {"结果": then.conclude})
    else:
        fields: dict[str, RuleScalar | Ref] = {
            "名称": then.finding or rule.rule,
            "后果": then.effect or "review",
        }
        if then.subject is not None:
            fields["对象"] = _value(then.subject, aliases)
        derivation = Derivation(FINDING, fields)
    return Rule(authored.id, patterns, derivation)


def _pattern(match: Match, index: int, aliases: set[str]) -> Pattern:
    conditions = tuple(
        condition
        for field, wanted in match.where.items()
        for condition in _conditions(field, wanted, aliases)
    )
    kind = match.is_ or match.none or ""
    return Pattern(kind, match.as_ or f"p{index}", conditions, absent=match.is_ is None)


def _conditions(field: str, wanted: object, aliases: set[str]) -> Iterator[Condition]:
    if not isinstance(wanted, Comparison):
        yield Condition(field, "is", _value(wanted, aliases))
        return
    for key, op in _COMPARISONS:
        value = getattr(wanted, key)
        if value is not None:
            yield Condition(field, op, value if op == "in" else _value(value, aliases))


def _value(value: object, aliases: set[str]) -> RuleScalar | Ref:
    """`alias.field` of an alias in scope is a reference; any other text is itself."""
    if isinstance(value, str):
        alias, dot, field = value.partition(".")
        return Ref(alias, field) if dot and alias in aliases and field else value
    assert isinstance(value, bool | int)
    return value


def find_rule_problems(rules: Iterable[AuthoredRule]) -> list[Problem]:
    """Everything the safe recipe cannot express, over all rules of one phase together."""
    return find_problems(SCHEMA, [to_rule(rule) for rule in rules])


_MOST_RULESETS = 256
_rulesets: dict[str, Ruleset] = {}
_lock = Lock()


def _compiled(rules: tuple[Rule, ...]) -> Ruleset:
    """The same rules serve every matter that has none of its own: compiled once for all of them."""
    key = repr(rules)
    with _lock:
        if key not in _rulesets:
            while len(_rulesets) >= _MOST_RULESETS:
                del _rulesets[next(iter(_rulesets))]
            _rulesets[key] = Ruleset.compile("tongban", SCHEMA, rules)
        return _rulesets[key]


class Conclusions:
    """The compiled rules of one phase, with the authored ones to explain what fired."""

    def __init__(self, rules: tuple[AuthoredRule, ...]) -> None:
        self.authored = {rule.id: rule for rule in rules}
        compiled = tuple(to_rule(r) for r in rules)
        self._ruleset = _compiled(compiled) if rules else None
        self.types = frozenset(pattern.type for rule in compiled for pattern in rule.when)

    def infer(self, facts: list[Fact]) -> Inference:
        """What follows. Facts that no pattern can match are not sent: most are all in order."""
        if self._ruleset is None:
            return Inference((), ())
        return self._ruleset.infer(filter(self._ruleset.may_match, facts))

    def rule_of(self, firing: Firing) -> ConclusionRule:
        return self.authored[firing.rule].rule


def rules_of_matter(matter: Matter) -> tuple[AuthoredRule, ...]:
    return tuple(
        AuthoredRule("matter", matter.matter, index, rule)
        for index, rule in enumerate(matter.conclusions)
    )
