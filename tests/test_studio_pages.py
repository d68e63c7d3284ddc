"""The list, the guide and the trial page, as a visitor without a script sees them."""

import html
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Workspace, check_workspace, decide
from studio.particulars import post_particulars
from studio.questionnaire import plan_questions, post_of
from studio.results import spoken_cell
from studio_visitor import DAY, ROOT, Visitor, make_studio

MATTER = "public_venue_hygiene"
TRY = f"/matters/{MATTER}/try"
FILE = f"rulesets/matters/{MATTER}.yaml"


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_studio(open_registers=True)


@pytest.fixture(scope="module")
def nobody(app: Flask) -> Visitor:
    return Visitor(app)


def sample(name: str = "approved") -> dict[str, Any]:
    path = ROOT / "rulesets" / "samples" / MATTER / f"{name}.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def post_of_sample(app: Flask, **changes: str | None) -> dict[str, Any]:
    """What a browser posts for the sample, with some answers changed or (None) left out."""
    workspace = Workspace.load(ROOT)
    with app.test_request_context():
        plan = plan_questions(workspace, workspace.matter(MATTER, DAY), DAY)
        posted = post_particulars(sample())
        posted.update(post_of(plan, sample()["facts"]))
    data: dict[str, Any] = dict(posted.lists())
    data.update(changes)
    return {name: value for name, value in data.items() if value is not None}


