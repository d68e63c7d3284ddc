"""What the clock will do with a case, and when. Derived from the case: nothing is set by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Timer:
    """At `due` the clock gives the command `do`, once. `id` is unique in the case.

    A timer of the same id with another `due` takes the place of the earlier one; one that the case
    no longer has is dropped.
    """

    id: str
    do: str
    due: datetime
    body: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
