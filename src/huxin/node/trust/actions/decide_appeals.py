"""Taking an appeal, giving it back, deciding it with a reason.

- one officer has it; past the deadline another may take it over, so that nobody's absence keeps a person waiting;
- a decision is made once, by whoever has the appeal, with a reason; it is never changed;
- it opens no door and changes no card: the person is told what happens next;
- who may decide says `huxin.trust.appeals`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from huxin.kernel.errors import RefusalError
from huxin.node.base import audit, people
from huxin.node.base.actor import Actor, Staff
from huxin.node.base.local_day import local_day
from huxin.node.base.models import Organisation
from huxin.node.base.permissions import Permission
from huxin.node.trust.appeal_words import next_step
from huxin.node.trust.models import Hearing
from huxin.node.trust.queries.appeal_bench import bench_of, officers
from huxin.trust.appeals import Decision, left

__all__ = ["LONGEST_REASON", "Ruling", "decide", "give_back", "take"]

LONGEST_REASON: Final = 1_000


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is decided, and why; `desk` is where a card is corrected."""

    decision: Decision
    reason: str
    desk: Organisation | None = None


def take(hearing: uuid.UUID, *, by: Actor, now: datetime) -> Hearing | None:
    """Make an appeal the officer's task; nothing for one that they may not decide.

    Refuses with `exists` where somebody else has it and its deadline is not past, or it is decided.
    """
    staff = _officer(by)
    with transaction.atomic():
        found = _locked(hearing)
        if found is not None and found.decided_at is None and found.owner == staff.user:
            return found
        if found is None or not bench_of(found, officers()).may_decide(staff.user):
            return None
        kept = found.owner is not None and not left(found.due_at, now).late
        if found.decided_at is not None or kept:
            raise RefusalError("exists", "somebody else has it")
        found.owner, found.office_id, found.taken_at = staff.user, staff.organisation, now
        found.save(update_fields=["owner", "office", "taken_at"])
        audit.record("took-appeal", by=by, now=now, **_of(found))
    return found


def give_back(hearing: uuid.UUID, *, by: Actor, now: datetime) -> Hearing | None:
    """Put an appeal back among those that wait; its deadline stays."""
    staff = _officer(by)
    with transaction.atomic():
        found = _locked(hearing)
        if found is None or found.owner != staff.user or found.decided_at is not None:
            return None
        found.owner, found.office_id, found.taken_at = None, None, None
        found.save(update_fields=["owner", "office", "taken_at"])
        audit.record("gave-back-appeal", by=by, now=now, **_of(found))
    return found


def decide(hearing: uuid.UUID, ruling: Ruling, *, by: Actor, now: datetime) -> Hearing | None:
    """Decide an appeal that the officer has, once: the first decision stands.

    Nothing for one that is not theirs, or is about themselves by now; refuses with `missing` without a reason.
    """
    staff = _officer(by)
    _check(ruling)
    with transaction.atomic():
        found = _locked(hearing)
        if found is None or found.owner != staff.user:
            return None
        if found.decided_at is not None:
            return found
        if not bench_of(found, officers()).may_finish(staff.user):
            return None
        found.decision, found.reason = ruling.decision.value, ruling.reason.strip()
        found.desk = ruling.desk if ruling.decision is Decision.MEND_CARD else None
        found.decided_at = now
        found.save(update_fields=["decision", "reason", "desk", "decided_at"])
        _tell(found, now)
        audit.record("decided-appeal", by=by, now=now, **_of(found))
    return found


def _officer(by: Actor) -> Staff:
    if not by.may(Permission.DECIDE_APPEAL):
        raise RefusalError("bad-input", "not theirs")
    return by.staff()


def _check(ruling: Ruling) -> None:
    if not ruling.reason.strip():
        raise RefusalError("missing", "the reason")
    if len(ruling.reason) > LONGEST_REASON:
        raise RefusalError("bad-input", "too long")


def _locked(hearing: uuid.UUID) -> Hearing | None:
    found = Hearing.objects.select_for_update(of=("self",)).select_related("appeal", "office")
    return found.filter(id=hearing).first()


def _of(found: Hearing) -> dict[str, Any]:
    appeal = found.appeal
    return {"subject": appeal.person_id, "about": (appeal, ""), "detail": {"turn": found.turn}}


def _tell(found: Hearing, now: datetime) -> None:
    appeal, office = found.appeal, found.office
    if appeal.person is None or office is None:
        return
    blanks = {
        "appeal": str(appeal.id),
        "number": appeal.number,
        "pack": appeal.pack,
        "date": local_day(found.made_at).isoformat(),
        "office": office.name_zh,
        "office_en": office.name_en,
        "decision": found.decision,
        "next": next_step(Decision(found.decision), found.turn),
        "why": found.reason,
    }
    people.tell(appeal.person, "appeal-decided", blanks=blanks, now=now)
