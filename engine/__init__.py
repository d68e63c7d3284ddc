"""Tongban's engine: definitions in, decisions out.

    from engine import Workspace, decide

Outsiders (studio, plugins, scripts) import from here, never from the rooms inside. What takes heavy
libraries is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from engine.checks import KnownName, check_text, check_workspace, decide, known_names
from engine.clock import Calendar, CalendarYear, Deadline, Period, Span, deadline
from engine.decision import (
    EXEMPT_LABEL,
    Application,
    ApplicationError,
    Decision,
    DecisionStopped,
    Prefilled,
    Prefilling,
    Replay,
    Submission,
    application_to_json,
    condition_holds,
    decision_to_json,
    engine_version,
    feel_context,
    parse_application,
    prefill,
    replay,
    to_plain,
)
from engine.definitions import (
    KIND_TITLES,
    KINDS,
    PATH_TITLES,
    RESOLUTION_TITLES,
    ROLE_TITLES,
    WIDGETS,
    FactDeclaration,
    Field,
    Form,
    Matter,
    Shape,
    Step,
    json_schema,
)
from engine.diagnostics import (
    LINTS,
    Diagnostic,
    Diagnostics,
    Place,
    TongbanError,
    explain_code,
    render,
    render_all,
)
from engine.diagnostics import to_json as diagnostic_to_json
from engine.feel import FeelSyntaxError, evaluate
from engine.hooks import (
    Answer,
    Applicant,
    ConformanceProblem,
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
    check_source,
    hookimpl,
)
from engine.papers import (
    MatterLedger,
    decision_letter,
    discretion_ledger,
    ledger_text,
    officer_view,
    presentable,
    render_guide,
    render_letter_html,
    service_guide,
    spoken_period,
    spoken_value,
)
from engine.profile import compile_rule
from engine.source import read_document, read_json
from engine.workspace import UnknownDefinition, Workspace

if TYPE_CHECKING:
    from engine.casework import CHINA, Actor, Case, Command, CommandRefused
    from engine.changes import DIRECTION_TITLES, GROUP_TITLES, Version, compare_versions
    from engine.hall import Hall
    from engine.papers.docx_pages import paper_docx
    from engine.papers.pdf_pages import paper_pdf
    from engine.proof import Proof, prove_matter
    from engine.specs import pending_feature
    from engine.store import Conflict, Database

_LATE = {
    **dict.fromkeys(("CHINA", "Actor", "Case", "Command", "CommandRefused"), "engine.casework"),
    **dict.fromkeys(("Conflict", "Database"), "engine.store"),
    **dict.fromkeys(
        ("DIRECTION_TITLES", "GROUP_TITLES", "Version", "compare_versions"), "engine.changes"
    ),
    "Hall": "engine.hall",
    "Proof": "engine.proof",
    "paper_docx": "engine.papers.docx_pages",
    "paper_pdf": "engine.papers.pdf_pages",
    "pending_feature": "engine.specs",
    "prove_matter": "engine.proof",
}

__all__ = [
    "CHINA",
    "DIRECTION_TITLES",
    "EXEMPT_LABEL",
    "GROUP_TITLES",
    "KINDS",
    "KIND_TITLES",
    "LINTS",
    "PATH_TITLES",
    "RESOLUTION_TITLES",
    "ROLE_TITLES",
    "WIDGETS",
    "Actor",
    "Answer",
    "Applicant",
    "Application",
    "ApplicationError",
    "Calendar",
    "CalendarYear",
    "Case",
    "Command",
    "CommandRefused",
    "Conflict",
    "ConformanceProblem",
    "CreditRecord",
    "Database",
    "Deadline",
    "Decision",
    "DecisionStopped",
    "Diagnostic",
    "Diagnostics",
    "FactAnswer",
    "FactDeclaration",
    "FeelSyntaxError",
    "Field",
    "Form",
    "Hall",
    "IdentifierCheck",
    "KnownName",
    "Licence",
    "Matter",
    "MatterLedger",
    "Period",
    "Place",
    "PluginError",
    "Prefilled",
    "Prefilling",
    "Proof",
    "Question",
    "Replay",
    "Reply",
    "Shape",
    "Source",
    "SourceStopped",
    "Span",
    "Step",
    "StepCatalogue",
    "Submission",
    "TongbanError",
    "UnknownDefinition",
    "Version",
    "Workspace",
    "application_to_json",
    "check_source",
    "check_text",
    "check_workspace",
    "compare_versions",
    "compile_rule",
    "condition_holds",
    "deadline",
    "decide",
    "decision_letter",
    "decision_to_json",
    "diagnostic_to_json",
    "discretion_ledger",
    "engine_version",
    "evaluate",
    "explain_code",
    "feel_context",
    "hookimpl",
    "json_schema",
    "known_names",
    "ledger_text",
    "officer_view",
    "paper_docx",
    "paper_pdf",
    "parse_application",
    "pending_feature",
    "prefill",
    "presentable",
    "prove_matter",
    "read_document",
    "read_json",
    "render",
    "render_all",
    "render_guide",
    "render_letter_html",
    "replay",
    "service_guide",
    "spoken_period",
    "spoken_value",
    "to_plain",
]


def __getattr__(name: str) -> Any:
    if name in _LATE:
        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
