"""Signed status sets: only forward, only adding, only of this list, only by a key that may."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from huxin.kernel import cbor
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError
from huxin.trust.anchors import Anchor
from huxin.trust.credentials import cose
from huxin.trust.status import rice
from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.signed_set import (
    MAX_BYTES,
    Held,
    ListName,
    accept,
    name_of,
    publish,
    reopen,
)
from tests.lib.regions import NOW
from tests.lib.status_signer import SetSigner

KEY: Final = PrivateKey.from_secret(bytes(31) + b"\x11")
OTHER: Final = PrivateKey.from_secret(bytes(31) + b"\x12")
KID: Final = b"status-1"
NAME: Final = ListName("QV", "https://node.example.org/status/1")
ANCHOR: Final = Anchor("QV", "huxin", KID, KEY.public)
DAY: Final = timedelta(days=1)


def held(version: int, *indices: int, as_of: datetime = NOW, bits: int = 20) -> Held:
    return Held(NAME, version, IndexSet.of(indices, bits=bits), as_of, as_of + 2 * DAY)


ONE: Final = held(1, 5, 900)
TWO: Final = held(2, 5, 77, 900, as_of=NOW + DAY)
THREE: Final = held(3, 5, 77, 78, 900, as_of=NOW + DAY)


def take(data: bytes, before: Held | None = None, **changed: Any) -> Held:
    given: dict[str, Any] = {"name": NAME, "keys": [ANCHOR], "now": NOW + DAY} | changed
    return accept(data, held=before, **given)


def file_of(
    after: Held, before: Held | None = None, key: PrivateKey = KEY, kid: bytes = KID
) -> bytes:
    return publish(after, SetSigner(key, kid), before=before)


def forged(after: Held, **changed: object) -> bytes:
    """Return a file that the right key signed, with a statement of our choice."""
    whole = file_of(after)
    end = 2 + int.from_bytes(whole[:2], "big")
    fields = cbor.loads(cose.parse(whole[2:end]).payload) | changed
    return signed({name: value for name, value in fields.items() if value != "gone"}, whole[end:])


def signed(statement: object, body: bytes, write: Any = cbor.dumps) -> bytes:
    payload, protected = write(statement), cose.protect("ES256", KID)
    signature = KEY.sign(cose.signed_bytes(protected, payload), deterministic=True)
    envelope = cose.write(protected, payload, signature)
    return len(envelope).to_bytes(2, "big") + envelope + body


def test_a_whole_set_then_deltas() -> None:
    first = take(file_of(ONE))
    assert first == ONE
    second = take(file_of(TWO, ONE), first)
    assert second == TWO
    assert take(file_of(THREE, TWO), second) == THREE
    assert len(file_of(TWO, ONE)) < 500


def test_a_whole_set_catches_up_over_missed_deltas() -> None:
    assert take(file_of(THREE), ONE) == THREE


def test_two_writings_are_the_same_bytes() -> None:
    assert file_of(TWO, ONE) == file_of(TWO, ONE)


@pytest.mark.parametrize(
    ("data", "before", "detail"),
    [
        (file_of(ONE), ONE, "no newer"),
        (file_of(ONE), TWO, "no newer"),
        (file_of(TWO, ONE), TWO, "no newer"),
        (file_of(THREE, TWO), ONE, "skips"),
        (file_of(TWO, ONE), None, "skips"),
        (file_of(TWO, ONE), held(1, 6), "continues another"),
        (file_of(held(2, 5)), ONE, "gives a withdrawn card back"),
        (file_of(held(2, 5, 900, as_of=NOW - timedelta(hours=1))), ONE, "no newer"),
        (file_of(held(2, 5, 900, bits=21)), ONE, "another list"),
        (file_of(replace(ONE, name=ListName("QV", "https://x.example/status/2"))), None, "another list"),
        (file_of(replace(ONE, as_of=NOW + 3 * DAY, next_update=NOW + 4 * DAY)), None, "not-yet"),
        (file_of(replace(ONE, next_update=NOW + DAY)), None, "expired"),
        (file_of(ONE)[:-1], None, "another body"),
        (file_of(ONE)[:40], None, "cut short"),
        (b"\0\0", None, "cbor"), (b"", None, "cut short|cbor"),
        (b"\xff\xff" + bytes(70_000), None, "cut short"),
        (bytes(MAX_BYTES + 1), None, "too-big"),
        (file_of(ONE, key=OTHER), None, "signature"),
        (file_of(ONE, kid=b"another"), None, "signature"),
        (forged(ONE, v=2), None, "version 1"),
        (forged(ONE, version=0), None, "version 1"),
        (forged(ONE, version=True), None, "version 1"),
        (forged(ONE, bits="gone"), None, "version 1"),
        (forged(ONE, more=1), None, "version 1"),
        (forged(ONE, bits=21), None, "another set"),
        (forged(ONE, set=bytes(32)), None, "another set"),
        (forged(ONE, as_of=10**15), None, "implausible"),
        (forged(TWO, before=ONE.digest), ONE, "twice"),
        (signed([1], b""), None, "version 1"),
        (signed({}, b"", lambda _: b"\xff"), None, "cbor"),
    ],
)  # fmt: skip
def test_what_does_not_continue_is_refused(data: bytes, before: Held | None, detail: str) -> None:
    with pytest.raises(RefusalError, match=detail):
        take(data, before)


def test_a_statement_in_another_order_of_bytes_is_refused() -> None:
    whole = file_of(ONE)
    end = 2 + int.from_bytes(whole[:2], "big")
    fields = cbor.loads(cose.parse(whole[2:end]).payload)
    turned = dict(reversed(fields.items()))
    with pytest.raises(RefusalError, match="deterministic"):
        take(signed(turned, whole[end:], cbor.dumps_ordered))


@pytest.mark.parametrize(
    "anchor",
    [
        replace(ANCHOR, region="QW"),
        replace(ANCHOR, standing="tombstoned"),
        replace(ANCHOR, standing="suspended"),
        replace(ANCHOR, valid_until=NOW),
        replace(ANCHOR, valid_from=NOW + 2 * DAY),
        replace(ANCHOR, key=PrivateKey.generate("EdDSA").public),
    ],
)
def test_a_key_that_may_not_sign_is_refused(anchor: Anchor) -> None:
    with pytest.raises(RefusalError, match="signature"):
        take(file_of(ONE), keys=[anchor])
    with pytest.raises(RefusalError, match="signature"):
        take(file_of(ONE), keys=[])


def test_a_body_that_was_swapped_is_refused() -> None:
    whole = file_of(ONE)
    body = rice.encode(IndexSet.of((1,)))
    end = 2 + int.from_bytes(whole[:2], "big")
    with pytest.raises(RefusalError, match="another body"):
        take(whole[:end] + body)
    assert take(forged(ONE, body=hashlib.sha256(whole[end:]).digest())) == ONE


def test_nobody_publishes_what_would_be_refused() -> None:
    with pytest.raises(RefusalError, match="gives a withdrawn card back"):
        file_of(held(2, 5), ONE)


def test_every_changed_bit_is_refused() -> None:
    whole = file_of(ONE)
    for bit in range(0, 8 * len(whole), 7):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(RefusalError):
            take(bytes(changed))


def test_a_file_says_of_which_list_it_is_whoever_signed_it() -> None:
    assert name_of(file_of(ONE, key=OTHER)) == NAME
    assert name_of(file_of(TWO, ONE)) == NAME
    for spoilt in (b"", file_of(ONE)[:40], signed([1], b"")):
        with pytest.raises(RefusalError):
            name_of(spoilt)


def test_what_was_accepted_is_opened_again_however_old_it_is() -> None:
    aged = replace(ONE, as_of=NOW - 90 * DAY, next_update=NOW - 88 * DAY)
    assert reopen(file_of(aged)) == aged
    with pytest.raises(RefusalError, match="another body"):
        reopen(file_of(ONE)[:-1])
    with pytest.raises(RefusalError, match="skips"):
        reopen(file_of(TWO, ONE))
