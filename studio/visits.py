"""Who is signed in at this moment: a copied cookie is worth nothing after signing out.

Kept in the store, so that every process knows every visit.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from engine import Database, begin_visit, end_visit, visitor_of


class Visits:
    """Open sessions by a random secret, of which the store keeps only a digest."""

    length = timedelta(hours=8)

    def __init__(self, database: Callable[[], Database], now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now

    def begin(self, login: str) -> str:
        """A new visit's secret."""
        now = self._now()
        with self._database().write() as connection:
            return begin_visit(connection, login, now, now + self.length)

    def visitor(self, secret: str) -> str | None:
        """The login of whoever shows the secret; None when the visit has ended."""
        if not secret:
            return None
        with self._database().read() as connection:
            return visitor_of(connection, secret, self._now())

    def end(self, secret: str) -> None:
        if secret:
            with self._database().write() as connection:
                end_visit(connection, secret)
