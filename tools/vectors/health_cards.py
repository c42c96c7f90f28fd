"""SMART Health Cards: one code, several codes, files; read, refused, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tools.vectors import plain
from tools.vectors.case import EXPIRES, ISSUED, NOW, Case, health_card, jws
from tools.vectors.issuers import ADDRESS, BAY, ISLES, OTHER_ADDRESS, STRANGER, by_jwk

__all__ = ["cases"]

_CLAIMS: Final = health_card(ADDRESS)
_JWS: Final = jws(ISLES, _CLAIMS)
_DIGITS: Final = plain.digits(_JWS)
_PATIENT: Final[dict[str, Any]] = {"resourceType": "Patient", "name": [{"family": "LIN"}]}
_DOSE: Final = _CLAIMS["vc"]["credentialSubject"]["fhirBundle"]["entry"][1]["resource"]


def cases() -> Iterator[Case]:
    yield from _good_forms()
    yield from _good_contents()
    yield from _table("digits", "digits", _wrong_digits())
    yield from _chunks()
    yield from _table("jws", "jws", _wrong_envelopes())
    yield from _table("jws", "jws", _wrong_claims())
    yield from _table("alg", "jws", {"no algorithm": _card(header={"alg": ...})})
    yield from _table("kid", "jws", _wrong_kids())
    yield from _table("inflate", "inflate", _wrong_payloads())
    bomb = jws(ISLES, None, packed=plain.deflate(bytes(100_000), raw=True))
    yield from _table("too-big", "inflate", {"a bomb": bomb})
    yield from _table("alg", "jws", _wrong_algorithms())
    yield from _table("signature", "signature", _wrong_signatures())
    yield from _table("implausible", "plausible", _wrong_contents())
    yield from _files()
    yield from _judged()


def _shc(
    id: str,
    name: str,
    text: str | tuple[str, ...],
    code: str = "ok",
    fails: str | None = None,
    **more: Any,
) -> Case:
    keys = more.pop("keys", (by_jwk(ISLES),))
    shown: dict[str, Any] = {"text": text} if isinstance(text, str) else {"texts": text}
    return Case(
        id=f"shc/{id}",
        name=f"health card: {name}",
        keys=keys,
        code=code,
        fails=fails,
        **shown,
        **more,
    )


def _table(code: str, fails: str, texts: Mapping[str, str]) -> Iterator[Case]:
    for name, text in texts.items():
        slug = "".join(letter if letter.isalnum() else " " for letter in name).split()
        yield _shc(f"{code}-{'-'.join(slug)}", f"{code}: {name}", text, code, fails)


def _card(claims: Any = None, **how: Any) -> str:
    return "shc:/" + plain.digits(jws(ISLES, _CLAIMS if claims is None else claims, **how))


def _of(*entries: Any, **changes: Any) -> str:
    return _card(health_card(ADDRESS, entries=list(entries), **changes))


# ------------------------------------------------------------------------------------------- good


def _parts(count: int) -> tuple[str, ...]:
    size = -(-len(_JWS) // count)
    return tuple(
        f"shc:/{n + 1}/{count}/{plain.digits(_JWS[n * size : (n + 1) * size])}"
        for n in range(count)
    )


def _good_forms() -> Iterator[Case]:
    whole = f"shc:/{_DIGITS}"
    yield _shc("one-code", "one code", whole)
    yield _shc("white-space", "white space around the code", f"\n {whole} \n")
    yield _shc("chunks", "three codes", _parts(3))
    yield _shc("chunks-any-order", "three codes in another order", _parts(3)[::-1])
    yield _shc("chunk-of-one", "a chunk that is the whole", f"shc:/1/1/{_DIGITS}")
    yield _shc("bare", "a bare JWS", _JWS)
    file = {"verifiableCredential": [_JWS]}
    yield _shc("file", "a .smart-health-card file", _json(file))
    yield _shc("file-spaced", "such a file with line breaks", f"\ufeff{_json(file)}\n")
    parameters = {
        "resourceType": "Parameters",
        "parameter": [{"name": "other", "valueString": "x"},
                      {"name": "verifiableCredential", "valueString": _JWS}],
    }  # fmt: skip
    yield _shc("parameters", "a FHIR Parameters resource", _json(parameters))
    stored = plain.deflate(plain.json_bytes(_CLAIMS), raw=True, level=0)
    yield _shc("stored", "stored, not compressed", _card(packed=stored))
    yield _shc("header-more", "a header member nobody knows", _card(header={"typ": "JWT"}))


def _good_contents() -> Iterator[Case]:
    test = {
        "resourceType": "Observation", "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "94558-4"}]},
        "effectiveDateTime": "2026-11-20T08:30:00Z",
        "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct",
                                             "code": "260373001"}]},
    }  # fmt: skip
    both = {"name": [{"family": "林", "given": ["㑇"]}, {"family": "LIN", "given": ["ZHOU"]}]}
    yield _shc("test", "a laboratory result", _of(_PATIENT, test))
    yield _shc("two-doses", "two doses", _of(_PATIENT, _DOSE, _DOSE))
    yield _shc("two-scripts", "a name in two scripts", _of(_PATIENT | both, _DOSE))
    yield _shc(
        "other-resource", "a resource nobody knows", _of(_PATIENT, {"resourceType": "Basic"}, _DOSE)
    )
    for status in ("entered-in-error", "not-done"):
        text = _of(_PATIENT, _DOSE | {"status": status})
        yield _shc(status, f"a dose {status}: genuine, and no event", text)
    late = health_card(ADDRESS, exp=EXPIRES * 1_000)
    yield _shc("times-milliseconds", "an expiry in milliseconds", _card(late))
    yield _shc("two-types", "a type beside that of a card", _card(
        health_card(ADDRESS, type=["https://smarthealth.cards#health-card", "#covid19"])
    ))  # fmt: skip
    yield _shc("expiry", "an expiry to come", _card(_CLAIMS | {"exp": EXPIRES}))
    yield _shc("float-times", "times as floats", _card(_CLAIMS | {"nbf": ISSUED + 0.25}))
    yield _shc("no-times", "no times at all", _card(health_card(ADDRESS, nbf=...)))
    written = plain.json_bytes(_CLAIMS)
    twice = plain.deflate(b'{"iss":"http://first.example",' + written[1:], raw=True)
    yield _shc("member-twice", "a member twice: the last counts", _card(packed=twice))
    with_rid = _card(health_card(ADDRESS, rid="r-1"))
    for id, name, rids in (
        ("rid-of-others", "other cards are withdrawn", ["r-2"]),
        ("rid-earlier", "an earlier card of that identifier is withdrawn", [f"r-1.{ISSUED}"]),
    ):
        yield _shc(id, name, with_rid, more=_revoked(rids))
    others = [{"kid": BAY.thumbprint, "rids": ["r-1"]}]
    yield _shc("rid-of-another-key", "another issuer withdrew that identifier", with_rid,
               more={"revoked": others})  # fmt: skip


def _revoked(rids: list[str]) -> dict[str, Any]:
    return {"revoked": [{"kid": ISLES.thumbprint, "rids": rids}]}


def _json(value: object) -> str:
    return plain.json_bytes(value).decode()


# ---------------------------------------------------------------------------------------- refused


def _wrong_digits() -> dict[str, str]:
    return {
        "an odd number": f"shc:/{_DIGITS[:-1]}",
        "a pair above 77": f"shc:/{_DIGITS[:20]}99{_DIGITS[22:]}",
        "a letter among them": f"shc:/{_DIGITS[:20]}x{_DIGITS[21:]}",
        "none": "shc:/",
        "a part zero": f"shc:/0/1/{_DIGITS}",
        "the JWS itself": f"shc:/{_JWS}",
        "a chunk of more than 1191 letters": f"shc:/1/2/{plain.digits('A' * 1_192)}",
    }


def _chunks() -> Iterator[Case]:
    one, two, three = _parts(3)
    for name, texts in {
        "one missing": (one, three),
        "the first alone": (one,),
        "one twice": (one, two, two),
        "of two sets": (one, two, three.replace("3/3", "4/4")),
        "one outside its set": (one, two, three.replace("3/3", "4/3")),
    }.items():
        yield _shc(f"chunks-{name.replace(' ', '-')}", f"chunks: {name}", texts, "chunks", "digits")
    swapped = (one, two.replace("2/3", "3/3"), three.replace("3/3", "2/3"))
    yield _shc("chunks-swapped", "chunks numbered wrongly", swapped, "inflate", "inflate")


def _wrong_envelopes() -> dict[str, str]:
    head, body, signature = _JWS.split(".")
    listed = plain.b64url(b'["ES256"]')
    shapes = {
        "two parts": f"{head}.{body}",
        "four parts": f"{_JWS}.{signature}",
        "a header that is not JSON": f"{plain.b64url(b'header')}.{body}.{signature}",
        "a header that is a list": f"{listed}.{body}.{signature}",
        "a text that is none": "eyJhbGciOiJFUzI1NiJ9",
        "base64 with padding": f"{head}.{body}.{signature}==",
        "a part of an odd length": f"{head}.{body}.{signature[:-1]}",
    }
    return {name: f"shc:/{plain.digits(text)}" for name, text in shapes.items()} | {
        "not marked as compressed": _card(header={"zip": ...}),
        "compressed in another way": _card(header={"zip": "GZIP"}),
        "a critical header": _card(header={"crit": ["exp"]}),
    }


def _wrong_claims() -> dict[str, str]:
    claims: dict[str, dict[str, Any]] = {
        "another type": health_card(ADDRESS, type=["VerifiableCredential"]),
        "no type": health_card(ADDRESS, type=...),
        "no credential": health_card(ADDRESS, vc=...),
        "an issuer by http": health_card(ADDRESS.replace("https", "http")),
        "an issuer with a slash at the end": health_card(f"{ADDRESS}/"),
        "no issuer": health_card(ADDRESS, iss=...),
        "a beginning in words": health_card(ADDRESS, nbf="2026-09-21"),
        "an expiry outside the calendar": health_card(ADDRESS, exp=-(10**30)),
        "a revocation identifier too long": health_card(ADDRESS, rid="r" * 25),
        "a revocation identifier with a dot": health_card(ADDRESS, rid="r.1"),
    }
    return {name: _card(value) for name, value in claims.items()}


def _wrong_kids() -> dict[str, str]:
    return {
        "none named": _card(header={"kid": ...}),
        "a number": _card(header={"kid": 7}),
        "not ASCII": _card(header={"kid": "钥"}),
    }


def _wrong_payloads() -> dict[str, str]:
    data = plain.json_bytes(_CLAIMS)
    packed = plain.deflate(data, raw=True)
    deep: Any = 0
    for _ in range(70):
        deep = [deep]
    texts = {
        "not a number": b'{"nbf":NaN}',
        "nested too deep": plain.json_bytes(_CLAIMS | {"x": deep}),
        "not JSON": b"vaccinated",
        "a list": b"[1]",
        "not UTF-8": b'{"iss":"\xff"}',
        "cut JSON": data[:-1],
    }
    return {name: _card(packed=plain.deflate(text, raw=True)) for name, text in texts.items()} | {
        "not compressed": _card(packed=data),
        "zlib instead of raw": _card(packed=plain.deflate(data)),
        "cut": _card(packed=packed[:-4]),
        "bytes after the end": _card(packed=packed + b"\0"),
    }


def _wrong_algorithms() -> dict[str, str]:
    return {
        f"the algorithm {name}": _card(header={"alg": name})
        for name in ("none", "HS256", "ES384", "EdDSA")
    }


def _wrong_signatures() -> dict[str, str]:
    head, body, signature = _JWS.split(".")
    other = plain.b64url(plain.deflate(plain.json_bytes(health_card(ADDRESS, rid="x")), raw=True))
    shapes = {
        "none": f"{head}.{body}.",
        "a letter changed": f"{head}.{body}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}",
        "of another payload": f"{head}.{other}.{signature}",
        "short": f"{head}.{body}.{signature[:-3]}",
    }
    borrowed = jws(STRANGER, _CLAIMS, header={"kid": ISLES.thumbprint})
    return {name: f"shc:/{plain.digits(text)}" for name, text in shapes.items()} | {
        "by a key that borrows the kid": f"shc:/{plain.digits(borrowed)}"
    }


def _wrong_contents() -> dict[str, str]:
    return {
        "no bundle": _card(health_card(ADDRESS, credentialSubject={"fhirVersion": "4.0.1"})),
        "not a bundle": _card(health_card(ADDRESS, credentialSubject={"fhirBundle": _PATIENT})),
        "no subject": _card(health_card(ADDRESS, credentialSubject=...)),
        "two patients": _of(_PATIENT, _PATIENT, _DOSE),
        "no patient": _of(_DOSE),
        "no name": _of({"resourceType": "Patient"}, _DOSE),
        "a name of a picture": _of(_PATIENT | {"name": [{"family": "🦠"}]}, _DOSE),
        "born in the future": _of(_PATIENT | {"birthDate": "2027-01-01"}, _DOSE),
        "born in 1815": _of(_PATIENT | {"birthDate": "1815-12-10"}, _DOSE),
        "born on no day": _of(_PATIENT | {"birthDate": "2020-13-01"}, _DOSE),
    }


def _files() -> Iterator[Case]:
    for name, value, code in (
        ("without cards", {"verifiableCredential": []}, "format"),
        ("of another kind", {"resourceType": "Patient"}, "format"),
        ("with a card that is a number", {"verifiableCredential": [7]}, "jws"),
    ):
        yield _shc(f"file-{name.replace(' ', '-')}", f"a file {name}", _json(value), code, "jws")
    yield _shc(
        "file-cut",
        "a file that is cut",
        _json({"verifiableCredential": [_JWS]})[:-2],
        "format",
        "jws",
    )


def _judged() -> Iterator[Case]:
    text = f"shc:/{_DIGITS}"
    with_rid = _card(health_card(ADDRESS, rid="r-1"))
    bay = jws(BAY, health_card(OTHER_ADDRESS))
    late, early = NOW.replace("2026", "2028"), NOW.replace("2026", "2025")
    yield _shc("revoked", "withdrawn", with_rid, "revoked", "revoked", more=_revoked(["r-1"]))
    yield _shc("revoked-until", "withdrawn, as all made before", with_rid, "revoked", "revoked",
               more=_revoked([f"r-1.{ISSUED + 1}"]))  # fmt: skip
    both = _revoked(["r-1.1"])["revoked"] + _revoked(["r-1"])["revoked"]
    yield _shc("revoked-in-a-newer-list", "withdrawn by the second of two lists", with_rid,
               "revoked", "revoked", more={"revoked": both})  # fmt: skip
    yield _shc("untrusted", "an issuer nobody here knows", bay, "untrusted", "key")
    yield _shc("untrusted-address", "the key of one address, the card of another", text,
               "untrusted", "key", keys=(by_jwk(ISLES, OTHER_ADDRESS),))  # fmt: skip
    yield _shc("not-yet", "shown before it begins to count", text, "not-yet", "time", at=early)
    ended = _card(_CLAIMS | {"exp": EXPIRES})
    yield _shc("expired", "shown after its end", ended, "expired", "time", at=late)
    yield _shc("environment", "a test key, shown for real", text, "environment",
               keys=(by_jwk(ISLES, environment="test"),))  # fmt: skip
    yield _shc("distrusted", "a key denied here", text, "distrusted",
               keys=(by_jwk(ISLES, standing="denied"),))  # fmt: skip
