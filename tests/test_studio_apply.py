"""An applicant's way, without a script: find, fill in, hand in, follow."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from engine import Actor, Command, Workspace, merge_theme
from studio.accounts import Accounts
from studio.apply_theme import matter_of, plan_merged
from studio.questionnaire import post_of
from studio_visitor import ACCOUNTS, NOW, ROOT, Visitor, make_studio

MATTER = "public_venue_hygiene"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SHOP = replace(
    ACCOUNTS.by_name["applicant"],
    person="济宁市任城区示例美发店",
    id_number="92370811MA3C00011H",
    kind="个体工商户",
)
OTHER = replace(SHOP, name="other", person="另一家店", id_number="92370811MA3C00054W")

PLACE = {
    "f_场所在本辖区内": "yes", "f_经营场所": "济宁市任城区示例路1号", "f_营业面积": "42.5",
    "f_图示面积": "42.5", "f_设有消毒间": "yes",
}  # fmt: skip
STAFF = {
    "f_负责人证件号码": "11010519491231002X", "f_卫生管理人员数": "1", "f_直接服务人员数": "1",
    "f_从业人员-0-f_姓名": "陈示例", "f_从业人员-0-f_健康证编号": "YS-JKZ-0002",
    "f_从业人员-0-f_健康证有效期至": "2027-02-28", "f_一年内曾因虚假申请被处理": "no",
}  # fmt: skip
REPORT = {
    "f_检测报告日期": "2026-09-15", "f_检测机构有CMA资质": "yes",
    "f_检测项目": ["空气", "采光照明", "用具"], "f_检测合格": "yes",
}  # fmt: skip
UPLOADS = (
    "site_plans",
    "hygiene_report",
    "hygiene_rules",
    "health_certificates",
)


@pytest.fixture(scope="module")
def app() -> Flask:
    accounts = {**ACCOUNTS.by_name, "applicant": SHOP, "other": OTHER}
    return make_studio(accounts=Accounts(accounts), open_registers=True)


class Applicant(Visitor):
    """A visitor who keeps the draft's address and what its pages hide."""

    def begin(self, **more: str) -> str:
        answer = self.post(f"/apply/matters/{MATTER}/begin", {"region": "370811", **more})
        assert answer.status_code == 302, answer.text
        self.draft = answer.headers["Location"]
        return self.draft

    def page(self, name: str) -> str:
        answer = self.get(f"{self.draft}/steps/{name}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def fill(self, name: str, answers: dict[str, Any], **more: Any) -> TestResponse:
        hidden = re.findall(r'name="(version|window|turn)" value="([^"]*)"', self.page(name))
        return self.post(f"{self.draft}/steps/{name}", {**dict(hidden), **answers, **more})

    def hand_in(self, material: str, content: bytes = PDF, name: str = "文件.pdf") -> TestResponse:
        """As a browser sends it; written here, since the test client leaves a large file open."""
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + b"\r\n--x--\r\n"
        url = f"{self.draft}/materials/{material}"
        return self.post(url, body, content_type="multipart/form-data; boundary=x")

    def fill_in_all(self) -> None:
        assert self.fill("situation", {"f_场所类型": "理发"}).status_code == 302
        for name, answers in (("1", PLACE), ("2", STAFF), ("3", REPORT)):
            answer = self.fill(name, answers)
            assert answer.status_code == 302, words(answer.text)
        for material in UPLOADS:
            assert self.hand_in(material).status_code == 302


def words(page: str) -> str:
    main = page[page.index("<main") :] if "<main" in page else page
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def test_the_whole_way_of_an_applicant(app: Flask) -> None:
    person = Applicant(app, "applicant")
    assert MATTER in person.get("/apply", query_string={"q": "理发"}).text
    assert "开始办理" in person.get(f"/apply/matters/{MATTER}").text
    person.begin()
    person.fill_in_all()
    materials = words(person.get(f"{person.draft}/materials").text)
    assert "已关联电子证照证明，可免提交" in materials
    review = words(person.get(f"{person.draft}/review").text)
    assert "各项条件都满足" in review
    answer = person.post(f"{person.draft}/review", {"truth": "y"})
    assert answer.status_code == 302, words(answer.text)
    submitted = words(person.get(answer.headers["Location"]).text)
    number = re.search(r"3708112026\d+", submitted)
    assert number is not None
    assert number[0] in person.get("/my").text
    assert person.get(person.draft).status_code == 404, "the draft became the case"


# --- the parts of the way --------------------------------------------------------------------


@pytest.fixture
def person(app: Flask) -> Applicant:
    somebody = Applicant(app, "applicant")
    somebody.begin()
    return somebody


def test_what_registers_know_is_filled_in_and_says_where_from(person: Applicant) -> None:
    person.fill("situation", {"f_场所类型": "理发"})
    page = person.page("1")
    assert 'value="济宁市任城区示例路1号"' in page
    assert "营业执照 YS-YYZZ-0001" in page


def test_only_what_the_situation_calls_for_is_asked(person: Applicant) -> None:
    assert "使用集中空调" not in person.page("situation")
    person.fill("situation", {"f_场所类型": "住宿"}, then="stay")
    assert "使用集中空调" in person.page("situation"), "the answer brings another question"
    person.fill("situation", {"f_场所类型": "住宿", "f_使用集中空调": "yes"})
    assert person.get(f"{person.draft}/steps/4").status_code == 200
    person.fill("situation", {"f_场所类型": "理发"})
    assert person.get(f"{person.draft}/steps/4").status_code == 302, "out of sight"


def test_all_mistakes_are_told_at_once_and_nothing_typed_is_lost(person: Applicant) -> None:
    person.fill("situation", {"f_场所类型": "理发"})
    answer = person.fill("1", {"f_经营场所": "某路", "f_营业面积": "很大", "f_图示面积": "12.345"})
    assert answer.status_code == 422
    summary = re.findall(r'<a href="#(f_[^"]+)">', answer.text)
    assert summary == ["f_场所在本辖区内", "f_营业面积", "f_图示面积", "f_设有消毒间"]
    for name in summary:
        assert f'id="{name}"' in answer.text
    for typed in ("某路", "很大", "12.345"):
        assert f'value="{typed}"' in answer.text
        assert f'value="{typed}"' in person.page("1"), "it is kept, mistakes and all"


def test_what_the_engine_finds_wrong_with_an_answer_is_said_at_it(person: Applicant) -> None:
    person.fill("situation", {"f_场所类型": "理发"})
    person.fill("1", PLACE)
    answer = person.fill("2", {**STAFF, "f_负责人证件号码": "110105194912310021"})
    assert answer.status_code == 422
    assert "f_负责人证件号码-error" in answer.text


def test_a_draft_is_resumed_where_it_was_left(app: Flask, person: Applicant) -> None:
    person.fill("situation", {"f_场所类型": "理发"})
    person.fill("1", {"f_图示面积": "7"}, then="leave")
    elsewhere = Applicant(app, "applicant")
    assert "继续填写" in elsewhere.get(f"/apply/matters/{MATTER}/begin").text
    onward = elsewhere.get(person.draft).headers["Location"]
    assert 'value="7"' in elsewhere.get(onward).text


def test_changes_are_saved_without_leaving_the_page(person: Applicant) -> None:
    url = f"{person.draft}/steps/situation/autosave"
    answer = person.post(url, {"f_场所类型": "住宿", "window": "a", "turn": "1", "version": "1"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "使用集中空调" in answer.text
    assert "已自动保存（09:30:00）" in answer.text
    later = {"f_场所类型": "沐浴", "window": "a", "turn": "3"}
    assert person.post(url, later).status_code == 200
    overtaken = {"f_场所类型": "住宿", "window": "a", "turn": "2"}
    assert person.post(url, overtaken).status_code == 200
    assert re.search(r'selected[^>]*value="沐浴"', person.page("situation")), "the last word stays"


def test_two_windows_are_told_of_each_other(app: Flask, person: Applicant) -> None:
    person.fill("situation", {"f_场所类型": "理发"})
    first = dict(re.findall(r'name="(version|window|turn)" value="([^"]*)"', person.page("1")))
    person.fill("1", {**PLACE, "f_图示面积": "50"}, then="stay")
    stale = person.post(f"{person.draft}/steps/1", {**first, **PLACE, "f_图示面积": "60"})
    assert stale.status_code == 409
    assert "另一处是“50”，这里是“60”" in stale.text
    assert 'value="60"' in stale.text, "what was typed is still there"
    assert 'value="50"' in person.page("1"), "and nothing was overwritten"
    quiet = person.post(f"{person.draft}/steps/1/autosave", {**first, **PLACE, "f_图示面积": "60"})
    assert quiet.status_code == 409
    again = dict(re.findall(r'name="(version|window|turn)" value="([^"]*)"', stale.text))
    answer = person.post(f"{person.draft}/steps/1", {**again, **PLACE, "f_图示面积": "60"})
    assert answer.status_code == 302, "the person has chosen"
    assert 'value="60"' in person.page("1")
    same = person.post(f"{person.draft}/steps/1", {**first, **PLACE, "f_图示面积": "60"})
    assert same.status_code == 302, "the same answers contradict nobody"


def test_uploads_are_taken_and_given_back(person: Applicant) -> None:
    person.fill("situation", {"f_场所类型": "理发"})
    assert person.hand_in("site_plans", name="../../图 一.pdf").status_code == 302
    page = person.get(f"{person.draft}/materials").text
    link = re.search(r'href="([^"]+/materials/site_plans/[0-9a-f]+)">([^<]+)<', page)
    assert link is not None
    assert "/" not in link[2]
    assert ".." not in link[2]
    back = person.get(link[1])
    assert back.data == PDF
    assert back.headers["Content-Disposition"].startswith("attachment")
    upload = link[1].rpartition("/")[2]
    url = f"{person.draft}/materials/site_plans/remove"
    assert person.post(url, {"upload": upload}).status_code == 302
    assert upload not in person.get(f"{person.draft}/materials").text
    assert person.get(link[1]).status_code == 404
    assert person.post(url, {"upload": upload}).status_code == 404


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "空"),
        (b"MZ\x90\x00", "可执行"),
        (b"<html><script>", "没有|不|脚本"),
        (b"PK\x03\x04x", ""),
    ],
    ids=["empty", "program", "markup", "broken package"],
)
def test_a_file_that_is_refused_is_refused_at_its_place(
    person: Applicant, content: bytes, told: str
) -> None:
    person.fill("situation", {"f_场所类型": "理发"})
    answer = person.hand_in("site_plans", content, "图.pdf")
    assert answer.status_code == 422
    place = answer.text[answer.text.index('id="material-site_plans"') :]
    line = re.search(r'class="field-error"[^>]*>([^<]+)<', place[: place.index("</section>")])
    assert line is not None
    assert line[1].startswith("图.pdf：")
    assert re.search(told, line[1])


