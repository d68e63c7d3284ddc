"""The command that proves rules."""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.options import (
    Language,
    json_option,
    lang_option,
    on_option,
    print_json,
    root_option,
    today,
)
from engine.diagnostics import render, to_json
from engine.themes import ThemeCoverage, merge
from engine.themes import coverage as cover
from engine.workspace import Workspace

if TYPE_CHECKING:
    from engine.proof import Claim, Finding, Proof

_DEFAULT_FILE = "features/{matter}_pending.feature"


@click.command()
@click.argument("matter", required=False)
@root_option
@on_option
@json_option
@lang_option
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    default=10.0,
    show_default=True,
    help="求解器每问最多用几秒；答不出的是未证明 / seconds for each question to the solver",
)
@click.option("--table", help="只证明这一张表（编号或名称）/ only this table, by id or title")
@click.option(
    "--write-feature",
    "feature",
    is_flag=False,
    flag_value="",
    metavar="[FILE.feature]",
    help="把找到的情形写成待定场景 / write the cases found as pending scenarios",
)
def prove(
    matter: str | None,
    root: Path,
    on: date | None,
    as_json: bool,
    lang: Language,
    timeout: float,
    table: str | None,
    feature: str | None,
) -> None:
    """证明规则没有漏洞和冲突；有的，给出钻空子的那个情形 / prove rules, or show the case that slips."""
    # Imported late: comparing rows takes numpy, which nobody else should wait for.
    from engine.proof import prove_matter

    if feature and not feature.endswith(".feature"):
        raise click.UsageError(
            f"--write-feature 后面应是 .feature 文件，不是“{feature}”；事项写在它前面"
            " / takes a .feature file; the matter goes before it"
        )
    workspace, day = Workspace.load(root), on or today()
    themes = [] if table else _cover_themes(workspace, matter, day)
    is_theme = matter is not None and bool(themes)
    wanted = [matter] if matter else [found.matter for found in workspace.matters(day)]
    wanted = [] if is_theme else wanted
    proofs = [prove_matter(workspace, n, day, table=table, timeout=timeout) for n in wanted]
    if table and not any(proof.claims for proof in proofs):
        raise click.UsageError(f"没有编号或名称为“{table}”的表 / there is no table {table!r}")
    written = [] if feature is None else _write_features(workspace, proofs, feature)
    if as_json:
        print_json(_document(day, proofs, themes, written))
    else:
        if proofs:
            click.echo("\n".join(line for proof in proofs for line in _lines(proof, lang)))
        for _, group in groupby(themes, key=lambda found: found.theme):
            click.echo("\n".join(_theme_lines(tuple(group), lang)))
        for path in written:
            click.echo(f"已写入 {path} / written")
    is_proved = all(p.is_proved for p in proofs) and all(t.is_proved for t in themes)
    sys.exit(0 if is_proved else 1)


def _cover_themes(workspace: Workspace, wanted: str | None, on: date) -> list[ThemeCoverage]:
    """Each theme in each region: that it asks for all that its matters ask for."""
    if wanted is not None and wanted not in workspace.ids("theme"):
        return []
    regions = ("", *(region.region for region in workspace.regions(on)))
    themes = [wanted] if wanted else list(workspace.ids("theme"))
    in_force = [theme for theme in themes if workspace.find("theme", theme, on) or wanted]
    return [cover(merge(workspace, theme, on, r)) for theme in in_force for r in regions]


def _write_features(workspace: Workspace, proofs: Sequence["Proof"], feature: str) -> list[str]:
    """Writes one file per matter that has witnesses, or all into the file named."""
    from engine.specs import pending_feature

    written: dict[str, None] = {}
    for proof in proofs:
        if not any(finding.witness for finding in proof.findings):
            continue
        name = feature or str(workspace.root / _DEFAULT_FILE.format(matter=proof.matter))
        path = Path(name)
        try:
            existing = path.read_text(encoding="utf-8") if path.exists() else None
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pending_feature(workspace, proof, existing), encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "UTF-8"
            raise click.UsageError(f"{path} 无法写入：{reason} / cannot be written") from None
        written[name] = None
    return list(written)


