"""What was asked of a workspace while something was worked out.

Each question is answered from the headers and digests of files, or by the plugins. What was worked out holds
as long as every question that was asked has the same answer: so a check is not made again after an
edit elsewhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

# The kind of question, the kind of definition, and the id where one was named.
Question: TypeAlias = tuple[str, str, str]
_asked: ContextVar[set[Question] | None] = ContextVar("asked", default=None)


@contextmanager
def noted() -> Iterator[set[Question]]:
    """Fills the set with the questions asked meanwhile; whoever notes around it gets them too."""
    questions: set[Question] = set()
    around = _asked.get()
    token = _asked.set(questions)
    try:
        yield questions
    finally:
        _asked.reset(token)
        if around is not None:
            around |= questions


def note(*questions: Question) -> None:
    asked = _asked.get()
    if asked is not None:
        asked.update(questions)
