"""Cases over the API: handed in, followed, handled. Nobody reaches further than on the screens."""

import io
from collections.abc import Mapping
from typing import Any

from flask import Response, abort, g

from engine import (
    Attachment,
    Case,
    CommandRefused,
    Draft,
    Drafts,
    Listed,
    Search,
    files_of_case,
    open_file,
    search_cases,
    to_plain,
)
from studio.desk import Desk
from studio.downloads import offered_as
from studio.handling import masked_applicant, sees_case, visible_departments
from studio.rest.operation import Call, Content, Operation, Parameter
from studio.rest.shapes import (
    AttachmentGiven,
    AttachmentList,
    CaseGiven,
    CaseList,
    CaseRow,
    CommandTaken,
    DraftGiven,
    DraftTaken,
    EventGiven,
    EventList,
    MovePossible,
    NewCase,
)

_MOST = 200
CASE = Parameter(
    "case", {"type": "string", "pattern": "^[0-9a-f]{32}$"}, "办件的标识", "id of the case"
)
_DRAFT = Parameter(
    "draft", {"type": "string", "pattern": "^[0-9a-f]{32}$"}, "草稿的标识", "id of the draft"
)
_FILE = Parameter(
    "file", {"type": "string", "pattern": "^[0-9a-f]{32}$"}, "附件的标识", "id of the file"
)
_LIST = (
    Parameter("state", {"type": "string", "pattern": "^[a-z_]{1,64}$"}, "状态", "the state"),
    Parameter(
        "card", {"type": "string", "enum": ["yellow", "red"]}, "黄牌或红牌", "cards of a colour"
    ),
    Parameter("q", {"type": "string", "maxLength": 100}, "查找的词", "words to find"),
    Parameter(
        "after", {"type": "string", "maxLength": 500}, "上一页的 next", "`next` of the page before"
    ),
    Parameter(
        "limit", {"type": "integer", "minimum": 1, "maximum": _MOST}, "每页条数", "rows a page"
    ),
)


def case_operations(desk: Desk) -> tuple[Operation, ...]:
    """Drafts and uploads, cases, their events and moves."""
    drawer = _Drawer(desk)
    return (
        *_handing_in(desk, drawer),
        *_following(desk),
        _moving(desk),
        *_files(desk, drawer),
    )


def _handing_in(desk: Desk, drawer: "_Drawer") -> tuple[Operation, ...]:
    def begin(call: Call) -> DraftGiven:
        desk.workspace().matter(call.body.matter, desk.today())
        return drawer.given(
            drawer.drafts.begin(
                g.account.name, "matter", call.body.matter, to_plain(call.body.answers), desk.now()
            )
        )

    def read(call: Call) -> DraftGiven:
        return drawer.given(drawer.find(call))

    def submit(call: Call) -> CaseGiven:
        application = own_application(call.body.application.model_dump())
        why = call.body.duplicate_reason
        command = desk.command(
            "submit", {"duplicate_reason": why} if why else {}, command_key(call)
        )
        if call.body.draft:
            draft = drawer.drafts.find(call.body.draft, g.account.name)
            if (draft.kind, draft.subject) != ("matter", call.body.matter):
                raise KeyError(draft.id)  # begun for something else
            case = drawer.drafts.submit(draft, application, command)
        else:
            case = desk.hall.submit(call.body.matter, application, command)
        return given_case(desk, case)

    return (
        Operation(
            "beginDraft",
            "POST",
            "/drafts",
            "开始一份草稿（附件先传到草稿）",
            "begin a draft, which takes the uploads",
            ("cases",),
            begin,
            {201: Content("草稿", "the draft", DraftGiven)},
            body=DraftTaken,
            problems=(404,),
        ),
        Operation(
            "getDraft",
            "GET",
            "/drafts/<draft>",
            "一份草稿",
            "one draft",
            ("cases",),
            read,
            {200: Content("草稿", "the draft", DraftGiven)},
            parameters=(_DRAFT,),
        ),
        Operation(
            "submitCase",
            "POST",
            "/cases",
            "提交申请",
            "hand in an application",
            ("cases",),
            submit,
            {201: Content("办件", "the case", CaseGiven)},
            body=NewCase,
            takes_key=True,
            problems=(404, 409),
        ),
    )


