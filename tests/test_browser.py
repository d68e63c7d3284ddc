"""The studio in a real browser: the newcomer's way, the keyboard, accessibility, the page policy."""

import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.serving import make_server

from studio_visitor import PASSWORD, ROOT, make_studio

pytestmark = pytest.mark.browser

MATTER = "public_venue_hygiene"
FILE = f"rulesets/matters/{MATTER}.yaml"
TRY = f"/matters/{MATTER}/try"
AXE = {"resultTypes": ["violations"]}
WATCH = """addEventListener("securitypolicyviolation", (event) => {
  (window.violations ??= []).push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});"""


@dataclass(frozen=True)
class Site:
    """A studio being served, and the workspace that it edits."""

    url: str
    root: Path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    root = tmp_path_factory.mktemp("workspace")
    for folder in ("rulesets", "form_defs", "plugins/data"):
        shutil.copytree(ROOT / folder, root / folder)
    if (ROOT / "tongban.yaml").exists():
        shutil.copy(ROOT / "tongban.yaml", root)
    server = make_server("127.0.0.1", 0, make_studio(root, open_registers=True), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", root)
    server.shutdown()
    thread.join()
    server.server_close()


class Person:
    """Somebody at a browser window; remembers everything that went wrong in it."""

    def __init__(self, browser: Browser, site: Site, **more: Any) -> None:
        self.site = site
        self.context = browser.new_context(
            **{"locale": "zh-CN", "viewport": {"width": 1280, "height": 900}, **more}
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.add_init_script(WATCH)
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, message: Any) -> None:
        # A refused form is answered with 422, which the browser notes as an error of its own.
        if message.type == "error" and "status of 4" not in message.text:
            self.wrong.append(message.text)

    def go(self, path: str) -> Page:
        self.page.goto(self.site.url + path)
        return self.page

    def sign_in(self, role: str, onward: str = "/") -> Page:
        self.go(f"/login?next={onward}")
        self.page.fill("#name", role)
        self.page.fill("#password", PASSWORD)
        self.page.press("#password", "Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)
        return self.page

    def violations(self) -> list[str]:
        """What the Content-Security-Policy kept from happening on this page."""
        found = self.page.evaluate("window.violations ?? []")
        assert isinstance(found, list)
        return found

    def assert_nothing_wrong(self) -> None:
        assert self.violations() == []
        assert self.wrong == []


@pytest.fixture
def person(browser: Browser, site: Site) -> Iterator[Person]:
    somebody = Person(browser, site)
    yield somebody
    somebody.context.close()


def typed(page: Page, before: str, after: str) -> None:
    """Replaces words in the editor as a person would: find them, type over them."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+f")
    page.locator(".cm-search input[name=search]").fill(before)
    page.keyboard.press("Shift")  # the search panel reads its box when a key goes up
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.insert_text(after)


def outcome(page: Page) -> Locator:
    return page.locator("#result .outcome strong")


# --- the newcomer's way --------------------------------------------------------------------------


def test_the_newcomers_way(person: Person, site: Site) -> None:
    page = person.go("/")
    page.keyboard.press("/")
    page.keyboard.type("理发")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="公共场所卫生许可（新办）", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("公共场所卫生许可（新办）")
    page.get_by_role("link", name="试办", exact=True).click()

    fill_barber_shop(page)
    page.get_by_role("button", name="试办").click()
    expect(outcome(page)).to_have_text("准予许可")
    expect(page.locator("#result tr.hit").first).to_contain_text("理发")
    person.assert_nothing_wrong()

    person.sign_in("editor", f"/matters/{MATTER}/edit?sample=approved")
    page.goto(page.url + "?sample=approved")
    expect(page.locator(".cm-editor")).to_be_visible()
    try_button = page.get_by_role("button", name="试办")
    try_button.click()
    expect(outcome(page)).to_have_text("准予许可")

    typed(page, "require: 卫生管理人员数", "require: 卫生管理员数")
    problem = page.locator("[data-problems] .problem-error").first
    expect(problem).to_contain_text("卫生管理员数")
    expect(problem).to_contain_text("卫生管理人员数")  # what to do: is this what was meant?
    line = (site.root / FILE).read_text(encoding="utf-8").split("require: 卫生管理人员数")[0].count(
        "\n"
    ) + 1
    expect(problem).to_contain_text(str(line))
    expect(page.locator(".cm-lintRange-error").first).to_have_text("卫生管理员数")
    try_button.click()
    expect(page.locator("#result")).to_contain_text("定义有错误，暂不能试办")

    typed(page, "require: 卫生管理员数 >= 1", "require: 卫生管理人员数 >= 3")
    expect(page.locator("[data-problems] .problem-error")).to_have_count(0)
    try_button.click()
    expect(outcome(page)).not_to_have_text("准予许可")
    before = (site.root / FILE).read_bytes()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存。")).to_be_visible()
    after = (site.root / FILE).read_bytes()
    assert after == before.replace("卫生管理人员数 >= 1".encode(), "卫生管理人员数 >= 3".encode())
    person.assert_nothing_wrong()
    (site.root / FILE).write_bytes(before)


def fill_barber_shop(page: Page) -> None:
    """The application form as a person fills it; fields come and go while it is filled."""
    page.get_by_label("您的场所是哪一类").select_option("理发")
    expect(page.locator("[id='f_使用集中空调']")).to_have_count(0)
    expect(page.locator("[id='f_设有消毒间']")).to_be_visible()
    choose(page, "f_场所在本辖区内", "是")
    page.get_by_label("经营场所地址").fill("济宁市任城区示例路1号")
    page.get_by_label("营业面积", exact=False).first.fill("４２．５")
    page.get_by_label("平面图标注的面积").fill("42.5")
    choose(page, "f_设有消毒间", "是")
    page.get_by_label("身份证号").fill("11010519491231002X")
    page.get_by_label("卫生管理人员有几名").fill("1")
    page.get_by_label("直接为顾客服务的人员有几名").fill("1")
    page.get_by_label("第 1 行 姓名").fill("李示例")
    page.get_by_label("第 1 行 健康证编号").fill("YS-JKZ-0001")
    page.get_by_label("第 1 行 健康证有效期至").fill("2026-11-22")
    choose(page, "f_一年内曾因虚假申请被处理", "否")
    page.get_by_label("报告的出具日期").first.fill("2026-09-15")
    choose(page, "f_检测机构有CMA资质", "是")
    for word in ("空气", "采光照明", "用具"):
        page.locator("[id='f_检测项目']").locator(f"input[value='{word}']").check()
    choose(page, "f_检测合格", "是")
    page.get_by_label("申请人名称").fill("济宁市任城区示例美发店")
    page.locator("#a_id_kind").select_option("统一社会信用代码")
    page.get_by_label("证件号码", exact=True).fill("92370811MA3C00011H")
    page.locator("#a_kind").select_option("个体工商户")
    page.locator("#a_region").select_option("370811")
    for material in page.locator("#a_materials input").all():
        material.check()
    # The rows grew by themselves, and what was typed is still there.
    expect(page.get_by_label("第 2 行 姓名")).to_be_visible()
    expect(page.get_by_label("第 1 行 姓名")).to_have_value("李示例")


def choose(page: Page, field: str, word: str) -> None:
    page.locator(f"[id='{field}']").get_by_label(word, exact=True).check()


def test_a_mistake_in_the_form_is_said_where_it_is(person: Person) -> None:
    page = person.go(f"{TRY}?sample=approved")
    area = page.locator("[id='f_营业面积']")
    area.fill("很大")
    page.get_by_role("button", name="试办").click()
    summary = page.locator("#result .error-summary")
    expect(summary).to_contain_text("请填写数字")
    expect(page.locator("#result")).to_be_focused()
    said = page.locator("[id='f_营业面积-error']")
    expect(said).to_contain_text("请填写数字")
    expect(area).to_have_attribute("aria-invalid", "true")
    summary.get_by_role("link", name="营业面积").click()
    expect(area).to_be_focused()
    area.fill("42.5")
    page.get_by_role("button", name="试办").click()
    expect(outcome(page)).to_have_text("准予许可")
    expect(said).to_have_count(0)
    person.assert_nothing_wrong()


def test_the_caret_stays_after_a_save_and_goes_to_the_error_after_a_refusal(
    person: Person, site: Site
) -> None:
    person.sign_in("editor", f"/files/{FILE}?sample=approved")
    page = person.page
    typed(page, "visits: 0", "visits: 0  # 行")
    text = (site.root / FILE).read_text(encoding="utf-8")
    line = text[: text.index("visits: 0")].count("\n") + 1
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存。")).to_be_visible()
    assert "sample=approved" in page.url
    expect(page.locator("[data-editor-status]")).to_contain_text(f"第 {line} 行")
    typed(page, "level: 县级", "level: 县级别的")
    wrong = text[: text.index("level: 县级")].count("\n") + 1
    page.keyboard.press("Control+End")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("没有保存").first).to_be_visible()
    expect(page.locator("[data-editor-status]")).to_contain_text(f"第 {wrong} 行")
    # Not assert_nothing_wrong: text set at once over several coloured words makes the browser try
    # an inline style, which the policy stops.


def test_a_slow_answer_overwrites_nothing(person: Person) -> None:
    page = person.go(f"{TRY}?sample=approved")
    answers: list[Any] = []

    def hold(route: Any) -> None:
        answers.append(route)

    page.route("**/try/questions", hold)
    page.get_by_label("您的场所是哪一类").select_option("住宿")
    expect(page.locator("#questions")).to_have_attribute("aria-busy", "true")
    page.get_by_label("平面图标注的面积").press("End")
    page.keyboard.type("9")
    answers.pop().continue_()
    page.wait_for_timeout(700)
    expect(page.get_by_label("平面图标注的面积")).to_have_value("42.509")
    answers.pop().continue_()
    expect(page.locator("[id='f_使用集中空调']")).to_be_visible()
    expect(page.get_by_label("平面图标注的面积")).to_have_value("42.509")
    expect(page.get_by_label("平面图标注的面积")).to_be_focused()
    person.assert_nothing_wrong()


def test_what_was_answered_before_the_script_ran_counts(person: Person) -> None:
    page = person.page
    held: list[Any] = []
    page.route("**/app.js", lambda route: held.append(route))
    page.goto(person.site.url + TRY, wait_until="commit")
    page.get_by_label("您的场所是哪一类").select_option("住宿")
    while not held:
        page.wait_for_timeout(20)
    held.pop().continue_()
    expect(page.locator("[id='f_使用集中空调']")).to_be_visible()
    person.assert_nothing_wrong()


def test_without_an_answer_the_answers_stay(person: Person) -> None:
    page = person.go(f"{TRY}?sample=approved")
    page.route("**/try/questions", lambda route: route.fulfill(status=404, body="<p>no</p>"))
    page.get_by_label("您的场所是哪一类").select_option("住宿")
    page.wait_for_timeout(700)
    expect(page.get_by_label("平面图标注的面积")).to_have_value("42.50")
    person.context.clear_cookies()
    page.locator("#trial button.button").click()
    expect(page.locator("#result")).to_contain_text("页面已过期")
    expect(page.locator("#result h1")).to_have_count(0)


def test_two_people_edit_one_file(browser: Browser, site: Site, person: Person) -> None:
    url = f"/files/{FILE}"
    before = (site.root / FILE).read_bytes()
    other = Person(browser, site)
    for somebody in (person, other):
        somebody.sign_in("editor", url)
        expect(somebody.page.locator(".cm-editor")).to_be_visible()
    typed(other.page, "visits: 0", "visits: 2")
    other.page.keyboard.press("Control+s")
    expect(other.page.get_by_text("已保存。")).to_be_visible()
    typed(person.page, "visits: 0", "visits: 1")
    person.page.keyboard.press("Control+s")
    expect(person.page.get_by_text("此文件在您打开之后已被他人修改")).to_be_visible()
    expect(person.page.locator(".cm-content")).to_contain_text("visits: 1")
    person.page.get_by_role("button", name="用我的内容覆盖").click()
    expect(person.page.get_by_text("已保存。")).to_be_visible()
    assert (site.root / FILE).read_bytes() == before.replace(b"visits: 0", b"visits: 1")
    (site.root / FILE).write_bytes(before)
    other.context.close()


# --- every page ----------------------------------------------------------------------------------

PAGES = ["/", "/?q=没有这样的事项", "/login", "/nowhere", f"/matters/{MATTER}", f"/matters/{MATTER}/proof",
         f"/matters/{MATTER}/changes", TRY, f"{TRY}?sample=approved", f"/files/{FILE}",
         f"/files/form_defs/{MATTER}.yaml", "/apply", f"/apply/matters/{MATTER}", "/progress",
         "/verify", "/verify/none", "/apply/themes/open_restaurant"]  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_accessible(person: Person, site: Site, language: str) -> None:
    person.sign_in("editor")
    shipped = sorted(path.stem for path in (site.root / "rulesets" / "matters").glob("*.yaml"))
    for path in [*PAGES, *(f"/matters/{name}" for name in shipped)]:
        page = person.go(f"{path}{'&' if '?' in path else '?'}lang={language}")
        expect(page.locator("html")).to_have_attribute(
            "lang", "en" if language == "en" else "zh-Hans"
        )
        settle(page)
        assert_accessible(page, path)
        assert_nothing_sticks_out(page, path)
    person.assert_nothing_wrong()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("sample", ["approved", "refused", "to_correct", "pending"])
def test_every_result_is_accessible(person: Person, sample: str, language: str) -> None:
    page = person.go(f"{TRY}?lang={language}&sample={sample}")
    page.locator("#lenient").check()
    page.locator("#trial button.button").click()
    expect(page.locator("#result .outcome")).to_be_visible()
    for details in page.locator("#result details").all():
        details.evaluate("node => { node.open = true; }")
    assert_accessible(page, sample)
    person.assert_nothing_wrong()


@pytest.mark.parametrize("width", [320, 768])
def test_narrow_screens(browser: Browser, site: Site, width: int) -> None:
    person = Person(browser, site, viewport={"width": width, "height": 800})
    person.sign_in("editor")
    for path in PAGES:
        page = person.go(path)
        settle(page)
        assert_nothing_sticks_out(page, path)
    page = person.go(f"{TRY}?sample=approved")
    page.locator("#trial button.button").click()
    expect(page.locator("#result .outcome")).to_be_visible()
    assert_nothing_sticks_out(page, "result")
    person.assert_nothing_wrong()
    person.context.close()


def test_on_a_phone_the_guides_tables_are_cards(browser: Browser, site: Site) -> None:
    person = Person(browser, site, viewport={"width": 390, "height": 800})
    page = person.go(f"/matters/{MATTER}")
    row = page.locator(".guide table.as-cards tbody tr").first
    boxes = [cell.bounding_box() for cell in row.locator("th, td[data-label]").all()]
    lefts = {round(box["x"]) for box in boxes if box}
    assert len(boxes) > 1
    assert len(lefts) == 1, "one under the other"
    assert_accessible(page, "cards")
    assert_nothing_sticks_out(page, "cards")
    person.assert_nothing_wrong()
    person.context.close()


def settle(page: Page) -> None:
    """Waits for the editor's first check, where there is an editor."""
    if page.locator("[data-editor]").count():
        expect(page.locator(".cm-editor")).to_be_visible()
        page.wait_for_load_state("networkidle")


def assert_accessible(page: Page, where: str) -> None:
    expect(page.locator("[aria-busy=true]")).to_have_count(0)  # nothing is on its way
    results = Axe().run(page, options=AXE)
    assert results.violations_count == 0, f"{where}\n{results.generate_report()}"


def assert_nothing_sticks_out(page: Page, where: str) -> None:
    widths = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert widths[0] <= widths[1], where


# --- without a mouse, without a script -----------------------------------------------------------


def test_by_keyboard_alone(person: Person, site: Site) -> None:
    page = person.go("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    tab_to(page, page.get_by_role("link", name="公共场所卫生许可（新办）", exact=True))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="试办", exact=True))
    page.keyboard.press("Enter")
    tab_to(page, page.locator("a[href$='sample=approved']"))
    page.keyboard.press("Enter")
    tab_to(page, page.locator("#trial button.button"))
    page.keyboard.press("Enter")
    expect(outcome(page)).to_have_text("准予许可")
    expect(page.locator("#result")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#result') !== null")

    tab_to(page, page.get_by_role("link", name="登录", exact=True), "Shift+Tab")
    page.keyboard.press("Enter")
    tab_to(page, page.locator("#name"))
    page.keyboard.type("editor")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".site-user").get_by_text("事项管理员")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="定义：公共场所卫生许可（新办）", exact=True))
    page.keyboard.press("Enter")
    content = page.locator(".cm-content")
    expect(content).to_be_visible()
    tab_to(page, content)
    page.keyboard.press("Tab")  # Tab leaves the editor
    expect(content).not_to_be_focused()
    tab_to(page, page.get_by_role("button", name="保存"))
    person.assert_nothing_wrong()


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    for _ in range(250):
        page.keyboard.press(key)
        if target.evaluate("node => node === document.activeElement"):
            assert is_seen(target), "the focus must be seen"
            return
    raise AssertionError(f"{target} is not reached by {key}")


def is_seen(target: Locator) -> bool:
    found = target.evaluate(
        """node => {
          const style = getComputedStyle(node.closest(".cm-editor") ?? node);
          return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
        }"""
    )
    return bool(found)


def test_without_scripts(browser: Browser, site: Site) -> None:
    person = Person(browser, site, java_script_enabled=False)
    page = person.go(f"{TRY}?sample=approved")
    page.locator("#trial button.button").click()
    expect(outcome(page)).to_have_text("准予许可")
    page.locator("[id='f_营业面积']").fill("很大")
    page.locator("#trial button.button").click()
    expect(page.locator("[id='f_营业面积-error']")).to_contain_text("请填写数字")

    person.go("/login")
    page.fill("#name", "editor")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="登录").click()
    person.go(f"/files/{FILE}")
    before = (site.root / FILE).read_bytes()
    box = page.locator("#text")
    assert box.input_value() == before.decode()
    box.fill(before.decode().replace("visits: 0", "visits: ["))
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("没有保存")).to_be_visible()
    expect(page.locator(".problem-error").first).to_contain_text(re.compile("第 [0-9]+ 行"))
    box.fill(before.decode().replace("visits: 0", "visits: 1"))
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    assert (site.root / FILE).read_bytes() == before.replace(b"visits: 0", b"visits: 1")
    (site.root / FILE).write_bytes(before)
    person.context.close()


