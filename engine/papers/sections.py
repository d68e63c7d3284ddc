"""What each section of the service guide takes from the definition."""

from collections.abc import Iterable, Iterator
from datetime import date

from engine.definitions import EFFECT_TITLES, Basis, Criterion, Matter, Parameter, Table
from engine.definitions.tables import RANKED
from engine.papers.asked import common_mistakes, conditional, conditions_of, material_list, ways
from engine.papers.english import term
from engine.papers.guide import (
    Block,
    Paragraph,
    Section,
    ServiceGuide,
    bullets,
    full_grid,
    two_columns,
)
from engine.papers.letter_texts import COURT, REVIEW_BODY
from engine.papers.wording import cited, period_words
from engine.prose import (
    NOTHING,
    Words,
    as_written,
    column_cell,
    column_title,
    given_cell,
    joined,
    listed,
    spoken_condition,
    spoken_day,
    spoken_hit,
    spoken_value,
    unit_words,
)
from engine.workspace import UnknownDefinition, Workspace


def service_guide(workspace: Workspace, matter_id: str, on: date, region: str = "") -> ServiceGuide:
    """The guide in force on a day, with the region's own figures.

    Raises UnknownDefinition for an unknown matter or region.
    """
    matter = workspace.matter(matter_id, on, region)
    sections = tuple(
        Section(identity, title, blocks)
        for identity, title, blocks in _sections(workspace, matter, on, region)
        if blocks
    )
    version = workspace.digest("matter", matter_id, on)[:12]
    footer = Words(
        f"本指南由事项定义生成，适用日期 {spoken_day(on)}，版本 {version}。",
        f"Generated from the definition for {on}, version {version}.",
    )
    return ServiceGuide(matter_id, matter.title, sections, footer)


def _sections(
    workspace: Workspace, matter: Matter, on: date, region: str
) -> Iterator[tuple[str, Words, tuple[Block, ...]]]:
    yield "summary", Words("基本信息", "At a glance"), _summary(matter)
    yield "basis", Words("设定依据", "Legal basis"), _bases(matter.basis)
    yield "conditions", Words("申请条件", "Conditions"), conditions_of(matter)
    yield "materials", Words("申请材料", "Materials"), material_list(workspace, matter, on, region)
    yield "mistakes", Words("常见错误", "Common mistakes"), common_mistakes(matter)
    yield "paths", Words("办理路径", "Ways of handling"), ways(matter)
    yield "process", Words("办理流程", "Process"), _process(workspace, matter, on)
    yield "time", Words("办结时限", "Time limits"), _time(matter)
    yield "fee", Words("收费", "Fee"), (Paragraph(_fee(matter)),)
    yield "result", Words("办理结果", "Result"), _result(workspace, matter, on)
    yield "tables", Words("标准对照", "Standards"), _tables(matter)
    yield "figures", Words("地区标准", "Regional figures"), _figures(matter)
    yield "review", Words("审查要点", "Review points"), _review(matter)
    yield "afterwards", Words("后续义务", "Afterwards"), _afterwards(matter)
    yield "notes", Words("注意事项", "Notes"), bullets(map(as_written, matter.guide.notes))
    yield "faq", Words("常见问题", "Questions and answers"), _faq(matter)
    yield "contact", Words("咨询投诉", "Contact and complaints"), _contact(matter)
    yield "appeal", Words("行政复议和行政诉讼", "Reconsideration and litigation"), _appeal(matter)


def _summary(matter: Matter) -> tuple[Block, ...]:
    visits = Words(f"{matter.visits} 次", f"{matter.visits}")
    rows = (
        (Words("事项类型", "Type"), term(matter.type)),
        (Words("基本编码", "National code"), as_written(matter.code or "")),
        (Words("实施机关", "Organ"), as_written(matter.organ)),
        (Words("行使层级", "Level"), term(matter.level)),
        (Words("服务对象", "For"), listed(map(term, matter.served))),
        (Words("办件类型", "Kind of handling"), term(matter.kind)),
        (Words("到办事现场次数", "Visits needed"), visits),
        (
            Words("必须到现场的原因", "Why visits are needed"),
            as_written(matter.visits_reason or ""),
        ),
        (Words("网上办理程度", "Handled online"), term(matter.online or "")),
        (Words("办理形式", "Channels"), listed(map(term, matter.channels))),
        (Words("承诺办结时限", "Promised time"), period_words(matter.time.promise)),
        (Words("收费", "Fee"), _fee(matter)),
        (Words("日常说法", "Also known as"), listed(matter.aliases)),
    )
    grid = two_columns(Words("基本信息", "At a glance"), rows)
    return (Paragraph(as_written(matter.summary)), *grid) if matter.summary else grid


def _bases(bases: Iterable[Basis]) -> tuple[Block, ...]:
    return bullets(Words(cited((b,)).zh + _quoted(b), cited((b,)).en + _quoted(b)) for b in bases)


