"""What goes into the room and what comes out of it: frozen values, no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.feel.frozen_values import frozen

Kind = Literal["text", "integer", "boolean"]
Schema = Mapping[str, Mapping[str, Kind]]
Scalar = str | int | bool
Operator = Literal["is", "not", "below", "at_most", "above", "at_least", "in"]


@dataclass(frozen=True, slots=True)
class Ref:
    """A field of another pattern's fact, or of the pattern's own fact when `alias` is its own."""

    alias: str
    field: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. It holds only where both sides are present: `not` is no test for absence.

    Text is ordered by code point, so ISO dates order as dates. `in` takes a tuple of constants.
    """

    field: str
    op: Operator
    value: Scalar | Ref | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One fact of a type that meets every condition or, if `absent`, that no such other fact is.

    One fact never fills two patterns of a rule, and never counts as the absent one of a rule it
    fills. A present pattern's fact must have every field that the rule compares, in its absent
    patterns too: what is not known of an applicant proves nothing about what he lacks.
    """

    type: str
    alias: str
    conditions: tuple[Condition, ...] = ()
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Derivation:
    """The fact a rule concludes: constants, and fields copied (a missing one stays missing)."""

    type: str
    fields: Mapping[str, Scalar | Ref]


@dataclass(frozen=True, slots=True)
class Rule:
    """`priority` orders what is reported: lower first. It never changes what is concluded."""

    id: str
    when: tuple[Pattern, ...]
    then: Derivation
    priority: int = 100


@frozen
class Fact:
    """A fact; None is a missing field. Results leave those out and keep the schema's order."""

    type: str
    fields: Mapping[str, Scalar | None]


@frozen
class Firing:
    """Why something was concluded. `matched` is by alias in the rule's order, `absent` by alias.

    `level` counts from 0; what a firing rests on has a lower one, save within a positive cycle.
    """

    rule: str
    matched: Mapping[str, Fact]
    absent: tuple[str, ...]
    derived: Fact
    level: int


@dataclass(frozen=True, slots=True)
class Inference:
    """Firings by (level, priority, place of the rule, matched facts); each derived fact once."""

    firings: tuple[Firing, ...]
    derived: tuple[Fact, ...]
