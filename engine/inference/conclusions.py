"""What each rule derives, prepared: derived facts need no checking, their parts were checked."""

from collections.abc import Sequence
from dataclasses import dataclass

from .model import Fact, Ref, Rule, Scalar, Schema
from .records import MISSING, Record, key_positions


@dataclass(frozen=True, slots=True)
class _Copy:
    """A value of a matched fact: which present pattern, where in its record's key."""

    pattern: int
    position: int


class Conclusion:
    """The derivation of one rule, laid out as a record of its type."""

    def __init__(self, schema: Schema, rule: Rule) -> None:
        present = [pattern for pattern in rule.when if not pattern.absent]
        self._type = rule.then.type
        self._fields = [*schema[self._type]]
        self._head = [*schema].index(self._type)
        patterns = {pattern.alias: (number, pattern.type) for number, pattern in enumerate(present)}
        self._parts: list[Scalar | _Copy | None] = []
        for name in self._fields:
            value = rule.then.fields.get(name)
            if isinstance(value, Ref):
                number, type_ = patterns[value.alias]
                self._parts.append(_Copy(number, key_positions(schema[type_])[value.field]))
            else:
                self._parts.append(value)

        copies = any(isinstance(part, _Copy) for part in self._parts)
        self._constant = None if copies else self._lay_out(())

    def draw(self, matched: Sequence[Record]) -> Record:
        """The fact that follows from the facts matched, given in the order of the patterns."""
        made = self._constant
        if made is None:
            return self._lay_out(matched)
        # Its own mapping each time: a caller who writes into one spoils no other inference.
        return Record(made.key, Fact(self._type, dict(made.fact.fields)))

    def _lay_out(self, matched: Sequence[Record]) -> Record:
        key: list[object] = [self._head]
        fields: dict[str, Scalar | None] = {}
        for name, part in zip(self._fields, self._parts, strict=True):
            value = matched[part.pattern].key[part.position] if isinstance(part, _Copy) else part
            if value is None or value is MISSING:
                key.append(MISSING)
            else:
                key.append(value)
                fields[name] = value
        return Record(tuple(key), Fact(self._type, fields))
