"""The patience with wrong passwords: counted in the store, so by all processes together."""

from collections.abc import Callable
from datetime import datetime, timedelta

from engine import Database, forget_tries, read_tries, write_tries


class Patience:
    """Delays after wrong passwords, per account and address: free at first, then doubling.

    Every try counts as wrong from its beginning until it is forgiven, so that tries at once are not
    cheaper than one after the other. An address has a budget over all names as well; it is renewed
    within a minute, since a whole office may share one.
    """

    free, longest = 5, 900  # tries without delay; seconds
    budget, window = 40, 60  # tries of one address, and the seconds in which they are counted

    def __init__(self, database: Callable[[], Database], now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now

    def reserve(self, name: str, address: str) -> int:
        """Takes one try: 0 when it is welcome, else the seconds to wait, and nothing is taken."""
        now = self._now()
        with self._database().write() as connection:
            count, until = read_tries(connection, _of_name(name, address))
            tried, ends = read_tries(connection, _of_address(address))
            if ends is None or ends <= now:
                tried, ends = 0, now + timedelta(seconds=self.window)
            waits = [until - now] if until else []
            waits += [ends - now] if tried >= self.budget else []
            longest = max(waits, default=timedelta())
            if longest > timedelta():
                return max(1, round(longest.total_seconds() + 0.499))
            write_tries(connection, _of_address(address), tried + 1, ends)
            excess = count + 1 - self.free
            delay = min(2.0 ** min(excess, 20), self.longest) if excess >= 0 else 0.0
            until = now + timedelta(seconds=delay)
            write_tries(connection, _of_name(name, address), count + 1, until)
            forget_tries(connection, now)
        return 0

    def forgive(self, name: str, address: str) -> None:
        """The try was right: the account's count is cleared, and the address gets its try back."""
        with self._database().write() as connection:
            write_tries(connection, _of_name(name, address), 0, self._now())
            tried, ends = read_tries(connection, _of_address(address))
            if ends is not None:
                write_tries(connection, _of_address(address), tried - 1, ends)


def _of_name(name: str, address: str) -> str:
    return f"password\n{name}\n{address}"


def _of_address(address: str) -> str:
    return f"password-address\n{address}"
