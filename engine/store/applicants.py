"""Applicants found by their identifier without the identifier standing in the searched columns."""

import secrets
import unicodedata

from cryptography.hazmat.primitives import hashes, hmac
from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.tables import setting_table

_NAME = "applicant_key"


def applicant_digest(connection: Connection, id_number: str) -> str:
    """HMAC-SM3 of an identifier by this database's own key; "" for none.

    Keyed, since all identity numbers there are can be hashed in an afternoon.
    """
    number = unicodedata.normalize("NFKC", id_number).strip().upper()
    if not number:
        return ""
    digest = hmac.HMAC(_key(connection), hashes.SM3())
    digest.update(number.encode())
    return digest.finalize().hex()


def _key(connection: Connection) -> bytes:
    query = select(setting_table.c.value).where(setting_table.c.name == _NAME)
    kept = connection.execute(query).scalar_one_or_none()
    if kept is None:
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        row = {"name": _NAME, "value": secrets.token_hex(32)}
        connection.execute(dialect.insert(setting_table).values(row).on_conflict_do_nothing())
        kept = connection.execute(query).scalar_one()
    return bytes.fromhex(kept)
