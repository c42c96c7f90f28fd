"""A node is backed up, wiped and restored: on SQLite, on PostgreSQL, and from one to the other."""

import json
import os
import shutil
import stat
import uuid
from urllib.parse import urlsplit

import pytest
from django.apps import apps

from huxin.adapters import sealed_stream
from huxin.kernel.errors import RefusalError
from huxin.node.project import restore as project
from huxin.node.project import tables
from tests.lib.node_folders import make_node
from tests.lib.node_shell import huxin, program

SECRET = "words for a safe box"
URL = os.environ.get("DATABASE_URL")
FILL = """
from huxin.node.base import accounts, audit, drafts
from huxin.node.base.actor import NOBODY
from huxin.node.base.permissions import Role
from huxin.node.trust.models import SessionSheet, SheetRow
from allauth.mfa.models import Authenticator
from tests.lib.node_world import World
world = World()
clerk, password = accounts.create(
    "clerk-one", [Role.CLERK], shown="林远", place=world.centre, by=NOBODY, now=world.now)
child, mother = world.person(), world.person("林秋", birth="1990")
world.guardian(child, mother)
first = world.card(child, by=clerk)
second = world.card(child, by=clerk)
second.replaces = first
second.save()
world.wish(child, by=clerk)
drafts.keep(clerk.id, "/desk/x", {"name": "林"}, now=world.now)
sheet = SessionSheet.objects.create(organisation=world.centre, title="接种日", pack="school-entry",
    shared={"batch": "B-7", "n": 1.5}, opened_by=clerk.id, opened_at=world.now)
SheetRow.objects.create(sheet=sheet, position=1, person=child, cells={"name": "林㑇"}, card=second)
Authenticator.objects.create(user=clerk, type="totp", data={"secret": "JBSWY3DP"})
while audit.seal(limit=3): pass
audit.record("seen", by=NOBODY, now=world.now)
print(password)
"""
# Every row as the program sees it, sealed fields opened.
READ = """
import json
from huxin.node.project import tables
def row(one): return {f.attname: tables_plain(getattr(one, f.attname)) for f in one._meta.concrete_fields}
def tables_plain(value):
    return value if value is None or isinstance(value, (str, int, float, bool, dict, list)) else tables.plain(value)
found = {m._meta.label: [row(one) for one in m._base_manager.order_by("pk")] for m in tables.carried()}
print(json.dumps(found))
"""
LATER = ("made-backup", "restored-backup")


def rows(folder, database=None):
    found = json.loads(program(folder, READ, database))
    trail = found["base.AuditEntry"]
    found["base.AuditEntry"] = [one for one in trail if one["action"] not in LATER]
    return found


@pytest.fixture
def empty_database():
    """Makes databases on the server that DATABASE_URL names, and drops them again."""
    psycopg = pytest.importorskip("psycopg")
    made = []
    with psycopg.connect(URL, autocommit=True) as server:

        def make():
            made.append(f"huxin_{uuid.uuid4().hex[:12]}")
            server.execute(f"CREATE DATABASE {made[-1]}")
            return urlsplit(str(URL))._replace(path=f"/{made[-1]}").geturl()

        yield make
        for name in made:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("backup")
    (folder / "backup.pass").write_text(SECRET + "\n")
    (folder / "backup.pass").chmod(0o600)
    (folder / "wrong.pass").write_text("other words for it\n")
    (folder / "wrong.pass").chmod(0o600)
    return folder


@pytest.fixture(scope="module")
def node(place):
    """A node with something to lose, and its clerk's password."""
    folder = place / "reed-isles"
    make_node(folder)
    assert huxin("node", "migrate", folder).returncode == 0
    return folder, program(folder, FILL).strip()


@pytest.fixture(scope="module")
def made(place, node):
    """Its backup, and all rows as they were."""
    before = rows(node[0])
    file = place / "reed-isles.backup"
    run = back_up(place, node[0], file)
    assert run.returncode == 0, run.stderr
    return file, before


def back_up(place, folder, file, database=None):
    secret = place / "backup.pass"
    return huxin(
        "node", "backup", folder, "--to", file, "--passphrase-file", secret, database=database
    )


