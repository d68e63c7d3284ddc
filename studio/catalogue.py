"""The English catalogue: collected from the pages, compiled for Flask-Babel.

`python -m studio.catalogue` collects what pages say into messages.po, keeps what is translated,
drops what is said no more, and compiles messages.mo. Both files are committed.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
PO = HERE / "translations" / "en" / "LC_MESSAGES" / "messages.po"
MO = PO.with_suffix(".mo")
# Words that come out of the engine and are shown through `_(word)`.
WORDS = (
    "满足", "不满足", "待核", "不适用",
    "免提交", "已提交", "以承诺代替", "容缺后补", "缺少", "不需要",
    "准予", "不予", "补正", "不予受理", "一次性告知补正",
    "准予许可", "不予许可", "准予备案", "不予备案", "准予给付", "不予给付",
    "准予确认", "不予确认", "准予奖励", "不予奖励",
    "终止", "不须办理", "是否须办待核", "全部办结", "部分办结", "办理中", "未办结",
    "有效", "暂停", "失效", "注销", "撤销", "吊销", "查无此证",
    "一般", "告知承诺", "全信用", "非核心要件信用",
    "审批部门", "本人", "代理人", "邮寄", "属实", "不属实", "无法核实",
    "自然人", "企业法人", "非法人企业", "个体工商户", "事业法人", "社会组织法人",
    "公民身份号码", "统一社会信用代码",
)  # fmt: skip
_Message = str | tuple[str, ...]


def said() -> Iterator[tuple[_Message, str]]:
    """Every message of the studio with the file that says it."""
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    found = extract_from_dir(HERE, methods, options_map={"**.html": {"trimmed": "true"}})
    for file, _line, message, _comments, _context in found:
        yield message, f"studio/{file}"
    for word in WORDS:
        yield word, "engine"


def collect(translated: bytes) -> Catalog:
    """A catalogue of what is said now, with the translations that are known."""
    known = read_po(io.BytesIO(translated), locale="en")
    catalog = Catalog(locale="en", project="tongban", fuzzy=False, charset="utf-8")
    places: dict[_Message, set[str]] = {}
    for message, file in said():
        places.setdefault(message, set()).add(file)
    for message in sorted(places, key=str):
        before = known.get(message)
        locations = [(file, 0) for file in sorted(places[message])]
        catalog.add(message, before.string if before else None, locations=locations)
    for name in ("creation_date", "revision_date"):
        setattr(catalog, name, known.creation_date)  # the same messages give the same bytes
    return catalog


def to_po(catalog: Catalog) -> bytes:
    stream = io.BytesIO()
    write_po(stream, catalog, width=100, omit_header=False, include_lineno=False)
    return stream.getvalue()


def to_mo(catalog: Catalog) -> bytes:
    stream = io.BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    return [str(m.id) for m in catalog if m.id and not all(_strings(m.string))]


def _strings(string: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (string or "",) if isinstance(string, str | None) else tuple(string)


@click.command()
def main() -> None:
    """Collects and compiles; exit status 1 while something has no English."""
    catalog = collect(PO.read_bytes() if PO.exists() else b"")
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(to_po(catalog))
    MO.write_bytes(to_mo(catalog))
    missing = untranslated(catalog)
    for message in missing:
        click.echo(f"no English: {message}")
    raise SystemExit(1 if missing else 0)


if __name__ == "__main__":
    main()
