"""An expression of a definition as a portable Ibis expression, exact or not at all.

Definitions read FEEL by `engine.profile`: null is 待核. SQL's null, `and` and `or` behave the same
for scalars; what does not (lists, `if` over an unknown condition) is spelled out. Whatever cannot be
said exactly in the portable core becomes a lookup: the engine evaluates it, once per distinct value.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import ibis

from engine.feel import Expression, FeelSyntaxError, tree
from engine.feel.names import free_names
from engine.feel.registry import BUILTINS
from engine.feel.scope import Scope
from engine.feel.values import Range
from engine.population import days, listing
from engine.population.terms import (
    TEXT,
    Choice,
    Column,
    Deferred,
    Kind,
    Known,
    NotTranslatable,
    Record,
    Term,
    as_column,
    choose,
    is_null,
    joint_kind,
    opposite,
    rescaled,
    truth,
    truth_term,
    within_room,
)
from engine.profile import compile_rule, evaluate_in

_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
_ORDERED = ("number", "date", "months")
_MOST_UNROLLED = 64
_TRUTHS = (tree.Comparison, tree.Logic, tree.Between, tree.In, tree.Quantified, tree.InstanceOf)
_CONDITIONS = ("not", "contains", "starts with", "ends with", "list contains")


class Pending(Exception):
    """The expression waits for lookups that were just asked for."""


class Translator:
    """Translates over one table: `names` are what expressions may read there.

    `found` has what lookups gave, by the text of the expression; texts in `opaque` are no column's
    value, so what contains them is looked up instead. Texts that are asked for join `wanted`.
    """

    def __init__(
        self,
        names: Mapping[str, Term],
        found: Mapping[str, Term],
        opaque: frozenset[str],
    ) -> None:
        self.names, self.found, self.opaque = names, found, opaque
        self.wanted: dict[str, Expression] = {}
        self.columns: dict[str, Column] = {}

    def term(self, expression: Expression) -> Term:
        """The whole expression. Raises Pending, and NotTranslatable when nothing else is left."""
        return _Reading(self, expression.text).term(expression.tree, self.names)

    def look_up(self, text: str) -> Term:
        """What the engine gave for a text; asked for where it was not yet."""
        if text in self.found:
            return self.found[text]
        if text in self.opaque:
            raise NotTranslatable
        self.wanted[text] = compile_rule(text)
        raise Pending

    def kept(self, text: str, column: Column) -> Term:
        """The same as a column of its own, which what builds on it does not compute again."""
        if text in self.found:
            return self.found[text]
        self.columns[text] = column
        raise Pending


class _Reading:
    """One expression and the text that its nodes point into."""

    def __init__(self, translator: Translator, text: str) -> None:
        self.translator, self.text = translator, text

    def term(self, node: tree.Node, names: Mapping[str, Term]) -> Term:
        known = _constant_value(self.text, node, names)
        if known is not None:
            return known
        try:
            return _TRANSLATE.get(type(node), _refuse)(self, node, names)
        except NotTranslatable:
            if names is not self.translator.names:
                raise  # it reads a loop's own name: the loop as a whole is looked up
            return self._looked_up(node)

    def _looked_up(self, node: tree.Node) -> Term:
        for text in self._written(node):
            try:
                is_itself = compile_rule(text).tree == node
            except FeelSyntaxError:
                is_itself = False  # a part that cannot stand alone, as in `a between b and c`
            if is_itself:
                return self.translator.look_up(text)
        raise NotTranslatable

    def _written(self, node: tree.Node) -> Iterator[str]:
        """The part's own text, and with the brackets that its first part stands in."""
        start = node.start
        yield self.text[start : node.end]
        while self.text[:start].rstrip().endswith("("):
            start = self.text[:start].rindex("(")
            yield self.text[start : node.end]

    def column(self, node: tree.Node, names: Mapping[str, Term]) -> Column:
        return as_column(self.term(node, names))

    def truth(self, node: tree.Node, names: Mapping[str, Term]) -> Any:
        return truth(self.term(node, names))


def _constant_value(text: str, node: tree.Node, names: Mapping[str, Term]) -> Known | None:
    """The value of what reads nothing but constants, by the engine itself."""
    read, inside = free_names(node)
    scope = Scope()
    for name in read | inside:
        term = names.get(name)
        if isinstance(term, Known):
            scope[name] = term.value
        elif term is not None or (name in inside and name not in BUILTINS):
            return None
    if isinstance(node, tree.Literal):
        return Known(node.value)
    if any(isinstance(names.get(name), Deferred) for name in read | inside):
        return None
    try:
        part = compile_rule(text[node.start : node.end])
        return Known(evaluate_in(part, scope)) if part.tree == node else None
    except FeelSyntaxError:
        return None


