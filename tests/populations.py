"""Random applications of any matter, as a Parquet file and as the per-case engine takes them."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from engine import Applicant, Application, DecisionStopped, Shape, Submission, Workspace, decide
from engine.decision import parse_application, program_of
from engine.definitions import PATH_TITLES
from engine.population.conversion import entry_of
from engine.profile import compile_cell
from engine.source import read_json

PATHS = tuple(PATH_TITLES)
NUMBERS = (
    "0",
    "0.01",
    "9.99",
    "10",
    "29.5",
    "30",
    "199.99",
    "200",
    "500",
    "25000",
    "50000",
    "300000",
)
TEXTS = (
    "370811",
    "370800",
    "510100",
    "示例分社",
    "甲",
    "张三",
    "6222021234567890",
    "11010519491231002X",
)
PEOPLE = ("", "92370811MA3C00011H", "11010519491231002X", "甲")


@dataclass(frozen=True)
class Population:
    """One matter's random applications on one day; `materials` are those handed in by each."""

    workspace: Workspace
    matter: str
    on: date
    region: str
    applications: tuple[Application, ...]
    days: tuple[date, ...]

    def expected(self, row: int) -> tuple[dict[str, str], str, str] | None:
        """Statuses by criterion, path and outcome by the per-case engine; None where it stops."""
        try:
            found = decide(
                self.workspace,
                self.matter,
                self.applications[row],
                on=self.days[row],
                replies=(),
            )
        except DecisionStopped:
            return None
        return {c.id: c.status for c in found.criteria}, found.path, found.outcome


def random_population(
    workspace: Workspace,
    matter: str,
    on: date,
    count: int,
    seed: int,
    *,
    region: str = "",
    unknown: float = 0.05,
    varies: bool = False,
) -> Population:
    """`unknown` is how often a value is missing; with `varies`, days and materials differ too."""
    rng = random.Random(seed)
    program = program_of(workspace, matter, region, on)
    facts, definition = program.matter.facts, program.matter
    values = Values(workspace, on, rng, unknown)
    examples = sample_facts(workspace, matter, on)
    ids = [m.key for m in definition.materials]
    made, days = [], []
    for _ in range(count):
        path = rng.choice(("general", *PATHS))
        declared = next((d for p, d in definition.paths.items() if p == path), None)
        handed = [i for i in ids if not varies or rng.random() < 0.9]
        number, name = rng.choice(PEOPLE), rng.choice(("", "甲", "张三"))
        made.append(
            Application(
                facts=_some_facts(values, {n: facts[n] for n in program.given}, examples),
                applicant=Applicant(name, "", number),
                agent=rng.choice(("", "", "李四")),
                materials={i: Submission() for i in handed},
                path=path,
                commitments=tuple(declared.covers) if declared else (),
                region=region,
            )
        )
        days.append(on - timedelta(days=rng.randrange(300)) if varies else on)
    return Population(workspace, matter, on, region, tuple(made), tuple(days))


def sample_facts(workspace: Workspace, matter: str, on: date) -> tuple[dict[str, Any], ...]:
    """The facts of the sample applications, which get further than random ones do."""
    found = []
    for path in sorted((workspace.root / "rulesets" / "samples" / matter).glob("*.json")):
        posted = read_json(path.read_bytes())
        posted.pop("date", None)
        found.append(dict(parse_application(workspace, matter, posted, on).facts))
    return tuple(found)


