"""A matter's mutants run against the scenarios that decide by it: which of them nobody notices.

A mutant is killed when a scenario that held no longer does, or when the definition no longer
checks. Scenarios are tried until the first that fails: those first that speak of what is changed,
and of these those that killed last.
"""

import json
import multiprocessing
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as ready
from pathlib import Path as FilePath
from typing import Any, Final, Literal

from engine.diagnostics import Diagnostics, Place, TongbanError
from engine.specs.catalogue import StepCatalogue
from engine.specs.features import Feature, FeatureScenario
from engine.specs.mutation_sameness import is_same
from engine.specs.mutations import DROPPED, Mutant, mutants_of
from engine.specs.runs import feature_files, load_feature, run_scenario
from engine.specs.shipped import step_catalogue
from engine.specs.world import World
from engine.workspace import DefinitionFile, Workspace

Fate = Literal["killed", "survived", "equivalent"]
Progress = Callable[[str, int, int], None]  # the matter's title, mutants done, mutants in all
_Scenario = tuple[Feature, FeatureScenario]
_WORD: Final = re.compile(r"\w{2,}")
_BATCH: Final = 8  # mutants handed to a process at a time


class NothingToMutate(TongbanError):
    """Scenarios that fail, or none at all, cannot tell a mutant from the definition."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mutant, and where its change stands in the definition."""

    mutant: Mutant
    fate: Fate
    place: Place


@dataclass(frozen=True)
class MatterScore:
    """One matter's mutants. `scenarios` is how many decide by it."""

    matter: str
    title: str
    scenarios: int
    outcomes: tuple[Outcome, ...]

    def count(self, fate: Fate) -> int:
        return sum(outcome.fate == fate for outcome in self.outcomes)

    @property
    def score(self) -> Decimal:
        """Killed of those that are not equivalent, in percent; 100 where there are none."""
        killed, survived = self.count("killed"), self.count("survived")
        whole = killed + survived
        return Decimal(100) if not whole else round(Decimal(100 * killed) / whole, 1)


@dataclass
class _Watched(World):
    """A world that remembers by which definitions it was asked to decide."""

    applied: set[str] = field(default_factory=set)

    def apply(self, title: str, on: date) -> None:
        matter = self.matter(title, on).matter
        self.applied.add(self.workspace.file("matter", matter, on).file)
        super().apply(title, on)


def mutate_matter(
    workspace: Workspace,
    matter: str,
    on: date,
    *,
    paths: Sequence[FilePath | str] = (),
    jobs: int = 1,
    progress: Progress | None = None,
) -> MatterScore:
    """Tries every mutant of the matter as in force on a day.

    `paths` are feature files and folders, as for run_features. Raises UnknownDefinition, and
    NothingToMutate where no scenario decides by the matter or one of them fails already.
    """
    file = workspace.file("matter", matter, on)
    title = workspace.matter(matter, on).title
    steps = step_catalogue(workspace)
    scenarios = _deciding(workspace, file, paths, steps)
    if not scenarios:
        raise NothingToMutate(f"没有场景对“{title}”作出决定 / no scenario decides by {matter}")
    assert file.document is not None  # it is in force, so it was read
    mutants = mutants_of(file.document.data)
    trial = _Trial(workspace, file, scenarios, steps)
    trial.begin(title)
    killed: dict[int, bool] = {}
    for number, is_killed in _tried(trial, mutants, jobs):
        killed[number] = is_killed
        if progress is not None:
            progress(title, len(killed), len(mutants))
    found = [_outcome(workspace, file, m, killed[n], on) for n, m in enumerate(mutants)]
    return MatterScore(matter, title, len(scenarios), tuple(found))


def _deciding(
    workspace: Workspace,
    file: DefinitionFile,
    paths: Sequence[FilePath | str],
    steps: StepCatalogue,
) -> list[_Scenario]:
    """The scenarios that hold and decide by the file. Raises NothingToMutate for one that fails."""
    found: list[_Scenario] = []
    problems = Diagnostics()
    for path in feature_files(workspace, paths):
        feature = load_feature(workspace, path, problems)
        for scenario in feature.scenarios if feature is not None else ():
            assert feature is not None  # or it had no scenarios
            world = _Watched(workspace)
            result = run_scenario(feature, scenario, steps, world)
            if file.file not in world.applied or result.is_pending:
                continue
            if result.fails:
                raise NothingToMutate(
                    f"{result.place} 未通过：先让场景都通过 / fails: make it pass first"
                )
            found.append((feature, scenario))
    return found


def _outcome(
    workspace: Workspace, file: DefinitionFile, mutant: Mutant, is_killed: bool, on: date
) -> Outcome:
    document = file.document
    assert document is not None
    fate: Fate = "killed" if is_killed else "survived"
    if not is_killed and is_same(workspace, document.data, mutant, on):
        fate = "equivalent"
    if mutant.start is None:
        return Outcome(mutant, fate, document.place(mutant.path))
    return Outcome(mutant, fate, document.place_in(mutant.path, mutant.start, mutant.end))


