"""What is proved of a matter's rules; a case that slips through becomes a pending scenario."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engine import Proof, Workspace, pending_feature, prove_matter
from studio.desk import Desk
from studio.language import _


def proof_pages(desk: Desk) -> Blueprint:
    """The claims about one matter, and the button that writes their witnesses down."""
    pages = Blueprint("proving", __name__)

    @pages.get("/matters/<matter_id>/proof")
    def page(matter_id: str) -> str:
        workspace, on = desk.workspace(), desk.today()
        proof = _proof(workspace, matter_id, on)
        witnesses = [f for f in proof.findings if f.witness is not None]
        matter = workspace.matter(matter_id, on)
        return render_template(
            "proof.html",
            proof=proof,
            matter=matter,
            on=on,
            witnesses=witnesses,
            file=_file(matter_id),
        )

    @pages.post("/matters/<matter_id>/proof/scenarios")
    def write_scenarios(matter_id: str) -> Response:
        workspace = desk.workspace()
        proof = _proof(workspace, matter_id, desk.today())
        file = _file(matter_id)
        if any(finding.witness for finding in proof.findings):
            desk.shelf.rewrite_feature(file, lambda kept: pending_feature(workspace, proof, kept))
            flash(_("已写入 %(file)s，请由政策人员改成应有的结果。", file=file), "ok")
        return redirect(url_for("proving.page", matter_id=matter_id))

    return pages


def _proof(workspace: Workspace, matter_id: str, on: date) -> Proof:
    """Made once for each state of the definitions: the same texts have the same proof."""
    return workspace.keep(("proof", matter_id, on), lambda: prove_matter(workspace, matter_id, on))


def _file(matter_id: str) -> str:
    return f"features/{matter_id}_pending.feature"
