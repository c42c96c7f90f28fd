"""HCERT: `HC1:` + Base45 + zlib + COSE_Sign1 + CWT + health claim.  Text ⇄ credential.

The claim inside decides the family: 1 is the EU DCC, -6 the WHO vaccination
certificate, -100 the Huxin attestation.  Each step refuses with a code of its own, so
that a person can be told what is wrong with the card in hand.

Source: electronic Health Certificates, version 1.3 (EU eHealth Network, volume 3).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from huxin.kernel import cbor
from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import from_epoch_or_last
from huxin.trust.anchors import Domain
from huxin.trust.credentials import attestation, base45, cose, dcc, icvp
from huxin.trust.credentials.credential import Credential, StatusIndex
from huxin.trust.credentials.facts import Facts
from huxin.trust.credentials.inflate import inflate_zlib
from huxin.trust.credentials.untrusted import is_map

__all__ = [
    "MAX_TEXT",
    "PREFIX",
    "STEPS",
    "Family",
    "claims",
    "family_of",
    "open_text",
    "payload",
    "seal",
]

PREFIX: Final = "HC1:"
STEPS: Final = ("prefix", "base45", "inflate", "cose")
MAX_TEXT: Final = 16_384

_ISS: Final = 1
_EXP: Final = 4
_NBF: Final = 5
_IAT: Final = 6
_HCERT: Final = -260
_STATUS: Final = 65535
_CWT_TAG: Final = 61


class Family(NamedTuple):
    """One claim inside HCERT: its number, its domain of trust, and how it is read and written."""

    claim: int
    format: str
    domain: Domain
    parse: Callable[[object], Facts]
    write: Callable[[Facts], dict[str, Any]]


_FAMILIES: Final = (
    Family(1, "hcert-1", "dcc", dcc.parse, dcc.write),
    Family(-6, "hcert-6", "icvp", icvp.parse, icvp.write),
    Family(-100, "hcert-100", "huxin", attestation.parse, attestation.write),
)


def family_of(format_name: str) -> Family:
    """Return the family whose `format` is given."""
    return next(family for family in _FAMILIES if family.format == format_name)


def open_text(text: str, passed: list[str]) -> Credential:
    """Open an `HC1:` text; appends each step of `STEPS` to `passed` once it held.

    Refuses with `prefix`, `too-big`, `base45`, `inflate`, `cbor`, `cose`, `kid` or `format`.
    """
    # (1) Context identifier.  A lower-case one is wrong: Base45 has no lower case.
    if not text.startswith(PREFIX):
        raise RefusalError("prefix", "does not begin with HC1:")
    if len(text) > MAX_TEXT:
        raise RefusalError("too-big", "text")
    passed.append("prefix")
    # (2) Base45, (3) zlib: what is not compressed is not an HCERT.
    packed = base45.decode(text[len(PREFIX) :])
    passed.append("base45")
    envelope = inflate_zlib(packed)
    passed.append("inflate")
    # (4) COSE_Sign1 around a CWT.
    sign1 = cose.parse(envelope)
    read = _claims(sign1.payload)
    family, body = _health_claim(read)
    credential = _credential(text, sign1, read, (family, body))
    passed.append("cose")
    return credential


def _claims(payload_bytes: bytes) -> Mapping[Any, Any]:
    value = cbor.loads(payload_bytes)
    if isinstance(value, cbor.Tag) and value.tag == _CWT_TAG:
        value = value.value
    if not is_map(value) or not cbor.has_plain_keys(value):
        raise RefusalError("cose", "payload is not a map of claims")
    return value


def _health_claim(read: Mapping[Any, Any]) -> tuple[Family, object]:
    health = read.get(_HCERT)
    if not is_map(health) or not cbor.has_plain_keys(health):
        raise RefusalError("cose", "no health claim")
    for family in _FAMILIES:
        body = health.get(family.claim)
        if is_map(body):
            return family, body
        if body is not None:
            raise RefusalError("cbor", "a health claim that is not a map")
    raise RefusalError("format", "a health claim of another kind")


def _credential(
    text: str, sign1: cose.Sign1, read: Mapping[Any, Any], content: tuple[Family, object]
) -> Credential:
    family, body = content
    facts, fault = None, None
    try:
        facts = family.parse(body)
    except RefusalError as error:
        fault = error.refusal
    issuer = read.get(_ISS)
    return Credential(
        format=family.format,
        domain=family.domain,
        text=text,
        kid=sign1.kid,
        rival_kid=sign1.rival_kid,
        algorithm=sign1.algorithm,
        signed=sign1.signed,
        signature=sign1.signature,
        issuer=issuer if isinstance(issuer, str) else None,
        issued=_instant(read.get(_IAT)),
        not_before=_instant(read.get(_NBF)),
        expires=_instant(read.get(_EXP)),
        claims=read if isinstance(read, dict) else dict(read),
        facts=facts,
        fault=fault,
        status=_status(read.get(_STATUS)),
        warnings=_warnings(facts),
    )


def _warnings(facts: Facts | None) -> tuple[str, ...]:
    return ("several-entries",) if facts is not None and len(facts.events) > 1 else ()


def _instant(value: object) -> datetime | None:
    """Read a NumericDate; real cards also carry floats and tagged instants."""
    if value is None:
        return None
    if isinstance(value, datetime):
        value = value.timestamp()
    if type(value) is not int and type(value) is not float:
        raise RefusalError("cose", "a time that is not a number")
    try:
        return from_epoch_or_last(value)
    except RefusalError as error:
        raise RefusalError("cose", "a time outside the calendar") from error


def _status(value: object) -> StatusIndex | None:
    """Read claim 65535 (Token Status List, CWT form); anything else there is no index."""
    if value is None:
        return None
    entry = value.get("status_list") if is_map(value) else None
    if not is_map(entry):
        return None
    uri, index = entry.get("uri"), entry.get("idx")
    if isinstance(uri, str) and isinstance(index, int) and index >= 0:
        return StatusIndex(uri, index)
    return None


def claims(
    facts: Facts, family: Family, *, issuer: str, times: tuple[int, int], status: StatusIndex | None
) -> dict[Any, Any]:
    """Return the CWT claims of a card; `times` are issued-at and expiry in seconds since 1970."""
    issued, expires = times
    # In the deterministic order of RFC 8949: 1, 4, 6, 65535, -260 (a test compares).
    result: dict[Any, Any] = {_ISS: issuer, _EXP: expires, _IAT: issued}
    if status is not None:
        result[_STATUS] = {"status_list": {"idx": status.index, "uri": status.uri}}
    result[_HCERT] = {family.claim: family.write(facts)}
    return result


def payload(cwt_claims: dict[Any, Any]) -> bytes:
    """Return the bytes that are signed over."""
    return cbor.dumps_ordered(cwt_claims)


def seal(protected: bytes, payload_bytes: bytes, signature: bytes) -> str:
    """Return the `HC1:` text of a signed payload."""
    envelope = cose.write(protected, payload_bytes, signature)
    return PREFIX + base45.encode(zlib.compress(envelope, 9))
