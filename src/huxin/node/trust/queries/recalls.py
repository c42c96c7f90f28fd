"""What the pages of a recall show: which cards and how many, what holders are told, what became of them.

- an organisation's own recalls, and nobody else's;
- before and while it runs there are counts and a few identifiers, no name;
- names stand where somebody has to be told on paper: whoever opens that list leaves a trace with each of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncDate

from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.base.audit import Note
from huxin.node.base.local_day import local_day
from huxin.node.base.models import AuditEntry, Person
from huxin.node.base.proxies import read_for
from huxin.node.trust.models import Card, Recall, RecallRow
from huxin.node.trust.queries.recall_cards import key_in_force
from huxin.node.trust.words import message_words
from huxin.packs import reader
from huxin.packs.reader import Words

__all__ = [
    "A_PAGE",
    "Key",
    "Line",
    "Preview",
    "Result",
    "counted",
    "history",
    "keys_here",
    "preview",
    "recall_here",
    "recalls_here",
    "result",
    "to_print",
    "unread",
    "waiting_here",
    "wanted_on_paper",
]

A_PAGE: Final = 100  # names in a list, and cards on one page for a printer
_MOST: Final = 100
_DAYS: Final = 14
_FIRST: Final = 5
_SEEN_LATELY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Line:
    """How many cards of a pack were issued on a day."""

    pack: str
    day: date
    cards: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a recall means, as counts: by pack and day, newest first, and `earlier` than those days."""

    cards: int
    people: int
    lines: tuple[Line, ...]
    earlier: int
    first: tuple[str, ...]
    unread: int
    told: Words


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the cards.  `refused` names those that stay as they were, with `code|detail`."""

    withdrawn: int
    reissued: int
    skipped: int
    waiting: int
    refused: tuple[tuple[Card, str], ...]
    refused_in_all: int

    @property
    def all(self) -> int:
        """All cards of the recall."""
        return self.done + self.waiting

    @property
    def done(self) -> int:
        """The cards that are settled."""
        return self.withdrawn + self.reissued + self.skipped + self.refused_in_all


@dataclass(frozen=True, slots=True)
class Key:
    """A key that signed cards in force, and is not the one in force: how many, between which days."""

    kid: str
    cards: int
    first: date
    last: date


def recalls_here(*, by: Actor) -> list[Recall]:
    """Return the organisation's recalls, newest first."""
    return list(_here(by).order_by("-asked_at")[:_MOST])


def recall_here(recall: uuid.UUID, *, by: Actor) -> Recall | None:
    """Return a recall of the officer's organisation; any other does not exist here."""
    return _here(by).filter(id=recall).first()


def waiting_here(*, by: Actor) -> int:
    """Return how many recalls of colleagues wait for this officer's look."""
    return _here(by).filter(state="waiting").exclude(asked_by=by.staff().user).count()


def _here(by: Actor) -> QuerySet[Recall]:
    return Recall.objects.filter(organisation_id=by.staff().organisation).select_related(
        "organisation"
    )


def keys_here(*, by: Actor, today: date) -> list[Key]:
    """Return the keys that signed the organisation's cards of today, without the one in force."""
    cards = Card.objects.filter(organisation_id=by.staff().organisation, revocation=None)
    current = cards.filter(last_day__gte=today).exclude(kid=key_in_force())
    found = current.values("kid").annotate(
        cards=Count("id"), first=Min("issued_at"), last=Max("issued_at")
    )
    return [
        Key(one["kid"], one["cards"], local_day(one["first"]), local_day(one["last"]))
        for one in found.order_by("-last")
    ]


def counted(recalls: Sequence[Recall]) -> dict[uuid.UUID, int]:
    """Return how many cards each recall means."""
    rows = RecallRow.objects.filter(recall__in=recalls).values_list("recall")
    return dict(rows.annotate(cards=Count("id")).order_by())


def preview(recall: Recall, *, now: datetime) -> Preview:
    """Return what officers look at before anything is done."""
    rows = recall.rows.all()
    day = TruncDate("card__issued_at", tzinfo=settings.HUXIN.time_zone)
    grouped = rows.annotate(day=day).values_list("card__pack", "day").annotate(cards=Count("id"))
    lines = [Line(*one) for one in grouped.order_by("-day", "card__pack")]
    named = rows.order_by("card_id").values_list("card__identifier", flat=True)
    first = tuple(named[:_FIRST])
    people = Person.objects.filter(id__in=rows.values("card__person"))
    return Preview(
        cards=sum(one.cards for one in lines),
        people=people.count(),
        lines=tuple(lines[:_DAYS]),
        earlier=sum(one.cards for one in lines[_DAYS:]),
        first=first,
        unread=_unread(rows, now).values("card__person").distinct().count(),
        told=_told(recall, lines, first, now),
    )


