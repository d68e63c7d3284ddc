"""Built-in functions on contexts (DMN 1.5, 10.3.4.9)."""

from .registry import builtin
from .values import Value


@builtin("get value", "m: context, key: string")
def get_value(context: dict[str, Value], key: str) -> Value:
    return context.get(key)


@builtin("get value", "m: context, keys: list")
def get_nested_value(context: dict[str, Value], keys: list[Value]) -> Value:
    value: Value = context
    for key in keys:
        value = value.get(key) if isinstance(value, dict) and isinstance(key, str) else None
    return value if keys else None


@builtin("get entries", "m: context")
def get_entries(context: dict[str, Value]) -> Value:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list")
def from_entries(entries: list[Value]) -> Value:
    """Null where an entry lacks a key or a value, or a key comes twice."""
    made: dict[str, Value] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry:
            return None
        key = entry.get("key")
        if not isinstance(key, str) or key in made:
            return None
        made[key] = entry["value"]
    return made


@builtin("context put", "context: context, key: string, value: Any")
def put(context: dict[str, Value], key: str, value: Value) -> Value:
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: Any")
def put_nested(context: dict[str, Value], keys: list[Value], value: Value) -> Value:
    """Puts a value along a path of keys; null where the path leaves the contexts."""
    first = keys[0] if keys else None
    if not isinstance(first, str):
        return None
    if len(keys) == 1:
        return {**context, first: value}
    inner = context.get(first)
    if not isinstance(inner, dict):
        return None
    changed = put_nested(inner, keys[1:], value)
    return None if changed is None else {**context, first: changed}


@builtin("context merge", "contexts: list")
def merge(contexts: list[Value]) -> Value:
    """Later entries win."""
    made: dict[str, Value] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        made.update(context)
    return made
