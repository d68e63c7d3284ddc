"""内置消息文件 / messages to applicants and departments as files, until real channels are bound.

Each message is one JSON file below `path` (default var/messages), named by its key: handed over
again, it is the same file. Settings: `path`, `topics` (default notify, query, dispatch).
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from engine import Message, Receiver, hookimpl

PATH: Final = "var/messages"
TOPICS: Final = ("notify", "query", "dispatch")


@hookimpl
def register_receivers(settings: Mapping[str, object], root: Path) -> Sequence[Receiver]:
    """One receiver. Raises ValueError for settings that are none."""
    path, topics = settings.get("path", PATH), settings.get("topics", TOPICS)
    if not isinstance(path, str) or not isinstance(topics, list | tuple):
        raise ValueError("path 应为文字，topics 应为列表 / path is a text, topics a list")
    folder = root / path

    def take(message: Message) -> None:
        write_message(folder, message)

    return [Receiver("message_files", "消息文件", tuple(map(str, topics)), take)]


def write_message(folder: Path, message: Message) -> Path:
    """The file of a message; it appears whole or not at all."""
    name = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    file = folder / message.topic / f"{name}.json"
    if file.exists():
        return file
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {"key": message.key, "topic": message.topic, **message.body}
    unfinished = file.with_suffix(f".{os.getpid()}.part")
    unfinished.write_text(
        json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8"
    )
    unfinished.replace(file)
    return file
