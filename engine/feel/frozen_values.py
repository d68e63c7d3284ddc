"""Frozen dataclasses that are quick to make.

A frozen dataclass of the standard library sets each of its fields through `object.__setattr__`: five
times the cost of an assignment, and one decision makes some three hundred values. Here a value is
filled in as an open twin, a class with the very same slots, and takes its own class once it is whole.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True)
def frozen(cls: type[_T]) -> type[_T]:
    """`@dataclass(frozen=True, slots=True)` for a class without bases and without `__post_init__`."""
    if cls.__bases__ != (object,) or hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls.__name__}: a base or __post_init__ would be passed over")
    made = dataclass(frozen=True, slots=True, init=False)(cls)
    parts = fields(made)  # type: ignore[arg-type]  # it is a dataclass now
    names = tuple(part.name for part in parts)
    twin = type(cls.__name__, (), {"__slots__": names})
    new = _maker(parts, twin)
    new.__qualname__ = f"{cls.__qualname__}.__new__"
    new.__annotations__ = {part.name: part.type for part in parts}
    made.__new__ = staticmethod(new)  # type: ignore[method-assign]
    made.__reduce__ = _reduced(names)  # type: ignore[method-assign, assignment]
    return made


def _reduced(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """How a value is copied and pickled: its class, and every field in order."""
    return lambda value: (type(value), tuple(getattr(value, name) for name in names))


def _maker(parts: tuple[Field[Any], ...], twin: type) -> Callable[..., Any]:
    """`__new__`, written out so that every field is one plain assignment to a slot."""
    known: dict[str, Any] = {"twin": twin, "make": object.__new__}
    given, filled = [], []
    for number, part in enumerate(parts):
        if not part.init:
            raise TypeError(f"{part.name}: every field of a frozen value is given")
        value = part.name
        if part.default is not MISSING:
            known[f"default{number}"] = part.default
            given.append(f"{part.name}=default{number}")
        elif part.default_factory is not MISSING:
            known["absent"], known[f"default{number}"] = MISSING, part.default_factory
            given.append(f"{part.name}=absent")
            value = f"default{number}() if {part.name} is absent else {part.name}"
        else:
            given.append(part.name)
        filled.append(f"    made.{part.name} = {value}\n")
    head = f"def new(cls, {', '.join(given)}):\n    made = make(twin)\n"
    exec(f"{head}{''.join(filled)}    made.__class__ = cls\n    return made\n", known)
    maker: Callable[..., Any] = known["new"]
    return maker
