"""The demo's federation: three regions sign one list; a fourth joins, a key is suspended, a month goes by."""

from __future__ import annotations

import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from huxin.adapters import (
    clock,
    federation_key,
    federation_party,
    trust_check,
    trust_proposals,
    trust_refresh,
    trust_repository,
    trust_state,
)
from huxin.adapters.demo_line import Order
from huxin.adapters.trust_bundle import open_bundle
from huxin.adapters.trust_source import Bundle
from huxin.kernel.errors import RefusalError
from huxin.node.home.demo.cast import NEWCOMER, REGIONS
from huxin.node.project import demo_folder
from huxin.node.project.demo_federation import DemoFederation
from huxin.node.project.demo_folder import PASSPHRASE
from huxin.node.project.demo_keys import KeyRing
from huxin.node.project.supervise import Site, Supervisor
from huxin.trust import reading
from huxin.trust.ceremony.asked import missing, together
from huxin.trust.ceremony.result import result
from huxin.trust.federation.region_keys import RegionKeys
from huxin.trust.verify import Basis, verify

NOW = clock.now().replace(microsecond=0)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A demo's folder without tables and people, made once: sealing its keys takes some seconds."""
    path = tmp_path_factory.mktemp("federation") / "d"
    folder = demo_folder.take(path)
    federation = DemoFederation(path, PASSPHRASE)
    federation.found(folder.make(now=NOW), now=NOW)
    federation.wait()
    federation.renew(now=NOW)
    folder.give_back()
    return path


class Demo:
    """A copy of it, and what its nodes would do."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.federation = DemoFederation(path, PASSPHRASE)

    def card(self, name: str, region: str, now=NOW) -> str:
        """What a node's door says of one of the samples."""
        text = (self.path / "samples" / f"{name}.txt").read_text("utf-8")
        state = self.path / region / "federation"
        store = trust_state.read_store(state, environment="test", now=now)
        return verify(reading.open(text), Basis(store), now=now).code

    def standing(self, region="QV"):
        found = trust_repository.read_repository(self.path / region / "repository")
        assert found is not None
        return found

    def waiting(self, region="QV"):
        return trust_proposals.kept(self.path / region / "proposals")

    def publish(self, region="QV", now=NOW):
        """Publish what waits, as the node does: whatever a door would refuse fails here."""
        [proposal] = self.waiting(region)
        folder, before = self.path / region / "repository", self.standing(region)
        files = trust_repository.published(proposal)
        trust_check.accepted_keys(folder, files, result(proposal, before), now=now)
        trust_repository.write_files(folder, files)

    def together(self):
        """How far the regions are with the one proposal that waits."""
        [proposal] = self.waiting()
        found = together(missing(proposal, self.standing()))
        assert found is not None
        return found

    def held(self, region):
        found = trust_state.read_held(self.path / region / "federation")
        assert found is not None
        return found

    def version(self, region):
        return self.standing(region).roles["timestamp"].version


@pytest.fixture
def demo(made, tmp_path):
    shutil.copytree(made, tmp_path / "d")
    return Demo(tmp_path / "d")


def test_three_regions_signed_one_list_and_every_node_holds_it(demo):
    for region in REGIONS:
        assert demo.standing(region) == demo.standing("QV")
        held = demo.held(region)
        assert held.repository() == demo.standing("QV")
        assert trust_state.age_of(held, now=NOW).decision == "fresh"
        assert set(trust_state.read_names(demo.path / region / "federation")) == set(REGIONS)
        assert demo.card("cloud-ferry", region) == "ok"
        assert demo.card("pine-cape", region) == "untrusted"
        assert not (demo.path / region / "trust.json").exists()
    for role in ("root", "targets", "emergency"):
        assert len(demo.standing().roles[role].signers) == 3


def test_a_federation_key_opens_with_the_demos_passphrase_and_lies_in_no_node(demo):
    assert demo.federation.is_whole()
    for region in (*REGIONS, NEWCOMER.region):
        names = {path.stem for path in (demo.path / "keys" / region).glob("*.key")}
        assert len(names) == 7, names
        key = federation_key.read(demo.path / "keys" / region / f"{region.lower()}-root.key")
        assert (key.region, key.environment) == (region, "test")
        key.unlock(PASSPHRASE)
    for region in REGIONS:
        inside = [path.name for path in (demo.path / region).rglob("*.key")]
        assert inside
        assert all(name.startswith(f"{region}-") for name in inside)
    (demo.path / "keys" / "QY" / "qy.statement.json").unlink()
    assert not demo.federation.is_whole()


def test_the_newcomer_waits_with_one_signature_at_both_nodes(demo):
    [proposal], [other] = demo.waiting("QV"), demo.waiting("QW")
    assert proposal == other
    found = demo.together()
    assert (found.signed, found.threshold, found.regions) == (("QV",), 2, 3)
    assert demo.waiting("QX") == ()


def test_a_second_signature_lets_the_newcomer_in_and_its_card_is_genuine(demo):
    assert demo.federation.sign("join", now=NOW) == "signed"
    assert demo.federation.sign("join", now=NOW) == "signed-already"
    demo.publish()
    assert demo.federation.sign("join", now=NOW) == "done"
    assert demo.federation.propose("join", now=NOW) == "done"
    # Whoever goes on the next day has it at every node.
    demo.federation.renew(now=NOW + timedelta(hours=1))
    for region in REGIONS:
        assert demo.card("pine-cape", region, NOW + timedelta(hours=1)) == "ok"
        assert trust_state.read_names(demo.path / region / "federation")["QY"].zh == "松岬"
    assert demo.waiting("QV") == ()


