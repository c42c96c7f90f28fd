"""People: registering, changing, finding.  The only writers of `Person` and what hangs on it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F

from huxin.kernel.errors import RefusalError
from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.base.ids import new_id
from huxin.node.base.models import Message, Person, PersonToken, Registration
from huxin.node.base.sealed import token

__all__ = ["FIELDS", "change", "find", "known_here", "register", "similar", "tell"]

FIELDS: Final = ("name", "latin", "birth", "sex", "document", "contact")
_MOST: Final = 20


def register(
    fields: Mapping[str, str], *, by: Actor, now: datetime, request: uuid.UUID | None = None
) -> Person:
    """Register a person at the actor's organisation; refuses with `missing` without any name.

    `request` is made with the form and becomes the person's key: a second click finds the person
    that the first one registered.
    """
    known = {name: fields.get(name, "").strip() for name in FIELDS}
    if not known["name"] and not known["latin"]:
        raise RefusalError("missing", "name")
    staff = by.staff()
    key = request or new_id()
    try:
        with transaction.atomic():
            person = Person.objects.create(id=key, **known, registered_at=now)
            _write_tokens(person)
            Registration.objects.create(
                person=person, organisation_id=staff.organisation, since=now
            )
            audit.record("registered", by=by, now=now, subject=person.id, about=(person, "issue"))
    except IntegrityError as error:
        found = known_here(key, by=by)
        if found is None:
            raise RefusalError("bad-input", "a key that is taken") from error
        return found
    return person


def change(
    person: uuid.UUID, fields: Mapping[str, str], *, version: int, by: Actor, now: datetime
) -> Person:
    """Change a person's fields; refuses with `exists` when somebody else did so meanwhile."""
    known = {name: fields[name].strip() for name in FIELDS if name in fields}
    with transaction.atomic():
        found = Person.objects.select_for_update().get(id=person)
        if found.version != version:
            raise RefusalError("exists", "changed by somebody else meanwhile")
        for name, value in known.items():
            setattr(found, name, value)
        found.version = version + 1
        found.save()
        found.tokens.all().delete()
        _write_tokens(found)
        detail = {"fields": sorted(known)}
        audit.record(
            "changed-person",
            by=by,
            now=now,
            subject=person,
            about=(found, "correct"),
            detail=detail,
        )
    return found


def find(words: str, birth: str, *, purpose: str, by: Actor, now: datetime) -> list[Person]:
    """Return people of the actor's organisation whose name or document is exactly `words`.

    `birth` (a year or a date, or empty) narrows.  Each hit is an entry in that person's trail.
    """
    wanted = [token("name", words), token("document", words)]
    found = [one for one in _here(by, wanted) if one.birth.startswith(birth.strip())][:_MOST]
    with transaction.atomic():
        for one in found:
            audit.record("found", by=by, now=now, subject=one.id, about=(one, purpose))
    return found


def similar(fields: Mapping[str, str], *, by: Actor) -> list[Person]:
    """Return people of the organisation who may be the same: same name, reading or document.

    Whoever has the same reading (Latin name) but another name is offered too: a homophone.
    """
    wanted = [token("name", fields[name]) for name in ("name", "latin") if fields.get(name)]
    if fields.get("document"):
        wanted.append(token("document", fields["document"]))
    return list(_here(by, wanted))[:_MOST]


def known_here(person: uuid.UUID, *, by: Actor) -> Person | None:
    """Return a person registered at the actor's organisation, or nobody."""
    here = Registration.objects.filter(person_id=person, organisation_id=by.staff().organisation)
    return Person.objects.filter(id=person).first() if here.exists() else None


def tell(
    person: Person,
    kind: str,
    *,
    blanks: Mapping[str, str],
    now: datetime,
    once: uuid.UUID | None = None,
) -> None:
    """Leave a notice for a person, in the running transaction; `once` names what it must not repeat.

    A blank called `pack` says what it is about.
    """
    pack = blanks.get("pack", "")
    fields = {"person": person, "kind": kind, "pack": pack, "blanks": dict(blanks), "at": now}
    if once is None:
        Message.objects.create(**fields)
    else:
        Message.objects.get_or_create(id=once, defaults=fields)


def _here(by: Actor, wanted: list[bytes]) -> Iterator[Person]:
    found = Person.objects.filter(
        tokens__value__in=wanted, registrations__organisation_id=by.staff().organisation
    )
    return found.annotate(since=F("registered_at")).distinct().order_by("since").iterator()


def _write_tokens(person: Person) -> None:
    values = {token("name", text) for text in (person.name, person.latin) if text}
    # A document is found by all that was written, and by its number alone, which stands last.
    values |= {
        token("document", text) for text in (person.document, *person.document.split()[-1:]) if text
    }
    PersonToken.objects.bulk_create([PersonToken(person=person, value=one) for one in values])