def _following(desk: Desk) -> tuple[Operation, ...]:
    def listing(call: Call) -> CaseList:
        search = _search(desk, call.query)
        limit = int(call.query.get("limit") or 50)
        with desk.store.read() as connection:
            page = search_cases(
                connection,
                search,
                order="newest" if search.owner else "due",
                limit=limit,
                after=call.query.get("after", ""),
            )
        return CaseList(cases=[_row(row) for row in page.rows], next=page.following or None)

    def one(call: Call) -> CaseGiven:
        return given_case(desk, visible_case(desk, call))

    def events(call: Call) -> EventList:
        case = visible_case(desk, call)
        return EventList(
            events=[
                EventGiven(
                    number=r.number,
                    kind=r.event.kind,
                    at=r.event.at,
                    actor=r.event.actor.name,
                    role=r.event.actor.role,
                    to=r.event.to,
                    hash=r.hash,
                )
                for r in desk.hall.history(case.id)
            ]
        )

    return (
        Operation(
            "listCases",
            "GET",
            "/cases",
            "办件列表：自己的，或者本部门的",
            "one's own cases, or those of one's departments",
            ("cases", "handle"),
            listing,
            {200: Content("办件", "cases", CaseList)},
            parameters=_LIST,
        ),
        Operation(
            "getCase",
            "GET",
            "/cases/<case>",
            "一个办件",
            "one case",
            ("cases", "handle"),
            one,
            {200: Content("办件", "the case", CaseGiven)},
            parameters=(CASE,),
        ),
        Operation(
            "listEvents",
            "GET",
            "/cases/<case>/events",
            "办件的经过",
            "what happened to a case",
            ("cases", "handle"),
            events,
            {200: Content("经过", "events", EventList)},
            parameters=(CASE,),
        ),
    )


def _moving(desk: Desk) -> Operation:
    def command(call: Call) -> CaseGiven:
        case = visible_case(desk, call)
        body = to_plain(call.body.body)
        given = desk.command(call.body.do, body, command_key(call))
        return given_case(desk, desk.hall.perform(case.id, given, version=call.body.version))

    return Operation(
        "moveCase",
        "POST",
        "/cases/<case>/commands",
        "办理：受理、补正、审查……",
        "move a case on",
        ("cases", "handle"),
        command,
        {200: Content("办件", "the case", CaseGiven)},
        body=CommandTaken,
        parameters=(CASE,),
        takes_key=True,
        problems=(409,),
    )


def _files(desk: Desk, drawer: "_Drawer") -> tuple[Operation, ...]:
    def upload(call: Call) -> AttachmentGiven:
        draft = drawer.find(call)
        name = call.query.get("name") or "upload"
        return _file(drawer.drafts.attach(draft, io.BytesIO(call.body), name, desk.now()))

    def listing(call: Call) -> AttachmentList:
        case = visible_case(desk, call)
        return AttachmentList(attachments=[_file(a) for a in files_of_case(desk.hall, case.id)])

    def content(call: Call) -> Response:
        case = visible_case(desk, call)
        attachment, pieces = open_file(desk.hall, case.id, call.path["file"])
        answer = Response(pieces, mimetype=attachment.media_type)
        answer.headers["Content-Disposition"] = offered_as(attachment.name)
        answer.content_length = attachment.size
        return answer

    named = Parameter("name", {"type": "string", "maxLength": 200}, "文件名", "name of the file")
    binary = Content("文件", "the file", media_types=("*/*",))
    return (
        Operation(
            "uploadFile",
            "POST",
            "/drafts/<draft>/attachments",
            "上传附件",
            "upload a file",
            ("cases",),
            upload,
            {201: Content("附件", "the file", AttachmentGiven)},
            bytes_body=True,
            parameters=(_DRAFT, named),
        ),
        Operation(
            "listFiles",
            "GET",
            "/cases/<case>/attachments",
            "办件的附件",
            "files of a case",
            ("cases", "handle"),
            listing,
            {200: Content("附件", "files", AttachmentList)},
            parameters=(CASE,),
        ),
        Operation(
            "getFile",
            "GET",
            "/cases/<case>/attachments/<file>",
            "一个附件的内容",
            "the bytes of a file",
            ("cases", "handle"),
            content,
            {200: binary},
            parameters=(CASE, _FILE),
        ),
    )


