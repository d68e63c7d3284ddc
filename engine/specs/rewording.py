"""Other ways to write a step that no phrase fits: half-width, with 是, with quotes, a day in digits."""

import re
from collections.abc import Iterator
from typing import Final

from engine.specs.phrases import LONGEST_STEP

_WIDE: Final = "".join(map(chr, [*range(0xFF10, 0xFF1A), 0xFF0D, 0xFF0E]))
_NARROW: Final = str.maketrans(_WIDE, "0123456789-.")
_CHINESE_DAY: Final = re.compile(r"([0-9]{4})\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]")
_SAYING: Final = re.compile(
    r"""(?P<subject>[^\W\d][^\s\d"“”]{0,40}?(?<![大小高低多少等于过]))\s*
    (?:是|为|等于|[=:＝：]|(?=[0-9]))\s*
    (?P<value>["“][^"“”]{1,60}["”]|[-0-9.]+\s*(?:[^\W\d]{1,10}[²³]?|[%％‰㎡℃])?|[^\W\d_]{1,20}|[0-9]{4}(?:-[0-9]{2}){2})
    [。.]?""",
    re.VERBOSE,
)
_NUMBER_OR_DAY: Final = re.compile(r"[-0-9].*")


def half_width(text: str) -> str:
    """The text with its full-width digits made narrow."""
    return text[:LONGEST_STEP].translate(_NARROW)


def rewordings(text: str) -> Iterator[str]:
    """What may have been meant by a step that no phrase fits, the smallest change first."""
    narrow = _CHINESE_DAY.sub(_in_digits, half_width(text))
    yield narrow
    said = _SAYING.fullmatch(narrow.strip())
    if said is None:
        return
    subject, value = said["subject"], said["value"]
    if _NUMBER_OR_DAY.fullmatch(value) or value in ("是", "否"):
        yield f"{subject}是 {value}"
    elif value[0] in '"“':
        yield f"{subject}是{value}"
    else:
        yield f'{subject}是"{value}"'


def _in_digits(day: re.Match[str]) -> str:
    return f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
