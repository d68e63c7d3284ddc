"""Commands that hand decision logic to DMN tools and take it from them."""

import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

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
from engine.diagnostics import Diagnostic, Diagnostics, render_all, to_json
from engine.workspace import Workspace

_OUTPUT = click.Path(dir_okay=False, path_type=Path)


@click.group("dmn")
def dmn_commands() -> None:
    """与 DMN 建模工具交换决策表和表达式 / decision tables and expressions as DMN files."""


@dmn_commands.command("export")
@click.argument("matter")
@on_option
@click.option("--region", default="", help="按哪个地区的数值 / the region whose figures apply")
@click.option("-o", "--output", type=_OUTPUT, help="写入的文件 / the file to write")
@root_option
@json_option
@lang_option
def export_command(
    matter: str,
    on: date | None,
    region: str,
    output: Path | None,
    root: Path,
    as_json: bool,
    lang: Language,
) -> None:
    """把事项的表、计算和审查要点写成 DMN 1.5 / a matter's logic as DMN 1.5."""
    problems = Diagnostics()
    text = _exported(Workspace.load(root), matter, on or today(), region, problems)
    name = str(output) if output is not None else f"{matter}.dmn"
    if output is not None:
        _write({output: text})
    _finish(matter, {name: text}, output is not None, problems.sorted(), as_json, lang)


def _exported(
    workspace: Workspace, matter_id: str, on: date, region: str, problems: Diagnostics
) -> str:
    """The DMN text of a matter. Raises UnknownDefinition, and DecisionStopped for a broken one."""
    # Imported late: DMN is not what most commands are run for.
    from engine.checks import admit
    from engine.checks.matters import types_of
    from engine.decision.program import APPLICANT, DAY, FUNCTIONS, PATH, REGION
    from engine.interchange.dmn_export import Surroundings, export_matter
    from engine.interchange.dmn_writing import write_dmn

    found = workspace.matter(matter_id, on, region or workspace.settings.region)
    admit(workspace, matter_id, on)
    around = Surroundings(
        types_of(found),
        {i: workspace.codes(i, on) for i in sorted(_code_ids(found.facts.values()))},
        frozenset(FUNCTIONS),
        frozenset({DAY, REGION, PATH, APPLICANT}),
    )
    document = workspace.document("matter", matter_id, on)
    return write_dmn(export_matter(found, around, document, problems))


def _code_ids(shapes: Iterable[Any]) -> set[str]:
    """The code sets that facts and their fields take values from."""
    found: set[str] = set()
    for shape in shapes:
        found |= {shape.codes} if shape.codes else set()
        found |= _code_ids(shape.fields.values())
    return found


@dmn_commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--matter", "matter_id", default="", help="事项编号 / id of the matter made")
@click.option(
    "-o",
    "--output",
    type=_OUTPUT,
    help="写入的 YAML 文件；代码集写在它旁边 / the YAML file to write",
)
@json_option
@lang_option
def import_command(
    file: Path, matter_id: str, output: Path | None, as_json: bool, lang: Language
) -> None:
    """把 DMN 1.1 至 1.5 文件读成定义，没有对应写法的逐项列出 / a DMN file as definitions."""
    from engine.decision.program import APPLICANT, DAY, FUNCTIONS, PATH, REGION
    from engine.interchange.dmn_import import import_dmn
    from engine.interchange.dmn_xml import MAX_BYTES

    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise click.UsageError(f"{file} 无法读取 / cannot be read: {error.strerror}") from None
    problems = Diagnostics()
    given = frozenset({DAY, REGION, PATH, APPLICANT, *FUNCTIONS})
    made = import_dmn(raw, str(file), matter_id, given, problems)
    files: dict[Path, str] = {}
    if made is not None:
        first = output or Path(made.files[0][0])
        files = {first: made.files[0][1]}
        files |= {first.parent / name: text for name, text in made.files[1:]}
    if output is not None:
        _write(files, is_new=True)
    names = {str(path): text for path, text in files.items()}
    matter = made.matter if made is not None else ""
    _finish(matter, names, output is not None, problems.sorted(), as_json, lang)


def _write(files: dict[Path, str], *, is_new: bool = False) -> None:
    """Writes every file or, where one must be new and is not, none."""
    there = [str(path) for path in files if is_new and path.exists()]
    if there:
        raise click.UsageError(f"已有文件，不覆盖：{'、'.join(there)} / the file is there already")
    for path, text in files.items():
        try:
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            words = f"写不进 {path} / cannot be written: {error.strerror}"
            raise click.UsageError(words) from None


def _finish(
    matter: str,
    files: dict[str, str],
    is_written: bool,
    found: Sequence[Diagnostic],
    as_json: bool,
    lang: Language,
) -> None:
    """Prints what was made, or where it was written, and what did not map."""
    if as_json:
        shown = [to_json(d) for d in found]
        print_json({"matter": matter, "files": files, "diagnostics": shown})
    else:
        for name, text in files.items():
            head = f"# {name}\n" if len(files) > 1 else ""
            click.echo(f"已写入 {name}" if is_written else head + text.rstrip("\n"))
        click.echo(render_all(found, lang), err=True)
    sys.exit(1 if any(d.is_error for d in found) else 0)


COMMANDS = (dmn_commands,)
