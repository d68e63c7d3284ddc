"""A rule set as the ruleset document of the engine: only the forms that were proved safe.

Every pattern is a chain of terms in one order: fact type; bucket, an always-true term that splits
the patterns on a type into groups of 30; constants; guards that a joined field is present; joins;
and after joins an always-true join, because a false last join reads out of bounds.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from . import limits
from .codebook import GO, LEVEL, ONE, TYPE, Codebook
from .joins import JoinedPattern, join_patterns
from .model import Operator, Ref, Rule

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
        """The patterns as they are joined; before them a go pattern if any is absent."""
        joined = join_patterns(rule)
        types = {one.pattern.alias: one.pattern.type for one in joined}
        names = {one.pattern.alias: f"a{place}" for place, one in enumerate(joined)}
        written: list[_Term] = []
        if joined[-1].pattern.absent:
            bucket = self._bucket(GO, level)
            written.append({"go": {"$and": [{TYPE: GO}, {LEVEL: level}, bucket]}})
        for one in joined:
            name = names[one.pattern.alias] + ("$not" if one.pattern.absent else "")
            written.append({name: {"$and": self._write_terms(one, types, names)}})
        return written

    def _write_terms(
        self, own: JoinedPattern, types: dict[str, str], names: dict[str, str]
    ) -> list[_Term]:
        type_, book = own.pattern.type, self._codebook
        number = book.type_number(type_)
        terms: list[_Term] = [{TYPE: number}, self._bucket(number, 0)]
        joins: list[_Term] = []
        for one in own.conditions:
            if isinstance(one.value, tuple):
                terms.append({book.flag(type_, one.field, one.value): 1})
                continue
            left = book.field(type_, one.field)
            if isinstance(one.value, Ref):
                back = names[one.value.alias] if own.looks_back(one) else "$m"
                right = {back: book.field(types[one.value.alias], one.value.field)}
                joins.append(_compare(one.op, left, right))
            else:
                terms.append(_compare(one.op, left, book.constant(one.value)))
        guards = [{"$neq": {book.field(type_, field): None}} for field in own.read]
        if any(own.looks_back(one) for one in own.conditions):
            joins.append({ONE: {"a0": ONE}})
        return terms + guards + joins

    def _bucket(self, type_number: int, level: int) -> _Term:
        place = self._used[type_number, level]
        self._used[type_number, level] += 1
        return {"$neq": {ONE: -2 - place // limits.BUCKET}}


def _compare(op: Operator, left: str, right: object) -> _Term:
    return {left: right} if op == "is" else {_ENGINE_OPERATORS[op]: {left: right}}
