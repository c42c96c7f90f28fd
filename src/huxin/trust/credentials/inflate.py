"""Bounded decompression: at most `MAX_BYTES` come out, and all input must be used up."""

from __future__ import annotations

import zlib
from typing import Final

from huxin.kernel.errors import RefusalError

__all__ = ["MAX_BYTES", "deflate_raw", "inflate_raw", "inflate_zlib"]

MAX_BYTES: Final = 65_536
_RAW: Final = -zlib.MAX_WBITS


def inflate_zlib(data: bytes) -> bytes:
    """Undo zlib (RFC 1950), as HCERT uses it; refuses with `inflate` or `too-big`."""
    return _inflate(zlib.decompressobj(), data)


def inflate_raw(data: bytes) -> bytes:
    """Undo raw DEFLATE (RFC 1951), as SMART Health Cards use it; same refusals."""
    return _inflate(zlib.decompressobj(_RAW), data)


def _inflate(stream: zlib._Decompress, data: bytes) -> bytes:
    try:
        result = stream.decompress(data, MAX_BYTES + 1)
    except zlib.error as error:
        raise RefusalError("inflate", "not a compressed stream") from error
    if len(result) > MAX_BYTES:
        raise RefusalError("too-big", f"inflates past {MAX_BYTES} bytes")
    if not stream.eof or stream.unused_data:
        raise RefusalError("inflate", "cut short, or bytes after the end")
    return result


def deflate_raw(data: bytes) -> bytes:
    """Compress as raw DEFLATE."""
    stream = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    return stream.compress(data) + stream.flush()
