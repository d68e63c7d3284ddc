"""What leaves the house: nothing that an applicant typed is a formula, a tag or broken XML there."""

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from openpyxl import load_workbook

from engine import EXCHANGE_WRITERS, exchange_sets
from engine.hall.exchange_files import harmless
from studio.accounts import Account, Accounts
from studio_visitor import ACCOUNTS, NOW, Visitor, make_studio
from test_hall_exchange import granted
from test_rest import Machine, own_application

TAG = '<img src=x onerror="alert(1)">'
EVIL = [
    f'=HYPERLINK("http://x"){TAG}', "+cmd|' /C calc'!A0", "-1+1", "@SUM(1)", "\x0b=1+1", "\u202e=1+1",
    "\u200b=1+1", " =1+1", "＝1+1", "{{7*7}}{% raw %}", "a\ufffeb", "</w:t><w:t>", "1\r\n2",
]  # fmt: skip
STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@pytest.fixture(scope="module")
def app() -> Flask:
    """A studio whose one applicant has a hostile name and applied once for each hostile text."""
    old = ACCOUNTS.by_name["applicant"]
    name = f"=1+1{TAG}\u202e\x0b"
    kept = (old.id_kind, old.id_number, old.kind)
    evil = Account("applicant", "applicant", old.password_hash, name, (), *kept)
    made = make_studio(accounts=Accounts({**ACCOUNTS.by_name, "applicant": evil}))
    machine = Machine(made, "applicant", "cases")
    for text in EVIL:
        application = own_application(made)
        application["facts"]["经营场所"] = text
        application["applicant"] = {"agent": text}
        for given in application["materials"].values():
            given["name"] = text
        new = {"matter": "public_venue_hygiene", "application": application}
        answer = machine.call("POST", "/cases", {**new, "duplicate_reason": text})
        assert answer.status_code in (201, 422), answer.text
    return made


def cases(app: Flask) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = (
        Machine(app, "clerk", "handle").call("GET", "/cases").get_json()["cases"]
    )
    assert len(listed) > len(EVIL) // 2
    return listed


def cells(app: Flask, kind: str) -> list[Any]:
    """Every cell of all sets, of a case whose reviewer wrote `=符合`, too."""
    day, hall = timedelta(days=1), app.extensions["desk"].hall
    granted(hall, NOW)
    found: list[Any] = []
    for one in exchange_sets(hall, NOW - day, NOW + day, batch="=1", at=NOW):
        raw = EXCHANGE_WRITERS[kind](one)
        if kind == "csv":
            found += [c for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"))) for c in row]
        else:
            sheet = load_workbook(io.BytesIO(raw)).active
            assert sheet is not None
            assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)
            found += [c.value or "" for row in sheet.iter_rows() for c in row]
    assert any("=" in str(cell) for cell in found)
    return found


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_is_a_formula(app: Flask, kind: str) -> None:
    for cell in cells(app, kind):
        assert not str(cell).lstrip(" \u3000").startswith(STARTS), cell


@pytest.mark.parametrize("text", [e for e in EVIL if "=1+1" in e or e[:1] in STARTS], ids=ascii)
def test_what_would_be_computed_is_led_by_an_apostrophe(text: str) -> None:
    assert harmless(text).startswith("'")


def test_no_page_holds_a_tag_that_somebody_typed(app: Flask) -> None:
    clerk, person = Visitor(app, "clerk"), Visitor(app, "applicant")
    pages = [clerk.get("/desk?show=open").text, person.get("/my").text]
    for case in cases(app):
        pages.append(clerk.get(f"/desk/cases/{case['id']}").text)
        pages.append(person.get(f"/my/cases/{case['id']}").text)
    assert any("&lt;img src=x" in page for page in pages), "it is shown, as text"
    for page in pages:
        assert "<img src=x" not in page
        assert "49{" not in page


def test_papers_hold_it_as_text(app: Flask) -> None:
    person = Visitor(app, "applicant")
    for case in cases(app)[:4]:
        answer = person.get(f"/my/cases/{case['id']}/papers/1.docx")
        assert answer.status_code == 200
        with zipfile.ZipFile(io.BytesIO(answer.data)) as package:
            for name in package.namelist():
                if name.endswith((".xml", ".rels")):
                    ElementTree.fromstring(package.read(name))
            assert not any(n.startswith(("/", "..")) for n in package.namelist())
        paper = person.get(f"/my/cases/{case['id']}/papers/1.pdf")
        assert paper.data.startswith(b"%PDF")
        assert b"/JavaScript" not in paper.data
        assert b"/URI" not in paper.data
