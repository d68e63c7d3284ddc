"""Who may sign in, by which password, in which role.

`python -m studio.enrolment NAME ROLE` writes an account as the accounts file wants it.
"""

import secrets
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from werkzeug.security import check_password_hash, generate_password_hash

from engine import ROLE_TITLES, StoredAccount

# Role → its title in Chinese and English. Who has not signed in has none of them.
ROLES: dict[str, tuple[str, str]] = {
    "editor": ("事项管理员", "matter administrator"),
    "policy": ("法制人员", "policy officer"),
    "engineer": ("部门技术人员", "department engineer"),
    **{role: titles for role, titles in ROLE_TITLES.items() if role != "clock"},
}
HANDLERS = frozenset({"clerk", "reviewer", "checker", "issuer", "leader", "supervisor"})
# Who handles cases sees those of the own departments; this stands for all of them.
EVERY_DEPARTMENT = "*"
_LONGEST_PASSWORD = 256  # hashing must not become a way to keep the server busy


class AccountsError(ValueError):
    """The accounts file cannot be used; the message names it and what is wrong."""


@dataclass(frozen=True)
class Account:
    """One person. `password_hash` is in werkzeug's notation (`scrypt:…`).

    `person` is the person's or organisation's name; an applicant has an identity as well, of the
    kinds that `engine.Applicant` knows.
    Registers are asked only for those whose identity was verified (实名核验).
    """

    name: str
    role: str
    password_hash: str = field(repr=False)
    person: str = ""
    departments: tuple[str, ...] = ()
    id_kind: str = ""
    id_number: str = field(default="", repr=False)
    kind: str = ""
    is_verified: bool = True  # the accounts file is written by those who know the people in it

    def handles(self, department: str) -> bool:
        """Whether a department's cases are this person's business."""
        return not {department, EVERY_DEPARTMENT}.isdisjoint(self.departments)

    @property
    def stamp(self) -> str:
        """Changes with the password, which thereby ends older sessions."""
        return sha256(self.password_hash.encode()).hexdigest()[:16]


def _nobody_registered(name: str) -> Account | None:
    return None


@dataclass(frozen=True)
class Accounts:
    """The accounts of the accounts file by name, and whoever registered, by `registered`."""

    by_name: Mapping[str, Account] = field(default_factory=dict)
    registered: Callable[[str], Account | None] = field(default=_nobody_registered)

    @classmethod
    def of(cls, accounts: Iterable[Account]) -> "Accounts":
        return cls({account.name: account for account in accounts})

    def find(self, name: str) -> Account | None:
        """Who has that name; nobody who registered takes the place of one in the file."""
        return self.by_name.get(name) or self.registered(name)

    def authenticate(self, name: str, password: str) -> Account | None:
        """The account, if that is its password. An unknown name takes as long as a wrong password."""
        account = self.find(name)
        proof = account.password_hash if account else _nobody()
        is_right = len(password) <= _LONGEST_PASSWORD and check_password_hash(proof, password)
        return account if is_right else None


@cache
def _nobody() -> str:
    return generate_password_hash(secrets.token_hex(16))


# As the registers that ship know them: nobody real.
_DEMO_PERSONS = {
    "applicant": ("济宁市任城区示例美发店", "统一社会信用代码", "92370811MA3C00011H", "个体工商户"),
    "clerk": ("窗口甲", "", "", ""),
    "reviewer": ("审查员乙", "", "", ""),
    "checker": ("核准人丙", "", "", ""),
    "issuer": ("出件员丁", "", "", ""),
    "leader": ("负责人戊", "", "", ""),
    "supervisor": ("监督员己", "", "", ""),
}


def demo_account(role: str, password_hash: str) -> Account:
    """The demonstration's account of a role, named as the role; its staff serve all departments."""
    person, id_kind, id_number, kind = _DEMO_PERSONS.get(role, (ROLES[role][0], "", "", ""))
    departments = () if role == "applicant" else (EVERY_DEPARTMENT,)
    return Account(role, role, password_hash, person, departments, id_kind, id_number, kind)


def of_store(account: StoredAccount) -> Account:
    """An account as the store keeps it."""
    return Account(
        account.login,
        account.role,
        account.password_hash,
        account.person,
        account.departments,
        account.id_kind,
        account.id_number,
        account.applicant_kind,
        bool(account.verified_by),
    )


def make_demo_accounts() -> tuple[Accounts, dict[str, str]]:
    """One account per role, named as the role, and the passwords: to be shown once, kept nowhere."""
    passwords = {role: secrets.token_urlsafe(9) for role in ROLES}
    hashed = (demo_account(role, generate_password_hash(p)) for role, p in passwords.items())
    return Accounts.of(hashed), passwords


def read_accounts(path: Path) -> Accounts:
    """The accounts of a TOML file: `[[account]]` tables with `name`, `role`, `password` (a hash).

    Raises AccountsError.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("account")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AccountsError(f"{path.name}: 无法读取 / cannot be read: {error}") from error
    if not isinstance(tables, list):
        raise AccountsError(f"{path.name}: 应有 [[account]] / has no [[account]] tables")
    return Accounts.of(_read_account(path.name, table) for table in tables)


def _read_account(file: str, table: object) -> Account:
    entries = table if isinstance(table, dict) else {}
    name, role, password = (entries.get(key) for key in ("name", "role", "password"))
    if not isinstance(name, str) or not name.strip():
        raise AccountsError(f"{file}: 每个 [[account]] 应有 name / an account has no name")
    if role not in ROLES:
        known = "、".join(ROLES)
        raise AccountsError(f"{file}: {name}: role 应为 {known} 之一 / not a role: {role!r}")
    if not isinstance(password, str) or password.count("$") != 2:
        raise AccountsError(
            f"{file}: {name}: password 应为散列值（scrypt:…），不能写明文 / write the hash, not the password"
        )
    return Account(name, role, password, **_read_person(f"{file}: {name}", entries))


def _read_person(where: str, entries: Mapping[str, object]) -> dict[str, Any]:
    """What an account says of its person beyond name and role."""
    person: dict[str, Any] = {}
    for key in ("person", "id_kind", "id_number", "kind"):
        value = entries.get(key, "")
        if not isinstance(value, str):
            raise AccountsError(f"{where}: {key} 应为文字 / {key} must be text")
        person[key] = value
    departments = entries.get("departments", [])
    if not isinstance(departments, list) or not all(isinstance(d, str) for d in departments):
        raise AccountsError(
            f"{where}: departments 应为文字的列表 / departments must be a list of texts"
        )
    return {**person, "departments": tuple(departments)}
