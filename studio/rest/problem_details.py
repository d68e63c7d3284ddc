"""Problem details (RFC 9457): the one shape of everything that goes wrong."""

from flask import Response, jsonify

from studio.rest.shapes import FaultAt, ProblemDetails

MOST_ERRORS = 200


def problem(status: int, detail: str, code: str, errors: list[FaultAt] | None = None) -> Response:
    """Problem details (RFC 9457)."""
    title = Response(status=status).status[4:].title()
    told = ProblemDetails(
        type="about:blank", title=title, status=status, detail=detail, code=code,
        errors=None if errors is None else errors[:MOST_ERRORS],
    )  # fmt: skip
    response = jsonify(told.model_dump(mode="json", exclude_none=True))
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response
