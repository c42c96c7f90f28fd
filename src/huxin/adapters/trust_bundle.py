"""A bundle: a whole trust repository in one file, to be carried on a stick or read by a browser.

    gzip( deterministic CBOR {
      "v": 1,
      "digests": 32 bytes for each digest that stands in several places,
      "json":  { "metadata/1.root.json": bytes, … },       such a digest written as 00 and its number in two bytes
      "other": { "targets/QV/<sha256>.keys.cbor": bytes, "status/<sha256>.hxs": bytes } } )

Responsible for the form.  Leaves to the client what the files are worth: a bundle is signed by nobody, what is
in it is.

- the same files give the same bytes, on whatever machine: no clock, no owner, no system stands in them;
- nothing is unfolded past a limit, and no name leads out of the two folders;
- names of keys are digests, and stand in many places: gzip forgets them after 32 kB, hence their table, which saves
  a sixth at two hundred regions;
- gzip, since a browser opens that from a file and nothing that is smaller.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from huxin.adapters.status_files import is_status_name
from huxin.kernel import cbor
from huxin.kernel.errors import RefusalError

__all__ = [
    "MOST_BUNDLE",
    "MOST_FILES",
    "MOST_TOTAL",
    "is_name",
    "open_bundle",
    "pack",
]

MOST_BUNDLE: Final = 16_000_000
"""Bytes of a bundle as it lies on the disk."""
MOST_TOTAL: Final = 64_000_000
"""Bytes of all files of a repository together."""
MOST_FILES: Final = 10_000

_FOLDERS: Final = ("metadata", "targets")
_NAME: Final = re.compile(r"(metadata|targets)(/[A-Za-z0-9][A-Za-z0-9._-]{0,199}){1,2}")
_MARK: Final = b"\0"
_DIGEST: Final = re.compile(rb"[0-9a-f]{64}")
_DIGEST_BYTES: Final = 32
_MOST_DIGESTS: Final = 65_536
_NUMBER: Final = re.compile(rb"\0(.{0,2})", re.DOTALL)
# RFC 1952: deflate, no flags, no time, smallest size, system unknown.
_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_GZIP: Final = 31
_RAW: Final = -15
# What CBOR adds to the files: a name and two lengths each.
_AROUND: Final = 300 * MOST_FILES


def is_name(name: object) -> bool:
    """Tell whether it names a file of a repository; none begins with a dot, none leads elsewhere."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return files in one, always in the same bytes; refuses with `too-big`."""
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_TOTAL:
        raise RefusalError("too-big", "a bundle of more than it may hold")
    data = cbor.dumps(_folded(files))
    stream = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    body = stream.compress(data) + stream.flush()
    packed = _HEAD + body + struct.pack("<II", zlib.crc32(data), len(data))
    if len(packed) > MOST_BUNDLE:
        raise RefusalError("too-big", f"a bundle of more than {MOST_BUNDLE} bytes")
    return packed


def open_bundle(data: bytes, *, beside: frozenset[str] = frozenset()) -> Mapping[str, bytes]:
    """Return the files of a bundle; refuses with `trust-file` or `too-big`.

    Status sets may stand in it beside a repository, and so may what is named in `beside`.
    """
    try:
        files = _unfolded(cbor.loads(_inflated(data), limit=MOST_TOTAL + _AROUND))
    except RefusalError as error:
        code = "too-big" if error.refusal.code == "too-big" else "trust-file"
        raise RefusalError(code, f"bundle: {error.refusal.detail}") from error
    if len(files) > MOST_FILES:
        raise RefusalError("trust-file", f"bundle: not up to {MOST_FILES} files")
    for name, content in files.items():
        if not is_name(name) and not is_status_name(name) and name not in beside:
            raise RefusalError("trust-file", f"bundle: no name of a file: {str(name)[:80]!a}")
        if not isinstance(content, bytes):
            raise RefusalError("trust-file", f"bundle: {name}: not bytes")
    return files


# ------------------------------------------------------------------------- the table of digests


def _folded(files: Mapping[str, bytes]) -> dict[str, object]:
    """Return the files with each digest that stands twice or more written as its number in the table."""
    texts = {
        name: data for name, data in files.items() if name.endswith(".json") and _MARK not in data
    }
    found = Counter(digest for data in texts.values() for digest in _DIGEST.findall(data))
    table = sorted(digest for digest, times in found.items() if times > 1)[:_MOST_DIGESTS]
    numbers = {digest: _MARK + at.to_bytes(2, "big") for at, digest in enumerate(table)}
    return {
        "v": 1,
        "digests": bytes.fromhex(b"".join(table).decode("ascii")),
        "json": {
            name: _DIGEST.sub(lambda digest: numbers.get(digest[0], digest[0]), data)
            for name, data in texts.items()
        },
        "other": {name: data for name, data in files.items() if name not in texts},
    }


def _unfolded(found: object) -> dict[Any, Any]:
    """Return the files of what `_folded` made; refuses with `trust-file` or `too-big`."""
    if not isinstance(found, dict) or found.keys() != {"v", "digests", "json", "other"}:
        raise RefusalError("trust-file", "not a bundle")
    digests, texts, others = found["digests"], found["json"], found["other"]
    if found["v"] != 1 or not isinstance(digests, bytes) or len(digests) % _DIGEST_BYTES:
        raise RefusalError("trust-file", "not a bundle of version 1")
    if not isinstance(texts, dict) or not isinstance(others, dict) or texts.keys() & others.keys():
        raise RefusalError("trust-file", "not two sets of files")
    if not all(isinstance(data, bytes) for data in texts.values()):
        raise RefusalError("trust-file", "a file that is not bytes")
    # Each mark unfolds to some twenty times its size: bounded before any does.
    # A mark and its number are three bytes, and become sixty-four.
    grown = 2 * _DIGEST_BYTES - 3
    whole = sum(len(data) + grown * len(_NUMBER.findall(data)) for data in texts.values())
    if whole > MOST_TOTAL:
        raise RefusalError("too-big", f"unfolds past {MOST_TOTAL} bytes")

    def digest(mark: re.Match[bytes]) -> bytes:
        at = _DIGEST_BYTES * int.from_bytes(mark[1], "big")
        if len(mark[1]) < 2 or at >= len(digests):
            raise RefusalError("trust-file", "a digest that is not in the table")
        return digests[at : at + _DIGEST_BYTES].hex().encode("ascii")

    return {name: _NUMBER.sub(digest, data) for name, data in texts.items()} | others


def _inflated(data: bytes) -> bytes:
    if len(data) > MOST_BUNDLE:
        raise RefusalError("too-big", f"more than {MOST_BUNDLE} bytes")
    stream = zlib.decompressobj(_GZIP)
    limit = MOST_TOTAL + _AROUND
    try:
        found = stream.decompress(data, limit + 1)
    except zlib.error as error:
        raise RefusalError("trust-file", "not gzip, or spoilt") from error
    if len(found) > limit:
        raise RefusalError("too-big", f"unfolds past {limit} bytes")
    if not stream.eof or stream.unused_data:
        raise RefusalError("trust-file", "cut short, or bytes after the end")
    return found