def test_large_files_are_taken_and_too_large_ones_told_of(person: Applicant) -> None:
    person.fill("situation", {"f_场所类型": "理发"})
    head, tail = PDF.split(b"trailer")
    scan = head + b"%" + b"x" * 9_000_000 + b"\ntrailer" + tail
    assert person.hand_in("site_plans", scan).status_code == 302
    told = person.hand_in("site_plans", scan * 3, "大图.pdf")
    assert told.status_code == 422
    assert "大图.pdf：文件超过 20 MB" in told.text


def test_the_path_is_chosen_and_signed(person: Applicant) -> None:
    person.fill("situation", {"f_场所类型": "理发"})
    person.fill("1", PLACE)
    person.fill("2", STAFF)
    for material in ("site_plans", "health_certificates"):
        person.hand_in(material)
    assert person.post(f"{person.draft}/materials", {"path": "none"}).status_code == 422
    person.post(f"{person.draft}/materials", {"path": "commitment"})
    assert person.get(f"{person.draft}/steps/3").status_code == 302, "no report is asked for"
    review = person.get(f"{person.draft}/review").text
    assert "自愿作出以下承诺" in review
    unsigned = person.post(f"{person.draft}/review", {"truth": "y"})
    assert unsigned.status_code == 422
    assert 'id="promise-error"' in unsigned.text
    signed = {"truth": "y", "promise": "y", "anyway": "y", "duplicate_reason": "另一处场所"}
    assert person.post(f"{person.draft}/review", signed).status_code == 302


