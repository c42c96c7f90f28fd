"""Making an appeal, with an account or without; reading it again with its receipt; appealing once more.

- one appeal, one row, however often its form is sent; the form's request makes number and code, so that a
  page that is loaded again shows the same receipt, and only tokens are kept of both;
- of one person at most three wait at a time: more would not be decided sooner;
- a wrong code is counted; after ten of them the receipt rests for a day;
- no place, no card, no answer is kept, and of whoever has no account not even that they asked.
"""

from __future__ import annotations

import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction

from huxin.kernel.errors import RefusalError
from huxin.node.base import audit, people
from huxin.node.base.actor import NOBODY, Actor
from huxin.node.base.models import Person
from huxin.node.base.sealed import token
from huxin.node.base.slips import code_of, read_as, slip_token
from huxin.node.trust.models import Appeal, Hearing, PublishedRule
from huxin.node.trust.queries.rules import pack_of
from huxin.trust.appeals import due, holds_a_card, may_appeal_again

__all__ = [
    "LONGEST",
    "LONGEST_CONTACT",
    "MOST_TRIES",
    "NUMBER_LETTERS",
    "Receipt",
    "Said",
    "appeal",
    "appeal_again",
    "open_receipt",
]

LONGEST: Final = 1_000
LONGEST_CONTACT: Final = 120
MOST_TRIES: Final = 10
NUMBER_LETTERS: Final = 8
_REST: Final = timedelta(days=1)
_WAITING: Final = 3


@dataclass(frozen=True, slots=True)
class Said:
    """What an appeal says.  Without `person` it belongs to whoever holds the receipt."""

    purpose: str
    rule: str
    version: str
    text: str
    contact: str = ""
    person: Person | None = None
    at_desk: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is printed for whoever appealed; the code stands nowhere else."""

    appeal: Appeal
    code: str


def appeal(said: Said, *, request: uuid.UUID, by: Actor, now: datetime) -> Receipt:
    """Keep an appeal; refuses with `missing`, `bad-input`, or `exists` where three of a person wait.

    Without a person `by` is written nowhere, but for a clerk who writes down what is said at a desk.
    """
    by = by if said.person is not None or said.at_desk else NOBODY
    _check(said, by)
    code = code_of("appeal", request, request)
    try:
        with transaction.atomic():
            return Receipt(_same(request) or _write(said, request, code, by, now), code)
    except IntegrityError:
        found = _same(request)  # two clicks at one moment: the other one won
        if found is None:
            raise
        return Receipt(found, code)


def _check(said: Said, by: Actor) -> None:
    _check_text(said.text)
    if len(said.contact) > LONGEST_CONTACT:
        raise RefusalError("bad-input", "too long")
    person = said.person.id if said.person is not None else None
    if said.at_desk:
        by.staff()
        if person is not None and people.known_here(person, by=by) is None:
            raise RefusalError("bad-input", "not registered here")
    elif person is not None and (by.user is None or not by.owns(person)):
        raise RefusalError("bad-input", "not theirs to speak for")
    published = PublishedRule.objects.filter(purpose=said.purpose)
    if said.rule:
        published = published.filter(rule=said.rule, version=said.version)
    if (said.purpose or said.rule) and not published.exists():
        raise RefusalError("bad-input", "a rule that was never published")


def _check_text(text: str) -> None:
    if not text.strip():
        raise RefusalError("missing", "what is wrong")
    if len(text) > LONGEST:
        raise RefusalError("bad-input", "too long")
    if holds_a_card(text):
        raise RefusalError("bad-input", "the code of a card")


def _token(request: uuid.UUID) -> bytes:
    return token("appeal-request", str(request))


def _same(request: uuid.UUID) -> Appeal | None:
    return Appeal.objects.filter(request=_token(request)).first()


def _write(said: Said, request: uuid.UUID, code: str, by: Actor, now: datetime) -> Appeal:
    if said.person is not None:
        waiting = Hearing.objects.filter(appeal__person=said.person, decided_at=None)
        if waiting.count() >= _WAITING:
            raise RefusalError("exists", "appeals of this person wait already")
    made = Appeal.objects.create(
        number=_number(request),
        code=slip_token("appeal", code),
        request=_token(request),
        person=said.person,
        by=by.user,
        at_desk=said.at_desk,
        purpose=said.purpose,
        pack=pack_of(said.purpose),
        rule=said.rule,
        version=said.version if said.rule else "",
        contact=said.contact.strip(),
        made_at=now,
    )
    _hear(made, 1, said.text, now)
    audit.record("appealed", by=by, now=now, **_of(made))
    return made


def _number(request: uuid.UUID) -> str:
    return _grouped(code_of("appeal-number", request, request))


def _grouped(typed: str) -> str:
    letters = "".join(filter(str.isalnum, read_as(typed)))[:NUMBER_LETTERS]
    return f"{letters[:4]}-{letters[4:]}"


def _hear(made: Appeal, turn: int, text: str, now: datetime) -> Hearing:
    return Hearing.objects.create(
        appeal=made, turn=turn, text=text.strip(), made_at=now, due_at=due(now)
    )


def _of(made: Appeal) -> dict[str, Any]:
    return {"subject": made.person_id, "about": (made, "")}


def open_receipt(number: str, code: str, *, now: datetime) -> Appeal | None:
    """Return the appeal of a receipt; nothing for a wrong number or code, and for one that rests."""
    with transaction.atomic():
        found = Appeal.objects.select_for_update().filter(number=_grouped(number)).first()
        if found is None:
            audit.record("appeal-code-failed", by=NOBODY, now=now)
            return None
        rested = found.tried_at is None or found.tried_at <= now - _REST
        tries = 0 if rested else found.attempts
        if tries >= MOST_TRIES:
            return None
        good = hmac.compare_digest(bytes(found.code), slip_token("appeal", code))
        found.attempts, found.tried_at = (0, None) if good else (tries + 1, now)
        found.save(update_fields=["attempts", "tried_at"])
        if good:
            audit.record("read-appeal", by=NOBODY, now=now, **_of(found))
            return found
        audit.record("appeal-code-failed", by=NOBODY, now=now, **_of(found))
    return None


def appeal_again(made: Appeal, text: str, *, by: Actor, now: datetime) -> Hearing:
    """Appeal against the first decision; the second click finds what the first one made.

    Refuses with `missing`, `bad-input`, or `exists` where there is no decision, or a second one already.
    """
    _check_text(text)
    with transaction.atomic():
        locked = Appeal.objects.select_for_update().get(id=made.id)
        last = locked.hearings.order_by("turn").last()
        assert last is not None
        if last.turn > 1 and last.text == text.strip():
            return last
        if not may_appeal_again(last.turn, decided=last.decided_at is not None):
            raise RefusalError("exists", "not decided yet, or heard twice")
        again = _hear(locked, last.turn + 1, text, now)
        audit.record("appealed-again", by=by, now=now, **_of(locked))
    return again
