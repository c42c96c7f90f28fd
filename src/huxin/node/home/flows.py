"""When this happened in A, tell B: one line each, and no other arrows between parts.

    visit-recorded ─► trust issues the card      card-issued ─► the clinic notes it, the person is told
                  └─► monitoring counts                     └─► monitoring counts
    record-corrected ─► trust withdraws the card and issues the right one; the person is told
                    └─► monitoring counts what is right
    card-revoked ─► trust publishes its lists of withdrawn cards

An event and all its listeners share one transaction: nothing is half told.  Each listener may be
called twice all the same, and does no more the second time.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from huxin.node.base import clearing, condition, outbox, people
from huxin.node.base.actor import Staff
from huxin.node.base.local_day import local_day
from huxin.node.base.models import Organisation, OutboxEvent, Person
from huxin.node.clinic.actions.visits import note_card
from huxin.node.clinic.queries import records
from huxin.node.clinic.queries.records import Corrected, Recorded
from huxin.node.monitoring.actions.count import count, take_back
from huxin.node.trust.actions.amend import Amended, amend_from_visit
from huxin.node.trust.actions.by_flow import FromVisit, issue_from_visit
from huxin.node.trust.actions.publish_status import publish_status
from huxin.node.trust.queries import editions, region_sets
from huxin.node.trust.queries.appeal_clock import appeals
from huxin.node.trust.queries.slips import claim_slips
from huxin.node.trust.queries.wishes import wish_of

__all__ = ["register"]

_MESSAGES: Final = uuid.UUID("0f1b7a52-3c0e-5b57-8a36-5d1f0c9a4e21")


def register() -> None:
    """Register all flows with the outbox, and what of other parts is cleared or looked at; called once, at start."""
    outbox.listen("visit-recorded", _issue_the_card)
    outbox.listen("visit-recorded", _count_the_record)
    outbox.listen("record-corrected", _put_the_card_right)
    outbox.listen("record-corrected", _count_what_is_right)
    outbox.listen("card-issued", _tell_of_the_card)
    outbox.listen("card-issued", _count_the_card)
    outbox.listen("card-revoked", _publish_the_lists)
    condition.add(editions.examine)
    condition.add(region_sets.examine)
    clearing.add(claim_slips())
    clearing.add(appeals())


def _issue_the_card(event: OutboxEvent, now: datetime) -> None:
    fact = records.recorded(uuid.UUID(event.payload["record"]))
    if fact.holds:  # else it was corrected before its card was made
        issue_from_visit(_from_visit(fact), now=now)


def _from_visit(fact: Recorded) -> FromVisit:
    officer = Staff(fact.officer, fact.organisation)
    return FromVisit(fact.person, fact.pack, fact.cells, officer, fact.request, fact.visit, fact.at)


def _count_the_record(event: OutboxEvent, _now: datetime) -> None:
    _count_recorded(records.recorded(uuid.UUID(event.payload["record"])))


def _count_recorded(fact: Recorded) -> None:
    # A correction moves nothing to another day: the dose was given when it was given.
    if fact.holds:
        count("recorded", fact.pack, event=fact.id, at=fact.first_at)


def _put_the_card_right(event: OutboxEvent, now: datetime) -> None:
    done = records.corrected(uuid.UUID(event.payload["correction"]))
    right = _from_visit(done.right) if done.right is not None and done.right.holds else None
    officer = Staff(done.officer, done.wrong.organisation)
    fact = Amended(done.wrong.request, right, done.reason, done.note, officer, done.at)
    if not amend_from_visit(fact, now=now):
        _tell_of_the_correction(done, event, now)


def _tell_of_the_correction(done: Corrected, event: OutboxEvent, now: datetime) -> None:
    """Tell the person of a record that had no card yet; of a card they are told where it is withdrawn."""
    office = Organisation.objects.get(id=done.wrong.organisation)
    blanks = {
        "office": office.name_zh,
        "office_en": office.name_en,
        "date": local_day(done.wrong.first_at).isoformat(),
        "reason": done.reason,
        "note": done.note,
        "visit": str(done.wrong.visit),
        "pack": done.wrong.pack,
    }
    kind = "record-corrected" if done.right is not None else "record-voided"
    person = Person.objects.get(id=done.wrong.person)
    people.tell(person, kind, blanks=blanks, now=now, once=uuid.uuid5(_MESSAGES, str(event.id)))


def _count_what_is_right(event: OutboxEvent, _now: datetime) -> None:
    done = records.corrected(uuid.UUID(event.payload["correction"]))
    wrong = done.wrong
    take_back("recorded", wrong.pack, event=wrong.id, at=wrong.first_at)
    if done.right is not None:
        _count_recorded(done.right)


def _tell_of_the_card(event: OutboxEvent, now: datetime) -> None:
    card = uuid.UUID(event.payload["card"])
    request, person, replaces = wish_of(card)
    record = records.record_of_request(request)
    if record is None:
        return  # from a desk: it was handed over there
    note_card(record, card)
    if replaces:
        return  # told with the card that it replaces
    once = uuid.uuid5(_MESSAGES, str(event.id))
    blanks = {"card": str(card), "pack": event.payload["pack"]}
    people.tell(person, "card-ready", blanks=blanks, now=now, once=once)


def _count_the_card(event: OutboxEvent, _now: datetime) -> None:
    count("issued", event.payload["pack"], event=event.id, at=event.at)


def _publish_the_lists(_event: OutboxEvent, now: datetime) -> None:
    # Of many withdrawals at once the first event publishes all; the others find nothing new.
    publish_status(now=now)
