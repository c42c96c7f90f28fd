"""A node from its backup: into a new folder and an empty database, all of it or nothing.

    (1) the whole file is read once, so that a fault anywhere in it is told before anything is made
    (2) a folder beside the wished one gets the files, under another name
    (3) the tables are made; they must be empty, and look as they did where the backup was made
    (4) in one transaction the rows are written and counted, the audit trail is read from its first
        entry to its last, and an entry says that the node was restored
    (5) the folder gets its name

A fault leaves no folder and an empty database.  A trail that does not hold is no fault of the
restore: the node comes back as it was, and that is said.
"""

from __future__ import annotations

import base64
import json
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from huxin.adapters import clock, intake, node_files, output
from huxin.adapters.sealed_stream import Head, Reader
from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import rfc3339
from huxin.node.project import operate
from huxin.node.project.backup import Tell
from huxin.node.project.trouble import refusal, told

if TYPE_CHECKING:
    from huxin.node.base import audit

__all__ = ["Restored", "read_head", "restore"]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: the head of the backup, how many rows, and what the audit trail says."""

    head: Head
    rows: int
    trail: audit.Finding


def read_head(file: Path) -> Head:
    """Return what a backup says of itself to anybody; refuses with `backup`."""
    with _opened(file) as stream:
        return Reader(stream).head


@told()
def restore(file: Path, folder: Path, *, passphrase: str, tell: Tell) -> Restored:
    """Make the node in `folder` from the backup `file`.

    Refuses with `exists` (the folder), `passphrase`, `backup` (spoilt), `backup-version`,
    `not-empty` (the database), `database` (unusable) or `no-space`.
    """
    if folder.exists() or folder.is_symlink():
        raise RefusalError("exists", folder.name)
    with _opened(file) as stream:
        reader = Reader(stream)
        for _ in reader.pieces(passphrase):  # (1)
            pass
        part = folder.with_name(f".{folder.name}.{secrets.token_hex(6)}.part")
        try:
            part.mkdir(parents=True, mode=0o700)
            restored = _fill(part, reader.head, reader.pieces(passphrase), tell)
            note = {"at": rfc3339(reader.head.made_at), "file": file.name, "rows": restored.rows}
            _finish(part, note)
            part.rename(folder)  # (5)
        except OSError as error:
            raise output.refusal(error, folder.name) from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return restored


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise RefusalError("bad-input", f"{file.name}: {intake.reason(error)}") from error


def _fill(part: Path, head: Head, pieces: Iterator[bytes], tell: Tell) -> Restored:
    """Write files and rows, and read the trail."""
    from django.conf import settings
    from django.db import DataError, Error, IntegrityError, connection, transaction

    records = map(_record, pieces)
    try:
        record = _lay_files(part, records)
        operate.migrate(part)  # (3)
        _compare(record)
        with transaction.atomic():  # (4)
            rows = _insert(records, record["counts"], tell)
            return Restored(head, rows, _settle(rows))
    except (DataError, IntegrityError, ValueError, TypeError, KeyError) as error:
        raise RefusalError("backup", f"its rows do not fit: {type(error).__name__}") from error
    except Error as error:
        # Asked here: once the part folder is gone there is room again, and nobody would know why.
        raise refusal(error) from error
    finally:
        if settings.configured:  # else Django was not reached, and something else is told
            connection.close()  # SQLite then puts all it knows into its one file


def _lay_files(part: Path, records: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """Write the files (2); returns the record that comes after them, which is of the tables."""
    record = next(records, {})
    while record.get("kind") == "file":
        node_files.lay(part, record["name"], base64.b64decode(record["data"]))
        record = next(records, {})
    if record.get("kind") != "tables":
        raise RefusalError("backup", "its parts stand in another order")
    return record


def _record(piece: bytes) -> dict[str, Any]:
    return dict(json.loads(piece))


def _compare(record: dict[str, Any]) -> None:
    from huxin.node.project import tables

    ours, theirs = tables.schema(), record["schema"]
    other = sorted(name for name in ours | theirs if ours.get(name) != theirs.get(name))
    if other:
        raise RefusalError("backup-version", f"tables that differ: {', '.join(other)}")
    if any(tables.count(model) for model in tables.carried()):
        raise RefusalError("not-empty")


def _insert(records: Iterator[dict[str, Any]], counts: dict[str, int], tell: Tell) -> int:
    from django.db import connection

    from huxin.node.project import tables

    by_table = {model._meta.db_table: model for model in tables.carried()}
    total, done = sum(counts.values()), 0
    for record in records:
        tables.write(by_table[record["table"]], record["rows"])
        done += len(record["rows"])
        tell(done, total)
    found = {table: tables.count(model) for table, model in by_table.items()}
    if found != counts:
        raise RefusalError("backup", "other numbers of rows than it says")
    connection.check_constraints()
    return total


def _go_on_counting() -> None:
    """Have keys that are numbers go on after the restored ones (PostgreSQL counts apart)."""
    from django.core.management.color import no_style
    from django.db import connection

    from huxin.node.project import tables

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables.carried()):
            cursor.execute(statement)


def _settle(rows: int) -> audit.Finding:
    """Read the trail, write into it that the node was restored, and have events go on."""
    from huxin.node.base import audit, outbox
    from huxin.node.base.actor import NOBODY

    _go_on_counting()
    found = audit.verify()
    audit.record("restored-backup", by=NOBODY, now=clock.now(), detail={"rows": rows})
    outbox.deliver_outbox.enqueue()
    return found


def _finish(part: Path, note: dict[str, Any]) -> None:
    """Leave when the backup was made."""
    from huxin.node.base import condition

    output.replace(part / condition.LAST_BACKUP, json.dumps(note, ensure_ascii=False).encode())
