"""Comparisons that always come out the same, because of what the facts they read can be.

Such a condition decides nothing: a figure, a direction or a declared range is mistaken. Null
(待核) is always possible beside what is said here, so the answer is the same *wherever it is known*.
"""

from collections import ChainMap
from collections.abc import Callable, Container, Iterable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Final, Literal, cast

from engine.checks.possible_values import (
    ANYTHING,
    BOOLEANS,
    Grid,
    Piece,
    Possible,
    absolute,
    constant,
    differences,
    extremes,
    is_covered,
    monotone,
    negated,
    numbers,
    outcomes,
    products,
    quotients,
    shared_pieces,
    sums,
    union,
)
from engine.feel import FeelSyntaxError, compile_unary, tree
from engine.feel.numbers import round_to
from engine.feel.values import Value
from engine.profile import compile_rule

_WHOLE: Final = Grid(Decimal(1))
_MOST_BRACKETS: Final = 4
_BOTH: Final = frozenset({True, False})
_ROUNDINGS: Final = {
    "decimal": "ROUND_HALF_EVEN",
    "floor": "ROUND_FLOOR",
    "ceiling": "ROUND_CEILING",
    "round up": "ROUND_UP",
    "round down": "ROUND_DOWN",
    "round half up": "ROUND_HALF_UP",
    "round half down": "ROUND_HALF_DOWN",
}
_PARTS: Final = {"month": (1, 12), "day": (1, 31), "weekday": (1, 7)}
_COUNTS: Final = ("count", "string length")

ConstancyKind = Literal["comparison", "cell", "codes"]


@dataclass(frozen=True, slots=True)
class Constancy:
    """A comparison, or a part of one, whose answer is always the same; offsets in its text.

    `cell` is the whole cell of a table. `codes` names every word of a code set one by one, which a
    word added to the set would change.
    """

    start: int
    end: int
    answer: bool
    names: tuple[str, ...]
    kind: ConstancyKind = "comparison"
    sides: tuple[tuple[str, Possible], ...] = ()  # what is compared, by its text


