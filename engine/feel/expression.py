"""Expressions and decision-table cells: read once, compiled once, evaluated often."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias

from . import (
    calls,
    context_functions,
    evaluation,
    list_functions,
    loops,
    number_functions,
    range_functions,
    range_text,
    text_functions,
    time_functions,
    tree,
)
from .effort import CURRENT, Run, spend
from .errors import FeelLimitError
from .membership import compile_tests
from .names import free_names
from .parser import parse_expression, parse_tests
from .registry import builtin_names
from .scope import Code, Scope, compile_tree, needs_run
from .tokens import Lint, is_plain_name
from .tree import Node
from .type_text import type_named
from .types import FeelType, Types, coerce
from .values import Value, normalise

# Importing these modules fills the tables of compilers and built-ins.
REGISTERED: Final = (
    calls,
    evaluation,
    loops,
    context_functions,
    list_functions,
    number_functions,
    range_functions,
    range_text,
    text_functions,
    time_functions,
)
_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
_NO_TYPES: Final[Types] = MappingProxyType({})
_TypeItems: TypeAlias = tuple[tuple[str, FeelType], ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. `names` are its free variables; `item_names` are the names inside
    filters, which may be the items' entries or variables."""

    text: str
    tree: Node
    lints: tuple[Lint, ...]
    names: frozenset[str]
    item_names: frozenset[str]
    _code: Code = field(repr=False, compare=False)
    _reads: tuple[str, ...] = field(repr=False, compare=False)
    _runs: bool = field(repr=False, compare=False)

    def evaluate(
        self, context: Mapping[str, object] = _NOTHING, *, at: dt.datetime | None = None
    ) -> Value:
        """The value; null where it cannot be computed. `at` is what now() and today() say.

        Raises FeelLimitError for too much work, TypeError for a value FEEL has no type for.
        """
        scope = Scope()
        if not self._runs:
            return _run(self._code, self._reads, context, scope)
        scope.run = Run(at)
        return _run_metered(self._code, self._reads, context, scope)

    def evaluate_known(self, values: Mapping[str, Value]) -> Value:
        """`evaluate` among values that are FEEL values already: none is copied or checked."""
        scope = Scope()
        for name in self._reads:
            if name in values:
                scope[name] = values[name]
        scope.run = Run()
        return _run_metered(self._code, (), _NOTHING, scope)

    def to_json(self) -> dict[str, object]:
        """The canonical form of the tree."""
        return tree.to_json(self.tree)

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical form; spelling and spacing do not count."""
        return tree.fingerprint(self.tree)


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """A compiled decision-table cell; `names` are its free variables besides `?`."""

    text: str
    tree: tree.Tests
    lints: tuple[Lint, ...]
    names: frozenset[str]
    item_names: frozenset[str]
    _code: Code = field(repr=False, compare=False)
    _reads: tuple[str, ...] = field(repr=False, compare=False)
    _runs: bool = field(repr=False, compare=False)

    def evaluate(
        self,
        value: object,
        context: Mapping[str, object] = _NOTHING,
        *,
        at: dt.datetime | None = None,
    ) -> bool | None:
        """Whether the value passes; None is 待核. Raises as `Expression.evaluate` does."""
        scope = Scope()
        scope["?"] = normalise(value)
        if not self._runs:
            answer = _run(self._code, self._reads, context, scope)
        else:
            scope.run = Run(at)
            answer = _run_metered(self._code, self._reads, context, scope)
        return answer if isinstance(answer, bool) else None

    def to_json(self) -> dict[str, object]:
        """The canonical form of the tree."""
        return tree.to_json(self.tree)

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical form; spelling and spacing do not count."""
        return tree.fingerprint(self.tree)


