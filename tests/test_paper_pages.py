"""Papers as PDF and DOCX: everything that was said is there, on pages, the same bytes every time."""

import json
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

import pdf_reading
from engine import Workspace, decide, parse_application
from engine.cli import tongban
from engine.papers import Grid, Letter, LetterPart, compose_letter, guide_text, service_guide
from engine.papers.docx_pages import paper_docx
from engine.papers.letter import Item, LetterTable
from engine.papers.line_breaking import broken_lines
from engine.papers.manuscript import chinese_number
from engine.papers.pdf_pages import paper_pdf
from engine.papers.typefaces import FILES, FOLDER, drawable, drawn_by
from engine.prose import Language

ROOT = Path(__file__).parent.parent
ON = date(2026, 11, 22)
MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=8)))
LANGUAGES: tuple[Language, ...] = ("zh", "en")
SAMPLES = ("approved", "refused", "to_correct", "pending")


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return Workspace.load(ROOT)


def sample_letter(workspace: Workspace, sample: str, language: Language) -> Letter:
    path = ROOT / "rulesets" / "samples" / "public_venue_hygiene" / f"{sample}.json"
    data = {k: v for k, v in json.loads(path.read_text()).items() if k not in ("date", "note")}
    application = parse_application(workspace, "public_venue_hygiene", data, ON, path.name)
    decision = decide(workspace, "public_venue_hygiene", application, on=ON)
    matter = workspace.matter("public_venue_hygiene", ON, decision.region)
    return compose_letter(decision, language, matter)


def said_by(letter: Letter) -> list[str]:
    """Every text of a letter."""
    texts = [letter.title, letter.number, letter.salutation, *letter.opening, *letter.signature]
    for part in letter.parts:
        texts += [part.heading, *part.paragraphs]
        for item in part.items:
            texts += [item.text, *(text for pair in item.details for text in pair)]
        if part.table is not None:
            texts += [*part.table.columns, *(text for row in part.table.rows for text in row)]
    return [text for text in texts if text]


def squeezed(text: str) -> str:
    """Without what lines may break at."""
    return re.sub(r"\s+", "", text)


def docx_text(docx: bytes) -> str:
    document = Document(BytesIO(docx))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


# --- everything is said ----------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", SAMPLES)
def test_a_letter_keeps_every_word_on_paper(
    workspace: Workspace, sample: str, language: Language
) -> None:
    letter = sample_letter(workspace, sample, language)
    pdf = squeezed(pdf_reading.text_of(paper_pdf(letter, MOMENT)))
    docx = squeezed(docx_text(paper_docx(letter, MOMENT)))
    for text in said_by(letter):
        assert squeezed(text) in pdf
        assert squeezed(text) in docx


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guide_keeps_every_word_on_paper(workspace: Workspace, language: Language) -> None:
    guide = service_guide(workspace, "public_venue_hygiene", ON, "370811")
    pdf = squeezed(pdf_reading.text_of(paper_pdf(guide, MOMENT, language)))
    docx = squeezed(docx_text(paper_docx(guide, MOMENT, language)))
    # The guide as plain text is another rendering of the same definition. What it says and pages
    # do not: the head of a column that each entry begins with.
    heads = {"项目", "内容", "Item", "Content"}
    heads |= {
        b.columns[0].say(language) for x in guide.sections for b in x.blocks if isinstance(b, Grid)
    }
    words = set(re.findall(r"[\w㐀-鿿]{2,}", guide_text(guide, language)))
    words -= {word for head in heads for word in head.split()}
    assert len(words) > 200
    assert {word for word in words if word not in pdf} == set()
    assert {word for word in words if word not in docx} == set()


PIECES = st.one_of(
    st.text(st.characters(categories=("L", "N", "P", "S", "Zs", "Mn")), max_size=30),
    st.sampled_from(
        ["𠮷野家", "䶮", "㛃", "𡎺", "🎉", "葛󠄀", "（" * 40, "甲" * 90, "a" * 200, "①、②，"]
    ),
)
TEXTS = st.lists(PIECES, min_size=1, max_size=4).map("".join)


def made_letter(text: str, cell: str, language: Language = "zh") -> Letter:
    table = LetterTable(("部门", "意见"), ((cell, text), ("", "")))
    part = LetterPart("标题", (text,), (Item(text, (("标签", cell),)),), table)
    return Letter(
        language, "受理通知书", text, (text,), (part,), ("某局", "2026年"), "某〔2026〕1号"
    )


