"""The conformance door: cases in as lines of JSON, answers out as lines of JSON.

    {"id", "text" | "texts" | "picture" | "file", "keys": […], "revoked"?: […], "at"}
    {"id", "format", "steps", "claims", "facts", "verdict", "code"}

- one line in, one line out, in order; a line that is no case gets the code `bad-input`, and the
  next one is read;
- a step is true where it held, false where it failed, null where it was not reached;
- keys are lent for the line: nobody says whose they are, so a certificate may sign any HCERT.  A key
  that no operation can be done with is not offered;
- of several cards in a line the worst is told of; `texts` are shown together, by one person.

The law of this format is in `spec/`; other implementations answer the same lines.
"""

from __future__ import annotations

import base64
import binascii
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Final

import click
from rich.progress import Progress

from huxin.adapters import intake, pdf_pages
from huxin.adapters.key_material import certificate_bytes, lent_certificate, lent_jwk
from huxin.cli import speech
from huxin.cli.plain_data import plain
from huxin.kernel.errors import HuxinError, Refusal, RefusalError, UnusableKeyError
from huxin.kernel.instants import parse_instant
from huxin.trust import qr, reading
from huxin.trust.anchors import Anchor, TrustStore
from huxin.trust.credentials.facts import as_json
from huxin.trust.reading import Reading
from huxin.trust.status.card_revocation_list import CardRevocationLists
from huxin.trust.verdict import CardCheck, Verdict
from huxin.trust.verify import Basis, verify

__all__ = ["MAX_LINE", "answer", "run"]

MAX_LINE: Final = 25_000_000

_SOURCES: Final = ("text", "texts", "picture", "file")
_MAX_KEYS: Final = 10_000
_HCERT_STEPS: Final = (
    "picture", "prefix", "base45", "inflate", "cose", "key", "signature", "time", "usage",
    "plausible",
)  # fmt: skip
_HEALTH_CARD_STEPS: Final = (
    "picture", "digits", "jws", "inflate", "key", "signature", "time", "plausible", "revoked",
)  # fmt: skip
_ONLY_HEALTH_CARDS: Final = frozenset({"digits", "jws"})
_PDF: Final = b"%PDF"
_WORST_FIRST: Final = ("rejected", "unknown", "cross-check", "accepted")
_INFINITE: Final = float("inf")  # what a number too large for JSON's readers becomes


def answer(line: bytes, folder: Path) -> dict[str, Any]:
    """Return the answer to one line; `file` in it is relative to `folder`."""
    identifier = None
    try:
        case = _object(line)
        identifier = _identifier(case)
        shown = _shown(case, folder)
        basis = Basis(_trust(case.get("keys")), _status(case.get("revoked")))
        now = _at(case)
        verdicts = [verify(cards, basis, now=now) for cards in shown]
        return _told(identifier, min(verdicts, key=lambda one: _WORST_FIRST.index(one.outcome)))
    except HuxinError:
        return _bad_input(identifier)


def _bad_input(identifier: str | int | float | None) -> dict[str, Any]:
    return {
        "id": identifier,
        "format": None,
        "steps": {},
        "claims": None,
        "facts": None,
        "verdict": "unknown",
        "code": "bad-input",
    }


def _told(identifier: str | int | float | None, verdict: Verdict) -> dict[str, Any]:
    check = verdict.cards[verdict.reasons[0].card or 0]
    credential = check.reading.credential
    facts = credential.facts if credential is not None else None
    return {
        "id": identifier,
        "format": credential.format if credential is not None else check.reading.format,
        "steps": _steps(check),
        "claims": plain(credential.claims) if credential is not None else None,
        "facts": plain(as_json(facts)) if facts is not None else None,
        "verdict": verdict.outcome,
        "code": verdict.code,
    }


def _steps(check: CardCheck) -> dict[str, bool | None]:
    health_card = check.reading.format == "shc" or _ONLY_HEALTH_CARDS & check.steps.keys()
    names = _HEALTH_CARD_STEPS if health_card else _HCERT_STEPS
    return {name: check.steps.get(name) for name in names}


# ----------------------------------------------------------------------------------------- one case


def _object(line: bytes) -> dict[str, Any]:
    try:
        case = json.loads(line.decode("utf-8-sig"), parse_constant=_no_constant)
    # The parser gives up on a line nested thousands deep with the second of these.
    except (ValueError, RecursionError) as error:
        raise RefusalError("bad-input", "not JSON") from error
    if not isinstance(case, dict):
        raise RefusalError("bad-input", "not an object")
    return case


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _identifier(case: Mapping[str, Any]) -> str | int | float | None:
    identifier = case.get("id")
    if not isinstance(identifier, str | int | float | None) or identifier in (
        _INFINITE,
        -_INFINITE,
    ):
        raise RefusalError("bad-input", "id: not a text or a number")
    return identifier


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise RefusalError("bad-input", "not a text")
    return value


def _list(value: object, limit: int = _MAX_KEYS) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > limit:
        raise RefusalError("bad-input", "not a list")
    return value