def test_nothing_is_handed_in_unsigned_or_unfinished(person: Applicant) -> None:
    unfinished = person.post(f"{person.draft}/review", {"truth": "y", "anyway": "y"})
    assert unfinished.status_code == 422
    assert "还不能提交" in unfinished.text
    assert f'href="{person.draft}/steps/situation#f_场所类型"' in unfinished.text
    person.fill_in_all()
    unsigned = person.post(f"{person.draft}/review", {"duplicate_reason": "另一处"})
    assert unsigned.status_code == 422
    assert 'id="truth-error"' in unsigned.text


def test_what_would_stand_against_it_is_listed_with_the_way_out(person: Applicant) -> None:
    person.fill("situation", {"f_场所类型": "理发"})
    person.fill("1", {**PLACE, "f_营业面积": "8", "f_图示面积": "8"})
    person.fill("2", STAFF)
    person.fill("3", REPORT)
    page = person.get(f"{person.draft}/review").text
    assert "全部要解决的问题（5 项）" in page
    assert f'href="{person.draft}/steps/1#f_营业面积"' in page
    assert f'href="{person.draft}/materials#material-site_plans"' in page
    assert "更换场所，或改报不设面积下限的类型" in page
    assert person.post(f"{person.draft}/review", {"truth": "y"}).status_code == 422


