"""The API: what its description says is what it does."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis.specs.openapi.checks import (
    ignored_auth,
)

from studio_visitor import make_studio

ROOT = Path(__file__).parent.parent
APP = make_studio()
SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", APP)


@SCHEMA.parametrize()
def test_every_operation_keeps_what_it_says(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(excluded_checks=[ignored_auth])


@pytest.fixture
def app() -> Flask:
    return APP


def test_the_description_is_complete(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    routes = {r.endpoint for r in app.url_map.iter_rules() if r.endpoint.startswith("rest.")}
    described = {op["operationId"] for path in document["paths"].values() for op in path.values()}
    assert routes == {f"rest.{name}" for name in described} | {"rest.document"}
