"""What conclusion rules come to, over a whole population: asked of the rules themselves.

Rules see an application as facts. Which facts are there is a handful of yes and no (some criterion
failed that rejects, some material is missing …); for each combination of these the real rules are
run once, and the answers stand as a tree of conditions. No rule is translated.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import ibis

from engine.decision.concluding import Conclusions, to_rule
from engine.inference import Condition, Fact, Pattern, Ref, Rule
from engine.population.terms import NotTranslatable, opposite

# What only registers say; a population asks none.
ABSENT = frozenset({"证照", "信用", "查询", "差异"})
_MOST_BITS = 12


@dataclass(frozen=True)
class Possible:
    """A fact that rules may see where `condition` holds; everywhere, without one."""

    fact: Fact
    condition: Any = None


@dataclass(frozen=True)
class Varying:
    """A field of a fact that is a text or yes/no of each row."""

    expr: Any
    is_text: bool


@dataclass(frozen=True)
class _Bit:
    fact: Fact
    conditions: list[Any] = field(default_factory=list)
    is_sure: bool = False

    @property
    def expr(self) -> Any:
        whole = self.conditions[0]
        for condition in self.conditions[1:]:
            whole = whole | condition
        return whole.fill_null(False)


class Patterns:
    """The patterns of the rules that could fire without any register."""

    def __init__(self, conclusions: Conclusions) -> None:
        rules = [to_rule(authored) for authored in conclusions.authored.values()]
        self.rules = [rule for rule in rules if _could_fire(rule)]
        self._titles = {i: a.rule.title or a.rule.rule for i, a in conclusions.authored.items()}
        self.by_type: dict[str, list[Pattern]] = {}
        for rule in self.rules:
            for pattern in rule.when:
                self.by_type.setdefault(pattern.type, []).append(pattern)
        self._apart = {kind for rule in self.rules for kind in _told_apart(rule)}

    def constants(self, kind: str, name: str) -> list[Any]:
        """What patterns compare a field with.

        A join with what only registers say compares with nothing: there it only matters whether
        the field is known. Raises NotTranslatable, with the rule's title, for an order or a join.
        """
        found: dict[Any, None] = {}
        for rule in self.rules:
            if _refers(rule, kind, name, _answered(rule)):
                raise NotTranslatable(self._titles[rule.id])
            for pattern in (p for p in rule.when if p.type == kind):
                for condition in (c for c in pattern.conditions if c.field == name):
                    if not isinstance(condition.value, Ref):
                        found |= dict.fromkeys(self._compared(rule, condition))
        return list(found)

    def _compared(self, rule: Rule, condition: Condition) -> Sequence[Any]:
        if condition.op not in ("is", "not", "in"):
            raise NotTranslatable(self._titles[rule.id])
        is_many = isinstance(condition.value, list | tuple)
        return condition.value if is_many else (condition.value,)  # type: ignore[return-value]

    def mentions(self, kind: str, name: str) -> bool:
        patterns = self.by_type.get(kind, ())
        return any(c.field == name for p in patterns for c in p.conditions) or any(
            _refers(rule, kind, name, rule.when) for rule in self.rules
        )

    def class_of(self, fact: Fact) -> Hashable | None:
        """Facts of one class are the same to every rule; None is no rule's concern."""
        patterns = self.by_type.get(fact.type, ())
        vector = tuple(_matches(pattern, fact) for pattern in patterns)
        if not any(vector):
            return None
        if fact.type in self._apart:
            return fact.type, tuple(sorted((k, str(v)) for k, v in fact.fields.items()))
        return fact.type, vector


def _could_fire(rule: Rule) -> bool:
    return not any(pattern.type in ABSENT and not pattern.absent for pattern in rule.when)


def _told_apart(rule: Rule) -> Iterator[str]:
    """Types of which a rule may want two facts at once, or joins by a field."""
    kinds = [pattern.type for pattern in rule.when]
    yield from (kind for kind in kinds if kinds.count(kind) > 1)
    aliases = {pattern.alias: pattern.type for pattern in rule.when}
    for pattern in rule.when:
        for condition in pattern.conditions:
            if isinstance(condition.value, Ref):
                yield pattern.type
                yield aliases[condition.value.alias]


def _answered(rule: Rule) -> list[Pattern]:
    """The patterns that some fact may match: of what only registers say there is none."""
    return [pattern for pattern in rule.when if pattern.type not in ABSENT]


