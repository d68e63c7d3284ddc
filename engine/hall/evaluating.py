"""Evaluating a case by the definitions it is pinned to; registers are asked, nothing is locked."""

from datetime import date, datetime
from typing import Final

from engine.casework import THE_CLOCK, Case, Event, application_of
from engine.checks import decide
from engine.decision import Decision, decision_to_json, program_of
from engine.workspace import UnknownDefinition, Workspace

# What the applicant states is believed by a machine only where a register says it too.
_STATED: Final = "申请人填写"
_MACHINE_MADE: Final = ("免提交", "不需要")


def evaluate_case(workspace: Workspace, case: Case) -> Decision:
    """The decision on a case as it is. Raises what `decide` raises."""
    assert case.on is not None  # a case that was folded has its day
    return decide(workspace, case.matter, application_of(case), on=case.on)


def evaluation_event(decision: Decision, case: Case, at: datetime) -> Event:
    """The event that keeps a decision with its receipt."""
    body = {
        "outcome": decision.outcome,
        "promise": decision.time.promise,
        "is_machine_verified": is_machine_verified(decision),
        "decision": decision_to_json(decision),
    }
    return Event("evaluate", at, THE_CLOCK, case.state, body)


def is_machine_verified(decision: Decision) -> bool:
    """Whether nothing in it rests on the applicant's word: registers, licences and computation only."""
    is_stated = any(read.source == _STATED for read in decision.facts)
    return not is_stated and all(m.status in _MACHINE_MADE for m in decision.materials)


def rules_differ(case: Case, pinned: Workspace, current: Workspace, day: date) -> bool:
    """Whether the rules in force on a day read otherwise than those the case is pinned to.

    A matter that is no longer in force leaves the case with the rules it has.
    """
    assert case.on is not None
    known = program_of(pinned, case.matter, case.region, case.on).definitions()
    try:
        return known != program_of(current, case.matter, case.region, day).definitions()
    except UnknownDefinition:
        return False
