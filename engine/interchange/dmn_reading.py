"""DMN 1.1 to 1.5 XML as a model. What is not read is reported, each element and each attribute:
nothing is left without a word, because whatever nobody has taken is gone through at the end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from engine.diagnostics import Diagnostics
from engine.interchange.dmn_model import (
    AGGREGATIONS,
    OWN,
    POLICIES,
    VERSIONS,
    Clause,
    DecisionModel,
    Input,
    Item,
    Model,
    Rule,
    TableModel,
    Text,
)
from engine.interchange.dmn_xml import Element, XmlFile, read_xml
from engine.source import read_json

MOST_REPORTED: Final = 400  # elements without effect that are named one by one
_POLICY: Final = {spelling: policy for policy, spelling in POLICIES.items()}
_AGGREGATION: Final = {spelling: word for word, spelling in AGGREGATIONS.items()}
_LOGIC: Final = ("decisionTable", "literalExpression")

# What does not map: its name in Chinese and English, and whether results may differ without it.
_MEANING: Final[Mapping[str, tuple[str, str, bool]]] = {
    "import": ("引入的模型", "imported model", True),
    "businessKnowledgeModel": ("业务知识模型", "business knowledge model", True),
    "knowledgeRequirement": ("对业务知识模型的引用", "knowledge requirement", True),
    "invocation": ("调用", "invocation", True),
    "context": ("盒装上下文", "boxed context", True),
    "relation": ("关系表", "relation", True),
    "list": ("盒装列表", "boxed list", True),
    "functionDefinition": ("函数定义", "function definition", True),
    "encapsulatedLogic": ("封装的逻辑", "encapsulated logic", True),
    "conditional": ("盒装条件", "boxed conditional", True),
    "filter": ("盒装筛选", "boxed filter", True),
    "for": ("盒装循环", "boxed iterator", True),
    "some": ("盒装量词", "boxed quantifier", True),
    "every": ("盒装量词", "boxed quantifier", True),
    "functionItem": ("函数类型", "function type", True),
    "typeConstraint": ("类型约束", "type constraint", True),
    "importedValues": ("引入的取值", "imported values", True),
    "decisionService": ("决策服务", "decision service", False),
    "knowledgeSource": ("知识来源", "knowledge source", False),
    "authorityRequirement": ("对知识来源的引用", "authority requirement", False),
    "allowedAnswers": ("可选的回答", "allowed answers", False),
    "elementCollection": ("元素集合", "element collection", False),
    "performanceIndicator": ("绩效指标", "performance indicator", False),
    "organizationUnit": ("组织单位", "organization unit", False),
    "textAnnotation": ("文字批注", "text annotation", False),
    "association": ("连线", "association", False),
    "group": ("分组框", "group", False),
    "DMNDI": ("图形布局", "diagram layout", False),
    "extensionElements": ("工具的扩展内容", "extension elements", False),
    "description": ("说明文字", "description", False),
    "variable": ("变量声明", "variable", False),
}
# Attributes that say nothing about results and that no definition of ours has.
_SILENT: Final = frozenset(
    ("id", "label", "name", "namespace", "exporter", "exporterVersion", "textFormat", "shape")
)


@dataclass
class Reader:
    """Takes elements one by one and remembers which; the rest is reported at the end."""

    xml: XmlFile
    problems: Diagnostics
    space: str
    taken: set[int] = field(default_factory=set)
    attributes: set[tuple[int, str]] = field(default_factory=set)
    reported: int = 0
    language: str = ""

    # --- taking ----------------------------------------------------------------------------

    def children(self, parent: Element, tag: str) -> Iterator[Element]:
        for child in parent.children:
            if child.tag == tag and child.space == self.space:
                self.taken.add(id(child))
                yield child

    def child(self, parent: Element, tag: str) -> Element | None:
        """The first of its name; a second one stays and is reported."""
        for child in parent.children:
            if child.tag == tag and child.space == self.space:
                self.taken.add(id(child))
                return child
        return None

    def said(self, element: Element, name: str) -> str:
        self.attributes.add((id(element), name))
        return element.get(name)

    def text(self, parent: Element, tag: str) -> str:
        found = self.child(parent, tag)
        return found.text.strip() if found is not None else ""

    def feel(self, holder: Element | None) -> Text | None:
        """The `<text>` of a cell or an expression; None where there is nothing in it."""
        if holder is None:
            return None
        text = self.child(holder, "text")
        if not self._is_feel(holder) or text is None or not text.text.strip():
            return None
        return Text(text.text.strip(), text)

    def _is_feel(self, holder: Element) -> bool:
        stated = self.said(holder, "expressionLanguage") or self.language
        is_feel = not stated or "feel" in stated.lower()
        if not is_feel:
            self.report("dmn-lost", holder, "表达式", "expression", f"{stated}",
                        "只认 FEEL，不认这种表达式语言", "it is not in FEEL")  # fmt: skip
        return is_feel

    def own(self, element: Element) -> Mapping[str, Any]:
        """What our own extension element carries; anybody's else is reported."""
        for holder in element.children:
            if holder.tag != "extensionElements" or holder.space != self.space:
                continue
            keys = [c for c in holder.children if (c.space, c.tag) == (OWN, "keys")]
            if not keys:
                continue
            self.taken |= {id(holder), id(keys[0])}
            try:
                found = read_json(keys[0].text.encode("utf-8", "surrogatepass"))
            except ValueError as error:
                self.report("dmn-lost", keys[0], "通办的扩展内容", "our own keys", "",
                            str(error), "it is not JSON")  # fmt: skip
                continue
            if isinstance(found, dict):
                return found
        return {}

    # --- reporting -------------------------------------------------------------------------

    def report(
        self, code: str, at: Element | None, zh: str, en: str, name: str, why_zh: str, why_en: str
    ) -> None:
        """`dmn-lost` where results may differ, `dmn-left-out` where they do not."""
        place = self.xml.place(at if at is not None else self.xml.root)
        self.problems.add(
            code, place, excerpt=self.xml.excerpt(place), way_zh="导入", way_en="imported",
            what_zh=zh, what_en=en, name=name, why_zh=why_zh, why_en=why_en,
        )  # fmt: skip

    def report_rest(self) -> None:
        """Every element that nobody took, and every attribute that nobody read."""
        waiting = [self.xml.root]
        while waiting:
            element = waiting.pop()
            self._report_attributes(element)
            for child in element.children:
                if id(child) in self.taken:
                    waiting.append(child)
                else:
                    self._report_element(child, element)
        if self.reported > MOST_REPORTED:
            more = self.reported - MOST_REPORTED
            self.report("dmn-left-out", None, "其他内容", "more", f"{more}",
                        f"另有 {more} 处同样不影响结果", "more without effect")  # fmt: skip

    def _report_element(self, element: Element, parent: Element) -> None:
        zh, en, matters = _MEANING.get(
            element.tag, ("元素", "element", element.space == self.space)
        )
        name = element.get("name") or element.get("id") or parent.get("name") or parent.get("id")
        name = name or element.tag
        if matters:
            why_zh, why_en = "没有相应的写法，结果会受影响", "it has no equivalent, and it matters"
            self.report("dmn-lost", element, zh, en, name, why_zh, why_en)
            return
        self._report_harmless(element, zh, en, name)

    def _report_attributes(self, element: Element) -> None:
        for name in element.attributes:
            if name in _SILENT or (id(element), name) in self.attributes:
                continue
            shown = f"{element.tag}/{name.rpartition('}')[2]}"
            self._report_harmless(element, "属性", "attribute", shown)

    def _report_harmless(self, at: Element, zh: str, en: str, name: str) -> None:
        self.reported += 1
        if self.reported <= MOST_REPORTED:
            why = "没有相应的写法，不影响结果", "it has no equivalent and changes no result"
            self.report("dmn-left-out", at, zh, en, name, *why)


