"""Levels: which rule must be quiet before another may trust that something is absent."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final

from . import limits
from .model import Condition, Derivation, Pattern, Ref, Rule
from .problems import Problem

COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "is": eq,
    "not": ne,
    "below": lt,
    "at_most": le,
    "above": gt,
    "at_least": ge,
}


_Reader = tuple[int, int, Pattern]


@dataclass(frozen=True, slots=True)
class _Feed:
    """What one rule derives may fill this pattern of that rule."""

    target: int
    pattern: int
    absent: bool


def assign_levels(rules: Sequence[Rule]) -> list[int]:
    """The level of each rule, from 0: above all that feed it, but one for each positive cycle."""
    feeds = _find_feeds(rules)
    component = _components(feeds)
    levels: dict[int, int] = defaultdict(int)
    # Tarjan numbers a component after all it reaches: the feeding ones have higher numbers.
    for source in sorted(range(len(rules)), key=lambda rule: -component[rule]):
        for feed in feeds[source]:
            mine, other = component[source], component[feed.target]
            if mine != other:
                levels[other] = max(levels[other], levels[mine] + 1)
    return [levels[component[rule]] for rule in range(len(rules))]


def find_cycles(rules: Sequence[Rule]) -> Iterator[Problem]:
    """A rule-cycle for each absent pattern that the rule's own conclusions may come to fill.

    Also the one excess that only levels show: more of them with absent patterns than can be told
    apart.
    """
    feeds = _find_feeds(rules)
    component = _components(feeds)
    reported: set[tuple[int, int]] = set()
    for source, outgoing in enumerate(feeds):
        for feed in outgoing:
            place = (feed.target, feed.pattern)
            cyclic = feed.absent and component[source] == component[feed.target]
            if cyclic and place not in reported:
                reported.add(place)
                yield _describe_cycle(rules, _path(feeds, feed.target, source), feed)
    if not reported:
        yield from _find_too_many_levels(rules, assign_levels(rules))


def _find_feeds(rules: Sequence[Rule]) -> list[list[_Feed]]:
    readers = _Readers(rules)
    return [
        [
            _Feed(number, place, pattern.absent)
            for number, place, pattern in readers.candidates(rule.then)
            if _could_fill(rule.then, pattern)
        ]
        for rule in rules
    ]


class _Readers:
    """The patterns by type and, where one has it, by a constant that a field must equal.

    Only an index: most rules read one named conclusion out of hundreds of the same type.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._open: dict[str, list[_Reader]] = defaultdict(list)
        self._named: dict[str, dict[str, dict[object, list[_Reader]]]] = defaultdict(dict)
        for number, rule in enumerate(rules):
            for place, pattern in enumerate(rule.when):
                self._file(pattern).append((number, place, pattern))

    def _file(self, pattern: Pattern) -> list[_Reader]:
        for one in pattern.conditions:
            if one.op == "is" and not isinstance(one.value, Ref):
                by_value = self._named[pattern.type].setdefault(one.field, {})
                return by_value.setdefault(one.value, [])
        return self._open[pattern.type]

    def candidates(self, derived: Derivation) -> Iterator[_Reader]:
        yield from self._open.get(derived.type, ())
        for field, by_value in self._named.get(derived.type, {}).items():
            value = derived.fields.get(field)
            if isinstance(value, Ref):
                yield from chain.from_iterable(by_value.values())
            elif value is not None:
                yield from by_value.get(value, ())


def _could_fill(derived: Derivation, pattern: Pattern) -> bool:
    return all(_could_hold(derived, pattern.alias, one) for one in pattern.conditions)


def _could_hold(derived: Derivation, alias: str, condition: Condition) -> bool:
    """False only where constants rule it out; a copied field may have any value."""
    left = derived.fields.get(condition.field)
    if left is None:
        return False
    right: object = condition.value
    if isinstance(right, Ref) and right.alias == alias:
        right = derived.fields.get(right.field)
        if right is None:
            return False
    if isinstance(left, Ref) or isinstance(right, Ref):
        return True
    if isinstance(right, tuple):
        return left in right
    return COMPARE[condition.op](left, right)


def _components(feeds: Sequence[Sequence[_Feed]]) -> list[int]:
    """Strongly connected components (Tarjan 1972), without recursion: chains may be long."""
    index: list[int | None] = [None] * len(feeds)
    low = [0] * len(feeds)
    component = [-1] * len(feeds)
    stack: list[int] = []
    count = found = 0
    for root in range(len(feeds)):
        walk = [(root, 0)] if index[root] is None else []
        while walk:
            node, place = walk.pop()
            if place == 0:
                index[node] = low[node] = count
                count += 1
                stack.append(node)
            if place < len(feeds[node]):
                walk.append((node, place + 1))
                target = feeds[node][place].target
                number = index[target]
                if number is None:
                    walk.append((target, 0))
                elif component[target] < 0:
                    low[node] = min(low[node], number)
                continue
            if low[node] == index[node]:
                while component[node] < 0:
                    component[stack.pop()] = found
                found += 1
            if walk:
                low[walk[-1][0]] = min(low[walk[-1][0]], low[node])
    return component


def _path(feeds: Sequence[Sequence[_Feed]], start: int, end: int) -> list[int]:
    """The shortest way along the feeds, both ends included."""
    came: dict[int, int] = {start: start}
    queue = deque([start])
    while end not in came:
        node = queue.popleft()
        for feed in feeds[node]:
            if feed.target not in came:
                came[feed.target] = node
                queue.append(feed.target)
    path = [end]
    while path[-1] != start:
        path.append(came[path[-1]])
    return path[::-1]


def _describe_cycle(rules: Sequence[Rule], path: Sequence[int], feed: _Feed) -> Problem:
    rule = rules[feed.target]
    type_ = rule.when[feed.pattern].type
    way = " → ".join(rules[number].id for number in (*path, path[0]))
    return Problem(
        "rule-cycle",
        rule.id,
        ("when", feed.pattern),
        f"规则要求没有“{type_}”，而它的结论又会引出“{type_}”：{way}。",
        f"The rule needs “{type_}” to be absent, yet its conclusion leads to one: {way}.",
        "请去掉其中一环，或让“没有”的条件只看申请时给出的事实。",
        "Break the cycle, or let the absent pattern look at given facts only.",
    )


def _find_too_many_levels(rules: Sequence[Rule], levels: Sequence[int]) -> Iterator[Problem]:
    first: Mapping[int, int] = {
        level: number
        for number, level in reversed(list(enumerate(levels)))
        if any(pattern.absent for pattern in rules[number].when)
    }
    if len(first) > limits.GO_LEVELS:
        number = first[sorted(first)[limits.GO_LEVELS]]
        yield Problem(
            "rule-too-many-levels",
            rules[number].id,
            ("when",),
            f"“没有”的条件一层套一层，超过 {limits.GO_LEVELS} 层。",
            f"Absent patterns rest on one another more than {limits.GO_LEVELS} levels deep.",
            "请减少中间结论的层数。",
            "Use fewer intermediate conclusions.",
        )
