"""A decision as JSON, and its receipt: the same facts and definitions give the same bytes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import orjson

from engine.decision.program import Program
from engine.decision.values import Application, Decision, Receipt
from engine.hooks import Reply


@lru_cache(maxsize=1)
def engine_version() -> str:
    """The version of the engine with a digest of its source: another source is another engine."""
    try:
        release = version("tongban")
    except PackageNotFoundError:
        release = "0"
    room = Path(__file__).resolve().parents[1]
    found = hashlib.sha256()
    for path in sorted(room.rglob("*.py")):
        # Line ends are the checkout's, not the engine's.
        found.update(path.relative_to(room).as_posix().encode() + b"\0")
        found.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return f"{release}+{found.hexdigest()[:12]}"


def to_plain(value: Any) -> Any:
    """Dataclasses, dates and decimals as JSON's own types. Whole decimals are whole numbers."""
    kind: type = type(value)
    if kind in _PLAIN:
        return value
    if kind is list or kind is tuple:
        return [to_plain(item) for item in value]
    if kind is Decimal:
        # Text keeps every digit; JSON numbers are read as binary floats by most.
        return int(value) if value == value.to_integral_value() else format(value.normalize(), "f")
    names = _field_names(kind)
    if names is not None:
        return {name: to_plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return list(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


_PLAIN = frozenset({str, int, bool, type(None)})


@lru_cache(maxsize=256)
def _field_names(kind: type) -> tuple[str, ...] | None:
    return tuple(f.name for f in fields(kind)) if is_dataclass(kind) else None


def digest(value: Any) -> str:
    """sha256 over the one way of writing JSON that digests are taken of; see `canonical`."""
    return hashlib.sha256(canonical(value)).hexdigest()


def canonical(value: Any) -> bytes:
    """`to_plain` with every key in order, without spaces, in UTF-8: the same before and after JSON.

    orjson writes it in a fifth of the time. What it refuses, such as 65 bits, `json` writes.
    """
    with suppress(orjson.JSONEncodeError):
        return orjson.dumps(value, _one_step, _OPTIONS)
    return canonical_by_json(value)


# Its own dataclasses are not in order; its own times have 10 milliseconds as .10000 seconds.
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


def _one_step(value: Any) -> Any:
    """What orjson asks for: a value that it does not know, its own parts still as they are."""
    kind: type = type(value)
    names = _field_names(kind)
    if names is not None:
        return {name: getattr(value, name) for name in names}
    return dict(value) if isinstance(value, Mapping) else to_plain(value)


def canonical_by_json(value: Any) -> bytes:
    """The same bytes, whatever the value holds."""
    plain = to_plain(value)
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def decision_to_json(decision: Decision) -> dict[str, Any]:
    """The contract's JSON of one decision."""
    plain = to_plain(decision)
    assert isinstance(plain, dict)
    return plain


def make_receipt(
    program: Program, application: Application, replies: Sequence[Reply], decision: Decision
) -> Receipt:
    """`decision` still has no receipt; its digest is over everything else."""
    answers = tuple(reply.to_json() for reply in replies)
    posted = application_to_json(application)
    names = [name for name in _field_names(Decision) or () if name != "receipt"]
    receipt = Receipt(
        matter=program.matter.matter,
        on=decision.on.isoformat(),
        engine=engine_version(),
        definitions=program.definitions(),
        facts=digest(posted),
        replies=digest(answers),
        decision=digest({name: getattr(decision, name) for name in names}),
        application=posted,
        answers=answers,
    )
    return replace(receipt, seal=receipt_seal(receipt))


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
    "seal": str,
}


def read_receipt(data: Any) -> Receipt:
    """The receipt in `data`, which is a receipt or a whole decision as JSON.

    Raises ValueError naming what is missing, or what does not belong.
    """
    receipt = data.get("receipt", data) if isinstance(data, dict) else None
    if not isinstance(receipt, dict):
        raise ValueError("回执应是 JSON 对象 / a receipt is a JSON object")
    for name, kind in _RECEIPT_TYPES.items():
        if not isinstance(receipt.get(name), kind):
            raise ValueError(f"回执缺少“{name}”或其类型不对 / the receipt lacks {name!r}")
    stranger = next((name for name in receipt if name not in _RECEIPT_TYPES), None)
    if stranger is not None:
        raise ValueError(f"回执中不应有“{stranger}” / {stranger!r} is no part of a receipt")
    if date.fromisoformat(receipt["on"]).isoformat() != receipt["on"]:
        raise ValueError("回执的“on”应写成 2026-01-31 / 'on' is written as 2026-01-31")
    found = {name: receipt[name] for name in _RECEIPT_TYPES}
    return Receipt(**{**found, "answers": tuple(found["answers"])})


def receipt_seal(receipt: Receipt) -> str:
    """Over everything else in the receipt, so that no part of it can be changed unseen."""
    return digest({n: getattr(receipt, n) for n in _RECEIPT_TYPES if n != "seal"})


def restated_digest(data: Any) -> str | None:
    """The digest of a decision as a document states it; None where it holds the receipt alone."""
    if not isinstance(data, dict) or "receipt" not in data:
        return None
    return digest({name: value for name, value in data.items() if name != "receipt"})
