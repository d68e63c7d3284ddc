"""Cases that a proof found, written as pending scenarios: an officer confirms what should come out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.decision import to_plain
from engine.definitions import PATH_TITLES
from engine.specs.draft import Draft
from engine.specs.features import PENDING_TAG, read_feature
from engine.specs.world import World
from engine.workspace import Workspace

if TYPE_CHECKING:  # who only runs scenarios should not wait for what proofs stand on
    from engine.proof import Finding, Proof, Witness

_LONGEST_NAME = 120
_QUOTES = re.compile('[“”"]')


def pending_feature(workspace: Workspace, proof: "Proof", existing: str | None = None) -> str:
    """The text of a feature file with one pending scenario for each witness of the proof.

    `existing` is what the file holds already: its scenarios stay, and none is written twice.
    """
    text = existing if existing else _head(proof)
    known = {scenario.name for scenario in read_feature(text, "").scenarios}
    for finding in proof.findings:
        name = _name(finding)
        if finding.witness is None or name in known:
            continue
        known.add(name)
        lines = _scenario(workspace, proof, finding.witness, name)
        text = text.rstrip("\n") + "\n\n" + "\n".join(lines) + "\n"
    return text


def _head(proof: "Proof") -> str:
    return (
        "# language: zh-CN\n"
        f"功能: {proof.title}：证明找出的情形\n"
        "  这些情形由 tongban prove 找出，现在的结果写在最后一步。\n"
        f"  请由政策人员改成应有的结果，改好规则后去掉 {PENDING_TAG}。\n"
    )


def _name(finding: "Finding") -> str:
    return " ".join(finding.diagnostic.message_zh.split())[:_LONGEST_NAME]


def _scenario(workspace: Workspace, proof: "Proof", witness: "Witness", name: str) -> Iterator[str]:
    yield f"  {PENDING_TAG}"
    yield f"  场景: {name}"
    keyword = "假如"
    for step in _facts(workspace, witness):
        yield f"    {keyword} {step}"
        keyword = "并且"
    yield f'    当 申请人于 {witness.on} 申请"{proof.title}"'
    yield f"    那么 {_outcome(workspace, proof, witness)}"


def _facts(workspace: Workspace, witness: "Witness") -> Iterator[str]:
    if witness.region:
        yield f'地区是"{witness.region}"'
    if witness.path != "general":
        yield f'申请人选择"{PATH_TITLES[witness.path]}"'
    matter = workspace.matter(witness.matter, witness.on)
    for name, value in witness.facts.items():
        fact = matter.facts.get(name)
        yield _stated(name, value, (fact.unit if fact else None) or "")
    for material in witness.materials:
        yield f'已提交材料"{material}"'


def _stated(name: str, value: Any, unit: str) -> str:
    """A fact as the step catalogue says it."""
    if isinstance(value, bool):
        return f"{name}是 {'是' if value else '否'}"
    if isinstance(value, Decimal):
        return f"{name}是 {to_plain(value)} {unit}".rstrip()
    if isinstance(value, date):
        return f"{name}是 {value}"
    if isinstance(value, list | tuple):
        return f'{name}是"{"、".join(map(str, value))}"' if value else f"{name}没有任何一项"
    return f'{name}是"{value}"'


def _outcome(workspace: Workspace, proof: "Proof", witness: "Witness") -> str:
    """What the engine says now, by the very steps above."""
    world = World(workspace, Draft(_sample(witness)))
    world.apply(proof.title, witness.on)
    if world.decisions:
        return f'结论是"{world.decision.outcome_title}"'
    reason = world.stopped or "；".join(d.message_zh for d in world.problems or ())
    words = max(_parts(reason.partition(" / ")[0]), key=len)
    return f'没有作出决定，原因包括"{words}"'


def _sample(witness: "Witness") -> dict[str, Any]:
    posted: Mapping[str, Any] = witness.application()
    return {key: value for key, value in posted.items() if key != "date"}


def _parts(text: str) -> Iterable[str]:
    """The stretches between quotation marks: a step cannot quote them."""
    return [part.strip(" ，。：；") for part in _QUOTES.split(text)]
