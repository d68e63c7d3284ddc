"""The nearest known word, for "是否想写 …？"."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word nearest to `word`, or "" when none is near enough to be worth saying."""
    choices = sorted(set(known) - {word})
    # Chinese names are short: half of the characters in common is already a good guess.
    cutoff = 0.5 if len(word) <= 6 else 0.6
    close = get_close_matches(word, choices, n=1, cutoff=cutoff)
    return close[0] if close else ""