# --- the applicant's way -------------------------------------------------------------------------

APPLY = f"/apply/matters/{MATTER}/begin"


def begin(person: Person) -> Page:
    """An applicant at the first page of a new application."""
    page = person.sign_in("applicant", APPLY)
    page.locator("#region").select_option("370811")
    page.get_by_role("button", name="开始填写").click()
    page.wait_for_url("**/steps/situation")
    return page


def fill_in(page: Page, *, report: bool = True) -> None:
    """Every step up to the materials, as a person fills it in."""
    page.get_by_label("您的场所是哪一类").select_option("理发")
    onward(page)
    choose(page, "f_场所在本辖区内", "是")
    page.get_by_label("经营场所地址").fill("济宁市任城区示例路1号")
    page.get_by_label("营业面积", exact=False).first.fill("４２．５")
    page.get_by_label("平面图标注的面积").fill("42.5")
    choose(page, "f_设有消毒间", "是")
    onward(page)
    page.get_by_label("身份证号").fill("11010519491231002X")
    page.get_by_label("卫生管理人员有几名").fill("1")
    page.get_by_label("直接为顾客服务的人员有几名").fill("1")
    page.get_by_label("第 1 行 姓名").fill("李示例")
    page.get_by_label("第 1 行 健康证编号").fill("YS-JKZ-0001")
    page.get_by_label("第 1 行 健康证有效期至").fill("2026-11-22")
    choose(page, "f_一年内曾因虚假申请被处理", "否")
    onward(page)
    page.get_by_label("报告的出具日期").first.fill("2026-09-15")
    choose(page, "f_检测机构有CMA资质", "是")
    for word in ("空气", "采光照明", "用具"):
        page.locator("[id='f_检测项目']").locator(f"input[value='{word}']").check()
    choose(page, "f_检测合格", "是")
    onward(page)
    page.wait_for_url("**/materials")


