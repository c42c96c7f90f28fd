"""The folder of the shared list: read back as it was written, one publisher at a time, the timestamp last."""

import contextlib
import errno
import json
import os
import stat
from dataclasses import replace

import pytest

from huxin.adapters import output, trust_repository
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_source import Bundle, Folder
from huxin.adapters.trust_state import read_held
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.basis import check_base
from huxin.trust.ceremony.draft import Draft, found, renewed
from huxin.trust.ceremony.result import result
from huxin.trust.federation.lint import findings
from tests.lib import federations
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


def test_a_relay_hands_on_the_list_of_new_witnesses_that_begins_again_below(tmp_path):
    honest = federations.Federation(3)
    state, relay = tmp_path / "state", tmp_path / "relay"

    def taken(files, later):
        refresh(Bundle(files), state, root=None, now=federations.NOW + later)
        held = read_held(state)
        assert held is not None
        return trust_repository.hand_on(relay, held.files)

    def read(name, later):
        told = refresh(Folder(relay), tmp_path / name, root=None, now=federations.NOW + later)
        return told.versions["root"], told.versions["timestamp"]

    assert taken(dict(honest.files), federations.HOUR)
    thief = honest.copy()
    thief.now += federations.HOUR
    thief.sign("timestamp", version=1000)
    assert taken(dict(thief.files), federations.HOUR)
    assert read("robbed", federations.HOUR) == (1, 1000)
    for role in ("timestamp", "snapshot"):
        for number, region in enumerate(("QV", "QW", "QX")):
            honest.drop_signer(role, 0)
            honest.add_signer(role, honest.named(f"new witness {number}", region))
    honest.now += 2 * federations.HOUR
    for role in ("root", "snapshot", "timestamp"):
        honest.sign(role)
    again = dict(honest.files)
    assert taken(again, 2 * federations.HOUR)
    assert read("robbed", 2 * federations.HOUR) == read("new", 2 * federations.HOUR) == (2, 2)
    # The thief's list is an older one for good, and of the same there is nothing to hand on.
    assert not trust_repository.hand_on(relay, dict(thief.files))
    assert not taken(again, 2 * federations.HOUR)


def test_a_relay_that_was_cut_off_behind_the_new_root_is_finished(tmp_path):
    parties, before = federation("QV")
    founding = found([one.statement for one in parties], charter(), title=TITLE, now=NOW)
    first = trust_repository.published(witnessed(founding, None, parties))
    trust_repository.hand_on(tmp_path, first)
    anew = renewed(Draft.of(before, now=NOW), ["root"], title=TITLE)
    later = NOW.replace(hour=9)
    second = {**first, **trust_repository.published(witnessed(anew, before, parties, now=later))}
    unfinished = {name: data for name, data in second.items() if "timestamp" not in name}
    trust_repository.write_files(tmp_path, unfinished)
    assert trust_repository.hand_on(tmp_path, second)
    standing = trust_repository.files_of(tmp_path)
    assert standing["metadata/timestamp.json"] == second["metadata/timestamp.json"]
    assert standing.items() <= second.items()


@pytest.fixture
def narrow():
    before = os.umask(0o077)
    yield
    os.umask(before)


def modes(folder):
    found = [folder, *folder.rglob("*")]
    return {(one.is_dir(), stat.S_IMODE(one.stat().st_mode)) for one in found if one.name[0] != "."}


OPEN = {(True, 0o755), (False, 0o644)}


@pytest.mark.usefixtures("narrow")
def test_others_can_read_what_is_published_whatever_the_umask_is(tmp_path):
    _, whole = federation("QV")
    files = {"metadata/timestamp.json": whole.roles["timestamp"].data, "targets/QV/a.json": b"[]"}
    folder = tmp_path / "srv" / "list"
    with trust_repository.only_publisher(folder):
        trust_repository.write_files(folder, files)
    assert modes(tmp_path / "srv") == OPEN
    # What an earlier one left to its owner alone is opened; what somebody chose is left.
    for name in (*files, "metadata", "targets", "targets/QV"):
        (folder / name).chmod(0o700 if (folder / name).is_dir() else 0o600)
    trust_repository.write_files(folder, files)
    assert modes(folder) == OPEN
    (folder / "targets/QV/a.json").chmod(0o640)
    trust_repository.write_files(folder, files)
    assert stat.S_IMODE((folder / "targets/QV/a.json").stat().st_mode) == 0o640
    with trust_repository.only_publisher(tmp_path / "kept", served=False):
        assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o700


def test_a_file_is_for_all_before_it_has_its_name(tmp_path, monkeypatch):
    def pulled(part, path):
        assert stat.S_IMODE(part.stat().st_mode) == 0o644
        raise OSError(errno.EIO, "the disk was pulled")

    monkeypatch.setattr(type(tmp_path), "replace", pulled)
    files = {"metadata/timestamp.json": b"{}"}
    assert refused(lambda: trust_repository.write_files(tmp_path, files)) == "bad-input"
    assert list((tmp_path / "metadata").iterdir()) == []


def test_what_a_killed_one_left_unnamed_is_cleared_by_the_next(tmp_path):
    parts = [
        tmp_path / folder / f".{name}.0123456789ab.part"
        for folder, name in [("", "a.json"), ("metadata", "timestamp.json"), ("targets/QV", "b.c")]
    ]
    kept = [tmp_path / "metadata" / ".keep", tmp_path / "targets" / "note.0123456789ab.part"]
    for one in (*parts, *kept):
        one.parent.mkdir(parents=True, exist_ok=True)
        one.touch()
    with trust_repository.only_publisher(tmp_path):
        assert not any(one.exists() for one in parts)
    assert all(one.exists() for one in kept)


def test_a_disk_that_fills_up_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "list.json"
    path.write_bytes(b"old")

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with contextlib.suppress(OSError):
        output.replace(path, b"new")
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"list.json": b"old"}
