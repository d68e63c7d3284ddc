"""The description of the API: OpenAPI 3.1, written from the table of operations."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from studio.rest.operation import SCOPE_TITLES, Content, Operation, Parameter
from studio.rest.shapes import ProblemDetails

_NAMED = re.compile(r"<([^>]+)>")
_REFERENCE = "#/components/schemas/{model}"
_PROBLEMS = {
    400: ("请求有误", "the request cannot be read"),
    401: ("没有令牌，或令牌无效", "no token, or one that does not hold"),
    403: (
        "令牌的范围或账号的部门不包括此操作",
        "beyond the token's scope or the account's departments",
    ),
    404: ("没有找到", "not found"),
    405: ("不能这样访问", "another method is needed"),
    409: (
        "办件已由他人办理，或操作编号已用于另一项操作",
        "changed meanwhile, or a key of another command",
    ),
    413: ("内容太大", "too large"),
    415: ("格式不对", "not a format that is taken"),
    422: ("内容不符合要求；errors 逐条列出", "does not fit; `errors` lists each"),
    429: ("操作太频繁", "too many requests"),
    503: ("暂时不能使用", "not available now"),
}
_ALWAYS = (400, 405, 503)


def describe(operations: Iterable[Operation], base: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the operations under `base`."""
    listed = tuple(operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in listed:
        path = base + _NAMED.sub(r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "通办 Tongban",
            "version": "1",
            "description": "政务服务事项的申请、办理、核验与交换。"
            " / Applying, handling, verifying and exchanging cases of government services.",
        },
        "paths": paths,
        "components": {
            "schemas": _schemas(listed),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": _scopes()}
            },
        },
    }


def _scopes() -> str:
    return "；".join(f"{scope}: {zh} / {en}" for scope, (zh, en) in SCOPE_TITLES.items())


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": f"{operation.zh} / {operation.en}",
        "parameters": [*_parameters(operation)],
        "responses": {
            **{str(status): _answer(content) for status, content in operation.returns.items()},
            **{str(status): _problem(status) for status in _problems(operation)},
        },
    }
    if operation.scopes:
        described["security"] = [{"token": [scope]} for scope in operation.scopes]
    if operation.body is not None:
        content = {"application/json": {"schema": _reference(operation.body)}}
        described["requestBody"] = {"required": True, "content": content}
    if operation.bytes_body:
        content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _problems(operation: Operation) -> list[int]:
    found = {*_ALWAYS, *operation.problems}
    if operation.scopes:
        found |= {401, 403, 429}
    if _NAMED.search(operation.path):
        found.add(404)
    if operation.body is not None or operation.bytes_body:
        found |= {413, 415, 422}
    return sorted(found)


def _parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    known = {parameter.name: parameter for parameter in operation.parameters}
    named = _NAMED.findall(operation.path)
    for name in named:
        yield _parameter(known[name], "path")
    for parameter in operation.parameters:
        if parameter.name not in named:
            yield _parameter(parameter, "query")
    if operation.takes_key:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "schema": {"type": "string", "maxLength": 100, "pattern": "^[!-~]+$"},
            "description": "操作编号：重复提交只办一次 / given again, nothing is done again",
        }


def _parameter(parameter: Parameter, where: str) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": where,
        "required": where == "path" or parameter.required,
        "schema": dict(parameter.schema),
        "description": f"{parameter.zh} / {parameter.en}",
    }


def _answer(content: Content) -> dict[str, Any]:
    schema = _reference(content.model) if content.model else {"type": "string", "format": "binary"}
    said = {"description": f"{content.zh} / {content.en}"}
    return {**said, "content": {kind: {"schema": schema} for kind in content.media_types}}


def _problem(status: int) -> dict[str, Any]:
    zh, en = _PROBLEMS[status]
    content = {"application/problem+json": {"schema": _reference(ProblemDetails)}}
    return {"description": f"{zh} / {en}", "content": content}


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(model=model.__name__)}


def _schemas(operations: Iterable[Operation]) -> Mapping[str, Any]:
    models: dict[str, tuple[type[BaseModel], Literal["validation", "serialization"]]] = {
        "ProblemDetails": (ProblemDetails, "serialization")
    }
    for operation in operations:
        if operation.body is not None:
            models[operation.body.__name__] = (operation.body, "validation")
        for content in operation.returns.values():
            if content.model is not None:
                models[content.model.__name__] = (content.model, "serialization")
    ordered = [models[name] for name in sorted(models)]
    _, found = models_json_schema(ordered, ref_template=_REFERENCE)
    schemas: Mapping[str, Any] = found["$defs"]
    return schemas
