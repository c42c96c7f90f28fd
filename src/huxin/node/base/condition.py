"""How the node is: one list of findings for the operator's page, `huxin node doctor` and no one else.

Each finding says what was looked at, whether it is fine, what was found and what to do.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from huxin.adapters import key_file, trust_file, trust_state
from huxin.kernel.errors import HuxinError, RefusalError, UnusableKeyError
from huxin.kernel.identifiers import kid_text
from huxin.node.base import audit, audit_check, clearing, jobs, outbox
from huxin.node.base.models import Person
from huxin.packs.reader import Words
from huxin.trust.anchors import Anchor

__all__ = [
    "LAST_BACKUP",
    "Finding",
    "KeyEnd",
    "add",
    "examine",
    "key_ends",
    "names",
    "secrets_fit",
]

LAST_BACKUP: Final = "last-backup.json"

State = Literal["fine", "look", "mend"]
_STATES: Final[dict[str, State]] = {"fresh": "fine", "stale": "look", "refused": "mend"}
_SOON: Final = timedelta(days=60)
_VERY_SOON: Final = timedelta(days=14)
_CHECK_AGE: Final = timedelta(days=31)
_BACKUP_AGE: Final = timedelta(days=2)
_FREE_BYTES: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    about: Words
    state: State
    found: Words
    todo: Words | None = None


@dataclass(frozen=True, slots=True)
class KeyEnd:
    """A key of the calendar: whose it is, and when it is no longer believed."""

    region: str
    kid: str
    ends: datetime | None
    own: bool


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
        _keys,
        _trust,
        _list,
        _trail,
        _events,
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
            found.append(
                _finding(look.__doc__ or "", "mend", f"看不了：{kind}", f"cannot look: {kind}")
            )
    return found


def _finding(about: str, state: State, zh: str, en: str, todo: Words | None = None) -> Finding:
    head_zh, _, head_en = about.partition("|")
    return Finding(Words(head_zh.strip(), head_en.strip()), state, Words(zh, en), todo)


def _database(_: datetime) -> Iterator[Finding]:
    """数据库 | Database"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(
        connection.vendor, connection.vendor
    )
    yield _finding(_database.__doc__ or "", "fine", f"{name}，能读写", f"{name}, answers")


def _tables(_: datetime) -> Iterator[Finding]:
    """数据表 | Tables"""
    executor = MigrationExecutor(connection)
    behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    todo = Words("运行 huxin node migrate", "run huxin node migrate")
    if behind:
        yield _finding(_tables.__doc__ or "", "mend", "不是最新", "not up to date", todo)
    else:
        yield _finding(_tables.__doc__ or "", "fine", "是最新的", "up to date")


def _secrets(_: datetime) -> Iterator[Finding]:
    """节点的秘密 | The node's secrets"""
    path = settings.HUXIN.path / "secrets.json"
    if path.exists() and path.stat().st_mode & 0o077:
        todo = Words("chmod 600 secrets.json", "chmod 600 secrets.json")
        yield _finding(_secrets.__doc__ or "", "mend", "别人也能读", "others can read them", todo)
    else:
        yield _finding(
            _secrets.__doc__ or "", "fine", "只有本节点能读", "readable by the node only"
        )
    if not secrets_fit():
        todo = Words("放回这个数据库的 secrets.json", "put back the secrets.json of this database")
        yield _finding(
            _secrets.__doc__ or "",
            "mend",
            "打不开封存的内容",
            "they open nothing that is sealed",
            todo,
        )


def secrets_fit() -> bool:
    """Tell whether the node's secrets open what is sealed in its database; an empty one fits any."""
    try:
        Person.objects.order_by("-id").first()
    except UnusableKeyError:
        return False
    return True


def _keys(now: datetime) -> Iterator[Finding]:
    """签名密钥 | Signing key"""
    about = _keys.__doc__ or ""
    own = [one for one in key_ends() if one.own]
    if not own:
        todo = Words("运行 huxin keys new", "run huxin keys new")
        yield _finding(about, "mend", "没有密钥", "no key", todo)
    for key in own:
        yield _ends(about, key, now)


