"""一件事 on the screens: asked once, handled apart, seen as a whole."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from engine import (
    Actor,
    Case,
    Command,
    ThemeCase,
    Workspace,
    cases_of,
    merge_theme,
    open_facts,
    read_json,
    submit_theme,
    theme_cases,
)
from studio.accounts import Account, Accounts
from studio.apply_theme import matter_of, plan_merged
from studio.questionnaire import post_of
from studio_visitor import ACCOUNTS, NOW, ROOT, Visitor, make_studio

THEME = "open_restaurant"
WORKSPACE = Workspace.load(ROOT)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SAMPLES = ROOT / "rulesets" / "samples" / "themes" / THEME


OFFICIAL = ("现场核查人员数", "现场核查结论", "消防检查人员数", "消防检查结论")


def sample(name: str = "all_granted") -> dict[str, Any]:
    """A sample as an applicant may hand it in: what officers find is theirs to say."""
    found: dict[str, Any] = read_json((SAMPLES / f"{name}.json").read_bytes())
    found["facts"] = {name: v for name, v in found["facts"].items() if name not in OFFICIAL}
    return found


def hand_in(app: Flask, name: str = "all_granted", key: str = "", **facts: Any) -> ThemeCase:
    application = sample(name)
    application["facts"] |= facts
    told = {"duplicate_reason": "另一处"}
    command = Command("submit", Actor("applicant", "applicant"), NOW, told, key)
    return submit_theme(app.extensions["desk"].hall, THEME, application, command)


def part(whole: ThemeCase, matter: str) -> Case:
    return next(case for case in whole.cases if case.matter == matter)


def words(page: str) -> str:
    main = page[page.index("<main") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_studio()


# --- the desk --------------------------------------------------------------------------------


def test_handlers_see_the_whole_and_the_way_to_their_own_parts_only() -> None:
    names = dict(ACCOUNTS.by_name)
    old = names["reviewer"]
    served = ("任城区市场监督管理局",)
    names["reviewer"] = Account("reviewer", "reviewer", old.password_hash, old.person, served)
    app = make_studio(accounts=Accounts(names))
    whole = hand_in(app)
    food = part(whole, "food_business_licence")
    assert food.department == served[0]
    others = [case for case in whole.cases if case.department != served[0]]
    assert others
    page = Visitor(app, "reviewer").get(f"/desk/cases/{food.id}").text
    assert "一件事：" in page
    for case in others:
        assert case.title in page
        assert case.department in page
        assert f"/desk/cases/{case.id}" not in page
        assert case.number not in page
    everywhere = Visitor(app, "clerk").get(f"/desk/cases/{food.id}").text
    for case in whole.cases:
        assert f"/desk/cases/{case.id}" in everywhere


def test_a_part_that_is_not_needed_is_told_to_handlers_with_its_reason(app: Flask) -> None:
    whole = hand_in(app, "take_away")
    page = words(Visitor(app, "clerk").get(f"/desk/cases/{whole.cases[0].id}").text)
    assert whole.not_needed
    for title, reason in whole.not_needed:
        assert re.search(f"{re.escape(title)} 不须办理 ?：? ?{re.escape(reason)}", page)


def test_a_case_asked_for_alone_tells_of_no_theme(app: Flask) -> None:
    alone = read_json((ROOT / "rulesets/samples/public_venue_hygiene/approved.json").read_bytes())
    command = Command("submit", Actor("applicant", "applicant"), NOW)
    case = app.extensions["desk"].hall.submit("public_venue_hygiene", alone, command)
    assert "一件事" not in Visitor(app, "clerk").get(f"/desk/cases/{case.id}").text


# --- the applicant ---------------------------------------------------------------------------


class Applicant(Visitor):
    """A visitor who fills in a draft for the theme, each page with the answers that it asks for."""

    draft = ""

    def begin(self, region: str = "370811") -> None:
        answer = self.post(f"/apply/themes/{THEME}/begin", {"region": region})
        assert answer.status_code == 302, answer.text
        self.draft = answer.headers["Location"]

    def fill(self, name: str, answers: dict[str, Any], **more: Any) -> TestResponse:
        page = self.get(f"{self.draft}/steps/{name}").text
        hidden = re.findall(r'name="(version|window|turn)" value="([^"]*)"', page)
        return self.post(f"{self.draft}/steps/{name}", {**dict(hidden), **answers, **more})

    def fill_in(self, facts: dict[str, Any]) -> list[str]:
        """Goes from page to page as far as the materials; the names of the pages."""
        with self.client.application.test_request_context():
            merged = merge_theme(WORKSPACE, THEME, NOW.date(), "370811")
            plan = plan_merged(WORKSPACE, merged, matter_of(merged))
            posted = post_of(plan.questions, facts)
        onward, seen = self.get(self.draft).headers["Location"], list[str]()
        while "/steps/" in onward:
            name = onward.rpartition("/")[2]
            assert name not in seen, words(self.get(onward).text)
            seen.append(name)
            page = plan.page(name)
            assert page is not None
            own = {question.name for question in page.questions}
            answer = self.fill(name, {n: v for n, v in posted.lists() if n.split("-")[0] in own})
            assert answer.status_code == 302, words(answer.text)
            onward = answer.headers["Location"]
        return seen

    def upload_all(self) -> None:
        """A file wherever the page asks for one."""
        page = self.get(f"{self.draft}/materials").text
        for url in re.findall(r'<form class="upload-form"[^>]* action="([^"]+)"', page):
            data = {"file": (io.BytesIO(PDF), "文件.pdf")}
            answer = self.post(url, data, content_type="multipart/form-data")
            assert answer.status_code == 302, words(answer.text)

    def review(self) -> str:
        return words(self.get(f"{self.draft}/review").text)


def owner_of(**changes: Any) -> Account:
    who = sample()["applicant"]
    named = {"person": who["name"], "id_kind": who["id_kind"], "id_number": who["id_number"]}
    old = ACCOUNTS.by_name["applicant"]
    return replace(old, **{**named, "kind": who["kind"], **changes})


def studio_of(owner: Account) -> Flask:
    accounts = {**ACCOUNTS.by_name, "applicant": owner}
    return make_studio(accounts=Accounts(accounts), open_registers=True)


@pytest.fixture
def person() -> Applicant:
    somebody = Applicant(studio_of(owner_of()), "applicant")
    somebody.begin()
    return somebody


SITUATION = {
    "f_设置户外招牌": "no",
    "f_场所类别": "饭店",
    "f_经营面积": "160",
    "f_经营场所": "济宁市任城区示例路31号",
    "f_场所在本辖区内": "yes",
}


def test_the_answers_decide_the_parts_and_the_page_says_which(person: Applicant) -> None:
    page = words(person.get(f"{person.draft}/steps/situation").text)
    for asked in SITUATION:
        assert f'id="{asked}"' in person.get(f"{person.draft}/steps/situation").text
    assert "户外招牌设施设置规范管理 待定 回答后确定： 要不要设置户外招牌" in page
    person.fill("situation", SITUATION)
    page = words(person.get(f"{person.draft}/steps/situation").text)
    assert "不须办理 不设户外招牌，或者本地区对招牌不实行登记" in page
    assert "营业前消防安全检查 要办" in page
    version = re.findall(
        r'name="version" value="(\d+)"', person.get(f"{person.draft}/steps/situation").text
    )
    answers = {
        **SITUATION,
        "f_场所类别": "后厨或者外卖站",
        "window": "a",
        "turn": "1",
        "version": version,
    }
    swapped = person.post(f"{person.draft}/steps/situation/autosave", answers).text
    assert "<html" not in swapped
    assert "不是公众聚集场所，或者面积在本地区的下限以下" in swapped, (
        "told without leaving the page"
    )


def test_questions_of_parts_that_are_not_needed_are_not_asked_nor_kept(person: Applicant) -> None:
    facts = sample()["facts"]
    asked = person.fill_in(facts)
    less = person.fill_in({**facts, "设置户外招牌": False})
    assert len(less) < len(asked)
    assert "招牌宽度" not in person.review()


def test_each_material_says_what_it_is_handed_in_for(person: Applicant) -> None:
    person.fill_in(sample()["facts"])
    page = person.get(f"{person.draft}/materials").text
    form = page[page.index('id="material-application_form"') :]
    form = words("<main" + form[: form.index("</section>")])
    assert "交一次，用于： 食品经营许可" in form
    assert "消防安全检查" in form
    licence = page[page.index('id="material-business_licence"') :]
    licence = licence[: licence.index("</section>")]
    told = words("<main" + licence)
    assert "已关联电子证照证明，可免提交" in told
    assert told.count("、") >= 3, "one licence for every department, and nobody uploads it"
    assert 'type="file"' not in licence
    assert page.count('id="material-') == len(set(re.findall(r'id="(material-[^"]+)"', page)))


def test_a_path_is_chosen_for_one_part_and_its_commitment_signed(person: Applicant) -> None:
    """消防安全检查告知承诺，食品经营许可按一般程序。"""
    fire = "fire_safety_before_opening"
    person.fill_in(sample()["facts"])
    page = person.get(f"{person.draft}/materials").text
    assert f'name="path-{fire}"' in page
    wrong = person.post(f"{person.draft}/materials", {f"path-{fire}": "none"})
    assert wrong.status_code == 422
    person.post(f"{person.draft}/materials", {f"path-{fire}": "commitment"})
    page = person.get(f"{person.draft}/materials").text
    assert re.search(f'id="path-{fire}-commitment"[^>]* checked', page)
    person.upload_all()
    review = person.review()
    assert re.search("承诺书 ?： ?公众聚集场所", review)
    assert "安全出口、疏散通道符合标准并保持畅通" in review
    unsigned = person.post(f"{person.draft}/review", {"truth": "y", "anyway": "y"})
    assert unsigned.status_code == 422
    signed = {"truth": "y", "anyway": "y", f"promise-{fire}": "y"}
    answer = person.post(f"{person.draft}/review", signed)
    assert answer.status_code == 302, words(answer.text)
    whole = theme_cases(person.client.application.extensions["desk"].hall, "applicant")[0]
    assert part(whole, fire).path == "commitment"
    assert part(whole, "food_business_licence").path == "general"


def test_whoever_is_not_recognised_yet_fills_in_but_does_not_hand_in() -> None:
    person = Applicant(studio_of(owner_of(is_verified=False)), "applicant")
    person.begin()
    person.fill_in(sample()["facts"])
    person.upload_all()
    review = person.get(f"{person.draft}/review").text
    assert "您的身份尚未核验，还不能提交" in review
    assert "提交申请</button>" not in review
    answer = person.post(f"{person.draft}/review", {"truth": "y", "anyway": "y"})
    assert answer.status_code == 403
    assert "请带上证件原件到任一办事大厅窗口核验身份" in answer.text
    assert theme_cases(person.client.application.extensions["desk"].hall, "applicant") == ()
    assert person.get(person.draft).status_code == 302, "and nothing is lost"


def test_nor_is_a_single_matter_handed_in_by_them() -> None:
    app = studio_of(owner_of(is_verified=False))
    person = Visitor(app, "applicant")
    begun = person.post("/apply/matters/food_business_licence/begin", {"region": "370811"})
    draft = begun.headers["Location"]
    assert "您的身份尚未核验" in person.get(f"{draft}/review").text
    assert person.post(f"{draft}/review", {"truth": "y", "anyway": "y"}).status_code == 403
    assert cases_of(app.extensions["desk"].hall, "applicant") == ()


def hand_in_whole(person: Applicant) -> str:
    """Fills in the sample and hands it in; the address of the whole."""
    person.fill_in(sample()["facts"])
    person.upload_all()
    assert person.review().count("各项条件都满足") >= 2
    answer = person.post(f"{person.draft}/review", {"truth": "y", "anyway": "y"})
    assert answer.status_code == 302, words(answer.text)
    return answer.headers["Location"]


def act(app: Flask, case: Case, do: str, role: str, **body: Any) -> None:
    desk = app.extensions["desk"]
    desk.hall.perform(case.id, Command(do, Actor(role, role, "*"), NOW, body))


def decide_for(app: Flask, case: Case, outcome: str, **found: Any) -> None:
    """A part is accepted, inspected where it must be, reviewed and approved."""
    act(app, case, "accept", "clerk")
    hall = app.extensions["desk"].hall
    facts = {name: value for name, value in found.items() if name in open_facts(hall.case(case.id))}
    if facts:
        act(app, case, "answer", "reviewer", facts=facts, reason="两人现场核查")
    act(app, case, "review", "reviewer", outcome=outcome, opinion="依法审查")
    act(app, case, "approve", "checker")


def test_the_whole_is_one_page_and_one_part_refused_holds_up_no_other(person: Applicant) -> None:
    """消防安全检查不合格，食品经营许可照样办结、出证：各自决定、分别告知，整体“部分办结”。"""
    app = person.client.application
    address = hand_in_whole(person)
    page = words(person.get(address).text)
    whole = theme_cases(app.extensions["desk"].hall, "applicant")[0]
    assert "办理中" in page
    for case in whole.cases:
        assert case.number in page
        assert f'href="/my/cases/{case.id}"' in person.get(address).text
    food, fire = part(whole, "food_business_licence"), part(whole, "fire_safety_before_opening")
    decide_for(app, fire, "不予", 消防检查人员数=2, 消防检查结论="不符合")
    assert "部分办结" not in words(person.get(address).text)
    decide_for(app, food, "准予", 现场核查人员数=2, 现场核查结论="符合")
    page = person.get(address).text
    assert re.search(r"<strong>部分办结</strong>", page)
    told = words(page)
    assert re.search(r"消防安全检查.{0,40}不予", told)
    assert re.search(r"食品经营许可.{0,40}准予", told)
    act(app, food, "issue", "issuer")
    licence = app.extensions["desk"].hall.case(food.id).results[-1]
    assert licence.number in words(person.get(address).text)
    assert f"/my/cases/{food.id}/licence.pdf" in person.get(address).text
    assert "不予" in words(person.get(f"/my/cases/{fire.id}").text)
    assert f'href="{address}"' in person.get(f"/my/cases/{food.id}").text, "and back"
    other = Applicant(app, "reviewer")
    assert other.get(address).status_code == 403
    mine = person.get("/my").text
    listed = words(mine)
    assert "开办餐饮店 一件事 部分办结 4 个办件" in listed
    entries = mine[mine.index('id="cases"') : mine.index('id="news"')]
    assert f"/my/cases/{food.id}" not in entries, "one entry for the whole"


def test_applying_again_needs_a_reason_and_begins_nothing_by_halves(person: Applicant) -> None:
    hand_in_whole(person)
    hall = person.client.application.extensions["desk"].hall
    person.begin()
    person.fill_in(sample()["facts"])
    person.upload_all()
    answer = person.post(f"{person.draft}/review", {"truth": "y", "anyway": "y"})
    assert answer.status_code == 422
    assert "另行申请的理由" in answer.text
    assert len(theme_cases(hall, "applicant")) == 1
    signed = {"truth": "y", "anyway": "y", "duplicate_reason": "第二家店"}
    answer = person.post(f"{person.draft}/review", signed)
    assert answer.status_code == 302, words(answer.text)
    found = theme_cases(hall, "applicant")
    assert [len(whole.cases) for whole in found] == [4, 4]


def test_what_decides_the_parts_must_be_answered(person: Applicant) -> None:
    open_ = {**SITUATION, "f_经营面积": "", "f_设置户外招牌": ""}
    answer = person.fill("situation", open_)
    assert answer.status_code == 422
    asked = re.findall(r'<a href="#(f_[^"]+)">', answer.text)
    assert asked == ["f_设置户外招牌", "f_经营面积"]


def test_the_theme_page_says_what_is_covered_and_handed_in_once() -> None:
    page = Visitor(make_studio()).get(f"/apply/themes/{THEME}").text
    told = words(page)
    for name in ("食品经营许可", "营业前消防安全检查", "户外招牌设施设置规范管理"):
        assert name in told
    assert told.count("开办餐饮店一件事申请表") == 1
    assert "开办餐饮店一件事申请表 交一次，用于： 食品经营许可" in told
    assert "已关联电子证照证明，可免提交" in told
