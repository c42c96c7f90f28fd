"""What stands in the way of an operator's command is said with a code; nothing is half written, nothing crashes."""

import json
import os
import random
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError
from django.db.backends.sqlite3.base import DatabaseWrapper

from huxin.adapters import output, sealed_stream
from huxin.kernel.errors import RefusalError
from huxin.node.project.trouble import told
from tests.lib import uncovered
from tests.lib.node_folders import make_node
from tests.lib.node_shell import LEFT_OUT, ROOT, huxin, program

SECRET = "words for a safe box"
# Nobody listens at the first port; the password must not be seen again.
NOBODY = "postgresql://me:pssst@127.0.0.1:1/huxin"
URL = os.environ.get("DATABASE_URL")
# Enough for a backup that is larger than what SQLite writes when it opens a database.
FILL = """
from tests.lib.node_world import World
world = World()
for n in range(300): world.person(f"林{n}")
"""
ROOM = 40_000


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trouble")
    (folder / "backup.pass").write_text(SECRET)
    (folder / "backup.pass").chmod(0o600)
    return folder


@pytest.fixture(scope="module")
def kept(place):
    """A node with a person in it, and its backup; each test takes a copy of the node."""
    folder, file = place / "kept", place / "kept.backup"
    make_node(folder)
    assert huxin("node", "migrate", folder).returncode == 0
    program(folder, FILL)
    run = back_up(place, folder, file)
    assert run.returncode == 0, run.stderr
    return folder, file


@pytest.fixture
def node(kept, tmp_path):
    return shutil.copytree(kept[0], tmp_path / "node")


def back_up(place, folder, to, **more):
    return huxin(
        "node", "backup", folder, "--to", to, "--passphrase-file", place / "backup.pass", **more
    )


def restore(place, file, folder, **more):
    return huxin(
        "node", "restore", file, folder, "--passphrase-file", place / "backup.pass", **more
    )


def said(run, code):
    """A refusal with this code, its exit status, and no word of a library."""
    assert run.returncode == 1, run.stdout + run.stderr
    assert f"[{code}]" in run.stderr
    for trace in ("Traceback", 'File "', "django.db", "psycopg."):
        assert trace not in run.stderr + run.stdout
    return run.stderr


def names(folder):
    return sorted(one.name for one in folder.iterdir())


@pytest.mark.needs("python:psycopg")
def test_a_database_that_cannot_be_used_is_told_and_no_file_is_left(place, kept, tmp_path):
    before = names(tmp_path)
    made = back_up(place, kept[0], tmp_path / "x", database=NOBODY)
    assert "pssst" not in said(made, "database")
    run = restore(place, kept[1], tmp_path / "y", database=NOBODY)
    assert "pssst" not in said(run, "database")
    assert names(tmp_path) == before


@pytest.mark.parametrize(
    "words",
    [
        ("migrate",),
        ("work", "--once"),
        ("account", "clerk-one", "--role", "clerk", "--organisation", "门诊"),
    ],
    ids=lambda words: words[0],
)
@pytest.mark.needs("python:psycopg")
def test_every_command_tells_it(node, words):
    command, *more = words
    said(huxin("node", command, node, *more, database=NOBODY), "database")


@pytest.mark.needs("python:psycopg")
def test_the_doctor_looks_at_the_rest_all_the_same(node):
    run = huxin("node", "doctor", node, database=NOBODY)
    assert run.returncode == 1
    assert "✕ 数据库 Database" in run.stdout
    assert "✓ 签名密钥 Signing key" in run.stdout
    assert "Traceback" not in run.stderr


def test_a_node_without_tables_gives_no_backup_and_gets_no_empty_file(place, tmp_path):
    folder = tmp_path / "node"
    make_node(folder)
    before = names(folder)
    assert "huxin node migrate" in said(back_up(place, folder, tmp_path / "x"), "database")
    said(huxin("node", "doctor", folder), "database")
    (folder / "node.sqlite3").touch()
    said(back_up(place, folder, tmp_path / "x"), "database")
    assert not (tmp_path / "x").exists()
    assert [one for one in names(folder) if one not in before] == ["node.sqlite3"]


@pytest.mark.parametrize("damage", ["head", "middle"])
def test_a_damaged_database_gives_no_backup(place, node, tmp_path, damage):
    file = node / "node.sqlite3"
    data = bytearray(file.read_bytes())
    at = 0 if damage == "head" else len(data) // 4
    size = 4096 if damage == "head" else len(data) // 2
    data[at : at + size] = random.Random(7).randbytes(size)
    file.write_bytes(bytes(data))
    said(back_up(place, node, tmp_path / "x"), "database")
    assert names(tmp_path) == ["node"]


def test_secrets_of_another_node_make_no_backup_that_nobody_can_use(place, node, tmp_path):
    secrets = json.loads((node / "secrets.json").read_text())
    secrets["fields"] = secrets["tokens"][::-1].strip("=")[:43] + "="
    (node / "secrets.json").write_text(json.dumps(secrets))
    told_ = said(back_up(place, node, tmp_path / "x"), "database")
    assert "secrets.json does not open what is sealed" in told_
    assert names(tmp_path) == ["node"]
    assert "打不开封存的内容" in huxin("node", "doctor", node).stdout