def _ends(about: str, key: KeyEnd, now: datetime) -> Finding:
    assert key.ends is not None  # every key of ours ends
    left = (key.ends - now).days
    day = key.ends.date().isoformat()
    zh, en = f"{day} 到期，还有 {left} 天", f"ends on {day}, {left} days left"
    if key.ends - now > _SOON:
        return _finding(about, "fine", zh, en)
    todo = Words("做新密钥，把信任条目发给各方", "make a new key and hand out its trust entry")
    return _finding(about, "mend" if key.ends - now < _VERY_SOON else "look", zh, en, todo)


def _trust(now: datetime) -> Iterator[Finding]:
    """信任清单 | Trust list"""
    about = _trust.__doc__ or ""
    others = [one for one in key_ends() if not one.own]
    over = [one for one in others if one.ends is not None and one.ends < now]
    zh = f"{len(others)} 把密钥，{len(over)} 把已过期"
    en = f"{len(others)} keys, {len(over)} of them over"
    todo = Words("请索取新的信任文件", "ask for a new trust file")
    yield _finding(about, "look" if over else "fine", zh, en, todo if over else None)


def _list(now: datetime) -> Iterator[Finding]:
    """共签的清单 | Shared list"""
    held = trust_state.read_held(settings.HUXIN.federation)
    if held is None:
        return
    age = trust_state.age_of(held, now=now)
    state = _STATES[age.decision]
    hours = age.age // timedelta(hours=1)
    todo = Words(
        "看 node.toml 的 follows，再看那里为什么没有新的",
        "see follows in node.toml, and why there is no newer one",
    )
    zh, en = f"{hours} 小时前签的", f"signed {hours} h ago"
    yield _finding(_list.__doc__ or "", state, zh, en, None if state == "fine" else todo)


def _trail(_: datetime) -> Iterator[Finding]:
    """审计记录 | Audit trail"""
    about = _trail.__doc__ or ""
    result = audit.verify()
    if result.fault:
        yield _broken(about, result.number, result.fault)
    else:
        zh = f"{result.sealed} 条已封存，{result.waiting} 条待封"
        en = f"{result.sealed} sealed, {result.waiting} waiting"
        yield _finding(about, "fine", zh, en)


def _broken(about: str, number: int | None, fault: str) -> Finding:
    todo = Words(
        "停用本机，保全数据，通知审计员", "stop, keep the data as they are, call the auditor"
    )
    zh = f"第 {number} 条起对不上（{fault}）"
    en = f"does not hold from entry {number} on ({fault})"
    return _finding(about, "mend", zh, en, todo)


def _last_check(now: datetime) -> Iterator[Finding]:
    """审计记录 | Audit trail"""
    about = _last_check.__doc__ or ""
    found = audit_check.last()
    todo = Words("按下面的“核对审计记录”", "press “Check the audit trail” below")
    if found is None:
        yield _finding(about, "look", "还没有核对过", "never checked", todo)
        return
    day = found.asked_at.astimezone(settings.HUXIN.time_zone).strftime("%Y-%m-%d %H:%M")
    if found.finished_at is None:
        zh = f"{day} 起在核对：{found.number} / {found.total} 条"
        yield _finding(
            about, "fine", zh, f"being read since {day}: {found.number} of {found.total}"
        )
    elif found.fault:
        yield _broken(about, found.number, found.fault)
    else:
        old = now - found.asked_at > _CHECK_AGE
        zh, en = f"{day} 核对过，{found.number} 条完整", f"held on {day}: {found.number} entries"
        yield _finding(about, "look" if old else "fine", zh, en, todo if old else None)


