"""Trust files: the plain list of keys that a verifier believes, until the federation fills the store.

    {"huxin": "trust", "version": 1, "as_of"?: instant, "keys": [
       {"region", "domains": […], "environment", "certificate": base64 DER or PEM | "jwk": {…},
        "usage"?: […], "valid_from"?, "valid_until"?, "standing"?, "issuer"?}, …]}

Responsible for making anchors of entries and for naming every fault at once, by entry and field:
who mends such a file by hand should not meet its faults one by one.  Leaves to `trust.verify`
what an expired, a withdrawn or a test key means; they are loaded like the others.

- usage and dates come from the certificate where the entry does not say them;
- a Huxin card must name the region it is from, a health card the https address of its keys;
- a file with a fault is refused as a whole, and so is a field that Huxin does not know.
"""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast, get_args

from huxin.adapters import intake
from huxin.adapters.key_description import KeyDescription, public_jwk
from huxin.adapters.key_material import KeyMaterial, certificate_bytes
from huxin.kernel import strict_json
from huxin.kernel.crypto import read_certificate
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.kernel.identifiers import parse_region
from huxin.kernel.instants import parse_instant, rfc3339
from huxin.trust.anchors import DOMAINS, ENVIRONMENTS, Anchor, Domain, Standing, TrustStore
from huxin.trust.credentials.facts import KINDS

__all__ = [
    "Fault",
    "FaultyFileError",
    "TrustFile",
    "certificates",
    "entry_of",
    "parse",
    "read",
    "write",
]

