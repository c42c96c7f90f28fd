"""The rule desk: write a draft, hand it in, and have another officer publish it or send it back.

- what is acted on is what was last looked at: every step names when the text was written (`seen`);
- judging takes a while and is done before anything is locked; that nothing moved meanwhile is asked inside;
- handed in is only what the linter passes and a simulation measured, against what is published today;
- the officer who publishes wrote none of it and did not hand it in; the database holds that too;
- nothing is deleted: a dropped draft stays in the list of what became of drafts.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from django.db import transaction

from huxin.kernel.errors import Refusal, RefusalError
from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.base.permissions import Permission
from huxin.node.trust.actions.rules import Source, enact
from huxin.node.trust.models import PublishedRule, RuleDraft
from huxin.node.trust.queries import rule_desk as queries
from huxin.trust.rules.proposal import Proposal

__all__ = ["LONGEST_NOTE", "approve", "begin", "drop", "hand_in", "send_back", "take_back", "write"]

LONGEST_NOTE: Final = 300


def begin(text: str, *, pack: str, request: uuid.UUID, by: Actor, now: datetime) -> RuleDraft:
    """Begin a draft; a second click with the same `request` finds the first one."""
    _officer(by)
    _bounded(text)
    with transaction.atomic():
        made = {
            "text": text, "pack": pack, "made_by": by.staff().user, "made_at": now,
            "written_by": by.staff().user, "written_at": now, "writers": by.staff().user.hex,
        }  # fmt: skip
        draft, is_new = RuleDraft.objects.get_or_create(request=request, defaults=made)
        if is_new:
            audit.record("rule-draft-begun", by=by, now=now, about=(draft, ""))
    return draft


def write(draft: uuid.UUID, text: str, *, seen: datetime, by: Actor, now: datetime) -> RuleDraft:
    """Write the text of a draft anew, in order or not; refuses with `state` what is not open."""
    _bounded(text)
    with transaction.atomic():
        found = _open(draft, "draft", seen, by)
        if found.text != text:
            found.text, found.written_by, found.written_at = text, by.staff().user, now
            found.note_writer(found.written_by)
            found.decided_by = found.decided_at = None
            found.save()
            audit.record("rule-draft-written", by=by, now=now, about=(found, ""))
    return found


def hand_in(draft: uuid.UUID, *, seen: datetime, by: Actor, now: datetime) -> RuleDraft:
    """Hand a draft to another officer; refuses with what is against it, with `state` without a simulation."""
    _in_order(draft, seen, by, now)
    with transaction.atomic():
        found = _as_simulated(_open(draft, "draft", seen, by))
        found.state, found.note = "waiting", ""
        found.handed_in_by, found.handed_in_at = by.staff().user, now
        found.decided_by = found.decided_at = None
        found.save()
        audit.record("rule-draft-handed-in", by=by, now=now, about=(found, ""))
    return found


def take_back(draft: uuid.UUID, *, seen: datetime, by: Actor, now: datetime) -> RuleDraft:
    """Open a draft again that waits for another officer."""
    with transaction.atomic():
        found = _open(draft, "waiting", seen, by)
        found.state = "draft"
        found.save()
        audit.record("rule-draft-taken-back", by=by, now=now, about=(found, ""))
    return found


def drop(draft: uuid.UUID, *, seen: datetime, by: Actor, now: datetime) -> RuleDraft:
    """Drop a draft; it stays in the list, and can be copied."""
    with transaction.atomic():
        found = _open(draft, "draft", seen, by)
        found.state = "dropped"
        found.save()
        audit.record("rule-draft-dropped", by=by, now=now, about=(found, ""))
    return found


def approve(draft: uuid.UUID, *, seen: datetime, by: Actor, now: datetime) -> list[PublishedRule]:
    """Publish what was handed in, as another officer; a second click finds it published.

    Everything is asked again, since time passed: refuses with what is against it now, with `own-work` whoever
    wrote any of it or handed it in, with `state` where other rules were published since its simulation.
    """
    found = queries.draft(draft)
    if found is not None and found.state == "published" and found.decided_by == by.user:
        return list(found.published.order_by("id"))
    proposal = _in_order(draft, seen, by, now)
    with transaction.atomic():
        found = _as_simulated(_for_another(draft, seen, by))
        found.state = "published"
        found.decided_by, found.decided_at = by.staff().user, now
        found.save()
        source = Source(found.handed_in_by or found.written_by, found, found.pack)
        audit.record("rule-draft-approved", by=by, now=now, about=(found, ""))
        return enact(proposal, source, by=by, now=now)


def send_back(
    draft: uuid.UUID, note: str, *, seen: datetime, by: Actor, now: datetime
) -> RuleDraft:
    """Send a draft back to who wrote it, saying why; refuses with `missing` without a word."""
    said = note.strip()[:LONGEST_NOTE]
    if not said:
        raise RefusalError("missing", "note")
    with transaction.atomic():
        found = _for_another(draft, seen, by)
        found.state, found.note = "draft", said
        found.decided_by, found.decided_at = by.staff().user, now
        found.save()
        audit.record("rule-draft-sent-back", by=by, now=now, about=(found, ""))
    return found


def _officer(by: Actor) -> None:
    if not by.may(Permission.RULES):
        raise RefusalError("bad-input", "not theirs")
    by.staff()


def _bounded(text: str) -> None:
    if len(text) > queries.MOST_LETTERS:
        raise RefusalError("rule-shape", f"more than {queries.MOST_LETTERS} letters")


def _open(draft: uuid.UUID, state: str, seen: datetime, by: Actor) -> RuleDraft:
    _officer(by)
    found = RuleDraft.objects.select_for_update().filter(id=draft).first()
    if found is None or found.state != state or found.written_at != seen:
        raise RefusalError("state", "it changed since it was looked at")
    return found


def _for_another(draft: uuid.UUID, seen: datetime, by: Actor) -> RuleDraft:
    found = _open(draft, "waiting", seen, by)
    if found.is_work_of(by.user):
        raise RefusalError("own-work", "another officer decides")
    return found


def _in_order(draft: uuid.UUID, seen: datetime, by: Actor, now: datetime) -> Proposal:
    """Return a draft as the proposal that it is; refuses with what is against it."""
    _officer(by)
    found = queries.draft(draft)
    if found is None or found.written_at != seen:
        raise RefusalError("state", "it changed since it was looked at")
    judged = queries.judge_draft(found, now)
    if judged.proposal is None:
        refusal = judged.refusal or Refusal("rule-shape")
        raise RefusalError(refusal.code, refusal.detail)
    for one in judged.faults:
        raise RefusalError(one.fault.code, one.fault.place)
    return judged.proposal


def _as_simulated(found: RuleDraft) -> RuleDraft:
    if not queries.measured(found):
        raise RefusalError("state", "no simulation against what is published today")
    return found
