"""Lints of time: the share of the statutory time that is promised, stages, what is done at once."""

from typing import Any

from engine.checks.subject import Subject
from engine.clock import Period
from engine.definitions import Matter
from engine.source import Path

_AT_ONCE = ("即办", "当场")
_LOCAL = ("市级", "县级", "乡镇级", "村级")
# Listed apart by some systems (送达、办结、归档): not counted among the three.
_UNCOUNTED = ("送达", "办结", "归档", "公示")


def check_stages(subject: Subject[Matter]) -> None:
    """Adds what the policy asks of a matter's time and stages and it does not keep."""
    matter = subject.definition
    _check_instant(subject)
    check_share(subject, ("time", "promise"), matter, matter.time.promise)
    if matter.complex is None:
        _check_count(subject)


def check_share(subject: Subject[Any], path: Path, matter: Matter, promise: str | None) -> None:
    """Adds a promise of more than its share of the statutory time, for a matter or a region of it.

    本级事项至多 25%，上级事项 50%: rounded down, and at once where nothing is left.
    """
    limits, statutory = subject.workspace.settings.limits, matter.time.statutory
    if matter.complex or not promise or not statutory or promise in _AT_ONCE:
        return
    allowed, promised = Period.parse(statutory), Period.parse(promise)
    if allowed.unit != promised.unit or promised.amount > allowed.amount:
        return  # reported already
    percent = (
        limits.get("promise_percent", 25)
        if matter.level in _LOCAL
        else limits.get("upper_promise_percent", 50)
    )
    most = allowed.amount * percent // 100
    if promised.amount > most:
        subject.add(
            path,
            "promise-ratio",
            promise=promised.zh,
            statutory=allowed.zh,
            percent=percent,
            most=Period(most, allowed.unit).zh if most else "即办",
        )


def _check_count(subject: Subject[Matter]) -> None:
    stages = [s.title for s in subject.definition.stages if s.title not in _UNCOUNTED]
    limit = subject.workspace.settings.limits.get("stages", 3)
    if len(stages) > limit:
        words = {"count": len(stages), "titles": "、".join(stages), "limit": limit}
        subject.add(("stages",), "stages-too-many", at_key=True, **words)


def _check_instant(subject: Subject[Matter]) -> None:
    matter = subject.definition
    promise, is_instant = matter.time.promise, matter.kind == "即办件"
    if promise and is_instant != (promise in _AT_ONCE):
        subject.add(("time", "promise"), "instant-kind", kind=matter.kind, promise=promise)
    elif not is_instant and _is_formal(matter):
        subject.add(("matter",), "should-be-instant")


def _is_formal(matter: Matter) -> bool:
    """Only a formal check: every criterion belongs to acceptance, nothing else is looked at."""
    return (
        bool(matter.criteria)
        and all(c.stage == "受理" for c in matter.criteria)
        and not matter.time.special
        and not matter.conclusions
        and not matter.benefits
        and matter.complex is None
        and not any(s.title not in ("受理", *_UNCOUNTED) for s in matter.stages)
    )
