import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from huxin.adapters.trust_bundle import open_bundle, pack
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_source import Bundle
from huxin.adapters.trust_state import (
    age_of,
    read_aged_store,
    read_held,
    read_names,
    read_store,
    writing,
)
from huxin.kernel.errors import RefusalError
from huxin.trust.federation.freshness import Limits
from huxin.trust.federation.policy import LocalPolicy
from tests.lib import uncovered
from tests.lib.federations import DAY, HOUR, NOW, WORDS, Federation

ROOT = Path(__file__).parents[3]


def code(do, *given, **named) -> str:
    with pytest.raises(RefusalError) as caught:
        do(*given, **named)
    return caught.value.refusal.code


@pytest.fixture
def federation():
    return Federation(2)


@pytest.fixture
def state(tmp_path, federation):
    refresh(Bundle(federation.files), tmp_path / "state", root=None, now=NOW + HOUR)
    return tmp_path / "state"


@pytest.fixture
def newer(federation):
    federation.set_keys("QV", "QV key 1", "QV key 3", graves=("QV key 2",))
    federation.publish("region-QV", later=2 * HOUR)
    return Bundle(federation.files)


def look(place, state, now=NOW + 3 * HOUR):
    return refresh(place, state, root=None, now=now)


def names(state: Path) -> list[str]:
    return sorted(path.name for path in state.iterdir())


# ----------------------------------------------------------------------------------- what is held


def test_nothing_is_held_at_first(tmp_path):
    assert read_held(tmp_path) is None
    assert code(read_store, tmp_path, environment="production", now=NOW) == "trust-missing"


def test_what_is_held_is_one_file_and_a_bundle(state, federation):
    assert names(state) == ["accepted.bundle", "lock"]
    data = (state / "accepted.bundle").read_bytes()
    files = dict(open_bundle(data, beside=frozenset({"memory.json"})))
    memory = json.loads(files.pop("memory.json"))
    assert files == federation.files
    assert memory["signed_at"] == "2026-11-28T08:00:00Z"
    assert memory["clock"] == "2026-11-28T09:00:00Z"


def test_regions_are_called_as_they_call_themselves(tmp_path, state, federation):
    assert read_names(tmp_path / "nothing") == {}
    found = read_names(state)
    assert set(found) == set(federation.regions)
    assert (found["QV"].zh, found["QV"].en) == (WORDS["zh"], WORDS["en"])


def test_others_may_read_it(state):
    assert (state / "accepted.bundle").stat().st_mode & 0o444 == 0o444


def test_memory_grows_only(state, newer, federation):
    look(newer, state)
    held = read_held(state)
    assert held is not None
    assert len(held.memory.buried) == 1
    assert held.memory.latest == NOW + 3 * HOUR
    federation.publish(later=HOUR)
    look(Bundle(federation.files), state, NOW + 4 * HOUR)
    again = read_held(state)
    assert again is not None
    assert again.memory.buried == held.memory.buried


def test_a_clock_that_a_person_moved_is_not_remembered(tmp_path, federation):
    place = Bundle(federation.files)
    refresh(place, tmp_path, root=None, now=NOW + 9 * DAY, moved=True)
    held = read_held(tmp_path)
    assert held is not None
    assert held.memory.latest == NOW


def renamed(name, other):
    return lambda files: files.update({other: files.pop(name)})


def remembered(**changes):
    """The memory with some fields of another kind."""

    def spoil(files):
        files["memory.json"] = json.dumps(json.loads(files["memory.json"]) | changes).encode()

    return spoil


