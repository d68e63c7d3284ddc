"""Deciding one application: three values, everything evaluated, every step explained, replayable.

Forbidden here: reading a clock, asking a register except through `hooks.ask_sources`, and letting
a rule that cannot be evaluated pass for one that does not hold.
"""

from engine.decision.application import OFFICIAL_KEYS, ApplicationError, parse_application
from engine.decision.deciding import condition_holds, decide, feel_context, program_of
from engine.decision.materials import stands_for_licence
from engine.decision.plain_json import to_plain
from engine.decision.prefilling import Prefilled, Prefilling, prefill
from engine.decision.program import DecisionStopped
from engine.decision.receipts import (
    application_to_json,
    decision_to_json,
    engine_version,
    read_receipt,
)
from engine.decision.replaying import Replay, replay
from engine.decision.result_fields import licence_fields
from engine.decision.values import (
    EXEMPT_LABEL,
    Application,
    BenefitResult,
    CriterionResult,
    Decision,
    Difference,
    Finding,
    MaterialResult,
    MaterialStatus,
    Missing,
    NoticeLine,
    ObligationResult,
    Outcome,
    Read,
    Reason,
    Receipt,
    Skip,
    Status,
    Submission,
    TableResult,
    TimeResult,
)

__all__ = [
    "EXEMPT_LABEL",
    "OFFICIAL_KEYS",
    "Application",
    "ApplicationError",
    "BenefitResult",
    "CriterionResult",
    "Decision",
    "DecisionStopped",
    "Difference",
    "Finding",
    "MaterialResult",
    "MaterialStatus",
    "Missing",
    "NoticeLine",
    "ObligationResult",
    "Outcome",
    "Prefilled",
    "Prefilling",
    "Read",
    "Reason",
    "Receipt",
    "Replay",
    "Skip",
    "Status",
    "Submission",
    "TableResult",
    "TimeResult",
    "application_to_json",
    "condition_holds",
    "decide",
    "decision_to_json",
    "engine_version",
    "feel_context",
    "licence_fields",
    "parse_application",
    "prefill",
    "program_of",
    "read_receipt",
    "replay",
    "stands_for_licence",
    "to_plain",
]
