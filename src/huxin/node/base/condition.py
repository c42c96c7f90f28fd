"""How the node is: one list of findings for the operator's page, `huxin node doctor` and no one else.

Each finding says what was looked at, whether it is fine, what was found and what to do.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from huxin.kernel.errors import HuxinError, UnusableKeyError
from huxin.node.base import audit, audit_check, clearing, jobs, key_condition, outbox, recurring
from huxin.node.base.finding import Finding, State, finding
from huxin.node.base.models import Person
from huxin.packs.reader import Words

__all__ = ["LAST_BACKUP", "Finding", "add", "examine", "secrets_fit"]

LAST_BACKUP: Final = "last-backup.json"

_CHECK_AGE: Final = timedelta(days=31)
_BACKUP_AGE: Final = timedelta(days=2)
_FREE_BYTES: Final = 1_000_000_000


_of_parts: Final[list[Callable[[datetime], Iterator[Finding]]]] = []


def add(look: Callable[[datetime], Iterator[Finding]]) -> None:
    """Have another part be looked at too; called once, at start.  Its docstring is what is looked at, 中文 | English."""
    if look not in _of_parts:
        _of_parts.append(look)


def examine(*, now: datetime, trail: bool = True) -> list[Finding]:
    """Look at everything; what cannot be looked at is a finding too.

    Without `trail` the audit trail is not read, which takes the longer the older a node is; what was found
    the last time is told instead.
    """
    found: list[Finding] = []
    for look in (
        _database,
        _tables,
        _secrets,
        key_condition.keys,
        key_condition.trust,
        key_condition.shared,
        _trail,
        _events,
        _turns,
        _clearing,
        *_of_parts,
        _disk,
        _backup,
    ):
        if look is _trail and not trail:
            look = _last_check  # noqa: PLW2901  # the same question, answered from memory
        try:
            found.extend(look(now))
        except (DatabaseError, OSError, HuxinError) as error:
            kind = type(error).__name__
            found.append(finding(look.__doc__, "mend", f"看不了：{kind}", f"cannot look: {kind}"))
    return found


def _database(_: datetime) -> Iterator[Finding]:
    """数据库 | Database"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(
        connection.vendor, connection.vendor
    )
    yield finding(_database.__doc__, "fine", f"{name}，能读写", f"{name}, answers")


def _tables(_: datetime) -> Iterator[Finding]:
    """数据表 | Tables"""
    executor = MigrationExecutor(connection)
    behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    todo = Words("运行 huxin node migrate", "run huxin node migrate")
    if behind:
        yield finding(_tables.__doc__, "mend", "不是最新", "not up to date", todo)
    else:
        yield finding(_tables.__doc__, "fine", "是最新的", "up to date")


def _secrets(_: datetime) -> Iterator[Finding]:
    """节点的秘密 | The node's secrets"""
    about, folder = _secrets.__doc__, settings.HUXIN.path
    # Whoever reads the database has the sessions that live in it, and with them what their people may.
    loose = [
        name for name in ("secrets.json", *_database_files(folder)) if _others_read(folder / name)
    ]
    if loose:
        text = f"chmod 700 {folder}; chmod 600 {' '.join(str(folder / name) for name in loose)}"
        names = ", ".join(loose)
        yield finding(
            about, "mend", f"别人也能读：{names}", f"others can read: {names}", Words(text, text)
        )
    else:
        yield finding(about, "fine", "只有本节点能读", "readable by the node only")
    if not secrets_fit():
        todo = Words("放回这个数据库的 secrets.json", "put back the secrets.json of this database")
        yield finding(about, "mend", "打不开封存的内容", "they open nothing that is sealed", todo)


def _database_files(folder: Path) -> list[str]:
    """Return the files of SQLite: the database, and what it writes beside it."""
    return sorted(one.name for one in folder.glob(f"{settings.HUXIN.database.name}*"))


def _others_read(file: Path) -> bool:
    return file.exists() and bool(file.stat().st_mode & 0o077)


def secrets_fit() -> bool:
    """Tell whether the node's secrets open what is sealed in its database; an empty one fits any."""
    try:
        Person.objects.order_by("-id").first()
    except UnusableKeyError:
        return False
    return True


def _trail(_: datetime) -> Iterator[Finding]:
    """审计记录 | Audit trail"""
    about = _trail.__doc__
    result = audit.verify()
    if result.fault:
        yield _broken(about, result.number, result.fault)
    else:
        zh = f"{result.sealed} 条已封存，{result.waiting} 条待封"
        en = f"{result.sealed} sealed, {result.waiting} waiting"
        yield finding(about, "fine", zh, en)


