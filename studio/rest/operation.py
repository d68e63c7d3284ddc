"""One operation of the API: its route, its description and its handler are one value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel
from werkzeug.wrappers import Response

from studio.accounts import HANDLERS

Scope = Literal["cases", "handle", "exchange"]
SCOPE_TITLES: dict[Scope, tuple[str, str]] = {
    "cases": ("申请和查看自己的办件", "Apply, and see your own cases"),
    "handle": ("办理本部门的办件", "Handle the cases of your departments"),
    "exchange": ("导出办件交换数据", "Export the exchange sets"),
}


def scopes_of(role: str) -> tuple[Scope, ...]:
    """How far the tokens of a role may reach: no further than its holder."""
    if role == "applicant":
        return ("cases",)
    reach: list[Scope] = ["handle"] if role in HANDLERS else []
    return (*reach, "exchange") if role in ("supervisor", "engineer") else tuple(reach)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter in the query, or in the path where the path names it."""

    name: str
    schema: Mapping[str, Any]
    zh: str
    en: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What an answer holds: a model, or bytes of one of the media types."""

    zh: str
    en: str
    model: type[BaseModel] | None = None
    media_types: tuple[str, ...] = ("application/json",)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read: parameters of the path and the query, the body as its model."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    key: str  # the Idempotency-Key, "" when there is none


@dataclass(frozen=True, slots=True)
class Operation:
    """`problems` are the statuses of problem details beyond those that every operation may give."""

    name: str
    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    zh: str
    en: str
    scopes: tuple[Scope, ...]  # any of them will do; none: public
    handle: Callable[[Call], BaseModel | Response]
    returns: Mapping[int, Content]
    body: type[BaseModel] | None = None
    bytes_body: bool = False
    parameters: tuple[Parameter, ...] = ()
    takes_key: bool = False
    problems: tuple[int, ...] = field(default=())

    @property
    def status(self) -> int:
        """The status of success."""
        return next(iter(self.returns))
