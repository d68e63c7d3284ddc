"""Running what has an event loop of its own: the caller's thread may have one already."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


def run_apart(work: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
    """What `work` gives, on a thread of its own; raises what it raises."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work, *arguments, **named).result()
