"""What a workspace sets for itself in `tongban.yaml`, beside its definitions."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.diagnostics import Diagnostics, TongbanError, render_all
from engine.source import read_document
from engine.workspace.loading import read_text

FILE = "tongban.yaml"


@dataclass(frozen=True)
class Settings:
    """`region`: where an application that names none is handled. `plugins`: settings by plugin."""

    title: str = "通办"
    region: str = ""
    plugins: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def read_settings(root: Path) -> Settings:
    """The settings of a workspace; the defaults where it has none.

    Raises TongbanError naming the file and what is wrong.
    """
    path = root / FILE
    if not os.path.lexists(path):
        return Settings()
    problems = Diagnostics()
    text = read_text(path, FILE, problems)
    document = None if text is None else read_document(text, FILE, problems)
    if document is None:
        raise TongbanError(render_all(problems), problems)
    data = document.data
    known = {"title", "region", "plugins"}
    if not isinstance(data, dict) or set(data) - known:
        raise TongbanError(
            f"{FILE}: 只能有 title、region、plugins 三个键 / only title, region and plugins are known"
        )
    plugins = data.get("plugins")
    plugins = {} if plugins is None else plugins
    if not isinstance(plugins, dict) or not all(isinstance(v, dict) for v in plugins.values()):
        raise TongbanError(f"{FILE}: plugins 应为“插件名: 设置”/ plugins is a mapping of settings")
    return Settings(_text(data, "title", "通办"), _text(data, "region", ""), plugins)


def _text(data: Mapping[str, object], key: str, default: str) -> str:
    """The text at `key`; a key with nothing after it is as good as none."""
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        raise TongbanError(
            f"{FILE}: {key} 应为文字，数字请加引号 / {key} is text: quote digits, as in '370811'"
        )
    return default if value is None else value
