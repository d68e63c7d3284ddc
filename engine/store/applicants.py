"""Applicants found by their identifier without the identifier standing in the searched columns."""

import unicodedata

from cryptography.hazmat.primitives import hashes, hmac
from sqlalchemy import Connection, select

from engine.store.json_text import storable
from engine.store.tables import setting_table


def applicant_digest(connection: Connection, id_number: str) -> str:
    """HMAC-SM3 of an identifier by this database's own key; "" for none.

    Keyed, since all identity numbers there are can be hashed in an afternoon.
    """
    number = unicodedata.normalize("NFKC", id_number).strip().upper()
    if not number:
        return ""
    digest = hmac.HMAC(_key(connection), hashes.SM3())
    digest.update(storable(number).encode())
    return digest.finalize().hex()


def _key(connection: Connection) -> bytes:
    # Made with the tables, once: another one would find nobody any more.
    query = select(setting_table.c.value).where(setting_table.c.name == "applicant_key")
    return bytes.fromhex(connection.execute(query).scalar_one())
