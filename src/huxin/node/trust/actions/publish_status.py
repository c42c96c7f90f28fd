"""Publish the lists of withdrawn cards: signed, each edition continuing the one before.

In one transaction for each list: (1) the newest edition is locked, so that one goes on from it at a time; (2) where
a withdrawal was added, or the edition is a day old, (3) the next one is signed, whole and as what it adds.

- a place that an edition named stays in all that follow, whatever becomes of the rows it came from;
- a list keeps the address under which it began, as it stands in the cards;
- an edition lasts for two days and a new one comes each day, so that one missed day stops no verifier.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django_tasks import task

from huxin.adapters import clock, status_files
from huxin.kernel.errors import RefusalError
from huxin.node.base import audit, recurring
from huxin.node.base.actor import NOBODY
from huxin.node.trust import signing
from huxin.node.trust.actions.issue import LIST_SIZE
from huxin.node.trust.models import Revocation, StatusEdition
from huxin.node.trust.queries import editions
from huxin.node.trust.queries.status import status_uri
from huxin.trust.status import signed_set
from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.signed_set import Held, ListName

__all__ = ["adopt_edition", "ensure", "publish_hourly", "publish_status"]

_AGE: Final = timedelta(hours=24)
_EVERY: Final = timedelta(hours=1)
_OWN: Final = re.compile(r"https?://[^/]+/status/([1-9][0-9]{0,5})")
_BITS: Final = LIST_SIZE.bit_length() - 1


def publish_status(*, now: datetime) -> int:
    """Publish a new edition of each list that needs one; returns how many that were.

    Refuses with `key-file` where the node has no key to sign with.
    """
    return sum(_publish(number, now) for number in editions.begun())


def _publish(number: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            return _next(number, now)
    except IntegrityError:
        # Two made one edition at the same moment. The other one won, and may not know what we know.
        with transaction.atomic():
            return _next(number, now)


def _next(number: int, now: datetime) -> bool:
    rows = StatusEdition.objects.filter(number=number).order_by("-version")
    rows.select_for_update().first()
    # Asked again: while we waited for the lock, another edition may have come.
    last = rows.first()
    before = None if last is None else signed_set.reopen(bytes(last.whole))
    named = frozenset() if before is None else frozenset(before.found.indices)
    places = Revocation.objects.filter(card__status_list=number)
    withdrawn = named.union(places.values_list("card__status_index", flat=True))
    if last is not None and withdrawn == named and now - last.as_of < _AGE:
        return False
    after = _after(number, before, withdrawn, now)
    made = _row(number, after, before)
    made.save(force_insert=True)
    detail = {"list": number, "version": after.version, "withdrawn": len(withdrawn)}
    audit.record("published-status", by=NOBODY, now=now, about=(made, ""), detail=detail)
    return True


def _after(number: int, before: Held | None, withdrawn: frozenset[int], now: datetime) -> Held:
    found = IndexSet.of(withdrawn, bits=_BITS)
    as_of = now.replace(microsecond=0)
    if before is None:
        name = ListName(settings.HUXIN.region, status_uri(number))
        return Held(name, 1, found, as_of, as_of + editions.LASTS)
    # A clock that was put back a little must not stop the list: verifiers take none that is earlier.
    as_of = max(as_of, before.as_of)
    return Held(before.name, before.version + 1, found, as_of, as_of + editions.LASTS)


def _row(number: int, after: Held, before: Held | None) -> StatusEdition:
    signer = signing.signer()
    whole = signed_set.publish(after, signer)
    added = None if before is None else signed_set.publish(after, signer, before=before)
    return _edition(number, after, whole, added)


def _edition(number: int, held: Held, whole: bytes, added: bytes | None) -> StatusEdition:
    return StatusEdition(
        number=number,
        version=held.version,
        as_of=held.as_of,
        next_update=held.next_update,
        withdrawn=len(held.found),
        digest=held.digest,
        whole=whole,
        delta=added,
    )


def adopt_edition(data: bytes, *, now: datetime) -> tuple[int, int]:
    """Go on from an edition of this node that others hold, after a backup was restored that does not know it.

    Without it the node would publish versions that verifiers have left behind, and sets in which places are missing
    that they hold as withdrawn: they would refuse them all.  Returns the number of the list, and the version.

    Refuses with `bad-input` what is no whole set of this node, with `exists` what is no newer than what is
    published here, and as `signed_set.accept` does.
    """
    held = signed_set.reopen(data)
    found = _OWN.fullmatch(held.name.uri)
    if held.name.region != settings.HUXIN.region or found is None:
        raise RefusalError("bad-input", "not a list of this node")
    if held.as_of > now:
        raise RefusalError("not-yet", "an edition of the future")
    # It may be over by now, and was signed by this node all the same.
    keys = status_files.those_who_may(signing.trust_store(now))
    signed_set.accept(data, name=held.name, keys=keys, held=None, now=held.as_of)
    number = int(found[1])
    with transaction.atomic():
        rows = StatusEdition.objects.select_for_update().filter(number=number)
        last = rows.order_by("-version").first()
        if last is not None and last.version >= held.version:
            raise RefusalError("exists", f"version {last.version} was published here")
        made = _edition(number, held, data, None)
        made.save(force_insert=True)
        detail = {"list": number, "version": held.version, "withdrawn": len(held.found)}
        audit.record("adopted-status", by=NOBODY, now=now, about=(made, ""), detail=detail)
    return number, held.version


@task()
def publish_hourly() -> int:
    """Publish what needs it (a job), and ask for the next hour's before.

    Hourly, so that an edition is renewed when it is a day old and not up to a day later, and so that a fault of one
    hour is made good by the next.
    """
    recurring.ask(publish_hourly, _EVERY)
    return publish_status(now=clock.now())


def ensure() -> None:
    """Ask for the job, if none is asked for; whoever starts the worker calls this."""
    recurring.ensure(publish_hourly, _EVERY)
