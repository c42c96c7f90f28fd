"""A region that disagrees has it written into the very text that the others sign: the charter, or a notice of all."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.draft import listing
from huxin.trust.ceremony.proposal import Proposal
from huxin.trust.federation.charter import parse_charter, write_charter
from huxin.trust.federation.layout import CHARTER, notices_path
from huxin.trust.federation.notices import TOGETHER, parse_notices, write_notices
from huxin.trust.federation.repository import Repository

__all__ = ["records_dissent", "with_dissent"]

_NOTICES: Final = notices_path(TOGETHER)

_Dissent = tuple[tuple[str, Mapping[str, str]], ...]


def records_dissent(proposal: Proposal) -> bool:
    """Tell whether a proposal carries a text of all regions, in which a dissent is recorded; whatever it calls itself."""
    return CHARTER in proposal.documents or _NOTICES in proposal.documents


def with_dissent(proposal: Proposal, before: Repository | None, region: str, text: str) -> Proposal:
    """Return a proposal whose charter, or whose new notices, record that a region dissented.

    Refuses with `trust-mismatch` once somebody has signed: what was signed does not change under its signers; with
    `trust-missing` where there is no such text.  Earlier votes are cast anew, for the text is another one.
    """
    if any(proposal.signatures.values()):
        raise RefusalError("trust-mismatch", "signing has begun; a dissent is recorded before it")
    said = {"zh": text, "en": text}
    if CHARTER in proposal.documents:
        path, data = CHARTER, _in_charter(proposal.documents[CHARTER], region, said)
    elif _NOTICES in proposal.documents:
        path, data = _NOTICES, _in_notices(proposal.documents[_NOTICES], before, region, said)
    else:
        raise RefusalError("trust-missing", CHARTER)
    targets = copy.deepcopy(dict(proposal.metadata["targets"]))
    targets["targets"][path] = listing(data)
    return replace(
        proposal,
        documents={**proposal.documents, path: data},
        metadata={**proposal.metadata, "targets": targets},
        votes=(),
    )


def _in_charter(data: bytes, region: str, said: Mapping[str, str]) -> bytes:
    charter = parse_charter(data)
    return write_charter(replace(charter, dissent=_more(charter.dissent, region, said)))


def _in_notices(
    data: bytes, before: Repository | None, region: str, said: Mapping[str, str]
) -> bytes:
    """Return the notices with the dissent in each that is new, wherever it stands."""
    held = None if before is None else before.targets.get(_NOTICES)
    known = set() if held is None else {one.name for one in parse_notices(held, by=TOGETHER)}
    found = parse_notices(data, by=TOGETHER)
    if all(one.name in known for one in found):
        raise RefusalError("trust-missing", "no new notice")
    return write_notices(
        TOGETHER,
        (
            one if one.name in known else replace(one, dissent=_more(one.dissent, region, said))
            for one in found
        ),
    )


def _more(dissent: _Dissent, region: str, said: Mapping[str, str]) -> _Dissent:
    return tuple(sorted(({**dict(dissent), region: said}).items()))
