"""The shared list as this node holds it, and its files as it hands them to others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django_tasks_db.models import DBTaskResult

from huxin.adapters import intake, trust_state
from huxin.adapters.trust_bundle import is_name
from huxin.adapters.trust_state import Held
from huxin.kernel.errors import RefusalError
from huxin.trust.federation.charter import Charter, Suspension
from huxin.trust.federation.freshness import Freshness
from huxin.trust.federation.glance import (
    KeyRow,
    RegionRow,
    RoleRow,
    keys_of,
    regions_of,
    roles_of,
)
from huxin.trust.federation.layout import MOST_TARGET
from huxin.trust.federation.notices import Notice, all_notices
from huxin.trust.federation.policy import LocalPolicy
from huxin.trust.federation.repository import Repository, TrustList

__all__ = ["Glance", "LastTry", "file_of", "glance", "last_try", "notices"]

FOLLOW_JOB: Final = "huxin.node.trust.jobs.follow_list"
_TIMESTAMP: Final = "metadata/timestamp.json"


@dataclass(frozen=True, slots=True)
class Glance:
    """What is shown of the list.  `suspended` are those that hold now, each with when it lapses, or `None`.

    `policy` is what this node decides for itself, if anything.
    """

    charter: Charter
    freshness: Freshness
    signed_at: datetime
    regions: tuple[RegionRow, ...]
    roles: tuple[RoleRow, ...]
    keys: tuple[KeyRow, ...]
    suspended: tuple[tuple[Suspension, datetime | None], ...]
    root: str
    policy: LocalPolicy | None


@dataclass(frozen=True, slots=True)
class LastTry:
    """When this node last asked the place that it follows, and what came of it: `taken`, `same`, or a refusal's code."""

    at: datetime
    answer: str


def last_try() -> LastTry | None:
    """Return what the job that follows a place did last, `None` before its first time."""
    done = DBTaskResult.objects.successful().filter(task_path=FOLLOW_JOB)
    row = done.order_by("-finished_at").first()
    return None if row is None else LastTry(row.finished_at, str(row.return_value))


def glance(now: datetime) -> Glance | None:
    """Return the list that this node holds, `None` where it holds none.

    Refuses with `trust-file` or `trust-threshold` a spoilt list or policy.
    """
    found = _held()
    if found is None:
        return None
    held, repository, whole = found
    policy = held.policy()
    confirmed = frozenset(whole.charter.confirmed)
    return Glance(
        whole.charter,
        trust_state.age_of(held, now=now, policy=policy),
        whole.signed_at,
        regions_of(whole),
        roles_of(repository, now=now),
        keys_of(whole, now=now),
        tuple(
            (one, None if one.mark() in confirmed else one.lapses())
            for one in whole.suspensions
            if one.mark() in confirmed or now < one.lapses()
        ),
        held.memory.pinned,
        policy,
    )


def notices() -> tuple[tuple[tuple[str, Notice], ...], tuple[str, ...]]:
    """Return (who says it, notice) of all regions, the newest first, and whose cannot be read.

    Refuses with `trust-file` a spoilt list.
    """
    found = _held()
    if found is None:
        return (), ()
    _, repository, whole = found
    return all_notices(repository.targets, [one.region for one in whole.members])


def _held() -> tuple[Held, Repository, TrustList] | None:
    """Return what this node holds; unpacked once, until another list is taken: these pages are open to anybody."""
    path = settings.HUXIN.federation / trust_state.ACCEPTED
    return _unpacked(path.parent, path.stat().st_mtime_ns) if path.exists() else None


@lru_cache(maxsize=1)
def _unpacked(state: Path, _changed: int) -> tuple[Held, Repository, TrustList] | None:
    held = trust_state.read_held(state)
    return None if held is None else (held, held.repository(), held.trust_list())


def file_of(name: str) -> tuple[bytes, Mapping[str, str]] | None:
    """Return a file of the repository that this node hands out, with how long it may be kept; `None` if there is none."""
    path = settings.HUXIN.repository / name
    if not is_name(name) or not path.is_file():
        return None
    try:
        data = intake.read(path, limit=MOST_TARGET)
    except RefusalError:
        return None
    # Every other file has its version or its digest in its name, and never changes.
    kept = "no-cache" if name == _TIMESTAMP else "public, max-age=31536000, immutable"
    return data, {"Cache-Control": kept}