@dataclass
class ConstantSearch:
    """Goes through an expression once; `found` are its constant comparisons, outermost only.

    Texts outside the code set of a name in `coded` are reported elsewhere.
    """

    text: str
    scope: Mapping[str, Possible]
    coded: Container[str] = ()
    found: list[Constancy] = field(default_factory=list)

    def cell(self, tests: tree.Tests, column: str, values: Possible) -> None:
        """The cell of a table's column, and its tests one by one."""
        inner = self._within({"?": values})
        answers = []
        for test in tests.tests:
            if _mentions_input(test):
                inner.value_of(test)
                answers.append(_BOTH)
            else:
                answers.append(inner._test(test, values))
        whole = inner._joined(tests.tests, answers, values)
        if len(whole) == 1:
            answer = (True in whole) is not tests.negated
            is_reported = all(self._is_coded(tree.Name(0, 0, column), t) for t in tests.tests)
            if False in whole and is_reported:
                return
            self._add(tests, answer, [column], "cell")
        else:
            self._add_unmet(tree.Name(0, 0, column), tests.tests, answers, [column])

    def value_of(self, node: tree.Node) -> Possible:
        """What the expression can be; constant comparisons in it are added to `found`."""
        rule = _RULES.get(type(node))
        if rule is not None:
            return rule(self, node)
        for child in tree.children(node):
            self.value_of(child)
        return ANYTHING

    # --- inside ----------------------------------------------------------------------------

    def _within(self, names: Mapping[str, Possible]) -> "ConstantSearch":
        below = cast(MutableMapping[str, Possible], self.scope)  # only ever read
        return ConstantSearch(self.text, ChainMap(dict(names), below), self.coded, self.found)

    def _add(
        self,
        node: tree.Node,
        answer: bool,
        names: Iterable[str] = (),
        kind: ConstancyKind = "comparison",
        *,
        sides: Iterable[tuple[tree.Node, Possible]] = (),
    ) -> None:
        read = tuple(dict.fromkeys([*names, *_names(node)]))
        start, end = _bracketed(self.text, node.start, node.end)
        told = tuple(
            (self.text[slice(*_bracketed(self.text, side.start, side.end))], values)
            for side, values in sides
            if not isinstance(side, tree.Literal | tree.AtLiteral)
        )
        self.found.append(Constancy(start, end, answer, read, kind, told))

    def name(self, node: tree.Name) -> Possible:
        return self.scope.get(node.name, ANYTHING)

    def literal(self, node: tree.Literal) -> Possible:
        return ANYTHING if node.value is None else constant(node.value)

    def at_literal(self, node: tree.AtLiteral) -> Possible:
        return self._evaluated(node)

    def _evaluated(self, node: tree.Node) -> Possible:
        value = self._constant(node)
        return ANYTHING if value is None else constant(value)

    def _constant(self, node: tree.Node) -> Value:
        """The value of an expression that reads no name; null for any other."""
        try:
            expression = compile_rule(self.text[node.start : node.end])
            return None if expression.names else expression.evaluate()
        except FeelSyntaxError:
            return None  # only part of a longer notation

    def negative(self, node: tree.Negative) -> Possible:
        return negated(self.value_of(node.operand))

    def arithmetic(self, node: tree.Arithmetic) -> Possible:
        left, right = self.value_of(node.left), self.value_of(node.right)
        rule = _SUMS.get(node.operator)
        return rule(left, right) if rule else ANYTHING

    def comparison(self, node: tree.Comparison) -> Possible:
        left, right = self.value_of(node.left), self.value_of(node.right)
        if _is_null(node.left) or _is_null(node.right):
            return BOOLEANS
        if node.left == node.right and _is_plain(node.left):
            self._add(node, node.operator in ("=", "<=", ">="))
            return BOOLEANS
        answers = outcomes(node.operator, left, right)
        is_reported = self._is_coded(node.left, node.right) or self._is_coded(node.right, node.left)
        if len(answers) == 1 and not is_reported:
            self._add(node, True in answers, sides=((node.left, left), (node.right, right)))
        return BOOLEANS

    def between(self, node: tree.Between) -> Possible:
        value = self.value_of(node.value)
        piece = self._piece(node.low, node.high, closed=(True, True))
        ends = (self.value_of(node.low), self.value_of(node.high))
        answers = self._in_range(value, piece, ends, (True, True))
        if len(answers) == 1:
            self._add(node, True in answers, sides=[(node.value, value)])
        return BOOLEANS

    def is_in(self, node: tree.In) -> Possible:
        value = self.value_of(node.value)
        tests = [item for test in node.tests for item in _items(test)]
        answers = [self._test(test, value) for test in tests]
        whole = self._joined(tests, answers, value)
        if len(whole) == 1:
            if True in whole or not all(self._is_coded(node.value, test) for test in tests):
                is_codes = True in whole and value.kind == "text"
                self._add(
                    node,
                    True in whole,
                    (),
                    "codes" if is_codes else "comparison",
                    sides=[(node.value, value)],
                )
        else:
            self._add_unmet(node.value, tests, answers, _names(node.value))
        return BOOLEANS

    def _joined(
        self, tests: Sequence[tree.Node], answers: Sequence[frozenset[bool]], values: Possible
    ) -> frozenset[bool]:
        """The answers of several tests, of which one must be met."""
        if not answers:
            return _BOTH
        if all(answer == {False} for answer in answers):
            return frozenset({False})
        if any(answer == {True} for answer in answers):
            return frozenset({True})
        if values.words is not None:
            listed = {test.value for test in tests if isinstance(test, tree.Literal)}
            return frozenset({True}) if values.words <= listed else _BOTH
        pieces = [piece for test in tests for piece in self.stretches(test)]
        is_whole = values.is_number_like and is_covered(values, pieces)
        return frozenset({True}) if is_whole else _BOTH

    def _add_unmet(
        self,
        value: tree.Node,
        tests: Iterable[tree.Node],
        answers: Iterable[frozenset[bool]],
        names: Iterable[str],
    ) -> None:
        """Tests of several that no value meets."""
        for test, answer in zip(tests, answers, strict=True):
            if answer == {False} and not self._is_coded(value, test):
                self._add(test, False, names)

    def _is_coded(self, value: tree.Node, test: tree.Node) -> bool:
        """Whether a text is held against a code set elsewhere."""
        is_text = isinstance(test, tree.Literal) and isinstance(test.value, str)
        return is_text and isinstance(value, tree.Name) and value.name in self.coded

    def _peek(self, node: tree.Node) -> Possible:
        """What a node can be, without adding what is constant in it a second time."""
        return ConstantSearch(self.text, self.scope).value_of(node)

    def _test(self, test: tree.Node, value: Possible) -> frozenset[bool]:
        """Whether a value may pass, and may fail, one test."""
        if _is_null(test):
            return _BOTH
        if isinstance(test, tree.HalfLine):
            operand = self.value_of(test.operand)
            return _BOTH if _is_null(test.operand) else outcomes(test.operator, value, operand)
        if isinstance(test, tree.Interval):
            closed = (test.low_closed, test.high_closed)
            ends = (self.value_of(test.low), self.value_of(test.high))
            piece = self._piece(test.low, test.high, closed)
            return self._in_range(value, piece, ends, closed)
        found = self.value_of(test)
        return _BOTH if isinstance(test, tree.ListOf) else outcomes("=", value, found)

    def _in_range(
        self,
        value: Possible,
        piece: Piece | None,
        ends: tuple[Possible, Possible],
        closed: tuple[bool, bool],
    ) -> frozenset[bool]:
        low = outcomes(">=" if closed[0] else ">", value, ends[0])
        high = outcomes("<=" if closed[1] else "<", value, ends[1])
        may_fail = False in low | high
        may_pass = True in low and True in high and not (piece is not None and piece.is_empty)
        if may_pass and piece is not None and value.is_number_like and value.kind == ends[0].kind:
            may_pass = any(True for _ in shared_pieces(value, [piece]))
        return frozenset(({True} if may_pass else set()) | ({False} if may_fail else set()))

    def _piece(self, low: tree.Node, high: tree.Node, closed: tuple[bool, bool]) -> Piece | None:
        """The stretch between two ends that are one number or day each."""
        one, other = self._peek(low), self._peek(high)
        if one.point is None or other.point is None or one.kind != other.kind:
            return None
        return Piece(one.point, other.point, *closed)

    def stretches(self, test: tree.Node) -> list[Piece]:
        """What numbers a test is met by, where that is the same for every application."""
        if isinstance(test, tree.Interval):
            piece = self._piece(test.low, test.high, (test.low_closed, test.high_closed))
            return [] if piece is None else [piece]
        operator = test.operator if isinstance(test, tree.HalfLine) else "="
        end = self._peek(test.operand if isinstance(test, tree.HalfLine) else test)
        if end.kind == "text" or end.point is None:
            return []
        return _half_line(operator, end.point)

    def choice(self, node: tree.If) -> Possible:
        self.value_of(node.condition)
        return union([self.value_of(node.then), self.value_of(node.otherwise)])

    def list_of(self, node: tree.ListOf) -> Possible:
        return Possible(item=union([self.value_of(item) for item in node.items]))

    def context(self, node: tree.ContextOf) -> Possible:
        inner, entries = self, {}
        for entry in node.entries:
            entries[entry.key] = inner.value_of(entry.value)
            inner = inner._within({entry.key: entries[entry.key]})
        return Possible(entries=entries)

    def loops(self, node: tree.For | tree.Quantified) -> Possible:
        inner = self
        for loop in node.loops:
            source = inner.value_of(loop.source)
            if loop.to is not None:
                inner.value_of(loop.to)
            item = source.item if loop.to is None and source.item is not None else ANYTHING
            inner = inner._within({loop.name: item, "partial": ANYTHING})
        body = inner.value_of(node.body if isinstance(node, tree.For) else node.condition)
        return Possible(item=body) if isinstance(node, tree.For) else BOOLEANS

    def path(self, node: tree.Path) -> Possible:
        source = self.value_of(node.source)
        if source.item is not None:
            return Possible(item=source.item.entries.get(node.name, ANYTHING))
        if source.kind == "date":
            return _part_of_date(source, node.name)
        return source.entries.get(node.name, ANYTHING)

    def selection(self, node: tree.Filter) -> Possible:
        source = self.value_of(node.source)
        item = source.item
        if item is None or (item.kind is None and not item.entries):
            # An entry of any name may hide what stands outside.
            ConstantSearch(self.text, {}, (), self.found).value_of(node.condition)
            return ANYTHING
        self._within({"item": item, **item.entries}).value_of(node.condition)
        if isinstance(node.condition, tree.Literal | tree.Negative):
            return item  # at a position
        return ANYTHING if isinstance(node.condition, tree.Arithmetic | tree.Name) else source

    def function(self, node: tree.FunctionOf) -> Possible:
        hidden = {parameter.name: ANYTHING for parameter in node.parameters}
        self._within(hidden).value_of(node.body)
        return ANYTHING

    def call(self, node: tree.Call) -> Possible:
        given = [self.value_of(argument.value) for argument in node.arguments]
        if not isinstance(node.function, tree.Name) or node.function.name in self.scope:
            return ANYTHING
        if any(argument.name for argument in node.arguments):
            return ANYTHING
        name = node.function.name
        if name in _COUNTS:
            return numbers("number", [Piece(Decimal(0))], _WHOLE)
        if name in ("min", "max"):
            listed = given[0].item if len(given) == 1 else None
            return extremes([listed] if listed else given, min if name == "min" else max)
        if name == "abs" and given:
            return absolute(given[0])
        if name in _ROUNDINGS and given:
            return _rounded(given, _ROUNDINGS[name])
        if name == "list contains" and len(given) == 2:
            self._contained(node, *given)
        return self._evaluated(node) if name in ("date", "duration") else ANYTHING

    def _contained(self, node: tree.Call, source: Possible, element: Possible) -> None:
        if source.item is not None and outcomes("=", source.item, element) == {False}:
            self._add(node, False)


