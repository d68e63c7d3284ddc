"""Why a command is not carried out, and the reading of what a command brings."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.diagnostics import TongbanError

if TYPE_CHECKING:
    from engine.casework.events import Command

_LONGEST = 20_000


class CommandRefused(TongbanError):
    """The command cannot be carried out now; `reason` is a stable code, the rest says why."""

    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.reason, self.zh, self.en = reason, zh, en


def text_in(command: "Command", name: str, zh: str, en: str) -> str:
    """A text that the command must bring. Raises CommandRefused."""
    text = optional_text_in(command, name, zh, en)
    if not text:
        raise CommandRefused("incomplete", f"请写明{zh}（{name}）", f"{name}: give {en}")
    return text


def optional_text_in(command: "Command", name: str, zh: str, en: str) -> str:
    """A text that the command may bring, "" where it does not. Raises CommandRefused."""
    found = command.body.get(name)
    if found is None:
        return ""
    if not isinstance(found, str) or len(found) > _LONGEST:
        raise CommandRefused("incomplete", f"{zh}（{name}）应为文字", f"{name}: {en} must be text")
    return found.strip()


def mapping_in(command: "Command", name: str, zh: str, en: str) -> Mapping[str, Any]:
    """An object that the command may bring, empty where it does not. Raises CommandRefused."""
    found = command.body.get(name)
    if found is None:
        return {}
    if not isinstance(found, Mapping) or not all(isinstance(key, str) for key in found):
        raise CommandRefused(
            "incomplete", f"{zh}（{name}）应为对象", f"{name}: {en} must be an object"
        )
    return found


def yes_or_no_in(command: "Command", name: str, zh: str, en: str) -> bool:
    """A yes or no that the command must bring. Raises CommandRefused."""
    found = command.body.get(name)
    if not isinstance(found, bool):
        raise CommandRefused(
            "incomplete", f"{zh}（{name}）应为是或否", f"{name}: {en} must be true or false"
        )
    return found
