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
    MaterialResult,
    NoticeLine,
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
    FlowState,
    Form,
    MaterialUse,
    Matter,
    PathDeclaration,
    Region,
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
    identify,
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
    from engine.hall.drafting import Drafts
    from engine.hall.own_cases import case_numbered, cases_of, state_of
    from engine.papers.docx_pages import paper_docx
    from engine.papers.pdf_pages import paper_pdf
    from engine.proof import Proof, prove_matter
    from engine.specs import pending_feature
    from engine.store import Conflict, Database
    from engine.store.attachments import Attachment
    from engine.store.drafts import Draft, DraftConflict
    from engine.store.identities import (
        LoginTaken,
        StoredAccount,
        add_account,
        begin_visit,
        end_visit,
        find_account,
        issue_token,
        list_tokens,
        note_use,
        revoke_token,
        set_password,
        token_of,
        unverified_accounts,
        verify_person,
        visitor_of,
    )
    from engine.store.media_types import UploadRefused
    from engine.store.tries import forget_tries, read_tries, take_turn, write_tries

_LATE = {
    **dict.fromkeys(("CHINA", "Actor", "Case", "Command", "CommandRefused"), "engine.casework"),
    **dict.fromkeys(("Conflict", "Database"), "engine.store"),
    **dict.fromkeys(
        (
            "LoginTaken",
            "StoredAccount",
            "add_account",
            "begin_visit",
            "end_visit",
            "find_account",
            "issue_token",
            "list_tokens",
            "note_use",
            "revoke_token",
            "set_password",
            "token_of",
            "unverified_accounts",
            "verify_person",
            "visitor_of",
        ),
        "engine.store.identities",
    ),
    **dict.fromkeys(
        ("forget_tries", "read_tries", "take_turn", "write_tries"), "engine.store.tries"
    ),
    **dict.fromkeys(
        ("DIRECTION_TITLES", "GROUP_TITLES", "Version", "compare_versions"), "engine.changes"
    ),
    "Attachment": "engine.store.attachments",
    "Draft": "engine.store.drafts",
    "DraftConflict": "engine.store.drafts",
    "Drafts": "engine.hall.drafting",
    "Hall": "engine.hall",
    "case_numbered": "engine.hall.own_cases",
    "cases_of": "engine.hall.own_cases",
    "state_of": "engine.hall.own_cases",
    "Proof": "engine.proof",
    "UploadRefused": "engine.store.media_types",
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
    "Attachment",
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
    "Draft",
    "DraftConflict",
    "Drafts",
    "FactAnswer",
    "FactDeclaration",
    "FeelSyntaxError",
    "Field",
    "FlowState",
    "Form",
    "Hall",
    "IdentifierCheck",
    "KnownName",
    "Licence",
    "LoginTaken",
    "MaterialResult",
    "MaterialUse",
    "Matter",
    "MatterLedger",
    "NoticeLine",
    "PathDeclaration",
    "Period",
    "Place",
    "PluginError",
    "Prefilled",
    "Prefilling",
    "Proof",
    "Question",
    "Region",
    "Replay",
    "Reply",
    "Shape",
    "Source",
    "SourceStopped",
    "Span",
    "Step",
    "StepCatalogue",
    "StoredAccount",
    "Submission",
    "TongbanError",
    "UnknownDefinition",
    "UploadRefused",
    "Version",
    "Workspace",
    "add_account",
    "application_to_json",
    "begin_visit",
    "case_numbered",
    "cases_of",
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
    "end_visit",
    "engine_version",
    "evaluate",
    "explain_code",
    "feel_context",
    "find_account",
    "forget_tries",
    "hookimpl",
    "identify",
    "issue_token",
    "json_schema",
    "known_names",
    "ledger_text",
    "list_tokens",
    "note_use",
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
    "read_tries",
    "render",
    "render_all",
    "render_guide",
    "render_letter_html",
    "replay",
    "revoke_token",
    "service_guide",
    "set_password",
    "spoken_period",
    "spoken_value",
    "state_of",
    "take_turn",
    "to_plain",
    "token_of",
    "unverified_accounts",
    "verify_person",
    "visitor_of",
    "write_tries",
]


def __getattr__(name: str) -> Any:
    if name in _LATE:
        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
