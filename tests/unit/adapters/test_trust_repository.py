"""The folder of the shared list: read back as it was written, one publisher at a time, the timestamp last."""

import json
from dataclasses import replace

import pytest

from huxin.adapters import trust_repository
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.basis import check_base
from huxin.trust.ceremony.draft import Draft, found, renewed
from huxin.trust.ceremony.result import result
from huxin.trust.federation.lint import findings
from tests.lib.ceremonies import NOW, TITLE, charter, federation, party, witnessed


def refused(work) -> str:
    with pytest.raises(RefusalError) as error:
        work()
    return error.value.refusal.code


def put(folder, proposal, before, parties):
    whole = witnessed(proposal, before, parties)
    trust_repository.write_files(folder, trust_repository.published(whole))
    return result(whole, before)


@pytest.fixture
def founded(tmp_path):
    parties = [party("QV"), party("QW")]
    proposal = found([one.statement for one in parties], charter(), title=TITLE, now=NOW)
    return parties, put(tmp_path, proposal, None, parties)


def test_an_empty_folder_has_no_list(tmp_path):
    assert trust_repository.read_repository(tmp_path) is None
    assert refused(lambda: trust_repository.files_of(tmp_path)) == "trust-missing"


def test_what_was_published_is_read_back(tmp_path, founded):
    parties, whole = founded
    assert trust_repository.read_repository(tmp_path) == whole
    proposal = Draft.of(whole, now=NOW).publish("QV", {"QV/rules.json": b"[]"}, title=TITLE)
    after = put(tmp_path, proposal, whole, parties)
    assert trust_repository.read_repository(tmp_path) == after
    assert after.targets["QV/rules.json"] == b"[]"


def test_a_reader_finds_every_file_of_the_newest_list(tmp_path, founded):
    parties, whole = founded
    after = put(tmp_path, Draft.of(whole, now=NOW).expel("QW", title=TITLE), whole, parties)
    assert trust_repository.read_repository(tmp_path) == after
    names = set(trust_repository.files_of(tmp_path))
    assert {"metadata/1.root.json", "metadata/2.root.json", "metadata/timestamp.json"} <= names
    assert "metadata/1.region-QW.json" in names  # still listed in the snapshot
    assert not any("QW/" in name for name in names)


def test_the_timestamp_comes_last(founded, tmp_path):
    parties, whole = founded
    proposal = Draft.of(whole, now=NOW).publish("QV", {"QV/rules.json": b"[]"}, title=TITLE)
    files = trust_repository.published(witnessed(proposal, whole, parties))
    assert list(files)[-1] == "metadata/timestamp.json"
    for cut in range(len(files)):
        trust_repository.write_files(tmp_path, dict(list(files.items())[:cut]))
        assert trust_repository.read_repository(tmp_path) == whole
    trust_repository.write_files(tmp_path, files)
    assert trust_repository.read_repository(tmp_path) != whole
    unfinished = trust_repository.published(proposal)
    assert "metadata/timestamp.json" not in unfinished


def test_a_publication_cut_off_before_its_timestamp_is_finished_by_doing_it_again(
    founded, tmp_path
):
    parties, whole = founded
    proposal = witnessed(Draft.of(whole, now=NOW).expel("QW", title=TITLE), whole, parties)
    files = trust_repository.published(proposal)
    assert list(files)[-2:] == ["metadata/2.root.json", "metadata/timestamp.json"]
    trust_repository.write_files(tmp_path, dict(list(files.items())[:-1]))
    assert refused(lambda: check_base(proposal, trust_repository.read_repository(tmp_path))) == "trust-rollback"  # fmt: skip
    trust_repository.forget_unfinished(tmp_path, proposal)
    check_base(proposal, trust_repository.read_repository(tmp_path))
    trust_repository.write_files(tmp_path, files)
    # What was published to its end is never taken back, nor what is another's.
    for other in (proposal, replace(proposal, signatures={}), replace(proposal, metadata={})):
        trust_repository.forget_unfinished(tmp_path, other)
        assert trust_repository.read_repository(tmp_path) == result(proposal, whole)


def test_of_two_publishers_one_is_told_to_wait(tmp_path):
    with trust_repository.only_publisher(tmp_path):
        assert (
            refused(lambda: trust_repository.only_publisher(tmp_path).__enter__()) == "trust-busy"
        )
    with trust_repository.only_publisher(tmp_path):
        pass


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    work = trust_repository.only_publisher(tmp_path / "file" / "list")
    assert refused(work.__enter__) == "bad-input"
    files = {"file/timestamp.json": b"x"}
    assert refused(lambda: trust_repository.write_files(tmp_path, files)) == "bad-input"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("metadata/1.snapshot.json", "trust-missing"),
        ("metadata/1.region-QV.json", "trust-missing"),
        ("metadata/1.root.json", "trust-missing"),
    ],
)
def test_a_file_that_is_lost_is_named(tmp_path, founded, name, code):
    (tmp_path / name).unlink()
    assert refused(lambda: trust_repository.read_repository(tmp_path)) == code


