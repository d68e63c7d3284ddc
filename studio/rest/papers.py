"""Papers and licences over the API, and the sets that other platforms take."""

from datetime import UTC, datetime, timedelta

from flask import Response, abort, request

from engine import CHINA, EXCHANGE_WRITERS, SET_NAMES, exchange_sets, papers_of, take_turn
from studio.desk import Desk
from studio.downloads import licence_of_case, offered_as, paper_of_case
from studio.rest.cases import CASE, visible_case
from studio.rest.operation import Call, Content, Operation, Parameter
from studio.rest.problem_details import problem
from studio.rest.shapes import PaperGiven, PaperList, VerificationGiven

_MOST, _WINDOW = 30, timedelta(minutes=10)  # licences that one address may ask after
_MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_FORMATS = ("csv", "xlsx", "jsonl")
_NUMBER = Parameter(
    "number",
    {"type": "integer", "minimum": 1, "maximum": 99999},
    "事件的序号",
    "number of the event",
)
_KIND = Parameter("kind", {"type": "string", "enum": ["pdf", "docx"]}, "格式", "PDF or DOCX")
_ASKED = Parameter(
    "asked",
    {"type": "string", "maxLength": 200, "minLength": 1, "pattern": r"^[0-9A-Za-z._~-]+$"},
    "电子证照标识或者亮出的查验码",
    "identifier, or the code shown",
)
_SET = Parameter("set", {"type": "string", "enum": list(SET_NAMES)}, "数据集", "which set")
_FORMAT = Parameter("format", {"type": "string", "enum": list(_FORMATS)}, "格式", "format")
_DAYS = {"type": "string", "pattern": r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}


def paper_operations(desk: Desk) -> tuple[Operation, ...]:
    """What is printed, verified and exchanged."""
    return (*_papers(desk), *_licences(desk), _exchange(desk))


def _papers(desk: Desk) -> tuple[Operation, ...]:
    def listing(call: Call) -> PaperList:
        case = visible_case(desk, call)
        return PaperList(
            papers=[
                PaperGiven(number=p.number, title=p.title.zh, title_en=p.title.en, at=p.at)
                for p in papers_of(desk.hall, case.id)
            ]
        )

    def one(call: Call) -> Response:
        case = visible_case(desk, call)
        kind = call.query.get("kind", "pdf")
        return paper_of_case(desk, case.id, int(call.path["number"]), kind)

    def licence(call: Call) -> Response:
        case = visible_case(desk, call)
        return licence_of_case(desk, case) if case.results else abort(404)

    binary = Content("文书", "the paper", media_types=(_MEDIA["pdf"], _MEDIA["docx"]))
    return (
        Operation(
            "listPapers",
            "GET",
            "/cases/<case>/papers",
            "办件的文书",
            "papers of a case",
            ("cases", "handle"),
            listing,
            {200: Content("文书", "papers", PaperList)},
            parameters=(CASE,),
        ),
        Operation(
            "getPaper",
            "GET",
            "/cases/<case>/papers/<number>",
            "一份文书（PDF 或 DOCX）",
            "one paper",
            ("cases", "handle"),
            one,
            {200: binary},
            parameters=(CASE, _NUMBER, _KIND),
        ),
        Operation(
            "getLicence",
            "GET",
            "/cases/<case>/licence",
            "盖章的结果证照（PDF）",
            "the sealed licence",
            ("cases", "handle"),
            licence,
            {200: binary},
            parameters=(CASE,),
        ),
    )


def _licences(desk: Desk) -> tuple[Operation, ...]:
    def verify(call: Call) -> VerificationGiven | Response:
        with desk.store.write() as connection:
            what = f"verification of {request.remote_addr}"
            wait = take_turn(connection, what, desk.now(), most=_MOST, within=_WINDOW)
        if wait is not None:
            answer = problem(429, "查验太频繁 / too many requests", "too-many")
            answer.headers["Retry-After"] = str(max(1, round(wait.total_seconds())))
            return answer
        found = desk.hall.verify_licence(call.path["asked"], desk.now())
        names = VerificationGiven.model_fields
        return VerificationGiven(**{name: getattr(found, name) for name in names})

    return (
        Operation(
            "verifyLicence",
            "GET",
            "/licences/<asked>",
            "查验证照（公众）",
            "verify a licence, for anybody",
            (),
            verify,
            {200: Content("查验结果", "what is known", VerificationGiven)},
            parameters=(_ASKED,),
            problems=(429,),
        ),
    )


def _exchange(desk: Desk) -> Operation:
    def export(call: Call) -> Response:
        try:
            since = _midnight(call.query["since"])
            until = _midnight(call.query["until"]) + timedelta(days=1)
        except (ValueError, OverflowError):
            return problem(400, "没有这一天 / there is no such day", "invalid")
        now = desk.now()
        found = exchange_sets(desk.hall, since, until, batch=f"{now:%Y%m%d%H%M%S}", at=now)
        asked = next(one for one in found if one.name == call.path["set"])
        kind = call.query.get("format", "csv")
        answer = Response(EXCHANGE_WRITERS[kind](asked), mimetype=_MEDIA[kind])
        answer.headers["Content-Disposition"] = offered_as(f"{asked.name}.{kind}")
        return answer

    days = (
        Parameter("since", _DAYS, "自何日（含）变化的办件", "changed from this day", required=True),
        Parameter("until", _DAYS, "至何日（含）", "to this day, included", required=True),
    )
    return Operation(
        "exportSet",
        "GET",
        "/exchange/<set>",
        "导出一类办件交换数据（GB/T 39046）",
        "one exchange set of cases",
        ("exchange",),
        export,
        {200: Content("数据", "the rows", media_types=tuple(_MEDIA[kind] for kind in _FORMATS))},
        parameters=(_SET, _FORMAT, *days),
    )


def _midnight(day: str) -> datetime:
    """The beginning of a day in China. Raises ValueError for a day that is in no calendar."""
    return datetime.fromisoformat(day).replace(tzinfo=CHINA).astimezone(UTC)
