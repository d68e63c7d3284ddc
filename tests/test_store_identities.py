"""Who may come in: accounts, visits, tokens and tries, kept for all processes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine.casework import CHINA
from engine.store import Database
from engine.store.identities import (
    LoginTaken,
    StoredAccount,
    add_account,
    begin_visit,
    end_visit,
    find_account,
    issue_token,
    list_tokens,
    note_use,
    revoke_token,
    set_password,
    token_of,
    visitor_of,
)
from engine.store.tables import metadata
from engine.store.tries import forget_tries, read_tries, take_turn, write_tries

AT = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
HOUR = timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path}/t.db")
    metadata.create_all(opened.engine)
    yield opened
    opened.close()


def test_an_account_is_kept_once(database: Database) -> None:
    account = StoredAccount("wang", "applicant", "scrypt:x", "王明", ("*",), "公民身份号码", "1")
    with database.write() as connection:
        add_account(connection, account, AT)
    with database.read() as connection:
        assert find_account(connection, "wang") == account
        assert find_account(connection, "nobody") is None
    with pytest.raises(LoginTaken, match="wang"), database.write() as connection:
        add_account(connection, account, AT)


def test_a_visit_ends_in_time_by_leaving_and_with_the_password(database: Database) -> None:
    with database.write() as connection:
        add_account(connection, StoredAccount("wang", "applicant", "scrypt:x"), AT)
        secrets = [begin_visit(connection, "wang", AT, AT + HOUR) for _ in range(3)]
        assert [visitor_of(connection, s, AT) for s in secrets] == ["wang"] * 3
        assert visitor_of(connection, secrets[0], AT + HOUR) is None
        assert visitor_of(connection, "made up", AT) is None
        end_visit(connection, secrets[0])
        assert [visitor_of(connection, s, AT) for s in secrets] == [None, "wang", "wang"]
        set_password(connection, "wang", "scrypt:y")
        assert [visitor_of(connection, s, AT) for s in secrets] == [None] * 3


def test_secrets_are_not_in_the_database(database: Database, tmp_path: Path) -> None:
    with database.write() as connection:
        visit = begin_visit(connection, "wang", AT, AT + HOUR)
        token = issue_token(connection, "wang", "数据中心", ("cases",), AT, AT + HOUR)
    database.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"wang" in kept
    assert visit.encode() not in kept
    assert token.encode() not in kept


def test_a_token_says_what_it_is_for_until_it_ends(database: Database) -> None:
    with database.write() as connection:
        secret = issue_token(connection, "wang", "数据中心", ("cases", "exchange"), AT, AT + HOUR)
        token = token_of(connection, secret, AT)
        assert token is not None
        assert (token.login, token.scopes, token.used_at) == ("wang", ("cases", "exchange"), None)
        note_use(connection, token, AT)
        assert list_tokens(connection, "wang")[0].used_at == AT
        for later, noted in ((HOUR / 120, AT), (HOUR / 60, AT + HOUR / 60)):  # to the minute
            used = token_of(connection, secret, AT)
            assert used is not None
            note_use(connection, used, AT + later)
            assert list_tokens(connection, "wang")[0].used_at == noted
        assert token_of(connection, secret, AT + HOUR) is None
        assert token_of(connection, secret + "x", AT) is None
        assert not revoke_token(connection, "another", token.digest)
        assert revoke_token(connection, "wang", token.digest)
        assert token_of(connection, secret, AT) is None


def test_turns_are_taken_in_a_window(database: Database) -> None:
    with database.write() as connection:
        waits = [take_turn(connection, "verify:1.2.3.4", AT, most=3, within=HOUR) for _ in range(5)]
        assert waits == [None, None, None, HOUR, HOUR]
        assert take_turn(connection, "verify:5.6.7.8", AT, most=3, within=HOUR) is None
        assert take_turn(connection, "verify:1.2.3.4", AT + HOUR, most=3, within=HOUR) is None
        assert read_tries(connection, "verify:1.2.3.4") == (1, AT + 2 * HOUR)
        write_tries(connection, "verify:1.2.3.4", 0, AT)
        assert read_tries(connection, "verify:1.2.3.4") == (0, None)
        forget_tries(connection, AT + 10 * HOUR)
        assert read_tries(connection, "verify:5.6.7.8") == (0, None)
