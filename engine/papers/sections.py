"""What each section of the service guide takes from the definition."""

from collections.abc import Iterable, Iterator
from datetime import date

from engine.decision import EXEMPT_LABEL
from engine.definitions import (
    EFFECT_TITLES,
    PATH_TITLES,
    Basis,
    Criterion,
    MaterialUse,
    Matter,
    Parameter,
    PathDeclaration,
)
from engine.papers.guide import Block, Grid, Paragraph, Points, Section, ServiceGuide
from engine.papers.prose import spoken_cell, spoken_condition
from engine.papers.wording import (
    Words,
    as_written,
    spoken_day,
    spoken_period,
    spoken_value,
)
from engine.workspace import UnknownDefinition, Workspace

_NOTHING = Words("", "")


def service_guide(workspace: Workspace, matter_id: str, on: date, region: str = "") -> ServiceGuide:
    """The guide in force on a day, with the region's own figures.

    Raises UnknownDefinition for an unknown matter or region.
    """
    matter = workspace.matter(matter_id, on, region)
    sections = tuple(
        Section(identity, title, blocks)
        for identity, title, blocks in _sections(workspace, matter, on)
        if blocks
    )
    version = workspace.digest("matter", matter_id, on)[:12]
    footer = Words(
        f"本指南由事项定义生成，适用日期 {spoken_day(on)}，版本 {version}。",
        f"Generated from the definition for {on}, version {version}.",
    )
    return ServiceGuide(matter_id, matter.title, sections, footer)


def _sections(
    workspace: Workspace, matter: Matter, on: date
) -> Iterator[tuple[str, Words, tuple[Block, ...]]]:
    yield "summary", Words("基本信息", "At a glance"), _summary(matter)
    yield "basis", Words("设定依据", "Legal basis"), _bases(matter.basis)
    yield "conditions", Words("申请条件", "Conditions"), _conditions(matter)
    yield "materials", Words("申请材料", "Materials"), _materials(workspace, matter, on)
    yield "mistakes", Words("常见错误", "Common mistakes"), _mistakes(matter)
    yield "paths", Words("办理路径", "Ways of handling"), _paths(matter)
    yield "process", Words("办理流程", "Process"), _process(workspace, matter, on)
    yield "time", Words("办结时限", "Time limits"), _time(matter)
    yield "fee", Words("收费", "Fee"), (Paragraph(_fee(matter)),)
    yield "result", Words("办理结果", "Result"), _result(workspace, matter, on)
    yield "tables", Words("标准对照", "Standards"), _tables(matter)
    yield "figures", Words("地区标准", "Regional figures"), _figures(matter)
    yield "review", Words("审查要点", "Review points"), _review(matter)
    yield "afterwards", Words("后续义务", "Afterwards"), _afterwards(matter)
    yield "notes", Words("注意事项", "Notes"), _points(map(as_written, matter.guide.notes))
    yield "faq", Words("常见问题", "Questions and answers"), _faq(matter)
    yield "contact", Words("咨询投诉", "Contact and complaints"), _contact(matter)
    yield "appeal", Words("行政复议和行政诉讼", "Reconsideration and litigation"), _appeal(matter)


def _points(points: Iterable[Words]) -> tuple[Block, ...]:
    found = tuple(point for point in points if point.zh)
    return (Points(found),) if found else ()


def _pairs(caption: Words, rows: Iterable[tuple[Words, Words]]) -> tuple[Block, ...]:
    """A table of two columns less its empty rows."""
    kept = tuple(row for row in rows if row[1].zh)
    columns = (Words("项目", "Item"), Words("内容", "Content"))
    return (Grid(caption, columns, kept),) if kept else ()


def _grid(
    caption: Words, columns: tuple[Words, ...], rows: Iterable[tuple[Words, ...]]
) -> tuple[Block, ...]:
    """A table less its empty columns."""
    found = tuple(rows)
    kept = [n for n in range(len(columns)) if any(row[n].zh for row in found)]
    narrow = tuple(tuple(row[n] for n in kept) for row in found)
    return (Grid(caption, tuple(columns[n] for n in kept), narrow),) if found else ()


def _listed(texts: Iterable[str]) -> Words:
    found = tuple(texts)
    return Words("；".join(found), "; ".join(found))