def _told(recall: Recall, lines: Sequence[Line], first: Sequence[str], now: datetime) -> Words:
    """Return the notice as the first holder will read it."""
    kind = "card-reissued" if recall.reason == "key-lost" else "card-recalled"
    blanks = {
        "identifier": first[0] if first else "…",
        "replacement": "…",
        "pack": lines[0].pack if lines else "…",
        "reason": recall.reason,
        "note": recall.note_zh or recall.note_en,
        "note_en": recall.note_en,
        "date": local_day(now).isoformat(),
        "office": recall.organisation.name_zh,
        "office_en": recall.organisation.name_en,
    }
    return message_words(kind, blanks)


def result(recall: Recall) -> Result:
    """Return what became of the cards so far."""
    rows = recall.rows.values_list("became").annotate(cards=Count("id"))
    found: dict[str, int] = dict(rows.order_by())
    refused = recall.rows.filter(became="refused").select_related("card").order_by("card_id")
    return Result(
        withdrawn=found.get("withdrawn", 0),
        reissued=found.get("reissued", 0),
        skipped=found.get("skipped", 0),
        waiting=found.get("", 0),
        refused=tuple((row.card, row.fault) for row in refused[:_MOST]),
        refused_in_all=found.get("refused", 0),
    )


def unread(
    recall: Recall, *, page: int, by: Actor, now: datetime
) -> tuple[list[tuple[Person, Card]], int]:
    """Return a page of the people whom no screen tells, with the card that each holds now; and how many they are.

    Of a recalled batch that is the withdrawn card, of a lost key the one that was signed anew.  Whoever looks is
    written down.
    """
    rows = _unread_rows(recall, now)
    found = [
        (row.card.person, row.made or row.card) for row in rows[page * A_PAGE : (page + 1) * A_PAGE]
    ]
    _note_seen([card for _, card in found], by, now)
    return found, rows.count()


def to_print(recall: Recall, *, start: int, now: datetime) -> list[Card]:
    """Return up to a hundred of the new cards for which paper is wanted, from the `start`-th on."""
    rows = _wanted_on_paper(recall, now)[start : start + A_PAGE]
    return [row.made for row in rows if row.made is not None]


def wanted_on_paper(recall: Recall, *, now: datetime) -> int:
    """Return for how many of the new cards paper is wanted."""
    return _wanted_on_paper(recall, now).count()


def _wanted_on_paper(recall: Recall, now: datetime) -> QuerySet[RecallRow]:
    # What was withdrawn since is not printed.
    return _unread_rows(recall, now).filter(became="reissued", made__revocation=None)


def _unread_rows(recall: Recall, now: datetime) -> QuerySet[RecallRow]:
    done = recall.rows.filter(became__in=("withdrawn", "reissued"))
    rows = _unread(done, now).order_by("card_id")
    return rows.select_related("card__person", "made__person", "made__organisation")


def _unread(rows: QuerySet[RecallRow], now: datetime) -> QuerySet[RecallRow]:
    """Return the rows of whom no screen tells: no account, and nobody with one who is told in their place.

    What may be a child's own affair is told to nobody in their place; rather one too many stands in the list.
    A pack that is not here cannot say that it keeps nothing.
    """
    open_ = [one for one in reader.pack_ids() if reader.pack(one).confidential is None]
    with_account = Person.objects.filter(user__is_active=True).values("id")
    told = Q(card__person__in=read_for(now=now).values("id")) & Q(card__pack__in=open_)
    return rows.exclude(card__person__in=with_account).exclude(told)


def _note_seen(cards: Sequence[Card], by: Actor, now: datetime) -> None:
    seen = AuditEntry.objects.filter(actor=by.user, action="saw-on-recall")
    lately = set(seen.filter(at__gt=now - _SEEN_LATELY).values_list("subject", flat=True))
    # Named by the card: what is kept from whoever acts for the person is kept here too.
    notes = [
        Note("saw-on-recall", one.person_id, (one, "correct"))
        for one in cards
        if one.person_id not in lately
    ]
    audit.record_all(notes, by=by, now=now)


def history(recall: Recall) -> list[AuditEntry]:
    """Return what happened to a recall, the first first."""
    name = f"{recall._meta.label_lower}:{recall.id}"
    return list(AuditEntry.objects.filter(object=name).order_by("at", "id")[:_MOST])
