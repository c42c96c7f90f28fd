"""Token Status Lists, bare and as tokens: in order, and broken in one way each.

The writers here follow draft-ietf-oauth-status-list and share nothing with the program.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

from tools.vectors import plain
from tools.vectors.keys import Issuer
from tools.vectors.plain import cbor
from tools.vectors.status_case import (
    AT,
    DAY,
    KEY,
    KID,
    NOW,
    PLACES,
    SIGNER,
    SOME,
    STRANGER,
    URI,
    StatusCase,
    sign1,
)

__all__ = ["cases"]


def cases() -> Iterator[StatusCase]:
    """Yield every case, bare lists first."""
    yield from _lists()
    yield from _tokens()


def _lst(indices: Iterable[int], size: int = PLACES // 8) -> bytes:
    bits = bytearray(size)
    for index in indices:
        bits[index // 8] |= 1 << index % 8
    return zlib.compress(bytes(bits), 9)


def _lists() -> Iterator[StatusCase]:
    def bad(id_: str, name: str, shown: bytes, refused: str) -> StatusCase:
        return StatusCase(id=id_, name=name, form="list", shown=shown, refused=refused)

    good = _lst(SOME)
    yield StatusCase(id="list-some", name="one bit a place", form="list", shown=good, indices=SOME)
    yield bad("list-short", "half as many places as a list has", _lst((), 1 << 16), "bad-input")
    yield bad("list-odd", "a byte more than a list has", _lst((), (1 << 17) + 1), "bad-input")
    yield bad("list-bomb", "more than 2^23 bytes", _lst((), (1 << 23) + 1), "too-big")
    yield bad("list-cut", "the stream is cut short", good[:-1], "inflate")
    yield bad("list-behind", "a byte behind the stream", good + b"\0", "inflate")
    yield bad("list-raw", "DEFLATE without ZLIB around it", good[2:-4], "inflate")


_CLAIMS: Final = {
    "sub": URI, "iat": NOW - DAY, "exp": NOW + DAY, "ttl": 43_200,
    "status_list": {"bits": 1, "lst": _lst(SOME)},
}  # fmt: skip
_CWT_CLAIMS: Final = {"sub": 2, "exp": 4, "iat": 6, "ttl": 65534, "status_list": 65533}


def _changed(changes: dict[str, Any]) -> dict[str, Any]:
    merged = _CLAIMS | changes
    return {name: value for name, value in merged.items() if value is not ...}


def _jwt(by: Issuer = KEY, typ: str = "statuslist+jwt", **changes: Any) -> str:
    claims = _changed(changes)
    listed = claims["status_list"]
    claims["status_list"] = listed | {"lst": plain.b64url(listed["lst"])}
    header = {"alg": by.algorithm, "kid": "status-1", "typ": typ}
    signed = ".".join(plain.b64url(plain.json_bytes(part)) for part in (header, claims))
    return f"{signed}.{plain.b64url(by.sign(signed.encode('ascii')))}"


def _cwt(
    by: Issuer = KEY, typ: str = "application/statuslist+cwt", tag: int | None = 18, **changes: Any
) -> bytes:
    claims = {_CWT_CLAIMS[name]: value for name, value in _changed(changes).items()}
    return sign1(cbor(claims), by, {1: -7, 4: KID, 16: typ}, tag)


def _tokens() -> Iterator[StatusCase]:
    more = {"uri": URI, **SIGNER, "at": AT}
    bare: dict[str, Any] = {"exp": ..., "ttl": ...}
    two = {"bits": 2, "lst": _lst((), PLACES // 4)}
    broken: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
        ("stranger", "signed by somebody else", "signature", {"by": STRANGER}),
        ("list", "a token of another list", "bad-input", {"sub": URI + "0"}),
        ("expired", "expired this second", "expired", {"exp": NOW}),
        ("undated", "without the time of issue", "bad-input", {"iat": ...}),
        ("nameless", "without the address", "bad-input", {"sub": ...}),
        ("never", "may be kept for no second", "bad-input", {"ttl": 0}),
        ("bits", "two bits a place", "bad-input", {"status_list": two}),
    )
    for form, made in (("jwt", _jwt), ("cwt", _cwt)):
        typ = "jws" if form == "jwt" else "cose"
        good: dict[str, Any] = {"form": form, "indices": SOME, "more": more}
        yield StatusCase(
            id=f"{form}-whole", name=f"a {form.upper()} with all claims", shown=made(), **good
        )
        yield StatusCase(
            id=f"{form}-bare",
            name=f"a {form.upper()} with no more than it needs",
            shown=made(**bare),
            **good,
        )
        for id_, name, code, changes in (*broken, ("type", "of another type", typ, {"typ": "JWT"})):
            yield StatusCase(
                id=f"{form}-{id_}", name=f"{form.upper()}: {name}", form=form, shown=made(**changes),
                refused=code, more=more,
            )  # fmt: skip
    for id_, name, shown in (
        ("untagged", "CWT: without its tag", _cwt(tag=None)),
        ("twice-tagged", "CWT: with the CWT tag around it", b"\xd8\x3d" + _cwt()),
    ):
        yield StatusCase(
            id=f"cwt-{id_}", name=name, form="cwt", shown=shown, refused="cose", more=more
        )
