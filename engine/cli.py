"""The `tongban` command: thin. Exit status 0 holds, 1 found problems, 2 wrong usage.

`--json` prints one JSON document on standard output, also when the command stops: docs/json.md says
which. Messages for people go to standard error.
"""

import importlib
import json
import stat
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any, Literal, NoReturn

import click

from engine.checks import admit, check_workspace, decide
from engine.clock import Period, PeriodError, Span, deadline
from engine.decision import (
    Decision,
    decision_to_json,
    engine_version,
    parse_application,
    replay,
    to_plain,
)
from engine.diagnostics import Diagnostic, TongbanError, render_all, to_json
from engine.feel import FeelSyntaxError, compile_expression
from engine.hooks import PluginError, describe_plugins, examine_sources
from engine.inference import InferenceError
from engine.papers import compose_letter, decision_letter, officer_view
from engine.source import read_json
from engine.workspace import NotAWorkspace, UnknownDefinition, Workspace

Language = Literal["zh", "en"]
MAX_FACTS_BYTES = 5_000_000

_root = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="工作区文件夹（默认当前文件夹）/ the workspace folder",
)
_WANTS_JSON = "engine.cli.wants_json"


def _remember(context: click.Context, parameter: click.Parameter, value: bool) -> bool:
    # A command that stops before its end has to say so in JSON too.
    context.meta[_WANTS_JSON] = value
    return value


_json = click.option(
    "--json",
    "as_json",
    is_flag=True,
    callback=_remember,
    help="输出一个 JSON 文档 / print one JSON document",
)
_lang = click.option(
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
_on = click.option(
    "--on",
    type=DAY,
    default=None,
    help="按哪一天施行的规则判定（默认今天）/ the day whose rules apply (default: today)",
)


class _Tongban(click.Group):
    """Says why a command stopped, in the form that was asked for."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (TongbanError, InferenceError) as error:
            _stop(error, bool(ctx.meta.get(_WANTS_JSON)))


@click.group(
    cls=_Tongban,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(engine_version(), prog_name="tongban")
def tongban() -> None:
    """通办：政务服务的规则与表单引擎 / a rules and forms engine for government services."""


def main() -> NoReturn:
    """Runs the command; a mistake of the engine's own is the only way to see a traceback."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a terminal of another encoding must not stop a decision
            reconfigure(encoding="utf-8", errors="replace")
    tongban.main(standalone_mode=True)
    sys.exit(0)


def _stop(error: TongbanError | InferenceError, as_json: bool) -> NoReturn:
    diagnostics = error.diagnostics if isinstance(error, TongbanError) else ()
    if as_json:
        _print_json({"error": str(error), "diagnostics": [to_json(d) for d in diagnostics]})
    else:
        click.echo(f"错误：{error}", err=True)
        if diagnostics:
            click.echo("\n" + render_all(diagnostics), err=True)
    sys.exit(2 if isinstance(error, UnknownDefinition | NotAWorkspace) else 1)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(to_plain(value), ensure_ascii=False, indent=2))


def _today() -> date:
    return date.today()


# --- check -----------------------------------------------------------------------------------


@tongban.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@_root
@_json
@_lang
@click.option(
    "--info/--no-info", default=False, help="也列出提示（如依据未核实）/ list remarks too"
)
def check(path: Path | None, root: Path, as_json: bool, lang: Language, info: bool) -> None:
    """检查定义：每个问题的位置、原因和改法 / every problem of a workspace, or of one file in it."""
    root, only = _workspace_of(path, root)
    workspace = Workspace.load(root)
    found = [*check_workspace(workspace), *_lint_features(workspace)]
    found = [d for d in sorted(found, key=lambda d: (d.place, d.code)) if _is_in(d, only)]
    shown = [d for d in found if info or as_json or d.severity != "info"]
    if as_json:
        _print_json({"diagnostics": [to_json(d) for d in shown]})
    else:
        click.echo(render_all(shown, lang))
        hidden = len(found) - len(shown)
        if hidden:
            words = f"（另有 {hidden} 个提示，用 --info 查看）", f"({hidden} remark(s), see --info)"
            click.echo(words[lang == "en"])
    sys.exit(1 if any(d.is_error for d in found) else 0)


def _workspace_of(path: Path | None, root: Path) -> tuple[Path, str]:
    """The workspace that PATH is or lies in, and what of it to report ("" for all)."""
    if path is None:
        return root, ""
    if not path.exists():
        raise click.UsageError(f"没有这个文件或文件夹：{path} / no such file or folder")
    for folder in [path, *path.resolve().parents]:
        if folder.is_dir() and any((folder / name).is_dir() for name in ("rulesets", "form_defs")):
            relative = path.resolve().relative_to(folder.resolve()).as_posix()
            return folder, "" if relative == "." else relative
    raise click.UsageError(
        f"{path} 不在工作区内（工作区是含有 rulesets/ 的文件夹，可用 tongban init 新建）"
        " / not inside a workspace"
    )


