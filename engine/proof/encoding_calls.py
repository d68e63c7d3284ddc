"""Calls of built-in functions as formulas.

Dates, durations, rounding and bags of entries have formulas. A function of texts has none: it is an
uninterpreted one, which gives the same for the same, and which the engine itself answers wherever
its arguments are among a code set's few values.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, cast

import z3

from engine.feel import tree
from engine.feel.registry import BUILTINS
from engine.proof.encoding import (
    Applied,
    Encoding,
    Names,
    NotEncodable,
    alike,
    called,
    compared,
    constant_of,
    occurs,
    present,
    register_rule,
)
from engine.proof.encoding_arithmetic import REGISTERED
from engine.proof.encoding_dates import length_of_month
from engine.proof.terms import (
    MOST_DIGITS,
    NULL,
    YES,
    Formula,
    Term,
    TermKind,
    both,
    choose,
    either,
    integer,
    kleene_not,
    kleene_or,
    merged,
    opposite,
    term_of,
)

_KINDS: Final[dict[str, TermKind]] = {
    **dict.fromkeys(
        ("contains", "starts with", "ends with", "matches", "list contains", "odd", "even", "is",
         "before", "after", "includes", "during", "all", "any", "not"), "boolean"),
    **dict.fromkeys(
        ("string length", "count", "sum", "mean", "median", "number", "day of year",
         "week of year", "decimal", "floor", "ceiling", "round up", "round down", "round half up",
         "round half down", "modulo", "sqrt", "abs", "product"), "number"),
    **dict.fromkeys(
        ("string", "substring", "upper case", "lower case", "substring before", "substring after",
         "replace", "string join", "day of week", "month of year"), "text"),
    "date": "date",
    "years and months duration": "months",
}  # fmt: skip
# Functions of texts that have a value for every argument of the right kind.
_TOTAL: Final = frozenset(
    ("contains", "starts with", "ends with", "string length", "upper case", "lower case",
     "substring before", "substring after")
)  # fmt: skip
_TEXTUAL: Final = _TOTAL | {"substring", "matches", "string", "replace"}
_MOST_CHOICES: Final = 400


def _call(encoding: Encoding, node: tree.Call, names: Names) -> Term:
    name = node.function.name if isinstance(node.function, tree.Name) else ""
    given = encoding.functions.get(name)
    if given is not None:
        return given(encoding, [encoding.term(a.value, names) for a in node.arguments])
    if name not in BUILTINS or name in names or any(a.name for a in node.arguments):
        raise NotEncodable(_KINDS.get(name))
    try:
        arguments = [encoding.term(argument.value, names) for argument in node.arguments]
        return _applied(encoding, name, arguments, node)
    except NotEncodable as problem:
        raise NotEncodable(problem.kind or _KINDS.get(name)) from None


def _applied(encoding: Encoding, name: str, arguments: list[Term], node: tree.Call) -> Term:
    meant = [isinstance(a.value, tree.Literal) and a.value.value is None for a in node.arguments]
    wanted = [a.known for a, is_meant in zip(arguments, meant, strict=True) if not is_meant]
    if any(a.kind == "null" and not m for a, m in zip(arguments, meant, strict=True)):
        return NULL
    if any(argument.kind == "other" for argument in arguments):
        raise NotEncodable
    rule = _FUNCTIONS.get((name, len(arguments))) or _FUNCTIONS.get((name, -1))
    if rule is not None:
        answer = rule(encoding, arguments)
    elif name in _TEXTUAL:
        answer = _of_texts(encoding, name, arguments)
    else:
        raise NotEncodable
    return replace(answer, known=both(*wanted, answer.known))


# -- texts


def _of_texts(encoding: Encoding, name: str, arguments: Sequence[Term]) -> Term:
    """The engine's answers where an argument is one of few texts, else the same for the same."""
    scalars = ("text", "number", "date", "boolean", "months", "days")
    if any(a.kind not in scalars or a.scale is None for a in arguments):
        raise NotEncodable
    open_places = [n for n, a in enumerate(arguments) if not _is_constant(encoding, a)]
    if len(open_places) == 1 and (arguments[open_places[0]].choices or ()):
        listed = _listed(encoding, name, arguments, open_places[0])
        if listed is not None:
            return listed
    return uninterpreted(encoding, name, _KINDS[name], arguments)


