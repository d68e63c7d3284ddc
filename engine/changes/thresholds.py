"""A condition whose only change is one figure: which way it moved, and for whom."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Literal

from engine.feel import FeelSyntaxError, compile_expression, tree
from engine.feel.tree import (
    Argument,
    Between,
    Call,
    Comparison,
    In,
    Interval,
    Logic,
    Name,
    Node,
    Quantified,
)
from engine.prose.formulas import amount_of

Bound = Literal["lower", "upper"]
_LOWER, _UPPER = (">", ">="), ("<", "<=")
_TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


@dataclass(frozen=True, slots=True)
class Threshold:
    """One figure that changed. `name` is what it bounds, as written; `fact` its name if it is one.

    `bound` is the whole condition's: `not(年龄 < 18)` has a lower one. `demands_more` is None where
    the place of the comparison does not tell: inside an `if`, say.
    """

    name: str
    fact: str
    bound: Bound
    before: Decimal
    after: Decimal
    demands_more: bool | None


@dataclass(frozen=True, slots=True)
class _Pair:
    """The same place in two trees, and whether holding there helps the whole to hold."""

    before: Node
    after: Node
    helps: bool | None


def find_threshold(before: str, after: str) -> Threshold | None:
    """The one figure in which two conditions differ; None where they differ otherwise."""
    try:
        old, new = compile_expression(before), compile_expression(after)
    except FeelSyntaxError:  # reported by the check
        return None
    changed = list(_changed(_Pair(old.tree, new.tree, True)))
    if len(changed) != 1:
        return None
    return _read(changed[0], old.text)


def _changed(pair: _Pair) -> Iterator[_Pair]:
    """The smallest comparisons that hold the differences; other differing nodes as they are."""
    old, new = pair.before, pair.after
    if _plain(old) == _plain(new):
        return
    is_whole = isinstance(old, Comparison | Between | In)
    children = list(tree.children(old)), list(tree.children(new))
    if is_whole or _head(old) != _head(new) or len(children[0]) != len(children[1]):
        yield pair
        return
    is_open = isinstance(old, Logic | Quantified | Argument) or _is_negation(old)
    helps = None if not is_open or pair.helps is None else pair.helps ^ _is_negation(old)
    for one, other in zip(*children, strict=True):
        yield from _changed(_Pair(one, other, helps))


def _head(node: Node) -> Any:
    """What a node is and says beside its children: its operator, the name it asks for."""
    said = (getattr(node, part.name) for part in fields(node) if part.name not in ("start", "end"))
    return type(node), [value for value in said if not isinstance(value, Node | tuple)]


def _is_negation(node: Node) -> bool:
    return (
        isinstance(node, Call) and isinstance(node.function, Name) and node.function.name == "not"
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """One end that a subject is held against."""

    subject: Node
    operator: str
    end: Node


def _read(pair: _Pair, text: str) -> Threshold | None:
    before, after = _sides(pair.before), _sides(pair.after)
    moved = [(old, new) for old, new in zip(before, after, strict=False) if old != new]
    if len(before) != len(after) or len(moved) != 1:
        return None
    old, new = moved[0]
    first, second = amount_of(old.end), amount_of(new.end)
    if old.operator != new.operator or old.subject != new.subject:
        return None
    if first is None or second is None or first == second:
        return None
    is_lower = old.operator in _LOWER
    harder = None if pair.helps is None else ((second > first) == is_lower) == pair.helps
    fact = old.subject.name if isinstance(old.subject, Name) else ""
    said = " ".join(text[old.subject.start : old.subject.end].split())
    bound: Bound = "lower" if is_lower == (pair.helps is not False) else "upper"
    return Threshold(said, fact, bound, first, second, harder)


def _sides(node: Node) -> tuple[_Side, ...]:
    """The end of a comparison, or the two of a range."""
    match node:
        case Comparison(operator=sign, left=left, right=right) if sign in _TURNED:
            is_turned = amount_of(right) is None and amount_of(left) is not None
            return (_Side(right, _TURNED[sign], left) if is_turned else _Side(left, sign, right),)
        case Between(value=value, low=low, high=high):
            return _Side(value, ">=", low), _Side(value, "<=", high)
        case In(value=value, tests=(Interval() as span,)):
            low_sign, high_sign = (
                ">=" if span.low_closed else ">",
                "<=" if span.high_closed else "<",
            )
            return _Side(value, low_sign, span.low), _Side(value, high_sign, span.high)
        case _:
            return ()


def _plain(node: Node) -> Any:
    return tree.to_json(node)