def _refuse(reading: _Reading, node: tree.Node, names: Mapping[str, Term]) -> Term:
    raise NotTranslatable


# --- names and entries -----------------------------------------------------------------------


def _name(reading: _Reading, node: tree.Name, names: Mapping[str, Term]) -> Term:
    if node.name in names:
        return names[node.name]
    raise NotTranslatable


def _path(reading: _Reading, node: tree.Path, names: Mapping[str, Term]) -> Term:
    source = reading.term(node.source, names)
    found = distribute(lambda one: _entry(one, node.name), source)
    is_of_rows = names is reading.translator.names and isinstance(found, Column)
    if is_of_rows and isinstance(found, Column) and found.kind.name == "list":
        return reading.translator.kept(reading.text[node.start : node.end], found)
    return found


def _entry(source: Term, name: str) -> Term:
    if isinstance(source, Record):
        return source.entries.get(name, Known(None))
    if not isinstance(source, Column):
        raise NotTranslatable
    kind = source.kind
    if kind.name == "record":
        field = dict(kind.fields).get(name)
        return Known(None) if field is None else Column(source.expr[name], field)
    if kind.name == "list" and kind.item is not None and kind.item.name == "record":
        return listing.entries(source, name)
    part = _PARTS.get((kind.name, name))
    if part is None:
        raise NotTranslatable
    return part(source)


_PARTS: dict[tuple[str, str], Callable[[Column], Column]] = {
    ("date", "year"): days.year_of,
    ("date", "month"): days.month_of,
    ("date", "day"): days.day_of_month,
    ("months", "years"): days.whole_years,
}


def distribute(say: Callable[..., Term], *terms: Term) -> Term:
    """`say` of the terms; of a choice among values that no column can hold, for each arm."""
    for place, term in enumerate(terms):
        if isinstance(term, Choice) and not _is_scalar(term):
            arms = tuple(
                (condition, distribute(say, *terms[:place], arm, *terms[place + 1 :]))
                for condition, arm in term.arms
            )
            return Choice(arms)
    return say(*terms)


def _is_scalar(choice: Choice) -> bool:
    try:
        as_column(choice)
    except NotTranslatable:
        return False
    return True


# --- comparisons -----------------------------------------------------------------------------


def _comparison(reading: _Reading, node: tree.Comparison, names: Mapping[str, Term]) -> Term:
    for asked, literal in ((node.left, node.right), (node.right, node.left)):
        if isinstance(literal, tree.Literal) and literal.value is None:
            return _asks_null(reading.term(asked, names), node.operator)
    left, right = reading.term(node.left, names), reading.term(node.right, names)
    return distribute(lambda one, other: compare(node.operator, one, other), left, right)


def _asks_null(term: Term, sign: str) -> Term:
    """`x = null` asks whether it is known, and is always answered."""
    if sign not in ("=", "!="):
        raise NotTranslatable
    if isinstance(term, Record):
        return Known(sign == "!=")
    if isinstance(term, Known):
        return Known((term.value is None) is (sign == "="))
    column = term if isinstance(term, Column) else as_column(term)
    return truth_term(column.expr.isnull() if sign == "=" else column.expr.notnull())


def compare(sign: str, left: Term, right: Term) -> Term:
    """One of the six comparisons of scalars of one kind; unknown where either is."""
    if is_null(left) or is_null(right):
        return Known(None)
    one, other = as_column(left), as_column(right)
    if isinstance(right, Known) and type(right.value) is date:
        fixed = days.compare_moved(sign, one, right.value)
        if fixed is not None:
            return truth_term(fixed)
    kinds = {one.kind.name, other.kind.name}
    is_ordered = one.kind.name in _ORDERED
    if len(kinds) > 1 or not (is_ordered or (sign in "!=" and kinds <= {"text", "boolean"})):
        raise NotTranslatable
    scale = max(one.kind.scale, other.kind.scale)
    return truth_term(_SIGNS[sign](rescaled(one, scale).expr, rescaled(other, scale).expr))


def passes(reading: _Reading, value: Term, test: tree.Node, names: Mapping[str, Term]) -> Any:
    """Whether a value meets one test of `in (…)` or of a cell, as a boolean expression."""
    if isinstance(test, tree.Literal) and test.value is None:
        return truth(_asks_null(value, "="))
    if isinstance(test, tree.HalfLine):
        return truth(
            distribute(
                lambda one, other: compare(test.operator, one, other),
                value,
                reading.term(test.operand, names),
            )
        )
    if isinstance(test, tree.Interval):
        low, high = reading.term(test.low, names), reading.term(test.high, names)
        return _between(value, low, high, (test.low_closed, test.high_closed))
    return truth(distribute(_is_in, value, reading.term(test, names)))