def _at(case: Mapping[str, Any]) -> datetime:
    return parse_instant(_text(case.get("at")))


def _shown(case: Mapping[str, Any], folder: Path) -> list[tuple[Reading, ...]]:
    """Return the cards, in groups that are judged together."""
    given = [name for name in _SOURCES if case.get(name) is not None]
    if len(given) != 1:
        raise RefusalError("bad-input", "one of text, texts, picture, file")
    (kind,) = given
    if kind == "texts":
        texts = tuple(map(_text, _list(case[kind])))
        if not texts:
            raise RefusalError("bad-input", "no card")
        return [reading.open(texts)]  # shown together, so by one person
    # One file may hold the cards of a whole family, and each is judged for itself.
    return [(card,) for card in _opened_one(kind, _text(case[kind]), folder)]


def _opened_one(kind: str, value: str, folder: Path) -> tuple[Reading, ...]:
    if kind == "picture":
        return _picture(value)
    return _file(folder / value) if kind == "file" else reading.open(value)


def _file(path: Path) -> tuple[Reading, ...]:
    # A pipe or a device would keep every later line waiting.
    if not path.is_file():
        raise RefusalError("bad-input", "no such file")
    return reading.open(intake.read(path, limit=MAX_LINE), pages=pdf_pages.pages)


def _picture(text: str) -> tuple[Reading, ...]:
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusalError("bad-input", "not base64") from error
    if not qr.is_picture(data) and not data.startswith(_PDF):
        # `open` would take these bytes for a text, and they were said to be a picture.
        refusal = Refusal("picture", "of a kind that is not read")
        return (Reading(None, (), failed="picture", refusal=refusal),)
    return reading.open(data, pages=pdf_pages.pages)


def _status(lists: object) -> CardRevocationLists | None:
    return CardRevocationLists.parse(_list(lists)) if lists is not None else None


# --------------------------------------------------------------------------------------------- keys


def _trust(keys: object) -> TrustStore:
    return _store(tuple(map(_key, _list(keys))))


def _key(key: object) -> tuple[str, str, str | None]:
    """Return a lent key as (kind, text, issuer), which can be remembered."""
    fields = key if isinstance(key, dict) else {}
    certificate, jwk, issuer = (fields.get(name) for name in ("certificate", "jwk", "issuer"))
    if (certificate is None) == (jwk is None):
        raise RefusalError("bad-input", "a key is a certificate or a jwk")
    owner = None if issuer is None else _text(issuer)
    if certificate is not None:
        return "certificate", _text(certificate), owner
    if not isinstance(jwk, dict):
        raise RefusalError("bad-input", "jwk: not an object")
    return "jwk", json.dumps(jwk, sort_keys=True), owner


# Cases of one issuer repeat its keys, and making a key costs more than checking with it.
@lru_cache(maxsize=1_024)
def _store(keys: tuple[tuple[str, str, str | None], ...]) -> TrustStore:
    return TrustStore(anchor for key in keys for anchor in _anchors(key))


@lru_cache(maxsize=8_192)
def _anchors(key: tuple[str, str, str | None]) -> tuple[Anchor, ...]:
    kind, text, issuer = key
    try:
        if kind == "certificate":
            return lent_certificate(certificate_bytes(text))
        return lent_jwk(json.loads(text), issuer)
    except (UnusableKeyError, RefusalError):
        return ()


# ------------------------------------------------------------------------------------- the whole run


def run(name: str) -> None:
    """Answer every line of a file, or of standard input for `-`, on standard output."""
    with _opened(name) as stream:
        folder = Path() if name == "-" else Path(name).parent
        for line in _lines(stream):
            told = _answer_whatever_comes(line, folder)
            # Escapes only: a lone half of a character in a card must not stop the output.
            click.echo(json.dumps(told, ensure_ascii=True, allow_nan=False))


def _answer_whatever_comes(line: bytes | None, folder: Path) -> dict[str, Any]:
    if line is None:
        return _bad_input(None)
    try:
        return answer(line, folder)
    except Exception as error:  # noqa: BLE001  # the outermost loop: the next line must be read
        click.echo(f"! {type(error).__name__}: a fault of Huxin; please report it", err=True)
        return _bad_input(None)


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines; `None` for one that is too long to be looked at."""
    while line := stream.readline(MAX_LINE + 1):
        if len(line) <= MAX_LINE:
            yield line
            continue
        while not line.endswith(b"\n") and (line := stream.readline(MAX_LINE)):
            pass
        yield None


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """Open the cases, with a bar on a terminal that tells how far the file is read."""
    if name == "-":
        yield sys.stdin.buffer
        return
    path = Path(name)
    if not path.is_file():
        raise click.BadParameter(f"no such file: {name}", param_hint="--jsonl")
    console = speech.console(errors=True)
    if not console.is_terminal:
        with path.open("rb") as stream:
            yield stream
        return
    with (
        Progress(console=console, transient=True) as bar,
        bar.open(path, "rb", description="") as stream,
    ):
        yield stream
