"""Commands on policy: what the lints ask, what people still judge, what rests on a law."""

import sys
from datetime import date
from pathlib import Path

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
from engine.diagnostics import ADJUSTABLE, LINTS, explain_code, nearest
from engine.workspace import Workspace


@click.command()
@click.argument("code", required=False)
@root_option
@json_option
@lang_option
def lints(code: str | None, root: Path, as_json: bool, lang: Language) -> None:
    """政策自检：列出全部规则和级别，或一条规则的说明 / policy lints, or the manual page of one."""
    if code is not None and code not in LINTS:
        close = nearest(code, LINTS)
        hint = f"，是否想写“{close}”？" if close else ""
        raise click.UsageError(f"没有自检规则“{code}”{hint} / no such lint")
    settings = Workspace.load(root).settings.severities if (root / "tongban.yaml").exists() else {}
    rows = [
        {
            "code": name,
            "severity": settings.get(name, lint.grade) if name in ADJUSTABLE else lint.grade,
            "is_adjustable": lint.is_adjustable,
            "clause": lint.clause,
            "is_verified": lint.is_verified,
            "page": explain_code(name),
        }
        for name, lint in LINTS.items()
        if code in (None, name)
    ]
    if as_json:
        print_json({"lints": rows})
    elif code is not None:
        click.echo(explain_code(code))
    else:
        for row in rows:
            words = LINTS[str(row["code"])].why[lang == "en"]
            fixed = "" if row["is_adjustable"] else ("（不可调整）" if lang == "zh" else " (fixed)")
            click.echo(f"{row['code']}: {row['severity']}{fixed}\n    {words}")


@click.command()
@click.argument("matter", required=False)
@on_option
@root_option
@json_option
@lang_option
def ledger(matter: str | None, on: date | None, root: Path, as_json: bool, lang: Language) -> None:
    """自由裁量清单：人还要判断什么、凭什么、到哪里为止 / what a person still judges, and its bounds."""
    from engine.papers import discretion_ledger, ledger_text

    day, workspace = on or today(), Workspace.load(root)
    matters = (workspace.matter(matter, day),) if matter else workspace.matters(day)
    entries = discretion_ledger(matters)
    if as_json:
        print_json(
            {
                "on": day,
                "judgements": sum(len(entry.judgements) for entry in entries),
                "undeclared": sum(len(entry.undeclared) for entry in entries),
                "referrals": sum(len(entry.referrals) for entry in entries),
                "matters": entries,
            }
        )
    else:
        click.echo(ledger_text(entries, lang), nl=False)


@click.command()
@click.argument("law")
@click.option("--article", default="", help="只看这一条（及其款项）/ only this article")
@root_option
@json_option
@lang_option
def impact(law: str, article: str, root: Path, as_json: bool, lang: Language) -> None:
    """法规变动影响：列出以它为依据的全部规则 / everything that rests on a law."""
    from engine.papers import laws_named, reliances

    workspace = Workspace.load(root)
    uses = reliances(workspace, law, article)
    if as_json:
        print_json({"law": law, "article": article, "uses": uses})
    else:
        for use in uses:
            click.echo(f"{use.file}:{use.line}: {use.title} {use.article}".rstrip())
        count = len({(use.kind, use.id) for use in uses})
        zh = f"共 {len(uses)} 处、{count} 个定义以“{law}”为依据。"
        click.echo(zh if lang == "zh" else f"{len(uses)} place(s) in {count} definition(s).")
    if not uses:
        close = nearest(law, laws_named(workspace))
        if close and close != law and not as_json:
            click.echo(f"是否想写“{close}”？ / did you mean it?", err=True)
        sys.exit(1)


COMMANDS = (lints, ledger, impact)
