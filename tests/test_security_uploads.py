"""Uploads over the pages and the API: hostile names, two files in one, bombs, and others' files."""

import io
import zipfile
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.store.media_types import UploadRefused, sniff_media_type
from studio.accounts import Account, Accounts
from studio_visitor import ACCOUNTS, Visitor, make_studio
from test_rest import BASE, Machine, own_application

MATTER = "public_venue_hygiene"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
OTHER = Account("other", "applicant", ACCOUNTS.by_name["applicant"].password_hash, "钱某")
NAMES = [
    "../../../etc/passwd.pdf", "..\\..\\boot.ini.pdf", "a\r\nSet-Cookie: x=1.pdf", 'q";x="y.pdf',
    "a\0b.pdf", "\u202efdp.exe.pdf", "con.pdf", "<img src=x onerror=alert(1)>.pdf", "." * 300, "",
    "=1+1.pdf", "%2e%2e%2fx.pdf", "x.php",
]  # fmt: skip


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_studio(accounts=Accounts.of([*ACCOUNTS.by_name.values(), OTHER]))


def draft_of(app: Flask, login: str = "applicant") -> str:
    machine = Machine(app, login, "cases")
    return str(machine.call("POST", "/drafts", {"matter": MATTER}).get_json()["id"])


def sent(app: Flask, draft: str, content: bytes, name: str = "a.pdf", by: str = "applicant") -> Any:
    machine = Machine(app, by, "cases")
    return machine.client.post(
        f"{BASE}/drafts/{draft}/attachments",
        query_string={"name": name},
        data=content,
        headers={**machine.headers, "Content-Type": "application/octet-stream"},
    )


def package(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return file.getvalue()


def bomb(entries: int, size: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", b"<x/>")
        for number in range(entries):
            archive.writestr(f"{number}.bin", b"\0" * size)
    return file.getvalue()


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_leaves_its_folder_its_header_or_its_page(app: Flask, name: str) -> None:
    answer = sent(app, draft_of(app), PDF, name[:200])
    assert answer.status_code == 201, answer.text
    kept = answer.get_json()["name"]
    assert not set(kept) & set('/\\<>"|?*\r\n\0\u202e')
    assert kept.endswith(".pdf")
    assert not kept.startswith(".")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.text(max_size=60))
def test_any_name_comes_back_as_one_header(app: Flask, name: str) -> None:
    """Whatever it is called, it comes back to be saved and never to be shown."""
    person = Visitor(app, "applicant")
    begun = person.post(f"/apply/matters/{MATTER}/begin", {"region": "370811", "agent": ""})
    draft = begun.headers["Location"].split("/drafts/")[1].split("/")[0]
    file = (io.BytesIO(PDF), name.encode("utf-8", "replace").decode() or "x")
    posted = person.post(f"/apply/drafts/{draft}/materials/site_plans", {"file": file})
    assert posted.status_code in (302, 422)
    page = person.get(f"/apply/drafts/{draft}/materials").text
    for place in page.split("/materials/site_plans/")[1:]:
        upload = place.split('"')[0]
        if upload.isalnum() and len(upload) == 32:
            back = person.get(f"/apply/drafts/{draft}/materials/site_plans/{upload}")
            header = back.headers["Content-Disposition"]
            assert header.startswith("attachment;")
            assert "\n" not in header
            assert back.headers["X-Content-Type-Options"] == "nosniff"


HOSTILE = {
    "a page behind a picture": b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"<script>x</script>\xff\xd9",
    "an archive behind a paper": PDF + package(a=b"x"),
    "an archive with a path out": package(**{"..__..__etc__passwd": b"x"}),
    "a script in a paper": PDF.replace(b"<<>>", b"<</S/JavaScript/JS(app.alert)>>", 1),
    "a script by another spelling": PDF.replace(b"<<>>", b"<</S/J#61vaScript/JS(x)>>", 1),
    "a program behind another spelling": PDF.replace(b"<<>>", b"<</S/#4caunch>>", 1),
    "a drawing with code": b'<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>',
    "a page with a mark before": b"\xef\xbb\xbf<!doctype html>",
    "a program": b"MZ" + b"\0" * 100,
    "too many entries": bomb(5_001, 1),
    "too much inside": bomb(51, 10_000_000),
    "macros": package(**{"[Content_Types]_DOT_xml": b"", "word__document_DOT_xml": b"",
                         "word__vbaProject_DOT_bin": b""}),
}  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_hides_something_is_refused_at_every_door(app: Flask, content: bytes) -> None:
    with pytest.raises(UploadRefused):
        sniff_media_type(content)
    answer = sent(app, draft_of(app), content)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "upload")


def test_nobody_sends_into_or_takes_from_anothers_draft_or_case(app: Flask) -> None:
    draft = draft_of(app)
    mine = sent(app, draft, PDF).get_json()
    assert sent(app, draft, PDF, by="other").status_code == 404
    new = {"matter": MATTER, "application": own_application(app), "draft": draft}
    thief = Machine(app, "other", "cases")
    assert thief.call("GET", f"/drafts/{draft}").status_code == 404
    assert thief.call("POST", "/cases", new).status_code == 404
    case = Machine(app, "applicant", "cases").call("POST", "/cases", new).get_json()
    path = f"/cases/{case['id']}/attachments"
    assert Machine(app, "applicant", "cases").call("GET", f"{path}/{mine['id']}").data == PDF
    assert thief.call("GET", path).status_code == 404
    assert thief.call("GET", f"{path}/{mine['id']}").status_code == 404
    person = Visitor(app, "other")
    assert person.get(f"/my/cases/{case['id']}/files/{mine['id']}").status_code == 404
    own = draft_of(app, "other")
    for url in (f"/apply/drafts/{own}/materials/site_plans/{mine['id']}",
                f"/apply/drafts/{draft}/materials/site_plans/{mine['id']}"):  # fmt: skip
        assert person.get(url).status_code == 404


def test_more_than_may_be_sent_is_refused_before_it_is_read(app: Flask) -> None:
    large = b"%PDF-" + b"0" * (9 * 1024 * 1024)
    assert sent(app, draft_of(app), large).status_code == 413
    stranger = app.test_client()
    two = b"x" * (2 * 1024 * 1024)
    assert stranger.post("/progress", data=two).status_code in (400, 413)
    many = {f"f{n}": "1" for n in range(3_000)}
    assert stranger.post(
        "/progress", data=many, content_type="multipart/form-data"
    ).status_code in (
        400,
        413,
    )
