"""Keys of every kind and spelling in a region's file, shown to both implementations: taken or refused alike."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha512
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.lib.federations import HOUR, NOW, Federation, key_row, keys_file
from tests.lib.second_refresh import Case, Shown, disagreements, ours

pytestmark = [pytest.mark.needs("node"), pytest.mark.size("all")]

ES256, PS256, EDDSA = range(3)
RSA: Final = bytes.fromhex("06092a864886f70d0101010500")
RSA_WITHOUT_NULL: Final = RSA[:-2]
PSS: Final = bytes.fromhex("06092a864886f70d01010a")
P256: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
P25519: Final = 2**255 - 19

Named = Iterator[tuple[str, int, bytes]]


def number(size: int, name: str) -> int:
    """An odd number of so many bits; whether it is a product of primes, nobody asks of a public key."""
    octets = b"".join(sha512(f"{name} {part}".encode()).digest() for part in range(size // 512 + 1))
    return int.from_bytes(octets, "big") % (1 << size - 1) | 1 << size - 1 | 1


def der(tag: int, content: bytes) -> bytes:
    length = len(content)
    size = b"" if length < 128 else length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size) if size else length]) + size + content


def spki(n: int, e: int, kind: bytes = RSA) -> bytes:
    numbers = b"".join(der(2, one.to_bytes((one.bit_length() + 8) // 8, "big")) for one in (n, e))
    return der(0x30, der(0x30, kind) + der(3, b"\0" + der(0x30, numbers)))


def rsa_keys() -> Named:
    for size in (1024, 2047, 2048, 3072, 8192, 8193):
        yield f"RSA of {size} bits", PS256, spki(number(size, "n"), 65_537)
    n = number(2048, "n")
    for e in (
        1,
        2,
        3,
        5,
        65_536,
        65_537,
        2**33 + 1,
        n - 2,
        n,
        n + 2,
        number(2048, "e"),
        2**2050 + 1,
    ):
        yield f"the exponent {e}"[:40], PS256, spki(n, e)
    yield "an even modulus", PS256, spki(n + 1, 65_537)
    yield "RSA-PSS", PS256, spki(n, 65_537, PSS)
    yield "RSA without its null", PS256, spki(n, 65_537, RSA_WITHOUT_NULL)
    yield "a byte behind the end", PS256, spki(n, 65_537) + b"\0"
    for algorithm in (ES256, EDDSA):
        yield f"RSA for algorithm {algorithm}", algorithm, spki(n, 65_537)


def points() -> Named:
    for curve in (ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1(), ec.SECP256K1()):
        key = ec.derive_private_key(7, curve).public_key()
        whole = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        short = key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        yield f"{curve.name}, uncompressed", ES256, whole
        yield f"{curve.name}, as SPKI", ES256, info
        yield f"{curve.name}, for PS256", PS256, info
        for first in (0, 2, 3, 4, 6):
            yield f"{curve.name}, {first}", ES256, bytes([first]) + short[1:]
    for x in (0, 1, 5, P256 - 1, P256, P256 + 5, 2**256 - 1):
        yield f"x is {x}"[:40], ES256, b"\2" + x.to_bytes(32, "big")
    for one in range(10):
        octets = sha512(str(one).encode()).digest()
        yield f"any 32 bytes, {one}", ES256, bytes([2 + one % 2]) + octets[:32]
        yield f"any 48 bytes, {one}", ES256, bytes([2 + one % 2]) + octets[:48]
        yield f"any 32 bytes of Ed25519, {one}", EDDSA, octets[:32]
    for y in (0, 1, 2, P25519 - 1, P25519, P25519 + 1, 2**255 - 1, 2**255, 2**255 + 1, 2**256 - 1):
        yield f"y is {y}"[:40], EDDSA, y.to_bytes(32, "little")
    for algorithm in (ES256, PS256, EDDSA):
        yield f"nothing for algorithm {algorithm}", algorithm, b""


def shown(name: str, algorithm: int, key: bytes) -> Case:
    federation = Federation(1)
    row = key_row("any", algorithm=algorithm, key=key)
    federation.contents["QV/keys.cbor"] = keys_file("QV", [row])
    federation.publish("region-QV")
    return Shown(name).files(federation.files, at=NOW + HOUR).case


@pytest.mark.parametrize("made", [rsa_keys, points], ids=lambda one: one.__name__)
def test_keys_are_taken_or_refused_alike(made):
    cases = [shown(*one) for one in made()]
    assert disagreements(cases) == []
    told = [ours(case)["steps"][0]["decision"] for case in cases]
    assert min(told.count("fresh"), told.count("refused")) >= 8
