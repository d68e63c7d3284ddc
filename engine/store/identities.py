"""Accounts, visits and tokens: who may come in, who is in, and which machines call."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.diagnostics import TongbanError
from engine.store.chain import digest_of
from engine.store.identity_tables import account_table, token_table, visit_table
from engine.store.moments import read_moment, write_moment

_NOTED = timedelta(minutes=1)


class LoginTaken(TongbanError):
    """There is an account of that name already."""


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """One account. `password_hash` is made and checked by the caller, never shown.

    `verified_by` names who saw that the person is who they say they are (实名核验), "" for nobody.
    """

    login: str
    role: str
    password_hash: str
    person: str = ""
    departments: tuple[str, ...] = ()
    id_kind: str = ""
    id_number: str = ""
    applicant_kind: str = ""
    is_active: bool = True
    verified_by: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A machine's token, without its secret."""

    digest: str
    login: str
    title: str
    scopes: tuple[str, ...]
    until: datetime
    used_at: datetime | None


def add_account(connection: Connection, account: StoredAccount, at: datetime) -> None:
    """Keeps a new account. Raises LoginTaken."""
    row = {
        "login": account.login,
        "role": account.role,
        "password_hash": account.password_hash,
        "person": account.person,
        "departments": json.dumps(account.departments, ensure_ascii=False),
        "id_kind": account.id_kind,
        "id_number": account.id_number,
        "applicant_kind": account.applicant_kind,
        "is_active": account.is_active,
        "verified_by": account.verified_by,
        "created_at": write_moment(at),
    }
    try:
        connection.execute(insert(account_table).values(row))
    except IntegrityError:
        raise LoginTaken(
            f"账号 {account.login} 已有人使用，请换一个 / this login is taken: {account.login}"
        ) from None


def find_account(connection: Connection, login: str) -> StoredAccount | None:
    """The account of a login that is in use; None where there is none."""
    query = select(account_table).where(account_table.c.login == login)
    row = connection.execute(query).one_or_none()
    return None if row is None or not row.is_active else _account(row)


def verify_person(connection: Connection, login: str, by: str) -> bool:
    """Notes who saw that the person is who they say they are; False for an unknown login."""
    mine = account_table.c.login == login
    changed = connection.execute(update(account_table).where(mine).values(verified_by=by))
    return changed.rowcount == 1


def unverified_accounts(connection: Connection, limit: int = 100) -> tuple[StoredAccount, ...]:
    """Applicants whom nobody has verified yet, the first to register first."""
    query = select(account_table).where(
        account_table.c.verified_by == "",
        account_table.c.is_active,
        account_table.c.role == "applicant",
    )
    rows = connection.execute(query.order_by(account_table.c.created_at).limit(limit)).all()
    return tuple(map(_account, rows))


def set_password(connection: Connection, login: str, password_hash: str) -> None:
    """Another password; everybody who came in with the old one is put out."""
    mine = account_table.c.login == login
    connection.execute(update(account_table).where(mine).values(password_hash=password_hash))
    end_visits(connection, login)


def _account(row: Row[tuple[object, ...]]) -> StoredAccount:
    return StoredAccount(
        row.login,
        row.role,
        row.password_hash,
        row.person,
        tuple(json.loads(row.departments)),
        row.id_kind,
        row.id_number,
        row.applicant_kind,
        row.is_active,
        row.verified_by,
    )


# --- visits ----------------------------------------------------------------------------------


def begin_visit(connection: Connection, login: str, at: datetime, until: datetime) -> str:
    """Lets somebody in; the secret that their browser shows from then on. Forgets what has ended."""
    secret = secrets.token_urlsafe(24)
    connection.execute(delete(visit_table).where(visit_table.c.until <= write_moment(at)))
    row = {"digest": _digest(secret), "login": login, "until": write_moment(until)}
    connection.execute(insert(visit_table).values(row))
    return secret


def visitor_of(connection: Connection, secret: str, at: datetime) -> str | None:
    """The login of whoever shows a visit's secret; None where the visit has ended."""
    query = select(visit_table.c.login).where(
        visit_table.c.digest == _digest(secret), visit_table.c.until > write_moment(at)
    )
    return connection.execute(query).scalar_one_or_none()


def end_visit(connection: Connection, secret: str) -> None:
    connection.execute(delete(visit_table).where(visit_table.c.digest == _digest(secret)))


def end_visits(connection: Connection, login: str) -> None:
    """Puts somebody out wherever they are in."""
    connection.execute(delete(visit_table).where(visit_table.c.login == login))


# --- tokens ----------------------------------------------------------------------------------


def issue_token(
    connection: Connection,
    login: str,
    title: str,
    scopes: tuple[str, ...],
    at: datetime,
    until: datetime,
) -> str:
    """A new token; shown once, kept as a digest."""
    secret = f"tb_{secrets.token_urlsafe(32)}"
    row = {
        "digest": _digest(secret),
        "login": login,
        "title": title,
        "scopes": json.dumps(scopes),
        "until": write_moment(until),
        "created_at": write_moment(at),
    }
    connection.execute(insert(token_table).values(row))
    return secret


def token_of(connection: Connection, secret: str, at: datetime) -> Token | None:
    """What a token stands for; None for one that is unknown or has ended."""
    query = select(token_table).where(
        token_table.c.digest == _digest(secret), token_table.c.until > write_moment(at)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _token(row)


def note_use(connection: Connection, token: Token, at: datetime) -> None:
    """Notes that a token is in use, to the minute: not every request has to wait for the disk."""
    if token.used_at is not None and timedelta() <= at - token.used_at < _NOTED:
        return
    mine = token_table.c.digest == token.digest
    connection.execute(update(token_table).where(mine).values(used_at=write_moment(at)))


def list_tokens(connection: Connection, login: str) -> tuple[Token, ...]:
    """The tokens of a login, the one that ends last first."""
    query = select(token_table).where(token_table.c.login == login)
    rows = connection.execute(query.order_by(token_table.c.until.desc())).all()
    return tuple(_token(row) for row in rows)


def revoke_token(connection: Connection, login: str, digest: str) -> bool:
    """Ends a token of a login; False where there is no such token."""
    mine = (token_table.c.login == login) & (token_table.c.digest == digest)
    return connection.execute(delete(token_table).where(mine)).rowcount == 1


def _token(row: Row[tuple[object, ...]]) -> Token:
    return Token(
        row.digest,
        row.login,
        row.title,
        tuple(json.loads(row.scopes)),
        read_moment(row.until),
        None if row.used_at is None else read_moment(row.used_at),
    )


def _digest(secret: str) -> str:
    # Secrets are random and long: one round is as good as many.
    return digest_of(secret.encode())
