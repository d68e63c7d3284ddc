"""A folder of definitions, loaded once and never changed: found by id *and date*, for a region.

`rulesets/`, `form_defs/`, `features/` and `plugins/` in any folder make a workspace.
"""

from engine.workspace.loading import DefinitionFile, Header, read_files, uncollected
from engine.workspace.questions import Question, noted
from engine.workspace.settings import FILE as SETTINGS_FILE
from engine.workspace.watching import WatchedWorkspace
from engine.workspace.workspace import NotAWorkspace, UnknownDefinition, Workspace

__all__ = [
    "SETTINGS_FILE",
    "DefinitionFile",
    "Header",
    "NotAWorkspace",
    "Question",
    "UnknownDefinition",
    "WatchedWorkspace",
    "Workspace",
    "noted",
    "read_files",
    "uncollected",
]
