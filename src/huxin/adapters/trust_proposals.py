"""The proposals that a node keeps for its region: a file each, named by what is to be signed.

- what comes back from other regions is laid together with what is here, and never takes a signature away;
- of two that write at once one gets `trust-busy`; a file is its old bytes or its new ones.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from huxin.adapters import intake, output, trust_repository
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.proposal import (
    MOST_BYTES,
    Proposal,
    join_signatures,
    parse_proposal,
    proposal_name,
    write_proposal,
)

__all__ = ["MOST_PROPOSALS", "drop", "is_kept", "kept", "lay", "read"]

MOST_PROPOSALS: Final = 100
_NAME: Final = re.compile(r"[0-9a-f]{64}")


def kept(folder: Path) -> tuple[Proposal, ...]:
    """Return the proposals of a folder, the newest first."""
    names = [path.stem for path in folder.glob("*.json") if _NAME.fullmatch(path.stem)]
    found = (read(folder, name) for name in names)
    return tuple(sorted((one for one in found if one), key=lambda one: one.made_at, reverse=True))


def is_kept(folder: Path, name: str) -> bool:
    """Tell whether a proposal of this name is here, whatever is in its file."""
    return _NAME.fullmatch(name) is not None and (folder / f"{name}.json").is_file()


def read(folder: Path, name: str) -> Proposal | None:
    """Return a proposal by its name, `None` where there is none; refuses with `trust-file` a spoilt file."""
    path = folder / f"{name}.json"
    if not is_kept(folder, name):
        return None
    return parse_proposal(intake.read(path, limit=MOST_BYTES))


def lay(folder: Path, proposal: Proposal) -> Proposal:
    """Keep a proposal, together with what is here of it; return the whole.

    Refuses with `trust-busy`, `no-space`, or `too-big` where a hundred wait already.
    """
    name = proposal_name(proposal)
    with trust_repository.only_publisher(folder, served=False):
        here = read(folder, name)
        if here is None and sum(1 for _ in folder.glob("*.json")) >= MOST_PROPOSALS:
            raise RefusalError("too-big", f"{MOST_PROPOSALS} proposals wait already")
        # The newcomer's snapshot is the younger one, and its other signatures lose nothing here.
        whole = proposal if here is None else join_signatures(_younger(proposal, here), [here, proposal])  # fmt: skip
        path = folder / f"{name}.json"
        try:
            output.replace(path, write_proposal(whole))
        except OSError as error:
            raise output.refusal(error, path.name) from error
    return whole


def _younger(one: Proposal, other: Proposal) -> Proposal:
    """Return that whose witnesses' part more have signed, then that which ends later; one without any comes last."""

    def worth(proposal: Proposal) -> tuple[int, str]:
        signed = len(proposal.signatures.get("timestamp", {}))
        return signed, str(proposal.metadata.get("timestamp", {}).get("expires", ""))

    return one if worth(one) >= worth(other) else other


def drop(folder: Path, name: str) -> None:
    """Forget a proposal, if it is here."""
    if _NAME.fullmatch(name):
        (folder / f"{name}.json").unlink(missing_ok=True)
