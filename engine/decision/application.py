"""An application as posted, turned into typed facts; every value that does not fit is reported."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.decision.values import Application, Attested, Earlier, Submission
from engine.definitions import PATH_TITLES, TYPE_TITLES, Matter, Shape
from engine.diagnostics import Diagnostic, Diagnostics, Place, TongbanError, nearest
from engine.feel import FeelSyntaxError
from engine.hooks import Applicant, identify
from engine.profile import compile_cell
from engine.workspace import UnknownDefinition, Workspace

_KEYS = (
    "applicant", "region", "path", "facts", "materials", "commitments", "attested", "earlier",
    "date", "note",
)  # fmt: skip
# What officers and earlier cases tell: whoever takes an application from outside refuses these keys.
OFFICIAL_KEYS = ("attested", "earlier")
_ANSWERS = ("属实", "不属实", "无法核实")
_SUBMISSION_KEYS = ("name", "digest")
_EARLIER_KEYS = ("case", "name", "digest")
_APPLICANT_KEYS = ("name", "id_kind", "id_number", "kind", "agent")
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,20})?", re.ASCII)
_MAX_TEXT = 20_000
_MAX_ENTRIES = 2_000


class ApplicationError(TongbanError):
    """The application posted is not of the form that the matter declares; see `diagnostics`."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        words = "；".join(d.message_zh for d in diagnostics[:3])
        super().__init__(f"申请内容有 {len(diagnostics)} 处不符合要求：{words}", diagnostics)


def parse_application(
    workspace: Workspace, matter_id: str, data: Any, on: date, file: str = "application"
) -> Application:
    """The application in `data` (as JSON gives it, numbers without loss as Decimal or int).

    `file` is the name that places carry. Raises ApplicationError with one diagnostic for each value
    that does not fit, and UnknownDefinition for an unknown matter or region.
    """
    reading = _Reading(workspace, on, file)
    mapping = reading.mapping(data, "")
    reading.known(mapping, _KEYS, "")
    region = reading.text(mapping.get("region", ""), "region") or workspace.settings.region
    try:
        matter = workspace.matter(matter_id, on, region)
    except UnknownDefinition:
        matter = workspace.matter(matter_id, on)
        reading.add(
            "application-value",
            "region",
            expected_zh="已定义的地区代码",
            expected_en="the code of a defined region",
            found=repr(region),
        )
    person = reading.mapping(mapping.get("applicant", {}), "applicant")
    reading.known(person, _APPLICANT_KEYS, "applicant")
    words = {key: reading.text(person.get(key, ""), f"applicant.{key}") for key in _APPLICANT_KEYS}
    number = reading.identifier(words["id_kind"], words["id_number"], "applicant.id_number")
    path = reading.path(mapping.get("path", "general"))
    application = Application(
        facts=reading.facts(matter, reading.mapping(mapping.get("facts", {}), "facts")),
        applicant=Applicant(words["name"], words["id_kind"], number, words["kind"]),
        agent=words["agent"],
        materials=reading.materials(matter, mapping.get("materials", {})),
        path=path,
        commitments=reading.commitments(matter, path, mapping.get("commitments")),
        region=region,
        attested=reading.attested(matter, reading.mapping(mapping.get("attested", {}), "attested")),
        earlier=reading.earlier(matter, reading.mapping(mapping.get("earlier", {}), "earlier")),
    )
    if reading.problems.found:
        raise ApplicationError(reading.problems.sorted())
    return application


def read_register_value(
    workspace: Workspace, shape: Shape, value: Any, name: str, on: date
) -> tuple[object, tuple[Diagnostic, ...]]:
    """A register's value as the fact declares it, and what is wrong with it: then it is not used."""
    reading = _Reading(workspace, on, "register")
    plain = list(value) if isinstance(value, tuple) else value
    found = reading.value(shape, plain, name)
    return found, reading.problems.sorted()


_KINDS = {
    str: "文字",
    bool: "是否",
    int: "数字",
    Decimal: "数字",
    float: "浮点数",
    list: "列表",
    tuple: "列表",
    dict: "对象",
    type(None): "空",
}


