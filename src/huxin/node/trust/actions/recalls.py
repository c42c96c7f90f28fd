"""Recalls: one officer says which cards end and why, another one agrees, then a job does it (`recall_run`).

    begin     one officer says what is meant; a job looks the cards out
    ask       the officer has seen how many they are, and asks for a second look
    agree     another officer of the organisation has seen the same; the job runs
    decline   …or says why not
    drop      the first officer lets it be, as long as nobody agreed

- the reason decides what happens: of a recalled batch each card is withdrawn and its holder asked to come; of a
  lost key each card is signed anew with the same facts, and the old one withdrawn;
- a key that the node still signs with is not lost: the new one comes first;
- what was agreed to is never changed: whoever means something else begins another one.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from huxin.kernel.errors import RefusalError
from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.base.local_day import local_day
from huxin.node.base.permissions import Permission
from huxin.node.trust.actions import recall_run
from huxin.node.trust.actions.revoke import LONGEST_NOTE
from huxin.node.trust.models import RECALL_REASONS, Recall
from huxin.node.trust.queries.recall_cards import (
    candidates,
    key_in_force,
    packs_with_batches,
    plain_batch,
)

__all__ = ["LONGEST_BATCH", "STALE", "Meant", "agree", "ask", "begin", "decline", "drop", "resume"]

LONGEST_BATCH: Final = 40
STALE: Final = timedelta(minutes=10)  # a job that did nothing for so long has died


@dataclass(frozen=True, slots=True)
class Meant:
    """Which cards end: a `batch` of a `pack` (of one vaccine where `choice` names it), or a key's (`kid`).

    The days narrow a key's cards by when they were issued, both included.  The notes are for the holders, in
    Chinese, in English, or both.
    """

    reason: str
    request: uuid.UUID
    pack: str = ""
    choice: str = ""
    batch: str = ""
    kid: str = ""
    first_day: date | None = None
    last_day: date | None = None
    note_zh: str = ""
    note_en: str = ""


def begin(wanted: Meant, *, by: Actor, now: datetime) -> Recall:
    """Write what is meant and have its cards looked out; a second click finds what the first one wrote.

    Whoever went back and changed the form begins another one.

    Refuses with `bad-input` what cannot be meant, with `missing` a batch without its number, with `state` a key that
    is in force.
    """
    _may(by)
    _check(wanted)
    wanted = replace(wanted, request=uuid.uuid5(wanted.request, repr(wanted)))
    try:
        with transaction.atomic():
            return _same(wanted, by) or _begin(wanted, by, now)
    except IntegrityError:
        found = _same(wanted, by)  # two clicks at one moment: the other one won
        if found is None:
            raise
        return found


def _check(wanted: Meant) -> None:
    if wanted.reason not in RECALL_REASONS:
        raise RefusalError("bad-input", "not a reason for many cards")
    if max(len(wanted.note_zh), len(wanted.note_en)) > LONGEST_NOTE:
        raise RefusalError("bad-input", "the note is too long")
    if wanted.reason == "key-lost":
        _check_key(wanted)
    else:
        _check_batch(wanted)


def _check_key(wanted: Meant) -> None:
    if not wanted.kid or wanted.pack or wanted.choice or wanted.batch:
        raise RefusalError("bad-input", "a key, and nothing else")
    if wanted.first_day and wanted.last_day and wanted.first_day > wanted.last_day:
        raise RefusalError("bad-input", "the last day is before the first")
    if wanted.kid == key_in_force():
        raise RefusalError("state", "the key in force is the lost one")


def _check_batch(wanted: Meant) -> None:
    if wanted.kid or wanted.first_day or wanted.last_day:
        raise RefusalError("bad-input", "a batch, and nothing else")
    if not plain_batch(wanted.batch):
        raise RefusalError("missing", "batch")
    if len(wanted.batch.strip()) > LONGEST_BATCH:
        raise RefusalError("bad-input", "the batch number is too long")
    pack = next((one for one in packs_with_batches() if one.id == wanted.pack), None)
    if pack is None:
        raise RefusalError("bad-input", "a pack without batches")
    if wanted.choice and wanted.choice not in {one.id for one in pack.column(pack.choice).choices}:
        raise RefusalError("bad-input", "not a vaccine of this pack")


def _same(wanted: Meant, by: Actor) -> Recall | None:
    here = Recall.objects.filter(organisation_id=by.staff().organisation)
    return here.filter(request=wanted.request).first()


def _begin(wanted: Meant, by: Actor, now: datetime) -> Recall:
    staff = by.staff()
    made = Recall(
        organisation_id=staff.organisation,
        reason=wanted.reason,
        pack=wanted.pack,
        choice=wanted.choice,
        batch=wanted.batch.strip(),
        kid=wanted.kid,
        first_day=wanted.first_day,
        last_day=wanted.last_day,
        note_zh=wanted.note_zh.strip(),
        note_en=wanted.note_en.strip(),
        request=wanted.request,
        asked_by=staff.user,
        asked_at=now,
        moved_at=now,
    )
    made.to_look = candidates(made, today=local_day(now)).count()
    made.save(force_insert=True)
    audit.record("recall-begun", by=by, now=now, about=(made, ""), detail={"reason": made.reason})
    recall_run.go_on.enqueue(str(made.id))
    return made


def ask(recall: uuid.UUID, *, by: Actor, now: datetime) -> Recall:
    """Ask for a second look; refuses with `missing` where there is no card, with `state` in any other state."""
    with transaction.atomic():
        found = _mine(recall, by, "ready")
        cards = found.rows.count()
        if not cards:
            raise RefusalError("missing", "no card")
        found.state, found.asked_at = "waiting", now
        found.save(update_fields=["state", "asked_at"])
        audit.record("recall-asked", by=by, now=now, about=(found, ""), detail={"cards": cards})
    return found


def drop(recall: uuid.UUID, *, by: Actor, now: datetime) -> Recall:
    """Let a recall be that nobody agreed to; refuses with `state` any other."""
    with transaction.atomic():
        found = _mine(recall, by, "gathering", "ready", "waiting")
        found.state = "dropped"
        found.save(update_fields=["state"])
        audit.record("recall-dropped", by=by, now=now, about=(found, ""))
    return found


def agree(recall: uuid.UUID, *, by: Actor, now: datetime) -> Recall:
    """Agree to a colleague's recall, and have the job run; a second click gives the same.

    Refuses with `own-work` one's own, with `state` what does not wait or whose key is in force again.
    """
    with transaction.atomic():
        found = _colleagues(recall, by)
        if found.approved and found.decided_by == by.staff().user:
            return found
        if found.state != "waiting":
            raise RefusalError("state", "it does not wait")
        if found.reason == "key-lost" and found.kid == key_in_force():
            raise RefusalError("state", "the key in force is the lost one")
        # Looked out once more: what was issued of it meanwhile belongs to it.
        found.cursor, found.looked, found.gathered = None, 0, False
        found.to_look = candidates(found, today=local_day(now)).count()
        found.state, found.approved, found.moved_at = "running", True, now
        found.decided_by, found.decided_at = by.staff().user, now
        found.save()
        detail = {"cards": found.rows.count()}
        audit.record("recall-agreed", by=by, now=now, about=(found, ""), detail=detail)
        recall_run.go_on.enqueue(str(found.id))
    return found


def decline(recall: uuid.UUID, why: str, *, by: Actor, now: datetime) -> Recall:
    """Decline a colleague's recall; refuses with `missing` without saying why, otherwise as `agree`."""
    said = why.strip()[:LONGEST_NOTE]
    if not said:
        raise RefusalError("missing", "why")
    with transaction.atomic():
        found = _colleagues(recall, by)
        if found.state != "waiting":
            raise RefusalError("state", "it does not wait")
        found.state, found.approved, found.why = "declined", False, said
        found.decided_by, found.decided_at = by.staff().user, now
        found.save(update_fields=["state", "approved", "why", "decided_by", "decided_at"])
        audit.record("recall-declined", by=by, now=now, about=(found, ""))
    return found


