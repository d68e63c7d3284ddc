"""What a result licence shows: each of its fields, worked out from what was decided."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engine.decision.application import parse_application
from engine.decision.deciding import program_of
from engine.decision.evaluation import Evaluation
from engine.decision.program import PATH
from engine.decision.receipts import read_receipt
from engine.definitions import PATH_TITLES
from engine.hooks import Reply
from engine.profile import compile_rule
from engine.workspace import Workspace


def licence_fields(workspace: Workspace, decision: Mapping[str, Any]) -> dict[str, object]:
    """The fields of the licence that a matter issues, by name; None for what is not known.

    `decision` is the JSON of a decision with its receipt: the same facts and answers of registers
    that were decided on, so that a licence shows nothing else. Raises UnknownDefinition.
    """
    receipt = read_receipt(decision)
    on = date.fromisoformat(receipt.on)
    application = parse_application(workspace, receipt.matter, receipt.application, on)
    program = program_of(workspace, receipt.matter, application.region, on)
    licence = program.matter.result.licence
    if licence is None:
        return {}
    replies: Sequence[Reply] = [Reply.from_json(answer) for answer in receipt.answers]
    evaluation = Evaluation(program, application, on, tuple(replies))
    evaluation.put(PATH, PATH_TITLES[decision.get("path", application.path)], "办理路径")
    given = program.matter.result.fields
    names = [*workspace.licence(licence, on).fields, *given]
    return {name: _value(evaluation, given.get(name), name) for name in dict.fromkeys(names)}


def _value(evaluation: Evaluation, expression: str | None, name: str) -> object:
    if expression is not None:
        return evaluation.value(compile_rule(expression), name)
    return evaluation.context.get(name)