def _quoted(basis: Basis) -> str:
    quote = basis.quote or ""
    if not quote:
        return ""
    # Quotation marks inside quotation marks are hard to read.
    return f"：{quote}" if "“" in quote else f"：“{quote}”"


def _process(workspace: Workspace, matter: Matter, on: date) -> tuple[Block, ...]:
    """The steps that follow from the definition, in order."""
    time, points = matter.time, matter.criteria
    corrections = period_words(time.correction)
    rows = [
        (
            Words("申请与受理", "Application"),
            _counted(points, "受理"),
            Words(
                f"材料不全的，当场或者{corrections.zh}内一次告知全部补正内容",
                f"all corrections in one notice, at once or within {corrections.en}",
            ),
        ),
        (Words("审查", "Review"), _counted(points, "审查"), NOTHING),
    ]
    for stage in time.special:
        outside = Words("不计入办结时限", "not counted") if stage.stops_clock else NOTHING
        what = Words("特殊环节", "special stage")
        rows.append((as_written(stage.title), what, joined(period_words(stage.limit), outside)))
    rows.append((Words("决定", "Decision"), _counted(points, "决定"), period_words(time.promise)))
    title, _ = _issued(workspace, matter, on)
    rows.append((Words("送达", "Delivery"), as_written(title), NOTHING))
    columns = (Words("环节", "Step"), Words("内容", "What"), Words("时限", "Time"))
    return (*full_grid(Words("办理环节", "Steps"), columns, rows), *_stages(matter))


def _stages(matter: Matter) -> tuple[Block, ...]:
    """Who handles it, where the matter says so (环节表)."""
    columns = (
        Words("环节名称", "Stage"),
        Words("办理处室", "Office"),
        Words("办理人", "Handled by"),
        Words("办理时限", "Time limit"),
    )
    rows = (
        (
            as_written(stage.title),
            as_written(stage.office or ""),
            as_written(stage.handler or ""),
            period_words(stage.within),
        )
        for stage in matter.stages
    )
    return full_grid(Words("各环节由谁办理", "Who handles each stage"), columns, rows)


def _counted(criteria: Iterable[Criterion], stage: str) -> Words:
    count = sum(criterion.stage == stage for criterion in criteria)
    return Words(f"核对 {count} 项审查要点", f"{count} review points") if count else NOTHING


def _time(matter: Matter) -> tuple[Block, ...]:
    time = matter.time
    rows = [
        (Words("法定办结时限", "Statutory"), period_words(time.statutory)),
        (Words("承诺办结时限", "Promised"), period_words(time.promise)),
        (Words("一次性告知时限", "Notice of corrections"), period_words(time.correction)),
        (Words("依据", "Legal basis"), cited(time.basis)),
    ]
    return two_columns(Words("时限", "Time limits"), rows)


def _fee(matter: Matter) -> Words:
    if matter.guide.fees:
        return listed(
            as_written("，".join(filter(None, (fee.title, fee.standard, *map(str, fee.basis)))))
            for fee in matter.guide.fees
        )
    return Words("不收费", "free") if matter.guide.fee == "不收费" else as_written(matter.guide.fee)


def _result(workspace: Workspace, matter: Matter, on: date) -> tuple[Block, ...]:
    title, valid = _issued(workspace, matter, on)
    rows = [
        (Words("结果名称", "Name"), as_written(title)),
        (Words("有效期", "Valid for"), period_words(valid)),
        (Words("办结方式", "How it ends"), term(matter.result.closing or "")),
        (Words("结果样本", "Sample"), as_written(matter.result.sample or "")),
    ]
    rows += [
        (as_written(b.title), joined(spoken_condition(b.amount, matter), unit_words(b.unit)))
        for b in matter.benefits
    ]
    return two_columns(Words("办理结果", "Result"), rows)


def _issued(workspace: Workspace, matter: Matter, on: date) -> tuple[str, str | None]:
    """Title and validity of what the applicant receives."""
    result = matter.result
    title, valid = result.title or "", result.valid
    if result.licence:
        try:
            licence = workspace.licence(result.licence, on)
        except UnknownDefinition:  # the check reports it
            return title, valid
        title, valid = title or licence.title, valid or licence.valid
    return title, valid


def _tables(matter: Matter) -> tuple[Block, ...]:
    """Each decision table, its figures as they are in this region."""
    blocks: list[Block] = []
    for table in matter.tables:
        names = (*table.columns, *table.gives)
        rows = (
            (
                *(
                    column_cell(table, name, row.cells.get(name, "-"), matter)
                    for name in table.columns
                ),
                *(_given(table, name, row.cells.get(name, ""), matter) for name in table.gives),
            )
            for row in table.rows
        )
        every = (*rows, *_otherwise(table, matter))
        heads = tuple(column_title(table, name, matter) for name in names)
        blocks += full_grid(as_written(table.label), heads, every)
        if table.hit != "unique":
            blocks.append(Paragraph(spoken_hit(table)))
            blocks += _ranked(table, matter)
    return tuple(blocks)