def _is_in(diagnostic: Diagnostic, only: str) -> bool:
    file = diagnostic.place.file
    return not only or file == only or file.startswith(only.rstrip("/") + "/")


def _lint_features(workspace: Workspace) -> Sequence[Diagnostic]:
    # Imported late: reading definitions should not wait for the Gherkin parser.
    from engine.specs import lint_features, step_catalogue

    try:
        catalogue = step_catalogue(workspace)
    except PluginError:
        return ()  # the broken plugin is among the diagnostics already
    return lint_features(workspace, catalogue)


# --- decide, explain, replay -----------------------------------------------------------------


@tongban.command("decide")
@click.argument("matter")
@click.argument("facts", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_on
@_root
@_json
@_lang
@click.option(
    "--receipt",
    type=click.Path(dir_okay=False, path_type=Path),
    help="把决定和回执写入文件 / write it to a file",
)
def decide_command(
    matter: str,
    facts: Path,
    on: date | None,
    root: Path,
    as_json: bool,
    lang: Language,
    receipt: Path | None,
) -> None:
    """对一份申请作出决定，列出每个要点、依据和所读的值 / decide one application, with reasons."""
    decision = _decide(Workspace.load(root), matter, facts, on)
    if receipt is not None:
        text = json.dumps(decision_to_json(decision), ensure_ascii=False, indent=2)
        try:
            receipt.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            words = f"回执写不进 {receipt} / the receipt cannot be written: {error.strerror}"
            raise click.UsageError(words) from None
    if as_json:
        _print_json(decision)
    else:
        click.echo(officer_view(decision, language=lang))


@tongban.command()
@click.argument("matter")
@click.argument("facts", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_on
@_root
@_json
@_lang
def explain(
    matter: str, facts: Path, on: date | None, root: Path, as_json: bool, lang: Language
) -> None:
    """把决定写成给申请人的文书 / the decision as a letter to the applicant."""
    workspace = Workspace.load(root)
    decision = _decide(workspace, matter, facts, on)
    # The definition signs the letter and names whom to ask and where to appeal.
    definition = workspace.matter(matter, decision.on, decision.region)
    if as_json:
        letter = compose_letter(decision, lang, definition)
        _print_json({"matter": matter, "outcome": decision.outcome, "letter": letter})
    else:
        click.echo(decision_letter(decision, lang, definition))


def _decide(workspace: Workspace, matter: str, facts: Path, on: date | None) -> Decision:
    data = _read_json(facts)
    if on is None:
        on = _stated_day(data) or _today()
    if isinstance(data, dict):
        data = {key: value for key, value in data.items() if key not in ("date", "note")}
    admit(workspace, matter, on)
    application = parse_application(workspace, matter, data, on, facts.name)
    return decide(workspace, matter, application, on=on)


def _stated_day(data: Any) -> date | None:
    """A sample may name its day, so that it reads the same on every day."""
    stated = data.get("date") if isinstance(data, dict) else None
    return None if stated is None else DAY.convert(stated, None, None)


def _read_json(path: Path) -> Any:
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


@tongban.command("replay")
@click.argument("receipt", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_root
@_json
def replay_command(receipt: Path, root: Path, as_json: bool) -> None:
    """按回执重新判定，不访问任何登记系统 / decide again from a receipt, offline."""
    workspace = Workspace.load(root)
    try:
        result = replay(workspace, _read_json(receipt))
    except ValueError as error:
        raise click.UsageError(f"{receipt}: {error}") from None
    if as_json:
        _print_json(
            {
                "agrees": result.agrees,
                "changed": result.changed,
                "tampered": result.tampered,
                "engine": result.engine,
                "engine_now": result.engine_now,
                "decision": result.decision,
            }
        )
    else:
        click.echo(_replay_text(result.agrees, result.changed, result.tampered))
        if result.engine != result.engine_now:
            click.echo(f"引擎版本不同：回执 {result.engine}，现在 {result.engine_now}")
        if not result.agrees:
            click.echo("\n重新判定的结果：\n\n" + officer_view(result.decision))
    sys.exit(0 if result.agrees else 1)


def _replay_text(agrees: bool, changed: Sequence[str], tampered: Sequence[str]) -> str:
    lines = ["重新判定一致：逐字节相同。" if agrees else "重新判定不一致。"]
    lines += [f"  回执内容与其摘要不符（被改动过）：{part}" for part in tampered]
    lines += [f"  定义与回执所记的版本不同：{name}" for name in changed]
    return "\n".join(lines)


# --- test ------------------------------------------------------------------------------------


@tongban.command("test")
@click.argument("features", nargs=-1, type=click.Path(exists=True, path_type=Path))
@_root
@_on
@_json
@click.option("--coverage", is_flag=True, help="统计行、要点、路径、材料的覆盖 / coverage")
@click.option("-v", "--verbose", is_flag=True, help="列出每一步 / list every step")
def test_command(
    features: tuple[Path, ...],
    root: Path,
    on: date | None,
    as_json: bool,
    coverage: bool,
    verbose: bool,
) -> None:
    """运行中文场景（.feature）/ run the policy's scenarios in process."""
    from engine import specs

    workspace = Workspace.load(root)
    report = specs.run_features(workspace, features, clock=None if as_json else perf_counter)
    covered = (
        specs.measure_coverage(workspace, report.decisions, on or _today()) if coverage else None
    )
    if as_json:
        extra = {"coverage": specs.coverage_to_json(covered)} if covered else {}
        _print_json({**specs.report_to_json(report), **extra})
    else:
        click.echo(specs.render_report(report, every_step=verbose))
        if covered:
            click.echo(specs.render_coverage(covered))
    sys.exit(0 if report.is_ok else 1)


# --- clock, feel, plugins --------------------------------------------------------------------


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


@tongban.command()
@click.option(
    "--from", "start", type=DAY, required=True, help="起算日（当日不计）/ the day of the event"
)
@click.option("--working-days", type=click.IntRange(0, 5000), help="工作日数 / working days")
@click.option("--within", metavar="PERIOD", help="期限，如 30 days、3 months、20 working days")
@click.option(
    "--suspend", type=_SpanType(), multiple=True, help="中止期间（首尾均含）/ suspended days"
)
@_root
@_json
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
        _print_json({"from": start, "period": period.en, **to_plain(found)})
        return
    click.echo(f"届满日 {found.due}{'（暂定）' if found.is_provisional else ''}")
    click.echo(f"自 {start} 起 {period.zh}，当日不计。{found.note_zh}")
    for skipped in found.skipped:
        click.echo(f"  不计 {skipped.day}：{skipped.reason_zh}")
    click.echo("  计入 " + "、".join(day.isoformat() for day in found.counted))


@tongban.command()
@click.argument("expression")
@click.option(
    "--context", "context_json", default="{}", help="上下文（JSON 对象）/ the context as JSON"
)
@_json
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
            _print_json({"value": value})
        else:
            shown = json.dumps(to_plain(value), ensure_ascii=False)
            click.echo(shown)
    except ValueError:  # Python writes out no whole number of more than 4,300 digits
        raise click.ClickException("结果过长，无法显示 / the value is too long to show") from None


def _point_at(error: FeelSyntaxError, expression: str, as_json: bool) -> None:
    if as_json:
        words = f"{error.message_zh} / {error.message_en}"
        helps = {"help_zh": error.help_zh, "help_en": error.help_en}
        _print_json({"error": words, "offset": error.offset, **helps})
        return
    caret = " " * sum(1 + (ord(c) > 0x2E7F) for c in expression[: error.offset]) + "^"
    text = f"{expression}\n{caret}\n{error.message_zh} / {error.message_en}\n{error.help_zh}"
    click.echo(text.rstrip(), err=True)


@tongban.command()
@_root
@_json
def plugins(root: Path, as_json: bool) -> None:
    """已安装的插件及其回应的钩子 / what is installed and which hooks it answers."""
    workspace = Workspace.load(root)
    described = describe_plugins(workspace.plugins)
    remarks = examine_sources(workspace.sources)
    if as_json:
        _print_json({"plugins": described, "remarks": remarks})
        return
    for plugin in described:
        version = f" {plugin.version}" if plugin.version else ""
        click.echo(f"{plugin.name}{version}  [{plugin.origin}] {plugin.place}")
        click.echo(f"    {plugin.summary}\n    钩子：{'、'.join(plugin.hooks) or '无'}")
    for remark in remarks:
        click.echo(f"数据问题：{remark}")


# --- init, serve -----------------------------------------------------------------------------


@tongban.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@_json
def init(directory: Path, as_json: bool) -> None:
    """新建一个工作区 / make a new workspace."""
    from engine.workspace.beginning import begin_workspace

    try:
        made = begin_workspace(directory)
    except FileExistsError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        words = f"不能在 {directory} 新建 / cannot be made: {error.strerror}"
        raise click.UsageError(words) from None
    if as_json:
        _print_json({"made": made})
        return
    for path in made:
        click.echo(f"新建 {path}")
    click.echo(f"接下来：tongban check {directory}")


@tongban.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@_root
def serve(host: str, port: int, root: Path) -> None:
    """在浏览器中使用 / serve the studio."""
    # By name: the engine knows no Flask, and the studio is a package of its own.
    try:
        run: Callable[..., None] = importlib.import_module("studio").serve
    except ImportError as error:
        raise click.ClickException(
            f"没有安装 studio / the studio is not installed: {error}"
        ) from None
    run(root, host, port)


if __name__ == "__main__":
    main()
