"""What changed between two versions of a definition, in legal words, nothing left out.

Definitions are compared by what they mean: layout, order of keys and blanks are no changes.
"""

from engine.changes.comparing import Comparison, Version, compare_versions, compare_workspaces
from engine.changes.differences import Difference, Element, find_differences
from engine.changes.wording import DIRECTION_TITLES, GROUP_TITLES, Change, say_change

__all__ = [
    "DIRECTION_TITLES",
    "GROUP_TITLES",
    "Change",
    "Comparison",
    "Difference",
    "Element",
    "Version",
    "compare_versions",
    "compare_workspaces",
    "find_differences",
    "say_change",
]
