"""What every command shares: its options, its JSON, how it stops."""

import json
import stat
import sys
from datetime import date, timedelta, timezone
from pathlib import Path
from typing import Any, Literal, NoReturn

import click

from engine.decision import to_plain
from engine.diagnostics import TongbanError, render_all, to_json
from engine.inference import InferenceError
from engine.source import read_json
from engine.workspace import NotAWorkspace, UnknownDefinition

Language = Literal["zh", "en"]
MAX_FACTS_BYTES = 5_000_000
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")  # without daylight saving since 1991

root_option = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="工作区文件夹（默认当前文件夹）/ the workspace folder",
)
WANTS_JSON = "engine.cli.wants_json"


def _remember(context: click.Context, parameter: click.Parameter, value: bool) -> bool:
    # A command that stops before its end has to say so in JSON too.
    context.meta[WANTS_JSON] = value
    return value


json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    callback=_remember,
    help="输出一个 JSON 文档 / print one JSON document",
)
lang_option = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language"
)


class _Day(click.ParamType[date]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            if isinstance(value, str) and len(value) == 10:
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.fail(
            f"“{value}”不是日期，应写成 2026-01-31 / not a date such as 2026-01-31", param, ctx
        )


DAY = _Day()
on_option = click.option(
    "--on",
    type=DAY,
    default=None,
    help="按哪一天施行的规则判定（默认今天）/ the day whose rules apply (default: today)",
)


def stop(error: TongbanError | InferenceError, as_json: bool) -> NoReturn:
    diagnostics = error.diagnostics if isinstance(error, TongbanError) else ()
    if as_json:
        print_json({"error": str(error), "diagnostics": [to_json(d) for d in diagnostics]})
    else:
        click.echo(f"错误：{error}", err=True)
        if diagnostics:
            click.echo("\n" + render_all(diagnostics), err=True)
    sys.exit(2 if isinstance(error, UnknownDefinition | NotAWorkspace) else 1)


def print_json(value: Any) -> None:
    click.echo(json.dumps(to_plain(value), ensure_ascii=False, indent=2))


def today() -> date:
    return date.today()


def write_file(path: Path, content: bytes, what: str) -> None:
    """What a command writes beside its output; where it cannot, that is wrong usage."""
    try:
        path.write_bytes(content)
    except OSError as error:
        words = f"{what}不能写入 {path} / cannot be written: {error.strerror}"
        raise click.UsageError(words) from None


def read_json_file(path: Path) -> Any:
    """The JSON in a file of bounded size; whatever cannot be read is wrong usage."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise click.UsageError(f"{path} 不是普通文件 / not a regular file")
        with path.open("rb") as stream:
            raw = stream.read(MAX_FACTS_BYTES + 1)
    except OSError as error:
        raise click.UsageError(f"{path} 无法读取 / cannot be read: {error.strerror}") from None
    if len(raw) > MAX_FACTS_BYTES:
        limit = MAX_FACTS_BYTES // 1_000_000
        raise click.UsageError(f"{path} 超过 {limit} MB / the file is too large")
    try:
        return read_json(raw)
    except ValueError as error:
        raise click.UsageError(f"{path}: {error}") from None
