"""A DMN file answered as it stands, by another hand than the program's.

An oracle for `engine.interchange`: it reads the XML with the standard library, keeps the names as
they are, and goes through tables row by row. Of the engine it has only FEEL itself. And what the
schema of DMN asks of a file's structure, stated once more.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from typing import Any

from engine.feel import compile_expression, compile_unary

Value = Any
TOTALS: Mapping[str, Any] = {"SUM": sum, "MIN": min, "MAX": max, "COUNT": len}


class NoAnswer(Exception):
    """The file has no answer for these facts, or none that this reader can work out."""


def local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def inside(element: ET.Element, tag: str) -> list[ET.Element]:
    return [child for child in element if local(child) == tag]


def text_of(element: ET.Element) -> str:
    found = inside(element, "text")
    return (found[0].text or "").strip() if found else ""


class Conflict(NoAnswer):
    """Rows that exclude each other, or should agree, are hit together."""


class Reader:
    def __init__(self, xml: bytes) -> None:
        self.root = ET.fromstring(xml)
        self.decisions = {d.get("id"): d for d in inside(self.root, "decision")}
        self.names = [e.get("name", "") for e in self.root.iter()] + [
            e.get("id", "") for e in self.decisions.values()
        ]

    def answer(self, decision: ET.Element, facts: Mapping[str, Value]) -> Value:
        """The decision's value over facts by name, after what it requires."""
        context = dict(facts)
        for wanted in decision.iter():
            if local(wanted) == "requiredDecision":
                other = self.decisions[wanted.get("href", "").lstrip("#")]
                value = self.answer(other, facts)
                context |= dict.fromkeys(self.called(other), value)
        tables, literals = inside(decision, "decisionTable"), inside(decision, "literalExpression")
        if tables:
            return self.table(tables[0], context)
        if not literals or "FEEL" not in literals[0].get("expressionLanguage", "FEEL"):
            raise NoAnswer
        return self.evaluate(text_of(literals[0]), context)

    def called(self, decision: ET.Element) -> Iterator[str]:
        """What expressions may call a decision: its name, or in some tools its id or its output."""
        yield from (decision.get("name", ""), decision.get("id", ""))
        for table in inside(decision, "decisionTable"):
            outputs = inside(table, "output")
            if len(outputs) == 1 and outputs[0].get("name"):
                yield outputs[0].get("name", "")

    def evaluate(self, text: str, context: Mapping[str, Value]) -> Value:
        return compile_expression(text, self.names).evaluate(context)

    def table(self, table: ET.Element, context: Mapping[str, Value]) -> Value:
        inputs = [text_of(inside(i, "inputExpression")[0]) for i in inside(table, "input")]
        values = [self.evaluate(text, context) for text in inputs]
        hits = [
            self.outputs(table, rule, context)
            for rule in inside(table, "rule")
            if self.is_hit(rule, values, context)
        ]
        policy = table.get("hitPolicy", "UNIQUE")
        has_default = any(local(e) == "defaultOutputEntry" for e in table.iter())
        if policy == "COLLECT" and table.get("aggregation"):
            totalled = TOTALS[table.get("aggregation", "")]
            if not hits and (has_default or totalled is not len):
                return self.default(table, context)
            if None in hits:
                raise NoAnswer  # what is not known is not totalled here
            return totalled(hits)
        if policy in ("COLLECT", "RULE ORDER"):
            return hits if hits or not has_default else self.default(table, context)
        if policy in ("PRIORITY", "OUTPUT ORDER"):
            raise NoAnswer
        if (policy == "UNIQUE" and len(hits) > 1) or (policy == "ANY" and hits[1:] != hits[:-1]):
            raise NoAnswer
        return hits[0] if hits else self.default(table, context)

    def is_hit(self, rule: ET.Element, values: list[Value], context: Mapping[str, Value]) -> bool:
        cells = [text_of(cell) or "-" for cell in inside(rule, "inputEntry")]
        return all(
            compile_unary(cell, self.names).evaluate(value, context)
            for cell, value in zip(cells, values, strict=True)
        )

    def outputs(self, table: ET.Element, rule: ET.Element, context: Mapping[str, Value]) -> Value:
        found = [self.evaluate(text_of(e), context) for e in inside(rule, "outputEntry")]
        names = [o.get("name") for o in inside(table, "output")]
        return found[0] if len(names) == 1 else dict(zip(names, found, strict=True))

    def default(self, table: ET.Element, context: Mapping[str, Value]) -> Value:
        outputs = inside(table, "output")
        found = {}
        for output in outputs:
            entry = inside(output, "defaultOutputEntry")
            found[output.get("name")] = self.evaluate(text_of(entry[0]), context) if entry else None
        return next(iter(found.values())) if len(outputs) == 1 else found


