"""Which patterns a fact may fill, judged by constants alone: what cannot fill any need not be sent.

A necessary condition and no more: joins are left to the engine. It also tells when a level has no
rule all of whose present patterns could be filled, so that asking for absence there is idle.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from .model import Condition, Fact, Ref, Rule, Scalar
from .strata import COMPARE

_REMEMBERED: Final = (
    4096  # by type; results and effects are few, and come again with every inference
)
_NONE: Final[frozenset[int]] = frozenset()


class Prospects:
    """Patterns are counted over all rules in order; made once for a rule set."""

    def __init__(self, rules: Sequence[Rule], levels: Sequence[int]) -> None:
        by_type: dict[str, list[tuple[int, list[Condition]]]] = defaultdict(list)
        self._asked: dict[int, list[frozenset[int]]] = defaultdict(list)
        number = 0
        for rule, level in zip(rules, levels, strict=True):
            present = set()
            for pattern in rule.when:
                constant = [one for one in pattern.conditions if not isinstance(one.value, Ref)]
                by_type[pattern.type].append((number, constant))
                if not pattern.absent:
                    present.add(number)
                number += 1
            if len(present) < len(rule.when):
                self._asked[level].append(frozenset(present))
        self._by_type = {kind: _OfType(patterns) for kind, patterns in by_type.items()}

    @property
    def go_levels(self) -> list[int]:
        """The levels on which some rule asks for absence."""
        return sorted(self._asked)

    def of(self, fact: Fact) -> frozenset[int]:
        """The patterns whose constant conditions the fact meets."""
        known = self._by_type.get(fact.type)
        return _NONE if known is None else known.find(*map(fact.fields.get, known.fields))

    def may_fire(self, level: int, filled: set[int]) -> bool:
        """Whether a rule that asks for absence on a level has all its present patterns in `filled`."""
        return any(present <= filled for present in self._asked[level])


class _OfType:
    """The patterns on one type of fact, with the fields that they compare with constants."""

    def __init__(self, patterns: Iterable[tuple[int, Sequence[Condition]]]) -> None:
        self._patterns = list(patterns)
        self.fields = sorted({one.field for _, conditions in self._patterns for one in conditions})
        self.find = lru_cache(maxsize=_REMEMBERED)(self._find)

    def _find(self, *values: Scalar | None) -> frozenset[int]:
        by_field = dict(zip(self.fields, values, strict=True))
        return frozenset(
            number
            for number, conditions in self._patterns
            if all(_holds(one, by_field) for one in conditions)
        )


def _holds(one: Condition, fields: Mapping[str, Scalar | None]) -> bool:
    value = fields[one.field]
    if value is None:
        return False
    if isinstance(one.value, tuple):
        return value in one.value
    return COMPARE[one.op](value, one.value)
