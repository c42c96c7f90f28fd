"""Our client and `tuf-js`, which other people wrote, agree on every repository that is shown to both.

What may differ is declared: our lint says more (`OF_LINT`), and a list that is over is stale to us, where TUF knows
fresh and expired only.  tuf-js reads over HTTP, from a server on this machine; its clock is set to ours.
"""

from __future__ import annotations

import base64
import json
import random
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest

from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_source import Folder
from huxin.kernel.errors import RefusalError
from huxin.trust.federation.reasons import OF_LINT
from tests.lib.federations import DAY, HOUR, Federation, text
from tests.lib.trust_attacks import ATTACKS, Attack

pytestmark = [
    pytest.mark.size("all"),
    pytest.mark.needs("node"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
]

PEERS: Final = Path(__file__).parents[2] / "bench" / "peers-js"
SEEDS: Final = range(20)
# A length or version that we find too large is a limit of ours, where tuf-js has another or none.
OURS: Final = frozenset({*OF_LINT, "too-big", "trust-old"}) - {"trust-missing"}
# Named, because each is a difference in TUF itself: we hold a list to when it was signed, too.
DIFFERENT: Final = frozenset({"a timestamp signed earlier than the one that is held"})


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[tuple[Path, str]]:
    """A folder, and the address under which tuf-js finds it."""
    folder = tmp_path_factory.mktemp("served")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


class Case:
    """What two clients are shown, one after the other."""

    def __init__(self, folder: Path, address: str, name: str) -> None:
        self.folder, self.address, self.name = folder / name, address, name
        self.steps: list[dict[str, Any]] = []
        self.ours: list[str] = []
        self.root = b""

    def show(self, federation: Federation, at=None) -> None:
        number = len(self.steps)
        place = federation.write(self.folder / str(number))
        self.root = self.root or federation.first_root()
        at = at or federation.now + HOUR
        self.steps.append(
            {
                "url": f"{self.address}/{self.name}/{number}",
                "at": text(at),
                "targets": sorted(federation.contents),
            }
        )
        try:
            refresh(Folder(place), self.folder / "ours", root=self.root, now=at)
        except RefusalError as error:
            self.ours.append(error.refusal.code)
        else:
            self.ours.append("ok")

    def line(self) -> str:
        root = base64.b64encode(self.root).decode()
        return json.dumps({"folder": str(self.folder / "js"), "steps": self.steps, "root": root})


def answers(cases: list[Case]) -> list[list[str]]:
    """What tuf-js says to each step of each case; one process for all."""
    if not (PEERS / "node_modules" / "tuf-js").is_dir():
        pytest.skip("needs npm's tuf-js; run: bench/install_peers.sh")
    done = subprocess.run(
        ["node", PEERS / "trust.mjs"],
        input="\n".join(one.line() for one in cases),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line)["steps"] for line in done.stdout.splitlines()]


def attacked(tried: Attack, served: tuple[Path, str], number: int) -> Case:
    case = Case(*served, f"attack-{number}")
    federation = Federation(tried.size)
    federation.publish("targets", "emergency", *(f"region-{one}" for one in federation.regions))
    case.show(federation)
    federation.publish("region-QV", later=2 * HOUR)
    tried.do(federation)
    case.show(federation)
    return case


def test_the_attacks_that_tuf_sees_are_seen_by_both(served):
    tried = [
        one
        for one in ATTACKS
        if (one.code not in OURS or "cut short" in one.title) and one.title not in DIFFERENT
    ]
    cases = [attacked(one, served, number) for number, one in enumerate(tried)]
    assert len(cases) >= 30
    told = answers(cases)
    assert [one[0] for one in told] == ["ok"] * len(cases)
    let_in = [one.title for one, said in zip(tried, told, strict=True) if said[1] == "ok"]
    assert let_in == []
    assert all(case.ours[0] == "ok" != case.ours[1] for case in cases)


def test_what_lint_alone_sees_is_let_in_by_a_client_without_it(served):
    """Or else these rules would be for nothing: to TUF each of these lists is in order."""
    codes = ("keys", "quorum", "namespace", "lifetime", "caps", "environment")
    seen_by_lint = {f"trust-{one}" for one in codes}
    tried = [one for one in ATTACKS if one.code in seen_by_lint or one.title in DIFFERENT]
    cases = [attacked(one, served, 1000 + number) for number, one in enumerate(tried)]
    assert len(cases) >= 25
    assert [said[1] for said in answers(cases)] == ["ok"] * len(cases)
    assert [case.ours[1] for case in cases] == [one.code for one in tried]


def grown(seed: int, served: tuple[Path, str]) -> Case:
    """A federation of this seed as it lives on: keys and officers change, roots follow, time passes."""
    chance = random.Random(seed)
    case = Case(*served, f"seed-{seed}")
    federation = Federation(chance.choice([1, 2, 3, 5]), seed=f"{seed} ")
    federation.detailed = chance.random() < 0.5
    federation.publish()
    case.show(federation)
    for number in range(3):
        region = chance.choice(federation.regions)
        change = chance.choice(["keys", "officer", "root", "witness", "nothing", "late", "cut"])
        later = chance.randrange(1, 40) * HOUR
        grow(federation, change, region, f"{seed} {number}")
        roles = {"keys": [f"region-{region}"], "officer": ["targets", f"region-{region}"]}
        if change in ("root", "witness"):
            roles[change] = ["root"]
        federation.publish(*roles.get(change, []), later=later)
        if change == "cut":
            name = chance.choice([name for name in federation.files if "metadata" in name])
            one = federation.copy()
            one.files[name] = one.files[name][:-5]
            case.show(one)
        elif change == "late":
            case.show(federation, federation.now + chance.choice([47 * HOUR, 49 * HOUR, 8 * DAY]))
        else:
            case.show(federation)
    return case


def grow(federation: Federation, change: str, region: str, name: str) -> None:
    if change == "keys":
        federation.set_keys(region, f"{region} key 1", f"{region} {name}")
    elif change == "officer":
        federation.drop_signer(f"region-{region}")
        federation.add_signer(f"region-{region}", federation.named(f"officer {name}"))
    elif change == "root":
        index = federation.regions.index(region)
        old = federation.signers["root"][index]
        federation.drop_signer("root", index)
        federation.add_signer("root", federation.named(f"root {name}", region))
        # As the old keys have to sign the change of theirs, it is signed by hand here.
        federation.sign("root", by=[old, *federation.signers["root"]])
        federation.signers["root"].insert(index, federation.signers["root"].pop())
    elif change == "witness":
        for role in ("snapshot", "timestamp"):
            federation.drop_signer(role, federation.regions.index(region))
            federation.add_signer(role, federation.named(f"witness {name}", region))
            found = federation.signers[role]
            found.insert(federation.regions.index(region), found.pop())


def test_on_federations_that_live_on_both_agree(served):
    cases = [grown(seed, served) for seed in SEEDS]
    compared: dict[str, int] = {}
    for seed, case, told in zip(SEEDS, cases, answers(cases), strict=True):
        for number, (ours, theirs) in enumerate(zip(case.ours, told, strict=True)):
            late = "expired" in theirs.lower()
            if ours in OURS or (ours == "ok" and late):
                continue
            same = (ours == "ok") == (theirs == "ok")
            assert same, f"seed {seed}, step {number}: {ours}, {theirs}"
            compared[ours] = compared.get(ours, 0) + 1
    # The seeds are worth their time: most repositories are good ones, and not all.
    assert compared["ok"] >= 40
