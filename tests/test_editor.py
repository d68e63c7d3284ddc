"""The editor island in a real browser, under the strict policy, against a scripted server."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Dialog, Page, expect

from scripted_pages import TEXT, Scripted, serving

pytestmark = pytest.mark.browser


@pytest.fixture
def script() -> Iterator[Scripted]:
    with serving() as script:
        yield script


def opened(page: Page, script: Scripted) -> Page:
    page.goto(script.url)
    expect(page.locator(".cm-content")).to_be_visible()
    return page


def text_of(page: Page) -> str:
    return page.locator("#text").input_value()


def caret_at(page: Page, script: Scripted, fragment: str) -> None:
    """Puts the caret by the page's own fragment."""
    page.goto(script.url + fragment)
    expect(page.locator(".cm-content")).to_be_focused()


def test_problems_are_underlined_listed_and_one_click_away(page: Page, script: Scripted) -> None:
    opened(page, script)
    expect(page.locator(".problems-summary")).to_have_text("1 个错误，1 条提示")
    expect(page.locator(".cm-lintRange-error")).to_have_text("levle")
    expect(page.locator(".cm-lintRange-info")).to_have_text("营业")  # after an emoji
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
    expect(page.locator(".problem-error .problem-help")).to_have_text("是否想写 level？")
    page.get_by_role("button", name="第 3 行").click()
    expect(page.locator(".cm-content")).to_be_focused()
    expect(page.locator("[data-editor-status]")).to_contain_text("第 3 行，第 1 列")
    assert script.tokens == ["token-1"]


def test_mending_the_text_clears_the_mark(page: Page, script: Scripted) -> None:
    caret_at(page, script, "#L3:4")
    page.keyboard.press("Delete")
    page.keyboard.press("Delete")
    page.keyboard.type("el")
    expect(page.locator(".problems-summary")).to_have_text("1 条提示")
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    assert "level: 县级" in text_of(page)
    expect(page.locator("[data-editor-status]")).to_contain_text("有未保存的修改")


def test_typing_is_asked_about_once_it_rests(page: Page, script: Scripted) -> None:
    opened(page, script)
    expect(page.locator(".problem")).to_have_count(2)
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("# 123456789", delay=10)
    expect(page.locator("#text")).to_have_value(TEXT + "# 123456789")
    page.wait_for_timeout(600)
    assert len(script.checks) == 2
    assert script.checks[-1] == TEXT + "# 123456789"


def test_a_stale_answer_is_not_shown(page: Page, script: Scripted) -> None:
    script.delay = 0.8
    opened(page, script)
    page.wait_for_timeout(400)  # the first question is on its way
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("matter: x")
    expect(page.locator(".problems-summary")).to_have_text("没有发现问题")
    page.wait_for_timeout(500)
    expect(page.locator(".problems-summary")).to_have_text("没有发现问题")


@pytest.mark.parametrize("status", [401, 413, 500])
def test_a_refused_check_says_so_and_keeps_the_text(
    page: Page, script: Scripted, status: int
) -> None:
    script.check_status = status
    opened(page, script)
    expect(page.locator(".problems-summary")).to_contain_text(str(status))
    assert text_of(page) == TEXT


def test_keys_and_values_are_completed_in_chinese(page: Page, script: Scripted) -> None:
    caret_at(page, script, "#L4")
    page.keyboard.type("le")
    options = page.locator(".cm-tooltip-autocomplete li")
    expect(options).to_have_text(["level行使层级"])
    page.wait_for_timeout(100)  # completions refuse keys for a moment after they open
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value(TEXT + "level: ")
    page.keyboard.press("Control+Space")
    expect(options).to_have_text(["县级", "市级"])
    page.keyboard.press("Escape")


def test_facts_are_completed_inside_expressions(page: Page, script: Scripted) -> None:
    script.text = "criteria:\n  - require: 营"
    caret_at(page, script, "#L2:15")
    page.keyboard.press("Control+Space")
    option = page.locator(".cm-tooltip-autocomplete li")
    expect(option).to_contain_text("营业面积")
    expect(option).to_contain_text("平方米")
    page.wait_for_timeout(100)
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value("criteria:\n  - require: 营业面积")


def test_hover_explains_a_key(page: Page, script: Scripted) -> None:
    opened(page, script)
    page.get_by_text("title", exact=True).first.hover()
    expect(page.locator(".editor-hover")).to_have_text("事项名称，显示给申请人")


def test_control_s_saves_and_leaving_unsaved_text_asks(page: Page, script: Scripted) -> None:
    caret_at(page, script, "#L1")
    page.keyboard.type("# ")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.evaluate("setTimeout(() => location.assign('/?elsewhere'))")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.keyboard.press("Control+s")
    expect(page).to_have_title("saved")
    assert [saved.replace("\r\n", "\n") for saved in script.saved] == ["# " + TEXT]


def test_the_keyboard_gets_in_and_out(page: Page, script: Scripted) -> None:
    caret_at(page, script, "#L1")
    page.keyboard.press("Tab")
    expect(page.locator("[data-save]")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".cm-content")).to_be_focused()
    page.keyboard.press("Control+m")
    page.keyboard.press("Tab")
    expect(page.locator("#text")).to_have_value("  " + TEXT)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator("[data-save]")).to_be_focused()


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_axe_finds_nothing(page: Page, script: Scripted, lang: str) -> None:
    script.lang = lang
    opened(page, script)
    expect(page.locator(".problem")).to_have_count(2)
    words = {"en": ("1 error(s), 1 hint(s)", "Find"), "zh-Hans": ("1 个错误，1 条提示", "查找")}
    expect(page.locator(".problems-summary")).to_have_text(words[lang][0])
    page.locator(".cm-content").click()
    page.keyboard.press("Control+f")
    expect(page.get_by_placeholder(words[lang][1])).to_be_visible()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
