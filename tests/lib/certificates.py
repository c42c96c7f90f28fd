"""Certificates written by hand, as no library would: any spelling of a key, any dates, any end.

Their signatures are nobody's: a list says which certificates count, and no reader here asks who made one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.lib.regions import REED_ISLES

__all__ = ["AFTER", "BEFORE", "POINT", "certificate", "der", "named", "spellings"]

SEQUENCE, INTEGER, BITS, OCTETS, UTC_TIME, GENERAL_TIME = 0x30, 2, 3, 4, 0x17, 0x18

_EC: Final = bytes.fromhex("06072a8648ce3d0201")
_P256: Final = bytes.fromhex("06082a8648ce3d030107")
_PRIME_FIELD: Final = bytes.fromhex("06072a8648ce3d0101")
_ECDSA: Final = bytes.fromhex("300a06082a8648ce3d040302")
P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SEED: Final = bytes.fromhex("c49d360886e704936a6678e1139d26b7819f7e90")


def der(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    length = len(content)
    size = b"" if length < 128 else length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size) if size else length]) + size + content


def number(value: int) -> bytes:
    return der(INTEGER, value.to_bytes((value.bit_length() + 8) // 8, "big"))


def _point(secret: int, form: PublicFormat = PublicFormat.UncompressedPoint) -> bytes:
    key = ec.derive_private_key(secret, ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.X962, form)


POINT: Final = _point(REED_ISLES.secret)
SHORT: Final = _point(REED_ISLES.secret, PublicFormat.CompressedPoint)
HYBRID: Final = bytes([6 | POINT[-1] & 1]) + POINT[1:]


def named(
    point: bytes = POINT, *, tags: tuple[int, int] = (SEQUENCE, SEQUENCE), more: bytes = b""
) -> bytes:
    """The public key of Reed Isles, its curve called by its name."""
    return der(tags[0], der(tags[1], _EC, _P256), der(BITS, b"\0", point), more)


def explicit(
    *,
    version: int = 1,
    seed: bytes | None = None,
    base: bytes | None = None,
    b: int = B,
    order: int = ORDER,
    cofactor: int | None = 1,
    point: bytes = POINT,
) -> bytes:
    """The public key of Reed Isles, its curve told by all its parameters."""
    coefficients = [der(OCTETS, one.to_bytes(32, "big")) for one in (P - 3, b)]
    if seed is not None:
        coefficients.append(der(BITS, b"\0", seed))
    parameters = der(
        SEQUENCE,
        number(version),
        der(SEQUENCE, _PRIME_FIELD, number(P)),
        der(SEQUENCE, *coefficients),
        der(OCTETS, _point(1) if base is None else base),
        number(order),
        b"" if cofactor is None else number(cofactor),
    )
    return der(SEQUENCE, der(SEQUENCE, _EC, parameters), der(BITS, b"\0", point))


def spellings() -> Iterator[tuple[str, bytes, bool]]:
    """Spellings of one public key: a name, the SubjectPublicKeyInfo, and whether it may be believed."""
    yield "the whole point", named(), True
    yield "the compressed point", named(SHORT), True
    yield "the hybrid point", named(HYBRID), False
    yield "the hybrid point of the other sign", named(bytes([HYBRID[0] ^ 1]) + POINT[1:]), False
    yield "no point", named(b""), False
    yield "the point at infinity", named(b"\0"), False
    yield "all parameters", explicit(), True
    yield "all parameters and their seed", explicit(seed=SEED), True
    yield "all parameters, the compressed point", explicit(point=SHORT), True
    yield "all parameters, the hybrid point", explicit(point=HYBRID), False
    # Whoever may choose the base point can sign for any key: taken for it, the key's own secret is one.
    yield "another base point", explicit(base=_point(5)), False
    yield "another order", explicit(order=ORDER - 2), False
    yield "another curve", explicit(b=B - 2), False
    yield "another seed", explicit(seed=bytes(20)), False
    yield "another cofactor", explicit(cofactor=2), False
    yield "no cofactor", explicit(cofactor=None), False
    yield "another version", explicit(version=2), False
    yield "a set for the key", named(tags=(0x31, SEQUENCE)), False
    yield "a set for the algorithm", named(tags=(SEQUENCE, 0x31)), False
    yield "an element more", named(more=b"\5\0"), False


BEFORE: Final = der(UTC_TIME, b"260101000000Z")
AFTER: Final = der(GENERAL_TIME, b"20620101000000Z")


def certificate(
    *,
    spki: bytes = b"",
    dates: tuple[bytes, bytes] = (BEFORE, AFTER),
    end: bytes = _ECDSA + der(BITS, b"\0signature"),
) -> bytes:
    """A certificate (RFC 5280, section 4.1) of Reed Isles' key."""
    body = der(
        SEQUENCE,
        der(0xA0, number(2)),
        number(7),
        _ECDSA,
        der(SEQUENCE),
        der(SEQUENCE, *dates),
        der(SEQUENCE),
        spki or named(),
    )
    return der(SEQUENCE, body, end)
