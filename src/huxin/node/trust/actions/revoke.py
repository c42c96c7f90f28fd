"""Withdraw a card, or put a right one in its place.

A withdrawal is a row that is never taken back: whoever checks with an older list must not be told
two things in turn.  Withdrawing twice gives the first withdrawal again and tells nobody anew.

- only cards of the officer's own organisation; of others nobody learns that they exist;
- the holder is told in the same transaction, with the reason and where to go;
- a correction is one transaction: the new card and the end of the old one, or neither.

`end_card` is how both, and a recall of many cards, write the end of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from django.db import transaction

from huxin.kernel.errors import HuxinError, RefusalError
from huxin.node.base import audit, crash, outbox, people
from huxin.node.base.actor import Actor
from huxin.node.base.local_day import local_day
from huxin.node.trust.actions.issue import Asked, issue_card
from huxin.node.trust.models import REASONS, Card, Revocation, WithdrawalRequest

__all__ = [
    "LONGEST_NOTE",
    "DailyLimitError",
    "Ending",
    "check_withdrawal",
    "correct",
    "end_card",
    "revoke",
]

LONGEST_NOTE: Final = 300


class DailyLimitError(HuxinError):
    """The officer signed as many cards today as one signs alone."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a card ends, and how its holder hears of it: `kind` names the notice.

    `note` is for the holder, `note_en` the same in English where somebody wrote it; `detail` goes into the trail.
    """

    reason: str
    note: str = ""
    note_en: str = ""
    kind: str = "card-withdrawn"
    replacement: Card | None = None
    detail: Mapping[str, str] = field(default_factory=dict, hash=False)


def revoke(card: Card, reason: str, note: str, *, by: Actor, now: datetime) -> Revocation:
    """Withdraw a card of the actor's organisation; the first withdrawal counts.

    The last step: at the desk another officer agreed before, see `withdrawals`.

    Refuses with `bad-input` for another organisation's card, a reason that is not on the list, or a
    note that is too long.
    """
    check_withdrawal(card, reason, note, by)
    with transaction.atomic():
        return end_card(card, Ending(reason, note.strip()), by=by, now=now)


def correct(card: Card, asked: Asked, note: str, *, by: Actor, now: datetime) -> Card:
    """Issue the card with the right facts and withdraw the wrong one; gives the new card.

    Refuses as `issue_card` and `revoke` do; with `exists` where the card was withdrawn or replaced by
    another wish.  Raises `DailyLimitError` past the officer's daily limit: a colleague can do it.
    """
    check_withdrawal(card, "wrong-facts", note, by)
    with transaction.atomic():
        locked = Card.objects.select_for_update().get(id=card.id)
        done = Card.objects.filter(replaces=locked).first()
        if done is not None and done.request == asked.request:
            return done  # a second click
        if done is not None or Revocation.objects.filter(card=locked).exists():
            raise RefusalError("exists", "the card was withdrawn already")
        made = issue_card(replace(asked, person=locked.person, replaces=locked), by=by, now=now)
        if not isinstance(made, Card):
            # It would wait for another officer while the wrong card goes on: undone as a whole.
            raise DailyLimitError("a correction past the daily limit")
        if made.replaces_id != locked.id:
            raise RefusalError("exists", "this wish was granted for something else")
        crash.point("correct.issued")
        why = Ending("wrong-facts", note.strip(), kind="card-corrected", replacement=made)
        end_card(locked, why, by=by, now=now)
        crash.point("correct.withdrawn")
    return made


def check_withdrawal(card: Card, reason: str, note: str, by: Actor) -> None:
    """Refuse with `bad-input` another organisation's card, a reason not on the list, a note that is too long."""
    if card.organisation_id != by.staff().organisation:
        raise RefusalError("bad-input", "not a card of this organisation")
    if reason not in REASONS:
        raise RefusalError("bad-input", "not a reason of the list")
    if len(note) > LONGEST_NOTE:
        raise RefusalError("bad-input", "the note is too long")


def end_card(card: Card, why: Ending, *, by: Actor, now: datetime) -> Revocation:
    """Write that a card ends and tell its holder, in the running transaction; the first withdrawal counts.

    Asks nothing: who may end which card is for the caller to know.
    """
    # The lock makes the second of two clerks wait here, and find what the first one wrote.
    locked = Card.objects.select_for_update().get(id=card.id)
    found = Revocation.objects.filter(card=locked).first()
    if found is not None:
        return found
    note = "\n".join(dict.fromkeys(filter(None, (why.note, why.note_en))))
    made = Revocation.objects.create(
        card=locked, reason=why.reason, note=note, by=by.staff().user, at=now
    )
    crash.point("revoke.written")
    # Whoever asked a colleague to end this card need not wait any more.
    waiting = WithdrawalRequest.objects.filter(card=locked, approved=None)
    waiting.update(approved=False, decided_at=now)
    _tell(made, why, now)
    replaced = {"replaced_by": str(why.replacement.id)} if why.replacement else {}
    audit.record(
        "withdrew", by=by, now=now, subject=locked.person_id, about=(locked, "correct"),
        detail={"reason": why.reason, **replaced, **why.detail},
    )  # fmt: skip
    outbox.emit("card-revoked", {"card": str(locked.id), "reason": why.reason}, now=now)
    return made


def _tell(made: Revocation, why: Ending, now: datetime) -> None:
    card = made.card
    blanks = {
        "identifier": card.identifier,
        "pack": card.pack,
        "reason": made.reason,
        "note": why.note or why.note_en,
        "date": local_day(now).isoformat(),
        "office": card.organisation.name_zh,
        "office_en": card.organisation.name_en,
        "card": str(card.id),
    }
    if why.note_en:
        blanks["note_en"] = why.note_en
    if why.replacement is not None:
        blanks["replacement"] = why.replacement.identifier
        if (
            why.kind == "card-reissued"
        ):  # nothing on the old one was wrong, so the way leads to the new one
            blanks["card"] = str(why.replacement.id)
    people.tell(card.person, why.kind, blanks=blanks, now=now)
