"""A draft opened for the one who asks: for a matter, or for a theme."""

from flask import abort, g

from studio.apply_drafts import Work, applicant_of_account, drawer
from studio.apply_filling import filling_of_json
from studio.apply_theme import ThemeWork
from studio.desk import Desk


def open_work(desk: Desk, draft_id: str) -> Work:
    """A draft of one's own; no page for anybody else's."""
    try:
        draft = drawer(desk).find(draft_id, g.account.name)
    except KeyError:
        abort(404)
    filling = filling_of_json(draft.answers)
    if filling.case and not _is_own(desk, filling.case):
        abort(404)  # machines may write what they like into their drafts
    kind = ThemeWork if draft.kind == "theme" else Work
    return kind(desk, draft, filling, applicant_of_account())


def _is_own(desk: Desk, case_id: str) -> bool:
    try:
        return desk.hall.case(case_id).owner == str(g.account.name)
    except KeyError:
        return False
