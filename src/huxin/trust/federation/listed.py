"""One key as some list has it, whoever made the list: whose, what for, since and until when.

A list is a statement of whoever publishes it; nothing here is believed.  What cannot be used is kept with its
reason, so that a reader sees it instead of missing it.
"""

from __future__ import annotations

from datetime import datetime

from huxin.kernel.crypto import PublicKey
from huxin.kernel.value import value
from huxin.trust.anchors import Anchor

__all__ = ["Listed", "listed_anchor"]


@value()
class Listed:
    """A key of a list.  `place` is where it stands there; `key` is `None` where `fault` says why not."""

    place: str
    participant: str
    domain: str
    usage: str
    kid: str
    key: PublicKey | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    environment: str | None = None
    subject: str = ""
    fault: str = ""


def listed_anchor(anchor: Anchor, place: str) -> Listed:
    """Return a key of a trust file as one of a list."""
    return Listed(
        place=place,
        participant=anchor.region or "",
        domain=anchor.domain,
        usage=", ".join(sorted(anchor.usage)) if anchor.usage is not None else "",
        kid=anchor.kid.hex() if anchor.domain != "shc" else anchor.kid.decode("ascii", "replace"),
        key=anchor.key,
        valid_from=anchor.valid_from,
        valid_until=anchor.valid_until,
        environment=anchor.environment,
    )
