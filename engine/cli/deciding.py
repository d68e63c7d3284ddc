"""Commands on one application: decide, explain, replay."""

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import click

from engine.checks import admit, decide
from engine.cli.options import (
    BEIJING,
    DAY,
    Language,
    json_option,
    lang_option,
    on_option,
    print_json,
    read_json_file,
    root_option,
    today,
    write_file,
)
from engine.decision import Decision, decision_to_json, parse_application, replay
from engine.papers import Letter, compose_letter, decision_letter, officer_view
from engine.workspace import Workspace


@click.command("decide")
@click.argument("matter")
@click.argument("facts", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@on_option
@root_option
@json_option
@lang_option
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
        write_file(receipt, f"{text}\n".encode(), "回执")
    if as_json:
        print_json(decision)
    else:
        click.echo(officer_view(decision, language=lang))


@click.command()
@click.argument("matter")
@click.argument("facts", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@on_option
@root_option
@json_option
@lang_option
@click.option(
    "--pdf",
    type=click.Path(dir_okay=False, path_type=Path),
    help="另存为 PDF 文件 / write it to a PDF file as well",
)
@click.option(
    "--docx",
    type=click.Path(dir_okay=False, path_type=Path),
    help="另存为 Word 文件 / write it to a Word file as well",
)
def explain(
    matter: str,
    facts: Path,
    on: date | None,
    root: Path,
    as_json: bool,
    lang: Language,
    pdf: Path | None,
    docx: Path | None,
) -> None:
    """把决定写成给申请人的文书 / the decision as a letter to the applicant."""
    workspace = Workspace.load(root)
    decision = _decide(workspace, matter, facts, on)
    # The definition signs the letter and names whom to ask and where to appeal.
    definition = workspace.matter(matter, decision.on, decision.region)
    letter = compose_letter(decision, lang, definition)
    _write_papers(letter, decision.on, pdf, docx)
    if as_json:
        print_json({"matter": matter, "outcome": decision.outcome, "letter": letter})
    else:
        click.echo(decision_letter(decision, lang, definition))


def _write_papers(letter: Letter, on: date, pdf: Path | None, docx: Path | None) -> None:
    """Dated as the decision: written again, it is the same file."""
    moment = datetime.combine(on, time(), BEIJING)
    if pdf is not None:
        from engine.papers.pdf_pages import paper_pdf

        write_file(pdf, paper_pdf(letter, moment), "文书")
    if docx is not None:
        from engine.papers.docx_pages import paper_docx

        write_file(docx, paper_docx(letter, moment), "文书")


def _decide(workspace: Workspace, matter: str, facts: Path, on: date | None) -> Decision:
    data = read_json_file(facts)
    if on is None:
        on = _stated_day(data) or today()
    if isinstance(data, dict):
        data = {key: value for key, value in data.items() if key not in ("date", "note")}
    admit(workspace, matter, on)
    application = parse_application(workspace, matter, data, on, facts.name)
    return decide(workspace, matter, application, on=on)


def _stated_day(data: Any) -> date | None:
    """A sample may name its day, so that it reads the same on every day."""
    stated = data.get("date") if isinstance(data, dict) else None
    return None if stated is None else DAY.convert(stated, None, None)


@click.command("replay")
@click.argument("receipt", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@root_option
@json_option
def replay_command(receipt: Path, root: Path, as_json: bool) -> None:
    """按回执重新判定，不访问任何登记系统 / decide again from a receipt, offline."""
    workspace = Workspace.load(root)
    try:
        result = replay(workspace, read_json_file(receipt))
    except ValueError as error:
        raise click.UsageError(f"{receipt}: {error}") from None
    if as_json:
        print_json(
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


COMMANDS = (decide_command, explain, replay_command)
