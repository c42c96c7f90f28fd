"""Trust lists that are one DID document: `verificationMethod` entries with a public key and its certificate.

    did:web:lists.example.org:v2:trustlist:-:QVA:DCC:DSC#kid  →  participant QVA, domain DCC, usage DSC

Responsible for bounds and for naming what each entry lacks.  Leaves to `radar` what the keys are worth: such a
list is one member's statement, and is shown before anybody believes it.

Sources: W3C Decentralized Identifiers 1.0, section 5.2.1; JSON Web Key, RFC 7517, sections 4.5 and 4.7.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from huxin.kernel.crypto import Certificate, PublicKey, read_certificate
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.trust.federation.listed import Listed

__all__ = ["MOST_KEYS", "is_did_list", "parse_did_list"]

MOST_KEYS: Final = 50_000
_MOST_LETTERS: Final = 500
_MOST_CERTIFICATE: Final = 20_000
# The last three parts of the path name whose key it is and what for.
_NAMED: Final = re.compile(r"([A-Z0-9-]{1,16}):([A-Za-z0-9-]{1,16}):([A-Za-z0-9-]{1,16})\Z")


def is_did_list(document: object) -> bool:
    """Tell whether a document says that it is a DID document."""
    return isinstance(document, Mapping) and "verificationMethod" in document


def parse_did_list(document: object) -> tuple[Listed, ...]:
    """Return the keys of a DID document in order; refuses with `key-file` what is none, or too large."""
    methods = document.get("verificationMethod") if isinstance(document, Mapping) else None
    if not isinstance(methods, list):
        raise RefusalError("key-file", "at /verificationMethod: not a list")
    if len(methods) > MOST_KEYS:
        raise RefusalError("key-file", f"at /verificationMethod: more than {MOST_KEYS} keys")
    return tuple(
        _listed(method, f"/verificationMethod/{number}") for number, method in enumerate(methods)
    )


def _listed(method: object, place: str) -> Listed:
    fields: Mapping[str, Any] = method if isinstance(method, Mapping) else {}
    name = fields.get("id")
    identifier = name if isinstance(name, str) and len(name) <= _MOST_LETTERS else ""
    path, _, kid = identifier.partition("#")
    named = _NAMED.search(path)
    participant, domain, usage = named.groups() if named else ("", "", "")
    found = Listed(place, participant, domain, usage, kid)
    if named is None:
        return replace(found, fault="no id that says whose key it is and what for")
    try:
        key, certificate = _key(fields.get("publicKeyJwk"))
    except UnusableKeyError as error:
        return replace(found, fault=str(error))
    if certificate is None:
        return replace(found, key=key)
    return replace(
        found,
        key=key,
        valid_from=certificate.not_before,
        valid_until=certificate.not_after,
        subject=certificate.subject,
    )


def _key(jwk: object) -> tuple[PublicKey, Certificate | None]:
    if not isinstance(jwk, dict):
        raise UnusableKeyError("no publicKeyJwk")
    key = PublicKey.from_jwk(jwk)
    chain = jwk.get("x5c")
    if chain is None:
        return key, None
    certificate = _certificate(chain)
    if certificate.key.spki != key.spki:
        raise UnusableKeyError("the certificate is of another key")
    return key, certificate


def _certificate(chain: object) -> Certificate:
    first = chain[0] if isinstance(chain, list) and chain else None
    if not isinstance(first, str) or len(first) > _MOST_CERTIFICATE:
        raise UnusableKeyError("x5c is no chain of certificates")
    try:
        return read_certificate(base64.b64decode(first, validate=True))
    except binascii.Error as error:
        raise UnusableKeyError("x5c is not base64") from error
