"""The command that runs the policy's scenarios."""

import os
import sys
from datetime import date
from pathlib import Path
from time import perf_counter

import click

from engine.cli.options import json_option, on_option, print_json, root_option, stop, today
from engine.diagnostics import TongbanError
from engine.workspace import Workspace


@click.command("test")
@click.argument("features", nargs=-1, type=click.Path(exists=True, path_type=Path))
@root_option
@on_option
@json_option
@click.option("--coverage", is_flag=True, help="统计行、要点、路径、材料的覆盖 / coverage")
@click.option(
    "--mutate",
    metavar="[MATTER]",
    is_flag=False,
    flag_value="",
    default=None,
    help="每次改动规则一处，看场景能否发现；不写事项则逐个事项 / mutate the rules, one change at a time",
)
@click.option("-v", "--verbose", is_flag=True, help="列出每一步 / list every step")
def test_command(
    features: tuple[Path, ...],
    root: Path,
    on: date | None,
    as_json: bool,
    coverage: bool,
    mutate: str | None,
    verbose: bool,
) -> None:
    """运行中文场景（.feature）/ run the policy's scenarios in process."""
    from engine import specs

    workspace = Workspace.load(root)
    if mutate is not None:
        _mutate(workspace, mutate, features, on or today(), as_json)
        return
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


def _mutate(
    workspace: Workspace, matter: str, features: tuple[Path, ...], on: date, as_json: bool
) -> None:
    # Imported late: what reports mutants reads values and proofs that a plain run does not need.
    from engine.specs import mutation_reports, mutation_runs

    matters = [matter] if matter else [m.matter for m in workspace.matters(on)]
    jobs = max(1, min(os.cpu_count() or 1, 8))
    try:
        scores = [
            mutation_runs.mutate_matter(
                workspace, one, on, paths=features, jobs=jobs, progress=_show_progress
            )
            for one in matters
        ]
    except TongbanError as error:
        stop(error, as_json)
    if as_json:
        print_json(mutation_reports.scores_to_json(scores))
    else:
        click.echo(mutation_reports.render_scores(scores))
    sys.exit(0 if mutation_reports.is_enough(scores) else 1)


def _show_progress(title: str, done: int, whole: int) -> None:
    """One line on the terminal that is written over; nothing where nobody watches."""
    if sys.stderr.isatty():
        end = "\n" if done == whole else ""
        click.echo(f"\r{title} {done}/{whole}{end}", err=True, nl=False)


COMMANDS = (test_command,)