def uninterpreted(encoding: Encoding, name: str, kind: TermKind, arguments: Sequence[Term]) -> Term:
    """The same for the same arguments, and otherwise anything of its kind."""
    label = f"{name}/{'/'.join(f'{a.kind}{a.scale or 0}' for a in arguments)}"
    sorts = [a.value.sort() for a in arguments]
    result = {"boolean": z3.BoolSort(), "number": z3.IntSort(), "text": z3.IntSort()}[kind]
    values = [a.value for a in arguments]
    value = z3.Function(label, *sorts, result)(*values)
    known = _is_total(encoding, name, arguments)
    if known is None:
        known = z3.Function(f"{label}?", *sorts, z3.BoolSort())(*values)
    encoding.applied.append(Applied(name, tuple(arguments), value, known))
    if kind == "number":
        encoding.definitions.append(value >= 0)
    elif kind == "text":
        encoding.computed_texts.append(value)
    return Term(kind, known, value, 0, 6)


def _is_total(encoding: Encoding, name: str, arguments: Sequence[Term]) -> Formula:
    """Whether it has a value for every text; None where that depends on the text."""
    if name in _TOTAL or name == "string":
        return YES
    if name != "matches":
        return None
    fixed = [constant_of(argument, encoding.vocabulary) for argument in arguments[1:]]
    if not all(is_fixed for is_fixed, _ in fixed):
        return None
    # A pattern is one or is not, whatever it is held against.
    return z3.BoolVal(called(name, ["", *(value for _, value in fixed)]) is not None)


def _is_constant(encoding: Encoding, term: Term) -> bool:
    return constant_of(term, encoding.vocabulary)[0]


def _listed(encoding: Encoding, name: str, arguments: Sequence[Term], place: int) -> Term | None:
    choices = arguments[place].choices or ()
    if len(choices) > _MOST_CHOICES:
        return None
    values = [constant_of(a, encoding.vocabulary)[1] for a in arguments]
    answer: Term | None = NULL
    for text in choices:
        one = [text if n == place else value for n, value in enumerate(values)]
        found = term_of(called(name, one), encoding.vocabulary)
        is_this = arguments[place].value == encoding.vocabulary.number(text)
        answer = merged(is_this, found, answer) if answer is not None else None
    return answer


# -- dates and durations


def _date(encoding: Encoding, arguments: Sequence[Term]) -> Term:
    year, month, day = arguments
    if any(part.kind != "number" or part.scale != 0 for part in arguments):
        raise NotEncodable
    is_day = both(
        month.value >= 1,
        month.value <= 12,
        day.value >= 1,
        day.value <= length_of_month(year.value, month.value),
    )
    number = encoding.calendar.day_of(year.value, month.value, day.value)
    return Term("date", z3.simplify(is_day), number)


def _date_itself(encoding: Encoding, arguments: Sequence[Term]) -> Term:
    if arguments[0].kind != "date":
        raise NotEncodable
    return arguments[0]


def _months_between(encoding: Encoding, arguments: Sequence[Term]) -> Term:
    start, end = arguments
    if start.kind != "date" or end.kind != "date":
        raise NotEncodable
    return Term("months", YES, encoding.calendar.months_between(start.value, end.value))


def _absolute(encoding: Encoding, arguments: Sequence[Term]) -> Term:
    (size,) = arguments
    if size.kind not in ("number", "months", "days"):
        return NULL
    return replace(size, value=z3.If(size.value < 0, -size.value, size.value))


# -- rounding


def _rounding(adjust: Callable[[Formula, int], Formula]) -> "_Function":
    def to_places(encoding: Encoding, arguments: Sequence[Term]) -> Term:
        number = arguments[0]
        is_constant, places = True, cast(object, Decimal(0))
        if len(arguments) > 1:
            is_constant, places = constant_of(arguments[1], encoding.vocabulary)
        if number.kind != "number" or number.scale is None or not is_constant:
            raise NotEncodable
        if not isinstance(places, Decimal) or not 0 <= int(places) <= 12:
            raise NotEncodable
        if number.scale <= int(places):
            return number
        unit = 10 ** (number.scale - int(places))
        return Term("number", YES, adjust(number.value, unit), int(places), number.digits + 1)

    return to_places


def _down(value: Formula, unit: int) -> Formula:
    return value / unit


def _up(value: Formula, unit: int) -> Formula:
    return -((-value) / unit)


def _toward_zero(value: Formula, unit: int) -> Formula:
    return z3.If(value < 0, _up(value, unit), _down(value, unit))


def _from_zero(value: Formula, unit: int) -> Formula:
    return z3.If(value < 0, _down(value, unit), _up(value, unit))


