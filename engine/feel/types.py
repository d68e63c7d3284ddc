"""FEEL types: what a value conforms to, and the implicit conversions (DMN 1.5, 10.3.2.9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from . import tree
from .effort import spend
from .temporal import is_date, midnight_utc
from .values import Function, Range, Value, kind_of


@dataclass(frozen=True, slots=True)
class Simple:
    """`number`, `date and time` …, `Any`, or `Null`."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType:
    item: "FeelType"


@dataclass(frozen=True, slots=True)
class RangeType:
    item: "FeelType"


@dataclass(frozen=True, slots=True)
class ContextType:
    """A context with at least these entries."""

    entries: tuple[tuple[str, "FeelType"], ...]


@dataclass(frozen=True, slots=True)
class FunctionType:
    parameters: tuple["FeelType", ...]
    result: "FeelType"


FeelType: TypeAlias = Simple | ListType | RangeType | ContextType | FunctionType

ANY: Final = Simple("Any")
NULL: Final = Simple("Null")
SIMPLE_NAMES: Final = (
    "Any", "Null", "number", "string", "boolean", "date", "time", "date and time",
    "days and time duration", "years and months duration", "list", "context", "function", "range",
)  # fmt: skip
_SPELLINGS: Final = {
    "any": "Any",
    "null": "Null",
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "day and time duration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "year and month duration": "years and months duration",
}
SIMPLE: Final = {name: Simple(name) for name in SIMPLE_NAMES} | {
    spelling: Simple(name) for spelling, name in _SPELLINGS.items()
}

Types: TypeAlias = Mapping[str, FeelType]


def read_type(node: tree.Node, types: Types) -> FeelType | None:
    """The type a type expression names; None for a name that no one declared."""
    if isinstance(node, tree.TypeName):
        return types.get(node.name) or SIMPLE.get(node.name)
    if isinstance(node, tree.ListTypeOf | tree.RangeTypeOf):
        item = read_type(node.item, types)
        if item is None:
            return None
        return ListType(item) if isinstance(node, tree.ListTypeOf) else RangeType(item)
    if isinstance(node, tree.ContextTypeOf):
        pairs = [(entry.key, read_type(entry.value, types)) for entry in node.entries]
        known = tuple((key, found) for key, found in pairs if found is not None)
        return ContextType(known) if len(known) == len(pairs) else None
    if isinstance(node, tree.FunctionTypeOf):
        parameters = tuple(read_type(parameter, types) for parameter in node.parameters)
        result = read_type(node.result, types)
        if result is None or None in parameters:
            return None
        return FunctionType(tuple(p for p in parameters if p is not None), result)
    return None


def conforms(value: Value, wanted: FeelType) -> bool:
    """`value instance of wanted`; null is an instance of Null alone."""
    if isinstance(wanted, Simple):
        if value is None:
            return wanted.name == "Null"
        return wanted.name == "Any" or kind_of(value) == wanted.name
    if isinstance(value, list | dict):
        spend(len(value))
    if isinstance(wanted, ListType):
        return isinstance(value, list) and all(_fits(item, wanted.item) for item in value)
    if isinstance(wanted, ContextType):
        return isinstance(value, dict) and all(
            key in value and _fits(value[key], entry) for key, entry in wanted.entries
        )
    if isinstance(wanted, RangeType):
        return isinstance(value, Range) and _range_fits(value, wanted.item)
    return isinstance(value, Function) and _function_fits(value, wanted)


def _fits(part: Value, wanted: FeelType) -> bool:
    """A part may be null whatever its type: null is a value of every type."""
    return part is None or conforms(part, wanted)


def _range_fits(value: Range, wanted: FeelType) -> bool:
    ends = [end for end in (value.low, value.high) if end is not None]
    return bool(ends) and all(conforms(end, wanted) for end in ends)


def _function_fits(value: Function, wanted: FunctionType) -> bool:
    """Parameters may be wider and the result narrower than asked for (DMN 1.5, 10.3.2.9.2)."""
    if len(value.parameters) != len(wanted.parameters):
        return False
    declared = [_declared(kind) for kind in value.types]
    if not all(map(is_subtype, wanted.parameters, declared)):
        return False
    return value.result is None or is_subtype(_declared(value.result), wanted.result)


def _declared(kind: object) -> FeelType:
    return kind if isinstance(kind, FeelType) else ANY


def is_subtype(narrow: FeelType, wide: FeelType) -> bool:
    """Whether every value of one type conforms to the other."""
    if wide == ANY or narrow in (wide, NULL):
        return True
    if isinstance(narrow, ListType | RangeType) and type(narrow) is type(wide):
        return is_subtype(narrow.item, wide.item)
    if isinstance(narrow, ContextType) and isinstance(wide, ContextType):
        entries = dict(narrow.entries)
        return all(
            key in entries and is_subtype(entries[key], entry) for key, entry in wide.entries
        )
    if isinstance(narrow, FunctionType) and isinstance(wide, FunctionType):
        return (
            len(narrow.parameters) == len(wide.parameters)
            and all(map(is_subtype, wide.parameters, narrow.parameters))
            and is_subtype(narrow.result, wide.result)
        )
    return False


def coerce(value: Value, wanted: FeelType) -> Value:
    """The value as the wanted type: itself, by an implicit conversion, or null (10.3.2.9.4)."""
    if value is None or conforms(value, wanted):
        return value
    if isinstance(wanted, ListType) and not isinstance(value, list):
        return [value] if conforms(value, wanted.item) else None
    if wanted == SIMPLE["list"]:
        return [value]
    if isinstance(value, list) and len(value) == 1 and not isinstance(wanted, ListType):
        return value[0] if conforms(value[0], wanted) else None
    if wanted == SIMPLE["date and time"] and is_date(value):
        return midnight_utc(value)
    return None
