"""What the editor and machines ask: check this text, describe this kind, decide this application."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from engine import (
    KINDS,
    ApplicationError,
    DecisionStopped,
    Diagnostic,
    TongbanError,
    check_text,
    decide,
    decision_to_json,
    diagnostic_to_json,
    json_schema,
    known_names,
    parse_application,
    read_json,
)
from studio.desk import Desk
from studio.disclosure import explain
from studio.language import _
from studio.shelf import worst_first
from studio.trial import read_day

MOST_DIAGNOSTICS = 200


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
        on = _day(request.args.get("on", "")) or desk.today()
        workspace = desk.workspace()
        workspace.matter(matter_id, on)  # an unknown matter is no page
        try:
            application = parse_application(workspace, matter_id, body, on)
            sources = desk.sources_on(application.applicant.id_number)
            decision = decide(workspace, matter_id, application, on=on, sources=sources)
        except ApplicationError as error:
            return jsonify(_listed(error.diagnostics)), 422
        except DecisionStopped as error:
            return jsonify(stopped=str(error), **_listed(error.diagnostics)), 422
        except (TongbanError, ValueError) as error:  # a plugin, a register, a rule that is no FEEL
            return jsonify(stopped=explain(error)), 422
        return jsonify(decision_to_json(decision)), 200

    return pages


def _body() -> dict[str, Any]:
    if not request.is_json:
        abort(415)
    try:
        body = read_json(request.get_data())
    except ValueError:
        abort(400)
    return body if isinstance(body, dict) else abort(400)


def _day(text: str) -> date | None:
    """The day asked for. A mistyped one is refused: today would be another question."""
    day = read_day(text)
    if day is None and text.strip():
        abort(400)
    return day


def _listed(found: Sequence[Diagnostic]) -> dict[str, Any]:
    shown = [diagnostic_to_json(diagnostic) for diagnostic in found[:MOST_DIAGNOSTICS]]
    more = len(found) - len(shown)
    return {"diagnostics": shown, **({"more": _("另有 %(num)s 处", num=more)} if more else {})}


def _to_editor(diagnostic: Diagnostic) -> dict[str, object]:
    found = diagnostic_to_json(diagnostic)
    return {**found, "path": found["file"]}
