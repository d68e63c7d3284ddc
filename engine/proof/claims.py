"""What a proof says: claims, each proved, refuted or 未证明, and the findings that refute them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.diagnostics import Diagnostic
from engine.proof.witnesses import Witness

Status = Literal["proved", "refuted", "unproved"]
STATUS_TITLES = {
    "proved": ("已证明", "proved"),
    "refuted": ("不成立", "refuted"),
    "unproved": ("未证明", "not proved"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem, said as a diagnostic is, with the case that shows it.

    `witness` is None where no single case shows it (a row that is never hit) or where it could not
    be replayed; the message then says so. `said_zh` is what the real engine made of the witness.
    """

    diagnostic: Diagnostic
    witness: Witness | None = None
    said_zh: str = ""

    @property
    def is_error(self) -> bool:
        return self.diagnostic.is_error


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement about one part of a matter, for `regions` (codes; "" is no region's figures).

    `subject` is the part's path: `tables.minimum_area`, `paths.commitment`, `conclusions`.
    """

    subject: str
    title_zh: str
    title_en: str
    status: Status
    findings: tuple[Finding, ...] = ()
    regions: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Proof:
    """All claims about one matter on one day."""

    matter: str
    title: str
    on: date
    claims: tuple[Claim, ...]

    @property
    def findings(self) -> Iterator[Finding]:
        return (finding for claim in self.claims for finding in claim.findings)

    @property
    def is_proved(self) -> bool:
        """Every claim is proved; remarks that refute nothing do not count against it."""
        return all(claim.status == "proved" for claim in self.claims)
