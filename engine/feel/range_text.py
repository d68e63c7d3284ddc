"""The built-in `range`: an interval read from text (DMN 1.5, 10.3.4.1)."""

from . import tree
from .comparison import order_key, ordered
from .effort import Run
from .errors import FeelSyntaxError
from .parser import parse_expression
from .registry import builtin, builtin_names
from .scope import Scope, compile_tree
from .tree import Node
from .values import Range, Value

_CONSTRUCTORS = ("date", "time", "date and time", "duration")
_READING = 16  # steps that it takes to read the shortest of texts


@builtin("range", "from: string", needs_run=True)
def range_from(run: Run, text: str) -> Value:
    """Null unless the text is an interval between two literals of one kind, in order."""
    run.spend(_READING + len(text))
    try:
        node, _ = parse_expression(text, (), builtin_names())
    except FeelSyntaxError:
        return None
    if not isinstance(node, tree.Interval) or not (_is_literal(node.low, node.high)):
        return None
    scope = Scope()
    scope.run = run
    span = compile_tree(node, {})(scope)
    if not isinstance(span, Range) or order_key(span.low) is None:
        return None
    return span if ordered("<=", span.low, span.high) else None


def _is_literal(*nodes: Node) -> bool:
    """Numbers, strings, `@` literals and constructors applied to a string."""
    return all(isinstance(node, tree.Literal | tree.AtLiteral) or _is_made(node) for node in nodes)


def _is_made(node: Node) -> bool:
    return (
        isinstance(node, tree.Call)
        and isinstance(node.function, tree.Name)
        and node.function.name in _CONSTRUCTORS
        and len(node.arguments) == 1
        and isinstance(node.arguments[0].value, tree.Literal)
    )
