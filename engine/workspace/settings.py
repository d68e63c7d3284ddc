"""What a workspace sets for itself in `tongban.yaml`, beside its definitions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.diagnostics import Diagnostics, TongbanError, render_all
from engine.source import read_document

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
    if not path.is_file():
        return Settings()
    problems = Diagnostics()
    document = read_document(path.read_text(encoding="utf-8"), FILE, problems)
    if document is None:
        raise TongbanError(render_all(problems), problems)
    data = document.data
    known = {"title", "region", "plugins"}
    if not isinstance(data, dict) or set(data) - known:
        raise TongbanError(
            f"{FILE}: 只能有 title、region、plugins 三个键 / only title, region and plugins are known"
        )
    plugins = data.get("plugins") or {}
    if not isinstance(plugins, dict) or not all(isinstance(v, dict) for v in plugins.values()):
        raise TongbanError(f"{FILE}: plugins 应为“插件名: 设置”/ plugins is a mapping of settings")
    return Settings(str(data.get("title", "通办")), str(data.get("region", "")), plugins)