def onward(page: Page) -> None:
    before = page.url
    page.get_by_role("button", name="下一步").click()
    page.wait_for_url(lambda url: url != before)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_applicants_way_on_a_phone(browser: Browser, site: Site, language: str) -> None:
    person = Person(browser, site, viewport={"width": 360, "height": 740})
    page = begin(person)
    seen = [page.url]
    fill_in(page)
    for name in ("1", "2", "3"):
        seen.append(seen[0].replace("situation", name))
    draft = seen[0].removesuffix("/steps/situation")
    for url in [*seen, f"{draft}/materials", f"{draft}/review", f"{site.url}/my", site.url + APPLY]:
        page.goto(f"{url}?lang={language}")
        assert_accessible(page, url)
        assert_nothing_sticks_out(page, url)
    page.goto(f"{draft}/materials?lang=zh")
    upload(page, "site_plans", "图.pdf", PDF)
    expect(page.get_by_role("link", name="图.pdf")).to_be_visible()
    upload(page, "site_plans", "程序.pdf", b"MZ not a paper")
    told = page.locator("#material-site_plans .field-error")
    expect(told).to_contain_text("可执行的程序")
    expect(told).to_be_focused()
    assert_accessible(page, "a refused upload")
    page.goto(f"{draft}/review?lang={language}")
    page.locator("#truth").check()
    page.locator("#anyway").check()
    if page.locator("#duplicate_reason").count():
        page.locator("#duplicate_reason").fill("另一处")
    page.locator("#signing button.button").click()
    if page.locator("#duplicate_reason").count():  # the other language was here first
        page.locator("#duplicate_reason").fill("另一处")
        page.locator("#signing button.button").click()
    page.wait_for_url("**/submitted")
    case = page.url.removesuffix("/submitted")
    for url in (page.url, case, f"{site.url}/my"):
        page.goto(f"{url}?lang={language}")
        assert_accessible(page, url)
        assert_nothing_sticks_out(page, url)
    person.assert_nothing_wrong()
    person.context.close()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def upload(page: Page, material: str, name: str, content: bytes) -> None:
    file: Any = {"name": name, "mimeType": "application/pdf", "buffer": content}
    page.set_input_files(f"#file-{material}", file)
    page.locator(f"#material-{material} .upload-form button").click()


