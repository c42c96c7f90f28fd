"""The shape of each kind of TUF metadata: which fields there must be, and of what kind.

Fields that the specification does not know are let stand, as it asks of clients; those that `lint` reads and the
specification leaves open (`x-huxin-region`) are texts or absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeGuard

from huxin.trust.federation.layout import REGION_FIELD, TOP_ROLES

__all__ = ["is_count", "shape_faults"]

_SNAPSHOT: Final = "snapshot.json"


def is_count(found: object) -> TypeGuard[int]:
    """Tell whether it is a whole number from 1; to Python, `true` would be one."""
    return type(found) is int and found >= 1


def shape_faults(kind: str, signed: Mapping[str, Any]) -> Iterator[str]:
    """Yield the places of a signed part that are not as TUF 1.0 has them, for its `_type`."""
    yield from _CHECKS[kind](signed)
    if kind != "targets":
        yield from (name for name in ("targets", "delegations") if name in signed)


def _root(signed: Mapping[str, Any]) -> Iterator[str]:
    yield from _keys("keys", signed.get("keys"))
    roles = signed.get("roles")
    if not isinstance(roles, dict) or set(roles) != set(TOP_ROLES):
        yield "roles"
        return
    for name, role in roles.items():
        yield from _role(f"roles/{name}", role)


def _keys(place: str, found: object) -> Iterator[str]:
    if not isinstance(found, dict):
        yield place
        return
    for name, key in found.items():
        if not _is_key(key):
            yield f"{place}/{name}"


def _is_key(key: object) -> bool:
    if not isinstance(key, dict) or not isinstance(key.get(REGION_FIELD, ""), str):
        return False
    texts = all(isinstance(key.get(name), str) for name in ("keytype", "scheme"))
    value = key.get("keyval")
    return texts and isinstance(value, dict) and isinstance(value.get("public"), str)


def _role(place: str, role: object) -> Iterator[str]:
    if not isinstance(role, dict) or not is_count(role.get("threshold")):
        yield place
    elif not _are_texts(role.get("keyids")):
        yield f"{place}/keyids"


def _are_texts(found: object) -> bool:
    """Tell whether it is a list of texts, none twice."""
    texts = isinstance(found, list) and all(isinstance(one, str) for one in found)
    return isinstance(found, list) and texts and len(set(found)) == len(found)


def _targets(signed: Mapping[str, Any]) -> Iterator[str]:
    files = signed.get("targets")
    if not isinstance(files, dict):
        yield "targets"
        return
    for path, file in files.items():
        if not _is_file(file):
            yield f"targets/{path}"
    if "delegations" in signed:
        yield from _delegations(signed["delegations"])


def _is_file(found: object) -> bool:
    if not isinstance(found, dict):
        return False
    return _is_length(found.get("length")) and _are_hashes(found.get("hashes"))


def _is_length(found: object) -> bool:
    return type(found) is int and found >= 0


def _are_hashes(found: object) -> bool:
    # SHA-256 and no other: one that a signer was not shown would be refused at every door.
    return (
        isinstance(found, dict) and found.keys() == {"sha256"} and isinstance(found["sha256"], str)
    )


def _delegations(found: object) -> Iterator[str]:
    if not isinstance(found, dict) or not isinstance(found.get("roles"), list):
        yield "delegations"
        return
    yield from _keys("delegations/keys", found.get("keys"))
    for number, role in enumerate(found["roles"]):
        place = f"delegations/roles/{number}"
        yield from _role(place, role)
        if isinstance(role, dict) and not isinstance(role.get("name"), str):
            yield f"{place}/name"


def _versions(signed: Mapping[str, Any]) -> Iterator[str]:
    meta = signed.get("meta")
    if not isinstance(meta, dict):
        yield "meta"
        return
    if signed["_type"] == "timestamp" and meta.keys() != {_SNAPSHOT}:
        yield "meta"
    for name, file in meta.items():
        if not _is_meta(file):
            yield f"meta/{name}"


def _is_meta(found: object) -> bool:
    if not isinstance(found, dict) or not is_count(found.get("version")):
        return False
    sized = "length" not in found or _is_length(found["length"])
    return sized and ("hashes" not in found or _are_hashes(found["hashes"]))


_CHECKS: Final[Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]]] = {
    "root": _root,
    "targets": _targets,
    "snapshot": _versions,
    "timestamp": _versions,
}
