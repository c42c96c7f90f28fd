"""Does a list go back behind the one that was held?  Beyond TUF's own comparison, which new witnesses' keys end.

TUF 1.0 (5.3.11) lets a client forget its timestamp and snapshot once their keys change, and with them what versions
all other roles had: an office that goes on from an old backup and then expels a member would take every role back.
Here a role restarts only with keys that are all its own new ones.
"""

from __future__ import annotations

from typing import Final

from huxin.trust.federation.authority import mandates
from huxin.trust.federation.repository import Repository

__all__ = ["gone_back"]

# Whoever stole their keys may have pushed their versions so high that no honest one could follow; that a list is not
# signed before the held one is asked of them instead.
_WITNESSES: Final = frozenset({"snapshot", "timestamp"})


def gone_back(held: Repository, found: Repository) -> tuple[str, ...]:
    """Return the roles with an older version than held, though a key of those who knew it is still theirs."""
    before, after = (_keyids(one) for one in (held, found))
    return tuple(
        role
        for role, file in sorted(found.roles.items())
        if role not in _WITNESSES
        and file.version < _known(held, role)
        # Whose keys are not held any more, a region that was expelled, is known by nobody but its version.
        and (role not in before or before[role] & after.get(role, frozenset()))
    )


def _known(held: Repository, role: str) -> int:
    """Return the version that a role is known to have had, if it is gone or has ended in the held list too; else 0."""
    listed: int = held.roles["snapshot"].signed["meta"].get(f"{role}.json", {}).get("version", 0)
    return max(listed, held.roles[role].version if role in held.roles else 0)


def _keyids(repository: Repository) -> dict[str, frozenset[str]]:
    roles = repository.roles
    return {
        one.role: frozenset(key.keyid for key in one.keys)
        for one in mandates(roles["root"], roles["targets"])
    }