def _between(value: Term, low: Term, high: Term, closed: tuple[bool, bool]) -> Any:
    if is_null(low) or is_null(high):
        raise NotTranslatable  # whether there is a range at all rests on the other end
    above = compare(">=" if closed[0] else ">", value, low)
    below = compare("<=" if closed[1] else "<", value, high)
    return truth(above) & truth(below)


def _is_in(value: Term, test: Term) -> Term:
    if isinstance(test, Known) and isinstance(test.value, list):
        return listing.is_among(value, test.value)
    if isinstance(test, Known) and isinstance(test.value, Range):
        span = test.value
        if span.form != "interval":
            raise NotTranslatable
        ends = Known(span.low), Known(span.high)
        return truth_term(_between(value, *ends, (span.low_closed, span.high_closed)))
    if isinstance(test, Column) and test.kind.name == "list":
        return listing.contains(test, as_column(value))
    return compare("=", value, test)


def _in(reading: _Reading, node: tree.In, names: Mapping[str, Term]) -> Term:
    value = reading.term(node.value, names)
    texts = [t.value for t in node.tests if isinstance(t, tree.Literal)]
    if len(texts) == len(node.tests) > 1 and all(isinstance(text, str) for text in texts):
        return listing.is_among(value, list(texts))
    return truth_term(any_true(passes(reading, value, test, names) for test in node.tests))


def any_true(parts: Iterator[Any]) -> Any:
    found = list(parts)
    whole = found[0]
    for part in found[1:]:
        whole = whole | part
    return whole


def _between_node(reading: _Reading, node: tree.Between, names: Mapping[str, Term]) -> Term:
    value, low, high = (reading.term(n, names) for n in (node.value, node.low, node.high))
    return truth_term(truth(compare(">=", value, low)) & truth(compare("<=", value, high)))


# --- logic -----------------------------------------------------------------------------------


def _logic(reading: _Reading, node: tree.Logic, names: Mapping[str, Term]) -> Term:
    deciding = node.operator == "or"
    parts = []
    for operand in node.operands:
        term = reading.term(operand, names)
        if isinstance(term, Known) and term.value is deciding:
            return term
        if not (isinstance(term, Known) and term.value is (not deciding)):
            parts.append(truth(term))
    if not parts:
        return Known(not deciding)
    whole = parts[0]
    for part in parts[1:]:
        whole = (whole | part) if deciding else (whole & part)
    return truth_term(whole)


def _if(reading: _Reading, node: tree.If, names: Mapping[str, Term]) -> Term:
    condition = reading.term(node.condition, names)
    if isinstance(condition, Known):
        chosen = node.then if condition.value is True else node.otherwise
        return reading.term(chosen, names) if isinstance(condition.value, bool) else Known(None)
    holds = truth(condition)
    then, otherwise = reading.term(node.then, names), reading.term(node.otherwise, names)
    arms = ((holds, then), (opposite(holds), otherwise))
    known = tuple((condition, arm) for condition, arm in arms if not is_null(arm))
    return _simplified(Choice(known)) if known else Known(None)


def _simplified(choice: Choice) -> Term:
    try:
        return as_column(choice)
    except NotTranslatable:
        return choice


# --- arithmetic ------------------------------------------------------------------------------


def _arithmetic(reading: _Reading, node: tree.Arithmetic, names: Mapping[str, Term]) -> Term:
    left, right = reading.term(node.left, names), reading.term(node.right, names)
    if is_null(left) or is_null(right):
        return Known(None)
    one, other = as_column(left), as_column(right)
    kinds = one.kind.name, other.kind.name
    if kinds == ("number", "number"):
        return _of_numbers(node.operator, one, other)
    if kinds == ("date", "months") and node.operator in "+-":
        return days.add_months(one, other, 1 if node.operator == "+" else -1)
    if kinds == ("months", "date") and node.operator == "+":
        return days.add_months(other, one, 1)
    if set(kinds) == {"months", "number"} and node.operator == "*":
        return _times_months(one, other)
    if kinds == ("text", "text") and node.operator == "+":
        return Column(one.expr + other.expr, TEXT)
    raise NotTranslatable


