"""The shared list is taken: from the place that this node follows, or from a file that somebody brought.

- what is taken is what the client of doors accepts, all of it or nothing; what is older than held is refused;
- a node that hands the list out hands on what it took: of the same bytes, since others check them as it did;
- a first root is never taken on trust from here: it lies in the node's folder, or a list is held already.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from huxin.adapters import intake, trust_refresh, trust_repository, trust_state
from huxin.adapters.trust_bundle import open_bundle
from huxin.adapters.trust_source import Bundle, Place, open_place
from huxin.adapters.trust_state import Held
from huxin.kernel.errors import RefusalError
from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.trust.actions.turns import in_turn
from huxin.trust.federation.layout import MOST_METADATA, MOST_TIMESTAMP

__all__ = ["Taken", "follow", "take"]

_TIMESTAMP: Final = "metadata/timestamp.json"


@dataclass(frozen=True, slots=True)
class Taken:
    """The list that is held now, by its version; `new` where another was held before."""

    version: int
    new: bool


def follow(*, by: Actor, now: datetime) -> Taken | None:
    """Take the list from the place that this node follows; `None` where it follows none.

    Refuses as `trust_refresh.refresh` does: with `trust-source` nobody there, `trust-rollback` an older list …
    """
    if not settings.HUXIN.follows:
        return None
    where: str = settings.HUXIN.follows
    place = open_place(str(settings.HUXIN.path / where) if "://" not in where else where)
    with contextlib.closing(place):
        return _take(place, by=by, now=now)


def take(bundle: bytes, *, by: Actor, now: datetime) -> Taken:
    """Take the list from a file that somebody brought; refuses as `follow` does, and with `trust-file` what is none.

    What was refused is remembered as well: an old list that is offered may be somebody's attempt.
    """
    try:
        return _take(Bundle(open_bundle(bundle)), by=by, now=now)
    except RefusalError as error:
        detail = {"code": error.refusal.code}
        audit.record("trust-list-refused", by=by, now=now, detail=detail)
        raise


def _take(place: Place, *, by: Actor, now: datetime) -> Taken:
    state = settings.HUXIN.federation
    before = trust_state.read_held(state)
    if before is not None and _is_held(place, before):
        _hand_on(before)
        return Taken(_version(before), new=False)
    root = _first_root(before)
    in_turn(lambda: trust_refresh.refresh(place, state, root=root, now=now))
    held = trust_state.read_held(state)
    assert held is not None  # it was just accepted
    _hand_on(held)
    version = _version(held)
    new = before is None or _version(before) != version
    if new:
        with transaction.atomic():
            audit.record("trust-list-taken", by=by, now=now, detail={"version": version})
    return Taken(version, new)


def _hand_on(held: Held) -> None:
    if settings.HUXIN.repository.is_dir():
        in_turn(lambda: trust_repository.hand_on(settings.HUXIN.repository, held.files))


def _is_held(place: Place, held: Held) -> bool:
    """Tell whether a place has the very list that is held: most of the time it does, and nothing else is asked."""
    return place.read(_TIMESTAMP, MOST_TIMESTAMP) == held.files[_TIMESTAMP]


def _first_root(held: Held | None) -> bytes | None:
    """Return the root to begin with; refuses with `trust-pin` where neither a list nor a root is here."""
    path = settings.HUXIN.first_root
    if held is not None:
        return None
    if not path.is_file():
        raise RefusalError(
            "trust-pin", f"no list is held, and no {path.name} lies in the node's folder"
        )
    return intake.read(path, limit=MOST_METADATA)


def _version(held: Held) -> int:
    return held.repository().roles["timestamp"].version
