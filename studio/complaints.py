"""What the engine finds wrong with an application, in words for the one who filled in the form."""

from dataclasses import dataclass

from engine import Diagnostic
from studio.language import current_language


@dataclass(frozen=True)
class Complaint:
    """`where` is the fact or the part of the application, as the engine names it: 从业人员[1].姓名."""

    where: str
    zh: str
    en: str

    @classmethod
    def of(cls, diagnostic: Diagnostic) -> "Complaint":
        """The message without place and code, which say nothing to an applicant."""
        where, _, zh = diagnostic.message_zh.partition("：")
        en = diagnostic.message_en.removeprefix(f"{where}: ")
        return cls(
            where, _joined(zh, "。", diagnostic.help_zh), _joined(en, ". ", diagnostic.help_en)
        )

    @property
    def said(self) -> str:
        return self.en if current_language() == "en" else self.zh


def _joined(message: str, stop: str, way_out: str) -> str:
    return f"{message.rstrip(stop)}{stop}{way_out}".strip() if way_out else message
