"""Asking plugins about an identifier: within a time limit, and never another number than was given."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from threading import BoundedSemaphore
from typing import Final

from pluggy import HookImpl

from engine.hooks.judging import Fault, identifier_faults
from engine.hooks.registration import PluginError, PluginProblem, Plugins, raised_problem
from engine.hooks.values import IdentifierCheck
from engine.hooks.workers import NoAnswer, call_within

TIME_LIMIT: Final = 2.0
_calls = BoundedSemaphore(8)
_ANOTHER_NUMBER: Final = Fault(
    "check_identifier.value",
    "规范化后的号码与填写的不是同一个号码",
    "the normalised identifier is not the number that was given",
)
_SEPARATORS: Final = {ord(character): None for character in "-‐‑‒–—−"}


def identify(manager: Plugins, kind: str, value: str, on: date) -> IdentifierCheck | None:
    """The first verdict on an identifier, None for an unknown kind.

    Raises PluginError naming the plugin that raises, takes over 2 seconds, gives anything but an
    IdentifierCheck, or makes another number of it than full-width, case, blanks and hyphens allow.
    An invalid number keeps the characters that were given.
    """
    given: Mapping[str, object] = {"kind": kind, "value": value, "on": on}
    for asked in reversed(manager.hook.check_identifier.get_hookimpls()):
        verdict = _verdict_of(manager, asked, given)
        if verdict is not None:
            return verdict
    return None


def _verdict_of(
    manager: Plugins, asked: HookImpl, given: Mapping[str, object]
) -> IdentifierCheck | None:
    name = asked.plugin_name
    place = manager.places[name][1] if name in manager.places else str(given["kind"])
    try:
        outcome = call_within(TIME_LIMIT, _calls, lambda: _ask(asked, given))
    except NoAnswer:
        zh = f"核验号码在 {TIME_LIMIT:g} 秒内没有答复"
        en = f"no answer about an identifier within {TIME_LIMIT:g} seconds"
        raise PluginError([PluginProblem(name, place, zh, en)]) from None
    if isinstance(outcome, BaseException):
        raise PluginError([raised_problem(name, place, outcome)]) from outcome
    verdict, faults = outcome
    if faults:
        raise PluginError(
            [PluginProblem(name, place, f"{f.where}：{f.message_zh}", f.message_en) for f in faults]
        )
    return verdict


def _ask(
    asked: HookImpl, given: Mapping[str, object]
) -> tuple[IdentifierCheck | None, tuple[Fault, ...]]:
    """The verdict as a copy of our own, or what is wrong with it."""
    verdict = asked.function(*(given[name] for name in asked.argnames))
    kind, value = str(given["kind"]), str(given["value"])
    faults = tuple(identifier_faults(kind, verdict))
    if faults or not isinstance(verdict, IdentifierCheck):
        return None, faults
    verdict = replace(verdict, details=dict(verdict.details))
    if _bare(verdict.value) != _bare(value):
        if verdict.status != "invalid":
            return None, (_ANOTHER_NUMBER,)
        verdict = replace(verdict, value=value)
    return verdict, ()


def _bare(number: str) -> str:
    """The number alone: full-width forms, case, blanks and hyphens tell no two numbers apart."""
    upper = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", number).upper())
    return "".join(upper.translate(_SEPARATORS).split())
