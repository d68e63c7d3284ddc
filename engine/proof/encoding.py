"""Expressions of definitions as formulas: the readings of `engine.profile`, case by case.

What has no formula (texts cut apart, lists of records of any length, functions as values) stands
as a free value of its kind, the same one wherever the same expression reads the same facts. A
formula with free values holds for more than the expression does: what is proved of it is proved,
and what it refutes is only believed once the engine has confirmed it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import z3

from engine.feel import Expression, FeelLimitError, UnaryTests, YearsMonths, tree
from engine.feel.names import free_names
from engine.feel.registry import BUILTINS
from engine.feel.scope import compile_tree, mentions, needs_run
from engine.feel.temporal import date_of_day
from engine.feel.timetext import read_temporal
from engine.feel.tree import Node
from engine.profile import to_profile
from engine.proof.encoding_dates import CalendarTerms, first_day_later
from engine.proof.terms import (
    NO,
    NULL,
    YES,
    Formula,
    Term,
    TermKind,
    Vocabulary,
    aligned,
    boolean,
    both,
    choose,
    either,
    kleene_and,
    kleene_not,
    kleene_or,
    merged,
    opposite,
    term_of,
)

Names = Mapping[str, Term]
_COMPARE: Final[Mapping[str, Callable[[Formula, Formula], Formula]]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_MOST_ANSWERS: Final = 3000  # of functions of texts, told to the solver
_MOST_TEXTS: Final = 200  # for which one function is asked
_ORDERED: Final = ("number", "date", "months", "days")
_SCALARS: Final = (*_ORDERED, "boolean", "text")
_BOOLEANS: Final = (
    tree.Comparison, tree.Logic, tree.Between, tree.In, tree.Quantified, tree.InstanceOf, tree.Tests,
)  # fmt: skip


GivenFunction = Callable[["Encoding", Sequence[Term]], Term]


class NotEncodable(Exception):
    """There is no formula for this; `kind` is the value's kind where it is certain."""

    def __init__(self, kind: TermKind | None = None) -> None:
        self.kind = kind
        super().__init__(kind)


@dataclass(frozen=True, slots=True, eq=False)
class Outside:
    """What stands as a free value: its text, the value, and where it is an expression, its tree."""

    text: str
    term: Term
    node: Node | None
    names: Mapping[str, Term]


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """A function of texts where it is applied, as a formula of its arguments."""

    name: str
    arguments: tuple[Term, ...]
    value: Formula
    known: Formula


