"""A population through one version of a matter, or two side by side in one pass."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import ibis

from engine.definitions import Shape
from engine.diagnostics import TongbanError
from engine.population.comparing import Comparing
from engine.population.facts import Given
from engine.population.plan import Plan
from engine.population.reading import ROW, TABLE, Applications, Wanted, read_applications
from engine.population.reports import Sample, SideReport, SimulationReport
from engine.population.sessions import DuckSession, EngineName, SparkSession, quoted
from engine.population.stages import Stage
from engine.population.versions import Version

Progress = Callable[[int, int], None]  # rows done, rows in all
ROWS_PER_CHUNK = 500_000
RESULTS = "results"


class OutputUnusable(TongbanError):
    """The folder for results cannot be written, or holds something already."""


@dataclass(frozen=True)
class Options:
    """How a simulation runs. `memory` is DuckDB's, such as `2GB`; 0 threads means all."""

    engine: EngineName = "duckdb"
    region: str = ""
    samples: int = 3
    memory: str = ""
    threads: int = 0


def simulate(
    data: Path,
    before: Version,
    after: Version | None = None,
    *,
    out: Path | None = None,
    options: Options | None = None,
    progress: Progress = lambda done, rows: None,
) -> SimulationReport:
    """Puts every application of a Parquet or CSV file through `before`, and `after` beside it.

    With `out`, writes there results.parquet (a row for each application, in the file's order),
    cases/*.json (what `tongban decide` takes) and report.json. Raises, all TongbanError:
    DataUnreadable, UnknownDefinition, DecisionStopped, PopulationStopped, EngineMissing,
    OutputUnusable.
    """
    if out is not None:
        _make_folder(out)
    with tempfile.TemporaryDirectory(prefix="tongban-") as folder:
        chosen = options or Options(region=before.workspace.settings.region)
        simulation = _Simulation(Path(folder), data, before, after, chosen, progress)
        try:
            return simulation.run(out)
        finally:
            simulation.close()


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise OutputUnusable(f"{out} 不是空文件夹，不覆盖其中的文件 / the folder is not empty")
    except OSError as error:
        raise OutputUnusable(f"{out} 写不进：{error.strerror} / cannot be written") from None


