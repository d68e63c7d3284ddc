"""Licences: identifiers that check, papers that carry them, seals that any changed byte breaks."""

import json
import random
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader

import pdf_reading
from engine.cli import tongban
from engine.papers import Letter, sm2_signatures
from engine.papers.identifiers import (
    IdentifierProblem,
    check_character,
    licence_identifier,
    read_identifier,
)
from engine.papers.licence_paper import LicencePaper, canonical_licence, licence_pdf
from engine.papers.pdf_pages import paper_pdf
from engine.papers.seal_reports import verify_pdf
from engine.papers.seals import DemoSeal, Seal, SealProblem, make_demo_seal, read_seal, seal_pdf
from shipped import ROOT

MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=8)))
TYPE, ISSUER = "11100000000013338W011", "11110000000021135M"

# --- identifiers -----------------------------------------------------------------------------

DEFINER = "11100000000013338W"
FULL_IDENTIFIER = f"1.2.156.3005.2.{TYPE}.{ISSUER}.20230329701.003.Y"
# Four in use: type, issuer, serial number, version, check.
IN_USE = (
    ("011", "11110000000021135M", "20230329701", 3, "Y"),
    ("011", "11430000006122244L", "20230000403", 2, "S"),
    ("009", "11330105002500287C", "2025052201", 2, "0"),
    ("087", "11370800MB28559184", "37080001202411010001", 1, "3"),
)


