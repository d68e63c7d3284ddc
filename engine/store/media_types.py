"""What a file is, by its bytes: its name and what the browser says of it count for nothing.

Accepted are papers and pictures of papers. Whatever a reader or a browser could run is refused,
also where it hides in a file that is something else as well.
"""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from engine.diagnostics import TongbanError

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
OFD = "application/ofd"  # GB/T 33190-2016
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TXT = "text/plain"
EXTENSIONS = {
    PDF: "pdf",
    JPEG: "jpg",
    PNG: "png",
    OFD: "ofd",
    DOCX: "docx",
    XLSX: "xlsx",
    TXT: "txt",
}
ACCEPTED = "PDF、OFD、JPG、PNG、DOCX、XLSX、TXT"

_MAX_ENTRIES = 5_000  # of a package
_MAX_UNPACKED = 500_000_000  # bytes
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ZIP_START, _ZIP_END = b"PK\x03\x04", b"PK\x05\x06"
_ZIP_TAIL = 65_557  # its end lies within so many bytes of the file's
_MARKUP = re.compile(rb"<\s*(script|html|svg|iframe|!doctype|\?php|\?xml-stylesheet)", re.I)
# Names of a PDF that begin so, of which any character may be written as #xx (ISO 32000-1, 7.3.5).
_ESCAPED_NAME = re.compile(rb"/(?:J|L|#4[AaCc])[#0-9A-Za-z]{5,40}")
_ACTIVE = frozenset({b"/JavaScript", b"/Launch"})
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


class UploadRefused(TongbanError):
    """A file that is not kept; `reason` is a stable code, the rest says why and what to do."""

    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.reason, self.zh, self.en = reason, zh, en


@dataclass(frozen=True, slots=True)
class _Refused:
    """How files that are known, and not taken, begin."""

    starts: tuple[bytes, ...]
    reason: str
    zh: str
    en: str


_KNOWN_REFUSED = (
    _Refused(
        (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"#!"),
        "executable",
        "这是可执行的程序，不能上传",
        "this is a program; it cannot be uploaded",
    ),
    _Refused(
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
        "old-office",
        "这是旧版 DOC、XLS 或 WPS 文件，请另存为 DOCX、XLSX 或 PDF 后上传",
        "an old DOC or XLS file: save it as DOCX, XLSX or PDF first",
    ),
    _Refused(
        (b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF"),
        "other-picture",
        "不接收这种图片，请另存为 JPG 或 PNG 后上传",
        "this kind of picture is not taken: save it as JPG or PNG first",
    ),
    _Refused(
        (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"),
        "archive",
        "不接收压缩包，请解压后逐个上传",
        "archives are not taken: upload the files in it one by one",
    ),
)


def sniff_media_type(content: bytes) -> str:
    """One of the accepted media types. Raises UploadRefused."""
    if not content:
        raise UploadRefused("empty", "文件是空的，请重新选择", "the file is empty")
    for start, check in _CHECKS:
        if content.startswith(start):
            return check(content)
    for known in _KNOWN_REFUSED:
        if content.startswith(known.starts):
            raise UploadRefused(known.reason, known.zh, known.en)
    if content[4:8] == b"ftyp":
        raise UploadRefused(
            "other-picture",
            "不接收 HEIC 图片和视频，请在手机相机设置中选“兼容性最佳”，或另存为 JPG 后上传",
            "HEIC pictures and videos are not taken: save the picture as JPG first",
        )
    return _text(content)


def _pdf(content: bytes) -> str:
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise _damaged("PDF")
    if len(content) - end > 1_024 or _has_zip(content):
        raise _two_in_one("PDF")
    if any(_unescaped(name[0]) in _ACTIVE for name in _ESCAPED_NAME.finditer(content)):
        raise UploadRefused(
            "active-pdf",
            "PDF 中含有脚本或启动程序的动作，请用“打印为 PDF”另存后上传",
            "the PDF holds scripts or starts programs: print it to a new PDF first",
        )
    return PDF


def _unescaped(name: bytes) -> bytes:
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), name)


def _jpeg(content: bytes) -> str:
    if b"\xff\xd9" not in content:
        raise _damaged("JPG")
    _refuse_hidden(content, "JPG")
    return JPEG