def _otherwise(table: Table, matter: Matter) -> Iterator[tuple[Words, ...]]:
    """The row of the default outputs."""
    if table.default:
        heads = [Words("其他情形", "otherwise"), *(NOTHING for _ in table.columns)]
        given = (_given(table, name, table.default.get(name, ""), matter) for name in table.gives)
        yield (*heads[: len(table.columns)], *given)


def _ranked(table: Table, matter: Matter) -> Iterator[Paragraph]:
    """In which order the outputs rank, where that decides."""
    for name in table.gives if table.hit in RANKED else ():
        if name in table.allowed:
            order = column_cell(table, name, table.allowed[name], matter)
            yield Paragraph(
                Words(f"{name}的优先次序：{order.zh}", f"{name} ranks in this order: {order.en}")
            )


def _given(table: Table, name: str, cell: str, matter: Matter) -> Words:
    parameter = matter.parameters.get(cell)
    return _figure(parameter) if parameter else given_cell(table, name, cell, matter)


def _figure(parameter: Parameter) -> Words:
    if parameter.value is None:
        return Words("尚未规定", "not fixed yet")
    unit = parameter.unit or ""
    return Words(spoken_value(parameter.figure, unit), spoken_value(parameter.figure, unit, "en"))


def _figures(matter: Matter) -> tuple[Block, ...]:
    columns = (
        Words("标准", "Figure"),
        Words("本地规定", "Value here"),
        Words("依据", "Legal basis"),
    )
    rows = (
        (as_written(parameter.title or name), _figure(parameter), cited(parameter.basis))
        for name, parameter in matter.parameters.items()
    )
    return full_grid(Words("地区标准", "Regional figures"), columns, rows)


def _review(matter: Matter) -> tuple[Block, ...]:
    columns = (
        Words("审查要点", "Review point"),
        Words("环节", "Stage"),
        Words("适用情形", "When"),
        Words("不满足的后果", "If not met"),
        Words("怎么办", "What to do"),
        Words("依据", "Legal basis"),
    )
    rows = (
        (
            as_written(c.point),
            term(c.stage),
            spoken_condition(c.when, matter) if c.when else NOTHING,
            Words(*EFFECT_TITLES[c.consequence]),
            as_written(c.remedy or ""),
            cited(c.basis),
        )
        for c in matter.criteria
    )
    return (*full_grid(Words("审查要点", "Review points"), columns, rows), *_judgements(matter))


def _judgements(matter: Matter) -> tuple[Block, ...]:
    """What a person still judges, said beforehand: on which factors, and how far."""
    columns = (
        Words("由人判断的要点", "Judged by a person"),
        Words("由谁判断", "By whom"),
        Words("考虑因素", "Factors"),
        Words("界限", "Bounds"),
        Words("依据", "Legal basis"),
    )
    rows = (
        (
            as_written(c.point),
            term(c.judgement.by),
            listed(c.judgement.factors),
            as_written(c.judgement.bounds),
            cited(c.judgement.basis),
        )
        for c in matter.criteria
        if c.judgement is not None
    )
    return full_grid(Words("裁量的因素和界限", "Discretion: factors and bounds"), columns, rows)


def _afterwards(matter: Matter) -> tuple[Block, ...]:
    points = []
    for duty in matter.obligations:
        within, by = period_words(duty.within), term(duty.by)
        # A duty may last as long as its period or be due within it: both have it for their term.
        words = Words(
            f"{by.zh}：{duty.title}，期限为自决定之日起{within.zh}",
            f"{by.en}: {duty.title}, term: {within.en} from the decision",
        )
        points.append(conditional(words, duty.when, matter))
    return bullets(points)


def _faq(matter: Matter) -> tuple[Block, ...]:
    columns = (Words("问", "Question"), Words("答", "Answer"))
    rows = ((as_written(q), as_written(a)) for q, a in matter.guide.faq.items())
    return full_grid(Words("常见问题", "Questions and answers"), columns, rows)


def _contact(matter: Matter) -> tuple[Block, ...]:
    guide = matter.guide
    rows = (
        (Words("办理地点", "Where"), listed(guide.windows)),
        (Words("办理时间", "Hours"), as_written(guide.hours or "")),
        (Words("咨询电话", "Phone"), as_written(guide.phone or "")),
        (Words("监督投诉", "Complaints"), as_written(guide.complaints or "")),
    )
    return two_columns(Words("联系方式", "Contact"), rows)


def _appeal(matter: Matter) -> tuple[Block, ...]:
    guide = matter.guide
    body = as_written(guide.review_body) if guide.review_body else REVIEW_BODY
    court = as_written(guide.court) if guide.court else COURT
    words = Words(
        f"对决定不服的，可以自收到决定之日起六十日内向{body.zh}申请行政复议；"
        f"也可以依法向{court.zh}提起行政诉讼，起诉期限以《行政诉讼法》的规定为准。",
        f"Within 60 days of receiving the decision you may apply to {body.en} for reconsideration, "
        f"or sue before {court.en} within the time set by the Administrative Litigation Law.",
    )
    return (Paragraph(words),)
