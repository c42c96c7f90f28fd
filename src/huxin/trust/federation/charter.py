"""The federation's own three documents: its charter, its members, and what is suspended in an emergency.

    charter.json      name, environment, caps and the notice that rules need; texts and who dissented
    members.json      regions and how they stand: on probation, active, or to be verified only
    suspensions.json  what a few regions may take away at once, until it lapses or a majority confirms it

Responsible for reading and writing each in its one form.  Leaves to `lint` what must hold between them, and to
`effective` what they make of keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final, Literal, cast, get_args

from huxin.kernel.instants import rfc3339
from huxin.trust.anchors import ENVIRONMENTS
from huxin.trust.federation.fields import Fields, document, refuse
from huxin.trust.federation.layout import MOST_REGIONS

__all__ = [
    "DEFAULT_CAPS",
    "LAPSE",
    "STANDINGS",
    "Caps",
    "Charter",
    "Member",
    "MemberStanding",
    "Suspension",
    "parse_charter",
    "parse_members",
    "parse_suspensions",
    "write_charter",
    "write_members",
    "write_suspensions",
]

_MOST_BYTES: Final = 500_000
_MOST_SUSPENSIONS: Final = 1_000
_MOST_DAYS: Final = 36_500
LAPSE: Final = timedelta(days=14)
"""A suspension that no majority confirmed lapses after this."""

MemberStanding = Literal["probation", "active", "verify-only"]
STANDINGS: Final = get_args(MemberStanding)


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that one signing key may do: credentials, days of issuing, days of verifying."""

    credentials: int
    issuing_days: int
    verifying_days: int

    @property
    def issuing(self) -> timedelta:
        """How long a key may sign."""
        return timedelta(days=self.issuing_days)

    @property
    def verifying(self) -> timedelta:
        """How long a key may be believed."""
        return timedelta(days=self.verifying_days)


DEFAULT_CAPS: Final = Caps(50_000, 31, 730)