@settings(max_examples=8, deadline=None)
@given(text=TEXTS, cell=TEXTS, language=st.sampled_from(LANGUAGES))
def test_nothing_that_an_applicant_types_is_lost_or_blank(
    text: str, cell: str, language: Language
) -> None:
    pdf = pdf_reading.text_of(paper_pdf(made_letter(text, cell, language), MOMENT))
    assert squeezed(pdf).count(squeezed(drawable(text))) >= 4
    assert squeezed(drawable(cell)) in squeezed(pdf)
    assert paper_docx(made_letter(text, cell, language), MOMENT)


def test_control_characters_and_lone_surrogates_stop_no_paper() -> None:
    letter = made_letter("甲\x00\x1b[31m乙\ud800", "\x07")
    assert "甲〔U+0000〕" in squeezed(pdf_reading.text_of(paper_pdf(letter, MOMENT)))
    assert "乙" in docx_text(paper_docx(letter, MOMENT))


# --- rare characters -------------------------------------------------------------------------


def test_rare_characters_of_names_are_drawn() -> None:
    names = "𠮷䶮㛃㮾䴗𬭎𫖮赟翀㵘𣵀"
    assert drawable(names) == names
    assert names in pdf_reading.text_of(paper_pdf(made_letter(names, "甲"), MOMENT))


def test_every_character_of_gb_2312_and_of_the_basic_blocks_is_drawn() -> None:
    regular = drawn_by("serif") | drawn_by("serifrest")
    assert {*range(0x4E00, 0xA000), *range(0x3400, 0x4DC0)} <= regular
    two = [bytes((a, b)) for a in range(0xB0, 0xF8) for b in range(0xA1, 0xFF)]
    gb2312 = {c.decode("gb2312") for c in two if c.decode("gb2312", "ignore")}
    assert len(gb2312) == 6763
    assert {ord(c) for c in gb2312} <= drawn_by("serif") & drawn_by("serifbold")


def test_what_no_font_draws_is_written_out() -> None:
    assert drawable("王𡎺") == "王〔U+213BA〕"
    assert drawable("a\u200bb\ufe0f") == "ab"


def test_the_fonts_are_those_that_were_recorded() -> None:
    import hashlib

    recorded = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in FILES.values():
        digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()
        assert f"`{name}`" in recorded
        assert digest in recorded
    assert "SIL Open Font License" in (FOLDER / "OFL.txt").read_text(encoding="utf-8")


# --- the file itself -------------------------------------------------------------------------


def test_the_same_document_and_moment_give_the_same_bytes(workspace: Workspace) -> None:
    letter = sample_letter(workspace, "refused", "zh")
    assert paper_pdf(letter, MOMENT) == paper_pdf(letter, MOMENT)
    assert paper_docx(letter, MOMENT) == paper_docx(letter, MOMENT)
    assert paper_pdf(letter, MOMENT) != paper_pdf(letter, MOMENT + timedelta(days=1))


def test_a_paper_says_what_it_is_and_in_which_order_it_is_read(workspace: Workspace) -> None:
    letter = sample_letter(workspace, "refused", "zh")
    pdf = paper_pdf(letter, MOMENT)
    catalog = pdf_reading.catalog(pdf)
    assert str(catalog["/Lang"]) == "zh-CN"
    assert catalog["/MarkInfo"]["/Marked"]
    info = pdf_reading.info(pdf)
    assert info["/Title"] == letter.title
    assert "20261122" in info["/CreationDate"]
    found = pdf_reading.elements(pdf)
    assert {e.tag for e in found} == {"H1", "H2", "P", "Artifact"}
    assert found[0].tag == "H1"
    assert found[0].text == letter.title
    headings = [e.text for e in found if e.tag == "H2"]
    assert headings == [f"{chinese_number(n)}、{p.heading}" for n, p in enumerate(letter.parts, 1)]
    assert len(catalog["/StructTreeRoot"]["/K"][0]["/K"]) == sum(e.number >= 0 for e in found)
    docx = Document(BytesIO(paper_docx(letter, MOMENT)))
    assert docx.core_properties.title == letter.title
    assert docx.core_properties.created == MOMENT.astimezone(UTC)
    styles = [p.style.name for p in docx.paragraphs if p.style is not None]
    assert styles[0] == "Title"
    assert styles.count("Heading 1") == len(letter.parts)


