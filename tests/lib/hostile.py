"""Ways to spoil a card: bytes at any layer, structures at any place, and the way back to a text.

A card that is only scratched on the outside never reaches the inner layers: its checksum
or its signature stops it.  So an inner layer is spoiled first, then everything around it
is built again as it should be, signed by a key that is believed.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st

from huxin.kernel import cbor, jws
from huxin.trust.credentials import base45
from tests.lib.regions import REED_ISLES
from tools.vectors import plain

__all__ = [
    "cbor_values",
    "edits",
    "hcert_text",
    "hcert_wraps",
    "health_card_text",
    "health_card_wraps",
    "json_values",
    "parts_of",
    "replaced",
    "signed_hcert",
    "spoiled",
    "written_json",
]

Edit = tuple[str, float, int]

# ------------------------------------------------------------------------------------------- bytes


def edits() -> st.SearchStrategy[list[Edit]]:
    """One to three edits: what is done, how far into the data, and a byte or a length."""
    kinds = st.sampled_from(["flip", "delete", "insert", "repeat", "cut"])
    places = st.floats(0, 1, exclude_max=True)
    return st.lists(st.tuples(kinds, places, st.integers(0, 255)), min_size=1, max_size=3)


def spoiled(data: bytes, what: list[Edit]) -> bytes:
    """Return `data` after the edits."""
    for kind, place, number in what:
        at, size = int(place * len(data)), 1 + number % 8
        match kind:
            case "flip" if data:
                data = data[:at] + bytes((data[at] ^ 1 << number % 8,)) + data[at + 1 :]
            case "delete":
                data = data[:at] + data[at + size :]
            case "insert":
                data = data[:at] + bytes((number,)) + data[at:]
            case "repeat":
                data = data[: at + size] + data[at:]
            case "cut":
                data = data[:at]
    return data


# -------------------------------------------------------------------------------------- structures

_atoms: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**64), 2**64 - 1),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["", "2020-03-05", "2020-13-45", "9999-12-31T23:59:59-14:00", "\0", "🦠"]),
)


def json_values() -> st.SearchStrategy[Any]:
    """Any value that JSON has, and the numbers that it has not."""
    return st.recursive(
        _atoms,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=10,
    )


def cbor_values() -> st.SearchStrategy[Any]:
    """Any value that CBOR has: tags, simple values, keys of any type, keys twice, raw bytes."""
    keys = st.integers(-300, 300) | st.text(max_size=4) | _atoms | st.binary(max_size=3)
    tags = st.sampled_from([0, 1, 2, 4, 18, 25, 28, 29, 35, 61, 100, 256, 1004, 55799, 10**6])
    simple = st.integers(0, 255).map(lambda n: plain.Raw(bytes((0xF8, n))))
    broken = st.binary(min_size=1, max_size=6).map(plain.Raw)
    return st.recursive(
        _atoms | st.binary(max_size=12) | simple | broken,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.lists(st.tuples(keys | inner, inner), max_size=4).map(tuple).map(plain.Pairs),
            st.builds(plain.Tag, tags, inner),
        ),
        max_leaves=10,
    )


def replaced(value: Any, by: Any, choose: Callable[[int], int]) -> Any:
    """Return a copy of nested data in which one place, found by choosing downwards, is `by`."""
    items = list(value.items() if isinstance(value, dict) else enumerate(value)
                 if isinstance(value, list) else ())  # fmt: skip
    turn = choose(len(items) + 1)
    if turn == len(items):
        return by
    key, inner = items[turn]
    changed = replaced(inner, by, choose)
    if isinstance(value, dict):
        return value | {key: changed}
    return [*value[:key], changed, *value[key + 1 :]]


# ------------------------------------------------------------------------------------------- HCERT


def hcert_text(envelope: bytes) -> str:
    """Compress, encode and prefix an envelope."""
    return "HC1:" + plain.base45(zlib.compress(envelope))


def signed_hcert(payload: bytes, protected: bytes | None = None) -> str:
    """Return the text of a payload that a believed key has signed."""
    if protected is None:
        protected = plain.cbor({1: -7, 4: REED_ISLES.kid})
    signature = REED_ISLES.sign(plain.cbor(["Signature1", protected, b"", payload]))
    return hcert_text(plain.cbor(plain.Tag(18, [protected, {}, payload, signature])))


def _packed(text: str) -> bytes:
    return base45.decode(text[4:])


def parts_of(text: str) -> list[Any]:
    """Return the four parts of the envelope in a card of ours."""
    protected, _, payload, signature = cbor.loads(zlib.decompress(_packed(text))).value
    return [protected, {}, payload, signature]


def hcert_wraps(text: str) -> dict[str, tuple[bytes, Callable[[bytes], str]]]:
    """Return each layer of a card: its bytes, and how to make a text of them again.

    From `payload` on the signature is made anew, so that it holds.
    """
    protected, _, payload, _ = parts_of(text)
    return {
        "text": (text.encode(), lambda data: data.decode("utf-8", "replace")),
        "base45": (_packed(text), lambda data: "HC1:" + plain.base45(data)),
        "envelope": (zlib.decompress(_packed(text)), hcert_text),
        "payload": (payload, signed_hcert),
        "protected": (protected, lambda data: signed_hcert(payload, data)),
    }


# ------------------------------------------------------------------------------ SMART Health Cards


def health_card_text(payload: bytes, header: bytes | None = None) -> str:
    """Return the code of a packed payload that a believed key has signed."""
    members = {"zip": "DEF", "alg": "ES256", "kid": REED_ISLES.health_card_kid}
    head = plain.json_bytes(members) if header is None else header
    signed = f"{plain.b64url(head)}.{plain.b64url(payload)}"
    signature = REED_ISLES.sign(signed.encode("ascii"))
    return "shc:/" + plain.digits(f"{signed}.{plain.b64url(signature)}")


def health_card_wraps(text: str) -> dict[str, tuple[bytes, Callable[[bytes], str]]]:
    """Return each layer of a health card, as `hcert_wraps` does."""
    numbers = text.removeprefix("shc:/")
    compact = "".join(chr(int(numbers[n : n + 2]) + 45) for n in range(0, len(numbers), 2))
    head, body, _ = compact.split(".")
    packed = jws.b64url_bytes(body)
    return {
        "text": (text.encode(), lambda data: data.decode("utf-8", "replace")),
        "jws": (compact.encode(), lambda data: data.decode("utf-8", "replace")),
        "header": (jws.b64url_bytes(head), lambda data: health_card_text(packed, data)),
        "packed": (packed, health_card_text),
        "json": (
            zlib.decompress(packed, -15),
            lambda data: health_card_text(plain.deflate(data, raw=True)),
        ),
    }


def written_json(value: Any) -> bytes:
    """Write JSON as loosely as some do: NaN, half surrogates and all."""
    return json.dumps(value).encode()
