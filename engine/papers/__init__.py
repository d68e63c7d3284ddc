"""What is generated, never typed twice: the service guide, the letters, the officer's view.

Everything here is a rendering of one definition or of one decision; nothing is decided here.
"""

from engine.papers.guide import Grid, Paragraph, Points, Section, ServiceGuide
from engine.papers.ledger import DeclaredJudgement, MatterLedger, discretion_ledger, ledger_text
from engine.papers.letter import Item, Letter, LetterPart, LetterTable, compose_letter
from engine.papers.masking import presentable
from engine.papers.notice_data import (
    Contacts,
    NoticeData,
    NoticeItem,
    NoticeKind,
    Opinion,
    Party,
    contacts_of,
    notice_items,
)
from engine.papers.notices import IncompleteNotice, compose_notice
from engine.papers.officer import officer_view
from engine.papers.reliance import Reliance, laws_named, reliances
from engine.papers.rendering import (
    decision_letter,
    guide_text,
    letter_html,
    letter_text,
    render_guide,
    render_letter_html,
)
from engine.papers.sections import service_guide
from engine.papers.wording import spoken_period
from engine.prose import Language, Words, spoken_condition, spoken_day, spoken_value

__all__ = [
    "Contacts",
    "DeclaredJudgement",
    "Grid",
    "IncompleteNotice",
    "Item",
    "Language",
    "Letter",
    "LetterPart",
    "LetterTable",
    "MatterLedger",
    "NoticeData",
    "NoticeItem",
    "NoticeKind",
    "Opinion",
    "Paragraph",
    "Party",
    "Points",
    "Reliance",
    "Section",
    "ServiceGuide",
    "Words",
    "compose_letter",
    "compose_notice",
    "contacts_of",
    "decision_letter",
    "discretion_ledger",
    "guide_text",
    "laws_named",
    "ledger_text",
    "letter_html",
    "letter_text",
    "notice_items",
    "officer_view",
    "presentable",
    "reliances",
    "render_guide",
    "render_letter_html",
    "service_guide",
    "spoken_condition",
    "spoken_day",
    "spoken_period",
    "spoken_value",
]
