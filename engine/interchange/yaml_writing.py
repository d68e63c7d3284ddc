"""Plain data as the YAML that our strict reading reads back the same, laid out for people."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

_WIDEST: Final = 96  # a flow mapping or list stays on one line up to here
_PLAIN: Final = re.compile(r"[^\W\d][\w./ -]*")
_WORDS: Final = frozenset({"true", "false", "null"})


def write_yaml(data: Mapping[str, Any]) -> str:
    """The document; keys in their order. Values are text, numbers, booleans, None, lists, mappings."""
    return "".join(f"{line}\n" for line in _mapping(data, 0))


def _mapping(data: Mapping[str, Any], depth: int) -> Iterator[str]:
    indent = "  " * depth
    for key, value in data.items():
        head = f"{indent}{_scalar(key)}:"
        yield from _entry(head, value, depth)


def _entry(head: str, value: Any, depth: int) -> Iterator[str]:
    flow = _flow(value)
    if flow is not None and len(head) + len(flow) < _WIDEST:
        yield f"{head} {flow}"
    elif isinstance(value, Mapping):
        yield head
        yield from _mapping(value, depth + 1)
    elif isinstance(value, list | tuple):
        yield head
        yield from _sequence(value, depth + 1)
    else:
        yield from _long(head, value, depth)


def _sequence(items: list[Any] | tuple[Any, ...], depth: int) -> Iterator[str]:
    indent = "  " * depth
    for item in items:
        flow = _flow(item)
        if flow is not None and len(indent) + len(flow) < _WIDEST:
            yield f"{indent}- {flow}"
        elif isinstance(item, Mapping):
            lines = list(_mapping(item, depth + 1))
            yield f"{indent}- {lines[0].lstrip()}"
            yield from lines[1:]
        else:
            yield from _entry(f"{indent}-", item, depth)


def _long(head: str, value: Any, depth: int) -> Iterator[str]:
    """A text of several lines as a literal block, where a block says exactly the same."""
    if not isinstance(value, str) or not _is_block(value):
        yield f"{head} {_scalar(value)}"
        return
    yield f"{head} |-"
    indent = "  " * (depth + 1)
    yield from (f"{indent}{line}" if line else "" for line in value.split("\n"))


def _is_block(text: str) -> bool:
    lines = text.split("\n")
    ends = lines[0] and lines[-1] and not lines[0].startswith(" ")
    return len(lines) > 1 and bool(ends) and all(x.isprintable() and x == x.rstrip() for x in lines)


def _flow(value: Any) -> str | None:
    """On one line; None for what holds a text of several lines, or a mapping within a mapping."""
    if isinstance(value, Mapping):
        if any(isinstance(v, Mapping) and v for v in value.values()):
            return None
        parts = [(_scalar(k), _flow(v)) for k, v in value.items()]
        if any(flow is None for _, flow in parts):
            return None
        return "{" + ", ".join(f"{k}: {flow}" for k, flow in parts) + "}"
    if isinstance(value, list | tuple):
        flows = [_flow(item) for item in value]
        if any(flow is None for flow in flows):
            return None
        return "[" + ", ".join(flow for flow in flows if flow is not None) + "]"
    return None if isinstance(value, str) and "\n" in value else _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text not in _WORDS and text == text.strip():
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