def read_dmn(raw: bytes, file: str, problems: Diagnostics) -> tuple[Model, Reader] | None:
    """The model in `raw` and the reader that can still report on it; None where there is none.

    `file` is the name that places carry. What does not map is added to `problems`.
    """
    xml = read_xml(raw, file, problems)
    if xml is None:
        return None
    root = xml.root
    if root.tag != "definitions" or root.space not in VERSIONS:
        place = xml.place(root)
        found = f"<{root.tag}> {root.space}"
        problems.add("dmn-version", place, excerpt=xml.excerpt(place), found=found[:120])
        return None
    reader = Reader(xml, problems, root.space)
    reader.language = reader.said(root, "expressionLanguage")
    reader.said(root, "typeLanguage")
    model = _read_model(reader, root)
    reader.report_rest()
    return model, reader


def _read_model(reader: Reader, root: Element) -> Model:
    own = reader.own(root)
    sources = {s.get("id"): s.get("name") for s in root.children if s.tag == "knowledgeSource"}
    decisions = tuple(_decision(reader, d, sources) for d in reader.children(root, "decision"))
    used = {law for decision in decisions for law in decision.sources}
    for element in reader.children(root, "knowledgeSource"):
        reader.text(element, "type")
        if element.get("name") not in used:
            reader.taken.discard(id(element))
    return Model(
        root.get("name") or root.get("id"),
        tuple(_item(reader, item) for item in reader.children(root, "itemDefinition")),
        tuple(_input(reader, entry) for entry in reader.children(root, "inputData")),
        decisions,
        own,
    )


def _item(reader: Reader, element: Element) -> Item:
    parts = tuple(_item(reader, part) for part in reader.children(element, "itemComponent"))
    return Item(
        element.get("name"),
        type_name(reader.text(element, "typeRef")),
        reader.said(element, "isCollection") == "true",
        reader.feel(reader.child(element, "allowedValues")),
        parts,
        element.get("label"),
        reader.own(element),
        element,
    )


def type_name(reference: str) -> str:
    """`feel:string` and `ns1:tPerson` less the prefix; `feel.string` was DMN 1.2's in some tools."""
    return reference.rpartition(":")[2].removeprefix("feel.").strip()


