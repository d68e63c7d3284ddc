"""The patterns of a rule in the order in which they are joined, with the joins each then carries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .model import Condition, Operator, Pattern, Ref, Rule

_MIRRORED: Final[Mapping[Operator, Operator]] = {
    "is": "is",
    "not": "not",
    "below": "above",
    "at_most": "at_least",
    "above": "below",
    "at_least": "at_most",
}


@dataclass(frozen=True, slots=True)
class JoinedPattern:
    """A pattern with what is asked when its turn comes: joins look to itself and back only.

    `read` are its fields that any join of the rule reads, in a fixed order.
    """

    pattern: Pattern
    conditions: tuple[Condition, ...]
    read: tuple[str, ...]

    def looks_back(self, one: Condition) -> bool:
        return isinstance(one.value, Ref) and one.value.alias != self.pattern.alias


def join_patterns(rule: Rule) -> list[JoinedPattern]:
    """Present patterns first, absent ones last; each join moves to the later of its two patterns.

    For rules whose aliases are in order; a moved comparison is mirrored.
    """
    patterns = sorted(rule.when, key=lambda pattern: pattern.absent)
    place = {pattern.alias: number for number, pattern in enumerate(patterns)}
    conditions: dict[str, list[Condition]] = defaultdict(list)
    read: dict[str, set[str]] = defaultdict(set)
    for pattern in patterns:
        for one in pattern.conditions:
            if not isinstance(one.value, Ref):
                conditions[pattern.alias].append(one)
                continue
            other = one.value
            read[pattern.alias].add(one.field)
            read[other.alias].add(other.field)
            if place[other.alias] > place[pattern.alias]:
                back = Ref(pattern.alias, one.field)
                one = Condition(other.field, _MIRRORED[one.op], back)
                conditions[other.alias].append(one)
            else:
                conditions[pattern.alias].append(one)
    return [
        JoinedPattern(one, tuple(conditions[one.alias]), tuple(sorted(read[one.alias])))
        for one in patterns
    ]
