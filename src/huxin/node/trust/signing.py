"""The node's own key and whom it believes: read from its folder once, kept in this process."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

from huxin.adapters import trust_file, trust_state
from huxin.adapters.key_file import KeyFileSigner
from huxin.adapters.paper.face import Region
from huxin.adapters.trust_state import ACCEPTED
from huxin.kernel.errors import RefusalError
from huxin.node.base import own_key
from huxin.packs.reader import Words
from huxin.trust.anchors import TrustStore

__all__ = ["listed_names", "region", "region_words", "signer", "trust_store"]


@cache
def signer() -> KeyFileSigner:
    """Return the node's signer; refuses with `key-file` where there is no key or passphrase, or `passphrase`."""
    return own_key.unlocked()


def trust_store(now: datetime) -> TrustStore:
    """Return the keys that this node believes: those of its trust file, and of the shared list that it holds.

    A list that is too old is not used; its age is that of the oldest part that says one.
    Refuses with `key-file` or `trust-file` what cannot be read.
    """
    held = settings.HUXIN.federation
    files = (settings.HUXIN.trust, held / ACCEPTED)
    parts = (str(held), *map(_changed, files))
    # A suspension lapses and a probation ends at an instant, without anything being written.
    return _store(parts, now.replace(minute=0, second=0, microsecond=0))


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


@lru_cache(maxsize=2)
def _store(parts: tuple[str | int, ...], hour: datetime) -> TrustStore:
    environment = "production" if settings.HUXIN.environment == "production" else "test"
    stores = []
    if parts[1]:
        stores.append(trust_file.read(settings.HUXIN.trust).store(environment))
    if parts[2] and (shared := _shared(environment, hour)) is not None:
        stores.append(shared)
    dates = [one.as_of for one in stores if one.as_of is not None]
    anchors = [anchor for one in stores for anchor in one]
    return TrustStore(anchors, environment=environment, as_of=min(dates, default=None))


def _shared(environment: str, now: datetime) -> TrustStore | None:
    try:
        return trust_state.read_store(settings.HUXIN.federation, environment=environment, now=now)
    except RefusalError as error:
        if error.refusal.code != "trust-old":
            raise
        return None


def region() -> Region:
    """Return this region as it is called on paper."""
    return Region(settings.HUXIN.region, settings.HUXIN.name, settings.HUXIN.time_zone)


def region_words(code: str | None) -> Words:
    """Return a region's name as itself gives it: ours, that of the shared list, else one we were told; else its code."""
    if code == settings.HUXIN.region:
        return Words(settings.HUXIN.name.zh, settings.HUXIN.name.en)
    known: Words = settings.HUXIN.regions.get(code or "", Words(code or "?", code or "?"))
    return listed_names().get(code or "", known)


def listed_names() -> Mapping[str, Words]:
    """Return the names of the regions of the shared list, as themselves give them."""
    held = settings.HUXIN.federation
    return _names(str(held), _changed(held / ACCEPTED))


@lru_cache(maxsize=2)
def _names(held: str, changed: int) -> Mapping[str, Words]:
    if not changed:
        return {}
    try:
        return trust_state.read_names(Path(held))
    except RefusalError:
        # A spoilt list is told where it matters; a page needs a name all the same.
        return {}
