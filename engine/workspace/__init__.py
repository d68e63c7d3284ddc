"""A folder of definitions, loaded once and never changed: found by id *and date*, for a region.

`rulesets/`, `form_defs/`, `features/` and `plugins/` in any folder make a workspace.
"""

from engine.workspace.loading import DefinitionFile, read_files
from engine.workspace.settings import FILE as SETTINGS_FILE
from engine.workspace.workspace import NotAWorkspace, UnknownDefinition, Workspace

__all__ = [
    "SETTINGS_FILE",
    "DefinitionFile",
    "NotAWorkspace",
    "UnknownDefinition",
    "Workspace",
    "read_files",
]
