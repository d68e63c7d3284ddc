"""Lists and logs hold no whole name and no whole number of a person."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from werkzeug.serving import WSGIRequestHandler

from engine import is_personal
from engine.hall.verifying import masked_name as public_name
from studio.apply_masking import masked_name
from studio.handling import masked_applicant
from studio.log_masking import PathOnlyHandler, keep_numbers_out, mask_line
from studio_visitor import ACCOUNTS, PASSWORD, ROOT, Visitor, make_studio
from test_rest import Machine, own_application

NUMBER, PHONE = "11010519491231002X", "13812345678"
PEOPLE = ["王明", "欧阳娜娜", "阿不都热依木", "买买提·吐尔逊", "John Smith", "艾合买提江", "O.K.王"]
ORGANISATIONS = [
    "济宁市任城区示例美发店",
    "示例科技有限公司",
    "任城区第一人民医院",
    "示例餐饮（个体工商户）",
]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, by anybody, as it would be written."""
    written, kept = io.StringIO(), logging.getLogRecordFactory()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    keep_numbers_out()
    yield written
    logging.setLogRecordFactory(kept)
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("name", PEOPLE)
def test_no_list_shows_a_whole_name_of_a_person(name: str) -> None:
    listed = masked_applicant(cast(Any, SimpleNamespace(applicant=name)))
    for shown in (listed, masked_name(name), public_name(name)):
        assert is_personal(name)
        assert "*" in shown
        assert sum(a != "*" for a in shown) <= max(1, len(name) // 2), shown


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_organisations_are_told_by_name_but_to_whoever_asks_for_progress(name: str) -> None:
    assert masked_applicant(cast(Any, SimpleNamespace(applicant=name))) == name == public_name(name)
    assert "****" in masked_name(name)


def test_a_walk_through_a_case_logs_nobody(log: io.StringIO) -> None:
    app = make_studio()
    person = ACCOUNTS.by_name["applicant"]
    wrong = Visitor(app)
    for typed in (person.id_number, PHONE, person.person, "my secret password"):
        wrong.post("/login", {"name": typed, "password": "no"})
    machine = Machine(app, "applicant", "cases")
    new = {"matter": "public_venue_hygiene", "application": own_application(app)}
    case = machine.call("POST", "/cases", new).get_json()
    machine.call("POST", "/cases", new)
    machine.call("POST", "/cases", {**new, "application": {"applicant": {"id_number": NUMBER}}})
    clerk = Visitor(app, "clerk")
    clerk.get("/desk", query_string={"q": person.person})
    clerk.get(f"/desk/cases/{case['id']}")
    clerk.post(f"/desk/cases/{case['id']}/accept", {"reason": NUMBER})
    Visitor(app, "applicant").get(f"/my/cases/{case['id']}/papers/1.pdf")
    app.extensions["desk"].hall.deliver(app.extensions["desk"].now(), "worker")
    told = log.getvalue()
    assert "sign-in refused" in told
    for secret in (person.id_number, PHONE, person.person, PASSWORD, "secret password", NUMBER):
        assert secret not in told


def test_exceptions_of_plugins_are_masked_too(log: io.StringIO) -> None:
    try:
        raise KeyError(NUMBER)
    except KeyError:
        logging.getLogger("tongban").exception("asked for %s, %s", NUMBER, PHONE)
    assert "110105********002X" in log.getvalue()
    assert "138****5678" in log.getvalue()
    assert NUMBER not in log.getvalue()
    assert PHONE not in log.getvalue()


@pytest.mark.parametrize(
    "text", ["3708112026112200001", "YS-YYZZ-0001", "a" * 64, "0.123456789012"]
)
def test_what_is_no_persons_number_stays(text: str) -> None:
    assert mask_line(text) == text


def test_request_lines_hold_no_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    monkeypatch.setattr(
        WSGIRequestHandler, "log", lambda self, kind, message, *a: lines.append(message % a)
    )
    handler = cast(Any, object.__new__(PathOnlyHandler))
    handler.path, handler.command = "/desk?q=%E7%8E%8B%E6%98%8E", "GET"
    handler.request_version = "HTTP/1.1"
    handler.requestline = f"GET {handler.path} HTTP/1.1"
    handler.log_request(200, 10)
    assert len(lines) == 1
    assert "%E7" not in lines[0].replace("%%", "%")
    assert "/desk" in lines[0]


def test_workers_and_demonstrations_mask(tmp_path: Any) -> None:
    """In a process of its own: what is set there is set for everything in it."""
    code = (
        "import logging, os, sys; os.environ['TONGBAN_ROOT'] = sys.argv[1]\n"
        "from studio.serving import worker; worker(); logging.warning('of %s', sys.argv[2])"
    )
    (tmp_path / "rulesets").mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), NUMBER],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert "110105********002X" in ran.stderr
    assert NUMBER not in json.dumps(ran.stderr)