def naive_check(text: str) -> str:
    """ISO 7064 says it backwards: the character that makes the whole string come to 1 modulo 36."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

    def rest(whole: str) -> int:
        value = 36
        for position, character in enumerate(whole):
            value = (value + alphabet.index(character)) % 36
            if position == len(whole) - 1:
                return value
            value = (36 if value == 0 else value) * 2 % 37
        return value

    (found,) = [c for c in alphabet if rest(text + c) == 1]
    return found


@pytest.mark.parametrize(("kind", "issuer", "serial", "version", "check"), IN_USE)
def test_an_identifier_in_use_is_made_again(
    kind: str, issuer: str, serial: str, version: int, check: str
) -> None:
    made = licence_identifier(DEFINER + kind, issuer, serial, version)
    assert made == f"1.2.156.3005.2.{DEFINER}{kind}.{issuer}.{serial}.{version:03}.{check}"
    assert read_identifier(made).is_sound


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=60))
def test_the_check_is_that_of_the_standard(text: str) -> None:
    assert check_character(text) == naive_check(text)


@given(st.integers(0, 10**6))
def test_one_wrong_character_or_two_swapped_are_noticed(seed: int) -> None:
    drawn = random.Random(seed)
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = "".join(drawn.choices(alphabet, k=50))
    place = drawn.randrange(50)
    wrong = text[:place] + drawn.choice(alphabet.replace(text[place], "")) + text[place + 1 :]
    assert check_character(wrong) != check_character(text)


@pytest.mark.parametrize(
    ("type_code", "issuer", "serial", "version"),
    [
        ("短", ISSUER, "1", 1),
        (TYPE.lower(), ISSUER, "1", 1),
        (TYPE, ISSUER[:-1], "1", 1),
        (TYPE, ISSUER, "", 1),
        (TYPE, ISSUER, "1.2", 1),
        (TYPE, ISSUER, "1", 0),
        (TYPE, ISSUER, "1", 1000),
    ],
    ids=["type", "case", "issuer", "no-serial", "dot", "version-0", "version-1000"],
)
def test_parts_of_another_form_are_refused(
    type_code: str, issuer: str, serial: str, version: int
) -> None:
    with pytest.raises(IdentifierProblem) as raised:
        licence_identifier(type_code, issuer, serial, version)
    assert " / " in str(raised.value)


def test_an_imported_identifier_may_be_unsound_and_is_still_read() -> None:
    found = read_identifier(FULL_IDENTIFIER[:-1] + "M")
    assert not found.is_sound
    assert str(found) == FULL_IDENTIFIER[:-1] + "M"
    with pytest.raises(IdentifierProblem):
        read_identifier("1.2.156.3005.2.x")


# --- the licence -----------------------------------------------------------------------------

LICENCE = LicencePaper(
    "公共场所卫生许可证",
    "鲁卫公证字〔2026〕第370811-000001号",
    FULL_IDENTIFIER,
    "任城区𠮷祥理发店",
    "92370811MA3C12345X",
    (("场所名称", "𠮷祥理发店"), ("法定代表人（负责人）", "张三"), ("地址", "济宁市任城区" * 12)),
    "任城区行政审批服务局",
    date(2026, 11, 22),
    date(2026, 11, 22),
    date(2030, 11, 21),
    "https://zwfw.example.cn/v/AbCdEf123456",
    True,
)


def test_a_licence_says_everything_once_on_one_leaf() -> None:
    pdf = licence_pdf(LICENCE, MOMENT)
    text = re.sub(r"\s", "", pdf_reading.text_of(pdf))
    assert pdf_reading.page_count(pdf) == 1
    for said in (
        LICENCE.title, LICENCE.number, LICENCE.identifier, LICENCE.holder, LICENCE.holder_number,
        LICENCE.issuer, LICENCE.verify_url, "2026年11月22日至2030年11月21日", "演示样本，不具有法律效力",
        *(part for pair in LICENCE.fields for part in pair),
    ):  # fmt: skip
        assert said in text
    assert licence_pdf(LICENCE, MOMENT) == pdf
    real = licence_pdf(replace(LICENCE, is_demo=False, valid_to=None), MOMENT)
    assert "演示" not in pdf_reading.text_of(real)
    assert "长期有效" in pdf_reading.text_of(real)
    assert "Holder" in pdf_reading.text_of(licence_pdf(LICENCE, MOMENT, "en"))


def test_many_fields_are_set_smaller_and_stay_on_the_leaf() -> None:
    fields = tuple((f"栏目{n}", "内容" * 20) for n in range(24))
    pdf = licence_pdf(replace(LICENCE, fields=fields), MOMENT)
    assert pdf_reading.page_count(pdf) == 1
    assert "栏目23" in pdf_reading.text_of(pdf)


def test_a_licence_with_a_wrong_check_is_not_issued() -> None:
    with pytest.raises(IdentifierProblem, match="校验码不正确"):
        licence_pdf(replace(LICENCE, identifier=FULL_IDENTIFIER[:-1] + "M"), MOMENT)


def test_the_code_leads_to_the_verification_page() -> None:
    """The squares in the file are those of the code for the address, row by row."""
    import segno

    page = PdfFileReader(BytesIO(licence_pdf(LICENCE, MOMENT))).root["/Pages"]["/Kids"][0]
    number = rb"(-?[\d.]+)"
    found = re.findall(
        b" ".join([number] * 4) + rb" re f\b", page["/Contents"].data.replace(b"\n", b" ")
    )
    squares = {(float(x), float(y)) for x, y, _, _ in found}
    matrix = segno.make(LICENCE.verify_url, error="m", micro=False).matrix
    dark = [(x, y) for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark]
    xs, ys = sorted({x for x, _ in squares}), sorted({y for _, y in squares}, reverse=True)
    assert (len(xs), len(ys)) == (len(matrix[0]), len(matrix))
    assert {(xs.index(x), ys.index(y)) for x, y in squares} == set(dark)


# --- seals -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bureau() -> DemoSeal:
    return make_demo_seal("任城区行政审批服务局", MOMENT, "口令")


@pytest.fixture(scope="module")
def police() -> DemoSeal:
    return make_demo_seal("济宁市公安局任城区分局", MOMENT, "password")


@pytest.fixture(scope="module")
def plain() -> bytes:
    return licence_pdf(LICENCE, MOMENT)


@pytest.fixture(scope="module")
def sealed(plain: bytes, bureau: DemoSeal) -> bytes:
    return seal_pdf(plain, bureau.seal, MOMENT)


@pytest.fixture(scope="module")
def sealed_twice(sealed: bytes, police: DemoSeal) -> bytes:
    return seal_pdf(sealed, police.seal, MOMENT + timedelta(hours=1))


def test_a_seal_says_who_when_and_that_the_paper_is_whole(
    plain: bytes, sealed: bytes, bureau: DemoSeal
) -> None:
    assert sealed.startswith(plain), "an incremental update: the paper itself is not rewritten"
    report = verify_pdf(sealed, [bureau.root], MOMENT)
    assert report.is_valid
    assert report.is_demo
    (found,) = report.seals
    assert found.organ == "任城区行政审批服务局"
    assert found.stated_at == MOMENT
    assert found.covers_all
    assert found.problems == ()
    assert "演示" in found.subject
    assert pdf_reading.text_of(sealed) == pdf_reading.text_of(plain)


def test_the_same_paper_seal_and_moment_give_the_same_bytes(
    plain: bytes, sealed: bytes, bureau: DemoSeal
) -> None:
    assert seal_pdf(plain, bureau.seal, MOMENT) == sealed
    assert "20261122" in pdf_reading.info(sealed)["/ModDate"]


def test_each_further_seal_leaves_the_earlier_ones_valid(
    sealed_twice: bytes, bureau: DemoSeal, police: DemoSeal
) -> None:
    report = verify_pdf(sealed_twice, [bureau.root, police.root], MOMENT)
    assert report.is_valid
    assert [s.organ for s in report.seals] == ["任城区行政审批服务局", "济宁市公安局任城区分局"]
    assert [s.covers_all for s in report.seals] == [False, True]
    one_root = verify_pdf(sealed_twice, [bureau.root], MOMENT)
    assert (one_root.is_intact, one_root.is_valid) == (True, False)
    assert [s.is_trusted for s in one_root.seals] == [True, False]


def test_a_seal_stands_over_the_name_of_the_organ(bureau: DemoSeal, police: DemoSeal) -> None:
    letter = Letter(
        "zh", "题", "某某：", ("正文",) * 30, (), ("任城区行政审批服务局", "2026年11月22日")
    )
    pdf = seal_pdf(paper_pdf(letter, MOMENT), bureau.seal, MOMENT)
    pdf = seal_pdf(pdf, police.seal, MOMENT)
    reader = PdfFileReader(BytesIO(pdf))
    pages = reader.root["/Pages"]["/Kids"]
    kids = [pages[number] for number in range(len(pages))]
    assert [len(page.get("/Annots", ())) for page in kids] == [0, 2]
    names = reader.root["/Names"]["/Dests"]["/Names"]
    _, _, x, y, _ = names[list(names).index("tongban-seal") + 1]
    seals = [kids[1]["/Annots"][number] for number in (0, 1)]
    first, second = ([float(n) for n in one["/Rect"]] for one in seals)
    assert (first[0] + first[2]) / 2 == pytest.approx(float(x), abs=1)
    assert (first[1] + first[3]) / 2 == pytest.approx(float(y), abs=1)
    assert second[2] < first[0], "the next seal stands beside it"


def test_only_given_roots_are_trusted_and_only_while_the_certificate_is_valid(
    sealed: bytes, bureau: DemoSeal, police: DemoSeal
) -> None:
    for roots, moment in (
        ([], MOMENT),
        ([police.root], MOMENT),
        ([bureau.root], MOMENT + timedelta(days=3700)),
        ([bureau.root], MOMENT - timedelta(days=1)),
    ):
        report = verify_pdf(sealed, roots, moment)
        assert report.is_intact
        assert not report.is_valid
        assert "受信任" in report.seals[0].problems[0]
    with pytest.raises(SealProblem, match="根证书读不懂"):
        verify_pdf(sealed, [b"no certificate"], MOMENT)


def test_any_changed_byte_makes_the_seal_void(
    sealed_twice: bytes, bureau: DemoSeal, police: DemoSeal
) -> None:
    drawn = random.Random(5)
    gaps = [m.span() for m in re.finditer(rb"/Contents <[0-9a-f]+>", sealed_twice)]
    places = {drawn.randrange(len(sealed_twice)) for _ in range(60)}
    places |= {drawn.randrange(*gap) for gap in gaps for _ in range(15)}  # the signatures
    places |= {gap[1] - n for gap in gaps for n in (2, 3, 1, 500)}  # what pads them
    places |= {0, len(sealed_twice) - 1}
    passed = []
    for place in sorted(places):
        for mask in (0x01, 0x20):
            changed = bytearray(sealed_twice)
            changed[place] ^= mask
            if verify_pdf(bytes(changed), [bureau.root, police.root], MOMENT).is_intact:
                passed.append((place, mask))
    assert passed == []


def test_what_is_added_or_cut_off_is_noticed(sealed: bytes, bureau: DemoSeal) -> None:
    roots = [bureau.root]
    for changed in (sealed + b"\n", sealed + b"%%EOF", sealed[:-1], sealed[:2000], b""):
        assert not verify_pdf(changed, roots, MOMENT).is_valid
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    writer.root["/Lang"] = writer.root["/Lang"].__class__("en")
    writer.update_root()  # type: ignore[no-untyped-call]
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    report = verify_pdf(out.getvalue(), roots, MOMENT)
    assert not report.is_intact
    assert any("添加" in problem for problem in report.problems)


def test_an_unsealed_paper_and_no_paper_at_all_are_told_apart(plain: bytes) -> None:
    assert "没有印章" in verify_pdf(plain, [], MOMENT).problems[0]
    assert "读不懂" in verify_pdf(b"hello", [], MOMENT).problems[0]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_report(content: bytes) -> None:
    assert not verify_pdf(b"%PDF-1.7\n" + content, [], MOMENT).is_valid


def test_a_key_that_does_not_open_is_said_so(
    bureau: DemoSeal, plain: bytes, tmp_path: Path
) -> None:
    wrong = Seal(bureau.seal.pkcs12, "wrong")
    with pytest.raises(SealProblem, match="口令不对"):
        seal_pdf(plain, wrong, MOMENT)
    with pytest.raises(SealProblem, match="无法读取"):
        read_seal(tmp_path / "none.p12", "x")
    with pytest.raises(SealProblem, match="不能用印"):
        seal_pdf(b"no paper", bureau.seal, MOMENT)
    kept = tmp_path / "seal.p12"
    kept.write_bytes(bureau.seal.pkcs12)
    assert read_seal(kept, "口令").organ == "任城区行政审批服务局"
    assert "口令" not in repr(bureau.seal)


# --- the command -----------------------------------------------------------------------------


def test_the_command_verifies_and_says_so(sealed: bytes, bureau: DemoSeal, tmp_path: Path) -> None:
    paper, root = tmp_path / "paper.pdf", tmp_path / "root.pem"
    paper.write_bytes(sealed)
    root.write_bytes(bureau.root)
    arguments = ["seal", "verify", str(paper), "--trust", str(root), "--on", "2026-11-23"]
    done = CliRunner().invoke(tongban, arguments)
    assert done.exit_code == 0, done.output
    assert "印章有效" in done.output
    assert "不具有法律效力" in done.output
    told = json.loads(CliRunner().invoke(tongban, [*arguments, "--json"]).output)
    documented = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    row = re.search(r"^\| `verify` \| (`valid`.*) \|$", documented, re.MULTILINE)
    assert row is not None
    assert list(told) == re.findall(r"`(\w+)`", row[1])
    assert told["valid"] is True
    paper.write_bytes(sealed.replace(b"/Lang", b"/Long"))
    done = CliRunner().invoke(tongban, arguments)
    assert done.exit_code == 1
    assert "印章无效" in done.output


def test_the_command_makes_a_demonstration_seal_and_never_overwrites(
    plain: bytes, tmp_path: Path
) -> None:
    arguments = ["seal", "demo", "某局", str(tmp_path), "--password", "x"]
    done = CliRunner().invoke(tongban, arguments)
    assert done.exit_code == 0, done.output
    key = tmp_path / "seal.p12"
    assert key.stat().st_mode & 0o077 == 0
    moment = datetime.now(UTC)
    sealed = seal_pdf(plain, read_seal(key, "x"), moment)
    assert verify_pdf(sealed, [(tmp_path / "root.pem").read_bytes()], moment).is_valid
    blocked = ["seal", "demo", "某局", str(key / "below"), "--password", "x"]
    assert "建不了文件夹" in CliRunner().invoke(tongban, blocked).output
    again = CliRunner().invoke(tongban, arguments)
    assert again.exit_code == 2
    assert "不覆盖" in again.output


# --- SM2 -------------------------------------------------------------------------------------

# GB/T 32918.5-2017, annex A.
PRIVATE = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
PUBLIC = (
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SCALAR = "59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21"
SIGNATURE = (
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)


@pytest.fixture
def standard_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """The standard's example signs the bytes `message digest`, which are no JSON."""
    monkeypatch.setattr(sm2_signatures, "canonical_json", lambda _: b"message digest")


