"""Form fields that read what people type: full-width digits, stray blanks, Chinese dates.

WTForms' own number fields take `1_0`, `1e2` and `٣` for numbers and never hold a scale; these do not.
Every message is given at the time of the request, in its language.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from wtforms import fields, widgets
from wtforms.validators import StopValidation, ValidationError

from studio.language import _

if TYPE_CHECKING:
    _FieldList = fields.FieldList[Any]
else:
    _FieldList = fields.FieldList  # generic in its stubs only

MOST_ROWS = 100
YEARS = range(1949, 2200)  # far from where a term of years leaves the calendar
_NUMBER = re.compile(r"-?\d{1,24}(\.\d{1,12})?", re.ASCII)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_RANGE = re.compile(r"\s*([\[(])\s*(-?[\d.]+)\s*\.\.\s*(-?[\d.]+)\s*([\])])\s*", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def half_width(text: str) -> str:
    """Full-width digits, letters and punctuation as half-width ones; blanks at the ends dropped.

    Not NFKC: that would read 12m² as 12m2 and ① as 1.
    """
    return text.translate(_HALF_WIDTH).strip()


class Typed(fields.Field):
    """One line of text that becomes a value; what was typed is shown again when it does not."""

    widget: Any = widgets.TextInput()
    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = half_width(str(valuelist[0])) if valuelist else ""
        self.data = None
        if text:
            self.data = self.read(text)

    def read(self, text: str) -> object:
        """The value; ValueError with the words for the person when it is none."""
        raise NotImplementedError

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class NumberField(Typed):
    """An exact decimal of at most `scale` places, within `range` (`[0..100)`) where one is given."""

    def __init__(self, *args: Any, scale: int | None = None, range: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.scale = scale
        self.range = range

    def read(self, text: str) -> Decimal:
        if not _NUMBER.fullmatch(text):
            raise ValueError(_("请填写数字，例如 12 或 12.5，不要带单位和千分位逗号。"))
        number = Decimal(text)
        if self.scale is not None and number != round(number, self.scale):
            if self.scale == 0:
                raise ValueError(_("请填写整数。"))
            raise ValueError(_("最多 %(places)s 位小数。", places=self.scale))
        self._keep_within(number)
        return number

    def _keep_within(self, number: Decimal) -> None:
        bounds = _RANGE.fullmatch(self.range)
        if bounds is None:
            return  # a range in other words: the engine judges it
        opening, low, high, closing = bounds.groups()
        is_above = number >= Decimal(low) if opening == "[" else number > Decimal(low)
        is_below = number <= Decimal(high) if closing == "]" else number < Decimal(high)
        if not (is_above and is_below):
            left = _("（含）") if opening == "[" else _("（不含）")
            right = _("（含）") if closing == "]" else _("（不含）")
            raise ValueError(
                _(
                    "应在 %(low)s%(left)s至 %(high)s%(right)s之间。",
                    low=low, left=left, high=high, right=right,
                )
            )  # fmt: skip


class DayField(Typed):
    """A day: 2026-11-22, and what people write instead (2026/11/22, 2026年11月22日)."""

    widget = widgets.DateInput()

    def read(self, text: str) -> date:
        return self.parse(text)

    @staticmethod
    def parse(text: str) -> date:
        """The day; ValueError for what is none."""
        text = half_width(text)
        parts = _DAY.fullmatch(text)
        try:
            if parts is None:
                raise ValueError
            return date(*(int(part) for part in parts.groups()))
        except ValueError:
            message = _("请填写真实存在的日期，例如 2026-11-22。")
            raise ValueError(message) from None

    def _value(self) -> str:
        if isinstance(self.data, date):
            return self.data.isoformat()
        return super()._value()


class DayOfApplicationField(DayField):
    """A day that rules may be asked for."""

    def read(self, text: str) -> date:
        return self.parse(text)

    @staticmethod
    def parse(text: str) -> date:
        """The day; ValueError for what is none, and outside the years of `YEARS`."""
        day = DayField.parse(text)
        if day.year not in YEARS:
            told = _("应在 %(first)s 年至 %(last)s 年之间。", first=YEARS[0], last=YEARS[-1])
            raise ValueError(told)
        return day


class WordsField(fields.StringField):
    """Text as typed, blanks at the ends dropped; a certificate number also in half-width."""

    def __init__(
        self, *args: Any, is_number: bool = False, longest: int = 500, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.is_number = is_number
        self.longest = longest

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]) if valuelist else ""
        text = half_width(text) if self.is_number else unicodedata.normalize("NFC", text).strip()
        self.data = text
        if len(text) > self.longest:
            raise ValueError(_("最多 %(count)s 个字。", count=self.longest))
        if _CONTROL.search(text):
            raise ValueError(_("含有不可见的控制字符，请删除后重填。"))


class ParagraphField(WordsField):
    widget = widgets.TextArea()


class LinesField(ParagraphField):
    """A list, one entry a line."""

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in (self.data or "").splitlines() if line.strip()]


class _Closed:
    """A choice outside the list is refused in our words."""

    def pre_validate(self, form: Any) -> None:
        listed = {str(value) for value in self.choices}  # type: ignore[attr-defined]
        data = self.data  # type: ignore[attr-defined]
        chosen = data if isinstance(data, list) else [data or ""]
        if not all(value in listed or value == "" for value in chosen):
            raise ValidationError(_("请从列出的选项中选择。"))


class OneField(_Closed, fields.SelectField):
    """One of a code set, in a drop-down list."""


class RadioField(_Closed, fields.RadioField):
    """One of a code set, all in sight."""


class SeveralField(_Closed, fields.SelectMultipleField):
    """Several of a code set."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class RowsField(_FieldList):
    """Repeated rows, always one blank row at the end: adding a row needs no script."""

    def __init__(self, unbound_field: Any, *args: Any, blank: int = 1, **more: Any) -> None:
        more = {"min_entries": blank, "max_entries": MOST_ROWS, **more}
        super().__init__(unbound_field, *args, **more)
        self.blank = blank
        self.is_cut = False

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        indices = set(self._extract_indices(self.name, formdata)) if formdata else set()
        self.is_cut = len(indices) > MOST_ROWS
        super().process(formdata, data or ())

    def _extract_indices(self, prefix: str, formdata: Mapping[str, Any]) -> Iterator[int]:
        # WTForms asks str.isdigit(), and then int() raises on "²".
        pattern = re.compile(re.escape(prefix) + r"-(\d{1,4})(-.*)?", re.ASCII | re.DOTALL)
        for name in formdata:
            found = pattern.fullmatch(name)
            if found:
                yield int(found[1])

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        is_valid = super().validate(form, extra_validators)
        if self.is_cut:
            self.errors = [_("最多 %(count)s 行。", count=MOST_ROWS)]
            return False
        return is_valid

    def add_blank(self) -> None:
        """Another blank row, unless the last one still is."""
        if len(self.entries) < MOST_ROWS and (not self.entries or not is_blank(self.entries[-1])):
            self.append_entry()


def is_blank(field: fields.Field) -> bool:
    """Whether nothing at all was entered."""
    if isinstance(field, fields.FormField):
        return all(is_blank(inner) for inner in field.form)
    if isinstance(field, RowsField):
        return all(is_blank(entry) for entry in field.entries)
    raw = field.raw_data or ()
    return not any(str(value).strip() for value in raw) and field.data in (None, "", [])


class Answered:
    """The question must be answered."""

    field_flags: Mapping[str, Any] = {}

    def __call__(self, form: Any, field: Any) -> None:
        if is_blank(field):
            field.errors = []
            raise StopValidation(_("请填写此项。"))


class Unanswered:
    """The question may be left open: then nothing else is asked of it."""

    field_flags: Mapping[str, Any] = {}

    def __call__(self, form: Any, field: Any) -> None:
        if is_blank(field) and not field.process_errors:
            field.errors = []
            raise StopValidation
