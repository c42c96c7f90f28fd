"""Nothing that a stranger hands in raises anything: every answer is a reading and a verdict.

- a text, a file, a picture, a key or a list, of any bytes, is read or refused with a code;
- what is changed under a signature is never accepted.  A signature itself may be another
  one that holds: of an ECDSA signature (r, s) anybody can make (r, order - s), and the last
  letter of a base64url text has bits that nobody reads.  Neither changes what was signed;
- what is read is bounded in bytes, in depth and in steps, whatever it claims of itself.
"""

from __future__ import annotations

import io
import json
import sys
import tracemalloc
import zlib
from typing import Any, Final

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from PIL import Image

from huxin.kernel import cbor
from huxin.kernel.crypto import PublicKey, read_certificate
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.spec import CODES
from huxin.trust import qr, reading
from huxin.trust.anchors import TrustStore
from huxin.trust.credentials.facts import as_json
from huxin.trust.issue import issue
from huxin.trust.status.card_revocation_list import CardRevocationLists
from huxin.trust.verdict import Verdict
from huxin.trust.verify import Basis, verify
from tests.lib import hostile
from tests.lib.regions import LANTERN_BAY, LIN, NOW, REED_ISLES, facts
from tools import make_vectors
from tools.vectors import issuers, pictures, plain

BASIS: Final = Basis(TrustStore([*REED_ISLES.anchors(), *LANTERN_BAY.anchors()]))
CARDS: Final = {
    format: issue(facts(person=LIN), REED_ISLES, now=NOW, format=format)
    for format in ("hcert-6", "hcert-100", "shc")
}
LAYERS: Final = ("text", "base45", "envelope", "payload", "protected")
CARD_LAYERS: Final = ("text", "jws", "header", "packed", "json")


def judged(source: Any) -> Verdict:
    """Open and verify; fail unless each answer has its form."""
    readings = reading.open(source)
    assert readings
    for one in readings:
        assert (one.credential is None) != (one.refusal is None)
        assert one.refusal is None or one.refusal.code in CODES
        if one.credential is not None:
            # What was read can be written down, whatever it says.
            json.dumps(as_json(one.credential.facts), allow_nan=False).encode()
            assert one.credential.fault is None or one.credential.fault.code in CODES
    verdict = verify(readings, BASIS, now=NOW)
    assert verdict.code in CODES
    assert CODES[verdict.code].outcome == verdict.outcome
    return verdict


# ------------------------------------------------------------------------------- anything at all

prefixes: Final = st.sampled_from(
    ["", "HC1:", "shc:/", "shc:/1/2/", "{", "eyJ", "shlink:/", "%PDF"]
)


@given(st.builds(str.__add__, prefixes, st.text(max_size=200)))
def test_any_text_is_answered(text):
    judged(text)


@given(st.builds(str.__add__, prefixes, st.text("0123456789ABCDEFGHIJKL $%*+-./:", max_size=300)))
def test_any_text_of_the_right_letters_is_answered(text):
    judged(text)


@given(st.lists(st.builds(str.__add__, prefixes, st.text("0123456789/", max_size=40)), max_size=4))
def test_any_texts_together_are_answered(texts):
    judged(texts)


@given(st.builds(bytes.__add__, st.sampled_from([b"", b"\xef\xbb\xbfHC1:", b"{"]), st.binary()))
def test_any_file_is_answered(data):
    judged(data)


@given(st.binary(max_size=300))
def test_any_bytes_compressed_are_answered(data):
    judged(hostile.hcert_text(data))


@given(hostile.json_values())
def test_any_json_file_is_answered(value):
    judged(json.dumps({"verifiableCredential": value}))
    judged(json.dumps({"resourceType": "Parameters", "parameter": value}))


# --------------------------------------------------------------------- cards spoiled at any layer


def check_unchanged_or_refused(spoiled: str, format_name: str) -> None:
    """Fail if a card is accepted that says something else than the one that was signed."""
    verdict = judged(spoiled)
    if verdict.outcome == "accepted":
        event("accepted: what was signed is as it was")
        signed = [one for card in verdict.cards if (one := card.reading.credential) is not None]
        assert {one.signed for one in signed} == {CARDS[format_name].signed}
        assert all(one.claims == CARDS[format_name].claims for one in signed)
        return
    event(verdict.code)


