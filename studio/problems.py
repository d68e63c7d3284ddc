"""What is said when a page cannot be shown: in words, never with a traceback."""

from flask import Flask, Response, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, NotFound, ServiceUnavailable

from engine import TongbanError, UnknownDefinition
from studio.disclosure import explain
from studio.language import _


class ChangedMeanwhile(HTTPException):
    """The file was changed by somebody else since it was opened."""

    code = 409


def _words(status: int) -> tuple[str, str]:
    """A title and what to do."""
    known = {
        400: (_("请求有误"), _("请返回上一页，核对后再试。")),
        401: (_("请先登录"), _("此操作需要登录。")),
        403: (_("没有权限"), _("您的账号不能进行此操作；如有需要，请联系事项管理员。")),
        404: (_("没有找到"), _("页面不存在，或事项在当日没有施行的版本。请从事项列表查找。")),
        405: (_("不能这样访问"), _("请从页面上的按钮或链接进入。")),
        409: (_("内容已被他人修改"), _("请重新打开后再改。")),
        413: (_("内容太大"), _("提交的内容超过了限制，请减少后再试。")),
        415: (_("格式不对"), _("接口只接受 JSON（application/json）。")),
        429: (_("操作太频繁"), _("请稍候再试。")),
        503: (_("暂时不能使用"), _("定义所在的文件夹有问题，请联系管理员。")),
        500: (_("系统出错"), _("错误已记录。您填写的内容没有保存，请稍后再试。")),
    }
    return known.get(status, (_("出错了"), _("请返回上一页，核对后再试。")))


def wants_json() -> bool:
    """Interfaces answer in JSON whatever happens."""
    return request.path.startswith("/api/") or request.path.endswith(".json")


def answer_problems(app: Flask) -> None:
    """Every HTTP error, and whatever was not foreseen, as a page or as problem details (RFC 9457)."""

    @app.errorhandler(UnknownDefinition)
    def _not_found(error: UnknownDefinition) -> Response:
        return _answer(NotFound(), detail=str(error))

    @app.errorhandler(TongbanError)
    def _unusable(error: TongbanError) -> Response:
        return _answer(ServiceUnavailable(), detail=explain(error))

    @app.errorhandler(HTTPException)
    def _answer(error: HTTPException, detail: str = "") -> Response:
        status = error.code or 500
        title, advice = _words(status)
        advice = detail or advice
        if isinstance(error, CSRFError):
            advice = _("页面已过期或不是从本站提交的，请刷新页面后再试。")
        if wants_json():
            answer = jsonify(type="about:blank", title=title, status=status, detail=advice)
            answer.mimetype = "application/problem+json"
        elif request.headers.get("X-Requested-With") == "fetch":
            told = render_template("_problem.html", title=title, advice=advice)
            answer = Response(told, mimetype="text/html")
        else:
            page = render_template("problem.html", status=status, title=title, advice=advice)
            answer = Response(page, mimetype="text/html")
        answer.status_code = status
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after"):
                answer.headers[name] = value
        return answer
