"""Drafts: saved over the version that was seen, shown to nobody else, purged when they are old."""

from datetime import timedelta

import pytest

from engine.store import (
    Database,
    DraftConflict,
    begin_draft,
    discard_draft,
    drafts_of,
    purge_drafts,
    read_draft,
    save_draft,
)
from stored_cases import AT


def test_a_draft_is_resumed_where_it_was_left(database: Database) -> None:
    with database.write() as connection:
        draft = begin_draft(connection, "王明", "theme", "open_restaurant", {"a": [None]}, at=AT)
    with database.write() as connection:
        saved = save_draft(
            connection,
            draft.id,
            "王明",
            {"a": "半\ud800"},
            step="2",
            version=1,
            at=AT + timedelta(1),
        )
    with database.read() as connection:
        assert read_draft(connection, draft.id, "王明") == saved
        assert (saved.answers, saved.step, saved.version) == ({"a": "半\ud800"}, "2", 2)
        assert drafts_of(connection, "王明") == (saved,)


def test_two_windows_do_not_save_over_one_another(database: Database) -> None:
    with database.write() as connection:
        draft = begin_draft(connection, "王明", "matter", "m", {}, at=AT)
        save_draft(connection, draft.id, "王明", {"by": 1}, step="", version=1, at=AT)
        with pytest.raises(DraftConflict, match="刷新"):
            save_draft(connection, draft.id, "王明", {"by": 2}, step="", version=1, at=AT)
        assert read_draft(connection, draft.id, "王明").answers == {"by": 1}


def test_nobody_elses_draft_is_there(database: Database) -> None:
    with database.write() as connection:
        draft = begin_draft(connection, "王明", "matter", "m", {}, at=AT)
        assert drafts_of(connection, "李四") == ()
        with pytest.raises(KeyError):
            read_draft(connection, draft.id, "李四")
        with pytest.raises(KeyError):
            save_draft(connection, draft.id, "李四", {}, step="", version=1, at=AT)
        with pytest.raises(KeyError):
            discard_draft(connection, draft.id, "李四")
        discard_draft(connection, draft.id, "王明")
        with pytest.raises(KeyError):
            read_draft(connection, draft.id, "王明")


def test_old_drafts_are_purged_and_others_stay(database: Database) -> None:
    with database.write() as connection:
        for days in range(5):
            begin_draft(connection, "王明", "matter", f"m{days}", {}, at=AT - timedelta(days))
        assert purge_drafts(connection, AT - timedelta(2)) == 2
        assert [draft.subject for draft in drafts_of(connection, "王明")] == ["m0", "m1", "m2"]
