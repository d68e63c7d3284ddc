"""Who is signed in at this moment: a copied cookie is worth nothing after signing out."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable


class Visits:
    """Random ids of open sessions. Kept in memory: each process knows its own only."""

    seconds, remembered = 8 * 3600, 10_000

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self) -> str:
        """A new visit's id; when there are too many, the oldest visit ends."""
        visit = secrets.token_urlsafe(24)
        with self._lock:
            self._until[visit] = self._clock() + self.seconds
            while len(self._until) > self.remembered:
                self._until.popitem(last=False)
        return visit

    def is_open(self, visit: str) -> bool:
        with self._lock:
            return self._until.get(visit, 0.0) > self._clock()

    def end(self, visit: str) -> None:
        with self._lock:
            self._until.pop(visit, None)
