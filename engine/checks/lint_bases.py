"""Lints of what a rule rests on: the article, whether the law is in force, its rank."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from engine.checks.policy import based
from engine.checks.subject import Subject
from engine.definitions import Basis, Law, Matter
from engine.source import Path
from engine.workspace import Workspace

# What is often called by these names and is approval all the same (清理变相审批).
_NAMES = ("备案", "登记", "注册", "目录", "年检", "监制", "认定", "认证", "征求意见")
_LOCAL_SIGNS = ("省", "市", "县", "自治区", "自治州")
# Ordinary words of national titles that hold such a sign: 人力资源市场暂行条例.
_ORDINARY = re.compile("市场|城市|县级|市容|市政|都市")


def check_grounds(subject: Subject[Matter]) -> None:
    """Adds verified bases without an article, and those whose law ends before the rule does.

    What is still to be verified has to be looked up anyway, and is reported for that.
    """
    laws = _laws(subject.workspace)
    for path, what, bases in based(subject):
        for number, basis in enumerate(bases):
            name = basis.law.strip("《》")
            place: Path = (*path, "basis", number)
            if basis.verified and not basis.article:
                subject.add((*place, "law"), "basis-article", what=what, law=name)
            _check_repeal(subject, (*place, "law"), what, name, laws.get(name))


def _laws(workspace: Workspace) -> Mapping[str, tuple[Law, ...]]:
    """The register of laws, by every name they go by."""

    def find() -> dict[str, tuple[Law, ...]]:
        found: dict[str, tuple[Law, ...]] = {}
        for file in workspace.files_of("law"):
            if isinstance(file.definition, Law):
                for name in file.definition.names:
                    found[name] = (*found.get(name, ()), file.definition)
        return found

    return workspace.keep("laws", find)


def _check_repeal(
    subject: Subject[Matter], path: Path, what: str, name: str, laws: tuple[Law, ...] | None
) -> None:
    """A rule may not outlive its law. Without a clock: the two terms of force are compared."""
    last = _last_day(laws or ())
    mine = subject.definition.effective
    until = mine.to if mine is not None else None
    if laws and last is not None and (until is None or until > last):
        heirs = [law.replaced_by for law in laws if law.replaced_by]
        subject.add(
            path,
            "basis-repealed",
            what=what,
            law=name,
            day=last,
            instead_zh=f"（由{'、'.join(heirs)}代替）" if heirs else "",
            instead_en=f" (replaced by {', '.join(heirs)})" if heirs else "",
        )


def _last_day(laws: tuple[Law, ...]) -> date | None:
    """The last day on which any version is in force; None where one has no end."""
    ends = [law.effective.to if law.effective else None for law in laws]
    return max((end for end in ends if end), default=None) if all(ends) else None


# --- disguised approval ----------------------------------------------------------------------


def check_disguise(subject: Subject[Matter]) -> None:
    """Adds what is no licence by name, can refuse all the same, and lacks the rank to."""
    matter = subject.definition
    if matter.type not in ("行政备案", "其他行政权力", "公共服务"):
        return
    if any(_is_national(basis) for basis in matter.basis):
        return
    if not matter.basis or not any(_refusals(matter)):
        return  # without a basis it is reported as such
    named = next((word for word in _NAMES if word in matter.title), "")
    as_zh = f"以“{named}”为名" if named else "没有许可之名"
    subject.add(
        ("type",),
        "approval-disguised",
        title=matter.title,
        type=matter.type,
        sign_zh=f"{as_zh}，却可以不予",
        sign_en="yet can refuse",
    )


def _refusals(matter: Matter) -> Iterator[str]:
    yield from (c.id for c in matter.criteria if c.consequence == "refuse")
    yield from (r.rule for r in matter.conclusions if r.then.effect == "refuse")


def _is_national(basis: Basis) -> bool:
    """Whether a name is that of a law, an administrative regulation or a State Council decision."""
    name = basis.law.strip("《》").partition("（")[0].partition("(")[0]
    if name.startswith("国务院"):
        return "决定" in name
    place = _ORDINARY.sub("", name)[:8]
    is_local = any(sign in place for sign in _LOCAL_SIGNS)
    is_law = name.endswith("法") and not name.endswith(("办法", "做法", "方法"))
    return is_law or (name.endswith("条例") and not is_local)
