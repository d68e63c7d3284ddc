"""An upper bound on the fact tuples the engine would hold, known before it starts to build them.

The engine keeps every partial match in memory and cannot be stopped midway, so a cross product of
many facts has to be refused here. Counting the facts of each type is enough for nearly every
inference; only where that looks like too much are constants and equal joins taken into account.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from . import limits
from .joins import join_patterns
from .model import Condition, Fact, Ref, Rule, Scalar
from .problems import InferenceError
from .strata import COMPARE

_REMEMBERED: Final = 4096


@dataclass(frozen=True, slots=True)
class _Step:
    """One pattern in the order in which the engine joins them, as far as it narrows the facts."""

    rule: int
    place: int
    conditions: tuple[Condition, ...]
    equal_joins: tuple[str, ...]


class EffortBound:
    """What of a rule set the bound depends on; made once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.present = [sum(not pattern.absent for pattern in rule.when) for rule in rules]
        self.shapes: Counter[tuple[tuple[str, ...], int]] = Counter()
        self.steps: dict[str, list[_Step]] = defaultdict(list)
        for number, rule in enumerate(rules):
            joined = join_patterns(rule)
            self.shapes[tuple(one.pattern.type for one in joined), self.present[number]] += 1
            for place, own in enumerate(joined):
                equal = tuple(
                    one.field for one in own.conditions if one.op == "is" and own.looks_back(one)
                )
                step = _Step(number, place, own.conditions, equal)
                self.steps[own.pattern.type].append(step)
        self.types = sorted({type_ for types, _ in self.shapes for type_ in types})
        # Most inferences are of the same few facts of each type.
        self.count_roughly = lru_cache(maxsize=_REMEMBERED)(self._count_roughly)

    def _count_roughly(self, *counts: int) -> int:
        """Tuples over all rules, for so many facts of each of `types`."""
        width = dict(zip(self.types, counts, strict=True))
        return sum(
            rules * _count_tuples([width[type_] for type_ in types], present)
            for (types, present), rules in self.shapes.items()
        )


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
        for fact in facts:
            self._counts[fact.type] += 1
        if self._close is None:
            self._facts += facts
            counts = [self._counts[type_] for type_ in self._bound.types]
            if self._bound.count_roughly(*counts) <= limits.COMBINATIONS:
                return
            self._close = _CloseCount(self._bound)
            facts = self._facts
        for fact in facts:
            self._close.add(fact)


class _CloseCount:
    """Tuples by rule: the facts that fit each pattern, or the most that share a joined value."""

    def __init__(self, bound: EffortBound) -> None:
        self._bound = bound
        self._widths = [[0] * len(rule.when) for rule in bound.rules]
        self._fitting: Counter[tuple[int, int]] = Counter()
        self._sharing: Counter[tuple[int, int, str, object]] = Counter()
        self._greatest: Counter[tuple[int, int, str]] = Counter()
        self._tuples = [0] * len(bound.rules)
        self._total = 0

    def add(self, fact: Fact) -> None:
        for step in self._bound.steps.get(fact.type, ()):
            if all(_may_hold(one, fact.fields.get(one.field)) for one in step.conditions):
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
        rule, place = step.rule, step.place
        self._fitting[rule, place] += 1
        width = self._fitting[rule, place]
        for name in step.equal_joins:
            self._sharing[rule, place, name, fields[name]] += 1
            sharing = self._sharing[rule, place, name, fields[name]]
            self._greatest[rule, place, name] = max(self._greatest[rule, place, name], sharing)
            width = min(width, self._greatest[rule, place, name])
        self._widths[rule][place] = width
        tuples = _count_tuples(self._widths[rule], self._bound.present[rule])
        self._total += tuples - self._tuples[rule]
        self._tuples[rule] = tuples


def _count_tuples(widths: Sequence[int], present: int) -> int:
    """Tuples over all prefixes of the pattern: absent ones are compared, but multiply nothing."""
    tuples, total = 1, 0
    for place, width in enumerate(widths):
        total += tuples * width
        if place < present:
            tuples *= width
    return total


def _may_hold(one: Condition, value: Scalar | None) -> bool:
    if value is None:
        return False
    if isinstance(one.value, Ref):
        return True
    if isinstance(one.value, tuple):
        return value in one.value
    return COMPARE[one.op](value, one.value)