@pytest.mark.parametrize("layer", LAYERS)
@given(format_name=st.sampled_from(["hcert-6", "hcert-100"]), what=hostile.edits())
def test_an_hcert_spoiled_at_a_layer_is_answered(layer, format_name, what):
    data, wrap = hostile.hcert_wraps(CARDS[format_name].text)[layer]
    text = wrap(hostile.spoiled(data, what))
    if layer in ("payload", "protected"):  # signed anew: it may well be in order
        event(judged(text).code)
    else:
        check_unchanged_or_refused(text, format_name)


@pytest.mark.parametrize("layer", CARD_LAYERS)
@given(what=hostile.edits())
def test_a_health_card_spoiled_at_a_layer_is_answered(layer, what):
    data, wrap = hostile.health_card_wraps(CARDS["shc"].text)[layer]
    text = wrap(hostile.spoiled(data, what))
    if layer in ("text", "jws"):
        check_unchanged_or_refused(text, "shc")
    else:
        event(judged(text).code)


@given(byte=st.integers(0, 10_000), bit=st.integers(0, 7), data=st.data())
def test_no_bit_of_what_was_signed_can_be_turned(byte, bit, data):
    card = CARDS[data.draw(st.sampled_from(["hcert-6", "hcert-100"]))]
    parts = hostile.parts_of(card.text)
    part = data.draw(st.sampled_from([0, 2, 3]))
    turned = bytearray(parts[part])
    turned[byte % len(turned)] ^= 1 << bit
    parts[part] = bytes(turned)
    assert judged(hostile.hcert_text(plain.cbor(plain.Tag(18, parts)))).outcome != "accepted"


# --------------------------------------------------------- well signed, and anything at all inside


@given(hostile.cbor_values())
def test_any_signed_cbor_is_answered(value):
    event(judged(hostile.signed_hcert(plain.cbor(value))).code)


@pytest.mark.parametrize("format_name", ["hcert-1", "hcert-6", "hcert-100"])
@given(data=st.data(), value=hostile.cbor_values())
def test_any_place_of_a_signed_claim_may_hold_anything(format_name, data, value):
    changed = hostile.replaced(
        CLAIMS[format_name], value, lambda n: data.draw(st.integers(0, n - 1))
    )
    event(judged(hostile.signed_hcert(plain.cbor(changed))).code)


@given(value=hostile.cbor_values(), data=st.data())
def test_any_place_of_an_envelope_may_hold_anything(value, data):
    envelope = [
        plain.cbor({1: -7, 4: REED_ISLES.kid}),
        {4: b"kid"},
        plain.cbor(CLAIMS["hcert-1"]),
        b"",
    ]
    changed = hostile.replaced(envelope, value, lambda n: data.draw(st.integers(0, n - 1)))
    judged(hostile.hcert_text(plain.cbor(changed)))


@given(value=hostile.cbor_values())
def test_any_signed_header_is_answered(value):
    judged(hostile.signed_hcert(plain.cbor(CLAIMS["hcert-1"]), plain.cbor(value)))


@given(value=hostile.json_values(), data=st.data())
def test_any_place_of_a_signed_health_card_may_hold_anything(value, data):
    claims = dict(CARDS["shc"].claims)
    changed = hostile.replaced(claims, value, lambda n: data.draw(st.integers(0, n - 1)))
    packed = plain.deflate(hostile.written_json(changed), raw=True)
    event(judged(hostile.health_card_text(packed)).code)


@given(value=hostile.json_values())
def test_any_header_of_a_health_card_is_answered(value):
    packed = plain.deflate(hostile.written_json(CARDS["shc"].claims), raw=True)
    for header in (
        value,
        {"zip": "DEF", "alg": "ES256", "kid": value},
        {"zip": "DEF", "alg": value},
    ):
        judged(hostile.health_card_text(packed, hostile.written_json(header)))


CLAIMS: Final = {
    "hcert-1": {1: "QW", 4: 1_830_000_000, 6: 1_790_000_000, -260: {1: {
        "v": [{"tg": "840539006", "dn": 1, "sd": 1, "dt": "2026-09-01", "ci": "C"}],
        "t": [{"tg": "840539006", "sc": "2026-09-01T10:00:00Z", "ci": "C"}], "r": None,
        "dob": "1990-01-01", "nam": {"fn": "LIN"},
    }}},
    "hcert-6": CARDS["hcert-6"].claims,
    "hcert-100": CARDS["hcert-100"].claims,
}  # fmt: skip


