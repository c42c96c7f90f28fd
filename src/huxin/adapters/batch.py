"""A list of entries → cards in a folder, once each, whatever happens on the way.

Responsible for identifiers, files and the receipt.  Leaves the list to `tables`, a card to
`cards`, paper to `paper`, and everything that is said to a person to the command line.

- a line that gives no card (a name too long for a code, a letter that the font lacks) never
  stops the others; its fault is told like those of the list;
- files appear whole or not at all, under names that tell the line and the card, not the person;
- after a crash, `resume` makes what is missing: see `adapters.manifest`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from huxin.adapters import intake, output
from huxin.adapters.cards import Card, Wish, card_again, new_identifier, sign_card
from huxin.adapters.manifest import Manifest, Planned
from huxin.adapters.paper import picture, press
from huxin.adapters.paper.face import Region
from huxin.adapters.tables import RowFault
from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import kid_text
from huxin.packs.entries import Entry
from huxin.trust import reading
from huxin.trust.credentials.credential import StatusIndex
from huxin.trust.issue import MAX_TEXT, Signer

__all__ = [
    "FILE_FORMATS",
    "MAX_ONE_PDF",
    "Chance",
    "FileFormat",
    "Job",
    "Outcome",
    "StatusStart",
    "issue_in_memory",
    "issue_into_folder",
    "make_folder",
    "settings_hash",
]

FileFormat = Literal["txt", "png", "svg", "pdf"]
FILE_FORMATS: Final[tuple[FileFormat, ...]] = ("txt", "png", "svg", "pdf")

Chance = Callable[[int], bytes]
"""Gives so many random bytes."""

MAX_ONE_PDF: Final = 1_000  # cards in one document: the typesetter holds all of it in memory


@dataclass(frozen=True, slots=True)
class StatusStart:
    """Where the issuer's status list has room: the cards take places from `start` on."""

    uri: str
    start: int


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked of a batch, the same for all its cards.

    `on_paper` asks that every letter can be printed; `progress` is told after each line.
    """

    signer: Signer
    wish: Wish
    region: Region
    layout: press.Layout
    now: datetime
    chance: Chance
    on_paper: bool = False
    status: StatusStart | None = None
    progress: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the lines: cards by line in the order of the list, and faults.

    `resumed` counts cards that an earlier run had made.
    """

    cards: tuple[tuple[int, Card], ...]
    faults: tuple[RowFault, ...]
    resumed: int = 0


def make_folder(folder: Path) -> None:
    """Make a folder unless it is there; refuses with `bad-input`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        detail = f"{folder.name} cannot be made: {intake.reason(error)}"
        raise RefusalError("bad-input", detail) from error


def settings_hash(settings: Mapping[str, object]) -> str:
    """Return the hash by which a resumed run recognises that it was asked the same."""
    canonical = json.dumps(settings, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def issue_in_memory(entries: Sequence[tuple[int, Entry]], job: Job) -> Outcome:
    """Sign the cards and keep them in memory only: for one document, or for the screen."""
    places = _plan([line for line, _ in entries], job, taken=0)
    cards: list[tuple[int, Card]] = []
    faults: list[RowFault] = []
    for line, entry in entries:
        made = _card(line, entry, places[line], job)
        if isinstance(made, Card):
            cards.append((line, made))
        else:
            faults.append(made)
        job.progress()
    return Outcome(tuple(cards), tuple(faults))


def issue_into_folder(
    entries: Sequence[tuple[int, Entry]],
    job: Job,
    folder: Path,
    formats: Sequence[FileFormat],
    *,
    settings: str,
    resume: bool = False,
) -> Outcome:
    """Sign the cards and write their files and the receipt into `folder`.

    Refuses with `exists` where the folder holds a receipt that is not to be continued, or where the text
    of a card that an earlier run made is missing or was changed.  Such cards are read back from their
    texts, so `txt` must be among `formats` for them to be in the outcome.
    """
    head = {
        "pack": entries[0][1].pack.id if entries else "",
        "region": job.signer.region,
        "kid": kid_text(job.signer.kid),
        "environment": job.signer.environment,
        "settings": settings,
    }
    make_folder(folder)
    with Manifest.begin(folder, head, resume=resume) as manifest:
        # A killed run may have left a card that has no name yet, and a card is about a person.
        output.clear_unnamed(folder)
        unplanned = [line for line, _ in entries if line not in manifest.planned]
        manifest.plan(_plan(unplanned, job, taken=len(manifest.planned)))
        resumed = len(manifest.issued)
        # Read first: what is wrong with an earlier card is told before another one is signed.
        before = {
            line: _made_before(line, entry, (manifest, job, folder))
            for line, entry in entries
            if line in manifest.issued and "txt" in formats
        }
        cards: list[tuple[int, Card]] = []
        faults: list[RowFault] = []
        for line, entry in entries:
            if line in before:
                cards.append((line, before[line]))
            elif line not in manifest.issued:
                made = _make(line, entry, (manifest, job, folder, formats))
                cards += [(line, made)] if isinstance(made, Card) else []
                faults += [made] if isinstance(made, RowFault) else []
            job.progress()
        return Outcome(tuple(cards), tuple(faults), resumed)


def _plan(lines: Sequence[int], job: Job, *, taken: int) -> dict[int, Planned]:
    """Give each line an identifier and, where there is a status list, the next free place."""
    start = job.status.start + taken if job.status else None
    return {
        line: Planned(
            new_identifier(job.signer.region, job.chance), None if start is None else start + at
        )
        for at, line in enumerate(lines)
    }


def _card(line: int, entry: Entry, place: Planned, job: Job) -> Card | RowFault:
    status = None
    if job.status is not None and place.index is not None:
        status = StatusIndex(job.status.uri, place.index)
    try:
        card = sign_card(
            entry, job.signer, job.wish, identifier=place.identifier, now=job.now, status=status
        )
        if job.on_paper:
            press.check_letters(card)
    except press.MissingLetterError as error:
        return RowFault(line, error.field, error.refusal.code, error.refusal.detail)
    except RefusalError as error:
        return _fault(line, entry, error)
    return card


def _fault(line: int, entry: Entry, error: RefusalError) -> RowFault:
    """Return the fault of a line; a detail that is a column's id is its field."""
    code, detail = error.refusal.code, error.refusal.detail
    if any(column.id == detail for column in entry.pack.columns):
        return RowFault(line, detail, code)
    return RowFault(line, "", code, detail)


