"""`huxin doctor`: is this computer fit to verify, to issue and to print?  And what ends when?"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, Literal

import click
from rich.table import Table
from rich.text import Text

from huxin.adapters import clock, key_file, pdf_pages, trust_file
from huxin.adapters.paper import font, press
from huxin.cli import speech
from huxin.cli.options import EXISTING_FILE, json_option, language_option
from huxin.cli.speech import Speech
from huxin.kernel.errors import RefusalError
from huxin.packs import reader
from huxin.trust import qr

__all__ = ["doctor"]

State = Literal["fine", "look", "broken"]

_SYMBOLS: Final[dict[State, str]] = {"fine": "✓", "look": "!", "broken": "✕"}
_COLOURS: Final[dict[State, str]] = {"fine": "green", "look": "yellow", "broken": "red"}
_BROKEN: Final = 1
_YEARS: Final = range(2026, 2100)
_PYTHON: Final = (3, 11)
_LIBRARIES: Final = (
    "cbor2", "click", "cryptography", "openpyxl", "pillow", "pypdfium2", "rich", "zxing-cpp",
)  # fmt: skip
_RARE: Final = "㑇䶮𠅤"
_SOON: Final = timedelta(days=14)
_OTHERS: Final = 0o077
_PROBE: Final = "HUXIN"
# The smallest PDF with a page; readers find their way without its table of places.
_PDF: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1"
    b">>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj trailer<</Root 1 0 R>>"
)
_EPILOG: Final = """\b
Examples 例:
  huxin doctor
  huxin doctor qv.key --trust regions.json --folder /srv/cards
