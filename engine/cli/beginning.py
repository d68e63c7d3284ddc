"""Commands that begin: init, serve."""

import importlib
from collections.abc import Callable
from pathlib import Path

import click

from engine.cli.options import json_option, print_json, root_option


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@json_option
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
        print_json({"made": made})
        return
    for path in made:
        click.echo(f"新建 {path}")
    click.echo(f"接下来：tongban check {directory}")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="工作进程数；不写则在一个进程中演示 / worker processes; without, a demonstration",
)
@click.option(
    "--database",
    default="",
    envvar="TONGBAN_DATABASE",
    help="sqlite:///文件 或 postgresql://…；不写则用 var/tongban.db / where cases are kept",
)
@root_option
def serve(host: str, port: int, workers: int | None, database: str, root: Path) -> None:
    """在浏览器中使用 / serve the studio."""
    # By name: the engine knows no Flask, and the studio is a package of its own.
    try:
        run: Callable[..., None] = importlib.import_module("studio").serve
    except ImportError as error:
        raise click.ClickException(
            f"没有安装 studio / the studio is not installed: {error}"
        ) from None
    run(root, host, port, workers=workers or 0, database=database)


COMMANDS = (init, serve)
