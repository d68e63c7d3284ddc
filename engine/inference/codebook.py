"""The names and numbers under which facts cross into the engine: integers, and nothing else.

Texts cross as order-preserving numbers, so their length, their escapes and the engine's own text
comparison never matter. Names are short and counted out, so no two share a 32-bit hash (a test
computes every one); the words of a definition never reach the engine.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from .model import Ref, Rule, Scalar
from .records import MISSING, Record

TYPE: Final = "t"
ONE: Final = "u"  # always 1: always-true terms are written on it
LEVEL: Final = "n"
GO: Final = 0  # the type number of go facts
_GAP: Final = 1 << 32  # room for the texts of one inference between two constants


class TextNumbers:
    """Numbers for texts that compare as the texts do, by code point.

    The constants of the rules have fixed numbers; the texts of one inference are fitted between.
    """

    def __init__(self, constants: Iterable[str]) -> None:
        self._sorted = sorted(set(constants))
        self._fixed = {text: (place + 1) * _GAP for place, text in enumerate(self._sorted)}

    def number_constant(self, text: str) -> int:
        return self._fixed[text]

    def number_all(self, texts: Iterable[str]) -> Mapping[str, int]:
        """Numbers for the constants and for these texts; at most 2^32 of them."""
        numbers = dict(self._fixed)
        new = sorted({text for text in texts if text not in numbers})
        for place, text in enumerate(new, start=1):
            numbers[text] = bisect_right(self._sorted, text) * _GAP + place
        return numbers


class Codebook:
    """What of each fact type is sent, and under which names. Made once for a rule set."""

    def __init__(self, rules: Sequence[Rule], positions: Mapping[str, Mapping[str, int]]) -> None:
        """`positions`: of each field of each type within a record's key."""
        self.types: dict[str, int] = {}
        self._positions = positions
        self._fields: dict[str, dict[str, str]] = {}
        self._flags: dict[str, dict[tuple[str, frozenset[Scalar]], str]] = {}
        self.texts = TextNumbers(
            value for rule in rules for value in _constants_of(rule) if isinstance(value, str)
        )
        for rule in rules:
            self._gather(rule)

    def _gather(self, rule: Rule) -> None:
        types = {pattern.alias: pattern.type for pattern in rule.when}
        for pattern in rule.when:
            self.types.setdefault(pattern.type, len(self.types) + 1)
            for condition in pattern.conditions:
                if isinstance(condition.value, tuple):
                    flags = self._flags.setdefault(pattern.type, {})
                    listed = condition.field, frozenset(condition.value)
                    flags.setdefault(listed, f"i{len(flags)}")
                else:
                    self._name(pattern.type, condition.field)
                if isinstance(condition.value, Ref):
                    self._name(types[condition.value.alias], condition.value.field)

    def _name(self, type_: str, field: str) -> None:
        names = self._fields.setdefault(type_, {})
        names.setdefault(field, f"c{len(names)}")

    def field(self, type_: str, field: str) -> str:
        return self._fields[type_][field]

    def flag(self, type_: str, field: str, values: Iterable[Scalar]) -> str:
        """The field that is 1 where `field` is one of the values: the engine's `or` is not safe."""
        return self._flags[type_][field, frozenset(values)]

    def constant(self, value: Scalar) -> int:
        return self.texts.number_constant(value) if isinstance(value, str) else int(value)

    def encode(self, record: Record, identity: int, numbers: Mapping[str, int]) -> str | None:
        """The fact as the engine reads it, or None where no rule looks at its type."""
        type_ = record.fact.type
        number = self.types.get(type_)
        if number is None:
            return None
        parts = [f'{{"id":"f{identity}","{TYPE}":{number},"{ONE}":1']
        positions = self._positions[type_]
        for field, name in self._fields.get(type_, {}).items():
            value = record.key[positions[field]]
            if value is not MISSING:
                parts.append(f'"{name}":{numbers[value] if isinstance(value, str) else int(value)}')
        for (field, values), name in self._flags.get(type_, {}).items():
            if record.key[positions[field]] in values:
                parts.append(f'"{name}":1')
        return ",".join(parts) + "}"


def encode_go(level: int) -> str:
    """The control fact that lets the absent patterns of a level be asked; -1 at creation only."""
    return f'{{"id":"g{level}","{TYPE}":{GO},"{ONE}":1,"{LEVEL}":{level}}}'


def _constants_of(rule: Rule) -> Iterator[Scalar]:
    for pattern in rule.when:
        for condition in pattern.conditions:
            if isinstance(condition.value, tuple):
                yield from condition.value
            elif not isinstance(condition.value, Ref):
                yield condition.value
    for value in rule.then.fields.values():
        if not isinstance(value, Ref):
            yield value
