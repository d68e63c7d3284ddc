"""What the guide says is asked of the applicant: conditions, materials, paths."""

from collections.abc import Iterator
from datetime import date

from engine.decision import EXEMPT_LABEL
from engine.definitions import PATH_TITLES, MaterialUse, Matter, PathDeclaration
from engine.papers.english import term
from engine.papers.guide import Block, Paragraph, bullets, full_grid, two_columns
from engine.papers.wording import cited, period_words
from engine.prose import NOTHING, Words, as_written, joined, listed, spoken_condition
from engine.workspace import UnknownDefinition, Workspace


def conditions_of(matter: Matter) -> tuple[Block, ...]:
    """What the applicant must meet: every criterion that can stop the application."""
    stopping = (c for c in matter.criteria if c.consequence != "remind")
    return bullets(conditional(as_written(c.point), c.when, matter) for c in stopping)


def conditional(words: Words, when: str | None, matter: Matter) -> Words:
    if not when:
        return words
    condition = spoken_condition(when, matter)
    return Words(f"{words.zh}（适用情形：{condition.zh}）", f"{words.en} (when: {condition.en})")


def material_list(workspace: Workspace, matter: Matter, on: date, region: str) -> tuple[Block, ...]:
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
    rows = (_material(workspace, matter, material, on, region) for material in matter.materials)
    return full_grid(Words("申请材料清单", "List of materials"), columns, rows)


def _material(
    workspace: Workspace, matter: Matter, material: MaterialUse, on: date, region: str
) -> tuple[Words, ...]:
    needed = Words("必要", "always")
    if material.when:
        needed = spoken_condition(material.when, matter)
    return (
        as_written(material.title or material.key),
        needed,
        _exemption(workspace, material, on, region),
        listed(term(text) for text in (material.origin, material.issuer) if text),
        _form(material),
        _other_ways(material),
        _instructions(material),
        cited(material.basis or ()),
    )


def _exemption(workspace: Workspace, material: MaterialUse, on: date, region: str) -> Words:
    """The label fixed by policy, with the licences that carry it where the applicant lives."""
    titles = []
    for identity in material.satisfied_by or ():
        try:
            licence = workspace.licence(identity, on)
        except UnknownDefinition:  # the check reports it
            continue
        # A region that the licence is not issued for still collects the paper.
        if not region or licence.coverage.includes(region):
            start = licence.coverage.from_
            zh, en = (f"，{start} 起颁发的", f" issued from {start}") if start else ("", "")
            titles.append(Words(licence.title + zh, licence.title + en))
    if titles:
        zh, en = "、".join(t.zh for t in titles), ", ".join(t.en for t in titles)
        return Words(f"{EXEMPT_LABEL}（{zh}）", f"{EXEMPT_LABEL} ({en})")
    if material.query:
        return Words(f"由部门协查取得（{material.query}）", f"obtained from {material.query}")
    return NOTHING


def _form(material: MaterialUse) -> Words:
    count = material.copies
    copies = Words(f"{count} 份", f"{count} {'copy' if count == 1 else 'copies'}")
    return joined(term(material.form or ""), copies if count else NOTHING)


def _instructions(material: MaterialUse) -> Words:
    note = as_written(material.note or "")
    sample = material.sample
    return joined(note, Words(f"示范文本：{sample}", f"sample: {sample}") if sample else NOTHING)


def _other_ways(material: MaterialUse) -> Words:
    commitment = Words("可以承诺代替", "may be committed to") if material.commitable else NOTHING
    later = NOTHING
    if material.deferrable:
        within = period_words(material.deferrable.within)
        later = Words(f"可在{within.zh}内补齐", f"may follow within {within.en}")
    return joined(commitment, later)


def common_mistakes(matter: Matter) -> tuple[Block, ...]:
    return bullets(
        as_written(f"{material.title or material.key}：{mistake}")
        for material in matter.materials
        for mistake in material.mistakes or ()
    )


def ways(matter: Matter) -> tuple[Block, ...]:
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
            blocks += two_columns(title, _path_rows(matter, path))
    return tuple(blocks)


def _path_rows(matter: Matter, path: PathDeclaration) -> Iterator[tuple[Words, Words]]:
    titles = {m.key: m.title or m.key for m in matter.materials}
    titles |= {c.id: c.point for c in matter.criteria}
    entry = spoken_condition(path.entry, matter) if path.entry else NOTHING
    false = Words("撤销行政决定", "the decision is revoked") if path.on_false else NOTHING
    yield Words("进入条件", "Entry"), entry
    yield Words("以承诺代替", "Covers"), listed(titles.get(c, c) for c in path.covers)
    yield Words("承诺内容", "The commitment"), as_written(path.duty or "")
    yield Words("不实承诺的后果", "If false"), as_written(path.consequence or false.zh)
    yield Words("未履行承诺的后果", "If unfulfilled"), _UNFULFILLED[path.on_unfulfilled or ""]
    yield Words("办结时限", "Time"), period_words(path.promise)
    yield Words("核查期限", "Verified within"), period_words(path.verify_within)
    yield Words("依据", "Legal basis"), cited(path.basis)


_UNFULFILLED = {
    "": NOTHING,
    "correct_then_revoke": Words(
        "责令限期整改，逾期仍不履行的撤销", "ordered to correct; revoked when that is not done"
    ),
    "withdrawn": Words("视为撤回申请", "deemed withdrawn"),
}
