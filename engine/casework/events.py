"""What happens to a case: commands given by somebody, and the events that they leave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

# China keeps one time, without summer time; a day of the law is a day there.
CHINA = timezone(timedelta(hours=8), "UTC+08:00")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `role` is one of `ROLE_TITLES`; `department` is empty for applicants and the clock."""

    name: str
    role: str
    department: str = ""


THE_CLOCK = Actor("时钟", "clock")


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody wants done. `at` is aware; `body` is plain JSON.

    Two commands of the same `key` are the same command: the second finds what the first did.
    """

    do: str
    actor: Actor
    at: datetime
    body: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    key: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a command's moment must have a time zone")

    @property
    def day(self) -> date:
        """The day in China."""
        return day_of(self.at)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. `to` is the state it led to, so that a case needs no flow to be read again."""

    kind: str
    at: datetime
    actor: Actor
    to: str
    body: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def day(self) -> date:
        return day_of(self.at)


def day_of(at: datetime) -> date:
    """The day in China on which a moment lies."""
    return at.astimezone(CHINA).date()
