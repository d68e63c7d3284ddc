"""A document to a model: every mistake of shape as a diagnostic at its place, none hiding another."""

from dataclasses import replace
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.definitions.base import Definition
from engine.definitions.kinds import KIND_TITLES, KINDS
from engine.diagnostics import Diagnostic, Diagnostics, nearest
from engine.source import Document, Mapping, Path, Sequence

# What Pydantic found wrong, as (expected in Chinese, in English).
_EXPECTED: dict[str, tuple[str, str]] = {
    "string_type": ("文字", "text"),
    "bool_type": ("true 或 false", "true or false"),
    "int_type": ("整数", "a whole number"),
    "decimal_type": ("数字", "a number"),
    "is_instance_of": ("数字", "a number"),
    "dict_type": ("“键: 值”的组合", "a mapping"),
    "model_type": ("“键: 值”的组合", "a mapping"),
    "model_attributes_type": ("“键: 值”的组合", "a mapping"),
    "tuple_type": ("列表（每项以“- ”开头）", "a list"),
    "list_type": ("列表（每项以“- ”开头）", "a list"),
    "day": ("日期，如 2026-01-31", "a date such as 2026-01-31"),
    "date_type": ("日期，如 2026-01-31", "a date such as 2026-01-31"),
    "period": ("期限，如 20 working days、30 days、3 months", "a period such as 20 working days"),
    "blank": ("非空的文字", "text that is not blank"),
    "then": ("含有 finding 或 conclude 的结论", "a finding or a conclusion"),
    "none_required": ("空", "nothing"),
}
MOST_MISTAKES = 200  # listed in one file; the rest are counted
_ROUNDS = 12  # each round takes out what was wrong; what still fails then is reported as it is


def shape_document(
    document: Document, diagnostics: Diagnostics
) -> tuple[Definition | None, Document]:
    """The model of a document, and the document less what was wrong with it.

    Broken parts are reported and taken out, so that the rest can be checked further; None when
    the kind is unknown or nothing is left to work with.
    """
    kind = _kind(document, diagnostics)
    if kind is None:
        return None, document
    mistakes = _Mistakes()
    definition: Definition | None = None
    for _ in range(_ROUNDS):
        try:
            definition = KINDS[kind].model_validate(document.data, by_alias=True)
            break
        except ValidationError as error:
            details = error.errors(include_url=False)
        repaired = _repair(kind, document, details, mistakes)
        if repaired is None:
            break
        document = repaired
    diagnostics.extend(mistakes.listed())
    return definition, document


class _Mistakes(Diagnostics):
    """The mistakes of one file: so many are listed, the others are only counted."""

    more = 0

    def is_full(self) -> bool:
        """Whether the next mistake, which is counted herewith, is not listed any more."""
        is_full = len(self.found) >= MOST_MISTAKES
        self.more += is_full
        return is_full

    def listed(self) -> list[Diagnostic]:
        """In reading order; the last one says how many there are besides."""
        found = list(self.sorted())
        if self.more:
            zh = f"{found[-1].help_zh}本文件另有 {self.more} 处错误未列出，改正后请再次检查。"
            en = f"{found[-1].help_en} {self.more} more mistakes of this file are not listed."
            found[-1] = replace(found[-1], help_zh=zh, help_en=en.strip())
        return found


def _kind(document: Document, diagnostics: Diagnostics) -> str | None:
    root = document.root
    if not isinstance(root, Mapping) or not root.entries:
        place = document.place(())
        words = {"found_zh": "文字或列表", "found_en": "text or a list"}
        if isinstance(document.data, str) and "：" in document.data:
            words = {
                "found_zh": "文字（含全角冒号“：”）",
                "found_en": "text with a full-width colon",
            }
        diagnostics.add("not-a-mapping", place, excerpt=document.excerpt(place), **words)
        return None
    first = str(root.entries[0][0].value)
    if first in KINDS:
        return first
    place = document.at(root.entries[0][0].span)
    close = nearest(first, KINDS)
    diagnostics.add(
        "unknown-kind",
        place,
        excerpt=document.excerpt(place),
        found=first,
        known="、".join(f"{k}（{KIND_TITLES[k][0]}）" for k in KINDS),
        **_hint(close),
    )
    return None


