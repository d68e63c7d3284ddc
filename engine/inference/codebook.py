"""The names and numbers under which facts cross into the engine: integers, and nothing else.

Texts cross as order-preserving numbers, so their length, their escapes and the engine's own text
comparison never matter. Names are short and counted out, so no two share a 32-bit hash (a test
computes every one); the words of a definition never reach the engine.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class _SentType:
    """One fact type that rules look at: its number, its fields that are compared, its lists."""

    number: int
    fields: dict[str, str] = field(default_factory=dict)
    flags: dict[tuple[str, frozenset[Scalar]], str] = field(default_factory=dict)


class Codebook:
    """What of each fact type is sent, and under which names. Made once for a rule set."""

    def __init__(self, rules: Sequence[Rule], positions: Mapping[str, Mapping[str, int]]) -> None:
        """`positions`: of each field of each type within a record's key."""
        self._positions = positions
        self._sent: dict[str, _SentType] = {}
        self._texts = TextNumbers(
            value for rule in rules for value in _constants_of(rule) if isinstance(value, str)
        )
        for rule in rules:
            self._gather(rule)

    def _gather(self, rule: Rule) -> None:
        for pattern in rule.when:
            self._sent.setdefault(pattern.type, _SentType(len(self._sent) + 1))
        types = {pattern.alias: self._sent[pattern.type] for pattern in rule.when}
        for pattern in rule.when:
            sent = types[pattern.alias]
            for one in pattern.conditions:
                if isinstance(one.value, tuple):
                    listed = one.field, frozenset(one.value)
                    sent.flags.setdefault(listed, f"i{len(sent.flags)}")
                    continue
                sent.fields.setdefault(one.field, f"c{len(sent.fields)}")
                if isinstance(one.value, Ref):
                    other = types[one.value.alias].fields
                    other.setdefault(one.value.field, f"c{len(other)}")

    def type_number(self, type_: str) -> int:
        return self._sent[type_].number

    def field(self, type_: str, field: str) -> str:
        return self._sent[type_].fields[field]

    def flag(self, type_: str, field: str, values: Iterable[Scalar]) -> str:
        """The field that is 1 where `field` is one of the values: the engine's `or` is not safe."""
        return self._sent[type_].flags[field, frozenset(values)]

    def constant(self, value: Scalar) -> int:
        return self._texts.number_constant(value) if isinstance(value, str) else int(value)

    def begin(self, given: Iterable[Record]) -> "FactEncoder":
        """For one inference: whatever text comes up in it is given, or a constant."""
        texts = (value for record in given for value in record.key if isinstance(value, str))
        return FactEncoder(self._sent, self._positions, self._texts.number_all(texts))


class FactEncoder:
    """Writes the facts of one inference as the engine reads them."""

    def __init__(
        self,
        sent: Mapping[str, _SentType],
        positions: Mapping[str, Mapping[str, int]],
        numbers: Mapping[str, int],
    ) -> None:
        self._sent = sent
        self._positions = positions
        self._numbers = numbers

    def encode(self, record: Record, identity: int) -> str:
        """JSON. Only for types that rules look at."""
        sent = self._sent[record.fact.type]
        key, positions = record.key, self._positions[record.fact.type]
        parts = [f'{{"id":"f{identity}","{TYPE}":{sent.number},"{ONE}":1']
        for name, short in sent.fields.items():
            value = key[positions[name]]
            if value is not MISSING:
                number = self._numbers[value] if isinstance(value, str) else int(value)
                parts.append(f'"{short}":{number}')
        for (name, values), short in sent.flags.items():
            if key[positions[name]] in values:
                parts.append(f'"{short}":1')
        return ",".join(parts) + "}"


def encode_go(level: int) -> str:
    """The control fact that lets the absent patterns of a level be asked; -1 at creation only."""
    return f'{{"id":"g{level}","{TYPE}":{GO},"{ONE}":1,"{LEVEL}":{level}}}'


def _constants_of(rule: Rule) -> Iterator[Scalar]:
    for pattern in rule.when:
        for one in pattern.conditions:
            if isinstance(one.value, tuple):
                yield from one.value
            elif not isinstance(one.value, Ref):
                yield one.value
    for value in rule.then.fields.values():
        if not isinstance(value, Ref):
            yield value
