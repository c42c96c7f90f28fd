"""Backup of a node into one sealed file: its folder and its database, as they were at one instant.

    1. the files of the folder, the head of the audit trail among them, before the rows: a trail
       that grows meanwhile is longer than its head says, which is no fault;
    2. the rows, read in one snapshot, while the node goes on working;
    3. how many rows each table had.

The same file restores on SQLite and on PostgreSQL (see `restore`).  Responsible for what is in it and
in which order; leaves the seal to `adapters.sealed_stream`, the rows to `tables`.

- nothing sealed is opened on the way, but for one value at the start: secrets that do not open it would
  make a backup that nobody can use;
- the file appears whole or not at all, readable by its owner only.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from huxin.adapters import clock, key_file, node_files, node_folder, output, sealed_stream
from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import rfc3339
from huxin.node.project import operate
from huxin.node.project.trouble import told

__all__ = ["Made", "Tell", "make"]

Tell = Callable[[int, int], None]
"""Is told how many rows are done, and of how many."""

_MAX_CHUNK: Final = 500_000  # letters; a frame is sealed in memory


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds; `noted` unless the node could not write down that it was made."""

    rows: int
    files: int
    noted: bool = True


@told()
def make(folder: Path, to: Path, *, passphrase: str, tell: Tell) -> Made:
    """Write the backup `to`; refuses with `exists`, or `bad-input` for a passphrase too short.

    Refuses with `database` or `no-space` what stands in the way; then there is no file.
    """
    node = node_folder.read(folder)
    environment = "production" if node.environment == "production" else "test"
    key_file.check_passphrase(passphrase, environment)
    operate.start(folder)
    _check_secrets()
    now = clock.now()
    head = sealed_stream.Head(node.region, node.environment, now, version("huxin"))
    run = _Run(folder, tell)
    with output.new_file(to, private=True) as stream:
        sealed_stream.write(stream, head, passphrase, run.pieces())
    try:
        with told():
            _note(folder, to.name, run.made, now)
    except RefusalError:
        return replace(run.made, noted=False)  # the backup is whole all the same
    return run.made


def _check_secrets() -> None:
    from huxin.node.base import condition

    if not condition.secrets_fit():
        raise RefusalError("database", "secrets.json does not open what is sealed in it")


class _Run:
    """One backup under way."""

    def __init__(self, folder: Path, tell: Tell) -> None:
        self._folder = folder
        self._tell = tell
        self.made = Made(0, 0)

    def pieces(self) -> Iterator[bytes]:
        from huxin.node.project import tables

        files = list(node_files.collect(self._folder))
        for name, data in files:
            yield _json({"kind": "file", "name": name, "data": tables.plain(data)})
        with _snapshot():
            counts = {one._meta.db_table: tables.count(one) for one in tables.carried()}
            total, done = sum(counts.values()), 0
            yield _json({"kind": "tables", "schema": tables.schema(), "counts": counts})
            for model in tables.carried():
                for chunk, size in _chunks(tables.rows(model)):
                    yield b'{"kind":"rows","table":"%s","rows":[%s]}' % (
                        model._meta.db_table.encode("ascii"),
                        chunk,
                    )
                    done += size
                    self._tell(done, total)
        if done != total:
            raise RefusalError("bad-input", "the database changed within one snapshot")
        self.made = Made(total, len(files))


@contextlib.contextmanager
def _snapshot() -> Iterator[None]:
    """See one instant of the database, whatever is written meanwhile; write nothing."""
    from django.db import connection, transaction

    if connection.vendor == "sqlite":
        # Not `atomic`: that would take the write lock, and every page would wait for the backup.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _chunks(found: Iterator[tuple[Any, ...]]) -> Iterator[tuple[bytes, int]]:
    """Yield rows as JSON, several at a time, with how many they are."""
    lines: list[bytes] = []
    letters = 0
    for row in found:
        lines.append(_json(row))
        letters += len(lines[-1])
        if letters > _MAX_CHUNK:
            yield b",".join(lines), len(lines)
            lines, letters = [], 0
    if lines:
        yield b",".join(lines), len(lines)


def _json(value: Any) -> bytes:
    from huxin.node.project import tables

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=tables.plain)
    return text.encode("utf-8")


def _note(folder: Path, name: str, made: Made, now: datetime) -> None:
    """Leave when it was, for the operator's page and `doctor`, and an entry in the trail."""
    from huxin.node.base import audit, condition
    from huxin.node.base.actor import NOBODY

    record = {"at": rfc3339(now), "file": name, "rows": made.rows}
    output.replace(folder / condition.LAST_BACKUP, json.dumps(record, ensure_ascii=False).encode())
    audit.record("made-backup", by=NOBODY, now=now, detail={"rows": made.rows})