def _hint(close: str) -> dict[str, str]:
    if not close:
        return {"hint_zh": "", "hint_en": ""}
    return {"hint_zh": f"是否想写“{close}”？", "hint_en": f'Did you mean "{close}"? '}


def _repair(
    kind: str, document: Document, details: list[ErrorDetails], mistakes: _Mistakes
) -> Document | None:
    """Reports each mistake and takes out what it stands in; None when the root itself is broken."""
    broken: set[Path] = set()
    placeholders: dict[str, str] = {}
    for detail in _one_per_place(details, document):
        path = _real_path(detail["loc"], document)
        if detail["type"] != "missing":
            if not mistakes.is_full():
                _report(kind, document, path, detail, mistakes)
            broken.add(path)
            continue
        name = str(detail["loc"][-1])
        if not document.lost(path, name) and not mistakes.is_full():
            _report_missing(kind, document, path, name, mistakes)
        if path:
            broken.add(path)
        elif (word := _placeholder(kind, name)) is not None:
            placeholders[name] = word
        else:
            return None
    if () in broken:
        return None
    document = document.without_all(_outermost(broken))
    for name, word in placeholders.items():
        document = document.with_entry(name, word)
    return document


def _one_per_place(details: list[ErrorDetails], document: Document) -> list[ErrorDetails]:
    """A union reports each of its alternatives; one mistake is enough."""
    seen: dict[tuple[Path, str], ErrorDetails] = {}
    for detail in details:
        path = _real_path(detail["loc"], document)
        name = str(detail["loc"][-1]) if detail["type"] == "missing" else ""
        seen.setdefault((path, name), detail)
    return list(seen.values())


def _outermost(paths: set[Path]) -> list[Path]:
    """Paths not inside another one."""
    return [p for p in paths if not any(p[:n] in paths for n in range(len(p)))]


def _real_path(loc: tuple[str | int, ...], document: Document) -> Path:
    """The steps of `loc` that exist in the document (Pydantic adds names of unions and types)."""
    path: Path = ()
    for step in loc:
        if document.node((*path, step)) is not None:
            path = (*path, step)
    return path


def _placeholder(kind: str, name: str) -> str | None:
    """Stands for a missing key of the root, so that the rest of the definition is still checked."""
    if name == kind:
        return None  # without an id of its own nothing can be said of it across files
    annotation = KINDS[kind].model_fields[name].annotation
    if annotation is str:
        return "？"
    words = get_args(annotation)
    return words[0] if words and isinstance(words[0], str) else None


def _report_missing(
    kind: str, document: Document, parent: Path, name: str, diagnostics: Diagnostics
) -> None:
    zh, en = meaning_of(kind, (*parent, name))
    place = document.place(parent, key=True)
    diagnostics.add(
        "missing-key",
        place,
        excerpt=document.excerpt(place),
        key=name,
        meaning_zh=zh,
        meaning_en=en,
    )


def _report(
    kind: str, document: Document, path: Path, detail: ErrorDetails, diagnostics: Diagnostics
) -> None:
    name = str(path[-1]) if path else ""
    if detail["type"] == "extra_forbidden":
        known = _known_keys(kind, path[:-1])
        place = document.place(path, key=True)
        diagnostics.add(
            "unknown-key",
            place,
            excerpt=document.excerpt(place),
            key=name,
            known="、".join(known),
            **_hint(nearest(name, known)),
        )
        return
    place = document.place(path)
    expected_zh, expected_en, help_zh, help_en = _expectation(detail, document, path)
    found_zh, found_en = _found(document, path)
    label = name if not isinstance(path[-1] if path else "", int) else f"{path[-2]}[{name}]"
    diagnostics.add(
        "wrong-value",
        place,
        excerpt=document.excerpt(place),
        key=label,
        expected_zh=expected_zh,
        expected_en=expected_en,
        found_zh=found_zh,
        found_en=found_en,
        help_zh=help_zh,
        help_en=help_en,
    )


