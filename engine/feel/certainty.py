"""Equality and membership where a null is a value not yet known, at whatever depth it stands.

True is surely equal, False surely different whatever the nulls turn out to be, None is open.
"""

from collections.abc import Iterable
from typing import Final

from .comparison import DIRECT, any_of, compare, contains, equal, ordered
from .effort import spend
from .values import Range, Value, kind_of

_PLAIN: Final = DIRECT | {bool}  # by far the commonest


def is_open(value: Value) -> bool:
    """Whether a null stands in the value, or is it."""
    if value is None:
        return True
    if isinstance(value, list | dict):
        spend(len(value))
        return any(map(is_open, value.values() if isinstance(value, dict) else value))
    if isinstance(value, Range):
        return any(map(is_open, _ends(value)))
    return False


def _ends(span: Range) -> tuple[Value, ...]:
    """The ends a range has: a half line has one."""
    if span.form == "interval":
        return span.low, span.high
    return (span.high,) if span.form in ("<", "<=") else (span.low,)


def alike(left: Value, right: Value) -> bool | None:
    """Equality, where unlike kinds are simply different; None while a null could decide it."""
    if left is None or right is None:
        return None
    if type(left) is type(right) and type(left) in _PLAIN:
        return left == right
    if kind_of(left) != kind_of(right):
        return False
    if isinstance(left, list) and isinstance(right, list):
        spend(len(left))
        same_length = len(left) == len(right)
        return same_length and all_of(map(alike, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        spend(len(left))
        # An entry that is missing is not known to be different from one that is there.
        keys = [*left, *(key for key in right if key not in left)]
        return all_of(alike(left.get(key), right.get(key)) for key in keys)
    if isinstance(left, Range) and isinstance(right, Range):
        shape = (left.form, left.low_closed, left.high_closed)
        same_shape = shape == (right.form, right.low_closed, right.high_closed)
        return same_shape and all_of(map(alike, _ends(left), _ends(right)))
    return equal(left, right) is True


def all_of(values: Iterable[bool | None]) -> bool | None:
    """Kleene's and over many, stopping at the first false."""
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True


def compare_known(sign: str, left: Value, right: Value) -> bool | None:
    """One of the six comparisons between values that must be known; unlike kinds give None."""
    if left is None or right is None:
        return None
    if type(left) is type(right) and type(left) in _PLAIN and sign == "=":
        return left == right
    if sign not in ("=", "!="):
        return ordered(sign, left, right)
    if not isinstance(left, list | dict | Range) or kind_of(left) != kind_of(right):
        return compare(sign, left, right)
    same = alike(left, right)
    return None if same is None else same is (sign == "=")


def passes_known(value: Value, test: Value) -> bool | None:
    """`value in test`: in the range, in the list, or equal; None while a null could decide it."""
    if value is None or test is None:
        return None
    if isinstance(test, Range) and not isinstance(value, Range):
        return _in_range(test, value)
    if isinstance(test, list):
        spend(len(test))
        whole = alike(value, test)
        return True if whole else any_of((whole, *(_is_member(value, one) for one in test)))
    return compare_known("=", value, test)


def _is_member(value: Value, member: Value) -> bool | None:
    if isinstance(member, Range) and not isinstance(value, Range):
        return _in_range(member, value)
    return alike(value, member)


def _in_range(span: Range, value: Value) -> bool | None:
    if span.form in ("=", "!="):
        return compare_known(span.form, value, span.low)
    return contains(span, value)
