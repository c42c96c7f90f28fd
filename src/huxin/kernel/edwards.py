"""Which 32 bytes are an Ed25519 key that stands for itself, and in one spelling only (RFC 8032, section 5.1).

Libraries verify with more than that.  A point of small order verifies signatures that nobody made, and a point
written with y ≥ p is another spelling of a key: whoever counts keys counts it twice.
"""

from __future__ import annotations

from typing import Final

__all__ = ["is_canonical_key"]

_P: Final = 2**255 - 19
_D: Final = -121665 * pow(121666, -1, _P) % _P
_SIGN: Final = 1 << 255
_BYTES: Final = 32
# The y of the eight points whose order divides eight: 1, -1, 0 (twice) and these two, twice each.
_EIGHTH: Final = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_SMALL_ORDER: Final = frozenset({0, 1, _P - 1, _EIGHTH, _P - _EIGHTH})


def is_canonical_key(data: bytes) -> bool:
    """Tell whether these are the one spelling of a point of the curve that is not of small order."""
    if len(data) != _BYTES:
        return False
    y = int.from_bytes(data, "little") & ~_SIGN
    return y < _P and y not in _SMALL_ORDER and _on_curve(y)


def _on_curve(y: int) -> bool:
    """Tell whether some x fits: x² = (y² - 1) / (d·y² + 1); d is no square, so nothing divides by zero."""
    square = y * y % _P
    numerator, denominator = square - 1, _D * square + 1
    # A quotient is a square if and only if the product is (Euler's criterion).
    return pow(numerator * denominator, (_P - 1) // 2, _P) == 1
