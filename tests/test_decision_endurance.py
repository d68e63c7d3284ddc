"""A decision leaves nothing behind: no memory, no thread, no process."""

import gc
import os
import threading
from pathlib import Path

import pytest

from engine import decide
from shipped import MATTERS, ON, sample, workspace

PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def decide_many(times: int) -> None:
    posted = [(matter, sample(matter)) for matter in MATTERS]
    for number in range(times):
        matter, data = posted[number % len(posted)]
        decide(workspace(), matter, data, on=ON)


def growth(rounds: int, times: int) -> int:
    """Bytes that the process grew by while deciding, after caches are warm."""
    decide_many(times)
    gc.collect()
    before = resident_bytes()
    for _ in range(rounds):
        decide_many(times)
    gc.collect()
    return resident_bytes() - before


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_decisions_leak_neither_memory_nor_threads() -> None:
    threads = threading.active_count()
    assert growth(rounds=4, times=200) < 8_000_000
    assert threading.active_count() <= threads + 16  # the kept workers of the registers


@pytest.mark.soak
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_a_hundred_thousand_decisions_leak_nothing() -> None:
    assert growth(rounds=50, times=2_000) < 20_000_000
