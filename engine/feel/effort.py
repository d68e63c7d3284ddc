"""How much work an evaluation may still do, so that no expression runs for ever.

Loops and calls spend steps of their own run. Walks over lists and contexts, which know nothing
of the run, spend on the one current in their thread: shared parts can make a small value
exponentially long to walk.
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .errors import FeelLimitError

MOST_STEPS: Final = 500_000
LONGEST_STRING: Final = 1_000_000
CHARACTERS_PER_ITEM: Final = 4


@dataclass(slots=True)
class Run:
    """One evaluation: the caller's moment, and how much work it may still do."""

    at: datetime | None = None
    steps: int = MOST_STEPS
    depth: int = 0

    def spend(self, amount: int) -> None:
        """Raises FeelLimitError once the work allowed is used up."""
        self.steps -= amount
        if self.steps < 0:
            raise FeelLimitError(
                "表达式的计算量超过上限", "the expression takes more work than is allowed"
            )


class _Current(threading.local):
    run: Run | None = None


CURRENT: Final = _Current()


def spend(amount: int) -> None:
    """Charges the thread's current run, if one is under way."""
    run = CURRENT.run
    if run is not None:
        run.spend(amount)


def spend_building(length: int) -> None:
    """Charges a text of so many characters, about to be built, as `spend` does.

    Each may be small enough and all of them together too much to hold. An item of a list or
    context takes the room of `CHARACTERS_PER_ITEM`.
    """
    spend(1 + length // 32)


def check_length(length: int) -> None:
    """Raises FeelLimitError for a string longer than any form or letter needs."""
    if length > LONGEST_STRING:
        raise FeelLimitError("文本太长", "the text is too long")
