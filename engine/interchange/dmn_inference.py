"""The types that a model leaves unsaid, from what its expressions and cells look like."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from engine.feel import FeelSyntaxError, compile_expression, compile_unary, tree
from engine.feel.temporal import is_date
from engine.feel.timetext import read_temporal
from engine.feel.tree import Node

Shape = Mapping[str, Any]
_BOOLEAN: Final[Shape] = {"type": "boolean"}
_DECIMAL: Final[Shape] = {"type": "decimal"}
_TEXT: Final[Shape] = {"type": "text"}
_DATE: Final[Shape] = {"type": "date"}
_PLAIN: Final = ("text", "integer", "decimal", "boolean", "date")
_RESULTS: Final[Mapping[str, Shape]] = {
    **dict.fromkeys(("not", "contains", "list contains", "starts with", "ends with", "matches",
                     "all", "any"), _BOOLEAN),
    **dict.fromkeys(("count", "sum", "floor", "ceiling", "decimal", "round up", "round down",
                     "round half up", "round half down", "number", "string length", "modulo",
                     "abs", "mean", "median", "product", "sqrt"), _DECIMAL),
    **dict.fromkeys(("string", "substring", "upper case", "lower case", "string join",
                     "substring before", "substring after", "replace"), _TEXT),
    "date": _DATE,
}  # fmt: skip


def shape_of(node: Node, known: Callable[[str], Shape | None]) -> Shape | None:
    """The shape of an expression's value, as far as its tree shows it; `known` answers for names."""
    if isinstance(node, tree.Literal):
        return _of_literal(node)
    if isinstance(node, tree.AtLiteral):
        return _DATE if is_date(read_temporal(node.text)) else None
    if isinstance(node, tree.Name):
        return known(node.name)
    if isinstance(node, tree.Comparison | tree.Logic | tree.Between | tree.In | tree.Quantified):
        return _BOOLEAN
    if isinstance(node, tree.InstanceOf):
        return _BOOLEAN
    if isinstance(node, tree.If):
        return shape_of(node.then, known) or shape_of(node.otherwise, known)
    if isinstance(node, tree.Arithmetic):
        return _of_arithmetic(node, known)
    if isinstance(node, tree.Negative):
        return _DECIMAL
    if isinstance(node, tree.ListOf):
        return _list_of(shape_of(node.items[0], known) if node.items else None)
    if isinstance(node, tree.For):
        return _list_of(shape_of(node.body, known))
    if isinstance(node, tree.ContextOf):
        return _of_context(node, known)
    if isinstance(node, tree.Call) and isinstance(node.function, tree.Name):
        return _of_call(node, node.function.name, known)
    return None


def _of_call(node: tree.Call, function: str, known: Callable[[str], Shape | None]) -> Shape | None:
    if function not in ("min", "max") or not node.arguments:
        return _RESULTS.get(function)
    first = shape_of(node.arguments[0].value, known)
    if first is None or first["type"] != "list":
        return first
    return {**{k: v for k, v in first.items() if k != "of"}, "type": first["of"]}


def _of_literal(node: tree.Literal) -> Shape | None:
    if node.value is None:
        return None
    if isinstance(node.value, bool):
        return _BOOLEAN
    return _TEXT if isinstance(node.value, str) else _DECIMAL


def _of_arithmetic(node: tree.Arithmetic, known: Callable[[str], Shape | None]) -> Shape | None:
    """Numbers, unless an operand is known to be something else."""
    shapes = [shape_of(part, known) for part in (node.left, node.right)]
    others = [s for s in shapes if s is not None and s["type"] not in ("decimal", "integer")]
    return _DECIMAL if not others else None if node.operator != "+" else others[0]


def _list_of(item: Shape | None) -> Shape | None:
    if item is None or item["type"] == "list":
        return None
    return {**item, "type": "list", "of": item["type"]}


def _of_context(node: tree.ContextOf, known: Callable[[str], Shape | None]) -> Shape | None:
    """A record; of fields not all known it declares none, and then any may be read."""
    fields = {entry.key: shape_of(entry.value, known) for entry in node.entries}
    if not fields or any(shape is None for shape in fields.values()):
        return {"type": "record"}
    return {"type": "record", "fields": fields}


def shape_of_tests(cells: Iterable[str]) -> Shape | None:
    """The shape of a column's values, from the cells that test it."""
    for text in cells:
        try:
            tests = compile_unary(text).tree.tests
        except FeelSyntaxError:
            continue  # reported where the cell is read
        for test in tests:
            found = _of_test(test)
            if found is not None:
                return found
    return None


def _of_test(test: Node) -> Shape | None:
    if isinstance(test, tree.HalfLine):
        return shape_of(test.operand, lambda name: None)
    if isinstance(test, tree.Interval):
        return shape_of(test.low, lambda name: None) or shape_of(test.high, lambda name: None)
    if isinstance(test, tree.Literal | tree.AtLiteral | tree.Call):
        return shape_of(test, lambda name: None)
    return None


def shape_of_text(text: str, known: Callable[[str], Shape | None]) -> Shape | None:
    """The shape of an expression's value; None for what cannot be read."""
    try:
        return shape_of(compile_expression(text).tree, known)
    except FeelSyntaxError:
        return None


def shapes_by_use(text: str, known: Callable[[str], Shape | None]) -> Iterator[tuple[str, Shape]]:
    """Names that are compared or reckoned with something of a known shape, and that shape."""
    try:
        waiting: list[Node] = [compile_unary(text).tree]
    except FeelSyntaxError:
        return  # reported where it was read
    while waiting:
        node = waiting.pop()
        waiting.extend(tree.children(node))
        if isinstance(node, tree.Comparison | tree.Arithmetic):
            yield from _of_sides(node, node.left, node.right, known)
            yield from _of_sides(node, node.right, node.left, known)
        elif isinstance(node, tree.In) and isinstance(node.value, tree.Name):
            shapes = [shape for test in node.tests if (shape := _of_test(test)) is not None]
            yield from ((node.value.name, shape) for shape in shapes[:1])


def _of_sides(
    node: Node, side: Node, other: Node, known: Callable[[str], Shape | None]
) -> Iterator[tuple[str, Shape]]:
    shape = shape_of(other, known)
    if not isinstance(side, tree.Name) or shape is None or shape["type"] not in _PLAIN:
        return
    # What is reckoned with a date may be a duration.
    if isinstance(node, tree.Comparison) or shape["type"] != "date":
        yield side.name, shape
