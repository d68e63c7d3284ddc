"""The command that runs the policy's scenarios."""

import sys
from datetime import date
from pathlib import Path
from time import perf_counter

import click

from engine.cli.options import json_option, on_option, print_json, root_option, today
from engine.workspace import Workspace


@click.command("test")
@click.argument("features", nargs=-1, type=click.Path(exists=True, path_type=Path))
@root_option
@on_option
@json_option
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
        specs.measure_coverage(workspace, report.decisions, on or today()) if coverage else None
    )
    if as_json:
        extra = {"coverage": specs.coverage_to_json(covered)} if covered else {}
        print_json({**specs.report_to_json(report), **extra})
    else:
        click.echo(specs.render_report(report, every_step=verbose))
        if covered:
            click.echo(specs.render_coverage(covered))
    sys.exit(0 if report.is_ok else 1)


COMMANDS = (test_command,)