class Encoding:
    """Formulas over one set of variables, and what defines the names they introduce."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self.calendar = CalendarTerms()
        self.definitions: list[Formula] = []
        self.outside: dict[tuple[Any, ...], Outside] = {}
        self.texts: list[Formula] = []  # variables for texts that are given, never empty
        self.computed_texts: list[Formula] = []  # those that expressions give, "" among them
        self.functions: dict[str, GivenFunction] = {}  # what the engine itself offers to call
        self.applied: list[Applied] = []  # functions of texts, each where it is applied
        self.numbers: set[Decimal] = set()  # those written in the rules: where answers change
        self._source = ""
        self._kept: list[Term] = []  # keeps every identity in use from being given out again

    @property
    def constraints(self) -> list[Formula]:
        """What holds of every case; to be asked once all expressions are encoded."""
        answers = list(self._answers())
        given = [self.vocabulary.is_admissible(variable) for variable in self.texts]
        computed = [self.vocabulary.is_text(variable) for variable in self.computed_texts]
        return [*self.definitions, *self.calendar.definitions, *given, *computed, *answers]

    def _answers(self) -> Iterator[Formula]:
        """What functions of texts give for the texts that are mentioned: the engine says so.

        A join answers with texts that nothing mentioned, which the next function may be asked for
        again, and so on: told are the first ones, and only so many. What is not told stays open.
        """
        left = _MOST_ANSWERS
        for applied in self.applied:
            asked = self._asked_of(applied)
            if asked is None:
                continue
            texts = self.vocabulary.texts[: min(left, _MOST_TEXTS)]
            left -= len(texts)
            for text in texts:
                yield from self._answer(*asked, text)

    def _asked_of(self, applied: Applied) -> "tuple[Applied, int, list[object]] | None":
        """A function with one text left open: where it stands, and the other arguments."""
        values = [constant_of(argument, self.vocabulary) for argument in applied.arguments]
        open_places = [place for place, (is_fixed, _) in enumerate(values) if not is_fixed]
        if len(open_places) != 1 or applied.arguments[open_places[0]].kind != "text":
            return None
        return applied, open_places[0], [value for _, value in values]

    def _answer(
        self, applied: Applied, place: int, values: Sequence[object], text: str
    ) -> Iterator[Formula]:
        given = [text if n == place else value for n, value in enumerate(values)]
        found = term_of(called(applied.name, given), self.vocabulary)
        is_this = applied.arguments[place].value == self.vocabulary.number(text)
        yield z3.Implies(is_this, applied.known == found.known)
        if found.kind != "null":
            yield z3.Implies(is_this, applied.value == found.value)

    def expression(self, expression: Expression, names: Names) -> Term:
        """What an expression gives, over terms by name; a name that is not there is null."""
        self._source = expression.text
        try:
            return self.term(expression.tree, names)
        except NotEncodable:
            return self.free(expression.tree, names, "other")

    def cell(self, cell: UnaryTests, value: Term, names: Names) -> Term:
        """Whether a value passes a cell of a table."""
        self._source = cell.text
        return self.term(cell.tree, {**names, "?": value})

    # --- nodes -----------------------------------------------------------------------------

    def term(self, node: Node, names: Names) -> Term:
        """Raises NotEncodable where not even the kind of the value is certain."""
        folded = self._folded(node, names)
        if folded is not None:
            return folded
        rule = _RULES.get(type(node))
        try:
            if rule is None:
                raise NotEncodable
            return rule(self, node, names)
        except NotEncodable as problem:
            kind = "boolean" if isinstance(node, _BOOLEANS) else problem.kind
            if kind is None:
                raise
            return self.free(node, names, kind)

    def _folded(self, node: Node, names: Names) -> Term | None:
        """A node all of whose names are constants, answered by the engine itself."""
        if isinstance(node, tree.Name):
            return None
        free = _names_read(node)
        values: dict[str, object] = {}
        for name in free & names.keys():
            found, value = constant_of(names[name], self.vocabulary)
            if not found:
                return None
            values[name] = value
        if free & self.functions.keys():
            return None
        try:
            answer = _evaluated(node, values)
        except FeelLimitError:
            return None
        if type(answer) is Decimal:
            self.numbers.add(answer)
        term = term_of(answer, self.vocabulary)
        return None if term.kind == "other" or _holds_other(term) else term

    def free(self, node: Node, names: Names, kind: TermKind) -> Term:
        """A free value for an expression, the same wherever it reads the same."""
        read = sorted(_names_read(node) & names.keys())
        key = (tree.fingerprint(node), kind, *((n, names[n].identity) for n in read))
        found = self.outside.get(key)
        if found is None:
            term = self.variable(f"outside{len(self.outside)}", kind)
            text = self._source[node.start : node.end]
            found = Outside(text, term, node, {name: names[name] for name in read})
            self.outside[key] = found
        return found.term

    def variable(self, name: str, kind: TermKind, known: Formula | None = None) -> Term:
        """A fresh value of a kind, which may be unknown unless `known` says otherwise."""
        known = z3.Bool(f"{name} known") if known is None else known
        if kind == "boolean":
            return Term(kind, known, z3.Bool(name))
        if kind == "number":
            return Term(kind, known, z3.Real(name), None)
        value = z3.Int(name)
        if kind == "text":
            self.computed_texts.append(value)
        return Term(kind, known, value)

    def keep(self, term: Term) -> Term:
        self._kept.append(term)
        return term


def _holds_other(term: Term) -> bool:
    return any(
        t.kind == "other" or _holds_other(t)
        for t in (*(item for _, item in term.entries), *term.fields.values())
    )


def _names_read(node: Node) -> frozenset[str]:
    """The names that a node may read; a cell reads the value that it tests."""
    tested = {"?"} if isinstance(node, tree.Tests) else set()
    return frozenset().union(*free_names(node), tested)


def _evaluated(node: Node, values: Mapping[str, object]) -> object:
    strict, free = to_profile(node), _names_read(node)
    code, names = compile_tree(strict, {}), tuple(sorted(free))
    whole = Expression("", strict, (), free, frozenset(), code, names, needs_run(strict))
    return whole.evaluate(values)


def called(name: str, values: Sequence[object]) -> object:
    """What a built-in function of the profile gives; `+` joins two texts."""
    if name == "+":
        return None if None in values else "".join(map(str, values))
    arguments = [tree.Argument(0, 0, "", tree.Name(0, 0, f"v{n}")) for n in range(len(values))]
    call = tree.Call(0, 0, tree.Name(0, 0, name), tuple(arguments))
    return _evaluated(call, {f"v{n}": value for n, value in enumerate(values)})


def constant_of(term: Term, vocabulary: Vocabulary) -> tuple[bool, object]:
    """Whether a term is one certain value, and the value."""
    if z3.is_false(term.known):
        return True, None
    if not z3.is_true(term.known):
        return False, None
    if term.kind == "list":
        return _constant_list(term, vocabulary)
    if term.kind == "record":
        found = {n: constant_of(t, vocabulary) for n, t in term.fields.items()}
        if not all(is_constant for is_constant, _ in found.values()):
            return False, None
        return True, {name: value for name, (_, value) in found.items()}
    return _constant_scalar(term, vocabulary)


def _constant_list(term: Term, vocabulary: Vocabulary) -> tuple[bool, object]:
    listed: list[object] = []
    for times, item in term.entries:
        is_constant, value = constant_of(item, vocabulary)
        if not is_constant or not z3.is_int_value(times):
            return False, None
        listed += [value] * times.as_long()
    return True, listed


def _constant_scalar(term: Term, vocabulary: Vocabulary) -> tuple[bool, object]:
    if term.kind == "boolean":
        is_constant = z3.is_true(term.value) or z3.is_false(term.value)
        return is_constant, z3.is_true(term.value)
    if term.kind == "other" or not z3.is_int_value(term.value):
        return False, None
    number = term.value.as_long()
    if term.kind == "text":
        text = vocabulary.text(number)
        return text is not None, text
    return True, scalar_of(term.kind, number, term.scale or 0)


def scalar_of(kind: TermKind, number: int, scale: int) -> object:
    """The FEEL value that a whole number stands for."""
    if kind == "date":
        return date_of_day(number)
    if kind == "months":
        return YearsMonths(number)
    return timedelta(days=number) if kind == "days" else Decimal(number).scaleb(-scale)


# -- comparing


def compared(sign: str, left: Term, right: Term) -> Term:
    """One of the six comparisons between values that must be known; unlike kinds give null."""
    if "other" in (left.kind, right.kind):
        raise NotEncodable("boolean")
    if left.kind != right.kind or left.kind == "null":
        return NULL
    if left.kind not in _SCALARS or (sign not in ("=", "!=") and left.kind == "text"):
        raise NotEncodable("boolean")
    if sign not in ("=", "!=") and left.kind == "boolean":
        return NULL
    values = aligned(left, right) if left.kind == "number" else (left.value, right.value)
    return Term("boolean", both(left.known, right.known), _COMPARE[sign](*values))


def alike(left: Term, right: Term) -> Term:
    """Equality, where unlike kinds are simply different."""
    if left.kind != right.kind and not {left.kind, right.kind} & {"null", "other"}:
        return Term("boolean", both(left.known, right.known), NO)
    return compared("=", left, right)


def is_null(term: Term) -> Term:
    return Term("boolean", YES, opposite(term.known))


def _is_null_literal(node: Node) -> bool:
    return isinstance(node, tree.Literal) and node.value is None


def _comparison(encoding: Encoding, node: tree.Comparison, names: Names) -> Term:
    for side, other in ((node.left, node.right), (node.right, node.left)):
        if _is_null_literal(side):
            if node.operator not in ("=", "!="):
                return NULL
            asked = is_null(encoding.term(other, names))
            return asked if node.operator == "=" else kleene_not(asked)
    moved = _moved_bound(encoding, node, names)
    if moved is not None:
        return moved
    return compared(
        node.operator, encoding.term(node.left, names), encoding.term(node.right, names)
    )


_FLIPPED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _moved_bound(encoding: Encoding, node: tree.Comparison, names: Names) -> Term | None:
    """`day + months >= fixed day` by the first day for which it holds: the calendar is then done.

    None for any other comparison.
    """
    for side, other, sign in (
        (node.left, node.right, node.operator),
        (node.right, node.left, _FLIPPED.get(node.operator, "")),
    ):
        if sign not in _FLIPPED or not isinstance(side, tree.Arithmetic):
            continue
        if side.operator not in "+-":
            continue
        day, by = encoding.term(side.left, names), encoding.term(side.right, names)
        fixed = encoding.term(other, names)
        is_by, months = constant_of(by, encoding.vocabulary)
        is_fixed, last = constant_of(fixed, encoding.vocabulary)
        if day.kind != "date" or not (is_by and isinstance(months, YearsMonths)):
            continue
        if not is_fixed or type(last) is not date:
            continue
        count = months.months if side.operator == "+" else -months.months
        # later >= last, later > last (that is, >= the next day), and what denies them
        bound = first_day_later(count, last.toordinal() + (sign in (">", "<=")))
        holds = day.value >= bound if sign.startswith(">") else day.value < bound
        return Term("boolean", day.known, holds)
    return None


def _logic(encoding: Encoding, node: tree.Logic, names: Names) -> Term:
    parts = [encoding.term(operand, names) for operand in node.operands]
    return kleene_and(parts) if node.operator == "and" else kleene_or(parts)


def _between(encoding: Encoding, node: tree.Between, names: Names) -> Term:
    value, low, high = (encoding.term(part, names) for part in tree.children(node))
    return kleene_and([compared(">=", value, low), compared("<=", value, high)])


def _in(encoding: Encoding, node: tree.In, names: Names) -> Term:
    value = encoding.term(node.value, names)
    return kleene_or([_test(encoding, value, test, names) for test in node.tests])


def _test(encoding: Encoding, value: Term, node: Node, names: Names) -> Term:
    """One test of `in` or of a cell, held against a value."""
    if _is_null_literal(node):
        return is_null(value)
    if isinstance(node, tree.HalfLine):
        return compared(node.operator, value, encoding.term(node.operand, names))
    if isinstance(node, tree.Interval):
        return _within(encoding, value, node, names)
    test = encoding.term(node, names)
    if test.kind == "list":
        return _among(value, test)
    return compared("=", value, test)


def _within(encoding: Encoding, value: Term, node: tree.Interval, names: Names) -> Term:
    low, high = encoding.term(node.low, names), encoding.term(node.high, names)
    if low.kind != high.kind and "null" not in (low.kind, high.kind):
        return NULL
    above = compared(">=" if node.low_closed else ">", value, low)
    below = compared("<=" if node.high_closed else "<", value, high)
    inside = kleene_and([above, below])
    return replace(inside, known=both(value.known, inside.known))


def _among(value: Term, listed: Term) -> Term:
    if value.kind in ("list", "other"):
        raise NotEncodable("boolean")
    found = kleene_or([present(times, alike(value, item)) for times, item in listed.entries])
    return replace(found, known=both(value.known, listed.known, found.known))


def present(times: Formula, answer: Term) -> Term:
    """An answer about an entry, false where the entry does not occur."""
    there = occurs(times)
    return boolean(both(there, answer.is_true), either(opposite(there), answer.is_false))


def occurs(times: Formula) -> Formula:
    return z3.BoolVal(times.as_long() > 0) if z3.is_int_value(times) else times > 0


def _tests(encoding: Encoding, node: tree.Tests, names: Names) -> Term:
    if not node.tests:
        return Term("boolean", YES, YES)
    value = names["?"]
    parts = [
        encoding.term(test, names) if mentions(test, "?") else _test(encoding, value, test, names)
        for test in node.tests
    ]
    answer = kleene_or(parts)
    return kleene_not(answer) if node.negated else answer


# -- the rest of the tree


def _name(encoding: Encoding, node: tree.Name, names: Names) -> Term:
    found = names.get(node.name)
    if found is None and node.name in BUILTINS:
        raise NotEncodable
    return found if found is not None else NULL


def _if(encoding: Encoding, node: tree.If, names: Names) -> Term:
    condition = encoding.term(node.condition, names)
    then, otherwise = encoding.term(node.then, names), encoding.term(node.otherwise, names)
    chosen = merged(condition.is_true, then, otherwise)
    if chosen is None:
        raise NotEncodable
    decided = condition.known if condition.kind == "boolean" else NO
    return replace(chosen, known=both(decided, chosen.known))


def _path(encoding: Encoding, node: tree.Path, names: Names) -> Term:
    source = encoding.term(node.source, names)
    if source.kind == "list":
        read = ((times, _property(encoding, item, node.name)) for times, item in source.entries)
        return Term("list", source.known, entries=tuple(read))
    return _property(encoding, source, node.name)


def _property(encoding: Encoding, source: Term, name: str) -> Term:
    if source.kind == "record":
        found = source.fields.get(name, NULL)
        return replace(found, known=both(source.known, found.known))
    if source.kind == "other":
        raise NotEncodable
    if source.kind == "date" and name in ("year", "month", "day"):
        place = ("year", "month", "day").index(name)
        return Term("number", source.known, encoding.calendar.parts(source.value)[place], 0, 5)
    if source.kind == "date" and name == "weekday":
        return Term("number", source.known, (source.value - 1) % 7 + 1, 0, 1)
    if source.kind == "months" and name in ("years", "months"):
        size = z3.If(source.value < 0, -source.value, source.value)
        part = size / 12 if name == "years" else size % 12
        signed = z3.If(source.value < 0, -part, part)
        return Term("number", source.known, signed, 0, 10)
    if source.kind == "days" and name == "days":
        return Term("number", source.known, source.value, 0, 10)
    if source.kind == "days" and name in ("hours", "minutes", "seconds"):
        return Term("number", source.known, z3.IntVal(0), 0, 1)
    if source.kind == "days":
        raise NotEncodable
    return NULL


def _list(encoding: Encoding, node: tree.ListOf, names: Names) -> Term:
    one = z3.IntVal(1)
    return Term("list", YES, entries=tuple((one, encoding.term(i, names)) for i in node.items))


def _quantified(encoding: Encoding, node: tree.Quantified, names: Names) -> Term:
    return _over(encoding, node, node.loops, names)


def _over(
    encoding: Encoding, node: tree.Quantified, loops: Sequence[tree.Loop], names: Names
) -> Term:
    if not loops:
        return encoding.term(node.condition, names)
    is_some, answers = node.quantifier == "some", []
    known, entries = _items(encoding, loops[0], names)
    for times, item in entries:
        inner = _over(encoding, node, loops[1:], {**names, loops[0].name: item})
        answer = present(times, inner if is_some else kleene_not(_as_boolean(inner)))
        answers.append(answer)
    found = kleene_or(answers)
    decided = found if is_some else kleene_not(found)
    return replace(decided, known=both(known, decided.known))


def _as_boolean(term: Term) -> Term:
    return boolean(term.is_true, term.is_false)


def _items(
    encoding: Encoding, loop: tree.Loop, names: Names
) -> tuple[Formula, tuple[tuple[Formula, Term], ...]]:
    """Whether there is a list to run over, and its entries; one value is a list of itself."""
    if loop.to is not None:
        raise NotEncodable
    source = encoding.term(loop.source, names)
    if source.kind == "other":
        raise NotEncodable
    entries = source.entries if source.kind == "list" else ((z3.IntVal(1), source),)
    return source.known, entries


def _for(encoding: Encoding, node: tree.For, names: Names) -> Term:
    if len(node.loops) != 1 or mentions(node, "partial"):
        raise NotEncodable
    loop = node.loops[0]
    known, entries = _items(encoding, loop, names)
    made = ((n, encoding.term(node.body, {**names, loop.name: item})) for n, item in entries)
    return Term("list", known, entries=tuple(made))


def _is_condition(node: Node) -> bool:
    is_call = isinstance(node, tree.Call) and isinstance(node.function, tree.Name)
    return isinstance(node, _BOOLEANS) or (
        is_call and node.function.name in ("not", "list contains", "contains", "starts with")  # type: ignore[attr-defined]
    )


def _filter(encoding: Encoding, node: tree.Filter, names: Names) -> Term:
    source = encoding.term(node.source, names)
    # What may turn out to be a position selects otherwise than what is plainly a condition.
    if source.kind != "list" or not _is_condition(node.condition):
        raise NotEncodable
    kept, known = [], source.known
    for times, item in source.entries:
        inner = {**names, "item": item, **item.fields}
        answer = encoding.term(node.condition, inner)
        if answer.kind in ("number", "other"):
            raise NotEncodable
        decided = answer.known if answer.kind == "boolean" else NO
        known = both(known, either(opposite(occurs(times)), decided))
        kept.append((choose(answer.is_true, times, z3.IntVal(0)), item))
    return Term("list", known, entries=tuple(kept))


def _literal(encoding: Encoding, node: tree.Literal, names: Names) -> Term:
    return term_of(node.value, encoding.vocabulary)


def _at_literal(encoding: Encoding, node: tree.AtLiteral, names: Names) -> Term:
    found = term_of(read_temporal(node.text), encoding.vocabulary)
    if found.kind == "other":
        raise NotEncodable
    return found


_Rule = Callable[[Encoding, Any, Names], Term]
_RULES: Final[dict[type[Node], _Rule]] = {
    tree.Literal: _literal,
    tree.AtLiteral: _at_literal,
    tree.Name: _name,
    tree.Comparison: _comparison,
    tree.Logic: _logic,
    tree.Between: _between,
    tree.In: _in,
    tree.Tests: _tests,
    tree.If: _if,
    tree.Path: _path,
    tree.ListOf: _list,
    tree.Quantified: _quantified,
    tree.For: _for,
    tree.Filter: _filter,
}


def register_rule(kind: type[Node], rule: _Rule) -> None:
    """Tells how a kind of node is encoded; `encoding_calls` and others add theirs."""
    _RULES[kind] = rule
