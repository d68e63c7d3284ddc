"""Where a file-based register's settings say it is: the same keys for every one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

# The first question after a change reads the whole file.
LONGEST_READING: Final = 10
KEYS: Final = ("enabled", "path", "title", "time_limit")


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """The file, how it is named to people, and the register's title and time limit in seconds."""

    path: Path
    shown: str
    title: str
    time_limit: float

    @classmethod
    def locate(
        cls, settings: Mapping[str, object], root: Path, default: str, title: str
    ) -> "RegisterFile | None":
        """The register's file; None when nothing was set and the default file is not there.

        Raises ValueError for a setting that is not known or a file that was set and is missing.
        """
        unknown = sorted(set(settings) - set(KEYS))
        if unknown:
            raise ValueError(f"没有设置项 {unknown[0]}，可用：{'、'.join(KEYS)} / unknown setting")
        shown = settings.get("path", default)
        limit = settings.get("time_limit", LONGEST_READING)
        name = settings.get("title", title)
        if not isinstance(shown, str) or not isinstance(name, str):
            raise ValueError("path 和 title 应是文本 / path and title must be text")
        if not isinstance(limit, int | float | Decimal):
            raise ValueError("time_limit 应是秒数 / time_limit must be a number of seconds")
        path = root / shown
        if path.is_file():
            return cls(path, shown, name, float(limit))
        if "path" in settings:
            raise ValueError(f"找不到 {shown} / there is no such file")
        return None