def _make(
    line: int, entry: Entry, work: tuple[Manifest, Job, Path, Sequence[FileFormat]]
) -> Card | RowFault:
    manifest, job, folder, formats = work
    place = manifest.planned[line]
    made = _drawn(line, entry, place, (job, formats))
    if isinstance(made, RowFault):
        manifest.note_refused(line, made.code, made.field)
        return made
    card, files = made
    for name, data in files.items():
        # Left by a run that was killed before it noted the card: that card was never handed out.
        (folder / name).unlink(missing_ok=True)
        output.write_new(folder / name, data)
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    manifest.note_issued(line, hashes, card.last_day.isoformat())
    return card


def _drawn(
    line: int, entry: Entry, place: Planned, wanted: tuple[Job, Sequence[FileFormat]]
) -> tuple[Card, dict[str, bytes]] | RowFault:
    """Return the card and the content of all its files: none is written unless all can be drawn."""
    job, formats = wanted
    card = _card(line, entry, place, job)
    if isinstance(card, RowFault):
        return card
    stem = _stem(line, card.identifier)
    try:
        return card, {f"{stem}.{one}": _file(card, one, job) for one in formats}
    except RefusalError as error:
        return _fault(line, entry, error)


def _stem(line: int, identifier: str) -> str:
    return f"{line:05d}-{identifier}"


def _file(card: Card, wanted: FileFormat, job: Job) -> bytes:
    if wanted == "txt":
        return card.credential.text.encode("ascii") + b"\n"
    if wanted == "png":
        return picture.png(card)
    if wanted == "svg":
        return picture.svg(card).encode("utf-8")
    return press.print_cards([card], layout=job.layout, region=job.region, now=job.now)


def _made_before(line: int, entry: Entry, work: tuple[Manifest, Job, Path]) -> Card:
    """Return the card of an earlier run from its text, which must be the one that was written."""
    manifest, job, folder = work
    identifier = manifest.planned[line].identifier
    path = folder / f"{_stem(line, identifier)}.txt"
    data = intake.read(path, limit=8 * MAX_TEXT) if path.is_file() else b""
    if hashlib.sha256(data).hexdigest() != manifest.issued[line].get(path.name):
        raise RefusalError("exists", f"{path.name} is missing or was changed")
    credential = reading.open(data.decode("ascii"))[0].credential
    assert credential is not None  # it was written by an earlier run, as the receipt tells
    specimen = job.signer.environment != "production"
    return card_again(entry, job.wish, credential, identifier=identifier, specimen=specimen)
