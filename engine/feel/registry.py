"""Built-in functions: their signatures, and how arguments find their parameters.

A signature is text: `"list: list, position: number, newItem?: Any"`. A question mark makes a
parameter optional, a star lets it repeat, `|` joins types. Only `Any` and `Null` take null.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from .effort import Run
from .types import ANY, NULL, SIMPLE, FeelType, Simple, coerce, conforms
from .values import KINDS, Function, Value


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    types: tuple[FeelType, ...]
    optional: bool
    repeated: bool
    kinds: frozenset[type]  # of which every value suits; a value of another may suit all the same

    def accept(self, value: Value) -> tuple[bool, Value]:
        """Whether the value suits, and the value after implicit conversion."""
        if type(value) in self.kinds or any(conforms(value, wanted) for wanted in self.types):
            return True, value
        if value is None:
            return False, None
        for wanted in self.types:
            converted = coerce(value, wanted)
            if converted is not None:
                return True, converted
        return False, None


@dataclass(frozen=True, slots=True)
class Overload:
    parameters: tuple[Parameter, ...]
    function: Callable[..., Value]
    needs_run: bool

    def bind(self, values: Sequence[Value]) -> list[Value] | None:
        """The arguments by position, converted; None where they do not fit."""
        parameters = self.parameters
        if len(values) > len(parameters):
            if not parameters or not parameters[-1].repeated:
                return None
            parameters += parameters[-1:] * (len(values) - len(parameters))
        bound: list[Value] = []
        for parameter, value in zip(parameters, values, strict=False):
            fits, converted = parameter.accept(value)
            if not fits:
                return None
            bound.append(converted)
        missing = parameters[len(values) :]
        return bound if all(p.optional for p in missing) else None

    def bind_named(self, values: Mapping[str, Value]) -> list[Value] | None:
        """The arguments by name; a gap before a given one is filled with null."""
        names = [parameter.name for parameter in self.parameters]
        if not set(values) <= set(names):
            return None
        last = max((names.index(name) for name in values), default=-1)
        bound: list[Value] = []
        for index, parameter in enumerate(self.parameters):
            if parameter.name in values:
                fits, converted = parameter.accept(values[parameter.name])
                if not fits:
                    return None
                bound.append(converted)
            elif not parameter.optional:
                return None
            elif index < last:
                bound.append(None)
        return bound


@dataclass(slots=True)
class Builtin:
    """A built-in function with its overloads, tried in order."""

    name: str
    overloads: list[Overload] = field(default_factory=list)

    def call(self, run: Run, values: Sequence[Value]) -> Value:
        for overload in self.overloads:
            bound = overload.bind(values)
            if bound is not None:
                return _applied(run, overload, bound)
        return None

    def call_named(self, run: Run, values: Mapping[str, Value]) -> Value:
        for overload in self.overloads:
            bound = overload.bind_named(values)
            if bound is not None:
                return _applied(run, overload, bound)
        return None

    def as_value(self, run: Run) -> Function:
        """The function as a value that can be handed on."""
        names = tuple(parameter.name for parameter in self.overloads[0].parameters)
        return Function(self.name, names, (ANY,) * len(names), lambda *v: self.call(run, v))


def _applied(run: Run, overload: Overload, bound: list[Value]) -> Value:
    for value in bound:  # first: what is made of them may be as long as all of them together
        _spend_size(run, value)
    result = overload.function(run, *bound) if overload.needs_run else overload.function(*bound)
    _spend_size(run, result)
    return result


def _spend_size(run: Run, value: Value) -> None:
    if isinstance(value, list | str | dict):
        run.spend(len(value) // 8)


BUILTINS: Final[dict[str, Builtin]] = {}


def builtin(
    name: str,
    signature: str = "",
    *,
    needs_run: bool = False,
    table: dict[str, Builtin] = BUILTINS,
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Registers a function as one overload of a built-in."""
    parameters = tuple(map(_parameter, signature.split(", "))) if signature else ()

    def register(function: Callable[..., Value]) -> Callable[..., Value]:
        known = table.setdefault(name, Builtin(name))
        known.overloads.append(Overload(parameters, function, needs_run))
        return function

    return register


def _parameter(text: str) -> Parameter:
    name, _, kinds = text.partition(": ")
    types = tuple(_parameter_type(kind) for kind in kinds.split("|"))
    optional = name.endswith(("?", "*"))
    return Parameter(name.rstrip("?*"), types, optional, name.endswith("*"), _kinds_of(types))


def _kinds_of(types: Sequence[FeelType]) -> frozenset[type]:
    if ANY in types:
        return frozenset(KINDS)
    names = {wanted.name for wanted in types if isinstance(wanted, Simple)}
    return frozenset(kind for kind, name in KINDS.items() if name in names and name != "null")


def _parameter_type(text: str) -> FeelType:
    return {"Any": ANY, "Null": NULL}.get(text) or SIMPLE[text]


@lru_cache(maxsize=1)
def builtin_names() -> frozenset[str]:
    """All names of built-ins; to be asked once every family has registered."""
    return frozenset(BUILTINS)
