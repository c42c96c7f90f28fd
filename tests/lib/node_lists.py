"""A shared list for a node that a test runs: two regions, signed an hour ago, and cards that its keys sign.

hold_list(folder)           what the node of this folder holds from now on
card()                      a card of QW, signed with a key of that list
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from huxin.adapters import clock, trust_repository
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_source import Bundle
from huxin.trust.ceremony.draft import found
from huxin.trust.issue import issue
from tests.lib.ceremonies import TITLE, charter, party, witnessed
from tests.lib.regions import Region, facts

SIGNER = Region("QW", int.from_bytes(sha256(b"QW cards 0").digest(), "big"), environment="test")


def hold_list(folder: Path) -> None:
    now = clock.now() - timedelta(hours=1)
    parties = [party(code, environment="test") for code in ("QW", "QV")]
    proposal = found([one.statement for one in parties], charter(environment="test"), title=TITLE, now=now)  # fmt: skip
    files = trust_repository.published(witnessed(proposal, None, parties, now=now))
    refresh(Bundle(files), folder / "federation", root=files["metadata/1.root.json"], now=now)


def card() -> str:
    return issue(facts(), SIGNER, now=clock.now() - timedelta(days=1)).text