def test_a_draft_follows_its_applicant_to_another_device(browser: Browser, site: Site) -> None:
    phone, desk = (
        Person(browser, site, viewport={"width": 360, "height": 740}),
        Person(browser, site),
    )
    page = begin(phone)
    page.get_by_label("您的场所是哪一类").select_option("住宿")
    expect(page.locator("#saved")).to_contain_text("已自动保存")
    expect(page.locator("[id='f_使用集中空调']")).to_be_visible()
    elsewhere = desk.sign_in("applicant", "/my")
    elsewhere.goto(page.url)
    expect(elsewhere.get_by_label("您的场所是哪一类")).to_have_value("住宿")
    elsewhere.get_by_label("您的场所是哪一类").select_option("沐浴")
    expect(elsewhere.locator("#saved")).to_contain_text("已自动保存")
    page.get_by_label("您的场所是哪一类").select_option("理发")
    expect(page.locator("#saved")).to_contain_text("另一个窗口或设备上改过")
    page.get_by_role("button", name="下一步").click()
    expect(page.locator(".error-summary")).to_contain_text("另一处是“公共浴室”，这里是“理发店”")
    expect(page.get_by_label("您的场所是哪一类")).to_have_value("理发")
    assert_accessible(page, "two devices")
    onward(page)
    phone.assert_nothing_wrong()
    for person in (phone, desk):
        person.context.close()