# ------------------------------------------------------------------------- pictures, keys and lists

PICTURE: Final = pictures.png(qr.modules(CARDS["hcert-6"].text))


@given(what=hostile.edits())
def test_a_spoiled_picture_is_answered(what):
    judged(hostile.spoiled(PICTURE, what))


@pytest.mark.parametrize("kind", ["GIF", "BMP", "JPEG", "WEBP", "TIFF"])
@given(what=hostile.edits())
def test_a_spoiled_picture_of_another_kind_is_answered(kind, what):
    judged(hostile.spoiled(picture_of(kind), what))


def picture_of(kind: str) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(PICTURE)).resize((80, 80)).save(out, kind)
    return out.getvalue()


CERTIFICATES: Final = [
    who.certificate for who in (issuers.ISLES, issuers.TESTS_ONLY, issuers.EMPTY)
]


@given(certificate=st.sampled_from(CERTIFICATES), what=hostile.edits())
def test_a_spoiled_certificate_gives_a_key_or_says_that_it_does_not(certificate, what):
    try:
        key = read_certificate(hostile.spoiled(certificate, what)).key
    except UnusableKeyError:
        return
    assert not key.verify(b"\0" * 64, b"")


@given(st.binary() | st.binary().map(lambda data: b"-----BEGIN CERTIFICATE-----" + data))
def test_any_bytes_give_a_key_or_say_that_they_do_not(data):
    for read in (read_certificate, PublicKey.from_spki):
        with pytest.raises(UnusableKeyError):
            read(data)


@given(st.dictionaries(st.sampled_from(["kty", "crv", "x", "y", "n", "e"]), hostile.json_values()))
def test_any_jwk_gives_a_key_or_says_that_it_does_not(jwk):
    with pytest.raises(UnusableKeyError):
        PublicKey.from_jwk(jwk)


@given(
    st.lists(st.fixed_dictionaries({"kid": hostile.json_values(), "rids": hostile.json_values()}))
)
def test_any_revocation_list_is_read_or_refused(lists):
    try:
        CardRevocationLists.parse(lists)
    except RefusalError as error:
        assert error.refusal.code in CODES


# ------------------------------------------------------------------------------------------ bounds

MEGABYTE: Final = 1_000_000


def refusal_of(source: Any, *, most_bytes: int) -> str:
    """Return the code, and fail if reading took more memory than that."""
    tracemalloc.start()
    try:
        (read,) = reading.open(source)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read.refusal is not None
    assert peak <= most_bytes, f"{peak} bytes"
    return read.refusal.code


def test_a_bomb_of_ten_megabytes_is_never_unpacked():
    bomb = bytes(10 * MEGABYTE)
    hcert = "HC1:" + plain.base45(plain.deflate(bomb))
    assert len(hcert) < 16_384
    assert refusal_of(hcert, most_bytes=MEGABYTE) == "too-big"
    card = hostile.health_card_text(plain.deflate(bomb, raw=True))
    assert refusal_of(card, most_bytes=MEGABYTE) == "too-big"


@pytest.mark.parametrize("start", ["", "HC1:", "shc:/", "shc:/1/2/", "eyJ", "{", "shlink:/"])
def test_a_text_of_ten_megabytes_is_not_looked_into(start):
    text = start + "0" * 10 * MEGABYTE
    assert refusal_of(text, most_bytes=MEGABYTE) == "too-big"
    assert refusal_of(text.encode(), most_bytes=MEGABYTE) == "too-big"


@pytest.mark.parametrize("start", ["HC1:", "shc:/", "eyJ"])
def test_a_text_is_bounded_by_its_format(start):
    assert refusal_of(start + "0" * 900_000, most_bytes=4 * MEGABYTE) == "too-big"


DEEP: Final = {
    "arrays": b"\x81" * 60_000 + b"\x00",
    "endless arrays": b"\x9f" * 60_000,
    "maps": b"\xa1\x00" * 30_000 + b"\x00",
    "maps as keys": b"\xa1" * 60_000,
    "tags": b"\xc6" * 60_000 + b"\x00",
    "tags of one envelope": b"\xd2" * 60_000 + b"\x80",
}


