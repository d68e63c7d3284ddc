"""Whether rules leave a gap or a clash, proved; where they do, the very case that slips through.

A claim is proved for every case within the declared domains, refuted by a witness that the real
engine was given, or 未证明 with its reason. Nothing is proved by a sample, nothing by a time-out.
Tables made of constants are boxes and are counted exactly; what is computed is for the solver.
"""

from engine.proof.domains import Domain, Span, domains_of
from engine.proof.findings import Claim, Finding, Proof
from engine.proof.witnesses import Trial, Witness, try_witness

__all__ = [
    "Claim",
    "Domain",
    "Finding",
    "Proof",
    "Span",
    "Trial",
    "Witness",
    "domains_of",
    "try_witness",
]