def _cited(bases: Iterable[Basis]) -> Words:
    """Laws by name and article; what was not checked against the law's text is said so."""
    zh, en = [], []
    for basis in bases:
        zh.append(str(basis) + ("" if basis.verified else "（未核实）"))
        en.append(str(basis) + ("" if basis.verified else " (not verified)"))
    return Words("；".join(zh), "; ".join(en))


def _period(text: str | None) -> Words:
    if not text:
        return _NOTHING
    return Words(spoken_period(text), spoken_period(text, "en"))


def _joined(*parts: Words) -> Words:
    kept = [part for part in parts if part.zh]
    return Words("，".join(p.zh for p in kept), ", ".join(p.en for p in kept))


# --- sections ----------------------------------------------------------------------------------


def _summary(matter: Matter) -> tuple[Block, ...]:
    visits = Words(f"{matter.visits} 次", f"{matter.visits}")
    rows = (
        (Words("事项类型", "Type"), as_written(matter.type)),
        (Words("基本编码", "National code"), as_written(matter.code or "")),
        (Words("实施机关", "Organ"), as_written(matter.organ)),
        (Words("行使层级", "Level"), as_written(matter.level)),
        (Words("服务对象", "For"), _listed(matter.served)),
        (Words("办件类型", "Kind of handling"), as_written(matter.kind)),
        (Words("到办事现场次数", "Visits needed"), visits),
        (Words("承诺办结时限", "Promised time"), _period(matter.time.promise)),
        (Words("收费", "Fee"), _fee(matter)),
        (Words("日常说法", "Also known as"), _listed(matter.aliases)),
    )
    grid = _pairs(Words("基本信息", "At a glance"), rows)
    return (Paragraph(as_written(matter.summary)), *grid) if matter.summary else grid


def _bases(bases: Iterable[Basis]) -> tuple[Block, ...]:
    return _points(Words(_cited((b,)).zh + _quoted(b), _cited((b,)).en + _quoted(b)) for b in bases)


def _quoted(basis: Basis) -> str:
    return f"：“{basis.quote}”" if basis.quote else ""


def _conditions(matter: Matter) -> tuple[Block, ...]:
    """What the applicant must meet: every criterion that can stop the application."""
    stopping = (c for c in matter.criteria if c.consequence != "remind")
    return _points(_conditional(as_written(c.point), c.when, matter) for c in stopping)


def _conditional(words: Words, when: str | None, matter: Matter) -> Words:
    if not when:
        return words
    condition = spoken_condition(when, matter)
    return Words(f"{words.zh}（适用情形：{condition.zh}）", f"{words.en} (when: {condition.en})")


def _materials(workspace: Workspace, matter: Matter, on: date) -> tuple[Block, ...]:
    columns = (
        Words("材料名称", "Material"),
        Words("何时需要", "When needed"),
        Words("免提交", "Exemption"),
        Words("来源", "Where from"),
        Words("形式和份数", "Form and copies"),
        Words("其他办法", "Other ways"),
        Words("填报须知", "Notes"),
        Words("要求依据", "Legal basis"),
    )
    rows = (_material(workspace, matter, material, on) for material in matter.materials)
    return _grid(Words("申请材料清单", "List of materials"), columns, rows)


def _material(
    workspace: Workspace, matter: Matter, material: MaterialUse, on: date
) -> tuple[Words, ...]:
    needed = Words("必要", "always")
    if material.when:
        needed = spoken_condition(material.when, matter)
    return (
        as_written(material.title or material.key),
        needed,
        _exemption(workspace, material, on),
        _listed(t for t in (material.origin, material.issuer) if t),
        _form(material),
        _other_ways(material),
        _instructions(material),
        _cited(material.basis or ()),
    )


def _exemption(workspace: Workspace, material: MaterialUse, on: date) -> Words:
    """The label fixed by policy, and which licences carry it."""
    titles = []
    for licence in material.satisfied_by or ():
        try:
            titles.append(workspace.licence(licence, on).title)
        except UnknownDefinition:  # the check reports it
            continue
    if titles:
        joined = "、".join(titles)
        return Words(f"{EXEMPT_LABEL}（{joined}）", f"{EXEMPT_LABEL} ({', '.join(titles)})")
    if material.query:
        return Words(f"由部门协查取得（{material.query}）", f"obtained from {material.query}")
    return _NOTHING


def _form(material: MaterialUse) -> Words:
    count = material.copies
    copies = Words(f"{count} 份", f"{count} copies") if count else _NOTHING
    return _joined(as_written(material.form or ""), copies)


