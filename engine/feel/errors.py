"""What can go wrong in a FEEL text, said in Chinese and English with the place."""


class FeelSyntaxError(ValueError):
    """A text that is not FEEL; `offset` and `end` count characters of the text, from 0."""

    def __init__(
        self,
        message_zh: str,
        message_en: str,
        *,
        offset: int = 0,
        end: int | None = None,
        help_zh: str = "",
        help_en: str = "",
        code: str = "feel-syntax",
    ) -> None:
        super().__init__(f"{message_zh} / {message_en} @{offset}")
        self.code = code
        self.offset = offset
        self.end = offset + 1 if end is None else end
        self.message_zh = message_zh
        self.message_en = message_en
        self.help_zh = help_zh
        self.help_en = help_en


class FeelLimitError(FeelSyntaxError):
    """A text, value or evaluation larger than the engine is willing to carry (`feel-limit`)."""

    def __init__(self, message_zh: str, message_en: str, *, offset: int = 0) -> None:
        super().__init__(
            message_zh,
            message_en,
            offset=offset,
            help_zh="请拆成几个较小的表达式",
            help_en="split it into smaller expressions",
            code="feel-limit",
        )
