"""Rules read back as prose, in Chinese and in English: any expression, any cell, any table.

One walk over the tree says both languages side by side, so neither can fall behind. Words are
those of the law: 以上、以下 include the figure, 不满、超过 do not (民法典第一千二百五十九条). What holds
loosely is set in brackets, so a sentence has one reading; the tests read it back by themselves and
hold its truth against the expression's, three-valued, over random facts.
"""

from engine.prose.conclusions import spoken_conclusion
from engine.prose.expressions import spoken_cell, spoken_condition
from engine.prose.statements import RULE_TITLES, Statement, statements_of
from engine.prose.tables import (
    TableProse,
    column_cell,
    column_title,
    given_cell,
    spoken_hit,
    spoken_row,
    spoken_table,
)
from engine.prose.words import (
    NOTHING,
    Language,
    Words,
    as_written,
    joined,
    listed,
    spoken_day,
    spoken_number,
    spoken_value,
    unit_words,
)

__all__ = [
    "NOTHING",
    "RULE_TITLES",
    "Language",
    "Statement",
    "TableProse",
    "Words",
    "as_written",
    "column_cell",
    "column_title",
    "given_cell",
    "joined",
    "listed",
    "spoken_cell",
    "spoken_conclusion",
    "spoken_condition",
    "spoken_day",
    "spoken_hit",
    "spoken_number",
    "spoken_row",
    "spoken_table",
    "spoken_value",
    "statements_of",
    "unit_words",
]
