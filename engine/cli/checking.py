"""The command that checks definitions."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from engine.checks import recheck_workspace
from engine.cli.options import Language, json_option, lang_option, print_json, root_option
from engine.diagnostics import Diagnostic, render_all, to_json
from engine.hooks import PluginError
from engine.workspace import Workspace


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@root_option
@json_option
@lang_option
@click.option(
    "--info/--no-info", default=False, help="也列出提示（如依据未核实）/ list remarks too"
)
@click.option(
    "--fresh", is_flag=True, help="不用上次检查留下的结果 / keep nothing of the last check"
)
def check(
    path: Path | None, root: Path, as_json: bool, lang: Language, info: bool, fresh: bool
) -> None:
    """检查定义：每个问题的位置、原因和改法 / every problem of a workspace, or of one file in it."""
    root, only = _workspace_of(path, root)
    workspace = Workspace.load(root)
    wants_remarks = info or as_json or only != ""
    found, hidden = recheck_workspace(workspace, remarks=wants_remarks, fresh=fresh)
    features = _lint_features(workspace)
    if features:
        found = tuple(sorted([*found, *features], key=lambda d: (d.place, d.code)))
    inside = [d for d in found if _is_in(d.place.file, only, workspace)]
    shown = [d for d in inside if info or as_json or d.severity != "info"]
    if as_json:
        print_json({"diagnostics": [to_json(d) for d in shown]})
    else:
        click.echo(render_all(shown, lang))
        hidden += len(inside) - len(shown)
        if hidden:
            words = f"（另有 {hidden} 个提示，用 --info 查看）", f"({hidden} remark(s), see --info)"
            click.echo(words[lang == "en"])
    sys.exit(1 if any(d.is_error for d in inside) else 0)


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


def _is_in(file: str, only: str, workspace: Workspace) -> bool:
    """Whether a file is the one asked for, in the folder asked for, or a sheet of that one."""
    chosen = workspace.files.get(only)
    if chosen is not None and chosen.covers(file):
        return True
    return not only or file == only or file.startswith(only.rstrip("/") + "/")


def _lint_features(workspace: Workspace) -> Sequence[Diagnostic]:
    if next((workspace.root / "features").rglob("*.feature"), None) is None:
        return ()
    # Imported late: reading definitions should not wait for the Gherkin parser.
    from engine.specs import lint_features, step_catalogue

    try:
        catalogue = step_catalogue(workspace)
    except PluginError:
        return ()  # the broken plugin is among the diagnostics already
    return lint_features(workspace, catalogue)


COMMANDS = (check,)
