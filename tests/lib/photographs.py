"""A camera in memory: a QR code as it comes out of paper, lens, sensor and file.

What a picture went through stands in a `Conditions`; the same conditions and chance give the same
picture.  Pillow alone does it, so that the suite needs no larger library.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from statistics import NormalDist
from typing import Final

from PIL import Image, ImageChops, ImageFilter

__all__ = ["Conditions", "photograph"]

_FINE: Final = 3  # drawn so many times finer than the sensor sees, as light does
_QUIET: Final = 4
_DISTANCE: Final = 2.5  # of the camera, in widths of the code
# 256 values of a normal distribution, so that random bytes become noise by one look-up.
_NORMAL: Final = [NormalDist().inv_cdf((value + 0.5) / 256) for value in range(256)]


@dataclass(frozen=True, slots=True)
class Conditions:
    """`module` is in pixels, seen face on; `turn` says how the code is tilted: a hinge or a spin."""

    module: float
    blur: float
    tilt: int
    noise: int
    quality: int
    contrast: int
    turn: str


def photograph(grid: Sequence[Sequence[bool]], how: Conditions, chance: Random) -> bytes:
    """Return the code as a JPEG."""
    image = _tilted(_drawn(grid, how.module), how)
    if how.blur:
        image = image.filter(ImageFilter.GaussianBlur(how.blur))
    low = (255 - how.contrast) // 2
    image = image.point([low + value * how.contrast // 255 for value in range(256)])
    if how.noise:
        image = _noisy(image, how.noise, chance)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=how.quality)
    return out.getvalue()


def _drawn(grid: Sequence[Sequence[bool]], module: float) -> Image.Image:
    """Return the code on white paper with room around it, `_FINE` times finer than asked."""
    side = len(grid) + 2 * _QUIET
    small = Image.new("L", (side, side), 255)
    small.putdata(
        [
            0 if 0 <= y < len(grid) and 0 <= x < len(grid) and grid[y][x] else 255
            for y in range(-_QUIET, len(grid) + _QUIET)
            for x in range(-_QUIET, len(grid) + _QUIET)
        ]
    )
    width = round(side * module * _FINE)
    return small.resize((width, width), Image.Resampling.NEAREST)


def _tilted(image: Image.Image, how: Conditions) -> Image.Image:
    side = image.width
    room = round(side * 1.5)
    corners = [_seen(x, y, how) for x, y in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))]
    placed = [(room / 2 + x * side, room / 2 + y * side) for x, y in corners]
    whole = [(0, 0), (side, 0), (side, side), (0, side)]
    turned = image.transform(
        (room, room),
        Image.Transform.PERSPECTIVE,
        _coefficients(placed, whole),
        Image.Resampling.BICUBIC,
        fillcolor=255,
    )
    seen = round(room / _FINE)
    return turned.resize((seen, seen), Image.Resampling.BOX)


def _seen(x: float, y: float, how: Conditions) -> tuple[float, float]:
    """Return where a point of the code is seen, in widths of the code."""
    angle = math.radians(how.tilt)
    if how.turn == "spin":
        return x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)
    if how.turn == "askew":  # about a diagonal: an eighth of a turn, the hinge, and back again
        near, far = _upright((x + y) / math.sqrt(2), (y - x) / math.sqrt(2), angle)
        return (near - far) / math.sqrt(2), (near + far) / math.sqrt(2)
    if how.turn == "upright":
        return _upright(x, y, angle)
    away = 1 + y * math.sin(angle) / _DISTANCE
    return x / away, y * math.cos(angle) / away


def _upright(x: float, y: float, angle: float) -> tuple[float, float]:
    away = 1 + x * math.sin(angle) / _DISTANCE
    return x * math.cos(angle) / away, y / away


def _coefficients(
    to: Sequence[tuple[float, float]], of: Sequence[tuple[float, float]]
) -> list[float]:
    """Return the eight numbers by which Pillow finds, for a point seen, the point drawn."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(to, of, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for at in range(8):  # Gauss and Jordan
        best = max(range(at, 8), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(8):
            if other != at:
                factor = rows[other][at]
                pairs = zip(rows[other], rows[at], strict=True)
                rows[other] = [left - factor * right for left, right in pairs]
    return [row[8] for row in rows]


def _noisy(image: Image.Image, sigma: int, chance: Random) -> Image.Image:
    table = bytes(max(0, min(255, round(128 + sigma * value))) for value in _NORMAL)
    grain = chance.randbytes(image.width * image.height).translate(table)
    noise = Image.frombytes("L", image.size, grain)
    return ImageChops.add(image, noise, offset=-128)
