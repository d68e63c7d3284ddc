"""Conclusion rules as formulas: when each fires, over everything that a decision tells them.

What registers hold (licences, credit records, differences) may be anything and any number of it: a
rule that asks for them fires freely, within what its other patterns ask. In a plain world no
register answers, and every rule is exact.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import z3

from engine.decision.concluding import AuthoredRule, to_rule
from engine.inference.model import Condition, Pattern, Ref, Rule
from engine.inference.strata import COMPARE, assign_levels
from engine.proof.encoding import Encoding, NotEncodable, Outside
from engine.proof.terms import NO, YES, Formula, Term, both, either, opposite, term_of

# What only registers tell.
REGISTERED: Final = ("证照", "信用", "查询", "差异")
_MOST_MATCHES: Final = 5000


@dataclass(frozen=True, slots=True)
class Options:
    """A field that has one of several values, each where its condition holds."""

    by_value: Mapping[str, Formula]


Entry: TypeAlias = "str | int | bool | Options | Term | None"


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that rules may match, there where its condition holds."""

    type: str
    present: Formula
    fields: Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class _Match:
    present: Formula
    aliases: Mapping[str, Told] = field(default_factory=dict)


class RuleTerms:
    """The firings of one phase's rules over what is told."""

    def __init__(
        self, encoding: Encoding, rules: Sequence[AuthoredRule], told: Sequence[Told], plain: bool
    ) -> None:
        self.encoding, self.plain = encoding, plain
        self.told = list(told)
        self.authored = {rule.id: rule for rule in rules}
        self.fired: dict[str, Formula] = {}
        compiled = [to_rule(rule) for rule in rules]
        levels = assign_levels(compiled)
        places = sorted(range(len(compiled)), key=lambda place: (levels[place], place))
        for level in sorted(set(levels)):
            derived = [d for p in places if levels[p] == level for d in self._fire(compiled[p])]
            self._refuse_cycles([compiled[p] for p in places if levels[p] == level], derived)
            self.told += derived

    def _refuse_cycles(self, rules: Sequence[Rule], derived: Sequence[Told]) -> None:
        """Rules of one level that feed each other would need a fixed point."""
        kinds = {told.type for told in derived}
        for rule in rules:
            for pattern in rule.when:
                if pattern.type in kinds and any(
                    not z3.is_false(self._fits(pattern, told, {}))
                    for told in derived
                    if told.type == pattern.type
                ):
                    raise NotEncodable

    def _fire(self, rule: Rule) -> list[Told]:
        open_aliases = frozenset(
            p.alias for p in rule.when if p.type in REGISTERED and not self.plain
        )
        free: Formula = YES
        if open_aliases:
            free = z3.Bool(f"规则 {rule.id}")
            title = self.authored[rule.id].rule.title or rule.id
            self.encoding.outside.setdefault(
                ("rule", rule.id),
                Outside(f"结论规则“{title}”", Term("boolean", YES, free), None, {}),
            )
        patterns = [p for p in rule.when if p.alias not in open_aliases]
        needed = _fields_needed(rule)
        matches = list(self._matches(patterns, needed, open_aliases))
        if len(matches) > _MOST_MATCHES:
            raise NotEncodable
        self.fired[rule.id] = both(free, either(*(match.present for match in matches)))
        return [self._derived(rule, match, free) for match in matches]

    def _derived(self, rule: Rule, match: _Match, free: Formula) -> Told:
        fields: dict[str, Entry] = {}
        for name, value in rule.then.fields.items():
            if not isinstance(value, Ref):
                fields[name] = value
            elif value.alias in match.aliases:
                fields[name] = match.aliases[value.alias].fields.get(value.field)
            else:
                fields[name] = self.encoding.variable(f"规则 {rule.id}.{name}", "text")
        return Told(rule.then.type, both(free, match.present), fields)

    def _matches(
        self, patterns: Sequence[Pattern], needed: Mapping[str, set[str]], ignored: frozenset[str]
    ) -> Iterator[_Match]:
        found = [_Match(YES)]
        for pattern in (p for p in patterns if not p.absent):
            found = [
                longer
                for match in found
                for longer in self._longer(match, pattern, needed, ignored)
            ]
        for match in found:
            against = [
                opposite(either(*self._fillers(match, pattern, ignored)))
                for pattern in patterns
                if pattern.absent
            ]
            # A condition may speak of a pattern that stands after its own.
            whole = [
                self._fits(pattern, match.aliases[pattern.alias], match.aliases, ignored)
                for pattern in patterns
                if not pattern.absent
            ]
            present = both(match.present, *whole, *against)
            if not z3.is_false(present):
                yield _Match(present, match.aliases)

    def _longer(
        self,
        match: _Match,
        pattern: Pattern,
        needed: Mapping[str, set[str]],
        ignored: frozenset[str],
    ) -> Iterator[_Match]:
        for told in self._others(match, pattern):
            aliases = {**match.aliases, pattern.alias: told}
            has = [_is_there(told.fields.get(name)) for name in needed.get(pattern.alias, ())]
            fits = self._fits(pattern, told, aliases, ignored)
            present = both(match.present, told.present, fits, *has)
            if not z3.is_false(present):
                yield _Match(present, aliases)

    def _fillers(
        self, match: _Match, pattern: Pattern, ignored: frozenset[str]
    ) -> Iterator[Formula]:
        for told in self._others(match, pattern):
            aliases = {**match.aliases, pattern.alias: told}
            yield both(told.present, self._fits(pattern, told, aliases, ignored))

    def _others(self, match: _Match, pattern: Pattern) -> Iterator[Told]:
        used = [id(told) for told in match.aliases.values()]
        return (t for t in self.told if t.type == pattern.type and id(t) not in used)

    def _fits(
        self,
        pattern: Pattern,
        told: Told,
        aliases: Mapping[str, Told],
        ignored: frozenset[str] = frozenset(),
    ) -> Formula:
        parts = []
        for condition in pattern.conditions:
            value = condition.value
            if isinstance(value, Ref) and value.alias in ignored:
                continue
            left = told.fields.get(condition.field)
            if isinstance(value, Ref):
                other = aliases.get(value.alias)
                right = other.fields.get(value.field) if other else None
                if other is None:
                    continue  # weighed once the other pattern is matched, or only over kinds
                parts.append(self._holds(condition, left, right))
            else:
                parts.append(self._holds(condition, left, value))
        return both(*parts)

    def _holds(self, condition: Condition, left: Entry, right: object) -> Formula:
        if left is None or right is None:
            return NO
        if isinstance(left, Options):
            return either(
                *(both(c, self._holds(condition, v, right)) for v, c in left.by_value.items())
            )
        if isinstance(right, Options):
            return either(
                *(both(c, self._holds(condition, left, v)) for v, c in right.by_value.items())
            )
        if condition.op == "in":
            assert isinstance(right, tuple)
            return either(*(self._compare("is", left, one) for one in right))
        return self._compare(condition.op, left, right)

    def _compare(self, op: str, left: Entry, right: object) -> Formula:
        if not isinstance(left, Term) and not isinstance(right, Term):
            same_kind = isinstance(left, bool) == isinstance(right, bool)
            return z3.BoolVal(bool(same_kind and COMPARE[op](left, right)))
        one, other = self._as_term(left), self._as_term(right)
        if op not in ("is", "not") or one.kind != other.kind:
            raise NotEncodable
        same = one.value == other.value
        return both(one.known, other.known, same if op == "is" else opposite(same))

    def _as_term(self, value: object) -> Term:
        return value if isinstance(value, Term) else term_of(value, self.encoding.vocabulary)


def _is_there(entry: Entry) -> Formula:
    if isinstance(entry, Term):
        return entry.known
    return z3.BoolVal(entry is not None)


def _fields_needed(rule: Rule) -> dict[str, set[str]]:
    """By alias, the fields that some condition of the rule compares with."""
    needed: dict[str, set[str]] = {}
    for pattern in rule.when:
        for condition in pattern.conditions:
            if isinstance(condition.value, Ref):
                needed.setdefault(condition.value.alias, set()).add(condition.value.field)
    return needed