def test_nobody_sees_anothers_draft_or_case(app: Flask, person: Applicant) -> None:
    person.fill_in_all()
    other = Applicant(app, "other")
    for path in ("", "/steps/1", "/materials", "/review"):
        assert other.get(person.draft + path).status_code == 404
    for path in ("/steps/1", "/steps/1/autosave", "/materials", "/materials/site_plans",
                 "/review", "/discard"):  # fmt: skip
        assert other.post(person.draft + path, {"truth": "y"}).status_code == 404
    case = submit(person)
    for path in ("", "/submitted", "/papers/1.pdf", "/licence.pdf"):
        assert other.get(f"/my/cases/{case}{path}").status_code == 404
    for path in ("/withdraw", "/correct", "/show"):
        assert other.post(f"/my/cases/{case}{path}").status_code == 404
    assert case not in other.get("/my").text


def test_a_draft_is_deleted_when_asked(person: Applicant) -> None:
    assert person.post(f"{person.draft}/discard").status_code == 302
    assert person.get(person.draft).status_code == 404


# --- the case --------------------------------------------------------------------------------


def submit(person: Applicant) -> str:
    """Hands the draft in, and gives the case's id."""
    signed = {"truth": "y", "anyway": "y", "duplicate_reason": "另一处场所"}
    answer = person.post(f"{person.draft}/review", signed)
    assert answer.status_code == 302, words(answer.text)
    return answer.headers["Location"].split("/")[3]