def _input(reader: Reader, element: Element) -> Input:
    name, kind = _variable(reader, element)
    return Input(
        element.get("id"),
        name,
        kind,
        element.get("label"),
        reader.text(element, "description"),
        reader.own(element),
        element,
    )


def _variable(reader: Reader, element: Element) -> tuple[str, str]:
    """The name that expressions use, and its typeRef."""
    variable = reader.child(element, "variable")
    if variable is None:
        return element.get("name") or element.get("id"), ""
    name = variable.get("name") or element.get("name") or element.get("id")
    return name, type_name(reader.said(variable, "typeRef"))


def _decision(reader: Reader, element: Element, sources: Mapping[str, str]) -> DecisionModel:
    name, kind = _variable(reader, element)
    return DecisionModel(
        element.get("id"),
        name,
        _logic(reader, element),
        kind,
        element.get("label"),
        reader.text(element, "question"),
        reader.text(element, "description"),
        _required(reader, element),
        _authorities(reader, element, sources),
        reader.own(element),
        element,
    )


def _required(reader: Reader, element: Element) -> tuple[str, ...]:
    found = []
    for requirement in reader.children(element, "informationRequirement"):
        for tag in ("requiredInput", "requiredDecision"):
            wanted = reader.child(requirement, tag)
            if wanted is not None:
                found.append(reader.said(wanted, "href").rpartition("#")[2])
    return tuple(found)


def _authorities(reader: Reader, element: Element, sources: Mapping[str, str]) -> tuple[str, ...]:
    found = []
    for requirement in reader.children(element, "authorityRequirement"):
        wanted = reader.child(requirement, "requiredAuthority")
        law = (
            ""
            if wanted is None
            else sources.get(reader.said(wanted, "href").rpartition("#")[2], "")
        )
        if law:
            found.append(law)
        else:
            reader.taken.discard(id(requirement))
    return tuple(found)


def _logic(reader: Reader, element: Element) -> TableModel | Text | None:
    table = reader.child(element, "decisionTable")
    if table is not None:
        return _table(reader, table)
    literal = reader.child(element, "literalExpression")
    if literal is None:
        return None
    reader.said(literal, "typeRef")
    return reader.feel(literal)


def _table(reader: Reader, element: Element) -> TableModel:
    reader.said(element, "outputLabel")
    if reader.said(element, "preferredOrientation") in ("", "Rule-as-Row"):
        pass
    else:
        reader.attributes.discard((id(element), "preferredOrientation"))
    notes = tuple(note.get("name") for note in reader.children(element, "annotation"))
    return TableModel(
        _policy(reader, element),
        _aggregation(reader, element),
        tuple(_input_clause(reader, c) for c in reader.children(element, "input")),
        tuple(_output_clause(reader, c) for c in reader.children(element, "output")),
        tuple(_rule(reader, r, notes) for r in reader.children(element, "rule")),
        element,
    )


def _policy(reader: Reader, element: Element) -> str:
    stated = reader.said(element, "hitPolicy") or "UNIQUE"
    policy = _POLICY.get(stated.upper().replace("_", " "))
    if policy is None:
        known = "、".join(_POLICY)
        reader.report("dmn-lost", element, "命中方式", "hit policy", stated,
                      f"不认识；DMN 的有 {known}", f"not one of {known}")  # fmt: skip
    return policy or "unique"


def _aggregation(reader: Reader, element: Element) -> str:
    stated = reader.said(element, "aggregation")
    word = _AGGREGATION.get(stated.upper(), "")
    if stated and not word:
        known = "、".join(_AGGREGATION)
        reader.report("dmn-lost", element, "汇总方式", "aggregation", stated,
                      f"不认识；DMN 的有 {known}", f"not one of {known}")  # fmt: skip
    return word


def _input_clause(reader: Reader, element: Element) -> Clause:
    expression = reader.child(element, "inputExpression")
    kind = type_name(reader.said(expression, "typeRef")) if expression is not None else ""
    values = reader.feel(reader.child(element, "inputValues"))
    return Clause("", reader.feel(expression), kind, element.get("label"), values, None, element)


def _output_clause(reader: Reader, element: Element) -> Clause:
    default = reader.child(element, "defaultOutputEntry")
    return Clause(
        element.get("name"),
        None,
        type_name(reader.said(element, "typeRef")),
        element.get("label"),
        reader.feel(reader.child(element, "outputValues")),
        reader.feel(default),
        element,
    )


def _rule(reader: Reader, element: Element, notes: tuple[str, ...]) -> Rule:
    entries = [reader.text(entry, "text") for entry in reader.children(element, "annotationEntry")]
    said = [(name or "", text) for name, text in zip(notes, entries, strict=False) if text]
    said += [("", text) for text in entries[len(notes) :] if text]
    description = reader.text(element, "description")
    if description:
        said.append(("", description))
    return Rule(
        tuple(_cell(reader, cell, "-") for cell in reader.children(element, "inputEntry")),
        tuple(_cell(reader, cell, "null") for cell in reader.children(element, "outputEntry")),
        tuple(said),
        reader.own(element),
        element,
    )


def _cell(reader: Reader, element: Element, empty: str) -> Text:
    return reader.feel(element) or Text(empty, element)