@dataclass(frozen=True, slots=True)
class Charter:
    """What the regions agreed on; `confirmed` are the marks of suspensions that a majority upholds."""

    name: Mapping[str, str]
    environment: str
    text: Mapping[str, str]
    caps: Caps = DEFAULT_CAPS
    notice_hours: int = 48
    dissent: tuple[tuple[str, Mapping[str, str]], ...] = ()
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One region in the list; `successor` takes over where two became one or one became two."""

    region: str
    name: Mapping[str, str]
    environment: str
    standing: MemberStanding
    since: datetime
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """What is suspended: a region as a whole, or one key of it (SHA-256 of its SPKI, in hex)."""

    name: str
    region: str
    key: str | None
    since: datetime
    reason: Mapping[str, str]

    def lapses(self) -> datetime:
        """Return when it ends by itself."""
        return self.since + LAPSE

    def prolongs(self, other: Suspension) -> bool:
        """Tell whether it goes on with another of the same region or key, or begins within 14 days of its end."""
        same = (self.region, self.key) == (other.region, other.key)
        return same and other.since < self.since < other.lapses() + LAPSE

    def mark(self) -> str:
        """Return what a majority confirms it by: SHA-256 of whom it is about and since when.

        A name would not do: under one that was confirmed, the few could suspend somebody else for good.
        """
        text = f"{self.region}:{self.key or ''}:{rfc3339(self.since)}"
        return sha256(text.encode("ascii")).hexdigest()


def parse_charter(data: bytes) -> Charter:
    """Read a charter; refuses with `trust-file` or `too-big`."""
    fields = document(data, kind="charter", limit=_MOST_BYTES)
    fields.only(
        "huxin", "v", "name", "environment", "text", "caps", "notice_hours", "dissent", "confirmed"
    )
    dissent = tuple(_dissent(one) for one in fields.objects("dissent", MOST_REGIONS))
    if len(dict(dissent)) < len(dissent):
        raise refuse("/dissent", "a region twice")
    caps = fields.object("caps")
    caps.only("credentials", "issuing_days", "verifying_days")
    return Charter(
        fields.words("name"),
        fields.choice("environment", ENVIRONMENTS),
        fields.words("text"),
        Caps(
            caps.number("credentials", 1),
            caps.number("issuing_days", 1, _MOST_DAYS),
            caps.number("verifying_days", 1, _MOST_DAYS),
        ),
        fields.number("notice_hours", 0, 24 * 365),
        dissent,
        fields.digests("confirmed", _MOST_SUSPENSIONS),
    )


def _dissent(fields: Fields) -> tuple[str, Mapping[str, str]]:
    fields.only("region", "text")
    return fields.region("region"), fields.words("text")


def write_charter(charter: Charter) -> bytes:
    """Return a charter in its one form."""
    return _written(
        "charter",
        {
            "name": charter.name,
            "environment": charter.environment,
            "text": charter.text,
            "caps": {
                "credentials": charter.caps.credentials,
                "issuing_days": charter.caps.issuing_days,
                "verifying_days": charter.caps.verifying_days,
            },
            "notice_hours": charter.notice_hours,
            "dissent": [{"region": region, "text": text} for region, text in charter.dissent],
            "confirmed": list(charter.confirmed),
        },
    )


def parse_members(data: bytes) -> tuple[Member, ...]:
    """Read the members, each region once; refuses with `trust-file` or `too-big`."""
    fields = document(data, kind="members", limit=_MOST_BYTES)
    fields.only("huxin", "v", "members")
    members = tuple(_member(one) for one in fields.objects("members", MOST_REGIONS))
    if len({member.region for member in members}) < len(members):
        raise refuse("/members", "a region twice")
    return members


def _member(fields: Fields) -> Member:
    fields.only("region", "name", "environment", "standing", "since", "successor")
    return Member(
        fields.region("region"),
        fields.words("name"),
        fields.choice("environment", ENVIRONMENTS),
        cast("MemberStanding", fields.choice("standing", STANDINGS)),
        fields.instant("since"),
        fields.region("successor") if fields.has("successor") else None,
    )


def write_members(members: Iterable[Member]) -> bytes:
    """Return the members in their one form, by region."""
    return _written(
        "members",
        {
            "members": [
                {
                    "region": member.region,
                    "name": member.name,
                    "environment": member.environment,
                    "standing": member.standing,
                    "since": rfc3339(member.since),
                    "successor": member.successor,
                }
                for member in sorted(members, key=lambda member: member.region)
            ]
        },
    )


def parse_suspensions(data: bytes) -> tuple[Suspension, ...]:
    """Read what is suspended, each name once; refuses with `trust-file` or `too-big`."""
    fields = document(data, kind="suspensions", limit=_MOST_BYTES)
    fields.only("huxin", "v", "suspensions")
    found = tuple(_suspension(one) for one in fields.objects("suspensions", _MOST_SUSPENSIONS))
    if len({one.name for one in found}) < len(found):
        raise refuse("/suspensions", "a name twice")
    return found


def _suspension(fields: Fields) -> Suspension:
    fields.only("name", "region", "key", "since", "reason")
    return Suspension(
        fields.text("name"),
        fields.region("region"),
        fields.digest("key") if fields.has("key") else None,
        fields.instant("since"),
        fields.words("reason"),
    )


def write_suspensions(suspensions: Iterable[Suspension]) -> bytes:
    """Return what is suspended in its one form, by name."""
    return _written(
        "suspensions",
        {
            "suspensions": [
                {
                    "name": one.name,
                    "region": one.region,
                    "key": one.key,
                    "since": rfc3339(one.since),
                    "reason": one.reason,
                }
                for one in sorted(suspensions, key=lambda one: one.name)
            ]
        },
    )


def _written(kind: str, fields: Mapping[str, Any]) -> bytes:
    whole = {"huxin": kind, "v": 1, **fields}
    return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")
