"""The one error of packs."""

from __future__ import annotations

from huxin.kernel.errors import HuxinError

__all__ = ["PackError"]


class PackError(HuxinError):
    """The data of a pack is not what the reader promises to others."""
