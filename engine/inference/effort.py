"""An upper bound on the fact tuples the engine would hold, known before it starts to build them.

The engine keeps every partial match in memory and cannot be stopped midway, so a cross product of
many facts has to be refused here. Counting the facts of each type is enough for nearly every
inference; only where that looks like too much are constants and equal joins taken into account.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from . import limits
from .model import Condition, Fact, Ref, Rule, Scalar
from .network import arrange_joins
from .problems import InferenceError
from .strata import COMPARE


@dataclass(frozen=True, slots=True)
class _Step:
    """One pattern in the order in which the engine joins them, as far as it narrows the facts."""

    rule: int
    place: int
    conditions: tuple[Condition, ...]
    equal_joins: tuple[str, ...]

    def may_fit(self, fields: Mapping[str, Scalar | None]) -> bool:
        return all(_may_hold(one, fields.get(one.field)) for one in self.conditions)


class EffortBound:
    """What of a rule set the bound depends on; made once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.shapes: Counter[tuple[str, ...]] = Counter()
        self.steps: dict[str, list[_Step]] = defaultdict(list)
        for number, rule in enumerate(rules):
            patterns = sorted(rule.when, key=lambda pattern: pattern.absent)
            arranged = arrange_joins(patterns)
            self.shapes[tuple(pattern.type for pattern in patterns)] += 1
            for place, pattern in enumerate(patterns):
                conditions = tuple(arranged[pattern.alias])
                equal = tuple(
                    one.field
                    for one in conditions
                    if one.op == "is"
                    and isinstance(one.value, Ref)
                    and one.value.alias != pattern.alias
                )
                self.steps[pattern.type].append(_Step(number, place, conditions, equal))


class Effort:
    """The bound of one inference, growing with its facts."""

    def __init__(self, bound: EffortBound) -> None:
        self._bound = bound
        self._facts: list[Fact] = []
        self._counts: Counter[str] = Counter()
        self._close: _CloseCount | None = None

    def add(self, facts: Iterable[Fact]) -> None:
        """Raises InferenceError where more than `limits.COMBINATIONS` tuples are conceivable."""
        facts = list(facts)
        self._counts.update(fact.type for fact in facts)
        if self._close is None:
            self._facts += facts
            if self._count_roughly() <= limits.COMBINATIONS:
                return
            self._close = _CloseCount(self._bound)
            facts = self._facts
        for fact in facts:
            self._close.add(fact)

    def _count_roughly(self) -> int:
        total = 0
        for types, rules in self._bound.shapes.items():
            tuples = rules
            for type_ in types:
                tuples *= self._counts[type_]
                total += tuples
        return total


class _CloseCount:
    """Tuples by rule: the facts that fit each pattern, or the most that share a joined value."""

    def __init__(self, bound: EffortBound) -> None:
        self._bound = bound
        self._most = [[0] * len(rule.when) for rule in bound.rules]
        self._fitting: Counter[_Step] = Counter()
        self._sharing: Counter[tuple[_Step, str, object]] = Counter()
        self._greatest: Counter[tuple[_Step, str]] = Counter()
        self._tuples = [0] * len(bound.rules)
        self._total = 0

    def add(self, fact: Fact) -> None:
        for step in self._bound.steps.get(fact.type, ()):
            if step.may_fit(fact.fields):
                self._widen(step, fact.fields)
        if self._total > limits.COMBINATIONS:
            worst = self._bound.rules[self._tuples.index(max(self._tuples))].id
            raise InferenceError(
                "inference-too-large",
                f"要比较的事实组合超过 {limits.COMBINATIONS} 组，最多的是规则“{worst}”。",
                f"There are more than {limits.COMBINATIONS} combinations of facts to compare, "
                f"most of them for rule “{worst}”.",
            )

    def _widen(self, step: _Step, fields: Mapping[str, Scalar | None]) -> None:
        self._fitting[step] += 1
        most = self._fitting[step]
        for field in step.equal_joins:
            shared = step, field, fields[field]
            self._sharing[shared] += 1
            self._greatest[step, field] = max(self._greatest[step, field], self._sharing[shared])
            most = min(most, self._greatest[step, field])
        self._most[step.rule][step.place] = most
        tuples, total = 1, 0
        for width in self._most[step.rule]:
            tuples *= width
            total += tuples
        self._total += total - self._tuples[step.rule]
        self._tuples[step.rule] = total


def _may_hold(one: Condition, value: Scalar | None) -> bool:
    if value is None:
        return False
    if isinstance(one.value, Ref):
        return True
    if isinstance(one.value, tuple):
        return value in one.value
    return COMPARE[one.op](value, one.value)
