"""Feature files run in process: scenario by scenario, step by step, no test framework."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.decision import Decision
from engine.diagnostics import Diagnostic, Diagnostics, TongbanError
from engine.specs.catalogue import Ambiguous, StepCatalogue, Undefined
from engine.specs.features import Feature, FeatureScenario, FeatureStep, read_feature
from engine.specs.linting import read_text, run_diagnostics
from engine.specs.outcome import StepFailed
from engine.specs.shipped import step_catalogue
from engine.specs.wording import ambiguous_words, undefined_words
from engine.specs.world import World
from engine.workspace import Workspace

Status = Literal["passed", "failed", "undefined", "ambiguous", "skipped"]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class StepResult:
    """How one step went. `milliseconds` is None where no clock was given."""

    keyword: str
    text: str
    line: int
    status: Status
    message_zh: str = ""
    message_en: str = ""
    milliseconds: float | None = None


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """How one scenario, or one example row, went. A pending one is reported and fails nothing."""

    file: str
    feature: str
    rule: str
    name: str
    line: int
    row: int
    tags: tuple[str, ...]
    status: Status
    is_pending: bool
    steps: tuple[StepResult, ...]

    @property
    def fails(self) -> bool:
        return self.status != "passed" and not self.is_pending

    @property
    def place(self) -> str:
        return f"{self.file}:{self.row or self.line}"


@dataclass(frozen=True)
class Report:
    """Every scenario of a run, what is wrong with the files themselves, and the decisions made."""

    scenarios: tuple[ScenarioResult, ...]
    diagnostics: tuple[Diagnostic, ...]
    decisions: tuple[Decision, ...]  # of scenarios that passed: what they exercise is covered

    @property
    def is_ok(self) -> bool:
        """Nothing failed, no file has an error of its own, and there was something to run."""
        return (
            bool(self.scenarios)
            and not self.diagnostics
            and not any(scenario.fails for scenario in self.scenarios)
        )


def run_features(
    workspace: Workspace,
    paths: Sequence[Path | str] = (),
    *,
    catalogue: StepCatalogue | None = None,
    clock: Clock | None = None,
) -> Report:
    """Runs feature files and folders; none given: the workspace's `features/`.

    `clock` gives seconds, such as time.perf_counter. Raises PluginError for a plugin whose steps
    cannot be registered.
    """
    steps = catalogue if catalogue is not None else step_catalogue(workspace)
    problems = Diagnostics()
    results: list[ScenarioResult] = []
    decisions: list[Decision] = []
    for path in feature_files(workspace, paths):
        feature = load_feature(workspace, path, problems)
        if feature is None:
            continue
        for scenario in feature.scenarios:
            world = World(workspace)
            result = run_scenario(feature, scenario, steps, world, clock)
            results.append(result)
            decisions += world.decisions if result.status == "passed" else []
    return Report(tuple(results), problems.sorted(), tuple(decisions))


def feature_files(workspace: Workspace, paths: Sequence[Path | str] = ()) -> list[Path]:
    """The .feature files at `paths`, in order, each once."""
    found: list[Path] = []
    for given in paths or [workspace.root / "features"]:
        path = Path(given)
        found += sorted(path.rglob("*.feature")) if path.is_dir() else [path]
    return list(dict.fromkeys(found))


def load_feature(workspace: Workspace, path: Path, problems: Diagnostics) -> Feature | None:
    """One file, read; None, with a diagnostic, where it cannot be."""
    name = shown_path(workspace, path)
    text = read_text(path, name, problems)
    if text is None:
        return None
    feature = read_feature(text, name)
    problems.extend(run_diagnostics(feature))
    return feature if not feature.faults else None


def shown_path(workspace: Workspace, path: Path) -> str:
    """Relative to the workspace where the file lies in it."""
    root, full = workspace.root.resolve(), path.resolve()
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else path.as_posix()


def run_scenario(
    feature: Feature,
    scenario: FeatureScenario,
    catalogue: StepCatalogue,
    world: World,
    clock: Clock | None = None,
) -> ScenarioResult:
    """Runs the steps in order; after the first that does not pass, the others are skipped."""
    results = tuple(_steps(scenario.steps, catalogue, world, clock))
    bad = [result.status for result in results if result.status not in ("passed", "skipped")]
    return ScenarioResult(
        file=feature.file,
        feature=feature.name,
        rule=scenario.rule,
        name=scenario.name,
        line=scenario.line,
        row=scenario.row,
        tags=scenario.tags,
        status=bad[0] if bad else "passed",
        is_pending=scenario.is_pending,
        steps=results,
    )


def _steps(
    steps: Iterable[FeatureStep], catalogue: StepCatalogue, world: World, clock: Clock | None
) -> Iterator[StepResult]:
    is_going_on = True
    for step in steps:
        if not is_going_on:
            yield StepResult(step.keyword, step.text, step.line, "skipped")
            continue
        result = _step(step, catalogue, world, clock)
        is_going_on = result.status == "passed"
        yield result


def _step(
    step: FeatureStep, catalogue: StepCatalogue, world: World, clock: Clock | None
) -> StepResult:
    begun = clock() if clock else 0.0
    status, zh, en = call_step(step, catalogue, world)
    spent = (clock() - begun) * 1000 if clock else None
    return StepResult(step.keyword, step.text, step.line, status, zh, en, spent)


def call_step(step: FeatureStep, catalogue: StepCatalogue, world: World) -> tuple[Status, str, str]:
    """Finds and calls what a step means; its status, and what is to be said in both languages."""
    found = catalogue.find(step.type, step.text)
    if isinstance(found, Ambiguous):
        return "ambiguous", *ambiguous_words(found)
    if isinstance(found, Undefined):
        return "undefined", *undefined_words(found)
    try:
        found.run(world, step.table, step.docstring)
    except StepFailed as error:
        return "failed", error.message_zh, error.message_en
    except TongbanError as error:
        return "failed", str(error), str(error)
    except AssertionError as error:  # a department's own step may use a plain assert
        said = str(error)
        return "failed", f"断言不成立：{said}" if said else "断言不成立", said or "assertion failed"
    except Exception as error:  # a step is a plugin's code: whatever it raises fails its scenario
        said = f"{type(error).__name__}: {error}"
        return "failed", f"步骤出错：{said}", f"the step failed: {said}"
    return "passed", "", ""