class _Trial:
    """Tries mutants one after another in one process."""

    def __init__(
        self,
        workspace: Workspace,
        file: DefinitionFile,
        scenarios: Sequence[_Scenario],
        steps: StepCatalogue,
    ) -> None:
        self._workspace, self._file, self._steps = workspace, file, steps
        self._scenarios = list(scenarios)
        self._spoken = {id(s): _spoken(s) for _, s in self._scenarios}

    def begin(self, title: str) -> None:
        """The unchanged data must pass as the text does, or every mutant would be killed."""
        assert self._file.document is not None
        if self.is_killed_data(self._file.document.data):
            raise NothingToMutate(
                f"“{title}”改写为数据后场景不再通过 / the scenarios depend on how the text is written"
            )

    def is_killed(self, mutant: Mutant) -> bool:
        assert self._file.document is not None
        self._put_first(mutant)
        return self.is_killed_data(mutant.applied(self._file.document.data))

    def _put_first(self, mutant: Mutant) -> None:
        """Scenarios that speak of what is changed go first, the rarer the word the sooner."""
        told = f"{mutant.what} {mutant.old} {mutant.new} {mutant.around}"
        if mutant.value is not DROPPED:
            told += f" {mutant.value}"
        weights = {}
        for word in set(_WORD.findall(told)):
            speaking = sum(word in text for text in self._spoken.values())
            if speaking:
                weights[word] = 1 / speaking
        ordered = sorted(weights)  # sums of fractions depend on their order

        def relevance(scenario: FeatureScenario) -> float:
            text = self._spoken[id(scenario)]
            return sum(weights[word] for word in ordered if word in text)

        self._scenarios.sort(key=lambda pair: -relevance(pair[1]))

    def is_killed_data(self, data: Any) -> bool:
        # JSON is YAML, and leaves nothing to be quoted wrongly.
        text = json.dumps(data, ensure_ascii=False, default=_number)
        workspace = self._workspace.with_text(self._file.file, text)
        for number, (feature, scenario) in enumerate(self._scenarios):
            if run_scenario(feature, scenario, self._steps, World(workspace)).fails:
                self._scenarios.insert(0, self._scenarios.pop(number))
                return True
        return False


def _spoken(scenario: FeatureScenario) -> str:
    """All that a scenario says, its tables too."""
    return " ".join(f"{step.text} {step.table}" for step in scenario.steps)


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"not data of a definition: {value!r}")


def _tried(trial: _Trial, mutants: Sequence[Mutant], jobs: int) -> Iterator[tuple[int, bool]]:
    """Each mutant's number and whether it is killed, as they are done."""
    batches = [range(n, min(n + _BATCH, len(mutants))) for n in range(0, len(mutants), _BATCH)]
    if jobs < 2 or threading.active_count() > 1 or not _can_fork():
        for number in range(len(mutants)):
            yield number, trial.is_killed(mutants[number])
        return
    context = multiprocessing.get_context("fork")
    members = []
    for _ in range(min(jobs, len(batches))):
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(trial, mutants, theirs, ours), daemon=True)
        process.start()
        theirs.close()
        members.append((process, ours))
    try:
        yield from _shared_out(trial, mutants, batches, [line for _, line in members])
    finally:
        for process, line in members:
            line.close()  # which is what ends the other end
            process.join(timeout=5)
            process.kill()


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods()


def _shared_out(
    trial: _Trial, mutants: Sequence[Mutant], batches: list[range], lines: list[Connection]
) -> Iterator[tuple[int, bool]]:
    """Batches handed out as processes ask; what a lost process had is done here."""
    waiting, at_work = list(reversed(batches)), dict[Connection, range]()
    for line in lines:
        if waiting:
            at_work[line] = waiting.pop()
            line.send(at_work[line])
    while at_work:
        answering = ready(list(at_work))
        for line in [line for line in at_work if line in answering]:
            batch = at_work.pop(line)
            try:
                answered = line.recv()
            except (EOFError, OSError):
                answered = [trial.is_killed(mutants[n]) for n in batch]
            else:
                if waiting:
                    at_work[line] = waiting.pop()
                    line.send(at_work[line])
            yield from zip(batch, answered, strict=True)
    for batch in waiting:
        yield from ((n, trial.is_killed(mutants[n])) for n in batch)


def _serve(trial: _Trial, mutants: Sequence[Mutant], line: Connection, other: Connection) -> None:
    other.close()
    while True:
        try:
            batch = line.recv()
        except EOFError:
            return
        line.send([trial.is_killed(mutants[n]) for n in batch])