def _broken(about: str | None, number: int | None, fault: str) -> Finding:
    todo = Words(
        "停用本机，保全数据，通知审计员", "stop, keep the data as they are, call the auditor"
    )
    zh = f"第 {number} 条起对不上（{fault}）"
    en = f"does not hold from entry {number} on ({fault})"
    return finding(about, "mend", zh, en, todo)


def _last_check(now: datetime) -> Iterator[Finding]:
    """审计记录 | Audit trail"""
    about = _last_check.__doc__
    found = audit_check.last()
    todo = Words("按下面的“核对审计记录”", "press “Check the audit trail” below")
    if found is None:
        yield finding(about, "look", "还没有核对过", "never checked", todo)
        return
    day = found.asked_at.astimezone(settings.HUXIN.time_zone).strftime("%Y-%m-%d %H:%M")
    if found.finished_at is None:
        zh = f"{day} 起在核对：{found.number} / {found.total} 条"
        yield finding(about, "fine", zh, f"being read since {day}: {found.number} of {found.total}")
    elif found.fault:
        yield _broken(about, found.number, found.fault)
    else:
        old = now - found.asked_at > _CHECK_AGE
        zh, en = f"{day} 核对过，{found.number} 条完整", f"held on {day}: {found.number} entries"
        yield finding(about, "look" if old else "fine", zh, en, todo if old else None)


def _events(now: datetime) -> Iterator[Finding]:
    """后台任务 | Jobs"""
    about, behind = _events.__doc__, jobs.overview()
    late, untried = outbox.overdue(now=now), outbox.untried(now=now)
    failed = behind.events_failed + behind.jobs_failed
    zh = f"{behind.events_waiting} 个事件、{behind.jobs_waiting} 个任务在等"
    en = f"waiting: {behind.events_waiting} events, {behind.jobs_waiting} jobs"
    if not (untried or failed):
        yield finding(about, "fine", zh, en)
    if untried:
        todo = Words("看 huxin node work 是否在运行", "see whether huxin node work is running")
        told = f"{zh}，{untried} 个事件迟迟未送达", f"{en}; too long: {untried} events"
        yield finding(about, "mend", *told, todo)
    if failed:
        todo = Words(
            "在运维页按“全部再试一次”", "press “Try all of them again” on the operator's page"
        )
        state: State = "mend" if late > untried else "look"
        yield finding(about, state, f"{zh}，{failed} 项没做成", f"{en}; failed: {failed}", todo)


def _turns(_: datetime) -> Iterator[Finding]:
    """重复的任务 | Jobs that come again"""
    far = recurring.far_off()
    if far:
        todo = Words(
            "看时钟准不准；huxin node work 几分钟内改好",
            "see whether the clock is right; huxin node work then mends it within minutes",
        )
        zh, en = f"{far} 个排到了很久以后：时钟走快过", f"{far} of them far off: a clock was ahead"
        yield finding(_turns.__doc__, "look", zh, en, todo)


def _clearing(now: datetime) -> Iterator[Finding]:
    """定期清理 | Clearing"""
    about = _clearing.__doc__
    over = clearing.overdue(now=now)
    if over:
        todo = Words("看 huxin node work 是否在运行", "see whether huxin node work is running")
        zh, en = f"{over} 行早该清掉", f"{over} rows should have been cleared"
        yield finding(about, "look", zh, en, todo)
    else:
        yield finding(about, "fine", "没有过期还留着的", "nothing is kept past its time")


def _disk(_: datetime) -> Iterator[Finding]:
    """磁盘 | Disk"""
    free = shutil.disk_usage(settings.HUXIN.path).free
    text = f"{free / 1e9:.1f} GB"
    state: State = "fine" if free > _FREE_BYTES else "mend"
    todo = None if state == "fine" else Words("清出空间", "make room")
    yield finding(_disk.__doc__, state, f"还有 {text}", f"{text} free", todo)


def _backup(now: datetime) -> Iterator[Finding]:
    """备份 | Backup"""
    about = _backup.__doc__
    todo = Words("运行 huxin node backup", "run huxin node backup")
    try:
        made = datetime.fromisoformat(
            json.loads((settings.HUXIN.path / LAST_BACKUP).read_text("utf-8"))["at"]
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        yield finding(about, "look", "还没有备份过", "never made", todo)
        return
    day = made.astimezone(settings.HUXIN.time_zone).strftime("%Y-%m-%d %H:%M")
    late = now - made > _BACKUP_AGE
    yield finding(
        about, "look" if late else "fine", f"上次 {day}", f"last {day}", todo if late else None
    )
