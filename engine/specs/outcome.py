"""How a step says that what it expected is not so: in Chinese and English, never a bare assert."""

from collections.abc import Iterable

from engine.diagnostics import TongbanError, nearest


class StepFailed(TongbanError):
    """A step did not find what it expected."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.message_zh = zh
        self.message_en = en


def expect_equal(
    what_zh: str, what_en: str, expected: object, found: object, why: str = ""
) -> None:
    """Raises StepFailed unless both are equal. `why` says how the result came about."""
    if expected != found:
        because = f"；{why}" if why else ""
        raise StepFailed(
            f"{what_zh}应为“{expected}”，实际是“{found}”{because}",
            f"{what_en}: expected {expected!s}, got {found!s}",
        )


def expect_said(what_zh: str, what_en: str, words: str, texts: Iterable[str]) -> None:
    """Raises StepFailed unless one of the texts contains `words`."""
    said = list(texts)
    if not any(words in text for text in said):
        listed = "；".join(said) or "（空）"
        raise StepFailed(
            f"{what_zh}应包括“{words}”，实际是：{listed}",
            f"{what_en}: expected to find {words!r} in: {listed}",
        )


def expect_unsaid(what_zh: str, what_en: str, words: str, texts: Iterable[str]) -> None:
    """Raises StepFailed when one of the texts contains `words`."""
    for text in texts:
        if words in text:
            raise StepFailed(
                f"{what_zh}不应包括“{words}”，实际有：{text}",
                f"{what_en}: {words!r} was not expected, but there is: {text}",
            )


def unknown(what_zh: str, what_en: str, name: str, known: Iterable[str]) -> StepFailed:
    """The failure of naming something that is not there, with the nearest name and all names."""
    names = list(dict.fromkeys(known))
    close = nearest(name, names)
    hint = f"，是否想写“{close}”？" if close else "。"
    listed = "、".join(names[:40]) or "（没有）"
    return StepFailed(
        f"没有{what_zh}“{name}”{hint}现有：{listed}",
        f"there is no {what_en} {name!r}; known: {listed}",
    )
