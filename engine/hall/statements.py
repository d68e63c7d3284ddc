"""What applicants may state: what the form asks them. The rest is for officers and registers.

An inspection's result or a register's entry that an applicant states would otherwise be believed
where nobody contradicts it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.casework import Command, CommandRefused
from engine.workspace import Workspace


def refuse_unasked(
    workspace: Workspace, matter_id: str, on: date, command: Command, facts: Any
) -> None:
    """Raises CommandRefused where an applicant states a fact that the matter's form does not ask."""
    form = workspace.form(matter_id, on)
    if command.actor.role != "applicant" or form is None or not isinstance(facts, Mapping):
        return
    asked = {field.fact for step in form.steps for field in step.fields}
    unasked = sorted(str(name) for name in facts if name not in asked)
    if unasked:
        raise CommandRefused(
            "not-asked",
            f"“{'、'.join(unasked)}”不由申请人填写，请去掉",
            f"not for the applicant to state: {', '.join(unasked)}",
        )