def restore(place, file, folder, database=None, secret="backup.pass"):
    return huxin(
        "node", "restore", file, folder, "--passphrase-file", place / secret, database=database
    )


def refused(file, folder, secret=SECRET):
    """The code with which a backup is refused before the program starts the node."""
    with pytest.raises(RefusalError) as error:
        project.restore(file, folder, passphrase=secret, tell=lambda done, total: None)
    return error.value.refusal.code


def test_backup_wipe_restore_and_everything_is_there(place, node, made):
    folder, password = node
    kept = {one.name: one.read_bytes() for one in (folder / "keys").iterdir()}
    shutil.rmtree(folder)
    run = restore(place, made[0], folder)
    assert run.returncode == 0, run.stderr
    assert "审计记录完整" in run.stdout
    after = rows(folder)
    assert len(after["trust.Card"]) == 2
    assert len(after["mfa.Authenticator"]) == 1
    assert after == made[1]
    assert {one.name: one.read_bytes() for one in (folder / "keys").iterdir()} == kept
    assert stat.S_IMODE((folder / "secrets.json").stat().st_mode) == 0o600
    told = program(
        folder,
        f"""
from django.test import Client
from huxin.node.trust.models import Card
client = Client()
print(client.post("/accounts/login/", {{"login": "clerk-one", "password": {password!r}}}).headers["Location"])
from huxin.node.base.models import User
client = Client()
client.force_login(User.objects.get())
card = Card.objects.exclude(replaces=None).get()
print(client.get(f"/cards/{{card.id}}/print").status_code)
""",
    )
    assert told.split() == ["/accounts/2fa/authenticate/", "200"]
    assert "✓ 备份 Backup" in huxin("node", "doctor", folder).stdout
    assert huxin("node", "work", folder, "--once").returncode == 0
    assert huxin("node", "audit", folder).returncode == 0


def test_the_file_is_its_owners_and_tells_no_secret(made):
    file, _ = made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    data = file.read_bytes()
    line, _, sealed = data.partition(b"\n")
    assert set(json.loads(line)) == {
        "huxin", "version", "region", "environment", "made_at", "program", "salt", "key",
    }  # fmt: skip
    for secret in (b"clerk-one", b"secrets.json", b"base_person", "河埠头".encode()):
        assert secret not in sealed


def test_nothing_sealed_is_opened_on_the_way(made):
    file, _ = made
    with file.open("rb") as stream:
        plain = b"".join(sealed_stream.Reader(stream).pieces(SECRET))
    assert b"base_person" in plain
    for name in ("林㑇", "林远"):
        assert name.encode() not in plain


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: data[:-1], "backup"),
        (lambda data: data[: len(data) // 2], "backup"),
        (lambda data: data + b"x", "backup"),
        (lambda data: data[:-60] + bytes([data[-60] ^ 1]) + data[-59:], "backup"),
        (lambda data: data.replace(b'"region":"QW"', b'"region":"QV"', 1), "passphrase"),
        (lambda data: data.replace(b'"version":1', b'"version":2', 1), "backup-version"),
        (lambda data: b"", "backup"),
        (lambda data: b"PK\x03\x04 something else", "backup"),
    ],
    ids=[
        "end-missing",
        "half",
        "more",
        "bit-flipped",
        "head-changed",
        "other-version",
        "empty",
        "no-backup",
    ],
)
def test_a_spoilt_file_is_refused_and_nothing_is_made(made, tmp_path, change, code):
    file = tmp_path / "spoilt.backup"
    file.write_bytes(change(made[0].read_bytes()))
    assert refused(file, tmp_path / "node") == code
    assert [one.name for one in tmp_path.iterdir()] == ["spoilt.backup"]


def test_a_wrong_passphrase_is_refused(place, made, tmp_path):
    run = restore(place, made[0], tmp_path / "node", secret="wrong.pass")
    assert "[passphrase]" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(place, node, made):
    assert "[exists]" in back_up(place, node[0], made[0]).stderr
    assert refused(made[0], place) == "exists"