def _bracketed(text: str, start: int, end: int) -> tuple[int, int]:
    """With the brackets that it cannot be read without: `(a + b) > 3` begins at its first operand."""
    starts = [start, *(at for at in range(start - 1, -1, -1) if text[at] == "(")][:_MOST_BRACKETS]
    ends = [end, *(at + 1 for at in range(end, len(text)) if text[at] == ")")][:_MOST_BRACKETS]
    for first, last in sorted(product(starts, ends), key=lambda span: span[1] - span[0]):
        with suppress(FeelSyntaxError):
            compile_unary(text[first:last])
            return first, last
    return start, end


def _half_line(operator: str, end: Decimal) -> list[Piece]:
    below = Piece(high=end, high_closed=operator == "<=")
    above = Piece(end, low_closed=operator == ">=")
    if operator == "=":
        return [Piece(end, end)]
    if operator == "!=":
        return [below, above]
    return [below] if operator.startswith("<") else [above]


def _part_of_date(days: Possible, name: str) -> Possible:
    low, high = _PARTS.get(name, (None, None))
    if low is None or high is None:
        return ANYTHING
    return numbers("number", [Piece(Decimal(low), Decimal(high))], _WHOLE)


def _rounded(given: list[Possible], rounding: str) -> Possible:
    scale = given[1].point if len(given) > 1 else Decimal(0)
    if scale is None or scale != int(scale) or abs(scale) > 30:
        return ANYTHING
    step = Decimal((0, (1,), -int(scale)))

    def rounded(end: Decimal) -> Decimal | None:
        return round_to(end, scale, rounding)

    return monotone(given[0], rounded, Grid(step))