def test_what_is_typed_while_an_answer_is_awaited_stays(person: Person) -> None:
    page = begin(person)
    page.get_by_label("您的场所是哪一类").select_option("理发")
    onward(page)
    held: list[Any] = []
    page.route("**/autosave", lambda route: held.append(route))
    page.get_by_label("经营场所地址").fill("示例路2号")
    page.keyboard.press("Tab")
    while not held:
        page.wait_for_timeout(20)
    page.get_by_label("平面图标注的面积").fill("77")
    held.pop().continue_()
    while not held:
        page.wait_for_timeout(20)
    expect(page.get_by_label("平面图标注的面积")).to_have_value("77")
    held.pop().continue_()
    expect(page.locator("#saved")).to_contain_text("已自动保存")
    expect(page.get_by_label("平面图标注的面积")).to_have_value("77")
    person.assert_nothing_wrong()


def test_an_applicants_way_without_scripts_and_by_keyboard(browser: Browser, site: Site) -> None:
    person = Person(browser, site, java_script_enabled=False)
    page = begin(person)
    fill_in(page)
    upload(page, "site_plans", "图.pdf", PDF)
    expect(page.get_by_role("link", name="图.pdf")).to_be_visible()
    upload(page, "site_plans", "程序.pdf", b"MZ not a paper")
    expect(page.locator("#material-site_plans .field-error")).to_contain_text("可执行的程序")
    page.locator("#path-commitment").check()
    page.get_by_role("button", name="按所选方式列出材料").click()
    expect(page.locator("#material-hygiene_report")).to_contain_text("承诺")
    onward(page)
    page.locator("#truth").check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("#promise-error")).to_be_visible()
    person.context.close()
    typist = Person(browser, site)
    page = begin(typist)
    tab_to(page, page.get_by_label("您的场所是哪一类"))
    place = page.get_by_label("您的场所是哪一类")
    for _ in range(30):
        if place.input_value() == "理发":
            break
        page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("button", name="下一步"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/steps/1")
    tab_to(page, page.get_by_role("button", name="下一步"))
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    typist.assert_nothing_wrong()
    typist.context.close()
