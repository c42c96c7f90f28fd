"""The calendar of keys: the node's own and those it believes, when each ends, and what their regions are called."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from huxin.adapters import key_file, trust_file, trust_state
from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import kid_text
from huxin.packs.reader import Words
from huxin.trust.anchors import Anchor

__all__ = ["KeyEnd", "key_ends", "names"]


@dataclass(frozen=True, slots=True)
class KeyEnd:
    """A key of the calendar: whose it is, and when it is no longer believed."""

    region: str
    kid: str
    ends: datetime | None
    own: bool


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
