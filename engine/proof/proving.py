"""A matter proved on a day, in every region."""

from datetime import date

from engine.checks import admit
from engine.proof.claims import Proof
from engine.proof.tables import prove_tables
from engine.workspace import Workspace


def prove_matter(workspace: Workspace, matter: str, on: date, *, table: str | None = None) -> Proof:
    """Every claim about the matter as it is in force on the day; of one `table` (id or title) only.

    Raises UnknownDefinition, DecisionStopped where the definition has errors, and ProofDisagrees.
    """
    admit(workspace, matter, on)
    title = workspace.matter(matter, on).title
    return Proof(matter, title, on, prove_tables(workspace, matter, on, table))
