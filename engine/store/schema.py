"""All tables there are: whoever makes or compares them needs every module that has some."""

from engine.store import identity_tables as _identity_tables  # noqa: F401
from engine.store import theme_cases as _theme_cases  # noqa: F401
from engine.store.tables import metadata

__all__ = ["metadata"]
