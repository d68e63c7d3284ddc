"""The model of a DMN file as DMN 1.5 XML: elements in the order of OMG's schema, ids unique."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from engine.interchange.dmn_model import (
    AGGREGATIONS,
    FEEL,
    OWN,
    POLICIES,
    WRITTEN,
    Clause,
    DecisionModel,
    Input,
    Item,
    Model,
    Rule,
    TableModel,
    Text,
)
from engine.interchange.dmn_xml import Element, write_xml

_PREFIXES: Final = {WRITTEN: "", OWN: "tongban"}


def write_dmn(model: Model) -> str:
    """The document's text; the same model gives the same bytes."""
    identity = f"matter_{model.own.get('matter', 'model')}"
    attributes = {
        "id": identity,
        "name": model.name,
        "namespace": f"{OWN}:{identity}",
        "expressionLanguage": FEEL,
        "typeLanguage": FEEL,
        "exporter": "Tongban",
    }
    decisions = {d.id: d for d in model.decisions}
    children = [
        *_own(model.own),
        *(_item(item) for item in model.items),
        *(_input(entry) for entry in model.inputs),
        *(_source(law) for law in _laws(model)),
        *(_decision(d, decisions) for d in model.decisions),
    ]
    return write_xml(_make("definitions", attributes, *children), _PREFIXES)


def _make(tag: str, attributes: Mapping[str, str] | None = None, *children: Element) -> Element:
    said = {name: value for name, value in (attributes or {}).items() if value}
    return Element(WRITTEN, tag, said, children)


def _text(tag: str, text: str) -> Element:
    return Element(WRITTEN, tag, text=text)


def _own(keys: Mapping[str, Any]) -> Iterator[Element]:
    """What DMN has no word for, in our own namespace, as others' extensions stand in theirs."""
    if keys:
        kept = Element(OWN, "keys", text=to_json(keys))
        yield _make("extensionElements", {}, kept)


def to_json(value: Any) -> str:
    """JSON with exact decimals."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{to_json(k)}: {to_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(to_json, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    return json.dumps(str(value), ensure_ascii=False)  # dates are written as their text


def _item(item: Item, tag: str = "itemDefinition") -> Element:
    attributes = {"name": item.name, "label": item.label}
    if item.is_list:
        attributes["isCollection"] = "true"
    children = [*_own(item.own)]
    if item.type:
        children.append(_text("typeRef", item.type))
    if item.allowed is not None:
        children.append(_tests("allowedValues", item.allowed))
    children += [_item(part, "itemComponent") for part in item.parts]
    return _make(tag, attributes, *children)


def _tests(tag: str, text: Text) -> Element:
    return _make(tag, {}, _text("text", text.feel))


def _input(entry: Input) -> Element:
    children = [*_described(entry.description), *_own(entry.own)]
    children.append(_make("variable", {"name": entry.name, "typeRef": entry.type}))
    attributes = {"id": entry.id, "name": entry.name, "label": entry.label}
    return _make("inputData", attributes, *children)


def _described(text: str) -> Iterator[Element]:
    if text:
        yield _text("description", text)


def _laws(model: Model) -> list[str]:
    return list(dict.fromkeys(law for decision in model.decisions for law in decision.sources))


def _source(law: str) -> Element:
    return _make("knowledgeSource", {"id": _law_id(law), "name": law}, _text("type", "法律依据"))


def _law_id(law: str) -> str:
    return f"law_{hashlib.sha256(law.encode()).hexdigest()[:10]}"


def _decision(decision: DecisionModel, decisions: Mapping[str, DecisionModel]) -> Element:
    children = [*_described(decision.description), *_own(decision.own)]
    if decision.question:
        children.append(_text("question", decision.question))
    children.append(_make("variable", {"name": decision.name, "typeRef": decision.type}))
    for identity in decision.requires:
        kind = "requiredDecision" if identity in decisions else "requiredInput"
        children.append(_make("informationRequirement", {}, _make(kind, {"href": f"#{identity}"})))
    for law in decision.sources:
        authority = _make("requiredAuthority", {"href": f"#{_law_id(law)}"})
        children.append(_make("authorityRequirement", {}, authority))
    if isinstance(decision.logic, TableModel):
        children.append(_table(decision.id, decision.logic))
    elif decision.logic is not None:
        attributes = {"typeRef": decision.type}
        children.append(_make("literalExpression", attributes, _text("text", decision.logic.feel)))
    attributes = {"id": decision.id, "name": decision.name, "label": decision.label}
    return _make("decision", attributes, *children)


def _table(identity: str, table: TableModel) -> Element:
    attributes = {
        "id": f"{identity}_rows",
        "hitPolicy": POLICIES[table.hit],
        "aggregation": AGGREGATIONS.get(table.aggregation, ""),
    }
    notes = list(dict.fromkeys(name for rule in table.rules for name, _ in rule.annotations))
    children = [
        *(_input_clause(f"{identity}_in_{n}", c) for n, c in enumerate(table.inputs, 1)),
        *(_output_clause(f"{identity}_out_{n}", c) for n, c in enumerate(table.outputs, 1)),
        *(_make("annotation", {"name": name}) for name in notes),
        *(_rule(f"{identity}_row_{n}", rule, notes) for n, rule in enumerate(table.rules, 1)),
    ]
    return _make("decisionTable", attributes, *children)


def _input_clause(identity: str, clause: Clause) -> Element:
    assert clause.expression is not None
    text = _text("text", clause.expression.feel)
    children = [_make("inputExpression", {"typeRef": clause.type}, text)]
    if clause.values is not None:
        children.append(_tests("inputValues", clause.values))
    return _make("input", {"id": identity, "label": clause.label}, *children)


def _output_clause(identity: str, clause: Clause) -> Element:
    children = []
    if clause.values is not None:
        children.append(_tests("outputValues", clause.values))
    if clause.default is not None:
        children.append(_tests("defaultOutputEntry", clause.default))
    attributes = {
        "id": identity,
        "name": clause.name,
        "label": clause.label,
        "typeRef": clause.type,
    }
    return _make("output", attributes, *children)


def _rule(identity: str, rule: Rule, notes: list[str]) -> Element:
    said = dict(rule.annotations)
    children = [
        *_own(rule.own),
        *(_tests("inputEntry", cell) for cell in rule.inputs),
        *(_tests("outputEntry", cell) for cell in rule.outputs),
        *(_make("annotationEntry", {}, _text("text", said.get(name, ""))) for name in notes),
    ]
    return _make("rule", {"id": identity}, *children)
