"""An expression or a cell, from its text to words."""

from dataclasses import dataclass

from engine.definitions import Matter
from engine.feel import FeelSyntaxError, compile_expression, compile_unary
from engine.prose import calls, claims, formulas, items
from engine.prose.cells import cell_claim, short_cell, short_value
from engine.prose.claims import denial
from engine.prose.formulas import in_unit, several, sort_of
from engine.prose.lexicon import NO_LEXICON, Lexicon
from engine.prose.phrases import Bond, Phrase
from engine.prose.sorts import UNKNOWN, Sort
from engine.prose.speaker import Speaker, labelled
from engine.prose.words import Words, as_written

# Importing these modules fills the table of sayings.
REGISTERED = (calls, claims, formulas, items)
_EXPLAINS = 2  # an explanation may hold names that are explained


def spoken_condition(expression: str, matter: Matter | None = None) -> Words:
    """`场所类型 = "理发" and 营业面积 >= 10`: 场所类型为“理发”，并且营业面积在10 m²以上.

    With `matter`, names are called by their titles, figures carry units, and facts that rules
    compute are explained by what they are computed from. What is not FEEL stays as written.
    """
    return spoken_in(expression, lexicon_of(matter), explains=_EXPLAINS)


def lexicon_of(matter: Matter | None) -> Lexicon:
    return NO_LEXICON if matter is None else Lexicon(matter)


def spoken_in(expression: str, lexicon: Lexicon, *, explains: int = 0) -> Words:
    """An expression among the names of a lexicon."""
    try:
        compiled = compile_expression(expression)
    except FeelSyntaxError:  # the check reports it; a guide of an unchecked text shows it as it is
        return as_written(expression)
    return Speaker(compiled.text, lexicon, explains=explains).say(compiled.tree).words


def spoken_cell(cell: str, matter: Matter | None = None, column: str = "") -> Words:
    """A cell under its heading: `[80..90)` is 80 周岁以上且不满90 周岁, `-` is 不限."""
    lexicon = lexicon_of(matter)
    return short_words(cell, lexicon, lexicon.entry(column).sort)


def short_words(cell: str, lexicon: Lexicon, sort: Sort = UNKNOWN) -> Words:
    try:
        compiled = compile_unary(cell)
    except FeelSyntaxError:  # reported by the check, as above
        return as_written(cell)
    return short_cell(Speaker(compiled.text, lexicon), compiled.tree, sort).words


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of a table reads: in words, denied, and what sort of thing it is."""

    said: Phrase
    sort: Sort
    opposite: Phrase | None = None


def named(name: str, lexicon: Lexicon) -> Column:
    """A column that is a fact."""
    entry = lexicon.entry(name)
    return Column(labelled(entry.label), entry.sort)


def computed(expression: str, lexicon: Lexicon) -> Column:
    """A column that an expression computes."""
    try:
        compiled = compile_expression(expression)
    except FeelSyntaxError:  # reported by the check, as above
        return Column(Phrase(expression, expression, Bond.OPEN), UNKNOWN)
    speaker = Speaker(compiled.text, lexicon)
    found = compiled.tree
    return Column(speaker.say(found), sort_of(speaker, found), denial(speaker, found))


def claim_of_cell(cell: str, lexicon: Lexicon, column: Column) -> Phrase | None:
    """What a cell claims of its column; None where it claims nothing."""
    said = column.said
    try:
        compiled = compile_unary(cell)
    except FeelSyntaxError:  # reported by the check, as above
        return Phrase(f"{said.zh}：{cell}", f"{said.en}: {cell}", Bond.OPEN)
    speaker = Speaker(compiled.text, lexicon)
    return cell_claim(speaker, compiled.tree, said, column.sort, column.opposite)


def output(expression: str, lexicon: Lexicon, sort: Sort) -> Phrase:
    """What a row gives, figures with the unit of what they are given to."""
    try:
        compiled = compile_expression(expression)
    except FeelSyntaxError:  # reported by the check, as above
        return Phrase(expression, expression, Bond.OPEN)
    speaker = Speaker(compiled.text, lexicon)
    return several(speaker, compiled.tree) or in_unit(speaker, compiled.tree, sort.unit)


def short_output(expression: str, lexicon: Lexicon, sort: Sort) -> Words:
    """What a row gives, under its heading: 10 m², 空气、用具."""
    try:
        compiled = compile_expression(expression)
    except FeelSyntaxError:  # reported by the check, as above
        return as_written(expression)
    return short_value(Speaker(compiled.text, lexicon), compiled.tree, sort).words
