"""A condition whose only change is one figure: which way it moved, and for whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from engine.feel import FeelSyntaxError, compile_expression, tree
from engine.feel.tree import Argument, Between, Call, Comparison, Logic, Name, Node, Quantified

Bound = Literal["lower", "upper"]
_LOWER, _UPPER = (">", ">="), ("<", "<=")
_TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "=", "!=": "!="}


@dataclass(frozen=True, slots=True)
class Threshold:
    """One figure that changed. `name` is what it bounds, as written; `fact` its name if it is one.

    `demands_more` is None where the place of the comparison does not tell: inside a negation by
    `if`, say.
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
    if type(old) is not type(new) or isinstance(old, Comparison | Between):
        yield pair
        return
    children = list(tree.children(old)), list(tree.children(new))
    is_open = isinstance(old, Logic | Quantified | Argument) or _is_negation(old)
    same_head = _head(old) == _head(new)
    if not same_head or len(children[0]) != len(children[1]) or not children[0]:
        yield pair
        return
    helps = None if not is_open or pair.helps is None else pair.helps ^ _is_negation(old)
    for one, other in zip(*children, strict=True):
        yield from _changed(_Pair(one, other, helps))


def _head(node: Node) -> Any:
    """What a node says beside its children."""
    if isinstance(node, Logic):
        return node.operator
    return node.quantifier if isinstance(node, Quantified) else None


def _is_negation(node: Node) -> bool:
    return (
        isinstance(node, Call) and isinstance(node.function, Name) and node.function.name == "not"
    )


def _read(pair: _Pair, text: str) -> Threshold | None:
    old, new = pair.before, pair.after
    if not isinstance(old, Comparison) or not isinstance(new, Comparison):
        return None
    if old.operator != new.operator:
        return None
    for subject, others, operator in (
        (old.left, (new.left, old.right, new.right), old.operator),
        (old.right, (new.right, old.left, new.left), _TURNED[old.operator]),
    ):
        same, first, second = others[0], _figure(others[1]), _figure(others[2])
        is_bound = operator in (*_LOWER, *_UPPER)
        if (
            is_bound
            and first is not None
            and second is not None
            and _plain(subject) == _plain(same)
        ):
            is_lower = operator in _LOWER
            harder = None if pair.helps is None else ((second > first) == is_lower) == pair.helps
            fact = subject.name if isinstance(subject, Name) else ""
            said = " ".join(text[subject.start : subject.end].split())
            return Threshold(said, fact, "lower" if is_lower else "upper", first, second, harder)
    return None


def _figure(node: Node) -> Decimal | None:
    if isinstance(node, tree.Literal) and isinstance(node.value, Decimal):
        return node.value
    if isinstance(node, tree.Negative):
        inside = _figure(node.operand)
        return None if inside is None else -inside
    return None


def _plain(node: Node) -> Any:
    return tree.to_json(node)
