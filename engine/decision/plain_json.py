"""Values as JSON, and the one way of writing it that digests are taken of."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast, get_args, get_origin, get_type_hints

import orjson

_Step = Callable[[Any], Any]


def to_plain(value: Any) -> Any:
    """Dataclasses, dates and decimals as JSON's own types. Whole decimals are whole numbers."""
    kind: type = type(value)
    if kind in _PLAIN:
        return value
    if kind is list or kind is tuple:
        return [to_plain(item) for item in value]
    names = field_names(kind)
    if names is not None:
        return {name: to_plain(getattr(value, name)) for name in names}
    if issubclass(kind, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    return _leaf_of(kind)(value)


_PLAIN = frozenset({str, int, bool, type(None)})


def _leaf_of(kind: type) -> _Step:
    """How a value that holds no others is written."""
    if issubclass(kind, Decimal):
        return _plain_number
    if issubclass(kind, Sequence) and not issubclass(kind, str):
        return list
    return kind.isoformat if issubclass(kind, date | time) else str


def _plain_number(value: Decimal) -> int | str:
    """Text keeps every digit; JSON numbers are read as binary floats by most."""
    return int(value) if value == value.to_integral_value() else format(value.normalize(), "f")


@lru_cache(maxsize=256)
def field_names(kind: type) -> tuple[str, ...] | None:
    """The fields of a dataclass; None for any other type."""
    return tuple(f.name for f in fields(kind)) if is_dataclass(kind) else None


def digest(value: Any) -> str:
    """sha256 over the one way of writing JSON that digests are taken of; see `canonical`."""
    return digest_of(canonical(value))


def digest_of(written: bytes) -> str:
    """The same of what is written already."""
    return hashlib.sha256(written).hexdigest()


def canonical(value: Any) -> bytes:
    """`to_plain` with every key in order, without spaces, in UTF-8: the same before and after JSON.

    orjson writes it in a tenth of the time. What it refuses, such as 65 bits, `json` writes.
    """
    with suppress(orjson.JSONEncodeError):
        return orjson.dumps(value, _one_step, _OPTIONS)
    return canonical_by_json(value)


# Its own dataclasses are not in order; its own times have 10 milliseconds as .10000 seconds.
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


def _one_step(value: Any) -> Any:
    """What orjson asks for: a value that it does not know, its own parts still as they are."""
    kind: type = type(value)
    step = _STEPS.get(kind)
    if step is None:
        step = _STEPS[kind] = _step_of(kind)
    return step(value)


_STEPS: dict[type, _Step] = {}


def _step_of(kind: type) -> _Step:
    if is_dataclass(kind):
        step: _Step = eval(f"lambda value: {_written_out(kind, 'value', 0)}")
        return step
    return dict if issubclass(kind, Mapping) else _leaf_of(kind)


def _written_out(kind: type, value: str, depth: int) -> str:
    """The source of a dataclass as a dictionary, without a loop over its fields.

    Most of a decision is these, within one another. Those declared are written out with it; orjson
    would ask for each. The source holds the names of their fields and nothing else.
    """
    hints, entries = get_type_hints(kind), []
    for name in sorted(field_names(kind) or ()):
        part, hint, item = f"{value}.{name}", hints[name], f"item{depth}"
        if is_dataclass(hint):
            part = _written_out(cast(type, hint), part, depth)
        elif get_origin(hint) is tuple and is_dataclass(get_args(hint)[0]):
            listed = _written_out(get_args(hint)[0], item, depth + 1)
            part = f"[{listed} for {item} in {part}]"
        entries.append(f"{name!r}: {part}")
    return f"{{{', '.join(entries)}}}"


def plain_copy(value: Any) -> Any:
    """`to_plain` of facts, by way of orjson where it can; the fields of a dataclass come sorted."""
    with suppress(orjson.JSONEncodeError):
        return orjson.loads(orjson.dumps(value, _one_step, _OPTIONS & ~orjson.OPT_SORT_KEYS))
    return to_plain(value)


def joined(entries: Mapping[str, bytes]) -> bytes:
    """The object whose entries are written already, as `canonical` writes it."""
    return b"{%b}" % b",".join(
        b'"%b":%b' % (name.encode(), entries[name]) for name in sorted(entries)
    )


def canonical_by_json(value: Any) -> bytes:
    """The same bytes, whatever the value holds."""
    plain = to_plain(value)
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")
