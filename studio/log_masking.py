"""Logs without people's numbers: whatever is logged, by whom ever, is masked before it is written."""

import logging
import re
import traceback

from werkzeug.serving import WSGIRequestHandler

_CITIZEN = re.compile(r"(?<![0-9A-Za-z])([1-9][0-9]{5})[0-9]{8}([0-9]{3}[0-9Xx])(?![0-9A-Za-z])")
_TELEPHONE = re.compile(r"(?<![0-9])(1[3-9][0-9])[0-9]{4}([0-9]{4})(?![0-9])")


class _MaskedRecord(logging.LogRecord):
    """A record whose message, and whose exception as text, hold no whole number of a person."""

    def getMessage(self) -> str:
        if self.exc_info and self.exc_info[0] is not None and not self.exc_text:
            self.exc_text = mask_line("".join(traceback.format_exception(*self.exc_info))).rstrip()
        return mask_line(super().getMessage())


def keep_numbers_out() -> None:
    """From now on, in this process."""
    logging.setLogRecordFactory(_MaskedRecord)


def mask_line(text: str) -> str:
    """`text` with the middle of citizen and mobile telephone numbers starred out."""
    return _TELEPHONE.sub(r"\1****\2", _CITIZEN.sub(r"\1********\2", text))


def mask_login(name: str) -> str:
    """Enough of a login to find it again; people type numbers and passwords in its place."""
    return f"{name[:2]}…（{len(name)}）" if name else ""


class PathOnlyHandler(WSGIRequestHandler):
    """Logs requests without what was asked for: searches hold names."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        self.requestline = re.sub(r"\?\S*", "?…", self.requestline)
        self.path = self.path.partition("?")[0]
        super().log_request(code, size)
