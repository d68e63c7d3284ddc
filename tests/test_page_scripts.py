"""What app.js adds to a page that works without it, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from scripted_pages import TEXT, Scripted, serving

pytestmark = pytest.mark.browser


@pytest.fixture
def script() -> Iterator[Scripted]:
    with serving() as script:
        yield script


def test_trying_sends_the_unsaved_text_and_moves_the_focus(page: Page, script: Scripted) -> None:
    page.goto(script.url + "#L1")
    expect(page.locator(".cm-content")).to_be_focused()
    page.keyboard.type("# ")
    page.get_by_role("button", name="试算").click()
    expect(page.locator("#result")).to_have_text("不满足")
    expect(page.locator("#result")).to_be_focused()
    assert script.tried[0]["area"] == ["8"]
    assert script.tried[0]["text"][0].replace("\r\n", "\n") == "# " + TEXT
    assert "token-1" in script.tokens


def test_a_failed_answer_is_said_and_the_answers_stay(page: Page, script: Scripted) -> None:
    script.try_status = 500
    page.goto(script.url)
    page.locator("#area").fill("12")
    page.get_by_role("button", name="试算").click()
    expect(page.get_by_role("alert")).to_contain_text("没有收到服务的应答")
    expect(page.locator("#area")).to_have_value("12")


def test_fields_follow_an_answer_and_the_focus_stays(page: Page, script: Scripted) -> None:
    page.goto(script.url)
    page.locator("#area").fill("20")
    page.keyboard.press("Enter")  # a change, and a submit whose answer comes beside
    expect(page.locator("#room")).to_be_visible()
    expect(page.locator("#area")).to_have_value("20")
    page.locator("#area").fill("30")
    page.locator("#room").focus()
    page.wait_for_timeout(600)
    expect(page.locator("#room")).to_be_focused()
    expect(page.locator("#area")).to_have_value("30")


def test_a_slash_searches_but_not_while_typing(page: Page, script: Scripted) -> None:
    page.goto(script.url)
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    expect(page.locator("#search")).to_have_value("")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_have_value("/")


def test_print_prints(page: Page, script: Scripted) -> None:
    page.add_init_script("window.print = () => (window.printed = true)")
    page.goto(script.url)
    page.get_by_role("button", name="打印").click()
    assert page.evaluate("window.printed") is True
