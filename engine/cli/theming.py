"""The command for a theme (一件事): its one form and one set of materials, or one application decided."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.checks import decide_theme
from engine.cli.options import (
    DAY,
    Language,
    json_option,
    lang_option,
    on_option,
    print_json,
    read_json_file,
    root_option,
    today,
)
from engine.prose import spoken_condition
from engine.themes import (
    COVERAGE_TITLES,
    MergedForm,
    PartPlan,
    ThemeCoverage,
    ThemeDecision,
    coverage,
    merge,
)
from engine.workspace import Workspace

if TYPE_CHECKING:
    from engine.themes import MergedMaterial


@click.command()
@click.argument("theme")
@click.argument(
    "facts", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@on_option
@click.option("--region", default="", help="按哪个地区的标准 / the region whose figures apply")
@root_option
@json_option
@lang_option
def theme(
    theme: str,
    facts: Path | None,
    on: date | None,
    region: str,
    root: Path,
    as_json: bool,
    lang: Language,
) -> None:
    """读一件事的表单和材料；给出申请的，各事项分别作出决定 / read a theme, or decide its parts."""
    workspace = Workspace.load(root)
    if facts is not None:
        decided = _decide(workspace, theme, read_json_file(facts), on, facts.name)
        if as_json:
            print_json(decided)
        else:
            click.echo("\n".join(_decision_lines(decided, lang)))
        return
    merged = merge(workspace, theme, on or today(), region)
    proof = coverage(merged)
    if as_json:
        print_json(_document(merged, proof))
    else:
        click.echo("\n".join(_lines(merged, proof, lang)))
    sys.exit(0 if proof.is_proved else 1)


def _decide(
    workspace: Workspace, identity: str, data: Any, on: date | None, file: str
) -> ThemeDecision:
    if on is None:
        stated = data.get("date") if isinstance(data, dict) else None
        on = today() if stated is None else DAY.convert(stated, None, None)
    return decide_theme(workspace, identity, data, on=on, file=file)


# --- the theme itself ----------------------------------------------------------------------------


def _lines(merged: MergedForm, proof: ThemeCoverage, lang: Language) -> Iterator[str]:
    is_zh = lang == "zh"
    theme, plan = merged.plan.theme, merged.plan
    titles = {part.id: part.matter.title for part in plan.parts}
    yield f"{theme.title}（{theme.theme}，{plan.on}）"
    yield (f"  牵头  {theme.lead}" if is_zh else f"  lead  {theme.lead}")
    yield ""
    yield f"事项（{len(titles)}）" if is_zh else f"Matters ({len(titles)})"
    for part in plan.parts:
        yield f"  · {part.matter.title}：{_needed(merged, part, lang)}"
    alone = sum(len(merged.facts_of(part.id)) for part in plan.parts)
    asked = len(merged.fields)
    yield ""
    yield (
        f"表单（{asked} 个问题；分开办要答 {alone} 个）"
        if is_zh
        else f"Form ({asked} questions; {alone} if asked for one by one)"
    )
    for step in merged.form.steps:
        yield f"  {step.title}"
        for field in step.fields:
            served = next(f for f in merged.fields if f.fact == field.fact).serves
            yield f"    · {field.ask}{_shared([titles[s.part] for s in served], lang)}"
    yield ""
    yield from _material_lines(merged, titles, lang)
    yield ""
    yield from _proof_lines(proof, lang)


def _needed(merged: MergedForm, part: PartPlan, lang: Language) -> str:
    if part.part.when is None:
        return "都要办" if lang == "zh" else "always"
    facts = dict(merged.facts)
    figures = part.matter.model_copy(update={"facts": facts})
    return spoken_condition(part.part.when, figures).say(lang)


def _shared(titles: list[str], lang: Language) -> str:
    if len(titles) < 2:
        return ""
    return (
        f"（一次填写，用于 {len(titles)} 个事项）"
        if lang == "zh"
        else f" (once, for {len(titles)} matters)"
    )


def _material_lines(merged: MergedForm, titles: dict[str, str], lang: Language) -> Iterator[str]:
    alone = sum(len(material.serves) for material in merged.materials)
    listed = len(merged.materials)
    yield (
        f"材料（{listed} 份；分开办要交 {alone} 份）"
        if lang == "zh"
        else f"Materials ({listed}; {alone} if handed in one by one)"
    )
    for material in merged.materials:
        served = "；".join(titles[need.part] for need in material.serves)
        yield f"  · {material.title}  [{material.id}]"
        yield f"      {'用于' if lang == 'zh' else 'for'} {served}{_exempt(material, lang)}"


def _exempt(material: "MergedMaterial", lang: Language) -> str:
    if not material.licences:
        return ""
    return "；可由电子证照免提交" if lang == "zh" else "; exempt by an e-licence"


def _proof_lines(proof: ThemeCoverage, lang: Language) -> Iterator[str]:
    yield "没有遗漏" if lang == "zh" else "Nothing is lost"
    for what, (zh, en) in COVERAGE_TITLES.items():
        claims = [claim for claim in proof.claims if claim.what == what]
        lost = [name for claim in claims for name in claim.lost]
        status = ("不成立", "refuted") if lost else ("已证明", "proved")
        count = sum(claim.checked for claim in claims)
        title = f"{zh}（{count} 项）" if lang == "zh" else f"{en} ({count})"
        yield f"  {status[lang == 'en']}  {title}"
        for name in lost:
            yield f"      {name}"


def _document(merged: MergedForm, proof: ThemeCoverage) -> dict[str, Any]:
    plan = merged.plan
    return {
        "theme": merged.theme,
        "title": merged.title,
        "on": plan.on,
        "region": plan.region,
        "lead": plan.theme.lead,
        "parts": [
            {
                "matter": part.id,
                "title": part.matter.title,
                "when": part.part.when,
                "after": [ahead.part for ahead in part.part.after],
            }
            for part in plan.parts
        ],
        "fields": [
            {
                "fact": field.fact,
                "ask": field.field.ask,
                "step": field.step,
                "when": field.field.when,
                "serves": {served.part: served.fact for served in field.serves},
            }
            for field in merged.fields
        ],
        "materials": [
            {
                "id": material.id,
                "title": material.title,
                "when": material.when,
                "serves": {need.part: need.material for need in material.serves},
                "licences": list(material.licences),
            }
            for material in merged.materials
        ],
        "coverage": {"proved": proof.is_proved, "claims": list(proof.claims)},
    }


# --- one application -----------------------------------------------------------------------------

_STATUS_EN = {
    "全部办结": "all granted",
    "部分办结": "some granted",
    "办理中": "under way",
    "未办结": "none granted",
}


def _decision_lines(decided: ThemeDecision, lang: Language) -> Iterator[str]:
    status = decided.status if lang == "zh" else _STATUS_EN[decided.status]
    yield f"{decided.title}：{status}"
    for part in decided.parts:
        reason = f"（{part.reason}）" if part.reason else ""
        outcome = part.decision.outcome_title if part.decision else part.status
        shown = part.status if part.status in ("待前置",) else outcome
        yield f"  · {part.title}：{shown}{reason}"
        for line in part.decision.notice if part.decision else ():
            yield f"      {line.text.zh if lang == 'zh' else line.text.en}"
            if line.remedy:
                yield f"        {'怎么办' if lang == 'zh' else 'what to do'}  {line.remedy}"
    yield "材料" if lang == "zh" else "Materials"
    titles = {part.part: part.title for part in decided.parts}
    for material in decided.materials:
        states = "、".join(dict.fromkeys(material.statuses.values()))
        served = "；".join(titles[part] for part in material.parts)
        yield f"  · {material.title}：{material.label or states}"
        yield f"      {'用于' if lang == 'zh' else 'for'} {served}"


COMMANDS = (theme,)
