"""The `tongban` command: thin. Exit status 0 holds, 1 found problems, 2 wrong usage.

`--json` prints one JSON document on standard output, also when the command stops: docs/json.md says
which. Messages for people go to standard error. One module holds the commands of one purpose;
what is heavy is imported inside the command that needs it.
"""

import sys
from typing import Any, NoReturn

import click

from engine.cli import (
    beginning,
    cases,
    checking,
    comparing,
    computing,
    database,
    deciding,
    dmn,
    policy,
    proving,
    reading,
    sealing,
    simulating,
    tables,
    testing,
    theming,
)
from engine.cli.options import WANTS_JSON, stop
from engine.decision import engine_version
from engine.diagnostics import TongbanError
from engine.inference import InferenceError

__all__ = ["main", "tongban"]


class _Tongban(click.Group):
    """Says why a command stopped, in the form that was asked for."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (TongbanError, InferenceError) as error:
            stop(error, bool(ctx.meta.get(WANTS_JSON)))


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


for _commands in (
    checking,
    deciding,
    reading,
    testing,
    proving,
    tables,
    dmn,
    computing,
    beginning,
    comparing,
    simulating,
    policy,
    database,
    theming,
    sealing,
    cases,
):
    for _command in _commands.COMMANDS:
        tongban.add_command(_command)