@pytest.mark.parametrize("data", DEEP.values(), ids=DEEP)
def test_deep_cbor_is_refused_at_its_surface(data):
    with pytest.raises(RefusalError) as caught:
        cbor.loads(data)
    assert caught.value.refusal.code == "cbor"
    code = refusal_of("HC1:" + plain.base45(zlib.compress(data)), most_bytes=MEGABYTE)
    assert code == "cbor"
    assert judged(hostile.signed_hcert(data)).code == "cbor"


@pytest.mark.parametrize("data", [b"[" * 60_000, b'{"a":' * 13_000, b"[" * 9_000 + b"]" * 9_000])
def test_deep_json_is_refused_at_its_surface(data):
    packed = plain.deflate(data, raw=True)
    assert judged(hostile.health_card_text(packed)).code == "inflate"
    assert refusal_of('{"a":' + data.decode(), most_bytes=MEGABYTE) == "format"


def test_numbers_and_lengths_are_not_believed():
    for data in (
        b"\x5b" + b"\xff" * 8,
        b"\x9b" + b"\xff" * 8,
        b"\xbb" + b"\xff" * 8,
        b"\x7a" + b"\xff" * 4,
    ):
        assert refusal_of(hostile.hcert_text(data), most_bytes=MEGABYTE) == "cbor"
    digits = b'{"nbf":' + b"9" * 60_000 + b"}"
    assert judged(hostile.health_card_text(plain.deflate(digits, raw=True))).code == "inflate"


def steps_of(source: Any) -> int:
    """Count the functions that are called while a source is opened and judged."""
    count = 0

    def tick(_frame: object, happening: str, _argument: object) -> None:
        nonlocal count
        count += happening in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        verify(reading.open(source), BASIS, now=NOW)
    finally:
        sys.setprofile(before)
    return count


def _crowded() -> dict[str, str]:
    """Cards that keep every bound of size and are as much work as they can be."""
    many = {str(number): number for number in range(4_000)}
    events = [{"tg": "840539006", "dn": 1, "sd": 1, "dt": "2026-09-01", "ci": "C"}] * 20
    health = CLAIMS["hcert-1"][-260][1] | {"v": events, "t": None}
    patient = {"resourceType": "Patient", "name": [{"family": "LIN"}] * 500}
    dose = {"resourceType": "Immunization", "status": "completed"}
    bundle = {
        "resourceType": "Bundle",
        "entry": [{"resource": one} for one in [patient] + [dose] * 499],
    }
    subject = {"credentialSubject": {"fhirVersion": "4.0.1", "fhirBundle": bundle}}
    claims = CARDS["shc"].claims
    return {
        "members": hostile.signed_hcert(plain.cbor(CLAIMS["hcert-1"] | many)),
        "events": hostile.signed_hcert(plain.cbor(CLAIMS["hcert-1"] | {-260: {1: health}})),
        "resources": hostile.health_card_text(
            plain.deflate(plain.json_bytes(claims | {"vc": claims["vc"] | subject}), raw=True)
        ),
        "a file": json.dumps({"verifiableCredential": [issued_compact()] * 50}),
        "digits": "shc:/" + "45" * 32_000,
        "letters": "HC1:" + "0" * 16_380,
    }


def issued_compact() -> str:
    data, _ = hostile.health_card_wraps(CARDS["shc"].text)["jws"]
    return data.decode()


@pytest.mark.parametrize("name", ["members", "events", "resources", "a file", "digits", "letters"])
def test_the_largest_cards_take_a_bounded_number_of_steps(name):
    assert steps_of(_crowded()[name]) <= 40_000


def test_lists_end_where_they_are_bounded():
    too_many = json.dumps({"verifiableCredential": ["x"] * 51})
    assert refusal_of(too_many, most_bytes=MEGABYTE) == "format"


def test_every_vector_is_answered_in_the_company_of_all_others():
    shown = [case.text for case in make_vectors.cases() if case.text is not None]
    verdict = judged(shown)
    assert verdict.outcome == "rejected"
    assert len(verdict.cards) > 300
