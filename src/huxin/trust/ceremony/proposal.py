"""A proposal: the very metadata that is to be signed, the documents it names, and the signatures so far.

    {"huxin": "proposal", "v": 1, "kind", "title": {zh, en}, "made_at", "base": {role: version},
     "documents": {path: base64}, "metadata": {role: signed part}, "signatures": {role: {key id: hex}}, "votes": […]}

One file goes from region to region.  Who signs adds signatures to it and changes nothing else; files that came back
from several regions are laid together.  Nobody has to trust whoever carries it: what is signed is what was shown.

- its name is the digest of what is to be signed: a changed proposal is another one, and has no signatures;
- a signature counts once, for a key that the role has; one that does not hold is refused, not left out;
- a vote is said in public, is signed by the region's charter key, and counts once for a region.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Literal, cast, get_args

from huxin.kernel.canonical import canonical_json
from huxin.kernel.crypto import PrivateKey, PublicKey
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.kernel.instants import rfc3339
from huxin.trust.ceremony.statement import key_id, public_hex
from huxin.trust.federation.fields import Fields, document, refuse
from huxin.trust.federation.layout import EMERGENCY, TOP_ROLES, WITNESSED, region_of
from huxin.trust.federation.metadata import parse_role

__all__ = [
    "KINDS",
    "MOST_BYTES",
    "Kind",
    "Proposal",
    "Signers",
    "Vote",
    "cast_vote",
    "holds",
    "join_signatures",
    "parse_proposal",
    "proposal_name",
    "sign_proposal",
    "write_proposal",
]

MOST_BYTES: Final = 30_000_000
_MOST_VOTES: Final = 400

Kind = Literal[
    "found", "join", "admit", "leave", "expel", "rotate", "suspend", "confirm", "charter", "notice", "publish",
    "revoke", "renew",
]  # fmt: skip
KINDS: Final = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Vote:
    """What a region says of a proposal; `text` is its reason, published with it."""

    region: str
    agrees: bool
    text: str
    at: datetime
    key: str
    signature: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be signed, and what was."""

    kind: Kind
    title: Mapping[str, str]
    made_at: datetime
    base: Mapping[str, int]
    documents: Mapping[str, bytes] = field(repr=False)
    metadata: Mapping[str, Mapping[str, Any]] = field(repr=False)
    signatures: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    votes: tuple[Vote, ...] = ()


@dataclass(frozen=True, slots=True)
class Signers:
    """Who may sign a role, and how many have to; keys are public hex by key id, `regions` names whose they are."""

    keys: Mapping[str, str]
    threshold: int
    regions: Mapping[str, str]


def proposal_name(proposal: Proposal) -> str:
    """Return the digest of what is to be signed, without the witnesses' part, which changes daily."""
    lasting = {role: signed for role, signed in proposal.metadata.items() if role not in WITNESSED}
    documents = {path: sha256(data).hexdigest() for path, data in proposal.documents.items()}
    said = {"kind": proposal.kind, "title": dict(proposal.title)}
    return sha256(canonical_json(said | {"metadata": lasting, "documents": documents})).hexdigest()


# ------------------------------------------------------------------------------------ signing


def sign_proposal(
    proposal: Proposal, key: PrivateKey, asked: Mapping[str, Iterable[Signers]]
) -> tuple[Proposal, tuple[str, ...]]:
    """Sign every role that `key` may sign; return the proposal and the names of those roles.

    `asked` are the sets of signers that each role needs (a new root needs those of the old one too).
    Refuses with `trust-keys` a key that may sign nothing here.
    """
    public = public_hex(key.public)
    name = key_id(public)
    roles = tuple(
        role
        for role in proposal.metadata
        if any(name in signers.keys for signers in asked.get(role, ()))
    )
    if not roles:
        raise RefusalError("trust-keys", "this key has nothing to sign in this proposal")
    signatures = {role: dict(found) for role, found in proposal.signatures.items()}
    for role in roles:
        signature = key.sign(canonical_json(proposal.metadata[role])).hex()
        signatures.setdefault(role, {})[name] = signature
    return replace(proposal, signatures=signatures), roles


def join_signatures(first: Proposal, others: Iterable[Proposal]) -> Proposal:
    """Lay together what came back from several regions; refuses with `trust-mismatch` another proposal."""
    signatures = {role: dict(found) for role, found in first.signatures.items()}
    votes = {vote.region: vote for vote in first.votes}
    for other in others:
        if proposal_name(other) != proposal_name(first):
            raise RefusalError("trust-mismatch", "files of different proposals")
        for vote in other.votes:
            # Of two votes of a region the later one counts, in whatever order the files come.
            if vote.region not in votes or vote.at >= votes[vote.region].at:
                votes[vote.region] = vote
        for role, found in other.signatures.items():
            if other.metadata.get(role) == first.metadata.get(role):
                signatures.setdefault(role, {}).update(found)
    return replace(first, signatures=signatures, votes=tuple(votes[one] for one in sorted(votes)))


