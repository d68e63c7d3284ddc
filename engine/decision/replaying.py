"""Deciding again from a receipt, offline: the same bytes, or what differs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.decision.deciding import decide, program_of
from engine.decision.plain_json import digest
from engine.decision.receipts import (
    engine_version,
    read_receipt,
    receipt_seal,
    restated_digest,
)
from engine.decision.values import Decision
from engine.hooks import Reply
from engine.workspace import Workspace


@dataclass(frozen=True)
class Replay:
    """What came of deciding again. `agrees` means to the byte.

    `changed` names the definitions that are not those of the receipt (or are gone), and `tampered`
    the parts of the receipt that do not match their own digests.
    """

    agrees: bool
    decision: Decision
    changed: tuple[str, ...]
    tampered: tuple[str, ...]
    engine: str
    engine_now: str


def replay(workspace: Workspace, data: Any) -> Replay:
    """Decides again from a receipt, or from a decision's JSON that holds one; asks no register.

    Raises ValueError for what is no receipt, and what `decide` raises.
    """
    receipt = read_receipt(data)
    on = date.fromisoformat(receipt.on)
    replies = [Reply.from_json(answer) for answer in receipt.answers]
    decision = decide(workspace, receipt.matter, receipt.application, on=on, replies=replies)
    now = program_of(workspace, receipt.matter, decision.region, on).definitions()
    names = sorted({*receipt.definitions, *now})
    again = decision.receipt
    tampered = [] if digest(receipt.answers) == receipt.replies else ["answers"]
    tampered += [] if again.facts == receipt.facts else ["application"]
    tampered += [] if restated_digest(data) in (None, receipt.decision) else ["decision"]
    tampered += [] if receipt_seal(receipt) == receipt.seal else ["receipt"]
    return Replay(
        agrees=again.decision == receipt.decision and not tampered,
        decision=decision,
        changed=tuple(n for n in names if receipt.definitions.get(n) != now.get(n)),
        tampered=tuple(tampered),
        engine=receipt.engine,
        engine_now=engine_version(),
    )
