"""Chinese and English: nothing is said in one language only."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from engine import ANSWERS
from engine.hall.task_lists import APPLICANT, DEPARTMENT
from studio.catalogue import HERE, MO, PO, collect, untranslated
from studio.registration import KINDS

CHINESE = re.compile(r"[\u3400-\u9fff]")


def test_the_catalogue_is_what_the_pages_say() -> None:
    committed = PO.read_bytes()
    now = collect(committed)
    known = read_po(io.BytesIO(committed), locale="en")
    assert {m.id for m in now} == {m.id for m in known}, "run: python -m studio.catalogue"
    assert untranslated(now) == []


def test_what_is_compiled_is_what_is_translated() -> None:
    known = read_po(io.BytesIO(PO.read_bytes()), locale="en")
    compiled = read_mo(io.BytesIO(MO.read_bytes()))
    assert _said(known) == _said(compiled)


def _said(catalog: Catalog) -> dict[str, list[str]]:
    """What stands for what, plural forms in one list."""
    pairs = [
        ((m.id, m.string) if isinstance(m.id, str) else (m.id[0], m.string))
        for m in catalog
        if m.id
    ]
    return {said: [s] if isinstance(s, str) else list(s or ()) for said, s in pairs}


def test_translations_are_english_and_keep_their_places() -> None:
    for message in read_po(io.BytesIO(PO.read_bytes()), locale="en"):
        said = (message.id,) if isinstance(message.id, str) else message.id
        translated = (message.string,) if isinstance(message.string, str) else message.string
        places = set(re.findall(r"%\((\w+)\)s", said[0]))
        for text in (translated or ()) if message.id else ():
            assert set(re.findall(r"%\((\w+)\)s", text)) == places, said
            assert not CHINESE.search(text.replace("理发", "")), text


def test_what_people_choose_from_has_english() -> None:
    known = {m.id for m in read_po(io.BytesIO(PO.read_bytes()), locale="en")}
    assert {*KINDS, *KINDS.values(), *ANSWERS, APPLICANT, DEPARTMENT} <= known


@pytest.mark.parametrize("page", sorted((HERE / "templates").glob("*.html")), ids=lambda p: p.name)
def test_no_page_says_chinese_untranslated(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"n?_\('[^']*'|ngettext\('[^']*', '[^']*'", "", text)
    # Words that pages compare with, and the name of the language itself.
    text = re.sub(r"(==|in) ?\(?'[^)%}]*", "", text).replace(">中文<", "><")
    assert CHINESE.findall(text) == []
