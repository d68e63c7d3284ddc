"""The same definitions on Spark give the same rows. Skipped, visibly, where there is no Java."""

import shutil
from pathlib import Path

import pytest

from populations import random_population
from shipped import MATTERS, ON, workspace
from test_population_agreement import compare, simulated

pytest.importorskip("pyspark", reason="Spark is not installed")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java, and there is none here", allow_module_level=True)


def agrees(matter: str, count: int, folder: Path) -> None:
    population = random_population(workspace(), matter, ON, count, 3, varies=True, region="370811")
    compare(population, simulated(population, folder, varies=True, engine="spark"))


def test_spark_gives_the_engines_rows(tmp_path: Path) -> None:
    agrees("public_venue_hygiene", 1_000, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("matter", MATTERS)
def test_spark_gives_the_engines_rows_for_every_matter(matter: str, tmp_path: Path) -> None:
    agrees(matter, 5_000, tmp_path)
