"""A matter proved on a day, in every region."""

from datetime import date
from importlib.util import find_spec

from engine.checks import admit
from engine.checks.subject import Subject
from engine.proof.claims import Claim, Finding, Proof
from engine.proof.tables import prove_tables
from engine.workspace import Workspace


def prove_matter(
    workspace: Workspace,
    matter: str,
    on: date,
    *,
    table: str | None = None,
    timeout: float | None = None,
) -> Proof:
    """Every claim about the matter's tables as in force on the day; of one `table` (id or title) only.

    With a `timeout`, in seconds for each question, the whole review rules are proved as well, which
    needs z3-solver: without it that claim is 未证明. Raises UnknownDefinition, DecisionStopped where
    the definition has errors, and ProofDisagrees.
    """
    admit(workspace, matter, on)
    title = workspace.matter(matter, on).title
    claims = prove_tables(workspace, matter, on, table, timeout)
    if table is None and timeout is not None:
        claims += _of_rules(workspace, matter, on, timeout)
    return Proof(matter, title, on, claims)


def _of_rules(workspace: Workspace, matter: str, on: date, timeout: float) -> tuple[Claim, ...]:
    zh, english = "整个审查规则：每份申请恰好得出一个结论", "every application has one conclusion"
    if find_spec("z3") is None:
        missing = "没有安装求解器，请在通办的环境里运行 pip install 'tongban[proof]'"
        return (_unproved(workspace, matter, on, zh, english, missing, "z3-solver is missing"),)
    # Imported late: the solver is optional, and heavy.
    from engine.proof.encoding import NotEncodable
    from engine.proof.rules import prove_rules

    try:
        return prove_rules(workspace, matter, on, timeout=timeout)
    except NotEncodable:
        reason = "结论规则互相循环，或按次序比较文字，超出可判定的部分"
        told = "conclusion rules feed each other or order texts"
        return (_unproved(workspace, matter, on, zh, english, reason, told),)


def _unproved(
    workspace: Workspace, matter: str, on: date, zh: str, english: str, reason: str, told: str
) -> Claim:
    file = workspace.file("matter", matter, on)
    assert file.definition is not None  # it was admitted
    assert file.document is not None
    subject = Subject(workspace, file, file.definition, file.document)
    words = {"claim": zh, "claim_en": english, "reason": reason, "reason_en": told}
    subject.add(("matter",), "review-unproved", True, **words, where="", where_en="")
    found = (Finding(subject.problems.found[-1]),)
    return Claim("conclusions", zh, english, "unproved", found)
