"""SMART Health Cards: `shc:/` digits ⇄ compact JWS ⇄ credential.

Reads one code, a set of chunks (a deprecated form that is still in people's hands), a
bare JWS, a `.smart-health-card` file and a FHIR `Parameters` resource.  Writes one code.

Source: SMART Health Cards Framework, version 1.4.0 (smarthealth.cards).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from huxin.kernel import jws
from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import from_epoch_or_last
from huxin.trust.credentials import fhir
from huxin.trust.credentials.credential import Credential
from huxin.trust.credentials.facts import Facts
from huxin.trust.credentials.inflate import deflate_raw, inflate_raw
from huxin.trust.credentials.untrusted import is_map

__all__ = [
    "MAX_TEXT",
    "PREFIX",
    "claims",
    "digits",
    "from_chunks",
    "from_digits",
    "header",
    "jws_of_file",
    "open_jws",
    "payload",
]

PREFIX: Final = "shc:/"
MAX_TEXT: Final = 65_536

_ALGORITHM: Final = "ES256"  # the framework knows no other
_CARD_TYPE: Final = "https://smarthealth.cards#health-card"
_CHUNK: Final = re.compile(r"shc:/([1-9][0-9]?)/([1-9][0-9]?)/")
_MAX_CHUNKED: Final = 1_191  # letters of JWS in one chunk of several
_OFFSET: Final = 45
_MAX_FILE_CARDS: Final = 50
_MAX_RID: Final = 24
_RID: Final = re.compile(r"[A-Za-z0-9_-]+")
_NO_LETTER: Final = 0
_PAIRS: Final = {int(f"{pair:02d}", 16): pair + _OFFSET for pair in range(78)}
_TO_LETTER: Final = bytes(_PAIRS.get(byte, _NO_LETTER) for byte in range(256))
_TO_PAIR: Final = bytes.maketrans(bytes(_PAIRS.values()), bytes(_PAIRS))


def from_digits(text: str) -> str:
    """Return the JWS that pairs of digits stand for; refuses with `digits`.

    A pair of digits is the hexadecimal form of a byte, which a table of 256 turns into
    the letter meant: no loop over the pairs.
    """
    try:
        letters = bytes.fromhex(text).translate(_TO_LETTER)
    except ValueError as error:
        raise RefusalError("digits", "an odd number of digits, or other letters") from error
    # White space, which `fromhex` skips, makes the result too short.
    if not letters or 2 * len(letters) != len(text) or _NO_LETTER in letters:
        raise RefusalError("digits", "a pair above 77, or something else than digits")
    return letters.decode("ascii")


def digits(compact: str) -> str:
    """Return the digits of a JWS."""
    return compact.encode("ascii").translate(_TO_PAIR).hex()


def from_chunks(texts: Sequence[str]) -> str:
    """Return the JWS of one code, or of a whole set of chunks in any order.

    Refuses with `prefix`, `too-big`, `digits`, or `chunks` (one missing, repeated or
    outside its set).
    """
    if sum(map(len, texts)) > MAX_TEXT:
        raise RefusalError("too-big", "text")
    # Nearly every card is one code, so that form takes the short way.
    if len(texts) == 1 and (only := _only_digits(texts[0])) is not None:
        return from_digits(only)
    parts: dict[int, str] = {}
    totals = set()
    for text in texts:
        index, total, part = _chunk(text)
        if index in parts or index > total:
            raise RefusalError("chunks", "a part repeated, or outside its set")
        parts[index] = part
        totals.add(total)
    if totals != {len(parts)}:
        raise RefusalError("chunks", f"{len(parts)} parts of {max(totals, default=0)}")
    return "".join([parts[index] for index in sorted(parts)])


def _only_digits(text: str) -> str | None:
    rest = text[len(PREFIX) :]
    return rest if text.startswith(PREFIX) and "/" not in rest else None


def _chunk(text: str) -> tuple[int, int, str]:
    """Return index, total and letters of `shc:/index/total/digits`."""
    match = _CHUNK.match(text)
    if match is None:
        code = "digits" if text.startswith(PREFIX) else "prefix"
        raise RefusalError(code, "not shc:/ and digits, nor a part of several")
    index, total, part = int(match[1]), int(match[2]), from_digits(text[match.end() :])
    if total > 1 and len(part) > _MAX_CHUNKED:
        raise RefusalError("digits", "a part longer than 1191 letters")
    return index, total, part


def jws_of_file(document: Mapping[Any, Any]) -> tuple[str, ...]:
    """Return the cards of a `.smart-health-card` file or of a FHIR `Parameters` resource."""
    cards = document.get("verifiableCredential")
    if document.get("resourceType") == "Parameters":
        parameters = document.get("parameter")
        cards = [
            one.get("valueString")
            for one in (parameters if isinstance(parameters, list) else [])
            if is_map(one) and one.get("name") == "verifiableCredential"
        ]
    if not isinstance(cards, list) or not 0 < len(cards) <= _MAX_FILE_CARDS:
        raise RefusalError("format", "a file without cards")
    if not all(isinstance(card, str) for card in cards):
        raise RefusalError("jws", "a card that is not text")
    return tuple(card.strip() for card in cards)


def open_jws(compact: str, passed: list[str], text: str | None = None) -> Credential:
    """Open one card; appends `jws` and `inflate` to `passed` once they held.

    `text` is the code that the card was read from, where there was one.  Refuses with `too-big`, `jws`, `alg`, `kid` or `inflate`.
    """
    if len(compact) > MAX_TEXT:
        raise RefusalError("too-big", "JWS")
    parts = jws.parse_compact(compact)
    if parts.header.get("zip") != "DEF" or "crit" in parts.header:
        raise RefusalError("jws", "not marked as compressed, or a critical header")
    algorithm, kid = parts.header.get("alg"), parts.header.get("kid")
    if algorithm != _ALGORITHM:
        raise RefusalError("alg", "another algorithm than ES256, or none")
    if not isinstance(kid, str) or not kid.isascii():
        raise RefusalError("kid", "no key identifier")
    passed.append("jws")
    read = jws.parse_json(inflate_raw(parts.payload), code="inflate")
    if not isinstance(read, dict):
        raise RefusalError("inflate", "payload is not an object")
    passed.append("inflate")
    try:
        card = _card_claim(read)
        times = _instant(read, "nbf"), _instant(read, "exp")
        rid = _rid(card)
    except RefusalError:
        passed.remove("jws")  # a JWS, but not one that makes a health card
        raise
    facts, fault = None, None
    try:
        facts = _facts(card)
    except RefusalError as error:
        fault = error.refusal
    return Credential(
        format="shc",
        domain="shc",
        text=text or PREFIX + digits(compact),
        kid=kid.encode("ascii"),
        algorithm=_ALGORITHM,
        signed=parts.signed,
        signature=parts.signature,
        issuer=read["iss"],
        issued=None,
        not_before=times[0],
        expires=times[1],
        claims=read,
        facts=facts,
        fault=fault,
        rid=rid,
    )


def _card_claim(read: dict[str, Any]) -> Mapping[Any, Any]:
    """Check what makes a JWS a health card."""
    card, issuer = read.get("vc"), read.get("iss")
    types = card.get("type") if is_map(card) else None
    https = isinstance(issuer, str) and issuer.startswith("https://") and issuer[-1] != "/"
    if not is_map(card) or not isinstance(types, list) or _CARD_TYPE not in types or not https:
        raise RefusalError("jws", "not a health card, or an issuer that is no https address")
    return card


def _facts(card: Mapping[Any, Any]) -> Facts:
    subject = card.get("credentialSubject")
    return fhir.parse(subject.get("fhirBundle") if is_map(subject) else None)


def _instant(read: Mapping[str, Any], key: str) -> datetime | None:
    value = read.get(key)
    if value is None:
        return None
    if type(value) is not int and type(value) is not float:
        raise RefusalError("jws", f"{key} is not a number")
    try:
        return from_epoch_or_last(value)
    except RefusalError as error:
        raise RefusalError("jws", f"{key} outside the calendar") from error


def _rid(card: Mapping[Any, Any]) -> str | None:
    rid = card.get("rid")
    if rid is None:
        return None
    if not isinstance(rid, str) or len(rid) > _MAX_RID or not _RID.fullmatch(rid):
        raise RefusalError("jws", "a revocation identifier of the wrong form")
    return rid


def header(kid: str) -> str:
    """Return the encoded protected header that we write."""
    return jws.b64url(_json({"zip": "DEF", "alg": _ALGORITHM, "kid": kid}))


def claims(facts: Facts, *, issuer: str, times: tuple[int, int], rid: str | None) -> dict[str, Any]:
    """Return the claims of a card; `times` are not-before and expiry in seconds since 1970."""
    card: dict[str, Any] = {
        "type": [_CARD_TYPE],
        "credentialSubject": {"fhirVersion": fhir.VERSION, "fhirBundle": fhir.write(facts)},
    }
    if rid is not None:
        if len(rid) > _MAX_RID or not _RID.fullmatch(rid):
            raise RefusalError("bad-input", "a revocation identifier has up to 24 letters")
        card["rid"] = rid
    return {"iss": issuer, "nbf": times[0], "exp": times[1], "vc": card}


def payload(card_claims: dict[str, Any]) -> str:
    """Return the encoded payload."""
    return jws.b64url(deflate_raw(_json(card_claims)))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
