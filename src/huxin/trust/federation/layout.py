"""What a trust repository is made of: roles, how long each lasts, and which file each may carry.

    /trust/v1/metadata/   timestamp.json · N.root.json · N.snapshot.json · N.targets.json · N.region-QV.json …
    /trust/v1/targets/    federation/<sha256>.charter.json · QV/<sha256>.keys.cbor …

The form is that of The Update Framework, version 1.0, with consistent snapshots.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import parse_region

__all__ = [
    "CHARTER",
    "EMERGENCY",
    "LIFETIMES",
    "MEMBERS",
    "MOST_METADATA",
    "MOST_REGIONS",
    "MOST_TARGET",
    "MOST_TIMESTAMP",
    "REGION_FIELD",
    "RESIGN",
    "SUSPENSIONS",
    "TOP_ROLES",
    "WITNESSED",
    "keys_path",
    "lifetime",
    "may_carry",
    "notices_path",
    "region_of",
    "region_role",
    "rules_path",
    "status_path",
]

TOP_ROLES: Final = ("root", "targets", "snapshot", "timestamp")
# What the witnesses sign: it says of all the rest that it is the newest.
WITNESSED: Final = ("snapshot", "timestamp")
EMERGENCY: Final = "emergency"
_REGION_PREFIX: Final = "region-"
# Small letters and digits, so that no name climbs out of its folder or is another one on another system.
_NAME: Final = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
_MOST_NAME: Final = 100

CHARTER: Final = "federation/charter.json"
MEMBERS: Final = "federation/members.json"
SUSPENSIONS: Final = "federation/suspensions.json"

REGION_FIELD: Final = "x-huxin-region"
"""In each key of a role that regions sign together: whose key it is."""

LIFETIMES: Final = {
    "root": timedelta(days=365),
    "targets": timedelta(days=365),
    "region": timedelta(days=90),
    EMERGENCY: timedelta(days=30),
    "snapshot": timedelta(days=7),
    "timestamp": timedelta(hours=48),
}
RESIGN: Final = {
    "root": timedelta(days=90),
    "targets": timedelta(days=90),
    "region": timedelta(days=45),
    EMERGENCY: timedelta(days=15),
    "snapshot": timedelta(days=3),
    "timestamp": timedelta(hours=36),
}
"""How long before its end a role is to be signed anew."""

MOST_REGIONS: Final = 400
MOST_TIMESTAMP: Final = 16_384
MOST_METADATA: Final = 2_000_000
MOST_TARGET: Final = 5_000_000


def region_role(region: str) -> str:
    """Return the name of the role in which a region's officers sign."""
    return f"{_REGION_PREFIX}{parse_region(region)}"


def region_of(role: str) -> str | None:
    """Return the region of a role's name; `None` for a role of the federation."""
    if not role.startswith(_REGION_PREFIX):
        return None
    try:
        return parse_region(role.removeprefix(_REGION_PREFIX))
    except RefusalError:
        return None


def lifetime(role: str) -> timedelta:
    """Return how long a role's metadata may last."""
    return LIFETIMES.get(role, LIFETIMES["region"])


def keys_path(region: str) -> str:
    """Return where a region's keys stand."""
    return f"{region}/keys.cbor"


def rules_path(region: str) -> str:
    """Return where a region's rules stand."""
    return f"{region}/rules.json"


def status_path(region: str) -> str:
    """Return where a region says which status sets it publishes."""
    return f"{region}/status.json"


def notices_path(by: str) -> str:
    """Return where the notices of a region stand, or of all together (`federation`)."""
    return f"{by}/notices.json"


def may_carry(role: str, path: str) -> bool:
    """Tell whether a role may carry a file: a region its own, the emergency role one, the charter its own."""
    folder, _, name = path.partition("/")
    if len(name) > _MOST_NAME or not _NAME.fullmatch(name):
        return False
    if role == EMERGENCY:
        return path == SUSPENSIONS
    if role == "targets":
        return folder == "federation" and path != SUSPENSIONS
    region = region_of(role)
    return region is not None and folder == region
