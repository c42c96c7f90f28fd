import json
from typing import Any

import pytest

from huxin.kernel import jws
from huxin.kernel.errors import RefusalError


def compact(header: Any, payload: bytes = b"{}", signature: bytes = b"s") -> str:
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    return ".".join(map(jws.b64url, (head, payload, signature)))


def test_the_three_parts_and_what_was_signed() -> None:
    text = compact({"alg": "ES256"}, b"payload", b"signature")
    parts = jws.parse_compact(text)
    assert parts.header == {"alg": "ES256"}
    assert (parts.payload, parts.signature) == (b"payload", b"signature")
    assert parts.signed == text.rpartition(".")[0].encode()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("two parts", "e30.e30"),
        ("four parts", "e30.e30.e30.e30"),
        ("no header", ".e30.e30"),
        ("no payload", "e30..e30"),
        ("padding", "e30=.e30.e30"),
        ("standard alphabet", "e3+/.e30.e30"),
        ("an impossible length", "e30.e30.e30e3"),
        ("beyond ASCII", "e30.é30.e30"),
        ("header is a list", compact([])),
        ("header is not JSON", compact(b"alg")),
    ],
)
def test_refused(name: str, text: str) -> None:
    with pytest.raises(RefusalError) as caught:
        jws.parse_compact(text)
    assert caught.value.refusal.code == "jws", name


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("NaN", b'{"a": NaN}'),
        ("infinite", b"[-Infinity]"),
        ("not UTF-8", b'"\xff"'),
        ("half a surrogate pair", b'"\\ud800"'),
        ("65 deep", b"[" * 65 + b"]" * 65),
        ("100,000 deep", b"[" * 100_000),
        ("an integer of 10,000 digits", b"1" * 10_000),
    ],
)
def test_json_refused(name: str, data: bytes) -> None:
    with pytest.raises(RefusalError) as caught:
        jws.parse_json(data, code="inflate")
    assert caught.value.refusal.code == "inflate", name


def test_json_read() -> None:
    assert jws.parse_json(b'\xef\xbb\xbf{"a": "\\u6797"}', code="x") == {"a": "林"}
    many = b"[" + b"[]," * 99 + b"[]]"
    assert len(jws.parse_json(many, code="x")) == 100
    assert jws.parse_json(b"[" * 64 + b"]" * 64, code="x")


def test_thumbprint_of_rfc_7638() -> None:
    n = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP"
        "ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY"
        "368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0f"
        "M4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    jwk = {"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"}
    assert jws.thumbprint(jwk) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


@pytest.mark.parametrize("jwk", [{}, {"kty": "EC"}, {"kty": "EC", "crv": "P-256", "x": 1, "y": ""}])
def test_a_jwk_without_its_members_has_no_thumbprint(jwk: dict[str, Any]) -> None:
    with pytest.raises(RefusalError) as caught:
        jws.thumbprint(jwk)
    assert caught.value.refusal.code == "kid"