def small_disk(words, most=ROOM):
    """Type a command where no file may grow past a few bytes: the system itself says no."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    # The limit would stop the writing of coverage too, and that of coverage is not what is looked at.
    around = uncovered.surroundings().items()
    environment = {name: value for name, value in around if name not in LEFT_OUT}
    return subprocess.run(
        [sys.executable, "-c", "from huxin.cli.main import main; main()", *map(str, words)],
        capture_output=True, text=True, check=False, env=environment, cwd=ROOT, preexec_fn=limit,
    )  # fmt: skip


def test_without_room_for_the_backup_no_half_of_it_is_left(place, node, tmp_path):
    assert (place / "kept.backup").stat().st_size > 1.5 * ROOM
    secret = place / "backup.pass"
    words = ("node", "backup", node, "--to", tmp_path / "x", "--passphrase-file", secret)
    assert "cannot be written" in said(small_disk(words), "no-space")
    assert names(tmp_path) == ["node"]


def test_without_room_for_the_node_no_half_of_it_is_left(place, kept, tmp_path):
    secret = place / "backup.pass"
    words = ("node", "restore", kept[1], tmp_path / "y", "--passphrase-file", secret)
    said(small_disk(words), "database")  # SQLite says that it cannot write
    assert names(tmp_path) == []


def test_without_room_for_its_first_file_the_true_reason_is_told(place, kept, tmp_path):
    secret = place / "backup.pass"
    words = ("node", "restore", kept[1], tmp_path / "y", "--passphrase-file", secret)
    said(small_disk(words, most=100), "no-space")
    assert names(tmp_path) == []


@pytest.mark.parametrize(("free", "code"), [(4_096, "no-space"), (10**10, "database")])
def test_what_sqlite_calls_an_error_of_the_disk_is_a_full_disk_where_it_is_full(
    monkeypatch, free, code
):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    with pytest.raises(RefusalError) as disk, told():
        raise OperationalError("disk I/O error")
    assert disk.value.refusal.code == code
    with pytest.raises(RefusalError) as other, told():
        raise OperationalError("no such table: x")
    assert other.value.refusal.code == "database"


def test_a_backup_that_the_node_cannot_note_is_whole_all_the_same(place, node, tmp_path):
    (node / "last-backup.json").unlink()
    (node / "last-backup.json").mkdir()
    run = back_up(place, node, tmp_path / "x")
    assert run.returncode == 0, run.stderr
    assert "备份是完整的" in run.stderr
    assert restore(place, tmp_path / "x", tmp_path / "y").returncode == 0


def test_a_full_database_and_a_full_disk_have_a_code_of_their_own(db, tmp_path):
    connection = DatabaseWrapper(
        {
            "ENGINE": "", "NAME": str(tmp_path / "x"), "OPTIONS": {}, "TIME_ZONE": None,
            "CONN_HEALTH_CHECKS": False, "CONN_MAX_AGE": 0, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False,
        }
    )  # fmt: skip
    with pytest.raises(RefusalError) as full:
        _fill(connection)
    connection.close()
    assert full.value.refusal.code == "no-space"
    with pytest.raises(RefusalError) as disk, told():
        Path("/dev/full").write_bytes(b"x")
    assert disk.value.refusal.code == "no-space"
    with pytest.raises(RefusalError) as new, output.new_file(tmp_path / "y"):
        Path("/dev/full").write_bytes(b"x")
    assert new.value.refusal.code == "no-space"
    assert names(tmp_path) == ["x"]


def _fill(connection):
    with told(), connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count=2")
        cursor.execute("CREATE TABLE big (data)")
        cursor.execute("INSERT INTO big VALUES (zeroblob(100000))")


def test_no_byte_of_a_backup_can_be_changed_unseen(kept):
    data = kept[1].read_bytes()
    # Each costs a slow hash of the passphrase; Hypothesis would ask for thousands.
    for at in (*random.Random(11).sample(range(len(data)), 6), 2, 200):
        changed = data[:at] + bytes([data[at] ^ 0x21]) + data[at + 1 :]
        assert code_of(changed) in ("backup", "passphrase", "backup-version"), at
    for end in (1, len(data) // 2, len(data) - 1):
        assert code_of(data[:end]) == "backup"


def code_of(data):
    """The code with which a changed backup is refused, wherever that is noticed."""
    from io import BytesIO

    with pytest.raises(RefusalError) as error:
        list(sealed_stream.Reader(BytesIO(data)).pieces(SECRET))
    return error.value.refusal.code


def another_database_of_the_server(place, node, tmp_path):
    wrong = urlsplit(str(URL))._replace(path="/nobody_made_this").geturl()
    said(back_up(place, node, tmp_path / "x", database=wrong), "database")
    said(restore(place, place / "kept.backup", tmp_path / "y", database=wrong), "database")
    # A database that holds something else: no table of ours is there.
    said(back_up(place, node, tmp_path / "x", database=URL), "database")
    assert names(tmp_path) == ["node"]


if URL:  # make test-all runs these tests once more with a server; a skip would be a failure there
    test_another_database_of_the_server = another_database_of_the_server