SPOILT = {
    "no memory": lambda files: files.pop("memory.json"),
    "a list": lambda files: files.update({"memory.json": b"[]"}),
    "another version": lambda files: files.update({"memory.json": b'{"huxin": "trust-state", "v": 2}'}),
    "no instant": lambda files: files.update({"memory.json": files["memory.json"].replace(b"2026", b"x")}),
    "no timestamp": lambda files: files.pop("metadata/timestamp.json"),
    "no root": lambda files: files.pop("metadata/1.root.json"),
    "no snapshot": lambda files: files.pop("metadata/1.snapshot.json"),
    "no charter role": lambda files: files.pop("metadata/1.targets.json"),
    "a root without a number": renamed("metadata/1.root.json", "metadata/root.json"),
    "a root whose number begins with nought": renamed("metadata/1.root.json", "metadata/01.root.json"),
    "a timestamp with a number": renamed("metadata/timestamp.json", "metadata/1.timestamp.json"),
    "a version that is true": remembered(v=True),
    "a version that is not whole": remembered(v=1.0),
    "a root's digest that is a number": remembered(pinned=5),
    "signed at nothing": remembered(signed_at=None),
    "signed at a number": remembered(signed_at=5),
    "signed at a list": remembered(signed_at=["2026-11-28T08:00:00Z"]),
    "a clock that is nothing": remembered(clock=None),
    "graves that are nothing": remembered(buried=None),
    "graves in one text": remembered(buried="abcd"),
    "no graves in a text": remembered(buried=""),
    "a grave that is a number": remembered(buried=[5]),
    "a grave that is none": remembered(buried=["abc"]),
}  # fmt: skip


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_state_is_refused(spoil, state, newer):
    path = state / "accepted.bundle"
    files = dict(open_bundle(path.read_bytes(), beside=frozenset({"memory.json"})))
    spoil(files)
    path.write_bytes(pack(files))
    assert code(read_store, state, environment="production", now=NOW) == "trust-file"
    assert code(look, newer, state) == "trust-file"


def test_bytes_that_are_no_bundle_are_refused(state):
    (state / "accepted.bundle").write_bytes(b"half")
    assert code(read_held, state) == "trust-file"


# -------------------------------------------------------------------------------------------- age


def test_keys_are_given_with_their_age_and_refused_when_it_is_too_great(state):
    store, age = read_aged_store(state, environment="production", now=NOW + 2 * HOUR)
    assert (len(store), store.as_of, age.decision) == (4, NOW, "fresh")
    _, age = read_aged_store(state, environment="production", now=NOW + 15 * DAY)
    assert (age.decision, age.code, age.warn) == ("stale", "trust-stale", True)
    assert code(read_store, state, environment="production", now=NOW + 31 * DAY) == "trust-old"


def test_a_place_may_be_stricter(state):
    policy = LocalPolicy("QV", 1, limits=Limits(HOUR, DAY, 2 * DAY))
    held = read_held(state)
    assert held is not None
    assert age_of(held, now=NOW + 2 * HOUR, policy=policy).decision == "stale"


def test_a_clock_behind_what_was_seen_is_told(state):
    held = read_held(state)
    assert held is not None
    assert age_of(held, now=NOW + HOUR / 2).code == "trust-clock"


# ---------------------------------------------------------------------------------- two at a time


def test_of_two_writers_one_is_told_to_wait(state, newer):
    before = (state / "accepted.bundle").read_bytes()
    with writing(state):
        assert code(look, newer, state) == "trust-busy"
        # Who reads need not wait.
        assert len(read_store(state, environment="production", now=NOW + HOUR)) == 4
    assert (state / "accepted.bundle").read_bytes() == before
    assert look(newer, state).keys == 4


def test_what_a_killed_run_left_is_cleared(state, newer):
    (state / ".staged-old").mkdir()
    (state / ".staged-old" / "root.json").write_text("{}")
    (state / ".accepted.bundle.0123456789ab.part").write_text("half")
    look(newer, state)
    assert names(state) == ["accepted.bundle", "lock"]


# ------------------------------------------------------------------------------------- crashes

STEPS = ("open", "fsync", "replace", "rename", "mkdir", "symlink", "close", "unlink", "rmdir")


closing = os.close


class _Counted:
    """Lets the operating system fail at the n-th call of those that change something."""

    def __init__(self, monkeypatch, fail_at: int) -> None:
        self.calls = 0
        self.fail_at = fail_at
        for name in STEPS:
            monkeypatch.setattr(os, name, self.counted(getattr(os, name)))

    def counted(self, real):
        def call(*given, **named):
            self.calls += 1
            if self.calls == self.fail_at:
                if real is closing:  # which fails, and has closed all the same
                    real(*given, **named)
                raise OSError(28, "No space left on device")
            return real(*given, **named)

        return call


