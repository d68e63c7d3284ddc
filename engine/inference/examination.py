"""Everything in a rule set that the safe recipe cannot express, found before anything runs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, get_args

from . import limits
from .capacity import find_crowded_patterns, find_excesses
from .model import Condition, Kind, Operator, Pattern, Ref, Rule, Schema
from .problems import Problem, suggest_name
from .strata import find_cycles
from .values import KIND_NAMES, KIND_OF_TYPE, exceeds, name_value

_OPERATORS: Final = frozenset(get_args(Operator))
_ORDERING: Final = frozenset({"below", "at_most", "above", "at_least"})
_Where = tuple[str | int, ...]


def find_problems(schema: Schema, rules: Sequence[Rule]) -> list[Problem]:
    """Every problem of every rule, rule by rule, then those of the rule set as a whole.

    Rules with a problem of their own take no part in the search for cycles.
    """
    problems: list[Problem] = []
    sound: list[Rule] = []
    seen: set[str] = set()
    for rule in rules:
        found = list(_RuleExamination(schema, rule).problems(seen))
        seen.add(rule.id)
        if not found:
            found += find_crowded_patterns(rule)
        problems += found
        if not found:
            sound.append(rule)
    problems += find_excesses(schema, sound)
    problems += find_cycles(sound)
    return problems


class _RuleExamination:
    """One rule against the schema; the aliases are gathered first, since any may be read early."""

    def __init__(self, schema: Schema, rule: Rule) -> None:
        self.schema = schema
        self.rule = rule
        self.present: dict[str, str] = {}
        self.absent: set[str] = set()
        for pattern in rule.when:
            if pattern.absent:
                self.absent.add(pattern.alias)
            else:
                self.present.setdefault(pattern.alias, pattern.type)

    def problems(self, earlier_ids: set[str]) -> Iterator[Problem]:
        yield from self._check_identity(earlier_ids)
        yield from self._check_size()
        yield from self._check_aliases()
        for number, pattern in enumerate(self.rule.when):
            yield from self._check_pattern(number, pattern)
        yield from self._check_derivation()

    def _problem(
        self, code: str, where: _Where, zh: str, en: str, help_: tuple[str, str]
    ) -> Problem:
        return Problem(code, self.rule.id, where, zh, en, *help_)

    def _check_identity(self, earlier_ids: set[str]) -> Iterator[Problem]:
        if self.rule.id in earlier_ids:
            yield self._problem(
                "rule-duplicate-id",
                ("id",),
                f"规则“{self.rule.id}”重复定义。",
                f"Rule “{self.rule.id}” is defined twice.",
                ("请给其中一条换一个编号。", "Give one of them another id."),
            )
        priority = self.rule.priority
        if type(priority) is not int or not 1 <= priority <= limits.PRIORITY_LAST:
            yield self._problem(
                "rule-priority-range",
                ("priority",),
                f"优先级是 {priority}，应为 1 至 {limits.PRIORITY_LAST} 的整数。",
                f"Priority is {priority}; it must be an integer from 1 to {limits.PRIORITY_LAST}.",
                ("数字小的排在前面，不写即为 100。", "Lower comes first; 100 when left out."),
            )

    def _check_size(self) -> Iterator[Problem]:
        count = len(self.rule.when)
        if count > limits.RULE_PATTERNS:
            yield self._problem(
                "rule-too-many-patterns",
                ("when",),
                f"规则有 {count} 个条件项，最多 {limits.RULE_PATTERNS} 个。",
                f"The rule has {count} patterns; {limits.RULE_PATTERNS} are the most.",
                (
                    "请拆成两条规则，由前一条先得出中间结论。",
                    "Split it in two: let a first rule conclude an intermediate fact.",
                ),
            )
        if not self.present:
            code, zh, en = (
                ("rule-only-absent", "规则只写了“没有”的条件", "The rule has absent patterns only")
                if self.absent
                else ("rule-without-pattern", "规则没有条件", "The rule has no pattern")
            )
            yield self._problem(
                code,
                ("when",),
                f"{zh}，说不出结论是关于谁的。",
                f"{en}, so nothing says what the conclusion is about.",
                (
                    "请先写一个必须存在的事实，例如申请人。",
                    "Start with a fact that must exist, such as the applicant.",
                ),
            )

    def _check_aliases(self) -> Iterator[Problem]:
        seen: set[str] = set()
        for number, pattern in enumerate(self.rule.when):
            if pattern.alias in seen:
                yield self._problem(
                    "rule-alias-duplicate",
                    ("when", number, "as"),
                    f"别名“{pattern.alias}”在本规则中用了两次。",
                    f"Alias “{pattern.alias}” is used twice in this rule.",
                    ("请为每个条件项取不同的别名。", "Give each pattern its own alias."),
                )
            seen.add(pattern.alias)

    def _check_pattern(self, number: int, pattern: Pattern) -> Iterator[Problem]:
        fields = self.schema.get(pattern.type)
        if fields is None:
            yield self._unknown_type(pattern.type, ("when", number, "is"))
            return
        if len(pattern.conditions) > limits.PATTERN_CONDITIONS:
            yield self._problem(
                "rule-too-many-conditions",
                ("when", number),
                f"“{pattern.type}”一项有 {len(pattern.conditions)} 个比较，"
                f"最多 {limits.PATTERN_CONDITIONS} 个。",
                f"“{pattern.type}” has {len(pattern.conditions)} comparisons; "
                f"{limits.PATTERN_CONDITIONS} are the most.",
                ("请拆成两条规则。", "Split the rule in two."),
            )
        for condition in pattern.conditions:
            where = ("when", number, "where", condition.field)
            kind = fields.get(condition.field)
            if kind is None:
                yield self._unknown_field(pattern.type, condition.field, fields, where)
            else:
                yield from self._check_condition(pattern, condition, kind, where)

    def _check_condition(
        self, pattern: Pattern, condition: Condition, kind: Kind, where: _Where
    ) -> Iterator[Problem]:
        op, value = condition.op, condition.value
        listed = isinstance(value, tuple)
        if op not in _OPERATORS:
            yield self._problem(
                "rule-unknown-operator",
                where,
                f"没有“{op}”这种比较。",
                f"There is no operator “{op}”.",
                suggest_name(str(op), _OPERATORS),
            )
        elif (op in _ORDERING and kind == "boolean") or listed != (op == "in"):
            yield self._operator_mismatch(condition, kind, where)
        elif isinstance(value, Ref):
            own = (pattern.alias, pattern.type)
            yield from self._check_ref(value, kind, where, own)
        elif isinstance(value, tuple):
            if not value:
                yield self._problem(
                    "rule-empty-list",
                    where,
                    f"“{condition.field}”的取值列表是空的，永远不会满足。",
                    f"The list for “{condition.field}” is empty: nothing is ever in it.",
                    ("请至少写一个值。", "Write one value at least."),
                )
            for item in value:
                yield from self._check_constant(item, kind, where)
        else:
            yield from self._check_constant(value, kind, where)

    def _operator_mismatch(self, condition: Condition, kind: Kind, where: _Where) -> Problem:
        if condition.op in _ORDERING and kind == "boolean":
            zh = f"“{condition.field}”是“是否”字段，不能比较大小（{condition.op}）。"
            en = f"“{condition.field}” is a boolean and has no order ({condition.op})."
        elif condition.op == "in":
            zh = f"“{condition.field}”用了 in，后面应是一列常量。"
            en = f"“{condition.field}” uses in, which takes a list of constants."
        else:
            zh = f"“{condition.field}”用了 {condition.op}，后面应是一个值，不能是列表。"
            en = f"“{condition.field}” uses {condition.op}, which takes one value, not a list."
        help_ = ("相等用 is，属于若干值之一用 in。", "Use is for equality, in for one of several.")
        return self._problem("rule-operator-mismatch", where, zh, en, help_)

    def _check_ref(
        self, ref: Ref, kind: Kind, where: _Where, own: tuple[str, str] | None = None
    ) -> Iterator[Problem]:
        type_ = own[1] if own and own[0] == ref.alias else self.present.get(ref.alias)
        if type_ is None:
            yield self._unbound(ref, where)
            return
        fields = self.schema.get(type_)
        if fields is None:
            return  # reported where the alias is bound
        other = fields.get(ref.field)
        if other is None:
            yield self._unknown_field(type_, ref.field, fields, where)
        elif other != kind:
            (zh, en), (other_zh, other_en) = KIND_NAMES[kind], KIND_NAMES[other]
            yield self._problem(
                "rule-mixed-types",
                where,
                f"这里需要{zh}，而“{ref.alias}.{ref.field}”是{other_zh}。",
                f"{en.capitalize()} is needed, but “{ref.alias}.{ref.field}” is {other_en}.",
                ("请改用同一种类型的字段。", "Use a field of the same kind."),
            )

    def _unbound(self, ref: Ref, where: _Where) -> Problem:
        if ref.alias in self.absent:
            return self._problem(
                "rule-absent-reference",
                where,
                f"“{ref.alias}”是“没有”的条件项，不能引用它的字段“{ref.field}”。",
                f"“{ref.alias}” is an absent pattern; its field “{ref.field}” cannot be read.",
                (
                    "不存在的事实没有字段可读，请引用存在的条件项。",
                    "What is absent has no fields: refer to a pattern that is present.",
                ),
            )
        return self._problem(
            "rule-alias-unknown",
            where,
            f"本规则中没有别名“{ref.alias}”。",
            f"This rule has no alias “{ref.alias}”.",
            suggest_name(ref.alias, self.present),
        )

    def _check_constant(self, value: object, kind: Kind, where: _Where) -> Iterator[Problem]:
        if KIND_OF_TYPE.get(type(value)) != kind:
            (zh, en), (value_zh, value_en) = KIND_NAMES[kind], name_value(value)
            yield self._problem(
                "rule-type-mismatch",
                where,
                f"“{where[-1]}”应为{zh}，写的是{value_zh} {_shorten(value)}。",
                f"“{where[-1]}” must be {en}; found {value_en}: {_shorten(value)}.",
                (
                    "小数和日期须先换算成整数或文字（如 2026-11-22）。",
                    "Decimals and dates cross as integers or as text such as 2026-11-22.",
                ),
            )
            return
        assert isinstance(value, str | int)  # the kinds' types, as just compared
        excess = exceeds(value)
        if excess == "text-too-long":
            yield self._problem(
                "rule-text-too-long",
                where,
                f"“{where[-1]}”的文字超过 {limits.TEXT_BYTES} 字节。",
                f"The text of “{where[-1]}” is longer than {limits.TEXT_BYTES} bytes.",
                ("请用代码或编号代替长文字。", "Use a code or a number instead of long text."),
            )
        elif excess:
            yield self._problem(
                "rule-number-too-large",
                where,
                f"“{where[-1]}”的数 {_shorten(value)} 太大，绝对值须小于 2 的 62 次方。",
                f"The number of “{where[-1]}”, {_shorten(value)}, is not below 2 to the 62nd.",
                ("编号类的长数字请作为文字。", "Write long identifiers as text."),
            )

    def _check_derivation(self) -> Iterator[Problem]:
        then = self.rule.then
        fields = self.schema.get(then.type)
        if fields is None:
            yield self._unknown_type(then.type, ("then", "type"))
            return
        for name, value in then.fields.items():
            where = ("then", "fields", name)
            kind = fields.get(name)
            if kind is None:
                yield self._unknown_field(then.type, name, fields, where)
            elif isinstance(value, Ref):
                yield from self._check_ref(value, kind, where)
            else:
                yield from self._check_constant(value, kind, where)

    def _unknown_type(self, name: str, where: _Where) -> Problem:
        return self._problem(
            "rule-unknown-type",
            where,
            f"没有“{name}”这种事实。",
            f"There is no fact type “{name}”.",
            suggest_name(name, self.schema),
        )

    def _unknown_field(
        self, type_: str, field: str, fields: Mapping[str, Kind], where: _Where
    ) -> Problem:
        return self._problem(
            "rule-unknown-field",
            where,
            f"“{type_}”没有字段“{field}”。",
            f"“{type_}” has no field “{field}”.",
            suggest_name(field, fields),
        )


def _shorten(value: object) -> str:
    # A hostile integer may have more digits than Python agrees to print.
    if isinstance(value, int) and value.bit_length() > 200:
        return f"{value.bit_length()} bit"
    text = repr(value)
    return text if len(text) <= 40 else text[:40] + "…"
