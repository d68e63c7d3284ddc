"""Laws as a decision shows them: in words, and whether they were checked against their text."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.definitions import Basis


@dataclass(frozen=True, slots=True)
class Cited:
    """`is_verified` only where there is a law and every one was checked."""

    texts: tuple[str, ...] = ()
    is_verified: bool = False


def cite(bases: Iterable[Basis]) -> Cited:
    bases = tuple(bases)
    return Cited(tuple(map(str, bases)), bool(bases) and all(b.verified for b in bases))
