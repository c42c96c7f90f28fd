"""One refresh of the federation's list: from a place into the state, all of it or nothing.

Responsible for the order of the steps.  The state changes in the last one, and only where the list is accepted:
fresh, or stale in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from huxin.adapters.status_files import Carried, take_carried
from huxin.adapters.trust_source import Fetcher, Place
from huxin.adapters.trust_state import Held, Memory, age_of, read_held, writing
from huxin.adapters.trust_updater import Start, Verified, verified
from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import rfc3339
from huxin.trust.federation.authority import delegated
from huxin.trust.federation.effective import effective
from huxin.trust.federation.freshness import Freshness
from huxin.trust.federation.layout import MOST_METADATA, region_of
from huxin.trust.federation.lint import lint
from huxin.trust.federation.repository import TrustList
from huxin.trust.federation.succession import gone_back

__all__ = ["Refreshed", "refresh"]

_FIRST_ROOT: Final = "metadata/1.root.json"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh accepted.

    `first` is true where the root was met for the first time, and should be compared; `ended` are the regions that did
    not sign anew in time: none of their keys is believed until they do; `sets` is what became of status sets.
    """

    freshness: Freshness
    versions: Mapping[str, int]
    keys: int
    signed_at: datetime
    root: str
    first: bool
    sets: Carried
    ended: tuple[str, ...] = ()


def refresh(
    place: Place, state: Path, *, root: bytes | None, now: datetime, moved: bool = False
) -> Refreshed:
    """Bring the state up to what a place holds.

    `root` is the first root, where a person has it from elsewhere; a clock that was `moved` by a person is not
    remembered as one that was seen.  Refuses with one of `reasons.OF_CLIENT`, `OF_LINT`, or `trust-old`.
    """
    # (1) The state is ours alone until the end.
    with writing(state) as writer:
        held = read_held(state)
        # (2) Whom to begin with: what is held, or a first root that somebody vouches for.
        start, pinned = _start(held, place, root)
        # (3) Time never goes back behind what was seen: signatures and lifetimes are judged no earlier.
        instant = max(now, held.memory.latest) if held is not None else now
        # (4) What enough of the right keys signed, and nothing older than what is held.
        fetcher = Fetcher(place, held.files if held is not None else {})
        found = verified(fetcher, start, instant=instant, stage=writer.stage)
        # (5) What a federation may say at all; nobody is dug up.
        before = held.trust_list() if held is not None else None
        trust_list = lint(found.repository, held=before, now=instant)
        _all_there(found)
        # (6) Not behind what was seen, not even where the keys of timestamp and snapshot were changed.
        if held is not None:
            _not_back(held, found, trust_list)
        # (7) How old it is, by the clock as it stands.
        clock = trust_list.signed_at if moved else now
        new = _held(held, found, trust_list, pinned, clock)
        policy = held.policy() if held is not None else None
        age = age_of(new, now=now, policy=policy)
        if age.decision == "refused":
            raise RefusalError(age.code, f"signed at {rfc3339(trust_list.signed_at)}")
        # (8) The status sets that came along, each on its own: a bad one never keeps the list away.
        sets = take_carried(
            place.sets(),
            held.files if held is not None else {},
            keys=effective(trust_list, policy=policy, now=instant),
            now=instant,
            list_at=trust_list.signed_at,
        )
        new = replace(new, files={**new.files, **sets.files})
        # (9) Accepted: the old state or this one, at any moment.
        writer.accept(new)
    return Refreshed(
        age,
        {role: one.version for role, one in sorted(found.repository.roles.items())},
        sum(len(one.keys) for one in trust_list.keys.values()),
        trust_list.signed_at,
        pinned,
        held is None,
        sets,
        tuple(sorted(region for role in found.ended if (region := region_of(role)) is not None)),
    )


def _start(held: Held | None, place: Place, root: bytes | None) -> tuple[Start, str]:
    """Return what TUF begins with, and the fingerprint of the first root; refuses with `trust-pin`."""
    if held is not None:
        if root is not None and sha256(root).hexdigest() != held.memory.pinned:
            raise RefusalError("trust-pin", f"began with another root: {held.memory.pinned}")
        start = Start(held.newest_root(), held.metadata("timestamp"), held.metadata("snapshot"))
        return start, held.memory.pinned
    if root is None:
        if not place.carried:
            # Whoever answers at an address is not somebody who brought it.
            raise RefusalError("trust-pin", "an address, and no root to begin with")
        root = _brought(place)
    return Start(root), sha256(root).hexdigest()


def _brought(place: Place) -> bytes:
    """Return the first root that somebody brought with the rest."""
    try:
        return place.read(_FIRST_ROOT, MOST_METADATA)
    except RefusalError as error:
        if error.refusal.code != "trust-missing":
            raise
        raise RefusalError("trust-pin", f"no {_FIRST_ROOT} among what was brought") from error


def _not_back(held: Held, found: Verified, trust_list: TrustList) -> None:
    """Refuse a list that was signed earlier than the held one, or of which a role is older."""
    if trust_list.signed_at < held.memory.signed_at:
        raise RefusalError("trust-rollback", f"signed at {rfc3339(trust_list.signed_at)}")
    if back := gone_back(held.repository(), found.repository):
        raise RefusalError("trust-rollback", f"older than held: {', '.join(back)}"[:300])


def _all_there(found: Verified) -> None:
    """Refuse a list of which a role was delegated to and could not be had."""
    roles = found.repository.roles
    for mandate in delegated(roles["targets"]):
        if mandate.role not in roles and mandate.role not in found.ended:
            raise RefusalError("trust-missing", mandate.role)


def _held(
    held: Held | None, found: Verified, trust_list: TrustList, pinned: str, clock: datetime
) -> Held:
    """Return the new state; roots that were passed stay in it, for those to whom it is handed on."""
    before = held.files if held is not None else {}
    roots = {name: data for name, data in before.items() if name.endswith(".root.json")}
    latest = max(clock, held.memory.clock) if held is not None else clock
    return Held(
        roots | dict(found.files),
        Memory(pinned, trust_list.signed_at, latest, trust_list.tombstones),
        held.packed_policy if held is not None else None,
    )