def test_whichever_call_fails_the_state_is_the_old_one_or_the_new_one(tmp_path, federation):
    old, new = federation.copy(), federation
    new.publish("region-QV", later=HOUR)
    told: list[str] = []
    for number in range(1, 200):
        state = tmp_path / str(number)
        look(Bundle(old.files), state, NOW + HOUR)
        before = (state / "accepted.bundle").read_bytes()
        with pytest.MonkeyPatch.context() as patch:
            counted = _Counted(patch, number)
            try:
                look(Bundle(new.files), state)
                told.append("")
            except RefusalError as error:
                told.append(error.refusal.code)
        after = (state / "accepted.bundle").read_bytes()
        held = read_held(state)
        assert held is not None
        signed = held.repository().roles["timestamp"].version
        assert (after == before) == (signed == 1)
        # What was refused changed nothing, and what was taken is there; either way it goes on from here.
        assert (told[-1] == "") == (signed == 2)
        assert look(Bundle(new.files), state).versions["timestamp"] == 2
        assert names(state) == ["accepted.bundle", "lock"]
        if counted.calls < number:
            break
    assert set(told) == {"", "trust-disk"}
    assert told.count("trust-disk") >= 10


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_source import Folder

name, number = sys.argv[3], int(sys.argv[4])
real, calls = getattr(os, name), [0]

def deadly(*given, **named):
    calls[0] += 1
    if calls[0] == number:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given, **named)

setattr(os, name, deadly)
now = datetime.fromisoformat(sys.argv[5])
refresh(Folder(Path(sys.argv[1])), Path(sys.argv[2]), root=None, now=now)
"""


@pytest.mark.size("all")
def test_killed_before_any_step_of_the_swap_it_is_the_old_state_and_after_it_the_new(
    tmp_path, federation
):
    environment = uncovered.surroundings()  # what coverage would write is not what is looked at
    place = tmp_path / "place"
    old = federation.copy()
    federation.publish("region-QV", later=HOUR)
    federation.write(place)
    seen = set()
    # The part is synced first, then renamed, then the folder is synced.
    for step, version in (("fsync 1", 1), ("replace 5", 1), ("fsync 2", 2), ("mkdir 2", 1)):
        state = tmp_path / step
        look(Bundle(old.files), state, NOW + HOUR)
        words = (place, state, *step.split(), (NOW + 3 * HOUR).isoformat())
        done = subprocess.run(
            [sys.executable, "-c", KILLED, *map(str, words)],
            capture_output=True, text=True, check=False, env=environment, cwd=ROOT,
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL, done.stderr
        held = read_held(state)
        assert held is not None
        assert (step, held.repository().roles["timestamp"].version) == (step, version)
        seen.add(version)
        assert look(Bundle(federation.files), state).versions["timestamp"] == 2
        assert names(state) == ["accepted.bundle", "lock"]
    assert seen == {1, 2}


# ------------------------------------------------------------------------------------- full disks

SMALL = """
import resource, sys
from huxin.cli.main import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.argv[1:2] = []
main()
"""


@pytest.mark.parametrize("most", [0, 500, 3000])
def test_without_room_it_is_refused_and_no_half_is_left(most, tmp_path, state, newer, federation):
    place = federation.write(tmp_path / "place")
    before = (state / "accepted.bundle").read_bytes()
    environment = uncovered.surroundings()  # what coverage would write is not what is looked at
    words = ("trust", "refresh", "--from", place, "--state", state, "--at", "2026-11-28T11:00:00Z")
    done = subprocess.run(
        [sys.executable, "-c", SMALL, str(most), *map(str, words), "--json"],
        capture_output=True, text=True, check=False, env=environment, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["code"] == "trust-disk"
    assert (state / "accepted.bundle").read_bytes() == before
    assert names(state) == ["accepted.bundle", "lock"]
    assert look(newer, state).versions["timestamp"] == 2


def test_a_folder_that_cannot_be_made_is_refused(tmp_path, newer):
    (tmp_path / "file").write_text("")
    assert code(look, newer, tmp_path / "file" / "state") == "trust-disk"


def test_a_folder_that_is_none_is_refused(tmp_path, newer):
    with contextlib.suppress(FileExistsError):
        (tmp_path / "file").write_text("")
    assert code(look, newer, tmp_path / "file") == "trust-disk"
