"""What one studio is told at its start; everything else comes from the workspace."""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from studio.accounts import Accounts

# All of China keeps Beijing time; a fixed offset needs no time-zone database.
BEIJING = timezone(timedelta(hours=8), "UTC+08:00")


def beijing_day() -> date:
    """The day it is in China: the one clock the studio reads, and hands inward."""
    return beijing_time().date()


def beijing_time() -> datetime:
    """The moment it is, as China writes it."""
    return datetime.now(BEIJING)


@dataclass(frozen=True)
class Settings:
    """`root` is the workspace. `var` is where the studio writes its key and its lock."""

    root: Path
    accounts: Accounts = field(default_factory=Accounts)
    today: Callable[[], date] = beijing_day
    now: Callable[[], datetime] = beijing_time
    secure_cookies: bool = False  # True behind HTTPS
    secret_key: str = ""
    # Where cases are kept; a file of SQLite under `var` when empty.
    database: str = ""
    # What the codes on licences lead to; $TONGBAN_PUBLIC_URL when empty.
    public_url: str = ""
    # Whether trials of people who have not signed in ask the registers. With real registers they
    # must not: anybody could look up anybody's licences by trying numbers.
    open_registers: bool = False

    @property
    def var(self) -> Path:
        return self.root / "var"

    @property
    def proxies(self) -> int:
        """How many proxies stand in front, whose word on who asks is taken; $TONGBAN_PROXIES."""
        named = os.environ.get("TONGBAN_PROXIES", "0")
        return int(named) if named.isascii() and named.isdigit() else 0

    @property
    def address(self) -> str:
        """Where the public finds this studio, without a slash at the end."""
        named = self.public_url or os.environ.get("TONGBAN_PUBLIC_URL", "")
        return (named or "http://127.0.0.1:8000").rstrip("/")

    @property
    def database_url(self) -> str:
        named = self.database or os.environ.get("TONGBAN_DATABASE", "")
        return named or f"sqlite:///{self.var.resolve()}/tongban.db"


def read_secret(var: Path) -> str:
    """The key that signs sessions: $TONGBAN_SECRET_KEY, else a file only its owner reads.

    Made on first use; shared by all processes of one workspace. Who is signed in, each process keeps
    for itself (see `visits`).
    """
    named = os.environ.get("TONGBAN_SECRET_KEY")
    if named:
        return named
    path = var / "secret_key"
    var.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    if not path.exists():
        draft.touch(mode=0o600, exist_ok=False)
        draft.write_text(secrets.token_hex(32), encoding="ascii")
        try:
            os.link(draft, path)  # fails, rather than replaces, when another worker was first
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii")