def act(app: Flask, case: str, do: str, role: str, **body: Any) -> None:
    """What somebody at the hall does."""
    department = "任城区卫生健康局" if role in ("reviewer", "checker") else "政务服务中心"
    actor = Actor(f"{role}甲", role, department)
    app.extensions["desk"].hall.perform(case, Command(do, actor, NOW, body))


def test_the_same_application_twice_needs_a_reason(person: Applicant) -> None:
    person.fill_in_all()
    submit(person)
    person.begin()
    person.fill_in_all()
    again = person.post(f"{person.draft}/review", {"truth": "y"})
    assert again.status_code == 422
    assert "已有在办件" in again.text
    assert 'name="duplicate_reason"' in again.text
    submit(person)


def test_a_correction_is_supplied_item_by_item(app: Flask, person: Applicant) -> None:
    person.fill("situation", {"f_场所类型": "理发"})
    person.fill("1", {**PLACE, "f_图示面积": "40"})
    person.fill("2", STAFF)
    person.fill("3", REPORT)
    for material in UPLOADS[1:]:
        person.hand_in(material)
    case = submit(person)
    act(app, case, "ask_correction", "clerk")
    page = person.get(f"/my/cases/{case}").text
    assert "要补正的全部内容（2 项）" in page
    assert "等您处理的" in person.get("/my").text
    person.draft = person.post(f"/my/cases/{case}/correct").headers["Location"]
    assert 'value="40"' in person.page("1"), "the application is there to be put right"
    assert "补正告知书要求的（2 项）" in person.page("1")
    again = person.post(f"/my/cases/{case}/correct").headers["Location"]
    assert again == person.draft, "one correction is filled in at a time"
    person.fill("1", PLACE)
    person.hand_in("site_plans")
    answer = person.post(f"{person.draft}/review", {"truth": "y"})
    assert answer.status_code == 302, words(answer.text)
    kept = app.extensions["desk"].hall.case(case)
    assert kept.application["facts"]["图示面积"] == "42.5"
    assert kept.evaluation["outcome"] == "准予"
    assert kept.correction.supplies[0].facts == ("图示面积",)
    assert kept.correction.supplies[0].materials == ("site_plans",)
    assert "补正" in words(person.get(f"/my/cases/{case}").text)


def test_a_case_is_followed_to_its_licence(app: Flask, person: Applicant) -> None:
    person.fill_in_all()
    case = submit(person)
    act(app, case, "accept", "clerk")
    act(app, case, "review", "reviewer", outcome="准予", opinion="符合")
    act(app, case, "approve", "checker")
    act(app, case, "issue", "issuer")
    page = person.get(f"/my/cases/{case}").text
    for kind in ("pdf", "docx"):
        links = re.findall(rf'href="(/my/cases/[^"]+/papers/\d+\.{kind})"', page)
        assert len(links) == 3, "the receipt, the acceptance, the decision"
        for link in links:
            paper = person.get(link)
            assert paper.status_code == 200
            assert paper.data[:4] == (b"%PDF" if kind == "pdf" else b"PK\x03\x04")
    assert person.get(f"/my/cases/{case}/papers/99.pdf").status_code == 404
    assert person.get(f"/my/cases/{case}/papers/1.exe").status_code == 404
    assert person.get(f"/my/cases/{case}/licence.pdf").data.startswith(b"%PDF")
    shown = person.post(f"/my/cases/{case}/show").text
    address = re.search(r"/verify/[\w-]{20,}", shown)
    assert address is not None
    assert "data:image/svg+xml" in shown
    stranger = Visitor(app)
    verified = stranger.get(address[0])
    assert verified.status_code == 200
    assert "有效" in words(verified.text)
    assert SHOP.id_number not in verified.text, "masked"
    kept = app.extensions["desk"].hall.case(case)
    by_paper = stranger.get(f"/verify/{kept.results[-1].identifier}")
    assert "有效" in words(by_paper.text)


