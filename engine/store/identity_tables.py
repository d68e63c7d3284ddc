"""The tables of who may come in: accounts, visits, tokens, tries. Secrets are kept as digests only."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from engine.store.moments import MOMENT_LENGTH
from engine.store.tables import metadata

account_table = Table(
    "account",
    metadata,
    Column("login", String(100), primary_key=True),
    Column("role", String(32), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("departments", Text, nullable=False),  # JSON: a list of texts
    Column("id_kind", String(64), nullable=False),
    Column("id_number", Text, nullable=False),
    Column("applicant_kind", String(64), nullable=False),
    Column("is_active", Boolean, nullable=False),
    # Who found that the person is who they say they are; registers are asked for nobody else.
    Column("verified_by", Text, nullable=False),
    Column("created_at", String(MOMENT_LENGTH), nullable=False),
)

# Who is signed in. Anybody who reads the table can be nobody with it.
visit_table = Table(
    "visit",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("login", String(100), nullable=False),
    Column("until", String(MOMENT_LENGTH), nullable=False),
    Index(None, "until"),
)

token_table = Table(
    "token",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("login", String(100), nullable=False),
    Column("title", Text, nullable=False),
    Column("scopes", Text, nullable=False),  # JSON: a list of texts
    Column("until", String(MOMENT_LENGTH), nullable=False),
    Column("created_at", String(MOMENT_LENGTH), nullable=False),
    Column("used_at", String(MOMENT_LENGTH)),
    Index(None, "login"),
)

# How often something was tried, and until when it is refused; shared by all processes.
try_table = Table(
    "try",
    metadata,
    Column("key", String(64), primary_key=True),  # SM3 of what is counted
    Column("tried", Integer, nullable=False),
    Column("until", String(MOMENT_LENGTH), nullable=False),
    Index(None, "until"),
)
