"""The command that puts past applications through two versions."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from engine.cli.options import (
    Language,
    json_option,
    lang_option,
    on_option,
    print_json,
    root_option,
    today,
)
from engine.workspace import Workspace

if TYPE_CHECKING:
    from engine.population.simulating import Progress


@click.command("simulate")
@click.argument("matter")
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--against",
    metavar="VERSION",
    help="对比的版本：日期、编号、定义的文件名、工作区或“工作区#编号” / a date, an id, a file's name, "
    "a workspace or WORKSPACE#MATTER",
)
@on_option
@click.option(
    "--region", default=None, help="没有写地区的申请按哪个地区 / the region of rows without one"
)
@click.option(
    "--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="结果（Parquet）、案例和报告写入的文件夹 / a new folder for results, cases and the report",
)
@click.option(
    "--samples", default=3, type=click.IntRange(0, 100), help="每种变化列几个案例 / cases of each"
)
@click.option(
    "--memory", default="", metavar="SIZE", help="DuckDB 的内存上限，如 2GB / its memory limit"
)
@click.option(
    "--threads", default=0, type=click.IntRange(0, 512), help="线程数，0 为全部 / threads"
)
@root_option
@json_option
@lang_option
def simulate_command(
    matter: str,
    data: Path,
    against: str | None,
    on: date | None,
    region: str | None,
    engine: Literal["duckdb", "spark"],
    out: Path | None,
    samples: int,
    memory: str,
    threads: int,
    root: Path,
    as_json: bool,
    lang: Language,
) -> None:
    """用两个版本推演以往的申请：谁的结论会不同 / who would come out differently, by criterion."""
    from engine import population

    workspace = Workspace.load(root)
    day = on or today()
    before = population.version_in_force(workspace, matter, day)
    after = population.version_named(against, workspace, matter, day) if against else None
    place = workspace.settings.region if region is None else region
    options = population.Options(engine, place, samples, memory, threads)
    with _progress(as_json) as progress:
        report = population.simulate(
            data, before, after, out=out, options=options, progress=progress
        )
    if as_json:
        print_json(population.report_to_json(report))
    else:
        click.echo(population.report_text(report, lang))


@contextmanager
def _progress(is_quiet: bool) -> "Iterator[Progress]":
    """A bar on standard error once the rows are counted; none beside JSON."""
    if is_quiet:
        yield lambda done, rows: None
        return
    bars: list[Any] = []

    def advance(done: int, rows: int) -> None:
        if not bars:
            bars.append(click.progressbar(length=max(rows, 1), label="推演", file=sys.stderr))
            bars[0].__enter__()
        bars[0].update(done - bars[0].pos)

    try:
        yield advance
    finally:
        for bar in bars:
            bar.__exit__(None, None, None)


COMMANDS = (simulate_command,)
