"""A scripted server for one page, under the studio's own policy: the scripts' other side in tests."""

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

STATIC = Path(__file__).parent.parent / "studio" / "static"
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
<form method="post" action="/try" data-swap="#result" data-with="#text"
 data-live="/fields" data-live-swap="#fields"><div id="fields">
<label for="area">面积</label><input id="area" name="area" value="8"></div>
<button class="button">试算</button></form>
<button type="button" data-print>打印</button>
<label for="search">查找事项</label><input id="search" data-search-key>
<div id="result" tabindex="-1" aria-live="polite"></div></main></body></html>"""
FIELDS = """<label for="area">面积</label><input id="area" name="area" value="{}">
<label for="room">设有消毒间</label><input id="room" name="room">"""
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
    try_status: int = 422
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
        if path == "/fields":
            return 200, "text/html; charset=utf-8", FIELDS.format(fields["area"][0]).encode()
        self.tried.append(fields)
        return self.try_status, "text/html; charset=utf-8", "<p>不满足</p>".encode()


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


@contextlib.contextmanager
def serving() -> Iterator[Scripted]:
    """A running server; what it is asked is kept in the script that it follows."""
    script = Scripted()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(script))
    server.daemon_threads = True
    script.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