def test_a_key_is_suspended_by_two_and_the_newer_one_goes_on(demo):
    assert demo.federation.sign("suspend", now=NOW) == "not-proposed"
    for one in demo.waiting():
        demo.federation._drop(one.kind)
    assert demo.federation.propose("suspend", now=NOW) == "proposed"
    assert demo.federation.propose("suspend", now=NOW) == "waits"
    assert demo.together().signed == ("QV",)
    assert demo.federation.sign("suspend", now=NOW) == "signed"
    demo.publish()
    assert demo.federation.propose("suspend", now=NOW) == "done"
    assert demo.federation.sign("suspend", now=NOW) == "done"
    later = NOW + timedelta(minutes=1)
    demo.federation.renew(now=later)
    store = trust_state.read_store(demo.path / "QW" / "federation", environment="test", now=later)
    standings = sorted(one.standing for one in store if one.region == "QX" and one.domain == "huxin")  # fmt: skip
    assert standings == ["active", "suspended"]
    assert demo.card("cloud-ferry", "QW", later) == "distrusted"


def test_a_proposal_that_was_dropped_is_made_again(demo):
    demo.federation._drop("join")
    assert demo.federation.sign("join", now=NOW) == "proposed"
    assert demo.federation.sign("join", now=NOW) == "signed"


def test_a_signed_proposal_outlives_a_start_without_its_witnesses_part(demo):
    demo.federation.sign("join", now=NOW)
    demo.federation.renew(now=NOW + timedelta(hours=2))
    [proposal] = demo.waiting()
    assert "timestamp" not in proposal.metadata
    assert demo.together().signed == ("QV", "QW")
    later = NOW + timedelta(hours=2)
    assert demo.federation.sign("join", now=later) == "signed"
    demo.publish(now=later)


@pytest.mark.parametrize("days", [9, 40, 100])
def test_a_demo_of_last_season_is_signed_anew(demo, days):
    later = NOW + timedelta(days=days)
    with_keys = DemoFederation(demo.path, PASSPHRASE)
    with_keys.renew(now=later)
    for region in REGIONS:
        held = demo.held(region)
        assert trust_state.age_of(held, now=later).decision == "fresh"
        assert demo.card("cloud-ferry", region, later) == "ok"
    # What waits fits the list again.
    assert with_keys.sign("join", now=later) == "signed"
    demo.publish(now=later)


def test_a_clock_that_was_set_back_stops_no_start(demo):
    demo.federation.renew(now=NOW - timedelta(hours=5))
    assert demo.version("QX") == 3


def test_whoever_published_last_is_followed_by_all(demo):
    demo.federation.sign("join", now=NOW)
    demo.publish("QW")
    assert (demo.version("QW"), demo.version("QV")) == (3, 2)
    demo.federation.renew(now=NOW + timedelta(minutes=1))
    assert {demo.version(region) for region in REGIONS} == {4}


def test_yesterdays_list_is_older_than_the_one_that_is_held(demo):
    data = (demo.path / "samples" / "yesterday.bundle").read_bytes()
    state = demo.path / "QX" / "federation"
    with pytest.raises(RefusalError) as refused:
        trust_refresh.refresh(Bundle(open_bundle(data)), state, root=None, now=NOW)
    assert refused.value.refusal.code == "trust-rollback"


def test_the_supervisor_tells_the_tour_what_became_of_an_order(demo):
    ports = dict.fromkeys(("QV", "QW", "QX", "tour"), 1)
    folder = demo_folder.take(demo.path)
    supervisor = Supervisor(folder, Site("localhost", "127.0.0.1", ports), lambda *_: None)
    try:
        answer = supervisor.answer(Order("sign", proposal="suspend"))
        assert answer["said"] == "suspend-not-proposed"
        assert supervisor.answer(Order("propose", proposal="join"))["said"] == "join-waits"
        # A node that writes there just now, or a folder that is spoilt: nothing is changed, and it is said.
        (demo.path / "QV" / "repository" / "metadata" / "timestamp.json").write_text("{}")
        assert supervisor.answer(Order("sign", proposal="join"))["said"] == "busy"
        assert "sign join" in folder.log("federation").read_text("utf-8")
    finally:
        supervisor.stop()
        folder.give_back()


def test_nodes_trust_the_certificate_that_was_made_on_the_spot(demo, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    ports = dict.fromkeys(("QV", "QW", "QX", "tour"), 1)
    folder = demo_folder.take(demo.path)
    tls = (demo.path / "lan.crt", demo.path / "lan.key")
    for pair, known in ((tls, str(tls[0])), (None, None)):
        supervisor = Supervisor(folder, Site("x", "127.0.0.1", ports, pair), lambda *_: None)
        try:
            assert supervisor._surroundings(tour=False).get("SSL_CERT_FILE") == known
        finally:
            supervisor.stop()
    folder.give_back()


def test_a_demo_that_ends_while_it_is_made_writes_no_further_keys(tmp_path, monkeypatch):
    begun, gate, written = threading.Event(), threading.Event(), []

    def write(folder, _made, _passphrase):
        begun.set()
        assert gate.wait(60)
        written.append(folder.name)

    monkeypatch.setattr(federation_party, "write", write)
    signing = {region: RegionKeys(region, "test", ()) for region in ("QV", "QW", "QX")}
    ring = KeyRing(tmp_path, PASSPHRASE)
    words = {"zh": "灯湾", "en": "Lantern Bay"}
    ring.keep({
        region: federation_party.make(region, words, keys, now=NOW)
        for region, keys in signing.items()
    })  # fmt: skip
    assert begun.wait(60)
    ring.stop()
    gate.set()
    ring._writing[0].result()
    assert written == ["QV"]
