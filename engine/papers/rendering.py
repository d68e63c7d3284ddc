"""Guide and letter as HTML fragments and as plain text."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.decision import Decision
from engine.definitions import Matter
from engine.papers.guide import Block, Grid, Points, ServiceGuide
from engine.papers.letter import Letter, LetterPart, compose_letter
from engine.papers.manuscript import numbered
from engine.prose import Language, Words

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def _template(name: str) -> "Template":
    # Only those who render HTML wait for it: no command does.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def render_guide(guide: ServiceGuide, language: Language = "zh") -> str:
    """The guide as an HTML fragment: sections with headings from h2, no style, no script."""
    return _template("guide.html.j2").render(guide=guide, language=language)


def render_letter_html(
    decision: Decision, language: Language = "zh", matter: Matter | None = None
) -> str:
    """The applicant's letter as an HTML fragment: one article with headings from h2."""
    return letter_html(compose_letter(decision, language, matter))


def letter_html(letter: Letter) -> str:
    """Any letter or notice as an HTML fragment."""
    return _template("letter.html.j2").render(letter=letter)


def decision_letter(
    decision: Decision, language: Language = "zh", matter: Matter | None = None
) -> str:
    """The applicant's letter as plain text; `matter` signs it and names whom to ask."""
    return letter_text(compose_letter(decision, language, matter))


def letter_text(letter: Letter) -> str:
    """Any letter or notice as plain text."""
    return "\n".join(_letter_lines(letter)) + "\n"


def _letter_lines(letter: Letter) -> Iterator[str]:
    indent = "　　" if letter.language == "zh" else ""
    yield letter.title
    if letter.number:
        yield letter.number
    yield ""
    if letter.salutation:
        yield letter.salutation
    for text in letter.opening:
        yield indent + text
    number = 0
    for part in letter.parts:
        yield ""
        if part.heading:
            number += 1
            yield numbered(part.heading, number, letter.language)
        yield from _part_lines(part, letter.language)
    yield ""
    yield from letter.signature


def _part_lines(part: LetterPart, language: Language) -> Iterator[str]:
    zh = language == "zh"
    indent = "　　" if zh else "   "
    mark = "：" if zh else ": "
    for text in part.paragraphs:
        yield indent + text
    for index, item in enumerate(part.items, 1):
        yield f"{indent}{index}. {item.text}"
        for label, text in item.details:
            yield f"{indent}   {label}{mark}{text}"
    if part.table is not None:
        rows = (part.table.columns, *part.table.rows) if part.table.columns else part.table.rows
        yield from (indent + "｜".join(row) for row in rows)


def guide_text(guide: ServiceGuide, language: Language = "zh") -> str:
    """The guide as plain text."""
    lines = [guide.title, ""]
    for section in guide.sections:
        lines.append(f"【{section.title.zh}】" if language == "zh" else f"[{section.title.en}]")
        for block in section.blocks:
            lines += _block_lines(block, section.title, language)
        lines.append("")
    return "\n".join([*lines, guide.footer.say(language), ""])


def _block_lines(block: Block, title: Words, language: Language) -> Iterator[str]:
    mark = "：" if language == "zh" else ": "
    if isinstance(block, Points):
        yield from (f"- {point.say(language)}" for point in block.points)
    elif isinstance(block, Grid):
        if block.caption != title:
            yield f"〔{block.caption.say(language)}〕"
        for number, row in enumerate(block.rows, 1):
            if len(row) == 2:
                yield f"- {row[0].say(language)}{mark}{row[1].say(language)}"
                continue
            named = zip(block.columns, row, strict=True)
            texts = [(c.say(language), t.say(language)) for c, t in named]
            lines = [f"{label}{mark}{text}" for label, text in texts if text]
            yield f"{number}. {lines[0]}"
            yield from (f"   {line}" for line in lines[1:])
    else:
        yield block.say(language)
