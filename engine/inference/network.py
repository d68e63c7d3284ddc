"""A rule set as the ruleset document of the engine: only the forms that were proved safe.

Every pattern is a chain of terms in one order: fact type; bucket, an always-true term that splits
the patterns on a type into groups of 30; constants; guards that a joined field is present; joins;
and after joins an always-true join, because a false last join reads out of bounds.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final

from . import limits
from .codebook import GO, LEVEL, ONE, TYPE, Codebook
from .model import Condition, Operator, Pattern, Ref, Rule

INIT_LEVEL: Final = -1
_Term = dict[str, Any]
_MATCHED: Final = re.compile(r'"a(\d+)":\{"id":"f(\d+)"')
_ENGINE_OPERATORS: Final = {
    "not": "$neq",
    "below": "$lt",
    "at_most": "$lte",
    "above": "$gt",
    "at_least": "$gte",
}
_MIRRORED: Final[dict[Operator, Operator]] = {
    "is": "is",
    "not": "not",
    "below": "above",
    "at_most": "at_least",
    "above": "below",
    "at_least": "at_most",
}


def write_network(rules: Sequence[Rule], levels: Sequence[int], codebook: Codebook) -> str:
    """The JSON document. Rule n is called `rn`; its present patterns `a0`, `a1`, … in order."""
    writer = _NetworkWriter(codebook)
    go = {TYPE: GO}
    # Always fires once after creation: deleting a session in which none did frees a wild pointer.
    document: _Term = {"init": {"all": [{"go": {"$and": [go, {LEVEL: INIT_LEVEL}]}}]}}
    for number, rule in enumerate(rules):
        document[f"r{number}"] = {
            "pri": rule.priority,
            "all": writer.write_rule(rule, levels[number]),
        }
    return json.dumps(document)


def read_activation(message: str) -> tuple[int, tuple[int, ...]]:
    """The rule's number and, by present pattern, the number of the fact that fills it.

    The message is `{"r3":{"a1":{"id":"f7",…},"a0":{…}}}`: names of this module and numbers, so no
    parser of all JSON is needed; it took most of the time of a firing.
    """
    number = int(message[3 : message.index('"', 3)])
    matched = sorted((int(alias), int(fact)) for alias, fact in _MATCHED.findall(message))
    return number, tuple(fact for _, fact in matched)


class _NetworkWriter:
    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook
        self._used: Counter[tuple[int, int]] = Counter()

    def write_rule(self, rule: Rule, level: int) -> list[_Term]:
        """Present patterns first, absent ones last; before them a go pattern if any is absent."""
        patterns = sorted(rule.when, key=lambda pattern: pattern.absent)
        arranged = arrange_joins(patterns)
        types = {pattern.alias: pattern.type for pattern in patterns}
        names = {pattern.alias: f"a{place}" for place, pattern in enumerate(patterns)}
        written: list[_Term] = []
        if patterns[-1].absent:
            bucket = self._bucket(GO, level)
            written.append({"go": {"$and": [{TYPE: GO}, {LEVEL: level}, bucket]}})
        for pattern in patterns:
            own = _ReadPattern(pattern, arranged[pattern.alias], _read_fields(pattern, arranged))
            name = names[pattern.alias] + ("$not" if pattern.absent else "")
            written.append({name: {"$and": self._write_terms(own, types, names)}})
        return written

    def _write_terms(
        self, own: "_ReadPattern", types: dict[str, str], names: dict[str, str]
    ) -> list[_Term]:
        pattern, book = own.pattern, self._codebook
        type_number = book.type_number(pattern.type)
        terms: list[_Term] = [{TYPE: type_number}, self._bucket(type_number, 0)]
        joins: list[_Term] = []
        other = False
        for one in own.conditions:
            if isinstance(one.value, tuple):
                terms.append({book.flag(pattern.type, one.field, one.value): 1})
                continue
            left = book.field(pattern.type, one.field)
            if not isinstance(one.value, Ref):
                terms.append(_compare(one.op, left, book.constant(one.value)))
                continue
            mine = one.value.alias == pattern.alias
            other = other or not mine
            right = book.field(types[one.value.alias], one.value.field)
            joins.append(_compare(one.op, left, {"$m" if mine else names[one.value.alias]: right}))
        guards = [{"$neq": {book.field(pattern.type, field): None}} for field in own.read]
        closing: list[_Term] = [{ONE: {"a0": ONE}}] if other else []
        return terms + guards + joins + closing

    def _bucket(self, type_number: int, level: int) -> _Term:
        place = self._used[type_number, level]
        self._used[type_number, level] += 1
        return {"$neq": {ONE: -2 - place // limits.BUCKET}}


class _ReadPattern:
    """A pattern with the joins it carries and its own fields that joins read, in a fixed order."""

    def __init__(self, pattern: Pattern, conditions: list[Condition], read: list[str]) -> None:
        self.pattern = pattern
        self.conditions = conditions
        self.read = read


def arrange_joins(patterns: Sequence[Pattern]) -> dict[str, list[Condition]]:
    """The conditions by alias, each join moved to the later of its two patterns, mirrored."""
    place = {pattern.alias: number for number, pattern in enumerate(patterns)}
    arranged: dict[str, list[Condition]] = defaultdict(list)
    for pattern in patterns:
        for one in pattern.conditions:
            if isinstance(one.value, Ref) and place[one.value.alias] > place[pattern.alias]:
                mirrored = Ref(pattern.alias, one.field)
                arranged[one.value.alias].append(
                    Condition(one.value.field, _MIRRORED[one.op], mirrored)
                )
            else:
                arranged[pattern.alias].append(one)
    return arranged


def _read_fields(pattern: Pattern, arranged: dict[str, list[Condition]]) -> list[str]:
    """The pattern's fields that any join reads: the engine errs where such a field is missing."""
    read: set[str] = set()
    for alias, conditions in arranged.items():
        for one in conditions:
            if isinstance(one.value, Ref):
                if alias == pattern.alias:
                    read.add(one.field)
                if one.value.alias == pattern.alias:
                    read.add(one.value.field)
    return sorted(read)


def _compare(op: Operator, left: str, right: object) -> _Term:
    return {left: right} if op == "is" else {_ENGINE_OPERATORS[op]: {left: right}}
