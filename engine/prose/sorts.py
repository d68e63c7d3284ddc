"""What sort of value a part of an expression gives, as far as its wording depends on it.

Dates are earlier or later, figures carry units, records have fields. What is not known is said in
words that hold for everything; whether types fit is for `engine.checks` to tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from engine.definitions import Shape
from engine.feel.timetext import read_temporal
from engine.feel.values import kind_of

_NO_FIELDS: Mapping[str, "Sort"] = MappingProxyType({})


@dataclass(frozen=True)
class Sort:
    """`kind` is number, text, boolean, date, duration, list, record, or empty when not known."""

    kind: str = ""
    unit: str = ""
    item: "Sort | None" = None
    fields: Mapping[str, "Sort"] = field(default_factory=lambda: _NO_FIELDS)
    label: str = ""


UNKNOWN = Sort()
NUMBER = Sort("number")
TEXT = Sort("text")
BOOLEAN = Sort("boolean")
DATE = Sort("date")
DURATION = Sort("duration")
_KINDS = {"integer": "number", "decimal": "number"}
_TEMPORAL = {"date": DATE, "date and time": DATE, "time": DATE}


def sort_of_shape(shape: Shape) -> Sort:
    """The sort of a declared fact or of a field of a record."""
    kind = _KINDS.get(shape.type, shape.type)
    fields = {name: sort_of_shape(part) for name, part in shape.fields.items()}
    label = shape.title or ""
    if kind == "list":
        of = shape.of or ("record" if fields else "")
        item = Sort(_KINDS.get(of, of), shape.unit or "", None, fields)
        return Sort("list", "", item, label=label)
    return Sort(kind, shape.unit or "", None, fields, label)


def sort_of_value(value: object) -> Sort:
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, str):
        return TEXT
    return NUMBER if isinstance(value, Decimal | int) else UNKNOWN


def sort_of_moment(text: str) -> Sort:
    """Of `@"…"`: a day or moment, or a length of time."""
    value = read_temporal(text)
    if value is None:
        return UNKNOWN
    return _TEMPORAL.get(kind_of(value), DURATION)
