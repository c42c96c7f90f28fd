"""A trust list of 5, 50 and 200 regions with 2,000 keys: bytes of the bundle, of an update, and what a refresh costs.

Regions found a federation as in a ceremony, each role signed by as many as it asks and no more; a door then takes the
list from an address that counts what it is asked for.  The keys are from seeds, so the bytes are the same each time.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from huxin.adapters import trust_bundle
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_repository import published
from huxin.adapters.trust_source import Bundle
from huxin.trust.ceremony.asked import asked
from huxin.trust.ceremony.draft import Draft, found, with_witnesses
from huxin.trust.ceremony.proposal import Proposal
from huxin.trust.ceremony.result import result
from huxin.trust.federation.region_keys import write_region_keys
from huxin.trust.federation.repository import Repository, read_list
from tests.lib.ceremonies import NOW, TITLE, Party, charter, party, signed, signing_key

__all__ = ["figures"]

SIZES = (5, 50, 200)
KEYS = 2_000
ROUNDS = 5
_LETTERS = "ABCDEFGHIJKLMNOP"


class Counting(Bundle):
    """A place that counts: requests, those for what is not there too, and bytes."""

    carried = False

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(files)
        self.requests = 0
        self.bytes = 0

    def read(self, name: str, limit: int) -> bytes:
        """Return a file, and count it."""
        self.requests += 1
        data = super().read(name, limit)
        self.bytes += len(data)
        return data


def figures(rounds: int = ROUNDS) -> dict[str, float]:
    """Return the figures by row; times are the least of so many rounds."""
    told: dict[str, float] = {}
    cost = {}
    for size in SIZES:
        parties, files, whole = _founded(size)
        told[f"trust-bundle-{size}"] = len(trust_bundle.pack(files)) / 1000
        cost[size] = min(_refresh_cpu(files) for _ in range(rounds))
        if size == SIZES[-1]:
            update = _update(parties, files, whole)
            told["trust-update-bytes"] = update.bytes / 1000
            told["trust-update-requests"] = update.requests
    told["trust-refresh"] = cost[SIZES[-1]] / cost[SIZES[0]]
    return told


def _founded(size: int) -> tuple[list[Party], dict[str, bytes], Repository]:
    codes = ["".join(pair) for pair in itertools.product(_LETTERS, repeat=2)][:size]
    parties = [party(code, signs=KEYS // size) for code in codes]
    statements = [one.statement for one in parties]
    proposal = found(statements, charter(), title=TITLE, now=NOW, root_council=codes[:21])
    whole = _enough(with_witnesses(proposal, None, now=NOW), None, parties)
    return parties, published(whole), result(whole, None)


def _enough(proposal: Proposal, before: Repository | None, parties: list[Party]) -> Proposal:
    """Return the proposal with as many signatures as each role asks for."""
    whole = signed(proposal, before, (key for one in parties for key in one.hold()))
    least = {role: max(one.threshold for one in sets) for role, sets in asked(proposal, before).items()}  # fmt: skip
    signatures = {
        role: dict(sorted(given.items())[: least[role]]) for role, given in whole.signatures.items()
    }
    return replace(whole, signatures=signatures)


def _refresh_cpu(files: Mapping[str, bytes]) -> float:
    """Return the seconds of processor time that a first refresh takes."""
    with tempfile.TemporaryDirectory(prefix="huxin-") as folder:
        begun = time.process_time()
        root = files["metadata/1.root.json"]
        refresh(Bundle(files), Path(folder) / "state", root=root, now=NOW)
        return time.process_time() - begun


def _update(parties: list[Party], files: Mapping[str, bytes], before: Repository) -> Counting:
    """Return what a door asks for, and gets, when one region of all has one key more."""
    code = parties[-1].code
    held = read_list(before).keys[code]
    more = replace(held, keys=(*held.keys, signing_key(f"{code} more")))
    later = NOW + timedelta(hours=12)
    draft = Draft.of(before, now=later)
    path = f"{code}/keys.cbor"
    proposal = draft.publish(code, {path: write_region_keys(more)}, title=TITLE)
    whole = _enough(with_witnesses(proposal, before, now=later), before, parties)
    place = Counting({**files, **published(whole)})
    with tempfile.TemporaryDirectory(prefix="huxin-") as folder:
        state = Path(folder) / "state"
        refresh(Bundle(files), state, root=files["metadata/1.root.json"], now=NOW)
        refresh(place, state, root=None, now=later)
    return place
