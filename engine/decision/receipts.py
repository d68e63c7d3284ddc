"""A decision as JSON, and its receipt: the same facts and definitions give the same bytes."""

import hashlib
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from operator import attrgetter
from pathlib import Path
from typing import Any

from engine.decision.plain_json import canonical, digest, digest_of, joined, plain_copy, to_plain
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


def decision_to_json(decision: Decision) -> dict[str, Any]:
    """The contract's JSON of one decision."""
    plain = to_plain(decision)
    assert isinstance(plain, dict)
    return plain


def with_receipt(
    decision: Decision, program: Program, application: Application, replies: Sequence[Reply]
) -> Decision:
    """The decision, which still has no receipt, with one; its digest is over everything else."""
    parts = dict(zip(_PART_NAMES, _PARTS(decision), strict=True))
    answers = tuple(reply.to_json() for reply in replies)
    posted = application_to_json(application)
    # What is both kept and digested is written once.
    written = {"application": canonical(posted), "answers": canonical(answers)}
    receipt = Receipt(
        matter=program.matter.matter,
        on=decision.on.isoformat(),
        engine=engine_version(),
        definitions=program.definitions(),
        facts=digest_of(written["application"]),
        replies=digest_of(written["answers"]),
        decision=digest(parts),
        application=posted,
        answers=answers,
    )
    for name in _SEALED:
        if name not in written:
            written[name] = canonical(getattr(receipt, name))
    return Decision(**parts, receipt=replace(receipt, seal=digest_of(joined(written))))


_PART_NAMES = tuple(field.name for field in fields(Decision) if field.name != "receipt")
_PARTS = attrgetter(*_PART_NAMES)


def application_to_json(application: Application) -> dict[str, Any]:
    """The application in the form that `parse_application` reads."""
    person = application.applicant
    return _official_parts(application) | {
        "applicant": {
            "name": person.name,
            "id_kind": person.id_kind,
            "id_number": person.id_number,
            "kind": person.kind,
            "agent": application.agent,
        },
        "region": application.region,
        "path": application.path,
        "facts": plain_copy(application.facts),
        "materials": {
            name: {"name": given.name, "digest": given.digest}
            for name, given in application.materials.items()
        },
        "commitments": list(application.commitments),
    }


def _official_parts(application: Application) -> dict[str, Any]:
    """What officers and earlier cases told, where they told anything."""
    parts: dict[str, Any] = {}
    if application.attested:
        parts["attested"] = {
            name: {
                "answer": told.answer,
                "department": told.department,
                **({} if told.value is None else {"value": plain_copy(told.value)}),
            }
            for name, told in application.attested.items()
        }
    if application.earlier:
        parts["earlier"] = {
            name: {"case": held.case, "name": held.name, "digest": held.digest}
            for name, held in application.earlier.items()
        }
    return parts


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


_SEALED = tuple(name for name in _RECEIPT_TYPES if name != "seal")


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
    return digest({name: getattr(receipt, name) for name in _SEALED})


def restated_digest(data: Any) -> str | None:
    """The digest of a decision as a document states it; None where it holds the receipt alone."""
    if not isinstance(data, dict) or "receipt" not in data:
        return None
    return digest({name: value for name, value in data.items() if name != "receipt"})