def _of_numbers(sign: str, one: Column, other: Column) -> Column:
    if sign == "*":
        return _product(one, other)
    if sign not in "+-":
        raise NotTranslatable
    scale = max(one.kind.scale, other.kind.scale)
    one, other = rescaled(one, scale), rescaled(other, scale)
    if sign == "+":
        low, high = one.kind.low + other.kind.low, one.kind.high + other.kind.high
        total = one.expr + other.expr
    else:
        low, high = one.kind.low - other.kind.high, one.kind.high - other.kind.low
        total = one.expr - other.expr
    return Column(total, within_room(Kind("number", scale, low, high)))


def _product(one: Column, other: Column) -> Column:
    scale = one.kind.scale + other.kind.scale
    ends = [a * b for a in (one.kind.low, one.kind.high) for b in (other.kind.low, other.kind.high)]
    if scale > 18:
        raise NotTranslatable
    kind = within_room(Kind("number", scale, min(ends), max(ends)))
    return Column(one.expr * other.expr, kind)


def _times_months(one: Column, other: Column) -> Column:
    if one.kind.scale or other.kind.scale:
        raise NotTranslatable  # a part of a month is cut off
    product = _product(_as_number(one), _as_number(other))
    if max(abs(product.kind.low), abs(product.kind.high)) >= 1_000_000:
        raise NotTranslatable
    return Column(product.expr, replace(product.kind, name="months"))


def _as_number(column: Column) -> Column:
    return Column(column.expr, replace(column.kind, name="number"))


def _negative(reading: _Reading, node: tree.Negative, names: Mapping[str, Term]) -> Term:
    column = reading.column(node.operand, names)
    kind = column.kind
    if kind.name not in ("number", "months"):
        raise NotTranslatable
    return Column(-column.expr, replace(kind, low=-kind.high, high=-kind.low))


# --- loops and selections --------------------------------------------------------------------


def _quantified(reading: _Reading, node: tree.Quantified, names: Mapping[str, Term]) -> Term:
    loop = node.loops[0]
    if loop.to is not None:
        raise NotTranslatable
    rest = replace(node, loops=node.loops[1:]) if len(node.loops) > 1 else node.condition

    def holds(item: Term) -> Any:
        return reading.truth(rest, {**names, loop.name: item})

    def over(source: Term) -> Term:
        return _over(source, node.quantifier == "some", holds)

    return distribute(over, reading.term(loop.source, names))


def _over(source: Term, is_some: bool, holds: Callable[[Term], Any]) -> Term:
    if isinstance(source, Known) and isinstance(source.value, list):
        if len(source.value) > _MOST_UNROLLED:
            raise NotTranslatable
        parts = [holds(Known(item)) for item in source.value]
        whole = ibis.literal(not is_some, "boolean")
        for part in parts:
            whole = (whole | part) if is_some else (whole & part)
        return truth_term(whole)
    if not isinstance(source, Column) or source.kind.name != "list":
        raise NotTranslatable
    return listing.quantified(source, is_some, lambda item: holds(item))


def _filter(reading: _Reading, node: tree.Filter, names: Mapping[str, Term]) -> Term:
    source = reading.term(node.source, names)
    if not isinstance(source, Column) or source.kind.item is None:
        raise NotTranslatable
    if not _is_condition(node.condition):
        raise NotTranslatable  # it may turn out to be a position
    item_kind = source.kind.item
    entries_read = frozenset({"item", *(name for name, _ in item_kind.fields)})
    if item_kind.is_optional and not _rests_on(node.condition, entries_read):
        raise NotTranslatable  # an unknown item hides the names around it, which could matter

    def holds(item: Term) -> Any:
        entries: dict[str, Term] = {}
        if isinstance(item, Column) and item.kind.name == "record":
            entries = {name: _entry(item, name) for name, _ in item.kind.fields}
        return reading.truth(node.condition, {**names, "item": item, **entries})

    return listing.selected(source, holds)


def _is_condition(node: tree.Node) -> bool:
    """Whether it is plain that the answer, once known, is true or false and no position."""
    if isinstance(node, tree.Call) and isinstance(node.function, tree.Name):
        return node.function.name in _CONDITIONS
    return isinstance(node, _TRUTHS)


def _rests_on(node: tree.Node, entries: frozenset[str]) -> bool:
    """Whether the value is surely unknown while the entries are."""
    if isinstance(node, tree.Name):
        return node.name in entries
    if isinstance(node, tree.Path):
        return _rests_on(node.source, entries)
    if isinstance(node, tree.Comparison):
        sides = node.left, node.right
        return not any(map(_writes_null, sides)) and any(_rests_on(s, entries) for s in sides)
    if isinstance(node, tree.Logic):
        return all(_rests_on(operand, entries) for operand in node.operands)
    if isinstance(node, tree.Call):
        is_builtin = isinstance(node.function, tree.Name) and node.function.name in BUILTINS
        return is_builtin and any(_rests_on(a.value, entries) for a in node.arguments)
    return False


