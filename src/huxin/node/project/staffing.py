"""Accounts and organisations from the command line of the node's own computer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from huxin.adapters import clock
from huxin.kernel.errors import RefusalError
from huxin.node.project import operate
from huxin.node.project.trouble import told

__all__ = ["add_account", "add_organisation"]


@told()
def add_organisation(folder: Path, zh: str, en: str, hours: str) -> None:
    """Add an organisation; refuses with `missing` or `exists`."""
    operate.start(folder)
    from huxin.node.base import accounts
    from huxin.node.base.actor import NOBODY

    accounts.add_organisation(zh, en, hours=hours, by=NOBODY, now=clock.now())


@told()
def add_account(
    folder: Path, username: str, roles: Sequence[str], *, place: str, shown: str
) -> str:
    """Make a staff account and return its first password.

    Refuses with `missing` (no such organisation), `bad-input` or `exists`.
    """
    operate.start(folder)
    from huxin.node.base import accounts
    from huxin.node.base.actor import NOBODY
    from huxin.node.base.permissions import Role

    found = [one for one in accounts.organisations() if place in (one.name_zh, one.name_en)]
    if not found:
        raise RefusalError("missing", f"no organisation {place}")
    wanted = [Role(role) for role in roles]
    _, password = accounts.create(
        username, wanted, shown=shown or username, place=found[0], by=NOBODY, now=clock.now()
    )
    return password
