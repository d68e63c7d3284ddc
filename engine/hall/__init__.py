"""The hall (办事大厅): where commands meet cases. Loads, decides by the pinned definitions, appends.

The only room that knows both definitions and the store; it adds no rule of its own.
"""

from engine.hall.hall import Hall

__all__ = ["Hall"]