class _Drawer:
    """Drafts of whoever calls."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def drafts(self) -> Drafts:
        return Drafts(self._desk.hall)

    def find(self, call: Call) -> Draft:
        return self.drafts.find(call.path["draft"], g.account.name)

    @staticmethod
    def given(draft: Draft) -> DraftGiven:
        return DraftGiven(
            id=draft.id,
            matter=draft.subject,
            answers=dict(draft.answers),
            version=draft.version,
            updated_at=draft.updated_at,
        )


def command_key(call: Call) -> str:
    """Keys are the caller's own: the same text from two callers is two keys."""
    return f"rest:{g.account.name}:{call.key}" if call.key else ""


def own_application(application: Mapping[str, Any]) -> dict[str, Any]:
    """Who applies is who calls; somebody else cannot be applied for under their name."""
    account = g.account
    if not account.is_verified:
        raise CommandRefused(
            "not-recognised",
            "您的身份尚未核验，请先到办事大厅窗口核验",
            "your identity is not verified yet: do so at the window of the hall",
        )
    posted = application.get("applicant") or {}
    if str(posted.get("id_number", account.id_number)) != account.id_number:
        raise CommandRefused(
            "not-yourself",
            "申请人应为令牌的持有人",
            "the applicant must be the holder of the token",
        )
    own = {
        "name": account.person,
        "id_kind": account.id_kind,
        "id_number": account.id_number,
        "kind": account.kind,
    }
    agent = {"agent": posted["agent"]} if posted.get("agent") else {}
    plain: dict[str, Any] = to_plain(application)
    return {**plain, "applicant": {**own, **agent}}


def visible_case(desk: Desk, call: Call) -> Case:
    """The case, if it is the caller's own or of their departments; to others it is not there."""
    case = desk.hall.case(call.path["case"])
    is_own = "cases" in g.scopes and case.owner == g.account.name
    if is_own or ("handle" in g.scopes and sees_case(case)):
        return case
    abort(404)


def _search(desk: Desk, query: Mapping[str, str]) -> Search:
    is_handler = "handle" in g.scopes
    return Search(
        on=desk.today(),
        departments=visible_departments() if is_handler else (),
        owner="" if is_handler else g.account.name,
        states=[query["state"]] if query.get("state") else (),
        card=query.get("card", ""),  # type: ignore[arg-type]
        text=query.get("q", ""),
    )


def _row(row: Listed) -> CaseRow:
    return CaseRow(
        id=row.id,
        number=row.number,
        matter=row.matter,
        title=row.title,
        state=row.state,
        department=row.department,
        applicant=masked_applicant(row),
        submitted_at=row.submitted_at,
        due=row.due,
        card=row.card,
    )


def given_case(desk: Desk, case: Case) -> CaseGiven:
    flow = desk.hall.flow(case)
    state = flow.states[case.state]
    moves = desk.hall.available(case, desk.command(""))
    assert case.submitted_at is not None
    return CaseGiven(
        **{name: getattr(case, name) for name in _SAME},
        state_title=state.title,
        state_title_en=state.title_en,
        submitted_at=case.submitted_at,
        moves=[
            MovePossible(do=m.move.do, title=m.move.title, title_en=m.move.title_en)
            for m in moves
            if m.refused is None
        ],
        finding=str(case.evaluation.get("outcome", "")),
    )


_SAME = (
    "id", "number", "matter", "title", "region", "department", "state", "path", "version", "outcome",
)  # fmt: skip


def _file(attachment: Attachment) -> AttachmentGiven:
    names = ("id", "name", "media_type", "size", "digest", "uploaded_at")
    return AttachmentGiven(**{name: getattr(attachment, name) for name in names})
