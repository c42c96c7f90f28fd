"""The last step of a spoilt list: at what instant it is shown, and as what; bundles of it, spoilt in every layer."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

import cbor2

from huxin.adapters.trust_bundle import pack
from tests.lib.federation_dicts import ed25519
from tests.lib.federations import DAY, HOUR, key_row, keys_file
from tests.lib.second_refresh import Shown
from tests.lib.spoilt_values import changed, other_bytes

__all__ = ["show", "show_policy"]


def show(
    chance: Random, files: dict[str, bytes], shown: Shown, *, now: datetime, root: bytes
) -> None:
    """Show the spoilt edition as files or as a bundle, at an instant that may be any."""
    later = chance.choice(
        (HOUR, HOUR, HOUR, timedelta(), -10 * HOUR, 3 * DAY, 8 * DAY, 30 * DAY, 31 * DAY)
    )
    at = now + later + timedelta(seconds=chance.choice((0, 0, 1, -1, 300)))
    given = chance.choice((None, None, None, root, b"{}"))
    moved = chance.random() < 0.2
    if chance.random() < 0.7:
        shown.files(files, at=at, root=given, moved=moved)
        return
    data = pack(files)
    if chance.random() < 0.7:
        data = _other_bundle(chance, data)
    shown.bundle(data, at=at, root=given, moved=moved)


def _other_bundle(chance: Random, data: bytes) -> bytes:
    way = chance.choice(("bytes", "inside", "value", "again", "head", "names", "bomb"))
    if way == "bytes":
        return other_bytes(chance, data)
    inside = gzip.decompress(data)
    if way == "inside":
        return gzip.compress(other_bytes(chance, inside), mtime=0)
    whole = cbor2.loads(inside)
    if way == "value":
        try:
            return gzip.compress(cbor2.dumps(changed(chance, whole)), mtime=0)
        except (cbor2.CBORError, TypeError, ValueError):
            return b""
    if way == "again":
        return data + chance.choice((data, b"\0", data[:10]))
    if way == "head":
        return _other_head(chance, inside)
    if way == "names":
        name = chance.choice(
            (
                "metadata/../x",
                "a",
                "",
                "targets/QV/x/y",
                "status/" + "0" * 64 + ".hxs",
                "memory.json",
                7,
            )
        )
        whole[chance.choice(("json", "other"))][name] = chance.choice(
            (b"", b"{}", b"\0\0\0", b"\0", "text")
        )
        return gzip.compress(cbor2.dumps(whole), mtime=0)
    return gzip.compress(bytes(chance.choice((68_000_000, 1_000_000))), mtime=0)


def _other_head(chance: Random, inside: bytes) -> bytes:
    """A gzip file with a name, an extra field, a checksum of its head, or with another kind of content."""
    flags = chance.choice((0, 1, 2, 4, 8, 16, 31, 32, 0x80))
    head = b"\x1f\x8b\x08" + bytes([flags]) + b"\0\0\0\0\2\xff"
    head += (
        (b"\3\0abc" if flags & 4 else b"")
        + (b"name\0" if flags & 8 else b"")
        + (b"note\0" if flags & 16 else b"")
    )
    if flags & 2:
        head += (
            (zlib.crc32(head) & 0xFFFF).to_bytes(2, "little") if chance.random() < 0.7 else b"\0\0"
        )
    stream = zlib.compressobj(chance.choice((0, 1, 9)), zlib.DEFLATED, -15)
    body = stream.compress(inside) + stream.flush()
    tail = zlib.crc32(inside).to_bytes(4, "little") + len(inside).to_bytes(4, "little")
    return head + body + chance.choice((tail, tail, tail[:4], tail[:4] + b"\0\0\0\1"))


# ---------------------------------------------------------------------------- what a place decides

_KIND: Final = "application/vnd.huxin.local-policy+json"


def show_policy(chance: Random, shown: Shown, *, at: datetime) -> None:
    """Put a policy of QV in force, or try to: its payload or its envelope is spoilt now and then."""
    keys = base64.b64encode(keys_file("QZ", [key_row("QZ key 1")])).decode()
    payload: Any = {
        "huxin": "local-policy", "v": 1, "region": "QV", "version": chance.choice((1, 1, 2, 3)),
        "deny": {"regions": chance.choice(([], ["QW"], ["QV", "QX"])), "keys": chance.choice(([], ["ab" * 32]))},
        "accept": chance.choice(([], [{"region": "QZ", "keys": keys}])),
        "freshness": {"stale_hours": chance.choice((1, 48)), "warn_days": chance.choice((1, 14)), "refuse_days": 30},
    }  # fmt: skip
    if chance.random() < 0.4:
        payload = changed(chance, payload)
    data = json.dumps(payload).encode("utf-8", "replace")
    message = b"DSSEv1 %d %s %d %s" % (len(_KIND), _KIND.encode(), len(data), data)
    signers = [ed25519(f"QV officer {one}") for one in chance.choices(range(4), k=chance.choice((1, 2, 2, 3)))]  # fmt: skip
    rows = [{"keyid": "any", "sig": base64.b64encode(one.sign(message)).decode()} for one in signers]  # fmt: skip
    envelope: Any = {"payload": base64.b64encode(data).decode(), "payloadType": _KIND, "signatures": rows}  # fmt: skip
    if chance.random() < 0.3:
        envelope = changed(chance, envelope)
    written = json.dumps(envelope).encode("utf-8", "replace")
    if chance.random() < 0.1:
        written = other_bytes(chance, written)
    region = chance.choice(("QV", "QV", "QV", "QW", "QZ"))
    shown.policy(written, at=at, region=region, keys=[ed25519("QV officer 0").public])
