"""SM2 signatures beside a licence (GB/T 32918.2-2016, with SM3): detached, over its canonical JSON.

The curve's arithmetic is gmssl's, in plain Python: slow, and not hardened against who can measure it.
Certified hardware, GB/T 38540 seals and OFD files are out of scope. Needs the extra `sm2`.
"""

import json
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3, Hash

from engine.diagnostics import TongbanError

# The recommended curve sm2p256v1 (GB/T 32918.5-2017).
_A = "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC"
_B = "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93"
_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_GX = "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7"
_GY = "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0"
USER_ID = b"1234567812345678"  # where nothing else is agreed (GM/T 0009-2012)

RandomScalar = Callable[[], int]  # from 1 to the curve's order less one


class Sm2Unavailable(TongbanError):
    """The extra `sm2` is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "没有安装 SM2 签名组件，请安装：pip install 'tongban[sm2]' / "
            "the extra sm2 is not installed: pip install 'tongban[sm2]'"
        )


class Sm2KeyProblem(TongbanError):
    """A key that is none of this curve."""


def canonical_json(value: Mapping[str, Any]) -> bytes:
    """UTF-8, keys sorted, no spaces: the same licence is always the same bytes. No floats.

    Raises TypeError for what JSON has not, a float among it: two systems may write it differently.
    """
    _refuse_floats(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def sign_licence_sm2(
    licence: Mapping[str, Any],
    private_key: str,
    *,
    user_id: bytes = USER_ID,
    random_scalar: RandomScalar | None = None,
) -> str:
    """The signature `r || s`, 128 hex digits. `private_key` is 64 hex digits; `random_scalar` is for tests.

    Raises Sm2KeyProblem for another key, Sm2Unavailable without the extra.
    """
    public_key = public_key_sm2(private_key)
    crypt = _crypt(private_key, public_key)
    digest = _digest(canonical_json(licence), public_key, user_id)
    draw = random_scalar or (lambda: secrets.randbelow(_N - 1) + 1)
    while True:
        signature = crypt.sign(digest, f"{draw():064x}")
        if signature is not None:  # None: the rare scalar that the standard says to draw again
            return str(signature)


def verify_licence_sm2(
    licence: Mapping[str, Any], signature: str, public_key: str, *, user_id: bytes = USER_ID
) -> bool:
    """Whether `signature` is the key's over exactly this licence. `public_key` is 128 hex digits."""
    key = _public_point(public_key)
    if not re.fullmatch(r"[0-9A-Fa-f]{128}", signature):
        return False
    r, s = int(signature[:64], 16), int(signature[64:], 16)
    if not (0 < r < _N and 0 < s < _N):  # gmssl does not ask
        return False
    digest = _digest(canonical_json(licence), key, user_id)
    try:
        return bool(_crypt("", key).verify(signature, digest))
    except TypeError:
        # gmssl has no point at infinity, which only a signature made to fail leads to.
        return False


def make_key_sm2(random_scalar: RandomScalar | None = None) -> tuple[str, str]:
    """A new private key (64 hex digits) and its public key (128)."""
    scalar = (random_scalar or (lambda: secrets.randbelow(_N - 2) + 1))()
    private = f"{scalar:064x}"
    return private, public_key_sm2(private)


def public_key_sm2(private_key: str) -> str:
    """The public key of a private one: both coordinates, 128 hex digits."""
    scalar = _private_scalar(private_key)
    crypt = _crypt("", "")
    point = crypt._kg(scalar, crypt.ecc_table["g"])
    return str(point)


def z_value(public_key: str, user_id: bytes = USER_ID) -> bytes:
    """ZA: the SM3 digest of who signs, the curve and the key (GB/T 32918.2, 5.5)."""
    length = (8 * len(user_id)).to_bytes(2, "big")
    return _sm3(length + user_id + bytes.fromhex(_A + _B + _GX + _GY + public_key))


def _digest(message: bytes, public_key: str, user_id: bytes) -> bytes:
    return _sm3(z_value(public_key, user_id) + message)


def _sm3(message: bytes) -> bytes:
    digest = Hash(SM3())
    digest.update(message)
    return digest.finalize()


def _crypt(private_key: str, public_key: str) -> Any:
    try:
        from gmssl import sm2
    except ImportError:
        raise Sm2Unavailable from None
    crypt = sm2.CryptSM2(private_key=private_key, public_key="")
    # Given at once, a key that begins with 0 or 4 would lose those digits to lstrip("04").
    crypt.public_key = public_key
    return crypt


def _private_scalar(private_key: str) -> int:
    if re.fullmatch(r"[0-9A-Fa-f]{64}", private_key) and 0 < int(private_key, 16) < _N - 1:
        return int(private_key, 16)
    raise Sm2KeyProblem(
        "SM2 私钥应为 64 位十六进制数，且在曲线的阶以内 / "
        "an SM2 private key is 64 hex digits, below the order of the curve"
    )


def _public_point(public_key: str) -> str:
    """Refuses what is no point of the curve: such a key would verify what nobody signed."""
    if re.fullmatch(r"[0-9A-Fa-f]{128}", public_key):
        x, y = int(public_key[:64], 16), int(public_key[64:], 16)
        right = (pow(x, 3, _P) + int(_A, 16) * x + int(_B, 16)) % _P
        if x < _P and y < _P and y * y % _P == right:
            return public_key.lower()
    raise Sm2KeyProblem(
        "SM2 公钥应为 128 位十六进制数，且是曲线上的点 / "
        "an SM2 public key is 128 hex digits, a point of the curve"
    )


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("a licence has no floats: write decimals as text")
    if isinstance(value, Mapping):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)
