"""The hash chain over a case's events: SM3 (GB/T 32905-2016) over what is stored, byte for byte."""

from cryptography.hazmat.primitives import hashes

GENESIS = "0" * 64  # what the first event of a case follows


def digest_of(content: bytes) -> str:
    """The SM3 digest in hexadecimal."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize().hex()


def link(previous: str, case: str, number: int, content: str) -> str:
    """The hash of one event: over the hash before it, whose it is, its number and its text."""
    return digest_of(f"{previous}\n{case}\n{number}\n{content}".encode())
