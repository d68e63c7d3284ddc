"""A promise to decide within a time is never longer than the law's own time."""

from typing import Any

from engine.checks.subject import Subject
from engine.clock import Period
from engine.source import Path

# Only an estimate, for periods that are counted in different units.
_DAYS = {"working_days": 7 / 5, "days": 1.0, "months": 30.4, "years": 365.0}
_AT_ONCE = ("即办", "当场")


def check_promise(
    subject: Subject[Any], path: Path, promise: str | None, statutory: str | None
) -> None:
    """Adds what is wrong with the promise at `path`: too long, or hard to compare."""
    if not statutory or not promise or promise in _AT_ONCE:
        return
    allowed, promised = Period.parse(statutory), Period.parse(promise)
    words: dict[str, Any] = {"promise": promised.zh, "statutory": allowed.zh}
    if allowed.unit != promised.unit:
        subject.add(path, "time-units-differ", **words)
    if _days(promised) > _days(allowed):
        subject.add(path, "promise-over-statutory", **words)


def _days(period: Period) -> float:
    return period.amount * _DAYS[period.unit]
