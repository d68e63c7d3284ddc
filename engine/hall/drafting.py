"""Applications begun and not handed in, with their uploads: seen by their owner only."""

from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any, BinaryIO, cast

from engine.casework import Case, Command
from engine.hall.hall import Hall
from engine.store.attachments import (
    Attachment,
    attachments_in,
    drop_attachment,
    hand_in_attachments,
    keep_attachment,
    read_attachment,
    read_upload,
    stream_content,
)
from engine.store.drafts import (
    Draft,
    DraftKind,
    begin_draft,
    discard_draft,
    drafts_of,
    read_draft,
    save_draft,
)


class Drafts:
    """The drafts of a hall. Whoever is not the owner is told that there is none: KeyError."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._database = hall.database

    def begin(
        self, owner: str, kind: DraftKind, subject: str, answers: Mapping[str, Any], at: datetime
    ) -> Draft:
        """A new draft for the matter or theme `subject`."""
        with self._database.write() as connection:
            return begin_draft(connection, owner, kind, subject, answers, at=at)

    def save(
        self, draft: Draft, answers: Mapping[str, Any], *, step: str, version: int, at: datetime
    ) -> Draft:
        """Saves over `version`. Raises DraftConflict when it was saved elsewhere meanwhile."""
        with self._database.write() as connection:
            return save_draft(
                connection, draft.id, draft.owner, answers, step=step, version=version, at=at
            )

    def find(self, draft_id: str, owner: str) -> Draft:
        with self._database.read() as connection:
            return read_draft(connection, draft_id, owner)

    def of(self, owner: str) -> tuple[Draft, ...]:
        """The last saved first."""
        with self._database.read() as connection:
            return drafts_of(connection, owner)

    def discard(self, draft_id: str, owner: str) -> None:
        """Deletes it with its uploads."""
        with self._database.write() as connection:
            discard_draft(connection, draft_id, owner)

    def attach(self, draft: Draft, stream: IO[bytes], name: str, at: datetime) -> Attachment:
        """Keeps one upload with the draft. Raises UploadRefused."""
        content = read_upload(cast(BinaryIO, stream))
        with self._database.write() as connection:
            return keep_attachment(
                connection, content, name, owner=draft.owner, at=at, draft=draft.id
            )

    def detach(self, draft: Draft, attachment_id: str) -> None:
        """Takes one upload out again; one that is not of this draft is left alone."""
        with self._database.write() as connection:
            if read_attachment(connection, attachment_id).draft == draft.id:
                drop_attachment(connection, attachment_id)

    def uploads(self, draft: Draft) -> tuple[Attachment, ...]:
        with self._database.read() as connection:
            return attachments_in(connection, draft=draft.id)

    def content(self, draft: Draft, attachment_id: str) -> tuple[Attachment, bytes]:
        """One upload of the draft with its bytes. Raises ContentDamaged."""
        with self._database.read() as connection:
            found = read_attachment(connection, attachment_id)
            if found.draft != draft.id:
                raise KeyError(attachment_id)
            return found, b"".join(stream_content(connection, found.digest))

    def submit(self, draft: Draft, application: Mapping[str, Any], command: Command) -> Case:
        """Makes a case of the draft, with its uploads. Done again, it ends what was begun.

        The draft goes last: a process that dies in between leaves it to be submitted again, which
        by the command's key finds the same case. Raises what `Hall.submit` raises.
        """
        case = self._hall.submit(draft.subject, application, command)
        self._hand_over(draft, case)
        return case

    def supply(self, draft: Draft, case_id: str, command: Command) -> Case:
        """Hands a correction in with its uploads. Done again, it ends what was begun.

        Raises what `Hall.perform` raises.
        """
        case = self._hall.perform(case_id, command)
        self._hand_over(draft, case)
        return case

    def _hand_over(self, draft: Draft, case: Case) -> None:
        with self._database.write() as connection:
            hand_in_attachments(connection, draft.id, case.id)
            discard_draft(connection, draft.id, draft.owner)
