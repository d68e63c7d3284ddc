"""What is wrong with a CSV that could not be read, in the words of whoever wrote it."""

import csv
from pathlib import Path
from typing import Final, NamedTuple

DIALECT: Final = "delim = ',', quote = '\"', escape = '\"', skip = 0, strict_mode = true"
_SAVE_AS: Final = (
    "UTF-8 编码（在 WPS 或 Excel 中另存为“CSV UTF-8（逗号分隔）”）",
    "UTF-8 (save it as CSV UTF-8, comma-separated)",
)


class Fault(NamedTuple):
    where: str  # lines of the file, of which the header is line 1
    expected: tuple[str, str]
    found: str


def first_fault(file: Path) -> Fault | None:
    """The first thing in a comma-separated file that keeps it from being read."""
    line = 0
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.reader(text, strict=True)
            header = next(rows, [])
            for row in rows:
                if row and len(row) != len(header):
                    return _uneven(line + 2, len(header), len(row))
                line = rows.line_num - 1
    except UnicodeDecodeError:
        return Fault("（文件）", _SAVE_AS, "别的编码")
    except csv.Error as error:
        expected = ("成对的英文双引号", "paired double quotes")
        return Fault(f"文件第 {line + 2} 行起", expected, str(error))
    except OSError:
        return None
    return None


def repeated_column(file: Path) -> Fault | None:
    """A column that the header names twice: which one would count would be chance."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            header = [name.strip() for name in next(csv.reader(text), [])]
    except (OSError, UnicodeDecodeError, csv.Error):
        return None  # said when the file is read
    twice = next((name for n, name in enumerate(header) if name and name in header[:n]), None)
    if twice is None:
        return None
    expected = ("每栏的列名只出现一次", "each column named once")
    return Fault("文件第 1 行（表头）", expected, twice)


def _uneven(line: int, wanted: int, found: int) -> Fault:
    expected = (f"与表头一样 {wanted} 栏", f"{wanted} fields, as in the header")
    return Fault(f"文件第 {line} 行", expected, f"{found} 栏")
