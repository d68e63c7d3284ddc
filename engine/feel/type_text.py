"""The grammar of types: `list<number>`, `context<a: date>`, `function<string>->Any`."""

from collections.abc import Callable
from typing import Final

from . import tree
from .cursor import Cursor, shown
from .errors import FeelSyntaxError
from .tree import Node
from .types import FeelType, Types, read_type

_TYPE_PHRASES: Final = (
    ("date", "and", "time"),
    ("days", "and", "time", "duration"),
    ("day", "and", "time", "duration"),
    ("years", "and", "months", "duration"),
    ("year", "and", "month", "duration"),
)


def type_named(text: str, types: Types) -> FeelType | None:
    """The type a text names: one of `types`, or a type of FEEL; None where it names no type."""
    if text in types:
        return types[text]
    try:
        cursor = Cursor(text, (), frozenset())
        node = read_type_text(cursor)
    except FeelSyntaxError:
        return None
    return read_type(node, types) if cursor.token.kind == "end" else None


def read_type_text(cursor: Cursor) -> Node:
    """The type that stands here; raises FeelSyntaxError."""
    start = cursor.token.start
    if cursor.token.kind != "word":
        cursor.fail(f"这里应当是类型名，{shown(cursor.token, 'zh')}",
                  f"expected a type name, {shown(cursor.token, 'en')}",
                  "例如 number、string、date、list<number>",
                  "for example number, string, date, list<number>")  # fmt: skip
    rule = _GENERICS.get(cursor.token.text) if cursor.ahead().text == "<" else None
    if rule is not None:
        cursor.deeper()
        cursor.at += 2
        node = rule(cursor, start)
        cursor.depth -= 1
        return node
    for phrase in _TYPE_PHRASES:
        if tuple(t.text for t in cursor.tokens[cursor.at : cursor.at + len(phrase)]) == phrase:
            cursor.at += len(phrase)
            return tree.TypeName(start, cursor.end_of_last(), " ".join(phrase))
    found = cursor.names.match(cursor.tokens, cursor.at)
    if found:
        cursor.at += found[0]
        return tree.TypeName(start, cursor.end_of_last(), found[1])
    name = cursor.take().text
    while cursor.is_here(".") and cursor.ahead().kind == "word":
        cursor.take()
        name += "." + cursor.take().text
    return tree.TypeName(start, cursor.end_of_last(), name)


def _list_type(cursor: Cursor, start: int) -> Node:
    item = read_type_text(cursor)
    cursor.expect(">", "类型末尾", "at the end of the type ")
    return tree.ListTypeOf(start, cursor.end_of_last(), item)


def _range_type(cursor: Cursor, start: int) -> Node:
    item = read_type_text(cursor)
    cursor.expect(">", "类型末尾", "at the end of the type ")
    return tree.RangeTypeOf(start, cursor.end_of_last(), item)


def _context_type(cursor: Cursor, start: int) -> Node:
    def entry() -> tree.Entry:
        begin = cursor.token.start
        key = cursor.new_name(":")
        cursor.expect(":", "项目名之后", "after the entry's name ")
        value = read_type_text(cursor)
        return tree.Entry(begin, value.end, key, value)

    entries = cursor.listed(">", entry)
    cursor.expect(">", "类型末尾", "at the end of the type ")
    return tree.ContextTypeOf(start, cursor.end_of_last(), entries)


def _function_type(cursor: Cursor, start: int) -> Node:
    parameters = cursor.listed(">", lambda: read_type_text(cursor))
    cursor.expect(">", "参数类型末尾", "at the end of the parameter types ")
    cursor.expect("->", "函数类型", "in a function type ")
    result = read_type_text(cursor)
    return tree.FunctionTypeOf(start, cursor.end_of_last(), parameters, result)


_GENERICS: Final[dict[str, Callable[[Cursor, int], Node]]] = {
    "list": _list_type,
    "range": _range_type,
    "context": _context_type,
    "function": _function_type,
}
