"""Issue a card: one wish, one card, whatever happens on the way.

In one transaction: (1) a wish that was granted before gives its card again; (2) past the officer's
daily limit the wish waits for another officer; (3) a place in the status list is drawn by chance;
(4) the card is signed; (5) row, audit entry and event are written.  Only then is it told.

- one request, one card: the same request with other facts is refused (`exists`), so that nobody
  takes an older card for the one they meant;
- a card past the limit is signed in the name of the officer who asked; who looked at it stands in
  the wish and in the trail.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, TypeGuard

from django.conf import settings
from django.db import IntegrityError, transaction

from huxin.adapters import cards
from huxin.adapters.cards import Wish
from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import kid_text
from huxin.node.base import audit, crash, outbox
from huxin.node.base.actor import Actor
from huxin.node.base.models import Person, User
from huxin.node.trust import signing
from huxin.node.trust.models import Card, IssueRequest
from huxin.packs.entries import Entry
from huxin.trust.credentials.credential import StatusIndex

__all__ = [
    "LIST_SIZE",
    "Asked",
    "card_row",
    "is_card",
    "is_same",
    "issue_card",
    "signed_today",
    "wish_row",
]

LIST_SIZE: Final = 1 << 20  # places in one status list; drawn by chance, so order says nothing
_TRIES: Final = 16


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish for a card: for whom, what the pack's form said (`cells` as typed, `entry` as read).

    `request` is made with the form; it is what makes a second click harmless.  `officer` is who
    asked, where another one approved.  `until` is a last day that the card is not to pass.
    """

    person: Person
    entry: Entry
    cells: Mapping[str, str]
    request: uuid.UUID
    minimal: bool = False
    replaces: Card | None = None
    officer: uuid.UUID | None = None
    until: date | None = None


def is_card(made: Card | IssueRequest) -> TypeGuard[Card]:
    """Tell whether a wish was granted."""
    return isinstance(made, Card)


def issue_card(asked: Asked, *, by: Actor, now: datetime) -> Card | IssueRequest:
    """Grant a wish: the card, or what waits for (or was declined by) a second pair of eyes.

    Refuses as `adapters.cards.sign_card` does, with `bad-input` for an officer without an
    organisation, and with `exists` for a request that gave another card before.
    """
    try:
        with transaction.atomic():
            made = _granted(asked) or _issue(asked, by, now)
    except IntegrityError:
        # Two clicks at one moment: the other one won, and its card is the answer.
        with transaction.atomic():
            found = _granted(asked)
        if found is None:
            raise
        return found
    crash.point("issue.kept")
    return made


def _granted(asked: Asked) -> Card | IssueRequest | None:
    found: Card | IssueRequest | None = Card.objects.filter(request=asked.request).first()
    if found is None and asked.officer is None:
        found = IssueRequest.objects.filter(request=asked.request).first()
    if found is not None and not is_same(found, asked):
        raise RefusalError("exists", "this request gave another card")
    return found


def is_same(found: Card | IssueRequest, asked: Asked) -> bool:
    """Tell whether what is stored was made of the very facts that are asked for now."""
    mine = (asked.person.id, asked.entry.pack.id, dict(asked.cells), asked.minimal)
    return (found.person_id, found.pack, found.cells, found.minimal) == mine


def _issue(asked: Asked, by: Actor, now: datetime) -> Card | IssueRequest:
    staff = by.staff()
    # One officer signs one card at a time, or two clicks could pass the limit together.
    User.objects.select_for_update().filter(id=staff.user).first()
    if asked.officer is None and signed_today(by, now) >= settings.HUXIN.daily:
        return _ask_another(asked, by, now)
    crash.point("issue.begun")
    card = card_row(asked, _place(), by=by, now=now)
    crash.point("issue.signed")
    card.save(force_insert=True)
    crash.point("issue.written")
    audit.record("issued", by=by, now=now, subject=asked.person.id, about=(card, "issue"))
    crash.point("issue.recorded")
    outbox.emit("card-issued", {"card": str(card.id), "pack": card.pack}, now=now)
    crash.point("issue.told")
    return card


def card_row(asked: Asked, place: tuple[int, int], *, by: Actor, now: datetime) -> Card:
    """Sign the card of a wish at a place (list, index); returns its row, not written yet."""
    signer = signing.signer()
    keys_end = signer.description.valid_until
    wish = Wish(minimal=asked.minimal, keys_end=keys_end, until=asked.until)
    number, index = place
    about = signer.description
    cards.check_signer(asked.entry, wish, domains=about.domains, usage=about.usage)
    made = cards.sign_card(
        asked.entry,
        signer,
        wish,
        identifier=cards.new_identifier(signer.region, secrets.token_bytes),
        now=now,
        status=StatusIndex(f"{settings.HUXIN.origin}/status/{number}", index),
    )
    return Card(
        person=asked.person,
        organisation_id=by.staff().organisation,
        pack=asked.entry.pack.id,
        cells=dict(asked.cells),
        text=made.credential.text,
        identifier=made.identifier,
        envelope=wish.envelope,
        minimal=asked.minimal,
        kid=kid_text(signer.kid),
        status_list=number,
        status_index=index,
        issued_at=now,
        issued_by=asked.officer or by.staff().user,
        last_day=made.last_day,
        request=asked.request,
        replaces=asked.replaces,
    )


def wish_row(asked: Asked, *, by: Actor, now: datetime) -> IssueRequest:
    """Return the row of a wish that waits for another officer, not written yet."""
    staff = by.staff()
    return IssueRequest(
        person=asked.person,
        organisation_id=staff.organisation,
        pack=asked.entry.pack.id,
        cells=dict(asked.cells),
        minimal=asked.minimal,
        request=asked.request,
        asked_by=staff.user,
        asked_at=now,
    )


def _ask_another(asked: Asked, by: Actor, now: datetime) -> IssueRequest:
    waiting = wish_row(asked, by=by, now=now)
    waiting.save(force_insert=True)
    audit.record("asked-another", by=by, now=now, subject=asked.person.id, about=(waiting, "issue"))
    return waiting


def signed_today(by: Actor, now: datetime) -> int:
    """Return how many cards an officer signed since midnight, in the region's time.

    What a recall signs anew does not count: two officers looked at it together.
    """
    local = now.astimezone(settings.HUXIN.time_zone)
    midnight = datetime.combine(local.date(), time(), settings.HUXIN.time_zone)
    day = (midnight, midnight + timedelta(days=1))
    mine = Card.objects.filter(issued_by=by.staff().user, issued_at__range=day)
    return mine.filter(made_by_recall=None).count()


def _place() -> tuple[int, int]:
    """Draw a free place in the newest status list; a list in which none is found is full.

    The draw is by chance, so an index says nothing of when, where or for whom.  Sixteen taken
    places in a row mean that about half of the list is taken; counting would read all of it.
    """
    last = Card.objects.order_by("-status_list").values_list("status_list", flat=True).first()
    number = 1 if last is None else last
    for _ in range(_TRIES):
        index = secrets.randbelow(LIST_SIZE)
        if not Card.objects.filter(status_list=number, status_index=index).exists():
            return number, index
    return number + 1, secrets.randbelow(LIST_SIZE)
