"""Bytes from files and pipes, never more than a stated number of them."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from huxin.kernel.errors import RefusalError

__all__ = ["read", "read_stream", "reason"]


def read(path: Path, *, limit: int) -> bytes:
    """Return a file's bytes; refuses with `too-big`, or `bad-input` where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return read_stream(stream, limit=limit, name=path.name)
    except (OSError, ValueError) as error:
        raise RefusalError("bad-input", f"{path.name}: {reason(error)}") from error


def read_stream(stream: BinaryIO, *, limit: int, name: str) -> bytes:
    """Return all bytes of a stream; refuses with `too-big`."""
    # The size that a file system reports is not asked: a pipe or a device has none.
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise RefusalError("too-big", f"{name}: more than {limit} bytes")
    return data


def reason(error: OSError | ValueError) -> str:
    """Return the system's own words for a failure, without the path in them."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
