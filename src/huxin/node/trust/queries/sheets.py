"""Session sheets as their pages show them: an organisation's own, and nobody else's.

- whoever opens a sheet leaves a trace with each person named on it, once in ten minutes;
- what became of a row is read from its card and its wish, so that an approval elsewhere shows here;
- whoever has exactly the name and the whole birth date of one registered person, and no other document, is
  that person; whoever may be somebody registered is for a clerk to decide.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import parse_partial_date
from huxin.node.base import audit, people
from huxin.node.base.actor import Actor
from huxin.node.base.audit import Note
from huxin.node.base.models import AuditEntry, Person, User
from huxin.node.base.sealed import token
from huxin.node.trust.models import Card, IssueRequest, SessionSheet, SheetRow

__all__ = [
    "SIMILAR",
    "Line",
    "cards_to_print",
    "is_asked",
    "lines",
    "match",
    "sheet_here",
    "sheets_here",
    "ticked_rows",
]

SIMILAR: Final = "similar"  # the mark of a row that may be somebody registered
_SEEN_LATELY: Final = timedelta(minutes=10)
_MOST_SHEETS: Final = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A row as a page shows it.  `state`: open, ticked, waiting, declined or signed."""

    row: SheetRow
    state: str
    ticker: str = ""
    card: Card | None = None
    wish: IssueRequest | None = None
    alike: Sequence[Person] = ()

    @property
    def name(self) -> str:
        return str(self.row.cells.get("name") or self.row.cells.get("latin", ""))

    @property
    def latin(self) -> str:
        """The name in Latin letters, where it is another one."""
        return str(self.row.cells.get("latin", "")) if self.row.cells.get("name") else ""

    @property
    def birth(self) -> str:
        return str(self.row.cells.get("birth", ""))

    @property
    def is_marked(self) -> bool:
        """Whether a clerk has to say who this is."""
        return self.row.person_id is None and self.row.fault == SIMILAR

    @property
    def is_ticked(self) -> bool:
        return self.row.ticked_at is not None

    @property
    def is_free(self) -> bool:
        """Whether the tick can still be set and taken back."""
        return self.state in ("open", "ticked", "declined")


def sheets_here(*, by: Actor) -> list[SessionSheet]:
    """Return the sheets of the officer's organisation, newest first, with how far each is."""
    # By the wish, not by the row: a card that a colleague approved stands in no row.
    signed = Card.objects.filter(request=OuterRef("rows__request"))
    counted = {
        "names": Count("rows"),
        "ticks": Count("rows", filter=Q(rows__ticked_at__isnull=False)),
        "cards": Count("rows", filter=Exists(signed)),
    }
    return list(_here(by).annotate(**counted).order_by("-opened_at")[:_MOST_SHEETS])


def _here(by: Actor) -> QuerySet[SessionSheet]:
    return SessionSheet.objects.filter(organisation_id=by.staff().organisation)


def sheet_here(sheet: uuid.UUID, *, by: Actor) -> SessionSheet | None:
    """Return a sheet of the officer's organisation; any other does not exist here."""
    return _here(by).filter(id=sheet).first()


def lines(sheet: SessionSheet, *, by: Actor, now: datetime) -> list[Line]:
    """Return the rows of a sheet, and record that the people on it were seen."""
    rows = list(sheet.rows.select_related("person").order_by("position"))
    requests = [row.request for row in rows]
    cards = {card.request: card for card in Card.objects.filter(request__in=requests)}
    wishes = {one.request: one for one in IssueRequest.objects.filter(request__in=requests)}
    names = _names(rows)
    found = [
        Line(
            row,
            _state(row, cards.get(row.request), wishes.get(row.request)),
            names.get(row.ticked_by, ""),
            cards.get(row.request),
            wishes.get(row.request),
            _alike(row, by),
        )
        for row in rows
    ]
    _note_seen(sheet, found, by, now)
    return found


def _names(rows: Collection[SheetRow]) -> dict[uuid.UUID | None, str]:
    ids = {row.ticked_by for row in rows if row.ticked_by}
    return {one.id: one.shown or one.username for one in User.objects.filter(id__in=ids)}


def _state(row: SheetRow, card: Card | None, wish: IssueRequest | None) -> str:
    if card is not None:
        return "signed"
    if wish is not None:
        return "declined" if wish.approved is False else "waiting"
    return "ticked" if row.ticked_at is not None else "open"


def _alike(row: SheetRow, by: Actor) -> Sequence[Person]:
    if row.person_id is not None or row.fault != SIMILAR:
        return ()
    exact, alike = match(row.cells, by=by)
    return [exact] if exact else alike


def _note_seen(sheet: SessionSheet, found: Sequence[Line], by: Actor, now: datetime) -> None:
    key = f"{sheet._meta.label_lower}:{sheet.pk}"
    seen = AuditEntry.objects.filter(actor=by.user, action="saw-on-list", object=key)
    if seen.filter(at__gt=now - _SEEN_LATELY).exists():
        return
    people_ = {line.row.person_id for line in found if line.row.person_id}
    people_ |= {one.id for line in found for one in line.alike}
    notes = [Note("saw-on-list", person, (sheet, "issue")) for person in sorted(people_)]
    audit.record_all(notes, by=by, now=now)


def match(cells: Mapping[str, str], *, by: Actor) -> tuple[Person | None, list[Person]]:
    """Return the one registered person with this name and whole birth date, or whoever may be meant.

    Two documents that differ, or a birth that is known to the year only, leave it to a clerk.
    """
    fields = {name: cells.get(name, "") for name in people.FIELDS}
    alike = people.similar(fields, by=by)
    wanted = (fields["name"] or fields["latin"], fields["birth"])
    exact = [one for one in alike if (one.name or one.latin, one.birth) == wanted]
    sure = len(exact) == 1 and _is_whole(wanted[1]) and not _differ(exact[0], fields["document"])
    return (exact[0], []) if sure else (None, alike)


def _is_whole(birth: str) -> bool:
    try:
        return parse_partial_date(birth).day is not None
    except RefusalError:
        return False


def _differ(person: Person, document: str) -> bool:
    known = str(person.document)
    return bool(known and document) and token("document", known) != token("document", document)


def is_asked(row: SheetRow) -> bool:
    """Tell whether a row has its card, or waits for it; one that was declined is free again."""
    if row.card_id or Card.objects.filter(request=row.request).exists():
        return True
    return IssueRequest.objects.filter(request=row.request).exclude(approved=False).exists()


def cards_to_print(sheet: SessionSheet) -> list[Card]:
    """Return the cards of a sheet in its order; what was withdrawn or replaced is left out."""
    order = list(sheet.rows.order_by("position").values_list("request", flat=True))
    found = Card.objects.filter(
        request__in=order, organisation_id=sheet.organisation_id, revocation=None, replaced_by=None
    )
    by_request = {card.request: card for card in found.select_related("person", "organisation")}
    return [by_request[one] for one in order if one in by_request]


def ticked_rows(sheet: SessionSheet) -> list[uuid.UUID]:
    """Return the rows that are ticked now, by whomever."""
    ticked = sheet.rows.filter(ticked_at__isnull=False).order_by("position")
    return list(ticked.values_list("id", flat=True))
