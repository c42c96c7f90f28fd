"""Pictures: one with a code, and several without one that can be read."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from huxin.trust import qr
from tools.vectors.case import Case, dcc, sealed
from tools.vectors.issuers import ISLES

__all__ = ["cases"]

_SCALE: Final = 3
_QUIET: Final = 4


def cases() -> Iterator[Case]:
    text = sealed(ISLES, {1: dcc()})
    drawn = png(qr.modules(text))
    other = png(qr.modules("请出示健康凭证"))
    blank = png([[False] * 40] * 40)
    huge = png([[False]], size=(60_000, 60_000))
    yield _case("read", "a picture of a card", drawn)
    yield _case("jpeg-in-name-only", "the first bytes of a photograph", b"\xff\xd8\xff", "picture")
    yield _case("blank", "a picture without a code", blank, "picture")
    yield _case("cut", "a picture that is cut", drawn[: len(drawn) // 2], "picture")
    yield _case("huge", "a picture that would fill the memory", huge, "too-big")
    yield _case("other-code", "a picture of another code", other, "prefix", "prefix")


def _case(
    id: str, name: str, picture: bytes, code: str = "ok", fails: str | None = "picture"
) -> Case:
    return Case(
        id=f"picture/{id}",
        name=name,
        keys=(ISLES.lent(),),
        picture=base64.b64encode(picture).decode("ascii"),
        code=code,
        fails=None if code == "ok" else fails,
    )


def png(grid: Sequence[Sequence[bool]], *, size: tuple[int, int] | None = None) -> bytes:
    """Draw modules as a PNG in grey; `size` is what the head claims, if it lies."""
    side = (len(grid) + 2 * _QUIET) * _SCALE
    white = [b"\0" + b"\xff" * side] * (_QUIET * _SCALE)
    rows = [row for line in grid for row in [b"\0" + _row(line)] * _SCALE]
    width, height = size or (side, side)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(b"".join([*white, *rows, *white]), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _row(line: Sequence[bool]) -> bytes:
    edge = b"\xff" * (_QUIET * _SCALE)
    return edge + b"".join((b"\0" if dark else b"\xff") * _SCALE for dark in line) + edge


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