_VERSION: Final = 1
_MAX_BYTES: Final = 16_000_000
_MAX_KEYS: Final = 50_000
_MAX_TEXT: Final = 20_000
_STANDINGS: Final = cast("tuple[str, ...]", get_args(Standing))
_FIELDS: Final = frozenset(
    {
        "region", "domains", "environment", "certificate", "jwk", "usage", "valid_from",
        "valid_until", "standing", "issuer",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where: the entry counts from 1; `None` is the file as a whole."""

    entry: int | None
    field: str
    what: str

    def __str__(self) -> str:
        place = self.field if self.entry is None else f"entry {self.entry}, {self.field}"
        return f"{place}: {self.what}"


class FaultyFileError(RefusalError):
    """A trust file with faults, all of them; the code is `key-file`."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("key-file", "; ".join(map(str, faults[:20])))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class TrustFile:
    """The content of one file; several may be laid together."""

    anchors: tuple[Anchor, ...]
    as_of: datetime | None = None

    def store(self, environment: str = "production") -> TrustStore:
        """Return the store for a verifier of `environment`."""
        return TrustStore(self.anchors, environment=environment, as_of=self.as_of)

    def with_others(self, others: Iterable[TrustFile]) -> TrustFile:
        """Lay files together; the whole is as old as its oldest part."""
        files = (self, *others)
        dates = [one.as_of for one in files if one.as_of is not None]
        anchors = tuple(anchor for one in files for anchor in one.anchors)
        return TrustFile(anchors, min(dates, default=None))


def read(path: Path) -> TrustFile:
    """Read a trust file; raises `FaultyFileError`, or refuses with `key-file`."""
    try:
        data = intake.read(path, limit=_MAX_BYTES)
    except RefusalError as error:
        raise RefusalError("key-file", error.refusal.detail) from error
    return parse(data)


def parse(data: bytes) -> TrustFile:
    """Read the bytes of a trust file; raises `FaultyFileError`, or refuses with `key-file`."""
    document = strict_json.parse(data, code="key-file")
    if not isinstance(document, dict) or document.get("huxin") != "trust":
        raise RefusalError("key-file", "not a Huxin trust file")
    if document.get("version") != _VERSION:
        raise RefusalError("key-file", "of another version of Huxin")
    whole = _Entry(None, document)
    whole.refuse_unknown({"huxin", "version", "as_of", "keys"})
    as_of = whole.instant("as_of")
    entries = document.get("keys")
    if not isinstance(entries, list) or len(entries) > _MAX_KEYS:
        raise FaultyFileError([*whole.faults, Fault(None, "keys", f"up to {_MAX_KEYS} entries")])
    anchors: list[Anchor] = []
    faults = whole.faults
    for number, fields in enumerate(entries, start=1):
        entry = _Entry(number, fields if isinstance(fields, dict) else {})
        anchors += _anchors(entry)
        faults += entry.faults
    if faults:
        raise FaultyFileError(faults)
    return TrustFile(tuple(anchors), as_of)


# ----------------------------------------------------------------------------------- one entry


@dataclass(slots=True)
class _Entry:
    """The fields of one entry, taken one by one; what is amiss gathers in `faults`."""

    number: int | None
    fields: Mapping[str, Any]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, name: str, what: str) -> None:
        self.faults.append(Fault(self.number, name, what))

    def refuse_unknown(self, known: Iterable[str]) -> None:
        for name in sorted(self.fields.keys() - set(known)):
            self.fault(name[:40], "not a field of this file")

    def text(self, name: str) -> str | None:
        value = self.fields.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not 0 < len(value) <= _MAX_TEXT:
            self.fault(name, "a text")
            return None
        return value

    def choice(self, name: str, known: Sequence[str]) -> str | None:
        value = self.text(name)
        if value is not None and value not in known:
            self.fault(name, f"one of {', '.join(known)}")
            return None
        return value

    def choices(self, name: str, known: Sequence[str]) -> tuple[str, ...] | None:
        value = self.fields.get(name)
        if value is None:
            return None
        # An empty list is refused too: it would read as "none", and be meant as "any".
        if not isinstance(value, list) or not value or not all(one in known for one in value):
            self.fault(name, f"a list with some of {', '.join(known)}")
            return None
        return tuple(dict.fromkeys(value))

    def instant(self, name: str) -> datetime | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            return parse_instant(value)
        except RefusalError:
            self.fault(name, "an instant such as 2026-11-23T08:00:00Z")
            return None

    def require(self, name: str, value: object) -> None:
        """Note the field as missing, unless it is there with a fault that was noted already."""
        if value is None and self.fields.get(name) is None:
            self.fault(name, "missing")


def _anchors(entry: _Entry) -> list[Anchor]:
    entry.refuse_unknown(_FIELDS)
    region, domains = _region(entry), entry.choices("domains", DOMAINS)
    environment = entry.choice("environment", ENVIRONMENTS)
    material = _material(entry)
    usage = entry.choices("usage", KINDS)
    valid_from, valid_until = entry.instant("valid_from"), entry.instant("valid_until")
    standing = entry.choice("standing", _STANDINGS) or "active"
    for name, value in (("region", region), ("domains", domains), ("environment", environment)):
        entry.require(name, value)
    issuers = _issuers(entry, region, domains or ())
    if material is not None and "shc" in (domains or ()) and material.health_card_kid is None:
        entry.fault("domains", "a key of this kind signs no health cards")
    if entry.faults or material is None or domains is None or environment is None:
        return []
    return [
        Anchor(
            region,
            domain,
            kid,
            material.key,
            frozenset(usage) if usage else material.usage_in(domain),
            valid_from or material.valid_from,
            valid_until or material.valid_until,
            environment,
            cast("Standing", standing),
            issuers[domain],
        )
        for domain in cast("tuple[Domain, ...]", domains)
        for kid in material.kids_in(domain)
    ]


def _region(entry: _Entry) -> str | None:
    region = entry.text("region")
    if region is None:
        return None
    try:
        return parse_region(region)
    except RefusalError as error:
        entry.fault("region", error.refusal.detail)
        return None


def _issuers(entry: _Entry, region: str | None, domains: Sequence[str]) -> dict[str, str | None]:
    """Return the `iss` that cards of each domain carry, where that is fixed."""
    issuer = entry.text("issuer")
    address = issuer if issuer and issuer.startswith("https://") and issuer[-1] != "/" else None
    if "shc" in domains and address is None:
        entry.fault("issuer", "the https address of the health card keys, no slash at its end")
    if "shc" in domains:
        # The address names the health cards of this key; its other cards carry the region.
        return {"shc": address, "huxin": region, "dcc": None, "icvp": None}
    return {"shc": None, "huxin": issuer or region, "dcc": issuer, "icvp": issuer}


def _material(entry: _Entry) -> KeyMaterial | None:
    certificate, jwk = entry.text("certificate"), entry.fields.get("jwk")
    if (entry.fields.get("certificate") is None) == (jwk is None):
        entry.fault("certificate", "either a certificate or a jwk")
        return None
    if isinstance(jwk, dict) and "d" in jwk:
        entry.fault("jwk", "a private key: keep it secret, and replace it if others saw it")
        return None
    try:
        if certificate is not None:
            return KeyMaterial.of_certificate(certificate_bytes(certificate))
        return KeyMaterial.of_jwk(jwk) if jwk is not None else None
    except (UnusableKeyError, RefusalError) as error:
        entry.fault("jwk" if certificate is None else "certificate", str(error))
        return None


def certificates(data: bytes) -> tuple[bytes, ...]:
    """Return the certificates (DER) in a trust file, whatever else is right or wrong with it."""
    document = strict_json.parse(data, code="key-file")
    entries = document.get("keys") if isinstance(document, dict) else None
    found = []
    for entry in entries if isinstance(entries, list) else []:
        written = entry.get("certificate") if isinstance(entry, dict) else None
        if isinstance(written, str):
            with contextlib.suppress(UnusableKeyError):
                found.append(read_certificate(certificate_bytes(written)).der)
    return tuple(found)


# -------------------------------------------------------------------------------------- writing


def entry_of(key: KeyDescription) -> dict[str, Any]:
    """Return the entry by which others believe a signing key of ours."""
    entry: dict[str, Any] = {
        "region": key.region,
        "domains": list(key.domains),
        "environment": key.environment,
        "valid_from": rfc3339(key.valid_from),
        "valid_until": rfc3339(key.valid_until),
    }
    if key.usage is not None:
        entry["usage"] = sorted(key.usage)
    if "shc" in key.domains:
        entry["issuer"] = key.health_card_issuer
    if key.certificate is not None:
        entry["certificate"] = base64.b64encode(key.certificate).decode("ascii")
    else:
        entry["jwk"] = public_jwk(key.public)
    return entry


def write(entries: Iterable[Mapping[str, Any]], *, as_of: datetime | None = None) -> str:
    """Return a trust file with these entries.

    Without `as_of` it does not age: a list handed over once has nobody who renews it.
    """
    document: dict[str, Any] = {"huxin": "trust", "version": _VERSION}
    if as_of is not None:
        document["as_of"] = rfc3339(as_of)
    document["keys"] = list(entries)
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