def cast_vote(
    proposal: Proposal, key: PrivateKey, *, region: str, agrees: bool, text: str, now: datetime
) -> Proposal:
    """Return the proposal with a region's vote, which replaces an earlier one of the same region."""
    public = public_hex(key.public)
    vote = Vote(region, agrees, text, now.replace(microsecond=0), public, "")
    signature = key.sign(_voted(proposal_name(proposal), vote)).hex()
    kept = {one.region: one for one in proposal.votes} | {region: replace(vote, signature=signature)}  # fmt: skip
    return replace(proposal, votes=tuple(kept[one] for one in sorted(kept)))


def _voted(name: str, vote: Vote) -> bytes:
    return canonical_json(
        {
            "huxin": "vote",
            "v": 1,
            "proposal": name,
            "region": vote.region,
            "agrees": vote.agrees,
            "text": vote.text,
            "at": rfc3339(vote.at),
            "key": vote.key,
        }
    )


# ---------------------------------------------------------------------------------- the file


def write_proposal(proposal: Proposal) -> bytes:
    """Return the file; the same proposal is the same bytes."""
    whole = {
        "huxin": "proposal",
        "v": 1,
        "kind": proposal.kind,
        "title": dict(proposal.title),
        "made_at": rfc3339(proposal.made_at),
        "base": dict(proposal.base),
        "documents": {
            path: base64.b64encode(data).decode("ascii")
            for path, data in proposal.documents.items()
        },
        "metadata": proposal.metadata,
        "signatures": proposal.signatures,
        "votes": [
            {
                "region": vote.region,
                "agrees": vote.agrees,
                "text": vote.text,
                "at": rfc3339(vote.at),
                "key": vote.key,
                "signature": vote.signature,
            }
            for vote in proposal.votes
        ],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def parse_proposal(data: bytes) -> Proposal:
    """Read a proposal and check each vote in it; refuses with `trust-file`, `signature` or `too-big`.

    Signatures are checked by `missing`, against the list that stands: only there is known whose they may be.
    """
    fields = document(data, kind="proposal", limit=MOST_BYTES)
    fields.only(
        *("huxin", "v", "kind", "title", "made_at", "base", "documents", "metadata"),
        *("signatures", "votes"),
    )
    base, documents, metadata = (fields.object(name) for name in ("base", "documents", "metadata"))
    proposal = Proposal(
        cast("Kind", fields.choice("kind", KINDS)),
        fields.words("title"),
        fields.instant("made_at"),
        {role: base.number(role) for role in base.names()},
        {path: documents.octets(path, MOST_BYTES) for path in documents.names()},
        {role: _signed(metadata, role) for role in metadata.names()},
        _signatures(fields.object("signatures")),
        tuple(_vote(one) for one in fields.objects("votes", _MOST_VOTES)),
    )
    _check_votes(proposal)
    return proposal


def _signed(fields: Fields, role: str) -> Mapping[str, Any]:
    """Return the signed part of a role, read as strictly as a client reads it."""
    if role not in (*TOP_ROLES, EMERGENCY) and region_of(role) is None:
        raise refuse("/metadata", f"no role: {role[:40]}")
    found = fields.plain(role)
    whole = json.dumps({"signed": found, "signatures": []}, ensure_ascii=False)
    return parse_role(whole.encode("utf-8"), role).signed


def _signatures(fields: Fields) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for role in fields.names():
        given = fields.object(role)
        found[role] = {name: given.hexadecimal(name, 64) for name in given.names()}
    return found


def _vote(fields: Fields) -> Vote:
    fields.only("region", "agrees", "text", "at", "key", "signature")
    agrees = fields.plain("agrees")
    if not isinstance(agrees, bool):
        raise refuse("/votes", "agrees that is neither true nor false")
    return Vote(
        fields.region("region"),
        agrees,
        fields.text("text"),
        fields.instant("at"),
        fields.digest("key"),
        fields.hexadecimal("signature", 64),
    )


def _check_votes(proposal: Proposal) -> None:
    if len({vote.region for vote in proposal.votes}) < len(proposal.votes):
        raise refuse("/votes", "a region twice")
    name = proposal_name(proposal)
    for vote in proposal.votes:
        if not holds(vote.key, vote.signature, _voted(name, vote)):
            raise RefusalError("signature", f"the vote of {vote.region}")


def holds(public: str, signature: str, message: bytes) -> bool:
    """Tell whether a signature in hexadecimal digits is that of an Ed25519 key over a message."""
    try:
        key = PublicKey.from_compact("EdDSA", bytes.fromhex(public))
        return key.verify(bytes.fromhex(signature), message)
    except (UnusableKeyError, ValueError):
        return False
