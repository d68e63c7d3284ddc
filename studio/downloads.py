"""What may be downloaded of a case: its papers, its files, its licence. Who may is asked before."""

from collections.abc import Callable
from urllib.parse import quote

from flask import Response, abort

from engine import Case, compose_paper, licence_paper_of, open_file, paper_docx, paper_pdf
from studio.desk import Desk
from studio.language import current_language

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WRITERS: dict[str, tuple[str, Callable[..., bytes]]] = {
    "pdf": ("application/pdf", paper_pdf),
    "docx": (_DOCX, paper_docx),
}


def paper_of_case(desk: Desk, case_id: str, number: int, kind: str) -> Response:
    """The paper that tells of an event, as PDF or DOCX."""
    if kind not in _WRITERS:
        abort(404)
    media_type, write = _WRITERS[kind]
    try:
        letter, at = compose_paper(desk.hall, case_id, number, current_language())
    except KeyError:
        abort(404)
    return download(write(letter, at), media_type, f"{letter.title}.{kind}")


def file_of_case(desk: Desk, case_id: str, file_id: str) -> Response:
    """One file of the case. What somebody uploaded is never shown in the page: only saved."""
    try:
        found, pieces = open_file(desk.hall, case_id, file_id)
    except KeyError:
        abort(404)
    return download(b"".join(pieces), found.media_type, found.name)


def licence_of_case(desk: Desk, case: Case) -> Response:
    """The sealed licence."""
    try:
        content = licence_paper_of(desk.hall, case)
    except KeyError:
        abort(404)
    return download(content, "application/pdf", f"{case.results[-1].title}.pdf")


def download(content: bytes, media_type: str, name: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = offered_as(name)
    return answer


def offered_as(name: str) -> str:
    """A header that saves a file under its name: in ASCII alone, as servers demand (RFC 6266)."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