def test_what_a_register_says_is_disputed_and_a_duty_told_of(app: Flask, person: Applicant) -> None:
    person.fill_in_all()
    person.fill("1", {**PLACE, "f_经营场所": "济宁市任城区示例路9号"})
    case = submit(person)
    page = person.get(f"/my/cases/{case}").text
    assert "登记有误，提出异议" in page
    url = f"/my/cases/{case}/tell/dispute"
    empty = person.post(url, {"about": "经营场所", "text": " "})
    assert empty.status_code == 422
    assert 'id="dispute-经营场所-error"' in empty.text
    refused = person.post(url, {"about": "营业面积", "text": "没有差异"})
    assert refused.status_code == 422
    assert person.post(url, {"about": "经营场所", "text": "门牌已改"}).status_code == 302
    kept = app.extensions["desk"].hall.case(case)
    assert [task.kind for task in kept.tasks] == ["objection"]
    assert "登记有误，提出异议" not in person.get(f"/my/cases/{case}").text, "once"
    assert person.post(f"/my/cases/{case}/tell/close", {"about": "a"}).status_code == 404


def test_duties_after_the_decision_are_told_of(app: Flask, person: Applicant) -> None:
    person.fill_in_all()
    case = submit(person)
    act(app, case, "accept", "clerk")
    act(app, case, "review", "reviewer", outcome="准予", opinion="符合")
    act(app, case, "approve", "checker")
    page = person.get(f"/my/cases/{case}").text
    assert "您要做的" in page
    task = re.findall(r'name="about" value="([^"]+)"', page)[0]
    told = {"about": task, "text": "已复核"}
    assert person.post(f"/my/cases/{case}/tell/fulfil", told).status_code == 302
    assert f'value="{task}"' not in person.get(f"/my/cases/{case}").text


def test_withdrawing(app: Flask, person: Applicant) -> None:
    person.fill_in_all()
    case = submit(person)
    assert "撤回申请" in person.get(f"/my/cases/{case}").text
    person.post(f"/my/cases/{case}/withdraw")
    assert "已撤回" in words(person.get(f"/my/cases/{case}").text)
    person.post(f"/my/cases/{case}/withdraw")
    assert "不能" in words(person.get(f"/my/cases/{case}").text), "told why, once"


# --- what anybody may ask --------------------------------------------------------------------


def test_progress_is_told_to_whoever_has_the_code(app: Flask, person: Applicant) -> None:
    person.fill_in_all()
    case = submit(person)
    page = words(person.get(f"/my/cases/{case}/submitted").text)
    number, code = re.findall(r"(3708112026\d{9}) 查询码 (\d{8})", page)[0]
    stranger = Visitor(app)
    told = stranger.post("/progress", {"number": f" {number} ", "code": code})
    assert "待受理" in told.text
    assert SHOP.person not in told.text, "masked"
    for wrong in ({"number": number, "code": "00000000"}, {"number": "1", "code": code}):
        answer = stranger.post("/progress", wrong)
        assert answer.status_code == 422
        assert "没有找到" in answer.text
    assert stranger.post("/progress", {"number": number}).status_code == 422


def test_codes_cannot_be_tried_out() -> None:
    stranger = Visitor(make_studio())
    tries = [
        stranger.post("/progress", {"number": "1", "code": "2"}).status_code for _ in range(25)
    ]
    assert tries == [422] * 20 + [429] * 5
    asked = [stranger.get(f"/verify/1.2.156.{n}").status_code for n in range(32)]
    assert asked == [404] * 30 + [429] * 2


@pytest.mark.parametrize("asked", ["x", "1.2.156.3005.2.x", "%00", "a" * 3000, "<script>"])
def test_verifying_what_there_is_not(app: Flask, asked: str) -> None:
    answer = Visitor(app).get(f"/verify/{asked}")
    assert answer.status_code == 404
    assert "查无此证" in answer.text
    assert "<script>" not in words(answer.text)
    sent = Visitor(app).get("/verify", query_string={"identifier": "1.2.3"})
    assert sent.headers["Location"].endswith("/verify/1.2.3")
    assert Visitor(app).get("/verify", query_string={"identifier": ""}).status_code == 422


