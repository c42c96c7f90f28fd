"""The audit trail: `record` in the transaction, `seal` in batches, `verify` whenever somebody asks.

Rows are written plain with what they tell of, so that neither can exist without the other.  A
sealer numbers them later and chains them: link n = SHA-256(link n-1 ‖ SHA-256(row)).  One chain
inside each transaction would be one lock for the whole node.

- nobody changes or deletes a row: a test reads the code for it, `verify` reads the chain;
- the head of the chain is also kept in a file beside the database, so that a trail cut short
  at its end is noticed too.
"""

from __future__ import annotations

import hashlib
import json
import sys
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from huxin.adapters import output
from huxin.kernel.instants import rfc3339
from huxin.node.base.actor import Actor
from huxin.node.base.models import AuditEntry, AuditLink

__all__ = [
    "Finding",
    "Note",
    "Read",
    "finding",
    "first",
    "read_head",
    "read_on",
    "record",
    "record_all",
    "seal",
    "verify",
]

_START: Final = bytes(32)
_BATCH: Final = 1_000
_LOOK_BACK: Final = 10_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What the chain says: how many rows it seals, how many wait, and where it breaks, if it does.

    `fault` is `changed`, `missing`, `cut` (rows the head file knows are gone) or nothing.
    """

    sealed: int
    waiting: int
    fault: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What one row tells: what was done, about whom, on which object and why; see `record`."""

    action: str
    subject: uuid.UUID | None = None
    about: tuple[object, str] | None = None
    detail: Mapping[str, Any] = field(default_factory=dict, hash=False)


def record(
    action: str,
    *,
    by: Actor,
    now: datetime,
    subject: uuid.UUID | None = None,
    about: tuple[object, str] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write that `by` did `action` about the person `subject`.

    `about` is the object concerned (named by its table and key) and the purpose.  `detail` holds
    no personal data: counts, codes, identifiers.
    """
    record_all([Note(action, subject, about, detail or {})], by=by, now=now)


def record_all(notes: Iterable[Note], *, by: Actor, now: datetime) -> None:
    """Write several rows at once, an entry each."""
    AuditEntry.objects.bulk_create([_entry(note, by, now) for note in notes])


def _entry(note: Note, by: Actor, now: datetime) -> AuditEntry:
    target, purpose = note.about or (None, "")
    return AuditEntry(
        at=now,
        actor=by.user,
        organisation=by.organisation,
        action=note.action,
        subject=note.subject,
        object=_name(target),
        purpose=purpose,
        detail=dict(note.detail),
    )


def _name(target: object) -> str:
    if target is None:
        return ""
    # Asked of the object, not of its type: the account of a request is a stand-in until it is looked at.
    return f"{target._meta.label_lower}:{target.pk}"  # type: ignore[attr-defined]  # any model


def seal(*, limit: int = _BATCH, everything: bool = False) -> int:
    """Chain up to `limit` rows that are not sealed yet; returns how many there were.

    With `everything`, rows are looked for from the first one on, not from the last that was sealed.
    """
    with transaction.atomic():
        last = AuditLink.objects.select_for_update().order_by("-number").first()
        number, link = (last.number, bytes(last.link)) if last else (0, _START)
        waiting = list(_waiting(None if everything else last).order_by("id")[:limit])
        links = []
        for entry in waiting:
            number, link = number + 1, _next(link, entry)
            links.append(AuditLink(number=number, entry=entry.id, link=link))
        # A second sealer at the same moment breaks on the numbers and seals nothing.
        AuditLink.objects.bulk_create(links)
        if links:
            transaction.on_commit(lambda: _write_head(number, link))
    return len(links)


def verify() -> Finding:
    """Read the whole chain and compare each row with it; takes the longer the older a node is."""
    read, head = first(), None
    while not (read.ended or read.fault):
        # The head is read before the links that it may tell of: whoever seals writes it after them.
        head = read_head()
        read = read_on(read, limit=_BATCH)
    return finding(read, head)


@dataclass(frozen=True, slots=True)
class Read:
    """How far the chain was read: the last number and link that hold, and where it breaks, if it does."""

    number: int
    link: bytes
    fault: str = ""
    ended: bool = False


def first() -> Read:
    """Return the place before the first entry."""
    return Read(0, _START)


def read_on(read: Read, *, limit: int) -> Read:
    """Read up to `limit` further links and compare each with its entry."""
    number, link = read.number, read.link
    links = list(AuditLink.objects.filter(number__gt=number).order_by("number")[:limit])
    entries = AuditEntry.objects.in_bulk([one.entry for one in links])
    for stored in links:
        number += 1
        entry = entries.get(stored.entry)
        if entry is None:
            return Read(number, link, "missing")
        link = _next(link, entry)
        if stored.number != number or link != bytes(stored.link):
            return Read(number, link, "changed")
    return Read(number, link, ended=len(links) < limit)


def finding(read: Read, head: tuple[int, str] | None) -> Finding:
    """Say what a chain that was read to its end says; `head` was read before its last links."""
    if read.fault:
        return Finding(read.number, 0, read.fault, read.number)
    waiting = max(0, AuditEntry.objects.count() - AuditLink.objects.count())
    if head is not None and (
        head[0] > read.number or (head[0] == read.number and head[1] != read.link.hex())
    ):
        return Finding(read.number, waiting, "cut", read.number)
    return Finding(read.number, waiting)


def _waiting(last: AuditLink | None) -> Any:
    """Return the entries that no link seals, looking back a while from the last that one does.

    Keys are made in order of time, so older ones are sealed, but for a transaction that took longer than
    the last ten thousand entries: `seal(everything=True)` finds those, and reads the whole table for it.
    """
    waiting = AuditEntry.objects.exclude(id__in=AuditLink.objects.values("entry"))
    if last is None or last.number <= _LOOK_BACK:
        return waiting
    floor = AuditLink.objects.get(number=last.number - _LOOK_BACK)
    since = AuditLink.objects.filter(number__gte=floor.number)
    recent = AuditEntry.objects.filter(id__gte=floor.entry)
    return recent.exclude(id__in=since.values("entry"))


def _next(link: bytes, entry: AuditEntry) -> bytes:
    return hashlib.sha256(link + hashlib.sha256(_canonical(entry)).digest()).digest()


def _canonical(entry: AuditEntry) -> bytes:
    row = {
        "id": str(entry.id),
        "at": rfc3339(entry.at),
        "actor": str(entry.actor or ""),
        "organisation": str(entry.organisation or ""),
        "action": entry.action,
        "subject": str(entry.subject or ""),
        "object": entry.object,
        "purpose": entry.purpose,
        "detail": entry.detail,
    }
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _head_file() -> Path:
    path: Path = settings.HUXIN.path
    return path / "audit-head.json"


def _write_head(number: int, link: bytes) -> None:
    """Tell of a longer trail; one that tells of more already stays, as evidence that some was cut off."""
    told = read_head()
    if told is None or told[0] < number:
        text = json.dumps({"number": number, "link": link.hex()})
        output.replace(_head_file(), text.encode("utf-8"))


def read_head() -> tuple[int, str] | None:
    """Return the number and the link that the file beside the database tells, or nothing without it.

    One that cannot be read tells of more than any trail holds: nobody may spoil it unseen.
    """
    try:
        head = json.loads(_head_file().read_text("utf-8"))
        return int(head["number"]), str(head["link"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return sys.maxsize, ""
