"""Functions and their calls (DMN 1.5, 10.3.2.17)."""

from collections.abc import Callable
from typing import Final

from . import tree
from .errors import FeelLimitError
from .registry import BUILTINS, Builtin
from .scope import Code, Scope, compile_tree, compiles, weight
from .statics import static_type
from .types import ANY, FeelType, Types, coerce, read_type
from .values import Function, Value

DEEPEST_CALL: Final = 80
_CLOSURE: Final = 16


@compiles(tree.FunctionOf)
def _function(node: tree.FunctionOf, types: Types) -> Code:
    names = tuple(parameter.name for parameter in node.parameters)
    kinds = tuple(_parameter_type(parameter, types) for parameter in node.parameters)
    body: Code = (lambda scope: None) if node.external else compile_tree(node.body, types)
    steps = 1 if node.external else weight(node.body)
    result = None if node.external else static_type(node.body, dict(zip(names, kinds, strict=True)))

    def close(scope: Scope) -> Value:
        scope.run.spend(_CLOSURE + len(scope) // 4)  # it keeps all names in reach

        def call(*values: Value) -> Value:
            if len(values) != len(names):
                return None
            inner = scope.inner()
            for name, kind, value in zip(names, kinds, values, strict=True):
                inner[name] = coerce(value, kind)
                if inner[name] is None and value is not None:
                    return None
            return _called(body, inner, steps)

        return Function("", names, kinds, call, result)

    return close


def _called(body: Code, scope: Scope, steps: int) -> Value:
    run = scope.run
    run.spend(steps)
    run.depth += 1
    if run.depth > DEEPEST_CALL:
        raise FeelLimitError(
            f"函数调用超过 {DEEPEST_CALL} 层", f"functions call each other over {DEEPEST_CALL} deep"
        )
    try:
        return body(scope)
    finally:
        run.depth -= 1


def _parameter_type(parameter: tree.Parameter, types: Types) -> FeelType:
    declared = read_type(parameter.type, types) if parameter.type else ANY
    return declared or ANY


@compiles(tree.Call)
def _call(node: tree.Call, types: Types) -> Code:
    return compile_call(node, types, BUILTINS.get, frozenset(range(len(node.arguments))))


def compile_call(
    node: tree.Call,
    types: Types,
    find: Callable[[str], Builtin | None],
    may_be_null: frozenset[int],
) -> Code:
    """A call, its built-in found by name; null where an argument is null that may not be."""
    callee = compile_tree(node.function, types)
    values = [compile_tree(argument.value, types) for argument in node.arguments]
    names = [argument.name for argument in node.arguments]
    named = bool(names and names[0])
    if named and len(set(names)) < len(names):
        return lambda scope: None

    def call_value(scope: Scope) -> Value:
        function = callee(scope)
        given = [value(scope) for value in values]
        if not isinstance(function, Function):
            return None
        return _apply(function, dict(zip(names, given, strict=True)) if named else given)

    builtin = find(node.function.name) if isinstance(node.function, tree.Name) else None
    if builtin is None:
        return call_value
    wanted = [place for place in range(len(values)) if place not in may_be_null]
    return _builtin_call(builtin, values, names if named else [], wanted, call_value)


def _apply(function: Function, given: list[Value] | dict[str, Value]) -> Value:
    if isinstance(given, list):
        return function.call(*given)
    if given.keys() != set(function.parameters):
        return None
    return function.call(*(given[name] for name in function.parameters))


def _builtin_call(
    builtin: Builtin, values: list[Code], names: list[str], wanted: list[int], call_value: Code
) -> Code:
    """A call by a built-in's name, unless the scope gives that name another function."""
    name = builtin.name

    def call(scope: Scope) -> Value:
        if name in scope and isinstance(scope[name], Function):
            return call_value(scope)
        given = [value(scope) for value in values]
        scope.run.spend(1)
        if any(given[place] is None for place in wanted):
            return None
        if names:
            return builtin.call_named(scope.run, dict(zip(names, given, strict=True)))
        return builtin.call(scope.run, given)

    return call