def _expectation(detail: ErrorDetails, document: Document, path: Path) -> tuple[str, str, str, str]:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "literal_error":
        words = [w.strip("' ") for w in str(context["expected"]).replace(" or ", ", ").split(",")]
        node = document.node(path)
        value = str(getattr(node, "value", ""))
        close = nearest(value, words)
        hint = _hint(close)
        listed = "、".join(words)
        return f"其中之一：{listed}", f"one of {', '.join(words)}", hint["hint_zh"], hint["hint_en"]
    if kind == "string_pattern_mismatch":
        return _pattern(str(context.get("pattern")))
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = context.get("ge", context.get("le"))
        zh, en = ("不小于", "at least") if "ge" in context else ("不大于", "at most")
        return f"{zh} {limit} 的数", f"a number of {en} {limit}", "", ""
    zh, en = _EXPECTED.get(kind, ("另一种写法", detail["msg"]))
    return zh, en, "", ""


def _pattern(pattern: str) -> tuple[str, str, str, str]:
    if pattern.startswith("^[a-z]"):
        return (
            "小写字母开头、由小写字母、数字和下划线组成的编号",
            "an id in snake_case",
            "例如 public_venue_hygiene。",
            "For example public_venue_hygiene.",
        )
    if pattern.startswith("^\\d"):
        return (
            "6 位或 12 位行政区划代码",
            "a region code of 6 or 12 digits",
            "请加引号。",
            "Quote it.",
        )
    return (
        "以文字开头、不含空格和标点的名称",
        "a name without spaces or punctuation",
        "名称可用汉字、字母、数字和下划线。",
        "Letters, digits and underscores of any script.",
    )


def _found(document: Document, path: Path) -> tuple[str, str]:
    """What stands at `path`, in Chinese and in English."""
    node = document.node(path)
    if isinstance(node, Mapping):
        return "“键: 值”的组合", "a mapping"
    if isinstance(node, Sequence):
        return "列表", "a list"
    value = node.value if node is not None else None
    if value is None:
        return "空", "nothing"
    if isinstance(value, bool):
        word = "true" if value else "false"
        return f" {word}", word
    text = str(value)[:60]
    return f"“{text}”", f'"{text}"'


# --- what a key means, found by walking the models along a path --------------------------------


def _known_keys(kind: str, path: Path) -> list[str]:
    model = _model_at(KINDS[kind], path)
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def meaning_of(kind: str, path: Path) -> tuple[str, str]:
    """What the key at `path` of a kind means, in Chinese and in English."""
    model = _model_at(KINDS[kind], path[:-1])
    for name, field in (model.model_fields if model else {}).items():
        if path[-1] in (name, field.alias):
            extra = field.json_schema_extra
            en = str(extra.get("description_en", "")) if isinstance(extra, dict) else ""
            return field.description or name, en or name
    return str(path[-1]), str(path[-1])


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model of the mapping at `path`, walking annotations; None where there is none."""
    current: Any = model
    for step in path:
        if isinstance(step, int):
            current = _inside(current)
            continue
        found = _first_model(current)
        if found is not None:
            fields = found.model_fields
            match = next((f for n, f in fields.items() if step in (n, f.alias)), None)
            if match is None:
                return None
            current = match.annotation
        else:
            current = _inside(current)
        if current is None:
            return None
    return _first_model(current)


def _first_model(annotation: Any) -> type[BaseModel] | None:
    """A model named directly or in a union, not inside a list or a mapping of models."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    origin = getattr(annotation, "__origin__", None)
    if origin in (tuple, list):
        return _first_model(get_args(annotation)[0])
    if origin is dict:
        return None
    return next((m for a in get_args(annotation) if (m := _first_model(a)) is not None), None)


def _inside(annotation: Any) -> Any:
    """What a list or a mapping holds."""
    origin = getattr(annotation, "__origin__", None)
    if origin is dict:
        return get_args(annotation)[1]
    if origin in (tuple, list):
        return get_args(annotation)[0]
    for argument in get_args(annotation):
        found = _inside(argument)
        if found is not None:
            return found
    return annotation if _first_model(annotation) else None