def _events(now: datetime) -> Iterator[Finding]:
    """后台任务 | Jobs"""
    about = _events.__doc__ or ""
    late, behind = outbox.overdue(now=now), jobs.overview()
    zh = f"{behind.events_waiting} 个事件、{behind.jobs_waiting} 个任务在等"
    en = f"waiting: {behind.events_waiting} events, {behind.jobs_waiting} jobs"
    if late:
        todo = Words("看 huxin node work 是否在运行", "see whether huxin node work is running")
        zh, en = f"{zh}，{late} 个事件迟迟未送达", f"{en}; too long: {late} events"
        yield _finding(about, "mend", zh, en, todo)
        return
    failed = behind.events_failed + behind.jobs_failed
    if failed:
        todo = Words(
            "在运维页按“全部再试一次”", "press “Try all of them again” on the operator's page"
        )
        yield _finding(about, "look", f"{zh}，{failed} 项没做成", f"{en}; failed: {failed}", todo)
    else:
        yield _finding(about, "fine", zh, en)


def _clearing(now: datetime) -> Iterator[Finding]:
    """定期清理 | Clearing"""
    about = _clearing.__doc__ or ""
    over = clearing.overdue(now=now)
    if over:
        todo = Words("看 huxin node work 是否在运行", "see whether huxin node work is running")
        zh, en = f"{over} 行早该清掉", f"{over} rows should have been cleared"
        yield _finding(about, "look", zh, en, todo)
    else:
        yield _finding(about, "fine", "没有过期还留着的", "nothing is kept past its time")


def _disk(_: datetime) -> Iterator[Finding]:
    """磁盘 | Disk"""
    free = shutil.disk_usage(settings.HUXIN.path).free
    text = f"{free / 1e9:.1f} GB"
    state: State = "fine" if free > _FREE_BYTES else "mend"
    todo = None if state == "fine" else Words("清出空间", "make room")
    yield _finding(_disk.__doc__ or "", state, f"还有 {text}", f"{text} free", todo)


def _backup(now: datetime) -> Iterator[Finding]:
    """备份 | Backup"""
    about = _backup.__doc__ or ""
    todo = Words("运行 huxin node backup", "run huxin node backup")
    try:
        made = datetime.fromisoformat(
            json.loads((settings.HUXIN.path / LAST_BACKUP).read_text("utf-8"))["at"]
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        yield _finding(about, "look", "还没有备份过", "never made", todo)
        return
    day = made.astimezone(settings.HUXIN.time_zone).strftime("%Y-%m-%d %H:%M")
    late = now - made > _BACKUP_AGE
    yield _finding(
        about, "look" if late else "fine", f"上次 {day}", f"last {day}", todo if late else None
    )


def key_ends() -> list[KeyEnd]:
    """Return the calendar of keys, soonest end first: the node's own, and those it believes."""
    own = [
        KeyEnd(described.region, kid_text(described.kid), described.valid_until, own=True)
        for described in (
            key_file.read(one).description for one in settings.HUXIN.keys.glob("*.key")
        )
    ]
    known = {one.kid for one in own}
    believed: dict[str, KeyEnd] = {}
    for anchor in _believed():
        kid = kid_text(anchor.kid)
        if kid not in known:
            believed[kid] = KeyEnd(anchor.region or "?", kid, anchor.valid_until, own=False)
    far = datetime.max.replace(tzinfo=settings.HUXIN.time_zone)
    return sorted([*own, *believed.values()], key=lambda one: one.ends or far)


def names() -> Mapping[str, Words]:
    """Return what other regions call themselves, by code: in the shared list, else as we were told."""
    with contextlib.suppress(RefusalError):
        return {**settings.HUXIN.regions, **trust_state.read_names(settings.HUXIN.federation)}
    return dict(settings.HUXIN.regions)


def _believed() -> Iterator[Anchor]:
    """Yield the keys of the trust file and of the shared list; one that cannot be read has none."""
    with contextlib.suppress(RefusalError):
        yield from trust_file.read(settings.HUXIN.trust).anchors
    with contextlib.suppress(RefusalError):
        held = trust_state.read_held(settings.HUXIN.federation)
        found = held.trust_list().keys if held is not None else {}
        for region, keys in found.items():
            yield from (key.anchor(region, keys.environment) for key in keys.keys)
