"""From a line of `spec/vectors` to a verdict: the keys, the lists and the instant it names.

The fields are those of `spec/vectors/README.md`.  A key is lent as a certificate or as a
JWK; what is not said of it (region, usage, dates, …) is taken from the certificate, or
left open.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from huxin.kernel import jws
from huxin.kernel.crypto import PublicKey, read_certificate
from huxin.kernel.identifiers import kid_of
from huxin.kernel.instants import parse_instant
from huxin.trust import reading
from huxin.trust.anchors import DOMAINS, Anchor, Domain, TrustStore
from huxin.trust.status.card_revocation_list import CardRevocationLists
from huxin.trust.verdict import Verdict
from huxin.trust.verify import Basis, verify

__all__ = ["basis_of", "judge", "open_line", "parse_kid"]

_ARCS: Final = ("1.3.6.1.4.1.1847.2021.1", "1.3.6.1.4.1.0.1847.2021.1")
_USAGES: Final = {
    f"{arc}.{number}": kind
    for arc in _ARCS
    for number, kind in ((1, "test"), (2, "vaccination"), (3, "recovery"))
}


def judge(line: Mapping[str, Any]) -> Verdict:
    """Return the verdict on a line."""
    now = parse_instant(line["at"])
    return verify(open_line(line), basis_of(line), purpose=line.get("purpose"), now=now)


def open_line(line: Mapping[str, Any]) -> tuple[reading.Reading, ...]:
    """Open what the line shows."""
    if "picture" in line:
        return reading.open(base64.b64decode(line["picture"]))
    return reading.open(line["texts"] if "texts" in line else line["text"])


def basis_of(line: Mapping[str, Any]) -> Basis:
    """Return what the line believes."""
    anchors = [anchor for key in line["keys"] for anchor in _anchors(key)]
    trust = TrustStore(
        anchors,
        environment=line.get("environment", "production"),
        as_of=_instant(line.get("as_of")),
    )
    revoked = line.get("revoked")
    return Basis(trust, None if revoked is None else CardRevocationLists.parse(revoked))


def _anchors(entry: Mapping[str, Any]) -> Iterator[Anchor]:
    """Yield the key in every domain that it is lent for."""
    if "certificate" in entry:
        certificate = read_certificate(base64.b64decode(entry["certificate"]))
        key, kid = certificate.key, kid_of(certificate.der)
        start, end = certificate.not_before, certificate.not_after
        kinds = frozenset(_USAGES[one] for one in certificate.purposes if one in _USAGES) or None
    else:
        key = PublicKey.from_jwk(entry["jwk"])
        kid, kinds, start, end = kid_of(key.spki), None, None, None
    for domain in _domains(entry):
        yield Anchor(
            region=entry.get("region"),
            domain=domain,
            kid=_kid(entry, domain, kid),
            key=key,
            usage=_usage(entry, domain, kinds),
            valid_from=_instant(entry.get("valid_from")) or start,
            valid_until=_instant(entry.get("valid_until")) or end,
            environment=entry.get("environment", "production"),
            standing=entry.get("standing", "active"),
            issuer=entry.get("issuer") if domain == "shc" else None,
        )


def _usage(
    entry: Mapping[str, Any], domain: Domain, kinds: frozenset[str] | None
) -> frozenset[str] | None:
    """Return what the entry says, or, for EU certificates, what the certificate says."""
    if "usage" in entry:
        return frozenset(entry["usage"])
    return kinds if domain == "dcc" else None


def _domains(entry: Mapping[str, Any]) -> tuple[Domain, ...]:
    return tuple(one for one in DOMAINS if entry.get("domain", one) == one)


def _kid(entry: Mapping[str, Any], domain: Domain, kid: bytes) -> bytes:
    if domain == "shc" and "jwk" in entry:
        return jws.thumbprint(entry["jwk"]).encode("ascii")
    return parse_kid(entry["kid"]) if "kid" in entry else kid


def parse_kid(text: str) -> bytes:
    """Read what `kid_text` wrote: 12 characters ending in `=` are 8 bytes, all else is text."""
    if len(text) == 12 and text.endswith("="):
        return base64.b64decode(text, validate=True)
    return text.encode("utf-8")


def _instant(text: str | None) -> datetime | None:
    return None if text is None else parse_instant(text)
