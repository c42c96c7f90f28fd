"""Another value in some place of plain data, and other bytes in some place of a file: both by chance."""

from __future__ import annotations

import copy
from random import Random
from typing import Any, Final

__all__ = ["WEAK", "changed", "other_bytes"]

WEAK: Final = "01" + "00" * 31
VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, 1, 2, 3, -1, 100, 2**31, 2**53 - 1, 2**53, 10**30, 0.5, 1.0, 1e300, "", "x", "1", "QV", "QV-1",
    "QW", "qv", "test", "production", "active", "probation", "verify-only", "*", "QV/*", "*/*", "??/keys.[a-c]bor",
    "federation/suspensions.json", "QV/keys.cbor", "a\U0001343f", "QV/a", "QV/A.json", "../x", "region-QV", "region-QW", "emergency", "root",
    "ed25519", "rsa", "rsassa-pss-sha256", "ecdsa", "ecdsa-sha2-nistp256", "00" * 32, WEAK, "ab" * 32, "AB" * 32, "é",
    "e\u0301", "a\u200bb", "a\nb", "a\tb", "\U0001f600", "1.0", "1.0.31", "1.0.0.0", "2.0", "2026-11-28T08:00:00Z",
    "2027-11-28T08:00:00Z", "2026-11-28T08:00:60Z", "2026-02-30T00:00:00Z", "1969-01-01T00:00:00Z", "9000-01-01T00:00:00Z",
    "2026-11-28T08:00:00+00:00", [], [1], ["*"], ["QV/*"], ["QW/*"], [""], [["QV"]], {}, {"a": 1}, {"sha256": "00" * 32},
    {"sha512": "00" * 64}, {"zh": "信", "en": "x"}, {"zh": "信"},
)  # fmt: skip


_NEW_NAMES: Final = (
    "x-new", "paths", "path_hash_prefixes", "succinct_roles", "delegations", "targets", "length", "hashes", "__proto__", "7",
)  # fmt: skip


def changed(chance: Random, whole: Any, times: int = 1) -> Any:
    """Return a copy in which so many places hold something else, are gone, or have a neighbour."""
    found = copy.deepcopy(whole)
    for _ in range(times):
        owner, name = _place(chance, found)
        if owner is not None:
            _change(chance, owner, name)
    return found


def _place(chance: Random, whole: Any) -> tuple[Any, Any]:
    """A container and a name in it, reached by going down at chance."""
    owner, name, here = None, None, whole
    while isinstance(here, dict | list) and here and (owner is None or chance.random() < 0.75):
        owner = here
        name = chance.choice(sorted(here) if isinstance(here, dict) else range(len(here)))
        here = here[name]
    return owner, name


def _change(chance: Random, owner: Any, name: Any) -> None:
    way = chance.choice(("put", "put", "drop", "add", "twice", "near"))
    value = copy.deepcopy(chance.choice(VALUES))
    if way == "drop":
        del owner[name]
    elif way == "add" and isinstance(owner, dict):
        owner[chance.choice(_NEW_NAMES)] = value
    elif way == "twice" and isinstance(owner, list):
        owner.insert(chance.randrange(len(owner) + 1), copy.deepcopy(owner[name]))
    elif way == "near":
        owner[name] = _near(chance, owner[name], value)
    else:
        owner[name] = value


def _near(chance: Random, found: Any, other: Any) -> Any:
    if type(found) is int:
        return found + chance.choice((-1, 1, -2, 2, 1000))
    if not isinstance(found, str) or not found:
        return other
    at = chance.randrange(len(found))
    letter = chance.choice("09afAZ/. ")
    return chance.choice(
        (found.upper(), found + "0", found[:at], found[:at] + letter + found[at + 1 :])
    )


def other_bytes(chance: Random, data: bytes) -> bytes:
    """Return other bytes: some flipped, gone or come, or JSON written as some readers would let pass."""
    at = chance.randrange(len(data) + 1)
    way = chance.choice(("flip", "flip", "cut", "more", "insert", "mark", "json", "json"))
    if way == "flip" and at < len(data):
        return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
    if way == "cut":
        return data[:at]
    if way == "more":
        return data + chance.choice((b" ", b"\n", b"\0", b"{}", b" " * 20_000))
    if way == "insert":
        return (
            data[:at] + chance.choice((b" ", b"\t", b'"', b"[", b"\\", b"\xff", b"\0")) + data[at:]
        )
    if way == "mark":
        return b"\xef\xbb\xbf" + data
    old, new = chance.choice(_SPELLINGS)
    return data.replace(old, new, 1)


_SPELLINGS: Final = (
    (b'"version":', b'"version": 1, "version":'),
    (b'"version"', b'"v\\u0065rsion"'),
    (b'"version"', b'"\\ud800"'),
    (b'"version": 2', b'"version": 2.0'),
    (b'"version": 2', b'"version": 2e0'),
    (b'"version": 2', b'"version": 02'),
    (b'"version": 2', b'"version": -0'),
    (b'"version": 2', b'"version": NaN'),
    (b'"version": 2', b'"version": ' + b"2" * 4_400),
)
