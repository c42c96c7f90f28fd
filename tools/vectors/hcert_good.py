"""HCERT that must be read and accepted: every format, and every oddity that real cards have."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, Final

from tools.vectors.case import (
    EXPIRES,
    ISSUED,
    NOW,
    Case,
    cwt,
    dcc,
    hc1,
    huxin,
    sealed,
    sign1,
    spread,
)
from tools.vectors.issuers import BAY, CURVE_384, EDWARDS, EMPTY, FALSE, ISLES, RSA, TESTS_ONLY
from tools.vectors.keys import Issuer
from tools.vectors.plain import Pairs, Raw, Tag, cbor

__all__ = ["cases"]

_DOSE: Final[dict[str, Any]] = dcc()["v"][0]
_TEST: Final = {"tg": "840539006", "sc": "2026-11-22T08:30:00Z", "ci": "T1"}
_ES256: Final = {1: -7}
# The order of P-256: of a signature (r, s) the twin (r, order - s) holds too, whoever made it.
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def cases() -> Iterator[Case]:
    yield from _eu_forms()
    yield from _who_forms()
    yield from _own_forms()
    yield from _envelopes()
    yield from _headers()
    yield from _contents()
    yield from _keys()


def _good(id: str, name: str, text: str, who: Issuer = ISLES, *, at: str = NOW) -> Case:
    return Case(id=f"hcert/{id}", name=name, keys=(who.lent(),), text=text, at=at)


def _eu_forms() -> Iterator[Case]:
    test = {
        "tg": "840539006", "tt": "LP6464-4", "nm": "PCR", "sc": "2026-11-22T08:30:00Z",
        "tr": "260415000", "tc": "苇洲医院检验科", "co": "QW", "is": "苇洲疾控中心",
        "ci": "URN:UVCI:01:QW:T4N8#K",
    }  # fmt: skip
    recovery = {
        "tg": "840539006", "fr": "2026-08-01", "df": "2026-08-12", "du": "2027-01-28",
        "co": "QW", "is": "苇洲疾控中心", "ci": "URN:UVCI:01:QW:R77#P",
    }  # fmt: skip
    yield _good("eu-vaccination", "an EU certificate of vaccination", sealed(ISLES, {1: dcc()}))
    tested = {1: dcc(v=..., t=[test])}
    yield _good("eu-test", "an EU certificate of a test", sealed(ISLES, tested))
    recovered = {1: dcc(v=..., r=[recovery])}
    yield _good("eu-recovery", "an EU certificate of recovery", sealed(ISLES, recovered))


def _who_forms() -> Iterator[Case]:
    dose = {
        "dn": 1, "tg": "DB61", "vp": "YellowFeverProduct", "ma": "ProviderA", "dt": "2026-05-02",
        "bo": "YF-2605", "vls": "2026-05-12", "vle": "2126-05-12", "cn": "苇洲接种门诊", "is": "QW",
    }  # fmt: skip
    holder = {"n": "LIN ZHOU", "dob": "1990-03-05", "s": "female", "gn": "LIN AN"}
    one = holder | {"ntl": "QW", "nid": "E1234567", "v": dose}
    other = holder | {"nt": "QW", "id": "E1234567", "vx": dose}
    listed = one | {"v": [dose, dose | {"dn": 2, "dt": "2026-06-02"}]}
    worded = one | {"v": dose | {"dn": "1/1"}}
    yield _good(
        "who-first-spelling", "a WHO certificate as the model has it", sealed(ISLES, {-6: one})
    )
    yield _good(
        "who-other-spelling", "a WHO certificate, other spelling", sealed(ISLES, {-6: other})
    )
    yield _good(
        "who-list-of-doses", "a WHO certificate with two doses", sealed(ISLES, {-6: listed})
    )
    yield _good("who-dose-in-words", "a WHO certificate, dose as text", sealed(ISLES, {-6: worded}))


def _own_forms() -> Iterator[Case]:
    span = {"f": "2026-09-01", "u": "2027-08-31", "c": "苇洲医院"}
    kinds: dict[str, dict[str, Any]] = {
        "vaccination": huxin()["e"] | {"m": "product:MMR-9", "o": "maker:A1", "b": "MM-2409"} | span,
        "test": {"d": "icd-11:1G40", "y": "loinc:24111-7", "r": "snomed:260385009",
                 "w": "2026-11-20T08:30Z"} | span,
        "recovery": {"d": "icd-11:1F03", "w": "2026-08-01"} | span,
        "examination": {"x": "food-work/handling", "w": "2026-10-01"} | span,
        "clearance": {"x": "school-entry", "z": True} | span,
    }  # fmt: skip
    for kind, event in kinds.items():
        health = {-100: huxin(k=kind, e=event)}
        yield _good(f"own-{kind}", f"a Huxin attestation: {kind}", sealed(ISLES, health))
    least = huxin(k="clearance", p=..., o=..., b="2020", e={"x": "school-entry", "u": "2027-08-31"})
    yield _good("own-minimal", "a minimal card", sealed(ISLES, {-100: least}))
    person = {-100: huxin(s="f", d="E1234567", g="林安")}
    yield _good("own-person", "sex, document and guardian", sealed(ISLES, person))
    native, latin = {-100: huxin(l=...)}, {-100: huxin(n=...)}
    yield _good("own-native-name", "a name in native script only", sealed(ISLES, native))
    yield _good("own-latin-name", "a name in Latin letters only", sealed(ISLES, latin))
    index = {"status_list": {"idx": 123456, "uri": "https://reed-isles.example.org/status/1"}}
    reserved = sealed(ISLES, {-100: huxin()}, status=index)
    yield _good("own-status", "a place in a status list", reserved)
    yield _good(
        "own-status-odd", "a status claim of another form", sealed(ISLES, {-100: huxin()}, status=7)
    )
    yield _good("own-unknown-member", "a member nobody knows", sealed(ISLES, {-100: huxin(zz="?")}))


def _envelopes() -> Iterator[Case]:
    text = sealed(ISLES, {1: dcc()})
    parts = sign1(cwt({1: dcc()}), ISLES)
    tags = {
        "untagged": parts,
        "cwt-tag": Tag(61, Tag(18, parts)),
        "tagged-twice": Tag(18, Tag(18, parts)),
    }
    yield _good("white-space", "white space around the text", f" \n\t{text}\r\n ")
    yield _good("byte-order-mark", "a byte order mark in front", f"\ufeff{text}\n")
    for id, value in tags.items():
        yield _good(f"envelope-{id}", f"envelope {id.replace('-', ' ')}", hc1(cbor(value)))
    yield _good("stored", "stored, not compressed, by zlib", hc1(cbor(Tag(18, parts)), level=0))
    yield _good("fast", "compressed for speed", hc1(cbor(Tag(18, parts)), level=1))
    wrapped = cbor(Tag(61, Raw(cwt({1: dcc()}))))
    yield _good("payload-tagged", "the CWT tag on the payload", spread(ISLES, wrapped))
    endless = b"\xbf" + cwt({1: dcc()})[1:] + b"\xff"
    yield _good("indefinite-map", "a map of indefinite length", spread(ISLES, endless))
    backwards = cbor(Pairs(((-260, {1: dcc()}), (6, ISSUED), (4, EXPIRES), (1, "QW"))))
    yield _good("map-order", "claims in another order", spread(ISLES, backwards))
    wide = cbor(Pairs(((Raw(b"\x18\x04"), EXPIRES), (6, ISSUED), (1, "QW"), (-260, {1: dcc()}))))
    yield _good("long-head", "a number longer than it need be", spread(ISLES, wide))


def _headers() -> Iterator[Case]:
    kid, payload = {4: ISLES.kid}, cwt({1: dcc()})
    both = _ES256 | kid
    headers: dict[str, tuple[Any, Any]] = {
        "kid outside the signed header": (_ES256, kid),
        "all outside, signed header empty": (b"", both),
        "all outside, signed header an empty map": ({}, both),
        "algorithm outside": (kid, _ES256),
        "in both headers": (both, both),
        "right kid signed, another outside": (both, {4: BAY.kid}),
        "a content type": (both | {3: 11}, {}),
    }
    for name, (protected, unprotected) in headers.items():
        text = spread(ISLES, payload, protected=protected, unprotected=unprotected)
        yield _good("headers-" + name.replace(",", "").replace(" ", "-"), f"headers: {name}", text)


def _contents() -> Iterator[Case]:
    births = {
        "year": "2020", "month": "2020-03", "instant": "2020-03-05T00:00:00", "empty": "",
        "zeros": "2020-00-00", "crosses": "2020-XX-XX", "absent": ...,
        "tagged-text": Tag(0, "2020-03-05T00:00:00Z"), "tagged-number": Tag(1, 1583366400),
    }  # fmt: skip
    for id, birth in births.items():
        text = sealed(ISLES, {1: dcc(dob=birth)})
        yield _good(f"birth-{id}", f"birth date: {id.replace('-', ' ')}", text)
    odd: dict[str, dict[str, Any]] = {
        "dose numbers as floats": dcc(v=[_DOSE | {"dn": 2.0, "sd": 2.0}]),
        "null for the other events": dcc(t=None, r=None),
        "empty lists for the other events": dcc(t=[], r=[]),
        "an unknown product code": dcc(v=[_DOSE | {"mp": "EU/9/99/9999"}]),
        "marks in the transliterated name": dcc(nam={"fn": "Sørbø", "fnt": "SØRBØ'<-"}),
        "two doses in one list": dcc(v=[_DOSE | {"dn": 1}, _DOSE]),
        "a dose in words": dcc(v=[_DOSE | {"dn": "two"}]),
        "a date of the event that is none": dcc(v=[_DOSE | {"dt": "last week"}]),
        "a sampling time that is none": dcc(v=..., t=[_TEST | {"sc": "noon"}]),
        "a numeric text where a number belongs": dcc(v=[_DOSE | {"co": 7}]),
        "born today": dcc(dob="2026-11-23", v=[_DOSE | {"dt": "2026-11-23"}]),
    }
    for name, body in odd.items():
        yield _good(
            "content-" + name.replace(" ", "-"), f"content: {name}", sealed(ISLES, {1: body})
        )
    times: dict[str, dict[str, Any]] = {
        "floats": {"exp": EXPIRES + 0.5, "iat": float(ISSUED)},
        "tagged": {"exp": Tag(1, EXPIRES), "iat": Tag(0, "2026-09-21T00:00:00Z")},
        "not before": {"nbf": ISSUED},
        "no expiry": {"exp": ...},
        "no times at all": {"exp": ..., "iat": ...},
        "no issuer": {"iss": ...},
        "null expiry": {"exp": None},
        "expiry in milliseconds": {"exp": EXPIRES * 1_000},
        "expiry long after the calendar": {"exp": 1 << 62},
    }
    for name, claims in times.items():
        text = sealed(ISLES, {1: dcc()}, **claims)
        yield _good("times-" + name.replace(" ", "-"), f"claims: {name}", text)
    text = sealed(ISLES, {1: dcc()}, exp=1_795_428_000)
    yield _good("last-second", "shown in its last second", text, at="2026-11-23T10:00:00Z")


def _keys() -> Iterator[Case]:
    for who, id in ((RSA, "ps256"), (EDWARDS, "ed25519"), (CURVE_384, "es256-on-p384")):
        yield _good(f"key-{id}", f"signed with {id}", sealed(who, {1: dcc()}), who)
    parts = sign1(cwt({1: dcc()}), ISLES)
    half = int.from_bytes(parts[3][32:], "big")
    parts[3] = parts[3][:32] + (_ORDER - half).to_bytes(32, "big")
    text = hc1(cbor(Tag(18, parts)))
    yield _good("key-twin-signature", "the twin of the signature, which holds as well", text)
    text = sealed(FALSE, {1: dcc()})
    yield _good("key-other-arc", "usage under the misspelt arc", text, FALSE)
    text = sealed(EMPTY, {1: dcc()})
    yield _good("key-empty-usage", "a certificate with an empty extended usage", text, EMPTY)
    laboratory = dcc(v=..., t=[_TEST])
    text = sealed(TESTS_ONLY, {1: laboratory})
    yield _good("key-for-tests", "a key for tests signs a test", text, TESTS_ONLY)
    own = sealed(TESTS_ONLY, {-100: huxin()})
    yield _good("key-for-eu-tests", "a usage that binds EU certificates only", own, TESTS_ONLY)
    kid = b"same-kid"
    text = spread(BAY, cwt({1: dcc()}), protected={1: -7, 4: kid})
    shared = tuple(who.lent(kid="c2FtZS1raWQ=", region=region)
                   for who, region in ((ISLES, "QW"), (BAY, "QV")))  # fmt: skip
    yield Case(id="hcert/key-shared-kid", name="two issuers share a kid", keys=shared, text=text)
    own = sealed(ISLES, {-100: huxin()})
    bare = ISLES.lent_jwk(kid=base64.b64encode(ISLES.kid).decode("ascii"))
    yield Case(id="hcert/key-jwk", name="the key lent as a JWK", keys=(bare,), text=own)
