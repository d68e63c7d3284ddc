"""一件事 in a real browser: on a phone and a desk, with and without scripts, every page accessible."""

import re
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from studio_visitor import ROOT
from test_browser import Person, Site, assert_accessible, assert_nothing_sticks_out
from test_studio_themes import (
    THEME,
    Applicant,
    decide_for,
    hand_in,
    owner_of,
    part,
    sample,
    studio_of,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app() -> Flask:
    return studio_of(owner_of())


@pytest.fixture(scope="module")
def site(app: Flask) -> Iterator[Site]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", ROOT)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def pages(app: Flask) -> tuple[list[str], list[str]]:
    """The pages of the applicant, and of the desk, with something to show on each."""
    begun = Applicant(app, "applicant")
    begun.begin()
    filled = Applicant(app, "applicant")
    filled.begin()
    filled.fill_in(sample()["facts"])
    chosen = {"path-fire_safety_before_opening": "commitment"}
    filled.post(f"{filled.draft}/materials", chosen)
    whole = hand_in(app, "take_away")
    food = part(whole, "food_business_licence")
    decide_for(app, food, "准予", 现场核查人员数=2, 现场核查结论="符合")
    own = ["/apply", f"/apply/themes/{THEME}", f"{begun.draft}/steps/situation"]
    own += [f"{filled.draft}{page}" for page in ("/steps/1", "/materials", "/review")]
    own += ["/my", f"/my/themes/{whole.id}", f"/my/cases/{food.id}"]
    return own, [f"/desk/cases/{case.id}" for case in whole.cases]


@pytest.mark.parametrize(("width", "language"), [(360, "zh"), (1280, "en")])
def test_every_page_of_a_theme_is_accessible(
    browser: Browser, site: Site, pages: tuple[list[str], list[str]], width: int, language: str
) -> None:
    for role, paths in zip(("applicant", "clerk"), pages, strict=True):
        person = Person(browser, site, viewport={"width": width, "height": 800})
        person.sign_in(role)
        for path in paths:
            page = person.go(f"{path}?lang={language}")
            assert_accessible(page, path)
            assert_nothing_sticks_out(page, path)
        person.assert_nothing_wrong()
        person.context.close()


def begin(person: Person) -> Page:
    person.sign_in("applicant", "/apply")
    page = person.go(f"/apply/themes/{THEME}?lang=zh")
    page.get_by_role("link", name="开始办理").click()
    page.get_by_role("button", name=re.compile("开始")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("您的情况")
    return page


def answer(page: Page, fact: str, word: str) -> None:
    page.locator(f"[id='f_{fact}']").get_by_label(word, exact=False).first.check()


def test_the_parts_follow_the_answers_while_they_are_given(browser: Browser, site: Site) -> None:
    person = Person(browser, site, viewport={"width": 360, "height": 800})
    page = begin(person)
    needs = page.locator("section[aria-labelledby=needs]")
    sign = needs.locator("li", has_text="户外招牌设施设置规范管理")
    expect(sign).to_contain_text("待定")
    answer(page, "设置户外招牌", "否")
    expect(sign).to_contain_text("不须办理")
    expect(sign).to_contain_text("不设户外招牌")
    answer(page, "设置户外招牌", "是")
    expect(sign).to_contain_text("要办")
    person.assert_nothing_wrong()
    person.context.close()


def test_a_draft_is_left_on_a_phone_and_resumed_at_a_desk(browser: Browser, site: Site) -> None:
    phone = Person(browser, site, viewport={"width": 360, "height": 800})
    page = begin(phone)
    answer(page, "设置户外招牌", "是")
    page.get_by_label("店铺地址").fill("济宁市任城区示例路99号")
    page.get_by_label("店铺地址").press("Tab")
    expect(page.locator("#saved")).to_contain_text("已自动保存")
    draft = page.url.split("/steps/")[0].removeprefix(site.url)
    phone.context.close()
    desk = Person(browser, site)
    desk.sign_in("applicant", "/my")
    page = desk.go("/my")
    page.locator(f"a[href='{draft}']").click()
    expect(page.get_by_label("店铺地址")).to_have_value("济宁市任城区示例路99号")
    desk.assert_nothing_wrong()
    desk.context.close()


def test_without_a_script_the_parts_are_told_on_the_next_page(browser: Browser, site: Site) -> None:
    person = Person(browser, site, java_script_enabled=False)
    page = begin(person)
    answer(page, "设置户外招牌", "否")
    page.get_by_role("button", name="下一步").click()
    expect(page.locator(".error-summary")).to_contain_text("店里接待堂食的顾客吗")
    expect(page.locator("section[aria-labelledby=needs]")).to_contain_text("不设户外招牌")
    answer(page, "场所类别", "饭店")
    page.get_by_label("经营面积").fill("160")
    answer(page, "场所在本辖区内", "是")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("您的情况")
    person.context.close()
