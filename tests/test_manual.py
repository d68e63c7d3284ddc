"""The page of keys is the program's own, and every key on it says what it means."""

import os

from engine.definitions.manual import definitions_page
from shipped import ROOT

PAGE = ROOT / "docs" / "definitions.md"


def test_the_page_of_keys_is_that_of_the_program() -> None:
    """Written anew by TONGBAN_RESET_MANUAL=1."""
    page = definitions_page()
    if os.environ.get("TONGBAN_RESET_MANUAL"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page


def test_every_link_leads_to_a_part_on_the_page() -> None:
    page = definitions_page()
    headings = {line[3:].lower() for line in page.splitlines() if line.startswith("## ")}
    links = {piece.partition(")")[0] for piece in page.split("](#")[1:]}
    assert links <= headings
    assert "None" not in page
