"""Hook specifications, the plugin manager, and the asking of registers.

Forbidden here: importing a plugin by name in code (plugins are found, never known), doing anything
at import time, letting a plugin's exception or a plugin's nonsense into a decision.
"""

from engine.hooks.asking import SourceStopped, ask_sources, examine_sources
from engine.hooks.conformance import ConformanceProblem, check_source
from engine.hooks.identifying import identify
from engine.hooks.receiving import (
    Message,
    NotDelivered,
    Receiver,
    check_receiver,
    deliver_message,
)
from engine.hooks.registration import (
    PluginDescription,
    PluginError,
    PluginProblem,
    Plugins,
    collect_receivers,
    collect_sources,
    create_plugin_manager,
    describe_plugins,
    regional_calendar,
)
from engine.hooks.replies import Reply
from engine.hooks.specification import StepCatalogue, hookimpl, hookspec
from engine.hooks.values import (
    Answer,
    Applicant,
    CreditRecord,
    FactAnswer,
    FactValue,
    IdentifierCheck,
    Licence,
    Question,
    Scalar,
    Source,
)

__all__ = [
    "Answer",
    "Applicant",
    "ConformanceProblem",
    "CreditRecord",
    "FactAnswer",
    "FactValue",
    "IdentifierCheck",
    "Licence",
    "Message",
    "NotDelivered",
    "PluginDescription",
    "PluginError",
    "PluginProblem",
    "Plugins",
    "Question",
    "Receiver",
    "Reply",
    "Scalar",
    "Source",
    "SourceStopped",
    "StepCatalogue",
    "ask_sources",
    "check_receiver",
    "check_source",
    "collect_receivers",
    "collect_sources",
    "create_plugin_manager",
    "deliver_message",
    "describe_plugins",
    "examine_sources",
    "hookimpl",
    "hookspec",
    "identify",
    "regional_calendar",
]
