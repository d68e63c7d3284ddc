"""Commands that compute or list: clock, feel, plugins."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from engine.cli.options import DAY, json_option, print_json, root_option
from engine.clock import Period, PeriodError, Span, deadline
from engine.decision import to_plain
from engine.feel import FeelSyntaxError, compile_expression
from engine.hooks import describe_plugins, examine_sources
from engine.source import read_json
from engine.workspace import Workspace


class _SpanType(click.ParamType[Span]):
    name = "A..B"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Span:
        if isinstance(value, Span):
            return value
        start, dots, end = str(value).partition("..")
        try:
            if dots:
                return Span(date.fromisoformat(start), date.fromisoformat(end))
        except ValueError:
            pass
        self.fail(
            f"“{value}”应写成 2026-09-21..2026-10-09 / write it as A..B, A not after B", param, ctx
        )


@click.command()
@click.option(
    "--from", "start", type=DAY, required=True, help="起算日（当日不计）/ the day of the event"
)
@click.option("--working-days", type=click.IntRange(0, 5000), help="工作日数 / working days")
@click.option("--within", metavar="PERIOD", help="期限，如 30 days、3 months、20 working days")
@click.option(
    "--suspend", type=_SpanType(), multiple=True, help="中止期间（首尾均含）/ suspended days"
)
@root_option
@json_option
def clock(
    start: date,
    working_days: int | None,
    within: str | None,
    suspend: tuple[Span, ...],
    root: Path,
    as_json: bool,
) -> None:
    """期限届满日，附逐日的计算 / a deadline, with the days counted."""
    if (working_days is None) == (within is None):
        raise click.UsageError("请给出 --working-days 或 --within 之一 / give one of the two")
    try:
        period = (
            Period.parse(within)
            if within is not None
            else Period(working_days or 0, "working_days")
        )
        found = deadline(start, period, Workspace.load(root).calendar, suspend)
    except (PeriodError, OverflowError) as error:
        raise click.UsageError(str(error)) from None
    if as_json:
        print_json({"from": start, "period": period.en, **to_plain(found)})
        return
    click.echo(f"届满日 {found.due}{'（暂定）' if found.is_provisional else ''}")
    click.echo(f"自 {start} 起 {period.zh}，当日不计。{found.note_zh}")
    for skipped in found.skipped:
        click.echo(f"  不计 {skipped.day}：{skipped.reason_zh}")
    click.echo("  计入 " + "、".join(day.isoformat() for day in found.counted))


@click.command()
@click.argument("expression")
@click.option(
    "--context", "context_json", default="{}", help="上下文（JSON 对象）/ the context as JSON"
)
@json_option
def feel(expression: str, context_json: str, as_json: bool) -> None:
    """计算一个 FEEL 表达式 / evaluate FEEL."""
    try:
        context = read_json(context_json.encode("utf-8", "surrogatepass"))
    except ValueError as error:
        raise click.UsageError(f"--context 不是 JSON / not JSON: {error}") from None
    if not isinstance(context, dict):
        raise click.UsageError("--context 应是 JSON 对象 / must be a JSON object")
    try:
        value = compile_expression(expression, context).evaluate(context)
    except FeelSyntaxError as error:
        _point_at(error, expression, as_json)
        sys.exit(1)
    try:
        if as_json:
            print_json({"value": value})
        else:
            shown = json.dumps(to_plain(value), ensure_ascii=False)
            click.echo(shown)
    except ValueError:  # Python writes out no whole number of more than 4,300 digits
        raise click.ClickException("结果过长，无法显示 / the value is too long to show") from None


def _point_at(error: FeelSyntaxError, expression: str, as_json: bool) -> None:
    if as_json:
        words = f"{error.message_zh} / {error.message_en}"
        helps = {"help_zh": error.help_zh, "help_en": error.help_en}
        print_json({"error": words, "offset": error.offset, **helps})
        return
    caret = " " * sum(1 + (ord(c) > 0x2E7F) for c in expression[: error.offset]) + "^"
    text = f"{expression}\n{caret}\n{error.message_zh} / {error.message_en}\n{error.help_zh}"
    click.echo(text.rstrip(), err=True)


@click.command()
@root_option
@json_option
def plugins(root: Path, as_json: bool) -> None:
    """已安装的插件及其回应的钩子 / what is installed and which hooks it answers."""
    workspace = Workspace.load(root)
    described = describe_plugins(workspace.plugins)
    remarks = examine_sources(workspace.sources)
    if as_json:
        print_json({"plugins": described, "remarks": remarks})
        return
    for plugin in described:
        version = f" {plugin.version}" if plugin.version else ""
        click.echo(f"{plugin.name}{version}  [{plugin.origin}] {plugin.place}")
        click.echo(f"    {plugin.summary}\n    钩子：{'、'.join(plugin.hooks) or '无'}")
    for remark in remarks:
        click.echo(f"数据问题：{remark}")


COMMANDS = (clock, feel, plugins)