def test_a_target_that_was_changed_is_refused(tmp_path, founded):
    target = next((tmp_path / "targets" / "QV").iterdir())
    target.write_bytes(b"something else")
    assert refused(lambda: trust_repository.read_repository(tmp_path)) == "trust-mismatch"


def test_a_snapshot_without_a_version_is_refused(tmp_path, founded):
    path = tmp_path / "metadata" / "timestamp.json"
    document = json.loads(path.read_bytes())
    document["signed"]["meta"] = {"snapshot.json": {"version": "x"}}
    path.write_text(json.dumps(document))
    assert refused(lambda: trust_repository.read_repository(tmp_path)) == "trust-file"


def test_strange_files_between_the_roots_are_left_alone(tmp_path, founded):
    _, whole = founded
    (tmp_path / "metadata" / "x.root.json").write_bytes(b"")
    assert trust_repository.read_repository(tmp_path) == whole


def hostile(tmp_path, change):
    """A list in a folder, with its snapshot or charter role rewritten by somebody."""
    parties, _ = federation("QV")
    proposal = witnessed(
        found([one.statement for one in parties], charter(), title=TITLE, now=NOW), None, parties
    )
    trust_repository.write_files(tmp_path, trust_repository.published(proposal))
    for name in ("1.snapshot.json", "1.targets.json"):
        path = tmp_path / "metadata" / name
        whole = json.loads(path.read_text())
        change(name, whole["signed"])
        path.write_text(json.dumps(whole))
    return tmp_path


@pytest.mark.parametrize(
    "change",
    [
        lambda name, signed: signed["meta"].pop("targets.json") if "snap" in name else None,
        lambda name, signed: signed["meta"].update({f"{'x' * 5_000}.json": {"version": 1}}) if "snap" in name else None,
        lambda name, signed: signed["targets"]["federation/charter.json"]["hashes"].update(sha256="f" * 5_000) if "targets" in name else None,
    ],
    ids=["no charter role", "a name without end", "a digest without end"],
)  # fmt: skip
def test_a_folder_from_a_stick_is_refused_in_words(tmp_path, change):
    assert (
        refused(lambda: trust_repository.read_repository(hostile(tmp_path, change))) == "trust-file"
    )


def test_a_charter_role_without_delegations_is_read_and_left_to_lint(tmp_path):
    folder = hostile(tmp_path, lambda name, signed: signed.pop("delegations") if "targets" in name else None)  # fmt: skip
    found_ = trust_repository.read_repository(folder)
    assert found_ is not None
    assert findings(found_, held=None, now=NOW)[0].code.startswith("trust-")


def test_a_list_that_was_taken_is_handed_on_and_never_an_older_one(tmp_path):
    parties, before = federation("QV", "QW")
    founding = found([one.statement for one in parties], charter(), title=TITLE, now=NOW)
    first = trust_repository.published(witnessed(founding, None, parties))
    round_ = witnessed(renewed(Draft.of(before, now=NOW), [], title=TITLE), before, parties)
    second = {**first, **trust_repository.published(round_)}
    assert refused(lambda: trust_repository.hand_on(tmp_path, {})) == "trust-missing"
    assert trust_repository.hand_on(tmp_path, first)
    assert trust_repository.files_of(tmp_path) == first
    assert trust_repository.hand_on(tmp_path, second)
    assert not trust_repository.hand_on(tmp_path, second)
    assert not trust_repository.hand_on(tmp_path, first)
    standing = trust_repository.read_repository(tmp_path)
    assert standing is not None
    assert standing.roles["timestamp"].version == 2


def test_what_is_handed_on_becomes_the_list_by_its_last_file(tmp_path, monkeypatch):
    parties, _ = federation("QV")
    founding = found([one.statement for one in parties], charter(), title=TITLE, now=NOW)
    files = trust_repository.published(witnessed(founding, None, parties))
    written = []
    monkeypatch.setattr(
        trust_repository, "write_files", lambda folder, found: written.extend(found)
    )
    trust_repository.hand_on(tmp_path, dict(sorted(files.items(), reverse=True)))
    assert set(written) == set(files)
    assert written[-2:] == ["metadata/1.root.json", "metadata/timestamp.json"]
