"""The catalogue's steps under pytest-bdd: the same registry, the same functions, the same verdicts."""

from collections.abc import Iterable

import pytest
import pytest_bdd
from pytest_bdd.parsers import StepParser
from pytest_bdd.scenario import CONFIG_STACK  # type: ignore[attr-defined]

from engine.specs import Call, StepCatalogue, StepDefinition, World, read_feature
from engine.specs.catalogue import STEP_TYPES, StepType


class CatalogueStep(StepParser):
    """One definition of the catalogue; it matches only what the catalogue itself takes it for."""

    def __init__(
        self, catalogue: StepCatalogue, definition: StepDefinition, step_type: StepType
    ) -> None:
        super().__init__(definition.phrase.template)
        self._catalogue = catalogue
        self._definition = definition
        self._type = step_type

    def is_matching(self, name: str) -> bool:
        return self._call(name) is not None

    def parse_arguments(self, name: str) -> dict[str, object]:
        return {"call": self._call(name)}

    def _call(self, name: str) -> Call | None:
        found = self._catalogue.find(self._type, name)
        is_mine = isinstance(found, Call) and found.definition is self._definition
        return found if is_mine and isinstance(found, Call) else None


def run_step(
    world: World,
    call: Call,
    datatable: list[list[str]] | None = None,
    docstring: str | None = None,
) -> None:
    table = None if datatable is None else tuple(tuple(row) for row in datatable)
    call.run(world, table, docstring)


def install_steps(catalogue: StepCatalogue) -> None:
    """Registers every definition in the calling module, once for each keyword it goes with."""
    for definition in catalogue.definitions:
        for step_type in STEP_TYPES:
            if definition.is_for(step_type):
                parser = CatalogueStep(catalogue, definition, step_type)
                pytest_bdd.step(parser, step_type, stacklevel=2)(run_step)


def register_tags(texts: Iterable[str]) -> None:
    """Makes every tag of the features a known marker; under --strict-markers others are errors."""
    config = CONFIG_STACK[-1]
    tags = {
        tag.removeprefix("@")
        for text in texts
        for scenario in read_feature(text, "").scenarios
        for tag in scenario.tags
    }
    for tag in sorted(tags):
        config.addinivalue_line("markers", f"{tag}: a tag of the features")


def expect_nothing_of_pending(request: pytest.FixtureRequest) -> None:
    """A @pending scenario runs and is reported, and fails nothing."""
    if request.node.get_closest_marker("pending"):
        request.applymarker(pytest.mark.xfail(reason="@pending", strict=False))
