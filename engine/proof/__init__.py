"""Whether rules leave a gap or a clash, proved; where they do, the very case that slips through.

A claim is proved for every case within the declared domains, refuted by a witness that the real
engine was given, or 未证明 with its reason. Nothing is proved by a sample, nothing by a time-out.
Tables made of constants are boxes and are counted exactly; what is computed is for the solver.
"""

from engine.proof.claims import STATUS_TITLES, Claim, Finding, Proof
from engine.proof.domains import Domain, Span, domains_of
from engine.proof.proving import prove_matter
from engine.proof.showing import ProofDisagrees
from engine.proof.witnesses import Trial, Witness, try_witness

__all__ = [
    "STATUS_TITLES",
    "Claim",
    "Domain",
    "Finding",
    "Proof",
    "ProofDisagrees",
    "Span",
    "Trial",
    "Witness",
    "domains_of",
    "prove_matter",
    "try_witness",
]