def _half_up(value: Formula, unit: int) -> Formula:
    """Halves away from zero."""
    return z3.If(value < 0, _up(value - unit // 2, unit), _down(value + unit // 2, unit))


def _half_down(value: Formula, unit: int) -> Formula:
    """Halves toward zero."""
    return z3.If(value < 0, _down(value + unit // 2, unit), _up(value - unit // 2, unit))


def _half_even(value: Formula, unit: int) -> Formula:
    low, rest = value / unit, value % unit
    up = z3.Or(2 * rest > unit, z3.And(2 * rest == unit, low % 2 == 1))
    return z3.If(up, low + 1, low)


# -- bags of entries


def _count(encoding: Encoding, arguments: Sequence[Term]) -> Term:
    (listed,) = arguments
    if listed.kind != "list":
        return integer(1)
    counts = [times for times, _ in listed.entries]
    total = z3.simplify(z3.Sum(counts)) if counts else z3.IntVal(0)
    return Term("number", YES, total, 0, 6)


def _list_contains(encoding: Encoding, arguments: Sequence[Term]) -> Term:
    listed, wanted = arguments
    if listed.kind != "list":
        listed = Term("list", listed.known, entries=((z3.IntVal(1), listed),))
    if wanted.kind == "null":
        holes = [both(occurs(n), opposite(item.known)) for n, item in listed.entries]
        return Term("boolean", YES, either(*holes))
    return kleene_or([present(times, alike(item, wanted)) for times, item in listed.entries])


def _distinct(encoding: Encoding, arguments: Sequence[Term]) -> Term:
    """Each value once; null while two entries may turn out to be one."""
    (listed,) = arguments
    if listed.kind != "list":
        raise NotEncodable
    kept: list[tuple[Formula, Term]] = []
    doubts: list[Formula] = []
    for place, (times, item) in enumerate(listed.entries):
        hole = both(occurs(times), opposite(item.known))
        others = [occurs(n) for p, (n, _) in enumerate(listed.entries) if p != place]
        doubts.append(both(hole, either(times > 1, *others)))
        same = [both(occurs(n), alike(one, item).is_true) for n, one in listed.entries[:place]]
        fresh = both(occurs(times), opposite(either(*same)))
        kept.append((choose(fresh, z3.IntVal(1), z3.IntVal(0)), item))
    return Term("list", opposite(either(*doubts)), entries=tuple(kept))


def _sum(encoding: Encoding, arguments: Sequence[Term]) -> Term:
    (listed,) = arguments
    if listed.kind != "list" or not listed.entries:
        raise NotEncodable
    if any(item.kind != "number" or item.scale is None for _, item in listed.entries):
        raise NotEncodable
    scale = max(item.scale or 0 for _, item in listed.entries)
    digits = max(item.digits + scale - (item.scale or 0) for _, item in listed.entries) + 4
    if not all(item.digits for _, item in listed.entries) or digits > MOST_DIGITS:
        raise NotEncodable
    parts, known = [], []
    for times, item in listed.entries:
        assert item.scale is not None
        parts.append(times * item.value * 10 ** (scale - item.scale))
        known.append(either(opposite(occurs(times)), item.known))
    some = either(*(occurs(times) for times, _ in listed.entries))
    return Term("number", both(some, *known), z3.Sum(parts), scale, digits)


def _extreme(sign: str) -> "_Function":
    def pick(encoding: Encoding, arguments: Sequence[Term]) -> Term:
        items = list(arguments)
        if len(items) == 1 and items[0].kind == "list":
            entries = items[0].entries
            if any(not z3.is_int_value(n) or n.as_long() != 1 for n, _ in entries):
                raise NotEncodable
            items = [item for _, item in entries]
        if not items or any(
            item.kind not in ("number", "date", "months", "days") for item in items
        ):
            raise NotEncodable
        best, known = items[0], items[0].known
        for item in items[1:]:
            better = merged(compared(sign, item, best).is_true, item, best)
            if better is None:
                return NULL
            best, known = better, both(known, item.known)
        return replace(best, known=known)

    return pick


def _not(encoding: Encoding, arguments: Sequence[Term]) -> Term:
    return kleene_not(arguments[0]) if arguments[0].kind == "boolean" else NULL


_Function = Callable[[Encoding, Sequence[Term]], Term]
# By name and number of arguments; -1 stands for any number.
_FUNCTIONS: Final[dict[tuple[str, int], _Function]] = {
    ("not", 1): _not,
    ("date", 1): _date_itself,
    ("date", 3): _date,
    ("years and months duration", 2): _months_between,
    ("abs", 1): _absolute,
    ("count", 1): _count,
    ("list contains", 2): _list_contains,
    ("distinct values", 1): _distinct,
    ("sum", 1): _sum,
    ("min", -1): _extreme("<"),
    ("max", -1): _extreme(">"),
    **{("floor", count): _rounding(_down) for count in (1, 2)},
    **{("ceiling", count): _rounding(_up) for count in (1, 2)},
    ("round up", 2): _rounding(_from_zero),
    ("round down", 2): _rounding(_toward_zero),
    ("round half up", 2): _rounding(_half_up),
    ("round half down", 2): _rounding(_half_down),
    ("decimal", 2): _rounding(_half_even),
}

register_rule(tree.Call, _call)
# Importing this module, and the other it names, is what makes every node have its formula.
ENCODED: Final = (tree.Call, *REGISTERED)
