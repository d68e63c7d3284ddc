"""Uploaded files: known by their bytes, refused where they could do harm, read as they were kept."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from engine.store import (
    ContentDamaged,
    Database,
    UploadLimits,
    UploadRefused,
    attachments_in,
    begin_draft,
    digest_of,
    discard_draft,
    drop_attachment,
    hand_in_attachments,
    keep_attachment,
    purge_drafts,
    read_attachment,
    read_upload,
    stream_content,
)
from engine.store.attachments import purge_contents
from engine.store.file_names import MAX_CHARACTERS, clean_file_name
from engine.store.media_types import (
    DOCX,
    EXTENSIONS,
    JPEG,
    OFD,
    PDF,
    PNG,
    TXT,
    XLSX,
    sniff_media_type,
)
from stored_cases import AT, begin


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(size: int = 0) -> bytes:
    """A PNG with so many bytes of padding in a private chunk."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    padding = chunk(b"tbPd", bytes(i % 251 for i in range(size))) if size else b""
    return b"\x89PNG\r\n\x1a\n" + header + padding + pixels + chunk(b"IEND", b"")


def package(members: Mapping[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def encrypted(content: bytes) -> bytes:
    """The same package said to be locked, in its local header and in its directory."""
    place = content.index(b"PK\x01\x02")
    return content[:6] + b"\x01" + content[7 : place + 8] + b"\x01" + content[place + 9 :]


JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40) + b"\xff\xd9"
A_PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
WORD = {"[Content_Types].xml": "<a/>", "word/document.xml": "<b/>"}
SHEET = {"[Content_Types].xml": "<a/>", "xl/workbook.xml": "<b/>"}

TAKEN: dict[str, tuple[bytes, str]] = {
    "pdf": (A_PDF, PDF),
    "jpg": (JPG, JPEG),
    "png": (picture(), PNG),
    "ofd": (package({"OFD.xml": "<ofd/>"}), OFD),
    "docx": (package(WORD), DOCX),
    "xlsx": (package(SHEET), XLSX),
    "utf-8": ("说明：面积 < 30 平方米\r\n\t第二行".encode(), TXT),
    "bom": (b"\xef\xbb\xbftext", TXT),
    "gbk": ("说明：场所面积三十平方米".encode("gbk"), TXT),
}

REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "exe": (b"MZ\x90\x00\x03" + bytes(100), "executable"),
    "elf": (b"\x7fELF\x02\x01" + bytes(100), "executable"),
    "mach-o": (b"\xcf\xfa\xed\xfe" + bytes(100), "executable"),
    "shell": (b"#!/bin/sh\nrm -rf /\n", "executable"),
    "html": (b"<!DOCTYPE html><html></html>", "markup"),
    "html after spaces": (b"\n\n  <HTML></HTML>", "markup"),
    "html after words": (b"hello <ScRipt>alert(1)</script>", "markup"),
    "html after a mark": (b"\xef\xbb\xbf<html>", "markup"),
    "svg": (b'<?xml version="1.0"?><svg onload="x()"/>', "markup"),
    "php": (b"GIF89a;<?php system($_GET[0]);", "other-picture"),
    "utf-16 html": ("<html>".encode("utf-16"), "unknown-kind"),
    "gif": (b"GIF89a" + bytes(20), "other-picture"),
    "heic": (b"\0\0\0\x18ftypheic" + bytes(20), "other-picture"),
    "doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old-office"),
    "rar": (b"Rar!\x1a\x07\x00", "archive"),
    "zip": (package({"a.txt": "a"}), "archive"),
    "zip with a program": (package({**WORD, "run.EXE": "MZ"}), "macros"),
    "docm": (package({**WORD, "word/vbaProject.bin": "x"}), "macros"),
    "locked": (encrypted(package(WORD)), "encrypted"),
    "many entries": (package({**WORD, **{f"{n}": "" for n in range(5001)}}), "too-large-unpacked"),
    "zip after zip": (package({"a": "a"}) + package(WORD), "two-in-one"),
    "zip and more": (package(WORD) + b"<script>", "two-in-one"),
    "zip cut": (package(WORD)[:-5], "damaged"),
    "pdf cut": (A_PDF[:-8], "damaged"),
    "pdf with zip": (A_PDF + package({"a": "a"}), "two-in-one"),
    "pdf with more": (A_PDF + b"x" * 2000, "two-in-one"),
    "pdf with scripts": (A_PDF.replace(b"<<>>", b"<</S/JavaScript>>", 1), "active-pdf"),
    "pdf that starts": (A_PDF.replace(b"<<>>", b"<</S/Launch>>", 1), "active-pdf"),
    "pdf after junk": (b"\0junk" + A_PDF, "unknown-kind"),
    "jpg cut": (JPG[:-2], "damaged"),
    "jpg with zip": (JPG + package({"a": "a"}), "two-in-one"),
    "jpg with html": (JPG + b"<script>x</script>", "two-in-one"),
    "png with zip": (picture() + package({"a": "a"}), "two-in-one"),
    "png with html": (picture() + b"<html>", "two-in-one"),
    "png cut": (picture()[:-4], "damaged"),
    "png without end": (b"\x89PNG\r\n\x1a\n", "damaged"),
    "bytes": (bytes(range(256)), "unknown-kind"),
    "text with a bell": (b"text\x07", "unknown-kind"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken_is_known_by_its_bytes(name: str) -> None:
    content, media_type = TAKEN[name]
    assert sniff_media_type(content) == media_type


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_do_harm_is_refused_with_words(name: str) -> None:
    content, reason = REFUSED[name]
    with pytest.raises(UploadRefused) as caught:
        sniff_media_type(content)
    assert caught.value.reason == reason
    assert caught.value.zh
    assert caught.value.en


@given(st.sampled_from(sorted(TAKEN)), st.binary(max_size=40), st.integers(0, 400), st.booleans())
def test_no_bytes_raise_anything_else(name: str, junk: bytes, place: int, cut: bool) -> None:
    content = TAKEN[name][0]
    changed = content[:place] + junk + ("" if cut else "x").encode() + content[place + len(junk) :]
    for attempt in (changed, junk, content[:place]):
        with suppress(UploadRefused):
            assert sniff_media_type(attempt) in EXTENSIONS


@pytest.mark.parametrize(
    ("name", "media_type", "clean"),
    [
        ("营业执照.pdf", PDF, "营业执照.pdf"),
        ("../../etc/passwd", TXT, "passwd.txt"),
        ("C:\\用户\\照片.JPEG", JPEG, "照片.jpg"),
        ("run.exe", PDF, "run.exe.pdf"),
        ("x.html", TXT, "x.html.txt"),
        ("cod\u202etxt.exe", PDF, "codtxt.exe.pdf"),
        ("a\x00b\r\nc.pdf", PDF, "abc.pdf"),
        (".htaccess", TXT, "htaccess.txt"),
        ("...", PDF, "附件.pdf"),
        ("", PNG, "附件.png"),
        ("con.txt", TXT, "附件con.txt"),
        ("NUL", PDF, "附件NUL.pdf"),
        ('a<b>"c|d?.pdf', PDF, "a_b__c_d_.pdf"),
        ("零\u200b宽.pdf", PDF, "零宽.pdf"),
        ("长" * 300 + ".pdf", PDF, "长" * 96 + ".pdf"),
    ],
)
def test_names_are_made_harmless(name: str, media_type: str, clean: str) -> None:
    assert clean_file_name(name, media_type) == clean


@given(st.text(), st.sampled_from(sorted(EXTENSIONS)))
def test_any_name_becomes_a_harmless_one(name: str, media_type: str) -> None:
    clean = clean_file_name(name, media_type)
    assert 0 < len(clean) <= MAX_CHARACTERS
    assert clean.endswith("." + EXTENSIONS[media_type])
    assert not set(clean) & set('/\\\0\r\n<>:"|?*\u202e')
    assert not clean.startswith((".", " "))
    clean.encode()
    assert clean_file_name(clean, media_type) == clean


def test_the_same_bytes_are_kept_once(database: Database) -> None:
    begin(database, 1)
    content = picture(600_000)
    with database.write() as connection:
        kept = [
            keep_attachment(connection, content, name, owner="王明", at=AT, case="case0001")
            for name in ("a.png", "../b.png")
        ]
    assert [one.name for one in kept] == ["a.png", "b.png"]
    assert {one.digest for one in kept} == {digest_of(content)}
    with database.read() as connection:
        assert set(attachments_in(connection, case="case0001")) == set(kept)
        assert read_attachment(connection, kept[0].id) == kept[0]
        pieces = list(stream_content(connection, kept[0].digest))
        count = connection.execute(text("SELECT count(*) FROM content")).scalar_one()
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= 262_144
    assert count == 1


@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_a_file_that_is_not_what_was_uploaded_is_never_given_out_whole(
    database: Database, harm: str
) -> None:
    begin(database, 1)
    content = picture(600_000)
    with database.write() as connection:
        kept = keep_attachment(connection, content, "a", owner="w", at=AT, case="case0001")
        statement = {
            "changed": "UPDATE content_piece SET bytes = :b WHERE number = 1",
            "cut": "DELETE FROM content_piece WHERE number = 2",
            "gone": "DELETE FROM content_piece",
        }[harm]
        words = {"b": b"x" * 262_144} if harm == "changed" else {}
        connection.execute(text(statement), words)
    given_out: list[bytes] = []
    with database.read() as connection:
        with pytest.raises(ContentDamaged, match="备份"):
            given_out.extend(stream_content(connection, kept.digest))
        with pytest.raises(KeyError):
            stream_content(connection, "0" * 64)
    assert len(b"".join(given_out)) < len(content)


def test_limits_are_told(database: Database) -> None:
    begin(database, 1)
    limits = UploadLimits(each=2_000, together=5_000)
    with pytest.raises(UploadRefused) as large:
        read_upload(io.BytesIO(bytes(2_001)), limits)
    assert large.value.reason == "too-large"
    assert read_upload(io.BytesIO(bytes(2_000)), limits) == bytes(2_000)

    def keep(content: bytes) -> None:
        with database.write() as connection:
            keep_attachment(
                connection, content, "a", owner="w", at=AT, case="case0001", limits=limits
            )

    with pytest.raises(UploadRefused, match="MB"):
        keep(picture(3_000))
    for _ in range(2):
        keep(picture(1_800))
    with pytest.raises(UploadRefused, match="合计") as much:
        keep(picture(1_801))
    assert much.value.reason == "too-much"
    with database.write() as connection, pytest.raises(KeyError):
        keep_attachment(connection, picture(), "a", owner="w", at=AT, case="nobody")


def test_uploads_of_a_draft_go_with_it_or_into_the_case(database: Database) -> None:
    begin(database, 1)
    with database.write() as connection:
        first = begin_draft(connection, "w", "matter", "m", {}, at=AT)
        second = begin_draft(connection, "w", "matter", "m", {}, at=AT)
        for draft, size in ((first, 1), (first, 2), (second, 3), (second, 4)):
            keep_attachment(connection, picture(size), "a", owner="w", at=AT, draft=draft.id)
        hand_in_attachments(connection, first.id, "case0001")
        (one, two) = attachments_in(connection, draft=second.id)
        drop_attachment(connection, one.id)
        with pytest.raises(KeyError):
            drop_attachment(connection, one.id)
        handed = attachments_in(connection, case="case0001")
        with pytest.raises(KeyError):  # what was handed in stays
            drop_attachment(connection, handed[0].id)
        assert len(handed) == 2
        discard_draft(connection, second.id, "w")
        with pytest.raises(KeyError):
            read_attachment(connection, two.id)
        assert purge_contents(connection) == 2
        assert purge_contents(connection) == 0
        assert b"".join(stream_content(connection, handed[0].digest))
        third = begin_draft(connection, "w", "matter", "m", {}, at=AT - timedelta(40))
        keep_attachment(connection, picture(9), "a", owner="w", at=AT, draft=third.id)
        assert purge_drafts(connection, AT - timedelta(30)) == 1
        assert connection.execute(text("SELECT count(*) FROM content")).scalar_one() == 2
