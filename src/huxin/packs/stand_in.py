"""What stands for a pack that is not here: it was taken out, or can no longer be read.

Cards were signed of it, and are cards all the same.  A stand-in has words for pages and paper, and no columns:
nothing is read or signed by it.
"""

from __future__ import annotations

from typing import Final

from huxin.kernel.errors import RefusalError
from huxin.packs import reader
from huxin.packs.form import Choice, Minimal, Pack, Words

__all__ = ["PLAIN", "is_here", "pack_or_stand_in", "pack_to_sign", "stand_in"]

PLAIN: Final = Choice("", Words("卡里签的内容", "what was signed"))
"""The choice of an entry of a stand-in."""

_NOT_HERE: Final = Words("它的场景包没有装在这个节点上", "its pack is not installed on this node")
_PROVES: Final = Words(
    "卡里签的内容，扫码照常能读；这个节点没有装能读它的场景包，所以这里只有编号、日期和二维码",
    "what is signed in its code, which is read as before; no pack that reads it is installed on this node, so only number, dates and code stand here",
)
_REVEALS: Final = Words(
    "扫码会读到卡里签的全部内容。", "A scan reads all that was signed in the card."
)


def is_here(name: str) -> bool:
    """Tell whether a pack can be read."""
    return name in reader.pack_ids()


def pack_or_stand_in(name: str) -> Pack:
    """Return the pack `name`, or what stands for it, for pages that show what was made of it."""
    return reader.pack(name) if is_here(name) else stand_in(name)


def pack_to_sign(name: str) -> Pack:
    """Return the pack `name`, for a card that is to be signed; refuses with `pack` where it is not here."""
    if not is_here(name):
        raise RefusalError("pack", "not installed any more")
    return reader.pack(name)


def stand_in(name: str, kind: str = "clearance") -> Pack:
    """Return what stands for the pack `name`, whose cards state a `kind` of event."""
    called = Words(f"{name}（{_NOT_HERE.zh}）", f"{name} ({_NOT_HERE.en})")
    return Pack(
        id=name,
        version=0,
        standing="illustrative",
        name=called,
        short=called,
        kind=kind,
        format="",
        effect="informs",
        outcome={},
        basis=_NOT_HERE,
        purpose="",
        purpose_words=_NOT_HERE,
        card_days=1,
        choice="",
        proves={"full": _PROVES, "minimal": _PROVES},
        reveals={"full": _REVEALS, "minimal": _REVEALS},
        minimal=Minimal("", ""),
        terms={},
        columns=(),
    )
