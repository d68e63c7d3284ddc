"""What a simulation comes to: counts, who comes out differently, and cases to open. Frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Shift:
    """How many were `before` and are `after`; both are the same where nothing changed."""

    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """One criterion over everybody whose status differs; 没有此要点 where a version has it not."""

    id: str
    point: str
    count: int
    decisive: int  # of them, whose outcome or path differs too
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One case to open: its row, its own number, how it comes out, and what `tongban decide` takes."""

    row: int
    case: str
    before: str
    after: str
    application: Mapping[str, Any]
    file: str = ""  # where it was written


@dataclass(frozen=True, slots=True)
class Unlike:
    """Cases alike in every declared fact that were recorded with different outcomes."""

    count: int
    recorded: tuple[tuple[str, int], ...]
    rows: tuple[int, ...]  # the first ones
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideReport:
    """One version: which it is, what its outcomes are, and what the engine evaluated case by case."""

    label: str
    matter: str
    title: str
    on: str
    digest: str
    outcomes: tuple[tuple[str, int], ...]
    paths: tuple[tuple[str, int], ...]
    looked_up: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SimulationReport:
    """A population through one version, or through two side by side."""

    rows: int
    engine: str
    before: SideReport
    after: SideReport | None
    differ: int  # rows whose outcome or path differs
    outcomes: tuple[Shift, ...]
    paths: tuple[Shift, ...]
    criteria: tuple[CriterionChange, ...]
    samples: tuple[Sample, ...]
    unlike: tuple[Unlike, ...]
    unlike_groups: int
    assumptions: tuple[tuple[str, str], ...]  # in Chinese and English
    missing: tuple[str, ...]
    ignored: tuple[str, ...]
    written: tuple[str, ...]
