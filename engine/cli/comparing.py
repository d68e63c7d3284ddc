"""The command that compares two versions."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from engine.changes import (
    DIRECTION_TITLES,
    GROUP_TITLES,
    Comparison,
    Version,
    compare_versions,
    compare_workspaces,
)
from engine.cli.options import (
    DAY,
    Language,
    json_option,
    lang_option,
    on_option,
    print_json,
    root_option,
    today,
)
from engine.workspace import Workspace


@click.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@root_option
@on_option
@click.option("--region", default="", help="按哪个地区的标准比较 / the region whose figures apply")
@click.option(
    "--prove", "to_prove", is_flag=True, help="给出二者结果不同的一个情形 / a case they differ on"
)
@json_option
@lang_option
def diff_command(
    before: str,
    after: str,
    root: Path,
    on: date | None,
    region: str,
    to_prove: bool,
    as_json: bool,
    lang: Language,
) -> None:
    """两个版本有哪些不同，用公文的话说 / what differs, in legal words.

    A 和 B 各是一个事项编号、“编号@日期”（那一天施行的版本）、一个 YAML 文件（修改稿）、
    “工作区#编号”，或者各是一个工作区文件夹。
    / Each is a matter, MATTER@DATE, a YAML file (a draft), WORKSPACE#MATTER, or a folder.
    """
    day, proof = on or today(), None
    if _is_folder(before) and _is_folder(after):
        if to_prove:
            raise click.UsageError(
                "--prove 比较两个事项：请写 文件夹#事项编号 / takes matters: write WORKSPACE#MATTER"
            )
        found = compare_workspaces(Workspace.load(before), Workspace.load(after), day)
    else:
        workspace = Workspace.load(root)
        old, new = (_version(text, workspace, day, region) for text in (before, after))
        found = compare_versions(old, new)
        proof = _prove(old, new) if to_prove else None
    if as_json:
        definitions = [_document(one) for one in found]
        print_json({"same": not found, "definitions": definitions, "proof": proof})
    elif found:
        click.echo("\n".join(line for one in found for line in _lines(one, lang)))
    else:
        click.echo("两个版本相同。" if lang == "zh" else "The two are the same.")
    if proof is not None and not as_json:
        click.echo("\n".join(_proof_lines(proof, lang)))


def _is_folder(text: str) -> bool:
    return "#" not in text and Path(text).is_dir()


def _version(text: str, workspace: Workspace, on: date, region: str) -> Version:
    """MATTER, MATTER@DATE, FILE.yaml or WORKSPACE#MATTER[@DATE]."""
    if text.endswith((".yaml", ".yml")):
        return _draft(Path(text), workspace, on, region)
    folder, mark, rest = text.rpartition("#")
    identity, at, stated = rest.partition("@")
    day = DAY.convert(stated, None, None) if at else on
    if not mark and Path(text).is_dir():
        raise click.UsageError(
            f"“{text}”是文件夹：比较其中的事项，请写 {text}#事项编号 / write WORKSPACE#MATTER"
        )
    if not identity:
        raise click.UsageError(f"“{text}”没有写事项编号 / names no matter")
    return Version(Workspace.load(folder) if mark else workspace, identity, day, region)


def _draft(path: Path, workspace: Workspace, on: date, region: str) -> Version:
    """A file as it stands, in the place of the one in the workspace that defines the same matter."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8"
        raise click.UsageError(f"{path} 无法读取：{reason} / cannot be read") from None
    draft = workspace.with_text(path.name, text).files[path.name]
    if draft.kind != "matter":
        raise click.UsageError(f"{path} 不是事项定义，或者有错误 / is no matter, or a broken one")
    effective = draft.definition.effective if draft.definition else None
    day = on if effective is None or effective.covers(on) else effective.from_
    replaced = [file.file for file in workspace.versions("matter", draft.id)]
    kept = [file for file in workspace.files.values() if file.file not in replaced]
    alone = Workspace(workspace.root, [*kept, draft], workspace.settings)
    return Version(alone, draft.id, day, region)


def _prove(before: Version, after: Version) -> dict[str, Any]:
    """Whether an application comes out differently, as --json shows it."""
    try:
        from engine.proof.equivalence import Difference, Equivalent, find_difference
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"没有安装 {error.name}：请运行 pip install 'tongban[proof]' / the solver is not installed"
        ) from None
    found = find_difference(
        before.workspace,
        before.matter,
        after.workspace,
        after.matter,
        on=before.on,
        after_on=after.on,
        region=after.region,
    )
    document: dict[str, Any] = dict.fromkeys(("application", "before", "after", "zh", "en"))
    if isinstance(found, Equivalent):
        return {"status": "equivalent"} | document
    if isinstance(found, Difference):
        shown = {"application": found.witness.application(), "zh": found.words_zh}
        decided = {"before": found.before.words_zh, "after": found.after.words_zh}
        return {"status": "differs"} | document | shown | decided
    reasons = {"zh": found.reason_zh, "en": found.reason_en}
    return {"status": "unproved"} | document | reasons


def _proof_lines(proof: dict[str, Any], lang: Language) -> Iterator[str]:
    is_zh = lang == "zh"
    if proof["status"] == "equivalent":
        yield "已证明：没有一份申请的结果不同。" if is_zh else "Proved: no application differs."
    elif proof["status"] == "unproved":
        yield f"未证明：{proof['zh']}" if is_zh else f"Not proved: {proof['en']}"
    else:
        yield "结果不同的一个情形：" if is_zh else "A case that comes out differently:"
        yield f"  {json.dumps(proof['application'], ensure_ascii=False)}"
        yield f"  {proof['zh']}"


def _lines(one: Comparison, lang: Language) -> Iterator[str]:
    yield one.words.say(lang)
    for group, titles in GROUP_TITLES.items():
        inside = [change for change in one.changes if change.group == group]
        if inside:
            yield f"  {titles[lang == 'en']}"
        for change in inside:
            direction = DIRECTION_TITLES[change.direction][lang == "en"]
            yield f"    [{direction}] {change.words.say(lang)}"
    yield ""


def _document(one: Comparison) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "id": one.id,
        "title": one.title,
        "fate": one.fate,
        "changes": [
            {
                "group": change.group,
                "direction": change.direction,
                "path": change.path,
                "zh": change.words.zh,
                "en": change.words.en,
                "before": _plain(change.difference.before),
                "after": _plain(change.difference.after),
            }
            for change in one.changes
        ],
    }


def _plain(value: Any) -> Any:
    """A part of a definition as JSON shows it."""
    dump = getattr(value, "model_dump", None)
    if dump is not None:
        return dump(mode="json", by_alias=True, exclude_defaults=True)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value


COMMANDS = (diff_command,)
