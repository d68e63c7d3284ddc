"""The editor island in a real browser, under the strict policy, against a scripted server."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Dialog, Page, expect

STATIC = Path(__file__).parent.parent / "studio" / "static"
pytestmark = pytest.mark.browser

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-abc'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>编辑</title>
<meta name="viewport" content="width=device-width"><meta name="csp-nonce" content="abc">
<meta name="csrf-token" content="token-1"><link rel="stylesheet" href="/app.css">
<link rel="icon" href="data:,"><script type="module" src="/app.js"></script>
<script type="module" src="/editor.js"></script></head><body><main class="page-wide"><h1>编辑</h1>
<form method="post" action="/save"><label for="text">定义</label>
<textarea id="text" name="text" data-editor="yaml" data-path="rulesets/a.yaml"
 data-check-url="/check" data-schema-url="/schema">{text}</textarea>
<p class="editor-status" data-editor-status></p>
<button class="button" data-save>保存</button></form>
<section aria-labelledby="p"><h2 id="p">问题</h2><div data-problems></div></section>
<form method="post" action="/try" data-swap="#result" data-with="#text">
<label for="area">面积</label><input id="area" name="area" value="8">
<button class="button">试算</button></form>
<div id="result" tabindex="-1" aria-live="polite"></div></main></body></html>"""
TEXT = "matter: demo\ntitle: 😀营业面积下限\nlevle: 县级\n"
SCHEMA: dict[str, object] = {
    "schema": {
        "type": "object",
        "properties": {
            "matter": {"type": "string", "description": "事项标识"},
            "title": {"type": "string", "description": "事项名称，显示给申请人"},
            "level": {"enum": ["县级", "市级"], "description": "行使层级"},
            "criteria": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"require": {"type": "string", "x-tongban": "expression"}},
                },
            },
        },
    },
    "names": [{"name": "营业面积", "detail_zh": "平方米", "detail_en": "square metres"}],
}


def diagnose(path: str, text: str) -> list[dict[str, object]]:
    """One error where `levle` stands, one hint on the emoji's line, one in another file."""
    found: list[dict[str, object]] = []
    for number, line in enumerate(text.splitlines(), 1):
        for word, code, severity in (("levle", "unknown-key", "error"), ("营业", "hint", "info")):
            column = line.find(word) + 1
            if column:
                place = {"path": path, "line": number, "column": column}
                end = {"end_line": number, "end_column": column + len(word)}
                said = {"message_zh": f"不认识“{word}”", "message_en": f"unknown “{word}”"}
                aid = {"help_zh": "是否想写 level？", "help_en": "did you mean level?"}
                found.append({"code": code, "severity": severity} | place | end | said | aid)
    return found


@dataclass
class Scripted:
    """What the server answers with, and what it was asked."""

    lang: str = "zh-Hans"
    text: str = TEXT
    delay: float = 0.0
    check_status: int = 200
    url: str = ""
    checks: list[str] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)
    tried: list[dict[str, list[str]]] = field(default_factory=list)

    def check(self, body: bytes) -> tuple[int, str, bytes]:
        asked = json.loads(body)
        self.checks.append(asked["text"])
        time.sleep(self.delay)
        answer = {"diagnostics": diagnose(asked["path"], asked["text"])}
        return self.check_status, "application/json", json.dumps(answer).encode()

    def get(self, path: str) -> tuple[int, str, bytes]:
        if path == "/":
            page = PAGE.format(lang=self.lang, text=self.text)
            return 200, "text/html; charset=utf-8", page.encode()
        if path == "/schema":
            return 200, "application/json", json.dumps(SCHEMA).encode()
        kind = "text/css" if path.endswith(".css") else "text/javascript"
        return 200, kind, (STATIC / path.lstrip("/")).read_bytes()

    def post(self, path: str, body: bytes) -> tuple[int, str, bytes]:
        if path == "/check":
            return self.check(body)
        fields = parse_qs(body.decode(), keep_blank_values=True)
        if path == "/save":
            self.saved += fields["text"]
            return 200, "text/html; charset=utf-8", b"<title>saved</title>"
        self.tried.append(fields)
        return 422, "text/html; charset=utf-8", "<p>不满足</p>".encode()


def handler_for(script: Scripted) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def reply(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(body)  # the page may have aborted a stale question

        def do_GET(self) -> None:
            self.reply(*script.get(self.path.partition("?")[0]))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            script.tokens.append(self.headers["X-CSRFToken"])
            self.reply(*script.post(self.path, body))

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet: the test says what matters."""

    return Handler


@pytest.fixture
def script() -> Iterator[Scripted]:
    script = Scripted()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(script))
    server.daemon_threads = True
    script.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield script
    server.shutdown()
    thread.join()
    server.server_close()


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


def test_trying_sends_the_unsaved_text_and_moves_the_focus(page: Page, script: Scripted) -> None:
    caret_at(page, script, "#L1")
    page.keyboard.type("# ")
    page.get_by_role("button", name="试算").click()
    expect(page.locator("#result")).to_have_text("不满足")
    expect(page.locator("#result")).to_be_focused()
    assert script.tried[0]["area"] == ["8"]
    assert script.tried[0]["text"][0].replace("\r\n", "\n") == "# " + TEXT


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
