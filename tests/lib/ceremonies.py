"""Regions that hold ceremonies in memory: keys from seeds, proposals signed by whom the test names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from huxin.kernel.crypto import PrivateKey
from huxin.kernel.identifiers import kid_of
from huxin.trust.ceremony.asked import asked
from huxin.trust.ceremony.draft import found, with_witnesses
from huxin.trust.ceremony.proposal import Proposal, sign_proposal
from huxin.trust.ceremony.result import result
from huxin.trust.ceremony.statement import (
    PURPOSES,
    Statement,
    parse_statement,
    public_hex,
    write_statement,
)
from huxin.trust.federation.charter import Charter
from huxin.trust.federation.region_keys import RegionKeys, SigningKey
from huxin.trust.federation.repository import Repository

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
TITLE = {"zh": "试一试", "en": "A try"}
_PKCS8_OF_ED25519 = bytes.fromhex("302e020100300506032b657004220420")


def ed25519(seed: str) -> PrivateKey:
    """The same key for the same words."""
    return PrivateKey.from_pkcs8(_PKCS8_OF_ED25519 + sha256(seed.encode()).digest())


def signing_key(seed: str, *, since: datetime = NOW - timedelta(days=1), cap: int = 50_000):
    """A key that signs cards."""
    key = PrivateKey.from_secret(sha256(seed.encode()).digest()).public
    until, last = since + timedelta(days=700), since + timedelta(days=30)
    return SigningKey("huxin", kid_of(key.spki), key, None, since, until, last, cap, None)


@dataclass(frozen=True)
class Party:
    """A region with all its private keys."""

    code: str
    keys: dict[str, PrivateKey]
    statement: Statement
    written: bytes

    def hold(self, *purposes: str) -> list[PrivateKey]:
        """Its keys for these purposes; all of them if none is named."""
        return [self.keys[name] for name in purposes or self.keys]


def party(
    code: str, *, generation: int = 1, signs: int = 1, environment: str = "production"
) -> Party:
    """A region that is ready to found or join."""
    seed = f"{code} {generation}"
    names = (*PURPOSES, "officer-1", "officer-2", "officer-3")
    keys = {name: ed25519(f"{seed} {name}") for name in names}
    listed = tuple(signing_key(f"{code} cards {number}") for number in range(signs))
    statement = Statement(
        code,
        {"zh": f"{code}地", "en": f"{code} land"},
        environment,
        NOW,
        {name: public_hex(keys[name].public) for name in PURPOSES},
        tuple(public_hex(keys[name].public) for name in names if name not in PURPOSES),
        RegionKeys(code, environment, listed),
    )
    written = write_statement(statement, keys["root"])
    return Party(code, keys, parse_statement(written), written)


def charter(*, environment: str = "production") -> Charter:
    """A charter that nobody dissented from."""
    return Charter({"zh": "联盟", "en": "Union"}, environment, {"zh": "正文", "en": "Text"})


def signed(proposal: Proposal, before: Repository | None, keys: Iterable[PrivateKey]) -> Proposal:
    """The proposal with the signatures of those of the keys that are asked."""
    wanted = asked(proposal, before)
    names = {one for sets in wanted.values() for signers in sets for one in signers.keys.values()}
    for key in keys:
        if public_hex(key.public) in names:
            proposal, _ = sign_proposal(proposal, key, wanted)
    return proposal


def witnessed(
    proposal: Proposal,
    before: Repository | None,
    parties: Sequence[Party],
    *,
    now: datetime = NOW,
) -> Proposal:
    """The proposal with everything that these regions sign, witnesses' part included."""
    whole = with_witnesses(proposal, before, now=now)
    return signed(whole, before, (key for one in parties for key in one.hold()))


def federation(*codes: str, now: datetime = NOW, environment: str = "production"):
    """A list that these regions founded: the parties, and what a client would read."""
    parties = [party(code, environment=environment) for code in codes]
    statements = [one.statement for one in parties]
    text = charter(environment=environment)
    proposal = found(statements, text, title=TITLE, now=now)
    return parties, result(witnessed(proposal, None, parties, now=now), None)