def _instructions(material: MaterialUse) -> Words:
    note = as_written(material.note or "")
    sample = material.sample
    return _joined(note, Words(f"示范文本：{sample}", f"sample: {sample}") if sample else _NOTHING)


def _other_ways(material: MaterialUse) -> Words:
    commitment = Words("可以承诺代替", "may be committed to") if material.commitable else _NOTHING
    later = _NOTHING
    if material.deferrable:
        within = _period(material.deferrable.within)
        later = Words(f"可在{within.zh}内补齐", f"may follow within {within.en}")
    return _joined(commitment, later)


def _mistakes(matter: Matter) -> tuple[Block, ...]:
    return _points(
        as_written(f"{material.title or material.key}：{mistake}")
        for material in matter.materials
        for mistake in material.mistakes or ()
    )


def _paths(matter: Matter) -> tuple[Block, ...]:
    if not matter.paths:
        return ()
    blocks: list[Block] = [
        Paragraph(
            Words(
                "申请人可以自愿选择下列路径；不选择的，按一般程序办理。",
                "These ways are open on request; otherwise the general one is followed.",
            )
        )
    ]
    for identity, path in matter.paths.items():
        if identity != "general":
            title = Words(PATH_TITLES[identity], identity.replace("_", " "))
            blocks += _pairs(title, _path_rows(matter, path))
    return tuple(blocks)


def _path_rows(matter: Matter, path: PathDeclaration) -> Iterator[tuple[Words, Words]]:
    titles = {m.key: m.title or m.key for m in matter.materials}
    titles |= {c.id: c.point for c in matter.criteria}
    entry = spoken_condition(path.entry, matter) if path.entry else _NOTHING
    false = Words("撤销行政决定", "the decision is revoked") if path.on_false else _NOTHING
    yield Words("进入条件", "Entry"), entry
    yield Words("以承诺代替", "Covers"), _listed(titles.get(c, c) for c in path.covers)
    yield Words("承诺内容", "The commitment"), as_written(path.duty or "")
    yield Words("不实承诺的后果", "If false"), as_written(path.consequence or false.zh)
    yield Words("未履行承诺的后果", "If unfulfilled"), _UNFULFILLED[path.on_unfulfilled or ""]
    yield Words("办结时限", "Time"), _period(path.promise)
    yield Words("核查期限", "Verified within"), _period(path.verify_within)
    yield Words("依据", "Legal basis"), _cited(path.basis)


_UNFULFILLED = {
    "": _NOTHING,
    "correct_then_revoke": Words(
        "责令限期整改，逾期仍不履行的撤销", "ordered to correct; revoked when that is not done"
    ),
    "withdrawn": Words("视为撤回申请", "deemed withdrawn"),
}


def _process(workspace: Workspace, matter: Matter, on: date) -> tuple[Block, ...]:
    """The steps that follow from the definition, in order."""
    time, points = matter.time, matter.criteria
    corrections = _period(time.correction)
    rows = [
        (
            Words("申请与受理", "Application"),
            _counted(points, "受理"),
            Words(
                f"材料不全的，当场或者{corrections.zh}内一次告知全部补正内容",
                f"all corrections in one notice, at once or within {corrections.en}",
            ),
        ),
        (Words("审查", "Review"), _counted(points, "审查"), _NOTHING),
    ]
    for stage in time.special:
        outside = Words("不计入办结时限", "not counted") if stage.stops_clock else _NOTHING
        what = Words("特殊环节", "special stage")
        rows.append((as_written(stage.title), what, _joined(_period(stage.limit), outside)))
    rows.append((Words("决定", "Decision"), _counted(points, "决定"), _period(time.promise)))
    title, _ = _issued(workspace, matter, on)
    rows.append((Words("送达", "Delivery"), as_written(title), _NOTHING))
    columns = (Words("环节", "Step"), Words("内容", "What"), Words("时限", "Time"))
    return _grid(Words("办理环节", "Steps"), columns, rows)


def _counted(criteria: Iterable[Criterion], stage: str) -> Words:
    count = sum(criterion.stage == stage for criterion in criteria)
    return Words(f"核对 {count} 项审查要点", f"{count} review points") if count else _NOTHING


