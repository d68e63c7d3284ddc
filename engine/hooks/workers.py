"""Daemon threads that are kept for the next call: starting one costs more than asking a register.

A worker that hangs is simply not seen again until its call returns. Who may start how many calls is
counted by the caller; there are never more workers than calls were under way at once.
"""

import os
import time
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread
from typing import Final, TypeVar

Job = Callable[[], None]
_T = TypeVar("_T")


class NoAnswer(Exception):
    """A call did not end, or did not even begin, within its time limit."""


class Worker(Thread):
    """One thread with its own queue of one. `pid` tells a fork's child that it has no such thread."""

    def __init__(self) -> None:
        super().__init__(name="register call", daemon=True)
        self.pid: Final = os.getpid()
        self._jobs: SimpleQueue[tuple[Job, Job]] = SimpleQueue()

    def give(self, job: Job, afterwards: Job) -> None:
        self._jobs.put((job, afterwards))

    def run(self) -> None:
        while True:
            job, afterwards = self._jobs.get()
            job()
            # Idle first, then free: so the next call finds this worker instead of starting one.
            _idle.append(self)
            afterwards()


_idle: deque[Worker] = deque()


def hand_over(job: Job, afterwards: Job) -> None:
    """Run `job`, which must not raise, in a worker, and then `afterwards`. Returns at once."""
    _take().give(job, afterwards)


def call_within(
    limit: float, places: BoundedSemaphore, function: Callable[[], _T]
) -> _T | BaseException:
    """What `function` returns or raises, which may be anything. NoAnswer after `limit` seconds.

    A call that hangs keeps its place among `places`, so that few can hang.
    """
    deadline = time.monotonic() + limit
    outcome: SimpleQueue[_T | BaseException] = SimpleQueue()

    def job() -> None:
        try:
            outcome.put(function())
        except BaseException as error:  # sys.exit in a worker must reach whoever waits for it
            outcome.put(error)

    if not places.acquire(timeout=limit):
        raise NoAnswer
    hand_over(job, places.release)
    try:
        return outcome.get(timeout=max(0.0, deadline - time.monotonic()))
    except Empty:
        raise NoAnswer from None


def _take() -> Worker:
    while _idle:
        try:
            worker = _idle.pop()
        except IndexError:  # another thread took the last one in between
            break
        if worker.pid == os.getpid():
            return worker
    worker = Worker()
    worker.start()
    return worker
