from typing import Any

import pytest

from huxin.kernel import cbor
from huxin.kernel.errors import RefusalError
from huxin.trust.credentials import cose

PROTECTED = cbor.dumps({1: -7, 4: b"12345678"})


def envelope(
    protected: Any = PROTECTED,
    unprotected: Any = None,
    payload: Any = b"payload",
    signature: Any = b"s" * 64,
) -> list[Any]:
    return [protected, {} if unprotected is None else unprotected, payload, signature]


def tagged(parts: Any, *tags: int) -> bytes:
    for tag in reversed(tags):
        parts = cbor.Tag(tag, parts)
    return cbor.dumps(parts)


@pytest.mark.parametrize("tags", [(), (18,), (61, 18), (18, 18)])
def test_the_tags_that_occur(tags: tuple[int, ...]) -> None:
    read = cose.parse(tagged(envelope(), *tags))
    assert read == cose.parse(tagged(envelope(), 18))
    assert (read.algorithm, read.kid, read.rival_kid) == ("ES256", b"12345678", None)
    assert read.signed == cbor.dumps(["Signature1", PROTECTED, b"", b"payload"])


def test_what_is_written_is_read_back() -> None:
    protected = cose.protect("EdDSA", b"12345678")
    read = cose.parse(cose.write(protected, b"payload", b"signature"))
    assert (read.algorithm, read.payload, read.signature) == ("EdDSA", b"payload", b"signature")


@pytest.mark.parametrize("length", [0, 1, 23, 24, 255, 256, 60_000])
def test_payloads_of_every_length_of_head(length: int) -> None:
    payload = bytes(length)
    written = cose.write(PROTECTED, payload, b"s" * 64)
    assert written == tagged(envelope(payload=payload), 18)
    read = cose.parse(written)
    assert read.payload == payload
    assert read.signed == cbor.dumps(["Signature1", PROTECTED, b"", payload])
    assert read.signed == cose.signed_bytes(PROTECTED, payload)


def test_a_payload_past_16_bits_of_length_is_signed_correctly() -> None:
    assert cose.signed_bytes(b"", bytes(70_000)) == cbor.dumps(
        ["Signature1", b"", b"", bytes(70_000)]
    )


def test_a_head_longer_than_needed_is_read_but_signed_as_the_standard_says() -> None:
    usual = cose.write(PROTECTED, b"payload", b"s" * 64)
    long_head = usual.replace(b"\x47payload", b"\x58\x07payload")
    assert cose.parse(long_head) == cose.parse(usual)


@pytest.mark.parametrize("empty", [b"", b"\xa0"])
def test_headers_outside_the_signature(empty: bytes) -> None:
    read = cose.parse(tagged(envelope(empty, {1: -37, 4: b"87654321"}), 18))
    assert (read.algorithm, read.kid) == ("PS256", b"87654321")
    assert read.signed == cbor.dumps(["Signature1", b"", b"", b"payload"])


def test_an_empty_map_is_signed_as_empty_bytes_in_the_usual_form_too() -> None:
    read = cose.parse(cose.write(b"\xa0", b"payload", b"s" * 64))
    assert read.signed == cbor.dumps(["Signature1", b"", b"", b"payload"])


def test_the_protected_kid_wins_and_its_rival_is_remembered() -> None:
    read = cose.parse(tagged(envelope(unprotected={4: b"rival"}), 18))
    assert (read.kid, read.rival_kid) == (b"12345678", b"rival")
    same = cose.parse(tagged(envelope(unprotected={4: b"12345678"}), 18))
    assert same.rival_kid is None


def test_no_headers_at_all() -> None:
    read = cose.parse(tagged(envelope(b""), 18))
    assert (read.algorithm, read.kid) == (None, None)


@pytest.mark.parametrize("algorithm", [-36, 5, "ES256", True, -7.0])
def test_an_algorithm_of_another_kind_is_unknown(algorithm: object) -> None:
    assert cose.parse(tagged(envelope(cbor.dumps({1: algorithm})), 18)).algorithm == "unknown"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("not CBOR", b"\xff", "cbor"),
        ("not a list", tagged({}, 18), "cose"),
        ("three parts", tagged(envelope()[:3], 18), "cose"),
        ("five parts", tagged([*envelope(), b""], 18), "cose"),
        ("another tag", tagged(envelope(), 17), "cose"),
        ("tags in the wrong order", tagged(envelope(), 18, 61), "cose"),
        ("three tags", tagged(envelope(), 61, 18, 18), "cose"),
        ("payload detached", tagged(envelope(payload=None), 18), "cose"),
        ("signature as text", tagged(envelope(signature="s"), 18), "cose"),
        ("unprotected is a list", tagged(envelope(unprotected=[]), 18), "cose"),
        ("protected is not bytes", tagged(envelope({1: -7}), 18), "cose"),
        ("protected is no map", tagged(envelope(cbor.dumps([1])), 18), "cose"),
        ("protected is no CBOR", tagged(envelope(b"\xff"), 18), "cbor"),
        ("critical header", tagged(envelope(cbor.dumps({1: -7, 2: [1]})), 18), "cose"),
        ("a header named true", tagged(envelope(cbor.dumps({True: -7})), 18), "cose"),
        ("kid as text", tagged(envelope(cbor.dumps({4: "12345678"})), 18), "kid"),
        ("empty kid", tagged(envelope(cbor.dumps({4: b""})), 18), "kid"),
        ("endless kid", tagged(envelope(cbor.dumps({4: bytes(65)})), 18), "kid"),
        ("cut after the tag", b"\xd2\x84", "cbor"),
        ("cut in the payload", cose.write(PROTECTED, b"payload", b"s")[:20], "cbor"),
        ("a byte too many", cose.write(PROTECTED, b"payload", b"s") + b"\0", "cbor"),
    ],
)
def test_refused(name: str, data: bytes, code: str) -> None:
    with pytest.raises(RefusalError) as caught:
        cose.parse(data)
    assert caught.value.refusal.code == code, name
