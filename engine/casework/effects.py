"""What a case asks of the world outside: sent at least once, and to be carried out once, by its key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

# notify: tell the applicant. credit: record a credit event. register: hand a licence to the
# licence library. query: ask another department. dispatch: hand a part to its department.
Topic = Literal["notify", "credit", "register", "query", "dispatch"]


@dataclass(frozen=True, slots=True)
class Effect:
    """One message. `key` is unique for what is to happen once: the case, and what it is about."""

    topic: Topic
    key: str
    body: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
