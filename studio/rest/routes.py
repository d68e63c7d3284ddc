"""The operations as routes: a request read, checked and answered; every problem as RFC 9457."""

import re
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from pydantic import BaseModel, ValidationError

from engine import (
    ApplicationError,
    BadCursor,
    CommandRefused,
    Conflict,
    Diagnostic,
    DraftConflict,
    KeyReused,
    TongbanError,
    UnknownDefinition,
    UploadRefused,
    read_json,
)
from studio.desk import Desk
from studio.disclosure import explain
from studio.language import _
from studio.rest.admission import admit
from studio.rest.cases import case_operations
from studio.rest.document import describe
from studio.rest.matters import matter_operations
from studio.rest.operation import Call, Operation
from studio.rest.papers import paper_operations
from studio.rest.problem_details import MOST_ERRORS, problem
from studio.rest.shapes import FaultAt
from studio.rest.themes import theme_operations

BASE = "/api/v1"
_KEY = re.compile(r"[!-~]{1,100}", re.ASCII)


def operations(desk: Desk) -> tuple[Operation, ...]:
    """Every operation of the API."""
    return (
        *matter_operations(desk),
        *theme_operations(desk),
        *case_operations(desk),
        *paper_operations(desk),
    )


def rest_interface(desk: Desk) -> Blueprint:
    """The API and its description."""
    pages = Blueprint("rest", __name__, url_prefix=BASE)
    listed = operations(desk)

    @pages.get("/openapi.json")
    def document() -> Response:
        return jsonify(describe(listed, BASE))

    for operation in listed:
        view = _answering(desk, operation)
        pages.add_url_rule(operation.path, operation.name, view, methods=[operation.method])
    return pages


def _answering(desk: Desk, operation: Operation) -> Any:
    def answer(**path: str) -> Response:
        turned_away = admit(desk, operation)
        if turned_away is not None:
            return turned_away
        try:
            made = operation.handle(_read(operation, path))
        except (TongbanError, ValueError, KeyError) as error:
            return _problem_of(error)
        if isinstance(made, BaseModel):
            response = jsonify(made.model_dump(mode="json"))
            response.status_code = operation.status
            return response
        assert isinstance(made, Response)
        return made

    return answer


def _read(operation: Operation, path: dict[str, str]) -> Call:
    known = {parameter.name: parameter for parameter in operation.parameters}
    values = {**path, **request.args.to_dict()}
    faults = [
        FaultAt(where=name, zh=f"{name} 的写法不对", en=f"{name} is not written as described")
        for name, value in values.items()
        if name in known and not _fits(known[name].schema, value)
    ]
    lacking = (p.name for p in operation.parameters if p.required and p.name not in values)
    faults += [FaultAt(where=n, zh=f"缺少参数 {n}", en=f"{n} is missing") for n in lacking]
    if faults:
        raise _Faulty(400, faults)
    key = request.headers.get("Idempotency-Key", "")
    if key and not _KEY.fullmatch(key):
        raise _Faulty(
            400,
            [
                FaultAt(
                    where="Idempotency-Key",
                    zh="应为 1 至 100 个可见字符",
                    en="1 to 100 visible characters",
                )
            ],
        )
    return Call(path, request.args.to_dict(), _body(operation), key)


def _fits(schema: Any, value: str) -> bool:
    if schema.get("type") == "integer":
        is_number = re.fullmatch(r"[0-9]{1,9}", value, re.ASCII) is not None
        return is_number and schema.get("minimum", 0) <= int(value) <= schema.get("maximum", 10**9)
    pattern, longest = schema.get("pattern"), schema.get("maxLength", 1000)
    is_one = "enum" not in schema or value in schema["enum"]
    return (
        is_one
        and len(value) <= longest
        and (not pattern or re.search(pattern, value, re.ASCII) is not None)
    )


def _body(operation: Operation) -> Any:
    if operation.bytes_body:
        return request.get_data()
    if operation.body is None:
        return None
    if not request.is_json:
        abort(415)
    try:
        posted = read_json(request.get_data())
    except ValueError:
        abort(400)
    try:
        return operation.body.model_validate(posted)
    except ValidationError as error:
        raise _Faulty(422, [*_faults_of(error)]) from None


class _Faulty(TongbanError):
    """A request that is not as described."""

    def __init__(self, status: int, faults: list[FaultAt]) -> None:
        super().__init__("；".join(fault.zh for fault in faults[:3]))
        self.status, self.faults = status, faults


def _faults_of(error: ValidationError) -> Iterable[FaultAt]:
    for found in error.errors(include_url=False, include_input=False)[:MOST_ERRORS]:
        where = "/".join(str(part) for part in found["loc"])
        zh = {"missing": "缺少", "extra_forbidden": "不认识"}.get(found["type"], "不符合要求")
        yield FaultAt(where=where, zh=f"{where}：{zh}", en=f"{where}: {found['msg']}")


def _problem_of(error: Exception) -> Response:
    """An error of the engine as problem details. Raises what is nobody's request's fault."""
    if isinstance(error, _Faulty):
        return problem(error.status, _("请求的内容不符合要求"), "invalid", error.faults)
    if isinstance(error, ApplicationError):
        return problem(422, str(error), "application", [*map(_fault, error.diagnostics)])
    if isinstance(error, CommandRefused):
        return problem(409, str(error), error.reason)
    if isinstance(error, BadCursor):
        return problem(400, str(error), "cursor")
    if isinstance(error, Conflict | DraftConflict | KeyReused):
        return problem(409, str(error), "conflict")
    if isinstance(error, UploadRefused):
        return problem(422, str(error), "upload")
    if isinstance(error, UnknownDefinition):
        return problem(404, str(error), "unknown")
    if isinstance(error, KeyError):
        return problem(404, _("没有找到"), "unknown")
    if isinstance(error, TongbanError | ValueError):
        return problem(422, explain(error), "stopped")
    raise error


def _fault(diagnostic: Diagnostic) -> FaultAt:
    place = diagnostic.excerpt or str(diagnostic.place)
    return FaultAt(where=place, zh=diagnostic.message_zh, en=diagnostic.message_en)
