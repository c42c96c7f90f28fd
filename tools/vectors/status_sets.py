"""Status sets, plain and signed: in order, and broken in one way each.

The writers here follow `spec/status.md` and share nothing with the program.  What is expected is
written by hand beside each case.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

from tools.vectors.keys import ALGORITHM_NUMBERS, Issuer
from tools.vectors.plain import cbor
from tools.vectors.status_case import (
    AT,
    DAY,
    KEY,
    KID,
    NOW,
    PLACES,
    REGION,
    SIGNER,
    SOME,
    STRANGER,
    URI,
    StatusCase,
    sign1,
)

__all__ = ["cases"]

_SQUARES: Final = tuple(one * one for one in range(1_024))


def cases() -> Iterator[StatusCase]:
    """Yield every case, plain sets first."""
    yield from _sets()
    yield from _signed_sets()


# ---------------------------------------------------------------------------- sets, section 2


def _parameter(count: int, bits: int) -> int:
    fitting = (p for p in range(bits) if 10_000 * count * 2**p >= 4_812 * 2**bits)
    return next(fitting, bits)


def _header(bits: int, parameter: int, count: int) -> bytes:
    return b"HXS\x01" + bytes((bits, parameter)) + count.to_bytes(4, "big")


def _rice(indices: Iterable[int], bits: int = 20) -> bytes:
    rising = sorted(indices)
    low = _parameter(len(rising), bits)
    written, before = "", -1
    for index in rising:
        gap, before = index - before - 1, index
        written += "0" * (gap // 2**low) + "1"
        written += "".join(str(gap >> place & 1) for place in reversed(range(low)))
    written += "0" * (-len(written) % 8)
    body = bytes(int(written[at : at + 8], 2) for at in range(0, len(written), 8))
    return _header(bits, low, len(rising)) + body


def _sets() -> Iterator[StatusCase]:
    def good(id_: str, name: str, indices: tuple[int, ...], bits: int = 20) -> StatusCase:
        shown = _rice(indices, bits)
        return StatusCase(id=id_, name=name, form="set", shown=shown, indices=indices, bits=bits)

    def bad(id_: str, name: str, shown: bytes, refused: str = "bad-input") -> StatusCase:
        return StatusCase(id=id_, name=name, form="set", shown=shown, refused=refused)

    some = _rice(SOME)
    yield good("set-empty", "nothing was withdrawn", ())
    yield good("set-first", "the first place", (0,))
    yield good("set-last", "the last place", (1_048_575,))
    yield good("set-some", "five places, first and last among them", SOME)
    yield good("set-neighbours", "two hundred places in a row", tuple(range(500_000, 500_200)))
    yield good("set-squares", "a thousand places, dense and sparse", _SQUARES)
    yield good("set-large", "the largest list", (3, 67_108_863), 26)
    yield bad("set-nothing", "no bytes at all", b"")
    yield bad("set-version", "another version", b"HXS\x02" + some[4:])
    yield bad("set-small", "a list of 2^19 places", _rice((5,), 19))
    yield bad("set-huge", "a list of 2^27 places", _rice((5,), 27))
    yield bad("set-parameter", "another parameter", some[:5] + bytes((some[5] + 1,)) + some[6:])
    yield bad(
        "set-count",
        "more indices promised than places",
        _header(20, 0, PLACES + 1) + bytes(16),
    )
    yield bad("set-promise", "a count that the body cannot hold", _header(20, 0, PLACES) + b"\xff")
    yield bad("set-short", "the last byte is missing", some[:-1])
    yield bad("set-long", "a byte behind the end", some + b"\0")
    yield bad("set-one-behind", "a one in the last bits", some[:-1] + bytes((some[-1] | 1,)))
    yield bad("set-outside", "an index that is no place", _header(20, 19, 1) + b"\x10\0\0")
    yield bad("set-endless", "an index that never comes", _header(20, 19, 1) + bytes(3))


# --------------------------------------------------------------------- signed sets, section 3


def _sorted_map(fields: dict[str, Any]) -> bytes:
    """Write a map in deterministic CBOR: keys in the order of their bytes."""
    return cbor(dict(sorted(fields.items(), key=lambda item: cbor(item[0]))))


def _file(
    version: int,
    whole: Iterable[int],
    *,
    after: Iterable[int] | None = None,
    by: Issuer = KEY,
    kid: bytes = KID,
    **changed: Any,
) -> bytes:
    """Return a signed file: `whole`, or where `after` is given what `whole` adds to it."""
    body = _rice(whole if after is None else set(whole) - set(after))
    fields = {
        "huxin": "status-set", "v": 1, "region": REGION, "uri": URI, "bits": 20,
        "version": version, "as_of": NOW - DAY + version, "next": NOW + DAY,
        "before": None if after is None else hashlib.sha256(_rice(after)).digest(),
        "set": hashlib.sha256(_rice(whole)).digest(), "body": hashlib.sha256(body).digest(),
    } | changed  # fmt: skip
    kept = {name: value for name, value in fields.items() if value is not ...}
    envelope = sign1(_sorted_map(kept), by, {1: ALGORITHM_NUMBERS[by.algorithm], 4: kid})
    return len(envelope).to_bytes(2, "big") + envelope + body


_ONE: Final = (5, 900)
_TWO: Final = (5, 77, 900)
_THREE: Final = (5, 77, 78, 900)
_SIGNED: Final = {"region": REGION, "uri": URI, **SIGNER, "at": AT}


def _signed_sets() -> Iterator[StatusCase]:
    first, second = _file(1, _ONE), _file(2, _TWO, after=_ONE)
    third = _file(3, _THREE, after=_TWO)

    def held(*files: bytes) -> dict[str, Any]:
        return _SIGNED | {"held": [base64.b64encode(one).decode("ascii") for one in files]}

    def good(
        id_: str, name: str, shown: bytes, indices: tuple[int, ...], version: int, *before: bytes
    ) -> StatusCase:
        return StatusCase(
            id=id_, name=name, form="signed", shown=shown, indices=indices, more=held(*before),
            said={"version": version},
        )  # fmt: skip

    def bad(
        id_: str, name: str, shown: bytes, *before: bytes, code: str = "bad-input"
    ) -> StatusCase:
        return StatusCase(
            id=id_, name=name, form="signed", shown=shown, refused=code, more=held(*before)
        )

    yield good("signed-whole", "a whole set", first, _ONE, 1)
    yield good("signed-delta", "a delta on the set before", second, _TWO, 2, first)
    yield good("signed-deltas", "a delta on a delta", third, _THREE, 3, first, second)
    yield good("signed-again", "a whole set over missed deltas", _file(9, _THREE), _THREE, 9, first)
    yield bad("signed-old", "the set that is held, again", first, first)
    yield bad("signed-older", "an older one", first, first, second)
    yield bad("signed-skips", "a delta that skips one", third, first)
    yield bad("signed-alone", "a delta, and nothing is held", second)
    yield bad("signed-forked", "a delta on another set", second, _file(1, (6,)))
    yield bad("signed-gives-back", "a set without a withdrawn place", _file(2, (5,)), first)
    yield bad(
        "signed-earlier",
        "a newer version, true earlier",
        _file(2, _TWO, as_of=NOW - 2 * DAY),
        first,
    )
    yield bad("signed-list", "of another list", _file(1, _ONE, uri="https://reed.example/status/2"))
    yield bad("signed-region", "of another region", _file(1, _ONE, region="QX"))
    yield bad("signed-size", "of another size than it says", _file(1, _ONE, bits=21))
    yield bad("signed-digest", "another set than the digest names", _file(1, _ONE, set=bytes(32)))
    yield bad("signed-body", "another body than the digest names", first[:-1] + b"\xff")
    yield bad("signed-zero", "version 0", _file(0, _ONE))
    yield bad("signed-form", "another version of the form", _file(1, _ONE, v=2))
    yield bad("signed-more", "a field that does not belong", _file(1, _ONE, more=1))
    yield bad("signed-less", "a field is missing", _file(1, _ONE, next=...))
    yield bad("signed-cut", "cut within the statement", first[:60])
    yield bad(
        "signed-future", "true an hour from now", _file(1, _ONE, as_of=NOW + 3_600), code="not-yet"
    )
    yield bad(
        "signed-past",
        "its next was due a second ago",
        _file(1, _ONE, next=NOW - 1),
        code="expired",
    )
    yield bad(
        "signed-stranger", "signed by somebody else", _file(1, _ONE, by=STRANGER), code="signature"
    )
    yield bad(
        "signed-kid", "under another key identifier", _file(1, _ONE, kid=b"x"), code="signature"
    )
