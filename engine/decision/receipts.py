"""A decision as JSON, and its receipt: the same facts and definitions give the same bytes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from engine.decision.program import Program
from engine.decision.values import Application, Decision, Receipt
from engine.hooks import Reply


def engine_version() -> str:
    """The version of the engine, as installed."""
    try:
        return version("tongban")
    except PackageNotFoundError:
        return "0"


def to_plain(value: Any) -> Any:
    """Dataclasses, dates and decimals as JSON's own types. Whole decimals are whole numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, Decimal):
        # Text keeps every digit; JSON numbers are read as binary floats by most.
        return int(value) if value == value.to_integral_value() else format(value.normalize(), "f")
    if isinstance(value, date | time | datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | bool):
        return value
    return str(value)


def canonical(value: Any) -> bytes:
    """The one way of writing a value as JSON that digests are taken of."""
    plain = to_plain(value)
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def decision_to_json(decision: Decision) -> dict[str, Any]:
    """The contract's JSON of one decision."""
    plain = to_plain(decision)
    assert isinstance(plain, dict)
    return plain


def decision_digest(decision: Decision) -> str:
    """Over everything but the receipt itself."""
    plain = decision_to_json(decision)
    del plain["receipt"]
    return digest(plain)


def make_receipt(
    program: Program, application: Application, replies: Sequence[Reply], decision: Decision
) -> Receipt:
    answers = tuple(reply.to_json() for reply in replies)
    return Receipt(
        matter=program.matter.matter,
        on=decision.on.isoformat(),
        engine=engine_version(),
        definitions=program.definitions(),
        facts=digest(application),
        replies=digest(answers),
        decision=decision_digest(decision),
        application=application_to_json(application),
        answers=answers,
    )


def application_to_json(application: Application) -> dict[str, Any]:
    """The application in the form that `parse_application` reads."""
    person = application.applicant
    return {
        "applicant": {
            "name": person.name,
            "id_kind": person.id_kind,
            "id_number": person.id_number,
            "kind": person.kind,
            "agent": application.agent,
        },
        "region": application.region,
        "path": application.path,
        "facts": to_plain(application.facts),
        "materials": to_plain(application.materials),
        "commitments": list(application.commitments),
    }


_RECEIPT_TYPES: dict[str, type] = {
    "matter": str,
    "on": str,
    "engine": str,
    "definitions": dict,
    "facts": str,
    "replies": str,
    "decision": str,
    "application": dict,
    "answers": list,
}


def read_receipt(data: Any) -> Receipt:
    """The receipt in `data`, which is a receipt or a whole decision as JSON.

    Raises ValueError naming what is missing.
    """
    receipt = data.get("receipt", data) if isinstance(data, dict) else None
    if not isinstance(receipt, dict):
        raise ValueError("回执应是 JSON 对象 / a receipt is a JSON object")
    for name, kind in _RECEIPT_TYPES.items():
        if not isinstance(receipt.get(name), kind):
            raise ValueError(f"回执缺少“{name}”或其类型不对 / the receipt lacks {name!r}")
    date.fromisoformat(receipt["on"])
    found = {name: receipt[name] for name in _RECEIPT_TYPES}
    return Receipt(**{**found, "answers": tuple(found["answers"])})