def words(page: str) -> str:
    """The text of a page, blanks made one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


# --- the list and the guide ----------------------------------------------------------------------


def test_every_matter_is_listed(nobody: Visitor) -> None:
    titles = {m.title for m in Workspace.load(ROOT).matters(DAY)}
    page = nobody.get("/").text
    assert all(title in page for title in titles)
    listed = nobody.get("/matters.json").get_json()["matters"]
    assert {entry["title"] for entry in listed} == titles
    assert [e["title"] for e in listed] == sorted(e["title"] for e in listed)


@pytest.mark.parametrize("query", ["理发", "卫生", "公共场所 许可", "PUBLIC_venue", "卫生健康"])
def test_search_finds(nobody: Visitor, query: str) -> None:
    found = nobody.get("/matters.json", query_string={"q": query}).get_json()["matters"]
    assert MATTER in [entry["id"] for entry in found]


@pytest.mark.parametrize(
    "query", ["理发 津贴", "%", "_%_", "'; drop table", "<script>alert(1)</script>", "\x00"]
)
def test_search_finds_nothing_and_shows_it_safely(nobody: Visitor, query: str) -> None:
    answer = nobody.get("/", query_string={"q": query})
    assert answer.status_code == 200
    assert "没有找到" in answer.text
    assert "<script>alert" not in answer.text


def test_search_understands_whole_sentences(tmp_path: Path) -> None:
    for folder in ("rulesets", "form_defs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    path = tmp_path / FILE
    text = re.sub(
        r"aliases: \[[^]]*\]", "aliases: [美发, Barber]", path.read_text(encoding="utf-8")
    )
    path.write_text(text, encoding="utf-8")
    visitor = Visitor(make_studio(tmp_path))
    for query, is_found in (
        ("开个美发店", True), ("开个美发店 怎么办理美发", True), ("BARBER's", True), ("开个饭店", False),
        ("美发 津贴", False),
    ):  # fmt: skip
        found = visitor.get("/matters.json", query_string={"q": query}).get_json()["matters"]
        assert (MATTER in [entry["id"] for entry in found]) == is_found, query


def test_badges_count_errors_and_warnings_only(app: Flask) -> None:
    """What `tongban check` calls hints makes no badge, and a file with hints only is not listed."""
    found = check_workspace(Workspace.load(ROOT))
    assert any(diagnostic.severity == "info" for diagnostic in found)
    page = Visitor(app, "editor").get("/").text
    for word, severity in (("错误", "error"), ("警告", "warning")):
        counts = re.findall(rf"(\d+) 个{word}", page)
        assert sum(map(int, counts)) == sum(d.severity == severity for d in found)


def test_the_guide_is_the_engines(nobody: Visitor) -> None:
    page = nobody.get(f"/matters/{MATTER}").text
    assert "<h1>公共场所卫生许可（新办）</h1>" in page
    assert "已关联电子证照证明，可免提交" in page
    assert "&lt;h2" not in page
    assert nobody.get(f"/matters/{MATTER}?region=370811").status_code == 200


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_guide_has_a_table_of_contents(app: Flask, language: str) -> None:
    page = Visitor(app).get(f"/matters/{MATTER}?lang={language}").text
    contents = page[page.index('<nav class="contents') : page.index('<div class="guide"')]
    links = re.findall(r'<a href="#(guide-[\w-]+)">([^<]+)</a>', contents)
    sections = re.findall(r'<section id="(guide-[\w-]+)">\s*<h2[^>]*>([^<]+)</h2>', page)
    assert links == sections
    assert len(links) > 5


@pytest.mark.parametrize("url", ["/matters/none", "/matters/none/try", "/matters/none/try?sample=x",
                                 f"/matters/{MATTER}?region=999999", f"{TRY}?sample=../../x",
                                 "/matters/%00", "/matters/..%2f..%2fetc", "/x" * 500])  # fmt: skip
def test_what_is_not_there_is_a_404_in_words(nobody: Visitor, url: str) -> None:
    answer = nobody.get(url)
    assert answer.status_code == 404
    assert "没有" in answer.text
    assert "Traceback" not in answer.text


def test_english(app: Flask) -> None:
    visitor = Visitor(app)
    page = visitor.get("/?lang=en").text
    assert '<html lang="en">' in page
    assert "Matters" in page
    assert "查找事项" not in page
    assert '<html lang="en">' in visitor.get("/login").text, "the wish is remembered"
    assert '<html lang="zh-Hans">' in visitor.get("/login?lang=zh").text
    assert '<html lang="zh-Hans">' in visitor.get("/?lang=xx").text
    assert '<html lang="zh-Hans">' in Visitor(app).get("/", headers={"Accept-Language": "en"}).text


# --- trying a matter out -------------------------------------------------------------------------


def test_the_decision_is_the_engines(app: Flask, nobody: Visitor) -> None:
    workspace = Workspace.load(ROOT)
    titles = {use.key: use.title for use in workspace.matter(MATTER, DAY).materials}
    named = {key: {"name": titles[key]} for key in sample()["materials"]}
    expected = decide(workspace, MATTER, {**sample(), "materials": named}, on=DAY)
    answer = nobody.post(TRY, post_of_sample(app))
    assert answer.status_code == 200
    page = words(answer.text)
    assert expected.outcome_title in page
    for criterion in expected.criteria:
        assert criterion.point in page
        assert all(basis in page for basis in criterion.basis)
    for material in expected.materials:
        assert material.title in page
    assert expected.receipt.decision in page, "decided of the very same facts"


SAMPLES = sorted((ROOT / "rulesets" / "samples").glob("*/*.json"))


@pytest.mark.parametrize("file", SAMPLES, ids=lambda f: f"{f.parent.name}-{f.stem}")
def test_every_sample_is_decided_the_same_through_its_form(nobody: Visitor, file: Path) -> None:
    matter, data = file.parent.name, json.loads(file.read_text(encoding="utf-8"))
    expected = decide(Workspace.load(ROOT), matter, data, on=DAY)
    page = nobody.get(f"/matters/{matter}/try?sample={file.stem}").text
    answer = nobody.swap(f"/matters/{matter}/try", {**filled_in(page), "lenient": "1"})
    assert answer.status_code == 200, words(answer.text)
    assert f"<strong>{expected.outcome_title}</strong>" in answer.text
    shown = re.findall(
        r'<li id="criterion-(\w+)">\s*<p><span class="[^"]*">(\w+)</span>', answer.text
    )
    assert shown == [(c.id, c.status) for c in expected.criteria]


def filled_in(page: str) -> dict[str, list[str]]:
    """What a browser would post of the page's trial form, read off its HTML."""
    form = _FilledForm()
    form.feed(page[page.index('id="trial"') :])
    return form.posted


