from sqlite_utils import utils

from kb.sqlite import sqlite3


def test_migrations_and_our_own_statements_use_one_driver() -> None:
    assert sqlite3 is utils.sqlite3