def _png(content: bytes) -> str:
    place = len(_PNG_SIGNATURE)
    kind = b""
    while kind != b"IEND":
        kind = content[place + 4 : place + 8]
        place += 12 + int.from_bytes(content[place : place + 4], "big")
        if place > len(content) or len(kind) < 4:
            raise _damaged("PNG")
    if place != len(content):
        raise _two_in_one("PNG")
    _refuse_hidden(content, "PNG")
    return PNG


def _package(content: bytes) -> str:
    """A ZIP file that is an office document or an OFD, and nothing else."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            names = {entry.filename for entry in entries}
            _refuse_unsafe(entries, content)
            if "OFD.xml" in names:
                return OFD
            if "[Content_Types].xml" in names and "word/document.xml" in names:
                return DOCX
            if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
                return XLSX
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise _damaged("OFD/DOCX/XLSX") from error
    raise UploadRefused(
        "archive",
        "不接收压缩包，请解压后逐个上传",
        "archives are not taken: upload the files in it one by one",
    )


def _refuse_unsafe(entries: list[zipfile.ZipInfo], content: bytes) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > _MAX_ENTRIES or unpacked > _MAX_UNPACKED:
        raise UploadRefused(
            "too-large-unpacked",
            "文件展开后过大，不能上传",
            "the file is too large when unpacked",
        )
    if min((entry.header_offset for entry in entries), default=0) != 0:
        raise _two_in_one("ZIP")
    if _trailing(content):
        raise _two_in_one("ZIP")
    for entry in entries:
        if entry.flag_bits & 1:
            raise UploadRefused(
                "encrypted", "文件设有密码，请去掉密码后上传", "the file is locked by a password"
            )
        if entry.filename.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")):
            raise UploadRefused(
                "macros",
                "文件中含有宏或程序，请另存为不含宏的文件或 PDF 后上传",
                "the file holds macros or programs: save it without them, or as PDF",
            )


def _trailing(content: bytes) -> bool:
    """Whether something follows the end of a ZIP file."""
    end = content.rfind(_ZIP_END)
    comment = int.from_bytes(content[end + 20 : end + 22], "little")
    return end + 22 + comment != len(content)


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROLS.search(text):
            continue
        if text.lstrip().startswith("<") or _MARKUP.search(content):
            raise UploadRefused(
                "markup",
                "不接收网页、SVG 或脚本，请另存为 PDF 或图片后上传",
                "web pages, SVG and scripts are not taken: save as PDF or a picture",
            )
        return TXT
    raise UploadRefused(
        "unknown-kind",
        f"不认识这种文件；可上传 {ACCEPTED}",
        "this kind of file is not known; taken are PDF, OFD, JPG, PNG, DOCX, XLSX, TXT",
    )


def _refuse_hidden(content: bytes, kind: str) -> None:
    """Refuses a picture that is a web page or an archive as well."""
    if _has_zip(content) or _MARKUP.search(content[:4_096]) or _MARKUP.search(content[-4_096:]):
        raise _two_in_one(kind)


def _has_zip(content: bytes) -> bool:
    """Whether an unpacking program would find an archive in it."""
    tail = content[-_ZIP_TAIL:]
    end = tail.rfind(_ZIP_END)
    if end < 0 or len(tail) - end < 22:
        return False
    comment = int.from_bytes(tail[end + 20 : end + 22], "little")
    return end + 22 + comment <= len(tail) and _ZIP_START in content


def _damaged(kind: str) -> UploadRefused:
    return UploadRefused(
        "damaged",
        f"{kind} 文件不完整或已损坏，请重新导出后上传",
        f"the {kind} file is damaged or cut short: export it again",
    )


def _two_in_one(kind: str) -> UploadRefused:
    return UploadRefused(
        "two-in-one",
        f"{kind} 文件中还夹带其他内容，请重新导出后上传",
        f"something else hides in the {kind} file: export it again",
    )


_CHECKS: tuple[tuple[bytes, Callable[[bytes], str]], ...] = (
    (b"%PDF-", _pdf),
    (b"\xff\xd8\xff", _jpeg),
    (_PNG_SIGNATURE, _png),
    (_ZIP_START, _package),
)