def test_a_form_to_fill_in_leaves_room_to_write() -> None:
    table = LetterTable((), (("办件编号", "1"), ("签名", "")))
    letter = Letter("zh", "送达回证", "", (), (LetterPart("", table=table),), ())
    (made,) = Document(BytesIO(paper_docx(letter, MOMENT))).tables
    assert [row.height is not None for row in made.rows] == [False, True]
    labels, texts = (column.width for column in made.columns)
    assert labels is not None
    assert texts is not None
    assert labels < texts / 2


def test_pages_are_numbered_and_embed_only_what_they_show(workspace: Workspace) -> None:
    pdf = paper_pdf(sample_letter(workspace, "to_correct", "zh"), MOMENT)
    pages = pdf_reading.page_count(pdf)
    numbers = [e.text for e in pdf_reading.elements(pdf) if e.tag == "Artifact" and e.text]
    assert numbers == [f"— {page} —" for page in range(1, pages + 1)]
    assert len(pdf) < 200_000


def test_explain_writes_the_letter_as_pdf_and_docx(workspace: Workspace, tmp_path: Path) -> None:
    sample = str(ROOT / "rulesets" / "samples" / "public_venue_hygiene" / "refused.json")
    pdf, docx = tmp_path / "letter.pdf", tmp_path / "letter.docx"
    arguments = [
        "explain",
        "public_venue_hygiene",
        sample,
        "--root",
        str(ROOT),
        "--on",
        "2026-11-22",
    ]
    done = CliRunner().invoke(tongban, [*arguments, "--pdf", str(pdf), "--docx", str(docx)])
    assert done.exit_code == 0, done.output
    letter = sample_letter(workspace, "refused", "zh")
    midnight = MOMENT.replace(hour=0, minute=0)
    assert pdf.read_bytes() == paper_pdf(letter, midnight)
    assert docx.read_bytes() == paper_docx(letter, midnight)
    nowhere = str(tmp_path / "nowhere" / "letter.pdf")
    done = CliRunner().invoke(tongban, [*arguments, "--pdf", nowhere])
    assert done.exit_code == 2
    assert f"文书不能写入 {nowhere} / cannot be written" in done.output


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_signature_never_stands_alone_on_a_page(language: Language) -> None:
    part = LetterPart("标题", ("一行",))
    for count in range(14, 22) if language == "zh" else range(28, 38):
        opening = tuple("第一行" for _ in range(count))
        letter = Letter(language, "题", "某某：", opening, (part,), ("某局", "某日"))
        found = pdf_reading.elements(paper_pdf(letter, MOMENT))
        last = [e.text for e in found if e.page == found[-1].page and e.tag != "Artifact"]
        assert len(last) > 2, count


# --- lines -----------------------------------------------------------------------------------


def cells(text: str) -> float:
    return sum(2.0 if unicodedata.east_asian_width(c) in "WF" else 1.0 for c in text)


@given(
    text=st.text(st.sampled_from("甲乙丙丁，。、；：“”‘’（）《》〔〕 ab1.,()-%"), max_size=80),
    width=st.integers(8, 40),
    indent=st.integers(0, 4),
)
def test_lines_fit_and_lose_nothing(text: str, width: int, indent: int) -> None:
    lines = broken_lines(text, width, cells, indent)
    assert squeezed("".join(lines)) == squeezed(text)
    assert all(cells(line) <= width - (indent if n == 0 else 0) for n, line in enumerate(lines))


@given(text=st.text(st.sampled_from("甲乙丙丁，。（）"), max_size=80), width=st.integers(8, 40))
def test_no_stop_begins_a_line_and_no_bracket_ends_one(text: str, width: int) -> None:
    # Where stops follow each other without end there is no other way.
    if re.search(r"[，。）]{3}|（{3}|（[，。）]", text):
        return
    lines = broken_lines(text, width, cells)
    assert [line for line in lines[1:] if line[0] in "，。）"] == []
    assert [line for line in lines[:-1] if line[-1] == "（"] == []


def test_words_and_numbers_are_not_torn() -> None:
    lines = broken_lines("办理时间为 09:00-12:00 请提前 appointment 预约", 14, cells)
    assert any("09:00-12:00" in line for line in lines)
    assert any("appointment" in line for line in lines)


@pytest.mark.parametrize(
    ("number", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")]
)
def test_numerals(number: int, word: str) -> None:
    assert chinese_number(number) == word
