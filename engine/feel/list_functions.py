"""Built-in functions on lists (DMN 1.5, 10.3.4.4 and 10.3.4.10)."""

import decimal
import functools
from collections.abc import Iterable
from decimal import Decimal

from .comparison import order_key, ordered, same
from .effort import Run, spend
from .numbers import CONTEXT, exact
from .registry import builtin
from .values import Function, Value

Items = list[Value]


@builtin("list contains", "list: list, element: Any")
def list_contains(items: Items, element: Value) -> Value:
    return any(same(item, element) for item in items)


@builtin("count", "list: list")
def count(items: Items) -> Value:
    return Decimal(len(items))


def _spread(first: Value, rest: tuple[Value, ...]) -> Items:
    """`f(list)` and `f(a, b, c)` are two ways to give one list."""
    if rest:
        return [first, *rest]
    return first if isinstance(first, list) else [first]


@builtin("min", "list: Any, rest*: Any")
def least(first: Value, *rest: Value) -> Value:
    return _extreme(_spread(first, rest), "<")


@builtin("max", "list: Any, rest*: Any")
def greatest(first: Value, *rest: Value) -> Value:
    return _extreme(_spread(first, rest), ">")


def _extreme(items: Items, sign: str) -> Value:
    """The first that beats all before it; null for an empty list or unlike kinds."""
    if not items or order_key(items[0]) is None:
        return None
    best = items[0]
    for item in items[1:]:
        better = ordered(sign, item, best)
        if better is None:
            return None
        best = item if better else best
    return best


def _numbers(items: Iterable[Value]) -> list[Decimal] | None:
    found = list(items)
    numbers = [item for item in found if isinstance(item, Decimal)]
    return numbers if numbers and len(numbers) == len(found) else None


@builtin("sum", "list: Any, rest*: Any")
def total(first: Value, *rest: Value) -> Value:
    numbers = _numbers(_spread(first, rest))
    return None if numbers is None else _sum(numbers)


def _sum(numbers: list[Decimal]) -> Decimal | None:
    return exact(lambda: functools.reduce(CONTEXT.add, numbers))


@builtin("mean", "list: Any, rest*: Any")
def mean(first: Value, *rest: Value) -> Value:
    numbers = _numbers(_spread(first, rest))
    summed = _sum(numbers) if numbers else None
    if summed is None or numbers is None:
        return None
    return exact(lambda: CONTEXT.divide(summed, Decimal(len(numbers))))


@builtin("product", "list: Any, rest*: Any")
def product(first: Value, *rest: Value) -> Value:
    numbers = _numbers(_spread(first, rest))
    if numbers is None:
        return None
    return exact(lambda: functools.reduce(CONTEXT.multiply, numbers))


@builtin("median", "list: Any, rest*: Any")
def median(first: Value, *rest: Value) -> Value:
    numbers = _numbers(_spread(first, rest))
    if numbers is None:
        return None
    numbers.sort()
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    low, high = numbers[middle - 1], numbers[middle]
    return exact(lambda: CONTEXT.divide(CONTEXT.add(low, high), Decimal(2)))


@builtin("stddev", "list: Any, rest*: Any")
def standard_deviation(first: Value, *rest: Value) -> Value:
    """Of a sample: the squares are divided by one less than their number."""
    numbers = _numbers(_spread(first, rest))
    if numbers is None or len(numbers) < 2:
        return None
    spend(len(numbers))
    return exact(lambda: _deviation(numbers))


def _deviation(numbers: list[Decimal]) -> Decimal:
    roomy = decimal.Context(prec=80, Emin=-20_000, Emax=20_000)
    middle = roomy.divide(functools.reduce(roomy.add, numbers), Decimal(len(numbers)))
    squares = [roomy.power(roomy.subtract(number, middle), 2) for number in numbers]
    spread = roomy.divide(functools.reduce(roomy.add, squares), Decimal(len(numbers) - 1))
    return CONTEXT.plus(roomy.sqrt(spread))


@builtin("mode", "list: Any, rest*: Any")
def mode(first: Value, *rest: Value) -> Value:
    """The most frequent numbers in ascending order; none for an empty list."""
    items = _spread(first, rest)
    numbers = _numbers(items)
    if numbers is None:
        return None if items else []
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values())
    return sorted(number for number, times in counts.items() if times == most)


