"""Which 32 bytes are a key: one spelling, on the curve, and not a point with which anything verifies."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from huxin.kernel.edwards import is_canonical_key

P = 2**255 - 19
SIGN = 1 << 255
# All encodings of points whose order divides eight, the ones with y ≥ p included, as "Taming the many EdDSAs"
# (Chalkias, Garillot, Nikolaenko, 2020) lists them in its table 1.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]


def spelt(y: int) -> bytes:
    return y.to_bytes(32, "little")


@pytest.mark.parametrize("secret", range(1, 30))
def test_every_key_that_somebody_makes_is_one(secret):
    key = ed25519.Ed25519PrivateKey.from_private_bytes(bytes([secret]) * 32).public_key()
    assert is_canonical_key(key.public_bytes_raw())


@pytest.mark.parametrize("encoding", SMALL_ORDER)
def test_points_of_small_order_are_none(encoding):
    assert not is_canonical_key(bytes.fromhex(encoding))


@pytest.mark.parametrize("sign", [0, SIGN], ids=["plus", "minus"])
def test_another_spelling_is_none(sign):
    on_curve = [y for y in range(2, 19) if is_canonical_key(spelt(y | sign))]
    assert on_curve
    for y in on_curve:
        assert not is_canonical_key(spelt((y + P) | sign))


def test_half_of_all_numbers_are_no_point():
    assert not is_canonical_key(spelt(2))
    assert 400 < sum(is_canonical_key(spelt(y)) for y in range(2, 1_002)) < 600


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_has_32_bytes(length):
    assert not is_canonical_key(b"\x03" * length)