# --- a theme ---------------------------------------------------------------------------------

THEME = "open_restaurant"


def sample_of_theme() -> dict[str, Any]:
    path = ROOT / "rulesets" / "samples" / "themes" / THEME / "all_granted.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def restaurant() -> Flask:
    """A studio whose applicant is the sample's."""
    who = sample_of_theme()["applicant"]
    owner = replace(
        SHOP,
        person=who["name"],
        id_kind=who["id_kind"],
        id_number=who["id_number"],
        kind=who["kind"],
    )
    accounts = {**ACCOUNTS.by_name, "applicant": owner, "other": OTHER}
    return make_studio(accounts=Accounts(accounts), open_registers=True)


def test_a_theme_is_filled_in_once_and_handed_in_to_every_department(restaurant: Flask) -> None:
    sample = sample_of_theme()
    workspace = Workspace.load(ROOT)
    person = Applicant(restaurant, "applicant")
    home = person.get("/apply", query_string={"q": "开饭店"}).text
    assert home.index(f"/apply/themes/{THEME}") < home.index("<h2>事项</h2>"), "themes come first"
    assert "一套材料，每样只交一次" in person.get(f"/apply/themes/{THEME}").text
    begun = person.post(f"/apply/themes/{THEME}/begin", {"region": sample["region"]})
    assert begun.status_code == 302, words(begun.text)
    person.draft = begun.headers["Location"]
    with restaurant.test_request_context():
        merged = merge_theme(workspace, THEME, NOW.date(), sample["region"])
        plan = plan_merged(workspace, merged, matter_of(merged))
        posted = post_of(plan.questions, sample["facts"])
    onward = person.get(person.draft).headers["Location"]
    visited = []
    while "/steps/" in onward:
        name = onward.rpartition("/")[2]
        assert name not in visited
        visited.append(name)
        page = plan.page(name)
        assert page is not None
        own = {q.name for q in page.questions}
        answers = {n: v for n, v in posted.lists() if n.split("-")[0] in own}
        answer = person.fill(name, answers)
        assert answer.status_code == 302, words(answer.text)
        onward = answer.headers["Location"]
    assert len(visited) > 3
    for material in merged.materials:
        person.hand_in(material.id)
    person.hand_in(merged.materials[0].id, PDF + b" ", "second.pdf")
    review = words(person.get(f"{person.draft}/review").text)
    assert review.count("各项条件都满足") == 2
    assert "由工作人员核实、不用您处理的（4 项）" in review, "the inspections"
    assert "要解决的问题" not in review
    answer = person.post(f"{person.draft}/review", {"truth": "y"})
    assert answer.status_code == 302, words(answer.text)
    whole = person.get(answer.headers["Location"])
    links = re.findall(r'href="(/my/cases/[0-9a-f]+)"', whole.text)
    assert len(links) == 4
    assert "文件.pdf" in "".join(person.get(link).text for link in links)
    assert Applicant(restaurant, "other").get(answer.headers["Location"]).status_code == 404
    assert f'href="{answer.headers["Location"]}"' in person.get("/my").text
    assert person.get(person.draft).status_code == 404


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("我想开个理发店", "public_venue_hygiene"),
        ("我要开一家饭店", "food_business_licence"),
        ("给我爸办高龄津贴", "old_age_allowance"),
        ("开个宾馆要什么手续", "public_venue_hygiene"),
    ],
    ids=["barber", "restaurant", "allowance", "hotel"],
)
def test_a_whole_sentence_finds_its_matter(app: Flask, said: str, meant: str) -> None:
    found = Visitor(app).get("/apply", query_string={"q": said}).text
    assert f"/apply/matters/{meant}" in found