def _items(test: tree.Node) -> tuple[tree.Node, ...]:
    return test.items if isinstance(test, tree.ListOf) else (test,)


def _is_null(node: tree.Node) -> bool:
    return isinstance(node, tree.Literal) and node.value is None


def _is_plain(node: tree.Node) -> bool:
    return isinstance(node, tree.Name | tree.Path)


def _mentions_input(node: tree.Node) -> bool:
    return "?" in _names(node)


def _names(node: tree.Node) -> list[str]:
    found, waiting = [], [node]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, tree.Name):
            found.append(one.name)
        waiting.extend(tree.children(one))
    return list(dict.fromkeys(found))


_SUMS: Final[Mapping[str, Callable[[Possible, Possible], Possible]]] = {
    "+": sums,
    "-": differences,
    "*": products,
    "/": quotients,
}
_RULES: Final[dict[type[tree.Node], Callable[..., Possible]]] = {
    tree.Literal: ConstantSearch.literal,
    tree.AtLiteral: ConstantSearch.at_literal,
    tree.Name: ConstantSearch.name,
    tree.ListOf: ConstantSearch.list_of,
    tree.ContextOf: ConstantSearch.context,
    tree.Negative: ConstantSearch.negative,
    tree.Arithmetic: ConstantSearch.arithmetic,
    tree.Comparison: ConstantSearch.comparison,
    tree.Between: ConstantSearch.between,
    tree.In: ConstantSearch.is_in,
    tree.If: ConstantSearch.choice,
    tree.For: ConstantSearch.loops,
    tree.Quantified: ConstantSearch.loops,
    tree.Path: ConstantSearch.path,
    tree.Filter: ConstantSearch.selection,
    tree.FunctionOf: ConstantSearch.function,
    tree.Call: ConstantSearch.call,
}