def resume(recall: uuid.UUID, *, by: Actor, now: datetime) -> Recall:
    """Have a job go on that stands still: it died, or there was no key to sign with.  Does nothing to one that runs."""
    with transaction.atomic():
        found = _here(recall, by)
        still = bool(found.fault) or found.moved_at <= now - STALE
        if found.state in ("gathering", "running") and still:
            found.fault, found.moved_at = "", now
            found.save(update_fields=["fault", "moved_at"])
            audit.record("recall-resumed", by=by, now=now, about=(found, ""))
            recall_run.go_on.enqueue(str(found.id))
    return found


def _may(by: Actor) -> None:
    if not by.may(Permission.REVOKE):
        raise RefusalError("bad-input", "not theirs")


def _here(recall: uuid.UUID, by: Actor) -> Recall:
    _may(by)
    here = Recall.objects.select_for_update().filter(organisation_id=by.staff().organisation)
    found = here.filter(id=recall).first()
    if found is None:
        raise RefusalError("bad-input", "no such recall here")
    return found


def _mine(recall: uuid.UUID, by: Actor, *states: str) -> Recall:
    found = _here(recall, by)
    if found.asked_by != by.staff().user:
        raise RefusalError("bad-input", "a colleague's")
    if found.state not in states:
        raise RefusalError("state", "it went on meanwhile")
    return found


def _colleagues(recall: uuid.UUID, by: Actor) -> Recall:
    found = _here(recall, by)
    if found.asked_by == by.staff().user:
        raise RefusalError("own-work", "one's own")
    return found
