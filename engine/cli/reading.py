"""A command that reads a matter's rules and tables back as prose: read."""

from datetime import date
from itertools import groupby
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
from engine.prose import RULE_TITLES, statements_of
from engine.workspace import Workspace


@click.command()
@click.argument("matter")
@on_option
@click.option("--region", default="", help="按哪个地区的标准 / the region whose figures apply")
@root_option
@json_option
@lang_option
def read(
    matter: str, on: date | None, region: str, root: Path, as_json: bool, lang: Language
) -> None:
    """把一个事项的规则和决策表逐条读成文字 / read a matter's rules and tables back as prose."""
    day = on or today()
    found = Workspace.load(root).matter(matter, day, region)
    statements = tuple(statements_of(found))
    if as_json:
        head = {"matter": found.matter, "title": found.title, "on": day, "region": region}
        print_json({**head, "statements": statements})
        return
    click.echo(found.title)
    for rule, group in groupby(statements, key=lambda statement: statement.rule):
        click.echo(f"\n{RULE_TITLES[rule].say(lang)}")
        for statement in group:
            click.echo(f"\n  {statement.title.say(lang)}")
            for sentence in statement.sentences:
                click.echo(f"    {sentence.say(lang)}")


COMMANDS = (read,)
