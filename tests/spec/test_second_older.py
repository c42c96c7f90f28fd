"""Browsers whose WebCrypto has no Ed25519: the library that is lent to them answers as the browser's own would."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

import pytest

from bench.cases import ATTESTATION
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.identifiers import kid_of
from huxin.trust.issue import issue
from tests.lib.ceremonies import ed25519
from tests.lib.documents import ROOT
from tests.lib.federations import HOUR, NOW
from tests.lib.second_door import answers
from tests.lib.trust_attacks import ATTACKS
from tests.spec.test_second_refresh import attacked

pytestmark = [pytest.mark.needs("node"), pytest.mark.size("all")]

LIBRARY = ROOT / "verifier" / "node_modules" / "@noble" / "curves"


@pytest.fixture(autouse=True)
def _installed():
    if not LIBRARY.is_dir():
        pytest.skip("needs npm's noble-curves; run: make assets")


def test_every_attack_is_refused_with_the_code_of_the_table():
    # Each as a verifier meets it that holds a list: an honest one, the attack, and an honest one again.
    lines = [json.dumps(case).encode() for case in attacked()[::2]]
    told = answers("refresh", lines, older=True)
    assert [one["steps"][1]["code"] for one in told] == [tried.code for tried in ATTACKS]
    assert {one["steps"][0]["decision"] for one in told} == {"fresh"}


@dataclass(frozen=True)
class Signer:
    """A region that signs its cards with Ed25519."""

    key: PrivateKey
    region: str = "QW"
    environment: str = "production"
    algorithm: str = "EdDSA"
    health_card_issuer: str | None = None
    health_card_kid: str = ""

    @property
    def kid(self) -> bytes:
        return kid_of(self.key.public.spki)

    def jwk(self, kid: bytes) -> dict[str, str]:
        x = base64.urlsafe_b64encode(self.key.public.spki[-32:]).decode().rstrip("=")
        return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": base64.b64encode(kid).decode()}

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)


def test_cards_signed_with_it_are_answered_alike():
    signer, stranger = Signer(ed25519("QW cards")), Signer(ed25519("somebody else"))
    text = issue(ATTESTATION, signer, now=NOW, format="hcert-100").text
    at = (NOW + HOUR).isoformat()
    keys = [[{"jwk": one.jwk(signer.kid)}] for one in (signer, stranger)]
    cases = [{"id": 0, "text": text, "at": at, "keys": one} for one in keys]
    lines = [json.dumps(case).encode() for case in cases]
    told = answers("verify", lines, older=True)
    assert [one["code"] for one in told] == ["ok", "signature"]
    assert told == answers("verify", lines)
