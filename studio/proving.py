"""What is proved of a matter's rules; a case that slips through becomes a pending scenario."""

from datetime import date
from threading import Lock

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import Proof, Workspace, pending_feature, prove_matter
from studio.desk import Desk
from studio.language import _

_PATIENCE = 10.0  # seconds for each question to the solver
_solving = Lock()  # z3 has one context for the process


def proof_pages(desk: Desk) -> Blueprint:
    """The claims about one matter, and the button that writes their witnesses down."""
    pages = Blueprint("proving", __name__)

    @pages.get("/matters/<matter_id>/proof")
    def page(matter_id: str) -> str:
        workspace, on, whole = desk.workspace(), desk.today(), _is_whole()
        proof = _proof(workspace, matter_id, on, whole)
        witnesses = [f for f in proof.findings if f.witness is not None]
        matter = workspace.matter(matter_id, on)
        return render_template(
            "proof.html",
            proof=proof,
            matter=matter,
            on=on,
            witnesses=witnesses,
            file=_file(matter_id),
            whole=whole,
        )

    @pages.post("/matters/<matter_id>/proof/scenarios")
    def write_scenarios(matter_id: str) -> Response:
        workspace, whole = desk.workspace(), _is_whole()
        proof = _proof(workspace, matter_id, desk.today(), whole)
        file = _file(matter_id)
        if any(finding.witness for finding in proof.findings):
            desk.shelf.rewrite_feature(file, lambda kept: pending_feature(workspace, proof, kept))
            flash(_("已写入 %(file)s，请由政策人员改成应有的结果。", file=file), "ok")
        asked = "yes" if whole else None
        return redirect(url_for("proving.page", matter_id=matter_id, whole=asked))

    return pages


def _is_whole() -> bool:
    """Whether the whole review rule is asked for, which takes seconds, or its tables alone."""
    return request.values.get("whole") == "yes"


def _proof(workspace: Workspace, matter_id: str, on: date, whole: bool) -> Proof:
    """Made once for each state of the definitions: the same texts have the same proof."""

    def prove() -> Proof:
        if not whole:
            return prove_matter(workspace, matter_id, on)
        with _solving:
            return prove_matter(workspace, matter_id, on, timeout=_PATIENCE)

    return workspace.keep(("proof", matter_id, on, whole), prove)


def _file(matter_id: str) -> str:
    return f"features/{matter_id}_pending.feature"
