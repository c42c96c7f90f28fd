"""One call of `huxin issue`, from a list that was read to cards on the disk.

Leaves the options to `issue`, and what is shown to `issue_report`.

- the key is asked for last: a list with faults in every row never needs it;
- what cannot end well (no typesetter, a file in the way, a key that may not) is refused before
  the first card is signed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
from rich.progress import Progress

from huxin.adapters import batch, cards, key_file, output, tables
from huxin.adapters.batch import FileFormat, Job, Outcome, StatusStart
from huxin.adapters.cards import Envelope, Wish
from huxin.adapters.key_file import KeyFileSigner
from huxin.adapters.paper import press
from huxin.adapters.paper.face import Region
from huxin.cli import speech
from huxin.cli.issue_report import Summary, write_faults
from huxin.cli.issue_words import say
from huxin.cli.options import ask_passphrase
from huxin.kernel.errors import RefusalError
from huxin.packs.reader import Pack, Words

__all__ = ["Asked", "run"]

_FAULTS: Final = "faults.csv"
_FORMATS: Final[tuple[FileFormat, ...]] = ("txt", "png", "pdf")
_WITHOUT_PAPER: Final[tuple[FileFormat, ...]] = ("txt", "png")


@dataclass(frozen=True, slots=True)
class Asked:
    """The command line, as it was typed."""

    pack: str | None
    key: Path | None
    passphrase_file: Path | None
    list_file: str | None
    given: tuple[str, ...]
    ignore: tuple[str, ...]
    out: Path | None
    formats: tuple[FileFormat, ...] | None
    one_pdf: Path | None
    layout: str
    region_name: str | None
    minimal: bool
    envelope: Envelope
    status_uri: str | None
    status_start: int | None
    preview: bool
    resume: bool
    at: datetime | None
    template: str | None
    as_json: bool


def run(wish: Asked, found: tables.List, data: bytes, now: datetime) -> Summary:
    """Issue the cards of a list; `data` are the bytes it was read from.  Needs `wish.key`."""
    lines = {line for line, _ in found.entries} | {fault.line for fault in found.faults}
    outcome = Outcome((), ())
    if found.entries:
        signer = _signer(wish, found, now)
        outcome = _sign(wish, found, data, (signer, now))
    faults = tuple(sorted((*found.faults, *outcome.faults), key=lambda one: one.line))
    refused = {fault.line for fault in faults}
    return Summary(
        found.pack,
        issued=len(lines - refused),
        lines=len(lines),
        faults=faults,
        resumed=outcome.resumed,
        folder=wish.out if found.entries else None,
        one_pdf=wish.one_pdf if outcome.cards else None,
        texts=_texts(wish, outcome),
        faults_file=_faults_file(wish, found.pack, faults),
    )


def _texts(wish: Asked, outcome: Outcome) -> tuple[str, ...]:
    """Return the texts of the cards where they are written nowhere else."""
    if wish.out is not None or wish.one_pdf is not None:
        return ()
    return tuple(card.credential.text for _, card in outcome.cards)


def _faults_file(wish: Asked, pack: Pack, faults: Sequence[tables.RowFault]) -> Path | None:
    if wish.out is not None:
        batch.make_folder(wish.out)
        return write_faults(wish.out / _FAULTS, pack, faults)
    if wish.one_pdf is not None:
        return write_faults(wish.one_pdf.with_suffix(f".{_FAULTS}"), pack, faults)
    return None


def _signer(wish: Asked, found: tables.List, now: datetime) -> KeyFileSigner:
    assert wish.key is not None
    locked = key_file.read(wish.key)
    about = locked.description
    cards.check_signer(found.entries[0][1], _wish(wish), domains=about.domains, usage=about.usage)
    if not about.valid_from <= now < about.valid_until:
        raise RefusalError("bad-input", "the key is not for this time: see huxin keys show")
    signer = locked.unlock(ask_passphrase("ask-passphrase", wish.passphrase_file))
    if about.environment == "test":
        click.echo(say("specimen"), err=True)
    if now > about.issues_until:
        click.echo(say("old-key", until=f"{about.issues_until:%Y-%m-%d}"), err=True)
    if wish.at is not None:
        click.echo(say("as-at", at=speech.current().time(wish.at)), err=True)
    return signer


def _wish(wish: Asked) -> Wish:
    return Wish(minimal=wish.minimal, envelope=wish.envelope)


def _sign(
    wish: Asked, found: tables.List, data: bytes, work: tuple[KeyFileSigner, datetime]
) -> Outcome:
    signer, now = work
    formats = _formats(wish)
    on_paper = wish.one_pdf is not None or "pdf" in formats
    if on_paper and not press.is_installed():
        raise RefusalError("tool", "huxin[paper]")
    region = _region(wish, signer)
    if on_paper:
        press.check_region(region)
    if wish.one_pdf is not None:
        _check_one_pdf(wish.one_pdf, len(found.entries))
    job = Job(
        signer=signer,
        wish=replace(_wish(wish), keys_end=signer.description.valid_until),
        region=region,
        layout="card" if wish.layout == "card" else "sheet",
        now=now,
        chance=secrets.token_bytes,
        on_paper=on_paper,
        status=_status(wish),
    )
    with _progress(len(found.entries)) as step:
        outcome = _made(replace(wish, formats=formats), found, data, replace(job, progress=step))
    if wish.one_pdf is not None and outcome.cards:
        _print_all(wish.one_pdf, outcome, job)
    return outcome


def _formats(wish: Asked) -> tuple[FileFormat, ...]:
    """Return which files each card gets: those asked for, else all that can be made here."""
    if wish.out is None:
        return ()
    if wish.formats is not None:
        return wish.formats
    if press.is_installed():
        return _FORMATS
    click.echo(say("no-paper"), err=True)
    return _WITHOUT_PAPER


def _check_one_pdf(path: Path, cards: int) -> None:
    """Refuse before a card is signed what could not be written at the end."""
    if path.exists():
        raise RefusalError("exists", path.name)
    if not path.absolute().parent.is_dir():
        raise RefusalError("bad-input", f"{path.name}: there is no such folder")
    if cards > batch.MAX_ONE_PDF:
        raise RefusalError("too-big", f"more than {batch.MAX_ONE_PDF} cards for one PDF")


def _made(wish: Asked, found: tables.List, data: bytes, job: Job) -> Outcome:
    if wish.out is None:
        return batch.issue_in_memory(found.entries, job)
    # The text of each card is what a later run, or the one PDF, is made from.
    kept: tuple[FileFormat, ...] = ("txt",) if wish.one_pdf is not None else ()
    formats = tuple(dict.fromkeys((*(wish.formats or ()), *kept)))
    settings = batch.settings_hash(
        {
            "list": batch.settings_hash({"bytes": data.hex()}),
            "pack": [found.pack.id, found.pack.version],
            "given": sorted(wish.given),
            "ignore": sorted(wish.ignore),
            "formats": formats,
            "layout": wish.layout,
            "region": [job.region.code, wish.region_name],
            "wish": [wish.minimal, wish.envelope],
            "status": [wish.status_uri, wish.status_start],
        }
    )
    return batch.issue_into_folder(
        found.entries, job, wish.out, formats, settings=settings, resume=wish.resume
    )


def _print_all(path: Path, outcome: Outcome, job: Job) -> None:
    with speech.console(errors=True).status(say("printing")):
        layout: press.Layout = "cards" if job.layout == "card" else "sheet"
        made = press.print_cards(
            [card for _, card in outcome.cards], layout=layout, region=job.region, now=job.now
        )
    output.write_new(path, made)


def _region(wish: Asked, signer: KeyFileSigner) -> Region:
    if wish.region_name is None:
        return Region(signer.region)
    zh, _, en = wish.region_name.partition("/")
    return Region(signer.region, Words(zh.strip(), en.strip() or zh.strip()))


def _status(wish: Asked) -> StatusStart | None:
    if wish.status_uri is None or wish.status_start is None:
        return None
    return StatusStart(wish.status_uri, wish.status_start)


@contextmanager
def _progress(lines: int) -> Iterator[Any]:
    """Give a function to call after each line; a bar shows where a person is looking."""
    console = speech.console(errors=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(say("issuing"), total=lines)
        yield lambda: bar.advance(task)