def _time(matter: Matter) -> tuple[Block, ...]:
    time = matter.time
    rows = [
        (Words("法定办结时限", "Statutory"), _period(time.statutory)),
        (Words("承诺办结时限", "Promised"), _period(time.promise)),
        (Words("一次性告知时限", "Notice of corrections"), _period(time.correction)),
        (Words("依据", "Legal basis"), _cited(time.basis)),
    ]
    return _pairs(Words("时限", "Time limits"), rows)


def _fee(matter: Matter) -> Words:
    return Words("不收费", "free") if matter.guide.fee == "不收费" else as_written(matter.guide.fee)


def _result(workspace: Workspace, matter: Matter, on: date) -> tuple[Block, ...]:
    title, valid = _issued(workspace, matter, on)
    rows = [
        (Words("结果名称", "Name"), as_written(title)),
        (Words("有效期", "Valid for"), _period(valid)),
    ]
    rows += [
        (as_written(b.title), _joined(spoken_condition(b.amount, matter), as_written(b.unit or "")))
        for b in matter.benefits
    ]
    return _pairs(Words("办理结果", "Result"), rows)


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
                *(spoken_cell(row.cells.get(name, "-"), matter) for name in table.columns),
                *(_given(row.cells.get(name, ""), matter) for name in table.gives),
            )
            for row in table.rows
        )
        blocks += _grid(as_written(table.label), tuple(map(as_written, names)), rows)
    return tuple(blocks)


def _given(cell: str, matter: Matter) -> Words:
    parameter = matter.parameters.get(cell)
    return _figure(parameter) if parameter else spoken_cell(cell, matter)


def _figure(parameter: Parameter) -> Words:
    if parameter.value is None:
        return Words("尚未规定", "not fixed yet")
    unit = parameter.unit or ""
    return Words(spoken_value(parameter.value, unit), spoken_value(parameter.value, unit, "en"))


def _figures(matter: Matter) -> tuple[Block, ...]:
    columns = (
        Words("标准", "Figure"),
        Words("本地规定", "Value here"),
        Words("依据", "Legal basis"),
    )
    rows = (
        (as_written(parameter.title or name), _figure(parameter), _cited(parameter.basis))
        for name, parameter in matter.parameters.items()
    )
    return _grid(Words("地区标准", "Regional figures"), columns, rows)


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
            as_written(c.stage),
            spoken_condition(c.when, matter) if c.when else _NOTHING,
            Words(*EFFECT_TITLES[c.consequence]),
            as_written(c.remedy or ""),
            _cited(c.basis),
        )
        for c in matter.criteria
    )
    return _grid(Words("审查要点", "Review points"), columns, rows)


def _afterwards(matter: Matter) -> tuple[Block, ...]:
    points = []
    for duty in matter.obligations:
        within = _period(duty.within)
        words = Words(
            f"{duty.by}：{duty.title}，自决定之日起{within.zh}内",
            f"{duty.by}: {duty.title}, within {within.en} of the decision",
        )
        points.append(_conditional(words, duty.when, matter))
    return _points(points)


def _faq(matter: Matter) -> tuple[Block, ...]:
    columns = (Words("问", "Question"), Words("答", "Answer"))
    rows = ((as_written(q), as_written(a)) for q, a in matter.guide.faq.items())
    return _grid(Words("常见问题", "Questions and answers"), columns, rows)


def _contact(matter: Matter) -> tuple[Block, ...]:
    guide = matter.guide
    rows = (
        (Words("办理地点", "Where"), _listed(guide.windows)),
        (Words("办理时间", "Hours"), as_written(guide.hours or "")),
        (Words("咨询电话", "Phone"), as_written(guide.phone or "")),
        (Words("监督投诉", "Complaints"), as_written(guide.complaints or "")),
    )
    return _pairs(Words("联系方式", "Contact"), rows)


def _appeal(matter: Matter) -> tuple[Block, ...]:
    body = matter.guide.review_body or "有管辖权的行政复议机关"
    court = matter.guide.court or "有管辖权的人民法院"
    words = Words(
        f"对决定不服的，可以自收到决定之日起六十日内向{body}申请行政复议；"
        f"也可以依法向{court}提起行政诉讼，起诉期限以《行政诉讼法》的规定为准。",
        f"Within 60 days of receiving the decision you may apply to {body} for reconsideration, or "
        f"sue before {court} within the time set by the Administrative Litigation Law.",
    )
    return (Paragraph(words),)
