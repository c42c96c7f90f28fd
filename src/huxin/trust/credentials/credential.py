"""A credential that has been opened: its envelope, its claims and its facts.  Not yet believed."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Any

from huxin.kernel.errors import Refusal
from huxin.kernel.value import value
from huxin.trust.anchors import Domain
from huxin.trust.credentials.facts import Facts

__all__ = ["Credential", "StatusIndex"]


@value()
class StatusIndex:
    """Where the issuer's status set speaks of this credential (CWT claim 65535)."""

    uri: str
    index: int


@value()
class Credential:
    """What stands on a card, with the original signed bytes beside what was parsed from them.

    `format` is `hcert-1`, `hcert-6`, `hcert-100` or `shc`.  `facts` is `None` when the
    content could not be right; `fault` then says why.  `rival_kid` is a second, different
    key identifier outside the signed header.
    """

    format: str
    domain: Domain
    text: str
    kid: bytes | None
    algorithm: str | None
    signed: bytes
    signature: bytes
    issuer: str | None
    issued: datetime | None
    not_before: datetime | None
    expires: datetime | None
    claims: dict[Any, Any] = field(hash=False)
    facts: Facts | None
    fault: Refusal | None = None
    rival_kid: bytes | None = None
    status: StatusIndex | None = None
    rid: str | None = None
    warnings: tuple[str, ...] = ()
