"""Who signs for each region, and the signing lists that follow: taken from statements, or read back from metadata.

- root and charter ask for a majority of regions, the emergency role for a fifth, the witnesses for their quorum;
- a region on probation signs nothing but its own files, and so does one that has left;
- up to 50 regions each has a root key; beyond, an elected council of up to 21 keeps the root;
- up to 13 regions witness: of so many the timestamp stays small, and who witnessed goes on when others join.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.statement import Statement, key_id
from huxin.trust.federation.layout import (
    EMERGENCY,
    REGION_FIELD,
    SUSPENSIONS,
    region_of,
    region_role,
)
from huxin.trust.federation.quorum import (
    MOST_COUNCIL,
    MOST_ROOT_KEYS,
    emergency_quorum,
    majority,
    witness_quorum,
)

__all__ = [
    "MOST_ROOT_COUNCIL",
    "Parties",
    "Party",
    "delegations",
    "of_statement",
    "read_parties",
    "roles",
]

MOST_ROOT_COUNCIL: Final = 21
_OFFICERS_ASKED: Final = 2


@dataclass(frozen=True, slots=True)
class Party:
    """The federation keys of one region; of the first four those are `None` with which it does not sign.

    Who is on probation, or has left, has officers only: they sign for its own files, and vote on nothing.
    """

    region: str
    root: str | None
    charter: str | None
    emergency: str | None
    witness: str | None
    officers: tuple[str, ...]

    def silent(self) -> Party:
        """Return it without a say in what regions do together."""
        return Party(self.region, None, None, None, None, self.officers)


Parties = Mapping[str, Party]


def of_statement(statement: Statement) -> Party:
    """Return the party that a statement describes."""
    keys = statement.keys
    return Party(
        statement.region,
        keys["root"],
        keys["charter"],
        keys["emergency"],
        keys["witness"],
        statement.officers,
    )


def read_parties(root: Mapping[str, Any], targets: Mapping[str, Any]) -> dict[str, Party]:
    """Return the parties of a list, from its root and its charter role; refuses with `trust-keys` keys of nobody."""
    try:
        return _read(root, targets)
    except (KeyError, TypeError) as error:
        raise RefusalError(
            "trust-keys", "a role without its keys, or a key of no region"
        ) from error


def _read(root: Mapping[str, Any], targets: Mapping[str, Any]) -> dict[str, Party]:
    delegated = {one["name"]: one for one in targets["delegations"]["roles"]}
    roots = _by_region(root["keys"], root["roles"]["root"])
    witnesses = _by_region(root["keys"], root["roles"]["timestamp"])
    charters = _by_region(root["keys"], root["roles"]["targets"])
    keys = targets["delegations"]["keys"]
    emergencies = _by_region(keys, delegated[EMERGENCY])
    members = {region_of(name): one for name, one in delegated.items() if name != EMERGENCY}
    return {
        region: Party(
            region,
            roots.get(region),
            charters.get(region),
            emergencies.get(region),
            witnesses.get(region),
            tuple(keys[name]["keyval"]["public"] for name in one["keyids"]),
        )
        for region, one in members.items()
        if region is not None
    }


def _by_region(keys: Mapping[str, Any], role: Mapping[str, Any]) -> dict[str, str]:
    return {keys[name][REGION_FIELD]: keys[name]["keyval"]["public"] for name in role["keyids"]}


def roles(parties: Parties) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return `keys` and `roles` of a root; refuses with `trust-quorum` a council that is too large."""
    holders = {
        "root": _held(parties.values(), "root"),
        "targets": _held(parties.values(), "charter"),
        "timestamp": _held(parties.values(), "witness"),
    }
    if len(holders["root"]) > (
        MOST_ROOT_KEYS if len(parties) <= MOST_ROOT_KEYS else MOST_ROOT_COUNCIL
    ):
        raise RefusalError("trust-quorum", "more than 50 regions elect a council for the root")
    if len(holders["timestamp"]) > MOST_COUNCIL:
        raise RefusalError("trust-quorum", f"more than {MOST_COUNCIL} witnesses")
    holders["snapshot"] = holders["timestamp"]
    thresholds = {
        "root": majority(len(holders["root"])),
        "targets": majority(len(holders["targets"])),
        "snapshot": witness_quorum(len(holders["snapshot"])),
        "timestamp": witness_quorum(len(holders["timestamp"])),
    }
    keys: dict[str, Any] = {}
    for held in holders.values():
        keys |= {key_id(public): _entry(public, region) for region, public in held.items()}
    return keys, {
        name: {"keyids": _names(held.values()), "threshold": thresholds[name]}
        for name, held in holders.items()
    }


def delegations(parties: Parties) -> dict[str, Any]:
    """Return the delegations of the charter role: the emergency role first, then one role for each region."""
    emergency = _held(parties.values(), "emergency")
    keys = {key_id(public): _entry(public, region) for region, public in emergency.items()}
    listed = [
        _delegated(EMERGENCY, emergency.values(), emergency_quorum(len(emergency)), SUSPENSIONS)
    ]
    for region, party in sorted(parties.items()):
        keys |= {key_id(public): _entry(public, region) for public in party.officers}
        listed.append(
            _delegated(region_role(region), party.officers, _OFFICERS_ASKED, f"{region}/*")
        )
    return {"keys": keys, "roles": listed}


def _delegated(name: str, publics: Iterable[str], threshold: int, path: str) -> dict[str, Any]:
    return {
        "name": name,
        "keyids": _names(publics),
        "threshold": threshold,
        "terminating": True,
        "paths": [path],
    }


def _held(parties: Iterable[Party], purpose: str) -> dict[str, str]:
    found = {party.region: getattr(party, purpose) for party in parties}
    return {region: public for region, public in sorted(found.items()) if public is not None}


def _names(publics: Iterable[str]) -> list[str]:
    return sorted(map(key_id, publics))


def _entry(public: str, region: str) -> dict[str, Any]:
    return {
        "keytype": "ed25519",
        "scheme": "ed25519",
        "keyval": {"public": public},
        REGION_FIELD: region,
    }
