"""An upper bound on the fact tuples the engine would hold, known before it starts to build them.

The engine keeps every partial match in memory and cannot be stopped midway, so a cross product of
many facts has to be refused here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from . import limits
from .model import Condition, Fact, Pattern, Ref, Rule
from .network import arrange_joins
from .problems import InferenceError
from .strata import COMPARE

_Facts = Mapping[str, Sequence[Fact]]


class EffortBound:
    """The rules by the types they join; counting types is enough for all but large inferences."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._shapes = Counter(
            tuple(pattern.type for pattern in sorted(rule.when, key=lambda one: one.absent))
            for rule in rules
        )

    def refuse_excess(self, facts: _Facts) -> None:
        """Raises InferenceError where more than `limits.COMBINATIONS` tuples are conceivable."""
        rough = 0
        for types, rules in self._shapes.items():
            tuples = 1
            for type_ in types:
                tuples *= len(facts.get(type_, ()))
                rough += rules * tuples
        if rough > limits.COMBINATIONS:
            self._count_closely(facts)

    def _count_closely(self, facts: _Facts) -> None:
        total = 0
        for rule in self._rules:
            total += _count_tuples(rule, facts)
            if total > limits.COMBINATIONS:
                raise InferenceError(
                    "inference-too-large",
                    f"规则“{rule.id}”要比较的事实组合过多（全部规则合计超过 "
                    f"{limits.COMBINATIONS} 组）。",
                    f"Rule “{rule.id}” has too many combinations of facts to compare (more than "
                    f"{limits.COMBINATIONS} over all rules).",
                )


def _count_tuples(rule: Rule, facts: _Facts) -> int:
    patterns = sorted(rule.when, key=lambda pattern: pattern.absent)
    arranged = arrange_joins(patterns)
    tuples, total = 1, 0
    for pattern in patterns:
        conditions = arranged[pattern.alias]
        fitting = [
            fact.fields
            for fact in facts.get(pattern.type, ())
            if all(_may_hold(one, fact) for one in conditions)
        ]
        tuples *= _most_joined(pattern, conditions, fitting)
        total += tuples
    return total


def _may_hold(one: Condition, fact: Fact) -> bool:
    value = fact.fields.get(one.field)
    if value is None:
        return False
    if isinstance(one.value, Ref):
        return True
    if isinstance(one.value, tuple):
        return value in one.value
    return COMPARE[one.op](value, one.value)


def _most_joined(
    pattern: Pattern, conditions: Sequence[Condition], fitting: Sequence[Mapping[str, object]]
) -> int:
    """How many of the fitting facts one earlier tuple can meet: an equality narrows them."""
    most = len(fitting)
    for one in conditions:
        if one.op == "is" and isinstance(one.value, Ref) and one.value.alias != pattern.alias:
            shared = Counter(fields[one.field] for fields in fitting)
            most = min(most, max(shared.values(), default=0))
    return most
