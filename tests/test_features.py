"""Every shipped .feature file under pytest-bdd, by the very steps that `tongban test` runs.

Nothing else is in this module: test_specs_agreement.py counts what is collected from it.
"""

from pathlib import Path

import pytest
from pytest_bdd import scenarios

from engine.specs import World, feature_files, step_catalogue
from engine.workspace import Workspace
from feature_steps import expect_nothing_of_pending, install_steps, register_tags

WORKSPACE = Workspace.load(Path(__file__).parent.parent)
FILES = feature_files(WORKSPACE)

register_tags(path.read_text(encoding="utf-8") for path in FILES)
install_steps(step_catalogue(WORKSPACE))
if FILES:
    scenarios(*map(str, FILES))


@pytest.fixture
def world() -> World:
    return World(WORKSPACE)


@pytest.fixture(autouse=True)
def _pending(request: pytest.FixtureRequest) -> None:
    expect_nothing_of_pending(request)
