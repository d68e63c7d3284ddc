"""The command that puts past applications through two versions."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from engine.cli.database import database_options, open_current
from engine.cli.options import Language, lang_option, on_option, print_json, today
from engine.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.definitions import Matter
    from engine.population.simulating import Progress

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("simulate")
@click.argument("matter")
@click.argument(
    "data", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--cases",
    "from_cases",
    is_flag=True,
    help="用办件数据库中的办件，不用文件 / the cases of the database in place of a file",
)
@click.option("--since", type=_DAY, help="自何日（含）申请的办件 / of cases submitted from")
@click.option("--until", type=_DAY, help="至何日（含） / to, that day included")
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
@database_options
@lang_option
def simulate_command(
    matter: str,
    data: Path | None,
    from_cases: bool,
    since: datetime | None,
    until: datetime | None,
    against: str | None,
    on: date | None,
    region: str | None,
    engine: Literal["duckdb", "spark"],
    out: Path | None,
    samples: int,
    memory: str,
    threads: int,
    url: str | None,
    root: Path,
    as_json: bool,
    lang: Language,
) -> None:
    """用两个版本推演以往的申请：谁的结论会不同 / who would come out differently, by criterion."""
    _require_one_source(data, from_cases, since, until)
    from engine import population

    workspace = Workspace.load(root)
    day = on or today()
    before = population.version_in_force(workspace, matter, day)
    after = population.version_named(against, workspace, matter, day) if against else None
    place = workspace.settings.region if region is None else region
    options = population.Options(engine, place, samples, memory, threads)
    versions = [version.definition for version in (before, after) if version is not None]
    with ExitStack() as stack:
        progress = stack.enter_context(_progress(as_json))
        if from_cases:
            data = stack.enter_context(_stored(url, root, matter, versions, since, until))
        assert data is not None  # `_require_one_source` saw to it
        report = population.simulate(
            data, before, after, out=out, options=options, progress=progress
        )
    if as_json:
        print_json(population.report_to_json(report))
    else:
        click.echo(population.report_text(report, lang))


def _require_one_source(
    data: Path | None, from_cases: bool, since: datetime | None, until: datetime | None
) -> None:
    if from_cases == (data is not None):
        raise click.UsageError(
            "请给出数据文件，或者用 --cases 读办件数据库，两者取一 / either DATA or --cases"
        )
    if not from_cases and (since or until):
        raise click.UsageError(
            "--since 与 --until 只用于 --cases / --since and --until go with --cases"
        )


@contextmanager
def _stored(
    url: str | None,
    root: Path,
    matter: str,
    versions: "Sequence[Matter]",
    since: datetime | None,
    until: datetime | None,
) -> Iterator[Path]:
    """The stored cases of a matter as a file that is gone afterwards: it holds personal data."""
    from engine.casework import CHINA
    from engine.hall.past_applications import PastColumns, write_past_applications

    first = since.replace(tzinfo=CHINA) if since else None
    last = (until + timedelta(days=1)).replace(tzinfo=CHINA) if until else None
    database = open_current(url, root)
    with tempfile.TemporaryDirectory(prefix="tongban-") as folder:
        file = Path(folder) / "stored_cases.csv"
        columns = PastColumns.of(*versions)
        write_past_applications(database, matter, columns, file, since=first, until=last)
        yield file


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
