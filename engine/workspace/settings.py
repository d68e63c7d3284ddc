"""What a workspace sets for itself in `tongban.yaml`, beside its definitions."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.diagnostics import Diagnostics, TongbanError, render_all
from engine.source import read_document
from engine.workspace.loading import read_text

FILE = "tongban.yaml"
_KEYS = ("title", "region", "plugins", "severities", "limits")
# The figures that policy lints hold matters against, each with the least and the most it may be.
LIMITS = {
    "promise_percent": (1, 100),
    "upper_promise_percent": (1, 100),
    "stages": (1, 9),
    "visits": (0, 9),
}


@dataclass(frozen=True)
class Settings:
    """`region`: where an application that names none is handled. `plugins`: settings by plugin.

    `severities`: by the code of a policy lint, `error`, `warning`, `info` or `off`; the checks say
    which of them they take. `limits`: the figures of policy lints, as far as they are set.
    """

    title: str = "通办"
    region: str = ""
    plugins: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    severities: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)


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
    if not isinstance(data, dict) or set(data) - set(_KEYS):
        raise TongbanError(
            f"{FILE}: 只能有 {'、'.join(_KEYS)} 这几个键 / only {', '.join(_KEYS)} are known"
        )
    plugins = data.get("plugins")
    plugins = {} if plugins is None else plugins
    if not isinstance(plugins, dict) or not all(isinstance(v, dict) for v in plugins.values()):
        raise TongbanError(f"{FILE}: plugins 应为“插件名: 设置”/ plugins is a mapping of settings")
    return Settings(
        _text(data, "title", "通办"),
        _text(data, "region", ""),
        plugins,
        _severities(data),
        _limits(data),
    )


def _severities(data: Mapping[str, object]) -> dict[str, str]:
    given = data.get("severities")
    given = {} if given is None else given
    if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
        raise TongbanError(
            f"{FILE}: severities 应为“代码: 级别”/ severities is a mapping of codes to severities"
        )
    return given


def _limits(data: Mapping[str, object]) -> dict[str, int]:
    """The figures of policy lints; each a whole number within what makes sense of it."""
    given = data.get("limits")
    given = {} if given is None else given
    listed = "、".join(f"{name}（{low}～{high}）" for name, (low, high) in LIMITS.items())
    if not isinstance(given, dict) or not all(
        name in LIMITS and type(value) is int and LIMITS[name][0] <= value <= LIMITS[name][1]
        for name, value in given.items()
    ):
        raise TongbanError(
            f"{FILE}: limits 只能有这些整数：{listed} / limits has only these whole numbers"
        )
    return given


def _text(data: Mapping[str, object], key: str, default: str) -> str:
    """The text at `key`; a key with nothing after it is as good as none."""
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        raise TongbanError(
            f"{FILE}: {key} 应为文字，数字请加引号 / {key} is text: quote digits, as in '370811'"
        )
    return default if value is None else value
