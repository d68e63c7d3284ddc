"""Whether a change helps applicants, where that can be told for certain."""

from typing import Any, Literal

from engine.changes.differences import Difference
from engine.changes.thresholds import find_threshold
from engine.clock import Period
from engine.definitions import Criterion, MaterialUse

Direction = Literal["eases", "tightens", "neutral", "unclear"]
# Parts whose presence asks something of applicants, and those whose presence helps them.
_DEMANDS, _HELPS = ("materials", "criteria", "obligations"), ("paths", "benefits")
# Keys that explain and decide nothing.
_EXPLAINING = frozenset(
    {
        "basis", "title", "aliases", "summary", "note", "notes", "remedy", "mistakes", "sample",
        "guide", "duty", "misconduct", "point", "organ", "code", "given_by", "source_of", "reason",
        "quote", "law", "article", "verified", "faq", "phone", "hours", "windows", "department",
        "department_code", "effective", "numbering",
        "issuer", "origin", "units", "id",
    }
)  # fmt: skip
_LENIENT_FIRST = ("remind", "review", "correct", "refuse", "reject")
# Keys of a material that spare applicants something when they are there, or true.
_SPARING = frozenset({"commitable", "deferrable", "satisfied_by", "query"})


def direction_of(difference: Difference) -> Direction:
    """Eases or tightens only where no other part of the definition can turn it round."""
    path = [str(step) for step in difference.path]
    top, last = path[0], path[-1]
    if len(path) == 2 and top in (*_DEMANDS, *_HELPS):
        return _presence(difference, top)
    if top == "guide" or any(step in _EXPLAINING for step in difference.path):
        return "neutral"
    if last in ("promise", "statutory", "correction") or top == "time":
        return _length(difference.before, difference.after)
    part = difference.within[-1][0]
    if isinstance(part, Criterion):
        return _of_criterion(difference, last)
    if isinstance(part, MaterialUse):
        return _of_material(difference, last)
    if top == "visits":
        return _less(difference.before, difference.after)
    return "unclear"


def _presence(difference: Difference, top: str) -> Direction:
    if difference.moved or not (difference.is_added or difference.is_removed):
        return "neutral" if difference.moved else "unclear"
    part = difference.after if difference.is_added else difference.before
    asks_nobody = getattr(part, "consequence", "") == "remind"
    if asks_nobody or getattr(part, "by", "申请人") != "申请人":
        return "neutral"
    return "tightens" if difference.is_added == (top in _DEMANDS) else "eases"


def _of_criterion(difference: Difference, key: str) -> Direction:
    old, new = difference.before, difference.after
    if key == "when" and (old is None or new is None):
        return "eases" if old is None else "tightens"
    if key == "effect":
        old, new = (part.consequence for part in difference.within[-1])
        if not {old, new} <= set(_LENIENT_FIRST):  # of a draft that is wrong
            return "unclear"
        return _less(_LENIENT_FIRST.index(old), _LENIENT_FIRST.index(new))
    if key == "require":
        found = find_threshold(old, new)
        if found is not None and found.demands_more is not None:
            return "tightens" if found.demands_more else "eases"
    return "unclear"


def _of_material(difference: Difference, key: str) -> Direction:
    old, new = difference.before, difference.after
    if key == "when" and (old is None or new is None):
        return "eases" if old is None else "tightens"
    if key in _SPARING and bool(old) != bool(new):
        return "eases" if new else "tightens"
    if key == "core":
        return "tightens" if new else "eases"
    return _less(old, new) if key == "copies" else "unclear"


def _length(old: Any, new: Any) -> Direction:
    """A shorter time of one unit is sooner; others cannot be compared without a calendar."""
    try:
        before, after = Period.parse(str(old)), Period.parse(str(new))
    except ValueError:
        return "unclear"
    return _less(before.amount, after.amount) if before.unit == after.unit else "unclear"


def _less(old: Any, new: Any) -> Direction:
    if not isinstance(old, int) or not isinstance(new, int) or old == new:
        return "unclear"
    return "eases" if new < old else "tightens"