class _FilledForm(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.posted: dict[str, list[str]] = {}
        self._open = ""  # the select or textarea being read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        is_choice = given.get("type") in ("radio", "checkbox")
        if tag == "input" and (not is_choice or "checked" in given):
            self.posted.setdefault(name, []).append(value)
        elif tag in ("select", "textarea"):
            self._open = name
            self.posted[name] = [""]
        elif tag == "option" and "selected" in given:
            self.posted[self._open] = [value]

    def handle_data(self, data: str) -> None:
        if self.lasttag == "textarea" and self._open:
            self.posted[self._open] = [data.removeprefix("\r\n").removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea", "form"):
            self._open = ""


def test_a_swap_gets_the_result_alone(app: Flask, nobody: Visitor) -> None:
    answer = nobody.swap(TRY, post_of_sample(app))
    assert "<html" not in answer.text
    assert "准予许可" in answer.text


def test_each_line_of_the_notice_tells_what_to_do(app: Flask, nobody: Visitor) -> None:
    posted = post_of_sample(
        app, **{"f_营业面积": "9.99", "f_图示面积": "9.99", "f_设有消毒间": "no"}
    )
    changes = {"营业面积": "9.99", "图示面积": "9.99", "设有消毒间": False}
    page = words(nobody.swap(TRY, posted).text)
    expected = decide(
        Workspace.load(ROOT), MATTER,
        {**sample(), "facts": {**sample()["facts"], **changes}},
        on=DAY,
    )  # fmt: skip
    assert expected.outcome != "准予"
    assert expected.notice
    for line in expected.notice:
        assert line.text.zh in page
        assert re.sub(r"\s+", " ", line.remedy) in page


def test_hit_rows_are_marked(app: Flask, nobody: Visitor) -> None:
    page = nobody.swap(TRY, post_of_sample(app)).text
    table = page[page.index('<caption class="visually-hidden">各类场所营业面积下限') :]
    rows = re.findall(r'<tr class="(\w+)">', table[: table.index("</table>")])
    assert rows == ["hit"] + ["miss"] * (len(rows) - 1)
    lenient = post_of_sample(app, **{"f_场所类型": "", "lenient": "1"})
    page = nobody.swap(TRY, lenient).text
    table = page[page.index('<caption class="visually-hidden">各类场所营业面积下限') :]
    unknown = re.findall(r'<tr class="(\w+)">', table[: table.index("</table>")])
    assert unknown == ["skipped"] * len(rows)


def test_what_is_missing_is_asked_for_or_pending(app: Flask, nobody: Visitor) -> None:
    strict = nobody.swap(TRY, post_of_sample(app, **{"f_图示面积": ""}))
    assert strict.status_code == 422
    assert 'href="#f_图示面积"' in strict.text
    lenient = nobody.swap(TRY, post_of_sample(app, **{"f_卫生管理人员数": "", "lenient": "1"}))
    assert lenient.status_code == 200
    assert "待核" in lenient.text
    assert "缺少“卫生管理人员数”" in lenient.text


def test_errors_stand_at_their_fields(app: Flask, nobody: Visitor) -> None:
    page = nobody.post(TRY, post_of_sample(app, **{"f_营业面积": "很大"})).text
    assert re.search(r'<input[^>]*aria-describedby="f_营业面积-hint f_营业面积-error"', page)
    assert re.search(r'<p class="field-error" id="f_营业面积-error">请填写数字', page)
    assert 'value="很大"' in page


def test_an_invalid_number_of_a_certificate_is_the_engines_to_say(
    app: Flask, nobody: Visitor
) -> None:
    answer = nobody.swap(TRY, post_of_sample(app, **{"f_负责人证件号码": "370811199002290011"}))
    assert answer.status_code == 422
    assert "出生日期" in answer.text
    assert re.search(r'<a href="#f_负责人证件号码">[^<]+</a>：[^<]*出生日期', answer.text)
    assert "application" not in answer.text, "codes and files say nothing to an applicant"
    whole = nobody.post(TRY, post_of_sample(app, **{"f_负责人证件号码": "370811199002290011"})).text
    assert re.search(r'id="f_负责人证件号码-error">[^<]*出生日期', whole)
    whole = nobody.post(TRY, post_of_sample(app, a_id_number="12")).text
    assert '<a href="#a_id_number">' in whole
    assert 'id="a_id_number-error"' in whole


def test_a_wrong_number_in_a_row_stands_at_its_cell(app: Flask) -> None:
    visitor = Visitor(app)
    matter = "hr_service_licence"
    page = visitor.get(f"/matters/{matter}/try?sample=approved").text
    posted = filled_in(page)
    names = [name for name in posted if name.endswith("-f_证件号码") and posted[name] != [""]]
    posted[names[-1]] = ["370811199002290011"]
    answer = visitor.swap(f"/matters/{matter}/try", {**posted, "lenient": "1"})
    assert answer.status_code == 422
    assert f'<a href="#{names[-1]}">' in answer.text


def test_samples_are_named_for_people(tmp_path: Path) -> None:
    for folder in ("rulesets", "form_defs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    samples = tmp_path / "rulesets" / "samples" / MATTER
    shutil.rmtree(samples)
    samples.mkdir()
    texts = {"approved": '{"note": "面积刚好够 <b>"}', "late_applicant": "{}", "not_accepted": "[]",
             "other": "[" * 100_000}  # fmt: skip
    for name, text in texts.items():
        (samples / f"{name}.json").write_text(text, encoding="utf-8")
    app = make_studio(tmp_path)
    for url in (TRY, f"/files/{FILE}"):
        page = Visitor(app, "policy").get(url).text
        found = dict(re.findall(r'<a href="[^"]*\?sample=(\w+)">([^<]*)</a>', page))
        assert found == {"approved": "面积刚好够 &lt;b&gt;", "late_applicant": "逾期（applicant）",
                         "not_accepted": "不予受理", "other": "other"}  # fmt: skip
    page = Visitor(app).get(f"{TRY}?lang=en").text
    found = dict(re.findall(r'<a href="[^"]*\?sample=(\w+)">([^<]*)</a>', page))
    assert found == {"approved": "Granted", "late_applicant": "Late (applicant)",
                     "not_accepted": "Not accepted", "other": "other"}  # fmt: skip


def test_what_is_not_verified_is_marked_wherever_it_is_cited(app: Flask, nobody: Visitor) -> None:
    posted = post_of_sample(app, **{"f_营业面积": "9.99", "f_图示面积": "9.99"})
    changes = {"营业面积": "9.99", "图示面积": "9.99"}
    data = {**sample(), "facts": {**sample()["facts"], **changes}}
    decided = decide(Workspace.load(ROOT), MATTER, data, on=DAY)
    page = nobody.swap(TRY, posted).text
    cited: list[Any] = [*decided.criteria, *decided.materials, *decided.tables, *decided.findings,
             *decided.notice, *decided.obligations, *decided.benefits]  # fmt: skip
    doubted = [result for result in cited if result.basis and not result.is_verified]
    assert doubted
    assert page.count(">未核实</span>") == len(doubted)


def test_numbers_of_persons_are_masked(app: Flask, nobody: Visitor) -> None:
    page = nobody.swap(TRY, post_of_sample(app)).text
    shown = page[: page.index("回执（")]
    number = sample()["facts"]["负责人证件号码"]
    assert number not in shown
    assert "****" in shown


def test_no_day_is_promised_before_the_time_begins(app: Flask, nobody: Visitor) -> None:
    granted = nobody.swap(TRY, post_of_sample(app)).text
    assert re.search(r"承诺 \d{4}-\d\d-\d\d 办结（含当日）", granted)
    short = nobody.swap(TRY, post_of_sample(app, **{"f_营业面积": "9.99", "f_图示面积": "9.99"}))
    decided = short.text[: short.text.index("</div>")]
    assert not re.search(r"承诺 \d{4}", decided)
    assert "承诺办结时限：" in decided
    assert " 前）" not in granted


def test_cells_speak(app: Flask) -> None:
    with app.test_request_context():
        for written, said in {
            "true": "是",
            "false": "否",
            "[]": "无",
            '["甲", "乙"]': "甲、乙",
        }.items():
            assert spoken_cell(written) == said
        for text in ("-", "[1..2]", '"甲"', "10", "下限 + 1"):
            assert spoken_cell(text) == text


def test_questions_follow_the_answers(app: Flask, nobody: Visitor) -> None:
    live = f"{TRY}/questions"
    hotel = nobody.swap(live, {"f_场所类型": "住宿"}).text
    assert 'id="f_使用集中空调"' in hotel
    assert "f_空调检测报告日期" not in hotel
    cooled = nobody.swap(live, {"f_场所类型": "住宿", "f_使用集中空调": "yes"}).text
    assert "f_空调检测报告日期" in cooled
    unsaid = nobody.swap(live, {"f_场所类型": ""}).text
    assert 'id="f_使用集中空调"' not in unsaid, "what is not known yet asks no further question"
    barber = nobody.swap(live, {"f_场所类型": "理发", "f_使用集中空调": "yes"}).text
    assert 'id="f_使用集中空调"' not in barber
    promised = nobody.swap(live, {"f_场所类型": "理发", "a_path": "commitment"}).text
    assert "f_检测报告日期" not in promised


def test_registers_are_closed_to_strangers() -> None:
    """With real registers nobody may look up licences by trying numbers; who has signed in may try."""
    closed = make_studio()
    posted = post_of_sample(closed)
    stranger = Visitor(closed).swap(TRY, posted).text
    assert "没有查询电子证照" in stranger
    assert "已关联电子证照证明" not in stranger
    clerk = Visitor(closed, "clerk").swap(TRY, posted).text
    assert "已关联电子证照证明，可免提交" in clerk
    json_of = sample()
    url = f"/api/matters/{MATTER}/decide?on=2026-11-22"
    assert Visitor(closed).post(url, json=json_of).get_json()["outcome"] != "准予"
    assert Visitor(closed, "clerk").post(url, json=json_of).get_json()["outcome"] == "准予"


@pytest.mark.parametrize("url", [TRY, f"{TRY}/questions"])
@pytest.mark.parametrize(
    "odd",
    [{"a_path": "nowhere"}, {"a_region": "999999"}, {"a_on": "2026-02-30"}, {"a_on": "9999-12-31"},
     {"a_on": "1000-01-01"}, {"a_materials": ["x", "y"]}, {"a_kind": "皇帝"}, {"a_id_kind": "__class__"},
     {"a_name": "\x00"}, {"f_从业人员-²-f_姓名": "x"}, {"f_场所类型": ["理发", "美容"]}],
)  # fmt: skip
def test_hostile_posts(app: Flask, nobody: Visitor, url: str, odd: dict[str, Any]) -> None:
    answer = nobody.swap(url, {**post_of_sample(app), **odd})
    assert answer.status_code in (200, 404, 422)
    assert "Traceback" not in answer.text


@settings(max_examples=30)
@given(
    st.dictionaries(st.text(max_size=12), st.text(max_size=12), max_size=5), st.binary(max_size=60)
)
def test_no_post_is_a_500(posted: dict[str, str], raw: bytes) -> None:
    nobody = _nobody_once()
    for url in (TRY, f"{TRY}/questions", "/login"):
        assert nobody.post(url, posted).status_code < 500
        assert (
            nobody.post(url, raw, content_type="application/x-www-form-urlencoded").status_code
            < 500
        )
        multipart = nobody.post(url, raw, content_type="multipart/form-data; boundary=x")
        assert multipart.status_code < 500


_ONCE: list[Visitor] = []


def _nobody_once() -> Visitor:
    if not _ONCE:
        _ONCE.append(Visitor(make_studio()))
    return _ONCE[0]


def test_a_text_of_somebody_else_is_not_tried(app: Flask, nobody: Visitor) -> None:
    text = (ROOT / FILE).read_text(encoding="utf-8")
    posted = {**post_of_sample(app), "file": FILE, "text": text}
    assert nobody.swap(TRY, posted).status_code == 403
    assert Visitor(app, "clerk").swap(TRY, posted).status_code == 403


def test_an_unsaved_text_is_tried(app: Flask) -> None:
    policy = Visitor(app, "policy")
    text = (ROOT / FILE).read_text(encoding="utf-8")
    posted = post_of_sample(app)
    stricter = text.replace("require: 设有消毒间", "require: not(设有消毒间)")
    if stricter == text:
        stricter = text.replace("require: 场所在本辖区内", "require: not(场所在本辖区内)")
    assert stricter != text
    assert "准予许可" in policy.swap(TRY, {**posted, "file": FILE, "text": text}).text
    changed = policy.swap(TRY, {**posted, "file": FILE, "text": stricter.replace("\n", "\r\n")})
    assert "准予许可" not in changed.text
    broken = text.replace("require: 场所在本辖区内", "require: 场所在本辖区")
    answer = policy.swap(TRY, {**posted, "file": FILE, "text": broken})
    assert answer.status_code == 422
    assert "定义有错误，暂不能试办" in answer.text
    assert policy.swap(TRY, {**posted, "file": "/etc/passwd", "text": "x"}).status_code == 404
    assert text == (ROOT / FILE).read_text(encoding="utf-8"), "nothing was saved"


# --- the interface for machines ------------------------------------------------------------------


def test_decide_by_json(app: Flask) -> None:
    nobody = Visitor(app)
    url = f"/api/matters/{MATTER}/decide"
    answer = nobody.post(f"{url}?on=2026-11-22", json=sample())
    assert answer.status_code == 200
    assert answer.get_json()["outcome"] == "准予"
    wrong = nobody.post(url, json={"facts": {"没有的事实": 1}})
    assert wrong.status_code == 422
    assert wrong.get_json()["diagnostics"][0]["code"] == "application-unknown-fact"
    for body in ("[]", "3", "{", "null", ""):
        answer = nobody.post(url, body, content_type="application/json")
        assert answer.status_code == 400
        assert answer.mimetype == "application/problem+json"
    assert nobody.post("/api/matters/none/decide", json={}).status_code == 404


@pytest.mark.parametrize(
    "body",
    ["[" * 100_000, '{"a":' * 100_000, '{"facts": {"营业面积": NaN}}', '{"facts": {"营业面积": Infinity}}',
     '{"path": "general", "path": "commitment"}', b'{"a": "\xff"}', '{"a": ' + "1" * 5000 + "}"],
    ids=range(7),
)  # fmt: skip
def test_json_that_loses_something_is_refused(nobody: Visitor, body: str | bytes) -> None:
    url = f"/api/matters/{MATTER}/decide"
    answer = nobody.post(url, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


def test_json_decimals_are_exact(nobody: Visitor) -> None:
    data = sample()
    data["facts"] |= {"营业面积": 42.5, "图示面积": 42.5}
    answer = nobody.post(f"/api/matters/{MATTER}/decide?on=2026-11-22", json=data)
    assert answer.status_code == 200
    assert answer.get_json()["outcome"] == "准予"


@pytest.mark.parametrize(
    "on", ["2026-13-45", "yesterday", "9999-12-31", "1948-12-31", "2200-01-01"]
)
def test_a_day_that_is_none_is_refused(app: Flask, nobody: Visitor, on: str) -> None:
    answer = nobody.post(f"/api/matters/{MATTER}/decide?on={on}", json=sample())
    assert answer.status_code == 400
    answer = nobody.swap(TRY, post_of_sample(app, a_on=on))
    assert answer.status_code == 422
    assert 'href="#a_on"' in answer.text


def test_of_very_many_problems_the_first_are_listed(nobody: Visitor) -> None:
    data = {"facts": {f"没有的事实{number}": 1 for number in range(300)}}
    answer = nobody.post(f"/api/matters/{MATTER}/decide", json=data).get_json()
    assert len(answer["diagnostics"]) == 200
    assert answer["more"] == "另有 100 处"


BROKEN_PLUGIN = """\
from engine import hookimpl

@hookimpl
def check_identifier(kind, value, on):
    raise RuntimeError("secret words of a plugin")
"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_broken_plugin_tells_visitors_nothing(tmp_path: Path, language: str) -> None:
    for folder in ("rulesets", "form_defs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "broken.py").write_text(BROKEN_PLUGIN, encoding="utf-8")
    app = make_studio(tmp_path, open_registers=True)
    posted, json_of = post_of_sample(app), sample()
    for role, knows in (("", False), ("clerk", False), ("engineer", True)):
        visitor = Visitor(app, role)
        visitor.get(f"/?lang={language}")
        tried = visitor.swap(TRY, posted)
        asked = visitor.post(f"/api/matters/{MATTER}/decide", json=json_of)
        assert tried.status_code == asked.status_code == 422
        for answer in (tried, asked):
            assert ("secret words" in answer.text) == knows
            assert (str(tmp_path) in answer.text) <= knows
            if not knows:
                told = {"zh": "请联系管理员", "en": "ask the administrator"}[language]
                assert told in answer.text


def test_definitions_with_errors_decide_nothing_and_say_why(tmp_path: Path) -> None:
    for folder in ("rulesets", "form_defs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    path = tmp_path / FILE
    text = path.read_text(encoding="utf-8")
    broken = re.sub(r'range: "[^"]*"', 'range: "0~50"', text, count=1)
    assert broken != text
    app = make_studio(tmp_path)
    posted = post_of_sample(app)
    draft = {**posted, "file": FILE, "text": broken}
    policy = Visitor(app, "policy")
    assert policy.swap(f"{TRY}/questions", draft).status_code == 200
    drafted = policy.swap(TRY, draft)
    assert drafted.status_code == 422
    assert "feel-syntax" in drafted.text
    path.write_text(broken, encoding="utf-8")
    nobody = Visitor(app)
    assert nobody.get(TRY).status_code == 200
    assert nobody.swap(f"{TRY}/questions", posted).status_code == 200
    tried = nobody.swap(TRY, posted)
    asked = nobody.post(f"/api/matters/{MATTER}/decide", json=sample())
    assert tried.status_code == asked.status_code == 422
    assert "feel-syntax" in tried.text
    assert asked.get_json()["diagnostics"][0]["code"] == "feel-syntax"
    assert policy.get(f"/files/{FILE}").status_code == 200


def test_problem_details(app: Flask) -> None:
    nobody = Visitor(app)
    assert nobody.get("/api/nowhere").get_json()["status"] == 404
    answer = nobody.get("/api/check")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.get_json()["title"] == "不能这样访问"
    assert nobody.get("/logout").status_code == 405


def test_too_much_is_413(app: Flask) -> None:
    nobody = Visitor(app)
    assert nobody.post(TRY, {"f_场所类型": "x" * (1 << 20)}).status_code == 413
    assert nobody.post(TRY, {"f_场所类型": "x" * 1000}).status_code == 422
    editor = Visitor(app, "editor")
    assert editor.post(TRY, {"f_场所类型": "x" * (1 << 20)}).status_code == 422
    assert editor.post(TRY, {"f_场所类型": "x" * (9 << 20)}).status_code == 413
    parts = {f"p{n}": (None, "x") for n in range(2_100)}
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\nx\r\n' % name.encode()
        for name in parts
    )
    answer = nobody.post(TRY, body + b"--x--\r\n", content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413


def test_what_was_not_foreseen_is_a_500_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_studio()

    def fall(*_: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("studio.matters.list_matters", fall)
    for url in ("/", "/matters.json"):
        answer = Visitor(app).get(url)
        assert answer.status_code == 500
        assert "secret" not in answer.text
    assert "系统出错" in Visitor(app).get("/").text


def test_a_workspace_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rulesets", tmp_path / "rulesets")
    (tmp_path / "tongban.yaml").write_text("nonsense: 1\n", encoding="utf-8")
    app = make_studio(tmp_path)
    answer = Visitor(app, "policy").get("/")
    assert answer.status_code == 503
    assert "tongban.yaml" in answer.text
    for url, told in (("/", "请联系管理员"), ("/?lang=en", "ask the administrator")):
        answer = Visitor(app).get(url)
        assert answer.status_code == 503
        assert told in answer.text
        assert "tongban.yaml" not in answer.text


def test_a_broken_sheet_is_listed_and_leads_nowhere_false(tmp_path: Path) -> None:
    """A sheet is edited in a spreadsheet program: its problems are told, without a link to an editor."""
    for folder in ("rulesets", "form_defs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    sheets = tmp_path / "rulesets" / "tables"
    sheets.mkdir(exist_ok=True)
    (sheets / "premises.csv").write_text("编号,premises\n", encoding="utf-8")
    matter = tmp_path / "rulesets" / "matters" / "hr_service_licence.yaml"
    text = matter.read_text(encoding="utf-8")
    start = text.index("tables:\n")
    end = text.index("\ncriteria:", start)
    matter.write_text(f"{text[:start]}tables:\n  - file: premises.csv\n{text[end:]}", "utf-8")
    editor = Visitor(make_studio(tmp_path), "editor")
    page = editor.get("/").text
    assert '<span class="mono">rulesets/tables/premises.csv</span>' in page
    for url in re.findall(r'<a class="mono" href="([^"]+)"', page):
        assert editor.get(html.unescape(url)).status_code == 200