@builtin("all", "list: Any, rest*: Any")
def every(first: Value, *rest: Value) -> Value:
    items = _spread(first, rest)
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@builtin("any", "list: Any, rest*: Any")
def some(first: Value, *rest: Value) -> Value:
    items = _spread(first, rest)
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


@builtin("not", "negand: Any")
def negation(negand: Value) -> Value:
    return not negand if isinstance(negand, bool) else None


@builtin("sublist", "list: list, start position: number, length?: number")
def sublist(items: Items, start: Decimal, length: Decimal | None = None) -> Value:
    begin = _index(items, start)
    if begin is None:
        return None
    if length is None:
        return items[begin:]
    end = begin + int(length)
    return items[begin:end] if length >= 1 and end <= len(items) else None


def _index(items: Items, position: Decimal) -> int | None:
    """A position counted from 1, or from the end where negative, as an index."""
    place = int(position)
    if place == 0 or abs(place) > len(items):
        return None
    return place - 1 if place > 0 else len(items) + place


@builtin("append", "list: list, item: Any, rest*: Any")
def append(items: Items, *more: Value) -> Value:
    return [*items, *more]


@builtin("concatenate", "list: list, rest*: list")
def concatenate(*lists: Items) -> Value:
    return [item for items in lists for item in items]


@builtin("insert before", "list: list, position: number, newItem: Any")
def insert_before(items: Items, position: Decimal, item: Value) -> Value:
    index = _index(items, position)
    return None if index is None else [*items[:index], item, *items[index:]]


@builtin("remove", "list: list, position: number")
def remove(items: Items, position: Decimal) -> Value:
    index = _index(items, position)
    return None if index is None else items[:index] + items[index + 1 :]


@builtin("list replace", "list: list, position: number, newItem: Any")
def replace_at(items: Items, position: Decimal, item: Value) -> Value:
    index = _index(items, position)
    return None if index is None else [*items[:index], item, *items[index + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: Any")
def replace_matching(items: Items, match: Function, item: Value) -> Value:
    if len(match.parameters) != 2:
        return None
    answers = [match.call(old, item) for old in items]
    if not all(isinstance(answer, bool) for answer in answers):
        return None
    return [item if answer else old for old, answer in zip(items, answers, strict=True)]


@builtin("reverse", "list: list")
def reverse(items: Items) -> Value:
    return items[::-1]


@builtin("index of", "list: list, match: Any")
def index_of(items: Items, match: Value) -> Value:
    return [Decimal(place) for place, item in enumerate(items, 1) if same(item, match)]


@builtin("distinct values", "list: list", needs_run=True)
def distinct_values(run: Run, items: Items) -> Value:
    """Each value once, where it first stood."""
    kept: Items = []
    plain: set[tuple[type, Value]] = set()
    for item in items:
        if isinstance(item, Decimal | str | bool | None):
            mark = (type(item), item)
            if mark in plain:
                continue
            plain.add(mark)
        else:
            run.spend(len(kept))
            if any(same(item, other) for other in kept):
                continue
        kept.append(item)
    return kept


@builtin("union", "list: list, rest*: list", needs_run=True)
def union(run: Run, *lists: Items) -> Value:
    return distinct_values(run, [item for items in lists for item in items])


@builtin("flatten", "list: list")
def flatten(items: Items) -> Value:
    spend(len(items))
    flat: Items = []
    for item in items:
        if isinstance(item, list):
            inner = flatten(item)
            assert isinstance(inner, list)
            flat.extend(inner)
        else:
            flat.append(item)
    return flat


@builtin("sort", "list: list, precedes?: function", needs_run=True)
def sort(run: Run, items: Items, precedes: Function | None = None) -> Value:
    """Stable; null where the function gives no boolean or the values have no order."""
    undecided = False

    def goes_first(left: Value, right: Value) -> bool:
        nonlocal undecided
        run.spend(1)
        answer = ordered("<", left, right) if precedes is None else precedes.call(left, right)
        undecided = undecided or not isinstance(answer, bool)
        return answer is True

    def order(left: Value, right: Value) -> int:
        return -1 if goes_first(left, right) else int(goes_first(right, left))

    arranged = sorted(items, key=functools.cmp_to_key(order))
    return None if undecided else arranged