def _written(value: object) -> str:
    """A value short enough to be shown; writing out a huge number would take for ever."""
    is_huge = isinstance(value, int) and value.bit_length() > 200
    return "很长的数" if is_huge else str(value)[:60]


def _is_writable(text: str) -> bool:
    """No NUL, and no half of a surrogate pair: neither can be stored, printed or hashed."""
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def _what(value: object) -> str:
    """What was found, in words, where showing it would say less."""
    return _KINDS.get(type(value), type(value).__name__)


class _Reading:
    def __init__(self, workspace: Workspace, on: date, file: str) -> None:
        self.workspace, self.on, self.file = workspace, on, file
        self.problems = Diagnostics()

    def add(self, code: str, where: str, **words: Any) -> None:
        self.problems.add(code, Place(self.file), where=where or "（整体）", **words)

    def expected(self, where: str, zh: str, en: str, found: object) -> None:
        shown = "空" if found is None else f"“{_written(found)}”"
        self.add("application-value", where, expected_zh=zh, expected_en=en, found=shown)

    def mapping(self, value: Any, where: str) -> Mapping[str, Any]:
        if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            if len(value) <= _MAX_ENTRIES:
                return value
            self.expected(
                where, f"不超过 {_MAX_ENTRIES} 项", f"at most {_MAX_ENTRIES} keys", len(value)
            )
            return {}
        self.expected(where, "“名称: 值”的对象", "an object", _what(value))
        return {}

    def known(self, mapping: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
        offered = tuple(key for key in keys if key not in OFFICIAL_KEYS)
        for key in sorted(set(mapping) - set(keys)):
            close = nearest(key, offered)
            self.add(
                "application-unknown-key",
                f"{where}.{key}".lstrip("."),
                key=key,
                known="、".join(offered),
                hint_zh=f"是否想写“{close}”？" if close else "",
                hint_en=f'Did you mean "{close}"? ' if close else "",
            )

    def text(self, value: Any, where: str) -> str:
        if value is None:
            return ""
        if isinstance(value, str) and len(value) <= _MAX_TEXT and _is_writable(value):
            return value.strip()
        self.expected(where, "文字", "text", value if isinstance(value, str) else _what(value))
        return ""

    def path(self, value: Any) -> str:
        name = self.text(value, "path")
        by_title = {title: path for path, title in PATH_TITLES.items()}
        name = by_title.get(name, name)
        if name in PATH_TITLES:
            return name
        known = "、".join(f"{p}（{t}）" for p, t in PATH_TITLES.items())
        self.expected("path", f"办理路径：{known}", "a path", name)
        return "general"

    # --- facts -----------------------------------------------------------------------------

    def facts(self, matter: Matter, given: Mapping[str, Any]) -> dict[str, object]:
        askable = {name: fact for name, fact in matter.facts.items() if fact.compute is None}
        facts: dict[str, object] = {}
        for name in sorted(given):
            fact = askable.get(name)
            if fact is not None:
                facts[name] = self.value(fact, given[name], name)
            elif name in matter.facts:
                self.add("application-computed", name, name=name)
            else:
                close = nearest(name, askable)
                self.add(
                    "application-unknown-fact",
                    name,
                    name=name,
                    matter=matter.title,
                    hint_zh=f"是否想写“{close}”？" if close else "",
                    hint_en=f'Did you mean "{close}"? ' if close else "",
                )
        return facts

    def value(self, shape: Shape, value: Any, where: str) -> object:
        """The value in the fact's type; None where it does not fit (and that is reported)."""
        if value is None or value == "":
            return None
        read = getattr(self, f"_{shape.type}")(shape, value, where)
        if read is None:
            return None
        return read if self._fits(shape, read, where) else None

    def _text(self, shape: Shape, value: Any, where: str) -> object:
        text = self.text(value, where)
        if shape.identifier and text:
            return self.identifier(shape.identifier, text, where)
        return text or None

    def _integer(self, shape: Shape, value: Any, where: str) -> object:
        number = self._number(shape, value, where)
        if number is not None and number != number.to_integral_value():
            self.expected(where, "整数", "a whole number", value)
            return None
        return number

    def _decimal(self, shape: Shape, value: Any, where: str) -> object:
        number = self._number(shape, value, where)
        scale = shape.scale
        if number is not None and scale is not None and number != round(number, scale):
            self.expected(
                where, f"最多 {scale} 位小数的数", f"at most {scale} decimal places", value
            )
            return None
        return number

    def _number(self, shape: Shape, value: Any, where: str) -> Decimal | None:
        zh, en = TYPE_TITLES[shape.type]
        if isinstance(value, bool | float):
            self.expected(where, zh, en, value)
            return None
        if isinstance(value, int | Decimal):
            is_small = not isinstance(value, int) or value.bit_length() < 100
            number = Decimal(value) if is_small else Decimal("Infinity")
            if number.is_finite() and number.adjusted() < 30:
                return number
        elif isinstance(value, str):
            if _NUMBER.fullmatch(value.strip()):
                return Decimal(value.strip())
            half = unicodedata.normalize("NFKC", value).strip()
            if _NUMBER.fullmatch(half):
                self.add("application-full-width", where, found=value.strip(), half=half)
                return None
        self.expected(where, zh, en, value)
        return None

    def _boolean(self, shape: Shape, value: Any, where: str) -> object:
        words = {"是": True, "否": False, "true": True, "false": False}
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip() in words:
            return words[value.strip()]
        self.expected(where, "“是”或“否”（true 或 false）", "true or false", value)
        return None

    def _date(self, shape: Shape, value: Any, where: str) -> object:
        if isinstance(value, date):
            return value
        try:
            if isinstance(value, str) and re.fullmatch(
                r"\d{4}-\d{2}-\d{2}", value.strip(), re.ASCII
            ):
                return date.fromisoformat(value.strip())
        except ValueError:
            self.add("application-date", where, found=value)
            return None
        self.expected(where, "日期，如 2026-01-31", "a date such as 2026-01-31", value)
        return None

    def _list(self, shape: Shape, value: Any, where: str) -> object:
        if not isinstance(value, list | tuple) or len(value) > _MAX_ENTRIES:
            self.expected(where, f"不超过 {_MAX_ENTRIES} 项的列表", "a list", _what(value))
            return None
        entry = Shape(type=shape.of or "text", codes=shape.codes, fields=shape.fields)
        return [self.value(entry, item, f"{where}[{n}]") for n, item in enumerate(value, 1)]

    def _record(self, shape: Shape, value: Any, where: str) -> object:
        mapping = self.mapping(value, where)
        self.known(mapping, tuple(shape.fields), where)
        return {
            name: self.value(field, mapping.get(name), f"{where}.{name}")
            for name, field in shape.fields.items()
        }

    def _fits(self, shape: Shape, value: object, where: str) -> bool:
        if shape.codes and isinstance(value, str):
            try:
                words = self.workspace.codes(shape.codes, self.on).words_on(self.on)
            except UnknownDefinition:
                return True  # reported by the checks
            if value not in words:
                listed = "、".join(words[:30])
                self.expected(where, f"以下之一：{listed}", "a value of the code set", value)
                return False
        if shape.range is None or isinstance(value, list | dict):
            return True
        try:
            is_within = compile_cell(shape.range).evaluate(value) is True
        except FeelSyntaxError:
            return True  # reported by the checks
        if not is_within:
            self.expected(where, f"范围 {shape.range} 内的值", f"a value in {shape.range}", value)
        return is_within

    def identifier(self, kind: str, value: str, where: str) -> str:
        """The normalised number. A number that is not valid is reported."""
        if not kind or not value:
            return value
        check = identify(self.workspace.plugins, kind, value, self.on)
        if check is None or check.status == "valid":
            return check.value if check else value
        if check.status == "invalid":
            self.add(
                "application-identifier",
                where,
                kind=kind,
                problem_zh=check.message_zh,
                problem=check.message_en,
            )
        return check.value

    # --- materials and commitments ---------------------------------------------------------

    def materials(self, matter: Matter, value: Any) -> dict[str, Submission]:
        """By id (or title): what was handed in. A list of ids is enough; null is not handed in."""
        if isinstance(value, list | tuple):
            for number, item in enumerate(value, 1):
                if not isinstance(item, str):
                    where = f"materials[{number}]"
                    self.expected(where, "材料的编号或名称", "a material's id", _what(item))
            value = {item: {} for item in value if isinstance(item, str)}
        given = self.mapping(value, "materials")
        known = self._material_ids(matter)
        submissions = {}
        for name in sorted(given):
            identity = known.get(name)
            if identity is None:
                self._unknown_material(name, tuple(known), "materials")
            elif given[name] is not None:
                submissions[identity] = self._submission(given[name], f"materials.{name}")
        return submissions

    def _submission(self, value: Any, where: str) -> Submission:
        """Only an object says that something was handed in: `false` or `"无"` does not."""
        details = self.mapping(value, where)
        self.known(details, _SUBMISSION_KEYS, where)
        words = (self.text(details.get(key, ""), where) for key in _SUBMISSION_KEYS)
        return Submission(*words)

    def attested(self, matter: Matter, given: Mapping[str, Any]) -> dict[str, Attested]:
        """Answers of departments, by `material:ID` or `fact:NAME`."""
        found = {}
        for name in sorted(given):
            kind, _, about = name.partition(":")
            asked = {n: f for n, f in matter.facts.items() if f.compute is None}
            known = asked if kind == "fact" else {m.key for m in matter.materials}
            details = self.mapping(given[name], f"attested.{name}")
            answer = self.text(details.get("answer", ""), f"attested.{name}.answer")
            if kind not in ("fact", "material") or about not in known or answer not in _ANSWERS:
                self.expected(
                    f"attested.{name}",
                    "一项材料或事实的协查结果",
                    "an answer about something",
                    answer,
                )
                continue
            value = details.get("value")
            if kind == "fact" and value is not None:
                value = self.value(matter.facts[about], value, f"attested.{name}.value")
            department = self.text(details.get("department", ""), f"attested.{name}.department")
            found[name] = Attested(answer, department, value)
        return found

    def earlier(self, matter: Matter, given: Mapping[str, Any]) -> dict[str, Earlier]:
        """Materials that earlier cases hold, by id."""
        known = {m.key for m in matter.materials}
        found = {}
        for name in sorted(given):
            details = self.mapping(given[name], f"earlier.{name}")
            if name not in known:
                self._unknown_material(name, tuple(known), "earlier")
                continue
            words = (self.text(details.get(key, ""), f"earlier.{name}") for key in _EARLIER_KEYS)
            found[name] = Earlier(*words)
        return found

    def commitments(self, matter: Matter, path: str, value: Any) -> tuple[str, ...]:
        """What is committed to; choosing a path without saying so commits to all that it covers."""
        if value is None:
            declaration = next((d for p, d in matter.paths.items() if p == path), None)
            return tuple(sorted(declaration.covers)) if declaration else ()
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            self.expected("commitments", "编号的列表", "a list of ids", _what(value))
            return ()
        known = self._material_ids(matter) | {c.id: c.id for c in matter.criteria}
        found = []
        for name in value:
            if name in known:
                found.append(known[name])
            else:
                self._unknown_material(name, tuple(known), "commitments")
        return tuple(sorted(set(found)))

    def _material_ids(self, matter: Matter) -> dict[str, str]:
        ids = {m.key: m.key for m in matter.materials}
        return {m.title: m.key for m in matter.materials if m.title} | ids

    def _unknown_material(self, name: str, known: tuple[str, ...], where: str) -> None:
        close = nearest(name, known)
        self.add(
            "application-unknown-material",
            f"{where}.{name}",
            name=name,
            hint_zh=f"是否想写“{close}”？" if close else "",
            hint_en=f'Did you mean "{close}"? ' if close else "",
        )
