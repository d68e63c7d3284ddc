"""What every page works on: the shelf of definitions, the hall of cases, and the time it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask import g

from engine import (
    Actor,
    Command,
    CommandRefused,
    Database,
    Diagnostic,
    Hall,
    Source,
    Workspace,
    find_account,
)
from studio.accounts import Account, Accounts, of_store
from studio.shelf import Shelf


@dataclass(frozen=True)
class Desk:
    """Given to each blueprint at its making; the only way from a page to the definitions."""

    shelf: Shelf
    today: Callable[[], date]
    now: Callable[[], datetime]
    open_registers: bool
    database: str
    listed: Accounts
    address: str

    @cached_property
    def accounts(self) -> Accounts:
        """Those of the accounts file, and whoever registered."""
        return replace(self.listed, registered=self._registered)

    @cached_property
    def store(self) -> Database:
        """Opened when it is first needed."""
        opened = Database.open(self.database)
        opened.create()
        return opened

    def open_store(self) -> Database:
        return self.store

    def _registered(self, name: str) -> Account | None:
        """The account of an applicant who registered."""
        with self.store.read() as connection:
            found = find_account(connection, name)
        return None if found is None else of_store(found)

    @cached_property
    def hall(self) -> Hall:
        return Hall(self.store, self.workspace, public_url=self.address)

    @property
    def sources(self) -> tuple[Source, ...] | None:
        """Whom an application of one's own asks: the workspace's registers (None), or nobody."""
        is_known = g.account is not None and g.account.is_verified
        return None if self.open_registers or is_known else ()

    def sources_on(self, number: str) -> tuple[Source, ...] | None:
        """As `sources`, for a trial with anybody's number.

        Registers tell of a person only to whoever is known to be that person, or on duty.
        """
        account = g.account
        is_other = account is not None and account.role == "applicant"
        is_other = is_other and number.strip().upper() != account.id_number.upper()
        return () if is_other and not self.open_registers else self.sources

    def workspace(self) -> Workspace:
        return self.shelf.workspace()

    def report(self) -> Mapping[str, tuple[Diagnostic, ...]]:
        return self.shelf.report()

    def command(self, do: str, body: Mapping[str, Any] | None = None, key: str = "") -> Command:
        """What the one who asks wants done, now. Raises CommandRefused for a second officer who is
        the same person: cases know accounts only, and people write their names.
        """
        if body and g.account.person and str(body.get("with", "")).strip() == g.account.person:
            raise CommandRefused(
                "same-person", "核查须由两名以上人员进行", "a check needs two officers"
            )
        return Command(do, acting(), self.now(), body or {}, key)


def own_key(key: str) -> str:
    """A key that a browser sent, as one of the account's own: nobody takes another's, nor a timer's."""
    return f"desk:{g.account.name}:{key[:100]}" if key else ""


def acting() -> Actor:
    """The one who asks, as events name them: by the account, which is nobody else's."""
    department = "" if len(g.account.departments) != 1 else g.account.departments[0]
    return Actor(g.account.name, g.account.role, department)
