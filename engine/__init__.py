"""Tongban's engine: definitions in, decisions out.

    from engine import Workspace, decide

Outsiders (studio, plugins, scripts) import from here, never from the rooms inside.
"""

from engine.checks import KnownName, check_text, check_workspace, known_names
from engine.decision import (
    EXEMPT_LABEL,
    Application,
    ApplicationError,
    Decision,
    DecisionStopped,
    Replay,
    Submission,
    application_to_json,
    decide,
    decision_to_json,
    engine_version,
    parse_application,
    replay,
    to_plain,
)
from engine.diagnostics import (
    Diagnostic,
    Diagnostics,
    Place,
    TongbanError,
    render,
    render_all,
)
from engine.diagnostics import to_json as diagnostic_to_json
from engine.feel import evaluate
from engine.hooks import (
    Answer,
    Applicant,
    CreditRecord,
    FactAnswer,
    IdentifierCheck,
    Licence,
    PluginError,
    Question,
    Reply,
    Source,
    SourceStopped,
    StepCatalogue,
    hookimpl,
)
from engine.source import read_document
from engine.workspace import UnknownDefinition, Workspace

__all__ = [
    "EXEMPT_LABEL",
    "Answer",
    "Applicant",
    "Application",
    "ApplicationError",
    "CreditRecord",
    "Decision",
    "DecisionStopped",
    "Diagnostic",
    "Diagnostics",
    "FactAnswer",
    "IdentifierCheck",
    "KnownName",
    "Licence",
    "Place",
    "PluginError",
    "Question",
    "Replay",
    "Reply",
    "Source",
    "SourceStopped",
    "StepCatalogue",
    "Submission",
    "TongbanError",
    "UnknownDefinition",
    "Workspace",
    "application_to_json",
    "check_text",
    "check_workspace",
    "decide",
    "decision_to_json",
    "diagnostic_to_json",
    "engine_version",
    "evaluate",
    "hookimpl",
    "known_names",
    "parse_application",
    "read_document",
    "render",
    "render_all",
    "replay",
    "to_plain",
]