"""


@dataclass(frozen=True, slots=True)
class _Finding:
    """One line: what was looked at, how it is, what was found, and what to do."""

    what: str
    state: State
    found: str
    todo: str = ""


@click.command(epilog=_EPILOG, short_help="Is this computer in order? 检查本机")
@click.argument("keys", nargs=-1, type=EXISTING_FILE, metavar="[KEYFILE]...")
@click.option(
    "--trust", type=EXISTING_FILE, multiple=True, envvar="HUXIN_TRUST", help="Trust file."
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=".",
    show_default=True,
    help="Folder that cards are to be written to.",
)
@json_option
@language_option
def doctor(keys: tuple[Path, ...], trust: tuple[Path, ...], folder: Path, as_json: bool) -> None:
    """Look after this computer: clock, libraries, fonts, folders, and which keys end when.

    检查本机：时钟、程序库、字体、文件夹，以及密钥何时到期。
    """
    words = speech.current()
    findings = list(_findings(keys, trust, folder, words))
    states = {one.state for one in findings}
    if as_json:
        speech.print_json([_data(one) for one in findings])
    else:
        _show(findings)
        end = "broken" if "broken" in states else "look" if "look" in states else "fine"
        click.echo(words.say(f"doctor-{end}"))
    if "broken" in states:
        click.get_current_context().exit(_BROKEN)


def _data(one: _Finding) -> dict[str, Any]:
    return {"what": one.what, "state": one.state, "found": one.found, "todo": one.todo}


def _show(findings: Sequence[_Finding]) -> None:
    table = Table.grid(padding=(0, 2, 0, 0))
    for one in findings:
        mark = Text(_SYMBOLS[one.state], _COLOURS[one.state])
        hint = f"\n→ {one.todo}" if one.todo else ""
        table.add_row(mark, Text(one.what), Text(speech.harmless(one.found) + hint))
    speech.console().print(table)


def _findings(
    keys: Sequence[Path], trust: Sequence[Path], folder: Path, words: Speech
) -> Iterator[_Finding]:
    moved = bool(os.environ.get(clock.NOW))
    now = clock.now()
    yield _clock(now, moved, words)
    zone = now.astimezone().strftime("%Z %z")
    yield _Finding(words.say("doctor-zone"), "fine", zone)
    yield _python(words)
    for name in _LIBRARIES:
        yield _library(name, words)
    yield _codes(words)
    yield _pdf(words)
    yield _typst(words)
    yield _font(words)
    yield _folder(folder, words)
    yield _terminal(words)
    yield from _packs(words)
    for path in keys:
        yield from _key(path, now, words)
    for path in trust:
        yield _trust(path, now, words)


def _clock(now: datetime, moved: bool, words: Speech) -> _Finding:
    what, shown = words.say("doctor-clock"), words.time(now)
    if moved:
        return _Finding(what, "look", words.say("found-moved", now=shown), words.say("todo-moved"))
    if now.year not in _YEARS:
        found = words.say("found-implausible", now=shown)
        return _Finding(what, "broken", found, words.say("todo-clock"))
    return _Finding(what, "fine", shown)


def _python(words: Speech) -> _Finding:
    if sys.version_info < _PYTHON:
        todo = words.say("todo-python")
        return _Finding(words.say("doctor-python"), "broken", platform.python_version(), todo)
    return _Finding(words.say("doctor-python"), "fine", platform.python_version())


def _library(name: str, words: Speech) -> _Finding:
    what = words.say("doctor-library", name=name)
    try:
        return _Finding(what, "fine", version(name))
    except PackageNotFoundError:
        return _Finding(what, "broken", words.say("missing"), words.say("todo-library"))


def _codes(words: Speech) -> _Finding:
    what = words.say("doctor-codes")
    try:
        works = qr.read(qr.png(_PROBE)) == (_PROBE,)
    except RefusalError:
        works = False
    return _working(what, works, words)


def _pdf(words: Speech) -> _Finding:
    try:
        works = len(pdf_pages.pages(_PDF)) == 1
    except RefusalError:
        works = False
    return _working(words.say("doctor-pdf"), works, words)


def _working(what: str, works: bool, words: Speech) -> _Finding:
    if works:
        return _Finding(what, "fine", words.say("found-works"))
    return _Finding(what, "broken", words.say("found-fails"), words.say("todo-library"))


def _typst(words: Speech) -> _Finding:
    what = words.say("doctor-typst")
    if not press.is_installed():
        return _Finding(what, "look", words.say("missing"), words.say("todo-paper"))
    return _Finding(what, "fine", words.say("found-works"))


def _font(words: Speech) -> _Finding:
    what = words.say("doctor-font")
    try:
        lacking = font.lacking(_RARE)
    except RefusalError:
        return _Finding(what, "look", words.say("missing"), words.say("todo-paper"))
    if lacking:
        found = words.say("found-letters", letters=" ".join(lacking))
        return _Finding(what, "look", found, words.say("todo-paper"))
    return _Finding(what, "fine", words.say("found-drawn"))


def _folder(folder: Path, words: Speech) -> _Finding:
    what = words.say("doctor-folder")
    try:
        with tempfile.TemporaryFile(dir=folder):
            return _Finding(what, "fine", str(folder))
    except OSError as error:
        found = f"{folder}: {error.strerror}"
        return _Finding(what, "broken", found, words.say("todo-folder"))


def _terminal(words: Speech) -> _Finding:
    encoding = sys.stdout.encoding or "?"
    if encoding.lower().replace("-", "") != "utf8":
        return _Finding(words.say("doctor-terminal"), "look", encoding, words.say("todo-terminal"))
    return _Finding(words.say("doctor-terminal"), "fine", encoding)


def _packs(words: Speech) -> Iterator[_Finding]:
    installed = [name for name in reader.pack_ids() if reader.origin(name)]
    shipped = len(reader.pack_ids()) - len(installed)
    found = words.say("found-packs", shipped=shipped, installed=len(installed))
    yield _Finding(words.say("doctor-packs"), "fine", found)
    for one in reader.refused_packs():
        what = words.say("doctor-pack", id=speech.harmless(one.id))
        yield _Finding(what, "look", f"{one.origin}: {one.why}", words.say("todo-pack"))


# ----------------------------------------------------------------------------- the expiry calendar


def _key(path: Path, now: datetime, words: Speech) -> Iterator[_Finding]:
    what = words.say("doctor-key", name=path.name)
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        todo = words.say("todo-mode", name=path.name)
        yield _Finding(what, "look", words.say("found-mode"), todo)
    try:
        key = key_file.read(path).description
    except RefusalError as error:
        yield _Finding(what, "broken", error.refusal.detail, words.say("todo-key"))
        return
    until, day = key.valid_until, f"{key.valid_until:%Y-%m-%d}"
    if until <= now:
        found = words.say("found-expired", date=day)
        yield _Finding(what, "broken", found, words.say("todo-renew"))
    elif until - now < _SOON:
        found = words.say("found-ends", date=day, days=(until - now).days)
        yield _Finding(what, "look", found, words.say("todo-renew"))
    elif key.issues_until <= now:
        found = words.say("found-signing-over", date=f"{key.issues_until:%Y-%m-%d}", until=day)
        yield _Finding(what, "look", found, words.say("todo-renew"))
    else:
        found = words.say("found-ends", date=day, days=(until - now).days)
        yield _Finding(what, "fine", found)


def _trust(path: Path, now: datetime, words: Speech) -> _Finding:
    what = words.say("doctor-trust", name=path.name)
    try:
        content = trust_file.read(path)
    except RefusalError as error:
        return _Finding(what, "broken", error.refusal.detail, words.say("todo-trust"))
    if content.as_of is not None and now < content.as_of:
        found = words.say("found-behind", now=words.time(now))
        return _Finding(what, "broken", found, words.say("todo-clock"))
    ends = [one.valid_until for one in content.anchors if one.valid_until is not None]
    over = sum(end <= now for end in ends)
    soon = sum(now < end < now + _SOON for end in ends)
    found = words.say("found-keys", count=len(content.anchors), expired=over, soon=soon)
    if over == len(content.anchors):
        return _Finding(what, "broken", found, words.say("todo-trust"))
    return _Finding(what, "look" if over or soon else "fine", found)