@pytest.mark.usefixtures("standard_message")
def test_the_signature_of_the_standard_comes_out() -> None:
    pytest.importorskip("gmssl")
    assert sm2_signatures.public_key_sm2(PRIVATE) == PUBLIC.lower()
    za = "B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3"
    assert sm2_signatures.z_value(PUBLIC).hex().upper() == za
    signed = sm2_signatures.sign_licence_sm2({}, PRIVATE, random_scalar=lambda: int(SCALAR, 16))
    assert signed.upper() == SIGNATURE
    assert sm2_signatures.verify_licence_sm2({}, SIGNATURE, PUBLIC)


def test_a_licence_is_signed_and_any_change_is_noticed() -> None:
    pytest.importorskip("gmssl")
    licence = dict(canonical_licence(LICENCE))
    drawn = random.Random(7)
    private, public = sm2_signatures.make_key_sm2(lambda: drawn.getrandbits(250))
    signature = sm2_signatures.sign_licence_sm2(licence, private)
    assert sm2_signatures.verify_licence_sm2(licence, signature, public)
    reordered = dict(reversed(licence.items()))
    assert sm2_signatures.verify_licence_sm2(reordered, signature, public)
    for name in licence:
        changed = {**licence, name: "别的"}
        assert not sm2_signatures.verify_licence_sm2(changed, signature, public), name
    other = sm2_signatures.make_key_sm2(lambda: drawn.getrandbits(250))[1]
    assert not sm2_signatures.verify_licence_sm2(licence, signature, other)
    assert not sm2_signatures.verify_licence_sm2(licence, signature, public, user_id=b"other")
    for bad in ("", "z" * 128, "0" * 128, "F" * 128, signature[:-1], "0" * 64 + signature[64:]):
        assert not sm2_signatures.verify_licence_sm2(licence, bad, public)