# --- what the schema asks ----------------------------------------------------------------------

# The children of each element, in the order that the schema has them.
ORDER: Mapping[str, tuple[str, ...]] = {
    "definitions": (
        "description", "extensionElements", "import", "itemDefinition", "*drg", "*artifact",
    ),
    "itemDefinition": (
        "description", "extensionElements", "typeRef", "allowedValues", "itemComponent",
    ),
    "itemComponent": (
        "description", "extensionElements", "typeRef", "allowedValues", "itemComponent",
    ),
    "inputData": ("description", "extensionElements", "variable"),
    "knowledgeSource": ("description", "extensionElements", "authorityRequirement", "type"),
    "decision": (
        "description", "extensionElements", "question", "allowedAnswers", "variable",
        "informationRequirement", "knowledgeRequirement", "authorityRequirement", "*expression",
    ),
    "decisionTable": ("description", "extensionElements", "input", "output", "annotation", "rule"),
    "input": ("description", "extensionElements", "inputExpression", "inputValues"),
    "output": ("description", "extensionElements", "outputValues", "defaultOutputEntry"),
    "rule": ("description", "extensionElements", "inputEntry", "outputEntry", "annotationEntry"),
    "literalExpression": ("description", "extensionElements", "text"),
    "inputExpression": ("description", "extensionElements", "text"),
    "inputEntry": ("description", "extensionElements", "text"),
    "outputEntry": ("description", "extensionElements", "text"),
    "annotationEntry": ("text",),
    "allowedValues": ("description", "extensionElements", "text"),
    "informationRequirement": ("requiredInput", "requiredDecision"),
    "authorityRequirement": ("requiredAuthority",),
}  # fmt: skip
GROUPS = {
    "*drg": ("decision", "inputData", "knowledgeSource", "businessKnowledgeModel"),
    "*expression": ("decisionTable", "literalExpression"),
}
REQUIRED = {
    "definitions": ("name", "namespace"),
    "itemDefinition": ("name",),
    "itemComponent": ("name",),
    "inputData": ("name",),
    "decision": ("name",),
    "knowledgeSource": ("name",),
    "variable": ("name",),
    "annotation": ("name",),
}
LEADS_TO = {
    "requiredInput": "inputData",
    "requiredDecision": "decision",
    "requiredAuthority": "knowledgeSource",
}
SIMPLE = {
    "Any", "number", "string", "boolean", "date", "time", "date and time", "context", "list",
    "days and time duration", "years and months duration",
}  # fmt: skip


def structure_problems(xml: bytes) -> list[str]:
    """What a file does that the schema, or the references within it, forbid."""
    root = ET.fromstring(xml)
    found: list[str] = []
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    found += [f"id {i} twice" for i in sorted({i for i in ids if ids.count(i) > 1 and i})]
    kinds = {e.get("id"): local(e) for e in root.iter() if e.get("id")}
    types = SIMPLE | {e.get("name") for e in root.iter() if local(e) == "itemDefinition"}
    for element in root.iter():
        tag = local(element)
        found += [f"{tag} without {a}" for a in REQUIRED.get(tag, ()) if not element.get(a)]
        found += out_of_order(element)
        href, reference = element.get("href"), element.get("typeRef")
        if tag == "typeRef":
            reference = element.text
        if href is not None and kinds.get(href.lstrip("#")) != LEADS_TO.get(tag):
            found.append(f"{tag} {href} leads nowhere")
        if reference and reference not in types:
            found.append(f"type {reference} is not defined")
        if tag == "decisionTable":
            found += uneven_rows(element)
    return found


def out_of_order(element: ET.Element) -> Iterator[str]:
    order = ORDER.get(local(element))
    if order is None or element.tag.startswith("{urn:"):
        return
    place = {t: n for n, name in enumerate(order) for t in GROUPS.get(name, (name,))}
    places = [place.get(local(child), -1) for child in element]
    if -1 in places or places != sorted(places):
        yield f"{local(element)}: {[local(child) for child in element]}"


def uneven_rows(table: ET.Element) -> Iterator[str]:
    counts = [len(inside(table, tag)) for tag in ("input", "output", "annotation")]
    for rule in inside(table, "rule"):
        cells = ("inputEntry", "outputEntry", "annotationEntry")
        if [len(inside(rule, tag)) for tag in cells] != counts:
            yield f"rule {rule.get('id')} has other cells than columns"
    if not counts[1]:
        yield "a table without output"
