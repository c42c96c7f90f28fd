from pathlib import Path

import pytest

from huxin.kernel.errors import RefusalError
from huxin.node.project.database import database


def test_sqlite_unless_something_else_is_named():
    found = database(None, Path("node.sqlite3"))
    assert found["NAME"] == "node.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_by_its_address():
    found = database("postgresql://me:p%40ss@db.example.org:5433/huxin?sslmode=require", Path("x"))
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("huxin", "me", "p@ss")
    assert (found["HOST"], found["PORT"]) == ("db.example.org", "5433")
    assert found["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    "url",
    [
        "mysql://me:secret@x/y",
        "postgresql://me:secret@db:port/huxin",
        "postgresql://me:secret@db:5432",
        "postgresql://[me:secret@db/huxin",
        "secret",
    ],
    ids=["another kind", "no port", "no name", "no address", "no address at all"],
)
def test_what_is_no_address_of_ours_is_refused_without_its_password(url):
    with pytest.raises(RefusalError) as refused:
        database(url, Path("x"))
    assert refused.value.refusal.code == "database"
    assert "secret" not in refused.value.refusal.detail
