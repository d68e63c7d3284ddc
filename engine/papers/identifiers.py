"""Identifiers of electronic licences (电子证照标识, GB/T 36904-2018) and their check character.

`1.2.156.3005.2.<type 21>.<issuer 18>.<serial>.<version 3>.<check>`: the type code is the 统一社会信用代码
of who defines it and three characters; the check is ISO 7064 MOD 37,36 (GB/T 17710) over the parts
between root and check, without dots.
"""

import re
from dataclasses import dataclass

from engine.diagnostics import TongbanError

ROOT_OID = "1.2.156.3005.2"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHAPE = re.compile(
    re.escape(ROOT_OID)
    + r"\.(?P<type>[0-9A-Z]{21})\.(?P<issuer>[0-9A-Z]{18})\.(?P<serial>[0-9A-Z]{1,40})"
    r"\.(?P<version>[0-9]{3})\.(?P<check>[0-9A-Z])"
)
_PARTS = {
    "type_code": (
        r"[0-9A-Z]{21}",
        "证照类型代码应为 21 位数字或大写字母",
        "the type code has 21 digits or capital letters",
    ),
    "issuer": (
        r"[0-9A-Z]{18}",
        "颁发机构代码应为 18 位数字或大写字母",
        "the issuer's code has 18 digits or capital letters",
    ),
    "serial": (
        r"[0-9A-Z]{1,40}",
        "流水号应为 1 至 40 位数字或大写字母",
        "the serial number has 1 to 40 digits or capital letters",
    ),
}


class IdentifierProblem(TongbanError):
    """An identifier that no licence may be issued with."""


@dataclass(frozen=True, slots=True)
class LicenceIdentifier:
    """The parts of an identifier; `is_sound` where its check character is right."""

    type_code: str
    issuer: str
    serial: str
    version: int
    check: str

    @property
    def is_sound(self) -> bool:
        return self.check == check_character(
            f"{self.type_code}{self.issuer}{self.serial}{self.version:03}"
        )

    def __str__(self) -> str:
        parts = (self.type_code, self.issuer, self.serial, f"{self.version:03}", self.check)
        return ".".join((ROOT_OID, *parts))


def check_character(text: str) -> str:
    """MOD 37,36 of digits and capital letters. ValueError for any other character."""
    product = 36
    for character in text:
        total = (product + _ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return _ALPHABET[(37 - product) % 36]


def licence_identifier(type_code: str, issuer: str, serial: str, version: int = 1) -> str:
    """The identifier of a licence that is issued. Raises IdentifierProblem for parts of another form."""
    given = {"type_code": type_code, "issuer": issuer, "serial": serial}
    for name, (shape, zh, en) in _PARTS.items():
        if not re.fullmatch(shape, given[name]):
            raise IdentifierProblem(f"{zh}，现为“{given[name]}” / {en}, found {given[name]!r}")
    if not 1 <= version <= 999:
        words = f"版本号应为 1 至 999，现为 {version} / the version is 1 to 999, found {version}"
        raise IdentifierProblem(words)
    check = check_character(f"{type_code}{issuer}{serial}{version:03}")
    return str(LicenceIdentifier(type_code, issuer, serial, version, check))


def read_identifier(text: str) -> LicenceIdentifier:
    """The parts of an identifier of whatever origin; whether it is sound is for the caller to ask.

    Imported data may carry a wrong check, which is a warning there; on issue it is refused. Raises
    IdentifierProblem for what has not the form at all.
    """
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise IdentifierProblem(
            f"“{text}”不是电子证照标识，应为 {ROOT_OID}.类型代码(21).颁发机构(18).流水号.版本(3).校验(1) / "
            f"not an identifier of an electronic licence: {text!r}"
        )
    version = int(found["version"])
    return LicenceIdentifier(
        found["type"], found["issuer"], found["serial"], version, found["check"]
    )