def _some_facts(
    values: "Values", given: Mapping[str, Shape], examples: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """All facts at random, or a sample's with up to two of them changed."""
    rng = values.rng
    if not examples or rng.random() < 0.4:
        return {name: values.of(shape) for name, shape in given.items()}
    example = rng.choice(examples)
    changed = rng.sample(sorted(given), min(len(given), rng.randrange(3)))
    return {
        name: values.of(shape) if name in changed else example.get(name)
        for name, shape in given.items()
    }


@dataclass(frozen=True)
class Values:
    """Values that a shape admits, near where rules draw their lines."""

    workspace: Workspace
    on: date
    rng: random.Random
    unknown: float

    def of(self, shape: Shape, depth: int = 0) -> Any:
        if self.rng.random() < (self.unknown if depth == 0 else self.unknown / 3):
            return None
        made = getattr(self, f"_{shape.type}")(shape, depth)
        if shape.range and depth == 0 and compile_cell(shape.range).evaluate(made) is not True:
            return Decimal(1)
        return made

    def _text(self, shape: Shape, depth: int) -> str:
        if shape.codes:
            return self.rng.choice(self.workspace.codes(shape.codes, self.on).words_on(self.on))
        return self.rng.choice(TEXTS)

    def _integer(self, shape: Shape, depth: int) -> Decimal:
        return Decimal(self.rng.randrange(5))

    def _decimal(self, shape: Shape, depth: int) -> Decimal:
        return Decimal(self.rng.choice(NUMBERS))

    def _boolean(self, shape: Shape, depth: int) -> bool:
        return self.rng.random() < 0.8

    def _date(self, shape: Shape, depth: int) -> date:
        rng, on = self.rng, self.on
        old = date(on.year - rng.randrange(77, 104), rng.randrange(1, 13), rng.randrange(1, 29))
        near = on + timedelta(days=rng.randrange(-400, 400))
        edges = (on, on - timedelta(days=365), on - timedelta(days=1), date(2024, 2, 29))
        return rng.choice((old, near, near, rng.choice(edges)))

    def _list(self, shape: Shape, depth: int) -> list[Any]:
        return [self.of(entry_of(shape), depth + 1) for _ in range(self.rng.randrange(5))]

    def _record(self, shape: Shape, depth: int) -> dict[str, Any]:
        return {name: self.of(entry, depth + 1) for name, entry in shape.fields.items()}


# --- as a file ---------------------------------------------------------------------------------


def write_parquet(population: Population, path: Path, *, varies: bool = False) -> Path:
    """The population as `tongban simulate` reads it."""
    program = program_of(population.workspace, population.matter, population.region, population.on)
    facts, made = program.matter.facts, population.applications
    columns: dict[str, Any] = {}
    for name in program.given:
        stored = [_stored(a.facts[name], facts[name]) for a in made]
        columns[name] = pyarrow.array(stored, _type(facts[name]))
    columns["办理路径"] = pyarrow.array([a.path for a in made], pyarrow.string())
    columns["申请人.名称"] = pyarrow.array([a.applicant.name for a in made], pyarrow.string())
    columns["申请人.证件号码"] = pyarrow.array([a.applicant.id_number for a in made])
    columns["申请人.代理人"] = pyarrow.array([a.agent for a in made], pyarrow.string())
    if varies:
        columns["申请日期"] = pyarrow.array(list(population.days), pyarrow.date32())
        for material in program.matter.materials:
            handed = [material.key in a.materials for a in made]
            columns[f"材料.{material.key}"] = pyarrow.array(handed, pyarrow.bool_())
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    return path


def _type(shape: Shape) -> Any:
    scalars = {
        "boolean": pyarrow.bool_(),
        "integer": pyarrow.int32(),
        "decimal": pyarrow.decimal128(14, 2),
        "date": pyarrow.date32(),
        "text": pyarrow.string(),
    }
    if shape.type == "list":
        return pyarrow.list_(_type(entry_of(shape)))
    if shape.type == "record":
        return pyarrow.struct([(name, _type(entry)) for name, entry in shape.fields.items()])
    return scalars[shape.type]


def _stored(value: Any, shape: Shape) -> Any:
    if value is None:
        return None
    if shape.type == "list":
        return [_stored(item, entry_of(shape)) for item in value]
    if shape.type == "record":
        return {name: _stored(value[name], entry) for name, entry in shape.fields.items()}
    return int(value) if shape.type == "integer" else value
