"""The oracle of `engine.inference`: forward chaining by trying every combination of facts.

It knows no levels. Absence is read by the well-founded semantics (Van Gelder 1993): conclusions
with absence asked of too few facts, then of too many, in turn, until both agree. For rules that
can be levelled they do agree, on the model that levels give.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from engine.inference import Condition, Derivation, Fact, Pattern, Ref, Rule, Scalar

Frozen = tuple[str, frozenset[tuple[str, Scalar]]]
Conclusion = tuple[str, tuple[tuple[str, Frozen], ...], Frozen]


class Undecided(Exception):
    """The rules hold a conclusion and its absence at once."""


def freeze(fact: Fact) -> Frozen:
    present = ((name, value) for name, value in fact.fields.items() if value is not None)
    return fact.type, frozenset(present)


def conclude(rules: Sequence[Rule], facts: Iterable[Fact]) -> set[Conclusion]:
    """Every firing: rule, matched fact by alias, derived fact."""
    given = {freeze(fact) for fact in facts}
    certain: set[Frozen] = set()
    while True:
        possible = _closure(rules, given, certain)
        next_certain = _closure(rules, given, possible)
        if next_certain == certain:
            break
        certain = next_certain
    if certain != possible:
        raise Undecided
    return set(_fire(rules, certain, certain))


def _closure(rules: Sequence[Rule], given: set[Frozen], believed: set[Frozen]) -> set[Frozen]:
    known = set(given)
    while True:
        more = {derived for _, _, derived in _fire(rules, known, believed)} - known
        if not more:
            return known
        known |= more


def _fire(rules: Sequence[Rule], known: set[Frozen], believed: set[Frozen]) -> Iterator[Conclusion]:
    for rule in rules:
        present = [pattern for pattern in rule.when if not pattern.absent]
        absent = [pattern for pattern in rule.when if pattern.absent]
        for combination in product(*([f for f in known if f[0] == p.type] for p in present)):
            if len(set(combination)) < len(combination):
                continue
            bound = dict(zip((p.alias for p in present), combination, strict=True))
            if not _has_all_compared(rule, bound):
                continue
            others = believed - set(combination)
            if all(_fits(p, bound[p.alias], bound) for p in present) and not any(
                _fits(p, fact, {**bound, p.alias: fact}) for p in absent for fact in others
            ):
                yield rule.id, tuple(bound.items()), _derive(rule.then, bound)


def _has_all_compared(rule: Rule, bound: Mapping[str, Frozen]) -> bool:
    """What is not known of a bound fact proves nothing, not even that another fact is absent."""
    return all(
        one.value.field in dict(bound[one.value.alias][1])
        for pattern in rule.when
        for one in pattern.conditions
        if isinstance(one.value, Ref) and one.value.alias in bound
    )


def _fits(pattern: Pattern, fact: Frozen, bound: Mapping[str, Frozen]) -> bool:
    fields = dict(fact[1])
    return fact[0] == pattern.type and all(
        _holds(one, fields.get(one.field), bound) for one in pattern.conditions
    )


def _holds(one: Condition, left: Scalar | None, bound: Mapping[str, Frozen]) -> bool:
    right: object = one.value
    if isinstance(right, Ref):
        right = dict(bound[right.alias][1]).get(right.field)
    if left is None or right is None:
        return False
    if isinstance(right, tuple):
        return any(left == item for item in right)
    assert isinstance(right, str | int)
    order = _order(left, right)
    return {
        "is": order == 0,
        "not": order != 0,
        "below": order < 0,
        "at_most": order <= 0,
        "above": order > 0,
        "at_least": order >= 0,
    }[one.op]


def _order(left: Scalar, right: Scalar) -> int:
    if isinstance(left, str) and isinstance(right, str):
        # UTF-8 keeps the order of code points.
        a, b = left.encode("utf-8", "surrogatepass"), right.encode("utf-8", "surrogatepass")
        return (a > b) - (a < b)
    assert type(left) is type(right)
    assert isinstance(left, int)
    assert isinstance(right, int)
    return (left > right) - (left < right)


def _derive(then: Derivation, bound: Mapping[str, Frozen]) -> Frozen:
    fields: dict[str, Scalar] = {}
    for name, value in then.fields.items():
        copied = dict(bound[value.alias][1]).get(value.field) if isinstance(value, Ref) else value
        if copied is not None:
            fields[name] = copied
    return then.type, frozenset(fields.items())
