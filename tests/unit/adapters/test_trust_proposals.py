"""The proposals that a node keeps: laid together, newest first, a hundred at most."""

import pytest

from huxin.adapters import trust_proposals, trust_repository
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.draft import Draft, with_witnesses
from huxin.trust.ceremony.proposal import proposal_name
from tests.lib.ceremonies import NOW, TITLE, federation, signed


@pytest.fixture(scope="module")
def world():
    parties, before = federation("QV", "QW")
    draft = Draft.of(before, now=NOW)
    return parties, before, draft.publish("QV", {"QV/rules.json": b"[]"}, title=TITLE)


def refused(work) -> str:
    with pytest.raises(RefusalError) as error:
        work()
    return error.value.refusal.code


def test_what_comes_back_is_laid_together(tmp_path, world):
    parties, before, proposal = world
    one = signed(proposal, before, parties[0].hold("officer-1"))
    other = signed(proposal, before, parties[0].hold("officer-2"))
    trust_proposals.lay(tmp_path, one)
    whole = trust_proposals.lay(tmp_path, other)
    assert len(whole.signatures["region-QV"]) == 2
    assert trust_proposals.read(tmp_path, proposal_name(proposal)) == whole
    # The same again takes nothing away.
    assert trust_proposals.lay(tmp_path, proposal) == whole


def test_the_younger_snapshot_stays(tmp_path, world):
    _, before, proposal = world
    old, new = (with_witnesses(proposal, before, now=NOW.replace(hour=hour)) for hour in (9, 10))
    for order in ((old, new), (new, old), (proposal, new), (new, proposal)):
        _, whole = [trust_proposals.lay(tmp_path, one) for one in order]
        assert whole.metadata["timestamp"] == new.metadata["timestamp"]
        trust_proposals.drop(tmp_path, proposal_name(proposal))


def test_the_newest_comes_first_and_strange_files_are_left_alone(tmp_path, world):
    _, before, proposal = world
    later = Draft.of(before, now=NOW.replace(hour=20)).expel("QW", title=TITLE)
    for one in (proposal, later):
        trust_proposals.lay(tmp_path, one)
    (tmp_path / "notes.json").write_text("{}")
    assert [one.kind for one in trust_proposals.kept(tmp_path)] == ["expel", "publish"]
    trust_proposals.drop(tmp_path, "../notes")
    trust_proposals.drop(tmp_path, proposal_name(later))
    assert [one.kind for one in trust_proposals.kept(tmp_path)] == ["publish"]
    assert trust_proposals.read(tmp_path, "../notes") is None
    assert trust_proposals.read(tmp_path, "0" * 64) is None


def test_a_spoilt_file_is_told(tmp_path, world):
    _, _, proposal = world
    trust_proposals.lay(tmp_path, proposal)
    name = proposal_name(proposal)
    (tmp_path / f"{name}.json").write_text("{")
    assert refused(lambda: trust_proposals.read(tmp_path, name)) == "trust-file"


def test_a_hundred_wait_at_most(tmp_path, world, monkeypatch):
    _, before, proposal = world
    monkeypatch.setattr(trust_proposals, "MOST_PROPOSALS", 1)
    trust_proposals.lay(tmp_path, proposal)
    trust_proposals.lay(tmp_path, proposal)
    other = Draft.of(before, now=NOW).expel("QW", title=TITLE)
    assert refused(lambda: trust_proposals.lay(tmp_path, other)) == "too-big"


def test_two_that_write_and_a_disk_that_does_not(tmp_path, world):
    _, _, proposal = world
    with trust_repository.only_publisher(tmp_path):
        assert refused(lambda: trust_proposals.lay(tmp_path, proposal)) == "trust-busy"
    (tmp_path / f"{proposal_name(proposal)}.json").mkdir()
    assert refused(lambda: trust_proposals.lay(tmp_path, proposal)) == "bad-input"