class _Simulation:
    def __init__(
        self,
        folder: Path,
        data: Path,
        before: Version,
        after: Version | None,
        options: Options,
        progress: Progress,
    ) -> None:
        self.folder, self.data, self.options, self.progress = folder, data, options, progress
        self.sides = {"a_": before} | ({"b_": after} if after is not None else {})
        self.duck = DuckSession(folder, options.memory, options.threads)
        self.spark: SparkSession | None = None
        self.looked_up: dict[str, list[str]] = {prefix: [] for prefix in self.sides}

    def close(self) -> None:
        if self.spark is not None:
            self.spark.close()
        self.duck.close()

    def run(self, out: Path | None) -> SimulationReport:
        applications = read_applications(self.duck, self.data, self._wanted())
        self._evaluate(applications)
        comparing = Comparing(self.duck, self._criteria(), applications, len(self.sides) > 1)
        report = self._report(applications, comparing)
        return report if out is None else self._write(report, comparing, out)

    def _wanted(self) -> Wanted:
        """What either version declares; for a fact of both, as the first has it."""
        facts: dict[str, Shape] = {}
        computed: set[str] = set()
        materials: dict[str, Any] = {}
        for version in self.sides.values():
            for name, fact in version.definition.facts.items():
                if fact.compute is not None:
                    computed.add(name)
                else:
                    facts.setdefault(name, fact)
            for use in version.definition.materials:
                materials.setdefault(use.key, use)
        sides = [(version.workspace, version.on) for version in self.sides.values()]
        return Wanted(
            sides, facts, frozenset(computed) - set(facts), tuple(materials.values()),
            self.options.region,
            self.sides["a_"].definition.title,
        )  # fmt: skip

    # --- evaluating --------------------------------------------------------------------------

    def _evaluate(self, applications: Applications) -> None:
        session: Any = self.duck
        table = self.duck.table(TABLE)
        if self.options.engine == "spark":
            source = self.folder / "applications"
            self.duck.write(table, source)
            session = self.spark = SparkSession(self.folder)
            table = self.spark.read(source)
        self.progress(0, applications.rows)
        for number, regions in enumerate(self._region_groups(applications)):
            part = table
            if len(applications.regions) > 1:
                part = table.filter(_is_in(table.region, regions))
            laid = self._lay(session, part, applications, regions)
            if self.options.engine == "duckdb":
                self._run_in_chunks(laid, applications.rows, number)
            else:
                folder = self.folder / f"laid_{number}"
                session.write(laid, folder)
                self._store(f"SELECT * FROM read_parquet('{quoted(folder)}/*.parquet')", number)
        self.progress(applications.rows, applications.rows)

    def _run_in_chunks(self, laid: Any, rows: int, number: int) -> None:
        sql = ibis.to_sql(laid, dialect="duckdb")
        for start in range(1, max(rows, 1) + 1, ROWS_PER_CHUNK):
            end = min(rows, start + ROWS_PER_CHUNK - 1)
            chunk = f"SELECT * FROM ({sql}) WHERE {ROW} BETWEEN {start} AND {end}"
            self._store(chunk, number if start == 1 else 1)
            if number == 0:
                self.progress(end, rows)

    def _store(self, sql: str, number: int) -> None:
        begin = f"CREATE TABLE {RESULTS} AS" if number == 0 else f"INSERT INTO {RESULTS}"
        self.duck.raw(f"{begin} {sql}")

    def _region_groups(self, applications: Applications) -> Iterator[tuple[str, ...]]:
        """Regions whose figures and calendars are the same are computed together."""
        groups: dict[str, list[str]] = {}
        for region in applications.regions:
            programs = [version.program(region) for version in self.sides.values()]
            figures = [sorted((n, repr(v)) for n, v in p.parameters.items()) for p in programs]
            days = [sorted((y, repr(d)) for y, d in p.calendar.years.items()) for p in programs]
            groups.setdefault(repr((figures, days)), []).append(region)
        for regions in groups.values():
            yield tuple(regions)

    def _lay(
        self, session: Any, table: Any, applications: Applications, regions: tuple[str, ...]
    ) -> Any:
        special = applications.special
        given = Given(
            facts=applications.facts,
            person=applications.person,
            materials=applications.materials,
            on=self.sides["a_"].on,
            day=applications.day,
            path="path" if "path" in special else None,
            region="region" if "region" in special else None,
            asked=applications.asked,
        )
        columns = [ROW]
        for prefix, version in self.sides.items():
            stage = Stage(session, table, prefix)
            plan = Plan(stage, version.program(regions[0]), given)
            plan.lay()
            table = stage.table
            self.looked_up[prefix] += stage.looked_up
            ids = [c.id for c in version.definition.criteria]
            columns += [f"{prefix}outcome", f"{prefix}path", *(f"{prefix}c_{i}" for i in ids)]
        return table.select(*columns)

    # --- telling -----------------------------------------------------------------------------

    def _criteria(self) -> dict[str, tuple[str, frozenset[str]]]:
        """By id, in order: the point, and the prefixes of the versions that have it."""
        found: dict[str, tuple[str, set[str]]] = {}
        for prefix, version in self.sides.items():
            for criterion in version.definition.criteria:
                found.setdefault(criterion.id, (criterion.point, set()))[1].add(prefix)
        return {i: (point, frozenset(prefixes)) for i, (point, prefixes) in found.items()}

    def _report(self, applications: Applications, comparing: Comparing) -> SimulationReport:
        sides = [
            SideReport(
                label=version.label,
                matter=version.matter,
                title=version.definition.title,
                on=version.on.isoformat(),
                digest=version.digest,
                outcomes=comparing.outcomes_of(prefix),
                paths=comparing.paths_of(prefix),
                looked_up=tuple(dict.fromkeys(self.looked_up[prefix])),
            )
            for prefix, version in self.sides.items()
        ]
        unlike, groups = comparing.find_unlike(self.options.samples)
        day = next(iter(self.sides.values())).on
        return SimulationReport(
            rows=applications.rows,
            engine=self.options.engine,
            before=sides[0],
            after=sides[1] if len(sides) > 1 else None,
            differ=comparing.count_different(),
            outcomes=comparing.outcome_shifts(),
            paths=comparing.path_shifts(),
            criteria=comparing.criterion_changes(),
            samples=comparing.samples(self.options.samples, day, self.options.region),
            unlike=unlike,
            unlike_groups=groups,
            assumptions=_assumptions(applications, day),
            missing=applications.missing,
            ignored=applications.ignored,
            written=(),
        )

    def _write(self, report: SimulationReport, comparing: Comparing, out: Path) -> SimulationReport:
        try:
            comparing.write(out / "results.parquet")
            samples = tuple(self._write_sample(sample, out) for sample in report.samples)
            names = ("results.parquet", *(s.file for s in samples), "report.json")
            whole = replace(report, samples=samples, written=names)
            text = json.dumps(report_to_json(whole), ensure_ascii=False, indent=2)
            (out / "report.json").write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise OutputUnusable(f"{out} 写不进：{error.strerror} / cannot be written") from None
        return whole

    def _write_sample(self, sample: Sample, out: Path) -> Sample:
        (out / "cases").mkdir(exist_ok=True)
        name = f"cases/row-{sample.row}.json"
        text = json.dumps(sample.application, ensure_ascii=False, indent=2)
        (out / name).write_text(text + "\n", encoding="utf-8")
        return replace(sample, file=name)


def _is_in(region: Any, regions: Sequence[str]) -> Any:
    named = [name for name in regions if name]
    matches = region.isin(named) if named else ibis.literal(False)
    return matches | region.isnull() if "" in regions else matches


def _assumptions(applications: Applications, on: date) -> tuple[tuple[str, str], ...]:
    """What the data does not say, and how it is taken."""
    found = [
        (
            "没有查询任何登记系统：电子证照、信用记录、部门协查在两个版本中都按没有处理",
            "no register is asked: licences, credit records and department queries count as none",
        )
    ]
    if not applications.materials:
        found.append(("材料视为齐全", "materials are taken as complete"))
    else:
        found.append(
            ("没有材料列的材料视为已提交", "materials without a column are taken as handed in")
        )
    if applications.day is None:
        found.append((f"申请日期一律按 {on}", f"everybody applied on {on}"))
    if "path" not in applications.special:
        found.append(("办理路径一律按一般程序", "everybody is on the general path"))
    else:
        found.append(
            ("选择某一路径的，视为就该路径的全部内容作出承诺", "a path's commitments are all made")
        )
    return tuple(found)


def report_to_json(report: SimulationReport) -> dict[str, Any]:
    """The report as `tongban simulate --json` prints it."""
    from engine.decision import to_plain

    plain: Mapping[str, Any] = to_plain(report)
    return dict(plain)
