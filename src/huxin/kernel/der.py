"""A lenient reader of X.509 certificates, for those that a strict library refuses.

Real signing certificates carry encodings that DER forbids: defaults written out, an
empty extended key usage.  Their key and usage are plain to see all the same.  This
reader walks the outer structure only (RFC 5280, section 4.1), checks every length
against the bytes at hand, and believes nothing else in the certificate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from huxin.kernel.errors import UnusableKeyError

__all__ = ["CertificateParts", "point_of", "read_certificate"]

_SEQUENCE: Final = 0x30
_OID: Final = 0x06
_OCTETS: Final = 0x04
_VERSION: Final = 0xA0
_EXTENSIONS: Final = 0xA3
_UTC_TIME: Final = 0x17
_GENERAL_TIME: Final = 0x18
_EXTENDED_KEY_USAGE: Final = bytes.fromhex("551d25")
_TIME: Final = re.compile(r"[0-9]{14}Z")


@dataclass(frozen=True, slots=True)
class CertificateParts:
    """What Huxin needs of a certificate: the key (SPKI, DER), its dates, its purposes (OIDs), its subject.

    The subject is a text to look at (RFC 4514), and empty where the encoding is odd.
    """

    public_key: bytes
    not_before: datetime
    not_after: datetime
    purposes: tuple[str, ...]
    subject: str = ""


def read_certificate(der: bytes) -> CertificateParts:
    """Walk `Certificate`; raises `UnusableKeyError` where a length or a type does not fit."""
    try:
        (certificate,) = _items(der)
        # What follows is the signature: not asked for, but a certificate that is cut there is none.
        (_, body, _), *_ = _items(certificate[1])
        fields = [item for item in _items(body) if item[0] != _VERSION]
        # serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo, …
        validity, public_key = fields[3], fields[5]
        not_before, not_after = (_time(tag, value) for tag, value, _ in _items(validity[1]))
        extensions = [value for tag, value, _ in fields[6:] if tag == _EXTENSIONS]
        purposes = _purposes(extensions[0]) if extensions else ()
        return CertificateParts(public_key[2], not_before, not_after, purposes)
    except (ValueError, IndexError) as error:
        raise UnusableKeyError("not a certificate") from error


def point_of(spki: bytes) -> bytes:
    """Return the point in the SubjectPublicKeyInfo of an elliptic curve, as it is written there."""
    ((_, content, _),) = _items(spki)
    _, (_, bits, _) = _items(content)
    return bits[1:]


def _items(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield (tag, content, whole) of each element; a length that overruns is an error."""
    at = 0
    while at < len(data):
        tag, length, start = data[at], data[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            if not 1 <= size <= 4:
                raise ValueError("length of a length")
            length, start = int.from_bytes(data[start : start + size], "big"), start + size
        if start + length > len(data):
            raise ValueError("element overruns")
        yield tag, data[start : start + length], data[at : start + length]
        at = start + length


def _time(tag: int, value: bytes) -> datetime:
    text = value.decode("ascii")
    if tag == _UTC_TIME:  # two-digit years turn at 50 (RFC 5280, 4.1.2.5.1)
        text = ("20" if text[:2] < "50" else "19") + text
    elif tag != _GENERAL_TIME:
        raise ValueError("not a time")
    # `strptime` alone would take fields of one digit, or blanks in their place.
    if not _TIME.fullmatch(text):
        raise ValueError("not all of a time")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def _purposes(extensions: bytes) -> tuple[str, ...]:
    (sequence,) = _items(extensions)
    for _, extension, _ in _items(sequence[1]):
        parts = list(_items(extension))
        if parts[0][:2] == (_OID, _EXTENDED_KEY_USAGE):
            (usages,) = _items(parts[-1][1] if parts[-1][0] == _OCTETS else b"")
            return tuple(_dotted(value) for tag, value, _ in _items(usages[1]) if tag == _OID)
    return ()


def _dotted(encoded: bytes) -> str:
    """Write an object identifier as dotted numbers (X.690, section 8.19)."""
    numbers, value = [], 0
    for byte in encoded:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))