def _run(code: Code, reads: tuple[str, ...], context: Mapping[str, object], scope: Scope) -> Value:
    """Brings the names read into the scope, and evaluates."""
    for name in reads:
        value = context.get(name, scope)
        if value is not scope:
            scope[name] = normalise(value)
    try:
        return code(scope)
    except RecursionError:
        # The limits on depth make this all but impossible; a caller deep in its own stack may.
        raise _too_deep() from None


def _run_metered(
    code: Code, reads: tuple[str, ...], context: Mapping[str, object], scope: Scope
) -> Value:
    """The same for code that loops or calls, with its effort counted."""
    outer, CURRENT.run = CURRENT.run, scope.run
    try:
        result = _run(code, reads, context, scope)
        _survey(result)
        return result
    finally:
        CURRENT.run = outer


def _survey(value: Value) -> None:
    """Walks a result once, so that no value is handed on that takes for ever to walk."""
    if isinstance(value, list | dict):
        spend(len(value))
        for item in value.values() if isinstance(value, dict) else value:
            _survey(item)


def _too_deep() -> FeelLimitError:
    return FeelLimitError("表达式嵌套太深", "the expression is nested too deep")


def compile_expression(
    text: str, names: Iterable[str] = (), types: Types = _NO_TYPES
) -> Expression:
    """Reads an expression; cached. Raises FeelSyntaxError.

    `names` are known variables, of which only those with spaces or signs matter; `types` are
    item definitions for `instance of` and parameters.
    """
    return _expression(text, _spaced(names), tuple(sorted(types.items())))


def compile_unary(text: str, names: Iterable[str] = (), types: Types = _NO_TYPES) -> UnaryTests:
    """Reads a decision-table cell: `-`, `< 5`, `"a", "b"`, `[1..3]`, `not(…)`; cached."""
    return _unary(text, _spaced(names), tuple(sorted(types.items())))


def evaluate(
    expression: str,
    context: Mapping[str, object] = _NOTHING,
    *,
    at: dt.datetime | None = None,
    types: Types = _NO_TYPES,
    declared: str = "",
) -> Value:
    """The value of an expression in a context; raises as the two steps do.

    `declared` names the type the value is to have, such as `list<number>` or one of `types`: a
    value of another is converted as DMN 1.5, 10.3.2.9.4 says, or null. A name of no type, like
    none at all, leaves it as it is.
    """
    compiled = compile_expression(expression, _names_within(context), types)
    value = compiled.evaluate(context, at=at)
    wanted = type_named(declared, types) if declared else None
    return value if wanted is None else coerce(value, wanted)


@lru_cache(maxsize=8192)
def _expression(text: str, names: frozenset[str], types: _TypeItems) -> Expression:
    try:
        node, lints = parse_expression(text, sorted(names), builtin_names())
        code = compile_tree(node, dict(types))
        known, in_filters = free_names(node)
    except RecursionError:
        raise _too_deep() from None
    reads = tuple(sorted(known | in_filters))
    shown = frozenset(known - builtin_names())
    return Expression(text, node, lints, shown, in_filters - known, code, reads, needs_run(node))


@lru_cache(maxsize=32768)
def _unary(text: str, names: frozenset[str], types: _TypeItems) -> UnaryTests:
    try:
        node, lints = parse_tests(text, sorted(names), builtin_names())
        assert isinstance(node, tree.Tests)
        code = compile_tests(node, dict(types))
        known, in_filters = free_names(node)
    except RecursionError:
        raise _too_deep() from None
    known, in_filters = known - {"?"}, in_filters - {"?"}
    reads = tuple(sorted(known | in_filters))
    shown = frozenset(known - builtin_names())
    return UnaryTests(text, node, lints, shown, in_filters - known, code, reads, needs_run(node))


def _spaced(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name in names if not is_plain_name(name))


def _names_within(value: object, depth: int = 0) -> Iterator[str]:
    """Every key in a context and below, down to a depth no honest data reaches."""
    if depth > 12:
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if isinstance(key, str):
                yield key
            yield from _names_within(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _names_within(item, depth + 1)
