"""Row by row, a population comes out as the per-case engine decides each application alone."""

from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from engine.population import Options, simulate, version_in_force
from populations import Population, random_population, write_parquet
from shipped import ON, workspace

MATTERS = (
    ("public_venue_hygiene", ""),
    ("public_venue_hygiene", "510100"),
    ("hr_service_licence", ""),
    ("hr_service_licence", "370811"),
    ("old_age_allowance", ""),
    ("old_age_allowance", "370811"),
    ("travel_agency_branch_filing", ""),
)

EACH = [pytest.param(*m, id="-".join(filter(None, m))) for m in MATTERS]


def simulated(
    population: Population, folder: Path, *, varies: bool = False, engine: Any = "duckdb"
) -> list[dict[str, Any]]:
    data = write_parquet(population, folder / "data.parquet", varies=varies)
    version = version_in_force(population.workspace, population.matter, population.on)
    options = Options(engine=engine, region=population.region)
    simulate(data, version, out=folder / "out", options=options)
    rows: list[dict[str, Any]] = pyarrow.parquet.read_table(
        folder / "out" / "results.parquet"
    ).to_pylist()
    return rows


def compare(population: Population, rows: list[dict[str, Any]]) -> None:
    assert [row["row"] for row in rows] == list(range(1, len(population.applications) + 1))
    for place, row in enumerate(rows):
        expected = population.expected(place)
        about = population.applications[place], population.days[place]
        if expected is None:
            assert row["outcome_before"] == "未能判定", about
            continue
        statuses, path, outcome = expected
        found = {name.partition(":")[2]: v for name, v in row.items() if name.startswith("before:")}
        assert found == statuses, about
        assert (row["path_before"], row["outcome_before"]) == (path, outcome), about


@pytest.mark.parametrize(("matter", "region"), EACH)
def test_every_status_path_and_outcome_is_the_engines(
    matter: str, region: str, tmp_path: Path
) -> None:
    population = random_population(workspace(), matter, ON, 300, 1, region=region)
    compare(population, simulated(population, tmp_path))


@pytest.mark.parametrize(("matter", "region"), EACH[:1] + EACH[2:3] + EACH[4:5] + EACH[6:])
def test_days_of_application_and_missing_materials_count(
    matter: str, region: str, tmp_path: Path
) -> None:
    population = random_population(
        workspace(), matter, ON, 250, 2, region=region, varies=True, unknown=0.01
    )
    compare(population, simulated(population, tmp_path, varies=True))


@pytest.mark.parametrize(("matter", "region"), EACH)
@pytest.mark.soak
def test_a_hundred_thousand_rows_agree(matter: str, region: str, tmp_path: Path) -> None:
    for seed, (unknown, varies) in enumerate(
        ((0.0, False), (0.02, True), (0.05, True), (0.2, False))
    ):
        folder = tmp_path / str(seed)
        folder.mkdir()
        population = random_population(
            workspace(), matter, ON, 25_000, seed, region=region, unknown=unknown, varies=varies
        )
        compare(population, simulated(population, folder, varies=varies))
