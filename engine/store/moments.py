"""Moments and days as text that sorts as time does, the same on every database."""

from datetime import UTC, date, datetime

MOMENT_LENGTH = 32


def write_moment(at: datetime) -> str:
    """UTC to the microsecond, always 32 characters. Raises ValueError without a time zone."""
    if at.tzinfo is None:
        raise ValueError("a moment must have a time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def read_moment(text: str) -> datetime:
    """The aware moment in a text that `write_moment` wrote."""
    return datetime.fromisoformat(text)


def write_day(day: date | None) -> str | None:
    """A day as ISO 8601; nothing stays nothing."""
    return None if day is None else day.isoformat()


def read_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
