"""Sums, products and moved dates as formulas, exact or not at all: what FEEL would round stands free."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

import z3

from engine.feel import tree
from engine.proof.encoding import (
    Applied,
    Encoding,
    Names,
    NotEncodable,
    constant_of,
    register_rule,
)
from engine.proof.terms import MOST_DIGITS, NULL, YES, Term, TermKind, aligned, both, term_of


def _negative(encoding: Encoding, node: tree.Negative, names: Names) -> Term:
    operand = encoding.term(node.operand, names)
    if operand.kind in ("number", "months", "days"):
        return replace(operand, value=-operand.value)
    if operand.kind == "other":
        raise NotEncodable
    return NULL


def _arithmetic(encoding: Encoding, node: tree.Arithmetic, names: Names) -> Term:
    left, right = encoding.term(node.left, names), encoding.term(node.right, names)
    if "other" in (left.kind, right.kind) or node.operator == "**":
        raise NotEncodable("number" if left.kind == right.kind == "number" else None)
    rule = _SUMS.get((node.operator, left.kind, right.kind))
    if rule is None and node.operator == "/" and left.kind in ("months", "days"):
        raise NotEncodable("number" if left.kind == right.kind else None)  # it has a value
    if rule is None:
        if left.kind == right.kind == "text" and node.operator == "+":
            return _joined_texts(encoding, left, right)
        return NULL
    return rule(encoding, left, right)


def _joined_texts(encoding: Encoding, left: Term, right: Term) -> Term:
    join = z3.Function("joined", z3.IntSort(), z3.IntSort(), z3.IntSort())
    text = join(left.value, right.value)
    encoding.computed_texts.append(text)
    encoding.applied.append(Applied("+", (left, right), text, YES))
    return Term("text", both(left.known, right.known), text)


def _summed(sign: int) -> "_Sum":
    def add(encoding: Encoding, left: Term, right: Term) -> Term:
        digits = _wider(left, right)
        one, other = aligned(left, right)
        scale = (
            None if None in (left.scale, right.scale) else max(left.scale or 0, right.scale or 0)
        )
        return Term("number", both(left.known, right.known), one + sign * other, scale, digits)

    return add


def _wider(left: Term, right: Term) -> int:
    if not left.digits or not right.digits:
        raise NotEncodable("number")
    spread = abs((left.scale or 0) - (right.scale or 0))
    digits = max(left.digits, right.digits) + spread + 1
    if digits > MOST_DIGITS:
        raise NotEncodable("number")
    return digits


def _product(encoding: Encoding, left: Term, right: Term) -> Term:
    digits = left.digits + right.digits
    if not left.digits or not right.digits or digits > MOST_DIGITS:
        raise NotEncodable("number")
    scale = (left.scale or 0) + (right.scale or 0)
    return Term("number", both(left.known, right.known), left.value * right.value, scale, digits)


def _quotient(encoding: Encoding, left: Term, right: Term) -> Term:
    """By a number whose inverse is a decimal; any other quotient is rounded, and stands free."""
    is_constant, divisor = constant_of(right, encoding.vocabulary)
    if not is_constant or not isinstance(divisor, Decimal):
        raise NotEncodable("number")
    if not divisor:
        return NULL
    inverse = Decimal(1) / divisor
    if inverse * divisor != 1 or len(inverse.as_tuple().digits) > 12:
        raise NotEncodable("number")
    return _product(encoding, left, term_of(inverse, encoding.vocabulary))


def _moved(sign: int) -> "_Sum":
    def move(encoding: Encoding, left: Term, right: Term) -> Term:
        day, by = (left, right) if left.kind == "date" else (right, left)
        known = both(day.known, by.known)
        if by.kind == "days":
            return Term("date", known, day.value + sign * by.value)
        return Term("date", known, encoding.calendar.later(day.value, sign * by.value))

    return move


def _plain(kind: TermKind, sign: int) -> "_Sum":
    def add(encoding: Encoding, left: Term, right: Term) -> Term:
        return Term(kind, both(left.known, right.known), left.value + sign * right.value)

    return add


def _scaled(encoding: Encoding, left: Term, right: Term) -> Term:
    duration, factor = (right, left) if left.kind == "number" else (left, right)
    if factor.scale != 0:
        raise NotEncodable(duration.kind)
    return Term(duration.kind, both(left.known, right.known), duration.value * factor.value)


_Sum = Callable[[Encoding, Term, Term], Term]
_SUMS: Final[Mapping[tuple[str, str, str], _Sum]] = {
    ("+", "number", "number"): _summed(1),
    ("-", "number", "number"): _summed(-1),
    ("*", "number", "number"): _product,
    ("/", "number", "number"): _quotient,
    ("-", "date", "date"): _plain("days", -1),
    **{("*", kind, "number"): _scaled for kind in ("months", "days")},
    **{("*", "number", kind): _scaled for kind in ("months", "days")},
    **{("+", kind, kind): _plain(kind, 1) for kind in ("months", "days")},
    **{("-", kind, kind): _plain(kind, -1) for kind in ("months", "days")},
    **{("+", "date", kind): _moved(1) for kind in ("months", "days")},
    **{("+", kind, "date"): _moved(1) for kind in ("months", "days")},
    **{("-", "date", kind): _moved(-1) for kind in ("months", "days")},
}

register_rule(tree.Negative, _negative)
register_rule(tree.Arithmetic, _arithmetic)
REGISTERED: Final = (tree.Negative, tree.Arithmetic)