# --- functions -------------------------------------------------------------------------------


def _call(reading: _Reading, node: tree.Call, names: Mapping[str, Term]) -> Term:
    function = node.function
    if not isinstance(function, tree.Name) or function.name in names:
        raise NotTranslatable
    if any(argument.name or _writes_null(argument.value) for argument in node.arguments):
        raise NotTranslatable
    say = _FUNCTIONS.get((function.name, len(node.arguments)))
    if say is None:
        raise NotTranslatable
    terms = [reading.term(argument.value, names) for argument in node.arguments]
    if any(map(is_null, terms)):
        return Known(None)
    return distribute(say, *terms)


def _writes_null(node: tree.Node) -> bool:
    return isinstance(node, tree.Literal) and node.value is None


def _text(term: Term) -> Any:
    column = as_column(term)
    if column.kind.name != "text":
        raise NotTranslatable
    return column.expr


def _list(term: Term) -> Column:
    if isinstance(term, Column) and term.kind.name == "list":
        return term
    raise NotTranslatable


def _list_contains(items: Term, element: Term) -> Term:
    if isinstance(items, Known) and isinstance(items.value, list):
        return listing.is_among(element, items.value)
    return listing.contains(_list(items), as_column(element))


def _not(term: Term) -> Term:
    return truth_term(opposite(truth(term)))


def _string_length(text: Term) -> Term:
    return Column(_text(text).length().cast("int64"), Kind("number", 0, 0, 20_000_000))


def _substring(text: Term, start: Term, length: Term) -> Term:
    """From a place counted from 1; unknown beyond the text's end."""
    place, count = _whole(start), _whole(length)
    whole = _text(text)
    if place < 1 or count < 1:
        raise NotTranslatable
    return Column(ibis.cases((whole.length() >= place, whole.substr(place - 1, count))), TEXT)


def _whole(term: Term) -> int:
    value = term.value if isinstance(term, Known) else None
    if not isinstance(value, Decimal) or value != value.to_integral_value() or abs(value) > 10**6:
        raise NotTranslatable
    return int(value)


def _both_dates(one: Term, other: Term) -> tuple[Column, Column]:
    columns = as_column(one), as_column(other)
    if any(column.kind.name != "date" for column in columns):
        raise NotTranslatable
    return columns


def _greater(one: Term, other: Term) -> Term:
    return _extreme(">=", one, other)


def _lesser(one: Term, other: Term) -> Term:
    return _extreme("<=", one, other)


def _extreme(sign: str, one: Term, other: Term) -> Term:
    left, right = as_column(one), as_column(other)
    if left.kind.name not in _ORDERED:
        raise NotTranslatable
    kind = joint_kind([left.kind, right.kind])
    left, right = rescaled(left, kind.scale), rescaled(right, kind.scale)
    return Column(choose(_SIGNS[sign](left.expr, right.expr), left.expr, right.expr), kind)


_FUNCTIONS: dict[tuple[str, int], Callable[..., Term]] = {
    ("not", 1): _not,
    ("count", 1): lambda items: listing.count(_list(items)),
    ("list contains", 2): _list_contains,
    ("distinct values", 1): lambda items: listing.distinct(_list(items)),
    ("string length", 1): _string_length,
    ("starts with", 2): lambda a, b: truth_term(_text(a).startswith(_text(b))),
    ("ends with", 2): lambda a, b: truth_term(_text(a).endswith(_text(b))),
    ("contains", 2): lambda a, b: truth_term(_text(a).contains(_text(b))),
    ("substring", 3): _substring,
    ("date", 3): lambda y, m, d: days.make_day(as_column(y), as_column(m), as_column(d)),
    ("years and months duration", 2): lambda a, b: days.months_between(*_both_dates(a, b)),
    ("max", 2): _greater,
    ("min", 2): _lesser,
}

_TRANSLATE: dict[type[tree.Node], Callable[..., Term]] = {
    tree.Name: _name,
    tree.Path: _path,
    tree.Comparison: _comparison,
    tree.Logic: _logic,
    tree.If: _if,
    tree.In: _in,
    tree.Between: _between_node,
    tree.Arithmetic: _arithmetic,
    tree.Negative: _negative,
    tree.Quantified: _quantified,
    tree.Filter: _filter,
    tree.Call: _call,
}