def test_a_short_passphrase_is_refused_in_earnest(place, made, tmp_path):
    folder, secret = tmp_path / "node", tmp_path / "short.pass"
    make_node(folder, environment="production")
    secret.write_text("short")
    secret.chmod(0o600)
    to = tmp_path / "x"
    run = huxin("node", "backup", folder, "--to", to, "--passphrase-file", secret)
    assert "[bad-input]" in run.stderr
    assert not to.exists()


def rewritten(file, to, change):
    """The same backup with other content, sealed by whoever knows the passphrase."""
    with file.open("rb") as stream:
        reader = sealed_stream.Reader(stream)
        pieces = [change(json.loads(piece)) for piece in reader.pieces(SECRET)]
    with to.open("wb") as stream:
        lines = [json.dumps(one).encode() for one in pieces if one]
        sealed_stream.write(stream, reader.head, SECRET, lines)
    return to


def other_tables(record):
    record.get("schema", {}).update(base_novelty=["id UUIDField"])
    return record


def a_row_less(record):
    return {} if record.get("table") == "base_grant" else record


def a_person_less(record):
    """The count is right, the person of the cards is not there."""
    if record["kind"] == "tables":
        record["counts"]["base_person"] = 0
    return {} if record.get("table") == "base_person" else record


def a_strange_file(record):
    return record | {"name": "../../escape"} if record.get("name") == "node.toml" else record


def without_tables(record):
    return {} if record["kind"] == "tables" else record


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (other_tables, "backup-version"),
        (a_row_less, "backup"),
        (a_person_less, "backup"),
    ],
)
def test_content_that_does_not_fit_is_refused_as_a_whole(place, made, tmp_path, change, code):
    file = rewritten(made[0], tmp_path / "other.backup", change)
    run = restore(place, file, tmp_path / "below" / "node")
    assert run.returncode == 1
    assert f"[{code}]" in run.stderr, run.stderr
    assert list((tmp_path / "below").iterdir()) == []


@pytest.mark.parametrize("change", [a_strange_file, without_tables])
def test_content_in_another_order_or_form_is_refused(made, tmp_path, change):
    file = rewritten(made[0], tmp_path / "other.backup", change)
    assert refused(file, tmp_path / "below" / "node") == "backup"
    assert list((tmp_path / "below").iterdir()) == []
    assert not (tmp_path / "escape").exists()


def test_a_trail_that_does_not_hold_is_said_and_restored_as_it_was(place, made, tmp_path):
    def change(record):
        if record.get("table") == "base_auditentry":
            record["rows"][0][4] = "else"
        return record

    file = rewritten(made[0], tmp_path / "other.backup", change)
    run = restore(place, file, tmp_path / "node")
    assert run.returncode == 1
    assert "第 1 条起对不上" in run.stdout
    assert (tmp_path / "node" / "node.toml").exists()


def test_every_table_is_carried_or_left_behind_on_purpose():
    named = {model._meta.label_lower for model in tables.carried()} | tables.LEFT_BEHIND
    assert named == {model._meta.label_lower for model in apps.get_models()}


def test_no_carried_row_needs_one_that_is_left_behind():
    carried = set(tables.carried())
    for model in carried:
        for field in model._meta.concrete_fields:
            if field.is_relation:
                assert field.related_model in carried, f"{model._meta.label}.{field.name}"


def from_sqlite_to_postgresql_and_back(place, made, tmp_path, empty_database):
    database = empty_database()
    first, second = tmp_path / "first", tmp_path / "second"
    run = restore(place, made[0], first, database)
    assert run.returncode == 0, run.stderr
    assert rows(first, database) == made[1]
    again = restore(place, made[0], second, database)
    assert "[not-empty]" in again.stderr
    assert not second.exists()
    # Keys that are numbers go on after the restored ones.
    program(first, "from tests.lib.node_world import World; World().person('新')", database)
    assert back_up(place, first, tmp_path / "pg.backup", database).returncode == 0
    assert restore(place, tmp_path / "pg.backup", second).returncode == 0
    assert rows(second) == rows(first, database)


if URL:  # make test-all runs these tests once more with a server; a skip would be a failure there
    test_from_sqlite_to_postgresql_and_back = from_sqlite_to_postgresql_and_back