def test_keys_that_begin_with_0_or_4_are_whole() -> None:
    """The library behind strips such digits from a key that it takes for a prefixed one."""
    pytest.importorskip("gmssl")
    drawn = random.Random(11)
    found = set[str]()
    while len(found) < 2:
        private, public = sm2_signatures.make_key_sm2(lambda: drawn.getrandbits(250))
        if public[0] in "04" and public[:2] not in found:
            found.add(public[:2])
            signature = sm2_signatures.sign_licence_sm2({"a": 1}, private)
            assert sm2_signatures.verify_licence_sm2({"a": 1}, signature, public)


@pytest.mark.parametrize("key", ["", "0" * 64, "F" * 64, "x" * 64, PRIVATE[:-1]])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(sm2_signatures.Sm2KeyProblem):
        sm2_signatures.sign_licence_sm2({}, key)
    with pytest.raises(sm2_signatures.Sm2KeyProblem):
        sm2_signatures.verify_licence_sm2({}, SIGNATURE, key * 2)


def test_what_two_systems_may_write_differently_is_not_signed() -> None:
    with pytest.raises(TypeError):
        sm2_signatures.canonical_json({"a": [{"b": 0.1}]})
    assert sm2_signatures.canonical_json({"乙": 1, "a": None}) == '{"a":null,"乙":1}'.encode()


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "gmssl", None)
    with pytest.raises(sm2_signatures.Sm2Unavailable, match=r"tongban\[sm2\]"):
        sm2_signatures.sign_licence_sm2({}, PRIVATE)
