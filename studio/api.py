"""What the editor and machines ask: check this text, describe this kind, decide this application."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from engine import (
    KINDS,
    ApplicationError,
    Diagnostic,
    TongbanError,
    check_text,
    decide,
    decision_to_json,
    diagnostic_to_json,
    json_schema,
    known_names,
    parse_application,
)
from studio.desk import Desk
from studio.shelf import worst_first
from studio.trial import read_day


def interface(desk: Desk) -> Blueprint:
    """JSON in, JSON out; problems as problem details."""
    pages = Blueprint("api", __name__, url_prefix="/api")

    @pages.post("/check")
    def check() -> Response:
        body = _body()
        file, text = body.get("path"), body.get("text")
        if not isinstance(file, str) or not isinstance(text, str):
            abort(400)
        workspace = desk.workspace()
        if file not in workspace.files:
            abort(404)
        found = check_text(workspace, file, text)
        return jsonify(diagnostics=[_to_editor(diagnostic) for diagnostic in worst_first(found)])

    @pages.get("/schema/<kind>")
    def schema(kind: str) -> Response:
        if kind not in KINDS:
            abort(404)
        names = known_names(desk.workspace(), request.args.get("matter", ""), desk.today())
        listed = [
            {"name": n.name, "detail_zh": n.detail_zh, "detail_en": n.detail_en} for n in names
        ]
        return jsonify(schema=json_schema(kind), names=listed)

    @pages.post("/matters/<matter_id>/decide")
    def decide_one(matter_id: str) -> tuple[Response, int]:
        body = _body()
        on = read_day(request.args.get("on", "")) or desk.today()
        workspace = desk.workspace()
        workspace.matter(matter_id, on)  # an unknown matter is no page
        try:
            application = parse_application(workspace, matter_id, body, on)
            decision = decide(workspace, matter_id, application, on=on, sources=desk.sources)
        except ApplicationError as error:
            return jsonify(diagnostics=[diagnostic_to_json(d) for d in error.diagnostics]), 422
        except TongbanError as error:
            return jsonify(stopped=str(error)), 422
        return jsonify(decision_to_json(decision)), 200

    return pages


def _body() -> dict[str, Any]:
    body = request.get_json()
    if not isinstance(body, dict):
        abort(400)
    return body


def _to_editor(diagnostic: Diagnostic) -> dict[str, object]:
    found = diagnostic_to_json(diagnostic)
    return {**found, "path": found["file"]}
