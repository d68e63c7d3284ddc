"""The desk in a real browser: every role's pages are accessible, narrow screens included; a case is
carried to its licence by keyboard and mouse, without a page breaking the policy."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from engine import Actor, Case, Command, read_json
from studio_visitor import NOW, ROOT, make_studio
from test_browser import Person, Site, assert_accessible, assert_nothing_sticks_out

pytestmark = pytest.mark.browser

HANDLERS = ("clerk", "reviewer", "checker", "issuer", "leader", "supervisor")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    root = tmp_path_factory.mktemp("workspace")
    for folder in ("rulesets", "form_defs", "plugins/data"):
        shutil.copytree(ROOT / folder, root / folder)
    if (ROOT / "tongban.yaml").exists():
        shutil.copy(ROOT / "tongban.yaml", root)
    return make_studio(root, open_registers=True)


@pytest.fixture(scope="module")
def site(app: Flask) -> Iterator[Site]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", Path(app.root_path))
    server.shutdown()
    thread.join()
    server.server_close()


def submit(app: Flask, sample: str) -> Case:
    path = ROOT / f"rulesets/samples/public_venue_hygiene/{sample}.json"
    given = Command("submit", Actor("applicant", "applicant"), NOW, {"duplicate_reason": "另一处"})
    case: Case = app.extensions["desk"].hall.submit(
        "public_venue_hygiene", read_json(path.read_bytes()), given
    )
    return case


@pytest.fixture(scope="module")
def cases(app: Flask) -> list[str]:
    """One case waiting, one under review with something pending, one granted and issued."""
    hall = app.extensions["desk"].hall
    waiting, pending, issued = (submit(app, name) for name in ("to_correct", "pending", "approved"))
    staff = {role: Actor(f"{role}-x", role, "*") for role in HANDLERS}
    hall.perform(pending.id, Command("accept", staff["clerk"], NOW))
    moves: list[tuple[str, str, dict[str, str]]] = [
        ("clerk", "accept", {}),
        ("reviewer", "review", {"outcome": "准予", "opinion": "符合"}),
        ("checker", "approve", {}),
        ("issuer", "issue", {}),
    ]
    for role, do, body in moves:
        hall.perform(issued.id, Command(do, staff[role], NOW, body))
    return [waiting.id, pending.id, issued.id]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("role", HANDLERS)
def test_every_page_of_the_desk_is_accessible(
    browser: Browser, site: Site, cases: list[str], role: str, language: str
) -> None:
    person = Person(browser, site)
    person.sign_in(role)
    paths = ["/desk", "/desk?show=open", "/desk/tasks", "/tokens"]
    paths += [f"/desk/cases/{case}" for case in cases]
    paths += ["/register/waiting"] if role == "clerk" else []
    for path in paths:
        page = person.go(f"{path}{'&' if '?' in path else '?'}lang={language}")
        for details in page.locator("main details").all():
            details.evaluate("node => { node.open = true; }")
        assert_accessible(page, path)
        assert_nothing_sticks_out(page, path)
    person.assert_nothing_wrong()
    person.context.close()


def test_the_desk_on_a_narrow_screen(browser: Browser, site: Site, cases: list[str]) -> None:
    person = Person(browser, site, viewport={"width": 360, "height": 800})
    person.sign_in("reviewer")
    for path in ["/desk?show=open", "/desk/tasks", *(f"/desk/cases/{case}" for case in cases)]:
        assert_nothing_sticks_out(person.go(path), path)
    person.assert_nothing_wrong()
    person.context.close()


def test_registering_is_accessible_and_leads_to_signing_in(browser: Browser, site: Site) -> None:
    person = Person(browser, site)
    page = person.go("/register")
    assert_accessible(page, "/register")
    page.locator("main button.button").click()
    page.select_option("#kind", "自然人")
    page.fill("#person", "王示例")
    page.fill("#number", "11010519491231002X")
    page.fill("#login", "wang")
    page.fill("#password", "a long enough password")
    page.fill("#again", "another password")
    page.locator("main button.button").click()
    expect(page.locator(".error-summary")).to_contain_text("两次输入的密码不一致")
    assert_accessible(page, "/register with a mistake")
    assert page.input_value("#person") == "王示例"
    page.fill("#password", "a long enough password")
    page.fill("#again", "a long enough password")
    page.locator("main button.button").click()
    page.wait_for_url("**/login*")
    person.context.close()


def test_a_case_goes_to_its_licence_from_the_pages(
    browser: Browser, site: Site, app: Flask
) -> None:
    case = submit(app, "approved")
    walks: list[tuple[str, str, dict[str, str]]] = [
        ("clerk", "accept", {}),
        ("reviewer", "review", {"outcome": "准予", "opinion": "经审查，符合条件"}),
        ("checker", "approve", {}),
        ("issuer", "issue", {}),
        ("issuer", "close", {}),
    ]
    for role, do, answers in walks:
        person = Person(browser, site)
        person.sign_in(role)
        page = person.go(f"/desk/cases/{case.id}")
        form = page.locator(f"form[action$='/{do}']")
        page.locator("details", has=form).evaluate("node => { node.open = true; }")
        for name, value in answers.items():
            field = form.locator(f"[name={name}]")
            if name == "outcome":
                field.select_option(value)
            else:
                field.fill(value)
        form.locator("button").click()
        expect(page.locator(".flash-ok")).to_contain_text("已办理")
        person.assert_nothing_wrong()
        person.context.close()
    done = app.extensions["desk"].hall.case(case.id)
    assert (done.state, done.outcome) == ("closed", "准予")
    assert done.results[0].paper
