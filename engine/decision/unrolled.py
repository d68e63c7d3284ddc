"""The columns of a table written out as one function, which answers a row of known values.

A loop over columns costs as much as the columns. So the function is generated once per table: it
gets all values at once, and answers each column by one look-up. Its source holds numbers alone.
Whatever comes from a definition (names, constants, rows) is reached through numbered variables and
never becomes source.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

# Name, type of its constants; then rows by constant and of all others, or cuts and rows from each on.
Looked: TypeAlias = tuple[str, type, dict[Any, int], int]
Searched: TypeAlias = tuple[str, type, list[Any], list[int]]
Answer: TypeAlias = Callable[[Mapping[str, Any]], int | None]


def unroll(rows: int, lookups: Sequence[Looked], searches: Sequence[Searched]) -> Answer:
    """The rows that every column meets, out of `rows`.

    None where a value is missing or not of its column's type: it may be null, or fit no column.
    """
    columns = (*lookups, *searches)
    if not columns:
        return lambda context: rows
    known: dict[str, Any] = {"bisect": bisect_right}
    known["get"] = itemgetter(*(name for name, *_ in columns))
    answers = []
    for number, (_, kind, where, what) in enumerate(columns):
        known[f"k{number}"], known[f"x{number}"] = kind, what
        if isinstance(where, dict):
            known[f"w{number}"] = where.get
            answers.append(f"w{number}(v{number}, x{number})")
        else:
            known[f"w{number}"] = where
            answers.append(f"x{number}[bisect(w{number}, v{number})]")
    exec(_source(answers), known)
    answer: Answer = known["answer"]
    return answer


def _source(answers: Sequence[str]) -> str:
    numbers = range(len(answers))
    return f"""
def answer(context):
    try:
        {", ".join(f"v{n}" for n in numbers)} = get(context)
    except KeyError:
        return None
    if {" and ".join(f"type(v{n}) is k{n}" for n in numbers)}:
        return {" & ".join(answers)}
    return None
"""
