"""What may be shown of a decision: one printable line each, nobody's number or secret written out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from engine.decision import Decision, Read

_LONG = 12  # characters; what is shorter would be told by its first and last four
# Characters. A shorter one, such as a number or a name, may be a part of what others wrote.
_TELLING = 6
_V = TypeVar("_V")

# A citizen number by its form: region, birth date, order, check.
_CITIZEN_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])([1-9][0-9]{5})"
    r"(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"([0-9]{3}[0-9Xx])(?![0-9A-Za-z])"
)


def mask_numbers(text: str) -> str:
    """Citizen numbers in `text` reduced to their first six and last four characters."""
    return _CITIZEN_NUMBER.sub(r"\1********\2", text)


def masked(value: object) -> object:
    """A sensitive fact's value: of long texts the first and last four characters, else asterisks."""
    if value is None:
        return None
    if isinstance(value, str):
        is_long = len(value) >= _LONG
        return f"{value[:4]}{'*' * (len(value) - 8)}{value[-4:]}" if is_long else "*" * len(value)
    if isinstance(value, Mapping):
        return {key: masked(inner) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return [masked(inner) for inner in value]
    return "****"


def printable(value: _V) -> _V:
    """`value` with every text in it on one printable line and its citizen numbers masked.

    What applicants type reaches terminals and letters: a line break could forge a line there, an
    escape sequence worse.
    """
    return cast(_V, _rewritten(value, {}))


def on_one_line(value: _V) -> _V:
    """`value` with every text in it on one printable line, and nothing masked."""
    return cast(_V, _rewritten(value, {}, masks=False))


def presentable(decision: Decision) -> Decision:
    """The decision as it may be shown: printable, and its sensitive facts masked wherever they are."""
    reads = [*decision.facts, *(read for c in decision.criteria for read in c.reads)]
    sensitive = [read for read in reads if read.is_sensitive]
    names = {read.name for read in sensitive}
    differing = [d for d in decision.differences if d.name in names]
    shown = [read.value for read in sensitive]
    shown += [value for d in differing for value in (d.stated, d.recorded)]
    secrets = dict(secret for value in shown for secret in _secrets(value))
    decision = replace(
        decision,
        differences=tuple(
            replace(d, stated=masked(d.stated), recorded=masked(d.recorded))
            if d in differing
            else d
            for d in decision.differences
        ),
        # A finding, and so its line in the notice, may repeat what it matched.
        findings=_rewritten(decision.findings, secrets),
        notice=_rewritten(decision.notice, secrets),
        reminders=_rewritten(decision.reminders, secrets),
        materials=_rewritten(decision.materials, secrets),
    )
    return printable(decision)


def _secrets(value: object) -> Iterator[tuple[str, str]]:
    """Each telling text in a value, and the same masked."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _secrets(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _secrets(inner)
    elif len(str(value)) >= _TELLING:  # a date or an amount is repeated as Python writes it
        yield str(value), str(masked(value))


def _rewritten(value: Any, secrets: Mapping[str, str], *, masks: bool = True) -> Any:
    if isinstance(value, str):
        for secret in sorted(secrets, key=len, reverse=True):
            value = value.replace(secret, secrets[secret])
        line = "".join(c if c.isprintable() or c in "\u3000\xa0" else " " for c in value)
        return mask_numbers(line) if masks else line

    def again(inner: Any) -> Any:
        return _rewritten(inner, secrets, masks=masks)

    if isinstance(value, tuple | list):
        return type(value)(map(again, value))
    if isinstance(value, Mapping):
        return {again(key): again(inner) for key, inner in value.items()}
    if isinstance(value, Read) and value.is_sensitive:
        value = replace(value, value=masked(value.value), is_sensitive=False)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: again(getattr(value, f.name)) for f in fields(value)})
    return value
