"""The files of a case: what was uploaded with it and what was issued in it, read by whoever may."""

from collections.abc import Iterator

from engine.hall.hall import Hall
from engine.store.attachments import Attachment, attachments_in, read_attachment, stream_content


def files_of_case(hall: Hall, case_id: str) -> tuple[Attachment, ...]:
    """The files of a case, in the order they came."""
    with hall.database.read() as connection:
        return attachments_in(connection, case=case_id)


def open_file(hall: Hall, case_id: str, attachment_id: str) -> tuple[Attachment, Iterator[bytes]]:
    """One file of a case and its bytes in pieces. Raises KeyError for a file of any other case, and
    ContentDamaged before the last piece where the bytes are not those that were kept."""
    with hall.database.read() as connection:
        found = read_attachment(connection, attachment_id)
    if found.case != case_id:
        raise KeyError(attachment_id)
    return found, _pieces(hall, found)


def _pieces(hall: Hall, attachment: Attachment) -> Iterator[bytes]:
    with hall.database.read() as connection:
        yield from stream_content(connection, attachment.digest)
