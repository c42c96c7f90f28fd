"""Fetch what other regions withdrew: each hour, from the addresses that they themselves signed into the shared list.

- never an address out of a card, no redirect, no proxy; https, but for rehearsals on one machine;
- a set is taken if that region's own keys signed it and it gives nobody back; else what is held stays, to the byte;
- a silent server costs a stated time, all of them together two minutes: in an order by chance, so that none that is
  silent keeps the same others waiting.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django_tasks import task

from huxin.adapters import clock, output, status_files
from huxin.kernel.errors import RefusalError
from huxin.node.base import recurring
from huxin.node.trust import signing
from huxin.node.trust.queries import region_sets
from huxin.trust.status import signed_set
from huxin.trust.status.signed_set import ListName

__all__ = ["Fetch", "ensure", "fetch_hourly", "fetch_set", "fetch_status"]

Fetch = Callable[[str], bytes]

_EVERY: Final = timedelta(hours=1)
_PATIENCE: Final = 20.0
_ALTOGETHER: Final = 120.0
_MOST: Final = status_files.MOST_TOTAL


def fetch_set(uri: str) -> bytes:
    """Return the newest whole set at a list's address; refuses with `trust-source`, `trust-missing` or `too-big`."""
    # It brings TUF's library along, which the pages do without.
    from huxin.adapters.trust_source import Website

    with contextlib.closing(Website(uri, patience=_PATIENCE)) as place:
        return place.read("set", _MOST)


def fetch_status(
    *, now: datetime, fetch: Fetch = fetch_set, ticks: Callable[[], float] = time.monotonic
) -> dict[str, int]:
    """Ask each region that is believed for its lists; returns how many were taken, and of the rest how often why not."""
    names = region_sets.listed(now)
    secrets.SystemRandom().shuffle(names)
    until = ticks() + _ALTOGETHER
    told: dict[str, int] = {}
    for name in names:
        if ticks() > until:
            break
        try:
            code = "taken" if _fetch(name, fetch, now) else "same"
        except RefusalError as error:
            code = error.refusal.code
        told[code] = told.get(code, 0) + 1
    return told


def _fetch(name: ListName, fetch: Fetch, now: datetime) -> bool:
    data = fetch(name.uri)
    before = region_sets.held().get(name)
    # Whole sets alone are kept; what is held already, perhaps from a stick, is no news.
    if signed_set.reopen(data) == before:
        return False
    keys = status_files.those_who_may(signing.trust_store(now))
    signed_set.accept(data, name=name, keys=keys, held=before, now=now)
    path = settings.HUXIN.path / status_files.file_name(name)
    path.parent.mkdir(exist_ok=True)
    output.replace(path, data, private=False)
    return True


@task()
def fetch_hourly() -> dict[str, int]:
    """Fetch (a job), and ask for the next hour's before."""
    recurring.ask(fetch_hourly, _EVERY)
    return fetch_status(now=clock.now())


def ensure() -> None:
    """Ask for the job, if none is asked for; whoever starts the worker calls this."""
    recurring.ensure(fetch_hourly, _EVERY)
