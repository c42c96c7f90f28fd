"""One line of the vectors, and what all of them share: the instant, the person, the builders."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from huxin.spec import CODES
from tools.vectors import plain
from tools.vectors.keys import ALGORITHM_NUMBERS, Issuer
from tools.vectors.plain import Tag, cbor

__all__ = [
    "EXPIRES", "ISSUED", "NOW", "REGION", "Case", "cwt", "dcc", "hc1", "health_card", "huxin",
    "jws", "sealed", "sign1", "spread",
]  # fmt: skip

NOW: Final = "2026-11-23T10:00:00Z"
ISSUED: Final = 1_790_000_000  # 2026-09-21
EXPIRES: Final = 1_830_000_000  # 2027-12-28
REGION: Final = "QW"

_CARD_TYPE: Final = "https://smarthealth.cards#health-card"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A line: what is shown, the keys that are believed, and what has to come of it.

    `fails` names the step that does not hold.  `more` are further fields of the line.
    """

    id: str
    name: str
    keys: tuple[dict[str, object], ...]
    text: str | None = None
    texts: tuple[str, ...] | None = None
    picture: str | None = None
    code: str = "ok"
    fails: str | None = None
    at: str = NOW
    more: dict[str, Any] = field(default_factory=dict)

    def line(self) -> dict[str, Any]:
        """Return the line as plain data, absent fields left out."""
        shown = {"text": self.text, "texts": self.texts, "picture": self.picture}
        expected: dict[str, Any] = {"verdict": CODES[self.code].outcome, "code": self.code}
        if self.fails is not None:
            expected["steps"] = {self.fails: False}
        return {
            "id": self.id,
            "name": self.name,
            **{key: value for key, value in shown.items() if value is not None},
            "keys": list(self.keys),
            **self.more,
            "at": self.at,
            "expected": expected,
        }


# ----------------------------------------------------------------------------------------- HCERT


def dcc(**changes: Any) -> dict[str, Any]:
    """Return a plain EU certificate of vaccination; `changes` replace members, or drop them."""
    dose = {
        "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1507", "ma": "ORG-100031184",
        "dn": 2, "sd": 2, "dt": "2026-09-01", "co": REGION, "is": "苇洲疾控中心",
        "ci": "URN:UVCI:01:QW:7F3K9D2MQ8XA",
    }  # fmt: skip
    name = {"fn": "林", "gn": "㑇", "fnt": "LIN", "gnt": "ZHOU"}
    return _changed({"v": [dose], "dob": "2020-03-05", "nam": name, "ver": "1.3.0"}, changes)


def huxin(**changes: Any) -> dict[str, Any]:
    """Return a plain Huxin attestation of a vaccination; `changes` as in `dcc`."""
    event = {"d": "icd-11:1F03", "a": "atc:J07BD52", "n": 2, "t": 2, "w": "2024-09-01"}
    base = {
        "v": 1, "k": "vaccination", "p": "school-entry", "i": "QW-7F3K-9D2M-Q8XA",
        "o": "苇洲疾控中心", "n": "林㑇", "l": "LIN ZHOU", "b": "2020-03-05", "e": event,
    }  # fmt: skip
    return _changed(base, changes)


def _changed(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = base | changes
    return {key: value for key, value in merged.items() if value is not ...}


def cwt(health: Any, **changes: Any) -> bytes:
    """Return the CWT around a health claim; `changes` name claims: iss, exp, nbf, iat, status."""
    numbers = {"iss": 1, "exp": 4, "nbf": 5, "iat": 6, "status": 65535}
    claims = {"iss": REGION, "exp": EXPIRES, "iat": ISSUED} | changes
    kept = {numbers[key]: value for key, value in claims.items() if value is not ...}
    return cbor(kept | {-260: health})


def sign1(
    payload: bytes,
    issuer: Issuer,
    *,
    protected: Any = None,
    unprotected: Any = None,
    signature: bytes | None = None,
) -> list[Any]:
    """Return the four parts of a COSE_Sign1; headers and signature may be planted."""
    if protected is None:
        protected = {1: ALGORITHM_NUMBERS[issuer.algorithm], 4: issuer.kid}
    written = protected if isinstance(protected, bytes) else cbor(protected)
    covered = b"" if written == cbor({}) else written
    structure = cbor(["Signature1", covered, b"", payload])
    made = issuer.sign(structure) if signature is None else signature
    return [written, {} if unprotected is None else unprotected, payload, made]


def spread(issuer: Issuer, payload: bytes, **planted: Any) -> str:
    """Return the text of a signed payload, with planted headers or signature."""
    return hc1(cbor(Tag(18, sign1(payload, issuer, **planted))))


def sealed(issuer: Issuer, health: Any, **changes: Any) -> str:
    """Return the text of a health claim, signed as it should be; `changes` as in `cwt`."""
    return spread(issuer, cwt(health, **changes))


def hc1(envelope: bytes, *, level: int = 9) -> str:
    """Compress, encode, prefix."""
    return "HC1:" + plain.base45(plain.deflate(envelope, level=level))


# -------------------------------------------------------------------------------- SMART Health Cards


def health_card(
    address: str, *, entries: list[Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """Return the claims of a health card; `changes` replace claims, or members of `vc`."""
    patient = {"resourceType": "Patient", "name": [{"family": "LIN", "given": ["ZHOU"]}],
               "birthDate": "2020-03-05"}  # fmt: skip
    dose = {
        "resourceType": "Immunization", "status": "completed",
        "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "94"}]},
        "patient": {"reference": "resource:0"}, "occurrenceDateTime": "2024-09-01",
        "performer": [{"actor": {"display": "Reed Isles Centre for Disease Control"}}],
    }  # fmt: skip
    resources = [patient, dose] if entries is None else entries
    bundle = {
        "resourceType": "Bundle", "type": "collection",
        "entry": [{"fullUrl": f"resource:{n}", "resource": one} for n, one in enumerate(resources)],
    }  # fmt: skip
    card = {
        "type": [_CARD_TYPE],
        "credentialSubject": {"fhirVersion": "4.0.1", "fhirBundle": bundle},
    }
    for member in ("type", "rid", "credentialSubject"):
        if member in changes:
            card[member] = changes.pop(member)
    return _changed({"iss": address, "nbf": ISSUED, "vc": _changed(card, {})}, changes)


def jws(
    issuer: Issuer,
    content: Any,
    *,
    header: dict[str, Any] | None = None,
    packed: bytes | None = None,
) -> str:
    """Return the compact JWS; `header` replaces members or drops them, `packed` the payload."""
    members = {"zip": "DEF", "alg": "ES256", "kid": issuer.thumbprint}
    head = plain.b64url(plain.json_bytes(_changed(members, header or {})))
    body = plain.deflate(plain.json_bytes(content), raw=True) if packed is None else packed
    signed = f"{head}.{plain.b64url(body)}"
    return f"{signed}.{plain.b64url(issuer.sign(signed.encode('ascii')))}"
