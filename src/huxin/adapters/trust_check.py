"""Asks, before anything is published, what a door would say of it: the same client, in a state of its own."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from huxin.adapters import trust_repository
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_source import Bundle, role_and_version
from huxin.kernel.errors import RefusalError
from huxin.trust.federation.lint import findings
from huxin.trust.federation.repository import Repository, read_list

__all__ = ["accepted_keys", "refuse_faults", "refuse_unreadable"]

_FIRST_ROOT: Final = "metadata/1.root.json"


def accepted_keys(
    folder: Path, files: Mapping[str, bytes], after: Repository, *, now: datetime
) -> int:
    """Return how many keys a door has once `files` are published into `folder`, which makes the list `after`.

    Refuses as the client does: with what a door that begins anew, or one that held the list before, would refuse.
    """
    before = trust_repository.read_repository(folder)
    standing = {} if before is None else trust_repository.files_of(folder)
    refuse_faults(before, after, now=now)
    offered = {**standing, **files}
    with tempfile.TemporaryDirectory(prefix="huxin-") as empty:
        state, root = Path(empty) / "state", offered[_FIRST_ROOT]
        if standing:
            # As a door that follows: the list that stands may be too old to be taken, and then it begins anew.
            with contextlib.suppress(RefusalError):
                refresh(Bundle(standing), state, root=root, now=now)
        return refresh(Bundle(offered), state, root=root, now=now).keys


def refuse_faults(before: Repository | None, after: Repository, *, now: datetime) -> None:
    """Refuse with the gravest of what lint finds in a list that is to follow another."""
    held = None if before is None else read_list(before)
    for fault in findings(after, held=held, now=now):
        raise RefusalError(fault.code, fault.detail)


def refuse_unreadable(files: Mapping[str, bytes], *, now: datetime) -> None:
    """Refuse with what a door would say of these files that begins with the oldest root among them."""
    roots = [name for name in files if role_and_version(name)[0] == "root"]
    oldest = min(roots, key=lambda name: role_and_version(name)[1] or 0)
    with tempfile.TemporaryDirectory(prefix="huxin-") as empty:
        refresh(Bundle(files), Path(empty) / "state", root=files[oldest], now=now)