def _refers(rule: Rule, kind: str, name: str, joining: Iterable[Pattern]) -> bool:
    """Whether a join of these patterns reads the field; a finding's subject is read by none."""
    aliases = {pattern.alias for pattern in rule.when if pattern.type == kind}
    for pattern in joining:
        for condition in pattern.conditions:
            if isinstance(condition.value, Ref):
                own = pattern.type == kind and condition.field == name
                other = condition.value.alias in aliases and condition.value.field == name
                if own or other:
                    return True
    return False


def _matches(pattern: Pattern, fact: Fact) -> bool:
    return all(
        isinstance(condition.value, Ref) or _holds(condition, fact.fields.get(condition.field))
        for condition in pattern.conditions
    )


def _holds(condition: Condition, value: Any) -> bool:
    if value is None:
        return False
    wanted: Any = condition.value
    compared: dict[str, Callable[[], bool]] = {
        "is": lambda: value == wanted,
        "not": lambda: value != wanted,
        "in": lambda: value in wanted,
        "below": lambda: value < wanted,
        "at_most": lambda: value <= wanted,
        "above": lambda: value > wanted,
        "at_least": lambda: value >= wanted,
    }
    return compared[condition.op]()


def alternatives(patterns: Patterns, fact: Fact, varying: dict[str, Varying]) -> Iterator[Possible]:
    """The forms that a fact with varying fields takes, told apart only as far as rules do."""
    forms: list[tuple[dict[str, Any], list[Any]]] = [({}, [])]
    for name, field_ in varying.items():
        if not patterns.mentions(fact.type, name):
            forms = [({**values, name: None}, conditions) for values, conditions in forms]
            continue
        options = list(_options(patterns.constants(fact.type, name), field_))
        forms = [
            ({**values, name: value}, [*conditions, condition])
            for values, conditions in forms
            for condition, value in options
        ]
    for values, conditions in forms:
        whole = None
        for condition in conditions:
            whole = condition if whole is None else whole & condition
        yield Possible(Fact(fact.type, {**fact.fields, **values}), whole)


def _options(constants: list[Any], field_: Varying) -> Iterator[tuple[Any, Any]]:
    expr = field_.expr
    yield expr.isnull(), None
    if not field_.is_text:
        yield expr, True
        yield opposite(expr), False
        return
    for value in constants:
        yield expr == value, value
    # Any other text: the rules cannot tell which.
    other = "\u0001"
    yield (expr.notnull() & opposite(expr.isin(constants)) if constants else expr.notnull()), other


def decided(
    patterns: Patterns,
    possible: Iterable[Possible],
    conclude: Callable[[list[Fact]], int],
    ask: Callable[[dict[str, Any], Callable[[Sequence[bool]], int]], Any],
) -> Any:
    """The conclusion's number for each row. `ask` looks up what has too many combinations."""
    bits: dict[Hashable, _Bit] = {}
    sure: dict[Hashable, Fact] = {}
    for one in possible:
        kind = patterns.class_of(one.fact)
        if kind is None:
            continue
        if one.condition is None:
            sure.setdefault(kind, one.fact)
        else:
            bits.setdefault(kind, _Bit(one.fact)).conditions.append(one.condition)
    open_bits = [bit for kind, bit in bits.items() if kind not in sure]
    always = list(sure.values())

    def answer(present: Sequence[bool]) -> int:
        chosen = [bit.fact for bit, there in zip(open_bits, present, strict=True) if there]
        return conclude([*always, *chosen])

    if len(open_bits) > _MOST_BITS:
        return ask({f"bit_{n}": bit.expr for n, bit in enumerate(open_bits)}, answer)
    return _as_cases(_tree(len(open_bits), (), answer), open_bits).cast("int8")


# A number, or a bit's place with the trees for its being there and not.
_Decided: TypeAlias = "int | tuple[int, _Decided, _Decided]"


def _tree(count: int, present: tuple[bool, ...], answer: Callable[[Any], int]) -> _Decided:
    if len(present) == count:
        return answer(present)
    there = _tree(count, (*present, True), answer)
    absent = _tree(count, (*present, False), answer)
    return there if there == absent else (len(present), there, absent)


def _as_cases(tree: _Decided, bits: list[_Bit]) -> Any:
    if isinstance(tree, int):
        return ibis.literal(tree, "int8")
    place, there, absent = tree
    return ibis.cases((bits[place].expr, _as_cases(there, bits)), else_=_as_cases(absent, bits))
