"""Writes an account for the accounts file: `python -m studio.enrolment NAME ROLE`."""

import json

import click
from werkzeug.security import generate_password_hash

from studio.accounts import ROLES


@click.command()
@click.argument("name")
@click.argument("role", type=click.Choice(tuple(ROLES)))
@click.password_option()
def main(name: str, role: str, password: str) -> None:
    """Prints an account for var/studio_users.toml. Asks for the password; stores nothing."""
    click.echo("[[account]]")
    for key, value in (
        ("name", name),
        ("role", role),
        ("password", generate_password_hash(password)),
    ):
        # A JSON text is a TOML text, too.
        click.echo(f"{key} = {json.dumps(value, ensure_ascii=False)}")


if __name__ == "__main__":
    main()
