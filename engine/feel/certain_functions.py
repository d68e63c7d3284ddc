"""The built-in functions whose FEEL would let a null inside an argument decide, and do not here.

Each answers null while a null in a list or context could change the answer. All other built-ins
already answer null, or hand the null on where it stood. An element written as null is asked for.
"""

from . import list_functions, text_functions, time_functions
from .certainty import alike, is_open
from .comparison import any_of
from .effort import Run
from .registry import BUILTINS, Builtin, builtin
from .values import Value

Items = list[Value]
CERTAIN: dict[str, Builtin] = {}


def certain_builtin(name: str) -> Builtin:
    """The built-in of that name as definitions read it."""
    return CERTAIN.get(name) or BUILTINS[name]


@builtin("list contains", "list: list, element: Any", table=CERTAIN)
def list_contains(items: Items, element: Value) -> Value:
    if element is None:
        return any(item is None for item in items)
    return any_of(alike(item, element) for item in items)


@builtin("index of", "list: list, match: Any", table=CERTAIN)
def index_of(items: Items, match: Value) -> Value:
    if match is not None and any(alike(item, match) is None for item in items):
        return None
    return list_functions.index_of(items, match)


@builtin("distinct values", "list: list", needs_run=True, table=CERTAIN)
def distinct_values(run: Run, items: Items) -> Value:
    """Null while two items may turn out to be one."""
    unknown = [place for place, item in enumerate(items) if is_open(item)]
    for place in unknown:
        run.spend(len(items))
        others = (item for other, item in enumerate(items) if other != place)
        if any(alike(items[place], other) is None for other in others):
            return None
    return list_functions.distinct_values(run, items)


@builtin("union", "list: list, rest*: list", needs_run=True, table=CERTAIN)
def union(run: Run, *lists: Items) -> Value:
    return distinct_values(run, [item for items in lists for item in items])


@builtin("flatten", "list: list", table=CERTAIN)
def flatten(items: Items) -> Value:
    """Null where an item is: it may be a list of any length."""
    flat = list_functions.flatten(items)
    return None if not isinstance(flat, list) or None in flat else flat


@builtin("string join", "list: list, delimiter?: string|Null", table=CERTAIN)
def string_join(items: Items, delimiter: str | None = None) -> Value:
    if any(item is None for item in items):
        return None
    return text_functions.string_join(items, delimiter)


@builtin("string", "from: Any", table=CERTAIN)
def string(value: Value) -> Value:
    return None if is_open(value) else text_functions.string(value)


@builtin("is", "value1: Any, value2?: Any", table=CERTAIN)
@builtin("is", "value1?: Any, value2: Any", table=CERTAIN)
def is_same(value1: Value, value2: Value = None) -> Value:
    if any(value is not None and is_open(value) for value in (value1, value2)):
        return None
    return time_functions.is_same(value1, value2)