# --- as text -------------------------------------------------------------------------------------


def _lines(proof: "Proof", lang: Language) -> Iterator[str]:
    from engine.proof import STATUS_TITLES

    yield f"{proof.title}（{proof.matter}，{proof.on}）"
    for claim in proof.claims:
        title = claim.title_zh if lang == "zh" else claim.title_en
        yield f"  {STATUS_TITLES[claim.status][lang == 'en']}  {title}{_regions(claim)}"
    for finding in proof.findings:
        yield ""
        yield render(finding.diagnostic, lang)
        yield from _shown(finding, lang)
    counts = dict.fromkeys(STATUS_TITLES, 0)
    for claim in proof.claims:
        counts[claim.status] += 1
    said = [
        f"{counts[s]} 项{zh}" if lang == "zh" else f"{counts[s]} {en}"
        for s, (zh, en) in STATUS_TITLES.items()
    ]
    yield ("，" if lang == "zh" else ", ").join(said)
    yield ""


def _regions(claim: "Claim") -> str:
    named = [region for region in claim.regions if region]
    return f"（{len(named)} 个地区）" if len(named) > 1 else f"（{named[0]}）" if named else ""


def _shown(finding: "Finding", lang: Language) -> Iterator[str]:
    """The witness as the file that `tongban decide` takes, and what the engine made of it."""
    if finding.witness is None:
        return
    case, says = ("情形", "引擎") if lang == "zh" else ("case", "the engine")
    posted = json.dumps(finding.witness.application(), ensure_ascii=False)
    yield f"   {case}: {posted}"
    if finding.said_zh:
        yield f"   {says}: {finding.said_zh}"


def _theme_lines(proofs: Sequence[ThemeCoverage], lang: Language) -> Iterator[str]:
    """What is proved of one theme, once for all regions; each loss where it is not."""
    from engine.proof import STATUS_TITLES

    is_proved = all(proof.is_proved for proof in proofs)
    status = STATUS_TITLES["proved" if is_proved else "refuted"][lang == "en"]
    first, regions = proofs[0], len(proofs) - 1
    count = sum(claim.checked for claim in first.claims)
    yield (
        f"一件事“{first.title}”（{first.theme}）"
        if lang == "zh"
        else f'Theme "{first.title}" ({first.theme})'
    )
    yield (
        f"  {status}  各事项要的都问到、收到，没有遗漏（{count} 项，{regions} 个地区）"
        if lang == "zh"
        else f"  {status}  nothing that its matters need is lost ({count} things, {regions} regions)"
    )
    for problem in dict.fromkeys(d for proof in proofs for d in proof.diagnostics):
        yield render(problem, lang)


# --- as JSON -------------------------------------------------------------------------------------


def _document(
    on: date, proofs: Sequence["Proof"], themes: Sequence[ThemeCoverage], written: Sequence[str]
) -> dict[str, Any]:
    return {
        "on": on,
        "proved": all(p.is_proved for p in proofs) and all(t.is_proved for t in themes),
        "matters": [
            {
                "matter": proof.matter,
                "title": proof.title,
                "proved": proof.is_proved,
                "claims": [_claim(claim) for claim in proof.claims],
            }
            for proof in proofs
        ],
        "written": list(written),
        "themes": [
            {
                "theme": found.theme,
                "title": found.title,
                "region": found.region,
                "proved": found.is_proved,
                "claims": list(found.claims),
            }
            for found in themes
        ],
    }


def _claim(claim: "Claim") -> dict[str, Any]:
    return {
        "subject": claim.subject,
        "title": {"zh": claim.title_zh, "en": claim.title_en},
        "status": claim.status,
        "regions": list(claim.regions),
        "findings": [_finding(finding) for finding in claim.findings],
    }


def _finding(finding: "Finding") -> dict[str, Any]:
    witness = finding.witness
    shown = None
    if witness is not None:
        shown = {
            "application": witness.application(),
            "follows": dict(witness.follows),
            "engine": finding.said_zh,
        }
    return {**to_json(finding.diagnostic), "witness": shown}


COMMANDS = (prove,)
