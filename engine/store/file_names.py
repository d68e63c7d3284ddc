"""Names of uploaded files, made harmless: for showing and for saving, never for opening."""

import re
import unicodedata

from engine.store.media_types import EXTENSIONS

MAX_CHARACTERS = 100
_RESERVED = re.compile(r'[<>:"|?*]')
# Names that Windows keeps for devices, with any extension.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_ALIASES = {"jpeg": "jpg", "jpe": "jpg", "text": "txt"}


def clean_file_name(name: str, media_type: str) -> str:
    """The name without folders, invisible and reserved characters, ending as its bytes ask.

    At most 100 characters; never empty.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in _INVISIBLE)
    stem = _RESERVED.sub("_", " ".join(seen.split())).strip(". ")
    extension = EXTENSIONS[media_type]
    if "." in stem:
        head, tail = stem.rsplit(".", 1)
        if _ALIASES.get(tail.lower(), tail.lower()) == extension:
            stem = head.strip(". ")
    if not stem or _DEVICES.match(stem):
        stem = f"附件{stem}"
    return f"{stem[: MAX_CHARACTERS - len(extension) - 1].strip('. ')}.{extension}"
